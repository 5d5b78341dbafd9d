"""Reading and validating source.toml: what a source is, what may be done with it, which tables it has."""

import difflib
import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .kinds import GRADES, KINDS, read_cell, read_measure
from .layouts import Layout, find_layout, printed_names
from .problems import Problem
from .readers.cells import CellFault, code_word
from .readers.decoding import Undecodable, decode
from .readers.workbook import SUFFIXES as WORKBOOKS

ROLES = ("training", "validation")
SOURCE_KEYS = ("title", "publisher", "year", "grade", "terms", "consent", "via", "role", "notes", "table")
TABLE_KEYS = ("file", "sheet", "layout", "measure", "applicant_type", "year", "specialty", "page", "notes")
PLACEHOLDER = "FILL IN"  # what `new-source` writes where only a person can know


@dataclass(frozen=True)
class Source:
    """One source of figures.

    Attributes
    ----------
    id : str
        Name of its folder.
    title, publisher : str
        What it is and whose.
    year : int
        Appointment year that its figures describe.
    grade : str
        Trust, A to D.
    terms : str
        What its owner asks of those who use it.
    consent : bool
        Whether consent is asked for; True where source.toml does not say.
    via : str
        Who transcribed it, or empty.
    role : str
        ``training`` or ``validation``.
    sha256 : str
        Hash over source.toml and the table files.
    notes : str
        Anything else.
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


@dataclass(frozen=True)
class TableSpec:
    """One ``[[table]]`` of a source.toml, sound and with its defaults filled in.

    Attributes
    ----------
    name : str
        ``<source-id>/<file>``, for messages; with its sheet where source.toml names one.
    path : Path
        The file.
    layout : Layout
        Its layout.
    defaults : dict
        What stands in for absent columns and blank cells: year, source, grade, coverage ('all'), and where given measure, applicant_type,
        specialty and page.
    sheet : str or None
        Of a workbook: which sheet; the first where None.
    """

    name: str
    path: Path
    layout: Layout
    defaults: dict
    sheet: str | None = None


class _Reader:
    """Collects the problems of one source.toml while its keys are read."""

    def __init__(self, file):
        self.file = file
        self.problems = []

    def refuse(self, key, value, expected, fault):
        self.problems.append(
            Problem(self.file, None, key, None if value is None else str(value), expected, fault)
        )

    def unknown_keys(self, given, known, where=""):
        for key in given:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                expected = f"{near[0]}, one of " + ", ".join(known) if near else "one of " + ", ".join(known)
                self.refuse(f"{where}{key}", None, expected, "unknown key")

    def text(self, table, key, where="", required=False):
        value = table.get(key)
        if value is None and not required:
            return ""
        if isinstance(value, str) and PLACEHOLDER in value:
            self.refuse(
                f"{where}{key}",
                value,
                f"what belongs there, without the words {PLACEHOLDER}",
                "is not filled in yet",
            )
            return ""
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        if value is None or value == "":
            self.refuse(f"{where}{key}", None, f'{key} = "..."', "is missing")
        else:
            self.refuse(f"{where}{key}", value, "a text in quotes", "is not a text")
        return ""

    def year(self, table, where="", required=False):
        value = table.get("year")
        if value is None:
            if required:
                self.refuse("year", None, "year = 2026, the appointment year", "is missing")
        elif not isinstance(value, int) or isinstance(value, bool) or not 1950 <= value <= 2100:
            self.refuse(f"{where}year", value, "a year between 1950 and 2100, without quotes", "is no year")
            return None
        return value

    def coded(self, table, key, read, where=""):
        value = table.get(key)
        if value is None:
            return None
        try:
            return read(str(value))
        except CellFault as fault:
            self.refuse(f"{where}{key}", value, fault.expected or KINDS["type"].expected, fault.fault)
            return None


def read_source(folder):
    """Read a source's folder.

    Parameters
    ----------
    folder : Path
        A folder with a source.toml.

    Returns
    -------
    source : Source or None
        None where source.toml is unsound.
    specs : list of TableSpec
        The tables that can be read.
    problems : list of Problem
        Everything wrong with source.toml and its list of tables.
    """
    name = folder.name
    reader = _Reader(f"{name}/source.toml")
    path = folder / "source.toml"
    try:
        raw = path.read_bytes()
        given = tomllib.loads(decode(raw).replace("\r\n", "\n"))
    except Undecodable as error:
        reader.refuse(None, None, error.expected, error.fault)
        return None, [], reader.problems
    except (tomllib.TOMLDecodeError, OSError) as error:
        reader.refuse(None, None, "a TOML file; texts stand in double quotes", f"cannot be read: {error}")
        return None, [], reader.problems
    reader.unknown_keys(given, SOURCE_KEYS)
    texts = {key: reader.text(given, key, required=key in ("title", "publisher", "terms")) for key in
             ("title", "publisher", "terms", "via", "notes")}  # fmt: skip
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
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        reader.refuse(
            "table",
            None,
            "at least one [[table]] with file and layout, in double brackets",
            "no tables are listed",
        )
        entries = []
    defaults = {"year": year, "source": texts["title"], "grade": grade, "coverage": "all"}
    specs = _read_specs(folder, entries, defaults, reader)
    if reader.problems:
        return None, specs, reader.problems
    digest = _digest(raw, specs)
    source = Source(name, texts["title"], texts["publisher"], year, grade, texts["terms"], consent, texts["via"], role, digest,
                    texts["notes"])  # fmt: skip
    return source, specs, []


def _read_specs(folder, entries, defaults, reader):
    specs, listed = [], {}
    for number, entry in enumerate(entries, start=1):
        where = f"table {number}: "
        reader.unknown_keys(entry, TABLE_KEYS, where)
        file = reader.text(entry, "file", where, required=True)
        layout = find_layout(str(entry.get("layout", "")))
        if layout is None:
            fault = "is no known layout" if "layout" in entry else "is missing"
            reader.refuse(
                f"{where}layout", entry.get("layout"), "one of " + ", ".join(printed_names()), fault
            )
        own = {
            "year": reader.year(entry, where),
            "measure": reader.coded(entry, "measure", read_measure, where),
            "applicant_type": reader.coded(entry, "applicant_type", KINDS["type"].read, where),
            "specialty": reader.coded(
                entry, "specialty", lambda text: read_cell(text, KINDS["specialty"]), where
            )
            or (layout.default_specialty if layout else None),
        }
        own["page"] = reader.text(entry, "page", where)
        sheet = reader.text(entry, "sheet", where) or None
        path = _inside(folder, file, reader, where) if file else None
        if path is not None and sheet and path.suffix.lower() not in WORKBOOKS:
            reader.refuse(
                f"{where}sheet",
                sheet,
                f"no sheet, or a file that ends in {WORKBOOKS[0]}",
                "is asked of a file that is no workbook",
            )
            path = None
        if path is not None and (path, sheet) in listed:
            reader.refuse(
                f"{where}file",
                file,
                f"each file once; it is table {listed[path, sheet]} already",
                "is listed twice",
            )
            path = None
        if path is None or layout is None:
            continue
        listed[path, sheet] = number
        known = {key: value for key, value in own.items() if value}
        name = f"{folder.name}/{file}" + (f" (sheet {sheet})" if sheet else "")
        specs.append(TableSpec(name, path, layout, {**defaults, **known}, sheet))
    return specs


def _inside(folder, file, reader, where):
    """Return the file's real path; None, with a problem, where it is missing or outside the folder."""
    written = file.replace("\\", "/").replace("\0", "?")
    path = (folder / written).resolve()
    if Path(written).is_absolute() or written[1:2] == ":" or not path.is_relative_to(folder.resolve()):
        reader.refuse(f"{where}file", file, "a file in the source's own folder", "is outside its folder")
    elif not path.is_file():
        reader.refuse(f"{where}file", file, "a file in the source's own folder", "is missing")
    else:
        return path
    return None


def _digest(raw, specs):
    digest = hashlib.sha256()
    for content in [raw, *(spec.path.read_bytes() for spec in specs)]:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
