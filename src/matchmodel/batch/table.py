"""A table of applicants, read with all its problems at once: for score and whoever takes such a table."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from ..applicant import FIELDS as ABOUT_WHOM
from ..applicant import Applicant
from ..errors import RefusedInput, clipped
from ..model.records import ApplicantType, Cell
from ..question import FIELDS as ABOUT_WHAT
from ..question import Question
from ..tabular import headers
from ..tabular.cells import BadCell, is_unknown, key
from ..tabular.numbers import plain_number
from ..tabular.parquet import is_parquet, stream_parquet
from ..tabular.table import Fault, PeopleStream, refuse, stream_people
from ..tabular.text import Row
from .columns import ANSWERS, COLUMNS, COUNTED, KNOWN, OUTCOMES, PERSON, count_known, unread_refusal

EXAMPLE = "specialty,applicant_type,step2_ck"
_NAMES = ("specialty", "applicant_type")  # where 'unknown' is no answer
PLAIN: dict[str, Any] = {
    "specialty": "Internal Medicine",
    "applicant_type": "non-us-img",
}  # refused by nothing
_WORDS = (*_NAMES, "visa_needed", PERSON)  # the others are numbers, or yes and no


@dataclass(frozen=True)
class Table:
    """A table of applicants, as read.

    Attributes
    ----------
    headers, rows
        Its cells, as they stand there.
    applicants, questions
        Of each row.
    unread
        Columns that nothing reads.
    said
        What was read as what and what was left out, a line each: for the person to see.
    """

    headers: list[str]
    rows: list[list[str]]
    applicants: list[Applicant] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    unread: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


class Asking(Protocol):
    """What a table's rows ask of a model while they are read."""

    def kind(self, applicant_type: str) -> ApplicantType:
        """Return a type's record; refuses what is not there."""

    def cell(self, applicant_type: str, specialty: str) -> Cell:
        """Return a specialty's record; refuses what is not there."""

    def resolve(self, applicant: Applicant) -> Applicant:
        """Return the applicant with cycle and years filled in; refuses what cannot be."""


def read_table(path: str | os.PathLike[str], model: Asking, ignore_unread: bool = False) -> Table:
    """Read a table of applicants, each row as an applicant and a question of Python.

    Parameters
    ----------
    path
        Parquet, CSV, TSV, a workbook and what else `read_people` takes; headers as people write them.
    model
    ignore_unread
        Whether to go on without columns that look like what an answer takes and are not read.

    Raises
    ------
    RefusedInput
        With one line per problem, all of them.
    """
    opened = open_table(path, ignore_unread)
    rows = list(opened.stream.rows)
    table = Table(opened.stream.headers, [cells for _, cells in rows], unread=opened.unread, said=opened.said)
    faults = [*opened.stream.faults, *_read_rows(rows, opened.names, table, model)]
    if faults:
        refuse(opened.stream.path, faults)
    return table


@dataclass(frozen=True)
class OpenTable:
    """A table of applicants whose columns are known, its rows still to be taken.

    Attributes
    ----------
    stream
    names
        Each column's field, None where it is none.
    unread
        Headers of columns that nothing reads.
    """

    stream: PeopleStream
    names: list[str | None]
    unread: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """What was read as what and what was left out, a line each; whole when all rows are taken."""
        mapped = headers.mapped(self.stream.headers, self.names)
        unread = [f"Not read: {headers.listed(self.unread)}"] if self.unread else []
        return (*filter(None, [mapped]), *self.stream.said, *unread)


def open_table(
    path: str | os.PathLike[str],
    ignore_unread: bool = False,
    needed: Sequence[str] = _NAMES,
    taken: Sequence[str] = COLUMNS,
) -> OpenTable:
    """Open a table of applicants; see `read_table`, and `named_columns` for `needed` and `taken`."""
    stream = stream_parquet(path) if is_parquet(path) else stream_people(path, count_known, EXAMPLE)
    names, unread = named_columns(stream.headers, f"{stream.path}: ", needed, taken, ignore_unread)
    return OpenTable(stream, names, tuple(unread))


def named_columns(
    titles: Sequence[str],
    where: str = "",
    needed: Sequence[str] = _NAMES,
    taken: Sequence[str] = COLUMNS,
    ignore_unread: bool = False,
) -> tuple[list[str | None], list[str]]:
    """Return each column's field, None where it is none, and the headers of columns that nothing reads.

    Parameters
    ----------
    titles
        Headers.
    where
        What each line of a refusal begins with.
    needed, taken
        Fields without which the table is refused, and that are read.
    ignore_unread
        Whether to go on without columns that look like what an answer takes and are not read.

    Raises
    ------
    RefusedInput
        With one line per problem.
    """
    names = headers.fields(titles, KNOWN)
    if not any(names):
        raise RefusedInput(f"{where}no column has a name that is known; name them, such as {EXAMPLE}")
    unread = _unread(titles, names, taken)
    refusal = None if ignore_unread else unread_refusal(unread)
    problems = [*_missing(needed, names), *headers.twice(titles, names), *filter(None, [refusal])]
    if problems:
        raise RefusedInput("\n".join(where + text for text in problems))
    return names, unread


def _missing(needed: Sequence[str], names: Sequence[str | None]) -> list[str]:
    """Return one sentence where columns are missing."""
    missing = [name for name in needed if name not in names]
    columns = "the column {} is missing" if len(missing) == 1 else "the columns {} are missing"
    return [columns.format(" and ".join(missing))] if missing else []


def _unread(titles: Sequence[str], names: Sequence[str | None], taken: Sequence[str]) -> list[str]:
    """Headers of columns that nothing reads; outcomes, person and answers have their own place."""
    also = {*taken, *OUTCOMES, PERSON}
    pairs = zip(titles, names, strict=True)
    return [h for h, name in pairs if h.strip() and name not in also and key(h) not in ANSWERS]


def _read_rows(rows: Sequence[Row], names: Sequence[str | None], table: Table, model: Asking) -> list[Fault]:
    """Fill the table row by row; returns what is wrong."""
    faults: list[Fault] = []
    for line, cells in rows:
        _, applicant, question, wrong = read_row(names, cells, model)
        if applicant is not None and question is not None:
            table.applicants.append(applicant)
            table.questions.append(question)
        faults += [(line, f": {message}") for message in wrong]
    return faults


def read_row(
    names: Sequence[str | None], cells: Sequence[Any], model: Asking, asked: Sequence[str] = ABOUT_WHAT
) -> tuple[dict[str, Any], Applicant | None, Question | None, list[str]]:
    """Read one row.

    Parameters
    ----------
    names
        Each column's field, None where it is none.
    cells
        As `value_said` takes them.
    model
    asked
        The fields of a question that are read.

    Returns
    -------
    tuple
        What its cells say, the applicant and the question (None where they are refused), and why, one
        sentence per problem.
    """
    wrong: list[str] = []
    given: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=True):
        if name is not None:
            try:
                given[name] = value_said(name, cell)
            except RefusedInput as error:
                given[name] = "" if name in _NAMES else None
                wrong.append(str(error))
    try:
        applicant = Applicant(**_chosen(given, ABOUT_WHOM))
        model.resolve(applicant)
        return given, applicant, Question(**_chosen(given, asked)), wrong
    except RefusedInput as error:
        return given, None, None, wrong + _messages(given, asked, model, error)


def value_said(name: str, cell: Any) -> Any:
    """Return what a cell says, as Applicant and Question read it; None where unknown.

    Parameters
    ----------
    name
        The column's field.
    cell
        A text as people write it; of a frame also a number, or None where missing.
    """
    if not isinstance(cell, str):
        return "" if cell is None and name in _NAMES else cell
    if isinstance(cell, BadCell):
        raise RefusedInput(f"{name} '{clipped(cell)}' {cell.fault} (expected {cell.expected})")
    return _said_of(name, cell)


@lru_cache(maxsize=4096)  # most cells of a large table stand in it many times
def _said_of(name: str, cell: str) -> str | None:
    text = cell.strip()
    if name in _NAMES:
        return text
    if is_unknown(text):
        return None
    if name in _WORDS:
        return text
    try:
        return plain_number(text, name in COUNTED)
    except RefusedInput as error:
        raise RefusedInput(f"{name} {error}") from None


def _chosen(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _messages(
    given: Mapping[str, Any], asked: Sequence[str], model: Asking, error: RefusedInput
) -> list[str]:
    """Return all that is wrong with a refused row: each cell is tried by itself, then the first refusal."""
    found = []
    for name in (*ABOUT_WHOM, *asked):
        if name not in given:
            continue
        one: dict[str, Any] = {name: given[name]}
        try:
            if name in asked:
                Question(**one)
            else:
                model.kind(Applicant(**PLAIN | one).applicant_type)
        except RefusedInput as refused:
            found.append(str(refused))
    return found if str(error) in found else [*found, str(error)]
