"""From raw folders to tidy tables, and tidy tables to and from disk. All or nothing."""

from collections import defaultdict
from pathlib import Path

from ..errors import SourceProblems
from .checks import find_contradictions
from .layouts import LAYOUTS
from .problems import Problem
from .rows import read_records
from .schemas import faults, make_table
from .sources import read_source
from .store import read_tidy, write_tidy
from .tidy import Tidy

__all__ = ["read_raw", "read_tidy", "run_etl", "write_tidy"]


def read_raw(raw):
    """Read every source of a raw folder.

    Parameters
    ----------
    raw : str or Path
        Folder of ``<source-id>/source.toml`` with their tables.

    Returns
    -------
    Tidy
        Every row with its source's id; tables validated.

    Raises
    ------
    SourceProblems
        With all problems of all files at once.
    """
    raw = Path(raw)
    # Step 0: the folder itself; nothing else makes sense without it.
    folders, problems = _find_folders(raw)
    # Step 1: each source.toml and each cell by itself.
    sources, places = {}, {}
    records = defaultdict(list)
    for folder in folders:
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
            records[spec.layout.name] += rows
    # Step 2: contradictions between cells, files and sources; before refusing, so that all is said at once.
    problems += find_contradictions(records)
    if problems:
        raise SourceProblems(sorted(problems, key=lambda problem: (places.get(problem.file, -1), problem.row or 0)))
    # Step 3: tables, and the schemas as the last gate.
    tables = {}
    for name in LAYOUTS:
        if records[name]:
            tables[name] = make_table(name, [record.values for record in records[name]])
            for fault in faults(name, tables[name]):
                problems.append(Problem(str(raw), None, name, None, "a table that its schema accepts", fault))
    if problems:
        raise SourceProblems(problems)
    return Tidy(sources, tables)


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
        elif any(folder.glob("*.csv")):
            problems.append(Problem(folder.name, None, None, None, "a source.toml beside its tables", "has no source.toml"))
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
    tidy = read_raw(raw)
    write_tidy(tidy, out)
    return tidy
