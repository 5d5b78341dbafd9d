"""Applicants of one specialty, type and cycle: their chances and required applications, in every draw."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...covariates import COVARIATES, step2_u
from ...known import known
from .cells import CellArrays, ChainArrays, Order
from .ranges import RANGE, expit
from .ranks import LN_RANKS, MOST_RANKS, NEWTON, ranks_pmf, solve_at

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
        u = step2_u(np.asarray(step2_ck, float))
        moved = {"step2_ck": (u, arrays.beta, arrays.level - arrays.alpha)}
        for name, values in covariates.items():
            if name in arrays.effects:
                delta, kappa = arrays.effects[name]
                of = np.array([COVARIATES[name].transform(v) for v in np.asarray(values, float)])
                moved[name] = of, delta.array, kappa.array
        self.lp = np.zeros((len(u), len(arrays.level)))
        self.shifts = {}
        for name, (values, slope, centre) in moved.items():
            unknown = np.isnan(values)
            if not unknown.all():
                self.shifts[name] = shift = arrays.slope * slope * values[:, None] - arrays.slope * centre
                shift[unknown] = 0.0
                self.lp += shift
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
        return expit(self.at_one[..., None] + self.chain.b[:, None] * LN_RANKS)

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
        for _ in range(NEWTON):
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


def mean_ranked(one: People, other: People, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return the mean over draws of P(match | ranked) of profiles put together from two parts.

    Log odds are sums, so odds are products: with w the odds of the average applicant times the first part's
    likelihood ratios, and c = 1 over the second's, the chance is w/(w + c). A table of people has few
    distinct parts, and each is raised to its power once.

    Parameters
    ----------
    one, other
        Distinct parts of one cell and cycle; a covariate that is known in the one is unknown in the other.
    i, j
        The parts of each profile, shape (n,); `i` rising.

    Returns
    -------
    numpy.ndarray
        Shape (n,).
    """
    odds, against = (np.exp(np.clip(x, -300.0, 300.0)) for x in (one.log_odds, -other.lp))
    starts = np.searchsorted(i, np.arange(len(odds) + 1))
    points = np.empty(len(i))
    for w, start, end in zip(odds, starts, starts[1:], strict=False):
        chances = against.take(j[start:end], axis=0)
        chances += w
        points[start:end] = np.vecdot(np.reciprocal(chances, out=chances), w)
    return points / odds.shape[-1]
