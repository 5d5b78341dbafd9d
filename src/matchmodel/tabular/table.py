"""A person's table: its header and rows, whatever program saved it; what is left out is said."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import NoReturn

from ..errors import RefusedInput
from ..inputs import file_bytes, regular
from .cells import key, tidy_text
from .decode import Unreadable, encoding, other_format
from .text import HEAD, Row, any_rows, bounded_lines, trimmed

Fault = tuple[int, str]  # line number, and the rest of the sentence after 'row 7'
PIECE = 1 << 20  # bytes read at a time
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


@dataclass
class PeopleStream:
    """A table as a person has it, its rows taken one by one.

    Attributes are those of `PeopleTable`; `rows` can be taken once, `said` and `faults` are whole then.
    """

    path: str
    headers: list[str]
    rows: Iterator[Row]
    said: list[str]
    faults: list[Fault]


def refuse(path: str, faults: Iterable[Fault], more: int = 0) -> NoReturn:
    """Raise RefusedInput with one line per fault in the order of rows, and `more` that are not kept."""
    refuse_lines(path, [f"row {line}{fault}" for line, fault in sorted(faults, key=itemgetter(0))], more)


def refuse_lines(path: str, lines: Sequence[str], more: int = 0) -> NoReturn:
    """Raise RefusedInput with what is wrong, line by line, only the first of very many."""
    more += len(lines) - MOST_PROBLEMS
    rest = [f"and {more:,} more problems"] if more > 0 else []
    raise RefusedInput("\n".join(f"{path}: {line}" for line in [*lines[:MOST_PROBLEMS], *rest]))


def read_people(
    path: str | os.PathLike[str],
    known: Callable[[Sequence[str]], int],
    example: str,
    comment: str | None = None,
) -> PeopleTable:
    """Read a table of applicants, programs or whatever people bring, as `stream_people` has it, whole."""
    stream = stream_people(path, known, example, comment)
    return PeopleTable(stream.path, stream.headers, list(stream.rows), stream.said, stream.faults)


def stream_people(
    path: str | os.PathLike[str],
    known: Callable[[Sequence[str]], int],
    example: str,
    comment: str | None = None,
) -> PeopleStream:
    """Open a table of applicants, programs or whatever people bring; a text is read as its rows are taken.

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
    path, said = os.fspath(path), list[str]()
    rows = _readable(path, known, said)
    if comment is not None:
        rows = (
            (line, cells) for line, cells in rows if not cells or not cells[0].lstrip().startswith(comment)
        )
    head: list[Row] = []
    filled: list[Row] = []
    for row in rows:
        head.append(row)
        filled += [row] if any(tidy_text(cell) for cell in row[1]) else []
        if len(filled) == HEAD:
            break
    if not filled:
        raise RefusedInput(f"{path} is empty; its first line names the columns, such as {example}")
    at = _header(filled, known)
    first, headers = filled[at][0], trimmed(filled[at][1], 0)
    if at:
        said.append(left_out("above the header", [line for line, _ in filled[:at]]))
    stream = PeopleStream(path, headers, iter(()), said, [])
    stream.rows = _measured(stream, chain((row for row in head if row[0] > first), rows))
    return stream


def _readable(path: str, known: Callable[[Sequence[str]], int], said: list[str]) -> Iterator[Row]:
    """Yield a file's rows; what cannot be read is refused."""
    try:
        yield from _file_rows(path, known, said)
    except Unreadable as error:
        where = f"{path}: row {error.line}" if error.line else path
        raise RefusedInput(f"{where} {error.fault} (expected {error.expected})") from None
    except FileNotFoundError:
        raise RefusedInput(f"there is no table {path}") from None
    except OSError as error:
        raise RefusedInput(f"{path} cannot be read: {error.strerror}") from None


def _pieces(path: str) -> Iterator[bytes]:
    """Yield the bytes of a regular file, of any size."""
    regular(path)
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _file_rows(path: str, known: Callable[[Sequence[str]], int], said: list[str]) -> Iterator[Row]:
    """Yield rows by what the file is by its content, and tell what is to be said of them."""
    suffix, start = os.path.splitext(path)[1].lower(), next(_pieces(path), b"")
    packed = start.startswith(b"PK")
    other = other_format(b"" if packed else start, suffix)
    if other:
        raise other
    if not packed:
        with open(path, encoding=encoding(lambda: _pieces(path)), newline="") as file:
            yield from any_rows(bounded_lines(file), suffix, known)
        return
    from .workbook import read_sheet  # which imports more than a CSV takes

    sheet = read_sheet(file_bytes(path))
    more = f"{sheet.others} more {'is' if sheet.others == 1 else 'are'} not read"
    said += [f"Read: the sheet {sheet.name}; {more}"] if sheet.others else []
    for why in sorted(set(sheet.unseen.values())):
        said.append(left_out(why, [line for line, reason in sheet.unseen.items() if reason == why]))
    yield from (row for row in sheet.rows if row[0] not in sheet.unseen)


def _header(filled: Sequence[Row], known: Callable[[Sequence[str]], int]) -> int:
    """Place of the header: the first row, unless one below a title has more names of columns."""
    found = [known(cells) for _, cells in filled[:HEAD]]
    best = max(found)
    return found.index(best) if best > 1 else 0


def _measured(stream: PeopleStream, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows below the header: blank ones and repeated headers are left out and said."""
    empty, again = [], []
    header = [key(name) for name in stream.headers]
    for line, cells in rows:
        start = cells[0][:2].lower() if cells else ""
        plain = start.isascii() and start.isalnum()  # then the cell's key begins with it
        if not plain and not any(map(tidy_text, cells)):
            empty += [line] if cells else []  # a line without anything is no row
            continue
        if len(cells) > len(header):
            cells = trimmed(cells, len(header))
        # most are no header by their start; 'percent' has 'pct' for a key
        other = plain and header[0][:2] not in (start, "pc")
        if not other and key(cells[0]) == header[0] and [key(cell) for cell in cells] == header:
            again.append(line)
        elif len(cells) == len(header):
            yield line, cells
        else:
            count = f"({len(cells)}, not {len(header)})"
            stream.faults.append((line, f" has another number of cells than the header {count}"))
    if empty:
        stream.said.append(left_out("empty", empty))
    if again:
        stream.said.append(left_out("the header again", again))


def left_out(why: str, lines: Sequence[int]) -> str:
    """Return a line that says which rows were left out, and why."""
    shown = ", ".join(map(str, lines[:5])) + (f" and {len(lines) - 5:,} more" if len(lines) > 5 else "")
    return f"Left out ({why}): row{'' if len(lines) == 1 else 's'} {shown}"
