"""Random-effects pooling and shrinkage over specialties (step 3)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from statsmodels.stats.meta_analysis import combine_effects

FEWEST_TO_POOL = 3  # with one or two estimates the spread between them is not identified
GRID = 400  # values of the spread at which its posterior is evaluated
FARTHEST = 4.0  # times the largest of the estimates' spread and the pooled one: where that grid ends


@dataclass(frozen=True)
class Pool:
    """Estimates of one quantity in several specialties, pooled.

    Attributes
    ----------
    mean, mean_se : float
        Of the mean over specialties.
    spread : float
        Tau, the standard deviation between specialties.
    values, ses : numpy.ndarray, shape (k,)
        What was pooled; NaN and inf where a specialty has no estimate.
    """

    mean: float
    mean_se: float
    spread: float
    values: np.ndarray
    ses: np.ndarray

    def weights(self, mask=None):
        """Return how much of each own estimate is kept, between 0 and 1, shape (k,).

        tau^2/(tau^2 + se^2), the precision of a specialty's own estimate over that of
        estimate and prior together (Efron and Morris, JASA 70:311, 1975). Where `mask` is
        False the own estimate is kept whole.
        """
        known = np.isfinite(self.values)
        keep = np.where(known, self.spread**2 / (self.spread**2 + np.where(known, self.ses, 1.0) ** 2 + 1e-300), 0.0)
        if known.sum() < FEWEST_TO_POOL:
            keep = known.astype(float)
        return keep if mask is None else np.where(mask & known, 1.0, keep)

    def shrunk(self, mask=None):
        """Return the estimates drawn towards the mean by their own precision, shape (k,)."""
        keep = self.weights(mask)
        return keep * np.where(np.isfinite(self.values), self.values, 0.0) + (1 - keep) * self.mean

    def spread_density(self):
        """Return the posterior density of the spread under a flat prior, on a grid, not normed.

        p(tau | y) ~ V^(1/2) prod_i (se_i^2 + tau^2)^(-1/2) exp(-(y_i - m)^2/(2(se_i^2 + tau^2))), m
        and V the mean given tau and its variance (Gelman et al., Bayesian Data Analysis, 3rd
        ed., eq. 5.21). With fewer than three estimates the spread is not identified and the
        grid is the pooled one alone.

        Returns
        -------
        grid, density : numpy.ndarray, shape (g,)
        """
        known = np.isfinite(self.values)
        if known.sum() < FEWEST_TO_POOL:
            return np.array([self.spread]), np.ones(1)
        y, v = self.values[known], self.ses[known] ** 2
        grid = np.linspace(0, FARTHEST * max(np.std(y, ddof=1), self.spread, 1e-6), GRID)
        total = v[None, :] + grid[:, None] ** 2
        mean, se = self.mean_given(grid)
        log_density = np.log(se) - 0.5 * np.log(total).sum(axis=1) - 0.5 * ((y - mean[:, None]) ** 2 / total).sum(axis=1)
        return grid, np.exp(log_density - log_density.max())

    def spread_draws(self, normal):
        """Return draws of the spread from `spread_density`, by the inverse of its integral.

        Parameters
        ----------
        normal : numpy.ndarray, shape (d,)
            Standard normal draws.

        Returns
        -------
        numpy.ndarray, shape (d,)
        """
        grid, density = self.spread_density()
        if len(grid) == 1:
            return np.full(len(normal), grid[0])
        cumulative = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
        return np.interp(ndtr(normal), cumulative / cumulative[-1], grid)

    def mean_given(self, spreads):
        """Return the mean over specialties and its standard error, given the spread, two arrays of shape (d,)."""
        known = np.isfinite(self.values)
        weights = 1 / (self.ses[known][None, :] ** 2 + np.asarray(spreads)[:, None] ** 2)
        return weights @ self.values[known] / weights.sum(axis=1), 1 / np.sqrt(weights.sum(axis=1))

    def mean_draws(self, normal, spreads):
        """Return draws of the mean over specialties, given draws of the spread, centred on `mean`; shape (d,)."""
        mean, se = self.mean_given(spreads)
        made = mean + se * normal
        return made - made.mean() + self.mean

    def draws(self, normals, mask=None, spreads=None):
        """Return joint draws of the shrunk estimates.

        Parameters
        ----------
        normals : numpy.ndarray, shape (d, k + 1)
            Standard normal draws; the first column moves the mean, and with it all.
        mask : numpy.ndarray of bool, shape (k,), optional
            As in `weights`.
        spreads : numpy.ndarray, shape (d,), optional
            Draws of the spread (`spread_draws`), each with its own mean and shrinkage, the
            whole then centred on `shrunk`; the pooled spread where absent.

        Returns
        -------
        numpy.ndarray, shape (d, k)
            value = keep*estimate + (1 - keep)*(mean + mean_se z0) + own error, the own error's
            variance being keep*se^2 (tau^2 where nothing is known).
        """
        known = np.isfinite(self.values)
        if spreads is None or known.sum() < FEWEST_TO_POOL:
            keep, tau = self.weights(mask), self.spread
            centre = self.mean + self.mean_se * normals[:, :1]
        else:
            tau = spreads[:, None]
            keep = np.where(known, tau**2 / (tau**2 + np.where(known, self.ses, 1.0) ** 2), 0.0)
            keep = keep if mask is None else np.where(mask & known, 1.0, keep)
            centre = self.mean_draws(normals[:, 0], spreads)[:, None]
        own = np.where(known, np.sqrt(keep) * np.where(known, self.ses, 0.0), tau)
        base = keep * np.where(known, self.values, 0.0)
        made = base + (1 - keep) * centre + own * normals[:, 1:]
        return made if spreads is None else made - made.mean(axis=0) + self.shrunk(mask)


def pool(values, ses):
    """Pool estimates over specialties by a random-effects meta-analysis.

    tau^2 by Paule and Mandel (J Res Natl Bur Stand 87:377, 1982), the mean by inverse
    variance 1/(se^2 + tau^2), its standard error after Hartung and Knapp (Stat Med 20:1771,
    2001) when that is the wider one; statsmodels' `combine_effects`.

    Parameters
    ----------
    values, ses : array_like, shape (k,)
        NaN or infinite where a specialty has no estimate.

    Returns
    -------
    Pool

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
    v, s = values[known], ses[known]
    if known.sum() == 1:
        return Pool(float(v[0]), float(s[0]), 0.0, values, ses)
    with np.errstate(divide="ignore", invalid="ignore"):  # equal estimates: statsmodels divides by their Q for I^2
        found = combine_effects(v, s**2, method_re="iterated", use_t=False)
    se = max(found.sd_eff_w_re, found.sd_eff_w_re_hksj) if known.sum() >= FEWEST_TO_POOL else found.sd_eff_w_re
    return Pool(float(found.mean_effect_re), float(se), float(np.sqrt(max(found.tau2, 0.0))), values, ses)
