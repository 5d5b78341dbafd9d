"""The slope of the log-odds of matching on one measure, in one cell (step 2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from .cells import Bins, Measured
from .reconstruct import SCORE_RANGE, TAILS, Support, reconstruct_rows

DEFAULT_TAIL = "iqr"
JITTERS = 20  # replicates for the rounding; their variance is small beside the sampling variance
NEWTON_STEPS, HALVINGS = 100, 30
CLOSE = 1e-12  # of Newton's step
SAME = 1e-9  # values nearer together than this are one
LARGEST_SE = 50.0  # a slope less certain than this is not known
VAGUE = 2.0  # times the sampling error: from there a version of the table counts by its information

Transform = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Slope:
    """A fitted slope and where its variance comes from.

    Attributes
    ----------
    value
        Log odds per unit of u.
    se_sampling, se_rounding, se_tails
        Of the binomial sampling, of the printed numbers' rounding, of the choice of tail (of shape, where the
        measure counts).
    n
        Applicants in the fit.
    converged
        Whether the slope is known.
    reason
        Why not, in words.
    """

    value: float
    se_sampling: float
    se_rounding: float
    se_tails: float
    n: float
    converged: bool = True
    reason: str = ""

    @property
    def se(self) -> float:
        """The three parts together."""
        return float(np.sqrt(self.se_sampling**2 + self.se_rounding**2 + self.se_tails**2))


@dataclass(frozen=True)
class Logistic:
    """Two-parameter logistic regressions, one in each row.

    Attributes
    ----------
    slope, se
        Shape (r,). Infinite where the groups do not overlap; the sign of the slope says which is above.
    converged
        Shape (r,).
    """

    slope: np.ndarray
    se: np.ndarray
    converged: np.ndarray


def _overlap(u: np.ndarray, yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    """Return 0 where two weighted groups overlap, else 1 or -1: the sign of the slope without bound."""
    low = [np.where(w > 0, u, np.inf).min(axis=1) for w in (yes, no)]
    high = [np.where(w > 0, u, -np.inf).max(axis=1) for w in (yes, no)]
    return np.where(high[1] <= low[0], 1.0, np.where(high[0] <= low[1], -1.0, 0.0))


def logistic_rows(u: np.ndarray, yes: np.ndarray, no: np.ndarray) -> Logistic:
    """Fit logit P(yes | u) = a + b u to weighted points, many rows at once, by maximum likelihood.

    Newton's method, which for this likelihood is iteratively reweighted least squares (McCullagh and Nelder,
    Generalized Linear Models, 1989, ch. 4), with steps halved until the likelihood rises; the log likelihood
    is concave, so that there is one maximum. There is none where the groups do not overlap, or in one point
    only (Albert and Anderson, Biometrika 71:1, 1984): those rows are told apart by their points alone.

    Parameters
    ----------
    u
        Shape (r, k).
    yes, no
        Applicants with either outcome at each point, shape (r, k); 0 where there are none.
    """
    total = yes + no
    n = total.sum(axis=1)
    centre = (total * u).sum(axis=1) / n
    scale = np.sqrt((total * (u - centre[:, None]) ** 2).sum(axis=1) / n)
    apart = _overlap(u, yes, no)
    slope, se, converged = (
        np.where(apart > 0, np.inf, np.where(apart < 0, -np.inf, 0.0)),
        np.full(len(u), np.inf),
        np.zeros(len(u), bool),
    )
    rows = np.flatnonzero((apart == 0) & (scale > 0))
    x = (u[rows] - centre[rows, None]) / scale[rows, None]
    y, w = yes[rows], total[rows]
    theta = np.stack([np.log(y.sum(axis=1) / (w - y).sum(axis=1)), np.zeros(len(rows))], axis=1)

    def likelihood(
        theta: np.ndarray, x: np.ndarray, y: np.ndarray, w: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        eta = theta[:, :1] + theta[:, 1:] * x
        p = expit(eta)
        return (y * eta - w * np.logaddexp(0, eta)).sum(axis=1), p

    value, p = likelihood(theta, x, y, w)
    for _ in range(NEWTON_STEPS):
        if not len(rows):
            break
        weight = w * p * (1 - p)
        g0, g1 = (y - w * p).sum(axis=1), ((y - w * p) * x).sum(axis=1)
        a, mean = weight.sum(axis=1), (weight * x).sum(axis=1) / weight.sum(axis=1)
        c = (weight * (x - mean[:, None]) ** 2).sum(
            axis=1
        )  # information on the slope, the intercept taken out
        step_slope = (g1 - mean * g0) / c
        step = np.stack([g0 / a - mean * step_slope, step_slope], axis=1)
        slope[rows], se[rows] = theta[:, 1] / scale[rows], 1 / np.sqrt(c) / scale[rows]
        done = np.abs(step).max(axis=1) < CLOSE * (1 + np.abs(theta).max(axis=1))
        converged[rows] |= done
        rows, x, y, w, theta, value, step = (
            rows[~done],
            x[~done],
            y[~done],
            w[~done],
            theta[~done],
            value[~done],
            step[~done],
        )
        length = np.ones(len(rows))
        for _ in range(HALVINGS):
            new = theta + length[:, None] * step
            found, p = likelihood(new, x, y, w)
            worse = found < value - 1e-13 * np.abs(value)
            if not worse.any():
                break
            length = np.where(worse, length / 2, length)
        theta, value = new, found
    return Logistic(slope, se, converged)


def _unknown(n: float, reason: str) -> Slope:
    return Slope(0.0, np.inf, 0.0, 0.0, n, False, reason)


def _binned(bins: Bins, transform: Transform) -> Slope:
    u = transform(bins.mid)
    n = float(bins.matched.sum() + bins.not_matched.sum())
    if np.ptp(u[bins.matched + bins.not_matched > 0]) == 0:
        return _unknown(n, "the printed numbers show no variation")
    fit = logistic_rows(u[None], bins.matched[None], bins.not_matched[None])
    if not fit.converged[0] or fit.se[0] > LARGEST_SE:
        return _unknown(n, "the cohorts do not overlap, or the fit did not converge")
    return Slope(float(fit.slope[0]), float(fit.se[0]), 0.0, 0.0, n)


def _whole(rows: np.ndarray, transform: Transform) -> np.ndarray:
    return np.asarray(transform(rows.ravel())).reshape(rows.shape)


def _moved(slopes: np.ndarray, ses: np.ndarray, value: float, se: float) -> np.ndarray:
    """Return how far other versions of a table move its slope.

    Where a version's cohorts hardly overlap its slope is near to infinite and says nothing: from `VAGUE`
    sampling errors on, its distance is multiplied by the ratio of information, which falls faster than the
    slope rises.
    """
    finite = np.isfinite(slopes)
    return np.where(finite, np.where(finite, slopes, value) - value, 0.0) * np.minimum(
        1.0, (VAGUE * se / ses) ** 2
    )


def fit_slopes(
    tables: Sequence[Measured],
    transform: Transform,
    rngs: Sequence[np.random.Generator],
    limits: Support = SCORE_RANGE,
    tail: str = DEFAULT_TAIL,
) -> list[Slope]:
    """Return `fit_slope` of many tables at once, each with a generator of its own."""
    made = {j: _binned(t.bins, transform) for j, t in enumerate(tables) if t.bins is not None}
    places = [j for j in range(len(tables)) if j not in made]
    if not places:
        return [made[j] for j in range(len(tables))]
    tails = [tail, *(t for t in TAILS if t != tail)]
    versions = [
        v
        for j in places
        for v in [tables[j]] * len(tails)
        + [tables[j].jittered(rngs[j], limits.counts) for _ in range(JITTERS)]
    ]
    of_row = (tails + [tail] * JITTERS) * len(places)
    values, weights = reconstruct_rows(
        [s for side in zip(*(v.both() for v in versions), strict=True) for s in side],
        of_row * 2,
        limits=limits,
    )
    half = len(versions)
    yes = np.hstack([weights[:half], np.zeros_like(weights[half:])])
    no = np.hstack([np.zeros_like(weights[:half]), weights[half:]])
    u = _whole(np.hstack([values[:half], values[half:]]), transform)
    fits = logistic_rows(u, yes, no)
    size = len(tails) + JITTERS
    for at, j in zip(range(0, half, size), places, strict=True):
        n = float(yes[at].sum() + no[at].sum())
        value, se = fits.slope[at], fits.se[at]
        if np.ptp(u[at][yes[at] + no[at] > 0]) < SAME:
            made[j] = _unknown(n, "the printed numbers show no variation")
        elif not fits.converged[at] or se > LARGEST_SE:
            made[j] = _unknown(n, "the cohorts do not overlap, or the fit did not converge")
        else:
            away = _moved(fits.slope[at : at + size], fits.se[at : at + size], value, se)
            rounding, choice = np.std(away[len(tails) :], ddof=1), np.ptp(away[: len(tails)]) / np.sqrt(12)
            made[j] = Slope(float(value), float(se), float(rounding), float(choice), n)
    return [made[j] for j in range(len(tables))]


def fit_slope(
    measured: Measured,
    transform: Transform,
    rng: np.random.Generator,
    limits: Support = SCORE_RANGE,
    tail: str = DEFAULT_TAIL,
) -> Slope:
    """Fit a weighted logistic regression to a cell's two reconstructed cohorts.

    logit P(matched | u) = a + b u, weights = applicants (`logistic_rows`). The variance adds that of b over
    `JITTERS` draws of the printed numbers within their rounding, and that of a uniform distribution between
    the smallest and largest b over the tails of `TAILS`; where a draw's cohorts hardly overlap it counts
    little (`_moved`).

    Parameters
    ----------
    measured
        With both cohorts (`complete`).
    transform
        Array of values -> array of u.
    rng
        For the rounding.
    limits
        Where values are clipped when no extremes are printed.
    tail
        As in `reconstruct`.
    """
    return fit_slopes([measured], transform, [rng], limits, tail)[0]
