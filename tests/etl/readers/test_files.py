"""Files as they come: encodings, pasted text, notes below a table, sheets."""

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from matchmodel.etl.readers.files import read_cells
from matchmodel.tabular.cells import BadCell
from matchmodel.tabular.decode import Unreadable, decode
from matchmodel.tabular.workbook import read_sheet

from ..case_tables import book
from ..conftest import TOML

TEXT = "Specialty,Matched – †\n"
DECODED = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with its mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, the other way": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-32": TEXT.encode("utf-32"),
    "Windows-1252": TEXT.encode("cp1252"),
}
UNCERTAIN = {
    "two encodings": "–".encode() + b"\x96",
    "UTF-8 in Windows-1252's clothes, cut off": "é–".encode()[:-1],
    "zero bytes": "ab".encode("utf-16-le"),
    "half a UTF-16 character": "ab".encode("utf-16")[:-1],
    "a mark and other bytes": b"\xef\xbb\xbf\x96",
}


@pytest.mark.parametrize("raw", DECODED.values(), ids=DECODED)
def test_decoded(raw):
    assert decode(raw) == TEXT


@pytest.mark.parametrize("raw", UNCERTAIN.values(), ids=UNCERTAIN)
def test_what_is_uncertain_is_refused(raw):
    with pytest.raises(Unreadable, match=r"expected .*UTF-8"):
        decode(raw)


def test_a_source_toml_of_two_encodings_is_refused(raw):
    (raw.path / "report" / "source.toml").write_bytes(TOML.encode() + "# –".encode() + b"\x96\n")
    assert raw.problems()[0].startswith(
        "report/source.toml: mixes UTF-8 with another encoding (first at line 9)"
    )


def pasted(*lines):
    read = read_cells("a.txt", "\n".join(lines).encode(), ".txt")
    return read.header, read.rows, [str(problem) for problem in read.problems]


def test_pasted_text_keeps_blank_cells_of_tabs_and_single_spaces():
    header, rows, problems = pasted("Specialty\tMatched\tNot Matched", "Child Neurology\t\t12", "\t1\t2")
    assert header == ["Specialty", "Matched", "Not Matched"] and problems == []
    assert rows == [(2, ["Child Neurology", "", "12"]), (3, ["", "1", "2"])]


def test_pasted_lines_split_each_in_its_own_way():
    assert pasted("Specialty  Matched", "Child  Neurology\t12", "Urology    3")[1] == [
        (2, ["Child  Neurology", "12"]),
        (3, ["Urology", "3"]),
    ]


def test_a_pasted_row_broken_in_two_is_named_twice():
    _, rows, problems = pasted(
        "Specialty  Matched  Not Matched", "Physical Medicine and", "Rehabilitation  1  2", "12"
    )
    assert rows == [(3, ["Rehabilitation", "1", "2"])]  # refused later, being no specialty
    assert [problem.split(" (")[0] for problem in problems] == [
        "a.txt: row 2: the row has 1 part",
        "a.txt: row 4: the row has 1 part",
    ]


def test_a_pasted_header_without_columns_is_named():
    assert pasted("Specialty Matched", "Urology 3")[2] == [
        "a.txt: row 1, column Specialty Matched: the header is one column only (expected columns split by "
        "tabs or by two or more spaces; a title above them starts with '#')"
    ]


NOTES = {  # cells of the last row: whether it is a footnote
    ("* withheld", "", ""): True,
    ("[1] withheld", "", ""): True,
    ("Note: withheld", "", ""): True,
    ("Source: the report", "", ""): True,
    ("# a comment", "", ""): True,
    ("* Neurology", "", ""): False,
    ("#Neurology", "", ""): False,
    ("* withheld", "1", ""): False,
    ("Neurology", "", ""): False,
}


@pytest.mark.parametrize("cells, note", NOTES.items())
def test_a_withheld_row_behind_a_mark_is_no_footnote(cells, note):
    read = read_cells("a.csv", ("Specialty,Matched,Not Matched\nUrology,1,2\n" + ",".join(cells)).encode())
    assert len(read.rows) == (1 if note else 2) and not read.problems


def test_comments_are_skipped_above_the_header_alone():
    read = read_cells("a.csv", b"# one, two\n#\n\nSpecialty,Matched\n#Urology,1\n")
    assert (read.header, read.line, read.rows) == (["Specialty", "Matched"], 4, [(5, ["#Urology", "1"])])


CELLS = {  # what is in the cell, its format: what is read
    "a whole number": (3392, "General", "3392"),
    "a decimal": (0.1 + 0.2, "General", "0.3"),
    "a small one": (0.00001, "General", "0.00001"),
    "a large one": (12345678901234, "General", "12345678901234"),
    "with thousands in its format": (3392, "#,##0", "3392"),
    "a whole number kept as a decimal": (542.0, "0.0", "542"),
    "a percentage": (0.564, "0%", "56.4%"),
    "a percentage that no binary number is": (0.57, "0.00%", "57%"),
    "a percent sign that is a word": (56.4, '0.0"%"', "56.4"),
    "a text": ("  < 5 ", "General", "  < 5 "),
    "yes": (True, "General", "TRUE"),
    "nothing": (None, "0%", ""),
}


@pytest.mark.parametrize("value, form, text", CELLS.values(), ids=CELLS)
def test_a_cell_of_a_workbook(value, form, text):
    raw = book(
        [["a", "b"]],
        more=lambda made: (
            made.active.append([1, value]),
            setattr(made.active.cell(2, 2), "number_format", form),
        ),
    )
    rows = read_sheet(raw).rows
    assert rows[1] == (2, ["1", text]) and not isinstance(rows[1][1][1], BadCell)


def test_superscripts_are_footnote_marks():
    marked = CellRichText(
        "248", TextBlock(InlineFont(vertAlign="superscript"), "1"), TextBlock(InlineFont(b=True), "0")
    )
    rows, *_ = read_sheet(book([["a"]], more=lambda made: made.active.append([marked])))
    assert rows[1] == (2, ["2480"])


def test_a_formula_is_read_by_its_saved_value(raw, monkeypatch):
    """openpyxl saves no values, so the second reading, of values, is given a workbook that has them."""
    from matchmodel.tabular import workbook

    formulas = book(
        [["Specialty", "Matched", "Not Matched"], ["Urology", "x", 4]],
        more=lambda made: setattr(made.active["B2"], "value", "=1+2"),
    )
    values = book([["Specialty", "Matched", "Not Matched"], ["Urology", 3, 4]])
    real = workbook._load
    monkeypatch.setattr(
        workbook, "_load", lambda content, **how: real(values if how.get("data_only") else content, **how)
    )
    rows = read_sheet(formulas).rows
    assert rows[1] == (2, ["Urology", "3", "4"])


def test_two_sheets_of_one_workbook_are_two_tables(raw):
    def more(made):
        sheet = made.create_sheet("Ranks")
        for row in (
            ["Specialty", "Cohort", "n", "Q1", "Median", "Q3"],
            ["Urology", "Matched", 3, 1, 2, 3],
            ["Urology", "Not Matched", 4, 1, 1, 2],
        ):
            sheet.append(row)

    content = book([["Specialty", "Matched", "Not Matched"], ["Urology", 3, 4]], "Counts", more)
    kind = 'applicant_type = "non-us-img"'
    raw.alone("a.xlsx", "counts", content, kind, 'sheet = "Counts"').add(
        "a.xlsx", "quartiles", content, kind, 'sheet = "Ranks"', 'measure = "contiguous_ranks"'
    )
    assert {name: len(table) for name, table in raw.read().tables.items()} == {"counts": 1, "quartiles": 2}
    raw.add("a.xlsx", "quartiles", content, kind, 'sheet = "Ranks"', 'measure = "step1"')
    assert raw.problems() == [
        "report/source.toml: table 3: file: 'a.xlsx' is listed twice (expected each file once; it is table 2 "
        "already)"
    ]


def test_a_cell_merged_over_two_rows_is_not_a_withheld_one(raw):
    content = book(
        [["Specialty", "Matched", "Not Matched"], ["Urology", 3, 4], ["Neurology", None, 5]],
        more=lambda made: made.active.merge_cells("B2:B3"),
    )
    raw.alone("a.xlsx", "counts", content, 'applicant_type = "a"')
    assert raw.problems() == [
        "report/a.xlsx: row 3, column Matched: '' is covered by a merged cell (expected cells unmerged, each "
        "with its own value, or blank where suppressed)"
    ]


def test_a_title_merged_over_the_table_is_told_from_the_header(raw):
    content = book([["# Table 1"], ["Specialty", "Matched", "Not Matched"], ["Urology", 3, 4],
        ["* merged note"]],
                   more=lambda made: (made.active.merge_cells("A1:C1"),
                       made.active.merge_cells("A4:C4")))  # fmt: skip
    assert raw.alone("a.xlsx", "counts", content, 'applicant_type = "a"').read().table("counts")[
        "matched"
    ].tolist() == [3]


@pytest.mark.parametrize("suffix", [".txt", ".csv"])
@pytest.mark.parametrize("ends", ["|", ""])
def test_a_table_of_bars(suffix, ends):
    lines = ("Specialty | Matched, all | Not Matched", "---|---:|---:", "Urology | 3,392 | ", "Neurology | 1")
    text = "# a comment\n" + "".join(f"{ends} {line} {ends}\n" for line in lines)
    read = read_cells("a", text.replace(", all", "" if not ends else ", all").encode(), suffix)
    assert read.header == ["Specialty", "Matched, all" if ends else "Matched", "Not Matched"]
    assert read.rows == [(4, ["Urology", "3,392", ""])] and [p.row for p in read.problems] == [5]


def test_rows_that_nobody_sees_are_refused(raw):
    def more(made):
        made.active.row_dimensions[2].hidden = True
        for cell in made.active[3]:
            cell.font = Font(strike=True)

    rows = [
        ["Specialty", "Matched", "Not Matched"],
        ["Urology", 3, 4],
        ["Neurology", 4, 5],
        ["Pathology", 1, 2],
    ]
    raw.alone("a.xlsx", "counts", book(rows, more=more), 'applicant_type = "a"')
    assert raw.problems() == [
        f"report/a.xlsx: row {row}: the row is {why} (expected rows that show; delete the others)"
        for row, why in ((2, "hidden"), (3, "struck through"))
    ]


def test_every_damage_of_a_workbook_is_a_problem():
    """Bytes changed at every tenth place: a problem, or the same cells; never another figure."""
    whole = book([["Specialty", "Matched"], ["Urology", 3]])
    wanted = read_sheet(whole).rows
    refused = 0
    for at in range(0, len(whole), 10):
        try:
            assert read_sheet(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]).rows == wanted, at
        except Unreadable:
            refused += 1
    assert refused > 50
