"""The register: conversions against closed forms and simulation, weights against the textbook, every row accounted for."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from statsmodels.stats.meta_analysis import combine_effects

from matchmodel.covariates import COVARIATES
from matchmodel.fit.evidence import (
    AGAINST_ALL,
    GRADE_VARIANCE,
    Converter,
    Exchange,
    against_never,
    base_invitation_rate,
    combine,
    exchange_rate,
    odds_to_rate,
    score_adjusted,
    unused_reason,
    widened,
)
from matchmodel.fit.pooling import Pool
from matchmodel.fit.train import Choices, train

D = 20000
Z = np.random.default_rng(0).standard_normal((D, 4))
EXCHANGE = Exchange(0.8, 0.1, 0.4, 0.05, 0.8 + 0.1 * Z[:, 0], 0.4 + 0.05 * Z[:, 1], ("a",))
SLOPES = Pool(0.3, 0.04, 0.1, np.full(17, 0.3), np.full(17, 0.1))


def row(**more):
    base = {"id": "r", "source_id": "made", "covariate": "visa_needed", "unit": "yes vs no", "scale": "log_odds_match",
            "estimate": -0.4, "se": 0.2, "grade": "A", "adjusted_for": "step2_ck"}  # fmt: skip
    return pd.Series({**base, **more})


def converter(**more):
    base = {"exchange": EXCHANGE, "match_slope": 0.3, "match_slope_draws": 0.3 + 0.04 * Z[:, 2], "gaps": {}, "base": 0.125,
            "shares": {"step1_failed": 0.08}, "rate": 0.49}  # fmt: skip
    return Converter(**{**base, **more})


@given(st.floats(-2, 2), st.floats(0.001, 0.3), st.floats(0.05, 0.6))
def test_against_never_is_the_comparison_that_mixes_back_to_everybody(effect, share, p0):
    """Group and rest differ by `effect`; together they are at `rate`; from the group against everybody `effect` comes back."""
    p1 = expit(logit(p0) + effect)
    rate = share * p1 + (1 - share) * p0
    assert against_never(logit(p1) - logit(rate), share, rate) == pytest.approx(effect, abs=1e-9)


def test_against_never_at_its_ends():
    assert against_never(-1.0, 0.0, 0.4) == pytest.approx(-1.0)
    assert abs(against_never(-1.0, 0.3, 0.4)) > 1.0
    assert np.isfinite(against_never(5.0, 0.9, 0.4))  # a group that leaves nothing to the rest


@pytest.mark.parametrize(("odds", "base", "ratio"), [(np.log(2), 0.5, 4 / 3), (np.log(3), 0.25, 2.0), (-0.75, 1e-9, np.exp(-0.75)), (0.0, 0.3, 1.0)])
def test_log_odds_to_log_rate(odds, base, ratio):
    assert odds_to_rate(odds, base) == pytest.approx(np.log(ratio), abs=1e-7)


@pytest.mark.parametrize(("grade", "factor"), GRADE_VARIANCE.items())
def test_a_grade_widens_the_variance(grade, factor):
    assert widened(row(grade=f" {grade.lower()}", se=0.3)) ** 2 == pytest.approx(0.09 * factor)


def test_lower_grades_are_never_trusted_more():
    assert list(GRADE_VARIANCE.values()) == sorted(GRADE_VARIANCE.values())
    assert GRADE_VARIANCE["A"] == 1


ADJUSTED = {"step2_ck; visa_needed": True, "step 1 score; age": True, "country income; scores": True, "step 1": True,
            "nothing": False, "": False, "applicant_type (approximately)": False, "years_since_graduation": False}  # fmt: skip


@pytest.mark.parametrize("text", ADJUSTED)
def test_what_counts_as_adjusted_for_the_score(text):
    assert score_adjusted(row(adjusted_for=text)) is ADJUSTED[text]


# row -> what it is per unit of u on log odds of matching
CONVERTED = {
    "match odds": (row(), -0.4),
    "a log rate": (row(scale="log_interview_rate"), -0.4 * 0.8),
    "odds of invitation": (row(scale="log_odds_invitation"), np.log(expit(logit(0.125) - 0.4) / 0.125) * 0.8),
    "per month": (row(covariate="usce_months", unit="1 month", estimate=0.06), 0.18),
    "against everybody": (row(covariate="step1_failed", unit=AGAINST_ALL, estimate=-0.5), against_never(-0.5, 0.08, 0.49)),
    "invitations against everybody": (
        row(covariate="step1_failed", unit=AGAINST_ALL, estimate=-0.5, scale="log_odds_invitation"),
        np.log(expit(logit(0.125) + against_never(-0.5, 0.08, 0.125)) / 0.125) * 0.8,
    ),
    "score counted twice": (row(adjusted_for="nothing"), -0.4 - 0.3 * -0.8),
    "score counted twice on the rate": (row(adjusted_for="nothing", scale="log_interview_rate"), (-0.4 - 0.4 * -0.8) * 0.8),
}


@pytest.mark.parametrize("name", CONVERTED)
def test_conversion_to_the_match_scale(name):
    one, expected = CONVERTED[name]
    gaps = {"visa_needed": (-0.8, -0.8 + 0.2 * Z[:, 3])}
    assert converter(gaps=gaps)(one, one["estimate"], False) == pytest.approx(expected)


def test_in_the_draws_every_parameter_varies():
    gaps = {"visa_needed": (-0.8, -0.8 + 0.2 * Z[:, 3])}
    drawn = converter(gaps=gaps)(row(adjusted_for="nothing", scale="log_interview_rate"), np.full(D, -0.4), True)
    np.testing.assert_allclose(drawn, (-0.4 - EXCHANGE.rate_slope_draws * gaps["visa_needed"][1]) * EXCHANGE.draws)


def test_subtracting_the_gap_undoes_what_leaving_out_the_score_did():
    """A simulated world of 400,000: the unadjusted group difference, less slope times gap, is the adjusted effect."""
    rng = np.random.default_rng(1)
    failed = rng.random(400000) < 0.1
    tens = rng.normal(0, 1.3, len(failed)) - 0.8 * failed
    rate = np.exp(-3.0 + 0.4 * tens - 0.5 * failed)
    crude = np.log(rate[failed].mean() / rate[~failed].mean())
    r = np.corrcoef(failed, tens)[0, 1]
    gap = r * tens.std() / failed.std()
    assert gap == pytest.approx(-0.8, abs=0.03)
    one = row(covariate="step1_failed", scale="log_interview_rate", adjusted_for="nothing", unit="ever vs never")
    gaps = {"step1_failed": (gap, np.full(D, gap))}
    assert crude == pytest.approx(-0.82, abs=0.03)
    assert converter(gaps=gaps)(one, crude, False) / 0.8 == pytest.approx(-0.5, abs=0.03)


def score_rows(*pairs, **more):
    return pd.DataFrame([row(id=f"s{k}", covariate="step2_ck", unit="10 points", scale="log_interview_rate", estimate=e, se=s, **more)
                         for k, (e, s) in enumerate(pairs)])  # fmt: skip


def test_the_exchange_rate_is_a_ratio_of_slopes_with_the_errors_of_both():
    drawn = 0.3 + 0.04 * Z[:, 2]
    found = exchange_rate(score_rows((0.4, 0.05)), SLOPES, drawn, Z[:, 3], Z[:, 1])
    assert found.value == pytest.approx(0.75)
    relative = np.sqrt((0.04**2 + 0.1**2) / 0.09 + (0.05 / 0.4) ** 2)
    assert found.se == pytest.approx(0.75 * relative)
    assert (found.draws > 0).all()
    assert np.std(np.log(found.draws)) == pytest.approx(relative, rel=0.02)
    assert found.draws.mean() == pytest.approx(0.75)
    # the draws belong together: exchange times rate slope is the match slope of a random specialty
    product = np.log(found.draws * found.rate_slope_draws)
    assert abs(np.corrcoef(product, Z[:, 1])[0, 1]) < 0.02


NO_EXCHANGE = {
    "no row": (score_rows((0.4, 0.05)).iloc[:0], SLOPES),
    "another unit": (score_rows((0.4, 0.05)).assign(unit="1 point"), SLOPES),
    "no estimate": (score_rows((np.nan, 0.05)), SLOPES),
    "a rate that falls": (score_rows((-0.4, 0.05)), SLOPES),
    "a match slope that falls": (score_rows((0.4, 0.05)), Pool(-0.1, 0.04, 0.1, SLOPES.values, SLOPES.ses)),
}


@pytest.mark.parametrize("name", NO_EXCHANGE)
def test_without_two_positive_slopes_there_is_no_exchange_rate(name):
    assert exchange_rate(*NO_EXCHANGE[name], np.full(D, 0.3), Z[:, 3], Z[:, 1]) is None


def test_the_real_exchange_rate(trained):
    exchange = trained.exchange
    assert exchange.value == pytest.approx(0.77, abs=0.01)
    assert exchange.rows == ("im-crowd-step2", "gs-crowd-step2")
    se = np.array([0.0786, 0.095]) * np.sqrt(2)  # both of grade C
    other = combine_effects(np.array([0.4005, 0.337]), se**2)
    assert exchange.rate_slope == pytest.approx(other.mean_effect_fe)
    assert exchange.rate_slope_se == pytest.approx(other.sd_eff_w_fe)


def rows_of(*several):
    return pd.DataFrame(list(several))


def test_estimates_are_combined_by_inverse_variance():
    """All on the match scale and adjusted, so nothing is shared: the fixed-effect meta-analysis."""
    several = rows_of(row(id="a", estimate=-0.4, se=0.2), row(id="b", estimate=-0.1, se=0.3, grade="C"), row(id="c", estimate=-0.6, se=0.1, grade="D"))
    found = combine("visa_needed", several, [], converter(), Z)
    variance = np.array([0.04, 0.09 * 2, 0.01 * 4])
    other = combine_effects(np.array([-0.4, -0.1, -0.6]), variance)
    assert found.value == pytest.approx(other.mean_effect_fe, abs=0.01)
    assert found.se == pytest.approx(other.sd_eff_w_fe, rel=0.03)
    np.testing.assert_allclose([r["weight"] for r in found.rows], (1 / variance) / (1 / variance).sum(), rtol=0.03)
    assert sum(r["weight"] for r in found.rows) == pytest.approx(1)
    assert found.basis == "evidence"


def test_what_estimates_share_is_not_averaged_away():
    """Ten exact copies of an estimate on the rate scale still have the exchange rate's error."""
    several = rows_of(*(row(id=str(k), scale="log_interview_rate", estimate=-0.5, se=1e-6) for k in range(10)))
    found = combine("visa_needed", several, [], converter(), np.random.default_rng(1).standard_normal((D, 10)))
    assert found.se == pytest.approx(0.5 * EXCHANGE.draws.std(), rel=0.01)
    np.testing.assert_allclose(found.rate_draws, -0.5, atol=1e-4)


def test_a_measured_estimate_enters_with_its_sources_and_makes_the_basis():
    drawn = -0.3 + 0.1 * Z[:, 3]
    found = combine("visa_needed", rows_of(row(se=0.1)), [(("x", "y"), -0.3, drawn)], converter(), Z[:, :1])
    assert found.basis == "measured"
    assert found.rows[1]["source_id"] == "x, y"
    assert found.value == pytest.approx(-0.35, abs=0.002)


def test_without_an_exchange_rate_there_is_no_effect_on_invitations():
    found = combine("visa_needed", rows_of(row()), [], converter(exchange=None), Z[:, :1])
    assert np.isnan(found.rate_value) and found.rate_draws is None


# row -> a word of the reason, or nothing where it is used
REASONS = {
    "used": (row(), None),
    "capitals and spaces": (row(unit=" Yes vs No "), None),
    "against everybody": (row(covariate="step1_failed", unit="Two attempts vs all"), None),
    "the score on the rate": (row(covariate="step2_ck", unit="10 points", scale="log_interview_rate"), None),
    "the score on the match": (row(covariate="step2_ck", unit="10 points"), "measured by the Match tables"),
    "the score without an estimate": (row(covariate="step2_ck", unit="10 points", scale="log_interview_rate", estimate=np.nan), "no estimate"),
    "the score per point": (row(covariate="step2_ck", unit="1 point", scale="log_interview_rate"), "1 point"),
    "no estimate": (row(estimate=np.nan), "no estimate"),
    "no error": (row(se=np.nan), "no estimate"),
    "dispersion": (row(covariate="negative_binomial_alpha", scale="dispersion"), "applications chain"),
    "not a covariate": (row(covariate="program_signal"), "program_signal is not a covariate"),
    "another scale": (row(scale="percentage_points"), "percentage_points"),
    "another unit": (row(covariate="usce_months", unit="1 week"), "1 week"),
    "years against everybody": (row(covariate="usce_months", unit=AGAINST_ALL), AGAINST_ALL),
    "a rate against everybody": (row(covariate="step1_failed", unit=AGAINST_ALL, scale="log_interview_rate"), "not as a log rate"),
}


@pytest.mark.parametrize("name", REASONS)
def test_unused_rows_say_why(name):
    one, word = REASONS[name]
    reason = unused_reason(one, EXCHANGE)
    assert reason == "" if word is None else word in reason


@pytest.mark.parametrize("one", [row(scale="log_interview_rate"), row(covariate="step2_ck", unit="10 points", scale="log_interview_rate")])
def test_without_an_exchange_rate_rate_rows_say_so(one):
    assert "no exchange rate" in unused_reason(one, None)
    assert unused_reason(row(), None) == ""


def test_every_row_of_the_register_is_used_once_or_listed(trained):
    register = set(trained.tidy.table("effects")["id"])
    used = [r["id"] for effect in trained.effects.values() for r in effect.rows] + list(trained.exchange.rows)
    listed = [u["what"].removeprefix("register row ") for u in trained.unused if u["what"].startswith("register row")]
    assert len(used) == len(set(used)) and len(listed) == len(set(listed))
    assert set(used) | set(listed) == register and not set(used) & set(listed)
    assert all(u["why"] and u["source_id"] for u in trained.unused)


def test_the_base_rate_is_over_applicant_types(real):
    applications = np.array([32055, 18620, 17487, 48895])
    rate = np.array([27.13, 15.90, 4.77, 4.65]) / 100
    assert base_invitation_rate(real.table("invitation_groups")) == pytest.approx(rate @ applications / applications.sum())
    assert base_invitation_rate(real.table("invitation_groups").iloc[:0]) is None


@pytest.mark.parametrize("name", COVARIATES)
def test_effects_have_the_sign_that_everybody_expects(trained, name):
    assert np.sign(trained.effects[name].value) == (1 if name == "usce_months" else -1)


def test_wider_grades_widen_the_effects_and_hardly_move_them(real, trained):
    wider = train(real, choices=Choices({grade: 2 * v for grade, v in GRADE_VARIANCE.items()}))
    for name, effect in trained.effects.items():
        assert wider.effects[name].se > effect.se
        assert abs(wider.effects[name].value - effect.value) < 0.5 * effect.se
    np.testing.assert_array_equal(wider.fits["non-us-img"].beta, trained.fits["non-us-img"].beta)
