"""A table's file as its header and rows.

Which reader takes the file; blank lines, footnotes and repeated headers left out.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ...errors import UnknownSpecialty
from ...specialty import canonical_specialty
from ...tabular import workbook
from ...tabular.cells import BadCell, is_suppressed, key, tidy_text
from ...tabular.decode import Unreadable, decode, other_format
from ...tabular.table import left_out
from ...tabular.text import HEAD, PASTED, Row, read_rows, trimmed
from ..layouts import Column, Layout
from ..problems import Problem

_MARK = r"[*†‡§¶#]|\[\w{1,2}\]"
_BELOW = re.compile(rf"^(?:{_MARK}|notes?\b\s*[:.]|sources?\s*:)", re.IGNORECASE)
_LEADING_MARKS = re.compile(rf"^(?:(?:{_MARK})\s*)+")


class Cells(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    header
        The printed column names; empty where the file has none.
    line
        Line of the header.
    rows
        Line number and cells of each row, all of the header's length.
    problems
        Rows of another length, and files that cannot be read.
    said
        What was left out, a line each.
    """

    header: list[str]
    line: int
    rows: list[Row]
    problems: list[Problem]
    said: list[str]


class Found(NamedTuple):
    """Where a file has a column of its layout.

    Attributes
    ----------
    at
        Its place among the file's columns; None where the file does not have it.
    printed
        Its name as printed.
    percent
        Whether it is in percent.
    """

    at: int | None
    printed: str
    percent: bool

    def cell(self, cells: Sequence[str]) -> str:
        """Return a row's cell in this column, empty where the file does not have the column."""
        return "" if self.at is None else cells[self.at]


def read_cells(
    name: str,
    raw: bytes,
    suffix: str = ".csv",
    sheet: str | None = None,
    known: Callable[[Sequence[str]], int] = len,
) -> Cells:
    """Split a table's file into its header and rows.

    Parameters
    ----------
    name
        The file's name, for problems.
    raw
        Its content.
    suffix
        The end of its name, in lower case; one that is not known is read as CSV.
    sheet
        Of a workbook: which sheet.
    known
        How many of a row's cells are names of columns: it tells the header from a title above it.

    Returns
    -------
    Cells
        Header, rows and problems.
    """
    lines, commented, broken = _lines(name, raw, suffix, sheet)
    if broken and not lines:
        return Cells([], 1, [], broken, [])
    lines, above = _below_titles(lines, known)
    table, head_comment = _shape(name, lines, suffix)
    header, line, rows, problems, said = table
    said += [left_out("above the header", above)] if above else []
    problems += broken
    if len(header) == 1:
        split = "tabs or by two or more spaces" if suffix == PASTED else "commas or tabs"
        expected = f"columns split by {split}; a title above them starts with '#'"
        fault = "the header is one column only"
        return Cells([], line, [], [Problem(name, line, tidy_text(header[0]), None, expected, fault)], [])
    if not header:
        problems.append(Problem.of_file(name, "a header and at least one row", "the file is empty"))
    elif not rows and not problems:
        begun = "is not filled in yet: " if commented or head_comment else ""
        expected = "at least one row below the header"
        problems.append(Problem.of_file(name, expected, f"{begun}the table has no rows"))
    return _without_blank_columns(table)


def _lines(name: str, raw: bytes, suffix: str, sheet: str | None) -> tuple[list[Row], bool, list[Problem]]:
    """Rows by the reader that the file asks for, whether comments were skipped, and problems."""
    try:
        if suffix in workbook.SUFFIXES:
            read = workbook.read_sheet(raw, sheet)
            unseen = [
                Problem(name, line, None, None, "rows that show; delete the others", f"the row is {why}")
                for line, why in read.unseen.items()
            ]
            return read.rows, False, unseen
        other = other_format(raw, suffix)
        if other:
            raise other
        rows, commented, broken = read_rows(decode(raw), suffix)
        return rows, commented, [problem_of(name, broken)] if broken else []
    except Unreadable as error:
        return [], False, [problem_of(name, error)]


def _below_titles(lines: list[Row], known: Callable[[Sequence[str]], int]) -> tuple[list[Row], list[int]]:
    """Leave out titles and notes above the header.

    The header is the first row of the first few that has most names of columns, where it has two or more and
    the rows above it have at most one.
    """
    head = [(line, cells) for line, cells in lines if any(tidy_text(cell) for cell in cells)][:HEAD]
    if known is len or not head or known(head[0][1]) > 1:
        return lines, []
    names, at = max((known(cells), -line) for line, cells in head)
    if names < 2:
        return lines, []
    above = [line for line, cells in head if line < -at and not tidy_text("".join(cells)).startswith("#")]
    return [(line, cells) for line, cells in lines if line >= -at], above


def problem_of(name: str, error: Unreadable) -> Problem:
    """Return what cannot be read as a problem of its file."""
    column = "sheet" if error.sheet is not None else None
    return Problem(name, error.line, column, error.sheet, error.expected, error.fault)


def _shape(name: str, lines: Iterable[Row], suffix: str) -> tuple[Cells, bool]:
    """Take the first line with something in it for the header, and measure every row by it.

    Returns the table, and whether a comment stands above the header.
    """
    table, commented = Cells([], 1, [], [], []), False
    for line, cells in lines:
        header = table.header
        filled = [cell for cell in cells if tidy_text(cell)]
        if not filled and not (header and any(isinstance(cell, BadCell) for cell in cells)):
            continue
        if not header:
            if tidy_text(filled[0]).startswith("#") and not isinstance(filled[0], BadCell):
                commented = True
                continue
            table = table._replace(header=trimmed(cells, 0), line=line)
            continue
        repeated = [key(cell) for cell in trimmed(cells, 0)] == [key(cell) for cell in header]
        if repeated or _is_note(cells, filled, header, suffix == PASTED):
            continue
        cells = trimmed(cells, len(header))
        if len(cells) != len(header):
            expected, fault = _wanted(header, cells, suffix), _has(cells, suffix)
            table.problems.append(Problem(name, line, None, None, expected, fault))
            continue
        table.rows.append((line, cells))
    return table, commented


def _is_note(cells: Sequence[str], filled: Sequence[str], header: Sequence[str], pasted: bool) -> bool:
    """Say whether a row is a footnote below the table.

    A specialty behind a mark, all its figures withheld, is a row.
    """
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


def _is_figure(cell: str) -> bool:
    return is_suppressed(cell) or tidy_text(cell)[:1].isdigit()


def _wanted(header: Sequence[str], cells: Sequence[str], suffix: str) -> str:
    if suffix == PASTED:
        split = "split by tabs or by two or more spaces; a suppressed cell is a dash"
        return f"{len(header)} as in the header, {split}"
    hint = (
        "; a number with a thousands separator stands in quotes"
        if len(cells) > len(header) and suffix not in workbook.SUFFIXES
        else ""
    )
    return f"{len(header)} cells as in the header{hint}"


def _has(cells: Sequence[str], suffix: str) -> str:
    if suffix != PASTED:
        return f"the row has {len(cells)} cells"
    return f"the row has {len(cells)} part" + ("" if len(cells) == 1 else "s")


def _without_blank_columns(table: Cells) -> Cells:
    """Leave out columns without a name and without a cell, as stand to the left of a sheet's table."""
    kept = [
        index
        for index, name in enumerate(table.header)
        if tidy_text(name) or any(tidy_text(cells[index]) for _, cells in table.rows)
    ]
    return table._replace(
        header=[table.header[index] for index in kept],
        rows=[(line, [cells[index] for index in kept]) for line, cells in table.rows],
    )


# What may stand before a column's name: which kinds of column, and what the table must be of then.
_PEOPLE, _VALUES = ("people", "share"), ("measured",)
_PREFIXES = {
    "nonusimg": ("non-us-img", _PEOPLE),
    "usimg": ("us-img", _PEOPLE),
    "img": ("", _PEOPLE),
    "n": ("", _PEOPLE),
    "step2": ("step2_ck", _VALUES),
    "step2ck": ("step2_ck", _VALUES),
    "step1": ("step1", _VALUES),
}


def names_of_columns(layout: Layout, given: Collection[str] = ()) -> Callable[[Sequence[str]], int]:
    """Return how to count the cells of a row that are names of a layout's columns."""
    wanted = _spellings((*layout.columns, *layout.checked))
    unread = {key(header) for header in layout.unread}
    return lambda cells: sum(_named(cell, wanted, given) is not None or key(cell) in unread for cell in cells)


def _named(
    printed: str, wanted: Mapping[str, tuple[Column, bool]], given: Collection[str]
) -> tuple[Column, bool] | None:
    """The column that a header names, and whether it is in percent.

    What stands before its name, such as 'IMG' or 'n', is taken off where no other type is named by it.
    """
    bare = key(printed)
    if bare in wanted:
        return wanted[bare]
    for prefix, (of, kinds) in _PREFIXES.items():
        column, percent = wanted.get(bare.removeprefix(prefix), (None, False))
        if column and bare.startswith(prefix) and column.kind in kinds and (not of or of in given):
            return column, percent
    return None


def match_header(
    name: str,
    header: Sequence[str],
    layout: Layout,
    comments: Collection[str],
    line: int = 1,
    given: Collection[str] = (),
) -> tuple[dict[str, Found], list[Problem]]:
    """Find the layout's columns in a printed header.

    Parameters
    ----------
    name
        The file's name, for problems.
    header
        The printed column names.
    layout
        What is looked for.
    comments
        Keys of columns that are let pass unread.
    line
        Where the header stands.
    given
        The applicant type and the measure that the table is of, where source.toml says them.

    Returns
    -------
    found
        By tidy name.
    problems
        Columns that are missing, unknown or there twice.
    """
    columns = [column for column in layout.columns if not column.derived]
    wanted = _spellings((*columns, *layout.checked))
    comments = {*comments, *(key(header) for header in layout.unread)}
    found: dict[str, Found] = {}
    problems: list[Problem] = []
    known = ", ".join(column.printed for column in columns)
    for index, printed in enumerate(header):
        bare = tidy_text(printed)
        named = _named(printed, wanted, given)
        if named is None:
            if key(printed) not in comments:
                fault = "unknown column" if bare else f"column {index + 1} has no name"
                problems.append(Problem(name, line, bare or None, None, f"one of {known}", fault))
            continue
        column, percent = named
        if column.name in found:
            fault = f"says the same as column {found[column.name].printed}"
            problems.append(Problem(name, line, bare, None, "each column once", fault))
            continue
        found[column.name] = Found(index, bare, percent)
    for column in columns:
        if column.required and column.name not in found:
            problems.append(
                Problem(name, line, column.printed, None, f"the columns {known}", "the column is missing")
            )
    return found, problems


def _spellings(columns: Iterable[Column]) -> dict[str, tuple[Column, bool]]:
    """Columns by every key that a header may have for them, and whether that one is in percent."""
    wanted = {}
    for column in columns:
        for spelling in (column.name, *column.headers):
            wanted[key(spelling)] = (column, key(spelling).startswith(("percent", "pct")))
            if column.kind == "share":
                wanted[key(spelling) + "pct"] = (column, True)
    return wanted
