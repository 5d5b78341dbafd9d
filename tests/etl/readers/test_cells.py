"""Printed cells and bins: case tables."""

import pytest

from matchmodel.etl.readers.bins import Bin, overlaps, parse_bin
from matchmodel.tabular.cells import CellFault, is_total, key, without_marks
from matchmodel.tabular.numbers import parse_number

NUMBERS = {
    "248": 248,
    " 248 ": 248,
    "3,392": 3392,
    "1,234,567": 1234567,
    "3\u00a0392": 3392,
    "3\u202f392": 3392,
    "248*": 248,
    "248 †": 248,
    "248‡§": 248,
    "248¹": 248,
    "248ᵃ": 248,
    "248¹,²": 248,
    "248[1]": 248,
    "248 [a]": 248,
    "248 (a)": 248,
    "248.0": 248,
    ".5": 0.5,
    "-0.20": -0.2,
    "−0.20": -0.2,
    "–0.20": -0.2,
    "$30": 30,
    "\ufeff7": 7,
}
SUPPRESSED = [
    "",
    "  ",
    "-",
    "--",
    "–",
    "—",
    "−",
    "*",
    "**",
    "†",
    "<5",
    "< 5",
    "≤4",
    "<= 4",
    "<5*",
    "NA",
    "n/a",
    "N/A",
    "\u00a0",
]
NO_NUMBERS = [
    "24l",
    "two",
    "3,39",
    "1,5",
    "12,34",
    "1.2.3",
    "1e3",
    "nan",
    "inf",
    "1_000",
    "12 (17)",
    "１２",
    "5-10",
    "12 345",
    "<",
    "%",
    ",392",
]


@pytest.mark.parametrize("text, value", NUMBERS.items())
def test_numbers(text, value):
    assert parse_number(text) == (value, False)


def test_percent_sign():
    assert parse_number("48.5%") == (48.5, True)
    assert parse_number("48.5 %*") == (48.5, True)


@pytest.mark.parametrize("text", SUPPRESSED)
def test_suppressed_cells_are_none(text):
    assert parse_number(text) == (None, False)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_numbers(text):
    with pytest.raises(CellFault, match="is not a number"):
        parse_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "Not Matched",
        "NotMatched",
        "not_matched",
        "NOT-MATCHED",
        "\ufeffNot Matched",
        "Not Matched*",
        "Not Matched [1]",
        "Not  Matched¹",
    ],
)
def test_headers_alike(text):
    assert key(text) == "notmatched"


def test_percent_headers_alike():
    assert {
        key(text) for text in ("Match Rate Pct", "Match Rate (%)", "match_rate_percent", "Match Rate %")
    } == {"matchratepct"}


@pytest.mark.parametrize(
    "text, bare",
    {"Pediatrics*": "Pediatrics", "Neurology [2]": "Neurology", "Surgery (1)": "Surgery", "Step 1": "Step 1",
     "Internal Medicine (Categorical)†": "Internal Medicine (Categorical)"}.items(),
)  # fmt: skip
def test_names_without_marks(text, bare):
    assert without_marks(text) == bare


@pytest.mark.parametrize(
    "text, total", {"All Specialties": True, "TOTAL*": True, "All": True, "Pediatrics": False}.items()
)
def test_total_rows(text, total):
    assert is_total(text) is total


BINS = {
    "<= 180": ("<=180", None, 180),
    "<=180": ("<=180", None, 180),
    "≤180": ("<=180", None, 180),
    "≤ 180*": ("<=180", None, 180),
    "180 or less": ("<=180", None, 180),
    "< 181": ("<181", None, 180),
    "181-190": ("181-190", 181, 190),
    "181–190": ("181-190", 181, 190),
    "181 - 190": ("181-190", 181, 190),
    "181 to 190": ("181-190", 181, 190),
    "> 260": (">260", 261, None),
    ">260": (">260", 261, None),
    "16 or More": ("16+", 16, None),
    "16+": ("16+", 16, None),
    "≥ 16": ("16+", 16, None),
    "5": ("5", 5, 5),
    "1-5": ("1-5", 1, 5),
    "Unknown": ("unknown", None, None),
    "UNKNOWN*": ("unknown", None, None),
}


@pytest.mark.parametrize("text, parsed", BINS.items())
def test_bins(text, parsed):
    assert parse_bin(text) == Bin(*parsed)


@pytest.mark.parametrize("label", sorted({parsed[0] for parsed in BINS.values()}))
def test_a_label_reads_as_itself(label):
    assert parse_bin(label).label == label


@pytest.mark.parametrize("text", ["", "5-Jan", "about 5", "-", "190-181", "181-190-200", "1.5"])
def test_no_bins(text):
    with pytest.raises(CellFault):
        parse_bin(text)


@pytest.mark.parametrize(
    "first, second, shared",
    [("<=180", "181-190", False), ("<=180", "180-190", True), ("181-190", "190-200", True), ("251-260",
        ">260", False),
     ("16+", "17", True), ("1-5", "5 or More", False), ("5", "5+", True), ("1-6", "5+", True)],
)  # fmt: skip
def test_overlaps(first, second, shared):
    assert overlaps(parse_bin(first), parse_bin(second)) is shared
