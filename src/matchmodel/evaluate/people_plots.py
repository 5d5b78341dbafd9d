"""The pictures of the report on persons: reliability and decision curves, a panel a group."""

from textwrap import fill

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from .people_report import verdict

INK, SOFT, BLUE, ORANGE = "#1f2d3d", "#8fa3b5", "#0072b2", "#d55e00"  # the last two after Okabe and Ito: told apart by everybody
SHORT = {"ranked": "given at least one ranked program", "applied": "from the application on"}


def _panels(report, height):
    shown = [g for g in report.groups if g.metrics is not None]
    rows = [estimand for estimand in SHORT if any(g.estimand == estimand for g in shown)]
    widest = max(sum(g.estimand == e for g in shown) for e in rows)
    figure = Figure(figsize=(4.8 * widest + 0.4, height * len(rows) + 0.5), layout="constrained")
    axes = figure.subplots(len(rows), widest, squeeze=False)
    placed = []
    for row, estimand in zip(axes, rows, strict=True):
        groups = [g for g in shown if g.estimand == estimand]
        placed += list(zip(row, groups, strict=False))
        for spare in row[len(groups):]:
            spare.set_visible(False)
    for axis, _ in placed:
        axis.spines[["top", "right"]].set_visible(False)
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure, placed


def _save(figure, path):
    figure.savefig(path, dpi=150, metadata={"Software": None})
    return path


def reliability_plot(report, path):
    """Draw the smooth reliability curves with their bands, and the quantile bins.

    Parameters
    ----------
    report : PeopleReport
    path : str or Path
        PNG.
    """
    figure, placed = _panels(report, 4.9)
    for axis, group in placed:
        m = group.metrics
        axis.plot([0, 1], [0, 1], color=SOFT, lw=1, zorder=1)
        axis.text(0.03, 0.04, "perfect", color="#5c6f80", fontsize=8, rotation=45, rotation_mode="anchor", ha="left", va="bottom")
        if m.curve.p:
            axis.fill_between(m.curve.p, m.curve.low, m.curve.high, color=BLUE, alpha=0.18, lw=0)
            axis.plot(m.curve.p, m.curve.observed, color=BLUE, lw=2, zorder=3)
        share = np.array([(b.predicted, b.observed, b.observed - b.low, b.high - b.observed) for b in m.bins]).T
        axis.errorbar(share[0], share[1], yerr=share[2:], fmt="o", color=INK, ms=4.5, lw=1, zorder=4)
        least, most = min(b.n for b in m.bins), max(b.n for b in m.bins)
        x, y, side = (0.03, 0.97, "left") if m.observed_expected < 1 else (0.97, 0.10, "right")  # the corner that the points are not in
        axis.text(x, y, "line: smoothed, with its 95% band", color=BLUE, fontsize=8, ha=side, va="top")
        axis.text(x, y - 0.05, f"dots: {len(m.bins)} bins of {least if least == most else f'{least} to {most}'} persons, 95% intervals", color=INK, fontsize=8, ha=side, va="top")
        slope = "no slope" if np.isnan(m.slope) else f"slope {m.slope:.2f} (SE {m.slope_se:.2f})"
        axis.set_title(f"{_wrapped(group, verdict(m))}\n{slope}, observed/expected {m.observed_expected:.2f}", fontsize=9.5, loc="left")
        axis.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel=f"predicted chance, {SHORT[group.estimand]}", ylabel="share that matched")
        axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return _save(figure, path)


def _wrapped(group, text):
    return fill(f"{group.who}, {group.metrics.n:,} persons: {text}", 62)


def _run(thresholds, flags):
    """Return the longest run of thresholds whose flag is set, as text; empty where there is none."""
    longest, current = [], []
    for t, flag in zip(thresholds, flags, strict=True):
        current = [*current, t] if flag else []
        longest = max(longest, current, key=len)
    if not longest:
        return ""
    return f"from {100 * longest[0]:.0f}% to {100 * longest[-1]:.0f}%" if len(longest) > 1 else f"at {100 * longest[0]:.0f}%"


def seen(decision):
    """Return what a decision curve shows, in a few words: where the gain is more than 1.96 standard errors from 0."""
    t = [d.threshold for d in decision]
    better, worse = _run(t, [d.gain > 1.96 * d.gain_se for d in decision]), _run(t, [d.gain < -1.96 * d.gain_se for d in decision])
    if not better and not worse:
        return "no clear gain or loss at any threshold"
    return " and ".join(said for said in (better and f"a clear gain {better}", worse and f"a clear loss {worse}") if said)


def decision_plot(report, path):
    """Draw net benefit against the threshold: the model, everybody, nobody.

    Parameters
    ----------
    report : PeopleReport
    path : str or Path
        PNG.
    """
    figure, placed = _panels(report, 3.9)
    for axis, group in placed:
        m = group.metrics
        axis.set_title(_wrapped(group, seen(m.decision)), fontsize=9.5, loc="left")
        axis.set(xlim=(0, 1), xlabel=f"threshold: act from this chance on\n({SHORT[group.estimand]})", ylabel="net benefit")
        if not m.decision:
            axis.text(0.5, 0.5, "too few persons on either side\nof every threshold", transform=axis.transAxes, ha="center", color=INK)
            continue
        t = np.array([d.threshold for d in m.decision])
        model = np.array([d.model for d in m.decision])
        everybody = np.array([d.everybody for d in m.decision])
        top, bottom = max(model.max(), everybody.max()), min(-0.08, 1.2 * model.min())
        axis.axhline(0, color=SOFT, lw=1)
        axis.plot(t, everybody, color=ORANGE, lw=1.5, ls="--")
        axis.plot(t, model, color=BLUE, lw=2.2, marker="o", ms=3.5)
        axis.set_ylim(bottom, top * 1.15 + 0.02)
        axis.annotate("nobody", (0.995, 0), xytext=(0, -3), textcoords="offset points", color="#5c6f80", fontsize=8, ha="right", va="top")
        k = int(np.argmin(np.abs(everybody - (bottom + 0.35 * (everybody[0] - bottom)))))
        axis.annotate("everybody", (t[k], everybody[k]), xytext=(-5, -2), textcoords="offset points", color=ORANGE, fontsize=8, ha="right", va="top")
        k = int(np.argmax(model - np.maximum(everybody, 0)))
        axis.annotate("the model", (t[k], model[k]), xytext=(6, 5), textcoords="offset points", color=BLUE, fontsize=8, ha="left", va="bottom")
    return _save(figure, path)
