"""From the cells of a table file to records: each value read, each blank filled, each total row dropped."""

import re
from dataclasses import dataclass

from ..kinds import KINDS, of_measure, read_cell
from ..layouts import COMMENTS
from ..problems import Problem
from ..words import adjusts_for_score
from .bins import Bin, parse_bin
from .cells import BadCell, CellFault, is_total
from .files import match_header, read_cells

_ABOVE = re.compile(r"^as above\b", re.IGNORECASE)
_AS_ID = re.compile(r"^as (\S+)$")


@dataclass
class Record:
    """One row of a table, read.

    Attributes
    ----------
    values : dict
        Tidy column to value; None where blank or unreadable.
    cells : dict
        Tidy column to the cell as printed.
    file : str
        ``<source-id>/<file>``.
    row : int
        Line number.
    headers : dict
        Tidy column to the printed header.
    bad : set of str
        Columns whose cell could not be read.
    """

    values: dict
    cells: dict
    file: str
    row: int
    headers: dict
    bad: set

    def values_of(self, columns):
        """Return the values of some columns, whole numbers without a decimal point."""
        values = [self.values[column] for column in columns]
        return [f"{value:g}" if isinstance(value, float) else value for value in values]

    def problem(self, column, expected, fault, value=None):
        """Return a Problem at this row's cell of `column`."""
        shown = value if value is not None else self.cells.get(column)
        return Problem(self.file, self.row, self.headers.get(column, column), shown, expected, fault)


def read_records(spec):
    """Read one table file.

    Parameters
    ----------
    spec : TableSpec
        The file, its layout and what stands in for blanks.

    Returns
    -------
    records : list of Record
        Every row but the totals, unreadable cells None.
    problems : list of Problem
        Everything wrong with the header or a single cell.
    """
    header, at, rows, problems = read_cells(
        spec.name, spec.path.read_bytes(), spec.path.suffix.lower(), spec.sheet
    )
    if not header:
        return [], problems
    found, faults = match_header(spec.name, header, spec.layout, COMMENTS, at)
    faults += _absent(spec, found) if rows else []
    if faults:
        return [], problems + faults
    headers = {name: printed for name, (_, printed, _) in found.items()}
    records = []
    for line, cells in rows:
        if not spec.layout.totals and _is_total_row(found, cells):
            continue
        values, printed_cells, bad = {}, {}, set()
        kinds = _kinds(spec, found, cells)
        for column in spec.layout.columns:
            if column.derived:
                continue
            index, printed, percent = found.get(column.name, (None, column.printed, False))
            text = "" if index is None else cells[index]
            try:
                if isinstance(text, BadCell) and not (
                    column.kind == "date" and text
                ):  # a spreadsheet's date is one
                    raise CellFault(text.fault, text.expected)
                value = read_cell(text, kinds[column.name], percent)
                if value is None and column.name != "source":  # a blank source is carried down, below
                    value = spec.defaults.get(column.default)
                    if value is None and not column.blank:
                        raise CellFault("is blank")
            except CellFault as fault:
                value = None
                bad.add(column.name)
                expected = fault.expected or kinds[column.name].expected
                expected += ", or blank where suppressed" if column.blank else ""
                problems.append(Problem(spec.name, line, printed, text.strip(), expected, fault.fault))
            values[column.name], printed_cells[column.name] = value, text.strip()
        records.append(Record(values, printed_cells, spec.name, line, headers, bad))
    if rows and not records:
        problems.append(
            Problem(spec.name, None, None, None, "at least one row that is no total", "the table has no rows")
        )
    problems += _resolve_texts(spec, records)
    if spec.layout.has("bin"):
        problems += _bounds(records)
    if spec.layout.has("score_adjusted"):
        for record in records:
            record.values["score_adjusted"] = adjusts_for_score(record.values["adjusted_for"])
    return records, problems


def _absent(spec, found):
    """Columns that may come from source.toml but come from nowhere, or from there with a word that is not theirs."""
    problems = []
    for column in spec.layout.columns:
        if column.default in ("applicant_type", "measure"):
            given, kind = spec.defaults.get(column.default), KINDS[column.kind]
            if given and kind.words and given not in kind.words:
                problems.append(
                    Problem(
                        spec.name,
                        None,
                        column.printed,
                        given,
                        kind.expected,
                        "is given in source.toml and is no word of this layout",
                    )
                )
            if not given and not column.blank and column.name not in found:
                expected = f'a column {column.printed}, or {column.default} = "..." in its [[table]]'
                problems.append(Problem(spec.name, None, column.printed, None, expected, "is given nowhere"))
    return problems


def _is_total_row(found, cells):
    return any(name in found and is_total(cells[found[name][0]]) for name in ("specialty", "bin"))


def _kinds(spec, found, cells):
    """Kinds of the row's columns, those of measured values narrowed by the row's measure."""
    measure = spec.defaults.get("measure")
    if "measure" in found and spec.layout.has("measure"):
        try:
            measure = read_cell(cells[found["measure"][0]], KINDS["measure"]) or measure
        except CellFault:
            measure = None  # the cell itself is reported
    narrowed = of_measure(measure)
    return {
        column.name: narrowed if column.kind == "measured" else KINDS[column.kind]
        for column in spec.layout.columns
    }


def _resolve_texts(spec, records):
    """Carry sources down, and put the text meant in place of 'as above' and 'as <id>'."""
    problems = []
    by_id = {record.values.get("id"): record for record in records if record.values.get("id")}
    above = spec.defaults["source"]
    for record in records:
        values = record.values
        for column in ("source", "population"):
            text = values.get(column)
            same = _AS_ID.match(text) if isinstance(text, str) and spec.layout.has("id") else None
            if same and not _ABOVE.match(text):
                other = by_id.get(same[1])
                if other is None:
                    problems.append(
                        record.problem(column, "'as <id>' with the id of a row of this table", "names no row")
                    )
                else:
                    values[column] = other.values.get(column)
        if spec.layout.has("source"):
            text = values["source"]
            if text and not _ABOVE.match(text):
                above = text
            values["source"] = _ABOVE.sub(lambda _: above, text) if text else above
    return problems


def _bounds(records):
    """Fill low and high from the printed bin; a bound printed beside it must agree."""
    problems = []
    for record in records:
        if record.values["bin"] is None:
            record.values["low"] = record.values["high"] = None
            continue
        bin_ = as_bin(record)
        for name in ("low", "high"):
            printed, meant = record.values[name], getattr(bin_, name)
            if printed is not None and printed != meant:
                said = "an open end" if meant is None else f"{meant:g}"
                problems.append(
                    record.problem(name, f"{said}, as the bin {bin_.label} says", "contradicts its bin")
                )
            record.values[name] = meant
    return problems


def as_bin(record):
    """Return the record's bin, with its bounds."""
    return parse_bin(record.values["bin"]) if record.values["bin"] else Bin("unknown", None, None)
