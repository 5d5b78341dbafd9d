import numpy as np
import pytest

from matchmodel.explain import words


@pytest.mark.parametrize("items, text", [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", 3], "a, b and 3")])
def test_lists(items, text):
    assert words.join(items) == text


@pytest.mark.parametrize("years, text", [([2015, 2020], "2015 and 2020"), ([2011, 2009, 2010, 2014], "2009 to 2011 and 2014"), ([2014, 2015, 2023], "2014, 2015 and 2023"), ([], "none")])
def test_runs_of_years(years, text):
    assert words.years(years) == text


def test_numbers_without_a_value_are_blank_and_zero_has_no_minus():
    assert [f(np.nan) for f in (words.signed, words.fixed, words.percent)] == ["", "", ""]
    assert words.signed(-0.001) == "+0.00" and words.signed(-0.12) == "-0.12"
    assert words.fixed(1234.5, 1) == "1,234.5" and words.percent(0.4851) == "48.5%"
