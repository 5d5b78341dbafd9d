"""The area under the ROC curve, over all pairs and within groups."""

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import roc_auc_score


def auc(predicted: ArrayLike, matched: ArrayLike, total: ArrayLike) -> float:
    """Return the chance that of a matched and an unmatched applicant the matched has the higher prediction.

    Ties count half (Hanley and McNeil, Radiology 143:29, 1982).

    Parameters
    ----------
    predicted
        One probability per bin, or per applicant.
    matched, total
        Applicants of each; fractions will do.
    """
    predicted, matched, total = (np.asarray(v, float) for v in (predicted, matched, total))
    outcome = np.repeat([1, 0], len(total))
    weights = np.concatenate([matched, total - matched])
    return float(roc_auc_score(outcome, np.tile(predicted, 2), sample_weight=weights))


def auc_within(predicted: ArrayLike, matched: ArrayLike, total: ArrayLike, group: ArrayLike) -> float:
    """Return the mean of the groups' `auc`, weighted by their pairs; NaN without a pair."""
    predicted, matched, total = (np.asarray(v, float) for v in (predicted, matched, total))
    groups = np.asarray(group)
    pairs, sums = 0.0, 0.0
    for one in np.unique(groups):
        here = groups == one
        m, n = matched[here].sum(), total[here].sum()
        if 0 < m < n:
            pairs += m * (n - m)
            sums += m * (n - m) * auc(predicted[here], matched[here], total[here])
    return sums / pairs if pairs else float("nan")
