"""The chance of matching against the number of applications."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..applicant import Applicant
from ..curve import Curve, make_curve
from ..curve import labels as made_labels
from ..errors import RefusedInput
from ..model import Model
from ..question import DEFAULT_TARGET
from ..report.wording import type_name
from . import style

FEW = 3  # curves whose bands may be strong
ROOM = 0.93  # chance over which no words fit above a line


def check_count(curves: int) -> None:
    """Raise `RefusedInput` for more curves than colours that can be told apart."""
    if not 1 <= curves <= len(style.SERIES):
        raise RefusedInput(f"{curves} curves; one picture holds 1 to {len(style.SERIES)}")


def curves_title(applicants: Sequence[Applicant]) -> str:
    """Return the title, of applicants with their cycle filled in."""
    specialties, kinds = (
        {a.specialty for a in applicants},
        {type_name(a.applicant_type, True) for a in applicants},
    )
    what = specialties.pop() if len(specialties) == 1 else f"{len(specialties)} specialties"
    return f"{what}, {' and '.join(sorted(kinds))}, {applicants[0].cycle} Match"


def _say_usual(axis: Axes, curves: Sequence[Curve]) -> None:
    """Write the usual number of applications where all curves share it."""
    usual = curves[0].usual
    if any(c.usual != usual for c in curves) or usual > axis.get_xlim()[1]:
        return
    top = max(np.interp(usual, c.applications, c.p) for c in curves)
    axis.plot([usual, usual], [0, top], color=style.GREY, lw=0.7, ls=":", zorder=1, label="_usual")
    axis.annotate(
        f"usual: {usual:.0f}", (usual, 0), xytext=(4, 4), textcoords="offset points", fontsize=style.SMALL,
        color=style.INK, va="bottom", ha="left", label="direct",
    )  # fmt: skip


def _say_bound(axis: Axes, curves: Sequence[Curve], end: float) -> None:
    """Name the topmost dashed line, where there is room above it."""
    text, start = "friendliest first: a bound", 0.3 * end
    reach = start + style.text_width(text, style.SMALL) / style.size_of(axis)[0] * end
    top = max(float(np.interp(min(reach, c.applications[-1]), c.applications, c.friendliest)) for c in curves)
    if top < ROOM:
        axis.annotate(
            text, (start, top), xytext=(0, 3), textcoords="offset points", fontsize=style.SMALL,
            color=style.INK, va="bottom", ha="left", label="direct",
        )  # fmt: skip


def curves_plot(curves: Sequence[Curve], title: str, target: float = DEFAULT_TARGET) -> Figure:
    """Draw curves with their 80% bands and thin bounds; a marker stands at the usual number of applications.

    Parameters
    ----------
    curves
        At most `len(style.SERIES)`.
    title
    target
        Marked by a line.

    Raises
    ------
    RefusedInput
        For more of them.
    """
    check_count(len(curves))
    texts = [style.wrap(c.label, 1.6) for c in curves]
    figure, axes = style.new_figure(
        3.6, title=title,
        caption="Solid: programs as IMGs choose them, with the 80% range. "
        "Thin dashes: bounds, the most IMG-friendly programs first; thin dots: at random. "
        "Markers: the specialty's usual number of applications. "
        "Preferred specialty only; curves end at the programs listed.",
        right=max(style.text_width(t) for t in texts) + 0.25, above=0.05,
    )  # fmt: skip
    axis = axes[0, 0]
    end = max(c.applications[-1] for c in curves)
    axis.set(
        xlim=(0, end),
        ylim=(0, 1),
        xlabel="applications",
        ylabel="chance of matching if you apply",
        yticks=np.linspace(0, 1, 5),
    )
    axis.yaxis.set_major_formatter(style.percent_tick)
    axis.axhline(target, color=style.GREY, lw=0.8, ls=":", label="target")
    ends, faint = [], 0.15 if len(curves) <= FEW else 0.08
    for curve, text, colour, marker in zip(curves, texts, style.SERIES, style.MARKERS, strict=False):
        axis.fill_between(curve.applications, curve.low, curve.high, color=colour, alpha=faint, lw=0)
        axis.plot(
            curve.applications,
            curve.friendliest,
            color=colour,
            lw=0.7,
            ls=(0, (4, 2)),
            label=f"friendliest first: {curve.label}",
        )
        axis.plot(
            curve.applications,
            curve.random,
            color=colour,
            lw=0.7,
            ls=(0, (1, 2)),
            label=f"at random: {curve.label}",
        )
        axis.plot(curve.applications, curve.p, color=colour, lw=2, label=curve.label)
        if curve.usual <= curve.applications[-1]:
            height = np.interp(curve.usual, curve.applications, curve.p)
            axis.plot(
                curve.usual,
                height,
                marker,
                color=colour,
                ms=7,
                mec="white",
                mew=1,
                zorder=3,
                label="usual number",
            )
        ends.append((curve.applications[-1], curve.p[-1], text, colour))
    style.label_ends(axis, ends)
    _say_usual(axis, curves)
    _say_bound(axis, curves, end)
    return figure


def applications_plot(
    model: Model,
    applicants: Sequence[Applicant],
    labels: Sequence[str] | None = None,
    *,
    target: float = DEFAULT_TARGET,
    most: int | None = None,
) -> Figure:
    """Draw applicants' chances of matching against the number of applications.

    Parameters
    ----------
    model, applicants
    labels
        What they differ in where absent.
    target
        Marked by a line.
    most
        Largest number of applications drawn.

    Raises
    ------
    NotInModel
        Where there is no chain.
    RefusedInput
        For more applicants than can be told apart.
    """
    check_count(len(applicants))
    resolved = [model.resolve(a) for a in applicants]
    names = made_labels(resolved) if labels is None else labels
    curves = [make_curve(model, a, name, most) for a, name in zip(resolved, names, strict=True)]
    return curves_plot(curves, curves_title(resolved), target)
