"""Applicants of one specialty, type and cycle: their chances and required applications, in every draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...known import known
from .cells import ORDERS, CellArrays, ChainArrays, Order
from .ranges import RANGE, expit
from .ranks import MOST_RANKS, NEWTON, SMALL, halley, ranks_pmf, singles, solve_at
from .ratios import log_odds_of_all, log_ratios

_MOST_MEAN = 2000.0  # mean invitations beyond which no target is looked for


@dataclass(frozen=True)
class Needed:
    """The number of applications that a chance takes, for each applicant; infinite where no number does.

    `draws` has shape (n, d), `point` (n,): the least whole number at which the mean over draws reaches the
    target. `low` and `high` are whole numbers too.
    """

    point: np.ndarray
    draws: np.ndarray
    low: np.ndarray
    high: np.ndarray


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
    def _best(self) -> np.ndarray:
        return self.chain.best(self.factor)

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
        best = self._best if order == "friendliest" else None
        return self.chain.invitations(applications, self.factor, order, best)

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
        chance: np.ndarray = self._by_ranks[-1] * some - np.exp(log_none) * x * _horner(self._lost, x)
        return chance

    def mean_needed(self, target: np.ndarray) -> np.ndarray:
        """Return the mean invitations that reach a target, shape (n, d); infinite where none does.

        Halley's method on ln mu within a bracket, on the logit of P(apply). Each number stops by itself.

        Parameters
        ----------
        target
            Chances, shape (n,).
        """
        shape = self.lp.shape
        target = np.broadcast_to(np.asarray(target, float)[:, None], shape)
        most_mean = np.full(shape[-1], _MOST_MEAN)
        beyond = self._by_ranks[0] * self.p_any(most_mean) < target  # with one rank alone
        if beyond.any():
            beyond = self.p_apply(most_mean[None]) < target
        chance = (1.0 - self._usual_pmf[..., 0]) * self.p_ranked()  # at the usual number, as A(x) has it
        chance = np.clip(chance, 1e-300, 1 - 1e-16)
        goal = np.log(target / (1.0 - target))
        y = np.clip(np.log(self._usual) + goal - np.log(chance / (1.0 - chance)), -29.0, 7.0)
        v, most, lost = np.broadcast_to(self.chain.dispersion, shape), self._by_ranks[-1], self._lost
        logit, slope, bend = _logit_apply(*singles(y, v, most, lost))
        y += np.clip(np.nan_to_num(halley(goal - logit, slope, bend)), -1.0, 1.0)
        low, high = np.full(shape, -30.0), np.full(shape, np.log(_MOST_MEAN))
        found, moving, live = np.empty(shape), np.ones(shape, bool), ~beyond
        for _ in range(NEWTON):
            logit, slope, bend = _logit_apply(y, v, most, lost)
            gap = goal - logit
            np.copyto(low, y, where=gap > 0)
            np.copyto(high, y, where=gap <= 0)
            move = halley(gap, slope, bend)
            small = np.abs(move) < SMALL
            np.add(y, move, out=y, where=live)
            astray = live & ~(small | ((y > low) & (y < high)))
            if astray.any():
                y[astray] = (low[astray] + high[astray]) / 2
            live &= ~small
            if 2 * np.count_nonzero(live) < live.size:  # what has stopped is left behind
                found[moving] = y.ravel()
                moving[moving] = live.ravel()
                y, goal, v, most, lost = (a[..., live] for a in (y, goal, v, most, lost))
                low, high, live = low[live], high[live], live[live]
                if not live.size:
                    break
        found[moving] = y.ravel()
        mean: np.ndarray = np.where(beyond, np.inf, np.exp(found))
        return mean

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
            best = self._best if order == "friendliest" else None
            draws = self.chain.applications(mean, self.factor, order, best)
            ordered = np.sort(draws, axis=-1)
            low, high = (ordered[..., max(int(np.ceil(q * draws.shape[-1] - 1e-9)) - 1, 0)] for q in RANGE)
            median = ordered[..., draws.shape[-1] // 2]
            point, slope = self._least(target, order, median * off, slope)
            with np.errstate(invalid="ignore"):  # how far it is from the median is alike in every order
                off = np.where(np.isfinite(median) & np.isfinite(point), point / median, 1.0)
            whole = np.maximum(np.ceil(np.stack([low, high]) - 1e-9), 1.0)
            found[order] = Needed(point, draws, np.minimum(whole[0], point), np.maximum(whole[1], point))
        return found

    def _least(
        self, target: np.ndarray, order: Order, start: np.ndarray, slope: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the least whole number whose chance reaches the target, infinite where none does.

        Each step tries the number at which the chance's logit, taken as a line in ln N, would reach it. The
        number found and the one below it have been tried; or one of them has, and the line, whose slope has
        been measured, crosses so far from both that a slope half as large again would not change them. That
        is for smooth curves: friendliest first, the slope breaks where a group of programs ends.

        Parameters
        ----------
        target, start, slope
            Shape (n,); the start may be infinite, the slope is NaN where it has not been measured.

        Returns
        -------
        least, slope
            Shape (n,).
        """
        listed = int(self.chain.listed)
        few, many = np.zeros(len(target), int), np.full(len(target), listed + 1)  # not enough, and enough
        guess = np.clip(np.nan_to_num(np.ceil(start), posinf=listed), 1, listed).astype(int)
        goal, slope = np.log(target) - np.log1p(-target), slope.copy()
        before = np.full((2, len(target)), np.nan)
        rows = np.arange(len(target))
        for step in range(2 * NEWTON):
            n = guess[rows]
            chance = self._point_apply(n, order, rows)
            enough = chance >= target[rows]
            many[rows[enough]], few[rows[~enough]] = n[enough], n[~enough]
            chance = np.clip(chance, 1e-300, 1 - 1e-16)
            at, logit = np.log(n), np.log(chance) - np.log1p(-chance)
            with np.errstate(divide="ignore", invalid="ignore"):
                secant = (logit - before[1, rows]) / (at - before[0, rows])
            slope[rows] = np.where(np.isfinite(secant), np.clip(secant, 0.1, 3.0), slope[rows])
            before[:, rows] = at, logit
            measured = np.isfinite(slope[rows])
            smooth = measured & (order != "friendliest")
            line = np.exp(np.minimum(at + (goal[rows] - logit) / np.where(measured, slope[rows], 1.0), 20.0))
            wanted, half = np.ceil(line), abs(line - n) / 2
            sure = smooth & (half < 0.5) & (np.ceil(line - half) == np.ceil(line + half))
            sure &= (wanted > few[rows]) & (wanted <= many[rows])
            many[rows[sure]], few[rows[sure]] = wanted[sure], wanted[sure] - 1
            if step > 8:
                wanted = (few[rows] + many[rows]) // 2
            guess[rows] = np.clip(wanted, few[rows] + 1, np.maximum(many[rows] - 1, few[rows] + 1))
            rows = rows[many[rows] - few[rows] > 1]
            if not len(rows):
                break
        return np.where(many > listed, np.inf, many), slope

    def _point_apply(self, applications: np.ndarray, order: Order, rows: np.ndarray) -> np.ndarray:
        """Return the mean over draws of P(apply) of some rows, as `p_apply` has it."""
        some = slice(None) if len(rows) == len(self.lp) else rows
        best = self._best[:, some] if order == "friendliest" else None
        spread = self.chain.invitations(applications, self.factor[some], order, best)
        spread *= self.chain.dispersion
        one = 1.0 + spread
        none, x = np.exp(np.log(one) / -self.chain.dispersion), np.divide(spread, one, out=spread)
        lost = x * _horner(self._lost[:, some], x)
        most = self._by_ranks[-1, some]
        point: np.ndarray = (most - none * (most + lost)).mean(axis=-1)
        return point


def _logit_apply(
    y: np.ndarray, v: np.ndarray, most: np.ndarray, lost: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the logit of T = P(apply) at ln mu = y, and two derivatives in y.

    With N = P(K = 0) and x, c_k and W of `People.p_apply`, derivatives of W in x:

        T'  = N x B,  B = (P(12) + W x)/v - (1 - x)(W + W' x)
        T'' = N x B (1 - x - x/v) + N x^2 (1 - x) B',  B' = (W + W' x)(1 + 1/v) - (1 - x)(2 W' + W'' x)

    and with V = T(1 - T): logit' = T'/V, logit'' = T''/V - (1 - 2T)(T'/V)^2.

    Parameters
    ----------
    y, v, most
        Shapes that broadcast; `most` is P(12).
    lost
        c_k (P(12) - P(k)), k = 1, ..., 11 first.
    """
    spread = v * np.exp(y)
    one = 1.0 + spread
    none, x = np.exp(np.log(one) / -v), spread / one
    whole, change, bend = _horner_slopes(lost, x)
    left, inner = 1.0 - x, whole + change * x
    edge = np.finfo(y.dtype).eps / 2.0
    total = np.clip(most * (1.0 - none) - none * x * whole, np.finfo(y.dtype).tiny, 1.0 - edge)
    growth = (most + x * whole) / v - left * inner
    turn = growth * (left - x / v) + x * left * (inner + inner / v - left * (2.0 * change + bend * x))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        by = none * x / (total * (1.0 - total))
        slope = growth * by
        return np.log(total / (1.0 - total)), slope, turn * by - (1.0 - 2.0 * total) * slope**2


def _horner(terms: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the sum over k of terms_k x^k."""
    total: np.ndarray = terms[-1] * x
    for term in terms[-2:0:-1]:
        total += term
        total *= x
    total += terms[0]
    return total


def _horner_slopes(terms: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sum over k of terms_k x^k, and its two derivatives."""
    total, change, half = np.array(terms[-1]), *np.zeros((2, *x.shape), x.dtype)
    for term in terms[-2::-1]:
        half *= x
        half += change
        change *= x
        change += total
        total *= x
        total += term
    return total, change, 2.0 * half
