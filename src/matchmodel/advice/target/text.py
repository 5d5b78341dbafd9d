"""The score that a chance takes as a page; with a score already, what else would reach the chance."""

from collections.abc import Iterator

from ...applicant import SCORE_HIGH
from ...known import known
from ...model.answer import Answer, Required
from ...report.answer import needed, title, value, withheld_page
from ...report.blocks import Block, Grid, Items, Page, Section, Text
from ...report.wording import ASSOCIATION, counted, dollars, percent, span, type_name
from ..common import WARNED, endings, warnings
from ..notes import text
from .result import ScoreNeeded, Target

COHORTS = (("matched", "matched"), ("not_matched", "not matched"))
QUARTILES = ("min", "q1", "median", "q3", "max")
EXPECTED = "If you only expect this score: --step2-taken no."
NEXT = "Next: what-if or timing with the same options; --details for all."


def _words(result: Target, one: ScoreNeeded) -> str:
    a = result.answer
    if one.measure == "ranked":
        return "if you rank at least one program"
    if one.measure == "interviews":
        return f"with {counted(known(a.question.interviews), 'interview')}"
    return f"if you apply to {a.applications} programs"


def _cells(result: Target, one: ScoreNeeded) -> tuple[str, str]:
    """Return the score and its range as text."""
    if one.score is None and one.low is None:
        return "none is high enough", ""
    score, low, high = (
        "none is high enough" if n is None else "any pass" if n == result.lowest else str(n)
        for n in (one.score, one.low, one.high)
    )
    return score, low if low == high else f"{low} to {'no end' if one.high is None else high}"


def place(score: float, row: dict[str, float | None]) -> str:
    """Return where a score stands among a cohort's quartiles, in words."""
    lower, median, upper = (known(row[k]) for k in ("q1", "median", "q3"))
    if score < lower:
        return "under the lower quartile"
    if score < median:
        return "between the lower quartile and the median"
    if score <= upper:
        return "between the median and the upper quartile"
    return "above the upper quartile"


def _headline(result: Target) -> str:
    """Return what is asked in a sentence, of the chance that people ask first."""
    one, chance = result.scores[0], f"{100 * result.target:g}% chance"
    words = _words(result, one)
    if one.score is None:
        return f"No score is high enough for a {chance} {words}: {SCORE_HIGH} gives {percent(one.top.point)}."
    if one.score == result.lowest:
        return f"Any passing score, {result.lowest} or more, goes with a {chance} {words}."
    less = "" if one.below is None else f"; one point less, {percent(one.below)}"
    given = f"{percent(one.chance.point)} (80% range {span(one.chance)}){less}"
    return f"A Step 2 CK of {one.score} goes with a {chance} {words}: {given}."


def scores(result: Target) -> Grid:
    """Return the scores that the target takes, one row for each chance."""
    usual = " (usual)" if result.answer.applications_basis != "given" else ""
    rows = tuple(
        (_words(result, one) + usual * (one.measure == "apply"), *_cells(result, one))
        for one in result.scores
    )
    return Grid((f"For a {100 * result.target:g}% chance of matching", "Step 2 CK", "80% range"), rows)


def _expected(result: Target) -> Iterator[str]:
    """Yield what a score that is still to come gives, and how many applications the target takes with it."""
    own, answer, one = result.answer.applicant.step2_ck, result.answer, result.scores[0]
    if own is None:
        return
    chance = known(result.as_is(one.measure))
    gap = None if one.score is None else one.score - own
    stands = (
        "" if gap is None else ", enough" if gap <= 0 else f", {gap:g} point{'' if gap == 1 else 's'} short"
    )
    yield f"The {own:g} that you expect gives {percent(chance.point)} ({span(chance)}){stands}."
    required = answer.required_applications
    if chance.point < result.target and required is not None:
        yield f"With it, {100 * result.target:g}% takes {needed(required, known(answer.listed))}."


def _with(name: str, required: Required) -> tuple[str, ...]:
    """Return the row of a way to the target: what it takes in applications."""
    if required.applications is None:
        return name, "not with all", "", ""
    ends = "" if required.low is None else f"{required.low} to {required.high or 'no end'}"
    return name, str(required.applications), ends, dollars(required.fees_usd)


def _taken(result: Target) -> Section:
    """Return what the applicant's own score gives, and what else would reach the target."""
    answer, one = result.answer, result.scores[0]
    own, chance = known(result.stays), known(result.as_is(one.measure))
    goal, words = f"{100 * result.target:g}%", _words(result, one)
    said = f"Your Step 2 CK of {own:g} stays: a passed exam cannot be retaken."
    given = f"It gives {percent(chance.point)} ({span(chance)}) {words}"
    if chance.point >= result.target:
        return Section("", (Text(f"{said} {given}: {goal} is reached."),))
    rows, required = [], answer.required_applications
    if required is not None:
        rows.append(_with("more applications alone", required))
        rows += [
            _with(text(lever.name), known(lever.after.needed))
            for lever in result.levers
            if lever.gain > 0 and lever.after.needed is not None and lever.kind != "more_applications"
        ]
        head = ("What else would reach it", f"applications for {goal}", "80% range", "fees")
    else:
        rows += [
            (
                text(lever.name),
                percent(reached.point),
                span(reached),
                "yes" if reached.point >= result.target else "no",
            )
            for lever in result.levers
            if lever.gain > 0 and (reached := lever.after.ranked) is not None
        ]
        head = ("What else there is", "chance", "80% range", f"{goal} reached")
    blocks: list[Block] = [Text(f"{said} {given}: {goal} is not reached.")]
    if rows:
        blocks.append(Grid(head, tuple(rows)))
    return Section("", (*blocks, *map(Text, _most(answer, result.target))))


def _most(answer: Answer, goal: float) -> Iterator[str]:
    """Yield what all programs listed give, and the interviews that reach the target."""
    if answer.chances_by_applications:
        most = answer.chances_by_applications[-1]
        fees = "" if most.fees_usd is None else f", {dollars(most.fees_usd)} in fees"
        yield f"All {most.applications} programs listed give {percent(most.chance.point)}{fees}."
    for k, chance in enumerate(answer.chances_by_interviews or (), 1):
        if chance.point >= goal:
            yield f"{counted(k, 'interview')} in hand give {percent(chance.point)} ({span(chance)})."
            return


def _published(result: Target) -> Section:
    a = result.answer.applicant
    whose = type_name(a.applicant_type, True)
    if not result.published:
        return Section("", (Text(f"No table prints the Step 2 CK of {whose} in {a.specialty}."),))
    rows = []
    for key, name in COHORTS:
        row = result.published.get(key)
        if row is not None:
            rows.append((name, *("" if row[k] is None else f"{row[k]:,.0f}" for k in ("n", *QUARTILES))))
    head = (
        f"Step 2 CK of {whose}, {result.answer.table_year}",
        "n",
        "lowest",
        "Q1",
        "median",
        "Q3",
        "highest",
    )
    blocks: list[Block] = [Grid(head, tuple(rows))]
    matched, one = result.published.get("matched"), result.scores[0]
    shown = one.score if result.stays is None else result.stays
    if shown is not None and matched is not None and None not in (matched["q1"], matched["q3"]):
        yours = "" if result.stays is None else "Your "
        blocks.append(Text(f"{yours}{shown:g} stands {place(shown, matched)} of those who matched."))
    return Section("", tuple(blocks))


def page(result: Target, details: bool = False) -> Page:
    """Return the page that `matchmodel target` prints.

    Parameters
    ----------
    result
    details
        Whether the basis and all notes are added, and for a score that is already there what others need.
    """
    answer = result.answer
    if answer.withheld:
        return withheld_page(answer)
    if result.stays is not None:
        sections = [_taken(result)]
        if details:
            others = Text("Of other people, not a goal for you:")
            sections.append(Section("", (others, scores(result))))
    else:
        blocks: list[Block] = [Text(_headline(result)), scores(result), *map(Text, _expected(result))]
        sections = [Section("", tuple(blocks))]
    sections.append(_published(result))
    if details:
        more = Section("", tuple(map(Text, _basis(result))))
        return Page(title(answer), (*sections, more, *endings(answer, result.notes, (), details)))
    said = [] if result.stays is None else [EXPECTED]
    said += [text(note) for note in result.notes if result.stays is None and note.code in WARNED]
    said += warnings(answer)
    last: list[Block] = [Items(tuple(said))] if said else []
    return Page(title(answer), (*sections, Section("", (*last, Text(ASSOCIATION), Text(NEXT)))))


def _basis(result: Target) -> Iterator[str]:
    ratios = [one for one in result.answer.likelihood_ratios if one.covariate != "step2_ck"]
    given = "; ".join(f"{one.label}: {value(one)}" for one in ratios) or "specialty and type alone"
    yield f"Taken into account: {given}."
    bases = ", ".join(f"{what} {basis}" for what, basis in known(result.basis).items())
    yield f"Basis: {bases}{', the rest evidence' if ratios else ''}."
