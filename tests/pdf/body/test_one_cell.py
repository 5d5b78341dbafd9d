"""Several statistics in one cell. Every figure is made up."""

import pytest

from ..made import ACROSS, Grid, Style, leaves

ROWS = [
    ("Neurology", "Matched", "1,011", "235", "245", "255"),
    ("Neurology", "Not Matched", "12", "230", "240.5", "251"),
    ("Pediatrics", "Matched", "40", "231", "242", "250"),
    ("Pediatrics", "Not Matched", "9", "", "", ""),
]
NAMED = [("Specialty", 0, 0), ("Cohort", 1, 1), ("n", 2, 2)]


def told(row):
    return [*row[:2], row[2].replace(",", ""), *row[3:]]


@pytest.mark.parametrize(
    "header, cell",
    [
        ("Median (Q1–Q3)", "{1} ({0}–{2})"),
        ("Median (Q1, Q3)", "{1} ({0}, {2})"),
        ("Median [IQR]", "{1} [{0}-{2}]"),
        ("Median (IQR)", "{1} ({0} to {2})"),
    ],
)
def test_median_and_quartiles(paper, read, header, cell):
    report = paper(ACROSS)
    rows = [[*row[:3], cell.format(*row[3:]) if row[3] else "–"] for row in ROWS]
    report.table(Grid([130, 80, 60, 110], [[*NAMED, *leaves([header], 3)]], rows, 2), 60, 90)
    got = read(report, "quartiles")
    assert (got.header, got.rows) == (
        ["Specialty", "Cohort", "n", "Q1", "Median", "Q3"],
        list(map(told, ROWS)),
    )


@pytest.mark.parametrize("header, cell", [("Mean (SD)", "{} ({})"), ("Mean ± SD", "{} ± {}")])
def test_mean_and_sd(paper, read, header, cell):
    report = paper(ACROSS)
    rows = [[*row[:3], cell.format(row[4] or "244", "12.5")] for row in ROWS]
    report.table(Grid([130, 80, 60, 110], [[*NAMED, *leaves([header], 3)]], rows, 2), 60, 90)
    got = read(report, "quartiles")
    assert got.header == ["Specialty", "Cohort", "n", "Q1", "Median", "Q3", "Mean", "SD"]
    assert got.rows == [[*told(row)[:3], "", "", "", row[4] or "244", "12.5"] for row in ROWS]


def test_names_and_rows_that_are_uneven_are_doubts_each_by_name(paper, read):
    """The first name is missing, so that all names may belong to the rows above them."""
    figures = [("Matched", "9", "230", "240", "250"), ("Not Matched", "8", "220", "230", "240")]
    rows = [[name if i == 0 else "", *figures[i]] for name in ("", "Neurology", "Urology") for i in (0, 1)]
    head = [[("Specialty", 0, 0), ("Cohort", 1, 1), *leaves(["n", "Q1", "Median", "Q3"], 2)]]
    report = paper(ACROSS)
    report.table(Grid([130, 80, 50, 50, 50, 50], head, rows, 2), 60, 90)
    doubts = [doubt for doubt in read(report, "quartiles").doubts if "uneven" in doubt.why]
    assert [doubt.row.split()[0] for doubt in doubts] == ["a"] * 2 + ["Neurology"] * 2 + ["Urology"] * 2


def test_a_wrapped_cell_stands_on_its_row_and_not_beside_the_name_in_its_middle(paper, read):
    report = paper(ACROSS)
    report.text(60, 90, "Specialty").text(200, 90, "n").text(260, 90, "Median (Q1–Q3)")
    for y, name, n, cell in ((110, "Neurology", "231", "9 (8–10)"), (160, "Urology", "40", "7 (5–9)")):
        report.text(60, y, name).text(200, y, n).text(260, y, cell)
    report.text(60, 138, "Pediatrics").text(200, 132, "301").text(260, 132, "12 (11–").text(260, 144, "14)")
    got = read(report, "quartiles")
    assert [row[:1] + row[2:] for row in got.rows] == [
        ["Neurology", "231", "8", "9", "10"],
        ["Pediatrics", "301", "11", "12", "14"],
        ["Urology", "40", "5", "7", "9"],
    ]


def test_specialty_that_ends_a_wrapped_cohort_is_no_second_half_of_the_page(paper, read):
    head = [
        [("Matched to Preferred", 1, 2), ("Did Not Match to Preferred", 3, 4)],
        [("Specialty", 1, 2), ("Specialty", 3, 4)],
        [("Specialty", 0, 0), *leaves(["n", "Median (Q1–Q3)"] * 2)],
    ]
    rows = [["Neurology", "11", "245 (235–255)", "9", "240 (231–250)"],
            ["Pediatrics", "40", "242 (231–250)", "12", "233 (224–245)"]]  # fmt: skip
    report = paper(ACROSS)
    style = Style(align="left", head_align="left")
    report.table(Grid([130, 60, 100, 60, 100], head, rows, style=style), 60, 90)
    assert [row[:4] for row in read(report, "quartiles").rows] == [
        [row[0], cohort, n, cell[5:8]]
        for row in rows
        for cohort, n, cell in zip(("Matched", "Not Matched"), row[1::2], row[2::2], strict=True)
    ]
