"""The pictures of the report on your own applicants: reliability and decision curves, one panel per group."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from ...plots.style import Picture
from ...report.wording import percent
from .compute import Group, Metrics, PeopleReport
from .decision import NetBenefit
from .report import verdict

# The last two after Okabe and Ito: told apart by everybody.
INK, SOFT, BLUE, ORANGE = "#1f2d3d", "#8fa3b5", "#0072b2", "#d55e00"
WORDS = "#5c6f80"
SHORT = {"ranked": "if at least one program is ranked", "applied": "if one applies"}


def _panels(report: PeopleReport, height: float) -> tuple[Figure, list[tuple[Axes, Group, Metrics]]]:
    shown = [g for g in report.groups if g.metrics is not None]
    rows = [estimand for estimand in SHORT if any(g.estimand == estimand for g in shown)]
    widest = max(sum(g.estimand == e for g in shown) for e in rows)
    figure = Picture(figsize=(4.8 * widest + 0.4, height * len(rows) + 0.5), layout="constrained")
    axes = figure.subplots(len(rows), widest, squeeze=False)
    placed: list[tuple[Axes, Group, Metrics]] = []
    for row, estimand in zip(axes, rows, strict=True):
        groups = [g for g in shown if g.estimand == estimand]
        placed += [
            (axis, g, g.metrics) for axis, g in zip(row, groups, strict=False) if g.metrics is not None
        ]
        for spare in row[len(groups) :]:
            spare.set_visible(False)
    for axis, *_ in placed:
        axis.spines[["top", "right"]].set_visible(False)
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure, placed


def reliability_plot(report: PeopleReport) -> Figure:
    """Draw the smooth reliability curves with their bands, and the quantile bins."""
    figure, placed = _panels(report, 4.9)
    for axis, group, m in placed:
        axis.plot([0, 1], [0, 1], color=SOFT, lw=1, zorder=1)
        axis.text(0.03, 0.04, "perfect", color=WORDS, fontsize=8, rotation=45, rotation_mode="anchor")
        if m.curve.p:
            axis.fill_between(m.curve.p, m.curve.low, m.curve.high, color=BLUE, alpha=0.18, lw=0)
            axis.plot(m.curve.p, m.curve.observed, color=BLUE, lw=2, zorder=3)
        share = np.array(
            [(b.predicted, b.observed, b.observed - b.low, b.high - b.observed) for b in m.bins]
        ).T
        axis.errorbar(share[0], share[1], yerr=share[2:], fmt="o", color=INK, ms=4.5, lw=1, zorder=4)
        least, most = min(b.n for b in m.bins), max(b.n for b in m.bins)
        # in the corner that the points are not in
        x, y, side = (0.03, 0.97, "left") if m.observed_expected < 1 else (0.97, 0.10, "right")
        sizes = least if least == most else f"{least} to {most}"
        count = f"{len(m.bins)} bin{'s' if len(m.bins) > 1 else ''} of {sizes} applicants, 95% intervals"
        axis.text(x, y, "line: smoothed, with its 95% band", color=BLUE, fontsize=8, ha=side, va="top")
        axis.text(x, y - 0.05, f"dots: {count}", color=INK, fontsize=8, ha=side, va="top")
        slope = "no slope" if np.isnan(m.slope) else f"slope {m.slope:.2f} (SE {m.slope_se:.2f})"
        title = f"{_wrapped(group, verdict(m))}\n{slope}, observed/expected {m.observed_expected:.2f}"
        axis.set_title(title, fontsize=9.5, loc="left")
        across = f"predicted chance, {SHORT[group.estimand]}"
        axis.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel=across, ylabel="share that matched")
        axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure


def _wrapped(group: Group, text: str) -> str:
    return fill(f"{group.who}, {group.n:,} applicants: {text}", 62)


def _run(thresholds: Sequence[float], flags: Sequence[bool]) -> str:
    """Return the longest run of thresholds whose flag is set, as text; empty where there is none."""
    longest: list[float] = []
    current: list[float] = []
    for t, flag in zip(thresholds, flags, strict=True):
        current = [*current, t] if flag else []
        longest = max(longest, current, key=len)
    if not longest:
        return ""
    first, last = (percent(t, 0) for t in (longest[0], longest[-1]))
    return f"from {first} to {last}" if len(longest) > 1 else f"at {first}"


def seen(decision: Sequence[NetBenefit]) -> str:
    """Return what a decision curve shows: where the gain is more than 1.96 standard errors from 0."""
    t = [d.threshold for d in decision]
    better = _run(t, [d.gain > 1.96 * d.gain_se for d in decision])
    worse = _run(t, [d.gain < -1.96 * d.gain_se for d in decision])
    if not better and not worse:
        return "no clear gain or loss at any threshold"
    return " and ".join(
        text for text in (better and f"a clear gain {better}", worse and f"a clear loss {worse}") if text
    )


def decision_plot(report: PeopleReport) -> Figure:
    """Draw net benefit against the threshold: the model, everybody, nobody."""
    figure, placed = _panels(report, 3.9)
    for axis, group, m in placed:
        axis.set_title(_wrapped(group, seen(m.decision)), fontsize=9.5, loc="left")
        across = f"threshold: act from this chance on\n({SHORT[group.estimand]})"
        axis.set(xlim=(0, 1), xlabel=across, ylabel="net benefit")
        if not m.decision:
            text = "too few applicants on either side\nof every threshold"
            axis.text(0.5, 0.5, text, transform=axis.transAxes, ha="center", color=INK)
            continue
        _net_benefit(axis, m.decision)
    return figure


def _net_benefit(axis: Axes, decision: Sequence[NetBenefit]) -> None:
    t = np.array([d.threshold for d in decision])
    model, everybody = np.array([d.model for d in decision]), np.array([d.everybody for d in decision])
    top, bottom = max(model.max(), everybody.max()), min(-0.08, 1.2 * model.min())
    axis.axhline(0, color=SOFT, lw=1)
    axis.plot(t, everybody, color=ORANGE, lw=1.5, ls="--")
    axis.plot(t, model, color=BLUE, lw=2.2, marker="o", ms=3.5)
    axis.set_ylim(bottom, top * 1.15 + 0.02)
    lowest = int(np.argmin(np.abs(everybody - (bottom + 0.35 * (everybody[0] - bottom)))))
    highest = int(np.argmax(model - np.maximum(everybody, 0)))
    for text, at, away, colour, across, up in (
        ("nobody", (0.995, 0), (0, -3), WORDS, "right", "top"),
        ("everybody", (t[lowest], everybody[lowest]), (-5, -2), ORANGE, "right", "top"),
        ("the model", (t[highest], model[highest]), (6, 5), BLUE, "left", "bottom"),
    ):
        axis.annotate(
            text, at, xytext=away, textcoords="offset points", color=colour, fontsize=8, ha=across, va=up
        )
