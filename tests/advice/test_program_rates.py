"""A program's rate: the signal's mixture, shrinkage, the IMG share, and the limits of what is believed."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmodel.advice.program_rates import BASES, SignalEffect, base_rate, mark, share_ratio, signal_effect, split_rate, spread, strength
from matchmodel.advice.program_table import Program
from matchmodel.odds import expit, logit

from ..asking import MODEL

ADVICE = MODEL.content["advice"]
CHAIN = MODEL.chain_cell("non-us-img", "Internal Medicine")


def program(**known):
    return Program(2, program="Made-up", specialty="Internal Medicine", **known)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.01, 6), st.floats(0.001, 0.999))
def test_a_rate_is_the_mixture_of_its_parts(rate, log_odds, share):
    plain, signalled = split_rate(rate, SignalEffect(log_odds, 0.1, share, "", "", ""))
    assert 0 < plain <= rate + 1e-12 and rate - 1e-12 <= signalled <= 1
    assert share * signalled + (1 - share) * plain == pytest.approx(rate, rel=1e-9)
    if 1e-9 < plain and signalled < 1 - 1e-9:
        assert logit(signalled) - logit(plain) == pytest.approx(log_odds, abs=1e-5)


def test_without_an_effect_a_signal_changes_nothing():
    assert split_rate(0.1, SignalEffect(0.0, 0.1, 0.2, "", "", "")) == (0.1, 0.1) and split_rate(0.0, signal_effect(ADVICE)) == (0.0, 0.0)
    assert signal_effect(None) is None and signal_effect({}) is None


def test_the_effect_is_that_of_the_model_file():
    effect = signal_effect(ADVICE)
    assert effect.log_odds == ADVICE["program_signal"]["value"] and 0 < effect.share < 1
    plain, signalled = split_rate(0.05, effect)
    assert signalled == pytest.approx(expit(logit(plain) + effect.log_odds))


def test_strength_is_that_of_a_beta_distribution():
    """Against the moments of a beta distribution, mean a/(a + b) and variance ab/((a + b)^2 (a + b + 1))."""
    a, b = 2.3, 41.0
    assert strength(a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))) == pytest.approx(a + b) and strength(0.1, 0.0) is None
    drawn = np.random.default_rng(3).choice(CHAIN.rates, 200_000, p=np.array(CHAIN.programs) / sum(CHAIN.programs))
    assert spread(CHAIN.rates, CHAIN.programs, CHAIN.mean) == pytest.approx(drawn.var(), rel=0.02)


def test_shrinking_is_better_than_either_end_where_the_truth_is_known():
    """Programs drawn from a beta distribution with the specialty's mean and variance: the shrunk rate errs least."""
    rng = np.random.default_rng(11)
    variance = spread(CHAIN.rates, CHAIN.programs, CHAIN.mean)
    total = strength(CHAIN.mean, variance)
    truth = rng.beta(CHAIN.mean * total, (1 - CHAIN.mean) * total, 3000)
    printed = rng.binomial(60, truth) / 60
    shrunk = np.array([base_rate(program(invitation_rate_non_us_img=r, applicants_non_us_img=60), "non-us-img", CHAIN, ADVICE).rate for r in printed])
    error = lambda guess: ((guess - truth) ** 2).mean()  # noqa: E731
    assert error(shrunk) < 0.9 * error(printed) and error(shrunk) < 0.9 * error(CHAIN.mean)
    assert np.polyfit(shrunk, truth, 1)[0] == pytest.approx(1, abs=0.12)  # calibrated: a slope of one


def test_where_a_rate_is_from():
    top, bottom = max(CHAIN.rates), min(CHAIN.rates)
    cases = [
        (program(invitation_rate_non_us_img=0.03), 0.03, "given"),
        (program(invitation_rate_non_us_img=0.9), top, "given, moved within the table's"),
        (program(invitation_rate_non_us_img=0.0), bottom, "given, moved within the table's"),
        (program(invitation_rate_us_img=0.03), CHAIN.mean, "mean"),
        (program(img_share=0.6), CHAIN.mean * ADVICE["img_share"]["non-us-img"]["bands"][3]["ratio"], "IMG share"),
        (program(), CHAIN.mean, "mean"),
    ]
    for one, rate, kind in cases:
        found = base_rate(one, "non-us-img", CHAIN, ADVICE)
        assert (found.rate, found.kind) == (pytest.approx(rate), kind) and BASES[kind] in ("given", "evidence", "assumed")
    shrunk = [base_rate(program(invitation_rate_non_us_img=0.1, applicants_non_us_img=n), "non-us-img", CHAIN, ADVICE).rate for n in (1, 50, 5000)]
    assert CHAIN.mean < shrunk[0] < shrunk[1] < shrunk[2] < 0.1 and shrunk[2] == pytest.approx(0.1, abs=0.003)
    assert base_rate(program(), "non-us-img", None, ADVICE) is None and base_rate(program(invitation_rate_non_us_img=0.9), "non-us-img", None, None).rate == 0.9
    assert base_rate(program(img_share=0.6), "non-us-img", CHAIN, None).kind == "mean"


def test_every_share_has_its_band():
    bands = ADVICE["img_share"]["non-us-img"]["bands"]
    assert share_ratio(ADVICE, "non-us-img", 0.0) == bands[0]["ratio"] and share_ratio(ADVICE, "non-us-img", 1.0) == bands[-1]["ratio"]
    assert share_ratio(ADVICE, "non-us-img", 0.25) == bands[2]["ratio"] and share_ratio(ADVICE, "us-img", 0.5) is None


def test_marks_are_by_the_stated_limits():
    assert [mark(r, 0.04) for r in (0.02, 0.0201, 0.0799, 0.08, exp(0))] == ["reach", "target", "target", "safer", "safer"]
