"""Every layout, as reports, spreadsheets and people write it: the tidy table is the same, cell for cell."""

import pandas as pd
import pytest

from matchmodel.etl.layouts import LAYOUTS
from matchmodel.etl.pipeline import gather
from matchmodel.etl.tidy import make_table

from ..case_tables import PLAIN, Case, as_csv, book, book_case, cells, column, csv_case, each_cell, is_number
from ..conftest import Raw

COMMENT = '# how the "report" prints it, with commas; and a quote " alone\n'


def test_every_layout_has_a_plain_table():
    assert set(PLAIN) == set(LAYOUTS)


def text_case(change):
    """A variant of the CSV's text; str or bytes."""

    def make(layout):
        content = change(as_csv(*cells(layout)))
        return csv_case(layout)._replace(content=content if isinstance(content, bytes) else content.encode())

    return make


def header_case(change):
    return lambda layout: csv_case(layout, ([change(name) for name in cells(layout)[0]], cells(layout)[1]))


def cell_case(change):
    """change(layout, header, cell), and no case where nothing changes."""

    def make(layout):
        table = each_cell(layout, lambda name, cell: change(layout, name, cell))
        return csv_case(layout, table) if table != cells(layout) else None

    return make


def thousands(layout, name, cell):
    plain = (
        is_number(layout, name) and column(layout, name).kind != "year" and cell.isdigit() and len(cell) > 3
    )
    return f"{int(cell):,}" if plain else cell


def percent(layout, name, cell):
    if column(layout, name).kind != "share" or not cell:
        return cell
    return f"{cell} %" if name.endswith("Pct") else f"{100 * float(cell):g}%"


def marked(mark):
    """Footnote marks behind numbers and specialties; other texts are taken as they are."""
    return lambda layout, name, cell: (
        cell + mark
        if cell and (is_number(layout, name) or column(layout, name).kind.startswith("specialty"))
        else cell
    )


def withheld(word):
    return lambda layout, name, cell: word if not cell and is_number(layout, name) else cell


def minus(layout, name, cell):
    return cell.replace("-", "−") if is_number(layout, name) else cell


def total_rows(layout):
    header, rows = cells(layout)
    at = next((at for at, name in enumerate(header) if name == "Specialty"), None)
    if at is None or LAYOUTS[layout].totals:
        return None
    sums = rows[0]
    if layout == "counts":  # the others' totals are of rows that are alike but for the specialty
        sums = [str(sum(int(row[k] or 0) for row in rows)) if k != at else "" for k in range(len(header))]
    above, below = (
        [word if index == at else cell for index, cell in enumerate(sums)]
        for word in ("All Specialties", "TOTAL*")
    )
    return csv_case(layout, (header, [above, *rows, below]))


def turned(layout):
    header, rows = cells(layout)
    return csv_case(layout, (header[::-1], [row[::-1] for row in rows]))


def pasted(gap, comments=True):
    """Pasted out of a PDF: withheld numbers are dashes, as they are in print."""

    def make(layout):
        header, rows = each_cell(layout, lambda name, cell: cell or "–")
        lines = [gap.join(row) for row in (header, *rows)]
        text = "\n\n".join(lines) + ("\n* a footnote  below, in two parts\n" if comments else "\n")
        return Case(
            layout,
            "a.txt",
            (("# above\n" if comments else "") + text + ("# below\n" if comments else "")).encode(),
            PLAIN[layout][0],
        )

    return make


def aligned(layout):
    """As a PDF's text is laid out: columns in their widths, a page's end in between, the header once more."""
    header, rows = each_cell(layout, lambda name, cell: cell or "–")
    widths = [max(len(row[at]) for row in (header, *rows)) for at in range(len(header))]
    lines = [
        "   " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        for row in (header, rows[0], header, *rows[1:])
    ]
    lines[2] = "\f" + lines[2]
    return Case(layout, "a.txt", "\r\n".join(lines).encode(), PLAIN[layout][0])


def all_in_quotes(text):
    return "\n".join('"' + line.replace(",", '","') + '"' for line in text.splitlines())


def shares_as_percentages(layout):
    """What a spreadsheet keeps of a typed '56.4%': 0.564 and a format."""
    header, _ = cells(layout)
    columns = [at for at, name in enumerate(header) if column(layout, name).kind == "share"]
    if not columns:
        return None

    def change(made):
        for row in made.active.iter_rows(min_row=2):
            for at in columns:
                if row[at].value is None:
                    continue
                row[at].value /= 100 if header[at].endswith("Pct") else 1
                row[at].number_format = '0.0"x"%' if at % 2 else "0.00%"

    return book_case(layout, more=change)


def offset(layout):
    """A table that begins in the third column of the third row, below a comment, with a footnote."""
    header, rows = cells(layout)
    return book_case(
        layout,
        [
            ["# a comment, made up"],
            [],
            *([None, None, *row] for row in (header, *rows)),
            [None, None, "* withheld"],
        ],
    )


def on_a_named_sheet(layout):
    header, rows = cells(layout)

    def change(made):
        sheet = made.create_sheet("The Table ")
        for row in (header, *rows):
            sheet.append(row)  # all as texts, as pasted

    return book_case(layout, [["not", "this"]], ('sheet = "the table"',), more=change)


GOOD = {
    "plain": csv_case,
    "header in capitals": header_case(str.upper),
    "header in lower case with underscores": header_case(lambda name: name.lower().replace(" ", "_")),
    "header with hyphens and blanks": header_case(lambda name: f"  {name.replace(' ', '-')} "),
    "header over two lines": header_case(lambda name: name.replace(" ", "\n")),
    "header with footnote marks": header_case(lambda name: f"{name} [1]*"),
    "columns turned round": turned,
    "thousands separators": cell_case(thousands),
    "thousands apart by a no-break space": cell_case(lambda *cell: thousands(*cell).replace(",", "\u00a0")),
    "percent signs": cell_case(percent),
    "footnote marks": cell_case(marked("*")),
    "marks before specialties": cell_case(lambda layout, name, cell: f"† {cell}" if column(layout,
        name).kind.startswith("specialty") and cell not in ("", "All") else cell),
    "footnotes in brackets": cell_case(marked(" [2]")),
    "superscripts": cell_case(marked("¹ ²")),
    "en dashes": cell_case(withheld("–")),
    "asterisks": cell_case(withheld("*")),
    "fewer than five": cell_case(withheld("< 5")),
    "n/a": cell_case(withheld("N/A")),
    "minus signs": cell_case(minus),
    "blanks around cells": cell_case(lambda layout, name, cell: f" {cell}\u00a0"),
    "all in quotes": text_case(all_in_quotes),
    "total rows": total_rows,
    "blank lines": text_case(lambda text: "\n\n" + text.replace("\n", "\n\n , \n")),
    "no last line end": text_case(str.rstrip),
    "byte-order mark": text_case(lambda text: b"\xef\xbb\xbf" + text.encode()),
    "CRLF": text_case(lambda text: text.replace("\n", "\r\n")),
    "old Mac line ends": text_case(lambda text: text.replace("\n", "\r")),
    "UTF-16": text_case(lambda text: text.encode("utf-16")),
    "UTF-16, the other way": text_case(lambda text: b"\xfe\xff" + text.encode("utf-16-be")),
    "Windows-1252": text_case(lambda text: (text + "* withheld – “so”\n").encode("cp1252")),
    "comments above": text_case(lambda text: COMMENT + COMMENT + text),
    "a comment that a spreadsheet has quoted": text_case(lambda text: '"# how the ""report"" prints it, with '
        'commas",,\n' + text),
    "a comment behind a byte-order mark": text_case(lambda text: ("\ufeff" + COMMENT + text).encode()),
    "footnotes below": text_case(lambda text: text + '* withheld\n"Note: a note, with a comma"\n'
        'Source: the report,,\n# a comment\n'),
    "header again on the next page": text_case(lambda text: text + text.splitlines()[0].upper() + "\n"),
    "a spreadsheet's own first line": text_case(lambda text: "sep=,\n" + text),
    "tabs in a .csv": lambda layout: csv_case(layout, delimiter="\t"),
    "TSV": lambda layout: csv_case(layout, file="a.tsv", delimiter="\t"),
    "TSV in capitals with CRLF": lambda layout: csv_case(layout, file="A.TSV", delimiter="\t", end="\r\n"),
    "TSV in UTF-16": lambda layout: csv_case(layout, file="a.txt",
        delimiter="\t")._replace(content=as_csv(*cells(layout), delimiter="\t").encode("utf-16")),
    "CSV called .txt": lambda layout: csv_case(layout, file="a.txt"),
    "pasted, tabs": pasted("\t"),
    "pasted, two spaces": pasted("  "),
    "pasted, many spaces": pasted(" \u00a0     "),
    "pasted, nothing but the table": pasted("   ", comments=False),
    "pasted, aligned over two pages": aligned,
    "workbook": book_case,
    "workbook, all texts": lambda layout: book_case(layout, more=lambda made: [setattr(cell, "value",
        f"{cell.value}") for row in made.active for cell in row if cell.value is not None]),
    "workbook, not at the edge": offset,
    "workbook, another sheet": on_a_named_sheet,
    "workbook, hidden sheet first": lambda layout: book_case(layout,
        more=lambda made: setattr(made.create_sheet("Hidden", 0), "sheet_state", "hidden")),
    "workbook, percentages": shares_as_percentages,
    "workbook with macros by its name": lambda layout: Case(layout, "a.xlsm", book([cells(layout)[0],
        *cells(layout)[1]]), PLAIN[layout][0]),
}  # fmt: skip
# What a change finds nothing to do in is no case; every variant finds something somewhere.
CASES = {(variant, layout): make(layout) for variant, make in GOOD.items() for layout in PLAIN}


def test_every_variant_is_tried():
    assert {variant for (variant, _), case in CASES.items() if case is not None} == set(GOOD)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The tidy table of every plain one, validated."""
    return {
        layout: csv_case(layout).put(Raw(tmp_path_factory.mktemp(layout))).read().tables[layout]
        for layout in PLAIN
    }


@pytest.mark.parametrize("variant, layout", [name for name, case in CASES.items() if case is not None])
def test_the_tidy_table_is_the_plain_ones(raw, plain, variant, layout):
    gathered = gather(CASES[variant, layout].put(raw).path)
    read = gathered.records()
    assert not gathered.problems and set(read) == {layout} and len(plain[layout]) == len(cells(layout)[1])
    table = make_table(layout, [record.values for record in read[layout]])
    pd.testing.assert_frame_equal(table, plain[layout], check_exact=True)
