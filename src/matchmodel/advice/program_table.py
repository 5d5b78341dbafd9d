"""The table of programs that a user brings: its columns, an empty template, and reading it with everything that is wrong at once.

Standard library only.
"""

import csv
import os
from collections import namedtuple

from ..applicant import ATTEMPT_LIMIT_BEFORE, SCORE_HIGH, SCORE_LOW, USCE_LIMIT, YEARS_LIMIT, yes_or_no
from ..errors import RefusedInput, clipped
from ..specialties import canonical_specialty

MOST_PROBLEMS = 40  # told one by one; beyond, their number
NO_LIMIT = "none"  # in a cell of a limit: the program has said that there is none
COMMENT = "#"
LONGEST = 100  # characters of a text

Column = namedtuple("Column", "name kind low high explained aliases")
Column.__new__.__defaults__ = (None, None, "", ())
TEXT, SHARE, YES_NO, LIMIT, COUNT = "text", "share", "yes or no", "limit", "count"

COLUMNS = (
    Column("program", TEXT, explained="name of the program; this or id is required", aliases=("name", "programname")),
    Column("id", TEXT, explained="your own or a public code of it", aliases=("programid",)),
    Column("specialty", TEXT, explained="required; any usual spelling, such as Internal Medicine"),
    Column("state", TEXT, explained="where it is; carried along"),
    Column("setting", TEXT, explained="such as university or community; carried along"),
    Column("img_share", SHARE, explained="IMGs among its residents, as 0.35 or 35%"),
    Column("invitation_rate_us_img", SHARE, explained="of US IMGs who applied, the share invited, as 0.06 or 6%"),
    Column("invitation_rate_non_us_img", SHARE, explained="the same of non-US IMGs"),
    Column("applicants_us_img", COUNT, 1, 100_000, "how many US IMGs applied: how much that rate can be trusted"),
    Column("applicants_non_us_img", COUNT, 1, 100_000, "the same of non-US IMGs"),
    Column("step2_cutoff", LIMIT, SCORE_LOW, SCORE_HIGH, "lowest Step 2 CK that it reads, or none"),
    Column("attempts_accepted", LIMIT, 1, ATTEMPT_LIMIT_BEFORE, "most attempts at each Step that it takes; 1 is a first pass only; or none"),
    Column("years_since_graduation_accepted", LIMIT, 0, YEARS_LIMIT, "most years since graduation that it takes, or none"),
    Column("usce_asked_months", LIMIT, 0, USCE_LIMIT, "months of US clinical experience that it asks for; 0 or none where it asks for none"),
    Column("sponsors_j1", YES_NO, explained="whether it takes holders of a J-1 visa; yes or no"),
    Column("sponsors_h1b", YES_NO, explained="whether it sponsors an H-1B visa; yes or no"),
    Column("accepts_imgs", YES_NO, explained="whether it takes IMGs at all; yes or no"),
    Column("signals", YES_NO, explained="whether it takes part in program signaling; blank: as its specialty does"),
)
_BY_NAME = {column.name: column for column in COLUMNS}


class Program(namedtuple("Program", ("row", *_BY_NAME))):
    """One program of the table; what is None is unknown.

    Attributes
    ----------
    row : int
        Its line in the file.
    program, id, specialty, state, setting : str or None
        The specialty as `canonical_specialty` has it.
    img_share, invitation_rate_us_img, invitation_rate_non_us_img : float or None
        Proportions.
    applicants_us_img, applicants_non_us_img : int or None
    step2_cutoff, attempts_accepted, years_since_graduation_accepted, usce_asked_months : float or 'none' or None
        'none' where the program has no such limit.
    sponsors_j1, sponsors_h1b, accepts_imgs, signals : bool or None
    """

    __slots__ = ()

    @property
    def label(self):
        """Its name, else its id."""
        return self.program or self.id


Program.__new__.__defaults__ = (None,) * len(COLUMNS)


class ProgramTable(namedtuple("ProgramTable", "path programs unread")):
    """A table as read.

    Attributes
    ----------
    path : str
    programs : tuple of Program
    unread : tuple of str
        Columns that mean nothing here.
    """

    __slots__ = ()

    @property
    def specialties(self):
        """The specialties in the order in which they first stand in the table."""
        return list(dict.fromkeys(p.specialty for p in self.programs))


def template():
    """Return the text of an empty table, each column explained in a line that the reader skips."""
    about = [
        "# Your table of programs; one line a program under the line of column names.",
        "# Lines that begin with # are skipped. Blank cells are unknown: they never drop a program.",
        "# Only program (or id) and specialty are required; columns that you do not use may go.",
        "# Shares are proportions; write 35% or end the column's name in _pct for percent.",
        *(f"# {column.name}: {column.explained}" for column in COLUMNS),
    ]
    return "\n".join([*about, ",".join(column.name for column in COLUMNS), ""])


def write_template(path):
    """Write `template` to a new file.

    Raises
    ------
    RefusedInput
        Where there is one already, or it cannot be made.
    """
    try:
        with open(path, "x", encoding="utf-8", newline="") as file:
            file.write(template())
    except FileExistsError:
        raise RefusedInput(f"{path} is there already and is left as it is; name a new file for the template") from None
    except OSError as error:
        raise RefusedInput(f"{path} cannot be written: {error.strerror}") from None


def _key(header):
    return "".join(ch for ch in header.casefold() if ch.isalnum())


def _columns(headers):
    """Return (column or None, whether it is in percent) of every header."""
    known = {_key(name): column for column in COLUMNS for name in (column.name, *column.aliases)}
    found = []
    for header in headers:
        key = _key(header)
        percent = key.endswith("pct") and key[:-3] in known and known[key[:-3]].kind == SHARE
        found.append((known.get(key[:-3] if percent else key), percent))
    return found


def _float(text, means):
    try:
        if "_" in text:
            raise ValueError  # which float() would read
        return float(text)
    except ValueError:
        raise RefusedInput(f"'{clipped(text)}' is not a number; {means}") from None


def _share(text, percent):
    means = "it is in percent, between 0 and 100" if percent else "it is a proportion between 0 and 1, such as 0.06; write 6%, or end the column's name in _pct, for percent"
    signed = text.endswith("%")
    value = _float(text.removesuffix("%").rstrip(), means) / (100.0 if signed or percent else 1.0)
    if not 0.0 <= value <= 1.0:
        raise RefusedInput(f"'{clipped(text)}' cannot be; {means}")
    return value + 0.0


def _value(column, percent, text):
    """Return what a cell says, None where it is blank or 'unknown'."""
    text = " ".join(text.split())
    if not text or (text.casefold() in ("unknown", "?") and column.name not in ("program", "id", "specialty")):
        return None
    if column.name == "specialty":
        return canonical_specialty(text)
    if column.kind == TEXT:
        if len(text) > LONGEST or not text.isprintable():
            raise RefusedInput(f"'{clipped(text)}' is no plain text of at most {LONGEST} characters")
        return text
    if column.kind == SHARE:
        return _share(text, percent)
    if column.kind == YES_NO:
        return yes_or_no(text, column.name)
    if column.kind == LIMIT and text.casefold() == NO_LIMIT:
        return NO_LIMIT
    means = f"it is between {column.low:,} and {column.high:,}" + (", or none" if column.kind == LIMIT else "")
    value = _float(text.replace(",", "") if column.kind == COUNT else text, means)
    if not column.low <= value <= column.high:
        raise RefusedInput(f"{clipped(text)} cannot be; {means}")
    if column.kind == COUNT or column.name == "attempts_accepted":
        if value != int(value):
            raise RefusedInput(f"{clipped(text)} is not a whole number; {means}")
        return int(value)
    return value


def _records(path):
    """Return (line, cells) of every row that is neither blank nor a comment."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row) and not row[0].lstrip().startswith(COMMENT)]
    except FileNotFoundError:
        raise RefusedInput(f"there is no table {path}; write an empty one to fill in with: matchmodel programs --template {path}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedInput(f"{path} cannot be read as UTF-8 CSV: {error}") from None
    except OSError as error:
        raise RefusedInput(f"{path} cannot be read: {error.strerror}") from None


def _header(path, records):
    if not records:
        raise RefusedInput(f"{path} is empty; its first line names the columns, such as program,specialty,invitation_rate_non_us_img")
    headers = records[0][1]
    columns = _columns(headers)
    names = [column.name for column, _ in columns if column is not None]
    problems = []
    if "specialty" not in names:
        problems.append(f"{path}: the column specialty is missing")
    if "program" not in names and "id" not in names:
        problems.append(f"{path}: the column program is missing (or id)")
    if problems and len(headers) == 1 and (";" in headers[0] or "\t" in headers[0]):
        raise RefusedInput(f"{path}: its cells are not parted by commas; save it as CSV with commas")
    problems += [f"{path}: two columns mean {name}" for name in sorted(set(names)) if names.count(name) > 1]
    if problems:
        raise RefusedInput("\n".join(problems))
    return headers, columns


def read_programs(path):
    """Read a table of programs.

    Parameters
    ----------
    path : str or path-like
        CSV; headers matched without regard to case, space, hyphen or underscore. Rows whose first cell begins with # are skipped.

    Returns
    -------
    ProgramTable

    Raises
    ------
    RefusedInput
        With a line a problem, all of them, each with its row and column.
    """
    path = os.fspath(path)
    records = _records(path)
    headers, columns = _header(path, records)
    programs, problems, seen = [], [], {}
    for line, row in records[1:]:
        if len(row) < len(headers) or any(cell.strip() for cell in row[len(headers) :]):
            problems.append(f"{path}: row {line} has another number of cells than the header ({len(row)}, not {len(headers)})")
            continue
        given, bad = {}, set()
        for header, (column, percent), cell in zip(headers, columns, row):
            if column is not None:
                try:
                    given[column.name] = _value(column, percent, cell)
                except RefusedInput as error:
                    bad.add(column.name)
                    problems.append(f"{path}: row {line}, column {clipped(header)}: {error}")
        made = Program(line, **given)
        if not made.label and not bad & {"program", "id"}:
            problems.append(f"{path}: row {line}, column program: it is blank; name the program")
        if made.specialty is None and "specialty" not in bad:
            problems.append(f"{path}: row {line}, column specialty: it is blank; give one such as Internal Medicine")
        same = (made.id, made.specialty) if made.id else (made.program, made.specialty, made.state)
        if made.label and made.specialty and same in seen:
            problems.append(f"{path}: row {line}, column {'id' if made.id else 'program'}: '{clipped(made.label)}' stands in row {seen[same]} already")
        seen.setdefault(same, line)
        programs.append(made)
    if problems:
        more = len(problems) - MOST_PROBLEMS
        raise RefusedInput("\n".join(problems[:MOST_PROBLEMS] + ([f"{path}: and {more} more"] if more > 0 else [])))
    if not programs:
        raise RefusedInput(f"{path} has columns but no programs; give each a row")
    return ProgramTable(path, tuple(programs), tuple(h for h, (column, _) in zip(headers, columns) if column is None and h.strip()))
