"""Calibration of predicted probabilities against binned counts."""

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy.special import logit
from scipy.stats import binom
from sklearn.metrics import brier_score_loss, roc_auc_score


@dataclass(frozen=True)
class Calibration:
    """How predicted probabilities agree with counts.

    Attributes
    ----------
    slope, slope_se, intercept : float
        Of logit(observed) on logit(predicted); 1 and 0 when perfect.
    mean_error, floor : float
        Person-weighted mean |observed share - predicted|, and what independent binomials at
        the predicted rates would give, as proportions.
    auc, brier : float
        Area under the ROC curve and Brier score, person-weighted; the AUC does not see
        whether probabilities are calibrated.
    persons, bins : int
    """

    slope: float
    slope_se: float
    intercept: float
    mean_error: float
    floor: float
    auc: float
    brier: float
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


def calibrate(predicted, matched, total):
    """Hold predicted probabilities against counts.

    slope and intercept from a binomial GLM of the counts on logit(predicted) (Cox,
    Biometrika 45:562, 1958).

    Parameters
    ----------
    predicted : array_like, shape (k,)
        One probability a bin.
    matched, total : array_like, shape (k,)
        Persons; bins without persons are left out.

    Returns
    -------
    Calibration
    """
    predicted, matched, total = (np.asarray(v, float) for v in (predicted, matched, total))
    used = total > 0
    predicted, matched, total = predicted[used], matched[used], total[used]
    share = matched / total
    design = sm.add_constant(logit(predicted), has_constant="add")
    fit = sm.GLM(share, design, family=sm.families.Binomial(), var_weights=total).fit()
    weights = total / total.sum()
    outcome, persons = np.repeat([1, 0], len(total)), np.concatenate([matched, total - matched])
    return Calibration(
        slope=float(fit.params[1]),
        slope_se=float(fit.bse[1]),
        intercept=float(fit.params[0]),
        mean_error=float(weights @ np.abs(share - predicted)),
        floor=float(weights @ binomial_mean_deviation(total, predicted)),
        auc=float(roc_auc_score(outcome, np.tile(predicted, 2), sample_weight=persons)),
        brier=float(brier_score_loss(outcome, np.tile(predicted, 2), sample_weight=persons)),
        persons=int(total.sum()),
        bins=int(used.sum()),
    )
