"""Red flags: which values are flagged, with the answer's own ratios."""

from matchmodel import Applicant, Question
from matchmodel.advice.notes import text
from matchmodel.advice.plan.red_flags import gaps, late_years, red_flags

from ...asking import MODEL


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
