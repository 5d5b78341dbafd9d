"""Required applications: the mean invitations that reach a chance of matching, and the least whole number."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .cells import ChainArrays, Order
from .ranks import NEWTON, SMALL, halley, singles

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


class ApplyCurve:
    """P(apply) of applicants of one cell by what they send, in every draw, as `People.p_apply` has it.

    Parameters
    ----------
    chain
        Of their cell.
    factor
        Mean invitations over the sum of programs' rates, shape (n, d).
    most
        P(12), shape (n, d).
    lost
        c_k (P(12) - P(k)), k = 1, ..., 11, shape (11, n, d).
    """

    def __init__(self, chain: ChainArrays, factor: np.ndarray, most: np.ndarray, lost: np.ndarray) -> None:
        self.chain, self.factor, self.most, self.lost = chain, factor, most, lost

    @cached_property
    def best(self) -> np.ndarray:
        """As `ChainArrays.best` has it."""
        return self.chain.best(self.factor)

    @cached_property
    def single(self) -> "ApplyCurve":
        """The same in single precision, for half of the time; itself where the chain does not fit."""
        if self.chain.single is self.chain:
            return self
        factor = np.minimum(self.factor, 1e30)  # more invites everybody all the same, and is infinite there
        return ApplyCurve(self.chain.single, *singles(factor, self.most, self.lost))

    @cached_property
    def rounding(self) -> float:
        """What a point in single precision is off, at most.

        With e = 2^-23: (1 + v mu)^(-1/v) is off by its exponent's rounding, some e/v, and the other terms by
        some e each.
        """
        return float(np.finfo(np.float32).eps) * (20.0 + 4.0 / float(self.chain.dispersion.min()))

    def points(self, applications: np.ndarray, order: Order, rows: np.ndarray) -> np.ndarray:
        """Return the mean over draws of some rows' P(apply), each row with its own number of programs."""
        some = slice(None) if len(rows) == len(self.factor) else rows
        best = self.best[:, some] if order == "friendliest" else None
        mean = self.chain.invitations(applications, self.factor[some], order, best)
        points: np.ndarray = self._chances(mean, self.most[some], self.lost[:, some]).mean(axis=-1)
        return points

    def _chances(self, mean: np.ndarray, most: np.ndarray, lost: np.ndarray) -> np.ndarray:
        spread = self.chain.dispersion * mean
        one = 1.0 + spread
        none, x = np.exp(np.log(one) / -self.chain.dispersion), np.divide(spread, one, out=spread)
        chances: np.ndarray = most - none * (most + x * horner(lost, x))
        return chances

    def mean_at(self, target: np.ndarray, start: np.ndarray) -> np.ndarray:
        """Return the mean invitations that reach a target, shape (n, d); infinite where none does.

        Halley's method on ln mu within a bracket, on the logit of P(apply), its first steps in single
        precision. Each number stops by itself.

        Parameters
        ----------
        target
            Chances, shape (n, 1).
        start
            ln mu to start from, shape (n, d).
        """
        shape, v = self.factor.shape, self.chain.dispersion
        some = 1.0 - (1.0 + v * _MOST_MEAN) ** (
            -1.0 / v
        )  # who is invited at all, of whom P(1) match at least
        beyond = some * (self.most - v * self.lost[0]) < target  # c_1 is 1/v
        if beyond.any():
            beyond = self._chances(np.full((1, shape[-1]), _MOST_MEAN), self.most, self.lost) < target
        v = np.broadcast_to(v, shape)
        goal = np.broadcast_to(np.log(target / (1.0 - target)), shape)
        near, near_goal, near_v = singles(start, goal, v)
        for _ in range(2):
            logit, slope, bend = _logit_apply(near, near_v, self.single.most, self.single.lost)
            near += np.clip(np.nan_to_num(halley(near_goal - logit, slope, bend)), -1.0, 1.0)
        y, most, lost = near.astype(float), self.most, self.lost
        low, high = np.full(shape, -30.0), np.full(shape, np.log(_MOST_MEAN))
        found, moving, live = np.empty(shape), np.ones(shape, bool), ~beyond
        for _ in range(NEWTON):
            logit, slope, bend = _logit_apply(y, v, most, lost)
            gap = goal - logit
            short = gap > 0
            low, high = np.where(short, y, low), np.where(short, high, y)
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

    def least(
        self, target: np.ndarray, order: Order, start: np.ndarray, slope: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the least whole number whose chance reaches the target, infinite where none does.

        The number found and the one below it have both been tried. Each step tries the number at which the
        chance's logit, taken as a line in ln N, would reach the target. A chance is that of single precision,
        but where its rounding could decide.

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
            with np.errstate(over="ignore", invalid="ignore"):
                chance = self.single.points(n, order, rows).astype(float)
            near = ~(np.abs(chance - target[rows]) > self.rounding)  # or no number in single precision
            if near.any():
                chance[near] = self.points(n[near], order, rows[near])
            enough = chance >= target[rows]
            many[rows[enough]], few[rows[~enough]] = n[enough], n[~enough]
            chance = np.clip(chance, 1e-300, 1 - 1e-16)
            at, logit = np.log(n), np.log(chance) - np.log1p(-chance)
            with np.errstate(divide="ignore", invalid="ignore"):
                secant = (logit - before[1, rows]) / (at - before[0, rows])
            slope[rows] = np.where(np.isfinite(secant), np.clip(secant, 0.1, 3.0), slope[rows])
            before[:, rows] = at, logit
            rise = np.nan_to_num(slope[rows], nan=1.0)
            wanted = np.ceil(np.exp(np.minimum(at + (goal[rows] - logit) / rise, 20.0)))
            if step > 8:
                wanted = (few[rows] + many[rows]) // 2
            guess[rows] = np.clip(wanted, few[rows] + 1, np.maximum(many[rows] - 1, few[rows] + 1))
            rows = rows[many[rows] - few[rows] > 1]
            if not len(rows):
                break
        return np.where(many > listed, np.inf, many), slope


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


def horner(terms: np.ndarray, x: np.ndarray) -> np.ndarray:
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
