"""The level of each cell: its rate, its population of scores, and the intercept that joins the two."""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from .cells import Measured, Weighted
from .combine_years import Levels, levels_by_year
from .logistic import Transform
from .pooling import Pool, pool
from .reconstruct import SCORE_RANGE, Support

SMALL_CELL = 100  # applicants; cells under this take Haldane's half
AT_ONCE = 65536  # numbers, which a processor keeps near


def published_log_odds(
    matched: np.ndarray, not_matched: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each cell's log odds, log(m/f), with variance 1/m + 1/f, and which cells are large.

    Cells under `SMALL_CELL` applicants and cells with a zero take Haldane's half (Ann Hum Genet 20:309,
    1956).

    Parameters
    ----------
    matched, not_matched
        Applicants, shape (k,); both 0 where the counts are suppressed, whose log odds are NaN.
    """
    m, f = np.asarray(matched, float), np.asarray(not_matched, float)
    large = (m + f >= SMALL_CELL) & (m > 0) & (f > 0)
    half = np.where(large, 0.0, 0.5)
    return (
        np.where(m + f > 0, np.log((m + half) / (f + half)), np.nan),
        1 / (m + half) + 1 / (f + half),
        large,
    )


def competition(positions: np.ndarray, all_applicants: np.ndarray) -> np.ndarray | None:
    """Return ln(positions / all applicants), the regressor of the level, shape (k,).

    None where any cell has neither.

    Both stand in the counts table. It halves the spread of the levels between specialties (2026: 0.54 to
    0.30).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.asarray(positions, float) / np.asarray(all_applicants, float))
    return ratio if len(ratio) and np.isfinite(ratio).all() else None


def level_pool(
    matched: np.ndarray,
    not_matched: np.ndarray,
    older: Sequence[tuple[int, np.ndarray, np.ndarray]] = (),
    year: int = 0,
    drift: float | None = None,
    regressor: np.ndarray | None = None,
) -> tuple[Pool, np.ndarray, Levels]:
    """Pool the cells' log odds, each with its older years taken in, about a line in the regressor.

    Parameters
    ----------
    matched, not_matched
        Applicants of the newest year, shape (k,); both 0 where the counts are suppressed.
    older
        Earlier years with their counts: (year, matched, not matched), in the same order of cells.
    year, drift
        The newest year; the drift as in `levels_by_year`.
    regressor
        Of `competition`. With it every cell is shrunk towards the line; without it, as for the 2007 report,
        cells under `SMALL_CELL` are shrunk towards the mean and the others kept.

    Returns
    -------
    Pool
    kept : numpy.ndarray of bool, shape (k,)
        Cells whose level is kept as published.
    levels : Levels
    """
    history: list[list[tuple[int, float, float]]] = [[] for _ in matched]
    for when, m, f in ((year, matched, not_matched), *sorted(older, key=lambda o: -o[0])):
        for rows, value, variance in zip(history, *published_log_odds(m, f)[:2], strict=True):
            if np.isfinite(value):
                rows.append((when, float(value), float(variance)))
    levels = levels_by_year(history, drift)
    large = published_log_odds(matched, not_matched)[2]
    kept = large if regressor is None else np.zeros(len(large), bool)
    return pool(levels.values, levels.ses, regressor), kept, levels


def solve_shift(
    base: np.ndarray, weights: np.ndarray, rate: np.ndarray | float, steps: int = 60
) -> np.ndarray:
    """Return the shift c with sum(w expit(base + c)) / sum(w) = rate, for many rows at once.

    Newton's method, kept inside a bracket by bisection; the left side rises in c, so the
    root is the only one.

    Parameters
    ----------
    base
        Log odds before the shift, shape (d, k).
    weights
        w, shape (k,) or (d, k).
    rate
        Between 0 and 1, both excluded, shape (d,).
    steps
        Of Newton's method at the most.

    Returns
    -------
    numpy.ndarray, shape (d,)
    """
    base = np.atleast_2d(base)
    rate = np.broadcast_to(np.asarray(rate, float), len(base))
    w = np.broadcast_to(weights, base.shape)
    if base.size > AT_ONCE and len(base) > 1:
        parts = zip(*(np.array_split(a, base.size // AT_ONCE + 1) for a in (base, w, rate)), strict=True)
        return np.concatenate([solve_shift(b, v, r, steps) for b, v, r in parts])
    w = w / w.sum(axis=1, keepdims=True)
    target = np.log(rate / (1 - rate))
    low, high = target - base.max(axis=1), target - base.min(axis=1)
    shift: np.ndarray = target - (w * base).sum(axis=1)
    for _ in range(steps):
        p = expit(base + shift[:, None])
        share = w * p
        gap = share.sum(axis=1) - rate
        move = -gap / np.maximum((share * (1 - p)).sum(axis=1), 1e-300)
        done = np.abs(move) < 1e-8 * (1 + np.abs(shift))  # what is left is of its square
        high, low = np.where(gap > 0, shift, high), np.where(gap <= 0, shift, low)
        step = shift + move
        shift = np.where(done | ((step > low) & (step < high)), step, (low + high) / 2)
        if done.all():
            break
    return shift


def population(
    measured: Measured | None,
    matched: float,
    not_matched: float,
    slope: float,
    fallback: Weighted | None,
    tail: str,
    transform: Transform,
    limits: Support = SCORE_RANGE,
) -> Weighted | None:
    """Return a cell's scores as weighted points, the cohorts weighted by the full counts.

    A cohort that the report suppressed is derived from the other one: under the logistic
    model the matched are the unmatched tilted by exp(slope u) (Anderson, Biometrika 59:19,
    1972). With neither cohort known the population of the type is taken.

    Parameters
    ----------
    measured
        What is printed of the cell; None where it has no table.
    matched, not_matched
        Applicants in the counts.
    slope
        Log odds per unit of u.
    fallback
        Values and weights of the type.
    tail, transform, limits
        Of the measure, as in `fit_slope`.

    Returns
    -------
    values, weights : numpy.ndarray, shape (k,)
        The weights sum to 1; None when nothing is known.
    """
    cohorts = measured.cohorts(tail, limits) if measured is not None else {}
    if not cohorts:
        return fallback
    if len(cohorts) == 1:
        ((name, (values, weights)),) = cohorts.items()
        sign = 1.0 if name == "not_matched" else -1.0
        tilted = (
            weights / weights.sum() * np.exp(sign * slope * (transform(values) - transform(values).mean()))
        )
        other = "matched" if name == "not_matched" else "not_matched"
        cohorts[other] = (values, tilted)
    shares = {"matched": matched, "not_matched": not_matched}
    values = np.concatenate([cohorts[c][0] for c in shares])
    weights = np.concatenate([shares[c] * cohorts[c][1] / cohorts[c][1].sum() for c in shares])
    return values, weights / weights.sum()
