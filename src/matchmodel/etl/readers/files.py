"""A table's file as its header and rows: which reader takes it, blank lines, footnotes and repeated headers left out."""

import re
from typing import NamedTuple

from ...errors import UnknownSpecialty
from ...specialties import canonical_specialty
from ..problems import Problem
from . import workbook
from .cells import BadCell, is_suppressed, key, tidy_text
from .decoding import Undecodable, decode, other_format
from .text_tables import PASTED, read_rows

SUFFIXES = (".csv", ".tsv", ".tab", PASTED, *workbook.SUFFIXES)
_OTHER_TABLES = (
    ".xls",
    ".xlsb",
    ".ods",
    ".numbers",
    ".pdf",
    ".doc",
    ".docx",
    ".html",
    ".htm",
    ".json",
    ".parquet",
)
_MARK = r"[*†‡§¶#]|\[\w{1,2}\]"
_BELOW = re.compile(rf"^(?:{_MARK}|notes?\b\s*[:.]|sources?\s*:)", re.IGNORECASE)
_LEADING_MARKS = re.compile(rf"^(?:(?:{_MARK})\s*)+")


class Cells(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    header : list of str
        The printed column names; empty where the file has none.
    line : int
        Line of the header.
    rows : list of (int, list of str)
        Line number and cells of each row, all of the header's length.
    problems : list of Problem
        Rows of another length, and files that cannot be read.
    """

    header: list
    line: int
    rows: list
    problems: list


def read_cells(name, raw, suffix=".csv", sheet=None):
    """Split a table's file into its header and rows.

    Parameters
    ----------
    name : str
        The file's name, for problems.
    raw : bytes
        Its content.
    suffix : str
        The end of its name, in lower case; one that is not known is read as CSV.
    sheet : str, optional
        Of a workbook: which sheet.

    Returns
    -------
    Cells
        Header, rows and problems.
    """
    commented, broken = False, []
    if suffix in workbook.SUFFIXES:
        lines, broken = workbook.read_sheet(name, raw, sheet)
    elif other_format(raw) or suffix in _OTHER_TABLES:
        fault, expected = other_format(raw) or (
            f"is a {suffix} file, which is not read",
            "a table as .csv, .tsv, .xlsx, or .txt pasted out of the PDF",
        )
        lines, broken = [], [Problem(name, None, None, None, expected, fault)]
    else:
        try:
            lines, commented, broken = read_rows(name, decode(raw), suffix)
        except Undecodable as error:
            lines, broken = [], [Problem(name, None, None, None, error.expected, error.fault)]
    if broken and not lines:
        return Cells([], 1, [], broken)
    header, line, rows, problems, head_comment = _shape(name, lines, suffix)
    problems += broken
    if len(header) == 1:
        split = "tabs or by two or more spaces" if suffix == PASTED else "commas or tabs"
        expected = f"columns split by {split}; a title above them starts with '#'"
        return Cells(
            [],
            line,
            [],
            [Problem(name, line, tidy_text(header[0]), None, expected, "the header is one column only")],
        )
    if not header:
        problems.append(Problem(name, None, None, None, "a header and at least one row", "the file is empty"))
    elif not rows and not problems:
        begun = "is not filled in yet: " if commented or head_comment else ""
        problems.append(
            Problem(
                name, None, None, None, "at least one row below the header", f"{begun}the table has no rows"
            )
        )
    return Cells(*_without_blank_columns(header, rows, line), problems)


def _shape(name, lines, suffix):
    """Take the first line with something in it for the header, and hold every row against it."""
    header, at, rows, problems, commented = [], 1, [], [], False
    for line, cells in lines:
        filled = [cell for cell in cells if tidy_text(cell)]
        if not filled and not (header and any(isinstance(cell, BadCell) for cell in cells)):
            continue
        if not header:
            if tidy_text(filled[0]).startswith("#") and not isinstance(filled[0], BadCell):
                commented = True
                continue
            header, at = _trimmed(cells, 0), line
            continue
        if _is_note(cells, filled, header, suffix == PASTED) or [
            key(cell) for cell in _trimmed(cells, 0)
        ] == [key(cell) for cell in header]:
            continue
        cells = _trimmed(cells, len(header))
        if len(cells) != len(header):
            problems.append(
                Problem(name, line, None, None, _wanted(header, cells, suffix), _has(cells, suffix))
            )
            continue
        rows.append((line, cells))
    return header, at, rows, problems, commented


def _trimmed(cells, most):
    """Cells without the blank ones at the end that are more than `most`."""
    cells = list(cells)
    while len(cells) > most and not tidy_text(cells[-1]):
        cells.pop()
    return cells


def _is_note(cells, filled, header, pasted):
    """Say whether a row is a footnote below the table; a specialty behind a mark, all its figures withheld, is a row."""
    start = next(index for index, name in enumerate(header) if tidy_text(name))
    first = tidy_text(cells[start]) if start < len(cells) else ""
    if not _BELOW.match(first) or isinstance(cells[start], BadCell):
        return False
    split = pasted and len(cells) != len(header) and not any(_is_figure(cell) for cell in filled[1:])
    if len(filled) > 1 and not split:
        return False
    try:
        canonical_specialty(_LEADING_MARKS.sub("", first))
    except UnknownSpecialty:
        return True
    return False


def _is_figure(cell):
    return is_suppressed(cell) or tidy_text(cell)[:1].isdigit()


def _wanted(header, cells, suffix):
    if suffix == PASTED:
        return f"{len(header)} as in the header, split by tabs or by two or more spaces; a suppressed cell is a dash"
    hint = (
        "; a number with a thousands separator stands in quotes"
        if len(cells) > len(header) and suffix not in workbook.SUFFIXES
        else ""
    )
    return f"{len(header)} cells as in the header{hint}"


def _has(cells, suffix):
    if suffix != PASTED:
        return f"the row has {len(cells)} cells"
    return f"the row has {len(cells)} part" + ("" if len(cells) == 1 else "s")


def _without_blank_columns(header, rows, line):
    """Leave out columns without a name and without a cell, as stand to the left of a sheet's table."""
    kept = [
        index
        for index, name in enumerate(header)
        if tidy_text(name) or any(tidy_text(cells[index]) for _, cells in rows)
    ]
    return (
        [header[index] for index in kept],
        line,
        [(number, [cells[index] for index in kept]) for number, cells in rows],
    )


def match_header(name, header, layout, comments, line=1):
    """Find the layout's columns in a printed header.

    Parameters
    ----------
    name : str
        The file's name, for problems.
    header : list of str
        The printed column names.
    layout : Layout
        What is looked for.
    comments : set of str
        Keys of columns that are let pass unread.
    line : int
        Where the header stands.

    Returns
    -------
    found : dict
        Tidy name to (index, printed name, whether in percent).
    problems : list of Problem
        Columns that are missing, unknown or there twice.
    """
    wanted = {}
    columns = [column for column in layout.columns if not column.derived]
    for column in columns:
        for spelling in (column.name, *column.headers):
            wanted[key(spelling)] = (column, False)
            if column.kind == "share":
                wanted[key(spelling) + "pct"] = (column, True)
    found, problems = {}, []
    known = ", ".join(column.printed for column in columns)
    for index, printed in enumerate(header):
        if key(printed) not in wanted:
            if key(printed) not in comments:
                fault = "unknown column" if tidy_text(printed) else f"column {index + 1} has no name"
                problems.append(
                    Problem(name, line, tidy_text(printed) or None, None, f"one of {known}", fault)
                )
            continue
        column, percent = wanted[key(printed)]
        if column.name in found:
            other = found[column.name][1]
            problems.append(
                Problem(
                    name,
                    line,
                    tidy_text(printed),
                    None,
                    "each column once",
                    f"says the same as column {other}",
                )
            )
            continue
        found[column.name] = (index, tidy_text(printed), percent)
    for column in columns:
        if column.required and column.name not in found:
            problems.append(
                Problem(name, line, column.printed, None, f"the columns {known}", "the column is missing")
            )
    return found, problems
