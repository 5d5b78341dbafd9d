"""Decision curves: what acting on predicted chances is worth, against acting on everybody or on nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import FEWEST

THRESHOLDS = tuple(k / 20 for k in range(1, 20))


@dataclass(frozen=True)
class NetBenefit:
    """Net benefit at one threshold.

    Attributes
    ----------
    threshold
        Chance from which somebody would act.
    model, everybody
        Net benefit of acting on those at or above it, and on everybody; acting on nobody is 0.
    gain, gain_se
        Of the model over the better of everybody and nobody, with its standard error.
    acted
        Applicants at or above it.
    """

    threshold: float
    model: float
    everybody: float
    gain: float
    gain_se: float
    acted: int


def net_benefit(p: ArrayLike, matched: ArrayLike, threshold: float) -> NetBenefit:
    """Return the `NetBenefit` at a threshold.

    true positives/n - false positives/n * t/(1 - t): Vickers and Elkin, Med Decis Making 26:565, 2006. It is
    a mean over applicants, so the gain's standard error is that of the mean of their differences.

    Parameters
    ----------
    p, matched
        Shape (n,).
    threshold
    """
    y = np.asarray(matched, float)
    acted = np.asarray(p) >= threshold
    each = y - (1 - y) * threshold / (1 - threshold)  # what acting on somebody is worth
    everybody = each.mean()
    moved = acted * each - (each if everybody > 0 else 0.0)
    return NetBenefit(
        threshold=float(threshold),
        model=float((acted * each).mean()),
        everybody=float(everybody),
        gain=float(moved.mean()),
        gain_se=float(moved.std(ddof=1) / np.sqrt(len(y))),
        acted=int(acted.sum()),
    )


def decision_curve(
    p: ArrayLike, matched: ArrayLike, thresholds: Sequence[float] = THRESHOLDS
) -> tuple[NetBenefit, ...]:
    """Return a `NetBenefit` for every threshold that tells of no fewer than five.

    Net benefit and those at or above give the counts of both outcomes, so on either side of a threshold, and
    between it and the one before, at least `FEWEST` matched and at least `FEWEST` did not.
    """
    p, y = np.asarray(p), np.asarray(matched, bool)
    kept, last = [], np.array([y.sum(), (~y).sum()])
    for t in thresholds:
        acted = np.array([(y & (p >= t)).sum(), (~y & (p >= t)).sum()])
        if (acted >= FEWEST).all() and (last - acted >= FEWEST).all():
            kept.append(net_benefit(p, y, t))
            last = acted
    return tuple(kept)
