"""What the checks found: years, made-up worlds, specialties left out, and choices changed."""

import numpy as np

from ..wording import type_name
from . import style

SLOPE_ZONE, COVERAGE_ZONE = (0.95, 1.05), (0.76, 0.84)
ROW = 0.2


def drift_plot(frame):
    """Draw one-year-ahead 80% ranges of the match rate against what came, a panel a type.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns applicant_type, year, rate, low, high (proportions) and inside (bool).

    Returns
    -------
    matplotlib.figure.Figure
    """
    kinds = list(dict.fromkeys(frame["applicant_type"]))
    figure, axes = style.new_figure(
        1.9 * len(kinds) + 0.5 * (len(kinds) - 1), len(kinds), 1, "The match rate a year ahead",
        "Bars: 80% range of the year's rate, from the years before it. Dots: the rate that came. Crosses with the year: rates outside the range. Years without a bar have no rate in the tables, or none before.", above=0.25, below=0.3, between=(0.4, 0.5), sharex=True,
    )
    for axis, kind in zip(axes[:, 0], kinds, strict=True):
        rows = frame[frame["applicant_type"] == kind].sort_values("year")
        inside = rows["inside"].to_numpy(bool)
        axis.vlines(rows["year"], rows["low"], rows["high"], color=style.PALE, lw=5, label="range")
        axis.plot(rows["year"][inside], rows["rate"][inside], ls="", marker="o", ms=4, color=style.INK, label="inside")
        missed = rows[~inside]
        axis.plot(missed["year"], missed["rate"], ls="", marker="X", ms=6.5, color=style.VERMILLION, mec="white", mew=0.6, label="missed")
        for _, row in missed.iterrows():
            up = row["rate"] > row["high"]
            axis.annotate(
                f"{row['year']:.0f}", (row["year"], row["rate"]), xytext=(0, 6 if up else -6), textcoords="offset points", rotation=90, ha="center",
                va="bottom" if up else "top", fontsize=style.SMALL, color=style.legible(style.VERMILLION), label="direct",
            )
        axis.yaxis.set_major_formatter(style.percent)
        axis.set_ylabel("match rate")
        axis.margins(y=0.24)
        style.heading(axis, f"{type_name(kind, True)}: {inside.sum()} of {len(rows)} inside ({100 * inside.mean():.0f}%)")
        axis.tick_params(labelbottom=True)
    return figure


def worlds_plot(frame):
    """Draw slope, coverage and mean error of made-up worlds, a row a setting, a dot a world.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns setting, world, slope, coverage and mean_error (proportions).

    Returns
    -------
    matplotlib.figure.Figure
    """
    settings = list(dict.fromkeys(frame["setting"]))
    figure, axes = style.new_figure(
        0.62 * len(settings), 1, 3, "Made-up worlds with known truth",
        "A dot a world; bars: the means over the worlds, in bold colour outside the goal. Shaded: the goals for the means (slope 0.95 to 1.05, coverage 76 to 84%).",
        width=8.2, left=max(style.text_width(s) for s in settings) + 0.3, above=0.05, between=(0.35, 0), sharey=True,
    )
    columns = (("slope", "slope to the true log odds", SLOPE_ZONE), ("coverage", "80% ranges holding the truth", COVERAGE_ZONE), ("mean_error", "mean error, points", None))
    for axis, (name, label, zone) in zip(axes[0], columns, strict=True):
        if zone:
            axis.axvspan(*zone, color=style.PALE, alpha=0.6, lw=0)
        for y, setting in enumerate(settings):
            values = np.sort(frame.loc[frame["setting"] == setting, name].to_numpy(float)) * (100 if name == "mean_error" else 1)
            axis.plot(values, y + 0.22 * np.resize([0, 1, -1, 0.5, -0.5], len(values)), ls="", marker="o", ms=3.6, color=style.BLUE, alpha=0.6, mew=0, label=setting)
            mean = values.mean()
            missed = zone is not None and not zone[0] <= mean <= zone[1]
            colour = style.VERMILLION if missed else style.INK
            axis.plot([mean] * 2, [y - 0.34, y + 0.34], color=colour, lw=2, label=f"mean {setting}")
            axis.annotate(
                f"{100 * mean:.1f}%" if name == "coverage" else f"{mean:.2f}", (mean, y - 0.34), xytext=(0, 1), textcoords="offset points", ha="center", va="bottom",
                fontsize=style.SMALL, weight="bold" if missed else "normal", color=style.legible(colour), label="direct",
            )
        axis.set(ylim=(len(settings) - 0.5, -0.7), xlabel=label)
        axis.set_yticks(range(len(settings)), settings)
        if name == "coverage":
            axis.xaxis.set_major_formatter(style.percent)
    return figure


def _by_measured(frame, what):
    """Return the specialties, highest measured value first, those without one last by name."""
    first = frame[frame["what"] == what].dropna(subset="measured").set_index("specialty")["measured"]
    return sorted(dict.fromkeys(frame["specialty"]), key=lambda s: (-first[s] if s in first.index else np.inf, s))


def left_out_plot(frame):
    """Draw what the other specialties predict of one left out, against its own measured value.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns specialty, what ('slope' or 'rate'), predicted, low, high, measured, measured_low, measured_high (its own 80% interval) and inside.

    Returns
    -------
    matplotlib.figure.Figure
    """
    whats = [w for w in ("slope", "rate") if (frame["what"] == w).any()]
    names = _by_measured(frame, whats[0])
    figure, axes = style.new_figure(
        ROW * len(names), 1, len(whats), "Each specialty predicted from the others",
        "Bars: 80% range from the other specialties, tick: its point. Dots: the specialty's own measured value with its 80% interval; crosses: outside the range.",
        left=max(style.text_width(n) for n in names) + 0.25, above=0.25, between=(0.3, 0), sharey=True,
    )
    for axis, what in zip(axes[0], whats, strict=True):
        rows = frame[frame["what"] == what].set_index("specialty")
        for y, name in enumerate(names):
            if name not in rows.index:
                continue
            r = rows.loc[name]
            axis.plot([r["low"], r["high"]], [y, y], color=style.PALE, lw=5, solid_capstyle="butt", label="range")
            axis.plot(r["predicted"], y, marker="|", ms=7, mew=1.2, color=style.GREY, label="predicted")
            colour = style.INK if r["inside"] else style.VERMILLION
            axis.plot([r["measured_low"], r["measured_high"]], [y, y], color=colour, lw=0.9, label="own")
            axis.plot(r["measured"], y, marker="o" if r["inside"] else "X", ms=4.5 if r["inside"] else 6, color=colour, mec="white", mew=0.5, label="measured")
        axis.set(ylim=(len(names) - 0.5, -0.5), xlabel="slope, log odds per ten points of Step 2 CK" if what == "slope" else "match rate")
        axis.set_yticks(range(len(names)), names)
        axis.tick_params(axis="y", length=0)
        if what == "rate":
            axis.xaxis.set_major_formatter(style.percent)
        inside = rows["inside"].to_numpy(bool)
        style.heading(axis, f"{what.capitalize()}: {inside.sum()} of {len(rows)} inside")
    return figure


def sensitivity_plot(frame, title="How far the answers move when a choice is changed"):
    """Draw how far each answer moves when something is changed, one row a change.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns change, applicant, p_ranked, low, high, base (proportions).
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    changes, names = list(dict.fromkeys(frame["change"])), list(dict.fromkeys(frame["applicant"]))
    figure, axes = style.new_figure(
        ROW * 1.2 * len(changes), 1, 2, title,
        "Left: the chance of matching against the answer as shipped, in percentage points. Right: width of its 80% range.",
        left=(left := max(style.text_width(n) for n in changes) + 0.25), above=0.22, between=(0.3, 0), sharey=True, width_ratios=(1.6, 1),
    )
    looks = list(zip(names, np.resize(style.SERIES, len(names)), np.resize(style.MARKERS, len(names)), strict=True))
    for k, (name, colour, marker) in enumerate(looks):
        rows = frame[frame["applicant"] == name]
        y = [changes.index(c) + 0.16 * (k - (len(names) - 1) / 2) for c in rows["change"]]
        axes[0, 0].plot(100 * (rows["p_ranked"] - rows["base"]), y, ls="", marker=marker, ms=4.5, color=colour, mec="white", mew=0.4, label=name)
        axes[0, 1].plot(100 * (rows["high"] - rows["low"]), y, ls="", marker=marker, ms=4.5, color=colour, mec="white", mew=0.4, label=name)
    axes[0, 0].axvline(0, color=style.GREY, lw=0.8)
    axes[0, 0].set(xlabel="change, points", ylim=(len(changes) - 0.5, -0.5))
    axes[0, 0].xaxis.set_major_formatter(style.points)
    axes[0, 1].set(xlabel="width of the 80% range, points")
    axes[0, 0].set_yticks(range(len(changes)), changes)
    for axis in axes[0]:
        axis.tick_params(axis="y", length=0)
        for y in range(len(changes) - 1):
            axis.axhline(y + 0.5, color=style.PALE, lw=0.5, zorder=0, label="_hairline")
    style.key(axes[0, 0], looks, start=0.05 - left)
    return figure
