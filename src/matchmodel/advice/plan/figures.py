"""The figures of an applicant's page, drawn from the results that stand in its tables."""

from ...known import known
from ...model.engine import Range
from ...report.blocks import Block, Picture
from ...report.drawing import COLOURS, INK, Axis, Curve, Row, Shape, curves, forest
from ...report.wording import percent, with_span
from ...specialty import short_name
from .result import Plan

NAME = 24  # characters of a specialty's name


def odds_figure(plan: Plan) -> str | None:
    """Return the chances by specialty with their ranges; None where no number is given."""
    rows = []
    for part in plan.specialties:
        a, name = part.answer, short_name(part.name, NAME)
        found: tuple[tuple[str, Range | None, str, Shape, float | None], ...] = (
            (f"{name}, apply", a.p_apply, COLOURS[0], "dot", a.average_apply),
            (f"{name}, ranked", a.p_ranked, COLOURS[1], "square", a.average_ranked),
            (f"{name}, held", a.p_given_interviews, COLOURS[2], "dot", None),
        )
        rows += [
            Row(said, *one, with_span(one), colour, shape, mark)
            for said, one, colour, shape, mark in found
            if one
        ]
    if not rows:
        return None
    legend: list[tuple[Shape, str, str]] = [("square", COLOURS[1], "if you rank at least one program")]
    if plan.chained:
        legend.insert(0, ("dot", COLOURS[0], "if you apply"))
    if any(part.answer.p_given_interviews is not None for part in plan.specialties):
        legend.append(("dot", COLOURS[2], "with the interviews you hold"))
    legend.append(("bar", INK, "the average applicant's"))
    axis = Axis(lambda value: value, [(k / 4, f"{25 * k}%") for k in range(5)])
    return forest("odds", "Chance of matching by specialty, with 80% ranges", rows, axis, legend)


def curve_figure(plan: Plan) -> str | None:
    """Return the chance of matching against applications, a curve for each specialty; None without any."""
    drawn, words = [], []
    for part in plan.chained:
        a = part.answer
        chances = {at.applications: at.chance for at in known(a.chances_by_applications)}
        asked = known(a.p_apply)
        if a.applications is not None:
            chances[a.applications] = asked
        along = [(0.0, 0.0, 0.0, 0.0), *((float(n), *chances[n]) for n in sorted(chances))]
        dot = None if a.applications is None else (float(a.applications), asked.point)
        drawn.append(Curve(short_name(part.name, NAME), along, dot))
        words.append(f"{part.name}: {percent(chances[known(a.listed)].point)} with all {a.listed}")
        if a.applications is not None:
            words[-1] = (
                f"{part.name}: {percent(asked.point)} with {a.applications} applications, "
                + words[-1].split(": ")[1]
            )
    if not drawn:
        return None
    description = (
        "; ".join((*words, "bands are 80% ranges, dots the numbers of applications on this page")) + "."
    )
    title = "Chance of matching against the number of applications"
    return curves("curve", title, description, drawn, plan.target, "applications")


def picture(svg: str | None, words: str) -> tuple[Block, ...]:
    """Return a figure as a block, where there is one."""
    return () if svg is None else (Picture(svg, words),)
