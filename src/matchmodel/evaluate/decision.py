"""Decision curves: what acting on the predicted chances is worth, against acting on everybody or on nobody."""

from dataclasses import dataclass

import numpy as np

THRESHOLDS = tuple(k / 20 for k in range(1, 20))
LEAST = 5  # persons on either side of a threshold, and between two: fewer would tell of single persons


@dataclass(frozen=True)
class NetBenefit:
    """Net benefit at one threshold.

    Attributes
    ----------
    threshold : float
        Chance from which somebody would act.
    model, everybody : float
        Net benefit of acting on those at or above it, and on everybody; acting on nobody is 0.
    gain, gain_se : float
        Of the model over the better of everybody and nobody, with its standard error.
    acted : int
        Persons at or above it.
    """

    threshold: float
    model: float
    everybody: float
    gain: float
    gain_se: float
    acted: int


def net_benefit(p, matched, threshold):
    """Return the `NetBenefit` at a threshold.

    true positives/n - false positives/n * t/(1 - t): Vickers and Elkin, Med Decis Making 26:565, 2006. It is a mean
    over persons, so the gain's standard error is that of the mean of their differences.

    Parameters
    ----------
    p : array_like, shape (n,)
    matched : array_like of bool, shape (n,)
    threshold : float
    """
    y = np.asarray(matched, float)
    acted = np.asarray(p) >= threshold
    each = y - (1 - y) * threshold / (1 - threshold)  # what acting on the person is worth
    everybody = each.mean()
    moved = acted * each - (each if everybody > 0 else 0.0)
    return NetBenefit(
        float(threshold), float((acted * each).mean()), float(everybody), float(moved.mean()), float(moved.std(ddof=1) / np.sqrt(len(y))), int(acted.sum())
    )


def decision_curve(p, matched, thresholds=THRESHOLDS):
    """Return a `NetBenefit` for every threshold with at least `LEAST` persons on either side and since the one before, a tuple."""
    p = np.asarray(p)
    kept, last = [], len(p)
    for t in thresholds:
        acted = int((p >= t).sum())
        if LEAST <= acted <= last - LEAST:
            kept.append(net_benefit(p, matched, t))
            last = acted
    return tuple(kept)
