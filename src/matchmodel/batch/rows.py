"""Applicants as arrays: each distinct value is read once, by the readers of Applicant and Question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..applicant import Applicant
from ..covariates import COVARIATES
from ..errors import RefusedInput
from ..model import Model
from ..question import FIELDS as ABOUT_WHAT
from ..question import Question
from ..tabular.cells import BadCell
from .coded import Column, coded, joined
from .columns import OUTCOMES, PERSON
from .table import PLAIN, value_said

PROFILE = ("step2_ck", *COVARIATES)
_FEW = 256  # values that are sooner read than looked for
# From what a row's cells say to the values of `OUTCOMES`, None where unknown; what it refuses is told.
Outcome = Callable[[Mapping[str, Any]], Sequence[float | None]]


@dataclass(frozen=True)
class Rows:
    """Applicants and what is asked of them.

    Attributes
    ----------
    cells
        Of (applicant type, specialty, cycle).
    numbers
        {name of `PROFILE`, of a question's fields or of `OUTCOMES`: floats, NaN where unknown}.
    refused
        Rows that cannot be answered; what they hold above means nothing. Shape (n,).
    """

    cells: Column
    numbers: dict[str, Column]
    refused: np.ndarray

    def __len__(self) -> int:
        return len(self.cells.codes)

    def asks(self, name: str) -> bool:
        """Say whether any row that is answered has a number."""
        if name not in self.numbers:
            return False
        codes, values = self.numbers[name]
        return bool((~np.isnan(np.asarray(values, float)))[codes[~self.refused]].any())

    def known(self, name: str) -> Column:
        """Return a column of numbers, all NaN where nothing says it."""
        return self.numbers.get(name) or Column(np.zeros(len(self), np.intp), np.array([np.nan]))

    def take(self, rows: np.ndarray) -> "Rows":
        """Return some rows."""
        numbers = {name: column.take(rows) for name, column in self.numbers.items()}
        return Rows(self.cells.take(rows), numbers, self.refused[rows])


def of_applicants(model: Model, applicants: Sequence[Applicant], asked: Sequence[Question]) -> Rows:
    """Return applicants as arrays.

    Raises
    ------
    RefusedInput
        For one who cannot be answered.
    """
    resolved, n = [model.resolve(a) for a in applicants], len(applicants)
    numbers = {name: coded((getattr(a, name) for a in resolved), n) for name in PROFILE}
    numbers |= {name: coded((getattr(q, name) for q in asked), n) for name in ABOUT_WHAT}
    cells = coded(((a.applicant_type, a.specialty, a.cycle) for a in resolved), n)
    return Rows(cells, {name: _floats(*column) for name, column in numbers.items()}, np.zeros(n, bool))


def stacked(parts: Sequence[Rows]) -> Rows:
    """Return rows as one, in order, in little memory; all have the same columns.

    Values that are equal are made one.
    """

    def below(columns: Sequence[Column]) -> np.ndarray:
        first = np.cumsum([0, *(len(column.values) for column in columns[:-1])])
        return np.concatenate([column.codes + at for column, at in zip(columns, first, strict=True)])

    cells, numbers = [part.cells for part in parts], {}
    for name in parts[0].numbers:
        columns = [part.numbers[name] for part in parts]
        values = [None if v != v else v for column in columns for v in column.values.tolist()]
        numbers[name] = _floats(below(columns), values).small()
    merged = _merged(below(cells), [cell for column in cells for cell in column.values]).small()
    return Rows(merged, numbers, np.concatenate([part.refused for part in parts]))


def _floats(places: np.ndarray, values: Sequence[float | None]) -> Column:
    """Return a column of numbers from the place of each row among `values`."""
    codes, kept = _merged(places, values)
    return Column(codes, np.array([np.nan if v is None else float(v) for v in kept]))


def _merged(places: np.ndarray, values: Sequence[Any]) -> Column:
    """Return the column of values read, those that are equal made one."""
    codes, kept = coded(values, len(values))
    return Column(places if len(kept) == len(values) else codes[places], kept)


# --- reading ------------------------------------------------------------------------------------------------

Said = dict[str, Any]
_REFUSED = object()  # what could not be read
# What a number is read from; fields that are compared with each other are read together.
_READ: dict[str, tuple[str, ...]] = {
    "step2_ck": ("step2_ck",),
    "usce_months": ("usce_months",),
    "step1_failed": ("step1_attempts", "step1_failed"),
    "step2_failed": ("step2_attempts", "step2_failed"),
    "years_since_graduation": ("yog", "years_since_graduation"),
}
_WHO = ("specialty", "applicant_type", "cycle", "visa_needed")


def read_rows(columns: Mapping[str, Column], rows: int, model: Model, outcome: Outcome | None = None) -> Rows:
    """Read the columns of a table; what is wrong with a refused row is not told here.

    Parameters
    ----------
    columns
        {field: its cells}: texts as people write them, numbers, None where missing. 'specialty' and
        'applicant_type' at least.
    rows
    model
    outcome
        Reads what became of applicants, where that is wanted; interviews are then its own to read, and no
        question's.
    """
    said = {
        name: [_tried(value_said, name, value) for value in c.values]
        for name, c in columns.items() if name != PERSON
    }  # fmt: skip
    refused, numbers = np.zeros(rows, bool), {}

    def read(names: Sequence[str], make: Callable[[Said], Any]) -> tuple[np.ndarray, list[Any]]:
        """Read the distinct rows of some columns, each once."""
        there = [name for name in names if name in columns]
        places, codes = _each([columns[name] for name in there])
        found = []
        for row in zip(*(c.tolist() for c in codes), strict=True):
            given = {name: said[name][code] for name, code in zip(there, row, strict=True)}
            found.append(_REFUSED if _REFUSED in given.values() else _tried(make, given))
        wrong = np.array([value is _REFUSED for value in found], bool)
        if wrong.any():
            np.logical_or(refused, wrong[places], out=refused)
        return places, [None if value is _REFUSED else value for value in found]

    places, who = read(_WHO, lambda given: model.resolve(Applicant(**given)))
    cells = _merged(places, [None if a is None else (a.applicant_type, a.specialty, a.cycle) for a in who])
    if "visa_needed" in columns:
        numbers["visa_needed"] = _floats(places, [None if a is None else a.visa_needed for a in who])
    for name, sources in _READ.items():
        if any(source in columns for source in sources):
            sources = (*sources, "cycle") if "yog" in sources else sources
            numbers[name] = _floats(*read(sources, partial(_number, name, model)))
    if PERSON in columns:  # any text is one, but no cell that its file spoilt
        codes, texts = columns[PERSON]
        refused |= np.array([isinstance(text, BadCell) for text in texts], bool)[codes]
    if outcome is not None:
        places, found = read(OUTCOMES, outcome)
        for k, name in enumerate(OUTCOMES):
            numbers[name] = _floats(places, [None if values is None else values[k] for values in found])
    for name in ABOUT_WHAT:
        if name in columns and name not in numbers:
            numbers[name] = _floats(*read([name], partial(_asked, name)))
    return Rows(cells, numbers, refused)


def _each(columns: Sequence[Column]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return what `joined` does; of one column with few values all of them, there or not."""
    if len(columns) == 1 and len(columns[0].values) <= _FEW:
        return columns[0].codes, [np.arange(len(columns[0].values))]
    return joined(columns)


def _number(name: str, model: Model, given: Said) -> float | None:
    applicant = Applicant(**PLAIN | given)
    if "yog" in given:
        applicant = applicant.in_cycle(model.default_cycle)
    value: float | None = getattr(applicant, name)
    return value


def _asked(name: str, given: Said) -> float | None:
    value: float | None = getattr(Question(**given), name)
    return value


def _tried(make: Callable[..., Any], *given: Any) -> Any:
    try:
        return make(*given)
    except RefusedInput:
        return _REFUSED
