"""A person's table: its header and rows, whatever program saved it; what is left out is said."""

import os
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import NoReturn

from ..errors import RefusedInput
from .cells import key, tidy_text
from .decode import Unreadable, decode, other_format
from .text import HEAD, Row, any_rows, trimmed
from .workbook import read_sheet

Fault = tuple[int, str]  # line number, and the rest of the sentence after 'row 7'
MOST_PROBLEMS = 40  # named one by one; beyond, their number


@dataclass(frozen=True)
class PeopleTable:
    """A table as a person has it.

    Attributes
    ----------
    path
        Its file.
    headers
        As written.
    rows
        Line number and cells, as many as headers.
    said
        What was left out, a line each, for the person to see.
    faults
        Rows with another number of cells.
    """

    path: str
    headers: list[str]
    rows: list[Row]
    said: list[str]
    faults: list[Fault]


def refuse(path: str, faults: Iterable[Fault]) -> NoReturn:
    """Raise RefusedInput with one line per fault in the order of rows, only the first of very many."""
    refuse_lines(path, [f"row {line}{fault}" for line, fault in sorted(faults, key=itemgetter(0))])


def refuse_lines(path: str, lines: Sequence[str]) -> NoReturn:
    """Raise RefusedInput with what is wrong, line by line, only the first of very many."""
    more = len(lines) - MOST_PROBLEMS
    rest = [f"and {more:,} more problems"] if more > 0 else []
    raise RefusedInput("\n".join(f"{path}: {line}" for line in [*lines[:MOST_PROBLEMS], *rest]))


def read_people(
    path: str | os.PathLike[str],
    known: Callable[[Sequence[str]], int],
    example: str,
    comment: str | None = None,
) -> PeopleTable:
    """Read a table of applicants, programs or whatever people bring.

    Parameters
    ----------
    path
        Text split by commas, tabs, semicolons or bars, in UTF-8, UTF-16 or Windows-1252, or a workbook.
    known
        How many of a row's cells are names of columns: it finds the header and what splits the columns.
    example
        A header, for the message where the table is empty.
    comment
        What a row's first cell begins with where the row is left out, in silence.

    Raises
    ------
    RefusedInput
        For a file that cannot be read, in one line.
    """
    path = os.fspath(path)
    try:
        rows, said = _file_rows(path, _bytes(path), known)
    except Unreadable as error:
        where = f"{path}: row {error.line}" if error.line else path
        raise RefusedInput(f"{where} {error.fault} (expected {error.expected})") from None
    if comment is not None:
        rows = [
            (line, cells) for line, cells in rows if not cells or not cells[0].lstrip().startswith(comment)
        ]
    filled = [(line, cells) for line, cells in rows if any(tidy_text(cell) for cell in cells)]
    if not filled:
        raise RefusedInput(f"{path} is empty; its first line names the columns, such as {example}")
    at = _header(filled, known)
    first, headers = filled[at][0], trimmed(filled[at][1], 0)
    if at:
        said.append(left_out("above the header", [line for line, _ in filled[:at]]))
    table = PeopleTable(path, headers, [], said, [])
    _measure(table, [row for row in rows if row[0] > first])
    return table


def _bytes(path: str) -> bytes:
    """Content of a regular file: a pipe or a device would be waited for."""
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
            return Path(path).read_bytes()
    except FileNotFoundError:
        raise RefusedInput(f"there is no table {path}") from None
    except OSError as error:
        raise RefusedInput(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:  # a null character in the name
        raise RefusedInput("the name of the table is no file name") from None
    raise RefusedInput(f"{path} cannot be read: it is not a regular file")


def _file_rows(path: str, raw: bytes, known: Callable[[Sequence[str]], int]) -> tuple[list[Row], list[str]]:
    """Rows by what the file is by its content, and what is to be said of them."""
    suffix = Path(path).suffix.lower()
    packed = raw.startswith(b"PK")
    other = other_format(b"" if packed else raw, suffix)
    if other:
        raise other
    if packed:
        sheet = read_sheet(raw)
        more = f"{sheet.others} more {'is' if sheet.others == 1 else 'are'} not read"
        said = [f"Read: the sheet {sheet.name}; {more}"] if sheet.others else []
        for why in sorted(set(sheet.unseen.values())):
            lines = [line for line, reason in sheet.unseen.items() if reason == why]
            said.append(left_out(why, lines))
        return [row for row in sheet.rows if row[0] not in sheet.unseen], said
    read = any_rows(decode(raw), suffix, known)
    if read.broken:
        raise read.broken
    return read.rows, []


def _header(filled: Sequence[Row], known: Callable[[Sequence[str]], int]) -> int:
    """Place of the header: the first row, unless one below a title has more names of columns."""
    found = [known(cells) for _, cells in filled[:HEAD]]
    best = max(found)
    return found.index(best) if best > 1 else 0


def _measure(table: PeopleTable, rows: Sequence[Row]) -> None:
    """Take the rows below the header: blank ones and repeated headers are left out and said."""
    empty, again = [], []
    header = [key(name) for name in table.headers]
    for line, cells in rows:
        if not any(tidy_text(cell) for cell in cells):
            empty += [line] if cells else []  # a line without anything is no row
            continue
        cells = trimmed(cells, len(header))
        if key(cells[0]) == header[0] and [key(cell) for cell in cells] == header:
            again.append(line)
        elif len(cells) == len(header):
            table.rows.append((line, cells))
        else:
            count = f"({len(cells)}, not {len(header)})"
            table.faults.append((line, f" has another number of cells than the header {count}"))
    if empty:
        table.said.append(left_out("empty", empty))
    if again:
        table.said.append(left_out("the header again", again))


def left_out(why: str, lines: Sequence[int]) -> str:
    """Return a line that says which rows were left out, and why."""
    shown = ", ".join(map(str, lines[:5])) + (f" and {len(lines) - 5:,} more" if len(lines) > 5 else "")
    return f"Left out ({why}): row{'' if len(lines) == 1 else 's'} {shown}"
