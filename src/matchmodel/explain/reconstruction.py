"""Steps 1 and 2 of the model shown on one specialty: cohorts rebuilt, and the slope fitted to them (notebook 2)."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ..covariates import step2_u
from ..fit.cells import COHORTS, measured_cells
from ..fit.logistic import DEFAULT_TAIL, fit_slope
from ..fit.reconstruct import POINTS, TAILS, quantile_points, reconstruct
from ..plots import style
from .words import fixed

WHERE = ("non-us-img", "Internal Medicine")
NAMES = {"matched": "matched", "not_matched": "not matched"}
TAIL_LINES = {"segment": (0, (1, 1.5)), "iqr": "-", "extreme": (0, (4, 2))}
COLOURS = {"matched": style.BLUE, "not_matched": style.VERMILLION}
SEED = 0  # of the draws within the rounding


def cell_of(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Return the newest `Measured` of a specialty's Step 2 CK."""
    return measured_cells(tidy, "step2_ck")[kind, specialty][0]


def printed(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Return everything that the report prints of the two cohorts' scores."""
    cell = cell_of(tidy, kind, specialty)
    rows = []
    for cohort in COHORTS:
        s = getattr(cell, cohort)
        rows.append((NAMES[cohort], f"{s.n:,.0f}", *(fixed(v, 0) for v in (s.minimum, s.q1, s.median, s.q3, s.maximum, s.mean, s.sd))))
    return pd.DataFrame(rows, columns=["cohort", "n", "min", "Q1", "median", "Q3", "max", "mean", "SD"])


def moments(values, weights):
    """Return weighted mean and SD."""
    mean = np.average(values, weights=weights)
    return float(mean), float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))


def rebuilt(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Return mean, SD and the quarters' weights of the rebuilt cohorts, before and after the tilt.

    Returns
    -------
    pandas.DataFrame
        cohort, printed_mean, printed_sd, mean_before, sd_before, mean_after, sd_after, and
        quarters: the weights of the four quarters after the tilt.
    """
    cell, rows = cell_of(tidy, kind, specialty), []
    for cohort in COHORTS:
        s = getattr(cell, cohort)
        values, weights = reconstruct(s, DEFAULT_TAIL)
        quarter = np.minimum(np.arange(POINTS) * 4 // POINTS, 3)
        shares = np.bincount(quarter, weights) / weights.sum()
        rows.append((cohort, s.mean, s.sd, *moments(values, np.ones(POINTS)), *moments(values, weights), tuple(shares)))
    return pd.DataFrame(rows, columns=["cohort", "printed_mean", "printed_sd", "mean_before", "sd_before", "mean_after", "sd_after", "quarters"])


def rebuilt_table(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Return `rebuilt` as it is shown."""
    found = rebuilt(tidy, kind, specialty)
    return pd.DataFrame({
        "cohort": found["cohort"].map(NAMES),
        "mean: printed": found["printed_mean"].map(lambda v: fixed(v, 0)),
        "before the tilt": found["mean_before"].map(fixed),
        "after": found["mean_after"].map(fixed),
        "SD: printed": found["printed_sd"].map(lambda v: fixed(v, 0)),
        "SD before": found["sd_before"].map(fixed),
        "SD after": found["sd_after"].map(fixed),
        "quarters' weights after": found["quarters"].map(lambda q: ", ".join(f"{v:.3f}" for v in q)),
    })


def quantile_figure(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Draw the quantile functions under three tails, and the points' weights after the tilt."""
    cell = cell_of(tidy, kind, specialty)
    figure, axes = style.new_figure(
        2.9, 1, 2, f"Step 1: two cohorts rebuilt ({specialty})",
        "Left: quantile functions through the printed quartiles (dots), straight beyond them on the normal-score scale by one of three rules, cut at the printed extremes. "
        f"Right: the {POINTS} points of the rule in use with the weights that give the printed mean and SD; dotted, the equal weights before. Jumps are where one "
        "quarter ends and the next begins: each keeps its fourth.",
        above=0.2, between=(0.6, 0),
    )
    z = ndtri((np.arange(POINTS) + 0.5) / POINTS)
    left, right = axes[0]
    for cohort in COHORTS:
        s, colour = getattr(cell, cohort), COLOURS[cohort]
        for tail in TAILS:
            name = "along the quarter beside" if tail == "segment" else "along both quarters (used)" if tail == "iqr" else "towards the extremes"
            left.plot(z, quantile_points(s, tail), color=colour, ls=TAIL_LINES[tail], lw=1.2, label=f"{name}" if cohort == "matched" else None)
        left.plot(ndtri([0.25, 0.5, 0.75]), [s.q1, s.median, s.q3], "o", color=colour, ms=5, mec="white", zorder=3)
        values, weights = reconstruct(s, DEFAULT_TAIL)
        right.plot(values, weights / weights.sum(), "o", color=colour, ms=2.6, label=NAMES[cohort])
    left.set(xlabel="normal score of the quantile", ylabel="Step 2 CK")
    left.legend(frameon=False, fontsize=style.SMALL, loc="lower right")
    right.axhline(1 / POINTS, color=style.GREY, lw=0.8, ls=(0, (1, 2)))
    right.set(xlabel="Step 2 CK", ylabel="weight of a point")
    right.set(ylim=(0, 0.0205), yticks=(0, 0.005, 0.01, 0.015, 0.02))
    right.yaxis.set_major_formatter(style.percent)
    right.legend(frameon=False, fontsize=style.SMALL, loc="upper right")
    return figure


def tail_slopes(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Return the slope per ten points under each tail, from the quartiles alone and tilted to mean and SD.

    Returns
    -------
    pandas.DataFrame
        tail, quartiles, tilted.
    """
    cell = cell_of(tidy, kind, specialty)
    bare = replace(cell, **{c: replace(getattr(cell, c), mean=np.nan, sd=np.nan) for c in COHORTS})
    rows = [(tail, *(fit_slope(one, step2_u, np.random.default_rng(SEED), tail=tail).value for one in (bare, cell))) for tail in TAILS]
    return pd.DataFrame(rows, columns=["tail", "quartiles", "tilted"])


def tail_table(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Return `tail_slopes` as it is shown."""
    found = tail_slopes(tidy, kind, specialty)
    return pd.DataFrame({
        "tail": found["tail"],
        "slope from the quartiles alone": found["quartiles"].map(lambda v: fixed(v, 3)),
        "slope after the tilt to mean and SD": found["tilted"].map(lambda v: fixed(v, 3)),
    })


def tail_sentence(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Say by how much the choice of tail moves the slope, with and without the tilt."""
    found = tail_slopes(tidy, kind, specialty)
    plain, tilted = found["quartiles"], found["tilted"]
    return (
        f"From the quartiles alone the slope is anything between {plain.min():.2f} and {plain.max():.2f} by the choice of tail; tilted to the printed mean and SD it is "
        f"{tilted.min():.3f} to {tilted.max():.3f} under all three: "
        f"the choice moves it by {np.ptp(tilted):.3f} instead of {np.ptp(plain):.3f}."
    )


def slope_sentence(fit, specialty=WHERE[1]):
    """Say what the fitted slope of a `TypeFit`'s specialty is, and what its standard error is made of."""
    s = fit.slope_years.newest[fit.specialties.index(specialty)]
    return (
        f"{specialty}: ten points of Step 2 CK go with {s.value:+.3f} log odds, a factor of {np.exp(s.value):.2f} on the odds. The standard error of {s.se:.3f} is made "
        f"of sampling ({s.se_sampling:.3f}), "
        f"the rounding of what is printed ({s.se_rounding:.3f}) and the choice of tail ({s.se_tails:.3f}), added in squares; {s.n:,.0f} persons."
    )
