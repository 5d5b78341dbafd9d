"""Effects drawn towards their common size: closed forms, limits, and known truth."""

import numpy as np
import pytest
from scipy.integrate import quad

from matchmodel.covariates import COVARIATES
from matchmodel.fit.evidence import Effect, Exchange
from matchmodel.fit.references import Reference
from matchmodel.fit.shared_effects import share_effects
from matchmodel.fit.train import normal_source

NAMES = tuple(COVARIATES)
DRAWS = 4000
SDS = dict(zip(NAMES, (0.58, 0.99, 0.46, 0.27, 0.22), strict=True))


def reference(sd):
    """Two equally likely values, `sd` to both sides of the mean."""
    return Reference(("low", "high"), np.array([0.0, 2 * sd]), np.ones(2), "evidence", "made up")


REFERENCES = {name: reference(sd) for name, sd in SDS.items()}


def effect(name, size, se, seed, basis="evidence"):
    """An effect of `size` log odds per standard deviation, in its direction."""
    scale = COVARIATES[name].direction / SDS[name]
    draws = size + se * np.random.default_rng(seed).standard_normal(DRAWS)
    draws += size - draws.mean()
    return Effect(size * scale, abs(np.std(draws, ddof=1) * scale), draws * scale, (), basis, np.nan, None)


def made(sizes, ses, basis="evidence"):
    return {n: effect(n, size, se, k, basis) for k, (n, size, se) in enumerate(zip(NAMES, sizes, ses, strict=True))}


def standard(effects):
    return np.array([e.value * COVARIATES[n].direction * SDS[n] for n, e in effects.items()])


def test_the_point_is_the_posterior_mean():
    """Against the double integral over mean and spread, done by quadrature."""
    sizes, ses = np.array([0.1, 0.3, 0.2, 0.05, 0.25]), np.array([0.08, 0.1, 0.12, 0.09, 0.11])
    found, shared = share_effects(made(sizes, ses), REFERENCES, None, normal_source(1, DRAWS))
    s = shared.pool.ses

    def parts(tau):
        w = 1 / (s**2 + tau**2)
        m = w @ sizes / w.sum()
        density = np.sqrt(np.prod(w) / w.sum()) * np.exp(-0.5 * w @ (sizes - m) ** 2)
        return density, tau**2 * w * sizes + s**2 * w * m

    end = 4 * max(np.std(sizes, ddof=1), shared.pool.spread)
    total = quad(lambda tau: parts(tau)[0], 0, end)[0]
    exact = [quad(lambda tau, j=j: parts(tau)[0] * parts(tau)[1][j], 0, end)[0] / total for j in range(5)]
    np.testing.assert_allclose(standard(found), exact, atol=2e-4)
    assert [found[n].own for n in NAMES] == pytest.approx([e.value for e in made(sizes, ses).values()])


def test_exact_estimates_stay_and_vague_ones_go_to_the_mean():
    found, shared = share_effects(made([0.1, 0.3, 0.2, 0.25, 0.15], [0.004, 0.004, 0.004, 0.004, 5.0]), REFERENCES, None, normal_source(2, DRAWS))
    assert standard(found)[:4] == pytest.approx([0.1, 0.3, 0.2, 0.25], abs=0.002)
    assert standard(found)[4] == pytest.approx(0.2125, abs=0.005)
    assert shared.kept[0] > 0.99 and shared.kept[4] < 0.01


def test_a_measured_effect_stays_and_fewer_than_three_are_left_alone():
    effects = made([0.1, 0.3, 0.2, 0.05, 0.25], [0.1] * 5)
    effects["visa_needed"] = effect("visa_needed", 0.9, 0.02, 9, "measured")
    found, shared = share_effects(effects, REFERENCES, None, normal_source(3, DRAWS))
    assert found["visa_needed"] is effects["visa_needed"] and "visa_needed" not in shared.names
    two = {n: effects[n] for n in NAMES[:2]}
    same, none = share_effects(two, REFERENCES, None, normal_source(3, DRAWS))
    assert same is two and none is None


def test_draws_have_the_points_mean_and_the_posteriors_spread():
    """Variance by the law of total variance, over a grid of the spread."""
    sizes, ses = np.array([0.1, 0.3, 0.2, 0.05, 0.25]), np.array([0.1] * 5)
    found, shared = share_effects(made(sizes, ses), REFERENCES, None, normal_source(4, DRAWS))
    grid, density = shared.pool.spread_density()
    w = density / density.sum()
    s = shared.pool.ses
    keep = grid[:, None] ** 2 / (grid[:, None] ** 2 + s**2)
    mean, se = shared.pool.mean_given(grid)
    centre = keep * sizes + (1 - keep) * mean[:, None]
    within = keep * s**2 + ((1 - keep) * se[:, None]) ** 2
    total = w @ within + w @ centre**2 - (w @ centre) ** 2
    for j, name in enumerate(NAMES):
        draws = found[name].draws * COVARIATES[name].direction * SDS[name]
        assert draws.mean() == pytest.approx(standard(found)[j], abs=1e-9)
        assert np.std(draws) == pytest.approx(np.sqrt(total[j]), rel=0.06)


def test_the_exchange_rates_error_is_not_averaged_away():
    rng = np.random.default_rng(7)
    rate = 0.8 * np.exp(0.3 * rng.standard_normal(DRAWS))
    rate *= 0.8 / rate.mean()
    exchange = Exchange(0.8, float(rate.std()), 0.37, 0.08, rate, np.full(DRAWS, 0.37), ("made",))
    effects = {}
    for name in NAMES:
        scale = COVARIATES[name].direction / SDS[name]
        draws = 0.25 * rate * scale  # known exactly on the interview rate, so that only the exchange is in error
        effects[name] = Effect(0.2 * scale, abs(draws.std()), draws, (), "evidence", 0.25 * scale, draws / rate)
    found, _ = share_effects(effects, REFERENCES, exchange, normal_source(5, DRAWS))
    for name in NAMES:
        assert found[name].se == pytest.approx(effects[name].se, rel=0.02)
        assert found[name].rate_value == pytest.approx(effects[name].rate_value, rel=0.02)


def test_known_truth_is_nearer_and_held_by_the_ranges():
    """Over many registers whose effects are alike to every degree: smaller errors, and honest ranges on average."""
    rng, truth, own, shared, held = np.random.default_rng(8), [], [], [], []
    for k in range(200):
        true = rng.normal(0.15, rng.uniform(0, 0.15), 5)
        ses = rng.uniform(0.06, 0.14, 5)
        estimates = true + ses * rng.standard_normal(5)
        found, _ = share_effects(made(estimates, ses), REFERENCES, None, normal_source(k, DRAWS))
        truth.append(true), own.append(estimates), shared.append(standard(found))
        draws = np.array([found[n].draws * COVARIATES[n].direction * SDS[n] for n in NAMES])
        low, high = np.quantile(draws, [0.1, 0.9], axis=1)
        held.append((low <= true) & (true <= high))
    truth, own, shared = map(np.concatenate, (truth, own, shared))
    assert np.mean(held) == pytest.approx(0.8, abs=0.04)
    assert np.mean((shared - truth) ** 2) < 0.75 * np.mean((own - truth) ** 2)
    assert shared @ truth / (shared @ shared) > own @ truth / (own @ own) + 0.05  # predictions spread less too far


def test_on_the_register_every_effect_keeps_its_sign_and_no_range_widens(trained):
    assert trained.shared.names == NAMES
    for name, e in trained.effects.items():
        assert np.sign(e.value) == np.sign(e.own) == COVARIATES[name].direction
        assert e.se < e.own_se and 0 < e.kept < 1
    assert trained.shared.pool.mean > 3 * trained.shared.pool.mean_se
