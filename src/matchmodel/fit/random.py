"""Random numbers of the training: one joint design, each quantity's column known by its name.

A name always has the same column, whatever else is drawn, so that leaving a part out changes no other.
Columns that meet in one answer are uncorrelated in the draws themselves, so that a few hundred draws already
give means, variances and products right (matched moments: Barraquand, Manage Sci 41:1882, 1995).
"""

from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np
from scipy.special import ndtr, ndtri

from ..covariates import COVARIATES

KINDS = ("non-us-img", "us-img")
_OF_KIND = (
    "slope mean", "slope spread", "level mean", "level line", "level spread",
    "ranks mean", "ranks spread", "rho mean",
    *(f"reference {name}" for name in COVARIATES),
)  # fmt: skip
_ALL = (
    "ratio mean", "ratio line", "ratio spread", "ratio moved", "score shift", "drift",
    *(f"{what} {name}" for name in COVARIATES for what in ("effect", "effect spread", "score gap")),
)  # fmt: skip
COMMON = (*_ALL, *(f"{kind} {name}" for kind in KINDS for name in _OF_KIND))
_OWN_OF_KIND = ("slope", "level", "ranks", "rho", "mean ranks", "sd ranks")
_OWN = (
    "ratio", "lambda", "usual", "m0", "us m0", "takes no part", "second choices",
    "own drift", "own drift size",
    *(f"effect {name}" for name in COVARIATES),
)  # fmt: skip
OWN = (*_OWN, *(f"{kind} {name}" for kind in KINDS for name in _OWN_OF_KIND))


class Normals:
    """Standard normal draws by name.

    Parameters
    ----------
    seed
        Of the training.
    draws
        Joint draws of every quantity, d.
    """

    def __init__(self, seed: int, draws: int) -> None:
        self.seed, self.count = seed, draws
        self._own: dict[str, np.ndarray] = {}

    def rng(self, part: str) -> np.random.Generator:
        """Return the generator of a part, the same whatever else was drawn."""
        return np.random.default_rng([self.seed, crc32(part.encode())])

    def _design(self, part: str, columns: int, given: np.ndarray | None = None) -> np.ndarray:
        """Return columns of mean 0, variance 1, uncorrelated with one another and with `given`.

        With few draws only nearly so. Every draw has its mirror image (antithetic variates: Hammersley and
        Morton, Proc Camb Philos Soc 52:449, 1956), so that odd moments and products are exact too, and means
        of curved functions nearly so. Sizes start as a random order of equally likely normal scores (Latin
        hypercube: McKay, Beckman and Conover, Technometrics 21:239, 1979), so that each column has the shape
        of a normal.
        """
        half, odd = divmod(self.count, 2)
        scores, rng = ndtri((np.arange(half) + half + odd + 0.5) / self.count), self.rng(part)
        z = rng.permuted(np.tile(scores, (columns, 1)), axis=1).T * rng.choice([-1.0, 1.0], (half, columns))
        fixed = 0 if given is None else given.shape[1]
        if half >= 2 * (columns + fixed):
            if given is not None:
                z -= 2 * given[:half] @ (given[:half].T @ z) / (self.count - 1)
            z = np.linalg.solve(np.linalg.cholesky(z.T @ z), z.T).T
        whole = np.concatenate([z, np.zeros((odd, columns)), -z[::-1]])
        scaled: np.ndarray = whole / whole.std(axis=0, ddof=1)
        return scaled

    @property
    def _common(self) -> np.ndarray:
        return _common_design(self.seed, self.count)

    def one(self, name: str) -> np.ndarray:
        """Return the draws of a quantity that specialties share, shape (d,).

        A name outside `COMMON` has a column by itself.
        """
        return self._common[:, COMMON.index(name)] if name in COMMON else self._design(name, 1)[:, 0]

    def own(self, name: str, specialty: str) -> np.ndarray:
        """Return the draws of a quantity of one specialty, shape (d,)."""
        if name not in OWN:
            return self._design(f"{name} {specialty}", 1)[:, 0]
        if specialty not in self._own:
            self._own[specialty] = self._design(f"of {specialty}", len(OWN), self._common)
        return self._own[specialty][:, OWN.index(name)]

    def pooled(self, common: Sequence[str], own: str, specialties: Sequence[str]) -> np.ndarray:
        """Return draws for `Pool.draws`: the common columns, then one of each specialty, shape (d, p + k)."""
        return np.column_stack([*(self.one(n) for n in common), *(self.own(own, s) for s in specialties)])

    def uniform(self, name: str, specialty: str, low: float, high: float) -> np.ndarray:
        """Return uniform draws between two limits for one specialty, shape (d,)."""
        values: np.ndarray = low + (high - low) * ndtr(self.own(name, specialty))
        return values


@cache
def _common_design(seed: int, draws: int) -> np.ndarray:
    return Normals(seed, draws)._design("common", len(COMMON))
