"""The chance of matching against the number of applications."""

import numpy as np

from ..applications import DEFAULT_TARGET
from ..curve import labels as made_labels
from ..curve import make_curve
from ..errors import RefusedInput
from ..wording import type_name
from . import style

FEW = 3  # curves whose bands may be strong
ROOM = 0.93  # chance over which no words fit above a line


def check_count(curves):
    """Raise `RefusedInput` for more curves than colours that can be told apart."""
    if not 1 <= curves <= len(style.SERIES):
        raise RefusedInput(f"{curves} curves; one picture holds 1 to {len(style.SERIES)}")


def curves_title(applicants):
    """Return the title, of applicants with their cycle filled in."""
    specialties, kinds = {a.specialty for a in applicants}, {type_name(a.applicant_type, True) for a in applicants}
    what = specialties.pop() if len(specialties) == 1 else f"{len(specialties)} specialties"
    return f"{what}, {' and '.join(sorted(kinds))}, {applicants[0].cycle} Match"


def _say_usual(axis, curves):
    """Write the usual number of applications where all curves share it."""
    usual = curves[0].usual
    if any(c.usual != usual for c in curves) or usual > axis.get_xlim()[1]:
        return
    axis.plot([usual, usual], [0, max(np.interp(usual, c.applications, c.p) for c in curves)], color=style.GREY, lw=0.7, ls=":", zorder=1, label="_usual")
    axis.annotate(f"usual: {usual:.0f}", (usual, 0), xytext=(4, 4), textcoords="offset points", fontsize=style.SMALL, color=style.INK, va="bottom", ha="left", label="direct")


def _say_friendliest(axis, curves, end):
    """Name the topmost dashed line, where there is room above it."""
    text, start = "friendliest first: an optimistic bound", 0.3 * end
    reach = start + style.text_width(text, style.SMALL) / style.size_of(axis)[0] * end
    top = max(float(np.interp(min(reach, c.applications[-1]), c.applications, c.friendliest)) for c in curves)
    if top < ROOM:
        axis.annotate(text, (start, top), xytext=(0, 3), textcoords="offset points", fontsize=style.SMALL, color=style.INK, va="bottom", ha="left", label="direct")


def curves_plot(curves, title, target=DEFAULT_TARGET):
    """Draw curves with their 80% bands; a marker stands at the usual number of applications.

    Parameters
    ----------
    curves : sequence of matchmodel.curve.Curve
        At most `len(style.SERIES)`.
    title : str
    target : float
        Marked by a line.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    RefusedInput
        For more of them.
    """
    check_count(len(curves))
    texts = [style.wrap(c.label, 1.6) for c in curves]
    figure, axes = style.new_figure(
        3.6, title=title,
        caption="Solid: programs taken at random, with the 80% range. Dashed: the most IMG-friendly programs first, an optimistic bound. Markers: the specialty's usual number of applications. "
        "Gains from more applications are upper bounds; preferred specialty only; curves end at the programs listed.",
        right=max(style.text_width(t) for t in texts) + 0.25, above=0.05,
    )
    axis = axes[0, 0]
    end = max(c.applications[-1] for c in curves)
    axis.set(xlim=(0, end), ylim=(0, 1), xlabel="applications", ylabel="chance of matching, from the application on", yticks=np.linspace(0, 1, 5))
    axis.yaxis.set_major_formatter(style.percent)
    axis.axhline(target, color=style.GREY, lw=0.8, ls=":", label="target")
    ends, faint = [], 0.15 if len(curves) <= FEW else 0.08
    for curve, text, colour, marker in zip(curves, texts, style.SERIES, style.MARKERS, strict=False):
        axis.fill_between(curve.applications, curve.low, curve.high, color=colour, alpha=faint, lw=0)
        axis.plot(curve.applications, curve.friendliest, color=colour, lw=1.1, ls=(0, (4, 2)), label=f"friendliest first: {curve.label}")
        axis.plot(curve.applications, curve.p, color=colour, lw=2, label=curve.label)
        if curve.usual <= curve.applications[-1]:
            axis.plot(curve.usual, np.interp(curve.usual, curve.applications, curve.p), marker, color=colour, ms=7, mec="white", mew=1, zorder=3, label="usual number")
        ends.append((curve.applications[-1], curve.p[-1], text, colour))
    style.label_ends(axis, ends)
    _say_usual(axis, curves)
    _say_friendliest(axis, curves, end)
    return figure


def applications_plot(model, applicants, labels=None, *, target=DEFAULT_TARGET, most=None):
    """Draw applicants' chances of matching against the number of applications.

    Parameters
    ----------
    model : Model
    applicants : sequence of Applicant
    labels : sequence of str, optional
        What they differ in where absent.
    target : float
        Marked by a line.
    most : int, optional
        Largest number of applications drawn.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    NotInModel
        Where there is no chain.
    RefusedInput
        For more applicants than can be told apart.
    """
    check_count(len(applicants))
    filled = [model.cycle_of(a) for a in applicants]
    names = made_labels(filled) if labels is None else labels
    curves = [make_curve(model, a, name, most) for a, name in zip(filled, names, strict=True)]
    return curves_plot(curves, curves_title(filled), target)
