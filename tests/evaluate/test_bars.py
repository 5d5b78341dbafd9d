"""The bars: each held or not by its limits, and read from the right figures."""

import pytest

from matchmodel.evaluate.bars import Bar, bars, records

CASES = {  # (measured, low, high): holds
    "within": ((1.0, 0.95, 1.05), True),
    "under": ((0.94, 0.95, 1.05), False),
    "over": ((1.06, 0.95, 1.05), False),
    "at the limit": ((0.5, None, 0.5), True),
    "no limit": ((9.0, None, None), True),
}


@pytest.mark.parametrize("case", CASES)
def test_limits(case):
    (measured, low, high), holds = CASES[case]
    assert Bar("x", "y", measured, low, high, "number").holds == holds


def test_bars_are_those_of_the_parts_that_are_there():
    found = bars(
        {
            "seeds": {"rows": [], "point": 0.004, "end": 0.02},
            "margin": {"rows": [], "mean_error": 0.001, "worst_twelfth": None},
        }
    )
    assert [(b.part, b.holds) for b in found] == [("margin", True), ("seeds", True), ("seeds", False)]


def test_only_the_promised_simulations_have_bars():
    rows = [
        {"setting": s, "promised": p, "slope": 0.9, "coverage": 0.8} for s, p in (("a", True), ("b", False))
    ]
    found = bars({"worlds": {"rows": [], "summary": rows}})
    assert [(b.what.split(": ")[1], b.holds) for b in found] == [
        ("slope", False),
        ("80% ranges holding the truth", True),
    ]


def test_every_bar_of_an_evaluation_has_a_measure(evaluation):
    found = records(bars(evaluation))
    assert {row["part"] for row in found} == {
        "held_out", "population_average", "margin", "order", "participation", "small_cells", "left_out",
        "seeds",
    }  # fmt: skip
    assert evaluation["bars"]["rows"][0]["what"] == found[0]["what"]
    assert all(isinstance(row["measured"], (int, float)) for row in found)
