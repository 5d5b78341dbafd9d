"""The figures of an applicant's page, drawn from the results that stand in its tables."""

from math import ceil, floor, log10

from ...known import known
from ...model.answer import LikelihoodRatio
from ...model.engine import Range
from ...report.drawing import COLOURS, INK, Axis, Curve, Row, Shape, curves, forest
from ...report.wording import factor, percent, points, times, with_span
from ...specialty import short_name
from ..notes import text
from .result import Plan

NAME = 24  # characters of a specialty's name
SHORT = {"usce_months": "months of USCE"}  # where a label is too long beside its numbers
RATIO_TICKS = (1.0, 0.5, 2.0, 0.2, 5.0, 0.1, 10.0, 0.05, 20.0, 0.02, 50.0)  # the first that fit are shown
LEAST = 2.0  # points that the axis of levers spans at the least
CLOSE = 0.13  # of the width between two ticks, at the least


def value_text(value: float | bool) -> str:
    """Return the value of a covariate as text."""
    return ("yes" if value else "no") if isinstance(value, bool) else f"{round(value, 2):g}"


def ratio_name(ratio: LikelihoodRatio) -> str:
    """Return what is known, and its value, in few letters."""
    return f"{SHORT.get(ratio.covariate, ratio.label)}: {value_text(ratio.value)}"


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


def ratios_figure(plan: Plan) -> str | None:
    """Return the likelihood ratios of the first specialty on a logarithmic scale; None where nothing is
    known.
    """
    ratios = plan.first.answer.likelihood_ratios
    if not ratios:
        return None
    least, most = min(0.79, *(r.low for r in ratios)), max(1.26, *(r.high for r in ratios))
    low = max((s for s in RATIO_TICKS if s <= least), default=least)
    high = min((s for s in RATIO_TICKS if s >= most), default=most)
    span = log10(high) - log10(low)
    ticks: list[float] = []
    for tick in RATIO_TICKS:
        if low <= tick <= high and all(abs(log10(tick / other)) > CLOSE * span for other in ticks):
            ticks.append(tick)
    rows = [
        Row(
            ratio_name(r),
            r.ratio,
            r.low,
            r.high,
            f"{factor(r.ratio)} ({times(r.low)} to {times(r.high)})",
            COLOURS[r.ratio < 1],
            "square" if r.ratio < 1 else "dot",
        )
        for r in ratios
    ]
    axis = Axis(lambda v: (log10(v) - log10(low)) / span, [(tick, f"x{tick:g}") for tick in ticks], 1.0)
    legend: tuple[tuple[Shape, str, str], ...] = (
        ("dot", COLOURS[0], "raises the odds"),
        ("square", COLOURS[1], "lowers the odds"),
    )
    return forest("ratios", f"What moves the odds in {plan.first.name}", rows, axis, legend)


def levers_figure(plan: Plan) -> str | None:
    """Return the levers' changes in points; None where there are none."""
    found = [(lever, lever.held or lever.chance or lever.ranked) for lever in plan.levers.levers]
    if not found:
        return None
    low = 100 * min(0.0, *(f.low for _, f in found))
    high = max(100 * max(f.high for _, f in found), low + LEAST)
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50) if (high - low) / s <= 6)
    ticks = [step * k / 100 for k in range(floor(low / step), ceil(high / step) + 1)]
    first, last = ticks[0], ticks[-1]
    rows = [
        Row(
            text(lever.name),
            *f,
            f"{points(f.point)} ({points(f.low)} to {points(f.high)})",
            COLOURS[f.point < 0],
            "square" if f.point < 0 else "dot",
        )
        for lever, f in found
    ]
    said = [(tick, f"{100 * tick:+.3g}" if tick else "0") for tick in ticks]
    axis = Axis(lambda v: (v - first) / (last - first), said, 0.0)
    return forest("levers", f"Levers in {plan.first.name}: change of the chance in points", rows, axis)
