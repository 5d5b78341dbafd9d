"""Logistic regression on one or two columns of very many applicants, in little memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

AT_ONCE = 65_536  # applicants in memory at a time
MOST_STEPS, SMALL = 50, 3e-5  # a step this small leaves an error of about its square
# Per applicant: a fit whose log likelihood is nearer to 0 separates the outcomes.
SEPARATED = 1e-6


@dataclass(frozen=True)
class Logistic:
    """A fitted logistic regression.

    Attributes
    ----------
    coefficients
        Shape (k,).
    covariance
        The inverse of the Fisher information, shape (k, k).
    log_likelihood
    settled
        Whether there is a maximum and it was found: not where the columns separate the outcomes.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    settled: bool


class _Rows:
    """The applicants, of whom a piece at a time is looked at."""

    def __init__(
        self,
        columns: tuple[np.ndarray | float, ...],
        y: np.ndarray,
        offset: np.ndarray | float,
        trials: np.ndarray | float,
    ) -> None:
        self.columns, self.y, self.offset, self.trials = columns, y, offset, trials

    def some(self) -> "_Rows":
        """Return about `AT_ONCE` of them, evenly spread."""
        every = slice(None, None, max(1, len(self.y) // AT_ONCE))
        columns = tuple(_of(column, every) for column in self.columns)
        return _Rows(columns, self.y[every], _of(self.offset, every), _of(self.trials, every))

    def _pieces(
        self, at: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | float, np.ndarray]]:
        """Yield columns, outcomes, how many they are of, and log odds."""
        for start in range(0, len(self.y), AT_ONCE):
            rows = slice(start, start + AT_ONCE)
            y = self.y[rows]
            x = np.empty((len(self.columns), len(y)))
            for j, column in enumerate(self.columns):
                x[j] = _of(column, rows)
            yield x, y, _of(self.trials, rows), at @ x + _of(self.offset, rows)

    def derivatives(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradient of the log likelihood and the Fisher information."""
        k = len(self.columns)
        gradient, information = np.zeros(k), np.zeros((k, k))
        with np.errstate(over="ignore"):  # exp of a large number is infinite, and the chance 0
            for x, y, trials, log_odds in self._pieces(at):
                p = 1 / (1 + np.exp(-log_odds))
                gradient += x @ (y - trials * p)
                information += (x * (trials * p * (1 - p))) @ x.T
        return gradient, information

    def log_likelihood(self, at: np.ndarray) -> float:
        """Return the log likelihood."""
        each = (
            y @ z - np.sum(trials * (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))))
            for _, y, trials, z in self._pieces(at)
        )
        return float(sum(each))


def _of(column: np.ndarray | float, rows: slice) -> np.ndarray | float:
    return column[rows] if isinstance(column, np.ndarray) else column


def logistic(
    columns: tuple[np.ndarray | float, ...],
    y: np.ndarray,
    offset: np.ndarray | float = 0.0,
    trials: np.ndarray | float = 1.0,
) -> Logistic:
    """Fit P(y) = expit(offset + sum of coefficient times column) by maximum likelihood.

    Newton's method (McCullagh and Nelder, Generalized Linear Models, 2nd ed., 1989, section 4.4): from 0 with
    about `AT_ONCE` applicants, a step halved until their likelihood rises, then from there with all. What is
    kept of the applicants is sums alone.

    Parameters
    ----------
    columns
        Each of shape (n,), or one number for all.
    y
        0 or 1, or how many of `trials`; shape (n,).
    offset, trials
        Shape (n,), or one number for all.
    """
    rows, at, settled = _Rows(columns, y, offset, trials), np.zeros(len(columns)), False
    some = rows.some()
    value = some.log_likelihood(at)
    for part in (some, rows):
        for _ in range(MOST_STEPS):
            gradient, information = part.derivatives(at)
            step = np.linalg.lstsq(information, gradient, rcond=None)[0]
            while part is some and np.abs(step).max() > SMALL:
                tried = some.log_likelihood(at + step)
                if tried >= value:
                    value = tried
                    break
                step = step / 2
            at = at + step
            settled = bool(np.abs(step).max() < SMALL * (1 + np.abs(at).max()))
            if settled:
                break
    value, information = rows.log_likelihood(at), rows.derivatives(at)[1]
    separated = value >= -SEPARATED * np.broadcast_to(trials, y.shape).sum()
    settled = settled and not separated and bool(np.linalg.cond(information) < 1 / SMALL)
    return Logistic(at, np.linalg.pinv(information), value, settled)
