"""The model as prior, your own applicants as likelihood: most probable values, Laplace covariance."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag, cho_factor, cho_solve, eigh
from threadpoolctl import threadpool_limits

from ...model import Model
from .. import SEED
from .likelihood import Likelihood
from .numbers import OwnRows
from .prior import Prior
from .walks import Shifts

STEPS = 100
HALVINGS = 40
CLOSE = 1e-9  # squared length of a Newton step in standard errors, at which it has arrived


@dataclass(frozen=True)
class Fitted:
    """Where the posterior is highest, and how wide it is.

    Attributes
    ----------
    prior, shifts
    start, point
        Before and after, the shifts of your own levels last; shape (p,).
    before, covariance
        Of the prior, and of the posterior by Laplace; shape (p, p).
    information
        Of the rows, shape (p, p).
    log_posterior, steps, converged
        Of Newton's method.
    """

    prior: Prior
    shifts: Shifts
    start: np.ndarray
    point: np.ndarray
    before: np.ndarray
    covariance: np.ndarray
    information: np.ndarray
    log_posterior: float
    steps: int
    converged: bool

    def own_level(self, kind: str) -> tuple[float, float]:
        """Return by how much the level of your own applicants of a type differs, and its standard error."""
        place = len(self.prior.point) + self.shifts.offices[kind]
        return float(self.point[place]), float(np.sqrt(self.covariance[place, place]))

    def weight(self, vector: np.ndarray) -> float:
        """Return the rows' share in what is known of vector @ numbers: by how much its variance falls."""
        before, after = vector @ self.before @ vector, vector @ self.covariance @ vector
        return float(np.clip(1 - after / before, 0.0, 1.0)) if before > 0 else 0.0


def fit_update(likelihood: Likelihood, say: Callable[[int], None] = lambda step: None) -> Fitted:
    """Find the maximum a posteriori.

    Fisher scoring, Newton's method with the expected information, halving a step that does not rise
    (McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, 2.5); the covariance is the inverse of
    information plus prior precision at the maximum (Laplace's approximation; Tierney and Kadane, J Am Stat
    Assoc 81:82, 1986), the expected information standing for the observed one: the two are the same where
    nothing is unknown, but for the bend of kappa.

    Parameters
    ----------
    likelihood
    say
        Told the number of each step.
    """
    prior, shifts = likelihood.prior, likelihood.shifts
    start = likelihood.start
    before = block_diag(prior.covariance(), shifts.covariance()) if len(shifts) else prior.covariance()
    precision = cho_solve(cho_factor(before), np.eye(len(before)))

    def penalty(vector: np.ndarray) -> float:
        return float(0.5 * (vector - start) @ precision @ (vector - start))

    with threadpool_limits(1, "blas"):  # the products are small: threads would wait for one another
        now, converged, step = start.copy(), False, 0
        likely, gradient, information = likelihood.derivatives(now)
        value = likely - penalty(now)
        for step in range(1, STEPS + 1):
            say(step)
            slope = gradient - precision @ (now - start)
            move = cho_solve(cho_factor(information + precision), slope)
            size = 1.0
            for _ in range(HALVINGS):
                trial = now + size * move
                likely, *there = likelihood.derivatives(trial)  # at a step that rises they are needed next
                if likely - penalty(trial) >= value - 1e-9 * (1 + abs(value)):
                    break
                size /= 2
            else:
                break
            now, value, (gradient, information) = trial, likely - penalty(trial), there
            if slope @ move < CLOSE:
                converged = True
                break
        covariance = cho_solve(cho_factor(information + precision), np.eye(len(now)))
    covariance = (covariance + covariance.T) / 2
    return Fitted(prior, shifts, start, now, before, covariance, information, value, step, converged)


def _normals(count: int, columns: int, seed: int) -> np.ndarray:
    """Return standard normal draws with mean 0 and, where they are enough, the unit covariance exactly.

    Moments matched (Barraquand, Manage Sci 41:1882, 1995).
    """
    z = np.random.default_rng([seed, 37]).standard_normal((count, columns))
    z -= z.mean(axis=0)
    if count > 2 * columns:
        return np.linalg.solve(np.linalg.cholesky(np.cov(z, rowvar=False)), z.T).T
    scaled: np.ndarray = z / z.std(axis=0, ddof=1)
    return scaled


def posterior_draws(fitted: Fitted, seed: int = SEED) -> np.ndarray:
    """Return joint draws of the posterior, from the file's own; shape (d, p), the shifts last.

    Each draw of the prior is conditioned on the rows with an error of its own (Matheron's rule: Journel and
    Huijbregts, Mining Geostatistics, 1978, VII.A.2): point + C (C0^-1 (draw - start) + I^1/2 z), C0 the prior
    and C the Laplace covariance, I the information. So draws stay tied to what the file holds beside them
    (drift, chain), and without information they are the file's own. Standard deviations are then those of C
    exactly.
    """
    prior, wide = fitted.prior.draws, len(fitted.start)
    z = _normals(len(prior), wide + len(fitted.shifts), seed)
    values, vectors = eigh(fitted.information)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T  # symmetric: it has no sign to choose
    away = prior - fitted.prior.point
    if len(fitted.shifts):
        own = fitted.before[-len(fitted.shifts) :, -len(fitted.shifts) :]
        away = np.column_stack([away, z[:, wide:] @ np.linalg.cholesky(own).T])
    moved = cho_solve(cho_factor(fitted.before), away.T).T + z[:, :wide] @ root.T
    off = moved @ fitted.covariance
    off *= np.sqrt(np.diag(fitted.covariance)) / np.maximum(off.std(axis=0, ddof=1), 1e-12)
    draws: np.ndarray = fitted.point + off
    return draws


def update(
    model: Model,
    rows: OwnRows,
    prior: Prior | None = None,
    say: Callable[[int], None] = lambda step: None,
    own_level: bool = False,
) -> tuple[Fitted, Likelihood]:
    """Fit your own rows to a model.

    Parameters
    ----------
    model, rows
    prior
        Of the model, where it has been read already.
    say
        Told the number of each step.
    own_level
        Whether each type with rows has a level of its own.
    """
    likelihood = Likelihood(model, Prior(model) if prior is None else prior, rows, own_level)
    return fit_update(likelihood, say), likelihood
