"""A program's chance of inviting an applicant: the rate that it starts from, and what the profile does to it.

The profile acts on the odds, so that no chance is 0 or 1:

    chance/(1 - chance) = k rate/(1 - rate)

with one k for all programs of a specialty in each draw (`tilt` has how it is found): over them all the mean
chance is the engine's, mean rate times the profile's factor. Where all invite alike that is

    k = (r f/(1 - r f)) / (r/(1 - r))

of mean rate r and factor f. So programs at the specialty's own rates have the invitations that the engine
expects of as many at random, and those of which nothing is known those of as many as IMGs choose.
"""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ...frozen import frozen
from ...model.engine import ChainArrays, expit
from ...model.records import Basis, Cell
from .table import Program

Kind = Literal["given", "moved", "shrunk", "img_share", "unknown"]
Mark = Literal["reach", "target", "safer"]
# What a rate rests on; 'given' is the user's own figure, which nobody here has checked.
BASES: dict[Kind, Literal["given"] | Basis] = {
    "given": "given",
    "moved": "given",
    "shrunk": "given",
    "img_share": "evidence",
    "unknown": "assumed",
}
REACH, SAFER = 0.5, 2.0  # times the specialty's mean rate: at most, and at least; a choice
MOST = 0.8  # of the programs with any invitations: the mean chance over them at which the profile stops
_NEWTON = 60


@frozen
class Rate:
    """The rate at which a program invites the average applicant of a type.

    Attributes
    ----------
    value
        None where nothing is known of the program and the specialty's own rates take its place.
    strength
        How many applicants stand behind it, prior included; None where its error is not known.
    """

    value: float | None
    kind: Kind
    strength: float | None = None

    def draws(self, count: int, seed: int) -> np.ndarray:
        """Return draws, shape (count,), whose mean is the value: Beta(strength value, strength (1 - value))
        where the strength is known, else the value itself.
        """
        value = self.value
        if value is None:
            raise ValueError("a program of which nothing is known has no rate of its own")
        if self.strength is None or not 0.0 < value < 1.0:
            return np.full(count, value)
        rng = np.random.default_rng([17, seed])
        draws: np.ndarray = rng.beta(self.strength * value, self.strength * (1.0 - value), count)
        mean = float(draws.mean())
        if mean > value:
            return draws * (value / mean)
        return 1.0 - (1.0 - draws) * ((1.0 - value) / (1.0 - mean))


def spread(rates: np.ndarray, programs: np.ndarray, mean: float) -> float:
    """Return the variance of the rates over the specialty's programs."""
    return float(programs @ (rates - mean) ** 2 / programs.sum())


def strength(mean: float, variance: float) -> float | None:
    """Return a + b of the beta distribution with that mean and variance: what a rate is shrunk by, in
    applicants.

    mean(1 - mean)/variance - 1, the moment estimate of the beta-binomial (Kleinman, J American Statistical
    Association 68:46, 1973). None where the rates do not vary.
    """
    return None if variance <= 0 else max(0.0, mean * (1.0 - mean) / variance - 1.0)


def share_ratio(advice: Mapping[str, Any], applicant_type: str, share: float | None) -> float | None:
    """Return the rate at programs with such a share of IMG residents over the type's mean rate, None where
    unknown.
    """
    found = advice.get("img_share", {}).get(applicant_type)
    if not found or share is None:
        return None
    for band in found["bands"]:
        if band["from"] <= share < band["to"] or share == band["to"] == 1.0:
            return float(band["ratio"])
    return None


def applicants_behind(cell: Cell, chain: ChainArrays) -> float | None:
    """Return how many applicants of the type a program of the specialty has on average, None where unknown.

    Those of the printed table, each with the usual number of applications, over the programs listed. Only
    those who rank somebody are in the table, so that it is rather too few, and ranges rather too wide.
    """
    if cell.published is None:
        return None
    applicants = cell.published.matched + cell.published.not_matched
    return max(1.0, applicants * float(chain.usual.mean()) / chain.listed)


def base_rate(
    program: Program,
    applicant_type: str,
    chain: ChainArrays | None,
    advice: Mapping[str, Any],
    behind: float | None = None,
) -> Rate | None:
    """Return the `Rate` at which a program invites the average applicant of the type.

    Parameters
    ----------
    program
    applicant_type
    chain
        Whose rates are the specialty's; without one only a printed rate is known.
    advice
        Of the model file.
    behind
        How many applicants are taken to stand behind a rate that comes without their number: its sampling
        error. None leaves that out.

    Returns
    -------
    Rate or None
        None where nothing is known: no chain and no rate.
    """
    name = applicant_type.replace("-", "_")
    rate, applicants = (getattr(program, start + name, None) for start in ("invitation_rate_", "applicants_"))
    if chain is None:
        return None if rate is None else Rate(rate, "given")
    if rate is None:
        ratio = share_ratio(advice, applicant_type, program.img_share)
        return Rate(None, "unknown") if ratio is None else Rate(min(chain.rate * ratio, 1.0), "img_share")
    if applicants is not None:
        return _shrunk(rate, applicants, chain)
    inside = float(min(max(rate, chain.rates.min()), chain.rates.max()))
    return Rate(inside, "given" if inside == rate else "moved", behind)


def _shrunk(rate: float, applicants: int, chain: ChainArrays) -> Rate:
    prior = strength(chain.rate, spread(chain.rates, chain.programs, chain.rate))
    if prior is None:  # the specialty's programs are all alike
        return Rate(chain.rate, "shrunk")
    behind = applicants + prior
    return Rate((applicants * rate + prior * chain.rate) / behind, "shrunk", behind)


def tilt(chain: ChainArrays, factor: np.ndarray) -> np.ndarray:
    """Return the log odds that the profile adds to every program's rate, shape (d,).

    On the odds a rate stays below 1 whatever the profile. The addition t is that with which the mean chance
    over the specialty's programs is the engine's, mean rate times the profile's factor:

        sum_g programs_g expit(logit(rate_g) + t) / sum_g programs_g = rate x factor

    Parameters
    ----------
    chain
    factor
        m0 exp(eta LP), shape (d,).
    """
    some = chain.rates > 0
    weights = chain.programs[some] / chain.programs.sum()
    logits = log_odds(chain.rates[some])
    wanted = np.minimum(chain.rate * factor, MOST * weights.sum())
    t: np.ndarray = log_odds(wanted / weights.sum()) - log_odds(
        np.atleast_1d(weights @ chain.rates[some] / weights.sum())
    )
    for _ in range(_NEWTON):
        p = expit(logits[:, None] + t)
        step = np.log(wanted / (weights @ p)) * (weights @ p) / (weights @ (p * (1.0 - p)))
        t = t + np.clip(step, -3.0, 3.0)
        if np.abs(step).max() < 1e-12:
            break
    return t


def log_odds(p: np.ndarray) -> np.ndarray:
    """Return ln(p/(1 - p)); minus infinity at 0."""
    with np.errstate(divide="ignore"):
        logit: np.ndarray = np.log(p) - np.log1p(-p)
    return logit


def tilted(rate: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return expit(logit(rate) + t), without a logarithm of 0 or 1: shapes that broadcast."""
    k = np.exp(t)
    chance: np.ndarray = k * rate / (1.0 - rate + k * rate)
    return chance


def mark(rate: float, mean: float) -> Mark:
    """Return 'reach', 'target' or 'safer': a program's rate against the specialty's mean."""
    return "reach" if rate <= REACH * mean else "safer" if rate >= SAFER * mean else "target"
