"""One specialty's applications chain in a millisecond: points exactly, ranges from a curve whose shape is the point's.

Standard library only.
"""

from collections import namedtuple
from math import exp, inf, log

from .. import chain_math as cm
from ..applications import finite_quantiles, settle_count
from ..chain_cell import State
from ..odds import expit, logit, range80
from .profile import FRIENDLIEST, MOST_INVITATIONS

APART = 0.25  # of ln(mean invitations) between the point at which a slope is taken and its neighbours


class Chain(namedtuple("Chain", "applications p_apply p_apply_low p_apply_high needed needed_low needed_high best usual listed")):
    """What `matchmodel.advice.side_by_side.Row` says of applications."""

    __slots__ = ()


def _point(chain, log_scale, y):
    """Return the chain at the point."""
    alphas, slopes, _, usual = chain.parameters
    alpha, b, scale = alphas[0], slopes[0], exp(log_scale)
    factors, powers, each = cm.pmf_factors(alpha), cm.rank_powers(b), chain.mean_each(scale)
    mean = usual[0] * each
    return State(alpha, factors, b, powers, each, cm.anchor(expit(y), mean, alpha, factors, powers, b), scale, mean)


def _tangent(state, mean):
    """Return the logit of the chance at a mean number of invitations, and its slope on ln(mean)."""
    p, slope = cm.matched(mean, state.alpha, state.factors, state.powers, state.b, state.odds_against)
    p = min(max(p, 1e-15), 1 - 1e-15)
    return logit(p), max(slope / (p * (1 - p)), 1e-9)


def _levels(chain, log_scales, ys):
    """Return, for the point and each draw, the logit of the chance with the usual number of applications.

    There the chain is anchored, P(match) = P(match | ranked) (1 - P(no invitation)), so no equation need be solved.
    """
    alphas, _, _, usual = chain.parameters
    found = []
    mean, cap = chain.mean, -log(chain.rates[0])
    for y, log_scale, alpha, n in zip(ys, log_scales, alphas, usual):
        each = mean * exp(log_scale) if log_scale <= cap else chain.mean_each(exp(log_scale))
        some = 1.0 - (1.0 + alpha * n * each) ** (-1.0 / alpha)
        p = some / (1.0 + exp(-y))
        found.append(log(p / (1.0 - p)))
    return found


def chain_of(profile, target, order, applications=None):
    """Return the `Chain` of a profile; None where no table describes applications.

    Points are those of `Model.odds`. With programs at random a draw's curve, the logit of the chance against the log of the
    applications, is taken as the point's, moved so that it holds where the draw is anchored, at its own usual number of
    applications; there it is exact. What dispersion and slope on ranks do to the shape of the curve is left out. Of ranges of the
    chance with the usual number, half of the ends lie within 0.15 points of those of `Model.odds`; of required
    applications, within 3% (tests/advice/test_side_by_side.py). Friendliest first, ranges are those of `Profile`, which takes three times as long.

    Parameters
    ----------
    profile : matchmodel.advice.profile.Profile
    target : float
    order : {'random', 'friendliest'}
    applications : int, optional
        The usual number where absent; at most all programs.
    """
    if profile.chain is None:
        return None
    chain, listed = profile.chain, profile.listed
    n = profile.usual if applications is None else min(applications, listed)
    if order == FRIENDLIEST:
        chance, needed = profile.chance(n, order), profile.needed(target, order)
        return Chain(n, chance.point, chance.low, chance.high, needed.applications, needed.low, needed.high, needed.best, profile.usual, listed)
    rates, usual = chain.parameters[2], chain.parameters[3]
    factors, _ = chain.log_factors(profile.applicant)
    log_scales = [r + f for r, f in zip(rates, factors)]
    state = _point(chain, log_scales[0], profile.log_odds.point)
    levels = _levels(chain, log_scales, (profile.log_odds.point, *profile.log_odds.draws))
    moved = [(level - levels[0], log(u / usual[0])) for level, u in zip(levels[1:], usual[1:])]

    chance = lambda k: state.match(k * state.each)
    p, (at, slope) = chance(n), _tangent(state, n * state.each)
    low, high = range80([expit(at + up - slope * aside) for up, aside in moved], p)
    counts = _counts(state, target, moved)
    fewest, most = finite_quantiles([inf if k > listed else cm.whole(k) for k in counts[1:]])
    best = chance(listed)
    if best < target:
        return Chain(n, p, low, high, None, fewest, most, best, profile.usual, listed)
    needed = settle_count(int(min(cm.whole(counts[0]), listed)), chance, target, listed)
    fewest, most = needed if fewest is None else min(fewest, needed), most if most is None else max(most, needed)
    return Chain(n, p, low, high, needed, fewest, most, best, profile.usual, listed)


def _counts(state, target, moved):
    """Return the applications that the point and each draw take: t from the point's, g t + c t^2/2 = -(how far the draw's curve is up), to second order."""
    mean = min(cm.mean_needed(target, MOST_INVITATIONS, state.alpha, state.factors, state.powers, state.b, state.odds_against, state.mean_usual), MOST_INVITATIONS)
    slope = _tangent(state, mean)[1]
    bend = (_tangent(state, mean * exp(APART))[1] - _tangent(state, mean * exp(-APART))[1]) / (2 * APART)
    point = log(mean / state.each)
    first, second = 1.0 / slope, 0.5 * bend / slope**3
    most = log(MOST_INVITATIONS)
    return [exp(min(x, most)) for x in (point, *(point + aside - up * (first + second * up) for up, aside in moved))]
