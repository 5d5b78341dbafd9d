"""Text files as rows of cells: CSV, TSV, a table of bars, and one pasted out of a PDF."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple, TextIO

from .cells import tidy_text
from .decode import Unreadable

Row = tuple[int, list[str]]  # line number and cells
PASTED = ".txt"
_QUOTED = re.compile(r'"[^"]*"')
_GAPS = re.compile(r"[ \u00a0]{2,}")
_BLANKS = " \u00a0\f\v\r\n"  # a form feed stands between the pages of a PDF's text
_SEP = re.compile(r"sep=(.)$", re.IGNORECASE)  # Excel's own first line of a CSV
_RULE = re.compile(r"[-+=:| ]*---[-+=:| ]*")  # between the header and the rows of a table of bars
_SEMICOLONS = (
    "is split by semicolons, where 3.392 may mean 3,392 and nothing tells",
    "commas, tabs, or a workbook; save it as 'CSV UTF-8 (comma delimited)', as 'Unicode text' or as .xlsx",
)
_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"  # how a formula begins, wide forms too
_NO_FORMULA = re.compile(r"[-+]?(?:\d[\d.,]*|\.\d+)%?|-+", re.ASCII)
TABBED = (".tsv", ".tab")
HEAD = 20  # lines within which the header stands
MOST_CHARACTERS = 1_000_000  # of a line


class Lines(NamedTuple):
    """A text split into rows.

    Attributes
    ----------
    rows
        Line number and cells, blank lines too.
    commented
        Whether lines that start with '#' were skipped.
    broken
        A row that cannot be read, which ends the reading.
    """

    rows: list[Row]
    commented: bool = False
    broken: Unreadable | None = None


def read_rows(text: str, suffix: str) -> Lines:
    """Split a report's table into rows.

    Parameters
    ----------
    text
        Its content. Lines at its head that start with '#' are skipped; in pasted text all such lines are.
    suffix
        ``.txt`` is text pasted out of a PDF, split by tabs or by runs of spaces; of others the header
        decides between commas and tabs, ``.tsv`` taking tabs where it has both. A header with bars is one
        of a table of bars, whatever the name.

    Raises
    ------
    Unreadable
        For semicolons.
    """
    lines, commented, given, head = _without_head(list(bounded_lines(io.StringIO(text, newline=""))))
    bars = head.lstrip().startswith("|") or (head.count("|") > 1 and _delimiter(head, suffix) not in head)
    if bars and not given:
        return Lines(_by(lines, "|")[0], commented)
    if suffix == PASTED and (len(_parts(head)) > 1 or not ("," in head or ";" in head)):
        return Lines(list(_pasted(lines)), commented)
    delimiter = given or _delimiter(head, suffix)
    if delimiter == ";":
        raise Unreadable(*_SEMICOLONS)
    rows, broken = split(lines, delimiter)
    return Lines(rows, commented, broken)


def bounded_lines(file: TextIO) -> Iterator[str]:
    """Yield the lines of a text, with their ends.

    Raises
    ------
    Unreadable
        For a line that no table has, which would be searched for names and marks at great length.
    """
    while line := file.readline(MOST_CHARACTERS + 1):
        if len(line) > MOST_CHARACTERS:
            fault = f"has a line of over {MOST_CHARACTERS:,} characters"
            raise Unreadable(fault, "a table, whose lines are shorter")
        yield line


def split(lines: Sequence[str], delimiter: str) -> tuple[list[Row], Unreadable | None]:
    """Split the lines of a CSV, up to a row that cannot be read."""
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    rows: list[Row] = []
    while True:
        line = reader.line_num + 1
        try:
            rows.append((line, next(reader)))
        except StopIteration:
            return rows, None
        except csv.Error as error:
            return rows, Unreadable(f"cannot be read: {error}", "a CSV row, quotes closed", line)


def any_rows(lines: Iterable[str], suffix: str, recognised: Callable[[Sequence[str]], int]) -> Iterator[Row]:
    """Split a person's table into rows: by commas, tabs, semicolons or bars, whichever makes a known header.

    Rows are numbered as a spreadsheet does, where a cell of two lines is in one row.

    Parameters
    ----------
    lines
        Taken one by one; with their ends.
    suffix
        ``.tsv`` takes tabs where the header does not decide.
    recognised
        How many of a row's cells are names of columns.

    Raises
    ------
    Unreadable
        At a row that cannot be read.
    """
    rest = iter(lines)
    first = list(islice(rest, HEAD))
    given = next((_SEP.match(line.strip("\r\n")) for line in first[:1]), None)
    if given:
        return _numbered(chain(["\n"], first[1:], rest), given[1])
    usual = ("\t", ",", ";", "|") if suffix in TABBED else (",", "\t", ";", "|")
    head = [line for line in first if line.strip()]

    def fits(delimiter: str) -> tuple[int, int]:
        rows = [cells for _, cells in _by(head, delimiter)[0]]
        return max(map(recognised, rows), default=0), max(map(len, rows), default=0)

    return _numbered(chain(first, rest), max(usual, key=fits))


def _numbered(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    if delimiter == "|":
        yield from _by_bars(lines)
        return
    reader, number = csv.reader(lines, strict=True, delimiter=delimiter), 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(f"cannot be read: {error}", "a CSV row, quotes closed", number) from None


def _by(lines: Sequence[str], delimiter: str) -> tuple[list[Row], Unreadable | None]:
    """Split by a delimiter; a table of bars has one at either end of its lines, and rules between them."""
    return (list(_by_bars(lines)), None) if delimiter == "|" else split(lines, delimiter)


def _by_bars(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(map(str.strip, lines), start=1):
        yield number, [] if _RULE.fullmatch(line) else [cell.strip() for cell in _bars(line)]


def _bars(line: str) -> list[str]:
    if line.startswith("|"):
        line = line[1:].removesuffix("|")
    return line.split("|") if line else []


def trimmed(cells: Sequence[str], most: int) -> list[str]:
    """Return cells without the blank ones at the end that are more than `most`."""
    kept = list(cells)
    while len(kept) > most and not tidy_text(kept[-1]):
        kept.pop()
    return kept


def _without_head(lines: list[str]) -> tuple[list[str], bool, str | None, str]:
    """Blank what stands above the header, so that line numbers stay.

    Returns the lines, whether there were comments, the delimiter given there, and the header's line.
    """
    lines, commented, delimiter = list(lines), False, None
    for index, line in enumerate(lines):
        sep = _SEP.match(line.strip("\r\n"))
        if line.startswith("#"):
            lines[index], commented = "\n", True
        elif sep:
            lines[index], delimiter = "\n", sep[1]
        elif line.startswith('"#'):
            commented = True  # a comment that a spreadsheet has put in quotes; the CSV reader takes it apart
        elif line.strip(' \t\r\n,;"'):
            return lines, commented, delimiter, line
    return lines, commented, delimiter, ""


def _delimiter(head: str, suffix: str) -> str:
    """The header decides; of a comma and a tab both, the file's name."""
    bare = _QUOTED.sub("", head)
    both = ("\t", ",") if suffix in TABBED else (",", "\t")
    return next((delimiter for delimiter in (*both, ";") if delimiter in bare), both[0])


def _pasted(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        yield number, [] if line.lstrip(_BLANKS).startswith("#") else _parts(line)


def _parts(line: str) -> list[str]:
    """Cells of a pasted line: split by its tabs, each one a column's end, or else by runs of spaces."""
    bare = line.strip(_BLANKS)
    return [part.strip(_BLANKS) for part in bare.split("\t")] if "\t" in bare else _GAPS.split(bare)


@lru_cache(maxsize=65536)
def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula: text gets an apostrophe before its sign.

    Numbers and dashes stay.
    """
    bare = cell.strip()
    if bare[:1] not in _FORMULA or not bare or _NO_FORMULA.fullmatch(bare):
        return cell
    return "'" + cell


def joined(cells: Iterable[str], delimiter: str) -> str:
    """Return a row of a CSV without its line end; a lone carriage return is quoted too."""
    return delimiter.join([quoted(cell, delimiter) for cell in cells])


@lru_cache(maxsize=65536)  # most cells of a large table stand in it many times
def quoted(cell: str, delimiter: str) -> str:
    """Return a cell as a CSV has it."""
    special = any(ch in cell for ch in f'{delimiter}"\r\n')
    return '"' + cell.replace('"', '""') + '"' if special else cell
