"""The table of programs that a user brings: its columns, one program, and an empty template."""

import os
from collections.abc import Mapping
from dataclasses import field, fields
from typing import Literal

from ....applicant import ATTEMPT_LIMIT_BEFORE, SCORE_HIGH, SCORE_LOW, USCE_LIMIT, YEARS_LIMIT
from ....errors import RefusedInput
from ....files import write_text
from ....frozen import frozen
from ....known import known
from ....tabular.numbers import number

NO_LIMIT = "none"  # in a cell of a limit: the program has said that there is none
COMMENT = "#"
Limit = float | Literal["none"] | None


@frozen
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


@frozen
class Program:
    """One program of the table, and its line in the file; what is None is unknown.

    Specialties are as `asked_specialty` has them, shares are proportions, and a limit is 'none' where the
    program has no such limit. `cells` are those of the columns that mean nothing here, by their header's key.
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
    cells: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def label(self) -> str | None:
        """Its name, else its id."""
        return self.program or self.id


FIELDS = tuple(f.name for f in fields(Program) if f.name != "cells")


@frozen
class ProgramTable:
    """A table as read.

    Attributes
    ----------
    unread
        Headers of the columns that mean nothing here; wishes can use them.
    mapped
        (header, column) of those that were taken for a column of another name.
    said
        What of the file was left out, a line each.
    """

    path: str
    programs: tuple[Program, ...]
    unread: tuple[str, ...] = ()
    mapped: tuple[tuple[str, str], ...] = ()
    said: tuple[str, ...] = ()

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
        Where the file exists.
    MatchModelError
        Where it cannot be written.
    """
    try:
        write_text(path, template(), new=True)
    except FileExistsError:
        raise RefusedInput(
            f"{path} already exists and is left as it is; name a new file for the template"
        ) from None


def number_of(cell: object) -> float | None:
    """Return the number in a cell such as '$65,000' or '35%' (35), None where there is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    try:
        return number(str(cell).strip().removeprefix("$").removesuffix("%"), counted=True)
    except RefusedInput:  # 65.000, which may be 65
        return None
