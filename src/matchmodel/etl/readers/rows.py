"""From the cells of a table file to records: each value read, each blank filled, each total row dropped."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...tabular.cells import BadCell, CellFault, Value, is_total, key
from ...tabular.headers import listed
from ..kinds import KINDS, Kind, TextKind, of_measure, read_cell
from ..layouts import COMMENTS, Column, Layout
from ..problems import Problem
from ..sources import TableSpec
from .bins import Bin, parse_bin
from .files import Found, match_header, names_of_columns, read_cells

_ABOVE = re.compile(r"^as above\b", re.IGNORECASE)
_AS_ID = re.compile(r"^as (\S+)$")


@dataclass
class Record:
    """One row of a table, read.

    Attributes
    ----------
    values
        By tidy column; None where blank or unreadable.
    cells
        The cells as printed, by tidy column.
    file
        ``<source-id>/<file>``.
    row
        Line number.
    headers
        The printed headers, by tidy column.
    bad
        Columns whose cell could not be read.
    """

    values: dict[str, Value]
    cells: dict[str, str]
    file: str
    row: int
    headers: Mapping[str, str]
    bad: set[str]

    def number(self, column: str) -> float | None:
        """Return the value of a column of numbers."""
        value = self.values[column]
        if isinstance(value, str):
            raise TypeError(f"the column {column} holds texts")
        return value

    def numbers(self, *columns: str) -> tuple[float | None, ...]:
        """Return the values of some columns of numbers."""
        return tuple(self.number(column) for column in columns)

    def text(self, column: str) -> str | None:
        """Return the value of a column of texts."""
        value = self.values[column]
        if value is None or isinstance(value, str):
            return value
        raise TypeError(f"the column {column} holds numbers")

    def has_bad(self, *columns: str) -> bool:
        """Say whether the cell of one of some columns could not be read."""
        return not self.bad.isdisjoint(columns)

    def values_of(self, columns: Iterable[str]) -> list[Value]:
        """Return the values of some columns, whole numbers without a decimal point."""
        values = [self.values[column] for column in columns]
        return [f"{value:g}" if isinstance(value, float) else value for value in values]

    def problem(self, column: str | None, expected: str, fault: str, value: str | None = None) -> Problem:
        """Return a Problem at this row's cell of `column`, or of the whole row where there is none."""
        if column is None:
            return Problem(self.file, self.row, None, value, expected, fault)
        shown = value if value is not None else self.cells.get(column)
        return Problem(self.file, self.row, self.headers.get(column, column), shown, expected, fault)


class Read(NamedTuple):
    """A table file as read.

    Attributes
    ----------
    records
        Every row but the totals, unreadable cells None.
    problems
        Everything wrong with the header or a single cell.
    totals
        The total rows.
    said
        What was left out, a line each.
    """

    records: list[Record]
    problems: list[Problem]
    totals: list[Record]
    said: list[str]


def read_records(spec: TableSpec) -> Read:
    """Read one table file.

    Parameters
    ----------
    spec
        The file, its layout and what stands in for blanks.

    """
    given = [text for name in ("applicant_type", "measure") if (text := spec.text_default(name))]
    header, line, rows, problems, said = read_cells(
        spec.name,
        spec.path.read_bytes(),
        spec.path.suffix.lower(),
        spec.sheet,
        names_of_columns(spec.layout, given),
    )
    if not header:
        return Read([], problems, [], said)
    found, faults = match_header(spec.name, header, spec.layout, COMMENTS, line, given)
    said += _columns_said(spec.layout, header, found)
    faults += _absent(spec, found) if rows else []
    if faults:
        return Read([], problems + faults, [], said)
    records: list[Record] = []
    totals: list[Record] = []
    for line, cells in rows:
        record, faults = _read_row(spec, found, line, cells)
        if not spec.layout.totals and _is_total_row(found, cells):
            totals.append(record)
            continue
        records.append(record)
        problems += faults
    if rows and not records:
        problems.append(
            Problem.of_file(spec.name, "at least one row that is no total", "the table has no rows")
        )
    problems += _resolve_texts(spec, records)
    if spec.layout.has("bin"):
        problems += _bounds(records)
    return Read(records, problems, totals, said)


def _columns_said(layout: Layout, header: Sequence[str], found: Mapping[str, Found]) -> list[str]:
    """Which columns were not read, and which were read and only compared."""
    places = {place.at for place in found.values()}
    unread = [name for at, name in enumerate(header) if at not in places and key(name) not in COMMENTS]
    compared = [found[column.name].printed for column in layout.checked if column.name in found]
    said = [f"Left out (columns): {listed(unread)}"] if unread else []
    return said + ([f"Compared with the others, and left out: {listed(compared)}"] if compared else [])


def _read_row(
    spec: TableSpec, found: Mapping[str, Found], line: int, cells: Sequence[str]
) -> tuple[Record, list[Problem]]:
    """Read each cell of a row, and fill each blank that has a default."""
    headers = {name: place.printed for name, place in found.items()}
    record, problems = Record({}, {}, spec.name, line, headers, set()), []
    kinds = _kinds(spec, found, cells)
    extra = (column for column in spec.layout.checked if column.name in found)
    for column in (*spec.layout.columns, *extra):
        if column.derived:
            continue
        place = found.get(column.name, Found(None, column.printed, False))
        cell, kind = place.cell(cells), kinds[column.name]
        try:
            value = _value(spec, column, kind, cell, place.percent)
        except CellFault as fault:
            value = None
            record.bad.add(column.name)
            expected = fault.expected or kind.expected
            expected += ", or blank where suppressed" if column.blank else ""
            problems.append(Problem(spec.name, line, place.printed, cell.strip(), expected, fault.fault))
        record.values[column.name], record.cells[column.name] = value, cell.strip()
    return record, problems


def _value(spec: TableSpec, column: Column, kind: Kind, cell: str, percent: bool) -> Value:
    """Read a cell; CellFault where it is unreadable, or blank without a default."""
    if isinstance(cell, BadCell):
        spreadsheet_date = column.kind == "date" and cell
        if not spreadsheet_date:
            raise CellFault(cell.fault, cell.expected)
    value = read_cell(cell, kind, percent)
    if value is None and column.name != "source":  # a blank source is carried down, later
        value = spec.default(column)
        if value is None and not column.blank:
            raise CellFault("is blank")
    return value


def _absent(spec: TableSpec, found: Collection[str]) -> list[Problem]:
    """Columns that may come from source.toml but do not.

    They come from nowhere, or from there with a word that is not theirs.
    """
    problems = []
    for column in spec.layout.columns:
        if column.default not in ("applicant_type", "measure"):
            continue
        given, kind = spec.text_default(column.default), KINDS[column.kind]
        allowed = kind.words if isinstance(kind, TextKind) else ()
        if given and allowed and given not in allowed:
            fault = "is given in source.toml and is no word of this layout"
            problems.append(Problem(spec.name, None, column.printed, given, kind.expected, fault))
        if not given and not column.blank and column.name not in found:
            expected = f'a column {column.printed}, or {column.default} = "..." in its [[table]]'
            problems.append(Problem(spec.name, None, column.printed, None, expected, "is given nowhere"))
    return problems


def _is_total_row(found: Mapping[str, Found], cells: Sequence[str]) -> bool:
    return any(name in found and is_total(found[name].cell(cells)) for name in ("specialty", "bin"))


def _kinds(spec: TableSpec, found: Mapping[str, Found], cells: Sequence[str]) -> dict[str, Kind]:
    """Kinds of the row's columns, those of measured values narrowed by the row's measure."""
    measure = spec.text_default("measure")
    if "measure" in found and spec.layout.has("measure"):
        try:
            own = read_cell(found["measure"].cell(cells), KINDS["measure"])
            measure = own if isinstance(own, str) else measure
        except CellFault:
            measure = None  # the cell itself is reported
    narrowed = of_measure(measure)
    return {
        column.name: narrowed if column.kind == "measured" else KINDS[column.kind]
        for column in (*spec.layout.columns, *spec.layout.checked)
    }


def _resolve_texts(spec: TableSpec, records: Sequence[Record]) -> list[Problem]:
    """Carry sources down, and put the text meant in place of 'as above' and 'as <id>'."""
    problems: list[Problem] = []
    has_id, has_source = spec.layout.has("id"), spec.layout.has("source")
    by_id = {record.text("id"): record for record in records if record.text("id")} if has_id else {}
    above = spec.text_default("source") or ""
    for record in records:
        if has_id:
            problems += _resolve_ids(record, by_id)
        if has_source:
            text = record.text("source") or "as above"  # a blank is carried down
            reference = _ABOVE.match(text)
            if reference is None:
                above = text
            record.values["source"] = above + text[reference.end() :] if reference else text
    return problems


def _resolve_ids(record: Record, by_id: Mapping[str | None, Record]) -> Iterator[Problem]:
    for column in ("source", "population"):
        text = record.text(column)
        same = _AS_ID.match(text) if text and not _ABOVE.match(text) else None
        if same and same[1] in by_id:
            record.values[column] = by_id[same[1]].values[column]
        elif same:
            yield record.problem(column, "'as <id>' with the id of a row of this table", "names no row")


def _bounds(records: Iterable[Record]) -> list[Problem]:
    """Fill low and high from the printed bin; a bound printed beside it must agree."""
    problems = []
    for record in records:
        if record.values["bin"] is None:
            record.values["low"] = record.values["high"] = None
            continue
        meant_bin = as_bin(record)
        for name, meant in (("low", meant_bin.low), ("high", meant_bin.high)):
            printed = record.values[name]
            if printed is not None and printed != meant:
                bound = "an open end" if meant is None else f"{meant:g}"
                expected = f"{bound}, as the bin {meant_bin.label} says"
                problems.append(record.problem(name, expected, "contradicts its bin"))
            record.values[name] = meant
    return problems


def as_bin(record: Record) -> Bin:
    """Return the record's bin, with its bounds."""
    label = record.text("bin")
    return parse_bin(label) if label else Bin("unknown", None, None)
