"""Luck that one person carries into every application: several specialties, or several cycles, at once.

The number of invitations is negative binomial because applicants with one profile are not alike. That is a Poisson
number whose mean is multiplied by a gamma factor G of mean 1 and variance alpha, the dispersion (Greenwood and Yule,
J Royal Statistical Society 83:255, 1920). Here G belongs to the person: the same for all that the person applies to. Given G
and the ranks, matches are independent. For one specialty alone this is the chain, within 0.003 points; for two,

    P(match at all) = 1 - E_G[ prod_s f_s(mean_s G) ],  f_s(m) = 1 - sum_k Poisson(k; m) P(match | k ranks)

lies below that of independent luck. That G is wholly the person's is assumed: nobody has measured how much of it
a person takes from one specialty to another; independent luck is the other end.

Standard library only.
"""

from collections import namedtuple
from functools import lru_cache
from math import ceil, exp, log, sqrt

STEP = 0.4  # of ln G in the trapezoid sum, whose error falls faster than any power of it
NOTHING = 1e-11  # a share of G's density that is left out
MANY = 150.0  # mean invitations from which their number is taken as its mean
NEGLIGIBLE = 1e-7  # weight of a luck that is left out of sums over several specialties: together less than a hundredth of a point
GRID = 0.2  # of ln(mean invitations) between the points of a `Curve`


@lru_cache(maxsize=64)
def frailty(alpha):
    """Return (G, weight) of a gamma factor of mean 1 and variance alpha; the weights sum to 1.

    Trapezoid sum over t = ln G, whose density is proportional to exp((t - e^t)/alpha).
    """
    if alpha < 1e-6:
        return ((1.0, 1.0),)
    reach = -log(NOTHING)
    t = -1.0 - alpha * reach
    found = []
    while True:
        exponent = (t - exp(t) + 1.0) / alpha
        if t > 0 and exponent < -reach:
            break
        if exponent > -2 * reach:
            found.append((exp(t), exp(exponent)))
        t += min(STEP, STEP * sqrt(alpha) * 1.2)
    total = sum(w for _, w in found)
    return tuple((g, w / total) for g, w in found)


@lru_cache(maxsize=64)
def weighty(alpha):
    """Return (G, weight) of `frailty` without the negligible ones, the weights summing to 1."""
    kept = [(g, w) for g, w in frailty(alpha) if w > NEGLIGIBLE]
    total = sum(w for _, w in kept)
    return tuple((g, w / total) for g, w in kept)


def unmatched(mean, state):
    """Return f: P(no match) where the number of invitations is Poisson with a mean.

    Parameters
    ----------
    mean : float
        Of invitations, the person's luck included.
    state : matchmodel.chain_cell.State
    """
    if mean > MANY:
        return 1.0 - 1.0 / (1.0 + state.odds_against * mean**-state.b)
    p = exp(-mean)
    total, against, b = 0.0, state.odds_against, state.b
    powers = state.powers
    last = ceil(mean + 9.0 * sqrt(mean) + 12.0)
    for k in range(1, last + 1):
        p *= mean / k
        total += p / (1.0 + against * (powers[k - 1] if k <= len(powers) else k**-b))
    return 1.0 - total


class Curve:
    """`unmatched` of one state, read off a grid of ln(mean) by a cubic through four points: for searches, not for answers."""

    def __init__(self, state):
        self.state, self._known = state, {}

    def _at(self, j):
        if j not in self._known:
            self._known[j] = unmatched(exp(j * GRID), self.state)
        return self._known[j]

    def __call__(self, mean):
        """Return P(no match) at a mean."""
        if mean < 1e-9:
            return 1.0
        place = log(mean) / GRID
        j = int(place // 1)
        x = place - j
        a, b, c, d = self._at(j - 1), self._at(j), self._at(j + 1), self._at(j + 2)
        return b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)))


class Together(namedtuple("Together", "any each independent")):
    """Chances of several applications of one person.

    Attributes
    ----------
    any : float
        P(match to any of them).
    each : tuple of float
        P(match to that one and to none before it), in the person's order; they sum to `any`.
    independent : float
        What `any` would be, were luck independent between them.
    """

    __slots__ = ()


def together(alpha, parts):
    """Return the chances of several applications of one person, whose luck is shared.

    Parameters
    ----------
    alpha : float
        Dispersion of the number of invitations.
    parts : sequence of (callable, float)
        f, mean invitations -> P(no match), such as a `Curve`; and the mean; in the person's order of preference.

    Returns
    -------
    Together
    """
    each, alone = [0.0] * len(parts), [0.0] * len(parts)
    for g, weight in frailty(alpha):
        none = weight
        for i, (f, mean) in enumerate(parts):
            failed = f(mean * g)
            alone[i] += weight * failed
            each[i] += none * (1.0 - failed)
            none *= failed
    product = 1.0
    for failed in alone:
        product *= failed
    return Together(sum(each), tuple(each), 1.0 - product)


def exactly(state):
    """Return f of `together` for a state, without a grid."""
    return lambda mean: unmatched(mean, state)
