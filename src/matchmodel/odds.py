"""The odds of one applicant: point, likelihood ratios and range (given at least one ranked program).

Standard library only: this module is on the path of ``predict``.
"""

from collections import namedtuple
from math import exp, log, sqrt

from .covariates import COVARIATES, step2_u

RANGE = (0.1, 0.9)  # the 80% range


def expit(x):
    """Return 1/(1 + e^-x) without overflow."""
    if x >= 0:
        return 1.0 / (1.0 + exp(-x))
    e = exp(x)
    return e / (1.0 + e)


def logit(p):
    """Return ln(p/(1 - p))."""
    return log(p / (1.0 - p))


def quantile(ordered, q):
    """Return the q-quantile of sorted numbers, linear between neighbours (Hyndman and Fan's type 7)."""
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def range80(values, point):
    """Return the 10% and 90% quantiles of draws, stretched to hold the point where it lies outside."""
    ordered = sorted(values)
    return min(quantile(ordered, RANGE[0]), point), max(quantile(ordered, RANGE[1]), point)


class LikelihoodRatio(namedtuple("LikelihoodRatio", "covariate label value ratio low high basis source note")):
    """By how much one known covariate multiplies the odds, against the specialty's average.

    Attributes
    ----------
    covariate, label : str
    value : float or bool
        The applicant's.
    ratio, low, high : float
        The factor on the odds, and its 80% range.
    basis : {'measured', 'evidence', 'assumed'}
    source, note : str
    """

    __slots__ = ()


class Terms(namedtuple("Terms", "base draws_base shifts known")):
    """What an answer is summed from, on the log-odds scale.

    Attributes
    ----------
    base : float
        Log odds of the cell's average, or with the score.
    draws_base : list of float
    shifts : dict
        {covariate: (value, draws)}, log likelihood ratios.
    known : dict
        {covariate: the applicant's value}
    """

    __slots__ = ()

    @property
    def log_odds(self):
        """Log odds of the point."""
        return self.base + sum(value for value, _ in self.shifts.values())

    @property
    def log_odds_draws(self):
        """Log odds in every draw."""
        total = list(self.draws_base)
        for _, draws in self.shifts.values():
            total = [a + b for a, b in zip(total, draws)]
        return total


class Recalibration(namedtuple("Recalibration", "intercept slope intercept_draws slope_draws")):
    """What was learnt from known outcomes: log odds' = intercept + slope * log odds (Cox, Biometrika 45:562, 1958).

    Attributes
    ----------
    intercept, slope : float
    intercept_draws, slope_draws : list of float
    """

    __slots__ = ()

    def log_odds(self, value):
        """Return the recalibrated log odds of a point."""
        return self.intercept + self.slope * value

    def terms(self, found):
        """Return `Terms` recalibrated: base and factors each, so that they still add up to the log odds, in every draw."""
        a, b = self.intercept_draws, self.slope_draws
        shifts = {name: (self.slope * value, [s * d for s, d in zip(b, draws)]) for name, (value, draws) in found.shifts.items()}
        return Terms(self.log_odds(found.base), [i + s * d for i, s, d in zip(a, b, found.draws_base)], shifts, found.known)


def score_shift(cell, step2_ck):
    """Return the score's log likelihood ratio: alpha + beta*u - level, and its draws."""
    u = step2_u(step2_ck)
    value = cell.alpha + cell.beta * u - cell.level
    draws = [a + b * u - c for a, b, c in zip(cell.draws("alpha"), cell.draws("beta"), cell.draws("level"))]
    return value, draws


def covariate_shift(model, cell, name, value):
    """Return a covariate's log likelihood ratio: delta*u - kappa, and its draws."""
    u = COVARIATES[name].transform(value)
    delta = model.delta(name)
    return delta.value * u - cell.kappa(name), [d * u - k for d, k in zip(delta.draws, cell.kappa_draws(name))]


def terms(model, cell, applicant, cycle):
    """Return the `Terms` of an applicant in a cell, drift of a later cycle included.

    A later cycle moves no point: the level is taken to drift without trend, so it only widens
    the range, by sd*sqrt(years). Where the type is recalibrated, that comes last.
    """
    base, draws = cell.level, list(cell.draws("level"))
    shifts, known = {}, {}
    if applicant.step2_ck is not None:
        shifts["step2_ck"] = score_shift(cell, applicant.step2_ck)
        known["step2_ck"] = applicant.step2_ck
    for name in COVARIATES:
        value = applicant.covariate(name)
        if value is not None and model.has_effect(cell.applicant_type, name):
            shifts[name] = covariate_shift(model, cell, name, value)
            known[name] = value
    width = model.drift_sd(cell.applicant_type) * sqrt(abs(cycle - cell.year))
    if width:
        draws = [a + width * z for a, z in zip(draws, model.drift_draws)]
    found = Terms(base, draws, shifts, known)
    return found if cell.recalibration is None else cell.recalibration.terms(found)
