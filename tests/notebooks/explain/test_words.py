"""How numbers and lists are written."""

import numpy as np
import pytest
from notebook_helpers import words

from matchmodel.model.engine import Range

LISTS = [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", 3], "a, b and 3")]
YEARS = {
    (2015, 2020): "2015 and 2020",
    (2011, 2009, 2010, 2014): "2009 to 2011 and 2014",
    (2014, 2015, 2023): "2014, 2015 and 2023",
    (): "none",
}


@pytest.mark.parametrize("items, text", LISTS)
def test_lists(items: list, text: str) -> None:
    assert words.join(items) == text


@pytest.mark.parametrize("years", YEARS)
def test_runs_of_years(years: tuple[int, ...]) -> None:
    assert words.years(years) == YEARS[years]


def test_numbers_without_a_value_are_blank_and_zero_has_no_minus() -> None:
    assert [f(np.nan) for f in (words.signed, words.fixed, words.percent)] == ["", "", ""]
    assert words.signed(-0.001) == "+0.00" and words.signed(-0.12) == "-0.12"
    assert words.fixed(1234.5, 1) == "1,234.5" and words.percent(0.4851) == "48.5%"
    assert words.ranged(Range(0.5, 0.4, 0.625)) == "50.0% (40.0% to 62.5%)"
