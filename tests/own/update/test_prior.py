"""A model taken apart as a normal prior: it goes together again, and what is independent stays so."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from matchmodel.own.update.prior import NONE, block_covariance, centring, effects_covariance, normal_alpha

from ..people import MODEL


def test_the_vector_gives_the_models_levels_slopes_and_effects_in_every_draw(prior):
    levels = prior.levels(prior.draws)
    for k, (kind, specialty) in enumerate(prior.cells):
        cell = MODEL.cell(kind, specialty)
        assert levels[:, k] == pytest.approx(cell.level.draws.array, abs=1e-9)
        assert prior.draws[:, prior.beta[k]] == pytest.approx(cell.beta.draws.array)
        for j, name in enumerate(prior.names):
            if prior.delta[k, j] == NONE:
                assert not MODEL.has_effect(kind, name)
                continue
            drawn = MODEL.record.effects[name].specialties[specialty].draws.array
            assert prior.draws[:, prior.delta[k, j]] == pytest.approx(drawn)
    assert prior.levels(prior.point) == pytest.approx(levels.mean(axis=0))


def test_alpha_and_kappa_go_together_again_in_every_draw(prior):
    levels, draws = prior.levels(prior.draws), prior.draws
    for k in range(0, len(prior.cells), 7):
        kind, specialty = prior.cells[k]
        cell, beta = MODEL.cell(kind, specialty), draws[:, prior.beta[k]]
        alpha = (
            normal_alpha(levels[:, k], beta, prior.score_mean[k], prior.score_sd[k]) + prior.gap_draws[:, k]
        )
        alpha = alpha - beta * prior.at(draws, prior.shift.get(kind, NONE))
        assert alpha == pytest.approx(cell.alpha.draws.array, abs=1e-9)
        for name, (u, shares) in prior.references[kind].items():
            j = prior.names.index(name)
            delta, off = draws[:, prior.delta[k, j]], prior.at(draws, prior.mean.get((kind, name), NONE))
            kappa = centring(levels[:, k], delta, u, shares) + delta * off + prior.rest_draws[:, k, j]
            assert kappa == pytest.approx(cell.kappa[name].draws.array, abs=1e-9)


def test_standard_deviations_are_those_of_the_draws(prior):
    assert np.sqrt(np.diag(prior.covariance())) == pytest.approx(prior.draws.std(axis=0, ddof=1))
    assert np.linalg.eigvalsh(prior.covariance()).min() > 0


def test_types_share_slopes_and_effects_and_derived_levels_stand_on_the_others(prior):
    one, other = (prior.cells.index((kind, "Neurology")) for kind in ("non-us-img", "us-img"))
    assert prior.beta[one] == prior.beta[other]
    us = prior.delta[other] != NONE
    assert (prior.delta[one, us] == prior.delta[other, us]).all() and not us.all()  # no visa of US IMGs
    assert prior.level_matrix[one].sum() == 1 and prior.level_matrix[other].sum() == 2
    wide = prior.level_matrix.shape[1]
    c = prior.level_matrix @ prior.covariance()[:wide, :wide] @ prior.level_matrix.T
    assert c[one, other] == pytest.approx(c[one, one])


def test_the_scores_shift_is_the_models_own(prior):
    shift = MODEL.kind("us-img").score_shift
    assert 10 * prior.draws[:, prior.shift["us-img"]].std(ddof=1) == pytest.approx(shift.se, rel=0.01)
    assert "non-us-img" not in prior.shift and prior.point[prior.shift["us-img"]] == pytest.approx(
        0, abs=1e-9
    )


OFF = {  # by how much the mean of each population is taken to be off (docs: reference, those who rank)
    "years_since_graduation": 0.15, "usce_months": 0.2, "visa_needed": 0.02,
    "step1_failed": 0.06 * 0.45, "step2_failed": 0.03 * 0.60,
}  # fmt: skip


@pytest.mark.parametrize("name", OFF)
def test_how_far_a_populations_mean_may_be_off_is_what_training_drew(prior, name):
    found = prior.draws[:, prior.mean["non-us-img", name]]
    assert found.std(ddof=1) == pytest.approx(OFF[name], rel=0.25)
    # and little of kappa is left over: the least squares share is nearly all of it
    mine, j = prior.of("non-us-img"), prior.names.index(name)
    kappa = np.array([MODEL.cell(*prior.cells[k]).kappa[name].draws.array for k in mine]).T
    assert prior.rest_draws[:, mine, j].std() < 0.15 * kappa.std()


def test_alpha_and_kappa_keep_the_level():
    level, beta, mean, sd = np.array([-0.4]), np.array([0.5]), 0.6, 1.4
    alpha = normal_alpha(level, beta, mean, sd)[0]
    found = quad(lambda x: norm.pdf(x, mean, sd) * expit(alpha + beta[0] * x), -12, 12)[0]
    assert found == pytest.approx(expit(-0.4), abs=1e-6)  # what seven nodes leave
    u, shares = np.array([0.0, 1.0, 3.0]), np.array([0.2, 0.5, 0.3])
    kappa = centring(level, np.array([0.7]), u, shares)[0]
    assert shares @ expit(-0.4 + 0.7 * u - kappa) == pytest.approx(expit(-0.4), abs=1e-12)


def test_normal_scores_stand_for_the_real_ones(prior):
    assert np.abs(prior.gap).max() < 0.01


def test_correlations_that_are_noise_go_and_those_that_are_not_stay():
    rng = np.random.default_rng(5)
    sds = rng.uniform(0.1, 2, 24)
    off, loose, sample = ~np.eye(24, dtype=bool), [], []
    for _ in range(20):
        x = rng.standard_normal((200, 24)) * sds
        r = block_covariance(x) / np.outer(x.std(axis=0, ddof=1), x.std(axis=0, ddof=1))
        loose.append(np.sqrt(np.mean(r[off] ** 2)))
        sample.append(np.sqrt(np.mean(np.corrcoef(x.T)[off] ** 2)))
    assert np.mean(loose) < 0.2 * np.mean(sample)
    x = 0.7**0.5 * rng.standard_normal((200, 1)) + 0.3**0.5 * rng.standard_normal((200, 5))
    tied = block_covariance(x)
    r = tied / np.sqrt(np.outer(np.diag(tied), np.diag(tied)))
    assert r[~np.eye(5, dtype=bool)].mean() == pytest.approx(0.7, abs=0.08)


def test_effects_move_with_their_mean_and_each_by_itself():
    """Two covariates with tied means, 20 specialties each with its own spread: the covariance comes back."""
    rng = np.random.default_rng(6)
    means = rng.multivariate_normal([0, 0], [[0.04, 0.02], [0.02, 0.09]], 4000)
    x = means[:, :, None] + np.array([0.1, 0.2])[:, None] * rng.standard_normal((4000, 2, 20))
    found = effects_covariance(x)
    truth = np.kron([[0.04, 0.02], [0.02, 0.09]], np.ones((20, 20))) + np.diag(np.repeat([0.01, 0.04], 20))
    assert np.diag(found) == pytest.approx(x.reshape(4000, -1).var(axis=0, ddof=1))
    assert np.abs(found - truth).max() < 0.012
    assert np.linalg.eigvalsh(found).min() > 0.005  # no fewer numbers than there are
