"""Headers that are turned or set apart, prose beside a table and a chart above it: read, or not at all."""

import pdfplumber
import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from matchmodel.pdf.body.candidates import read_line
from matchmodel.pdf.page.regions import like_row
from matchmodel.pdf.page.sheet import read_sheet
from matchmodel.pdf.page.words import Line, Word

from ..made import ACROSS, UPRIGHT, Grid, Style, leaves

NAMES = ["Anesthesiology", "Child Neurology", "Family Medicine", "Internal Medicine/Pediatrics", "Urology"]
ROWS = [[name, str(100 + 7 * i), str(30 + 11 * i)] for i, name in enumerate(NAMES)]
WIDTHS = [150, 60, 60]
PROSE = [
    "The applicants of this report ranked at least one",
    "program. Of 1,234 applicants in all, 567 did match",
    "and the others did not, by the report's own count.",
    "These words stand beside a table and belong to no",
    "row of it, though they have figures such as 20 and",
    "40 of the like, which go on for some more lines.",
]


def aslant(report, x, y, words, degrees):
    """Words that begin at x, y points below the top, and run aslant."""
    canvas = report.canvas
    canvas.saveState()
    canvas.translate(x, report.size[1] - y)
    canvas.rotate(degrees)
    for i, line in enumerate(words):
        canvas.drawString(0, -11 * i, line)
    canvas.restoreState()


@pytest.mark.parametrize("wrapped", [False, True], ids=["one line", "two lines"])
@pytest.mark.parametrize("degrees", [90, -90, 60, 45])
@pytest.mark.parametrize("size", [UPRIGHT, ACROSS], ids=["upright", "across"])
def test_headers_turned_or_aslant(paper, read, size, degrees, wrapped):
    report = paper(size)
    report.text(64, 178, "Specialty")
    report.canvas.setFont("Helvetica-Bold", 9)
    top = 180 if degrees > 0 else 120
    aslant(report, 245, top, ["Matched"], degrees)
    aslant(report, 300, top, ["Did Not", "Match"] if wrapped else ["Did Not Match"], degrees)
    report.table(Grid(WIDTHS, [], ROWS), 60, 180)
    reading = read(report, "counts")
    assert (reading.rows, reading.doubts) == (ROWS, [])


def test_what_is_turned_and_stands_beside_rows_is_no_header(paper, read):
    """An axis of a chart, or a note at each margin."""
    report = paper()
    report.table(Grid(WIDTHS, [leaves(["Matched", "Not Matched"])], ROWS), 60, 90)
    for x in (50, 340):
        aslant(report, x, 160, ["Median of applicants"], 90)
    assert read(report, "counts").rows == ROWS


def test_headers_of_letters_set_apart(paper, read):
    report = paper()
    for x, words in ((64, "SPECIALTY"), (205, "MATCHED"), (270, "NOT MATCHED")):
        text = report.canvas.beginText(x, UPRIGHT[1] - 88)
        text.setFont("Helvetica", 7)
        text.setCharSpace(2)
        text.textOut(words)
        text.setCharSpace(0)
        report.canvas.drawText(text)
    report.table(Grid(WIDTHS, [], ROWS), 60, 90)
    assert read(report, "counts").rows == ROWS


@pytest.mark.parametrize("leading", [11, 16.6])
@pytest.mark.parametrize("left", [True, False], ids=["left", "right"])
def test_prose_beside_a_table(paper, read, left, leading):
    report = paper()
    across = max(stringWidth(line, "Helvetica", 9) for line in PROSE)
    head = [[("Specialty", 0, 0), *leaves(["Matched", "Not Matched"])]]
    report.table(Grid(WIDTHS, head, ROWS, style=Style(row_gap=6)), 52 + across if left else 40, 90)
    report.paragraph(40 if left else 330, 100, PROSE, 9, leading)
    reading = read(report, "counts")
    assert (reading.rows, reading.doubts) == (ROWS, [])


def test_long_words_of_rows_are_no_prose(paper, read):
    """Measures down the left, cohorts beside them: nothing is left out."""
    names = ["mean number of contiguous ranks.", "mean number of distinct specialties."]
    rows = [[name, cohort, "1", "2", "3"] for name in names for cohort in ("Matched", "Not Matched")]
    report = paper()
    report.table(Grid([180, 80, 40, 40, 40], [], rows, 2), 60, 90)
    with pdfplumber.open(report.save()) as pdf:
        lines = read_sheet(pdf.pages[0]).lines
    assert [line.text for line in lines] == [" ".join(row) for row in rows]


def test_a_chart_between_a_heading_and_its_table(paper, read):
    """Its axis and its figures are no rows, and the heading above it names the table's."""
    bins = ["<= 220", "221-240", "241-260", "> 260"]
    report, y = paper(), 60
    for k, name in enumerate(NAMES[:3]):
        report.text(60, y, name, 11, "Helvetica-Bold")
        for i, bin_ in enumerate(bins):
            report.text(80 + 60 * i, y + 40 + 7 * i, str(10 * i + k), 6)
            report.text(80 + 60 * i, y + 90, bin_, 6)
        rows = [["Matched", *"1234"], ["Not Matched", *"5678"]]
        y = 30 + report.table(Grid([90, 60, 60, 60, 60], [leaves(bins)], rows), 60, y + 100)
    reading = read(report, "bins")
    assert reading.rows == [
        [name, bin_, a, b] for name in NAMES[:3] for bin_, a, b in zip(bins, "1234", "5678", strict=True)
    ]


def test_figures_of_a_chart_beside_a_table_are_no_cells(paper, read):
    report = paper()
    head, rows = [[("Specialty", 0, 0), *leaves(["Matched", "Not Matched"])]], ROWS
    report.table(Grid(WIDTHS, head, rows), 60, 90)
    for i in range(5):
        high = 12 + 11 * i % 40
        report.canvas.rect(400 + 30 * i, report.size[1] - 160, 12, high, fill=1)
        report.text(400 + 30 * i, 158 - high, str(100 + i), 8).text(400 + 30 * i, 168, f"{i}-{i + 9}", 8)
    reading = read(report, "counts")
    assert (reading.rows, reading.doubts) == (ROWS, [])


def test_what_is_a_row_of_a_layout():
    """By which rows under a header are told where nothing of them was read."""
    layouts = {
        "Neurology 12 34": "counts",
        "181-190 12 34": "bins",
        "Matched 12 34": "counts bins",
        "A 1 2": "",
    }
    for text, expected in layouts.items():
        words = [Word(word, 100 * i, 100 * i + 40, 0, 9, 9) for i, word in enumerate(text.split())]
        row = read_line(Line(tuple(words), 1))
        assert [layout for layout in ("counts", "bins") if like_row(row, layout)] == expected.split()
