"""The tables' posterior as prior, one's own applicants as likelihood: the most probable values and their Laplace covariance."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag, cho_factor, cho_solve, eigh

from .own_likelihood import Likelihood
from .own_prior import Prior
from .train import SEED

STEPS = 100
HALVINGS = 40
CLOSE = 1e-9  # squared length of a Newton step in standard errors, at which it has arrived


@dataclass(frozen=True)
class Fitted:
    """Where the posterior is highest, and how wide it is.

    Attributes
    ----------
    prior : Prior
    shifts : list of (str, int)
        Types and cycles with a shift of their level.
    start, point : numpy.ndarray, shape (p,)
        Before and after; the cycles' shifts last.
    before, covariance : numpy.ndarray, shape (p, p)
        Of the prior, and of the posterior by Laplace.
    information : numpy.ndarray, shape (p, p)
        Of the rows.
    log_posterior : float
    steps : int
    converged : bool
    """

    prior: Prior
    shifts: list
    start: np.ndarray
    point: np.ndarray
    before: np.ndarray
    covariance: np.ndarray
    information: np.ndarray
    log_posterior: float
    steps: int
    converged: bool


def fit_update(likelihood, said=None):
    """Find the maximum a posteriori.

    Fisher scoring, Newton's method with the expected information, halving a step that does not rise (McCullagh and Nelder,
    Generalized Linear Models, 2nd ed. 1989, 2.5); the covariance is the inverse of information plus prior precision at the maximum
    (Laplace's approximation; Tierney and Kadane, J Am Stat Assoc 81:82, 1986), the expected information standing for the
    observed one: the two are the same where nothing is unknown, but for the bend of kappa.

    Parameters
    ----------
    likelihood : Likelihood
    said : callable, optional
        Told the number of each step.

    Returns
    -------
    Fitted
    """
    start = np.concatenate([likelihood.prior.point, np.zeros(len(likelihood.shifts))])
    parts = [likelihood.prior.covariance(), likelihood.shift_covariance()] if likelihood.shifts else [likelihood.prior.covariance()]
    before = block_diag(*parts)
    precision = cho_solve(cho_factor(before), np.eye(len(before)))

    def penalty(vector):
        return 0.5 * (vector - start) @ precision @ (vector - start)

    now, converged = start.copy(), False
    value, gradient, information = likelihood.derivatives(now)
    value -= penalty(now)
    for step in range(1, STEPS + 1):
        if said is not None:
            said(step)
        slope = gradient - precision @ (now - start)
        move = cho_solve(cho_factor(information + precision), slope)
        size = 1.0
        for _ in range(HALVINGS):
            trial = now + size * move
            better = likelihood.value(trial) - penalty(trial)
            if better >= value - 1e-9 * (1 + abs(value)):
                break
            size /= 2
        else:
            break
        now = trial
        value, gradient, information = likelihood.derivatives(now)
        value -= penalty(now)
        if slope @ move < CLOSE:
            converged = True
            break
    covariance = cho_solve(cho_factor(information + precision), np.eye(len(now)))
    return Fitted(likelihood.prior, likelihood.shifts, start, now, before, (covariance + covariance.T) / 2, information, value, step, converged)


def _normals(count, columns, seed):
    """Return standard normal draws with mean 0 and, where there are enough of them, the unit covariance exactly (Barraquand, Manage Sci 41:1882, 1995)."""
    z = np.random.default_rng([seed, 37]).standard_normal((count, columns))
    z -= z.mean(axis=0)
    if count > 2 * columns:
        return np.linalg.solve(np.linalg.cholesky(np.cov(z, rowvar=False)), z.T).T
    return z / z.std(axis=0, ddof=1)


def posterior_draws(fitted, seed=SEED):
    """Return joint draws of the posterior, made from the file's own.

    Each draw of the prior is conditioned on the rows with an error of its own (Matheron's rule: Journel and Huijbregts, Mining
    Geostatistics, 1978, VII.A.2): point + C (C0^-1 (draw - start) + I^1/2 z), C0 the prior and C the Laplace covariance, I the
    information. So draws stay tied to what the file holds beside them (drift, applications), and without information they are
    the file's own. Standard deviations are then those of C exactly.

    Parameters
    ----------
    fitted : Fitted
    seed : int

    Returns
    -------
    numpy.ndarray, shape (d, p)
        Without the cycles' shifts.
    """
    prior, wide = fitted.prior.draws, len(fitted.start)
    z = _normals(len(prior), wide + len(fitted.shifts), seed)
    values, vectors = eigh(fitted.information)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    away = prior - fitted.prior.point
    if fitted.shifts:
        own = fitted.before[-len(fitted.shifts) :, -len(fitted.shifts) :]
        away = np.column_stack([away, z[:, wide:] @ np.linalg.cholesky(own).T])
    moved = cho_solve(cho_factor(fitted.before), away.T).T + z[:, :wide] @ root.T
    made = moved @ fitted.covariance
    made *= np.sqrt(np.diag(fitted.covariance)) / np.maximum(made.std(axis=0, ddof=1), 1e-12)
    return (fitted.point + made)[:, : len(fitted.prior.point)]


def update(prior, rows, said=None):
    """Fit one's own rows to a prior; (Fitted, Likelihood)."""
    likelihood = Likelihood(prior, rows)
    return fit_update(likelihood, said), likelihood
