"""Where the width of an answer comes from."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from ..covariates import COVARIATES
from . import style

WHOLE = "everything"  # the part that is the width itself, in points


def part_name(part: str) -> str:
    """Return a part of the width as a column is headed."""
    text = COVARIATES[part].label if part in COVARIATES else part.replace("_", " ")
    return text[0].upper() + text[1:]


def _share(value: float) -> str:
    if 0 < value < 0.005:
        return "<1%"
    return f"{100 * value:.0f}%".replace("-0%", "0%").replace("-", "\N{MINUS SIGN}")


def uncertainty_plot(widths: Mapping[str, Mapping[str, float]]) -> Figure:
    """Draw, for each applicant, the share of the variance by source, and the whole width.

    Parameters
    ----------
    widths
        By applicant {'everything': width in points, part: share of the variance}.
    """
    found = {
        name: {part: share for part, share in each.items() if part != WHOLE} for name, each in widths.items()
    }
    parts = {part for each in found.values() for part in each}
    mean = {part: np.mean([each.get(part, 0.0) for each in found.values()]) for part in parts}
    ordered = sorted(parts, key=lambda part: (-mean[part], part))
    names = list(widths)
    left = max(style.text_width(n) for n in names) + 0.25
    figure, axes = style.new_figure(
        0.3 * len(names), 1, 1 + len(ordered), "Where the width of the 80% range comes from",
        "Left: width of the whole range. Then the share of each source in the variance of the log odds: its "
        "covariance with the whole. Shares sum to 100%; one below zero offsets others.",
        width=9, left=left, right=0.45, above=0.5, below=0.1, between=(0.4, 0), sharey=True,
    )  # fmt: skip
    where = np.arange(len(names))
    for axis, part in zip(axes[0], (WHOLE, *ordered), strict=True):
        whole = part == WHOLE
        values = np.array([widths[n][WHOLE] if whole else found[n].get(part, np.nan) for n in names])
        top = (
            max(w[WHOLE] for w in widths.values())
            if whole
            else max(max(each.values(), default=0) for each in found.values())
        )
        axis.barh(
            where, np.maximum(np.nan_to_num(values), 0), height=0.62, color=style.INK if whole else style.SKY
        )
        for y, value in zip(where, values, strict=True):
            if np.isfinite(value):
                text, at = f"{value:.0f}" if whole else _share(value), (max(value, 0), y)
                axis.annotate(
                    text,
                    at,
                    xytext=(3, 0),
                    textcoords="offset points",
                    fontsize=style.TEXT,
                    color=style.INK,
                    va="center",
                )
        axis.set(xlim=(0, top or 1), xticks=[], ylim=(len(names) - 0.5, -0.5))
        axis.set_yticks(where, names)
        axis.tick_params(length=0)
        axis.spines["bottom"].set_visible(False)
        title = "Whole width, points" if whole else part_name(part)
        style.heading(
            axis, style.wrap(title, style.size_of(axis)[0] + 0.35, style.TEXT, "bold"), size=style.TEXT
        )
    return figure
