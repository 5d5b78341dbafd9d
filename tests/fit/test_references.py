"""Reference populations and correlations against arithmetic, numpy and simulation."""

import numpy as np
import pytest

from matchmodel.covariates import COVARIATES
from matchmodel.fit.references import Reference, correlations, references, us_img_references

from .made import tidy


def population(*rows):
    return tidy(population=[{"covariate": c, "value": v, "count": n} for c, v, n in rows]).table("population")


def test_a_population_is_read_in_the_effects_unit():
    table = population(("usce_months", "0", 10), ("usce_months", "6", 20), ("usce_months", "24", 10), ("usce_months", "3", 0))
    found = references(table)["usce_months"]
    assert found.values == ("0", "6", "24")
    np.testing.assert_allclose(found.u, [0, 2, 4])  # quarters, capped at twelve months
    np.testing.assert_allclose(found.weights, [0.25, 0.5, 0.25])
    assert (found.mean, found.sd) == (2.0, pytest.approx(np.sqrt(2)))
    assert (found.basis, found.source) == ("evidence", "made")


def test_mean_and_sd_are_those_of_the_persons(real):
    found = references(real.table("population"))["years_since_graduation"]
    persons = np.repeat(np.log1p([float(v) for v in found.values]), found.counts.astype(int))
    assert len(persons) == 135
    assert (found.mean, found.sd) == (pytest.approx(persons.mean()), pytest.approx(persons.std()))


@pytest.mark.parametrize("rows", [
    [("visa_needed", "yes", 94)],
    [("visa_needed", "yes", 94), ("visa_needed", "no", 0)],
    [("shoe_size", "42", 3), ("shoe_size", "43", 3)],
])  # fmt: skip
def test_a_population_without_spread_or_of_no_covariate_is_left_out(rows):
    assert references(population(*rows)) == {}


def test_shares_are_drawn_from_their_dirichlet_posterior():
    reference = Reference(("no", "yes"), np.array([0.0, 1.0]), np.array([41.0, 94.0]), "evidence", "")
    drawn = reference.weight_draws(np.random.default_rng(0), 200000)
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    p = 94 / 135
    assert drawn[:, 1].mean() == pytest.approx(p, abs=0.001)
    assert drawn[:, 1].std() == pytest.approx(np.sqrt(p * (1 - p) / 136), rel=0.01)  # Beta(94, 41)


def test_us_imgs_need_no_visa_and_have_an_assumed_usce(real):
    general = references(real.table("population"))
    found = us_img_references(general)
    assert set(found) == set(COVARIATES) - {"visa_needed"}
    assert {r.basis for r in found.values()} == {"assumed"}
    np.testing.assert_allclose(found["usce_months"].u, np.arange(13) / 3)
    np.testing.assert_allclose(found["usce_months"].weights, 1 / 13)
    assert found["usce_months"].source.startswith("assumed")
    np.testing.assert_array_equal(found["step1_failed"].counts, general["step1_failed"].counts)
    assert us_img_references({}) == {}


def test_correlations_are_symmetric_and_missing_ones_zero(real):
    found = correlations(real.table("correlations"))
    np.testing.assert_array_equal(found.r, found.r.T)
    np.testing.assert_array_equal(found.se, found.se.T)
    np.testing.assert_array_equal(np.diag(found.r), 1)
    assert np.linalg.eigvalsh(found.r).min() > 0
    assert found.of("step2_ck", "years_since_graduation") == (-0.20, pytest.approx((1 - 0.04) / np.sqrt(132)))
    assert found.of("visa_needed", "step1_failed") == (0.0, 0.0)
    assert found.assumed == {"step1_failed", "step2_failed"}


def test_no_table_at_all_means_no_correlations():
    found = correlations(tidy().table("correlations"))
    np.testing.assert_array_equal(found.r, np.eye(6))
    assert found.se.sum() == 0


@pytest.mark.parametrize(("r", "n"), [(-0.2, 135), (0.5, 60), (0.0, 40)])
def test_the_standard_error_is_that_of_repeated_samples(r, n):
    rng = np.random.default_rng(0)
    drawn = rng.multivariate_normal([0, 0], [[1, r], [r, 1]], (4000, n))
    sample = [np.corrcoef(one.T)[0, 1] for one in drawn]
    rows = [{"measure_a": "step2_ck", "measure_b": "usce_months", "r": r, "n": n}]
    found = correlations(tidy(correlations=rows).table("correlations"))
    assert found.of("usce_months", "step2_ck")[1] == pytest.approx(np.std(sample), rel=0.06)


@pytest.mark.parametrize("n", [None, 3, 2])
def test_a_correlation_without_a_sample_is_assumed_and_doubtful(n):
    rows = [{"measure_a": "step1_failed", "measure_b": "step2_ck", "r": -0.15, "n": n}, {"measure_a": "height", "measure_b": "step2_ck", "r": 0.1, "n": 50}]
    found = correlations(tidy(correlations=rows).table("correlations"))
    assert found.of("step2_ck", "step1_failed") == (-0.15, 0.075)
    assert found.assumed == {"step1_failed"}
