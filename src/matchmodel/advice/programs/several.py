"""The chance of matching to any of several specialties' lists, the person's luck shared, in every draw.

The number of invitations is negative binomial because applicants with one profile are not alike: it is Poisson with a
mean that is multiplied by a gamma factor of mean 1 and variance alpha, the dispersion (Greenwood and Yule, J Royal
Statistical Society 83:255, 1920). Here that luck belongs to the person: whoever is at one quantile of it in one specialty
is at the same quantile in every other, whose dispersion may differ. Given it and the ranks, matches are independent:

    P(any) = 1 - integral over z of phi(z) prod_s f_s(mu_s G_s(z)) dz,  G_s(z) = F^-1(Phi(z); 1/alpha_s, alpha_s)

f_s(m) is the chance of no match with a Poisson number of ranks of mean m. That luck is wholly the person's is assumed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from ...model.engine import MOST_RANKS, People

_REACH, _STEP = 6.0, 0.3  # of z in the trapezoid sum, whose error falls faster than any power of the step
_GRID = 2000  # points of ln G on which its distribution function is summed
_TAIL = 1e-13
_Z = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
_PHI = np.array([0.5 * (1.0 + erf(z / sqrt(2.0))) for z in _Z])
WEIGHTS = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()


def luck(dispersion: np.ndarray) -> np.ndarray:
    """Return G at each node, shape (j, d): the quantile Phi(z) of a gamma factor of mean 1 and variance `dispersion`.

    The density of t = ln G is proportional to exp((t - e^t)/alpha). It is summed by the trapezoid rule and inverted on
    the logit of the distribution function; then scaled to have mean 1 over the nodes.
    """
    found = np.empty((len(_Z), len(dispersion)))
    reach = -np.log(_TAIL)
    for d, alpha in enumerate(dispersion):
        t = np.linspace(-1.0 - alpha * reach, np.log1p(alpha * reach + 4.0 * np.sqrt(alpha)), _GRID)
        density = np.exp((t - np.exp(t) + 1.0) / alpha)
        below = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))])
        above = below[-1] - below
        inside = (below > 0) & (above > 0)
        odds = np.log(below[inside]) - np.log(above[inside])
        found[:, d] = np.exp(np.interp(np.log(_PHI) - np.log1p(-_PHI), odds, t[inside]))
    return found / (WEIGHTS @ found)


@dataclass(frozen=True)
class Specialty:
    """One specialty's part: its luck at each node, and the chances of matching by ranks.

    Attributes
    ----------
    luck
        Shape (j, d).
    by_ranks
        P(match | k), k = 1, ..., 12, shape (d, 12).
    """

    luck: np.ndarray
    by_ranks: np.ndarray

    @classmethod
    def of(cls, people: People, every: int = 1) -> "Specialty":
        """Return the part of one applicant, in each `every`-th draw."""
        chain = people.arrays.chain
        return cls(luck(chain.dispersion[::every]), people.p_by_ranks()[0][::every])

    def unmatched(self, mean: np.ndarray) -> np.ndarray:
        """Return P(no match) at each node of luck and in each draw.

        Parameters
        ----------
        mean
            Mean invitations, shape (..., d).

        Returns
        -------
        numpy.ndarray
            Shape (..., j, d).
        """
        m = mean[..., None, :] * self.luck
        p = np.exp(-m)
        left, none = 1.0 - p, np.ones_like(m)
        for k in range(1, MOST_RANKS):
            p = p * (m / k)
            left -= p
            none -= p * self.by_ranks[:, k - 1]
        return none - np.maximum(left, 0.0) * self.by_ranks[:, -1]

    def uninvited(self, mean: np.ndarray) -> np.ndarray:
        """Return P(no invitation) at each node and in each draw, shapes as for `unmatched`."""
        return np.exp(-mean[..., None, :] * self.luck)


def none_of(each: Sequence[np.ndarray]) -> np.ndarray:
    """Return the chance of none of several, luck averaged over.

    Parameters
    ----------
    each
        Of each specialty, shape (j, d).

    Returns
    -------
    numpy.ndarray
        Shape (d,).
    """
    product = each[0]
    for other in each[1:]:
        product = product * other
    return WEIGHTS @ product
