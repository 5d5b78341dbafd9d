"""A table of your own applicants with outcomes, read once for every command that takes one."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..applicant import read_number, yes_or_no
from ..batch.chunks import Chunk, checked, column
from ..batch.coded import Column
from ..batch.columns import COLUMNS, INTERVIEWS, MATCHED, OUTCOMES, PERSON
from ..batch.rows import Rows, stacked
from ..batch.table import open_table
from ..errors import RefusedInput
from ..model import Model
from ..progress import Soon
from ..report.wording import wrapped
from ..tabular.cells import is_unknown
from .told import NO_INTERVIEWS, UNKNOWN_OUTCOME, WHY_SOME, WITHHELD, Tally, share_told, shown

MOST_INTERVIEWS = 1000
NEEDED = ("specialty", "applicant_type", MATCHED)
TAKEN = (*(name for name in COLUMNS if name != "target"), MATCHED, PERSON)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd: texts in other columns make other numbers


@dataclass(frozen=True)
class OwnTable:
    """Your own applicants, one row per applicant.

    Attributes
    ----------
    rows
        Applicants, with cycle and years filled in, and their applications.
    matched
        1 or 0, NaN where unknown; shape (n,).
    interviews
        NaN where unknown, shape (n,).
    people
        A number for each person, 0 where no column says who it is; shape (n,).
    without_cycle
        Whether the row names no cycle, shape (n,).
    withheld
        Whether the model withholds the number of the row's specialty, shape (n,).
    said
        What was read as what and what was left out, a line each.
    repeated
        Rows that repeat an earlier one in every cell.
    """

    rows: Rows
    matched: np.ndarray
    interviews: np.ndarray
    people: np.ndarray
    without_cycle: np.ndarray
    withheld: np.ndarray
    said: tuple[str, ...]
    repeated: int

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def part(self) -> Column:
        """The part of the `Tally` that each row falls into."""
        types = sorted({kind for kind, _, _ in self.rows.cells.values})
        places = np.array([types.index(kind) for kind, _, _ in self.rows.cells.values], int)
        unlike = [np.isnan(self.matched), self.interviews == 0, self.withheld]
        codes = np.select(unlike, range(3), 3 + places[self.rows.cells.codes])
        return Column(codes, (UNKNOWN_OUTCOME, NO_INTERVIEWS, WITHHELD, *types))

    @cached_property
    def tally(self) -> Tally:
        """The parts into which the rows fall."""
        codes, names = self.part
        counts = np.bincount(2 * codes + (self.matched != 1), minlength=2 * len(names)).reshape(-1, 2)
        return Tally(
            {
                name: (hits, others)
                for name, (hits, others) in zip(names, counts.tolist(), strict=True)
                if hits + others
            }
        )

    @property
    def ranked(self) -> np.ndarray:
        """Whether the row's outcome is known, and not that there was no interview; shape (n,)."""
        ranked: np.ndarray = ~np.isnan(self.matched) & (self.interviews != 0)
        return ranked

    @property
    def unknown_interviews(self) -> int | None:
        """Rows of known outcome whose interviews are unknown; None where that is not told."""
        unknown = int((~np.isnan(self.matched) & np.isnan(self.interviews)).sum())
        return share_told(unknown, self.tally.used()[0])

    @property
    def default_cycle(self) -> int | None:
        """The cycle taken where a row names none."""
        blank = self.rows.cells.codes[self.without_cycle]
        return self.rows.cells.values[blank[0]][2] if len(blank) else None


def outcome(cells: Mapping[str, str | None]) -> tuple[bool | None, int | None]:
    """Return (matched, interviews) of a row, None where unknown.

    Parameters
    ----------
    cells
        'matched' and 'interviews', as text or None.

    Raises
    ------
    RefusedInput
        For what is neither yes nor no, or a match without an interview.
    """
    meaning = f"it is a whole number between 0 and {MOST_INTERVIEWS}, blank where unknown"
    matched = yes_or_no(cells.get(MATCHED), MATCHED)
    interviews = read_number(cells.get(INTERVIEWS), INTERVIEWS, 0, MOST_INTERVIEWS, meaning, whole=True)
    if matched and interviews == 0:
        raise RefusedInput(
            "matched is yes with 0 interviews; it means matched to this specialty, which takes an interview: "
            "mend one of the two"
        )
    return matched, interviews


def read_own(path: str | os.PathLike[str], model: Model, ignore_unread: bool = False) -> OwnTable:
    """Read a table of your own applicants.

    Parameters
    ----------
    path
        A table as for `matchmodel score`, with a column matched and, where known, interviews and person (any
        text, the same for all rows of one applicant; never written out).
    model
    ignore_unread
        Whether to go on without columns that look like what an answer takes and are not read.

    Raises
    ------
    RefusedInput
        With one line per problem, all of them.
    """
    opened, progress = open_table(path, ignore_unread, NEEDED, TAKEN), Soon()
    parts, beside, done = list[Rows](), list[tuple[np.ndarray, ...]](), 0
    for chunk in checked(opened, model, TAKEN, outcome):
        numbers = {n: c.small() for n, c in chunk.rows.numbers.items() if n not in OUTCOMES}
        parts.append(Rows(chunk.rows.cells.small(), numbers, chunk.rows.refused))
        beside.append(_beside(chunk, opened.names))
        done += len(chunk.rows)
        progress(f"read {done:,} rows")
    rows = stacked(parts)
    matched, interviews, people, without_cycle, content = map(np.concatenate, zip(*beside, strict=True))
    withheld = np.array([model.withheld(*cell[:2]) for cell in rows.cells.values], bool)[rows.cells.codes]
    repeated = done - len(np.unique(content))
    return OwnTable(rows, matched, interviews, people, without_cycle, withheld, opened.said, repeated)


def _beside(chunk: Chunk, names: Sequence[str | None]) -> tuple[np.ndarray, ...]:
    """Return of each row of a chunk what is no answer's: `OUTCOMES`, person, no cycle, and all that it says.

    Texts are kept as 64 bits: two that differ are taken for one in one table of 10^6 rows out of 10^7.
    """
    n = len(chunk.rows)
    people, without_cycle, content = np.zeros(n, np.uint64), np.ones(n, bool), np.zeros(n, np.uint64)
    for k, name in enumerate(names):
        codes, cells = chunk.columns.get(name or "") or column(chunk.lines, k)
        texts = np.array([hash(cell.strip()) for cell in cells], np.int64).view(np.uint64)
        content = content * _MIX + texts[codes]
        if name in (PERSON, "cycle"):
            unknown = np.array([is_unknown(cell) for cell in cells], bool)
            if name == "cycle":
                without_cycle = unknown[codes]
            else:
                people = np.where(unknown, 0, texts)[codes]
    known = (chunk.rows.numbers[name] for name in OUTCOMES)
    return (*(values[codes] for codes, values in known), people, without_cycle, content)


def remarks(table: OwnTable, withheld: str, weighs_people: bool = False) -> Iterator[str]:
    """Yield what the reader of a table should know, one line each: the same for every command.

    Parameters
    ----------
    table
    withheld
        What becomes of rows of specialties without a number.
    weighs_people
        Whether the command weighs several rows of one person together; else every row is an applicant.
    """
    tally = table.tally
    rows = tally.told()
    yield (
        f"{shown(rows)} rows: {shown(tally.told(UNKNOWN_OUTCOME))} left out with unknown outcomes, "
        f"{shown(tally.told(NO_INTERVIEWS))} without an interview (they ranked nothing), "
        f"{shown(table.unknown_interviews)} with unknown interviews taken as having ranked"
    )
    if WITHHELD in tally.parts:
        yield f"{shown(tally.told(WITHHELD))} rows of specialties without a number: {withheld}"
    for line in table.said:
        yield wrapped(line, "")
    if table.people.any() and not weighs_people:
        yield "the column person is read by update alone: here every row counts as another applicant"
    repeated, blank = share_told(table.repeated, rows), share_told(int(table.without_cycle.sum()), rows)
    if table.repeated:
        unless = " unless a column person says that they are the same" if weighs_people else ""
        yield (
            f"{shown(repeated)} rows repeat an earlier one in every column: taken as other applicants{unless}"
        )
    if table.without_cycle.any():
        yield f"{shown(blank)} rows name no cycle: taken as of the {table.default_cycle} Match"
    if None in (rows, table.unknown_interviews, repeated, blank):
        yield WHY_SOME
