"""The chain from applications to a match beside what is published."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style

ROW = 0.34
FITTED = {"mean_ranks": "Mean ranks", "sd_ranks": "SD of ranks", "rank_slope": "Slope on ln ranks"}


def _shares(axis: Axes, shares: pd.DataFrame) -> None:
    """Draw the observed share who rank, the chain's of those who take part, and the priors'."""
    for y, row in enumerate(shares.itertuples()):
        axis.plot(
            [row.prior_low, row.prior_high],
            [y, y],
            color=style.PALE,
            lw=6,
            solid_capstyle="butt",
            label="prior",
        )
        axis.plot(
            row.takes_part, y, marker="v", ms=6, color=style.SKY, mec="white", mew=0.5, label="takes part"
        )
        axis.plot(row.share, y, marker="|", ms=11, mew=1.6, color=style.BLUE, label="chain")
        axis.plot(row.observed, y, marker="o", ms=5, color=style.INK, mec="white", mew=0.6, label="observed")
    axis.set(ylim=(len(shares) - 0.5, -0.5), xlabel="share who rank any program")
    axis.set_yticks(range(len(shares)), shares["specialty"])
    axis.xaxis.set_major_formatter(style.percent_tick)


def _solved(axis: Axes, fitted: pd.DataFrame, quantity: str) -> None:
    """Draw a published figure against what the chains give."""
    rows = fitted[fitted["quantity"] == quantity]
    error = 1.96 * rows["se"].astype(float).fillna(0.0).to_numpy()
    high = 1.04 * max((rows["published"] + error).max(), rows["chain"].max())
    axis.plot([0, high], [0, high], color=style.GREY, lw=0.8, ls=(0, (4, 2)), label="equal")
    axis.hlines(
        rows["chain"],
        rows["published"] - error,
        rows["published"] + error,
        color=style.PALE,
        lw=2,
        label="95%",
    )
    axis.plot(
        rows["published"],
        rows["chain"],
        ls="",
        marker="o",
        ms=4,
        color=style.BLUE,
        mec="white",
        mew=0.5,
        label="solved",
    )
    axis.set(xlim=(0, high), ylim=(0, high), xlabel="published")
    style.heading(axis, FITTED[quantity], size=style.TEXT)


def _matches(axis: Axes, bins: pd.DataFrame) -> None:
    """Draw the share matched by invitations, as volunteers reported it and as the chain expects."""
    n = bins["applicants"].to_numpy(float)
    x = np.arange(len(bins))
    axis.vlines(x, bins["low"] / n, bins["high"] / n, color=style.PALE, lw=7, label="range")
    axis.plot(x, bins["expected"] / n, ls="", marker="_", ms=10, mew=1.6, color=style.BLUE, label="chain")
    axis.plot(
        x, bins["matched"] / n, ls="", marker="o", ms=5, color=style.INK, mec="white", mew=0.6, label="seen"
    )
    axis.set(xlim=(-0.6, len(bins) - 0.4), ylim=(-0.04, 1.04), xlabel="invitations")
    axis.set_xticks(x, [f"{text}\n{count:.0f}" for text, count in zip(bins["invitations"], n, strict=True)])
    axis.yaxis.set_major_formatter(style.percent_tick)
    style.heading(axis, "Matched, surgery", size=style.TEXT)


def chain_plot(fitted: pd.DataFrame, shares: pd.DataFrame, bins: pd.DataFrame) -> Figure:
    """Draw what the chain was solved for, the shares who rank, and matches by invitations.

    Parameters
    ----------
    fitted
        Columns quantity (of `FITTED`), published, se, chain.
    shares
        Columns specialty, observed, share, takes_part, prior_low, prior_high (proportions).
    bins
        Columns invitations, applicants, matched, expected, low, high (applicants), of one specialty; may be
        empty.
    """
    known = [q for q in FITTED if (fitted["quantity"] == q).any()]
    columns = len(known) + bool(len(bins))
    high, gap = 1.7, 0.85
    top = ROW * max(len(shares), 1)
    figure, axes = style.new_figure(
        high + gap + top, 2, columns, "From applications to a match, beside what is published",
        "Above: what each chain was solved for, one dot per specialty, pale bars the 95% interval of the "
        "published figure. With shares who rank known, the SD of ranks is met only in part. Last panel "
        "above: general surgery's volunteers by invitations (below: how many), dots as they reported, bars "
        "what the chain expects with the 95% range of what could be seen. Below: share of IMG applicants "
        "who rank; dots observed, ticks the chain's, pale bars with what is believed of who takes part and "
        "of second choices, triangles those who take part.",
        width=9, between=(0.5, gap), above=0.22, height_ratios=(high, top),
    )  # fmt: skip
    for axis, quantity in zip(axes[0], known, strict=False):
        _solved(axis, fitted, quantity)
    axes[0, 0].set_ylabel("the chain")
    if len(bins):
        _matches(axes[0, -1], bins)
    grid = axes[1, 0].get_gridspec()
    for axis in axes[1]:
        axis.remove()
    below = figure.add_subplot(grid[1, :])
    style.plain(below)
    if len(shares):
        box, margin = below.get_position(), style.text_width("Internal Medicine") / 9
        below.set_position((box.x0 + margin, box.y0, box.width - margin, box.height))
        _shares(below, shares)
    else:
        below.set_visible(False)
    return figure
