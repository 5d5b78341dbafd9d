"""An applicant in one specialty, asked many times over: chances and required applications with their ranges, quickly.

Standard library only.
"""

from collections import namedtuple
from math import exp, inf, log

from .. import chain_math as cm
from .. import odds
from ..applications import finite_quantiles, settle_count
from ..chain_cell import State
from ..fees import schedule_of

MOST_INVITATIONS = 1e6  # mean invitations beyond which a chance is taken as out of reach
RANDOM, FRIENDLIEST = "random", "friendliest"
ORDERS = (RANDOM, FRIENDLIEST)


class Drawn(namedtuple("Drawn", "point draws")):
    """A number at the point and in every joint draw, the same draws in the same order for every number of a model."""

    __slots__ = ()

    @property
    def low(self):
        """10% quantile of the draws, never above the point."""
        return odds.range80(self.draws, self.point)[0]

    @property
    def high(self):
        """90% quantile of the draws, never below the point."""
        return odds.range80(self.draws, self.point)[1]

    def minus(self, other):
        """Return the difference to another, draw by draw, so that what both share cancels."""
        return Drawn(self.point - other.point, [a - b for a, b in zip(self.draws, other.draws)])

class Figure(namedtuple("Figure", "point low high")):
    """A number and its 80% range; an end is None where more than a tenth of the draws have none."""

    __slots__ = ()

    @classmethod
    def of(cls, drawn):
        """Return the figure of a `Drawn`."""
        return cls(drawn.point, *odds.range80(drawn.draws, drawn.point))


class Needed(namedtuple("Needed", "target applications low high best")):
    """The required number of applications: None where even all programs do not reach the target; low and high as in `predict`."""

    __slots__ = ()


class Profile:
    """One applicant's chances in one specialty.

    The point is that of `Model.odds`, to the last digit. A range propagates the model's joint draws
    through the chain to second order, parameter by parameter,

        f(draw) = f + sum_j ( g_j z_j + c_j z_j^2 ) + sum_{j<k} m_jk z_j z_k,  z_j = (the draw's parameter - the point's)/SD_j,

    g, c and m from differences one standard deviation wide (the delta method to second order; Oehlert, American Statistician
    46:27, 1992): twenty-one chains instead of two hundred. f is ln(invitations needed) or the logit of a chance; the
    parameters are the logit of P(match | ranked), the log of the rate, the log of the usual number, the log of the
    dispersion, and the slope on ln ranks. Half of the ends of such ranges lie within 0.1 points of those of
    `predict`; they are off by up to 7 where a range is fifty points wide (tests/advice/test_profile.py).

    Parameters
    ----------
    model : matchmodel.model.Model
    applicant : matchmodel.applicant.Applicant
    crossed : bool
        Leave the m_jk out where False: half the time, and ranges that are a little narrower where they are wide.

    Attributes
    ----------
    applicant : Applicant
        With cycle and years since graduation filled in.
    cell : matchmodel.model.Cell
    chain : matchmodel.chain_cell.ChainCell or None
        None where no table describes applications to the specialty.
    log_odds : Drawn
        Of matching, given at least one ranked program.
    """

    def __init__(self, model, applicant, crossed=True):
        self.model = model
        self.applicant = a = model.cycle_of(applicant)
        self.cell = model.cell(a.applicant_type, a.specialty)
        terms = odds.terms(model, self.cell, a, a.cycle)
        self.log_odds = Drawn(terms.log_odds, terms.log_odds_draws)
        self.chain = model.chain_cell(a.applicant_type, a.specialty) if model.has_chain(a.applicant_type, a.specialty) else None
        self._crossed, self._parts, self._log_means = crossed, None, {}

    @property
    def ranked(self):
        """P(match | at least one ranked program), a `Drawn`."""
        return Drawn(odds.expit(self.log_odds.point), [odds.expit(v) for v in self.log_odds.draws])

    @property
    def listed(self):
        """Programs that the table lists."""
        return self.chain.listed

    @property
    def usual(self):
        """The specialty's usual number of applications, a whole number."""
        return min(max(1, round(self.chain.content["usual"]["value"])), self.listed)

    @property
    def schedule(self):
        """The fee schedule, None where the model has none for the specialty."""
        return schedule_of(self.model.content["chain"]["fees"], self.applicant.specialty)

    @property
    def state(self):
        """The chain at the point."""
        return self._propagation[0]

    def _state(self, y, s, u, a, b):
        alpha, scale = exp(a), exp(s)
        factors, powers, each = cm.pmf_factors(alpha), cm.rank_powers(b), self.chain.mean_each(scale)
        mean = exp(u) * each
        return State(alpha, factors, b, powers, each, cm.anchor(odds.expit(y), mean, alpha, factors, powers, b), scale, mean)

    def state_at(self, log_odds, log_factor):
        """Return the chain at the point, but for other log odds of matching once ranked and another log factor on the invitation rates."""
        alphas, slopes, rates, usual = self.chain.parameters
        return self._state(log_odds, rates[0] + log_factor, log(usual[0]), log(alphas[0]), slopes[0])

    @property
    def _propagation(self):
        """The point's state; each varying parameter's two neighbours and deviations; the draws' log scales; pairs of parameters."""
        if self._parts is None:
            alphas, slopes, rates, usual = self.chain.parameters
            factors, _ = self.chain.log_factors(self.applicant)
            scales = [r + f for r, f in zip(rates, factors)]
            values = [self.log_odds.point, *self.log_odds.draws], scales, [log(n) for n in usual], [log(a) for a in alphas], slopes
            point = [v[0] for v in values]
            around, both = [], []
            for j, column in enumerate(values):
                moved = [v - column[0] for v in column[1:]]
                step = (sum(d * d for d in moved) / max(1, len(moved))) ** 0.5
                if step > 1e-12:
                    at = [v + step if i == j else v for i, v in enumerate(point)]
                    back = [v - step if i == j else v for i, v in enumerate(point)]
                    around.append((self._state(*at), self._state(*back), [d / step for d in moved], j, step))
            for k, (_, _, first, i, one) in enumerate(around if self._crossed else ()):
                for n, (_, _, second, j, two) in enumerate(around[:k]):
                    at = [v + (one if c == i else two if c == j else 0.0) for c, v in enumerate(point)]
                    both.append((self._state(*at), k, n, [a * b for a, b in zip(first, second)]))
            self._parts = self._state(*point), around, scales[1:], both
        return self._parts

    def propagate(self, function):
        """Return a `Drawn` of a smooth function of the chain's state.

        Parameters
        ----------
        function : callable
            State -> float, on a scale on which it is nearly linear, such as a logit.
        """
        state, around, _, both = self._propagation
        value, ups = function(state), []
        draws = [value] * len(self.log_odds.draws)
        for up, down, moved, _, _ in around:
            above, below = function(up), function(down)
            ups.append(above)
            g, c = (above - below) / 2, (above + below) / 2 - value
            draws = [v + d * (g + c * d) for v, d in zip(draws, moved)]
        for s, k, n, product in both:
            m = function(s) - ups[k] - ups[n] + value
            draws = [v + m * d for v, d in zip(draws, product)]
        return Drawn(value, draws)

    def mean(self, state, applications, order=RANDOM):
        """Return mean invitations of so many applications, at random or friendliest first."""
        if order == RANDOM or applications >= self.listed:
            return applications * state.each
        return cm.friendliest_mean(applications, self.chain.rates, self.chain.programs, state.scale)

    def chance(self, applications, order=RANDOM):
        """Return P(match), counted from the application on, of so many programs; a `Drawn`."""
        return self.chance_of_mean(lambda state: self.mean(state, applications, order))

    def chance_of_mean(self, mean):
        """Return P(match) where the mean invitations are a function of the state; a `Drawn`."""
        found = self.propagate(lambda state: odds.logit(min(max(state.match(mean(state)), 1e-15), 1 - 1e-15)))
        return Drawn(odds.expit(found.point), [odds.expit(v) for v in found.draws])

    def needed(self, target, order=RANDOM):
        """Return the applications that a chance takes; a `Needed`."""
        return self.needed_drawn(target, order)[0]

    def needed_drawn(self, target, order=RANDOM):
        """Return the `Needed`, and the applications that each draw takes, inf where all programs do not reach it."""
        chance = lambda n: self.state.match(self.mean(self.state, n, order))  # noqa: E731
        best = chance(self.listed)

        def log_mean(s):
            found = cm.mean_needed(target, MOST_INVITATIONS, s.alpha, s.factors, s.powers, s.b, s.odds_against, s.mean_usual)
            return log(min(found, MOST_INVITATIONS))

        if target not in self._log_means:  # the same in every order
            self._log_means[target] = self.propagate(log_mean)
        drawn = self._log_means[target]
        counts = [self._count(mean, log_scale, order) for mean, log_scale in zip(drawn.draws, self._propagation[2])]
        low, high = finite_quantiles(counts)
        if best < target:
            return Needed(target, None, low, high, best), counts
        guess = self._count(drawn.point, log(self.state.scale), order)
        n = settle_count(int(min(guess, self.listed)), chance, target, self.listed)
        return Needed(target, n, n if low is None else min(low, n), high if high is None else max(high, n), best), counts

    def _count(self, log_mean, log_scale, order):
        """Applications of a draw whose mean invitations are needed; inf beyond all programs."""
        scale, mean = exp(log_scale), exp(min(log_mean, log(MOST_INVITATIONS)))
        each = self.chain.mean_each(scale)
        if mean > each * self.listed:
            return inf
        return cm.whole(mean / each if order == RANDOM else min(cm.friendliest_needed(mean, self.chain.rates, self.chain.programs, scale), self.listed))


def jointly(profiles, function):
    """Return a `Drawn` of a smooth function of several profiles' chains, their draws being the same joint draws.

    Each profile is propagated with the others at their points, and the deviations add up: first order between
    profiles, second within.

    Parameters
    ----------
    profiles : sequence of Profile
        Of one model.
    function : callable
        List of State, in the profiles' order -> float, on a scale on which it is nearly linear.
    """
    states = [p.state for p in profiles]
    value = function(states)
    draws = [value] * len(profiles[0].log_odds.draws)
    for i, profile in enumerate(profiles):
        moved = profile.propagate(lambda s, i=i: function([*states[:i], s, *states[i + 1 :]]))
        draws = [v + d - value for v, d in zip(draws, moved.draws)]
    return Drawn(value, draws)
