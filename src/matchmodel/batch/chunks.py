"""A table of applicants taken chunk by chunk, its columns as codes; what is wrong is told all at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

import numpy as np

from ..errors import RefusedInput
from ..model import Model
from ..question import FIELDS as ABOUT_WHAT
from ..tabular.table import MOST_PROBLEMS, Fault, refuse
from ..tabular.text import Row
from .coded import Column, coded
from .columns import COLUMNS, OUTCOMES
from .rows import Outcome, Rows, read_rows
from .table import OpenTable, read_row

ROWS_AT_ONCE = 20_000  # read, answered and written; equal ones among them are answered once


@dataclass(frozen=True)
class Chunk:
    """Rows of a table, in order.

    Attributes
    ----------
    lines
        As they stand there.
    columns
        {field: its cells}, of the fields that are taken.
    rows
        The same, read.
    """

    lines: list[Row]
    columns: dict[str, Column]
    rows: Rows


def column(lines: Sequence[Row], place: int) -> Column:
    """Return a column's cells in some lines."""
    return coded(map(itemgetter(place), map(itemgetter(1), lines)), len(lines))


def chunks(
    opened: OpenTable, model: Model, taken: Sequence[str] = COLUMNS, outcome: Outcome | None = None
) -> Iterator[Chunk]:
    """Yield a table's rows in chunks, at least one, which may be empty.

    Parameters
    ----------
    opened, model
    taken
        Fields whose columns are read.
    outcome
        As for `read_rows`.
    """
    places = {name: k for k, name in enumerate(opened.names) if name in taken and name}
    full = True
    while full:
        lines = list(islice(opened.stream.rows, ROWS_AT_ONCE))
        full = len(lines) == ROWS_AT_ONCE
        columns = {name: column(lines, k) for name, k in places.items()}
        yield Chunk(lines, columns, read_rows(columns, len(lines), model, outcome))


def checked(
    opened: OpenTable, model: Model, taken: Sequence[str] = COLUMNS, outcome: Outcome | None = None
) -> Iterator[Chunk]:
    """Yield a table's chunks, as `chunks`; after the last the table is refused where anything is wrong.

    Raises
    ------
    RefusedInput
        With one line per problem.
    """
    stream, kept, unnamed = opened.stream, list[Fault](), 0
    for chunk in chunks(opened, model, taken, outcome):
        found = sorted([*stream.faults, *_faults(chunk, opened, model, outcome)], key=itemgetter(0))
        stream.faults.clear()
        room = MOST_PROBLEMS - len(kept)
        kept += found[:room]
        unnamed += len(found[room:])
        yield chunk
    if kept:
        refuse(stream.path, kept, unnamed)


def _faults(chunk: Chunk, opened: OpenTable, model: Model, outcome: Outcome | None) -> Iterator[Fault]:
    """Yield what is wrong with rows that are refused: each is read again, by itself."""
    names = [name if name in chunk.columns else None for name in opened.names]
    asked = [name for name in ABOUT_WHAT if outcome is None or name not in OUTCOMES]
    for k in np.flatnonzero(chunk.rows.refused):
        line, cells = chunk.lines[k]
        given, _, _, wrong = read_row(names, cells, model, asked)
        if outcome is not None:
            try:
                outcome(given)
            except RefusedInput as error:
                wrong.append(str(error))
        yield from ((line, f": {message}") for message in wrong)
