"""Pictures of the verdicts: the figures that decided, and the curves that they were read off."""

import numpy as np

from ..applicant import Applicant
from ..curve import make_curve
from ..plots import curves_plot, style
from .applications import LOW_SCORE, POSSIBLE
from .ask import KIND, contrast
from .claims import named

ROW, BETWEEN_ROWS = 0.2, 0.16  # inches of a dot's row, and between parts
MANY, TIGHT = 8, 0.7  # parts from which rows are drawn closer together
YEARS = np.linspace(0, 20, 81)
PROGRAMS = 200  # applications drawn


def triples(verdict):
    """Return [(part, what, value, low, high)] of a verdict's figures that have a range."""
    found = []
    for name, value in verdict.figures.items():
        if f"{name}, low" in verdict.figures and f"{name}, high" in verdict.figures:
            part, _, what = name.partition(", ")
            found.append((part, what or part, value, verdict.figures[f"{name}, low"], verdict.figures[f"{name}, high"]))
    return found


def ranges_plot(verdict, threshold, title):
    """Draw the figures that decided a verdict, with their 80% ranges, against the threshold of the rule.

    Parameters
    ----------
    verdict : Verdict
        With figures of the form 'part, what', 'part, what, low' and 'part, what, high'.
    threshold : float
        1 for odds; under 1 for chances, drawn in percent.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    found, odds = triples(verdict), threshold == 1.0
    parts, whats = (list(dict.fromkeys(row[k] for row in found)) for k in (0, 1))
    scale = TIGHT if len(parts) > MANY else 1.0
    row, between = ROW * scale, BETWEEN_ROWS * scale
    place, y = {}, 0.0
    for part in parts:
        for what in [what for p, what, *_ in found if p == part]:
            place[part, what], y = y, y + row
        y += between
    left = max(style.text_width(part) for part in parts) + 0.35
    figure, axes = style.new_figure(
        y - between + row, title=title, left=left, right=0.3, below=0.45, above=0.3,
        caption="Dots and lines: the model's value and its 80% range, non-US IMGs. Dashed: the threshold of the rule, which a whole range must be clear of.",
    )
    axis = axes[0, 0]
    for part, what, value, low, high in found:
        k = whats.index(what)
        at, colour = place[part, what], style.SERIES[k % len(style.SERIES)]
        axis.plot([low, high], [at, at], color=colour, lw=1.6, solid_capstyle="round", label="_range")
        axis.plot(value, at, style.MARKERS[k % len(style.MARKERS)], color=colour, ms=5.5, mec="white", mew=0.6, zorder=3, label=f"{part}, {what}")
    axis.axvline(threshold, color=style.INK, lw=0.8, ls=(0, (4, 2)), label="threshold")
    axis.set(ylim=(y - between, -row))
    axis.set_yticks([np.mean([place[p, w] for p, w, *_ in found if p == part]) for part in parts], parts)
    axis.tick_params(axis="y", length=0)
    if odds:
        _odds_axis(axis, [value for row in found for value in row[2:]])
    else:
        axis.set(xlim=(0, None), xlabel="chance of matching, from the application on")
        axis.xaxis.set_major_formatter(style.percent)
    style.key(axis, [(what, style.SERIES[k % len(style.SERIES)], style.MARKERS[k % len(style.MARKERS)]) for k, what in enumerate(whats)], up=0.14)
    return figure


def _odds_axis(axis, values):
    """Make the x axis one of factors on the odds, in equal steps of their logarithm."""
    ticks = np.array([0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0])
    low, high = min(min(values), 0.9) / 1.05, max(max(values), 1.1) * 1.05
    axis.set(xscale="log", xlim=(low, high), xlabel="odds, as a factor")
    axis.set_xticks(ticks[(ticks >= low) & (ticks <= high)], [f"x{t:g}" for t in ticks[(ticks >= low) & (ticks <= high)]])
    axis.minorticks_off()


def low_score_plot(claim, model):
    """Draw the chance at the low score against the number of applications, in the claim's specialties that have a chain.

    Parameters
    ----------
    claim : Claim
    model : Model

    Returns
    -------
    matplotlib.figure.Figure
    """
    chosen = [s for s in named(claim, model, KIND).known if model.has_chain(KIND, s)]
    who = [model.cycle_of(Applicant(s, KIND, step2_ck=LOW_SCORE)) for s in chosen]
    curves = [make_curve(model, a, a.specialty, PROGRAMS) for a in who]
    figure = curves_plot(curves, f"The chance at {LOW_SCORE} by number of applications, non-US IMGs", POSSIBLE)
    axis = figure.axes[0]
    for text in axis.texts:
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
    for many in claim.numbers:
        axis.axvline(many, color=style.INK, lw=0.8, ls=(0, (4, 2)), zorder=0, label="claim")
        axis.annotate(f"the claim's {many:g}", (many, 1), xytext=(4, -2), textcoords="offset points", fontsize=style.SMALL, color=style.INK, va="top", ha="left")
    return figure


def years_plot(claim, model):
    """Draw the odds by years since graduation over those at the first of the claim's years, with the 80% range.

    Parameters
    ----------
    claim : Claim
        Whose first two numbers are years.
    model : Model

    Returns
    -------
    matplotlib.figure.Figure
    """
    recent, limit = claim.numbers[:2]
    specialty = named(claim, model, KIND).known[0]  # the factor is the same in all
    base = Applicant(specialty, KIND, years_since_graduation=recent)
    found = np.array([contrast(model, base._replace(years_since_graduation=float(y)), base) for y in YEARS])
    figure, axes = style.new_figure(
        2.5, title=f"Odds by years since graduation, over those at {recent:g} years", right=0.3,
        caption=f"Line and band: odds over those at {recent:g} years and the 80% range, non-US IMGs, from the evidence register. That the curve is smooth, "
        f"straight in log(1 + years), is assumed. Shaded: the claim's {recent:g} to {limit:g} years.",
    )
    axis = axes[0, 0]
    axis.axvspan(recent, limit, color=style.PALE, alpha=0.6, lw=0, label="claim")
    axis.fill_between(YEARS, found[:, 1], found[:, 2], color=style.BLUE, alpha=0.15, lw=0)
    axis.plot(YEARS, found[:, 0], color=style.BLUE, lw=2, label="odds")
    axis.axhline(1, color=style.INK, lw=0.8, ls=(0, (4, 2)), label="no effect")
    axis.set(xlim=(0, YEARS[-1]), ylim=(0, None), xlabel="years since graduation", ylabel="odds, as a factor", xticks=range(0, 21, 5))
    return figure


def strictness_plot(claim, tidy, specialty="Neurology", statistic="p10"):
    """Draw how strict programs are about scores: programs, from the most lenient, by the score under which a tenth of their invited lie.

    Parameters
    ----------
    claim : Claim
        Whose first number is a cutoff.
    tidy : matchmodel.etl.Tidy
        With the table invited_step2.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = tidy.table("invited_step2")
    rows = rows[(rows["applicant_type"] == KIND) & (rows["specialty"] == specialty) & (rows["statistic"] == statistic)].sort_values("quantile")
    cutoff = claim.numbers[0]
    figure, axes = style.new_figure(
        2.5, title=f"{specialty} programs by the scores that they invite", right=0.3,
        caption=f"Line: programs with figures ({rows['programs'].iloc[0]:.0f}), from the most lenient, by the Step 2 CK under which a tenth of their invited non-US IMGs lie. "
        "Part of the spread is chance, since a program invites few. No table has the programs' rules on failures beside it.",
    )
    axis = axes[0, 0]
    axis.plot(rows["quantile"], rows["step2_ck"], color=style.BLUE, lw=2, marker="o", ms=3.5, clip_on=False, label="programs")
    axis.axhline(cutoff, color=style.INK, lw=0.8, ls=(0, (4, 2)), label="claim")
    axis.annotate(f"the claim's {cutoff:g}", (0, cutoff), xytext=(4, 3), textcoords="offset points", fontsize=style.SMALL, color=style.INK, va="bottom", ha="left")
    axis.set(xlim=(0, 1), xlabel="programs, from the most lenient", ylabel="Step 2 CK")
    axis.xaxis.set_major_formatter(style.percent)
    return figure
