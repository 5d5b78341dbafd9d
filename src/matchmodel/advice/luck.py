"""Luck that one applicant carries into every application: several specialties, or two cycles, at once.

The number of invitations is negative binomial because applicants with one profile are not alike: a Poisson
number whose mean is multiplied by a gamma factor G of mean 1 and variance v, the dispersion (Greenwood and
Yule, J Royal Statistical Society 83:255, 1920). Here an applicant has one place u among those with the same
profile, the same in every specialty and cycle, and G_s is the u quantile of the gamma distribution of that
specialty. Given u and the ranks, matches are independent, so that in every draw

    P(match at all) = E_u[ 1 - prod_s f_s(mu_s G_s) ],  f_s(m) = 1 - sum_k Poisson(k; m) P(match | k ranks
    in s).

Each specialty alone is the engine's P(apply), and several together lie below independent luck. That the
place is wholly the applicant's is assumed: nobody has measured how much of it goes from one specialty to
another; independent luck is the other end.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from math import lgamma

import numpy as np

from ..model.engine import MOST_RANKS, Order, People, ranks_pmf

FAR, NEAR = (
    20,
    28,
)  # nodes of the trapezoid sum over the logarithm of the most spread factor: below LOWEST, and from there on
LOWEST = -10.0  # of that logarithm; below it hardly anybody is invited, and steps can be wide
RARE = -17.0  # logarithm of a share of the density that is left out
BLEND = 2.0  # steps in which the one becomes the other
HALLEY, TERMS = 8, 400
_FACTORIALS = np.cumprod(np.arange(1.0, MOST_RANKS))  # of 1, ..., 11
_LN_SHAPE = np.frompyfunc(lambda a: lgamma(a + 1.0), 1, 1)


def _ln_cdf(t: np.ndarray, x: np.ndarray, a: np.ndarray, ln_gamma: np.ndarray) -> np.ndarray:
    """Return ln P(X <= x), x = e^t, of gamma distributions of shape a, by their power series.

    P = x^a e^-x / Gamma(a + 1) (1 + x/(a + 1) + x^2/((a + 1)(a + 2)) + ...) (Abramowitz and Stegun, 6.5.29).
    """
    term, total = np.ones_like(x), np.ones_like(x)
    far = slice(None)  # places, but the first ones whose series have ended
    for k in range(1, TERMS):
        term[:, far] *= x[:, far] / (a + k)
        total[:, far] += term[:, far]
        if k % 8 == 0:
            going = (term >= 1e-15 * total).any(axis=0)
            if not going.any():
                break
            far = slice(int(going.argmax()), None)
    ln_p: np.ndarray = np.minimum(a * t - x - ln_gamma + np.log(total), -1e-16)
    return ln_p


def _logit(ln_p: np.ndarray) -> np.ndarray:
    logit: np.ndarray = ln_p - np.log(-np.expm1(ln_p))
    return logit


def _quantiles(z: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """Return the gamma factors of mean 1 at the probabilities 1/(1 + e^-z), by Halley's method on the logit.

    Parameters
    ----------
    z
        Shape (d, q).
    dispersion
        Shape (d,).
    """
    a = 1.0 / dispersion[:, None]
    ln_gamma = _LN_SHAPE(a).astype(float)
    normal = np.sign(z) * np.sqrt(
        0.5 * np.pi * (2.0 * np.logaddexp(0.0, np.abs(z)) - np.abs(z) - np.log(4.0))
    )  # nearly the normal quantile
    root = 1.0 - 1.0 / (9.0 * a) + normal / (3.0 * np.sqrt(a))  # Wilson and Hilferty, PNAS 17:684, 1931
    power = (ln_gamma - np.logaddexp(0.0, -z)) / a  # of the series' first term
    t = np.where(root > 0.3, np.log(a) + 3.0 * np.log(np.maximum(root, 0.3)), power)
    for _ in range(HALLEY):
        x = np.exp(t)
        ln_p = _ln_cdf(t, x, a, ln_gamma)
        below, above = np.exp(ln_p), -np.expm1(ln_p)
        density = np.exp(a * t - x - ln_gamma + np.log(a))
        slope = density / np.maximum(below * above, 1e-300)
        step = (z - _logit(ln_p)) / np.maximum(slope, 1e-9)
        bend = (
            a - x - density * (above - below) / np.maximum(below * above, 1e-300)
        )  # of the logit, over its slope
        step = step / np.maximum(1.0 + 0.5 * step * bend, 0.5)
        t += np.clip(step, -4.0 / np.minimum(a, 1.0), 2.0)
        if (np.abs(step) < 1e-3).all():  # the next would be of its cube
            break
    quantiles: np.ndarray = np.exp(t) / a
    return quantiles


def factors(dispersions: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the weights of places u, and the gamma factor of each dispersion there.

    Parameters
    ----------
    dispersions
        Of each specialty or cycle, shape (d,).

    Returns
    -------
    tuple
        Weights of shape (d, q), which sum to 1; factors, each of shape (d, q).
    """
    widest = np.maximum.reduce(list(dispersions))
    a = 1.0 / widest[:, None]
    ln_gamma = _LN_SHAPE(a).astype(float)
    low, high = (RARE + ln_gamma) / a, np.log(a + 16.0 + 5.0 * np.sqrt(a))
    middle = np.maximum(LOWEST + np.log(a), low + (high - low) * FAR / (FAR + NEAR))
    wide, step = (middle - low) / FAR, (high - middle) / NEAR
    s = np.arange(-FAR, NEAR + 1)
    t = (
        middle + step * s - (wide - step) * BLEND * np.logaddexp(0.0, -s / BLEND)
    )  # from wide steps to narrow ones, smoothly
    t = np.asfortranarray(t)  # draws side by side in memory, as in what is worked out of it
    weights = np.exp(a * t - np.exp(t) - ln_gamma + np.log(a)) * (
        step + (wide - step) / (1.0 + np.exp(s / BLEND))
    )
    known: dict[int, np.ndarray] = {}
    z = None
    for v in dispersions:
        if id(v) in known:
            continue
        if (v == widest).all():
            known[id(v)] = np.exp(t) / a
            continue
        z = np.minimum(_logit(_ln_cdf(t, np.exp(t), a, ln_gamma)), -RARE) if z is None else z
        known[id(v)] = _quantiles(z, v)
    return weights, [known[id(v)] for v in dispersions]


def unmatched(mean: np.ndarray, by_ranks: np.ndarray) -> np.ndarray:
    """Return f: P(no match) where the number of invitations is Poisson.

    f = 1 - P(12) + e^-m (P(12) + sum over k = 1, ..., 11 of m^k/k! (P(12) - P(k))), by Horner's scheme.

    Parameters
    ----------
    mean
        Of invitations, luck included, shape (..., q).
    by_ranks
        P(match | k), shape (..., 12).
    """
    last = by_ranks[..., -1]
    *terms, most = (last - np.moveaxis(by_ranks, -1, 0)[:-1]) / _FACTORIALS.reshape(-1, *(1,) * last.ndim)
    total = most[..., None] * mean
    for term in reversed(terms):
        total += term[..., None]
        total *= mean
    total += last[..., None]
    decay = -mean
    total *= np.exp(decay, out=decay)
    total += 1.0 - last[..., None]
    none: np.ndarray = total
    return none


class Shared:
    """Applications of one applicant to several specialties, or in several cycles, luck shared.

    Parameters
    ----------
    people
        The applicant in each, in the order of preference or time; each with a chain.
    means
        Of each: number of applications -> mean invitations, shape (n, d).
    """

    def __init__(self, people: Sequence[People], means: Sequence[Callable[[int], np.ndarray]]) -> None:
        self.people, self.means = people, means
        self.weights, self.factors = factors([p.chain.dispersion for p in people])
        self._rows: list[dict[int, np.ndarray]] = [{} for _ in people]

    def row(self, k: int, applications: int) -> np.ndarray:
        """Return P(no match) in one of them at each place, shape (n, d, q)."""
        rows = self._rows[k]
        if applications not in rows:
            mean = self.means[k](applications)[..., None] * self.factors[k]
            rows[applications] = unmatched(mean, self.people[k].p_by_ranks())
        return rows[applications]

    def each(self, split: Sequence[int]) -> list[np.ndarray]:
        """Return P(match to that one and to none before it), shape (n, d); they sum to P(match at all).

        Parameters
        ----------
        split
            Applications to each; where only one has any, it is the engine's own chance.
        """
        used = [k for k, n in enumerate(split) if n]
        found = [np.zeros_like(self.people[0].lp) for _ in split]
        if len(used) == 1:
            k = used[0]
            found[k] = self.people[k].p_apply(self.means[k](split[k]))
            return found
        none = np.ones(1)
        for k in used:
            left = none * self.row(k, split[k])
            found[k] = np.einsum("...q,...q->...", none - left, np.broadcast_to(self.weights, left.shape))
            none = left
        return found

    def any(self, split: Sequence[int]) -> np.ndarray:
        """Return P(match at all), shape (n, d)."""
        return sum(self.each(split), np.zeros(()))

    def mean(self, split: Sequence[int]) -> float:
        """Return the mean of `any` over people and draws, in one sum."""
        used = [k for k, n in enumerate(split) if n]
        if len(used) < 2:
            return float(self.any(split).mean())
        some = 1.0 - reduce(np.multiply, (self.row(k, split[k]) for k in used))
        return float(np.einsum("...dq,dq->...", some, self.weights).mean() / some.shape[-2])

    def independent(self, split: Sequence[int]) -> np.ndarray:
        """Return what P(match at all) would be if luck were independent between them, shape (n, d)."""
        none = np.ones_like(self.people[0].lp)
        for k, n in enumerate(split):
            if n:
                none = none * (1.0 - self.people[k].p_apply(self.means[k](n)))
        return 1.0 - none


def after_invitations(now: People, held: int, later: People, applications: int) -> np.ndarray:
    """Return P(match in a later cycle) of people who hold so many interviews now, shape (n, d).

    The factor G, a gamma of mean 1 and variance v, is that of both cycles. After k invitations at a mean
    of mu it is again a gamma, of mean (1 + v k)/(1 + v mu) and relative variance v/(1 + v k) (Gelman and
    others, Bayesian Data Analysis, 2.6), so that the later invitations are negative binomial again.

    Parameters
    ----------
    now, later
        The same people in one specialty in both cycles.
    held
        Interviews, k.
    applications
        In each cycle.
    """
    v = now.chain.dispersion
    mean = as_asked(later)(applications) * (1.0 + v * held) / (1.0 + v * as_asked(now)(applications))
    pmf = ranks_pmf(mean, v / (1.0 + v * held))[..., 1:]
    chance: np.ndarray = np.einsum("...k,...k->...", pmf, later.p_by_ranks())
    return chance


def as_asked(people: People, order: Order = "choose") -> Callable[[int], np.ndarray]:
    """Return number of applications -> mean invitations, programs taken in an order."""
    return lambda n: people.invitations(np.full(len(people.lp), n), order)
