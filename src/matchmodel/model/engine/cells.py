"""One specialty for one applicant type, and its chain, in every draw; see the package for the symbols."""

from copy import copy
from functools import cached_property
from typing import Literal

import numpy as np

from ..records import ApplicantType, Cell, Chain, ModelRecord
from .ranks import LN_RANKS, rank_terms

Order = Literal["choose", "random", "friendliest"]
ORDERS: tuple[Order, ...] = ("choose", "random", "friendliest")
_MOST_SINGLE = 1e6  # programs: single precision tells one from the next
MOST_USUAL = 0.9  # of the programs listed: what a usual number can be


class CellArrays:
    """One specialty for one type, its draws unpacked once."""

    def __init__(self, record: ModelRecord, kind: ApplicantType, specialty: str) -> None:
        cell: Cell = kind.cells[specialty]
        self.record, self.kind, self.cell = record, kind, cell
        self.level, self.alpha, self.beta = (
            cell.level.draws.array,
            cell.alpha.draws.array,
            cell.beta.draws.array,
        )
        self.drift = cell.drift.array + (0.0 if kind.drift is None else kind.drift.draws.array)
        self.effects = {
            n: (record.effects[n].specialties[specialty].draws, k.draws) for n, k in cell.kappa.items()
        }
        self.intercept: np.ndarray | float = 0.0
        self.slope: np.ndarray | float = 1.0
        if kind.calibration is not None:
            self.intercept, self.slope = (
                kind.calibration.intercept.draws.array,
                kind.calibration.slope.draws.array,
            )
        self.chain = None if cell.chain is None else ChainArrays(cell.chain)


def choice_terms(rho: np.ndarray, usual: np.ndarray, listed: float) -> tuple[np.ndarray, np.ndarray]:
    """Return p and q of C(N) = r N (p - q N), the sum of rates of N programs as IMGs choose them.

    The steepness (rho - 1)/(1 - N_use/L) is kept within 0 and 1, so that C rises with N up to all L programs
    listed. Each has shape (d,).
    """
    steep = np.clip((rho - 1.0) / (1.0 - np.minimum(usual / listed, MOST_USUAL)), 0.0, 1.0)
    return 1.0 + steep, steep / listed


class ChainArrays:
    """The chain of one specialty for one type, its draws unpacked once."""

    def __init__(self, chain: Chain) -> None:
        self.record = chain
        self.m0, self.dispersion = chain.invitations.draws.array, chain.dispersion.draws.array
        self.b, self.eta = chain.rank_slope.draws.array, chain.profile_rate.draws.array
        self.rate, self.listed = chain.rates.mean.value, float(chain.rates.listed)
        self.rho = chain.choice.draws.array
        self.usual = chain.usual.draws.array
        self.rates, self.programs = np.array(chain.rates.rates), np.array(chain.rates.programs)
        self.before = np.concatenate([[0.0], np.cumsum(self.programs)])

    @cached_property
    def single(self) -> "ChainArrays":
        """The chain in single precision; itself where a number of it does not fit."""
        single = copy(self)
        single.__dict__.pop("_choice", None)
        with np.errstate(over="ignore"):
            arrays = {n: a.astype(np.float32) for n, a in vars(self).items() if isinstance(a, np.ndarray)}
        vars(single).update(arrays)
        fits = self.before[-1] < _MOST_SINGLE and all(np.isfinite(a).all() for a in arrays.values())
        return single if fits else self

    @cached_property
    def terms(self) -> np.ndarray:
        """c_k of `rank_terms`, shape (12, d)."""
        return rank_terms(self.dispersion)

    @cached_property
    def powers(self) -> np.ndarray:
        """k^b for k = 1, ..., 12, shape (12, d)."""
        powers: np.ndarray = np.exp(LN_RANKS[:, None] * self.b)
        return powers

    @cached_property
    def _choice(self) -> tuple[np.ndarray, np.ndarray]:
        return choice_terms(self.rho, self.usual, self.listed)

    @property
    def sum_at_usual(self) -> np.ndarray:
        """C(N), the sum of the invitation rates, at the draw's usual number; shape (d,)."""
        p, q = self._choice
        rates: np.ndarray = self.rate * self.usual * (p - q * self.usual)
        return rates

    @property
    def at_usual(self) -> np.ndarray:
        """Mean invitations at LP = 0 and the draw's usual number, shape (d,)."""
        mean: np.ndarray = self.m0 * self.sum_at_usual
        return mean

    def invitations(
        self,
        applications: np.ndarray,
        factor: np.ndarray,
        order: Order = "choose",
        best: np.ndarray | None = None,
    ) -> np.ndarray:
        """Return mean invitations from N programs taken in an order.

        Parameters
        ----------
        applications
            N, shape (n,); cut at the programs listed.
        factor
            m0 exp(eta LP), shape (n, d).
        order
            'choose' as IMGs choose; 'random' and 'friendliest' are the bounds.
        best
            Of `best(factor)`, where it has been worked out already.

        Returns
        -------
        numpy.ndarray
            Shape (n, d), at most N.
        """
        n = np.minimum(np.asarray(applications, factor.dtype), self.listed)[:, None]
        mean: np.ndarray
        if order == "random":
            mean = np.minimum(n * self.rate * factor, n)
            return mean
        a, b = self._choice
        mean = np.minimum(n * self.rate * (a - b * n) * factor, n)
        if order == "friendliest":
            best = self.best(factor) if best is None else best
            group = np.clip(np.searchsorted(self.before, n[:, 0], side="right") - 1, 0, len(self.rates) - 1)
            left, rate = n - self.before[group, None], self.rates[group, None]
            rows = np.arange(factor.shape[0]) if len(n) == factor.shape[0] else np.zeros(len(n), int)
            mean = np.maximum(best[group, rows] + left * np.minimum(rate * factor, 1.0), mean)
        return mean

    def best(self, factor: np.ndarray) -> np.ndarray:
        """Return mean invitations from all of the 0, 1, ... friendliest groups, shape (groups + 1, n, d)."""
        sums = np.zeros((len(self.rates) + 1, *factor.shape), factor.dtype)
        for g, (rate, programs) in enumerate(zip(self.rates, self.programs, strict=True)):
            np.minimum(rate * factor, 1.0, out=sums[g + 1])
            sums[g + 1] *= programs
            sums[g + 1] += sums[g]
        return sums

    def applications(
        self,
        mean: np.ndarray,
        factor: np.ndarray,
        order: Order = "choose",
        best: np.ndarray | None = None,
    ) -> np.ndarray:
        """Return the number of programs that gives so many mean invitations, infinite where none does.

        The inverse of `invitations`.

        Parameters
        ----------
        mean, factor
            Shape (n, d).
        """
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            each = mean / (self.rate * factor)
            if order == "random":
                needed = np.maximum(each, mean)
            else:
                a, b = self._choice
                root = a**2 - 4 * b * each
                needed = np.where(root >= 0, 2 * each / (a + np.sqrt(np.maximum(root, 0.0))), np.inf)
                needed = np.maximum(needed, mean)
                if order == "friendliest":
                    needed = np.minimum(needed, self._friendliest(mean, factor, best))
        return np.where(needed <= self.listed * (1 + 1e-9), needed, np.inf)

    def _friendliest(self, mean: np.ndarray, factor: np.ndarray, best: np.ndarray | None) -> np.ndarray:
        best = self.best(factor) if best is None else best
        group = np.zeros(mean.shape, np.intp)  # the first whose programs reach the mean
        for sums in best[1:]:
            short = sums < mean
            if not short.any():
                break
            group += short
        never = group == len(self.rates)
        group[never] = 0
        reached = np.take_along_axis(best, group[None], axis=0)[0]
        each = np.minimum(self.rates[group] * factor, 1.0)
        return np.where(never, np.inf, self.before[group] + (mean - reached) / np.maximum(each, 1e-300))
