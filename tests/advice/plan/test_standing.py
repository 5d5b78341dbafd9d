"""Strong, borderline, low: by one small table of chances; red flags with the answer's own ratios."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from matchmodel import Applicant, Question
from matchmodel.advice.notes import text
from matchmodel.advice.plan.red_flags import gaps, late_years, red_flags
from matchmodel.advice.plan.standing import LEAST, rule, standing
from matchmodel.model.engine import Range

from ...asking import MODEL, applicants
from ...strategies import questions

ANSWER = MODEL.odds(Applicant("Internal Medicine", "non-us-img", 250))
CASES = {
    0.0: "low",
    0.2499: "low",
    0.25: "borderline",
    0.4999: "borderline",
    0.5999: "borderline",
    0.6: "strong",
    1.0: "strong",
}


@pytest.mark.parametrize("chance", CASES)
def test_the_rule_at_its_edges(chance):
    assert standing(replace(ANSWER, p_apply=Range(chance, 0.0, 1.0))) == CASES[chance]


def test_nothing_under_an_even_chance_is_strong_and_the_rule_says_the_limits():
    least = dict(LEAST)
    assert least["strong"] > 0.5 > least["borderline"] > least["low"] == 0
    assert "60% or more if you apply; borderline: 25% to 60%" in rule() and "a choice" in rule()


@settings(max_examples=40, deadline=None)
@given(applicants(), questions())
def test_a_standing_is_made_of_the_chance_if_you_apply(applicant, question):
    answer = MODEL.odds(applicant, question)
    word = standing(answer)
    assert (word == "not known") == (answer.p_apply is None)
    if word == "strong":
        assert answer.p_apply.point > 0.5


def test_known_applicants():
    strong = Applicant("Internal Medicine", "non-us-img", 265, 1, 1, 2026, 6, False)
    weak = Applicant("Internal Medicine", "non-us-img", 220, 3, 2, 2010, 0, True)
    assert standing(MODEL.odds(strong)) == "strong" and standing(MODEL.odds(weak)) == "low"


def test_late_years_are_the_quantile_of_the_reference_population():
    reference = MODEL.kind("non-us-img").reference["years_since_graduation"]
    years = late_years(MODEL, "non-us-img")

    def share(most):
        pairs = zip(reference.values, reference.shares, strict=True)
        return sum(s for value, s in pairs if float(value) <= most)

    assert share(years) >= 0.9 - 1e-9 > share(years - 0.5)


def test_every_flag_has_the_answer_s_own_ratio():
    answer = MODEL.odds(Applicant("Internal Medicine", "non-us-img", 210, 2, 3, 2005, 0, True))
    flags = {flag.covariate: flag for flag in red_flags(MODEL, answer)}
    assert set(flags) == {
        "step1_failed",
        "step2_failed",
        "years_since_graduation",
        "usce_months",
        "visa_needed",
        "step2_ck",
    }
    for ratio in answer.likelihood_ratios:
        assert flags[ratio.covariate].ratio is ratio
    assert flags["step2_ck"].why.code == "flag_score_failed" and "passing mark of 218" in text(
        flags["step2_ck"].why
    )
    rows = MODEL.record.effects["step2_failed"].rows
    assert flags["step2_failed"].grades == tuple(f"{row.id} (grade {row.grade})" for row in rows)
    assert all(text(flag.why).endswith(".") for flag in flags.values())


def test_a_score_under_the_lower_quartile_of_the_matched_is_flagged_and_one_at_it_is_not():
    q1 = MODEL.record.advice["published"]["non-us-img"]["Internal Medicine"]["step2_ck"]["matched"]["q1"]

    def flags(kind, score):
        return red_flags(MODEL, MODEL.odds(Applicant("Internal Medicine", kind, score)))

    low = flags("non-us-img", q1 - 1)
    assert [flag.why.code for flag in low] == ["flag_score_low"] and flags("non-us-img", q1) == ()
    assert "in the table" not in text(low[0].why)
    assert text(flags("us-img", 230)[0].why).endswith("in the table of non-US IMGs.")


def test_what_is_not_known_is_a_gap_and_no_flag():
    applicant = MODEL.resolve(Applicant("Internal Medicine", "non-us-img", usce_months=3))
    assert set(gaps(MODEL, applicant)) == {
        "step2_ck",
        "years_since_graduation",
        "visa_needed",
        "step1_failed",
        "step2_failed",
    }
    assert red_flags(MODEL, MODEL.odds(applicant)) == ()
    assert "visa_needed" not in gaps(MODEL, MODEL.resolve(Applicant("Internal Medicine", "us-img")))


def test_a_question_changes_no_flag():
    who = Applicant("Internal Medicine", "non-us-img", 225, 2)
    asked = [red_flags(MODEL, MODEL.odds(who, q)) for q in (None, Question(applications=20, interviews=2))]
    assert asked[0] == asked[1]
