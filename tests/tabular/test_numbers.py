"""Numbers as people write them: one reading, or a refusal that says the two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmodel.errors import RefusedInput
from matchmodel.tabular.cells import CellFault
from matchmodel.tabular.numbers import number, parse_number, plain_number

READ = {
    "250": "250",
    " 250 ": "250",
    "3,5": "3.5",
    "0,500": "0.500",
    "240.500": "240.500",
    "1 200": "1200",
    "1\u202f200": "1200",
    "1'200": "1200",
    "1 200,5": "1200.5",
    "1.234,5": "1234.5",
    "1,234.5": "1234.5",
    "1,234,567": "1234567",
    "−3": "-3",
    "0,4 %": "0.4%",
    ".5": ".5",
    "1e2": "1e2",
}
NO_NUMBER = ("unknown", "", "1_0", "250*", "2/3", "12,34,5", "1.2.3", "٣", "nan", "inf", "1,2,3")
EITHER = [("1,200", False), ("1.200", True), ("-1,200", False)]


@pytest.mark.parametrize("text", READ)
def test_read(text):
    assert plain_number(text) == READ[text]


@pytest.mark.parametrize("text", NO_NUMBER)
def test_what_is_no_number_stays_as_it_is(text):
    assert plain_number(text) == text and number(text) is None


@pytest.mark.parametrize(("text", "counted"), EITHER)
def test_a_thousand_times_as_large_or_not(text, counted):
    with pytest.raises(RefusedInput, match=r"may mean -?1200 or -?1\.2; write one of these"):
        plain_number(text, counted)


def test_hundreds_of_digits_are_no_printed_number():
    with pytest.raises(CellFault, match="is not a number"):
        parse_number("9" * 400)


def test_a_count_has_thousands():
    assert number("1,200", counted=True) == 1200 == number("1200", counted=True)


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)))
def test_every_way_to_write_a_number_is_that_number(x):
    english, plain = f"{x:,.2f}", f"{x:.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    for text in (english, continental, plain, plain.replace(".", ","), english.replace(",", "\u00a0")):
        assert number(text) == x
