"""Strong, borderline, low: the stated rule, at its edges and over random applicants."""

import pytest
from hypothesis import given, settings

from matchmodel import Applicant
from matchmodel.advice.red_flags import gaps, late_years, red_flags
from matchmodel.advice.standing import RULE, standing, word_of

from ..asking import MODEL, applicants

CASES = {
    "all above": (0.51, 0.6, 0.5, "strong"),
    "touches it from above": (0.5, 0.6, 0.5, "borderline"),
    "around it": (0.4, 0.6, 0.5, "borderline"),
    "touches it from below": (0.4, 0.5, 0.5, "borderline"),
    "all below": (0.4, 0.49, 0.5, "low"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_rule(name):
    low, high, average, word = CASES[name]
    assert word_of(low, high, average) == word


@settings(max_examples=60, deadline=None)
@given(applicants())
def test_a_standing_is_made_of_the_answer(applicant):
    answer = MODEL.odds(applicant)
    found = standing(answer)
    assert (found.p, found.low, found.high, found.average) == (answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high, answer.average)
    if not answer.likelihood_ratios:
        assert found.word == "not known"
    else:
        assert {"strong": found.low > found.average, "low": found.high < found.average, "borderline": found.low <= found.average <= found.high}[found.word]


def test_known_applicants():
    strong = Applicant("Internal Medicine", "non-us-img", 265, 1, 1, 2026, 6, False)
    weak = Applicant("Internal Medicine", "non-us-img", 220, 3, 2, 2010, 0, True)
    assert standing(MODEL.odds(strong)).word == "strong" and standing(MODEL.odds(weak)).word == "low"
    assert standing(MODEL.odds(Applicant("Internal Medicine", "non-us-img"))).word == "not known"
    assert "a choice" in RULE


def test_late_years_are_the_quantile_of_the_reference_population():
    """The shares by hand: 0 to 6 years are 0.888889, with 7 they are 0.933333."""
    reference = MODEL.type("non-us-img")["reference"]["years_since_graduation"]
    upto = lambda y: sum(share for value, share in zip(reference["values"], reference["shares"]) if float(value) <= y)
    years = late_years(MODEL, "non-us-img")
    assert upto(years) >= 0.9 > upto(years - 1) and years == 7


def test_every_flag_has_the_answer_s_own_ratio():
    answer = MODEL.odds(Applicant("Internal Medicine", "non-us-img", 210, 2, 3, 2012, 0, True))
    flags = {flag.covariate: flag for flag in red_flags(MODEL, answer)}
    ratios = {ratio.covariate: ratio for ratio in answer.likelihood_ratios}
    assert set(flags) == {"step1_failed", "step2_failed", "years_since_graduation", "usce_months", "visa_needed", "step2_ck"}
    for name, flag in flags.items():
        assert (flag.ratio, flag.low, flag.high, flag.basis, flag.source) == (ratios[name].ratio, ratios[name].low, ratios[name].high, ratios[name].basis, ratios[name].source)
    assert "under today's passing mark of 218" in flags["step2_ck"].why
    assert flags["step2_failed"].grades == ("neuro-step2-fail (grade C)",)


def test_a_score_under_the_lower_quartile_of_the_matched_is_flagged_and_one_at_it_is_not():
    low, at = (red_flags(MODEL, MODEL.odds(Applicant("Internal Medicine", "non-us-img", score))) for score in (239, 240))
    assert [flag.why for flag in low] == ["under 240, the lower quartile of those who matched"] and at == ()
    us = red_flags(MODEL, MODEL.odds(Applicant("Internal Medicine", "us-img", 230)))
    assert us[0].why.endswith("of the non-US table")


def test_what_is_not_known_is_a_gap_and_no_flag():
    applicant = MODEL.cycle_of(Applicant("Internal Medicine", "non-us-img", usce_months=3))
    assert gaps(MODEL, applicant) == ("Step 2 CK", "years since graduation", "visa needed", "Step 1 ever failed", "Step 2 CK ever failed")
    assert red_flags(MODEL, MODEL.odds(applicant)) == ()
    assert "visa needed" not in gaps(MODEL, MODEL.cycle_of(Applicant("Internal Medicine", "us-img")))
