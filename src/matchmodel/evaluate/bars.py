"""The bars: what the model must show, each with what was measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .results import Part


@dataclass(frozen=True)
class Bar:
    """One bar and what was measured.

    Attributes
    ----------
    part
        Of the evaluation that it is read from.
    what
        In words.
    measured, low, high
        As a proportion or a number, and the limits, None where there is none on that side.
    unit
        'points' (a proportion shown in percentage points), 'percent', 'number' or 'count'.
    """

    part: str
    what: str
    measured: float
    low: float | None
    high: float | None
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the figure is within the limits."""
        return (self.low is None or self.measured >= self.low) and (
            self.high is None or self.measured <= self.high
        )


def _held_out(part: Part) -> Iterator[Bar]:
    for row in part["rows"]:
        together = row["applicant_type"] == "together"
        group = "both together" if together else row["applicant_type"]
        slope, error = ((0.97, 1.03), 1.05) if together else ((0.95, 1.05), 1.1)
        yield Bar("held_out", f"2007 report, {group}: calibration slope", row["slope"], *slope, "number")
        yield Bar(
            "held_out",
            f"2007 report, {group}: mean error over sampling noise",
            row["error_over_floor"],
            None,
            error,
            "number",
        )


def _average(part: Part) -> Iterator[Bar]:
    what = "averaged over the reference population: largest gap to the model's level"
    yield Bar("population_average", what, part["largest_gap"], None, 0.005, "points")


def _margin(part: Part) -> Iterator[Bar]:
    yield Bar(
        "margin",
        "the chain's margin against the logistic model: largest mean difference",
        part["mean_error"],
        None,
        0.005,
        "points",
    )
    yield Bar(
        "margin", "the same within a twelfth of those who rank", part["worst_twelfth"], None, 0.01, "points"
    )


def _order(part: Part) -> Iterator[Bar]:
    for row in part["rows"]:
        yield Bar("order", f"order broken: {row['what']}", row["broken"], None, 0, "count")


def _participation(part: Part) -> Iterator[Bar]:
    for row in part["rows"]:
        what = (
            f"share of applicants who rank {row['specialty']}: off the observed {100 * row['observed']:.1f}%"
        )
        yield Bar("participation", what, abs(row["off"]), None, 0.02, "points")


def _small(part: Part) -> Iterator[Bar]:
    yield Bar(
        "small_cells",
        "small competitive cells together: expected less matched",
        abs(part["gap"]),
        None,
        0.05,
        "points",
    )


def _left_out(part: Part) -> Iterator[Bar]:
    yield Bar(
        "left_out", "leave-one-out error of the level, log odds", part["level_error"], None, 0.5, "number"
    )


def _seeds(part: Part) -> Iterator[Bar]:
    yield Bar("seeds", "another seed: largest move of a point", part["point"], None, 0.005, "points")
    yield Bar("seeds", "another seed: largest move of a range end", part["end"], None, 0.015, "points")


def _worlds(part: Part) -> Iterator[Bar]:
    for row in part["summary"]:
        if row["promised"]:
            yield Bar(
                "worlds", f"simulated data sets, {row['setting']}: slope", row["slope"], 0.95, 1.05, "number"
            )
            yield Bar(
                "worlds",
                f"simulated data sets, {row['setting']}: 80% ranges holding the truth",
                row["coverage"],
                0.76,
                0.84,
                "percent",
            )


_OF_PARTS: dict[str, Callable[[Part], Iterator[Bar]]] = {
    "held_out": _held_out, "population_average": _average, "margin": _margin, "order": _order,
    "participation": _participation, "small_cells": _small, "left_out": _left_out, "seeds": _seeds,
    "worlds": _worlds,
}  # fmt: skip


def bars(evaluation: dict[str, Part]) -> list[Bar]:
    """Return every bar that the evaluation has figures for; a figure that could not be had is left out."""
    return [
        bar
        for name, of in _OF_PARTS.items()
        if name in evaluation
        for bar in of(evaluation[name])
        if bar.measured is not None
    ]


def records(every: list[Bar]) -> list[dict[str, Any]]:
    """Return bars as flat dicts."""
    return [vars(bar) | {"holds": bar.holds} for bar in every]
