"""A program's chance of inviting an applicant: the rate that it starts from, the profile, and what a signal
adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ...model.engine import ChainArrays, expit
from ...model.records import Basis
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


@dataclass(frozen=True)
class Rate:
    """The rate at which a program invites the average applicant of a type.

    Attributes
    ----------
    value
        None where nothing is known of the program and the specialty's own rates take its place.
    strength
        How many applicants stand behind it, prior included; None where that is not known.
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


@dataclass(frozen=True)
class SignalEffect:
    """What a signal was found to go with: log odds of an invitation, and the share of applications that
    carried one.
    """

    log_odds: float
    se: float
    share: float
    source: str
    specialty: str

    def draws(self, count: int) -> np.ndarray:
        """Return draws of the log odds, shape (count,), at least 0 since a signal is never sent to harm."""
        if not self.se:
            return np.full(count, self.log_odds)
        z = np.random.default_rng(23).standard_normal(count)
        draws: np.ndarray = np.maximum(self.log_odds + self.se * (z - z.mean()) / z.std(), 0.0)
        return draws


def signal_effect(advice: Mapping[str, Any]) -> SignalEffect | None:
    """Return the `SignalEffect` of a model file, None where it has none."""
    found = advice.get("program_signal")
    if not found:
        return None
    return SignalEffect(
        found["value"], found["se"], found["share_signalled"], found["source"], found["specialty"]
    )


def split_chance(chance: np.ndarray, log_odds: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the chances without and with a signal of a program whose rate mixes both.

    A printed rate r is over all applications, of which a share s carried a signal that multiplies the odds by
    k:

        s k q/(1 - q + k q) + (1 - s) q = r

    which for q, the chance without, is the quadratic (1 - s)(k - 1) q^2 + (1 + (s - r)(k - 1)) q - r = 0.

    Parameters
    ----------
    chance
        Between 0 and 1, shape (..., d).
    log_odds
        ln k, at least 0, shape (d,).
    """
    k = np.exp(log_odds)
    a, b = (1.0 - share) * (k - 1.0), 1.0 + (share - chance) * (k - 1.0)
    root = np.sqrt(b * b + 4.0 * a * chance)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(b > 0, 2.0 * chance / (b + root), (root - b) / (2.0 * a))  # whichever cancels nothing
    q = np.where(k > 1.0, np.clip(q, 0.0, chance), chance)
    return q, np.maximum(k * q / (1.0 - q + k * q), chance)


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


def base_rate(
    program: Program, applicant_type: str, chain: ChainArrays | None, advice: Mapping[str, Any]
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
    return Rate(inside, "given" if inside == rate else "moved")


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
