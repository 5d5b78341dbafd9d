"""One row of the register: conversions by hand, the cut normal against scipy, what a grade does."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm, truncnorm

from matchmodel.fit.evidence.effects import (
    AGAINST_ALL,
    GRADE_VARIANCE,
    against_never,
    base_invitation_rate,
    cut_normal,
    odds_to_rate,
    unused_reason,
    widened,
)

from ..made import tidy
from .made import register, scale

# --- the cut normal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("mean", "sd"), [(0.5, 0.2), (0.1, 0.3), (-0.2, 0.2), (-0.8, 0.3), (2.0, 0.1)])
def test_the_cut_normal_is_scipys(mean, sd, sign):
    z = np.linspace(-3.5, 3.5, 141)
    other = truncnorm.ppf(norm.cdf(z), -mean / sd, np.inf, loc=mean, scale=sd)
    np.testing.assert_allclose(
        sign * cut_normal(sign * mean, sd, sign * z, sign), np.maximum(other, 1e-6), atol=1e-7
    )


def test_far_on_the_wrong_side_it_keeps_its_sign_and_rises_with_the_normal():
    z = np.linspace(-4, 4, 200)
    made = cut_normal(np.array([-5.0]), np.array([0.3]), z, 1)
    assert (made > 0).all() and (np.diff(made) >= 0).all() and made.max() < 0.3
    assert (cut_normal(np.array([5.0]), np.array([0.3]), z, -1) < 0).all()


def test_far_on_the_right_side_nothing_is_cut():
    z = np.linspace(-3, 3, 50)
    np.testing.assert_allclose(cut_normal(-3.0, 0.2, z, -1), -3.0 + 0.2 * z, atol=1e-9)


# --- conversions ------------------------------------------------------------------------------------------


def test_against_everybody_becomes_against_the_rest_by_counting_people():
    """Of a million at 40%, a tenth at log odds -1 against everybody.

    The rest's rate follows from the total.
    """
    n, share, rate = 1_000_000, 0.1, 0.4
    group = expit(logit(rate) - 1)
    rest = (rate * n - group * share * n) / (n - share * n)
    assert against_never(-1.0, share, rate) == pytest.approx(logit(group) - logit(rest))
    assert against_never(-1.0, 0.0, rate) == pytest.approx(-1.0)


def test_log_odds_of_an_invitation_become_a_log_rate():
    assert odds_to_rate(np.log(3), 0.1) == pytest.approx(np.log(0.25 / 0.1))  # odds 1/9 tripled are 1/3
    assert odds_to_rate(0.0, 0.1) == pytest.approx(0)


def test_the_base_rate_weighs_the_applicant_types_by_their_applications():
    rows = [
        {"specialty": "Neurology", "group": g, "invitation_rate": r, "applications": n, "programs": 9}
        for g, r, n in (("us-md", 0.3, 100), ("non-us-img", 0.05, 300), ("signal sent", 0.9, 1e6))
    ]
    assert base_invitation_rate(tidy(invitation_groups=rows).table("invitation_groups")) == pytest.approx(
        (30 + 15) / 400
    )
    assert base_invitation_rate(tidy().table("invitation_groups")) is None


# row changes -> estimate on the match scale, with eta 0.8, beta 0.3 and a gap of -0.8
CONVERTED = {
    "as it stands": ({"estimate": -0.4}, -0.4),
    "a rate": ({"estimate": -0.4, "scale": "log_interview_rate"}, -0.4 / 0.8),
    "a rate of a specialty": (
        {"estimate": -0.4, "scale": "log_interview_rate", "specialty": "Neurology"},
        -0.4 / 0.5,
    ),
    "a rate of a specialty without a chain": (
        {"estimate": -0.4, "scale": "log_interview_rate", "specialty": "Psychiatry"},
        -0.4 / 0.8,
    ),
    "an invitation": ({"estimate": -0.4, "scale": "log_odds_invitation"}, odds_to_rate(-0.4, 0.1) / 0.8),
    "crude": ({"estimate": -0.4, "score_adjusted": "no"}, -0.4 + 0.3 * 0.8),
    "a crude rate": (
        {"estimate": -0.4, "score_adjusted": "no", "scale": "log_interview_rate"},
        -0.4 / 0.8 + 0.3 * 0.8,
    ),
    "against all": ({"estimate": -0.4, "unit": AGAINST_ALL}, against_never(-0.4, 0.06, 0.5)),
    "an invitation against all": (
        {"estimate": -0.4, "unit": AGAINST_ALL, "scale": "log_odds_invitation"},
        odds_to_rate(against_never(-0.4, 0.06, 0.1), 0.1) / 0.8,
    ),
    "by the month": ({"estimate": 0.1, "covariate": "usce_months", "unit": "1 month"}, 0.3),
}


@pytest.mark.parametrize("name", CONVERTED)
def test_rows_are_brought_to_the_match_scale(name):
    changes, expected = CONVERTED[name]
    row = register({"covariate": "visa_needed", "unit": "yes vs no"} | changes).iloc[0]
    by = scale(eta=0.8, beta=0.3, gaps={"visa_needed": -0.8}, own_eta=0.5)
    np.testing.assert_allclose(by.estimates(row, float(row["estimate"])), expected)


# row changes -> a word of why it is not used; '' where it is
UNUSED = {
    "used": ({}, ""),
    "the score": ({"covariate": "step2_ck"}, "measured by the Match tables"),
    "a dispersion": ({"scale": "dispersion"}, "dispersion"),
    "publications": ({"covariate": "publications"}, "not a covariate"),
    "no estimate": ({"estimate": None}, "no estimate"),
    "no error": ({"se": None}, "no estimate with a standard error"),
    "another scale": ({"scale": "percentage_points"}, "scale percentage_points"),
    "another unit": ({"unit": "per visa"}, "unit 'per visa'"),
    "the same applicants": ({"variant_of": "r9"}, "row r9"),
}


@pytest.mark.parametrize("name", UNUSED)
def test_a_row_that_is_not_used_says_why(name):
    changes, word = UNUSED[name]
    reason = unused_reason(register({"covariate": "visa_needed", "estimate": -0.4} | changes).iloc[0])
    assert word in reason and bool(word) == bool(reason)


@pytest.mark.parametrize("grade", "ABCD")
def test_a_grade_widens_the_standard_error_by_the_root_of_its_factor(grade):
    row = register({"covariate": "visa_needed", "estimate": -0.4, "grade": grade}).iloc[0]
    assert widened(row) == pytest.approx(0.2 * np.sqrt({"A": 1, "B": 1.5, "C": 2, "D": 4}[grade]))
    assert GRADE_VARIANCE["A"] == 1
