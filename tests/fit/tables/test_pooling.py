"""Pooling and shrinkage against closed forms, statsmodels, a textbook data set, and simulation."""

import numpy as np
import pytest
from scipy.optimize import brentq
from statsmodels.regression.linear_model import WLS
from statsmodels.stats.meta_analysis import combine_effects

from matchmodel.fit.tables.pooling import pool

# Berkey et al 1995: BCG vaccine trials, log relative risks and variances, as in metafor's dat.bcg
BCG = (
    [
        -0.8893,
        -1.5854,
        -1.3481,
        -1.4416,
        -0.2175,
        -0.7861,
        -1.6209,
        0.0120,
        -0.4694,
        -1.3713,
        -0.3394,
        0.4459,
        -0.0173,
    ],
    [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714],
)


def paule_mandel(y, v):
    """Return tau^2 with Q(tau^2) = k - 1, by scipy's root finder."""

    def q(tau2):
        w = 1 / (v + tau2)
        return w @ (y - w @ y / w.sum()) ** 2 - (len(y) - 1)

    return brentq(q, 0, 1e3, xtol=1e-14) if q(0) > 0 else 0.0


# Where the BCG trials were held, degrees of latitude: the regressor of every textbook on it
LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]


def line_by_hand(y, v, x):
    """Return g, its covariance, tau^2 and Knapp and Hartung's factor of a random-effects regression, by
    statsmodels' weighted least squares.
    """
    design = np.column_stack([np.ones(len(y)), x - np.mean(x)])
    free = len(y) - 2

    def fit(tau2):
        return WLS(y, design, weights=1 / (v + tau2)).fit()

    def excess(tau2):
        return fit(tau2).ssr - free

    tau2 = brentq(excess, 0, 50, xtol=1e-14) if excess(0.0) > 0 else 0.0
    found = fit(tau2)
    return found.params, found.normalized_cov_params, tau2, max(1.0, found.ssr / free)


def test_bcg_trials_give_the_published_answer():
    """R's metafor, rma(yi, vi, method = 'PM').

    Tau^2 = 0.3181, estimate -0.7150, se 0.1807 (0.1797 without Knapp's).
    """
    y, v = map(np.array, BCG)
    found = pool(y, np.sqrt(v))
    assert found.spread**2 == pytest.approx(0.3181, abs=0.001)
    assert found.mean == pytest.approx(-0.7150, abs=0.001)
    assert found.mean_se == pytest.approx(0.1807, abs=0.0015)


@pytest.mark.parametrize("seed", range(6))
def test_tau_solves_paule_and_mandels_equation(seed):
    rng = np.random.default_rng(seed)
    se = rng.uniform(0.05, 0.4, 12)
    y = rng.normal(0.35, 0.2, 12) + se * rng.standard_normal(12)
    found = pool(y, se)
    tau2 = paule_mandel(y, se**2)
    w = 1 / (se**2 + tau2)
    assert found.spread**2 == pytest.approx(tau2, abs=1e-5)
    assert found.mean == pytest.approx(w @ y / w.sum(), abs=1e-5)
    knapp = np.sqrt(w @ (y - found.mean) ** 2 / 11 / w.sum())
    assert found.mean_se == pytest.approx(max(1 / np.sqrt(w.sum()), knapp), rel=1e-4)
    other = combine_effects(y, se**2, method_re="iterated", use_t=False)
    assert found.mean == pytest.approx(other.mean_effect_re, abs=1e-6)
    assert found.spread**2 == pytest.approx(other.tau2, abs=1e-6)


def check_line(y, v, x):
    g, covariance, tau2, factor = line_by_hand(y, v, x)
    found = pool(y, np.sqrt(v), x)
    assert found.spread**2 == pytest.approx(tau2, abs=1e-8)
    np.testing.assert_allclose(found.coefficients, g, atol=1e-8)
    np.testing.assert_allclose(found.covariance, factor * covariance, rtol=1e-6)
    return found


def test_a_line_through_the_bcg_trials():
    """Further from the equator the vaccine works better.

    The latitude takes away most of the spread between trials.
    """
    y, v = map(np.array, BCG)
    found = check_line(y, v, np.array(LATITUDE, float))
    assert found.coefficients[1] == pytest.approx(-0.029, abs=0.001)
    assert found.spread < 0.7 * pool(y, np.sqrt(v)).spread


@pytest.mark.parametrize("seed", range(5))
def test_a_line_is_generalised_least_squares_at_paule_and_mandels_spread(seed):
    rng = np.random.default_rng(seed)
    x, se = rng.normal(0, 0.5, 14), rng.uniform(0.05, 0.4, 14)
    y = 0.3 + 2 * x + rng.normal(0, [0.0, 0.3][seed % 2], 14) + se * rng.standard_normal(14)
    check_line(y, se**2, x)


def test_knapp_and_hartung_widen_where_the_spread_cannot():
    """Without spread the errors come from the fit's own scatter where that is the wider.

    Never the narrower.
    """
    se = np.full(8, 0.2)
    x = np.arange(8.0)
    calm = pool(0.1 * x, se, x)
    assert calm.spread == 0
    np.testing.assert_allclose(
        calm.covariance, np.diag([0.04 / 8, 0.04 / ((x - 3.5) ** 2).sum()]), atol=1e-12
    )
    for made in (calm, pool(0.1 * x + 0.4 * (-1.0) ** x, se, x)):
        _, covariance, tau2, factor = line_by_hand(made.values, se**2, x)
        assert factor >= 1 and made.spread**2 == pytest.approx(tau2, abs=1e-8)
        np.testing.assert_allclose(made.covariance, factor * covariance, rtol=1e-6, atol=1e-12)


def test_a_specialty_without_an_estimate_is_put_on_the_line():
    rng = np.random.default_rng(2)
    x, se = np.linspace(-1, 1, 9), rng.uniform(0.05, 0.3, 9)
    y = np.append((0.3 + 2 * x + 0.2 * rng.standard_normal(9))[:8], np.nan)
    found = pool(y, se, x)
    g, _, _, _ = line_by_hand(y[:8], se[:8] ** 2, x[:8])
    assert found.shrunk()[8] == pytest.approx(g[0] + g[1] * (x[8] - x[:8].mean()), abs=1e-8)
    assert found.weights()[8] == 0


def test_three_estimates_are_too_few_for_a_line():
    found = pool([0.1, 0.2, 0.4], [0.1, 0.1, 0.1], [0.0, 1.0, 2.0])
    assert found.design.shape == (3, 1) and found.mean == pytest.approx(0.7 / 3)


@pytest.mark.parametrize(("gap", "se"), [(1.0, (0.2, 0.2)), (0.8, (0.1, 0.3)), (0.05, (0.2, 0.3))])
def test_two_estimates_have_a_closed_form(gap, se):
    """With k = 2: Q = d^2/(v1 + v2 + 2 tau^2) = 1, so tau^2 = (d^2 - v1 - v2)/2, and nothing is shrunk."""
    v = np.array(se) ** 2
    tau2 = max((gap**2 - v.sum()) / 2, 0)
    found = pool([0.1, 0.1 + gap], se)
    assert found.spread**2 == pytest.approx(tau2, abs=2e-5)
    w = 1 / (v + tau2)
    assert found.mean == pytest.approx(0.1 + gap * w[1] / w.sum(), abs=1e-4)
    assert found.mean_se == pytest.approx(1 / np.sqrt(w.sum()), rel=1e-3)
    np.testing.assert_array_equal(found.shrunk(), [0.1, 0.1 + gap])


def test_one_estimate_is_its_own_mean():
    found = pool([np.nan, 0.4], [np.inf, 0.1])
    assert (found.mean, found.mean_se, found.spread) == (0.4, 0.1, 0.0)
    np.testing.assert_array_equal(found.shrunk(), [0.4, 0.4])
    assert found.weights().tolist() == [0, 1]


def test_nothing_to_pool_is_refused():
    with pytest.raises(ValueError, match="no specialty has an estimate"):
        pool([np.nan, 0.3], [0.1, np.inf])


def test_without_spread_all_go_to_the_mean():
    found = pool([0.30, 0.31, 0.29, np.nan], [0.2, 0.3, 0.25, np.inf])
    assert found.spread == 0
    np.testing.assert_allclose(found.shrunk(), found.mean)


def test_a_precise_estimate_is_kept_and_a_vague_one_is_not():
    found = pool([0.1, 0.6, 0.3, 0.9], [1e-4, 1e-4, 1e-4, 50.0])
    np.testing.assert_allclose(found.shrunk()[:3], [0.1, 0.6, 0.3], atol=1e-5)
    assert found.shrunk()[3] == pytest.approx(found.mean, abs=1e-4)


def test_shrunk_estimates_are_nearer_the_truth_than_own_ones():
    """Efron and Morris: the claim that shrinkage rests on, in 200 simulated reports."""
    rng = np.random.default_rng(5)
    own, shrunk = [], []
    for _ in range(200):
        truth = rng.normal(0.35, 0.12, 16)
        se = rng.uniform(0.05, 0.5, 16)
        y = truth + se * rng.standard_normal(16)
        own.append(np.mean((y - truth) ** 2))
        shrunk.append(np.mean((pool(y, se).shrunk() - truth) ** 2))
    assert np.mean(shrunk) < 0.4 * np.mean(own)
