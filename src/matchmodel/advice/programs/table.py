"""The table of programs that a user brings: its columns, an empty template, and reading it with all problems
at once.
"""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from ...applicant import ATTEMPT_LIMIT_BEFORE, SCORE_HIGH, SCORE_LOW, USCE_LIMIT, YEARS_LIMIT, yes_or_no
from ...errors import RefusedInput, clipped
from ...known import known
from ...specialty import canonical_specialty

MOST_PROBLEMS = 40  # named one by one; beyond, their number
NO_LIMIT = "none"  # in a cell of a limit: the program has said that there is none
COMMENT = "#"
LONGEST = 100  # characters of a text
Limit = float | Literal["none"] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what its cells are, their bounds, and what the template says of it."""

    name: str
    kind: Literal["text", "share", "yes or no", "limit", "count"]
    explained: str
    low: float = 0
    high: float = 0
    aliases: tuple[str, ...] = ()


COLUMNS = (
    Column("program", "text", "name of the program; this or id is required", aliases=("name", "programname")),
    Column("id", "text", "your own or a public code of it", aliases=("programid",)),
    Column("specialty", "text", "required; any usual spelling, such as Internal Medicine"),
    Column("state", "text", "where it is; carried along"),
    Column("setting", "text", "such as university or community; carried along"),
    Column("img_share", "share", "IMGs among its residents, as 0.35 or 35%"),
    Column("invitation_rate_us_img", "share", "of US IMGs who applied, the share invited, as 0.06 or 6%"),
    Column("invitation_rate_non_us_img", "share", "the same of non-US IMGs"),
    Column(
        "applicants_us_img",
        "count",
        "how many US IMGs applied: how much that rate can be trusted",
        1,
        100_000,
    ),
    Column("applicants_non_us_img", "count", "the same of non-US IMGs", 1, 100_000),
    Column("step2_cutoff", "limit", "lowest Step 2 CK that it reads, or none", SCORE_LOW, SCORE_HIGH),
    Column(
        "attempts_accepted",
        "limit",
        "most attempts at each Step that it takes; 1 is a first pass only; or none",
        1,
        ATTEMPT_LIMIT_BEFORE,
    ),
    Column(
        "years_since_graduation_accepted",
        "limit",
        "most years since graduation that it takes, or none",
        0,
        YEARS_LIMIT,
    ),
    Column(
        "usce_asked_months",
        "limit",
        "months of US clinical experience that it asks for; 0 or none where it asks for none",
        0,
        USCE_LIMIT,
    ),
    Column("sponsors_j1", "yes or no", "whether it takes holders of a J-1 visa; yes or no"),
    Column("sponsors_h1b", "yes or no", "whether it sponsors an H-1B visa; yes or no"),
    Column("accepts_imgs", "yes or no", "whether it takes IMGs at all; yes or no"),
    Column(
        "signals", "yes or no", "whether it takes part in program signaling; blank: as its specialty does"
    ),
)


@dataclass(frozen=True, slots=True)
class Program:
    """One program of the table, and its line in the file; what is None is unknown.

    Specialties are as `canonical_specialty` has them, shares are proportions, and a limit is 'none' where the
    program has no such limit.
    """

    row: int
    program: str | None = None
    id: str | None = None
    specialty: str | None = None
    state: str | None = None
    setting: str | None = None
    img_share: float | None = None
    invitation_rate_us_img: float | None = None
    invitation_rate_non_us_img: float | None = None
    applicants_us_img: int | None = None
    applicants_non_us_img: int | None = None
    step2_cutoff: Limit = None
    attempts_accepted: Limit = None
    years_since_graduation_accepted: Limit = None
    usce_asked_months: Limit = None
    sponsors_j1: bool | None = None
    sponsors_h1b: bool | None = None
    accepts_imgs: bool | None = None
    signals: bool | None = None

    @property
    def label(self) -> str | None:
        """Its name, else its id."""
        return self.program or self.id


FIELDS = tuple(f.name for f in fields(Program))


@dataclass(frozen=True, slots=True)
class ProgramTable:
    """A table as read; `unread` are the columns that mean nothing here."""

    path: str
    programs: tuple[Program, ...]
    unread: tuple[str, ...] = ()

    @property
    def specialties(self) -> list[str]:
        """The specialties in the order in which they first stand in the table."""
        return list(dict.fromkeys(known(p.specialty) for p in self.programs))


def template() -> str:
    """Return the text of an empty table, each column explained in a line that the reader skips."""
    about = [
        "# Your table of programs; one row per program under the row of column names.",
        "# Lines that begin with # are skipped. Blank cells are unknown: they never drop a program.",
        "# Only program (or id) and specialty are required; columns that you do not use may go.",
        "# Shares are proportions; write 35% or end the column's name in _pct for percent.",
        *(f"# {column.name}: {column.explained}" for column in COLUMNS),
    ]
    return "\n".join([*about, ",".join(column.name for column in COLUMNS), ""])


def write_template(path: str | os.PathLike[str]) -> None:
    """Write `template` to a new file.

    Raises
    ------
    RefusedInput
        Where the file exists, or cannot be made.
    """
    try:
        with open(path, "x", encoding="utf-8", newline="") as file:
            file.write(template())
    except FileExistsError:
        raise RefusedInput(
            f"{path} already exists and is left as it is; name a new file for the template"
        ) from None
    except OSError as error:
        raise RefusedInput(f"{path} cannot be written: {error.strerror}") from None


def _key(header: str) -> str:
    return "".join(ch for ch in header.casefold() if ch.isalnum())


def _columns(headers: Sequence[str]) -> list[tuple[Column | None, bool]]:
    """Return (column or None, whether it is in percent) of every header."""
    known = {_key(name): column for column in COLUMNS for name in (column.name, *column.aliases)}
    found: list[tuple[Column | None, bool]] = []
    for header in headers:
        key = _key(header)
        percent = key.endswith("pct") and key[:-3] in known and known[key[:-3]].kind == "share"
        found.append((known.get(key[:-3] if percent else key), percent))
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
    value = _float(text.replace(",", "") if column.kind == "count" else text, meaning)
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
    if not text or (text.casefold() in ("unknown", "?") and column.name not in names):
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
    if column.kind == "limit" and text.casefold() == NO_LIMIT:
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


def _header(path: str, records: Records) -> tuple[list[str], list[tuple[Column | None, bool]]]:
    if not records:
        example = "program,specialty,invitation_rate_non_us_img"
        raise RefusedInput(f"{path} is empty; its first line names the columns, such as {example}")
    headers = records[0][1]
    columns = _columns(headers)
    names = [column.name for column, _ in columns if column is not None]
    problems = []
    if "specialty" not in names:
        problems.append(f"{path}: the column specialty is missing")
    if "program" not in names and "id" not in names:
        problems.append(f"{path}: the column program is missing (or id)")
    if problems and len(headers) == 1 and (";" in headers[0] or "\t" in headers[0]):
        raise RefusedInput(f"{path}: its cells are not separated by commas; save it as CSV with commas")
    problems += [f"{path}: two columns mean {name}" for name in sorted(set(names)) if names.count(name) > 1]
    if problems:
        raise RefusedInput("\n".join(problems))
    return headers, columns


class _Rows:
    """Programs read so far, and everything that is wrong with the rows."""

    def __init__(self, path: str, headers: list[str], columns: list[tuple[Column | None, bool]]) -> None:
        self.path, self.headers, self.columns = path, headers, columns
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
        bad = set()
        for header, (column, percent), cell in zip(self.headers, self.columns, row, strict=False):
            if column is not None:
                try:
                    given[column.name] = _value(column, percent, cell)
                except RefusedInput as error:
                    bad.add(column.name)
                    self._problem(line, f", column {clipped(header)}: {error}")
        self._keep(Program(line, **given), bad)

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


def read_programs(path: str | os.PathLike[str]) -> ProgramTable:
    """Read a table of programs.

    Parameters
    ----------
    path
        CSV; headers are matched without regard to case, space, hyphen or underscore. Rows whose first cell
        begins with # are skipped.

    Raises
    ------
    RefusedInput
        With one line per problem, all of them, each with its row and column.
    """
    path = os.fspath(path)
    records = _records(path)
    headers, columns = _header(path, records)
    rows = _Rows(path, headers, columns)
    for line, row in records[1:]:
        rows.add(line, row)
    problems = rows.problems
    if problems:
        more = len(problems) - MOST_PROBLEMS
        raise RefusedInput(
            "\n".join(problems[:MOST_PROBLEMS] + ([f"{path}: and {more} more"] if more > 0 else []))
        )
    if not rows.programs:
        raise RefusedInput(f"{path} has columns but no programs; give each a row")
    pairs = zip(headers, columns, strict=True)
    unread = tuple(header for header, (column, _) in pairs if column is None and header.strip())
    return ProgramTable(path, tuple(rows.programs), unread)
