"""A smooth reliability curve: how often those with a predicted chance matched, its bends cross-validated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from .. import SEED

# percentiles of the knots of a restricted cubic spline: Harrell, Regression Modeling Strategies (2nd ed.,
# Springer 2015), table 2.3
KNOTS = {2: (10, 50, 90), 3: (5, 35, 65, 95), 4: (5, 27.5, 50, 72.5, 95)}
EVENTS_PER_PARAMETER = 10  # of the rarer outcome: Peduzzi et al., J Clin Epidemiol 49:1373, 1996
FOLDS, RESAMPLES, PERFECT = 5, 200, 100
BAND = (0.025, 0.975)
HIDDEN = 4  # applicants at either end of the predictions: the curve stops before them
RIDGE = 1e-3  # keeps separated rows finite; a thousandth of an applicant's weight
AT_ONCE = 30_000  # floats in a batch of fits: what a processor keeps near


@dataclass(frozen=True)
class Reliability:
    """The curve and how far it lies from the diagonal.

    Attributes
    ----------
    p, observed, low, high
        Predicted chance in whole points; the smoothed share that matched, and its 95% band.
    df
        Parameters beside the constant, chosen by cross-validated log loss; 1 is a straight line on the log
        odds.
    ici
        Integrated calibration index, the mean |smoothed - predicted| (Austin and Steyerberg, Stat Med
        38:4051, 2019).
    ici_perfect, ici_perfect_high
        Its mean and 95% point for as many applicants whose predictions are exactly right: what noise alone
        gives.
    """

    p: tuple[float, ...]
    observed: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    df: int
    ici: float
    ici_perfect: float
    ici_perfect_high: float


def spline(x: ArrayLike, knots: Sequence[float]) -> np.ndarray:
    """Return the restricted cubic spline basis: cubic between the knots, straight beyond them.

    x, and (x - t_j)+^3 - (x - t_m)+^3 (t_k - t_j)/(t_k - t_m) + (x - t_k)+^3 (t_m - t_j)/(t_k - t_m) over
    (t_k - t_1)^2, m = k - 1 (Stone and Koo, Proc Stat Comput Sect ASA 45, 1985, as Harrell's book has it).

    Parameters
    ----------
    x
        Shape (n,).
    knots
        Three or more; empty for x alone.

    Returns
    -------
    columns
        Shape (n, max(1, k - 1)).
    """
    x = np.asarray(x, float)
    if not len(knots):
        return x[:, None]
    *inner, before, last = knots
    columns = [x]
    for t in inner:
        cubes = [np.maximum(x - v, 0) ** 3 for v in (t, before, last)]
        bent = cubes[0] - cubes[1] * (last - t) / (last - before) + cubes[2] * (before - t) / (last - before)
        columns.append(bent / (last - knots[0]) ** 2)
    return np.column_stack(columns)


def fit_many(
    design: np.ndarray,
    outcome: np.ndarray,
    weights: np.ndarray,
    start: np.ndarray | float = 0.0,
    steps: int = 30,
) -> np.ndarray:
    """Fit many logistic regressions of one design at once, by Newton's method.

    Parameters
    ----------
    design
        With a constant first; the other columns are lightly penalised (`RIDGE`); shape (n, k).
    outcome, weights
        Shape (n,) or (b, n).
    start
        Coefficients near by, shape (k,).
    steps
        At most.

    Returns
    -------
    coefficients
        Shape (b, k); NaN where Newton's method did not converge.
    """
    n, k = design.shape
    outcome, weights = np.broadcast_arrays(*(np.atleast_2d(v).astype(float) for v in (outcome, weights)))
    if outcome.shape[0] > 1 and outcome.size > AT_ONCE:
        parts = _chunks(len(outcome), n)
        return np.vstack([fit_many(design, outcome[part], weights[part], start, steps) for part in parts])
    penalty = RIDGE * (np.arange(k) > 0)
    products = (design[:, :, None] * design[:, None, :]).reshape(n, k * k)
    fits, converged = np.zeros((len(outcome), k)) + start, np.zeros(len(outcome), bool)
    for _ in range(steps):
        p = expit(fits @ design.T)
        slope = (weights * (outcome - p)) @ design - penalty * fits
        curvature = (
            ((weights * p * (1 - p)) @ products).reshape(-1, k, k) + np.diag(penalty) + 1e-10 * np.eye(k)
        )
        step = np.clip(np.linalg.solve(curvature, slope[:, :, None])[:, :, 0], -3, 3)
        fits += step
        converged = np.abs(step).max(axis=1) < 1e-6  # quadratic: what is left is of its square
        if converged.all():
            break
    return np.where(converged[:, None], fits, np.nan)


def _designs(x: np.ndarray, rarer: int) -> dict[int, np.ndarray]:
    """Return {df: design} of the curves that the rarer outcome's count allows; columns are standardised."""
    designs = {}
    for df in (1, *KNOTS):
        if df > 1 and rarer < EVENTS_PER_PARAMETER * df:
            break
        knots = np.percentile(x, KNOTS[df]) if df > 1 else ()
        if df > 1 and np.diff(knots).min() <= 1e-6 * max(np.ptp(x), 1e-12):
            continue  # many have the same prediction
        columns = spline(x, knots)
        # a spline's own columns are nearly alike
        turned = np.linalg.qr(columns - columns.mean(axis=0))[0] * np.sqrt(len(x))
        designs[df] = np.column_stack([np.ones(len(x)), turned])
    return designs


def _loss(log_odds: np.ndarray, outcome: np.ndarray, weights: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # NaN of a fit that did not converge: never chosen
        loss: np.ndarray = (weights * (np.logaddexp(0, log_odds) - outcome * log_odds)).sum(axis=1)
    return loss


def fitted(
    designs: Mapping[int, np.ndarray],
    outcome: np.ndarray,
    weights: np.ndarray,
    folds: np.ndarray,
    starts: Mapping[int, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Return everybody's smoothed log odds, each fit's flexibility chosen by its cross-validated log loss.

    Parameters
    ----------
    designs
        Of `_designs`.
    outcome, weights
        Shape (b, n); weights count a resampled applicant, whose copies are all in one fold.
    folds
        Shape (n,).
    starts
        {df: coefficients near by}

    Returns
    -------
    log_odds
        Shape (b, n).
    df
        Shape (b,).
    """
    outcome, weights = np.broadcast_arrays(np.atleast_2d(outcome), np.atleast_2d(weights))
    kinds = list(designs)
    total = np.zeros((len(kinds), len(outcome)))
    for row, df in enumerate(kinds):
        for fold in range(FOLDS):
            held = folds == fold
            lines = (
                fit_many(designs[df][~held], outcome[:, ~held], weights[:, ~held], starts[df])
                @ designs[df][held].T
            )
            total[row] += _loss(lines, outcome[:, held], weights[:, held])
    best = np.argmin(np.where(np.isnan(total), np.inf, total), axis=0)  # the simpler one where equal
    log_odds = np.empty(outcome.shape)
    for row, df in enumerate(kinds):
        mine = best == row
        if mine.any():
            log_odds[mine] = fit_many(designs[df], outcome[mine], weights[mine], starts[df]) @ designs[df].T
    return log_odds, np.array(kinds)[best]


def _chunks(count: int, n: int) -> list[slice]:
    size = max(1, AT_ONCE // n)
    return [slice(s, min(s + size, count)) for s in range(0, count, size)]


@dataclass(frozen=True)
class Chosen:
    """The curve that cross-validation chose, and what it was chosen with.

    Attributes
    ----------
    p, matched
        In order of p, shape (n,).
    designs
        {df: design}
    folds
        Of the cross-validation, shape (n,).
    starts
        {df: coefficients of these outcomes}
    smoothed
        The share that matched at each p, shape (n,).
    df
        Parameters beside the constant.
    """

    p: np.ndarray
    matched: np.ndarray
    designs: Mapping[int, np.ndarray]
    folds: np.ndarray
    starts: Mapping[int, np.ndarray]
    smoothed: np.ndarray
    df: int

    @property
    def ici(self) -> float:
        """Integrated calibration index: the mean distance of curve and prediction."""
        return float(np.abs(self.smoothed - self.p).mean())

    def grid(self) -> np.ndarray:
        """Return the whole points of prediction that are told: not the outermost applicants' own."""
        n = len(self.p)
        end = max(HIDDEN, n // 100)
        ticks: np.ndarray = (
            np.arange(np.ceil(100 * self.p[end]), np.floor(100 * self.p[n - 1 - end]) + 1) / 100
        )
        return ticks

    def at(self, grid: np.ndarray, smoothed: np.ndarray) -> np.ndarray:
        """Return a curve, given at each p, at the points of a grid."""
        told: np.ndarray = np.interp(grid, self.p, smoothed)
        return told

    def resampled(self, counts: np.ndarray) -> np.ndarray:
        """Return the curves of bootstrap samples, given how often each applicant is in one; shape (b, n)."""
        return self._smoothed(self.matched, counts, self.starts)

    def noise(self, ideal: np.ndarray) -> np.ndarray:
        """Return the index of outcomes that were drawn from the predictions themselves, shape (b,).

        Parameters
        ----------
        ideal
            Shape (b, n).
        """
        right = _starts(self.designs, self.p)
        found: np.ndarray = np.abs(self._smoothed(ideal, np.ones((1, len(self.p))), right) - self.p).mean(
            axis=1
        )
        return found

    def _smoothed(
        self, outcome: np.ndarray, weights: np.ndarray, starts: Mapping[int, np.ndarray]
    ) -> np.ndarray:
        curves: np.ndarray = expit(fitted(self.designs, outcome, weights, self.folds, starts)[0])
        return curves


def _starts(designs: Mapping[int, np.ndarray], outcome: np.ndarray) -> dict[int, np.ndarray]:
    """Return {df: coefficients}, 0 where a fit did not converge."""
    one = np.ones(len(outcome))
    return {df: np.nan_to_num(fit_many(design, outcome, one)[0]) for df, design in designs.items()}


def chosen(p: ArrayLike, matched: ArrayLike, seed: int = SEED) -> Chosen:
    """Smooth outcomes against predicted chances.

    Logistic regression of the outcome on a restricted cubic spline of the predicted log odds, with one to
    four parameters, as many as `FOLDS`-fold cross-validated log loss likes best (fewer where the rarer
    outcome has under ten applicants per parameter).

    Parameters
    ----------
    p, matched
        Shape (n,).
    seed
        Of the folds.
    """
    p, y = np.asarray(p, float), np.asarray(matched, float)
    order = np.lexsort((y, p))  # so that the rows' order makes no difference
    p, y = p[order], y[order]
    n = len(p)
    designs = _designs(logit(p), int(min(y.sum(), n - y.sum())))
    folds = np.empty(n, int)
    for k, (_, held) in enumerate(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(p, y)):
        folds[held] = k
    starts = _starts(designs, y)
    log_odds, df = fitted(designs, y, np.ones((1, n)), folds, starts)
    return Chosen(p, y, designs, folds, starts, expit(log_odds[0]), int(df[0]))


def reliability(p: ArrayLike, matched: ArrayLike, seed: int = SEED) -> Reliability:
    """Return the curve that is `chosen`, its band, and what noise alone would give.

    The 95% band is the percentiles over `RESAMPLES` bootstrap samples of applicants, the choice made anew in
    each.

    Parameters
    ----------
    p, matched
        Shape (n,).
    seed
        Of folds and samples.
    """
    with threadpool_limits(1, "blas"):  # the products are small: threads would wait for one another
        curve = chosen(p, matched, seed)
        n, grid = len(curve.p), curve.grid()
        rng = np.random.default_rng([seed, 32])
        counts = rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(float)
        ideal = (rng.random((PERFECT, n)) < curve.p).astype(float)
        curves = [
            curve.at(grid, row) for part in _chunks(RESAMPLES, n) for row in curve.resampled(counts[part])
        ]
        noise = np.concatenate([curve.noise(ideal[part]) for part in _chunks(PERFECT, n)])
    low, high = np.nanquantile(curves, BAND, axis=0) if len(grid) else ((), ())
    return Reliability(
        p=tuple(grid),
        observed=tuple(curve.at(grid, curve.smoothed)),
        low=tuple(low),
        high=tuple(high),
        df=curve.df,
        ici=curve.ici,
        ici_perfect=float(np.nanmean(noise)),
        ici_perfect_high=float(np.nanquantile(noise, 0.95)),
    )
