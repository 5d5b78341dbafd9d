"""Invitations and ranks: the sums behind the applications chain.

Standard library only: this module is on the path of ``predict``. `batch_chain` does the same
over arrays; the two are held against each other by a test.
"""

from math import ceil, exp, inf, log
from operator import mul

TERMS = 40  # invitations counted one by one; beyond, the distribution is taken as exponential
# Gauss-Laguerre nodes and weights for three points (Abramowitz and Stegun, table 25.9)
NODES = (0.4157745567834791, 2.294280360279042, 6.289945082937479)
WEIGHTS = (0.7110930099291730, 0.2785177335692408, 0.0103892565015861)
COUNTS = tuple(range(1, TERMS + 1))
STEPS = 60
SMALL_MOVE = 1e-9  # Newton converges quadratically: after a last move this small the error is of its square


def rank_powers(b):
    """Return [k**-b for k = 1 .. TERMS]: with E = exp(-c), P(match | k ranks) = 1/(1 + E k^-b)."""
    return [k**-b for k in COUNTS]


def pmf_factors(alpha):
    """Return what each negative binomial probability is of the one before, less x: (k - 1 + 1/alpha)/k."""
    r = 1.0 / alpha
    return [(k - 1 + r) / k for k in COUNTS]


def none_invited(mu, alpha):
    """Return P(K = 0) of a negative binomial with mean mu and variance mu + alpha mu^2."""
    return (1.0 + alpha * mu) ** (-1.0 / alpha)


def invited(mu, alpha, factors):
    """Return P(K = k), k = 1 .. TERMS, and the tail as a few counts.

    P(k) = P(k - 1) x (k - 1 + 1/alpha)/k, x = alpha mu/(1 + alpha mu).

    Returns
    -------
    pmf : list of float
    tail : list of float
        P(K > TERMS), split over `tail_counts`; empty where it is nil.
    tail_counts : list of float
        Counts that stand for the tail; their mean is E[K | K > TERMS].
    """
    x = alpha * mu / (1.0 + alpha * mu)
    p = none = none_invited(mu, alpha)
    pmf = [p := p * factor * x for factor in factors]
    tail = 1.0 - none - sum(pmf)
    if tail < 1e-12:
        return pmf, [], []
    beyond = max((mu - sum(map(mul, COUNTS, pmf))) / tail - TERMS, 1.0)
    return pmf, [tail * w for w in WEIGHTS], [TERMS + beyond * x for x in NODES]


def matched(mu, alpha, factors, powers, b, odds_against):
    """Return P(at least one invitation and matched), and how it rises with ln mu.

    sum_k P(K = k)/(1 + E k^-b); the derivative from dP(k)/d ln mu = P(k)(k - mu)/(1 + alpha mu).

    Parameters
    ----------
    mu, alpha : float
        Mean invitations and dispersion.
    factors, powers : list of float
        Of `pmf_factors` and `rank_powers`.
    b : float
        Slope on ln ranks.
    odds_against : float
        E, the odds against matching with one rank.
    """
    pmf, tail, tail_counts = invited(mu, alpha, factors)
    both = [p / (1.0 + odds_against * power) for p, power in zip(pmf, powers)]
    total, weighted = sum(both), sum(map(mul, COUNTS, both))
    for p, k in zip(tail, tail_counts):
        q = p / (1.0 + odds_against * k**-b)
        total += q
        weighted += k * q
    return total, (weighted - mu * total) / (1.0 + alpha * mu)


def anchor(p_ranked, mu, alpha, factors, powers, b):
    """Return the odds against matching with one rank that give P(match | ranked) at mean mu.

    Solves sum_k P(k)/(1 + E k^-b) = p_ranked (1 - P(0)) for ln E by Newton's method on the
    logit scale, inside a bracket.

    Returns
    -------
    float
        E.
    """
    pmf, tail, tail_counts = invited(mu, alpha, factors)
    if tail:
        pmf, powers = pmf + tail, powers + [k**-b for k in tail_counts]
    whole = sum(pmf)
    goal = log(p_ranked / (1.0 - p_ranked))
    high = -goal + b * log(max(tail_counts, default=TERMS)) + 1.0
    low = -goal - 1.0
    y = -goal + b * log(max(mu / whole, 1.0))
    for _ in range(STEPS):
        e = exp(y)
        chances = [1.0 / (1.0 + e * power) for power in powers]
        both = list(map(mul, pmf, chances))
        s = sum(both)
        slope = s - sum(map(mul, both, chances))
        s /= whole
        gap = log(s / (1.0 - s)) - goal
        if gap > 0:
            low = y
        else:
            high = y
        move = gap * s * (1.0 - s) / (slope / whole)
        if abs(move) < SMALL_MOVE:
            return exp(y + move)
        y = y + move if low < y + move < high else (low + high) / 2.0
    return exp(y)


def mean_needed(target, mu_all, alpha, factors, powers, b, odds_against, start):
    """Return the mean invitations at which P(match) reaches a target, inf where mu_all does not.

    Newton's method on the logit scale against ln mu, inside a bracket.

    Parameters
    ----------
    target : float
    mu_all : float
        With every program.
    start : float
        A guess.
    """
    goal = log(target / (1.0 - target))
    low, high = log(mu_all) - 60.0, log(mu_all)
    tried_all = False
    y = min(log(start), high)
    for _ in range(STEPS):
        p, slope = matched(exp(y), alpha, factors, powers, b, odds_against)
        gap = goal - log(p / (1.0 - p))
        if gap > 0:
            low = y
        else:
            high = y
        move = gap * p * (1.0 - p) / slope if slope > 0 else inf  # the tail's rounding can flatten it: then bisect
        if abs(move) < SMALL_MOVE and y + move <= high:
            return exp(y + move)
        if y + move >= high and not tried_all:  # every program may not be enough
            if matched(mu_all, alpha, factors, powers, b, odds_against)[0] < target:
                return inf
            tried_all = True
        y = y + move if low < y + move < high else (low + high) / 2.0
    return exp(y)


def friendliest_mean(applications, rates, programs, factor):
    """Return the mean invitations of the N programs with the highest rates.

    Parameters
    ----------
    applications : float
    rates, programs : sequence of float
        Distinct rates, highest first, and how many programs have each.
    factor : float
        Of the profile; a rate is capped at 1 after it.
    """
    left, total = applications, 0.0
    for rate, count in zip(rates, programs):
        taken = count if count < left else left
        product = rate * factor
        total += taken * (product if product < 1.0 else 1.0)
        left -= taken
        if left <= 0:
            break
    return total


def friendliest_needed(mean, rates, programs, factor):
    """Return the least number of programs, highest rates first, whose mean invitations reach `mean`."""
    before = total = 0.0
    for rate, count in zip(rates, programs):
        each = min(rate * factor, 1.0)
        if total + count * each >= mean:
            return before + (mean - total) / each
        total += count * each
        before += count
    return before if mean <= total * (1 + 1e-12) else inf


def whole(applications):
    """Return the whole number of applications that a real one takes, rounding errors forgiven."""
    return inf if applications == inf else max(1, ceil(applications - 1e-9))
