"""The width's sources: shares that add to one, drawn as they are."""

import numpy as np
import pytest

from matchmodel.plots import uncertainty_plot

MADE_UP = {
    "a": {"everything": 5.0, "usce_months": 0.36, "drift": 0.64},
    "b": {"everything": 10.0, "drift": 1.0},
    "c": {"everything": 0.0, "drift": 0.0},
}


def _columns(figure):
    return {axis.texts[-1].get_text().replace("\n", " "): axis for axis in figure.axes}


def test_bars_are_the_shares():
    columns = _columns(uncertainty_plot(MADE_UP))
    assert list(columns) == ["Whole width, points", "Drift", "Months of US clinical experience"]
    assert [p.get_width() for p in columns["Whole width, points"].patches] == [5, 10, 0]
    assert [p.get_width() for p in columns["Drift"].patches] == pytest.approx([0.64, 1, 0])
    said = [t.get_text() for t in columns["Months of US clinical experience"].texts]
    assert said[:-1] == ["36%"]  # b and c do not have it


def test_one_scale_for_all_shares_and_none_below_zero():
    given = {
        "a": {"everything": 5.0, "usce_months": 0.36, "drift": 0.74, "visa_needed": -0.1},
        "b": {"everything": 9.0, "drift": 1.0},
    }
    columns = _columns(uncertainty_plot(given))
    shares = {name: axis for name, axis in columns.items() if not name.startswith("Whole")}
    total = np.sum([[p.get_width() for p in axis.patches] for axis in shares.values()], axis=0)
    assert total == pytest.approx([1.1, 1.0])  # a share below zero has no bar
    assert len({axis.get_xlim()[1] for axis in shares.values()}) == 1  # so that bars compare across columns


def test_small_shares_are_not_called_nothing():
    columns = _columns(
        uncertainty_plot(
            {"a": {"everything": 1.0, "drift": 1.016, "visa_needed": 0.004, "usce_months": -0.02}}
        )
    )
    assert columns["Visa needed"].texts[0].get_text() == "<1%"
    assert columns["Months of US clinical experience"].texts[0].get_text() == "\N{MINUS SIGN}2%"
