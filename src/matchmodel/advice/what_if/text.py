"""Levers as a page of blocks."""

from collections.abc import Callable, Iterator, Sequence

from ...known import known
from ...model.answer import Answer, Required
from ...model.records import Note
from ...report.answer import first, needed, title, withheld_page
from ...report.blocks import Block, Grid, Items, Page, Section, Text
from ...report.wording import ASSOCIATION, counted, dollars, percent, points, span
from ..common import Change, endings, warnings
from ..notes import text
from .result import Lever, Measure, WhatIf

ROWS = 6  # levers that are shown without details
SHOWN = frozenset(  # what an option can mend, and backups that were named
    {
        "exam_counts_as_taken",
        "no_score",
        "usce_unknown",
        "years_unknown",
        "no_number_for",
        "no_applications_to",
    }
)
FEW_NOTES = frozenset({"gains_are_upper_bounds", "backup_figures"})
TOLD = frozenset({"slope_unclear", "score_beyond", "grey"})  # of a lever
READING = "Points of chance, not to be added up."
UNCLEAR = "Unclear: it may go the other way."
PASSED_ON = "How much a better profile changes invitations is assumed."
NEXT = "Next: timing or portfolio with the same options; --details for all."
UNSURE = frozenset({"grey", "usual_unsure"})  # of a backup


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


def known_how(lever: Lever) -> str:
    """Return how well a lever is known, in a word or two."""
    own = lever.basis["ranked"] or known(lever.basis["applications"])
    if UNSURE & {note.code for note in lever.notes}:
        return f"{own}, unsure"
    return f"{own}" if lever.clear else f"{own}, unclear"


def _heads(a: Answer) -> dict[Measure, str]:
    """Return the head of the table of each chance, in the order in which they are shown."""
    held = a.question.interviews
    return {
        "held": "" if held is None else f"With {counted(held, 'interview')}",
        "chance": "If you apply",
        "ranked": "If you rank one",
    }


def grids(result: WhatIf, shown: Sequence[Lever]) -> Iterator[Grid]:
    """Yield levers best first, a table for each chance that they move."""
    for measure, head in _heads(result.answer).items():
        rows = tuple(
            (
                text(lever.name),
                points(lever.change.point),
                f"{points(lever.change.low)} to {points(lever.change.high)}",
                dollars(lever.cost_usd),
                known_how(lever),
            )
            for lever in shown
            if lever.moves == measure
        )
        if rows:
            yield Grid((head, "points", "80% range", "fees", "known how"), rows, frozenset({0, 4}))


def best(result: WhatIf) -> tuple[Lever, ...]:
    """Return what is shown without details: the backups that were named, and of others the best of a kind."""
    named = [lever for lever in result.levers if lever.kind == "backup"]
    kinds = {lever.kind: lever for lever in reversed(result.levers) if lever.kind != "backup"}
    others = sorted(kinds.values(), key=lambda lever: -lever.gain)[: ROWS - len(named)]
    return tuple(sorted((*named, *others), key=lambda lever: -lever.gain))


def _levers(result: WhatIf, details: bool) -> Iterator[Section]:
    if not result.levers:
        yield Section("", (Text("Nothing here can be changed, for what is known of you."),))
        return
    shown = result.levers if details else best(result)
    reading = READING + ("" if all(lever.clear for lever in shown) else f" {UNCLEAR}")
    *some, last = grids(result, shown)
    yield from (Section("", (grid,)) for grid in some)
    yield Section("", (last, Text(reading)))


def _takes(answer: Answer, required: Required) -> str:
    return f"For a {100 * required.target:g}% chance: {needed(required, known(answer.listed))}."


def _needed(result: WhatIf, required: Required) -> Section:
    """Return what the target takes, and what each lever makes of that."""
    rows = tuple((text(lever.name), *_count(lever)) for lever in result.levers if lever.reach is not None)
    table = (Grid(("With", "applications for that", "fees"), rows, frozenset({0, 1, 2})),) if rows else ()
    return Section("", (Text(_takes(result.answer, required)), *table))


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
    chance = {"held": lever.after.held, "chance": lever.after.chance, "ranked": lever.after.ranked}[
        lever.moves
    ]
    said = [f"{percent(known(chance).point)} ({span(known(chance))})."]
    said += [text(note) for note in lever.notes]
    return f"{text(lever.name)}: {' '.join(said)} [{bases}]"


def page(result: WhatIf, details: bool = False) -> Page:
    """Return the page that `matchmodel what-if` prints.

    Parameters
    ----------
    result
    details
        Whether all levers, what each is and its basis, all that cannot be scored and all notes are added.
    """
    answer = result.answer
    if answer.withheld:
        return withheld_page(answer)
    sections = [first(answer), *_levers(result, details)]
    told: list[Note] = []
    for note in (*(n for lever in result.levers for n in lever.notes if n.code in TOLD), *result.notes):
        told += [] if note in told else [note]
    if not details:
        return Page(title(answer), (*sections, Section("", tuple(_short(result, told)))))
    if answer.required_applications is not None:
        sections.append(_needed(result, answer.required_applications))
    if result.levers:
        sections.append(
            Section("What each lever is, and its basis", (Items(tuple(map(_what, result.levers))),))
        )
    unscored = tuple(map(text, result.unscored))
    sections += (Section("Not in the table", (Items(unscored),)), *endings(answer, told, (), details))
    return Page(title(answer), tuple(sections))


def _short(result: WhatIf, told: Sequence[Note]) -> Iterator[Block]:
    """Yield what ends the page without details."""
    answer = result.answer
    if answer.required_applications is not None:
        yield Text(_takes(answer, answer.required_applications))
    shown = (TOLD | FEW_NOTES) - ({"score_beyond"} if answer.extrapolated else set())
    notes = [note for note in result.unscored if note.code in SHOWN]
    notes += [note for note in told if note.code in shown]
    said = (*map(text, notes), *warnings(answer))
    if said:
        yield Items(said)
    yield from (Text(ASSOCIATION), Text(NEXT))
