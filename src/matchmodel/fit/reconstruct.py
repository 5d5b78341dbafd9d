"""A cohort's distribution, rebuilt from the few numbers that a report prints (step 1)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.optimize import minimize
from scipy.special import ndtri

POINTS = 99
TAILS = ("segment", "iqr", "extreme")  # how the outer quarters go on; see `quantile_points`


class Support(NamedTuple):
    """Which values a measure can take.

    Attributes
    ----------
    low, high : float
        Where values are clipped when no extremes are printed.
    counts : bool
        Small whole numbers, skewed to the right: interpolated on the logarithm, then rounded.
    """

    low: float
    high: float
    counts: bool = False


SCORE_RANGE = Support(1.0, 300.0)
RIDGE = 1e-6  # of the tilt: keeps its dual bounded where the printed moments cannot be met
NEWTON_STEPS = 25
MET = 0.02  # a miss of the printed moments under this counts as met


@dataclass(frozen=True)
class Summary:
    """What a report prints of one cohort; NaN where it prints nothing.

    Attributes
    ----------
    n : float
        Persons described.
    q1, median, q3 : float
        Quartiles, in the measure's own unit.
    minimum, maximum, mean, sd : float
        The rest, in the same unit.
    """

    n: float
    q1: float
    median: float
    q3: float
    minimum: float = np.nan
    maximum: float = np.nan
    mean: float = np.nan
    sd: float = np.nan

    @property
    def known(self):
        """Whether the three quartiles are there (False: suppressed by the report)."""
        return bool(self.n > 0 and np.isfinite([self.q1, self.median, self.q3]).all())


def _same(value):
    return value


def _ln(value):
    return float(np.log(max(value, 0.5)))  # a printed zero is anything that rounds to it


def quantile_points(summary, tail="segment", points=POINTS, limits=SCORE_RANGE):
    """Return equally likely points of a monotone quantile function through the quartiles.

    The quantile function Q is interpolated on the normal-score scale z = Phi^-1(p) by a
    monotone cubic (PCHIP: Fritsch and Carlson, SIAM J Numer Anal 17:238, 1980) through
    Q(-0.674) = Q1, Q(0) = median, Q(0.674) = Q3, and extended linearly in z beyond them,
    because a normal distribution is a straight line there.

    Parameters
    ----------
    summary : Summary
    tail : {'segment', 'iqr', 'extreme'}
        The slope of the extension: that of the neighbouring quarter; (Q3 - Q1)/1.349 on
        both sides; or towards the printed extremes, put at the normal scores of the
        expected first and last of n (Blom: (1 - 0.375)/(n + 0.25)); 'extreme' falls back
        to 'segment' on a side without a printed extreme.
    points : int
    limits : Support

    Returns
    -------
    numpy.ndarray, shape (points,)
        Values at p = (i - 0.5)/points, clipped to the printed extremes.
    """
    scale, back = (_ln, np.exp) if limits.counts else (_same, _same)
    q1, median, q3 = scale(summary.q1), scale(summary.median), scale(summary.q3)
    z75 = ndtri(0.75)
    slope = (q3 - q1) / (2 * z75)
    low_slope, high_slope = (median - q1) / z75, (q3 - median) / z75
    if tail == "iqr":
        low_slope = high_slope = slope
    elif tail == "extreme":
        z_far = max(ndtri(1 - 0.625 / (summary.n + 0.25)), z75 + 0.1)
        if np.isfinite(summary.minimum):
            low_slope = max(q1 - scale(summary.minimum), 0) / (z_far - z75)
        if np.isfinite(summary.maximum):
            high_slope = max(scale(summary.maximum) - q3, 0) / (z_far - z75)
    elif tail != "segment":
        raise ValueError(f"unknown tail {tail!r}; one of {', '.join(TAILS)}")
    z = ndtri((np.arange(points) + 0.5) / points)
    inside = PchipInterpolator([-z75, 0.0, z75], [q1, median, q3])
    values = np.where(z < -z75, q1 + low_slope * (z + z75), np.where(z > z75, q3 + high_slope * (z - z75), inside(np.clip(z, -z75, z75))))
    low = summary.minimum if np.isfinite(summary.minimum) else limits.low
    high = summary.maximum if np.isfinite(summary.maximum) else limits.high
    values = np.clip(back(values), low, high)
    return np.round(values) if limits.counts else values


def tilt(values, moments, quarters=None):
    """Reweight points by maximum entropy until their moments are the printed ones.

    Minimises the Kullback-Leibler divergence from equal weights subject to the moments:
    w_i ~ exp(lambda . f(x_i)), lambda from the convex dual (Jaynes, Phys Rev 106:620, 1957)
    by Newton's method.
    The quarters keep a fourth of the weight each, so that the printed quartiles stay.

    Parameters
    ----------
    values : numpy.ndarray, shape (k,)
    moments : dict
        'mean' and 'sd' of the cohort; empty where they are not printed.
    quarters : numpy.ndarray of int, shape (k,), optional
        Which quarter each point belongs to.

    Returns
    -------
    numpy.ndarray, shape (k,)
        Weights that sum to 1. Printed moments that the points cannot reach are
        approached (`RIDGE` keeps the dual bounded), not met.
    """
    k = len(values)
    if not moments or np.ptp(values) == 0:
        return np.full(k, 1.0 / k)
    centre, scale = values.mean(), values.std()
    x = (values - centre) / scale
    mean = (moments["mean"] - centre) / scale
    features, targets = [x, x**2], [mean, (moments["sd"] / scale) ** 2 + mean**2]
    if quarters is not None:
        for quarter in np.unique(quarters)[1:]:
            features.append((quarters == quarter).astype(float))
            targets.append(float(np.mean(quarters == quarter)))
    f, t = np.array(features).T, np.array(targets)

    def weigh(lam):
        eta = f @ lam
        w = np.exp(eta - eta.max())
        return w / w.sum()

    def dual(lam):
        eta = f @ lam
        gradient = f.T @ weigh(lam) - t + RIDGE * lam
        return eta.max() + np.log(np.exp(eta - eta.max()).sum() / k) - lam @ t + 0.5 * RIDGE * lam @ lam, gradient

    lam = np.zeros(f.shape[1])
    for _ in range(NEWTON_STEPS):
        w = weigh(lam)
        gradient = w @ f - t + RIDGE * lam
        if np.abs(gradient).max() < 1e-12:
            return w
        hessian = (f * w[:, None]).T @ f - np.outer(w @ f, w @ f) + RIDGE * np.eye(len(t))
        step = np.linalg.solve(hessian, gradient)
        if np.abs(step).max() > 5:
            break
        lam = lam - step
    # Moments at the edge of what the points can reach: Newton's steps run away, BFGS is slow and sure.
    found = minimize(dual, np.zeros(f.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 200})
    return weigh(found.x)


def _missed(values, weights, moments, quarters):
    """Return how far the tilted points are from the printed moments (in standard deviations) and quarters (in shares)."""
    if not moments:
        return 0.0
    mean = weights @ values
    sd = np.sqrt(weights @ (values - mean) ** 2)
    uneven = np.bincount(quarters, weights, 4) - np.bincount(quarters, minlength=4) / len(quarters)
    return max(abs(mean - moments["mean"]) / max(moments["sd"], 1e-9), abs(sd / max(moments["sd"], 1e-9) - 1), np.abs(uneven).max())


def reconstruct(summary, tail="segment", points=POINTS, limits=SCORE_RANGE):
    """Return a cohort as weighted points that agree with what is printed of it.

    The weights are tilted where mean and SD are both printed. A mean alone does not say
    which tail it comes from: tilting to it would move both, and it is left aside. Where the
    points of a tail cannot be tilted to the printed moments (small whole numbers whose quartiles
    fall together, with a few persons far out), the first other tail that can is taken.

    Parameters
    ----------
    summary : Summary
        With its quartiles (`summary.known`).
    tail, points, limits
        As in `quantile_points`.

    Returns
    -------
    values, weights : numpy.ndarray, shape (points,)
        The weights sum to `summary.n`.
    """
    if not summary.known:
        raise ValueError("a suppressed cohort cannot be reconstructed")
    both = summary.n >= 2 and np.isfinite(summary.mean) and np.isfinite(summary.sd)
    moments = {"mean": summary.mean, "sd": summary.sd} if both else {}
    quarters = np.minimum(np.arange(points) * 4 // points, 3)
    best = None
    for candidate in (tail, *(t for t in TAILS if t != tail)):
        values = quantile_points(summary, candidate, points, limits)
        weights = tilt(values, moments, quarters)
        missed = _missed(values, weights, moments, quarters)
        if best is None or missed < best[0]:
            best = missed, values, weights
        if missed < MET:
            break
    return best[1], summary.n * best[2]
