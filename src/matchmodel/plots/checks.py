"""What the checks found: years, simulated data sets, specialties left out, and choices changed."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..report.wording import type_name
from . import style

SLOPE_ZONE, COVERAGE_ZONE = (0.95, 1.05), (0.76, 0.84)
ROW = 0.2
LEFT_OUT = {
    "slope": "slope, log odds per ten points of Step 2 CK", "rate": "match rate",
    "rank slope": "log odds per unit of ln ranks",
}  # fmt: skip


def drift_plot(frame: pd.DataFrame) -> Figure:
    """Draw one-year-ahead 80% ranges of the match rate against what came, one panel per type.

    Parameters
    ----------
    frame
        Columns applicant_type, year, rate, low, high (proportions) and inside (bool).
    """
    kinds = list(dict.fromkeys(frame["applicant_type"]))
    figure, axes = style.new_figure(
        1.9 * len(kinds) + 0.5 * (len(kinds) - 1), len(kinds), 1, "The match rate a year ahead",
        "Bars: 80% range of the year's rate, from the years before it. Dots: the rate that came. Crosses "
        "with the year: rates outside the range. Years without a bar have no rate in the tables, or none "
        "before.",
        above=0.25, below=0.3, between=(0.4, 0.5), sharex=True,
    )  # fmt: skip
    for axis, kind in zip(axes[:, 0], kinds, strict=True):
        rows = frame[frame["applicant_type"] == kind].sort_values("year")
        inside = rows["inside"].to_numpy(bool)
        axis.vlines(rows["year"], rows["low"], rows["high"], color=style.PALE, lw=5, label="range")
        axis.plot(
            rows["year"][inside],
            rows["rate"][inside],
            ls="",
            marker="o",
            ms=4,
            color=style.INK,
            label="inside",
        )
        missed = rows[~inside]
        look = {"ls": "", "marker": "X", "ms": 6.5, "color": style.VERMILLION, "mec": "white", "mew": 0.6}
        axis.plot(missed["year"], missed["rate"], **look, label="missed")
        for _, row in missed.iterrows():
            up = row["rate"] > row["high"]
            axis.annotate(
                f"{row['year']:.0f}", (row["year"], row["rate"]), xytext=(0, 6 if up else -6),
                textcoords="offset points", rotation=90, ha="center", va="bottom" if up else "top",
                fontsize=style.SMALL, color=style.legible(style.VERMILLION), label="direct",
            )  # fmt: skip
        axis.yaxis.set_major_formatter(style.percent_tick)
        axis.set_ylabel("match rate")
        axis.margins(y=0.24)
        style.heading(
            axis,
            f"{type_name(kind, True)}: {inside.sum()} of {len(rows)} inside ({100 * inside.mean():.0f}%)",
        )
        axis.tick_params(labelbottom=True)
    return figure


# column: (axis label, the goal of the means, whether it is drawn in points)
WORLDS = {
    "slope": ("slope to the true log odds", SLOPE_ZONE, False),
    "coverage": ("80% ranges holding the truth", COVERAGE_ZONE, False),
    "mean_error": ("mean error, points", None, True),
}


def worlds_plot(frame: pd.DataFrame) -> Figure:
    """Draw slope, coverage and mean error of simulated data sets, one row per setting, one dot per data set.

    Parameters
    ----------
    frame
        Columns setting, slope, coverage and mean_error (proportions).
    """
    settings = list(dict.fromkeys(frame["setting"]))
    figure, axes = style.new_figure(
        0.62 * len(settings), 1, len(WORLDS), "Simulated data sets with known truth",
        "One dot per data set; bars: the means, in bold colour outside the goal. Shaded: the goals for the "
        "means (slope 0.95 to 1.05, coverage 76 to 84%).", width=8.2,
        left=max(style.text_width(s) for s in settings) + 0.3, above=0.05, between=(0.35, 0), sharey=True,
    )  # fmt: skip
    for axis, (name, (label, zone, scaled)) in zip(axes[0], WORLDS.items(), strict=True):
        if zone:
            axis.axvspan(*zone, color=style.PALE, alpha=0.6, lw=0)
        for y, setting in enumerate(settings):
            values = np.sort(frame.loc[frame["setting"] == setting, name].to_numpy(float)) * (
                100 if scaled else 1
            )
            _world(axis, y, setting, values, zone, name == "coverage")
        axis.set(ylim=(len(settings) - 0.5, -0.7), xlabel=label)
        axis.set_yticks(range(len(settings)), settings)
        if name == "coverage":
            axis.xaxis.set_major_formatter(style.percent_tick)
    return figure


def _world(
    axis: Axes, y: int, setting: str, values: np.ndarray, zone: tuple[float, float] | None, percent: bool
) -> None:
    """Draw one setting's data sets and their mean."""
    spread = y + 0.22 * np.resize([0, 1, -1, 0.5, -0.5], len(values))
    axis.plot(values, spread, ls="", marker="o", ms=3.6, color=style.BLUE, alpha=0.6, mew=0, label=setting)
    mean = values.mean()
    missed = zone is not None and not zone[0] <= mean <= zone[1]
    colour = style.VERMILLION if missed else style.INK
    axis.plot([mean] * 2, [y - 0.34, y + 0.34], color=colour, lw=2, label=f"mean {setting}")
    axis.annotate(
        f"{100 * mean:.1f}%" if percent else f"{mean:.2f}", (mean, y - 0.34), xytext=(0, 1),
        textcoords="offset points", ha="center", va="bottom", fontsize=style.SMALL,
        weight="bold" if missed else "normal", color=style.legible(colour), label="direct",
    )  # fmt: skip


def _by_measured(frame: pd.DataFrame, what: str) -> list[str]:
    """Return the specialties, highest measured value first, those without one last by name."""
    first = frame[frame["what"] == what].dropna(subset="measured").set_index("specialty")["measured"]
    return sorted(
        dict.fromkeys(frame["specialty"]), key=lambda s: (-first[s] if s in first.index else np.inf, s)
    )


def left_out_plot(frame: pd.DataFrame) -> Figure:
    """Draw what the other specialties predict of one left out, against its own measured value.

    Parameters
    ----------
    frame
        Columns specialty, what (of `LEFT_OUT`), predicted, low, high, measured, measured_low, measured_high
        (its own 80% interval) and inside.
    """
    whats = [w for w in LEFT_OUT if (frame["what"] == w).any()]
    names = _by_measured(frame, whats[0])
    figure, axes = style.new_figure(
        ROW * len(names), 1, len(whats), "Each specialty predicted from the others",
        "Bars: 80% range from the other specialties, tick: its point. Dots: the specialty's own measured "
        "value with its 80% interval; crosses: outside the range.",
        width=style.WIDE if len(whats) < 3 else 9.5, left=max(style.text_width(n) for n in names) + 0.25,
        above=0.25, below=0.6, between=(0.3, 0), sharey=True,
    )  # fmt: skip
    for axis, what in zip(axes[0], whats, strict=True):
        rows = frame[frame["what"] == what].set_index("specialty")
        for y, name in enumerate(names):
            if name in rows.index:
                _left_out(axis, y, rows.loc[name])
        axis.set(
            ylim=(len(names) - 0.5, -0.5), xlabel=style.wrap(LEFT_OUT[what], style.size_of(axis)[0] + 0.1)
        )
        axis.set_yticks(range(len(names)), names)
        axis.tick_params(axis="y", length=0)
        if what == "rate":
            axis.xaxis.set_major_formatter(style.percent_tick)
        inside = rows["inside"].to_numpy(bool)
        style.heading(axis, f"{what.capitalize()}: {inside.sum()} of {len(rows)} inside")
    return figure


def _left_out(axis: Axes, y: int, row: pd.Series) -> None:
    axis.plot([row["low"], row["high"]], [y, y], color=style.PALE, lw=5, solid_capstyle="butt", label="range")
    axis.plot(row["predicted"], y, marker="|", ms=7, mew=1.2, color=style.GREY, label="predicted")
    colour = style.INK if row["inside"] else style.VERMILLION
    axis.plot([row["measured_low"], row["measured_high"]], [y, y], color=colour, lw=0.9, label="own")
    marker, size = ("o", 4.5) if row["inside"] else ("X", 6)
    axis.plot(
        row["measured"], y, marker=marker, ms=size, color=colour, mec="white", mew=0.5, label="measured"
    )


def sensitivity_plot(
    frame: pd.DataFrame, title: str = "How far the answers move when a choice is changed"
) -> Figure:
    """Draw how far each answer moves when something is changed, one row per change.

    Parameters
    ----------
    frame
        Columns change, applicant, measure ('p_ranked', 'p_apply'; others are left aside), point, low, high,
        base (proportions).
    title
    """
    changes, names = list(dict.fromkeys(frame["change"])), list(dict.fromkeys(frame["applicant"]))
    figure, axes = style.new_figure(
        ROW * 1.2 * len(changes), 1, 3, title,
        "Left and middle: the chance of matching against the answer as shipped, if you rank a program and "
        "if you apply to the usual number, in percentage points. Right: width of the 80% range if you "
        "apply.",
        width=9, left=(left := max(style.text_width(n) for n in changes) + 0.25), above=0.38,
        between=(0.3, 0), sharey=True, width_ratios=(1.2, 1.2, 1),
    )  # fmt: skip
    ranked, apply, width = axes[0]
    looks = list(
        zip(names, np.resize(style.SERIES, len(names)), np.resize(style.MARKERS, len(names)), strict=True)
    )
    for k, (name, colour, marker) in enumerate(looks):
        look: dict[str, Any] = {"ls": "", "marker": marker, "ms": 4.5, "color": colour}
        for axis, measure in ((ranked, "p_ranked"), (apply, "p_apply"), (width, "p_apply")):
            rows = frame[(frame["applicant"] == name) & (frame["measure"] == measure)]
            places = [changes.index(c) + 0.16 * (k - (len(names) - 1) / 2) for c in rows["change"]]
            values = rows["high"] - rows["low"] if axis is width else rows["point"] - rows["base"]
            axis.plot(100 * values, places, mec="white", mew=0.4, **look, label=name)
    for axis, text in (
        (ranked, "If you rank a program"),
        (apply, "If you apply"),
        (width, "Width of the range"),
    ):
        style.heading(axis, text, size=style.TEXT)
        axis.set(ylim=(len(changes) - 0.5, -0.5), xlabel="points" if axis is width else "change, points")
        axis.tick_params(axis="y", length=0)
        if axis is not width:
            axis.axvline(0, color=style.GREY, lw=0.8)
            axis.xaxis.set_major_formatter(style.points_tick)
        for y in range(len(changes) - 1):
            axis.axhline(y + 0.5, color=style.PALE, lw=0.5, zorder=0, label="_hairline")
    ranked.set_yticks(range(len(changes)), changes)
    style.key(ranked, looks, up=0.28, start=0.05 - left)
    return figure
