"""Likelihood ratios of what an applicant has, and the chance if ranked put together from them."""

from collections.abc import Mapping

import numpy as np

from ...covariates import COVARIATES, step2_u
from .cells import CellArrays

_MOST_LOG = 80.0  # of one log likelihood ratio: the odds of all of them stay finite
_AT_ONCE = 512  # profiles: threads side by side want long calls
_PARTS = 4096  # held at once, so that memory is bounded where nobody is like another


def u_of(name: str, values: np.ndarray) -> np.ndarray:
    """Return u of a covariate's values, shape (n,), NaN where unknown."""
    kinds, place = np.unique(np.asarray(values, float), return_inverse=True)
    return np.array([COVARIATES[name].transform(v) for v in kinds])[place]


def log_ratios(arrays: CellArrays, name: str, values: np.ndarray) -> np.ndarray | None:
    """Return log likelihood ratios of values of 'step2_ck' or a covariate, calibrated, zero where unknown.

    None where the cell has no such effect or all values are unknown; else of shape (n, d).
    """
    if name == "step2_ck":
        u, slope, centre = step2_u(np.asarray(values, float)), arrays.beta, arrays.level - arrays.alpha
    elif name in arrays.effects:
        delta, kappa = arrays.effects[name]
        u, slope, centre = u_of(name, values), delta.array, kappa.array
    else:
        return None
    unknown = np.isnan(u)
    if unknown.all():
        return None
    found: np.ndarray = np.multiply.outer(u, arrays.slope * slope)
    found -= arrays.slope * centre
    found[unknown] = 0.0
    return found


def log_odds_of_all(arrays: CellArrays, years: int) -> np.ndarray:
    """Return log odds of matching of the average applicant who ranks, calibrated, drift included; (d,)."""
    log_odds: np.ndarray = arrays.intercept + arrays.slope * (
        arrays.level + np.sqrt(abs(years)) * arrays.drift
    )
    return log_odds


def mean_ranked(
    arrays: CellArrays,
    years: int,
    one: Mapping[str, np.ndarray],
    other: Mapping[str, np.ndarray],
    i: np.ndarray,
    j: np.ndarray,
) -> np.ndarray:
    """Return the mean over draws of P(match | ranked) of profiles put together from two parts.

    Log odds are sums, so odds are products: with w the odds of the average applicant times the first part's
    likelihood ratios, and c = 1 over the second's, the chance is w/(w + c). A table of people has few
    distinct parts and fewer distinct values, and each is raised to its power once.

    Parameters
    ----------
    arrays, years
        As of `People`.
    one, other
        {'step2_ck' or a covariate: values of the distinct parts, NaN where unknown}; what stands in the one
        does not stand in the other.
    i, j
        The parts of each profile, shape (n,).

    Returns
    -------
    numpy.ndarray
        Shape (n,).
    """
    base = np.exp(np.clip(log_odds_of_all(arrays, years), -_MOST_LOG, _MOST_LOG))
    size = len(i) if int(i.max()) + int(j.max()) < _PARTS else _PARTS // 2  # parts that are held at once
    chances, w = np.empty((2, _AT_ONCE, len(base)))
    points, each = np.empty(len(i)), np.full(len(base), 1.0 / len(base))
    for start in range(0, len(i), size):
        odds, at = _odds(arrays, one, i[start : start + size], base, 1)
        against, to = _odds(arrays, other, j[start : start + size], np.ones(len(base)), -1)
        for first in range(0, len(at), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            n = len(at[some])
            against.take(to[some], axis=0, out=chances[:n], mode="clip")
            odds.take(at[some], axis=0, out=w[:n], mode="clip")
            chances[:n] += w[:n]
            np.divide(w[:n], chances[:n], out=chances[:n])
            np.vecdot(chances[:n], each, out=points[start + first : start + first + n])
    return points


def _odds(
    arrays: CellArrays, parts: Mapping[str, np.ndarray], places: np.ndarray, base: np.ndarray, sign: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return base times the likelihood ratios, to the power of 1 or -1, of the parts that stand at places.

    Returns
    -------
    odds
        Of the m distinct parts there, shape (m, d).
    at
        The place of each of `places` among them.
    """
    seen = np.zeros(int(places.max()) + 1, bool)
    seen[places] = True
    kept, at = np.flatnonzero(seen), (np.cumsum(seen) - 1)[places]
    odds = np.repeat(base[None], len(kept), axis=0)
    for name, values in parts.items():
        kinds, kind = np.unique(values[kept], return_inverse=True)
        ratios = log_ratios(arrays, name, kinds)
        if ratios is not None:
            odds *= np.exp(sign * np.clip(ratios, -_MOST_LOG, _MOST_LOG)).take(kind, axis=0)
    return odds, at
