"""The applications chain of one specialty, unpacked from the model file, and its state at one set of parameters.

Standard library only: this module is on the path of ``predict``.
"""

from collections import namedtuple
from math import exp

from . import chain_math as cm
from .artefact import unpack
from .covariates import COVARIATES, step2_u
from .errors import NotInModel


class State(namedtuple("State", "alpha factors b powers each odds_against scale mean_usual")):
    """The chain at one set of parameters: the point's, or one draw's.

    Attributes
    ----------
    alpha, b : float
        Dispersion; slope on ln ranks.
    factors, powers : list of float
        Of `chain_math`.
    each : float
        Mean invitations from a program taken at random.
    odds_against : float
        E, anchored.
    scale : float
        Factor on every program's rate.
    mean_usual : float
        Mean invitations at the usual number of applications.
    """

    __slots__ = ()

    def match(self, mean):
        """Return P(match at application time) with so many mean invitations."""
        return cm.matched(mean, self.alpha, self.factors, self.powers, self.b, self.odds_against)[0]


class ChainCell:
    """The chain of one specialty for one applicant type, unpacked from the model file.

    Parameters
    ----------
    model : Model
    applicant_type, specialty : str

    Raises
    ------
    NotInModel
        In one plain line, where the model has no chain, or none for the type or specialty.
    """

    def __init__(self, model, applicant_type, specialty):
        chain = model.content["chain"]
        if chain is None:
            raise NotInModel("this model has no applications chain: it was trained without program invitations, contiguous ranks or a dispersion; ask without --applications and --target")
        kind = chain["types"].get(applicant_type)
        if kind is None:
            raise NotInModel(f"no invitation table describes {applicant_type}, so there is no answer on applications; there is one for {', '.join(chain['types'])}")
        if specialty not in kind["specialties"]:
            raise NotInModel(f"no invitation table describes {specialty}, so there is no answer on applications; ask without --applications and --target")
        self.content = kind["specialties"][specialty]
        self.specialty = specialty
        self.chain, self.norms = chain, kind["norms"]
        self.rates, self.programs = self.content["rates"], self.content["programs"]
        self.listed = self.content["listed"]
        self.mean = sum(r * p for r, p in zip(self.rates, self.programs)) / sum(self.programs)
        self._shared, self._parameters, self._unpacked = None, None, model.shared_draws

    @property
    def shared(self):
        """What every applicant shares, a tuple a state, the point first: alpha, factors, b, powers, rate factor, usual N."""
        if self._shared is None:
            self._shared = [(a, cm.pmf_factors(a), b, cm.rank_powers(b), exp(r), n) for a, b, r, n in zip(*self.parameters)]
        return self._shared

    @property
    def parameters(self):
        """Dispersion, slope on ln ranks, log rate factor, usual N: a list each, the point first."""
        if self._parameters is None:
            self._parameters = (
                self._drawn(self.chain["dispersion"]),
                [self.content["rank"]["b"]["value"], *unpack(self.content["rank"]["draws"])],
                [0.0, *unpack(self.content["log_rate"]["draws"])],
                [self.content["usual"]["value"], *unpack(self.content["usual"]["draws"])],
            )
        return self._parameters

    def _drawn(self, entry):
        """Return an entry's value and draws, unpacked once however many cells share it."""
        key = id(entry)
        if key not in self._unpacked:
            self._unpacked[key] = entry, [entry["value"], *unpack(entry["draws"])]  # the entry is kept, so that its id stays its own
        return self._unpacked[key][1]

    def log_factors(self, applicant):
        """Return the log of the profile's factor on the interview rate, the point first, then the draws.

        sum over known covariates of effect*u - norm, norm making the factor average 1 over the
        reference population; also the covariates' own factors, for the answer.
        """
        total = [0.0] * len(self.parameters[0])
        ratios = {}
        effects = self.chain["effects"]
        known = []
        if applicant.step2_ck is not None and "step2_ck" in effects and self.content["norm"] is not None:
            known.append(("step2_ck", step2_u(applicant.step2_ck), self.content["norm"]))
        for name, covariate in COVARIATES.items():
            value = applicant.covariate(name)
            if value is not None and name in effects and name in self.norms:
                known.append((name, covariate.transform(value), self.norms[name]))
        for name, u, norm in known:
            moved = [g * u - v for g, v in zip(self._drawn(effects[name]), self._drawn(norm))]
            ratios[name] = exp(moved[0])
            total = [a + b for a, b in zip(total, moved)]
        return total, ratios

    def mean_each(self, scale):
        """Return mean invitations from a program taken at random, rates capped at 1 after the profile."""
        if self.rates[0] * scale <= 1.0:
            return self.mean * scale
        return sum(min(r * scale, 1.0) * p for r, p in zip(self.rates, self.programs)) / sum(self.programs)

    def states(self, log_factors, p_ranked):
        """Return a `State` for the point and every draw, each anchored to its P(match | ranked)."""
        made = []
        for (alpha, factors, b, powers, rate, usual), log_factor, p in zip(self.shared, log_factors, p_ranked):
            scale = rate * exp(log_factor)
            each = self.mean_each(scale)
            mean = usual * each
            against = cm.anchor(p, mean, alpha, factors, powers, b)
            made.append(State(alpha, factors, b, powers, each, against, scale, mean))
        return made
