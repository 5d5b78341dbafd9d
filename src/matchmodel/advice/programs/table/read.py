"""Reading a table of programs, with all of its problems at once."""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ....applicant import yes_or_no
from ....errors import RefusedInput, clipped
from ....specialty import canonical_specialty
from . import exports
from .columns import COLUMNS, COMMENT, NO_LIMIT, Column, Program, ProgramTable, header_key

MOST_PROBLEMS = 40  # named one by one; beyond, their number
LONGEST = 100  # characters of a text
TITLES = 10  # rows within which the headers are looked for
_KNOWN = {header_key(name): column for column in COLUMNS for name in (column.name, *column.aliases)}
_BY_NAME = {column.name: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
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
        key = header_key(text)
        bare = key.removesuffix("pct")
        percent = key not in _KNOWN and bare in _KNOWN and _KNOWN[bare].kind == "share"
        found.append(Header(text, _KNOWN.get(bare if percent else key), percent))
    there = {h.column.name for h in found if h.column is not None}
    for k, header in enumerate(found):
        name, percent = exports.likely(header.text, header_key(header.text))
        if header.column is not None or name is None or name in there:
            continue
        there.add(name)
        column = _BY_NAME.get(name)
        share = percent and column is not None and column.kind == "share"
        found[k] = Header(header.text, column, share, None if column else name, True)
    return found


def _float(text: str, meaning: str) -> float:
    try:
        if "_" in text:
            raise ValueError  # which float() would read
        return float(text)
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
    bare = text.replace(",", "") if column.kind == "count" else exports.bare_number(text)
    value = _float(bare, meaning)
    if not column.low <= value <= column.high:
        raise RefusedInput(f"{clipped(text)} cannot be; {meaning}")
    if column.kind != "count" and column.name != "attempts_accepted":
        return value
    if value != int(value):
        raise RefusedInput(f"{clipped(text)} is not a whole number; {meaning}")
    return int(value)


def _value(column: Column, percent: bool, cell: str) -> Any:
    """Return what a cell says, None where it is blank or 'unknown'."""
    text = " ".join(cell.split())
    names = ("program", "id", "specialty")
    if not text or (text.casefold() in exports.UNKNOWN and column.name not in names):
        return None
    if column.name == "specialty":
        return canonical_specialty(text)
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


Records = list[tuple[int, list[str]]]


def _records(path: str) -> Records:
    """Return (line, cells) of every row that is neither blank nor a comment."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            return [
                (reader.line_num, row)
                for row in reader
                if any(cell.strip() for cell in row) and not row[0].lstrip().startswith(COMMENT)
            ]
    except FileNotFoundError:
        hint = f"write an empty one to fill in with: matchmodel programs --template {path}"
        raise RefusedInput(f"there is no table {path}; {hint}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedInput(f"{path} cannot be read as UTF-8 CSV: {error}") from None
    except OSError as error:
        raise RefusedInput(f"{path} cannot be read: {error.strerror}") from None


def _find_header(path: str, records: Records) -> tuple[int, list[Header]]:
    """Return where the row of headers is (titles may stand above it), and what they mean."""
    if not records:
        example = "program,specialty,invitation_rate_non_us_img"
        raise RefusedInput(f"{path} is empty; its first line names the columns, such as {example}")
    for k, (_, row) in enumerate(records[:TITLES]):
        headers = _headers(row)
        if sum(h.column is not None for h in headers) > 1:
            return k, headers
    return 0, _headers(records[0][1])


def _check_header(path: str, headers: Sequence[Header], specialty: str | None) -> None:
    names = [h.column.name for h in headers if h.column is not None]
    first = headers[0].text
    if len(headers) == 1 and (";" in first or "\t" in first):
        raise RefusedInput(f"{path}: its cells are not separated by commas; save it as CSV with commas")
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
    problems += [f"{path}: two columns mean {name}" for name in sorted(set(names)) if names.count(name) > 1]
    if problems:
        raise RefusedInput("\n".join(problems))


class _Rows:
    """Programs read so far, and everything that is wrong with the rows."""

    def __init__(self, path: str, headers: list[Header], specialty: str | None) -> None:
        self.path, self.headers, self.specialty = path, headers, specialty
        self.programs: list[Program] = []
        self.problems: list[str] = []
        self._seen: dict[tuple[Any, ...], int] = {}

    def _problem(self, line: int, text: str) -> None:
        self.problems.append(f"{self.path}: row {line}{text}")

    def add(self, line: int, row: list[str]) -> None:
        """Read one row."""
        if len(row) < len(self.headers) or any(cell.strip() for cell in row[len(self.headers) :]):
            counted = f"({len(row)}, not {len(self.headers)})"
            self._problem(line, f" has another number of cells than the header {counted}")
            return
        given: dict[str, Any] = {}
        more: dict[str, Any] = {}
        cells, bad = {}, set()
        for header, cell in zip(self.headers, row, strict=False):
            column, text = header.column, " ".join(cell.split())
            if column is not None:
                try:
                    given[column.name] = _value(column, header.percent, cell)
                except RefusedInput as error:
                    bad.add(column.name)
                    self._problem(line, f", column {clipped(header.text)}: {error}")
            elif text and text.casefold() not in exports.UNKNOWN:
                cells[header_key(header.text)] = text
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
        CSV; headers are matched without regard to case, space, hyphen or underscore, and likely ones of
        exports (`exports`) are taken for ours. Rows whose first cell begins with # are skipped.
    specialty
        Of all programs, where the table has no such column.

    Raises
    ------
    RefusedInput
        With one line per problem, all of them, each with its row and column.
    """
    path = os.fspath(path)
    records = _records(path)
    where, headers = _find_header(path, records)
    _check_header(path, headers, specialty)
    rows = _Rows(path, headers, None if specialty is None else canonical_specialty(specialty))
    for line, row in records[where + 1 :]:
        rows.add(line, row)
    problems = rows.problems
    if problems:
        more = len(problems) - MOST_PROBLEMS
        raise RefusedInput(
            "\n".join(problems[:MOST_PROBLEMS] + ([f"{path}: and {more} more"] if more > 0 else []))
        )
    if not rows.programs:
        raise RefusedInput(f"{path} has columns but no programs; give each a row")
    unread = tuple(h.text for h in headers if h.column is None and h.other is None and h.text.strip())
    mapped = tuple((h.text, h.column.name if h.column else h.other or "") for h in headers if h.mapped)
    return ProgramTable(path, tuple(rows.programs), unread, mapped)
