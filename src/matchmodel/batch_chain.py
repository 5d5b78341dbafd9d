"""The applications chain over arrays: `chain_math` and `applications` for a table of applicants.

Every function takes states (the point and the draws) along its last axis and counts of
invitations along a new last one.
"""

import numpy as np

from . import chain_math as cm
from .applications import finite_quantiles, settle_count
from .odds import RANGE

COUNTS = np.arange(1, cm.TERMS + 1)
NODES, WEIGHTS = np.array(cm.NODES), np.array(cm.WEIGHTS)


class Arrays:
    """A `ChainCell` as arrays; what all applicants of the cell share.

    Parameters
    ----------
    cell : ChainCell
    """

    def __init__(self, cell):
        self.cell = cell
        shared = cell.shared
        self.alpha = np.array([s[0] for s in shared])
        self.b = np.array([s[2] for s in shared])
        self.rate = np.array([s[4] for s in shared])
        self.usual = np.array([s[5] for s in shared])
        self.factors = np.array([s[1] for s in shared])
        self.powers = np.array([s[3] for s in shared])
        self.rates, self.programs = np.array(cell.rates), np.array(cell.programs)

    def invited(self, mu):
        """Return (probabilities, counts) of `chain_math.invited`, state by state, the tail's counts last."""
        x = self.alpha * mu / (1 + self.alpha * mu)
        none = (1 + self.alpha * mu) ** (-1 / self.alpha)
        pmf = none[:, None] * np.cumprod(self.factors * x[:, None], axis=1)
        tail = 1 - none - pmf.sum(axis=1)
        tail = np.where(tail < 1e-12, 0.0, tail)
        beyond = np.maximum(np.where(tail > 0, (mu - pmf @ COUNTS) / np.where(tail > 0, tail, 1) - cm.TERMS, 1), 1)
        counts = np.column_stack([np.broadcast_to(COUNTS, pmf.shape), cm.TERMS + beyond[:, None] * NODES])
        return np.column_stack([pmf, tail[:, None] * WEIGHTS]), counts

    def powers_of(self, counts):
        """Return counts**-b, those of 1 .. TERMS tabulated."""
        return np.column_stack([self.powers, counts[:, cm.TERMS :] ** -self.b[:, None]])

    def matched(self, mu, against):
        """Return P(at least one invitation and matched) and its rise with ln mu."""
        pmf, counts = self.invited(mu)
        both = pmf / (1 + against[:, None] * self.powers_of(counts))
        total, weighted = both.sum(axis=1), (both * counts).sum(axis=1)
        return total, (weighted - mu * total) / (1 + self.alpha * mu)

    def anchor(self, p, mu):
        """Return the odds against matching with one rank of `chain_math.anchor`."""
        pmf, counts = self.invited(mu)
        powers = self.powers_of(counts)
        whole = pmf.sum(axis=1)
        goal = np.log(p / (1 - p))
        low, high = -goal - 1, -goal + self.b * np.log(counts[:, -1]) + 1
        y = -goal + self.b * np.log(np.maximum(mu / whole, 1))
        for _ in range(cm.STEPS):
            chance = 1 / (1 + np.exp(y)[:, None] * powers)
            s = (pmf * chance).sum(axis=1)
            slope = s - (pmf * chance**2).sum(axis=1)
            s = s / whole
            gap = np.log(s / (1 - s)) - goal
            low, high = np.where(gap > 0, y, low), np.where(gap > 0, high, y)
            move = gap * s * (1 - s) / (slope / whole)
            if np.all(np.abs(move) < cm.SMALL_MOVE):
                return np.exp(y + move)
            step = y + move
            y = np.where((step > low) & (step < high) | (np.abs(move) < cm.SMALL_MOVE), step, (low + high) / 2)
        return np.exp(y)

    def mean_needed(self, target, mu_all, against, start):
        """Return the mean invitations that reach a target, inf where `mu_all` does not."""
        reached = self.matched(mu_all, against)[0] >= target
        goal = np.log(target / (1 - target))
        low, high = np.log(mu_all) - 60, np.log(mu_all)
        y = np.minimum(np.log(start), high)
        for _ in range(cm.STEPS):
            p, slope = self.matched(np.exp(y), against)
            gap = goal - np.log(p / (1 - p))
            low, high = np.where(gap > 0, y, low), np.where(gap > 0, high, y)
            move = np.where(slope > 0, gap * p * (1 - p) / np.where(slope > 0, slope, 1.0), np.inf)
            small, step = np.abs(move) < cm.SMALL_MOVE, y + move
            y = np.where(reached, np.where((step > low) & (step < high) | small, step, (low + high) / 2), y)
            if (small | ~reached).all():
                break
        return np.where(reached, np.exp(y), np.inf)

    def log_factors(self, applicant):
        """Return the log of the profile's factor on the interview rate, state by state."""
        return np.array(self.cell.log_factors(applicant)[0])

    def mean_each(self, scale):
        """Return mean invitations from a program taken at random, rates capped at 1 after the profile."""
        capped = np.minimum(self.rates[None, :] * scale[:, None], 1) @ self.programs / self.programs.sum()
        return np.where(self.rates[0] * scale <= 1, self.cell.mean * scale, capped)

    def friendliest_needed(self, mean, scale):
        """Return the number of programs, highest rates first, whose mean invitations reach `mean`."""
        each = np.minimum(self.rates[None, :] * scale[:, None], 1)
        total = np.cumsum(each * self.programs, axis=1)
        before = np.concatenate([[0.0], np.cumsum(self.programs)])
        block = np.minimum((total < mean[:, None]).sum(axis=1), len(self.rates) - 1)
        rows = np.arange(len(mean))
        reached = np.where(block > 0, total[rows, np.maximum(block - 1, 0)], 0.0)
        need = before[block] + (mean - reached) / each[rows, block]
        return np.where(np.isinf(mean), np.inf, np.minimum(need, before[-1]))


def range80(draws, point):
    """Return the 10% and 90% quantiles over the last axis, stretched to hold the point."""
    low, high = np.quantile(draws, RANGE, axis=-1)
    return np.minimum(low, point), np.maximum(high, point)


def _whole(values):
    return np.where(np.isinf(values), np.inf, np.maximum(1, np.ceil(np.where(np.isinf(values), 1, values) - 1e-9)))


def score_chain(arrays, applicant, p_ranked):
    """Answer one applicant's applications part.

    Parameters
    ----------
    arrays : Arrays
    applicant : Applicant
        With `applications`, `target` or both.
    p_ranked : numpy.ndarray, shape (d + 1,)
        P(match | ranked) of the point and of every draw.

    Returns
    -------
    dict of str to float
        The columns that `score` adds; NaN for what is not asked or has no number.
    """
    cell = arrays.cell
    scale = arrays.rate * np.exp(arrays.log_factors(applicant))
    each = arrays.mean_each(scale)
    usual = arrays.usual * each
    against = arrays.anchor(p_ranked, usual)
    found = {}
    if applicant.applications is not None:
        mean = min(applicant.applications, cell.listed) * each
        any_one = 1 - (1 + arrays.alpha * mean) ** (-1 / arrays.alpha)
        for name, values in (("p_apply", arrays.matched(mean, against)[0]), ("p_any_invitation", any_one), ("expected_invitations", mean)):
            low, high = range80(values[1:], values[0])
            found |= {name: values[0], f"{name}_low": low, f"{name}_high": high}
    if applicant.target is not None:
        mean = arrays.mean_needed(applicant.target, each * cell.listed, against, usual)
        point = Point(arrays, scale[0], each[0], against[0])
        orders = (("required_applications", mean / each, point.at_random), ("required_applications_friendliest", arrays.friendliest_needed(mean, scale), point.friendliest))
        for name, needed, chance in orders:
            needed = _whole(np.where(np.isinf(needed), np.inf, np.minimum(needed, cell.listed)))
            low, high = finite_quantiles([float(v) for v in needed[1:]])
            best = chance(cell.listed) >= applicant.target
            n = settle_count(int(needed[0]) if np.isfinite(needed[0]) else cell.listed, chance, applicant.target, cell.listed) if best else None
            if best:
                low = n if low is None else min(low, n)
                high = high if high is None else max(high, n)
            found |= {name: n, f"{name}_low": low, f"{name}_high": high}
    return {name: np.nan if value is None else float(value) for name, value in found.items()}


class Point:
    """The chance of the point against the number of applications, in both orders.

    Parameters
    ----------
    arrays : Arrays
    scale, each, against : float
        The point's factor on every rate, mean invitations a program, and anchored odds.
    """

    def __init__(self, arrays, scale, each, against):
        self.cell, self.scale, self.each = arrays.cell, scale, each
        alpha, factors, b, powers = arrays.cell.shared[0][:4]
        self.match = lambda mean: cm.matched(mean, alpha, factors, powers, b, against)[0]

    def at_random(self, applications):
        """Return P(match) with so many programs taken at random."""
        return self.match(applications * self.each)

    def friendliest(self, applications):
        """Return P(match) with so many programs, the most IMG-friendly first."""
        if applications >= self.cell.listed:  # the same programs as at random, to the last digit
            return self.at_random(applications)
        return self.match(cm.friendliest_mean(applications, self.cell.rates, self.cell.programs, self.scale))
