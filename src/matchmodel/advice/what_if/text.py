"""Levers as text for a terminal of 80 columns."""

from collections.abc import Callable, Iterator, Sequence

from ...known import known
from ...model.engine import Range
from ...model.records import Note
from ...report.wording import dollars, percent, table, wrapped
from ..common import Change, endings, interviews_of, moved, span, title, withheld_lines
from ..notes import text
from .result import Lever, WhatIf

SHOWN = (
    "exam_counts_as_taken",
    "no_score",
    "usce_unknown",
    "years_unknown",
    "no_applications",
)  # what an option can mend
FEW_NOTES = ("gains_are_upper_bounds",)
HELD, RANKED = "with", "if you rank one"


def signed(count: float) -> str:
    """Return a change of a count: '+12', '-1,040', '0'."""
    return f"{count:+,.0f}" if count else "0"


def signed_dollars(usd: float) -> str:
    """Return a change in dollars: '+$300', '-$1,140', '$0'."""
    return "+" * (usd > 0) + dollars(usd)


def with_range(found: Change, say: Callable[[float], str]) -> str:
    """Return a change and its range; an end that has no number is 'open'."""
    if found.low is None and found.high is None:
        return f"{say(found.point)} (open)"
    low, high = ("open" if end is None else signed(end) for end in (found.low, found.high))
    return f"{say(found.point)} ({low} to {high})"


def _before(result: WhatIf) -> Iterator[str]:
    a = result.answer
    rows: list[tuple[str, Range]] = []
    if a.p_apply is not None:
        usual = "" if a.applications_basis == "given" else ", the usual number"
        rows.append((f"if you apply to {a.applications} programs{usual}", a.p_apply))
    rows.append(("if you rank at least one program", known(a.p_ranked)))
    if a.p_given_interviews is not None:
        rows.append((f"with the {interviews_of(a.question.interviews)} you hold", a.p_given_interviews))
    cells = [(words, percent(found.point), span(found)) for words, found in rows]
    yield from table(("Chance of matching as things are", "", "80% range"), cells, left={0}, indent="")


def _levers(result: WhatIf) -> Iterator[str]:
    a = result.answer
    columns: list[tuple[str, Callable[[Lever], Range | None]]] = []
    if a.p_given_interviews is not None:
        columns.append((f"{HELD} {interviews_of(a.question.interviews)}", lambda one: one.held))
    if a.p_apply is not None:
        columns.append(("if you apply", lambda one: one.chance))
    if len(columns) < 2:
        columns.append((RANKED, lambda one: one.ranked))

    def cell(lever: Lever, head: str, found: Range | None) -> str:
        same = lever.kind in ("more_applications", "one_more_interview") and head == RANKED
        if same or (lever.kind == "more_applications" and head.startswith(HELD)):
            return "same"
        return "" if found is None else moved(found)

    rows = [
        (text(lever.name), *(cell(lever, head, get(lever)) for head, get in columns))
        for lever in result.levers
    ]
    yield "What would move it, best first: points (80% range)"
    yield from table(("", *(head for head, _ in columns)), rows, left=len(columns) + 1)


def _needed(result: WhatIf) -> Iterator[str]:
    required, listed = known(result.answer.required_applications), result.answer.listed
    chance = f"{100 * required.target:g}%"
    levers = [
        lever for lever in result.levers if lever.reach is not None and lever.kind != "more_applications"
    ]
    some = any(lever.reach != "neither" for lever in levers)
    then = " Then:" if some else ""
    if required.applications is None:
        yield wrapped(f"A {chance} chance takes more than all {listed} programs listed.{then}", "")
    else:
        ends = f"{required.low} to {'no upper bound' if required.high is None else required.high}"
        usd = "" if required.fees_usd is None else f", {dollars(required.fees_usd)}"
        count = f"{required.applications} applications (80% range {ends}){usd}"
        yield wrapped(f"A {chance} chance takes {count}.{then}", "")
    if some:
        rows = [(text(lever.name), *_count(lever)) for lever in levers]
        yield from table(("", "applications", "dollars" if any(row[2] for row in rows) else ""), rows, left=3)


def _count(lever: Lever) -> tuple[str, str]:
    after = lever.after.needed
    if lever.reach == "both":
        usd = "" if lever.usd is None else with_range(lever.usd, signed_dollars)
        return f"{known(after).applications}, {with_range(known(lever.needed), signed)}", usd
    if lever.reach == "now":
        return f"{known(after).applications}, now within reach", dollars(known(after).fees_usd)
    return ("no longer within reach" if lever.reach == "lost" else "out of reach"), ""


def _what(lever: Lever) -> str:
    named = [("odds", lever.basis["ranked"]), ("applications", lever.basis["applications"])]
    bases = ", ".join(f"{what} {basis}" for what, basis in named if basis is not None)
    said = [text(note) for note in lever.notes]
    said += [] if lever.cost_usd is None else [f"These cost {dollars(lever.cost_usd)}."]
    return f"{' '.join([text(lever.name) + (':' if said else ''), *said])} [{bases}]"


def lines(result: WhatIf, details: bool = False) -> Iterator[str]:
    """Yield the lines that `matchmodel what-if` prints.

    Parameters
    ----------
    result
    details
        Whether the basis of each lever and all that cannot be scored are added, and all notes.
    """
    if result.answer.withheld:
        yield from withheld_lines(result.answer)
        return
    yield title(result.answer)
    yield ""
    yield from _before(result)
    if result.levers:
        yield ""
        yield from _levers(result)
    if result.answer.required_applications is not None:
        yield ""
        yield from _needed(result)
    if details and result.levers:
        yield ""
        yield "What each lever is, and its basis"
        for lever in result.levers:
            yield wrapped(_what(lever), "  - ")
    unscored = [note for note in result.unscored if details or note.code in SHOWN]
    if unscored:
        yield ""
        yield "Not scored"
        for note in unscored:
            yield wrapped(text(note), "  - ")
    lever_notes = [
        note
        for lever in result.levers
        for note in lever.notes
        if note.code in ("slope_unclear", "score_beyond")
    ]
    yield from endings(result.answer, (*_once(lever_notes), *result.notes), FEW_NOTES, details)


def _once(notes: Sequence[Note]) -> list[Note]:
    """Return notes without repeats."""
    found: list[Note] = []
    for note in notes:
        if note not in found:
            found.append(note)
    return found
