"""A frame of applicants, answered; pandas is imported where there is a frame."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..tabular.cells import key
from ..tabular.headers import fields
from ..tabular.table import refuse_lines
from .answers import TRUSTS, answer_rows, wanted
from .coded import Column, coded, on_all_cores
from .columns import ANSWERS, COLUMNS, GIVEN, INTERVIEWS, KNOWN, REQUIRED, TRUST
from .rows import read_rows
from .table import named_columns, read_row

if TYPE_CHECKING:
    import pandas as pd

    from ..model import Model

FAULT = "fault"
_SOME = 1000  # cells from which is told whether a column is many objects
_WIDE = 10_000  # whole numbers within so many are their own codes
_ALIKE = ("string", "boolean", "integer", "floating")  # of other objects True, 1 and 1.0 are equal


def score_frame(
    frame: pd.DataFrame,
    model: Model,
    *,
    ranges: bool = True,
    chain: bool = True,
    required: bool | None = None,
    interviews: bool | None = None,
    refuse: bool = True,
    ignore_unread: bool = False,
) -> pd.DataFrame:
    """Answer a frame of applicants with the numbers of `Model.odds`, one row each.

    A pure function: the numbers of a row depend on this row and the model alone, to the last bit.

    Parameters
    ----------
    frame
        One row per applicant, with columns as `matchmodel score` takes them: texts as people write them,
        numbers, yes and no; missing is unknown.
    model
    ranges
        Whether each number has its 80% range, in '_low' and '_high'.
    chain
        Whether applications and interviews are answered; else 'p_ranked' and 'trust' alone.
    required, interviews
        Whether there are columns of required applications, and of the chance with the interviews held;
        where None, if any row has a target, or interviews.
    refuse
        Whether a row that cannot be answered refuses the frame; else its numbers are missing, and a column
        'fault' says why.
    ignore_unread
        Whether to go on without columns that look like what an answer takes and are not read.

    Returns
    -------
    pandas.DataFrame
        The answers alone, with the frame's index.

    Raises
    ------
    RefusedInput
        For columns that are missing, twice or look like what an answer takes; and for rows, one line each.
    """
    import pandas as pd

    names, _ = named_columns([str(header) for header in frame.columns], ignore_unread=ignore_unread)
    taken = {name: frame.iloc[:, k] for k, name in enumerate(names) if name in COLUMNS and name}
    columns = dict(zip(taken, on_all_cores(_column, taken.values(), len(frame)), strict=True))
    rows = read_rows(columns, len(frame), model)
    faults = {
        k: read_row(list(columns), _cells(columns, k), model)[3]
        for k in np.flatnonzero(rows.refused).tolist()
    }
    if refuse and faults:
        lines = [f"row {frame.index[k]}: {text}" for k, texts in faults.items() for text in texts]
        refuse_lines("the frame", lines)
    asked = wanted(rows)
    more = REQUIRED if (REQUIRED[0] in asked if required is None else required) else ()
    more += (GIVEN,) if (GIVEN in asked if interviews is None else interviews) else ()
    answers = answer_rows(model, rows, ranges, chain, more)
    found: dict[str, Any] = dict(answers.of_rows())
    found[TRUST] = pd.Categorical.from_codes(answers.trust[answers.places], [*TRUSTS])
    if not refuse:
        found[FAULT] = ["; ".join(faults.get(k, ())) for k in range(len(frame))] if faults else ""
    return pd.DataFrame(found, index=frame.index)


def uniform(headers: Iterable[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of `score_frame` with which all parts of a table get the same columns."""
    names = fields([str(header) for header in headers], KNOWN)
    return {"required": "target" in names, "interviews": INTERVIEWS in names, **options}


def without_answers(headers: Iterable[str]) -> list[str]:
    """Return the columns that no earlier run has added."""
    return [header for header in headers if key(header) not in ANSWERS]


def _cells(columns: dict[str, Column], row: int) -> list[Any]:
    return [column.values[column.codes[row]] for column in columns.values()]


def _one(cell: Any) -> Hashable:
    """Return a cell as one thing: lists and the like as their text, which no column takes."""
    return str(cell) if cell.__hash__ is None or isinstance(cell, tuple) else cell


def _column(cells: pd.Series) -> Column:
    """Return a frame's column as codes; a missing cell is None."""
    import pandas as pd

    found = cells.to_numpy() if isinstance(cells.dtype, np.dtype) and cells.dtype.kind == "i" else None
    if found is not None and len(found) and 0 <= int(found.max()) - int(found.min()) < _WIDE:
        least = int(found.min())
        return Column(found.astype(np.intp) - least, range(least, int(found.max()) + 1))
    if getattr(cells.dtype, "kind", "") in "mM":  # times and days: whole numbers to numpy
        cells = cells.astype(object)
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return _or_none(cells.cat.codes.to_numpy(np.intp), cells.cat.categories)
    held = cells if getattr(cells.dtype, "storage", "") == "pyarrow" else cells.to_numpy()
    if not (isinstance(held, np.ndarray) and held.dtype.kind == "O"):
        return _or_none(*pd.factorize(held))
    places, objects = _objects(held)
    if pd.api.types.infer_dtype(objects) in _ALIKE:
        column = _or_none(*pd.factorize(objects))
    else:  # True, 1 and 1.0 are equal and are not read alike
        both = coded(((type(value), value) for value in map(_one, objects)), len(objects))
        column = Column(both.codes, [None if pd.isna(value) else value for _, value in both.values])
    return column if places is None else Column(column.codes[places], column.values)


def _or_none(codes: np.ndarray, values: Any) -> Column:
    """Return a column of codes, among which -1 stands for a missing cell."""
    return Column(np.where(codes < 0, len(values), codes), [*values.tolist(), None])


def _objects(cells: np.ndarray) -> tuple[np.ndarray | None, np.ndarray]:
    """Return the place of each cell among the objects that they are, and these; None and all where many are.

    What reads a file gives equal texts as one object. Addresses are numbers, which are told apart four times
    as fast as texts, and side by side.
    """
    import pandas as pd

    some = cells[:: len(cells) // _SOME + 1]
    if len(cells) < _SOME or 2 * len(set(map(id, some))) > len(some):
        return None, cells
    whole = np.dtype(np.intp)
    there = cells.__array_interface__ | {"typestr": whole.str, "descr": whole.descr}
    places, addresses = pd.factorize(np.asarray(SimpleNamespace(__array_interface__=there)))
    one = np.empty(len(addresses), np.intp)
    one[places] = np.arange(len(places))
    return places, cells[one]
