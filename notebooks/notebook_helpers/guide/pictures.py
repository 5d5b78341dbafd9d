"""Pictures of the verdicts: the figures that decided, and the curves that they were read off."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from matchmodel.applicant import Applicant
from matchmodel.curve import make_curve
from matchmodel.etl import Tidy
from matchmodel.model import Model
from matchmodel.model.engine import ranges
from matchmodel.plots import curves_plot, style
from notebook_helpers.guide.applications import LOW_SCORE, POSSIBLE
from notebook_helpers.guide.ask import KIND
from notebook_helpers.guide.claims import Claim, named
from notebook_helpers.guide.result import Verdict

ROW, BETWEEN_ROWS = 0.2, 0.16  # inches of a dot's row, and between parts
MANY, TIGHT = 8, 0.7  # parts from which rows stand closer together
YEARS = np.linspace(0, 20, 81)
PROGRAMS = 200  # applications drawn
TICKS = np.array([0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0])
DASHED = (0, (4, 2))


def triples(verdict: Verdict) -> list[tuple[str, str, float, float, float]]:
    """Return (part, what, value, low, high) of a verdict's figures that have a range."""
    figures = []
    for name, value in verdict.figures.items():
        if f"{name}, low" in verdict.figures and f"{name}, high" in verdict.figures:
            part, _, what = name.partition(", ")
            ends = verdict.figures[f"{name}, low"], verdict.figures[f"{name}, high"]
            figures.append((part, what or part, value, *ends))
    return figures


def ranges_plot(verdict: Verdict, threshold: float, title: str) -> Figure:
    """Draw the figures that decided a verdict, with their 80% ranges, against the threshold of the rule.

    Parameters
    ----------
    verdict
        With figures of the form 'part, what', 'part, what, low' and 'part, what, high'.
    threshold
        1 for odds; under 1 for chances, drawn in percent.
    title
    """
    figures, odds = triples(verdict), threshold == 1.0
    parts = list(dict.fromkeys(part for part, *_ in figures))
    whats = list(dict.fromkeys(what for _, what, *_ in figures))
    scale = TIGHT if len(parts) > MANY else 1.0
    row, between = ROW * scale, BETWEEN_ROWS * scale
    place: dict[tuple[str, str], float] = {}
    y = 0.0
    for part in parts:
        for what in [what for p, what, *_ in figures if p == part]:
            place[part, what], y = y, y + row
        y += between
    left = max(style.text_width(part) for part in parts) + 0.35
    figure, axes = style.new_figure(
        y - between + row, title=title, left=left, right=0.3, below=0.45, above=0.3,
        caption="Dots and lines: the model's value and its 80% range, non-US IMGs. Dashed: the threshold of "
        "the rule, "
        "which a whole range must be clear of.",
    )  # fmt: skip
    axis = axes[0, 0]
    for part, what, value, low, high in figures:
        k, at = whats.index(what), place[part, what]
        colour, marker = style.SERIES[k % len(style.SERIES)], style.MARKERS[k % len(style.MARKERS)]
        axis.plot([low, high], [at, at], color=colour, lw=1.6, solid_capstyle="round", label="_range")
        look = {"ms": 5.5, "mec": "white", "mew": 0.6, "zorder": 3}
        axis.plot(value, at, marker, color=colour, label=f"{part}, {what}", **look)
    axis.axvline(threshold, color=style.INK, lw=0.8, ls=DASHED, label="threshold")
    axis.set(ylim=(y - between, -row))
    axis.set_yticks([np.mean([place[p, w] for p, w, *_ in figures if p == part]) for part in parts], parts)
    axis.tick_params(axis="y", length=0)
    if odds:
        _odds_axis(axis, [value for row in figures for value in row[2:]])
    else:
        axis.set(xlim=(0, None), xlabel="chance of matching if you apply")
        axis.xaxis.set_major_formatter(style.percent_tick)
    looks = zip(whats, np.resize(style.SERIES, len(whats)), np.resize(style.MARKERS, len(whats)), strict=True)
    style.key(axis, list(looks), up=0.14)
    return figure


def _odds_axis(axis: Axes, values: list[float]) -> None:
    """Make the x axis one of factors on the odds, in equal steps of their logarithm."""
    low, high = min(min(values), 0.9) / 1.05, max(max(values), 1.1) * 1.05
    axis.set(xscale="log", xlim=(low, high), xlabel="odds, as a factor")
    ticks = TICKS[(TICKS >= low) & (TICKS <= high)]
    axis.set_xticks(ticks, [f"x{t:g}" for t in ticks])
    axis.minorticks_off()


def _mark(axis: Axes, at: tuple[float, float], text: str, above: bool) -> None:
    """Write what a line of the claim is, beside it."""
    axis.annotate(
        text, at, xytext=(4, 3 if above else -2), textcoords="offset points", fontsize=style.SMALL,
        color=style.INK,
        va="bottom" if above else "top", ha="left",
    )  # fmt: skip


def low_score_plot(claim: Claim, model: Model) -> Figure:
    """Draw the chance at the low score against the number of applications, where the claim has a chain."""
    chosen = [s for s in named(claim, model, KIND).known if model.has_chain(KIND, s)]
    curves = [make_curve(model, Applicant(s, KIND, step2_ck=LOW_SCORE), s, PROGRAMS) for s in chosen]
    figure = curves_plot(
        curves, f"The chance at {LOW_SCORE} by number of applications, non-US IMGs", POSSIBLE
    )
    axis = figure.axes[0]
    for text in axis.texts:
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
    for many in claim.numbers:
        axis.axvline(many, color=style.INK, lw=0.8, ls=DASHED, zorder=0, label="claim")
        _mark(axis, (many, 1), f"the claim's {many:g}", False)
    return figure


def years_plot(claim: Claim, model: Model, specialty: str = "Internal Medicine") -> Figure:
    """Draw the odds by years since graduation over those at the first of the claim's years."""
    recent, limit = claim.numbers[:2]
    applicants = [
        model.resolve(Applicant(specialty, KIND, years_since_graduation=float(y))) for y in (recent, *YEARS)
    ]
    log_odds = model.people(applicants).log_odds
    point, low, high = (np.exp(v) for v in ranges(log_odds[1:] - log_odds[0]))
    figure, axes = style.new_figure(
        2.5, title=f"{specialty}: odds by years since graduation, over those at {recent:g} years", right=0.3,
        caption=f"Line and band: odds over those at {recent:g} years and the 80% range, non-US IMGs, from "
        f"the evidence "
        "register and what directors report. That the curve is smooth, straight in log(1 + years), and "
        f"does not rise is assumed. Shaded: the claim's {recent:g} to {limit:g} years.",
    )  # fmt: skip
    axis = axes[0, 0]
    axis.axvspan(recent, limit, color=style.PALE, alpha=0.6, lw=0, label="claim")
    axis.fill_between(YEARS, low, high, color=style.BLUE, alpha=0.15, lw=0)
    axis.plot(YEARS, point, color=style.BLUE, lw=2, label="odds")
    axis.axhline(1, color=style.INK, lw=0.8, ls=DASHED, label="no effect")
    axis.set(xlim=(0, YEARS[-1]), ylim=(0, None), xlabel="years since graduation", ylabel="odds, as a factor")
    axis.set_xticks(range(0, 21, 5))
    return figure


def strictness_plot(claim: Claim, tidy: Tidy, specialty: str = "Neurology", statistic: str = "p10") -> Figure:
    """Draw how strict programs are about scores.

    Programs, from the most lenient, by the score under which a tenth of their invited lie.

    Parameters
    ----------
    claim
        Whose first number is a cutoff.
    tidy
        With the table invited_step2.
    specialty, statistic
    """
    rows = tidy.table("invited_step2")
    rows = rows[(rows["applicant_type"] == KIND) & (rows["specialty"] == specialty)]
    rows = rows[rows["statistic"] == statistic].sort_values("quantile")
    cutoff, programs = claim.numbers[0], rows["programs"].iloc[0]
    figure, axes = style.new_figure(
        2.5, title=f"{specialty} programs by the scores that they invite", right=0.3,
        caption=f"Line: programs with figures ({programs:.0f}), from the most lenient, by the Step 2 CK "
        f"under which a tenth "
        "of their invited non-US IMGs lie. Part of the spread is chance, since a program invites few. No "
        "table has the programs' rules on failures beside it.",
    )  # fmt: skip
    axis, look = axes[0, 0], {"lw": 2, "marker": "o", "ms": 3.5, "clip_on": False}
    axis.plot(rows["quantile"], rows["step2_ck"], color=style.BLUE, label="programs", **look)
    axis.axhline(cutoff, color=style.INK, lw=0.8, ls=DASHED, label="claim")
    _mark(axis, (0, cutoff), f"the claim's {cutoff:g}", True)
    axis.set(xlim=(0, 1), xlabel="programs, from the most lenient", ylabel="Step 2 CK")
    axis.xaxis.set_major_formatter(style.percent_tick)
    return figure
