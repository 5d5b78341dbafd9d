"""The one engine: log odds, invitations, chances and ranges of applicants, in every joint draw.

For specialty s and applicant type t, in each draw, with u = (Step 2 CK - 240)/10:

    LP(x)                = (alpha + beta u - level) + sum over known covariates of (delta u_j - kappa_j)
    P(match | ranked, x) = expit(level + LP(x))
    mu(N, x)             = m0 C(N) exp(eta LP(x))            mean invitations of somebody who takes part
    K | x, N             ~ negative binomial, mean mu, variance mu + v mu^2; each invitation is ranked
    P(match | k, x)      = expit(A(x) + b ln min(k, 12)),    k >= 1
    P(apply | N, x)      = sum over k >= 1 of P(K = k) P(match | k, x)

A(x) solves sum over k >= 1 of P(K = k | K >= 1, x) P(match | k, x) = P(match | ranked, x) at the usual
number: the margin over K is the logistic model's for every profile, so that P(apply | usual number, x) =
P(K >= 1, x) P(match | ranked, x). Training picks eta so that A rises by lambda per unit of LP, and refuses
draws in which A falls anywhere.

Unknown covariates drop out: kappa is their centring. C(N) is the sum of the invitation rates of N programs:
as IMGs choose them, C(N) = N r (1 + (rho - 1)(1 - N/L)/(1 - N_use/L)), with r the mean rate of a program,
rho the ratio of the application-weighted to the plain mean, L the programs listed and N_use the usual
number; at random, N r; friendliest first, the sum of the N highest rates, each at most 1 with the profile.
A later cycle adds the drift to the level; a calibration (Cox, Biometrika 45:562, 1958) turns log odds x into
i + s x, so the profile counts s LP.

An answer is computed in every draw. Its point is the mean over draws (a predictive probability), its range
their 10% and 90% quantiles.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from math import erfc, pi, sqrt
from typing import Literal, NamedTuple

import numpy as np

from ..covariates import COVARIATES, step2_u
from ..known import known
from .records import ApplicantType, Cell, Chain, ModelRecord

RANGE = (0.1, 0.9)  # the 80% range
Z_RANGE = 1.2815515655446004  # Phi^-1(0.9)
MOST_RANKS = 12  # beyond so many contiguous ranks nothing is gained in the tables
Order = Literal["choose", "random", "friendliest"]
ORDERS: tuple[Order, ...] = ("choose", "random", "friendliest")
_LN_RANKS = np.log(np.arange(1, MOST_RANKS + 1))
MOST_USUAL = 0.9  # of the programs listed: what a usual number can be
_NEWTON = 40
_MOST_MEAN = 2000.0  # mean invitations beyond which no target is looked for


class Range(NamedTuple):
    """A number and its 80% range."""

    point: float
    low: float
    high: float


def expit(x: np.ndarray) -> np.ndarray:
    """Return 1/(1 + e^-x) without overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * np.asarray(x))


def _normal_scores(count: int) -> np.ndarray:
    """Return Phi^-1((i - 0.5)/count), i = 1, ..., count, by Newton's method; asking does without scipy."""
    places = (np.arange(count) + 0.5) / count
    z = 4.91 * (places**0.14 - (1 - places) ** 0.14)  # Tukey's lambda: within 0.02 or so
    for _ in range(4):
        miss = np.array([0.5 * erfc(-v / sqrt(2.0)) for v in z]) - places
        z = z - miss * sqrt(2 * pi) * np.exp(0.5 * z**2)
    return z


@cache
def _smooth_quantiles(count: int) -> np.ndarray:
    """Return the weights on sorted draws that give their 10% and 90% quantiles, shape (count, 2).

    A quantile of a few hundred draws is a noisy number. So the sorted draws are fitted by least squares as a
    cubic in their normal scores, x = c0 + c1 z + c2 z^2 + c3 z^3 (Fleishman, Psychometrika 43:521, 1978),
    which follows skewed and flat distributions too, and the fit is read at z = -1.28 and 1.28: linear in the
    sorted draws, with half of the noise.
    """
    z = _normal_scores(count)
    powers = np.vander(z, 4, increasing=True)
    at = np.vander([-Z_RANGE, Z_RANGE], 4, increasing=True)
    return np.linalg.solve(powers.T @ powers, powers.T).T @ at.T


def ranges(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean over draws and their 10% and 90% quantiles, stretched to hold the mean.

    Quantiles are smoothed (`_smooth_quantiles`) on the scale on which such numbers are nearest to normal: log
    odds where all draws lie between 0 and 1, logarithms where all are above 0, else as they are.

    Parameters
    ----------
    draws
        Shape (..., d), finite.

    Returns
    -------
    tuple of numpy.ndarray
        Point, low and high, each of shape (...).
    """
    point = draws.mean(axis=-1)
    ordered = np.sort(draws, axis=-1)
    least, most = ordered[..., :1], ordered[..., -1:]
    chance = (least > 0) & (most < 1)
    above = (least > 0) & ~chance
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(ordered)
        scaled = np.where(chance, logs - np.log1p(-ordered), np.where(above, logs, ordered))
    ends = scaled @ _smooth_quantiles(draws.shape[-1])
    ends = np.where(chance, expit(ends), np.where(above, np.exp(np.where(above, ends, 0.0)), ends))
    ends = np.clip(ends, least, most)
    return point, np.minimum(ends[..., 0], point), np.maximum(ends[..., 1], point)


def one_range(draws: np.ndarray) -> Range:
    """Return the `Range` of one number's draws, shape (d,)."""
    return Range(*(float(v) for v in ranges(draws)))


def ranks_pmf(mean: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """Return P(K = 0), ..., P(K = 11) and P(K >= 12) of a negative binomial.

    P(0) = (1 + v mu)^(-1/v); P(k) = P(k - 1) x (k - 1 + 1/v)/k, x = v mu/(1 + v mu) (Johnson, Kemp and Kotz,
    Univariate Discrete Distributions, 3rd ed., 5.2).

    Parameters
    ----------
    mean, dispersion
        mu and v, shapes that broadcast to (..., d).

    Returns
    -------
    numpy.ndarray
        Shape (..., d, 13).
    """
    size = 1.0 / dispersion
    spread = np.asarray(dispersion * mean, float)
    x = spread / (1.0 + spread)
    k = np.arange(1.0, MOST_RANKS).reshape(-1, *(1,) * spread.ndim)
    steps = (k - 1.0 + size) / k * x
    pmf = np.empty(
        (MOST_RANKS + 1, *spread.shape)
    )  # k first, so that each step runs over neighbours in memory
    pmf[0] = np.exp(-size * np.log1p(spread))
    for here, before, step in zip(pmf[1:MOST_RANKS], pmf, steps, strict=False):
        np.multiply(before, step, out=here)
    pmf[MOST_RANKS] = np.maximum(1.0 - pmf[:MOST_RANKS].sum(axis=0), 0.0)
    return np.moveaxis(pmf, 0, -1)


def solve_at(
    shares: np.ndarray, b: np.ndarray, goal: np.ndarray, start: np.ndarray | None = None
) -> np.ndarray:
    """Return A with sum_k shares_k expit(A + b ln min(k, 12)) = expit(goal), by Newton's method on the logit.

    Parameters
    ----------
    shares
        P(K = k | K >= 1), k = 1, ..., 12 (12 or more), shape (n, d, 12).
    b
        Shape that broadcasts to (n, d).
    goal, start
        Log odds, and A to start from, shape (n, d).
    """
    # k first, so that sums over it run over neighbours in memory; expit(A + b ln k) = e^A k^b/(1 + e^A k^b)
    shares = np.ascontiguousarray(np.moveaxis(shares, -1, 0))
    powers = _LN_RANKS.reshape(-1, *(1,) * np.ndim(goal)) * b
    at = (
        np.clip(goal - (shares * powers).sum(axis=0), -300, 300) if start is None else start
    )  # e^A stays finite
    odds = np.exp(powers)
    for _ in range(_NEWTON):
        p = np.exp(at) * odds
        p /= 1 + p
        both = shares * p
        total = np.clip(both.sum(axis=0), 1e-15, 1 - 1e-15)
        both *= 1 - p
        slope = np.maximum(both.sum(axis=0) / (total * (1 - total)), 1e-3)
        step = np.clip((np.log(total) - np.log1p(-total) - goal) / slope, -4, 4)
        at = at - step
        if np.abs(step).max() < 1e-6:  # what is left is of its square
            break
    return at


class CellArrays:
    """One specialty for one type, its draws unpacked once; see the module for the symbols."""

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

    def _choice(self) -> tuple[np.ndarray, np.ndarray]:
        return choice_terms(self.rho, self.usual, self.listed)

    @property
    def at_usual(self) -> np.ndarray:
        """Mean invitations at LP = 0 and the draw's usual number, shape (d,)."""
        p, q = self._choice()
        mean: np.ndarray = self.m0 * self.rate * self.usual * (p - q * self.usual)
        return mean

    def invitations(
        self, applications: np.ndarray, factor: np.ndarray, order: Order = "choose"
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

        Returns
        -------
        numpy.ndarray
            Shape (n, d), at most N.
        """
        n = np.minimum(np.asarray(applications, float), self.listed)[:, None]
        mean: np.ndarray
        if order == "random":
            mean = np.minimum(n * self.rate * factor, n)
            return mean
        a, b = self._choice()
        mean = np.minimum(n * self.rate * (a - b * n) * factor, n)
        if order == "friendliest":
            left = np.clip(n - (np.cumsum(self.programs) - self.programs), 0.0, self.programs)
            best = sum(
                left[:, i : i + 1] * np.minimum(rate * factor, 1.0) for i, rate in enumerate(self.rates)
            )
            mean = np.maximum(best, mean)
        return mean

    def applications(self, mean: np.ndarray, factor: np.ndarray, order: Order = "choose") -> np.ndarray:
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
                a, b = self._choice()
                root = a**2 - 4 * b * each
                needed = np.where(root >= 0, 2 * each / (a + np.sqrt(np.maximum(root, 0.0))), np.inf)
                needed = np.maximum(needed, mean)
                if order == "friendliest":
                    needed = np.minimum(needed, self._friendliest(mean, factor))
        return np.where(needed <= self.listed * (1 + 1e-9), needed, np.inf)

    def _friendliest(self, mean: np.ndarray, factor: np.ndarray) -> np.ndarray:
        needed, reached = np.full(mean.shape, np.inf), np.zeros(mean.shape)
        before = 0.0
        for rate, programs in zip(self.rates, self.programs, strict=True):
            each = np.minimum(rate * factor, 1.0)
            here = (reached < mean) & (reached + each * programs >= mean)
            needed = np.where(here, before + (mean - reached) / np.maximum(each, 1e-300), needed)
            reached, before = reached + each * programs, before + programs
        return needed


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
        u = step2_u(np.asarray(step2_ck, float))[:, None]
        shifts = {"step2_ck": arrays.alpha + arrays.beta * u - arrays.level}
        for name, values in covariates.items():
            if name in arrays.effects:
                delta, kappa = arrays.effects[name]
                moved = np.array([COVARIATES[name].transform(v) for v in np.asarray(values, float)])[:, None]
                shifts[name] = delta.array * moved - kappa.array
        self.shifts = {
            n: arrays.slope * np.where(np.isnan(s), 0.0, s)
            for n, s in shifts.items()
            if not np.isnan(s).all()
        }
        draws = len(arrays.level)
        self.lp = sum(self.shifts.values(), np.zeros((len(u), draws)))
        drift = np.sqrt(abs(years)) * arrays.drift
        self.base = arrays.intercept + arrays.slope * (arrays.level + drift)
        chain = arrays.chain
        if chain is not None:
            self.factor = chain.m0 * np.exp(chain.eta * self.lp)

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
    def at_one(self) -> np.ndarray:
        """A(x), the log odds of matching with one rank, shape (n, d)."""
        chain = self.chain
        pmf = ranks_pmf(chain.at_usual * np.exp(chain.eta * self.lp), chain.dispersion)[..., 1:]
        return solve_at(pmf / pmf.sum(axis=-1, keepdims=True), chain.b, self.log_odds)

    @cached_property
    def _by_ranks(self) -> np.ndarray:
        return expit(self.at_one[..., None] + self.chain.b[:, None] * _LN_RANKS)

    def p_by_ranks(self) -> np.ndarray:
        """Return P(match | k, x) for k = 1, ..., 12 ('12' is 12 or more), shape (n, d, 12)."""
        return self._by_ranks

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

    def p_apply(self, mean: np.ndarray) -> np.ndarray:
        """Return P(apply) at so many mean invitations, shape (n, d)."""
        pmf = ranks_pmf(mean, self.chain.dispersion)[..., 1:]
        chance: np.ndarray = np.einsum("...k,...k->...", pmf, self.p_by_ranks())
        return chance

    def mean_needed(self, target: np.ndarray) -> np.ndarray:
        """Return the mean invitations that reach a target, shape (n, d); infinite where none does.

        Newton's method on ln mu within a bracket, on the logit of P(apply). Its derivative follows from
        dP(k)/d ln mu = P(k)(k - mu)/(1 + v mu), the tail's part from the mean being mu.

        Parameters
        ----------
        target
            Chances, shape (n,).
        """
        target = np.asarray(target, float)[:, None]
        v, chances = self.chain.dispersion, self.p_by_ranks()
        k = np.arange(1, MOST_RANKS)
        goal = np.log(target) - np.log1p(-target)
        low, high = np.full(self.lp.shape, -30.0), np.full(self.lp.shape, np.log(_MOST_MEAN))
        beyond = self.p_apply(np.full(self.lp.shape, _MOST_MEAN)) < target
        y = np.broadcast_to(np.log(3.0), self.lp.shape).copy()
        for _ in range(_NEWTON):
            mu = np.exp(y)
            pmf = ranks_pmf(mu, v)
            total = np.einsum("...k,...k->...", pmf[..., 1:], chances)
            counted = pmf[..., 1:MOST_RANKS] * k
            weighted = (
                np.einsum("...k,...k->...", counted, chances[..., :-1])
                + (mu - counted.sum(axis=-1)) * chances[..., -1]
            )
            slope = (weighted - mu * total) / (1.0 + v * mu)
            total = np.clip(total, 1e-300, 1 - 1e-16)
            gap = goal - np.log(total) + np.log1p(-total)
            low, high = np.where(gap > 0, y, low), np.where(gap > 0, high, y)
            with np.errstate(divide="ignore", invalid="ignore"):
                move = gap * total * (1 - total) / slope
            step, small = y + move, np.abs(move) < 1e-9
            y = np.where(small | ((step > low) & (step < high)), step, (low + high) / 2)
            if (beyond | small).all():
                break
        return np.where(beyond, np.inf, np.exp(y))

    def needed(self, target: np.ndarray, order: Order = "choose", mean: np.ndarray | None = None) -> Needed:
        """Return the number of applications that a chance of matching takes.

        Parameters
        ----------
        target
            Chances, shape (n,).
        mean
            Of `mean_needed(target)`, where it has been worked out already.
        """
        chain = self.chain
        draws = chain.applications(self.mean_needed(target) if mean is None else mean, self.factor, order)
        ordered = np.sort(draws, axis=-1)
        low, high = (ordered[..., max(int(np.ceil(q * draws.shape[-1] - 1e-9)) - 1, 0)] for q in RANGE)
        few, many = np.zeros(len(draws), int), np.full(len(draws), int(chain.listed))
        reachable = self._point_apply(many, order) >= target
        while (many - few > 1).any():  # `few` never reaches the target, `many` does where anything does
            middle = (few + many) // 2
            enough = self._point_apply(middle, order) >= target
            few, many = np.where(enough, few, middle), np.where(enough, middle, many)
        point = np.where(reachable, many, np.inf)
        whole = np.maximum(np.ceil(np.stack([low, high]) - 1e-9), 1.0)
        return Needed(point, draws, np.minimum(whole[0], point), np.maximum(whole[1], point))

    def _point_apply(self, applications: np.ndarray, order: Order) -> np.ndarray:
        point: np.ndarray = self.p_apply(self.invitations(applications, order)).mean(axis=-1)
        return point
