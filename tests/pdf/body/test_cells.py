"""Cells as reports print them: marks, separators, what is withheld or doubtful. Every figure is made up."""

import pytest

from ..made import Grid, Report, Style

HEAD = [[("Specialty", 0, 0), ("Matched", 1, 1), ("Not Matched", 2, 2)]]

# as printed -> as written, and a part of the doubt
CELLS = {
    "542": ("542", ""),
    "1,234": ("1234", ""),
    "12,345": ("12345", ""),
    "542*": ("542", ""),
    "542 *": ("542", ""),
    "542†": ("542", ""),
    "542^a": ("542", ""),
    "542^1,2": ("542", ""),
    "1,234^3": ("1234", ""),
    "0": ("0", ""),
    "": ("", ""),
    "-": ("", ""),
    "–": ("", ""),
    "—": ("", ""),
    "--": ("", ""),
    "*": ("", ""),
    "**": ("", ""),
    "<5": ("", ""),
    "< 5": ("", ""),
    "<11": ("", ""),
    "n/a": ("", ""),
    "N/A": ("", ""),
    "542a": ("542", "has brackets or a letter"),
    "1 234": ("1234", "was read as one number"),
    "48.5": ("48.5", "is no whole number"),
    "48.5%": ("48.5%", "is a percentage"),
    "NR": ("", "is no figure: left blank"),
}


@pytest.mark.parametrize("printed", CELLS)
@pytest.mark.parametrize("align", ["right", "center", "left"])
def test_a_cell(paper, read, printed, align):
    wanted, doubt = CELLS[printed]
    rows = [["Neurology", "1,017", "20"], ["Pediatrics", printed, "249"], ["Urology", "30", "40"]]
    report = paper()
    report.table(Grid([120, 80, 80], HEAD, rows, 1, Style(align=align)), 60, 90)
    got = read(report, "counts")
    assert got.rows == [["Neurology", "1017", "20"], ["Pediatrics", wanted, "249"], ["Urology", "30", "40"]]
    assert [doubt in str(said) and "page 1, Pediatrics, Matched" in str(said) for said in got.doubts] == [
        True
    ] * bool(doubt)


MARKED = {
    "Pediatrics*": "Pediatrics",
    "Pediatrics^a": "Pediatrics",
    "Pediatrics [2]": "Pediatrics",
    "Pediatrics (1)": "Pediatrics",
    "Pediatrics†": "Pediatrics",
    "Pediatrics - Primary": "Pediatrics - Primary",
    "Obstetrics & Gynecology": "Obstetrics & Gynecology",
    "Transitional (PGY-1 Only)": "Transitional (PGY-1 Only)",
    "Surgery (Categorical)^b": "Surgery (Categorical)",
    "* Pediatrics": "Pediatrics",
}


@pytest.mark.parametrize("printed", MARKED)
def test_a_name(paper, read, printed):
    report = paper()
    report.table(Grid([150, 80, 80], HEAD, [["Neurology", "10", "20"], [printed, "542", "249"]]), 60, 90)
    assert read(report, "counts").rows == [["Neurology", "10", "20"], [MARKED[printed], "542", "249"]]


@pytest.mark.parametrize("withheld", ["", "-", "*", "–", "<5", "n/a"])
def test_a_column_and_a_row_without_any_figure(paper, read, withheld):
    head = [
        [("Matched", 1, 4), ("Not Matched", 5, 8)],
        [
            ("Specialty", 0, 0),
            *((name, i, i) for i, name in enumerate(["n", "Q1", "Median", "Q3"] * 2, start=1)),
        ],
    ]
    rows = [
        ["Pediatrics", "422", "232", withheld, "252", "182", "224", withheld, "245"],
        ["Neurology", *[withheld] * 8],
        ["Urology", "12", "230", withheld, "250", *[withheld] * 4],
    ]
    report = paper()
    report.table(Grid([100] + [46] * 8, head, rows), 60, 90)
    assert read(report, "quartiles").rows == [
        ["Pediatrics", "Matched", "422", "232", "", "252"],
        ["Pediatrics", "Not Matched", "182", "224", "", "245"],
        ["Neurology", "Matched", "", "", "", ""],
        ["Neurology", "Not Matched", "", "", "", ""],
        ["Urology", "Matched", "12", "230", "", "250"],
        ["Urology", "Not Matched", "", "", "", ""],
    ]


def test_a_figure_under_no_header_is_said(paper, read):
    report = paper()
    report.table(
        Grid(
            [120, 80, 80],
            HEAD,
            [["Neurology", "10", "20"], ["Pediatrics", "30", "40"], ["Urology", "50", "60"]],
        ),
        60,
        90,
    )
    report.text(480, 116, "77")
    got = read(report, "counts")
    assert got.rows == [["Neurology", "10", "20"], ["Pediatrics", "30", "40"], ["Urology", "50", "60"]]
    assert got.unused == ["a column without a header"]


def test_quartiles_out_of_order_and_rows_that_come_twice_are_said(paper, read):
    head = [
        [
            ("Specialty", 0, 0),
            ("Cohort", 1, 1),
            *((name, i, i) for i, name in enumerate(["n", "Q1", "Median", "Q3"], start=2)),
        ]
    ]
    rows = [
        ["Pediatrics", "Matched", "422", "232", "204", "252"],
        ["Pediatrics", "Not Matched", "182", "224", "233", "245"],
        ["Pediatrics", "Matched", "1", "224", "233", "245"],
        ["Pediatrics", "Not Matched", "182", "224", "233", "245"],
    ]
    report = paper()
    report.table(Grid([120, 80] + [46] * 4, head, rows, 2), 60, 90)
    said = [str(doubt) for doubt in read(report, "quartiles").doubts]
    assert "page 1, Pediatrics Matched, Q1: 232 is above the Median, 204" in said
    assert "page 1, Pediatrics Matched: is there twice, first on page 1" in said


def test_bold_type_printed_twice_is_read_once(tmp_path, read):
    class Bold(Report):
        def text(self, x, y, *args, **more):
            super().text(x + 0.2, y, *args, **more)
            return super().text(x, y, *args, **more)

    report = Bold(tmp_path / "report.pdf")
    report.table(Grid([120, 80, 80], HEAD, [["Neurology", "11", "22"], ["Pediatrics", "33", "44"]]), 60, 90)
    assert read(report, "counts").rows == [["Neurology", "11", "22"], ["Pediatrics", "33", "44"]]


@pytest.mark.parametrize("shade", [True, False])
def test_shaded_rows(paper, read, shade):
    report = paper()
    report.table(
        Grid(
            [120, 80, 80],
            HEAD,
            [["Neurology", "11", "22"], ["Pediatrics", "33", "44"], ["Urology", "5", "6"]],
            shade=shade,
        ),
        60,
        90,
    )
    assert read(report, "counts").rows == [
        ["Neurology", "11", "22"],
        ["Pediatrics", "33", "44"],
        ["Urology", "5", "6"],
    ]
