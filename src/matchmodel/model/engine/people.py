"""Applicants of one specialty, type and cycle: their chances and required applications, in every draw."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ...known import known
from .cells import ORDERS, CellArrays, ChainArrays, Order
from .needed import ApplyCurve, Needed, horner
from .ranges import RANGE, expit
from .ranks import MOST_RANKS, ranks_pmf, solve_at
from .ratios import log_odds_of_all, log_ratios


class People:
    """Applicants of one specialty, type and cycle, in every draw.

    Parameters
    ----------
    arrays
        Of their cell.
    step2_ck
        Scores, shape (n,), NaN where unknown.
    covariates
        {name: values, shape (n,), NaN where unknown}, values as an applicant gives them (years, months, 0 or
        1).
    years
        Match cycles between the type's table and the cycle asked for.

    Attributes
    ----------
    shifts
        {covariate: log likelihood ratios, shape (n, d)}, 'step2_ck' too, calibrated; zero where unknown.
    lp
        LP times the calibration's slope, shape (n, d).
    base
        Log odds of matching of the average applicant who ranks, calibrated, drift included; shape (d,).
    """

    def __init__(
        self, arrays: CellArrays, step2_ck: np.ndarray, covariates: dict[str, np.ndarray], years: int
    ) -> None:
        self.arrays = arrays
        self.lp = np.zeros((len(step2_ck), len(arrays.level)))
        self.shifts = {}
        for name, values in {"step2_ck": step2_ck, **covariates}.items():
            shift = log_ratios(arrays, name, values)
            if shift is not None:
                self.shifts[name] = shift
                self.lp += shift
        self.base = log_odds_of_all(arrays, years)

    @property
    def chain(self) -> ChainArrays:
        """The chain of their cell, which must have one."""
        return known(self.arrays.chain)

    @property
    def log_odds(self) -> np.ndarray:
        """Log odds of matching given at least one rank, shape (n, d)."""
        log_odds: np.ndarray = self.base + self.lp
        return log_odds

    def p_ranked(self) -> np.ndarray:
        """Return P(match | ranked, x), shape (n, d)."""
        return expit(self.log_odds)

    @cached_property
    def factor(self) -> np.ndarray:
        """Mean invitations over the sum of programs' rates, m0 exp(eta LP), shape (n, d)."""
        factor: np.ndarray = self.chain.m0 * np.exp(np.minimum(self.chain.eta * self.lp, 300.0))
        return factor

    @cached_property
    def at_one(self) -> np.ndarray:
        """A(x), the log odds of matching with one rank, shape (n, d)."""
        chain = self.chain
        pmf = self._usual_pmf[..., 1:]
        return solve_at(pmf / pmf.sum(axis=-1, keepdims=True), chain.b, self.log_odds)

    @cached_property
    def _usual(self) -> np.ndarray:
        """Mean invitations at the draw's usual number, shape (n, d)."""
        mean: np.ndarray = self.factor * self.chain.sum_at_usual
        return mean

    @cached_property
    def _usual_pmf(self) -> np.ndarray:
        return ranks_pmf(self._usual, self.chain.dispersion)

    @cached_property
    def _by_ranks(self) -> np.ndarray:
        odds: np.ndarray = np.exp(np.minimum(self.at_one, 600.0)) * self.chain.powers[:, None]
        odds /= 1.0 + odds
        return odds

    @cached_property
    def _lost(self) -> np.ndarray:
        """c_k (P(match | 12, x) - P(match | k, x)), k = 1, ..., 11, shape (11, n, d)."""
        lost: np.ndarray = (self._by_ranks[-1] - self._by_ranks[:-1]) * self.chain.terms[1:, None]
        return lost

    @cached_property
    def _curve(self) -> ApplyCurve:
        return ApplyCurve(self.chain, self.factor, self._by_ranks[-1], self._lost)

    def p_by_ranks(self) -> np.ndarray:
        """Return P(match | k, x) for k = 1, ..., 12 ('12' is 12 or more), shape (n, d, 12)."""
        return np.moveaxis(self._by_ranks, 0, -1)

    def p_given(self, interviews: np.ndarray) -> np.ndarray:
        """Return P(match | k ranks held, x) for whole k, shape (n,), 0 where k is 0; shape (n, d)."""
        k = np.asarray(interviews, int)
        chances = np.take_along_axis(
            self.p_by_ranks(), np.clip(k, 1, MOST_RANKS)[:, None, None] - 1, axis=-1
        )[..., 0]
        return np.where((k > 0)[:, None], chances, 0.0)

    def invitations(self, applications: np.ndarray, order: Order = "choose") -> np.ndarray:
        """Return mean invitations from N programs, shape (n, d)."""
        return self.chain.invitations(applications, self.factor, order)

    def p_any(self, mean: np.ndarray) -> np.ndarray:
        """Return P(K >= 1) at so many mean invitations, shape (n, d)."""
        v = self.chain.dispersion
        chance: np.ndarray = -np.expm1(-np.log1p(v * mean) / v)
        return chance

    def p_apply(self, mean: np.ndarray, some: np.ndarray | None = None) -> np.ndarray:
        """Return P(apply) at so many mean invitations, whose `p_any` may be known as `some`; shape (n, d).

        With x = v mu/(1 + v mu) and the c_k of `rank_terms`, the sum over k is
        P(12) P(K >= 1) - P(K = 0) sum over k = 1, ..., 11 of c_k (P(12) - P(k)) x^k.
        """
        v = self.chain.dispersion
        spread = v * mean
        x, log_none = spread / (1.0 + spread), -np.log1p(spread) / v
        some = -np.expm1(log_none) if some is None else some
        # P(K = 0) itself: 1 - P(K >= 1) would be rounding where nearly everybody is invited.
        chance: np.ndarray = self._by_ranks[-1] * some - np.exp(log_none) * x * horner(self._lost, x)
        return chance

    def mean_needed(self, target: np.ndarray) -> np.ndarray:
        """Return the mean invitations that reach a target, shape (n, d); infinite where none does.

        Parameters
        ----------
        target
            Chances, shape (n,).
        """
        target = np.asarray(target, float)[:, None]
        chance = (1.0 - self._usual_pmf[..., 0]) * self.p_ranked()  # at the usual number, as A(x) has it
        chance = np.clip(chance, 1e-300, 1 - 1e-16)
        start = np.log(self._usual) + np.log(target / (1.0 - target)) - np.log(chance / (1.0 - chance))
        return self._curve.mean_at(target, np.clip(start, -29.0, 7.0))

    def needed(self, target: np.ndarray, orders: Sequence[Order] = ORDERS) -> dict[Order, Needed]:
        """Return the number of applications that a chance of matching takes, by the order of programs.

        Parameters
        ----------
        target
            Chances, shape (n,).
        orders
        """
        target = np.asarray(target, float)
        mean, found = self.mean_needed(target), {}
        off, slope = np.ones(len(target)), np.full(len(target), np.nan)
        for order in orders:
            best = self._curve.best if order == "friendliest" else None
            draws = self.chain.applications(mean, self.factor, order, best)
            ordered = np.sort(draws, axis=-1)
            low, high = (ordered[..., max(int(np.ceil(q * draws.shape[-1] - 1e-9)) - 1, 0)] for q in RANGE)
            median = ordered[..., draws.shape[-1] // 2]
            point, slope = self._curve.least(target, order, median * off, slope)
            with np.errstate(invalid="ignore"):  # how far it is from the median is alike in every order
                off = np.where(np.isfinite(median) & np.isfinite(point), point / median, 1.0)
            whole = np.maximum(np.ceil(np.stack([low, high]) - 1e-9), 1.0)
            found[order] = Needed(point, draws, np.minimum(whole[0], point), np.maximum(whole[1], point))
        return found
