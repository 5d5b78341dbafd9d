"""Reference populations and correlations against arithmetic, numpy and simulation."""

import numpy as np
import pytest

from matchmodel.covariates import COVARIATES
from matchmodel.fit.evidence.references import correlations, references
from matchmodel.fit.random import Normals

from ..made import tidy

NORMALS = Normals(0, 600)


def population(*rows):
    return tidy(
        population=[{"applicant_type": "img", "covariate": c, "value": v, "count": n} for c, v, n in rows]
    ).table("population")


def found_in(*rows, kind="non-us-img"):
    return references(population(*rows), kind, NORMALS)


def test_a_population_is_read_in_the_effects_unit():
    found = found_in(
        ("usce_months", "0", 10), ("usce_months", "6", 20), ("usce_months", "24", 10), ("usce_months", "3", 0)
    )["usce_months"]
    assert found.values == ("0", "6", "24")
    np.testing.assert_allclose(found.u, [0, 2, 4])  # quarters, capped at twelve months
    np.testing.assert_allclose(found.weights, [0.25, 0.5, 0.25])
    assert (found.mean, found.sd) == (2.0, pytest.approx(np.sqrt(2)))
    assert (found.basis, found.source) == ("evidence", "made")


def test_mean_and_sd_are_those_of_the_people_counted(real):
    found = references(real.table("population"), "non-us-img", NORMALS)["years_since_graduation"]
    rows = real.table("population").query("covariate == 'years_since_graduation'")
    people = np.repeat(np.log1p(rows["value"].astype(float)), rows["count"].astype(int))
    assert len(people) == 135
    assert (found.mean, found.sd) == (pytest.approx(people.mean()), pytest.approx(people.std(ddof=0)))


@pytest.mark.parametrize("rows", [
    [("years_since_graduation", "3", 94)],
    [("usce_months", "3", 94), ("usce_months", "4", 0)],
    [("shoe_size", "42", 3), ("shoe_size", "43", 3)],
    [],
])  # fmt: skip
def test_a_population_without_spread_or_of_no_covariate_is_left_out(rows):
    assert found_in(*rows, ("visa_needed", "yes", 50), ("visa_needed", "no", 50)).keys() == {"visa_needed"}


# type, covariate -> median share, log SD
SHARES = {
    ("non-us-img", "step1_failed"): (0.06, 0.45),
    ("non-us-img", "step2_failed"): (0.03, 0.60),
    ("us-img", "step1_failed"): (0.17, 0.25),
    ("us-img", "step2_failed"): (0.14, 0.30),
}


@pytest.mark.parametrize("case", SHARES, ids=" ".join)
def test_failure_shares_have_the_stated_median_and_log_sd(real, case):
    kind, name = case
    share, log_sd = SHARES[case]
    found = references(real.table("population"), kind, NORMALS)[name]
    drawn = found.weight_draws[:, 0]
    assert np.median(drawn) == pytest.approx(share, rel=0.02)
    assert np.log(drawn).std(ddof=1) == pytest.approx(log_sd, rel=0.01)
    np.testing.assert_allclose(found.weight_draws.sum(axis=1), 1)
    np.testing.assert_array_equal(found.u, [1, 0])
    assert found.weights[0] == share and found.source
    assert found.basis == ("assumed" if kind == "us-img" else "evidence")


def test_the_visa_share_is_the_printed_one_give_or_take_two_points(real):
    found = references(real.table("population"), "non-us-img", NORMALS)["visa_needed"]
    drawn = found.weight_draws[:, found.values.index("yes")]
    assert found.mean == pytest.approx(0.854, abs=0.0005)
    assert (drawn.mean(), drawn.std(ddof=1)) == (
        pytest.approx(found.mean, abs=1e-6),
        pytest.approx(0.02, rel=0.01),
    )
    assert ((found.weight_draws > 0) & (found.weight_draws < 1)).all()


def test_a_counted_share_has_its_binomial_error_and_the_same_two_points():
    found = found_in(("visa_needed", "yes", 94), ("visa_needed", "no", 41))["visa_needed"]
    p = 94 / 135
    drawn = found.weight_draws[:, 0]
    assert (drawn.mean(), drawn.std(ddof=1)) == (
        pytest.approx(p),
        pytest.approx(np.hypot(np.sqrt(p * (1 - p) / 135), 0.02), rel=0.01),
    )


@pytest.mark.parametrize(("name", "error"), [("years_since_graduation", 0.15), ("usce_months", 0.2)])
def test_means_are_off_by_a_normal_error_and_shares_are_not(real, name, error):
    for kind in ("non-us-img", "us-img"):
        found = references(real.table("population"), kind, NORMALS)[name]
        off = found.u_draws - found.u
        np.testing.assert_allclose(off, np.broadcast_to(off[:, :1], off.shape))
        assert (off.mean(), off[:, 0].std(ddof=1)) == (pytest.approx(0, abs=1e-9), pytest.approx(error))
        np.testing.assert_array_equal(found.weight_draws, np.broadcast_to(found.weights, off.shape))


def test_us_imgs_need_no_visa_and_have_an_assumed_usce(real):
    found, other = (references(real.table("population"), kind, NORMALS) for kind in ("us-img", "non-us-img"))
    assert set(other) == set(COVARIATES) and set(found) == set(COVARIATES) - {"visa_needed"}
    assert {r.basis for r in found.values()} == {"assumed"}
    np.testing.assert_allclose(found["usce_months"].u, np.arange(13) / 3)
    np.testing.assert_allclose(found["usce_months"].weights, 1 / 13)
    assert found["usce_months"].source.startswith("assumed")


def test_another_type_takes_the_populations_of_non_us_imgs(real):
    other, own = (
        references(real.table("population"), kind, NORMALS) for kind in ("independent", "non-us-img")
    )
    assert other.keys() == own.keys()
    for name in own:
        np.testing.assert_array_equal(other[name].u_draws, own[name].u_draws)
        np.testing.assert_array_equal(other[name].weight_draws, own[name].weight_draws)


def test_without_a_table_there_is_no_reference():
    assert references(tidy(counts=[]).table("population"), "us-img", NORMALS) == {}


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


def test_scaling_leaves_one_on_the_diagonal_and_stays_a_correlation(real):
    found = correlations(real.table("correlations"))
    doubled = found.scaled(2.0)
    assert doubled.of("step2_ck", "years_since_graduation")[0] == pytest.approx(-0.4)
    np.testing.assert_array_equal(np.diag(doubled.r), 1)
    assert np.abs(found.scaled(20.0).r).max() == 1 and np.abs(found.scaled(20.0).r[0, 1:]).max() <= 0.95


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
    rows = [
        {"measure_a": "step1_failed", "measure_b": "step2_ck", "r": -0.15, "n": n},
        {"measure_a": "height", "measure_b": "step2_ck", "r": 0.1, "n": 50},
    ]
    found = correlations(tidy(correlations=rows).table("correlations"))
    assert found.of("step2_ck", "step1_failed") == (-0.15, 0.075)
    assert found.assumed == {"step1_failed"}
