"""A profile gives the points of `predict` to the last digit, and its ranges nearly."""

from math import log
from statistics import median

import pytest
from hypothesis import given, settings

from matchmodel import Applicant
from matchmodel.advice.profile import FRIENDLIEST, Profile, jointly

from ..asking import MODEL, applicants


def asked(applicant, n=120, target=0.4):
    n = min(n, MODEL.chain_cell(applicant.applicant_type, applicant.specialty).listed)
    return applicant._replace(applications=n, target=target)


def has_chain(applicant):
    return MODEL.has_chain(applicant.applicant_type, applicant.specialty)


@settings(max_examples=60, deadline=None)
@given(applicants())
def test_the_point_is_that_of_predict(applicant):
    if not has_chain(applicant):
        assert Profile(MODEL, applicant).chain is None
        return
    who = asked(applicant)
    profile, answer = Profile(MODEL, who), MODEL.odds(who)
    assert profile.ranked.point == answer.p_ranked and (profile.ranked.low, profile.ranked.high) == (answer.p_ranked_low, answer.p_ranked_high)
    assert profile.chance(who.applications).point == pytest.approx(answer.chain.p_apply, abs=1e-9)
    assert profile.needed(0.4).applications == answer.chain.random.applications
    assert profile.needed(0.4, FRIENDLIEST).applications == answer.chain.friendliest.applications


WHO = [  # specialty, what is known
    ("Internal Medicine", {"step2_ck": 250, "yog": 2024, "usce_months": 4, "visa_needed": True}),
    ("Internal Medicine", {"step2_ck": 225, "yog": 2014, "step1_failed": True}),
    ("Family Medicine", {"step2_ck": 235, "yog": 2021}),
    ("Pediatrics", {"step2_ck": 262, "yog": 2026, "step2_failed": False}),
    ("Neurology", {"step2_ck": 245, "visa_needed": True}),
    ("Psychiatry", {"yog": 2018, "usce_months": 1}),
    ("General Surgery", {"step2_ck": 258, "yog": 2023}),
    ("Pathology", {"step2_ck": 230, "visa_needed": False}),
    ("Anesthesiology", {"step2_ck": 255}),
    ("Dermatology", {"step2_ck": 260}),
]


@pytest.mark.parametrize("crossed, ends, wide", [(True, 0.001, 0.07), (False, 0.003, 0.09)])
def test_the_ranges_are_nearly_those_of_predict(crossed, ends, wide):
    """Half of the ends within `ends`, all within `wide` (dermatology: few applicants, ranges of fifty points); half of the numbers of applications within 2%."""
    off, counts = [], []
    for specialty, known in WHO:
        for kind in ("non-us-img", "us-img"):
            given_ = {k: v for k, v in known.items() if k != "visa_needed" or kind == "non-us-img"}
            who = asked(Applicant(specialty, kind, **given_), n=80)
            profile, chain = Profile(MODEL, who, crossed), MODEL.odds(who).chain
            drawn = profile.chance(who.applications)
            off += [abs(drawn.low - chain.p_apply_low), abs(drawn.high - chain.p_apply_high)]
            for order, exact in (("random", chain.random), (FRIENDLIEST, chain.friendliest)):
                mine = profile.needed(0.4, order)
                counts += [abs(log(a / b)) for a, b in ((mine.low, exact.low), (mine.high, exact.high)) if a is not None and b is not None]
    assert median(off) < ends and max(off) < wide
    assert median(counts) < 0.02


def test_jointly_is_the_profile_where_there_is_one_and_adds_up_where_there_are_two():
    one, two = (Profile(MODEL, Applicant(s, "non-us-img", step2_ck=250)) for s in ("Internal Medicine", "Pediatrics"))
    alone = one.propagate(lambda s: s.match(50 * s.each))
    assert jointly([one], lambda states: states[0].match(50 * states[0].each)).draws == pytest.approx(alone.draws, abs=1e-12)
    both = jointly([one, two], lambda states: states[0].match(50 * states[0].each) + states[1].match(30 * states[1].each))
    other = two.propagate(lambda s: s.match(30 * s.each))
    assert both.draws == pytest.approx([a + b for a, b in zip(alone.draws, other.draws)], abs=1e-12)


def test_a_difference_is_taken_draw_by_draw():
    profile = Profile(MODEL, Applicant("Internal Medicine", "non-us-img", step2_ck=250))
    more = profile.chance(160).minus(profile.chance(120))
    assert more.low > 0 and more.high - more.low < 0.5 * (profile.chance(160).high - profile.chance(160).low)
