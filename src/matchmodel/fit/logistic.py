"""The slope of the log-odds of matching on one measure, in one cell (step 2)."""

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from .reconstruct import SCORE_RANGE, TAILS

DEFAULT_TAIL = "iqr"
JITTERS = 20  # replicates for the rounding; their variance is small beside the sampling variance


@dataclass(frozen=True)
class Slope:
    """A fitted slope and where its variance comes from.

    Attributes
    ----------
    value : float
        Log odds per unit of u.
    se_sampling, se_rounding, se_tails : float
        Of the binomial sampling, of the printed numbers' rounding, of the choice of tail.
    n : float
        Persons in the fit.
    converged : bool
    reason : str
        Why not, in words.
    """

    value: float
    se_sampling: float
    se_rounding: float
    se_tails: float
    n: float
    converged: bool = True
    reason: str = ""

    @property
    def se(self):
        """The three parts together."""
        return float(np.sqrt(self.se_sampling**2 + self.se_rounding**2 + self.se_tails**2))


def _glm(cohorts, transform):
    values = np.concatenate([cohorts["matched"][0], cohorts["not_matched"][0]])
    weights = np.concatenate([cohorts["matched"][1], cohorts["not_matched"][1]])
    outcome = np.concatenate([np.ones(len(cohorts["matched"][0])), np.zeros(len(cohorts["not_matched"][0]))])
    used = weights > 0
    design = sm.add_constant(transform(values[used]), has_constant="add")
    with warnings.catch_warnings(), np.errstate(over="ignore"):
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # `fit_slope` says it in words
        fitted = sm.GLM(outcome[used], design, family=sm.families.Binomial(), freq_weights=weights[used]).fit(maxiter=50)
    return float(fitted.params[1]), float(fitted.bse[1]), bool(fitted.converged)


def fit_slope(measured, transform, rng, limits=SCORE_RANGE, tail=DEFAULT_TAIL):
    """Fit a weighted binomial GLM to a cell's two reconstructed cohorts.

    logit P(matched | u) = a + b u, weights = persons, by iteratively reweighted least
    squares (McCullagh and Nelder, Generalized Linear Models, 1989, ch. 4). The variance adds
    that of b over `JITTERS` draws of the printed numbers within their rounding, and that of a
    uniform distribution between the smallest and largest b over the tails of `TAILS`.

    Parameters
    ----------
    measured : matchmodel.fit.cells.Measured
        With both cohorts (`complete`).
    transform : callable
        Array of values -> array of u.
    rng : numpy.random.Generator
    limits : tuple of float
        Where values are clipped when no extremes are printed.
    tail : str

    Returns
    -------
    Slope
    """
    cohorts = measured.cohorts(tail, limits)
    n = float(sum(w.sum() for _, w in cohorts.values()))
    if np.ptp(transform(np.concatenate([v[w > 0] for v, w in cohorts.values()]))) == 0:
        return Slope(0.0, np.inf, 0.0, 0.0, n, False, "the printed numbers show no variation")
    try:
        value, se, converged = _glm(cohorts, transform)
    except Exception as error:  # statsmodels raises several kinds on separation
        return Slope(0.0, np.inf, 0.0, 0.0, n, False, f"the fit failed: {error}")
    if not converged or not np.isfinite(se) or se > 50:
        return Slope(0.0, np.inf, 0.0, 0.0, n, False, "the cohorts do not overlap, or the fit did not converge")
    if measured.bins is not None:
        return Slope(value, se, 0.0, 0.0, n)
    by_tail = [value if t == tail else _glm(measured.cohorts(t, limits), transform)[0] for t in TAILS]
    rounded = [_glm(measured.jittered(rng).cohorts(tail, limits), transform)[0] for _ in range(JITTERS)]
    return Slope(value, se, float(np.std(rounded, ddof=1)), float(np.ptp(by_tail) / np.sqrt(12)), n)
