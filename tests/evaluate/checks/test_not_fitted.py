"""Figures that nothing was fitted to: the chain's side against applicants one by one; which are compared."""

import numpy as np
import pytest

from matchmodel.evaluate.checks.not_fitted import (
    dispersions,
    invitations_against_matches,
    matched_by_invitations,
    share_uninvited,
    slopes_on_invitations,
    uninvited,
)  # fmt: skip

SURGERY = "General Surgery"


@pytest.fixture(scope="module")
def simulated(inputs):
    """Applicants drawn from one draw of surgery's chain: (draw, number, interviews, matched)."""
    people, draw, number = inputs.own_people[SURGERY], 7, 142
    rng = np.random.default_rng(4)
    engine, n = people.people, 300_000
    who = rng.choice(len(engine.lp), n, p=people.applicant_weights()[:, draw])
    mean = engine.invitations(np.full(len(engine.lp), number))[who, draw]
    size = 1 / engine.arrays.chain.dispersion[draw]
    k = rng.negative_binomial(size, size / (size + mean))
    chances = engine.p_by_ranks()[who, draw, np.clip(k, 1, 12) - 1]
    return people, draw, number, k, (k > 0) & (rng.random(n) < chances)


def test_the_share_without_an_invitation_counts_applicants(simulated):
    people, draw, number, k, _ = simulated
    assert share_uninvited(people, number)[draw] == pytest.approx((k == 0).mean(), abs=0.004)


@pytest.mark.parametrize("bounds", [(1, 2), (3, 5), (6, 9), (10, np.nan)])
def test_matches_by_invitations_count_applicants(simulated, bounds):
    people, draw, number, k, matched = simulated
    low, high = bounds
    here = (k >= low) & (k <= (np.inf if np.isnan(high) else high))
    assert matched_by_invitations(people, number, low, high)[draw] == pytest.approx(
        matched[here].mean(), abs=0.015
    )


def test_trackers_are_compared(inputs):
    found = uninvited(inputs.tidy, inputs.own_people)
    seen = [(row.specialty, round(row.seen, 3)) for row in found]
    assert seen == [("Internal Medicine", 0.059), (SURGERY, 0.286), (SURGERY, round(23 / 49, 3))]
    assert found[0].inside and 0.02 < found[0].model < 0.13
    assert all(row.model_low < row.model < row.model_high for row in found)


def test_the_registers_score_and_dispersions_are_compared(trained):
    slopes, spreads = slopes_on_invitations(trained), dispersions(trained)
    assert {row.source for row in slopes} == {"im-crowd-step2", "gs-crowd-step2"} and all(
        row.inside for row in slopes
    )
    assert {row.source for row in spreads} == {"im-crowd-dispersion", "gs-crowd-dispersion"} and all(
        row.inside for row in spreads
    )


def test_surgerys_invitations_against_matches(inputs):
    frame = invitations_against_matches(inputs.tidy, inputs.own_people)
    assert list(frame["invitations"]) == ["1-2", "3-5", "6-9", "10+"] and list(frame["matched"]) == [
        0,
        1,
        3,
        7,
    ]
    assert frame["inside"].all()
    assert (np.diff(frame["expected"] / frame["applicants"]) > 0).all()


def test_without_trackers_nothing_is_compared(inputs):
    assert uninvited(inputs.training, inputs.own_people) == []
    assert invitations_against_matches(inputs.training, inputs.own_people).empty
