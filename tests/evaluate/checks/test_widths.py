"""Where a range comes from."""

import numpy as np
import pytest

from matchmodel.applicant import Applicant
from matchmodel.evaluate.checks.widths import DRIFT, LEVEL, WHOLE, widths
from tests.model.synthetic import CHAINED
from tests.model.synthetic import model as synthetic_model

WHO = {
    "strong": {
        "step2_ck": 260,
        "yog": 2025,
        "usce_months": 6,
        "visa_needed": False,
        "step1_attempts": 1,
        "step2_attempts": 1,
    },
    "weak": {
        "step2_ck": 225,
        "yog": 2016,
        "usce_months": 0,
        "visa_needed": True,
        "step1_attempts": 2,
        "step2_attempts": 2,
    },
    "score alone": {"step2_ck": 250},
    "nothing known": {},
}


@pytest.fixture(scope="module")
def model():
    return synthetic_model()


def applicant(name):
    return Applicant(CHAINED, "non-us-img", **WHO[name])


@pytest.mark.parametrize("name", WHO)
def test_shares_sum_to_one_and_the_width_is_the_answers(model, name):
    found, answer = widths(model, applicant(name)), model.odds(applicant(name))
    assert found.pop(WHOLE) == pytest.approx(100 * (answer.p_ranked.high - answer.p_ranked.low))
    assert sum(found.values()) == pytest.approx(1, abs=1e-9)
    assert set(found) == {
        LEVEL,
        DRIFT,
        *(lr.covariate for lr in answer.likelihood_ratios if lr.covariate != "step2_ck"),
    }


def test_a_share_is_the_covariance_with_the_whole(model):
    people = model.people([model.resolve(applicant("weak"))])
    covariance = np.cov(people.shifts["step2_failed"][0], people.log_odds[0])
    assert widths(model, applicant("weak"))["step2_failed"] == pytest.approx(
        covariance[0, 1] / covariance[1, 1]
    )


def test_a_cycle_of_the_table_has_no_drift(model):
    kind = model.kind("non-us-img")
    assert widths(model, Applicant(CHAINED, "non-us-img", step2_ck=250, cycle=kind.year))[DRIFT] == 0
