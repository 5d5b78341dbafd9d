"""From raw folders to tidy tables, and tidy tables to and from disk. All or nothing."""

from pathlib import Path
from typing import NamedTuple

from ..errors import SourceProblems
from ..progress import Soon
from .checks.contradictions import find_contradictions
from .layouts import LAYOUTS
from .problems import Problem
from .readers.rows import read_records
from .readers.workbook import SUFFIXES as WORKBOOKS
from .schemas import faults, make_table
from .sources import read_source
from .store import read_tidy, write_tidy
from .tidy import Tidy

__all__ = ["Gathered", "gather", "read_raw", "read_tidy", "run_etl", "write_tidy"]

_TABLES = (".csv", ".tsv", ".tab", *WORKBOOKS)  # a folder of text alone may be of notes


class Gathered(NamedTuple):
    """What a raw folder holds, sound or not.

    Attributes
    ----------
    sources : dict of str to Source
        By id; those whose source.toml is sound.
    tables : tuple of (str, TableSpec, list of Record)
        Source id, file and rows of every table that could be read.
    problems : tuple of Problem
        In the order of files and rows.
    """

    sources: dict
    tables: tuple
    problems: tuple

    def records(self):
        """Return the rows by layout, in the order of layouts; layouts without a row left out."""
        found = {name: [] for name in LAYOUTS}
        for _, spec, rows in self.tables:
            found[spec.layout.name] += rows
        return {name: rows for name, rows in found.items() if rows}


def read_raw(raw, progress=None):
    """Read every source of a raw folder.

    Parameters
    ----------
    raw : str or Path
        Folder of ``<source-id>/source.toml`` with their tables.
    progress : callable, optional
        Called with what is being done.

    Returns
    -------
    Tidy
        Every row with its source's id; tables validated.

    Raises
    ------
    SourceProblems
        With all problems of all files at once.
    """
    gathered = gather(raw, progress)
    if gathered.problems:
        raise SourceProblems(gathered.problems)
    return validate(raw, gathered)


def validate(raw, gathered):
    """Make the tidy tables of sound rows; the schemas are the last gate (step 3).

    Parameters
    ----------
    raw : str or Path
        The folder, for messages.
    gathered : Gathered
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
    problems, tables = [], {}
    for name, records in gathered.records().items():
        tables[name] = make_table(name, [record.values for record in records])
        for fault in faults(name, tables[name]):
            problems.append(Problem(str(raw), None, name, None, "a table that its schema accepts", fault))
    if problems:
        raise SourceProblems(problems)
    return Tidy(gathered.sources, tables)


def gather(raw, progress=None):
    """Read every source's rows and everything that is wrong with them, and refuse nothing yet.

    Parameters
    ----------
    raw : str or Path
        Folder of ``<source-id>/source.toml`` with their tables.
    progress : callable, optional
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
    raw = Path(raw)
    # Step 0: the folder itself; nothing else makes sense without it.
    folders, problems = _find_folders(raw)
    # Step 1: each source.toml and each cell by itself.
    sources, places, read = {}, {}, []
    for k, folder in enumerate(folders, start=1):
        if progress:
            progress(f"reading {folder.name}, source {k} of {len(folders)}")
        source, specs, found = read_source(folder)
        problems += found
        places[f"{folder.name}/source.toml"] = len(places)
        if source is not None:
            sources[folder.name] = source
        for spec in specs:
            places[spec.name] = len(places)
            rows, found = read_records(spec)
            problems += found
            for record in rows:
                record.values |= {"source_id": folder.name, "role": source.role if source else folder.name}
            read.append((folder.name, spec, rows))
    # Step 2: contradictions between cells, files and sources; before refusing, so that all is said at once.
    gathered = Gathered(sources, tuple(read), ())
    problems += find_contradictions(gathered.records())
    problems.sort(key=lambda problem: (places.get(problem.file, -1), problem.row or 0))
    return gathered._replace(problems=tuple(problems))


def _find_folders(raw):
    example = "a folder with <source-id>/source.toml in it, such as data/raw"
    if not raw.is_dir():
        fault = "is not a folder" if raw.exists() else "there is no such folder"
        raise SourceProblems([Problem(str(raw), None, None, None, example, fault)])
    folders, problems = [], []
    for folder in sorted(raw.iterdir(), key=lambda path: path.name):
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        if (folder / "source.toml").is_file():
            folders.append(folder)
        elif any(path.suffix.lower() in _TABLES for path in folder.iterdir()):
            problems.append(
                Problem(
                    folder.name, None, None, None, "a source.toml beside its tables", "has no source.toml"
                )
            )
    if not folders and not problems:
        raise SourceProblems([Problem(str(raw), None, None, None, example, "holds no sources")])
    return folders, problems


def run_etl(raw, out):
    """Read the raw sources and write the tidy tables.

    Parameters
    ----------
    raw : str or Path
        Folder of sources.
    out : str or Path
        Folder for the tidy tables; made where absent. Untouched where anything is refused.

    Returns
    -------
    Tidy
        What was written.
    """
    tidy = read_raw(raw, Soon())
    write_tidy(tidy, out)
    return tidy
