"""Calibration of predicted probabilities against binned counts."""

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy.special import logit
from scipy.stats import binom
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score


@dataclass(frozen=True)
class Score:
    """A proper score of the predictions, between the worst and the best that the bins allow.

    Attributes
    ----------
    value : float
        Person-weighted; lower is better.
    base : float
        Of each group's overall share, the same for all its bins.
    saturated : float
        Of each bin's own share: what no prediction by bin can beat.
    """

    value: float
    base: float
    saturated: float

    @property
    def explained(self):
        """Share of the way from base to saturated; 1 at the best, below 0 when worse than the base rate."""
        return (self.base - self.value) / (self.base - self.saturated) if self.base != self.saturated else float("nan")


@dataclass(frozen=True)
class Calibration:
    """How predicted probabilities agree with counts.

    Attributes
    ----------
    slope, slope_se, intercept : float
        Of logit(observed) on logit(predicted); 1 and 0 when perfect.
    in_the_large, in_the_large_se : float
        The intercept with the slope held at 1: how far all odds are off together.
    mean_error, floor : float
        Person-weighted mean |observed share - predicted|, and what independent binomials at
        the predicted rates would give, as proportions.
    auc : float
        Area under the ROC curve, person-weighted; it does not see whether probabilities are
        calibrated.
    brier, log_loss : Score
    persons, bins : int
    """

    slope: float
    slope_se: float
    intercept: float
    mean_error: float
    floor: float
    in_the_large: float
    in_the_large_se: float
    auc: float
    brier: "Score"
    log_loss: "Score"
    persons: int
    bins: int

    @property
    def ratio(self):
        """Mean error over the sampling-noise floor."""
        return self.mean_error / self.floor


def binomial_mean_deviation(n, p):
    """Return E|K/n - p| for K ~ Binomial(n, p).

    De Moivre's closed form (Diaconis and Zabell, Stat Sci 6:284, 1991):
    E|K - np| = 2 m (1 - p) P(K = m), m = floor(np) + 1.

    Parameters
    ----------
    n : array_like of int
    p : array_like
        Strictly between 0 and 1.
    """
    n, p = np.asarray(n, float), np.asarray(p, float)
    m = np.floor(n * p) + 1
    return 2 * m * (1 - p) * binom.pmf(m, n, p) / n


def _score(metric, outcome, persons, value, base, saturated):
    return Score(*(float(metric(outcome, np.tile(np.clip(p, 1e-12, 1 - 1e-12), 2), sample_weight=persons)) for p in (value, base, saturated)))


def calibrate(predicted, matched, total, groups=None):
    """Hold predicted probabilities against counts.

    slope and intercept from a binomial GLM of the counts on logit(predicted) (Cox,
    Biometrika 45:562, 1958).

    Parameters
    ----------
    predicted : array_like, shape (k,)
        One probability a bin.
    matched, total : array_like, shape (k,)
        Persons; bins without persons are left out.
    groups : array_like, shape (k,), optional
        What the base rates are of, such as the specialty; one base rate for all where absent.

    Returns
    -------
    Calibration
    """
    predicted, matched, total = (np.asarray(v, float) for v in (predicted, matched, total))
    used = total > 0
    _, group = np.unique(np.zeros(len(total)) if groups is None else np.asarray(groups, str), return_inverse=True)
    predicted, matched, total, group = predicted[used], matched[used], total[used], group[used]
    base = (np.bincount(group, matched) / np.maximum(np.bincount(group, total), 1))[group]
    share = matched / total
    design = sm.add_constant(logit(predicted), has_constant="add")
    fit = sm.GLM(share, design, family=sm.families.Binomial(), var_weights=total).fit()
    level = sm.GLM(share, design[:, :1], family=sm.families.Binomial(), var_weights=total, offset=logit(predicted)).fit()
    weights = total / total.sum()
    outcome, persons = np.repeat([1, 0], len(total)), np.concatenate([matched, total - matched])
    return Calibration(
        slope=float(fit.params[1]),
        slope_se=float(fit.bse[1]),
        intercept=float(fit.params[0]),
        in_the_large=float(level.params[0]),
        in_the_large_se=float(level.bse[0]),
        mean_error=float(weights @ np.abs(share - predicted)),
        floor=float(weights @ binomial_mean_deviation(total, predicted)),
        auc=float(roc_auc_score(outcome, np.tile(predicted, 2), sample_weight=persons)),
        brier=_score(brier_score_loss, outcome, persons, predicted, base, share),
        log_loss=_score(log_loss, outcome, persons, predicted, base, share),
        persons=int(total.sum()),
        bins=int(used.sum()),
    )
