"""A table of your own applicants with outcomes, read once for every command that takes one."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..applicant import Applicant, read_number, yes_or_no
from ..batch.columns import INTERVIEWS, MATCHED
from ..batch.table import read_table
from ..errors import RefusedInput
from ..model import Model
from ..report.wording import wrapped
from .told import NO_INTERVIEWS, UNKNOWN_OUTCOME, WHY_SOME, WITHHELD, Tally, share_told, shown

MOST_INTERVIEWS = 1000
NEEDED = ("specialty", "applicant_type", MATCHED)


@dataclass(frozen=True)
class OwnTable:
    """Your own applicants, one row per applicant.

    Attributes
    ----------
    applicants
        With cycle and years filled in.
    applications, interviews, matched
        None where unknown.
    people
        Who it is, None where no column says.
    without_cycle
        Rows that name no cycle.
    withheld
        Whether the model withholds the number of the row's specialty.
    said
        What was read as what and what was left out, a line each.
    repeated
        Rows that repeat an earlier one in every cell.
    """

    applicants: list[Applicant]
    applications: list[int | None]
    interviews: list[int | None]
    matched: list[bool | None]
    people: list[str | None]
    without_cycle: list[bool]
    withheld: list[bool]
    said: tuple[str, ...]
    repeated: int

    def __len__(self) -> int:
        return len(self.applicants)

    def part(self, k: int) -> str:
        """Return the part of the `Tally` that a row falls into."""
        if self.matched[k] is None:
            return UNKNOWN_OUTCOME
        if self.interviews[k] == 0:
            return NO_INTERVIEWS
        return WITHHELD if self.withheld[k] else self.applicants[k].applicant_type

    @cached_property
    def tally(self) -> Tally:
        """The parts into which the rows fall."""
        counts = Counter((self.part(k), bool(hit)) for k, hit in enumerate(self.matched))
        names = sorted({name for name, _ in counts})
        return Tally({name: (counts[name, True], counts[name, False]) for name in names})

    @property
    def unknown_interviews(self) -> int | None:
        """Rows of known outcome whose interviews are unknown; None where that is not told."""
        n = sum(
            hit is not None and number is None
            for hit, number in zip(self.matched, self.interviews, strict=True)
        )
        return share_told(n, self.tally.used()[0])

    @property
    def default_cycle(self) -> int | None:
        """The cycle taken where a row names none."""
        return next(
            (a.cycle for a, blank in zip(self.applicants, self.without_cycle, strict=True) if blank), None
        )


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
    table = read_table(path, model, NEEDED, outcome, ignore_unread)
    return OwnTable(
        applicants=[model.resolve(a) for a in table.applicants],
        applications=[q.applications for q in table.questions],
        interviews=[interviews for _, interviews in table.outcomes],
        matched=[matched for matched, _ in table.outcomes],
        people=table.people,
        without_cycle=[a.cycle is None for a in table.applicants],
        withheld=[model.withheld(a.applicant_type, a.specialty) for a in table.applicants],
        said=table.said,
        repeated=len(table.rows) - len({tuple(cell.strip() for cell in row) for row in table.rows}),
    )


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
    if any(table.people) and not weighs_people:
        yield "the column person is read by update alone: here every row counts as another applicant"
    repeated, blank = share_told(table.repeated, rows), share_told(sum(table.without_cycle), rows)
    if table.repeated:
        unless = " unless a column person says that they are the same" if weighs_people else ""
        yield (
            f"{shown(repeated)} rows repeat an earlier one in every column: taken as other applicants{unless}"
        )
    if any(table.without_cycle):
        yield f"{shown(blank)} rows name no cycle: taken as of the {table.default_cycle} Match"
    if None in (rows, table.unknown_interviews, repeated, blank):
        yield WHY_SOME
