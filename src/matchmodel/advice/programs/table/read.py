"""Reading a table of programs, with all of its problems at once."""

import os
from collections.abc import Sequence
from typing import Any

from ....applicant import yes_or_no
from ....errors import RefusedInput, clipped
from ....frozen import frozen
from ....specialty import asked_specialty
from ....tabular.cells import key, tidy_text
from ....tabular.headers import twice
from ....tabular.numbers import plain_number
from ....tabular.table import Fault, read_people, refuse
from . import exports
from .columns import COLUMNS, COMMENT, NO_LIMIT, Column, Program, ProgramTable

EXAMPLE = "program,specialty,invitation_rate_non_us_img"
LONGEST = 100  # characters of a text
MOST_PROGRAMS = 10_000  # rows, of each of which all draws are held: some 300 MB
_KNOWN = {key(name): column for column in COLUMNS for name in (column.name, *column.aliases)}
_BY_NAME = {column.name: column for column in COLUMNS}


@frozen
class Header:
    """One header: the column that it means, or the other thing (`exports`), and whether it is in percent."""

    text: str
    column: Column | None
    percent: bool = False
    other: str | None = None
    mapped: bool = False


def _headers(texts: Sequence[str]) -> list[Header]:
    """Return what headers mean: our own names first, then likely ones of what is not there yet."""
    found: list[Header] = []
    for text in texts:
        named = key(text)
        bare = named.removesuffix("pct")
        percent = named not in _KNOWN and bare in _KNOWN and _KNOWN[bare].kind == "share"
        found.append(Header(text, _KNOWN.get(bare if percent else named), percent))
    there = {h.column.name for h in found if h.column is not None}
    for k, header in enumerate(found):
        name, percent = exports.likely(key(header.text))
        if header.column is not None or name is None or name in there:
            continue
        there.add(name)
        column = _BY_NAME.get(name)
        share = percent and column is not None and column.kind == "share"
        found[k] = Header(header.text, column, share, None if column else name, True)
    return found


def _float(text: str, meaning: str, counted: bool = False) -> float:
    try:
        return float(plain_number(text, counted) if "_" not in text else "")
    except RefusedInput as error:
        raise RefusedInput(f"{error}; {meaning}") from None
    except ValueError:
        raise RefusedInput(f"'{clipped(text)}' is not a number; {meaning}") from None


def _share(text: str, percent: bool) -> float:
    meaning = (
        "it is in percent, between 0 and 100"
        if percent
        else (
            "it is a proportion between 0 and 1, such as 0.06; "
            "write 6%, or end the column's name in _pct, for percent"
        )
    )
    signed = text.endswith("%")
    value = _float(text.removesuffix("%").rstrip(), meaning) / (100.0 if signed or percent else 1.0)
    if not 0.0 <= value <= 1.0:
        raise RefusedInput(f"'{clipped(text)}' cannot be; {meaning}")
    return value + 0.0


def _number(column: Column, text: str) -> float | int:
    meaning = f"it is between {column.low:,} and {column.high:,}" + (
        ", or none" if column.kind == "limit" else ""
    )
    value = _float(exports.bare_number(text), meaning, column.kind == "count")
    if not column.low <= value <= column.high:
        raise RefusedInput(f"{clipped(text)} cannot be; {meaning}")
    if column.kind != "count" and column.name != "attempts_accepted":
        return value
    if value != int(value):
        raise RefusedInput(f"{clipped(text)} is not a whole number; {meaning}")
    return int(value)


def _value(column: Column, percent: bool, cell: str) -> Any:
    """Return what a cell says, None where it is blank or 'unknown'."""
    text = tidy_text(cell)
    names = ("program", "id", "specialty")
    if not text or (exports.unknown(text) and column.name not in names):
        return None
    if column.name == "specialty":
        return asked_specialty(text)
    if column.kind == "text":
        if len(text) > LONGEST or not text.isprintable():
            raise RefusedInput(f"'{clipped(text)}' is not plain text of at most {LONGEST} characters")
        return text
    if column.kind == "share":
        return _share(text, percent)
    if column.kind == "yes or no":
        return yes_or_no(text, column.name)
    if column.kind == "limit" and text.casefold() in exports.NO_LIMITS:
        return NO_LIMIT
    return _number(column, text)


def _known(row: Sequence[str]) -> int:
    return sum(header.column is not None or header.other is not None for header in _headers(row))


def _check_header(path: str, headers: Sequence[Header], specialty: str | None) -> None:
    columns = [None if h.column is None else h.column.name for h in headers]
    names = {name for name in columns if name is not None}
    if not names:
        shown = ", ".join(f"'{clipped(h.text, 20)}'" for h in headers[:4])
        raise RefusedInput(
            f"{path} is no table of programs: no column is known here ({shown}); it needs program (or id) "
            "and specialty, and --template FILE.csv writes an empty one"
        )
    problems = []
    if "specialty" not in names and specialty is None:
        problems.append(
            f"{path}: the column specialty is missing; where all are of one, say which with --specialty"
        )
    if "program" not in names and "id" not in names:
        problems.append(f"{path}: the column program is missing (or id)")
    problems += [f"{path}: {line}" for line in twice([h.text for h in headers], columns)]
    if problems:
        raise RefusedInput("\n".join(problems))


class _Rows:
    """Programs read so far, and everything that is wrong with the rows."""

    def __init__(self, headers: list[Header], specialty: str | None) -> None:
        self.headers, self.specialty = headers, specialty
        self.programs: list[Program] = []
        self.faults: list[Fault] = []
        self._seen: dict[tuple[Any, ...], int] = {}

    def _problem(self, line: int, text: str) -> None:
        self.faults.append((line, text))

    def add(self, line: int, row: list[str]) -> None:
        """Read one row."""
        given: dict[str, Any] = {}
        more: dict[str, Any] = {}
        cells, bad = {}, set()
        for header, cell in zip(self.headers, row, strict=True):
            column, text = header.column, tidy_text(cell)
            if column is not None:
                try:
                    given[column.name] = _value(column, header.percent, cell)
                except RefusedInput as error:
                    bad.add(column.name)
                    self._problem(line, f", column {clipped(header.text)}: {error}")
            elif text and not exports.unknown(text):
                cells[key(header.text)] = text
                more |= exports.visas(text) if header.other == exports.VISAS else {}
                more |= {"state": exports.state(text)} if header.other == exports.LOCATION else {}
        there = {name: value for name, value in given.items() if value is not None}
        if self.specialty is not None and "specialty" not in given:
            more["specialty"] = self.specialty
        self._keep(Program(line, **(more | there), cells=cells), bad)

    def _keep(self, made: Program, bad: set[str]) -> None:
        line = made.row
        if not made.label and not bad & {"program", "id"}:
            self._problem(line, ", column program: it is blank; name the program")
        if made.specialty is None and "specialty" not in bad:
            self._problem(line, ", column specialty: it is blank; give one such as Internal Medicine")
        same = (made.id, made.specialty) if made.id else (made.program, made.specialty, made.state)
        if made.label and made.specialty and same in self._seen:
            column = "id" if made.id else "program"
            self._problem(
                line, f", column {column}: '{clipped(made.label)}' already stands in row {self._seen[same]}"
            )
        self._seen.setdefault(same, line)
        self.programs.append(made)


def read_programs(path: str | os.PathLike[str], specialty: str | None = None) -> ProgramTable:
    """Read a table of programs.

    Parameters
    ----------
    path
        CSV, TSV or a workbook (`tabular`); headers are matched without regard to case, space, hyphen or
        underscore, and likely ones of exports (`exports`) are taken for ours. Rows whose first cell begins
        with # are skipped.
    specialty
        Of all programs, where the table has no such column.

    Raises
    ------
    RefusedInput
        With one line per problem, all of them, each with its row and column.
    """
    path = os.fspath(path)
    if not os.path.exists(path):
        hint = f"write an empty one to fill in with: matchmodel programs --template {path}"
        raise RefusedInput(f"there is no table {path}; {hint}")
    read = read_people(path, _known, EXAMPLE, COMMENT)
    headers = _headers(read.headers)
    _check_header(path, headers, specialty)
    if len(read.rows) > MOST_PROGRAMS:
        most = f"a table of programs has {MOST_PROGRAMS:,} at most"
        raise RefusedInput(f"{path} has {len(read.rows):,} rows; {most}: ask about one specialty at a time")
    rows = _Rows(headers, None if specialty is None else asked_specialty(specialty))
    for line, row in read.rows:
        rows.add(line, row)
    if read.faults or rows.faults:
        refuse(path, [*read.faults, *rows.faults])
    if not rows.programs:
        raise RefusedInput(f"{path} has columns but no programs; give each a row")
    unread = tuple(h.text for h in headers if h.column is None and h.other is None and h.text.strip())
    mapped = tuple((h.text, h.column.name if h.column else h.other or "") for h in headers if h.mapped)
    return ProgramTable(path, tuple(rows.programs), unread, mapped, tuple(read.said))
