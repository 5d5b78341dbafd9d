"""The calendar of a cycle: what happens each year at about the same time, dated by the cycle's years and no
nearer.

General knowledge of the application season, not data; the days of a year are set by AAMC (ERAS) and NRMP.
"""

from collections.abc import Iterable
from datetime import date

from ..frozen import frozen

CHECK = "General knowledge, not data: check the dates at AAMC (ERAS) and NRMP."
OTHER_SERVICE = "Some specialties take applications through another service than ERAS, with dates of its own."


@frozen
class Event:
    """One entry: when, in words with the year, the last month of it, and what happens."""

    when: str
    what: str
    until: tuple[int, int]


SENT, LISTS_DUE = 1, 4  # places in a calendar


def calendar(cycle: int) -> tuple[Event, ...]:
    """Return the events of the cycle that ends with the Match of a year, in order."""
    before = cycle - 1
    return (
        Event(f"June {before}", "ERAS opens to applicants", (before, 6)),
        Event(f"late September {before}", "applications are sent to programs", (before, 9)),
        Event(
            f"late September or early October {before}",
            "the MSPE (the medical school's letter on performance) is released to programs",
            (before, 10),
        ),
        Event(f"October {before} to January {cycle}", "interviews", (cycle, 1)),
        Event(f"late February or early March {cycle}", "deadline of the rank order list", (cycle, 3)),
        Event(
            f"third week of March {cycle}",
            "Match week: who matched is told on its first day, where on its last",
            (cycle, 3),
        ),
        Event(
            f"in Match week {cycle}",
            "SOAP, for positions that were not filled and applicants who did not match",
            (cycle, 3),
        ),
        Event(f"July 1, {cycle}", "residency starts", (cycle, 7)),
    )


def next_event(events: Iterable[Event], today: date) -> Event | None:
    """Return the first event whose last month is not over, None where all are."""
    return next((event for event in events if event.until >= (today.year, today.month)), None)
