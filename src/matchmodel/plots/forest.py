"""Forest plots: what each covariate does to the odds, and the evidence behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from scipy.special import ndtri

from ..applicant import Applicant
from ..covariates import COVARIATES
from ..errors import NotInModel
from ..model import Model
from ..model.answer import LikelihoodRatio
from ..model.records import Cell, Effect, EvidenceRow
from ..report.wording import type_name
from ..specialty import canonical_specialty
from . import style

VALUES: dict[str, tuple[float, ...]] = {
    "step2_ck": (220, 230, 240, 250, 260),
    "years_since_graduation": (0, 1, 3, 5, 10),
    "usce_months": (0, 3, 6, 12),
    "visa_needed": (False, True),
    "step1_failed": (False, True),
    "step2_failed": (False, True),
}
GROUPS = {"step2_ck": "Step 2 CK", "usce_months": "Months of US clinical experience"}
# basis, with the grade of evidence: colour and marker, darker the better known
LOOK = {
    "measured": (style.INK, "o"), "A": (style.BLUE, "s"), "B": (style.BLUE, "s"),
    "C": (style.VERMILLION, "D"), "D": (style.ORANGE, "^"), "assumed": (style.GREY, "v"),
}  # fmt: skip
Z80, Z95 = float(ndtri(0.9)), float(ndtri(0.975))
ROW = 0.185  # inches
TICKS = (0.1, 0.2, 0.25, 0.5, 1, 2, 4, 5, 10)
MINUS = chr(0x2212)


def covariate_title(name: str) -> str:
    """Return a covariate's name as a heading."""
    label = GROUPS.get(name) or COVARIATES[name].label
    return label[0].upper() + label[1:]


def grades(model: Model, name: str) -> dict[str, float]:
    """Return the grades behind a covariate and their weights, the heaviest first; {} without any."""
    found: dict[str, float] = {}
    effect = model.record.effects.get(name)
    for row in effect.rows if effect is not None else ():
        if row.grade:
            found[row.grade] = found.get(row.grade, 0.0) + row.weight
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def look(basis: str, graded: Mapping[str, float]) -> tuple[str, str]:
    """Return the colour and marker of a basis and its heaviest grade."""
    return LOOK[next(iter(graded), "C")] if basis == "evidence" else LOOK[basis]


def table_grades(model: Model, cell: Cell) -> dict[str, float]:
    """Return the grades of the tables behind a cell's slope on the score, as from `grades`."""
    known = {s.id: s.grade for s in model.record.sources}
    found = sorted({known[i] for i in cell.beta.source.split(", ") if known.get(i)})
    return dict.fromkeys(found, 1 / len(found)) if found else {}


def _basis(basis: str, graded: Mapping[str, float]) -> str:
    return f"{basis}, {'/'.join(graded)}" if graded and basis != "assumed" else basis


def _row_name(name: str, value: float) -> str:
    if COVARIATES[name].binary if name in COVARIATES else False:
        return "yes" if value else "no"
    return f"{value:g}"


def ratios(
    model: Model,
    kind: str = "non-us-img",
    specialty: str = "Internal Medicine",
    values: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, list[LikelihoodRatio]]:
    """Return {covariate: its ratios at several values} of those that the model has an effect for."""
    year = model.kind(kind).year
    average = Applicant(specialty, kind, cycle=year)
    found = {}
    for name, some in (values or VALUES).items():
        if name != "step2_ck" and not model.has_effect(kind, name):
            continue
        answers = [model.odds(average.replace(**{name: v})) for v in some]
        found[name] = [lr for a in answers for lr in a.likelihood_ratios if lr.covariate == name]
    return {name: each for name, each in found.items() if each}


def _log_axis(axis: Axes, low: float, high: float) -> None:
    axis.set_xscale("log")
    axis.set_xlim(low, high)
    ticks = [t for t in TICKS if low <= t <= high and t not in (0.2, 5)]
    axis.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axis.set_xticks([], minor=True)


def _column(axis: Axes, x: float, y: float, text: str, **more: Any) -> Text:
    more = {"fontsize": style.TEXT, "color": style.INK, "va": "center", "ha": "left", **more}
    return axis.text(x, y, text, transform=axis.get_yaxis_transform(), **more)


def _title(axis: Axes, x: float, y: float, text: str) -> None:
    """Write a group's title over whatever lines it crosses, and a hairline above it."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    _column(axis, x, y, text, weight="bold", bbox=box, zorder=2)
    if y:
        across = axis.get_yaxis_transform()
        axis.plot(
            [x, 1],
            [y - 0.5, y - 0.5],
            transform=across,
            color=style.PALE,
            lw=0.6,
            clip_on=False,
            zorder=0,
            label="_hairline",
        )


def _bare(axis: Axes, rows: int) -> None:
    axis.set(ylim=(rows - 0.4, -0.6), yticks=[])
    axis.spines["left"].set_visible(False)


def forest_plot(model: Model, kind: str = "non-us-img", specialty: str = "Internal Medicine") -> Figure:
    """Draw by how much values of each covariate multiply the odds of the specialty's average applicant.

    Parameters
    ----------
    model
    kind, specialty
        Of the average applicant.
    """
    cell, specialty = model.cell(kind, specialty), canonical_specialty(specialty)
    found = ratios(model, kind, specialty)
    rows = sum(len(each) + 1 for each in found.values())
    of_score, people = table_grades(model, cell), type_name(kind, True)
    figure, axes = style.new_figure(
        rows * ROW,
        title=f"What each covariate does to the odds: {specialty}, {people}, {model.kind(kind).year}",
        caption="Likelihood ratio: the factor on the odds of matching, against the average of the specialty "
        "(1), with its 80% range. An association, not a cause; ratios multiply where covariates are "
        "independent within the matched and the not matched. Grades, A to D, the heaviest first: those of "
        "the Match tables or of the register's estimates behind an effect.",
        left=1.6, right=2.55, above=0.22, below=0.42,
    )  # fmt: skip
    axis = axes[0, 0]
    _bare(axis, rows)
    axis.axvline(1, color=style.GREY, lw=0.8, zorder=0)
    width = style.size_of(axis)[0]
    columns = (1 + 0.12 / width, 1 + 1.5 / width)
    y, ends = 0, []
    for name, each in found.items():
        _title(axis, -1.48 / width, y, covariate_title(name))
        y += 1
        graded = of_score if name == "step2_ck" else grades(model, name)
        for lr in each:
            colour, marker = look(lr.basis, graded)
            axis.plot(
                [lr.low, lr.high], [y, y], color=colour, lw=1.6, solid_capstyle="butt", label=f"range {name}"
            )
            axis.plot(lr.ratio, y, marker=marker, color=colour, ms=5, ls="", label=f"ratio {name}")
            _column(axis, -0.1 / width, y, _row_name(name, lr.value), ha="right")
            _column(axis, columns[0], y, f"{lr.ratio:.2f} ({lr.low:.2f}–{lr.high:.2f})")
            _column(axis, columns[1], y, _basis(lr.basis, graded), color=style.legible(colour))
            ends += [lr.low, lr.high]
            y += 1
    reach = max(max(ends), 1 / min(ends), 2) * 1.15
    _log_axis(axis, 1 / reach, reach)
    axis.set_xlabel("← lower odds       factor on the odds       higher odds →")
    for x, text in zip(columns, ("ratio (80% range)", "basis, grade"), strict=True):
        style.heading(axis, text, x=x, size=style.TEXT)
    return figure


# --- the register -----------------------------------------------------------------------------------

EVIDENCE = (
    "Log odds of matching per unit, every estimate brought to this scale; thick 80%, thin 95% intervals, "
    "widened for the grade. Squares: area by weight. Filled diamonds: the mean over specialties that the "
    "model uses, as wide as its 80% interval. Thin line through a diamond: the 80% interval of a single "
    "specialty, which differs from the mean. Hollow diamonds: what was believed before any estimate, 80% "
    "interval."
)


def _sorted(rows: Sequence[EvidenceRow]) -> list[EvidenceRow]:
    return sorted(rows, key=lambda r: (r.grade, -r.weight))


def _diamond(axis: Axes, y: float, value: float, half: float, filled: bool) -> None:
    corners = [value - half, value, value + half, value], [y, y - 0.3, y, y + 0.3]
    face = style.INK if filled else "white"
    axis.fill(
        *corners,
        facecolor=face,
        edgecolor=style.INK,
        lw=0 if filled else 0.9,
        label="combined" if filled else "prior",
        zorder=3,
    )


def _signed(value: float, se: float | None = None) -> str:
    text = f"{value:+.2f}" if se is None else f"{value:+.2f} (SE {se:.2f})"
    return text.replace("-", MINUS)


class _Rows:
    """Writes the evidence plot from top to bottom."""

    def __init__(self, axis: Axes) -> None:
        self.axis, self.y, self.reach = axis, 0, [-0.5, 0.5]
        self.width = style.size_of(axis)[0]
        self.columns = tuple(1 + x / self.width for x in (0.15, 0.62, 1.2))

    def estimate(self, row: EvidenceRow) -> None:
        axis, y, value = self.axis, self.y, row.value
        colour, _ = look(row.basis, {row.grade: 1.0} if row.grade else {})
        for z, thick, label in ((Z95, 0.8, "95%"), (Z80, 2.0, "80%")):
            ends = [value - z * row.se, value + z * row.se]
            axis.plot(ends, [y, y], color=colour, lw=thick, solid_capstyle="butt", label=label)
        area = max(75 * row.weight, 5)
        axis.scatter(
            value, y, s=area, marker="s", color=colour, edgecolor="white", lw=0.5, zorder=3, label="estimate"
        )
        _column(axis, -0.1 / self.width, y, row.id, ha="right")
        for x, text in zip(
            self.columns,
            (row.grade or "table", f"{100 * row.weight:.0f}%", _signed(value, row.se)),
            strict=True,
        ):
            _column(axis, x, y, text)
        self._next(value, Z95 * row.se)

    def summary(self, what: str, value: float, se: float, filled: bool, beyond: float = 0.0) -> None:
        """Draw a diamond; `beyond` is the SD of a single specialty, drawn as a line through it."""
        if beyond:
            ends = [value - Z80 * beyond, value + Z80 * beyond]
            self.axis.plot(
                ends, [self.y] * 2, color=style.INK, lw=0.8, solid_capstyle="butt", label="specialty"
            )
        _diamond(self.axis, self.y, value, Z80 * se, filled)
        _column(self.axis, -0.1 / self.width, self.y, what, ha="right", style="italic")
        _column(self.axis, self.columns[2], self.y, _signed(value, se), style="italic")
        self._next(value, Z80 * max(se, beyond))

    def title(self, text: str) -> None:
        _title(self.axis, -1.98 / self.width, self.y, text)
        self.y += 1

    def _next(self, value: float, half: float) -> None:
        self.reach += [value - half, value + half]
        self.y += 1


def _draw(rows: _Rows, name: str, effect: Effect) -> None:
    rows.title(f"{covariate_title(name)}, {effect.unit}")
    for row in _sorted(effect.rows):
        rows.estimate(row)
    rows.summary("believed before", effect.prior.mean, effect.prior.sd, False)
    mean, se = effect.mean.value, effect.mean.se or 0.0
    rows.summary("used", mean, se, True, float(np.hypot(se, effect.spread)))


def evidence_plot(model: Model) -> Figure:
    """Draw the estimates behind each covariate, what was believed before them, and what is used.

    Raises
    ------
    NotInModel
        Where the model has no covariates.
    """
    effects = model.record.effects
    if not effects:
        raise NotInModel(
            "this model has no covariates beside Step 2 CK: it was trained without estimates of any; train "
            "with an evidence register to draw them"
        )
    count = sum(len(effect.rows) + 3 for effect in effects.values())
    title = "The estimates behind each covariate, by grade"
    figure, axes = style.new_figure(
        count * ROW, title=title, caption=EVIDENCE, left=2.1, right=2.45, above=0.3, below=0.42
    )
    axis = axes[0, 0]
    _bare(axis, count)
    axis.axvline(0, color=style.GREY, lw=0.8, zorder=0)
    rows = _Rows(axis)
    for name, effect in effects.items():
        _draw(rows, name, effect)
    low, high = min(rows.reach), max(rows.reach)
    axis.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    axis.set_xlabel("log odds of matching, per unit (above: the odds ratio)")
    above = axis.secondary_xaxis("top")
    ticks = [t for t in TICKS if low <= np.log(t) <= high and t not in (0.2, 5)]
    above.set_xticks(np.log(ticks), [f"{t:g}" for t in ticks])
    above.tick_params(labelsize=style.TEXT, color=style.GREY, labelcolor=style.INK, width=0.7, length=3)
    above.spines["top"].set(color=style.GREY, linewidth=0.7)
    for x, text in zip(rows.columns, ("grade", "weight", "estimate"), strict=True):
        style.heading(axis, text, x=x, size=style.TEXT)
    return figure
