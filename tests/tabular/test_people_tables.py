"""A person's table: whatever program saved it, the same cells; what is left out is said."""

import os

import pytest
from openpyxl.styles import Font

from matchmodel.errors import RefusedInput
from matchmodel.tabular import headers
from matchmodel.tabular.table import MOST_PROBLEMS, read_people, refuse

from ..etl.case_tables import book

KNOWN = headers.by_key({"name": ("who",), "age": ("years old", "age in years")})
PLAIN = "Who,Years old,Note\nÉva,30,a\nBo,unknown,b\n"
STRUCK = Font(strike=True)
CELLS = [["Éva", "30", "a"], ["Bo", "unknown", "b"]]


def count_known(cells):
    return sum(name is not None for name in headers.fields(cells, KNOWN))


def read(path, content, name="in.csv", **more):
    (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_people(path / name, count_known, "name,age", **more)


SAME = {  # the same table in other clothes
    "commas": PLAIN,
    "semicolons": PLAIN.replace(",", ";"),
    "tabs in a .csv": PLAIN.replace(",", "\t"),
    "Windows-1252": PLAIN.encode("cp1252"),
    "UTF-16": PLAIN.encode("utf-16"),
    "a mark and CRLF": b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode(),
    "sep=": "sep=;\n" + PLAIN.replace(",", ";"),
    "quoted": '"Who","Years old","Note"\n"Éva","30","a"\n"Bo","unknown","b"\n',
    "more commas in the cells than columns": PLAIN.replace(",", ";").replace("Who", '"Who"'),
    "blank cells at the end": PLAIN.replace("\n", ",,\n"),
    "blank lines": "\n" + PLAIN.replace("\n", "\n\n"),
    "bars": "| Who | Years old | Note |\n|---|:--:|---|\n| Éva | 30 | a |\n| Bo | unknown | b |\n",
    "bars without ends": "Who | Years old | Note\n--- | --- | ---\nÉva | 30 | a\nBo | unknown | b\n",
    "a workbook": book([["Who", "Years old", "Note"], ["Éva", 30, "a"], ["Bo", "unknown", "b"]]),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_cells(name, tmp_path):
    table = read(tmp_path, SAME[name])
    assert table.headers == ["Who", "Years old", "Note"] and [cells for _, cells in table.rows] == CELLS
    assert (table.said, table.faults) == ([], [])
    assert headers.mapped(table.headers, headers.fields(table.headers, KNOWN)) == (
        'Read: "Who" as name, "Years old" as age'
    )


SAID = {  # what is left out -> what is said
    "an empty last row": (PLAIN + ",,\n", ["Left out (empty): row 4"]),
    "many empty rows": (PLAIN + "\n,,\n" * 7, ["Left out (empty): rows 5, 7, 9, 11, 13 and 2 more"]),
    "a title": ("Our people, 2027\n\n" + PLAIN, ["Left out (above the header): row 1"]),
    "the header again": (PLAIN + PLAIN, ["Left out (the header again): row 4"]),
    "another sheet": (
        book([["Who", "Age"], ["a", 1]], more=lambda made: made.create_sheet("Old").append(["x"])),
        ["Read: the sheet Sheet1; 1 more is not read"],
    ),
    "hidden and struck through": (
        book(
            [["Who", "Age"], ["a", 1], ["b", 2], ["c", 3]],
            more=lambda made: (
                setattr(made.active.row_dimensions[2], "hidden", True),
                [setattr(cell, "font", STRUCK) for cell in made.active[4]],
            ),
        ),
        ["Left out (hidden): row 2", "Left out (struck through): row 4"],
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_left_out_is_said(name, tmp_path):
    content, wanted = SAID[name]
    table = read(tmp_path, content)
    assert table.said == wanted and table.faults == []


REFUSED = {  # a file -> its one line
    "nothing": (b"", "in.csv", "is empty; its first line names the columns, such as name,age"),
    "blank": (b"\n , \n", "in.csv", "is empty; its first line"),
    "a PDF": (b"%PDF-1.7", "in.csv", "is a PDF (expected the table itself"),
    "an old workbook": (b"\xd0\xcf\x11\xe0", "in.xls", "is an old or a locked Office file"),
    "another program's": (b"PK\x03\x04", "in.ods", "is a .ods file, which is not read"),
    "a damaged workbook": (b"PK\x03\x04 and more", "in.xlsx", "cannot be read: File is not a zip file"),
    "two encodings": (
        b"name\n\xe9 \xc3\xa9",
        "in.csv",
        "mixes UTF-8 with another encoding",
    ),
    "zero bytes": ("name".encode("utf-16-le"), "in.csv", "holds zero bytes"),
    "an open quote": (b'name,age\na,1\n"b,2\n', "in.csv", ": row 3 cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_line(name, tmp_path):
    content, file, words = REFUSED[name]
    with pytest.raises(RefusedInput) as refused:
        read(tmp_path, content, file)
    assert words in str(refused.value) and len(str(refused.value).splitlines()) == 1


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "in.csv")
    with pytest.raises(RefusedInput, match="it is not a regular file"):
        read_people(tmp_path / "in.csv", count_known, "name,age")


def test_a_cell_far_from_the_table_is_refused_at_once(tmp_path):
    content = book([["Who", "Age"]], more=lambda made: made.active.cell(65536, 256, 1))
    with pytest.raises(RefusedInput, match="reaches to row 65,536 and column 256"):
        read(tmp_path, content)


def test_comments_of_a_template(tmp_path):
    table = read(tmp_path, "# about, this\n" + PLAIN + "# Bo,1,2\n", comment="#")
    assert [cells for _, cells in table.rows] == CELLS and table.said == []


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    table = read(tmp_path, 'name,age\n\n"two\nlines",1\n\nb,2,3\nc\n')
    assert table.rows == [(3, ["two\nlines", "1"])]
    assert table.faults == [
        (5, " has another number of cells than the header (3, not 2)"),
        (6, " has another number of cells than the header (1, not 2)"),
    ]


def test_many_faults_are_counted():
    with pytest.raises(RefusedInput) as refused:
        refuse("in.csv", [(k, ": no") for k in range(1000, 0, -1)])
    lines = str(refused.value).splitlines()
    assert lines[0] == "in.csv: row 1: no" and lines[-1] == "in.csv: and 960 more problems"
    assert len(lines) == MOST_PROBLEMS + 1


def test_two_columns_of_one_meaning_are_named():
    names = ["Who", "age", "Age in years", "name"]
    assert headers.twice(names, headers.fields(names, KNOWN)) == [
        "two columns mean age: 'age' and 'Age in years'",
        "two columns mean name: 'Who' and 'name'",
    ]
