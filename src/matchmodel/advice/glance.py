"""The point alone of an applicant in one specialty, without draws: for looking over many before a few are answered in full.

Standard library only.
"""

from collections import namedtuple
from math import exp

from .. import chain_math as cm
from ..chain_cell import State
from ..covariates import COVARIATES, step2_u
from ..odds import expit


class Glance(namedtuple("Glance", "log_odds state listed")):
    """Log odds of matching, given at least one ranked program; and the chain at the point, None where there is none.

    The same as the points of `matchmodel.advice.profile.Profile`, in a tenth of the time.
    """

    __slots__ = ()

    @property
    def ranked(self):
        """P(match | at least one ranked program)."""
        return expit(self.log_odds)

    def chance(self, applications):
        """Return P(match), counted from the application on, of so many programs at random, all of them where fewer are listed."""
        return self.state.match(min(applications, self.listed) * self.state.each)


def _log_odds(model, cell, a):
    value = cell.level if a.step2_ck is None else cell.alpha + cell.beta * step2_u(a.step2_ck)
    for name, covariate in COVARIATES.items():
        known = a.covariate(name)
        if known is not None and model.has_effect(a.applicant_type, name):
            value += model.delta(name).value * covariate.transform(known) - cell.kappa(name)
    return value if cell.recalibration is None else cell.recalibration.log_odds(value)


def _log_scale(chain, a):
    effects, total = chain.chain["effects"], 0.0
    if a.step2_ck is not None and "step2_ck" in effects and chain.content["norm"] is not None:
        total += effects["step2_ck"]["value"] * step2_u(a.step2_ck) - chain.content["norm"]["value"]
    for name, covariate in COVARIATES.items():
        known = a.covariate(name)
        if known is not None and name in effects and name in chain.norms:
            total += effects[name]["value"] * covariate.transform(known) - chain.norms[name]["value"]
    return total


def glance(model, applicant):
    """Return the `Glance` of an applicant.

    Parameters
    ----------
    model : matchmodel.model.Model
    applicant : matchmodel.applicant.Applicant
        With cycle and years since graduation filled in, as `Model.cycle_of` does.
    """
    a = applicant
    y = _log_odds(model, model.cell(a.applicant_type, a.specialty), a)
    if not model.has_chain(a.applicant_type, a.specialty):
        return Glance(y, None, None)
    chain = model.chain_cell(a.applicant_type, a.specialty)
    alpha, b = chain.chain["dispersion"]["value"], chain.content["rank"]["b"]["value"]
    scale = exp(_log_scale(chain, a))
    factors, powers, each = cm.pmf_factors(alpha), cm.rank_powers(b), chain.mean_each(scale)
    mean = chain.content["usual"]["value"] * each
    return Glance(y, State(alpha, factors, b, powers, each, cm.anchor(expit(y), mean, alpha, factors, powers, b), scale, mean), chain.listed)
