"""A program's chance of inviting an applicant: its rate, what a signal adds, and on what each rests.

Standard library only.
"""

from collections import namedtuple
from math import exp, sqrt

GIVEN, WITHIN, SHRUNK, SHARE, MEAN = "given", "given, moved within the table's", "given, shrunk", "IMG share", "mean"
# What a rate rests on, as every answer here labels it: 'given' is the user's own figure, which nobody here has checked.
BASES = {GIVEN: "given", WITHIN: "given", SHRUNK: "given", SHARE: "evidence", MEAN: "assumed"}
REACH, SAFER = 0.5, 2.0  # times the specialty's mean rate: at most, and at least; a choice

Rate = namedtuple("Rate", "rate kind")


class SignalEffect(namedtuple("SignalEffect", "log_odds se share source note specialty")):
    """What a signal was found to go with: log odds of an invitation, and the share of applications that carried one."""

    __slots__ = ()


def signal_effect(advice):
    """Return the `SignalEffect` of a model file, None where it has none."""
    content = (advice or {}).get("program_signal")
    if not content:
        return None
    return SignalEffect(content["value"], content["se"], content["share_signalled"], content["source"], content["note"], content["specialty"])


def split_rate(rate, effect):
    """Return the chances without and with a signal of a program whose rate mixes both.

    A printed rate r is over all applications, of which a share s carried a signal that multiplies the odds by k = exp(effect):

        s k q/(1 - q + k q) + (1 - s) q = r

    which for q, the chance without, is the quadratic (1 - s)(k - 1) q^2 + (1 + (s - r)(k - 1)) q - r = 0.

    Parameters
    ----------
    rate : float
        Between 0 and 1.
    effect : SignalEffect

    Returns
    -------
    plain, signalled : float
    """
    k, s = exp(effect.log_odds), effect.share
    if not 0.0 < rate < 1.0 or k == 1.0:
        return rate, rate
    a, b = (1.0 - s) * (k - 1.0), 1.0 + (s - rate) * (k - 1.0)
    root = sqrt(b * b + 4.0 * a * rate)
    q = 2.0 * rate / (b + root) if b > 0 else (root - b) / (2.0 * a)  # whichever of the two forms cancels nothing
    return q, k * q / (1.0 - q + k * q)


def spread(rates, programs, mean):
    """Return the variance of the rates over the specialty's programs."""
    return sum(p * (r - mean) ** 2 for r, p in zip(rates, programs)) / sum(programs)


def strength(mean, variance):
    """Return a + b of the beta distribution with that mean and variance: what a rate is shrunk by, in applicants.

    mean(1 - mean)/variance - 1, the moment estimate of the beta-binomial (Kleinman, J American Statistical Association
    68:46, 1973). None where the rates do not vary.
    """
    return None if variance <= 0 else max(0.0, mean * (1.0 - mean) / variance - 1.0)


def share_ratio(advice, applicant_type, share):
    """Return the rate at programs with such a share of IMG residents over the type's mean rate, None where unknown."""
    content = (advice or {}).get("img_share", {}).get(applicant_type)
    if not content or share is None:
        return None
    for band in content["bands"]:
        if band["from"] <= share < band["to"] or share == band["to"] == 1.0:
            return band["ratio"]
    return None


def base_rate(program, applicant_type, chain, advice):
    """Return the `Rate` at which a program invites the average applicant of the type.

    Parameters
    ----------
    program : Program
    applicant_type : str
    chain : matchmodel.chain_cell.ChainCell or None
        Whose rates are the specialty's; without one only a printed rate is known.
    advice : dict or None
        Of the model file.

    Returns
    -------
    Rate or None
        None where nothing is known: no chain and no rate.
    """
    name = applicant_type.replace("-", "_")
    rate, applicants = (getattr(program, start + name, None) for start in ("invitation_rate_", "applicants_"))
    if chain is None:
        return None if rate is None else Rate(rate, GIVEN)
    if rate is None:
        ratio = share_ratio(advice, applicant_type, program.img_share)
        return Rate(chain.mean, MEAN) if ratio is None else Rate(min(chain.mean * ratio, 1.0), SHARE)
    if applicants is not None:
        prior = strength(chain.mean, spread(chain.rates, chain.programs, chain.mean))
        return Rate(chain.mean, SHRUNK) if prior is None else Rate((applicants * rate + prior * chain.mean) / (applicants + prior), SHRUNK)
    inside = min(max(rate, min(chain.rates)), max(chain.rates))
    return Rate(inside, GIVEN if inside == rate else WITHIN)


def mark(rate, mean):
    """Return 'reach', 'target' or 'safer': a program's rate against the specialty's mean."""
    return "reach" if rate <= REACH * mean else "safer" if rate >= SAFER * mean else "target"
