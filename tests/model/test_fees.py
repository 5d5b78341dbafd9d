"""Fees against the 2026 season's published schedule, worked out by hand."""

import pytest

from matchmodel.model.fees import application_fees, cost, fixed_fees, schedule_of
from matchmodel.model.records import Fees, FeeStep


def step(service, start, end, each, flat=None):
    return FeeStep(service, start, end, each, flat, "x", "A")


ERAS = (step("ERAS", 1, 30, 11.0), step("ERAS", 31, None, 30.0))
EMERGENCY = (
    step("ResidencyCAS", 1, 18, None, 99.0),
    step("ResidencyCAS", 19, 30, 18.0),
    step("ResidencyCAS", 31, None, 23.0),
)
FIXED = (step("transcript", None, None, None, 80.0), step("registration", None, None, None, 70.0))
FEES = Fees(2026, {"ERAS": ERAS, "Emergency Medicine": EMERGENCY}, FIXED)

# (specialty, applications) -> dollars: ERAS 11 each to 30, then 30 each;
# emergency medicine 99 flat to 18, 18 each to 30, then 23 each
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
    schedule = schedule_of(FEES, specialty)
    assert application_fees(schedule, n) == cost(schedule, n) == BY_HAND[case]
    assert cost(schedule, n + 10, n) == application_fees(schedule, n + 10) - BY_HAND[case]


@pytest.mark.parametrize("specialty", ["Obstetrics and Gynecology", "Plastic Surgery (Integrated)"])
def test_no_dollars_for_a_service_that_the_table_lacks(specialty):
    assert schedule_of(FEES, specialty) is None and cost(None, 10) is None


def test_no_dollars_without_a_table():
    assert schedule_of(Fees(None, {}, ()), "Internal Medicine") is None


def test_fixed_fees_are_apart():
    assert fixed_fees(FEES) == [("transcript", 80.0), ("registration", 70.0)]
