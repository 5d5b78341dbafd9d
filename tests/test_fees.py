"""Fees against the season's published schedule, worked out by hand."""

import pytest

from matchmodel import load_model
from matchmodel.fees import application_fees, fixed_fees, schedule_of

FEES = load_model().content["chain"]["fees"]

# (specialty, applications) -> dollars: ERAS 11 each to 30, then 30 each; emergency medicine 99 flat to 18, 18 each to 30, then 23 each
BY_HAND = {
    ("Internal Medicine", 1): 11,
    ("Internal Medicine", 30): 330,
    ("Internal Medicine", 31): 360,
    ("Internal Medicine", 120): 330 + 90 * 30,
    ("Emergency Medicine", 1): 99,
    ("Emergency Medicine", 18): 99,
    ("Emergency Medicine", 19): 99 + 18,
    ("Emergency Medicine", 30): 99 + 12 * 18,
    ("Emergency Medicine", 100): 99 + 12 * 18 + 70 * 23,
}


@pytest.mark.parametrize("case", BY_HAND)
def test_by_hand(case):
    specialty, n = case
    assert application_fees(schedule_of(FEES, specialty), n) == BY_HAND[case]


@pytest.mark.parametrize("specialty", ["Obstetrics and Gynecology", "Plastic Surgery (Integrated)"])
def test_no_dollars_for_a_service_that_the_table_lacks(specialty):
    assert schedule_of(FEES, specialty) is None


def test_no_dollars_without_a_table():
    assert schedule_of({"season": None, "schedules": {}, "fixed": []}, "Internal Medicine") is None


def test_fixed_fees_are_apart_and_ranks_are_not_applications():
    assert dict(fixed_fees(FEES)) == {"USMLE transcript": 80, "ECFMG ERAS token": 165, "NRMP registration (20 ranks included)": 70}
    assert set(FEES["schedules"]) == {"ERAS", "Emergency Medicine"}
