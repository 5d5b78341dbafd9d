"""Every layout, spoilt.

`etl` and `check` end with exit status 2, name file, row and column, and leave every file as it was.
"""

import datetime
import io
import zipfile

import openpyxl
import pytest

from matchmodel.etl.kinds import NumberKind, TextKind
from matchmodel.etl.layouts import LAYOUTS

from ..case_tables import PLAIN, Case, as_csv, book, book_case, cells, column, csv_case, first
from ..conftest import COUNTS, TOML

TYPE = 'applicant_type = "non-us-img"'


def spoilt_cell(suits, text, fault):
    """Put `text` in place of the first cell of a column that suits; the line names row 2 and the column."""

    def make(layout):
        found = first(layout, suits)
        if found is None:
            return None
        header, rows = cells(layout)
        rows[0][found[0]] = text
        return csv_case(layout, (header, rows)), f"report/a.csv: row 2, column {found[1]}: '{text}' {fault}"

    return make


def spoilt_number(text, fault, suits=lambda kind: True):
    return spoilt_cell(lambda kind: isinstance(kind, NumberKind) and suits(kind), text, fault)


def spoilt_word(word, text, fault):
    """Spoil a cell of a column whose list has the word."""
    return spoilt_cell(lambda kind: isinstance(kind, TextKind) and word in kind.words, text, fault)


def spoilt_header(change, fault):
    """Change the header (and its rows); `fault` is made of the name of the column in question."""

    def make(layout):
        header, rows = cells(layout)
        header, rows, name = change(layout, header, rows)
        return csv_case(layout, (header, rows)), f"report/a.csv: row 1, column {name}: {fault}"

    return make


def without_column(layout, header, rows):
    at = next(at for at, name in enumerate(header) if column(layout, name).required)
    return (
        [name for name in header if name != header[at]],
        [row[:at] + row[at + 1 :] for row in rows],
        column(layout, header[at]).printed,
    )


def column_more(layout, header, rows):
    return [*header, "Shoe Size"], [[*row, "1"] for row in rows], "Shoe Size"


def column_twice(layout, header, rows):
    return [*header, header[0].upper() + "*"], [[*row, row[0]] for row in rows], header[0].upper() + "*"


def row_twice(layout):
    header, rows = cells(layout)
    if not LAYOUTS[layout].identity:
        return None
    return csv_case(layout, (header, [*rows, rows[0]])), f"report/a.csv: row {len(rows) + 2}: repeats row 2"


def row_of_another_length(cut):
    def make(layout):
        header, rows = cells(layout)
        rows[1] = rows[1][:-1] if cut else [*rows[1], "7"]
        return csv_case(
            layout, (header, rows)
        ), f"report/a.csv: row 3: the row has {len(rows[1])} cells (expected {len(header)} cells"

    return make


def pasted(change, fault):
    """Pasted text whose row 3 is changed."""

    def make(layout):
        header, rows = cells(layout)
        lines = ["   ".join(cell or "–" for cell in row) for row in (header, *rows)]
        lines[2] = change(lines[2])
        return Case(
            layout, "a.txt", "\n".join(lines).encode(), PLAIN[layout][0]
        ), f"report/a.txt: row 3: {fault.format(len(header) - 1, len(header) + 1, len(header))}"

    return make


def spoilt_text(change, fault, file="a.csv"):
    def make(layout):
        content = change(as_csv(*cells(layout)))
        return csv_case(layout, file=file)._replace(
            content=content if isinstance(content, bytes) else content.encode()
        ), fault

    return make


def spoilt_book(change, fault):
    """A workbook whose first row's first number is changed by change(cell, sheet)."""

    def make(layout):
        found = first(layout, lambda kind: isinstance(kind, NumberKind))
        if found is None:
            return None
        at, name = found
        case = book_case(layout, more=lambda made: change(made.active.cell(2, at + 1), made.active))
        return case, f"report/a.xlsx: row 2, column {name}: {fault}"

    return make


def a_chart_alone(layout):
    made = openpyxl.Workbook()
    made.create_chartsheet("Chart")
    made.remove(made["Sheet"])
    out = io.BytesIO()
    made.save(out)
    return Case(layout, "a.xlsx", out.getvalue(), PLAIN[layout][0]), "report/a.xlsx: "


def a_zip(layout):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.csv", as_csv(*cells(layout)))
    return Case(layout, "a.xlsx", out.getvalue(), PLAIN[layout][0]), "report/a.xlsx: cannot be read: "


def keys(*more, fault, file="a.csv", spoil=None):
    """Keys of the [[table]] spoilt; spoil(layout) gives other words for its file and layout."""

    def make(layout):
        case = csv_case(layout, file=file, keys=(*PLAIN[layout][0], *more))
        return (spoil(case) if spoil else case), f"report/source.toml: table 1: {fault}"

    return make


def given_nowhere(layout):
    case = csv_case(layout, keys=())
    return (case, "report/a.csv: Applicant Type: is given nowhere") if TYPE in PLAIN[layout][0] else None


BAD = {
    "a column missing": spoilt_header(without_column, "the column is missing"),
    "a column that is unknown": spoilt_header(column_more, "unknown column"),
    "a column twice": spoilt_header(column_twice, "says the same as column"),
    "a row twice": row_twice,
    "a row too short": row_of_another_length(True),
    "a row too long": row_of_another_length(False),
    "text in a number": spoilt_number("24l", "is not a number"),
    "a spreadsheet's error": spoilt_number("#VALUE!", "is not a number"),
    "two numbers": spoilt_number("12 (17)", "is not a number"),
    "a decimal comma": spoilt_number("1,5", "is not a number"),
    "an exponent": spoilt_number("1e3", "is not a number"),
    "negative": spoilt_number("-5", "is negative", lambda kind: kind.low == 0 and not kind.positive),
    "a fraction where whole": spoilt_number("1990.5", "is not a whole number", lambda kind: kind.whole),
    "a percentage of no share": spoilt_number("41.9%", "is a percentage", lambda kind: not kind.share),
    "over 100 percent": spoilt_number("100.1%", "is above 100", lambda kind: kind.share),
    "a share beyond its scale": spoilt_number("148.5", "is above 1", lambda kind: kind.share),
    "a correlation beyond 1": spoilt_number("1.01", "is above 1", lambda kind: kind.low == -1),
    "a year of two digits": spoilt_number("26", "is below 1950", lambda kind: kind.low == 1950),
    "an unknown specialty": spoilt_cell(
        lambda kind: kind.expected.startswith("a specialty"),
        "Internal Medcine",
        "is no known specialty (expected Internal Medicine",
    ),
    "an unknown cohort": spoilt_word("matched", "Perhaps", "is no cohort (expected Matched or Not Matched)"),
    "an unknown grade": spoilt_word("D", "E", "is no grade (expected A, B, C or D)"),
    "neither yes nor no": spoilt_word("yes", "maybe", "is neither yes nor no"),
    "a word of no list": spoilt_cell(
        lambda kind: kind.expected.startswith("one of"), "log_ods_match", "is no known "
    ),
    "no date": spoilt_cell(lambda kind: kind.expected.startswith("a date"), "July 2022",
        "is no date (expected a date such as 2025-07-01"),
    "no bin": spoilt_cell(lambda kind: "bin such as" in kind.expected, "5-Jan", "is not a bin"),
    "a type given nowhere": given_nowhere,
    "nothing": spoilt_text(lambda text: "", "report/a.csv: the file is empty"),
    "a comment alone": spoilt_text(lambda text: "# nothing yet\n", "report/a.csv: the file is empty"),
    "a header alone": spoilt_text(lambda text: text.splitlines()[0], "report/a.csv: the table has no rows"),
    "not filled in": spoilt_text(lambda text: "# how\n" + text.splitlines()[0],
        "report/a.csv: is not filled in yet: the table has no rows"),
    "a row below comments": spoilt_text(lambda text: f"# how\n\n#\n{text}x\n",
        "report/a.csv: row {rows+5}: the row has 1 cells"),
    "a header below comments": spoilt_text(lambda text: f"# how\n\n{text}".replace("\n", ",Shoe Size\n",
        3).replace("# how,Shoe Size", "# how").replace("\n,Shoe Size", "\n", 1),
                                           "report/a.csv: row 3, column Shoe Size: unknown column"),
    "an open quote": spoilt_text(lambda text: text + '"open\n', "report/a.csv: row {rows+2}: cannot be read"),
    "semicolons": spoilt_text(lambda text: text.replace(",", ";"),
        "report/a.csv: is split by semicolons, where 3.392 may mean 3,392"),
    "semicolons, as the first line says": spoilt_text(lambda text: "sep=;\n" + text.replace(",", ";"),
        "report/a.csv: is split by semicolons"),
    "semicolons in .txt": spoilt_text(lambda text: text.replace(",", ";"),
        "report/a.txt: is split by semicolons", "a.txt"),
    "single spaces in .txt": spoilt_text(lambda text: text.replace(",", " "), "report/a.txt: row 1, column ",
        "a.txt"),
    "two encodings": spoilt_text(lambda text: text.encode() + "* one – \n".encode() + b"* other \x96\n",
        "report/a.csv: mixes UTF-8 with another encoding (first at line {rows+3})"),
    "UTF-16 without its mark": spoilt_text(lambda text: text.encode("utf-16-le"),
        "report/a.csv: holds zero bytes"),
    "UTF-16 cut off": spoilt_text(lambda text: text.encode("utf-16")[:-1],
        "report/a.csv: begins as UTF-16 and does not go on so"),
    "UTF-8 cut off": spoilt_text(lambda text: b"\xef\xbb\xbf" + (text + "–").encode()[:-1],
        "report/a.csv: begins as UTF-8 and does not go on so"),
    "a PDF": spoilt_text(lambda text: b"%PDF-1.7 " + text.encode(), "report/a.csv: is a PDF"),
    "a workbook called .csv": spoilt_text(lambda text: book([["a"]]),
        "report/a.csv: is a workbook or another packed file by its content"),
    "a text called .xlsx": spoilt_text(lambda text: text, "report/a.xlsx: is no workbook by its content",
        "a.xlsx"),
    "an old workbook": spoilt_text(lambda text: b"\xd0\xcf\x11\xe0" + text.encode(),
        "report/a.xls: is an old or a locked Office file", "a.xls"),
    "a file that is not read": spoilt_text(lambda text: text,
        "report/a.ods: is a .ods file, which is not read", "a.ods"),
    "a workbook cut off": spoilt_text(lambda text: book([["a"]])[:-300], "report/a.xlsx: cannot be read: ",
        "a.xlsx"),
    "a packed text called .xlsx": a_zip,
    "a workbook of a chart": a_chart_alone,
    "an empty workbook": spoilt_text(lambda text: book([]), "report/a.xlsx: the file is empty", "a.xlsx"),
    "a date of a spreadsheet": spoilt_book(lambda cell, sheet: setattr(cell, "value", datetime.date(2027, 1,
        5)), "'2027-01-05' is a date or a time (expected the text as printed"),
    "a formula without its value": spoilt_book(lambda cell, sheet: setattr(cell, "value", "=1+1"),
        "'=1+1' is a formula whose value was not saved with it"),
    "an error in a cell": spoilt_book(lambda cell, sheet: (setattr(cell, "value", "#REF!"), setattr(cell,
        "data_type", "e")), "'#REF!' is a spreadsheet's error"),
    "cells merged": spoilt_book(lambda cell, sheet: (setattr(sheet.cell(1, cell.column), "value",
        sheet.cell(1, cell.column).value), sheet.merge_cells(None, 1, cell.column, 2, cell.column)),
                                "'' is covered by a merged cell (expected cells unmerged"),
    "a true in a number": spoilt_book(lambda cell, sheet: setattr(cell, "value", True), "'TRUE' "),
    "a part too few in pasted text": pasted(lambda line: line.rpartition("   ")[0], "the row has {0} part"),
    "a part too many in pasted text": pasted(lambda line: line + "   7",
        "the row has {1} parts (expected {2} as in the header, split by tabs or by two or more spaces; a "
        "suppressed cell is a dash)"),
    "cells run together in pasted text": pasted(lambda line: line.replace("   ", " ", 1),
        "the row has {0} part"),
    "a sheet that is not there": lambda layout: (book_case(layout, keys=('sheet = "Table 9"',)),
        "report/a.xlsx (sheet Table 9): sheet: 'Table 9' is no sheet of this workbook (expected one of "
        "Sheet1)"),
    "a sheet of a text": keys('sheet = "Sheet1"',
        fault="sheet: 'Sheet1' is asked of a file that is no workbook"),
    "an unknown key": keys('sheets = "Sheet1"', fault="sheets: unknown key (expected sheet, one of"),
    "a page not filled in": keys('page = "FILL IN: the page"',
        fault="page: 'FILL IN: the page' is not filled in yet"),
    "an unknown layout": keys(fault="layout: 'shoe-sizes' is no known layout (expected one of counts",
        spoil=lambda case: case._replace(layout="shoe-sizes")),
    "a file outside": keys(fault="file: '../elsewhere.csv' is outside its folder", file="../elsewhere.csv"),
}  # fmt: skip
CASES = {
    (variant, layout): made
    for variant, make in BAD.items()
    for layout in PLAIN
    if (made := make(layout)) is not None
}


def test_every_variant_is_tried():
    assert {variant for variant, _ in CASES} == set(BAD)


@pytest.mark.parametrize("variant, layout", CASES)
def test_it_is_refused_and_nothing_is_touched(raw, ended, variant, layout):
    case, line = CASES[variant, layout]
    case.put(raw)
    ended(
        [
            line.replace("{rows+2}", f"{len(cells(layout)[1]) + 2}")
            .replace("{rows+3}", f"{len(cells(layout)[1]) + 3}")
            .replace("{rows+5}", f"{len(cells(layout)[1]) + 5}")
        ]
    )


def test_a_missing_file_and_a_link_outside(raw, ended, tmp_path):
    (tmp_path / "elsewhere.csv").write_text(COUNTS)
    (raw.path / "report" / "linked.csv").symlink_to(tmp_path / "elsewhere.csv")
    table = '[[table]]\nfile = "{}"\nlayout = "counts"\napplicant_type = "a"\n'
    raw.toml(TOML + table.format("gone.csv") + table.format("linked.csv") + table.format("/etc/hostname"))
    ended(["report/source.toml: table 1: file: 'gone.csv' is missing",
        "report/source.toml: table 2: file: 'linked.csv' is outside its folder",
           "report/source.toml: table 3: file: '/etc/hostname' is outside its folder"])  # fmt: skip
