"""Several years' tables of one thing.

Slopes with year as a random effect, levels moved by the drift (step 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from .cells import Measured
from .logistic import Slope, Transform, fit_slopes
from .reconstruct import Support

FEWEST_PAIRS = 3  # pairs of years from which the cells' own drift is estimated


@dataclass(frozen=True)
class OwnSlopes:
    """Each specialty's own slope in the newest year, before pooling over specialties.

    Attributes
    ----------
    values, ses
        Shape (k,); NaN and inf where no table could be fitted.
    newest
        The newest year's `Slope` with the parts of its error; None without a table.
    years
        The years behind each value, newest first.
    year_spread
        Standard deviation of what a year does to all specialties' slopes; 0 with one year.
    """

    values: np.ndarray
    ses: np.ndarray
    newest: tuple[Slope | None, ...]
    years: tuple[tuple[int, ...], ...]
    year_spread: float


def _restricted_slope(
    y: np.ndarray, v: np.ndarray, cell: np.ndarray, year: np.ndarray, variance: float
) -> float:
    """Return the derivative of minus twice the restricted log likelihood by the variance between years.

    tr(P Z Z') - y' P Z Z' P y, with P = W - W X (X' W X)^-1 X' W and W the inverse covariance (Patterson and
    Thompson, Biometrika 58:545, 1971; Harville, JASA 72:320, 1977).
    """
    x = np.eye(cell.max() + 1)[cell]
    z = np.eye(year.max() + 1)[year]
    inverse = np.linalg.inv(np.diag(v) + variance * z @ z.T)
    p = inverse - inverse @ x @ np.linalg.solve(x.T @ inverse @ x, x.T @ inverse)
    return float(np.sum((p @ z) * z) - np.sum((z.T @ p @ y) ** 2))


def combine_years(
    y: ArrayLike, se: ArrayLike, cell: ArrayLike, year: ArrayLike
) -> tuple[np.ndarray, np.ndarray, float]:
    """Bring each cell's estimates of several years to its value in the newest one.

        y_st = theta_s + c_t + e_st,  c_t ~ N(0, upsilon^2),  e_st ~ N(0, se_st^2),

    the specialties' theta fixed here (they are pooled afterwards), the year random and shared by
    all specialties; upsilon by restricted maximum likelihood. Wanted is theta_s + c_T, T the
    newest year, by the mixed-model equations (Henderson, Biometrics 31:423, 1975), whose
    inverse is the covariance of the errors. With one year, or upsilon at zero, this is the
    inverse-variance mean of a cell's estimates.

    Parameters
    ----------
    y, se
        The estimates and their standard errors, shape (m,).
    cell, year
        Which cell, 0 to k - 1 (each at least once), and which year an estimate is of, shape (m,).

    Returns
    -------
    values, ses : numpy.ndarray, shape (k,)
    spread : float
        upsilon.
    """
    y, v, cell = np.asarray(y, float), np.asarray(se, float) ** 2, np.asarray(cell)
    labels, year = np.unique(np.asarray(year), return_inverse=True)
    k, years = cell.max() + 1, len(labels)
    spread = 0.0
    if years > 1 and len(y) > k:  # otherwise nothing tells years from specialties
        # zero where the likelihood falls from there; else where it is flat, so that it moves with the
        # estimates and never jumps
        end = (4 * float(np.std(y)) + 1e-6) ** 2
        if _restricted_slope(y, v, cell, year, 0.0) < 0:
            falls = _restricted_slope(y, v, cell, year, end) < 0
            spread = np.sqrt(
                end if falls else brentq(lambda s: _restricted_slope(y, v, cell, year, s), 0, end, xtol=1e-14)
            )
    # a year's effect in units of its spread, so that a spread of zero needs no case of its own
    design = np.hstack([np.eye(k)[cell], spread * np.eye(years)[year]])
    wanted = np.hstack([np.eye(k), np.tile(spread * np.eye(years)[-1], (k, 1))])
    equations = design.T @ (design / v[:, None])
    equations[k:, k:] += np.eye(years)
    inverse = np.linalg.inv(equations)
    estimates = inverse @ (design.T @ (y / v))
    return wanted @ estimates, np.sqrt(np.einsum("ij,jk,ik->i", wanted, inverse, wanted)), float(spread)


def own_slopes(
    by_cell: Sequence[Sequence[Measured]],
    rng: np.random.Generator,
    transform: Transform,
    limits: Support,
) -> OwnSlopes:
    """Fit the slope of every cell's tables of every year, and bring each cell's to the newest year.

    Parameters
    ----------
    by_cell
        A cell's tables, newest year first; empty where there is none.
    rng
        For the rounding.
    transform, limits
        Of the measure, as in `fit_slope`.
    """
    seed = int(rng.integers(2**32))
    complete = [[t for t in tables if t.complete] for tables in by_cell]
    together = [t for tables in complete for t in tables]
    rngs = [np.random.default_rng([seed, crc32(f"{t.cell} {t.year}".encode())]) for t in together]
    found = iter(fit_slopes(together, transform, rngs, limits))
    newest, rows = [], []
    for j, tables in enumerate(complete):
        fits = [(t.year, next(found)) for t in tables]
        good = [(year, f) for year, f in fits if f.converged]
        rows += [(j, year, f.value, f.se) for year, f in good]
        newest.append(good[0][1] if good else fits[0][1] if fits else None)
    values, ses = np.full(len(by_cell), np.nan), np.full(len(by_cell), np.inf)
    spread = 0.0
    if rows:
        cell, year, y, se = map(np.array, zip(*rows, strict=True))
        known, index = np.unique(cell, return_inverse=True)
        values[known], ses[known], spread = combine_years(y, se, index, year)
    years = tuple(tuple(row[1] for row in rows if row[0] == j) for j in range(len(by_cell)))
    return OwnSlopes(values, ses, tuple(newest), years, spread)


@dataclass(frozen=True)
class Levels:
    """Each cell's log odds in the newest year, older years' counts taken in.

    Attributes
    ----------
    values, ses
        Shape (k,); NaN and inf where no year has counts.
    newest_weight
        How much of it is the newest year's own, shape (k,).
    years
        Years used, newest first.
    drift
        Standard deviation a year by which a cell's level is taken to move.
    """

    values: np.ndarray
    ses: np.ndarray
    newest_weight: np.ndarray
    years: tuple[int, ...]
    drift: float


def cells_drift(steps: Sequence[tuple[float, float, float]], drift: float) -> float:
    """Return by how much a cell's level moves a year, at the least the `drift` of the whole series.

    Over pairs of neighbouring years of a cell, d ~ N(0, v + gap delta^2); delta solves
    sum d^2/(v + gap delta^2) = number of pairs (Paule and Mandel, J Res NBS 87:377, 1982,
    with a mean of zero).

    Parameters
    ----------
    steps
        Change of the log odds, its sampling variance, and the years between.
    drift
        Log odds per square root of a year.
    """
    if len(steps) < FEWEST_PAIRS:
        return drift
    d, v, gap = np.array(steps, float).T

    def excess(delta2: float) -> float:
        return float(np.sum(d**2 / (v + gap * delta2)) - len(d))

    own = np.sqrt(brentq(excess, 0, 1e3, xtol=1e-14)) if excess(0) > 0 else 0.0
    return max(float(own), drift)


def levels_by_year(history: Sequence[Sequence[tuple[int, float, float]]], drift: float | None) -> Levels:
    """Combine each cell's log odds of several years, older ones widened by the drift.

    The level walks at random, so the estimates of years t and u miss the newest level by errors
    with covariance v_t [t = u] + delta^2 min(T - t, T - u); generalised least squares on them is
    the last state of the Kalman filter of a local level model (Harvey, Forecasting, Structural
    Time Series Models and the Kalman Filter, 1989, ch. 2) with a flat start.

    Parameters
    ----------
    history
        A cell's (year, log odds, variance), newest first; empty where counts are suppressed.
    drift
        Of the type's yearly series; None where none is known, and older years are then left out.
    """
    newest = max((rows[0][0] for rows in history if rows), default=0)
    if drift is None:
        history = [[row for row in rows if row[0] == newest] for rows in history]
    steps = [
        (a[1] - b[1], a[2] + b[2], a[0] - b[0])
        for rows in history
        for a, b in zip(rows, rows[1:], strict=False)
    ]
    delta = cells_drift(steps, drift) if drift is not None else 0.0
    values, ses, kept = np.full(len(history), np.nan), np.full(len(history), np.inf), np.zeros(len(history))
    for j, rows in enumerate(history):
        if not rows:
            continue
        years, y, v = map(np.array, zip(*rows, strict=True))
        ago = newest - years
        weights = np.linalg.inv(np.diag(v) + delta**2 * np.minimum(ago[:, None], ago[None, :])).sum(axis=1)
        values[j], ses[j] = weights @ y / weights.sum(), np.sqrt(1 / weights.sum())
        kept[j] = weights[years == newest].sum() / weights.sum()
    used = sorted({row[0] for rows in history for row in rows}, reverse=True)
    return Levels(values, ses, kept, tuple(int(y) for y in used), float(delta))
