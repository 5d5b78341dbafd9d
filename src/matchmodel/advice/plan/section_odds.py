"""The sections of a page on the odds as they are: chances, applications, score."""

from collections.abc import Iterator, Sequence

from ...known import known
from ...report.answer import BASES, value
from ...report.blocks import Block, Grid, Items, Section, Text
from ...report.wording import counted, dollars, factor, percent, times, with_span
from ..common import warnings
from ..target.result import ScoreNeeded
from .figures import curve_figure, odds_figure, picture
from .result import InSpecialty, Plan


def _odds_rows(part: InSpecialty) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each chance that is known: the specialty, which chance, the chance, the average's."""
    a = part.answer
    if a.withheld:
        yield part.name, "no number", "", ""
    if a.p_apply is not None:
        average = "" if a.average_apply is None else percent(a.average_apply)
        yield part.name, f"if you apply to {a.applications}", with_span(a.p_apply), average
    if a.p_ranked is not None:
        average = "" if a.average_ranked is None else percent(a.average_ranked)
        yield part.name, "if you rank one", with_span(a.p_ranked), average
    if a.p_given_interviews is not None:
        held = counted(known(a.question.interviews), "interview")
        yield part.name, f"with {held}", with_span(a.p_given_interviews), ""


def odds(plan: Plan) -> Section:
    """The odds by specialty, and what moves them."""
    first = plan.first.answer
    rows = tuple(row for part in plan.specialties for row in _odds_rows(part))
    warned = tuple(dict.fromkeys(said for part in plan.specialties[1:] for said in warnings(part.answer)))
    blocks: list[Block] = [
        Grid(("specialty", "chance meant", "chance", "average"), rows, frozenset({0, 1})),
        Text("Average: of an applicant of whom nothing is known. Programs are taken as IMGs choose them."),
        *((Items(warned),) if warned else ()),
        *picture(odds_figure(plan), "Chance of matching by specialty, with 80% ranges."),
    ]
    if first.likelihood_ratios:
        ratios = tuple(
            (f"{r.label}: {value(r)}", f"{factor(r.ratio)} ({times(r.low)} to {times(r.high)})", r.basis)
            for r in first.likelihood_ratios
        )
        blocks += [
            Text(f"What moves the odds in {plan.first.name}, against the average of those who rank it:"),
            Grid(("known", "odds", "basis"), ratios, frozenset({0, 2})),
        ]
    return Section("The odds by specialty", (*blocks, Text(BASES)), True)


def _needed_row(part: InSpecialty) -> tuple[str, str, str]:
    a = part.answer
    one = a.required_applications
    if one is None:
        return part.name, "no figures", ""
    if one.applications is None:
        best = known(a.chances_by_applications)[-1].chance
        return part.name, f"not reachable: all {a.listed} give {percent(best.point)}", ""
    high = f" to {one.high}" if one.high is not None else " or more"
    return part.name, f"{one.applications} ({one.low}{high})", dollars(one.fees_usd) or "no figure"


def _chances_grid(parts: Sequence[InSpecialty]) -> Grid:
    """Chances by number of applications, a column for each specialty."""
    chances = [
        {at.applications: at.chance for at in known(part.answer.chances_by_applications)} for part in parts
    ]
    numbers = sorted(
        {n for part, one in zip(parts, chances, strict=True) for n in one if n != part.answer.listed}
    )
    rows = [(str(n), *(with_span(one.get(n)) for one in chances)) for n in numbers]
    last = tuple(
        f"{with_span(one[known(part.answer.listed)])}, all {part.answer.listed}"
        for part, one in zip(parts, chances, strict=True)
    )
    return Grid(("applications", *(part.name for part in parts)), (*rows, ("all listed", *last)))


def applications(plan: Plan) -> Section:
    """Required applications and their cost."""
    chance = f"{100 * plan.target:g}%"
    blocks: list[Block] = [
        Grid(("specialty", f"applications for {chance}", "fees"), tuple(map(_needed_row, plan.specialties))),
    ]
    if plan.chained:
        blocks += [
            *picture(
                curve_figure(plan), "Chance of matching against the number of applications, with 80% ranges."
            ),
            _chances_grid(plan.chained),
            Text("What more applications add is an upper bound: better applicants get more interviews."),
        ]
    return Section("Required applications", tuple(blocks), True)


def _score(part: InSpecialty, found: ScoreNeeded | None) -> tuple[str, str, str, str]:
    if found is None:
        return part.name, "no number", "", ""
    measure = {"apply": "if you apply", "ranked": "if you rank one", "interviews": "as held"}[found.measure]
    if found.score is None:
        took = "none is high enough"
    elif found.score == part.target.lowest:
        took = f"any passing score ({found.score})"
    elif found.high is None:
        took = f"{found.score} ({found.low} or more)"
    else:
        took = f"{found.score} ({found.low} to {found.high})"
    matched = (part.target.published or {}).get("matched", {})
    quartiles = [matched.get(name) for name in ("q1", "median", "q3")]
    printed = "" if None in quartiles else ", ".join(f"{value:.0f}" for value in quartiles)
    return part.name, took, measure, printed


def scores(plan: Plan) -> Section | None:
    """The Step 2 CK that the target takes; None where the exam is passed, since it cannot be retaken."""
    if plan.first.target.stays is not None:
        return None
    rows = tuple(_score(part, part.score) for part in plan.specialties)
    said = f"For a {100 * plan.target:g}% chance, with everything else as it is."
    head = ("specialty", "Step 2 CK", "chance meant", "Q1, median, Q3 of the matched")
    table = Grid(head, rows, frozenset({0, 1, 2}))
    return Section("The Step 2 CK that the target takes", (Text(said), table), True)
