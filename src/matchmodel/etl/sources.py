"""Reading and validating source.toml: what a source is, what may be done with it, which tables it has."""

import difflib
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from ..inputs import file_bytes, strict_toml, why
from ..signature import EXPECTED, is_signature
from ..tabular.cells import CellFault, Value, code_word
from ..tabular.decode import Unreadable, decode
from ..tabular.workbook import SUFFIXES as WORKBOOKS
from .kinds import EXPECTED_TYPE, GRADES, read_applicant_type, read_measure, read_specialty
from .layouts import Column, Layout, find_layout, printed_names
from .problems import Problem

ROLES = ("training", "validation")
SOURCE_KEYS = (
    "title", "publisher", "year", "grade", "terms", "consent", "via", "role", "notes", "looked_over",
    "table",
)  # fmt: skip
TABLE_KEYS = ("file", "sheet", "layout", "measure", "applicant_type", "year", "specialty", "page", "notes")
MOST_TOML, MOST_TABLE = 1_000_000, 20_000_000  # bytes
PLACEHOLDER = "FILL IN"  # what `new-source` writes where only a person can know


@dataclass(frozen=True)
class Source:
    """One source of figures.

    Attributes
    ----------
    id
        Name of its folder.
    title, publisher
        What it is and whose.
    year
        Appointment year that its figures describe.
    grade
        Trust, A to D.
    terms
        What its owner asks of those who use it.
    consent
        Whether consent is asked for; True where source.toml does not say.
    via
        Who transcribed it, or empty.
    role
        ``training`` or ``validation``.
    sha256
        Hash over source.toml and the table files.
    notes
        Anything else.
    looked_over
        Who compared what is odd in it with the report, and when: 'AB, 2027-03-01'; empty where nobody did.
    """

    id: str
    title: str
    publisher: str
    year: int
    grade: str
    terms: str
    consent: bool
    via: str
    role: str
    sha256: str
    notes: str = ""
    looked_over: str = ""


@dataclass(frozen=True)
class TableSpec:
    """One ``[[table]]`` of a source.toml, sound and with its defaults filled in.

    Attributes
    ----------
    name
        ``<source-id>/<file>``, for messages; with its sheet where source.toml names one.
    path
        The file.
    layout
        Its layout.
    defaults
        What stands in for absent columns and blank cells: year, source, grade, coverage ('all'), and where
        given measure, applicant_type, specialty and page.
    sheet
        Of a workbook: which sheet; the first where None.
    """

    name: str
    path: Path
    layout: Layout
    defaults: Mapping[str, Value]
    sheet: str | None = None

    def default(self, column: Column) -> Value:
        """Return what stands in for a blank cell of a column; None where nothing does."""
        return None if column.default is None else self.defaults.get(column.default)

    def text_default(self, name: str) -> str | None:
        """Return one of the defaults that are texts; None where it is not given."""
        value = self.defaults.get(name)
        return value if isinstance(value, str) else None


class _Reader:
    """Collects the problems of one source.toml while its keys are read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def refuse(self, key: str | None, value: object, expected: str, fault: str) -> None:
        self.problems.append(
            Problem(self.file, None, key, None if value is None else str(value), expected, fault)
        )

    def unknown_keys(self, given: Iterable[str], known: Sequence[str], where: str = "") -> None:
        for key in given:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                expected = f"{near[0]}, one of " + ", ".join(known) if near else "one of " + ", ".join(known)
                self.refuse(f"{where}{key}", None, expected, "unknown key")

    def text(self, table: Mapping[str, object], key: str, where: str = "", required: bool = False) -> str:
        value = table.get(key)
        if value is None and not required:
            return ""
        place = f"{where}{key}"
        if isinstance(value, str) and PLACEHOLDER in value:
            expected = f"what belongs there, without the words {PLACEHOLDER}"
            self.refuse(place, value, expected, "is not filled in yet")
        elif isinstance(value, str) and value.strip():
            return " ".join(value.split())
        elif value is None or value == "":
            self.refuse(place, None, f'{key} = "..."', "is missing")
        else:
            self.refuse(place, value, "a text in quotes", "is not a text")
        return ""

    def signature(self, table: Mapping[str, object]) -> str:
        text = self.text(table, "looked_over")
        if text and not is_signature(text):
            self.refuse("looked_over", text, EXPECTED, "is no signature")
        return text

    def year(self, table: Mapping[str, object], where: str = "", required: bool = False) -> int | None:
        value = table.get("year")
        if isinstance(value, int) and not isinstance(value, bool) and 1950 <= value <= 2100:
            return value
        if value is not None:
            expected = "a year between 1950 and 2100, without quotes"
            self.refuse(f"{where}year", value, expected, "is no year")
        elif required:
            self.refuse("year", None, "year = 2026, the appointment year", "is missing")
        return None

    def coded(
        self, table: Mapping[str, object], key: str, read: Callable[[str], str | None], where: str
    ) -> str | None:
        value = table.get(key)
        if value is None:
            return None
        try:
            return read(str(value))
        except CellFault as fault:
            self.refuse(f"{where}{key}", value, fault.expected or EXPECTED_TYPE, fault.fault)
            return None


def read_source(folder: Path) -> tuple[Source | None, list[TableSpec], list[Problem]]:
    """Read a source's folder.

    Parameters
    ----------
    folder
        A folder with a source.toml.

    Returns
    -------
    source
        None where source.toml is unsound.
    specs
        The tables that can be read.
    problems
        Everything wrong with source.toml and its list of tables.
    """
    name = folder.name
    reader = _Reader(f"{name}/source.toml")
    try:
        raw = file_bytes(folder / "source.toml", MOST_TOML)
        given = strict_toml(decode(raw).replace("\r\n", "\n"))
    except Unreadable as error:
        reader.refuse(None, None, error.expected, error.fault)
        return None, [], reader.problems
    except (OSError, ValueError) as error:
        reader.refuse(
            None, None, "a TOML file; texts stand in double quotes", f"cannot be read: {why(error)}"
        )
        return None, [], reader.problems
    reader.unknown_keys(given, SOURCE_KEYS)
    needed = ("title", "publisher", "terms")
    texts = {key: reader.text(given, key, required=key in needed) for key in (*needed, "via", "notes")}
    texts["looked_over"] = reader.signature(given)
    year = reader.year(given, required=True)
    grade = str(given.get("grade", "")).strip().upper()
    if grade not in GRADES:
        reader.refuse("grade", given.get("grade", ""), "A, B, C or D", "is no grade")
    role = code_word(str(given.get("role", "training")))
    if role not in ROLES:
        reader.refuse("role", given["role"], " or ".join(ROLES), "is no role")
    consent = given.get("consent", True)
    if not isinstance(consent, bool):
        reader.refuse("consent", consent, "true or false, without quotes", "is neither true nor false")
    entries = given.get("table", [])
    if not _is_tables(entries):
        expected = "at least one [[table]] with file and layout, in double brackets"
        reader.refuse("table", None, expected, "no tables are listed")
        entries = []
    defaults: dict[str, Value] = {"year": year, "source": texts["title"], "grade": grade, "coverage": "all"}
    specs = _read_specs(folder, entries, defaults, reader)
    if reader.problems or year is None:
        return None, specs, reader.problems
    source = Source(
        id=name, year=year, grade=grade, consent=consent, role=role, sha256=_digest(raw, specs), **texts
    )
    return source, specs, []


def _is_tables(entries: object) -> TypeGuard[list[dict[str, object]]]:
    """Say whether what stands under ``table`` is a list of tables, and not an empty one."""
    return isinstance(entries, list) and bool(entries) and all(isinstance(entry, dict) for entry in entries)


def _read_specs(
    folder: Path, entries: Iterable[Mapping[str, object]], defaults: Mapping[str, Value], reader: _Reader
) -> list[TableSpec]:
    specs: list[TableSpec] = []
    listed: dict[tuple[Path, str | None], int] = {}
    for number, entry in enumerate(entries, start=1):
        where = f"table {number}: "
        reader.unknown_keys(entry, TABLE_KEYS, where)
        file = reader.text(entry, "file", where, required=True)
        layout = find_layout(str(entry.get("layout", "")))
        if layout is None:
            fault = "is no known layout" if "layout" in entry else "is missing"
            expected = "one of " + ", ".join(printed_names())
            reader.refuse(f"{where}layout", entry.get("layout"), expected, fault)
        own = _own_defaults(entry, layout, reader, where)
        sheet = reader.text(entry, "sheet", where) or None
        path = _inside(folder, file, reader, where) if file else None
        if path is not None and sheet and path.suffix.lower() not in WORKBOOKS:
            expected = f"no sheet, or a file that ends in {WORKBOOKS[0]}"
            reader.refuse(f"{where}sheet", sheet, expected, "is asked of a file that is no workbook")
            path = None
        if path is not None and (path, sheet) in listed:
            expected = f"each file once; it is table {listed[path, sheet]} already"
            reader.refuse(f"{where}file", file, expected, "is listed twice")
            path = None
        if path is None or layout is None:
            continue
        listed[path, sheet] = number
        name = f"{folder.name}/{file}" + (f" (sheet {sheet})" if sheet else "")
        specs.append(TableSpec(name, path, layout, {**defaults, **own}, sheet))
    return specs


def _own_defaults(
    entry: Mapping[str, object], layout: Layout | None, reader: _Reader, where: str
) -> dict[str, Value]:
    """What a [[table]] itself says of its rows."""
    own: dict[str, Value] = {
        "year": reader.year(entry, where),
        "measure": reader.coded(entry, "measure", read_measure, where),
        "applicant_type": reader.coded(entry, "applicant_type", read_applicant_type, where),
        "specialty": reader.coded(entry, "specialty", read_specialty, where)
        or (layout.default_specialty if layout else None),
        "page": reader.text(entry, "page", where),
    }
    return {key: value for key, value in own.items() if value}


def _inside(folder: Path, file: str, reader: _Reader, where: str) -> Path | None:
    """Return the file's real path; None, with a problem, where it is missing or outside the folder."""
    written = file.replace("\\", "/").replace("\0", "?")
    path = (folder / written).resolve()
    if Path(written).is_absolute() or written[1:2] == ":" or not path.is_relative_to(folder.resolve()):
        reader.refuse(f"{where}file", file, "a file in the source's own folder", "is outside its folder")
    elif not path.is_file():
        reader.refuse(f"{where}file", file, "a file in the source's own folder", "is missing")
    elif path.stat().st_size > MOST_TABLE:
        reader.refuse(
            f"{where}file", file, f"at most {MOST_TABLE:,} bytes, as a report's table has", "is too large"
        )
    else:
        return path
    return None


def _digest(raw: bytes, specs: Iterable[TableSpec]) -> str:
    digest = hashlib.sha256()
    for content in [raw, *(spec.path.read_bytes() for spec in specs)]:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
