"""Draws about a pooled mean: posterior moments, quadrature, and how often ranges hold the truth."""

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid, quad
from scipy.special import ndtr

from matchmodel.fit.tables.pooling import Pool, pool


def known_pool(mean, se, spread, values, ses):
    """Return a `Pool` about a common mean whose numbers are given."""
    values, ses = np.asarray(values, float), np.asarray(ses, float)
    return Pool(np.array([mean]), np.array([[se**2]]), spread, values, ses, np.ones((len(values), 1)))


def test_the_mask_keeps_own_estimates_whole():
    found = known_pool(0.0, 0.1, 0.2, [1.0, 1.0, np.nan, 2.0], [0.2, 0.2, np.inf, 0.2])
    np.testing.assert_allclose(found.shrunk(np.array([True, False, True, False])), [1.0, 0.5, 0.0, 1.0])


POOLED = known_pool(0.3, 0.05, 0.2, [0.1, 0.6, np.nan, 0.4], [0.1, 0.4, np.inf, 0.2])


def test_draws_have_the_posteriors_mean_and_variance():
    """Normal prior N(mu, tau^2) and likelihood N(y, se^2), mu itself N(mean, mean_se^2).

    Gelman et al, BDA3, sec. 5.4.
    """
    z = np.random.default_rng(0).standard_normal((400000, 5))
    drawn = POOLED.draws(z)
    keep = np.array([0.8, 0.2, 0.0, 0.5])
    mean = keep * np.nan_to_num(POOLED.values) + (1 - keep) * 0.3
    within = np.array([1 / (1 / 0.04 + 1 / 0.01), 1 / (1 / 0.04 + 1 / 0.16), 0.04, 0.02])
    np.testing.assert_allclose(drawn.mean(axis=0), mean, atol=0.002)
    np.testing.assert_allclose(drawn.var(axis=0), within + ((1 - keep) * 0.05) ** 2, rtol=0.01)
    np.testing.assert_allclose(POOLED.shrunk(), mean)


def test_the_shared_mean_moves_all_specialties_together():
    z = np.zeros((2, 5))
    z[1, 0] = 1.0
    np.testing.assert_allclose(np.diff(POOLED.draws(z), axis=0)[0], np.array([0.2, 0.8, 1.0, 0.5]) * 0.05)
    drawn = POOLED.draws(np.random.default_rng(1).standard_normal((200000, 5)))
    assert np.cov(drawn[:, 1], drawn[:, 2])[0, 1] == pytest.approx(0.8 * 0.05**2, rel=0.1)


def test_whole_estimates_are_drawn_with_their_own_error():
    z = np.random.default_rng(2).standard_normal((200000, 5))
    drawn = POOLED.draws(z, np.array([True, False, False, False]))
    assert drawn[:, 0].mean() == pytest.approx(0.1, abs=0.002)
    assert drawn[:, 0].std() == pytest.approx(0.1, rel=0.01)


def test_ranges_hold_the_specialties_truths_when_the_spread_is_known():
    """80% ranges of specialties with and without a table, in 300 simulated reports."""
    rng = np.random.default_rng(8)
    se = rng.uniform(0.05, 0.4, 15)
    held = {"own": [], "none": []}
    for _ in range(300):
        truth = rng.normal(0.35, 0.12, 18)
        y = truth[:15] + se * rng.standard_normal(15)
        w = 1 / (se**2 + 0.12**2)
        known = known_pool(
            w @ y / w.sum(),
            1 / np.sqrt(w.sum()),
            0.12,
            np.append(y, [np.nan] * 3),
            np.append(se, [np.inf] * 3),
        )
        low, high = np.quantile(known.draws(rng.standard_normal((400, 19))), [0.1, 0.9], axis=0)
        inside = (low <= truth) & (truth <= high)
        held["own"].extend(inside[:15])
        held["none"].extend(inside[15:])
    assert np.mean(held["own"]) == pytest.approx(0.8, abs=0.02)
    assert np.mean(held["none"]) == pytest.approx(0.8, abs=0.04)


REAL_SES = np.array(
    [
        0.11,
        0.21,
        0.16,
        0.06,
        0.10,
        0.034,
        0.36,
        0.55,
        0.29,
        0.077,
        0.18,
        0.105,
        0.076,
        0.25,
        0.084,
        0.33,
        0.13,
    ]
)


def test_spread_draws_follow_the_posterior_worked_out_by_quadrature():
    made = pool(np.random.default_rng(4).normal(0.3, np.hypot(0.12, REAL_SES)), REAL_SES)
    y, v = made.values, made.ses**2

    def density(tau):
        w = 1 / (v + tau**2)
        m = w @ y / w.sum()
        return np.sqrt(1 / w.sum()) * np.prod(np.sqrt(w)) * np.exp(-0.5 * (w @ (y - m) ** 2))

    scale = density(made.spread)
    whole = quad(lambda t: density(t) / scale, 0, 2, limit=200)[0]
    drawn = made.spread_draws(np.random.default_rng(1).standard_normal(100000))
    for t in (0.05, 0.1, 0.2):
        assert (drawn < t).mean() == pytest.approx(
            quad(lambda x: density(x) / scale, 0, t)[0] / whole, abs=0.006
        )


def test_ranges_hold_the_truths_when_the_spread_is_drawn_as_often_as_said():
    """80% ranges of 17 specialties with the real standard errors.

    71% with the spread taken as known, 76% drawn, 79% if it were known.
    """
    rng = np.random.default_rng(7)
    held = {"drawn": [], "taken as known": []}
    for _ in range(400):
        truth = rng.normal(0.29, 0.116, len(REAL_SES))
        made = pool(rng.normal(truth, REAL_SES), REAL_SES)
        z = rng.standard_normal((400, len(REAL_SES) + 1))
        for name, spreads in (
            ("drawn", made.spread_draws(rng.standard_normal(400))),
            ("taken as known", None),
        ):
            low, high = np.quantile(made.draws(z, spreads=spreads), [0.1, 0.9], axis=0)
            held[name].append(((low <= truth) & (truth <= high)).mean())
    assert np.mean(held["drawn"]) == pytest.approx(0.80, abs=0.05)
    assert np.mean(held["taken as known"]) < np.mean(held["drawn"]) - 0.03


def line_pool():
    rng = np.random.default_rng(6)
    x = rng.normal(0, 0.5, len(REAL_SES))
    y = 0.2 + 1.5 * x + rng.normal(0, np.hypot(0.15, REAL_SES))
    y[4] = np.nan
    return pool(y, REAL_SES, x)


def test_the_spreads_density_about_a_line_is_the_marginal_likelihood():
    """p(y | tau) with flat g is a normal density of y, covariance V + tau^2 + 10^6 X X', up to a factor."""
    made = line_pool()
    known = made.known
    x, y, v = made.design[known], made.values[known], made.ses[known] ** 2
    grid, density = made.spread_density()
    logs = []
    for tau in grid[::20]:
        covariance = np.diag(v + tau**2) + 1e6 * x @ x.T
        logs.append(-0.5 * np.linalg.slogdet(covariance)[1] - 0.5 * y @ np.linalg.solve(covariance, y))
    logs = np.array(logs) - max(logs)
    np.testing.assert_allclose(density[::20] / density[::20].max(), np.exp(logs), atol=1e-4)
    assert (np.diff(grid) > 0).all() and grid[-1] >= 3 * made.spread
    assert density[-1] < 1e-3 * density.max()  # the grid holds all of it


def test_draws_about_a_line_follow_their_hierarchical_posterior():
    """Against a Gibbs-free check.

    With tau drawn, g | tau, y normal and theta | g, tau, y normal, written out here.
    """
    made = line_pool()
    rng = np.random.default_rng(0)
    n, k = 100000, len(made.values)
    spreads = made.spread_draws(rng.standard_normal(n))
    drawn = made.draws(rng.standard_normal((n, k + 2)), spreads=spreads)
    known = made.known
    x, y, v = made.design[known], made.values[known], made.ses[known] ** 2
    grid, density = made.spread_density()
    share = density / density.sum()
    first, second = np.zeros(k), np.zeros(k)
    for tau, p in zip(grid, share, strict=True):
        w = 1 / (v + tau**2)
        covariance = np.linalg.inv(x.T * w @ x)
        g = covariance @ (x.T * w @ y)
        keep = np.where(known, tau**2 / (tau**2 + np.where(known, made.ses, 1) ** 2), 0.0)
        mean = keep * np.nan_to_num(made.values) + (1 - keep) * (made.design @ g)
        own = np.where(known, keep * np.where(known, made.ses, 1) ** 2, tau**2)
        variance = (1 - keep) ** 2 * np.einsum("ki,ij,kj->k", made.design, covariance, made.design) + own
        first, second = first + p * mean, second + p * (variance + mean**2)
    np.testing.assert_allclose(drawn.std(axis=0), np.sqrt(second - first**2), rtol=0.02)
    np.testing.assert_allclose(drawn.mean(axis=0), made.shrunk(), atol=1e-9)


def test_draws_of_the_mean_are_centred_and_as_wide_as_its_posterior():
    made = pool(np.random.default_rng(4).normal(0.3, np.hypot(0.12, REAL_SES)), REAL_SES)
    rng = np.random.default_rng(0)
    spreads = made.spread_draws(rng.standard_normal(100000))
    drawn = made.mean_draws(rng.standard_normal(100000), spreads)
    grid, density = made.spread_density()
    mean, se = made.mean_given(grid)
    share = density / density.sum()
    assert drawn.mean() == pytest.approx(made.mean, abs=1e-9)
    assert drawn.var() == pytest.approx(share @ (se**2 + mean**2) - (share @ mean) ** 2, rel=0.02)


def test_spread_draws_rise_with_their_normal_and_have_its_quantiles():
    made = line_pool()
    z = np.linspace(-3, 3, 601)
    drawn = made.spread_draws(z)
    assert (np.diff(drawn) >= 0).all() and drawn[0] >= 0
    grid, density = made.spread_density()
    below = cumulative_trapezoid(density, grid, initial=0)
    np.testing.assert_allclose(np.interp(drawn, grid, below / below[-1]), ndtr(z), atol=1e-6)


def test_two_estimates_leave_the_spread_as_it_is():
    made = pool([0.1, 0.5], [0.1, 0.1])
    assert set(made.spread_draws(np.zeros(5))) == {made.spread}
