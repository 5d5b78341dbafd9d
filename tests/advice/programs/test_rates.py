"""A program's rate: the signal's mixture, shrinkage, the IMG share, the limits of what is believed, the
profile.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmodel import Applicant
from matchmodel.advice.programs.rates import (
    BASES,
    Rate,
    applicants_behind,
    base_rate,
    log_odds,
    mark,
    share_ratio,
    spread,
    strength,
    tilt,
    tilted,
)
from matchmodel.advice.programs.table import Program
from matchmodel.model.engine import expit

from ...asking import MODEL

ADVICE = MODEL.record.advice
CHAIN = MODEL.arrays("non-us-img", "Internal Medicine").chain
MEAN = CHAIN.rate


def program(**known):
    return Program(2, program="Made-up", specialty="Internal Medicine", **known)


def test_strength_is_that_of_a_beta_distribution():
    """Against the moments of a beta distribution, mean a/(a + b) and variance ab/((a + b)^2 (a + b + 1))."""
    a, b = 2.3, 41.0
    variance = a * b / ((a + b) ** 2 * (a + b + 1))
    assert strength(a / (a + b), variance) == pytest.approx(a + b) and strength(0.1, 0.0) is None
    weights = CHAIN.programs / CHAIN.programs.sum()
    drawn = np.random.default_rng(3).choice(CHAIN.rates, 200_000, p=weights)
    assert spread(CHAIN.rates, CHAIN.programs, MEAN) == pytest.approx(drawn.var(), rel=0.02)


def test_shrinking_is_better_than_either_end_where_the_truth_is_known():
    """Programs drawn from a beta distribution with the specialty's mean and variance: the shrunk rate errs
    least.
    """
    rng = np.random.default_rng(11)
    total = strength(MEAN, spread(CHAIN.rates, CHAIN.programs, MEAN))
    truth = rng.beta(MEAN * total, (1 - MEAN) * total, 3000)
    printed = rng.binomial(60, truth) / 60
    rows = [program(invitation_rate_non_us_img=r, applicants_non_us_img=60) for r in printed]
    rates = [base_rate(row, "non-us-img", CHAIN, ADVICE) for row in rows]
    shrunk = np.array([rate.value for rate in rates])

    def error(guess):
        return ((guess - truth) ** 2).mean()

    assert error(shrunk) < 0.9 * error(printed) and error(shrunk) < 0.9 * error(MEAN)
    assert np.polyfit(shrunk, truth, 1)[0] == pytest.approx(1, abs=0.12)  # calibrated: a slope of one
    ends = np.quantile([rate.draws(200, k) for k, rate in enumerate(rates)], [0.1, 0.9], axis=1)
    assert ((ends[0] <= truth) & (truth <= ends[1])).mean() == pytest.approx(
        0.8, abs=0.04
    )  # the range covers


def test_the_draws_of_a_rate_have_its_mean_and_its_sampling_error():
    rate = Rate(0.05, "shrunk", 400.0)
    draws = rate.draws(500, 3)
    assert draws.mean() == pytest.approx(0.05, abs=1e-12) and draws.min() > 0 and draws.max() < 1
    assert draws.std() == pytest.approx((0.05 * 0.95 / 401) ** 0.5, rel=0.1)
    assert np.array_equal(draws, rate.draws(500, 3)) and not np.array_equal(draws, rate.draws(500, 4))
    assert set(Rate(0.05, "given").draws(5, 1)) == {0.05}


@given(st.floats(0.001, 0.999), st.floats(0.5, 1e5), st.integers(0, 50))
def test_the_draws_of_any_rate_are_rates(value, behind, seed):
    draws = Rate(value, "shrunk", behind).draws(50, seed)
    assert (draws >= 0).all() and (draws <= 1).all() and draws.mean() == pytest.approx(value, abs=1e-9)


def test_where_a_rate_is_from():
    top, bottom = CHAIN.rates.max(), CHAIN.rates.min()
    ratio = ADVICE["img_share"]["non-us-img"]["bands"][3]["ratio"]
    cases = [
        (program(invitation_rate_non_us_img=0.03), 0.03, "given"),
        (program(invitation_rate_non_us_img=0.9), top, "moved"),
        (program(invitation_rate_non_us_img=0.0), bottom, "moved"),
        (program(invitation_rate_us_img=0.03), None, "unknown"),
        (program(img_share=0.6), MEAN * ratio, "img_share"),
        (program(), None, "unknown"),
    ]
    for one, rate, kind in cases:
        found = base_rate(one, "non-us-img", CHAIN, ADVICE)
        assert (found.value, found.kind) == (rate if rate is None else pytest.approx(rate), kind) and BASES[
            kind
        ]

    def shrunk(n):
        return base_rate(
            program(invitation_rate_non_us_img=0.1, applicants_non_us_img=n), "non-us-img", CHAIN, ADVICE
        ).value

    assert MEAN < shrunk(1) < shrunk(50) < shrunk(5000) < 0.1 and shrunk(5000) == pytest.approx(
        0.1, abs=0.003
    )
    assert base_rate(program(), "non-us-img", None, ADVICE) is None
    assert base_rate(program(invitation_rate_non_us_img=0.9), "non-us-img", None, {}).value == 0.9
    assert base_rate(program(img_share=0.6), "non-us-img", CHAIN, {}).kind == "unknown"


def test_a_rate_without_its_number_has_the_error_of_the_average_program():
    behind = applicants_behind(MODEL.cell("non-us-img", "Internal Medicine"), CHAIN)
    table = MODEL.cell("non-us-img", "Internal Medicine").published
    usual = float(CHAIN.usual.mean())
    assert behind == pytest.approx((table.matched + table.not_matched) * usual / CHAIN.listed)
    assert behind > 100
    given_rate = program(invitation_rate_non_us_img=0.04)
    rate = base_rate(given_rate, "non-us-img", CHAIN, ADVICE, behind)
    assert (rate.value, rate.kind, rate.strength) == (0.04, "given", behind)
    assert rate.draws(500, 1).std() == pytest.approx((0.04 * 0.96 / (behind + 1)) ** 0.5, rel=0.1)
    assert base_rate(given_rate, "non-us-img", CHAIN, ADVICE).strength is None
    unprinted = replace(MODEL.cell("non-us-img", "Internal Medicine"), published=None)
    assert applicants_behind(unprinted, CHAIN) is None


def test_every_share_has_its_band():
    bands = ADVICE["img_share"]["non-us-img"]["bands"]
    ends = [share_ratio(ADVICE, "non-us-img", share) for share in (0.0, 0.25, 1.0)]
    assert ends == [bands[0]["ratio"], bands[2]["ratio"], bands[-1]["ratio"]]
    assert share_ratio(ADVICE, "us-img", 0.5) is None


def test_marks_are_by_the_stated_limits():
    assert [mark(r, 0.04) for r in (0.02, 0.0201, 0.0799, 0.08, 1)] == [
        "reach",
        "target",
        "target",
        "safer",
        "safer",
    ]


@pytest.mark.parametrize(
    ("kind", "specialty"),
    [(k, s) for k in MODEL.applicant_types for s in MODEL.specialties(k) if MODEL.has_chain(k, s)],
)
@pytest.mark.parametrize(
    "known",
    [{"step2_ck": 290, "usce_months": 12}, {"step2_ck": 245}, {"step2_ck": 205, "step1_failed": True}],
)
def test_the_mean_over_programs_is_the_engine_s_at_random(kind, specialty, known):
    people = MODEL.people([MODEL.resolve(Applicant(specialty, kind, **known))])
    chain = people.arrays.chain
    t = tilt(chain, people.factor[0])
    chances = expit(log_odds(chain.rates)[:, None] + t)
    assert np.allclose(tilted(chain.rates[:, None], t), chances, atol=1e-12) and (chances < 1).all()
    weights = chain.programs / chain.programs.sum()
    engine = people.invitations(np.array([chain.listed]), "random")[0] / chain.listed
    reached = engine < 0.79 * weights[chain.rates > 0].sum()
    assert np.allclose((weights @ chances)[reached], engine[reached], rtol=2e-9)
    assert (np.diff(chances, axis=0) < 0).all()  # the higher rate has the higher chance in every draw


def test_a_profile_that_no_rate_could_follow_stops_short_of_certainty():
    t = tilt(CHAIN, np.array([1.0, 1e3, 1e6]))
    chances = tilted(CHAIN.rates[:, None], t)
    assert (chances < 1).all() and t[1] == t[2]
