"""Numbers with their 80% ranges, from draws."""

from functools import cache
from math import erfc, pi, sqrt
from typing import NamedTuple

import numpy as np

RANGE = (0.1, 0.9)  # the 80% range
ROUNDING = 1e-12  # of the greatest draw: differences of chances are no nearer to 0
MOST_CHANCE = 1.0 - 1e-15
Z_RANGE = 1.2815515655446004  # Phi^-1(0.9)


class Range(NamedTuple):
    """A number and its 80% range."""

    point: float
    low: float
    high: float


def expit(x: np.ndarray) -> np.ndarray:
    """Return 1/(1 + e^-x), to its last digits however small it is."""
    with np.errstate(over="ignore"):
        chance: np.ndarray = 1.0 / (1.0 + np.exp(-np.asarray(x)))
    return chance


def _normal_scores(count: int) -> np.ndarray:
    """Return Phi^-1((i - 0.5)/count), i = 1, ..., count, by Newton's method; asking does without scipy."""
    places = (np.arange(count) + 0.5) / count
    z = 4.91 * (places**0.14 - (1 - places) ** 0.14)  # Tukey's lambda: within 0.02 or so
    for _ in range(4):
        miss = np.array([0.5 * erfc(-v / sqrt(2.0)) for v in z]) - places
        z = z - miss * sqrt(2 * pi) * np.exp(0.5 * z**2)
    return z


@cache
def _smooth_quantiles(count: int) -> np.ndarray:
    """Return the weights on sorted draws that give their 10% and 90% quantiles, shape (2, count).

    A quantile of a few hundred draws is a noisy number. So the sorted draws are fitted by least squares as a
    cubic in their normal scores, x = c0 + c1 z + c2 z^2 + c3 z^3 (Fleishman, Psychometrika 43:521, 1978),
    which follows skewed and flat distributions too, and the fit is read at z = -1.28 and 1.28: linear in the
    sorted draws, with half of the noise.
    """
    z = _normal_scores(count)
    powers = np.vander(z, 4, increasing=True)
    at = np.vander([-Z_RANGE, Z_RANGE], 4, increasing=True)
    return np.ascontiguousarray(at @ np.linalg.solve(powers.T @ powers, powers.T))


def _logit(chances: np.ndarray) -> np.ndarray:
    chances = np.minimum(chances, MOST_CHANCE)
    log_odds: np.ndarray = np.log(chances / (1.0 - chances))
    return log_odds


def ranges(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean over draws and their 10% and 90% quantiles, stretched to hold the mean.

    Quantiles are smoothed (`_smooth_quantiles`) on the scale on which such numbers are nearest to normal: log
    odds where all draws lie between 0 and 1, logarithms where all are above 0, else as they are. A draw that
    is off 0 by rounding lies on it, and chances stop short of 1: the logarithm would be that of rounding.

    Parameters
    ----------
    draws
        Shape (..., d), finite.

    Returns
    -------
    tuple of numpy.ndarray
        Point, low and high, each of shape (...).
    """
    point = draws.mean(axis=-1)
    ordered = np.sort(draws, axis=-1)
    least, most = ordered[..., 0], ordered[..., -1]
    above = least > ROUNDING * most
    chance = above & (most <= 1)
    above &= ~chance
    scaled = ordered
    if chance.all():
        scaled = _logit(ordered)
    elif above.all():
        scaled = np.log(ordered)
    elif chance.any() or above.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            others = np.where(above[..., None], np.log(ordered), ordered)
            scaled = np.where(chance[..., None], _logit(ordered), others)
    found = [point]
    for weights, stretched in zip(_smooth_quantiles(draws.shape[-1]), (np.minimum, np.maximum), strict=True):
        end = np.vecdot(scaled, weights)  # one by one, the same in whatever company
        end = np.where(chance, expit(end), np.where(above, np.exp(np.where(above, end, 0.0)), end))
        found.append(stretched(np.clip(end, least, most), point))
    point, low, high = found
    return point, low, high


def one_range(draws: np.ndarray) -> Range:
    """Return the `Range` of one number's draws, shape (d,)."""
    return Range(*(float(v) for v in ranges(draws)))
