"""Random-effects pooling and shrinkage over specialties, about a common mean or a line (step 3)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import ndtr

FEWEST_TO_POOL = 3  # with one or two estimates the spread between them is not identified
GRID = 400  # values of the spread at which its posterior is evaluated
FARTHEST = 4.0  # times the largest of the estimates' spread and the pooled one: where that grid ends


@dataclass(frozen=True)
class Pool:
    """Estimates of one quantity in several specialties, pooled.

    The model is y_s = X_s g + u_s + e_s, u_s ~ N(0, spread^2), e_s ~ N(0, se_s^2).

    Attributes
    ----------
    coefficients, covariance
        g, shape (p,), and its covariance. The first is the mean over specialties, since regressors are
        centred.
    spread
        Standard deviation between specialties about X g.
    values, ses
        What was pooled, shape (k,); NaN and inf where a specialty has no estimate.
    design
        X, shape (k, p).
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    spread: float
    values: np.ndarray
    ses: np.ndarray
    design: np.ndarray

    @property
    def mean(self) -> float:
        """The mean over specialties."""
        return float(self.coefficients[0])

    @property
    def mean_se(self) -> float:
        """Its standard error."""
        return float(np.sqrt(self.covariance[0, 0]))

    @property
    def known(self) -> np.ndarray:
        """Which specialties have an estimate, shape (k,)."""
        finite: np.ndarray = np.isfinite(self.values)
        return finite

    @property
    def fitted(self) -> np.ndarray:
        """What the others say of each specialty, X g, shape (k,)."""
        line: np.ndarray = self.design @ self.coefficients
        return line

    def _keep(self, spreads: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
        """Return how much of each own estimate is kept at each spread, shape (d, k)."""
        tau2 = np.asarray(spreads, float)[:, None] ** 2
        keep = np.where(self.known, tau2 / (tau2 + np.where(self.known, self.ses, 1.0) ** 2 + 1e-300), 0.0)
        if self.known.sum() < FEWEST_TO_POOL:
            keep = np.broadcast_to(self.known.astype(float), keep.shape)
        return keep if mask is None else np.where(mask & self.known, 1.0, keep)

    def weights(self, mask: np.ndarray | None = None) -> np.ndarray:
        """Return how much of each own estimate is kept, between 0 and 1, shape (k,).

        spread^2/(spread^2 + se^2), the precision of a specialty's own estimate over that of estimate and
        prior together (Efron and Morris, JASA 70:311, 1975). Where `mask` is True the own estimate is kept
        whole.
        """
        kept: np.ndarray = self._keep(np.array([self.spread]), mask)[0]
        return kept

    def shrunk(self, mask: np.ndarray | None = None) -> np.ndarray:
        """Return the estimates shrunk towards X g by their own precision, shape (k,)."""
        keep = self.weights(mask)
        own = np.where(self.known, self.values, 0.0)
        estimates: np.ndarray = keep * own + (1 - keep) * self.fitted
        return estimates

    def coefficients_given(self, spreads: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return g, its covariance and the weighted squares about X g at each spread.

        Generalised least squares with weights 1/(se^2 + spread^2).

        Returns
        -------
        tuple of numpy.ndarray
            Shapes (d, p), (d, p, p) and (d,).
        """
        x, y, v = self.design[self.known], self.values[self.known], self.ses[self.known] ** 2
        w = 1 / (v + np.asarray(spreads, float)[:, None] ** 2)
        covariance = np.linalg.inv(np.einsum("dk,ki,kj->dij", w, x, x))
        g = np.einsum("dij,dk,kj,k->di", covariance, w, x, y)
        squares = (w * (y - g @ x.T) ** 2).sum(axis=1)
        return g, covariance, squares

    def spread_density(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the posterior density of the spread under a flat prior, on a grid, not normed.

        p(tau | y) ~ |V_g|^(1/2) prod (se_i^2 + tau^2)^(-1/2) exp(-squares/2), V_g the covariance of g given
        tau (Gelman et al., Bayesian Data Analysis, 3rd ed., eq. 5.21, with regressors). With fewer than three
        estimates more than coefficients the grid is the pooled spread alone.
        """
        v = self.ses[self.known] ** 2
        if self.known.sum() < FEWEST_TO_POOL + self.design.shape[1] - 1:
            return np.array([self.spread]), np.ones(1)
        grid = np.linspace(
            0, FARTHEST * max(np.std(self.values[self.known], ddof=1), self.spread, 1e-6), GRID
        )
        _, covariance, squares = self.coefficients_given(grid)
        logs = (
            0.5 * np.linalg.slogdet(covariance)[1]
            - 0.5 * np.log(v + grid[:, None] ** 2).sum(axis=1)
            - 0.5 * squares
        )
        return grid, np.exp(logs - logs.max())

    def spread_draws(self, normal: np.ndarray) -> np.ndarray:
        """Return draws of the spread from `spread_density`, by the inverse of its integral.

        Shape of `normal`, (d,).
        """
        grid, density = self.spread_density()
        if len(grid) == 1:
            return np.full(len(normal), grid[0])
        cumulative = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
        spreads: np.ndarray = np.interp(ndtr(normal), cumulative / cumulative[-1], grid)
        return spreads

    def mean_given(self, spreads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean over specialties and its standard error at each spread, shape (d,) each."""
        g, covariance, _ = self.coefficients_given(spreads)
        return g[:, 0], np.sqrt(covariance[:, 0, 0])

    def mean_draws(self, normal: np.ndarray, spreads: np.ndarray) -> np.ndarray:
        """Return draws of the mean over specialties, given draws of the spread, centred on `mean`.

        Shape (d,).
        """
        mean, se = self.mean_given(spreads)
        drawn: np.ndarray = mean + se * normal
        centred: np.ndarray = drawn - drawn.mean() + self.mean
        return centred

    def draws(
        self, normals: np.ndarray, mask: np.ndarray | None = None, spreads: np.ndarray | None = None
    ) -> np.ndarray:
        """Return joint draws of the shrunk estimates, centred on `shrunk`, shape (d, k).

        value = keep*estimate + (1 - keep)*(X g drawn) + own error, whose variance is keep*se^2 (spread^2
        where nothing is known).

        Parameters
        ----------
        normals
            Standard normal draws, shape (d, k + p); the first p columns move g, and with it all.
        mask
            As in `weights`.
        spreads
            Draws of the spread (`spread_draws`), shape (d,); the pooled spread where absent.
        """
        p = self.design.shape[1]
        tau = np.full(len(normals), self.spread) if spreads is None else spreads
        keep = self._keep(tau, mask)
        g, covariance, _ = self.coefficients_given(tau)
        if spreads is None:
            g, covariance = (
                np.broadcast_to(self.coefficients, g.shape),
                np.broadcast_to(self.covariance, covariance.shape),
            )
        root = np.linalg.cholesky(covariance)
        centre = (g + np.einsum("dij,dj->di", root, normals[:, :p])) @ self.design.T
        own = np.where(self.known, np.sqrt(keep) * np.where(self.known, self.ses, 0.0), tau[:, None])
        drawn = keep * np.where(self.known, self.values, 0.0) + (1 - keep) * centre + own * normals[:, p:]
        centred: np.ndarray = drawn - drawn.mean(axis=0) + self.shrunk(mask)
        return centred


def pool(values: ArrayLike, ses: ArrayLike, regressor: np.ndarray | None = None) -> Pool:
    """Pool estimates over specialties by a random-effects meta-analysis, about a line where there is a
    regressor.

    spread^2 by Paule and Mandel (J Res Natl Bur Stand 87:377, 1982): the weighted squares about X g equal
    their degrees of freedom. The errors of g after Knapp and Hartung (Stat Med 22:2693, 2003) where these are
    the wider ones.

    Parameters
    ----------
    values, ses
        Shape (k,), NaN or infinite where a specialty has no estimate.
    regressor
        Shape (k,), finite for every specialty; centred here on its mean over those with estimates.

    Raises
    ------
    ValueError
        When no specialty has an estimate.
    """
    values, ses = np.array(values, float), np.array(ses, float)
    known = np.isfinite(values) & np.isfinite(ses)
    values, ses = np.where(known, values, np.nan), np.where(known, ses, np.inf)
    if not known.any():
        raise ValueError("nothing to pool: no specialty has an estimate")
    design = np.ones((len(values), 1))
    if regressor is not None and known.sum() >= FEWEST_TO_POOL + 1:
        design = np.column_stack(
            [design, np.asarray(regressor, float) - np.mean(np.asarray(regressor)[known])]
        )
    blank = Pool(np.zeros(design.shape[1]), np.eye(design.shape[1]), 0.0, values, ses, design)
    free = int(known.sum()) - design.shape[1]

    def excess(tau: float) -> float:
        return float(blank.coefficients_given(np.array([tau]))[2][0]) - free

    spread, far = 0.0, 10 * (np.std(values[known]) + np.max(ses[known]))
    if free > 0 and excess(0.0) > 0:
        spread = float(brentq(excess, 0.0, far, xtol=1e-14, rtol=1e-14))
    g, covariance, squares = (part[0] for part in blank.coefficients_given(np.array([spread])))
    if known.sum() >= FEWEST_TO_POOL:
        covariance = covariance * max(1.0, squares / free)
    return Pool(g, covariance, spread, values, ses, design)
