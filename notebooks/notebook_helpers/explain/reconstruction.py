"""Steps 1 and 2 of the model on one specialty: cohorts rebuilt, and the slope fitted to them (notebook 2)."""

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.special import ndtri

from matchmodel.covariates import step2_u
from matchmodel.etl import Tidy
from matchmodel.fit.chain.ranks import RANK_LIMITS
from matchmodel.fit.tables.cells import COHORTS, Measured, measured_cells
from matchmodel.fit.tables.logistic import DEFAULT_TAIL, fit_slope
from matchmodel.fit.tables.reconstruct import POINTS, SHAPES, TAILS, quantile_points, reconstruct
from matchmodel.fit.tables.score_slopes import TypeFit
from matchmodel.plots import style
from notebook_helpers.words import fixed

WHERE = ("non-us-img", "Internal Medicine")
NAMES = {"matched": "matched", "not_matched": "not matched"}
TAIL_NAMES = {
    "segment": "along the quarter beside", "iqr": "along both quarters (used)",
    "extreme": "towards the extremes",
}  # fmt: skip
LINES = {"segment": (0, (1, 1.5)), "iqr": "-", "extreme": (0, (4, 2))}
COLOURS = {"matched": style.BLUE, "not_matched": style.VERMILLION}
SEED = 0  # of the draws within the rounding
NEAR = 0.02  # of a printed mean
MOST_RANKS_SHOWN = 16


def cell_of(tidy: Tidy, measure: str = "step2_ck", specialty: str = WHERE[1]) -> Measured:
    """Return the newest table of a measure in a specialty of non-US IMGs."""
    cell: Measured = measured_cells(tidy, measure)[WHERE[0], specialty][0]
    return cell


def printed(tidy: Tidy, measure: str = "step2_ck", specialty: str = WHERE[1]) -> pd.DataFrame:
    """Return everything that the report prints of both cohorts, as it prints it."""
    cell, rows = cell_of(tidy, measure, specialty), []
    for cohort in COHORTS:
        s = getattr(cell, cohort)
        numbers = (s.minimum, s.q1, s.median, s.q3, s.maximum, s.mean, s.sd)
        rows.append((NAMES[cohort], f"{s.n:,.0f}", *("" if np.isnan(v) else f"{v:g}" for v in numbers)))
    return pd.DataFrame(rows, columns=["cohort", "n", "min", "Q1", "median", "Q3", "max", "mean", "SD"])


def moments(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return weighted mean and SD."""
    mean = np.average(values, weights=weights)
    return float(mean), float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))


def rebuilt(tidy: Tidy, specialty: str = WHERE[1]) -> pd.DataFrame:
    """Return mean, SD and the quarters' weights of the rebuilt scores, before and after the tilt.

    Returns
    -------
    frame
        cohort, printed_mean, printed_sd, mean_before, sd_before, mean_after, sd_after, and quarters: the
        weights of the four quarters after the tilt.
    """
    cell, rows = cell_of(tidy, specialty=specialty), []
    for cohort in COHORTS:
        s = getattr(cell, cohort)
        values, weights = reconstruct(s, DEFAULT_TAIL)
        quarter = np.minimum(np.arange(POINTS) * 4 // POINTS, 3)
        shares = tuple(np.bincount(quarter, weights) / weights.sum())
        rows.append(
            (cohort, s.mean, s.sd, *moments(values, np.ones(POINTS)), *moments(values, weights), shares)
        )
    columns = [
        "cohort",
        "printed_mean",
        "printed_sd",
        "mean_before",
        "sd_before",
        "mean_after",
        "sd_after",
        "quarters",
    ]
    return pd.DataFrame(rows, columns=columns)


def rebuilt_table(tidy: Tidy, specialty: str = WHERE[1]) -> pd.DataFrame:
    """Return `rebuilt` as it is shown."""
    cohorts = rebuilt(tidy, specialty)
    return pd.DataFrame({
        "cohort": cohorts["cohort"].map(NAMES), "mean: printed": cohorts["printed_mean"].map("{:g}".format),
        "before the tilt": cohorts["mean_before"].map(fixed), "after": cohorts["mean_after"].map(fixed),
        "SD: printed": cohorts["printed_sd"].map("{:g}".format), "SD before": cohorts["sd_before"].map(fixed),
        "SD after": cohorts["sd_after"].map(fixed),
        "weights of the quarters after": cohorts["quarters"].map(lambda q: ", ".join(f"{v:.3f}" for v in q)),
    })  # fmt: skip


def quantile_figure(tidy: Tidy, specialty: str = WHERE[1]) -> Figure:
    """Draw the quantile functions under three tails, and the weights of the points after the tilt."""
    cell = cell_of(tidy, specialty=specialty)
    figure, axes = style.new_figure(
        2.9, 1, 2, f"Step 1: the scores of two cohorts rebuilt ({specialty})",
        "Left: quantile functions through the printed quartiles (dots), straight beyond them on the "
        f"normal-score scale by one of three rules, cut at the printed extremes. Right: the {POINTS} points "
        "of the rule in use with the weights that give the printed mean and SD; dotted, the equal weights "
        "before. Jumps are where one quarter ends and the next begins: each keeps its fourth.",
        above=0.2, between=(0.6, 0),
    )  # fmt: skip
    z = ndtri((np.arange(POINTS) + 0.5) / POINTS)
    left, right = axes[0]
    for cohort in COHORTS:
        s, colour = getattr(cell, cohort), COLOURS[cohort]
        for tail in TAILS:
            label = TAIL_NAMES[tail] if cohort == "matched" else None
            left.plot(z, quantile_points(s, tail), color=colour, ls=LINES[tail], lw=1.2, label=label)
        left.plot(
            ndtri([0.25, 0.5, 0.75]), [s.q1, s.median, s.q3], "o", color=colour, ms=5, mec="white", zorder=3
        )
        values, weights = reconstruct(s, DEFAULT_TAIL)
        right.plot(values, weights / weights.sum(), "o", color=colour, ms=2.6, label=NAMES[cohort])
    left.set(xlabel="normal score of the quantile", ylabel="Step 2 CK")
    left.legend(frameon=False, fontsize=style.SMALL, loc="lower right")
    right.axhline(1 / POINTS, color=style.GREY, lw=0.8, ls=(0, (1, 2)))
    right.set(
        xlabel="Step 2 CK", ylabel="weight of a point", ylim=(0, 0.0205), yticks=np.arange(0, 0.021, 0.005)
    )
    right.yaxis.set_major_formatter(style.percent_tick)
    right.legend(frameon=False, fontsize=style.SMALL, loc="upper right")
    return figure


def tail_slopes(tidy: Tidy, specialty: str = WHERE[1]) -> pd.DataFrame:
    """Return the slope per ten points under each tail: from the quartiles alone, and tilted to mean and SD.

    Returns
    -------
    frame
        tail, quartiles, tilted.
    """
    cell = cell_of(tidy, specialty=specialty)
    bare = replace(cell, **{c: replace(getattr(cell, c), mean=np.nan, sd=np.nan) for c in COHORTS})

    def slope(one: Measured, tail: str) -> float:
        return fit_slope(one, step2_u, np.random.default_rng(SEED), tail=tail).value

    rows = [(tail, slope(bare, tail), slope(cell, tail)) for tail in TAILS]
    return pd.DataFrame(rows, columns=["tail", "quartiles", "tilted"])


def tail_table(tidy: Tidy, specialty: str = WHERE[1]) -> pd.DataFrame:
    """Return `tail_slopes` as it is shown."""
    slopes = tail_slopes(tidy, specialty)
    return pd.DataFrame({
        "tail": slopes["tail"].map(TAIL_NAMES),
        "slope from the quartiles alone": slopes["quartiles"].map(lambda v: fixed(v, 3)),
        "slope after the tilt to mean and SD": slopes["tilted"].map(lambda v: fixed(v, 3)),
    })  # fmt: skip


def slope_sentence(fit: TypeFit, specialty: str = WHERE[1]) -> str:
    """Say what the fitted slope of a specialty is, and what its standard error is made of."""
    s = fit.slope_years.newest[fit.specialties.index(specialty)]
    return (
        f"{specialty}: ten points of Step 2 CK go with {s.value:+.3f} log odds, a factor of "
        f"{np.exp(s.value):.2f} on the odds. The standard error of {s.se:.3f} is made of sampling "
        f"({s.se_sampling:.3f}), the rounding of what is printed ({s.se_rounding:.3f}) and the choice of "
        f"tail ({s.se_tails:.3f}), added in squares; {s.n:,.0f} applicants."
    )


# --- small whole numbers ------------------------------------------------------------------------------------


def ranks_rebuilt(tidy: Tidy) -> pd.DataFrame:
    """Return printed and rebuilt mean and SD of every cohort's contiguous ranks, largest miss first.

    Returns
    -------
    frame
        specialty, cohort, n, printed_mean, printed_sd, mean, sd, missed (the larger of both misses, over the
        larger of mean and SD).
    """
    rows = []
    for (kind, specialty), cells in measured_cells(tidy, "contiguous_ranks").items():
        newest = cells[0]
        if kind != WHERE[0] or newest.bins is not None:
            continue
        for name, (values, weights) in newest.cohorts(DEFAULT_TAIL, RANK_LIMITS).items():
            s, (mean, sd) = getattr(newest, name), moments(values, weights)
            missed = max(abs(mean - s.mean), abs(sd - s.sd)) / max(s.mean, s.sd)
            rows.append((specialty, name, s.n, s.mean, s.sd, mean, sd, missed))
    columns = ["specialty", "cohort", "n", "printed_mean", "printed_sd", "mean", "sd", "missed"]
    return pd.DataFrame(rows, columns=columns).sort_values("missed", ascending=False, ignore_index=True)


def ranks_sentence(tidy: Tidy) -> str:
    """Say how well the cohorts' ranks are rebuilt."""
    cells = ranks_rebuilt(tidy).dropna(subset="missed")
    worst = cells.iloc[0]
    return (
        f"In {int((cells['missed'] <= NEAR).sum())} of {len(cells)} cohorts the rebuilt ranks have the "
        f"printed mean and SD to within {NEAR:.0%}; the largest miss is {worst['missed']:.0%}, in the "
        f"{worst['n']:.0f} {NAMES[worst['cohort']]} of {worst['specialty']}, where no weights with a fourth "
        "in each quarter give both."
    )


def ranks_figure(tidy: Tidy, specialty: str = WHERE[1]) -> Figure:
    """Draw how both cohorts' ranks are spread over whole numbers, under three shapes."""
    cell = cell_of(tidy, "contiguous_ranks", specialty)
    figure, axes = style.new_figure(
        2.0, 1, 2, f"Step 1 for whole numbers: contiguous ranks rebuilt ({specialty})",
        "Share of a cohort at each number of ranks. Bars: the geometric shape within each quarter (used), "
        "tilted to the printed mean and SD. Marks: a gamma and a lognormal shape in its place. Cut at the "
        "right.",
        above=0.2, sharey=True,
    )  # fmt: skip
    for axis, cohort in zip(axes[0], COHORTS, strict=True):
        for tail, marker in zip(TAILS, ("_", "", "x"), strict=True):
            values, weights = reconstruct(getattr(cell, cohort), tail, limits=RANK_LIMITS)
            here = values <= MOST_RANKS_SHOWN
            x, y = values[here], (weights / weights.sum())[here]
            if tail == DEFAULT_TAIL:
                axis.bar(x, y, color=COLOURS[cohort], alpha=0.6, width=0.8)
            else:
                axis.plot(x, y, marker, color=style.INK, ms=5, label=SHAPES[tail])
        style.heading(axis, NAMES[cohort], size=style.TEXT)
        axis.set(xlabel="contiguous ranks", xlim=(0.3, MOST_RANKS_SHOWN + 0.7))
    axes[0, 0].set_ylabel("share of the cohort")
    axes[0, 0].yaxis.set_major_formatter(style.percent_tick)
    axes[0, 1].legend(frameon=False, fontsize=style.SMALL)
    return figure
