"""The writers write blocks out: marks, wide tables, numbers of a column."""

import pytest

from matchmodel.report.blocks import Code, Grid, Link, Page, Section, Strong, Text
from matchmodel.report.html import body
from matchmodel.report.markdown import markdown, table
from matchmodel.report.terminal import grid_lines, terminal
from matchmodel.report.wording import WIDTH, decimals, per_hundred, percent

PAGE = Page(
    "A|B", (Section("Head", (Text(("see ", Link("a.json"), ", ", Strong("not"), " ", Code("x_y"))),)),)
)


def test_marks_in_each_writer():
    assert markdown(PAGE) == "# A\\|B\n\n## Head\n\nsee [a.json](a.json), **not** <code>x\\_y</code>\n"
    assert list(terminal(PAGE)) == ["A|B", "", "Head", "  see a.json, not x_y"]
    assert '<a href="a.json">a.json</a>, <strong>not</strong> <code>x_y</code>' in body(PAGE)


def test_a_bar_in_a_cell_does_not_end_it():
    assert table(Grid(("a",), (("P(match | k)",),)))[-1] == r"| P(match \| k) |"


@pytest.mark.parametrize("column", [0, 2])
def test_a_wide_table_folds_its_words(column):
    """The first or the last column; every word stays, in order, and numbers stay on one line."""
    words = "one quite long name that needs more than a line to be told in whole, whatever comes"
    cells = ["12.3 (4.5)", "6.78", "9"]
    cells[column] = words
    lines = grid_lines(Grid(("a", "b", "c"), (tuple(cells),), frozenset({column})))
    assert len(lines) >= 3 and max(map(len, lines)) <= WIDTH
    numbers = [cell for cell in cells if cell != words]
    assert all(number in lines[1] for number in numbers)
    text = " ".join(lines[1:])
    for number in numbers:
        text = text.replace(number, "")
    assert text.split() == words.split()


NUMBERS = [
    (percent(0.004, 0), "<1%"),
    (percent(0.996, 0), ">99%"),
    (percent(0.4851, 0), "49%"),
    (percent(0.00001, 2), "<0.01%"),
    (per_hundred(-0.00001), "0.0"),
    (per_hundred(None), "-"),
    (per_hundred(0.0491, 2), "4.91"),
    (decimals(float("nan")), "-"),
    (decimals(-0.0004, 3, sign=True), "0.000"),
    (decimals(0.25, 3, sign=True), "+0.250"),
    (decimals(12345.6, 0), "12,346"),
    (decimals(-0.05, 2), "-0.05"),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers_of_a_column(text, expected):
    assert text == expected
