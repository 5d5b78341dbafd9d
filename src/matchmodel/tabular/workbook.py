"""A sheet of an Excel workbook as rows of printed cells; openpyxl is imported only where there is one."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from .cells import BadCell, tidy_text
from .decode import Unreadable, other_format
from .text import Row

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SUFFIXES = (".xlsx", ".xlsm")
MOST_CELLS = 3_000_000  # empty ones between take time too
MOST_UNPACKED = 64_000_000  # bytes
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')  # of a number format: what is no placeholder
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,9}):([A-Z]{1,3})(\d{1,9})")
_VALUES = "its value: copy the cells and paste them as values"
_SPLIT = "cells unmerged, each with its own value"
_AS_TEXT = (
    "the text as printed; a spreadsheet makes a date of '1-5': format the column as text and type it again"
)


class SheetRows(NamedTuple):
    """A sheet as read.

    Attributes
    ----------
    rows
        Row number and cells. A number is the stored one, in full; where its format is a percentage it is in
        percent with the sign (a stored 0.564 is '56.4%'), which a column reads alike whether it is in
        percent or not. Superscripts are footnote marks and are left out.
    name
        Of the sheet.
    others
        How many other sheets are not hidden.
    unseen
        {row number: 'hidden' or 'struck through'} of rows with something in them.
    """

    rows: list[Row]
    name: str
    others: int
    unseen: dict[int, str]


def read_sheet(raw: bytes, sheet: str | None = None) -> SheetRows:
    """Read one sheet of a workbook.

    Parameters
    ----------
    raw
        The workbook.
    sheet
        The sheet's name, case and outer blanks apart; the first that is not hidden where absent.

    Raises
    ------
    Unreadable
        For a file that is no workbook, a sheet that it does not have, or one of too many cells.
    """
    if not raw.startswith(b"PK"):
        raise other_format(raw) or Unreadable(
            "is no workbook by its content",
            "a workbook saved as .xlsx; a text table is named .csv, .tsv or .txt",
        )
    import openpyxl  # noqa: F401  so that a missing one is not taken for a damaged workbook

    try:
        return _read(raw, sheet)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl lets through whatever its parsers of ZIP and XML raise
        reason = " ".join(str(error).split()) or type(error).__name__
        expected = "a whole workbook; open it in a spreadsheet and save it anew"
        raise Unreadable(f"cannot be read: {reason}", expected) from None


def _refuse_bombs(raw: bytes) -> None:
    """Refuse a workbook that would fill the memory, by what its parts say that they unpack to, and one that
    declares entities, which no spreadsheet writes.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        size = sum(part.file_size for part in packed.infolist())  # no more than that is ever unpacked
        if size > MOST_UNPACKED:
            fault = f"unpacks to {size:,} bytes"
            raise Unreadable(
                fault, f"a table alone, at most {MOST_UNPACKED:,} bytes; delete what is not of it"
            )
        for name in packed.namelist():
            part = packed.read(name).replace(b"\0", b"")  # as if it were not in UTF-16
            if b"<!DOCTYPE" in part:
                raise Unreadable("declares entities", "a workbook as a spreadsheet saves it")
            if sum(map(_area, _MERGED.findall(part))) > MOST_CELLS:
                raise Unreadable(f"merges more than {MOST_CELLS:,} cells", _SPLIT)


def _area(corners: tuple[bytes, bytes, bytes, bytes]) -> int:
    """How many cells a merged one covers, of its corners' letters and numbers."""
    left, top, right, bottom = corners
    columns = [
        sum((ord(ch) - 64) * 26**k for k, ch in enumerate(reversed(c.decode()))) for c in (left, right)
    ]
    return int((columns[1] - columns[0] + 1) * (int(bottom) - int(top) + 1))


def _read(raw: bytes, wanted: str | None) -> SheetRows:
    _refuse_bombs(raw)
    book = _load(raw, rich_text=True)
    sheet = _choose(book.worksheets, wanted)
    if sheet is None:
        names = ", ".join(each.title for each in book.worksheets)
        expected = f"one of {names}" if names else "a sheet of cells"
        raise Unreadable("is no sheet of this workbook", expected, sheet=wanted)
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        far = f"reaches to row {sheet.max_row:,} and column {sheet.max_column:,}"
        raise Unreadable(far, "a table alone; delete a stray cell far from it")
    shown = sum(each.sheet_state == "visible" for each in book.worksheets if each is not sheet)
    return SheetRows(_rows(raw, sheet), sheet.title, shown, _unseen(sheet))


def _unseen(sheet: Worksheet) -> dict[int, str]:
    """Rows with something in them that a reader of the sheet does not see, or sees struck through."""
    found = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        filled = [cell for cell in row if cell.value is not None]
        if filled and sheet.row_dimensions[number].hidden:
            found[number] = "hidden"
        elif filled and all(cell.font is not None and cell.font.strike for cell in filled):
            found[number] = "struck through"
    return found


def _load(raw: bytes, rich_text: bool = False, data_only: bool = False) -> Workbook:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and drop-down lists, which have no bearing on the cells
        return openpyxl.load_workbook(io.BytesIO(raw), rich_text=rich_text, data_only=data_only)


def _choose(sheets: Sequence[Worksheet], wanted: str | None) -> Worksheet | None:
    if wanted is not None:
        exact = [sheet for sheet in sheets if sheet.title == wanted]
        alike = [
            sheet for sheet in sheets if tidy_text(sheet.title).casefold() == tidy_text(wanted).casefold()
        ]
        return next(iter(exact + alike), None)
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    return next(iter([*shown, *sheets]), None)


def _rows(raw: bytes, sheet: Worksheet) -> list[Row]:
    cells = list(sheet.iter_rows())
    formulas = any(cell.data_type == "f" for row in cells for cell in row)
    values = _load(raw, data_only=True)[sheet.title] if formulas else sheet
    merged = _merged(sheet)
    return [
        (number, [_printed(cell, values, merged) for cell in row])
        for number, row in enumerate(cells, start=1)
    ]


def _merged(sheet: Worksheet) -> set[tuple[int, int]]:
    """Coordinates that a merged cell covers, its first one apart; a blank one covers nothing worth a word."""
    covered: set[tuple[int, int]] = set()
    for area in sheet.merged_cells.ranges:
        if sheet.cell(area.min_row, area.min_col).value is not None:
            covered |= {
                (row, column) for row, column in area.cells if (row, column) != (area.min_row, area.min_col)
            }
    return covered


def _printed(cell: Cell, values: Worksheet, merged: set[tuple[int, int]]) -> str:
    """The cell as a report would print it; a BadCell where what was typed is lost."""
    if (cell.row, cell.column) in merged:
        return BadCell("", "is covered by a merged cell", _SPLIT)
    value, kind = cell.value, cell.data_type
    if kind == "f":
        shown = values.cell(cell.row, cell.column)
        if shown.value is None:
            formula = str(getattr(value, "text", value))
            return BadCell(formula, "is a formula whose value was not saved with it", _VALUES)
        value, kind = shown.value, shown.data_type
    if kind == "e":
        return BadCell(str(value), "is a spreadsheet's error", _VALUES)
    if isinstance(value, (datetime, date, time, timedelta)):
        shown = str(value.date() if isinstance(value, datetime) and value.time() == time() else value)
        return BadCell(shown, "is a date or a time", _AS_TEXT)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number(value, "%" in _LITERAL.sub("", cell.number_format or ""))
    if isinstance(value, list):  # rich text: its runs
        return "".join(
            str(run)
            for run in value
            if getattr(getattr(run, "font", None), "vertAlign", None) != "superscript"
        )
    return str(value)


def _number(value: float, percent: bool) -> str:
    """To the fifteen digits that a spreadsheet keeps, without an exponent."""
    exact = Decimal(f"{value:.15g}") * (100 if percent else 1)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text + ("%" if percent else "")
