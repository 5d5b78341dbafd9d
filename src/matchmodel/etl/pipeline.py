"""From raw folders to tidy tables, and tidy tables to and from disk. All or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..errors import SourceProblems
from ..progress import Say, Soon
from ..tabular.workbook import SUFFIXES as WORKBOOKS
from .checks.contradictions import find_contradictions
from .checks.odd import find_odd, unsigned
from .checks.totals import against_totals
from .layouts import LAYOUTS
from .problems import Problem
from .readers.rows import Record, read_records
from .schemas import faults
from .sources import Source, TableSpec, read_source
from .store import read_tidy, write_tidy
from .tidy import Tidy, make_table

__all__ = ["Gathered", "gather", "read_raw", "read_tidy", "run_etl", "write_tidy"]

_TABLES = (".csv", ".tsv", ".tab", *WORKBOOKS)  # a folder of text alone may be of notes


class Gathered(NamedTuple):
    """What a raw folder holds, sound or not.

    Attributes
    ----------
    sources
        By id; those whose source.toml is sound.
    tables
        Source id, file and rows of every table that could be read.
    problems
        In the order of files and rows.
    odd
        What is possible and odd, in the same order.
    said
        File, and what was left out of it.
    """

    sources: Mapping[str, Source]
    tables: tuple[tuple[str, TableSpec, list[Record]], ...]
    problems: tuple[Problem, ...]
    odd: tuple[Problem, ...]
    said: tuple[tuple[str, str], ...] = ()

    def records(self) -> dict[str, list[Record]]:
        """Return the rows by layout, in the order of layouts; layouts without a row left out."""
        by_layout: dict[str, list[Record]] = {name: [] for name in LAYOUTS}
        for _, spec, rows in self.tables:
            by_layout[spec.layout.name] += rows
        return {name: rows for name, rows in by_layout.items() if rows}


def read_raw(raw: str | Path, progress: Say | None = None, said: Say | None = None) -> Tidy:
    """Read every source of a raw folder.

    Parameters
    ----------
    raw
        Folder of ``<source-id>/source.toml`` with their tables.
    progress
        Called with what is being done.
    said
        Called with each file and what was left out of it, once nothing is refused.

    Returns
    -------
    Tidy
        Every row with its source's id; tables validated.

    Raises
    ------
    SourceProblems
        With all problems of all files at once; without any, what is odd in sources that nobody signed for.
    """
    gathered = gather(raw, progress)
    signed = [name for name, source in gathered.sources.items() if source.looked_over]
    refused = gathered.problems or unsigned(gathered.odd, signed)
    if refused:
        raise SourceProblems(refused)
    tidy = validate(raw, gathered)
    if said is not None:
        for file, line in gathered.said:
            said(f"{file}: {line}")
    return tidy


def validate(raw: str | Path, gathered: Gathered) -> Tidy:
    """Make the tidy tables of sound rows; the schemas are the last gate (step 3).

    Parameters
    ----------
    raw
        The folder, for messages.
    gathered
        Rows without a problem.

    Returns
    -------
    Tidy
        Every row with its source's id.

    Raises
    ------
    SourceProblems
        With what the schemas refuse.
    """
    problems: list[Problem] = []
    tables: dict[str, pd.DataFrame] = {}
    for name, records in gathered.records().items():
        tables[name] = make_table(name, [record.values for record in records])
        for fault in faults(name, tables[name]):
            problems.append(Problem(str(raw), None, name, None, "a table that its schema accepts", fault))
    if problems:
        raise SourceProblems(problems)
    return Tidy(gathered.sources, tables)


def gather(raw: str | Path, progress: Say | None = None) -> Gathered:
    """Read every source's rows and everything that is wrong with them, and refuse nothing yet.

    Parameters
    ----------
    raw
        Folder of ``<source-id>/source.toml`` with their tables.
    progress
        Called with what is being done.

    Returns
    -------
    Gathered
        Sources, rows and problems.

    Raises
    ------
    SourceProblems
        Where there is no such folder, or nothing in it.
    """
    # Step 0: the folder itself; nothing else makes sense without it.
    folders, problems = _find_folders(Path(raw))
    # Step 1: each source.toml and each cell by itself.
    sources: dict[str, Source] = {}
    places: dict[str, int] = {}
    odd: list[Problem] = []
    said: list[tuple[str, str]] = []
    tables: list[tuple[str, TableSpec, list[Record]]] = []
    for k, folder in enumerate(folders, start=1):
        if progress:
            progress(f"reading {folder.name}, source {k} of {len(folders)}")
        source, specs, faulty = read_source(folder)
        problems += faulty
        places[f"{folder.name}/source.toml"] = len(places)
        if source is not None:
            sources[folder.name] = source
        for spec in specs:
            places[spec.name] = len(places)
            rows, faulty, totals, left = read_records(spec)
            said += [(spec.name, line) for line in left]
            problems += faulty
            for impossible, problem in against_totals(spec.layout.name, rows, totals):
                (problems if impossible else odd).append(problem)
            for record in rows:
                record.values |= {"source_id": folder.name, "role": source.role if source else folder.name}
            tables.append((folder.name, spec, rows))
    # Step 2: contradictions between cells, files and sources; before refusing, so that all is said at once.
    records = Gathered(sources, tuple(tables), (), ()).records()
    problems += find_contradictions(records)
    odd += find_odd(records)
    problems, odd = (
        sorted(found, key=lambda problem: (places.get(problem.file, -1), problem.row or 0))
        for found in (problems, odd)
    )
    return Gathered(sources, tuple(tables), tuple(problems), tuple(odd), tuple(said))


def _find_folders(raw: Path) -> tuple[list[Path], list[Problem]]:
    example = "a folder with <source-id>/source.toml in it, such as data/raw"
    if not raw.is_dir():
        fault = "is not a folder" if raw.exists() else "there is no such folder"
        raise SourceProblems([Problem.of_file(str(raw), example, fault)])
    folders: list[Path] = []
    problems: list[Problem] = []
    for folder in sorted(raw.iterdir(), key=lambda path: path.name):
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        if (folder / "source.toml").is_file():
            folders.append(folder)
        elif any(path.suffix.lower() in _TABLES for path in folder.iterdir()):
            expected = "a source.toml beside its tables"
            problems.append(Problem.of_file(folder.name, expected, "has no source.toml"))
    if not folders and not problems:
        raise SourceProblems([Problem.of_file(str(raw), example, "holds no sources")])
    return folders, problems


def run_etl(raw: str | Path, out: str | Path, said: Say | None = None) -> Tidy:
    """Read the raw sources and write the tidy tables.

    Parameters
    ----------
    raw
        Folder of sources.
    out
        Folder for the tidy tables; made where absent. Untouched where anything is refused.
    said
        Called with each file and what was left out of it.

    Returns
    -------
    Tidy
        What was written.
    """
    tidy = read_raw(raw, Soon(), said)
    write_tidy(tidy, out)
    return tidy
