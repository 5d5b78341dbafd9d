"""What a narrow column wraps, typed dashes and dots, and the Symbol font. Every figure is made up."""

import pytest

from ..made import Grid

COUNT_HEAD = [[("Specialty", 0, 0), ("Matched", 1, 1), ("Not Matched", 2, 2)]]
STATS = [("Specialty", 0, 0), ("Cohort", 1, 1), ("n", 2, 2), ("Q1", 3, 3), ("Median", 4, 4), ("Q3", 5, 5)]
TOLD = [
    ["Neurology", "Matched", "422", "232", "240", "252"],
    ["Neurology", "Not Matched", "182", "224", "233", "245"],
]


@pytest.mark.parametrize(
    "words",
    [
        ("Matched", "Not\nMatched"),
        ("Matched\nApplicants", "Unmatched\nApplicants"),
        ("Matched to\nPreferred\nSpecialty", "Did Not\nMatch to\nPreferred Specialty"),
    ],
)
def test_a_wrapped_cohort_beside_its_figures(paper, read, words):
    report = paper()
    rows = [["Neurology", word, *told[2:]] for word, told in zip(words, TOLD, strict=True)]
    report.table(Grid([120, 100, 60, 60, 60, 60], [STATS], rows, 2), 60, 90)
    assert read(report, "quartiles").rows == TOLD


def test_bins_over_two_lines_of_a_header(paper, read):
    head = [[("Specialty", 0, 0), ("Cohort", 1, 1), ("0", 2, 2), ("1-5", 3, 3), ("6 or\nMore", 4, 4)]]
    head = [[("6 or", 4, 4)], [*head[0][:4], ("More", 4, 4)]]
    report = paper()
    report.table(
        Grid(
            [120, 100, 60, 60, 60],
            head,
            [["Neurology", "Matched", "1", "22", "3"], ["Neurology", "Not Matched", "4", "5", "16"]],
            2,
        ),
        60,
        90,
    )
    assert read(report, "bins").rows == [
        ["Neurology", "0", "1", "4"],
        ["Neurology", "1-5", "22", "5"],
        ["Neurology", "6 or More", "3", "16"],
    ]


def test_typed_lines_and_leaders_say_nothing(paper, read):
    lines = [
        "Specialty                Matched  Not Matched",
        "---------------------------------------------",
        "Neurology..............    1,017           20",
        "Public Health and",
        "Preventive Medicine . . .      3            -",
        "=============================================",
    ]
    report = paper()
    for i, line in enumerate(lines):
        report.text(60, 90 + 12 * i, line, 9, "Courier")
    assert read(report, "counts").rows == [
        ["Neurology", "1017", "20"],
        ["Public Health and Preventive Medicine", "3", ""],
    ]


def test_bins_in_letters_of_the_symbol_font(paper, read):
    """The standard fonts have no ≤ and ≥; printers take them from Symbol, which says them as £ and ³."""
    report = paper()
    rows = [["Neurology", "≤ 200", "3", "4"], ["", "201-210", "5", "6"], ["", "≥ 211", "7", "8"]]
    head = [[("Specialty", 0, 0), ("Score", 1, 1), ("Matched", 2, 2), ("Not Matched", 3, 3)]]
    report.table(Grid([120, 80, 80, 80], head, rows, 2), 60, 90)
    assert [row[1:] for row in read(report, "bins").rows] == [
        ["≤ 200", "3", "4"],
        ["201-210", "5", "6"],
        ["≥ 211", "7", "8"],
    ]


def test_two_specialties_that_together_are_a_third(paper, read):
    rows = [
        ["Emergency\nMedicine", "1", "2"],
        ["Family\nMedicine", "3", "4"],
        ["Emergency\nMedicine/Family\nMedicine", "5", "6"],
    ]
    report = paper()
    report.table(Grid([90, 80, 80], COUNT_HEAD, rows), 60, 90)
    assert [row[0] for row in read(report, "counts").rows] == [
        "Emergency Medicine",
        "Family Medicine",
        "Emergency Medicine/Family Medicine",
    ]


def test_a_page_whose_rows_were_not_read_is_named(paper, read):
    report = paper()
    report.table(Grid([150, 80, 80], COUNT_HEAD, [["Neurology", "1", "2"], ["Urology", "3", "4"]]), 60, 90)
    report.turn()
    report.table(
        Grid(
            [150, 80, 80],
            [[("Specialty", 0, 0), ("Programs", 1, 1), ("Quota", 2, 2)]],
            [["Neurology", "91", "92"], ["Urology", "93", "94"]],
        ),
        60,
        90,
    )
    got = read(report, "counts", "1-2")
    assert (got.pages, got.without) == ([1], [2])
    assert [
        "page 2: has 2 lines that look like rows, and none was read" in str(doubt) for doubt in got.doubts
    ] == [True]
