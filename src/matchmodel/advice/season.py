"""One person's chances in one cycle, averaged over a distribution of Step 2 CK.

Standard library only.
"""

from .. import odds
from ..applicant import SCORE_HIGH
from .profile import Drawn, Profile

FEW, SOME, MORE = 3, 9, 15  # Gauss-Hermite points of draws, of searches, and of what is told
ASIDE = 10.0  # points between two scores of which one gives the line through the other
TINY = 1e-15


def logit(p):
    """Return ln(p/(1 - p)) of a probability, kept off 0 and 1."""
    return odds.logit(min(max(p, TINY), 1.0 - TINY))


def mixed(draws, weights):
    """Return the weighted sums of draws, draw by draw."""
    return [sum(w * p for w, p in zip(weights, each)) for each in zip(*draws)]


class Drifted:
    """A model whose level drifts by other draws; everything else is the model's.

    Parameters
    ----------
    model : Model
    draws : list of float
        Standard normal.
    """

    def __init__(self, model, draws):
        self._model, self.drift_draws = model, draws

    def __getattr__(self, name):
        return getattr(self._model, name)


def drift_after(model, applicant):
    """Return the drift's draws of the cycle after an applicant's, as standard normal numbers.

    The level is a random walk through the year of the table. `Model.odds` draws its place in the applicant's cycle as
    sd sqrt(t) z, t years away. Then one more year is an independent step, so for t' years away, with a the lesser and
    c the greater of t and t',

        z' = sqrt(a/c) z + sqrt((c - a)/c) e

    (from before the table's year a cycle later is nearer to it: the walk backwards, which is a Brownian bridge). The model
    file has one set of normals: e is the same set, begun a third of the way in, whose correlation with the set is 0.01
    in the model that ships.

    Parameters
    ----------
    model : Model
    applicant : Applicant
        With its cycle filled in.
    """
    z = model.drift_draws
    turn = len(z) // 3
    e = z[turn:] + z[:turn]
    year = model.type(applicant.applicant_type)["year"]
    near, far = sorted((abs(applicant.cycle - year), abs(applicant.cycle + 1 - year)))
    shared, own = (near / far) ** 0.5, ((far - near) / far) ** 0.5
    return [shared * a + own * b for a, b in zip(z, e)]


class Season:
    """One person in one specialty and one cycle.

    The log odds and the log invitation rate are linear in the score, at the point and in every draw, so two profiles
    give them at any score; the chain's draws are propagated at each of a few Gauss-Hermite points.

    Parameters
    ----------
    model : Model
    applicant : Applicant
        With its cycle filled in; its score is not looked at.
    scores : matchmodel.advice.practice.Scores
    applications : int or None
        None for each specialty's usual number.

    Attributes
    ----------
    applicant : Applicant
    scores : Scores
    applications : int or None
        None where there is no chain.
    """

    def __init__(self, model, applicant, scores, applications=None):
        self.model, self.applicant, self.scores = model, applicant, scores
        self._known, self._chances = {}, {}
        low = scores.nodes(FEW)[0][0]
        self._one = self.profile(low)
        self.chain = self._one.chain
        self.usual = None if self.chain is None else self._one.usual
        self.applications = None if self.chain is None else self.usual if applications is None else min(applications, self._one.listed)
        self._line = self._through(low)

    def profile(self, score):
        """Return the `Profile` of a score."""
        if score not in self._known:
            self._known[score] = Profile(self.model, self.applicant._replace(step2_ck=score), crossed=not self.scores.sd)
        return self._known[score]

    @property
    def schedule(self):
        """The fee schedule, None without one."""
        return None if self.chain is None else self._one.schedule

    @property
    def alpha(self):
        """Dispersion of the number of invitations, at the point."""
        return self.chain.parameters[0][0]

    def _through(self, low):
        """Return two scores, and at both the log odds and the log factor on the invitation rates."""
        high = self.scores.nodes(FEW)[-1][0]
        if low is None:
            high = low = 0.0
            other = self._one
        else:
            if high - low < ASIDE:
                high = low + ASIDE if low + ASIDE <= SCORE_HIGH else low - ASIDE
            other = self.profile(high)
        factors = (0.0, 0.0) if self.chain is None else tuple(self.chain.log_factors(p.applicant)[0][0] for p in (self._one, other))
        return low, high, self._one.log_odds, other.log_odds, factors

    def _place(self, score):
        low, high, *_ = self._line
        return 0.0 if score is None else (score - low) / (high - low)

    def ranked_at(self, score):
        """Return P(match | ranked) at a score, at the point."""
        _, _, one, other, _ = self._line
        return odds.expit(one.point + self._place(score) * (other.point - one.point))

    def state_at(self, score):
        """Return the chain's `State` at a score, at the point."""
        _, _, one, other, factors = self._line
        t = self._place(score)
        return self._one.state_at(one.point + t * (other.point - one.point), factors[0] + t * (factors[1] - factors[0]))

    def chance_at(self, score):
        """Return P(match), counted from the application on, at a score, at the point; P(match | ranked) without a chain."""
        if self.chain is None:
            return self.ranked_at(score)
        if score not in self._chances:
            state = self.state_at(score)
            self._chances[score] = state.match(self.applications * state.each)
        return self._chances[score]

    def _moved(self, point, draws, off):
        """Return a `Drawn` whose draws, of few nodes, are moved on the logit scale by what their point is off."""
        return Drawn(point, [odds.expit(logit(p) + off) for p in draws] if off else draws)

    @property
    def ranked(self):
        """P(match | at least one ranked program), averaged; a `Drawn`. Nodes as for `chance`."""
        _, _, one, other, _ = self._line
        point, nodes, found = self.scores.average(self.ranked_at, MORE), self.scores.nodes(FEW), []
        for score, _ in nodes:
            t = self._place(score)
            found.append([odds.expit(a + t * (b - a)) for a, b in zip(one.draws, other.draws)] if t else [odds.expit(a) for a in one.draws])
        off = logit(point) - logit(self.scores.average(self.ranked_at, FEW))
        return self._moved(point, mixed(found, [w for _, w in nodes]), off)

    @property
    def chance(self):
        """P(match), counted from the application on, averaged; a `Drawn`. P(match | ranked) without a chain.

        The point is of `MORE` nodes; the draws are of `FEW`, moved on the logit scale by what the point of `FEW` is off.
        """
        if self.chain is None:
            return self.ranked
        point, nodes = self.scores.average(self.chance_at, MORE), self.scores.nodes(FEW)
        found = [self.profile(score).chance(self.applications) for score, _ in nodes]
        weights = [w for _, w in nodes]
        off = logit(point) - logit(sum(w * f.point for w, f in zip(weights, found))) if len(nodes) > 1 else 0.0
        return self._moved(point, mixed([f.draws for f in found], weights), off)
