"""`matchmodel read-pdf` as it is typed: what it writes, says and refuses, and with which status."""

import csv
import io

import pdfplumber
import pytest
from PIL import Image

from matchmodel.cli.main import main
from matchmodel.etl import read_raw
from matchmodel.pdf.image import COLOURS, SCALE, drawn

from .made import UPRIGHT, Grid, Report

HEAD = [[("Specialty", 0, 0), ("Matched", 1, 1), ("Not Matched", 2, 2)]]
ROWS = [["Neurology", "1,017", "20"], ["Pediatrics", "542*", "–"], ["Urology", "30", "40"]]
TOLD = [
    ["Specialty", "Matched", "Not Matched"],
    ["Neurology", "1017", "20"],
    ["Pediatrics", "542", ""],
    ["Urology", "30", "40"],
]


@pytest.fixture
def report(tmp_path):
    """A PDF of one table in an otherwise empty folder."""
    made = Report(tmp_path / "report.pdf", UPRIGHT)
    made.text(60, 60, "Table 1. Made-up applicants", 11)
    made.table(Grid([150, 80, 80], HEAD, ROWS), 60, 90)
    return made.save()


@pytest.fixture
def asked(report, capsys, monkeypatch):
    """Run the command in the report's folder; return status, output and error."""
    monkeypatch.chdir(report.parent)

    def run(*words):
        status = main(["read-pdf", *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def rows_of(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Read by matchmodel read-pdf from report.pdf, page 1: not yet looked over")
    return list(csv.reader(lines[1:]))


def test_it_writes_the_raw_table_and_says_what_is_next(report, asked):
    status, out, err = asked("report.pdf", "--pages", "1", "--layout", "counts", "--out", "counts.csv")
    assert (status, rows_of(report.parent / "counts.csv")) == (0, TOLD)
    assert max(map(len, out.splitlines())) <= 80
    said = " ".join(out.split())
    assert (
        "counts.csv: 3 rows of 3 specialties, 1 blank cell, "
        "from page 1 of report.pdf, under 'Table 1. Made-up applicants'" in said
    )
    assert "nothing in it looked doubtful" in said and "run matchmodel check" in said
    assert not [
        path.name for path in report.parent.iterdir() if path.name not in ("report.pdf", "counts.csv")
    ]


def test_what_it_writes_is_read_by_the_etl(report, asked):
    """Laid beside a source.toml, with its first line left standing, it is a table like any other."""
    source = report.parent / "raw" / "made-up-2026"
    source.mkdir(parents=True)
    assert (
        asked("report.pdf", "--pages", "1", "--layout", "counts", "--out", "raw/made-up-2026/counts.csv")[0]
        == 0
    )
    (source / "source.toml").write_text(
        'title = "Made up"\npublisher = "nobody"\nyear = 2026\ngrade = "D"\n'
        'terms = "none"\nconsent = false\nvia = "a test"\n'
        '[[table]]\nfile = "counts.csv"\nlayout = "counts"\n'
        'applicant_type = "non-us-img"\npage = "Table 1"\n',
        encoding="utf-8",
    )
    table = read_raw(report.parent / "raw").table("counts")
    assert table.set_index("specialty")["matched"].to_dict() == {
        "Neurology": 1017,
        "Pediatrics": 542,
        "Urology": 30,
    }
    status, _, err = asked(
        "report.pdf", "--pages", "1", "--layout", "counts", "--out", "raw/made-up-2026/counts.csv"
    )
    assert status == 2 and "lists counts.csv" in err


def test_it_may_replace_what_it_wrote_and_nothing_else(report, asked):
    words = ("report.pdf", "--pages", "1", "--layout", "counts", "--out", "counts.csv")
    assert asked(*words)[0] == asked(*words)[0] == 0
    (report.parent / "counts.csv").write_text("Specialty,Matched,Not Matched\nUrology,1,2\n")
    status, _, err = asked(*words)
    assert status == 2 and "was not written by read-pdf" in err
    assert (report.parent / "counts.csv").read_text() == "Specialty,Matched,Not Matched\nUrology,1,2\n"


REFUSED = {
    ("report.pdf", "1", "quartiles"): "looked for Q1, Median and Q3 (or 25th and 75th Percentile), or Mean",
    ("report.pdf", "2", "counts"): "there is no page 2",
    ("report.pdf", "0", "counts"): "is no list of pages",
    ("report.pdf", "one", "counts"): "is no list of pages",
    ("nowhere.pdf", "1", "counts"): "there is no file nowhere.pdf",
    ("notes.pdf", "1", "counts"): "is not a PDF",
    ("short.pdf", "1", "counts"): "damaged or cut short",
    (".", "1", "counts"): "is a folder",
}


@pytest.mark.parametrize("pdf, pages, layout", REFUSED)
def test_refused_with_one_line_and_nothing_written(report, asked, pdf, pages, layout):
    (report.parent / "notes.pdf").write_text("no PDF at all")
    (report.parent / "short.pdf").write_bytes(report.read_bytes()[:300])
    before = sorted(report.parent.iterdir())
    status, out, err = asked(pdf, "--pages", pages, "--layout", layout, "--out", "counts.csv")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert REFUSED[pdf, pages, layout] in err
    assert sorted(report.parent.iterdir()) == before


@pytest.mark.parametrize(
    "more, said",
    [
        (("--table", "2"), "there is no table 2"),
        (("--out", "no/such/folder.csv"), "no folder"),
        (("--out", "."), "is not a regular file"),
    ],
)
def test_a_table_or_a_place_that_is_not_there(report, asked, more, said):
    status, _, err = asked("report.pdf", "--pages", "1", "--layout", "counts", "--out", "counts.csv", *more)
    assert status == 2 and said in err
    assert not (report.parent / "counts.csv").exists()


def test_a_doubt_is_told_in_lines_of_a_terminal(paper, asked):
    report = paper()
    rows = [[name, cell.replace("20", "20 30"), more] for name, cell, more in ROWS]
    rows += [["Unheard-of Medicine of the Long Name", "12", "30"], ["Psychiatry", "2.5", "30"]]
    report.table(Grid([190, 80, 80], HEAD, rows), 60, 90)
    report.save()
    status, out, _ = asked("report.pdf", "--pages", "1", "--layout", "counts", "--out", "counts.csv")
    assert status == 0 and max(map(len, out.splitlines())) <= 80
    assert "  - page 1, Unheard-of Medicine of the Long Name, Specialty: is in no list of\n    special" in out


def test_the_picture_has_a_box_where_a_cell_stands(report, asked):
    """In its column's colour, dashed or not; the page is whole, and the names stand at its right."""
    words = ("report.pdf", "--pages", "1", "--layout", "counts", "--out", "counts.csv")
    status, out, _ = asked(*words, "--image", "page.png")
    assert status == 0 and "page.png: the page with what was taken for which cell" in out
    with pdfplumber.open(report) as pdf:
        found = {word["text"]: word for word in pdf.pages[0].extract_words()}
    picture = Image.open(report.parent / "page.png").convert("RGB")
    page = [round(side * SCALE) for side in UPRIGHT]
    assert picture.width > page[0] and page[1] < picture.height < 1.2 * page[1]
    top = picture.height - page[1]
    for cell, colour in (("1,017", COLOURS[0]), ("20", COLOURS[1]), ("Neurology", None)):
        x = round((found[cell]["x0"] + found[cell]["x1"]) / 2 * SCALE)
        y = round((found[cell]["top"] + found[cell]["bottom"]) / 2 * SCALE) + top
        column = {picture.getpixel((x, y + off)) for off in range(-12, 13)}
        assert (colour in column) == (colour is not None)
        assert set(COLOURS) & column <= {colour}


def test_a_picture_of_several_pages_one_of_them_turned(paper, read):
    report = paper()
    report.table(Grid([150, 80, 80], HEAD, ROWS), 60, 90)
    report.turn().canvas.rotate(90)
    report.canvas.translate(0, -UPRIGHT[1])
    report.table(Grid([150, 80, 80], HEAD, [["Psychiatry", "12", "34"], ["Dermatology", "5", "6"]]), 60, 590)
    reading = read(report, "counts", "1-2")
    assert [mark.turn for mark in reading.marks] == [0] * 6 + [1] * 4
    picture = Image.open(io.BytesIO(drawn(reading.path, reading.marks)))
    assert picture.width > SCALE * UPRIGHT[1] and picture.height > SCALE * sum(UPRIGHT)


@pytest.mark.parametrize(
    "image, said",
    [
        ("page.jpg", "is not a .png"),
        ("no/page.png", "no folder"),
        ("t.png", "is the table"),
        (".png", "is not"),
    ],
)
def test_a_picture_that_cannot_be_written(report, asked, image, said):
    before = sorted(report.parent.iterdir())
    status, _, err = asked(
        "report.pdf", "--pages", "1", "--layout", "counts", "--out", "t.png", "--image", image
    )
    assert status == 2 and said in err and err.count("\n") == 1
    assert sorted(report.parent.iterdir()) == before
