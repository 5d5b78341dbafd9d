"""The chain's sums against scipy's negative binomial and brute force."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import nbinom

from matchmodel import chain_math as cm

MEANS = [0.05, 0.7, 3.0, 9.0, 25.0, 60.0]
ALPHAS = [0.2, 0.73, 1.5]
SLOPES = [0.0, 0.8, 1.64]


def scipy_pmf(mu, alpha, k):
    r = 1 / alpha
    return nbinom.pmf(k, r, r / (r + mu))


def parts(alpha, b):
    return cm.pmf_factors(alpha), cm.rank_powers(b)


@pytest.mark.parametrize("mu", MEANS)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_invited_is_the_negative_binomial(mu, alpha):
    pmf, tail, counts = cm.invited(mu, alpha, cm.pmf_factors(alpha))
    k = np.arange(1, cm.TERMS + 1)
    assert pmf == pytest.approx(scipy_pmf(mu, alpha, k), rel=1e-9, abs=1e-15)
    assert cm.none_invited(mu, alpha) == pytest.approx(scipy_pmf(mu, alpha, 0), rel=1e-12)
    assert sum(tail) == pytest.approx(1 - scipy_pmf(mu, alpha, np.arange(cm.TERMS + 1)).sum(), abs=1e-11)
    if sum(tail) > 1e-6:
        far = np.arange(cm.TERMS + 1, 20000)
        p = scipy_pmf(mu, alpha, far)
        assert np.dot(tail, counts) / sum(tail) == pytest.approx((far * p).sum() / p.sum(), rel=1e-4)


@pytest.mark.parametrize("mu", MEANS)
@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("b", SLOPES)
def test_matched_is_the_sum_over_all_counts(mu, alpha, b):
    c = -1.7
    k = np.arange(1, 20000)
    wanted = (scipy_pmf(mu, alpha, k) * expit(c + b * np.log(k))).sum()
    found, slope = cm.matched(mu, alpha, *parts(alpha, b), b, math.exp(-c))
    # counts beyond TERMS are taken as exponential: off by a twentieth of a point at the most up to a
    # mean of 25 invitations, by a quarter at 60, which no profile comes near at random
    assert found == pytest.approx(wanted, abs=5e-4 if mu <= 25 else 2.5e-3)
    h = 1e-5
    higher, lower = (cm.matched(mu * math.exp(s), alpha, *parts(alpha, b), b, math.exp(-c))[0] for s in (h, -h))
    if mu <= 25:  # the slope only steers Newton's steps
        assert slope == pytest.approx((higher - lower) / (2 * h), abs=1e-3)


@pytest.mark.parametrize("p", [0.001, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("mu", MEANS)
@pytest.mark.parametrize("b", SLOPES)
def test_anchor_gives_the_chance_back(p, mu, b):
    alpha = 0.73
    against = cm.anchor(p, mu, alpha, *parts(alpha, b), b)
    found = cm.matched(mu, alpha, *parts(alpha, b), b, against)[0] / (1 - cm.none_invited(mu, alpha))
    assert found == pytest.approx(p, abs=1e-10)


@pytest.mark.parametrize("target", [0.01, 0.2, 0.5, 0.7])
@pytest.mark.parametrize("b", SLOPES)
def test_mean_needed_is_the_root(target, b):
    alpha, against, mu_all = 0.73, math.exp(1.5 if b else -1.5), 40.0
    f, w = parts(alpha, b)

    def chance(mu):
        return cm.matched(mu, alpha, f, w, b, against)[0]

    found = cm.mean_needed(target, mu_all, alpha, f, w, b, against, 3.0)
    if chance(mu_all) < target:
        assert found == math.inf
    else:
        assert found == pytest.approx(brentq(lambda mu: chance(mu) - target, 1e-9, mu_all, xtol=1e-13), rel=1e-9)


def test_a_target_that_every_program_does_not_reach_is_infinite():
    f, w = parts(0.7, 1.2)
    best = cm.matched(5.0, 0.7, f, w, 1.2, math.exp(1.5))[0]
    assert cm.mean_needed(best + 1e-6, 5.0, 0.7, f, w, 1.2, math.exp(1.5), 2.0) == math.inf
    assert cm.mean_needed(best - 1e-6, 5.0, 0.7, f, w, 1.2, math.exp(1.5), 2.0) < 5.0


RATES, PROGRAMS = (0.6, 0.3, 0.1, 0.01), (1.0, 2.0, 10.5, 40.0)


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.5])
def test_friendliest_takes_the_highest_rates_first_and_caps_at_one(factor):
    each = np.repeat(np.minimum(np.array(RATES) * factor, 1), np.array([2, 4, 21, 80]))  # halves of programs
    for n in (1, 2, 3, 7, 13, 30, 53):
        assert cm.friendliest_mean(n, RATES, PROGRAMS, factor) == pytest.approx(each[: 2 * n].sum() / 2)


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.5])
@pytest.mark.parametrize("mean", [0.1, 0.6, 1.0, 1.9, 2.4])
def test_friendliest_needed_inverts_it(factor, mean):
    n = cm.friendliest_needed(mean, RATES, PROGRAMS, factor)
    everything = cm.friendliest_mean(1e9, RATES, PROGRAMS, factor)
    assert (n == math.inf) == (mean > everything)
    if n < math.inf:
        assert cm.friendliest_mean(n, RATES, PROGRAMS, factor) == pytest.approx(mean)


@pytest.mark.parametrize("value, wanted", [(0.2, 1), (3.0, 3), (3.0 + 1e-12, 3), (3.001, 4), (math.inf, math.inf)])
def test_whole(value, wanted):
    assert cm.whole(value) == wanted
