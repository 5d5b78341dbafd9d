"""The calendar is general knowledge: ordered, dated by the cycle's years, with no exact day but the first of
July.
"""

import re
from datetime import date

import pytest

from matchmodel.advice.calendar import CHECK, calendar, next_event

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@pytest.mark.parametrize("cycle", [2025, 2027, 2031])
def test_years_are_the_cycle_s_and_the_one_before(cycle):
    years = [int(year) for event in calendar(cycle) for year in re.findall(r"\d{4}", event.when)]
    assert set(years) == {cycle - 1, cycle} and years == sorted(years)


def test_it_is_in_order_and_holds_what_a_cycle_has():
    when = []
    for event in calendar(2027):
        month = next(
            (m for m in re.findall(r"[A-Z][a-z]+", event.when) if m in MONTHS), "March"
        )  # Match week is in March
        when.append((int(re.findall(r"\d{4}", event.when)[0]), MONTHS.index(month)))
    assert when == sorted(when)
    text = " ".join(event.what for event in calendar(2027))
    for word in (
        "ERAS opens",
        "sent to programs",
        "MSPE",
        "interviews",
        "rank order list",
        "Match week",
        "SOAP",
        "residency starts",
    ):
        assert word in text


def test_no_day_is_invented():
    days = [event.when for event in calendar(2027) if re.search(r"\b\d{1,2}\b", event.when)]
    assert days == ["July 1, 2027"]
    assert "not data" in CHECK and "AAMC" in CHECK and "NRMP" in CHECK


@pytest.mark.parametrize(
    ("today", "what"),
    [
        (date(2025, 1, 1), "ERAS opens"),
        (date(2026, 6, 30), "ERAS opens"),
        (date(2026, 7, 1), "applications are sent"),
        (date(2026, 12, 24), "interviews"),
        (date(2027, 2, 1), "rank order list"),
        (date(2027, 4, 1), "residency starts"),
    ],
)
def test_the_next_event_is_the_first_whose_last_month_is_not_over(today, what):
    assert what in next_event(calendar(2027), today).what
    assert next_event(calendar(2027), date(2027, 8, 1)) is None


@pytest.mark.parametrize("cycle", [2025, 2031])
def test_the_last_month_is_that_of_the_words(cycle):
    for event in calendar(cycle):
        year, month = event.until
        named = [name for name in re.findall(r"[A-Z][a-z]+", event.when) if name in MONTHS] or ["March"]
        assert MONTHS[month - 1] == named[-1] and str(year) in event.when
