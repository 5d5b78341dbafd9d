"""The sections of a page on the odds as they are: warnings, standing, chances, applications, score."""

from collections.abc import Iterator, Sequence

from ...known import known
from ...model.notes import WARNINGS
from ...report.blocks import Block, Grid, Items, Section, Text
from ...report.wording import counted, dollars, factor, percent, times, with_span
from ..common import WARNED
from ..notes import text
from ..target.result import ScoreNeeded
from .cells import BASES, TWO, picture
from .figures import curve_figure, odds_figure, ratio_name, ratios_figure
from .result import InSpecialty, Plan
from .standing import rule


def _warnings(part: InSpecialty) -> Iterator[str]:
    """Yield what a specialty's odds are warned of; a doubt with its reasons."""
    for note in part.answer.notes:
        if note.code in ("grey", "withheld"):
            yield " ".join(map(text, (note, *part.answer.trust.reasons)))
        elif note.code in WARNINGS and note.code != "no_chain":
            yield text(note)


def warned(plan: Plan) -> Section | None:
    """What is warned of; None where nothing is."""
    found = [said for part in plan.specialties for said in _warnings(part)]
    for notes in (plan.levers.notes, () if plan.timing is None else plan.timing.notes):
        found += [text(note) for note in notes if note.code in WARNED]
    texts = tuple(dict.fromkeys(found))
    return Section("Warnings", (Items(texts),)) if texts else None


def stand(plan: Plan) -> Section:
    """Where I stand."""
    rows = tuple((part.name, part.standing, with_span(part.answer.p_apply)) for part in plan.specialties)
    return Section(
        "Where I stand", (Grid(("specialty", "standing", "if you apply"), rows, TWO), Text(rule()))
    )


def _odds_row(part: InSpecialty, held: int | None) -> tuple[str, ...]:
    a = part.answer
    number = "" if a.applications is None else f"{a.applications}"
    average = "" if a.average_ranked is None else f"{percent(a.average_ranked)} ranked"
    if a.average_apply is not None:
        average = f"{percent(a.average_apply)} applying, " + average
    given = () if held is None else (with_span(a.p_given_interviews),)
    return part.name, number, with_span(a.p_apply), with_span(a.p_ranked) or "no number", *given, average


def odds(plan: Plan) -> Section:
    """The odds by specialty, and what moves them."""
    first = plan.first.answer
    held, given = first.question.interviews, first.question.applications
    extra = () if held is None else (f"with {counted(held, 'interview')}",)
    head = ("specialty", "applications", "if you apply", "if you rank one", *extra, "average applicant")
    number = "each specialty's usual number of programs" if given is None else "that many programs"
    blocks: list[Block] = [
        Grid(head, tuple(_odds_row(part, held) for part in plan.specialties)),
        Text(
            f"If you apply: to {number}, as IMGs choose them. If you rank one: once you rank at least one "
            f"program."
        ),
        *picture(odds_figure(plan), "Chance of matching by specialty, with 80% ranges."),
    ]
    if first.likelihood_ratios:
        rows = tuple(
            (ratio_name(r), f"{factor(r.ratio)} ({times(r.low)} to {times(r.high)})", r.basis)
            for r in first.likelihood_ratios
        )
        blocks += [
            Text(f"What moves the odds in {plan.first.name}, against the average of those who rank it:"),
            Grid(("known", "odds", "basis"), rows, frozenset({0, 2})),
            *picture(ratios_figure(plan), "What moves the odds, as factors with 80% ranges."),
        ]
    return Section("The odds by specialty", (*blocks, Text(BASES)))


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


def _fees(plan: Plan) -> str:
    """What the applications reckoned with cost, '' where nothing is known."""
    costs, fixed, season = [], "", None
    for part in plan.chained:
        fees = part.answer.fees
        if fees is None:
            continue
        season = fees.season
        if fees.applications_usd is not None:
            costs.append(
                f"{part.answer.applications} applications to {part.name} cost "
                f"{dollars(fees.applications_usd)}"
            )
        if fees.fixed:
            what = ", ".join(f"{name} {dollars(usd)}" for name, usd in fees.fixed)
            fixed = f"; once a season there are also {dollars(sum(usd for _, usd in fees.fixed))} ({what})"
    return f"{'; '.join(costs)}{fixed}. Fees are of the {season} season." if costs else ""


def applications(plan: Plan) -> Section:
    """Required applications and their cost."""
    chance = f"{100 * plan.target:g}%"
    blocks: list[Block] = [
        Grid(("specialty", f"applications for {chance}", "fees"), tuple(map(_needed_row, plan.specialties))),
    ]
    if plan.chained:
        fees = _fees(plan)
        blocks += [
            *((Text(fees),) if fees else ()),
            *picture(
                curve_figure(plan), "Chance of matching against the number of applications, with 80% ranges."
            ),
            _chances_grid(plan.chained),
            Text(
                "Programs are taken as IMGs choose them. What more applications add is an upper bound, since "
                "better applicants get more interviews."
            ),
        ]
    return Section("Required applications and cost", tuple(blocks))


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


def scores(plan: Plan) -> Section:
    """The Step 2 CK that the target takes."""
    rows = tuple(_score(part, part.score) for part in plan.specialties)
    said = f"For a {100 * plan.target:g}% chance, with everything else as it is."
    own = plan.first.answer.applicant.step2_ck
    if own is not None:
        said += (
            f" Your score here is {own:g}. A passed exam cannot be retaken: then this only says how far "
            "it is from the target."
        )
    head = ("specialty", "Step 2 CK", "chance meant", "Q1, median, Q3 of the matched")
    return Section(
        "The Step 2 CK that the target takes", (Text(said), Grid(head, rows, frozenset({0, 1, 2})))
    )
