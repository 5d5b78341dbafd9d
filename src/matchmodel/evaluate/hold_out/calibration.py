"""Calibration of predicted probabilities against binned counts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy.special import logit
from scipy.stats import binom
from sklearn.metrics import brier_score_loss, log_loss

from ...fit.auc import auc, auc_within


@dataclass(frozen=True)
class Score:
    """A proper score of the predictions, between the worst and the best that the bins allow.

    Attributes
    ----------
    value
        Weighted by applicants; lower is better.
    base
        Of each group's overall share, the same for all its bins.
    saturated
        Of each bin's own share: what no prediction by bin can beat.
    """

    value: float
    base: float
    saturated: float

    @property
    def explained(self) -> float:
        """Share of the way from base to saturated; 1 at the best, below 0 when worse than the base rate."""
        return (
            (self.base - self.value) / (self.base - self.saturated)
            if self.base != self.saturated
            else float("nan")
        )


@dataclass(frozen=True)
class Calibration:
    """How predicted probabilities agree with counts.

    Attributes
    ----------
    slope, slope_se, intercept
        Of logit(observed) on logit(predicted); 1 and 0 when perfect.
    mean_error, floor
        Mean |observed share - predicted|, weighted by applicants, and what independent binomials at the
        predicted rates would give, as proportions.
    in_the_large, in_the_large_se
        The intercept with the slope held at 1: how far all odds are off together.
    auc
        Area under the ROC curve over all bins; it does not see whether probabilities are calibrated.
    auc_within
        The same within each group, weighted by its pairs of matched and not matched.
    brier, log_loss
    applicants, bins
    """

    slope: float
    slope_se: float
    intercept: float
    mean_error: float
    floor: float
    in_the_large: float
    in_the_large_se: float
    auc: float
    auc_within: float
    brier: Score
    log_loss: Score
    applicants: int
    bins: int

    @property
    def ratio(self) -> float:
        """Mean error over the sampling noise."""
        return self.mean_error / self.floor


def binomial_mean_deviation(n: ArrayLike, p: ArrayLike) -> np.ndarray:
    """Return E|K/n - p| for K ~ Binomial(n, p), p strictly between 0 and 1.

    De Moivre's closed form (Diaconis and Zabell, Stat Sci 6:284, 1991):
    E|K - np| = 2 m (1 - p) P(K = m), m = floor(np) + 1.
    """
    n, p = np.asarray(n, float), np.asarray(p, float)
    m = np.floor(n * p) + 1
    deviation: np.ndarray = 2 * m * (1 - p) * binom.pmf(m, n, p) / n
    return deviation


def _score(
    metric: Callable[..., float],
    outcome: np.ndarray,
    weights: np.ndarray,
    value: np.ndarray,
    base: np.ndarray,
    saturated: np.ndarray,
) -> Score:
    kept = (np.tile(np.clip(p, 1e-12, 1 - 1e-12), 2) for p in (value, base, saturated))
    return Score(*(float(metric(outcome, p, sample_weight=weights)) for p in kept))


def calibrate(
    predicted: ArrayLike, matched: ArrayLike, total: ArrayLike, groups: ArrayLike | None = None
) -> Calibration:
    """Compare predicted probabilities with counts.

    Slope and intercept from a binomial GLM of the counts on logit(predicted) (Cox, Biometrika 45:562, 1958).

    Parameters
    ----------
    predicted
        One probability per bin, shape (k,).
    matched, total
        Applicants; bins without any are left out.
    groups
        What the base rates are of, such as the specialty; one base rate for all where absent.
    """
    predicted, matched, total = (np.asarray(v, float) for v in (predicted, matched, total))
    used = total > 0
    _, group = np.unique(
        np.zeros(len(total)) if groups is None else np.asarray(groups, str), return_inverse=True
    )
    predicted, matched, total, group = predicted[used], matched[used], total[used], group[used]
    base = (np.bincount(group, matched) / np.maximum(np.bincount(group, total), 1))[group]
    share = matched / total
    design = sm.add_constant(logit(predicted), has_constant="add")
    fit = sm.GLM(share, design, family=sm.families.Binomial(), var_weights=total).fit()
    offset = logit(predicted)
    level = sm.GLM(
        share, design[:, :1], family=sm.families.Binomial(), var_weights=total, offset=offset
    ).fit()
    weights = total / total.sum()
    outcome, applicants = np.repeat([1, 0], len(total)), np.concatenate([matched, total - matched])
    return Calibration(
        slope=float(fit.params[1]),
        slope_se=float(fit.bse[1]),
        intercept=float(fit.params[0]),
        mean_error=float(weights @ np.abs(share - predicted)),
        floor=float(weights @ binomial_mean_deviation(total, predicted)),
        in_the_large=float(level.params[0]),
        in_the_large_se=float(level.bse[0]),
        auc=auc(predicted, matched, total),
        auc_within=auc_within(predicted, matched, total, group),
        brier=_score(brier_score_loss, outcome, applicants, predicted, base, share),
        log_loss=_score(log_loss, outcome, applicants, predicted, base, share),
        applicants=int(total.sum()),
        bins=int(used.sum()),
    )
