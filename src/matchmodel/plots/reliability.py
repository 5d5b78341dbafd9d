"""Reliability: observed shares against predicted probabilities."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style

GROUPS = 10
BARS = [float(edge) for edge in np.linspace(0, 1, 26)]
COLUMNS = 3
OVER = 0.2  # inches by which a panel's note may reach over its end
CAPTION = (
    "Circles: tenths of the applicants by predicted probability (about equal in size, bins whole), with 95% "
    "intervals (Wilson). Faint dots: single bins, area by applicants. Dashed: perfect calibration. Below: "
    "how many applicants were given which probability."
)


def person_groups(frame: pd.DataFrame, groups: int = GROUPS) -> dict[str, np.ndarray]:
    """Return groups of bins, about equal in applicants, by predicted probability.

    Parameters
    ----------
    frame
        Columns predicted, matched, total; bins without applicants are left out.
    groups

    Returns
    -------
    dict
        predicted (mean, weighted by applicants), matched, total, share, and low and high: the 95% interval of
        Wilson (J Am Stat Assoc 22:209, 1927).
    """
    from statsmodels.stats.proportion import proportion_confint  # 0.4 s, which no other picture needs

    predicted, matched, total = (frame[name].to_numpy(float) for name in ("predicted", "matched", "total"))
    some = total > 0
    predicted, matched, total = predicted[some], matched[some], total[some]
    order = np.argsort(predicted, kind="stable")
    predicted, matched, total = predicted[order], matched[order], total[order]
    middle = (np.cumsum(total) - total / 2) / total.sum()
    _, group = np.unique(np.minimum((groups * middle).astype(int), groups - 1), return_inverse=True)
    n, m = np.bincount(group, total), np.bincount(group, matched)
    low, high = (np.asarray(end) for end in proportion_confint(m, n, alpha=0.05, method="wilson"))
    return {
        "predicted": np.bincount(group, total * predicted) / n,
        "matched": m,
        "total": n,
        "share": m / n,
        "low": low,
        "high": high,
    }


def _panel(axis: Axes, below: Axes, title: str, frame: pd.DataFrame, caption: str, inches: float) -> None:
    some = frame[frame["total"] > 0]
    axis.plot([0, 1], [0, 1], color=style.GREY, lw=0.8, ls=(0, (4, 2)), label="perfect")
    if (some["total"] > 1).any():
        area = 3 + 90 * some["total"] / some["total"].max()
        axis.scatter(
            some["predicted"],
            some["matched"] / some["total"],
            s=area,
            color=style.SKY,
            alpha=0.45,
            lw=0,
            clip_on=False,
            label="bins",
        )
    found = person_groups(frame)
    axis.vlines(
        found["predicted"],
        found["low"],
        found["high"],
        color=style.INK,
        lw=1.1,
        clip_on=False,
        zorder=3,
        label="95%",
    )
    look: dict[str, Any] = {
        "ls": "",
        "marker": "o",
        "ms": 5,
        "color": style.INK,
        "mec": "white",
        "mew": 0.7,
        "clip_on": False,
        "zorder": 4,
    }
    axis.plot(found["predicted"], found["share"], **look, label="groups")
    axis.set(xlim=(0, 1), ylim=(0, 1), xticks=np.linspace(0, 1, 5), yticks=np.linspace(0, 1, 5))
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_formatter(style.percent_tick)
    style.heading(axis, title, style.wrap(caption, inches + OVER, style.SMALL))
    below.hist(some["predicted"], BARS, weights=some["total"], color=style.PALE, edgecolor="white", lw=0.4)
    below.set(yticks=[], xlabel="predicted")
    below.spines["left"].set_visible(False)


def reliability_plot(panels: Sequence[tuple[str, pd.DataFrame, str]]) -> Figure:
    """Draw observed shares against predicted probabilities, one panel per set of predictions.

    Parameters
    ----------
    panels
        (title, frame, caption). A frame has the columns predicted, matched and total, one row per bin (or per
        applicant); a caption is a line such as 'slope 1.00 (SE 0.03), mean error 2.3 points, floor 2.3'.
    """
    columns = min(len(panels), COLUMNS) if len(panels) != 4 else 2
    rows = -(-len(panels) // columns)
    inches = 2.15 if columns == 3 else 2.7
    notes = max(
        style.wrap(caption, inches + OVER, style.SMALL).count("\n") + 1 if caption else 0
        for *_, caption in panels
    )
    above = 0.24 + notes * style.SMALL * style.LINE / 72
    figure, axes = style.new_figure(
        rows * (inches + 0.5) + (rows - 1) * (above + 0.5), 1, 1, "Predicted and observed", CAPTION,
        width=0.72 + columns * inches + (columns - 1) * 0.4 + 0.28, left=0.72, right=0.28, above=above,
    )  # fmt: skip
    outer = axes[0, 0].get_subplotspec()
    axes[0, 0].remove()
    grid = outer.subgridspec(rows, columns, wspace=0.4 / inches, hspace=(above + 0.5) / (inches + 0.5))
    for k, (title, frame, caption) in enumerate(panels):
        inner = grid[k // columns, k % columns].subgridspec(
            2, 1, height_ratios=(inches, 0.4), hspace=0.1 / ((inches + 0.4) / 2)
        )
        axis = figure.add_subplot(inner[0])
        below = figure.add_subplot(inner[1], sharex=axis)
        for one in (axis, below):
            style.plain(one)
        _panel(axis, below, title, frame, caption, inches)
        axis.tick_params(labelbottom=False, labelleft=k % columns == 0)
        if k % columns == 0:
            axis.set_ylabel("observed share matched")
    return figure
