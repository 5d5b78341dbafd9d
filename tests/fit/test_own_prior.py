"""A model file taken apart as a normal prior: it goes together again, and what is independent stays so."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from matchmodel.artefact import unpack
from matchmodel.fit.own_prior import (
    block_covariance,
    centring,
    normal_alpha,
    read_prior,
)

from ..asking import MODEL

PRIOR = read_prior(MODEL)


def cell(k):
    kind, specialty = PRIOR.cells[k]
    return MODEL.type(kind)["cells"][specialty]


def test_the_vector_gives_the_files_levels_slopes_and_effects_in_every_draw():
    levels, point = PRIOR.levels(PRIOR.draws), PRIOR.levels(PRIOR.point)
    for k in range(len(PRIOR.cells)):
        assert point[k] == pytest.approx(cell(k)["level"]["value"], abs=1e-9)
        assert levels[:, k] == pytest.approx(unpack(cell(k)["draws"]["level"]), abs=1e-9)
        assert PRIOR.draws[:, PRIOR.beta[k]] == pytest.approx(unpack(cell(k)["draws"]["beta"]))
    for name, place in PRIOR.delta.items():
        assert PRIOR.point[place] == MODEL.delta(name).value and PRIOR.draws[:, place] == pytest.approx(MODEL.delta(name).draws)


def test_standard_deviations_are_those_of_the_draws():
    assert np.sqrt(np.diag(PRIOR.covariance())) == pytest.approx(PRIOR.draws.std(axis=0, ddof=1))
    assert np.linalg.eigvalsh(PRIOR.covariance()).min() > 0


def test_types_that_share_their_slopes_share_them_here_and_derived_levels_stand_on_the_others():
    of = {c: k for k, c in enumerate(PRIOR.cells)}
    one, other = of["non-us-img", "Neurology"], of["us-img", "Neurology"]
    assert PRIOR.beta[one] == PRIOR.beta[other]
    assert PRIOR.level_matrix[one].sum() == 1 and PRIOR.level_matrix[other].sum() == 2
    wide = PRIOR.level_matrix.shape[1]
    c = PRIOR.level_matrix @ PRIOR.covariance()[:wide, :wide] @ PRIOR.level_matrix.T
    assert c[one, other] == pytest.approx(c[one, one])


def test_the_scores_shift_is_the_files_own():
    kind = MODEL.type("us-img")
    assert 10 * PRIOR.draws[:, PRIOR.shift["us-img"]].std(ddof=1) == pytest.approx(kind["score_shift"]["se"], rel=0.01)
    assert "non-us-img" not in PRIOR.shift


@pytest.mark.parametrize("name", ["years_since_graduation", "usce_months", "visa_needed"])
def test_how_far_a_populations_mean_may_be_off_is_the_dirichlets(name):
    r, persons = MODEL.type("non-us-img")["reference"][name], 131 if name == "usce_months" else 135
    u, w = np.array(r["u"]), np.array(r["shares"])
    sd = np.sqrt(w @ (u - w @ u) ** 2 / (persons + 1))  # variance of a Dirichlet mean: that of u over (total + 1)
    assert PRIOR.draws[:, PRIOR.mean["non-us-img", name]].std(ddof=1) == pytest.approx(sd, rel=0.15)


def test_alpha_and_kappa_keep_the_level():
    level, beta, mean, sd = -0.4, 0.5, 0.6, 1.4
    alpha = normal_alpha(level, beta, mean, sd)[0]
    assert quad(lambda x: norm.pdf(x, mean, sd) * expit(alpha + beta * x), -12, 12)[0] == pytest.approx(expit(level), abs=1e-6)  # what seven nodes leave
    u, shares = np.array([0.0, 1.0, 3.0]), np.array([0.2, 0.5, 0.3])
    kappa = centring(np.array([level]), np.array([0.7]), u, shares)[0]
    assert shares @ expit(level + 0.7 * u - kappa) == pytest.approx(expit(level), abs=1e-12)


def test_normal_scores_stand_for_the_real_ones():
    assert np.abs(PRIOR.gap).max() < 0.01


def test_correlations_that_are_noise_go_and_those_that_are_not_stay():
    rng = np.random.default_rng(5)
    sds = rng.uniform(0.1, 2, 24)
    loose, sample = [], []
    for _ in range(20):
        x = rng.standard_normal((200, 24)) * sds
        off = ~np.eye(24, dtype=bool)
        loose.append(np.sqrt(np.mean((block_covariance(x) / np.outer(x.std(axis=0, ddof=1), x.std(axis=0, ddof=1)))[off] ** 2)))
        sample.append(np.sqrt(np.mean(np.corrcoef(x.T)[off] ** 2)))
    assert np.mean(loose) < 0.2 * np.mean(sample)
    x = 0.7**0.5 * rng.standard_normal((200, 1)) + 0.3**0.5 * rng.standard_normal((200, 5))
    tied = block_covariance(x)
    r = tied / np.sqrt(np.outer(np.diag(tied), np.diag(tied)))
    assert r[~np.eye(5, dtype=bool)].mean() == pytest.approx(0.7, abs=0.08)
