"""Tidy tables on disk: one CSV per table, and sources.json, written last, with the hash of each."""

import hashlib
import io
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from ..errors import MissingTables, RefusedInput
from ..files import locked
from ..inputs import file_bytes, strict_json
from .layouts import LAYOUTS
from .sources import Source
from .tidy import Tidy, dtypes

INDEX = "sources.json"
READY = ".etl-ready"  # a folder of new tables, all of them there, on their way to their place
FORMAT = 3
_MEND = "run `matchmodel etl --raw data/raw --out {out}`"


def write_tidy(tidy: Tidy, out: str | Path) -> None:
    """Write the tidy tables.

    A run that is killed leaves the former tables or the new ones, whole as `read_tidy` sees them.

    Parameters
    ----------
    tidy
        What to write.
    out
        Folder, made where absent. Tables of a former run that are no more are removed.

    Raises
    ------
    RefusedInput
        Where `out` is a file or a folder of raw sources.
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise RefusedInput(f"{out} is a file; give a folder for the tidy tables, such as data/processed")
    if looks_raw(out) or (out / "source.toml").exists():
        raise RefusedInput(
            f"{out} holds raw sources; give another folder for the tidy tables, such as data/processed"
        )
    contents = {f"{name}.csv": _as_csv(table) for name, table in tidy.tables.items()}
    index = {
        "format": FORMAT,
        "sources": [asdict(source) for source in tidy.sources.values()],
        "tables": {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()},
    }
    contents[INDEX] = (json.dumps(index, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    out.mkdir(parents=True, exist_ok=True)
    with locked(out):
        _settle(out)  # what a run that was killed left
        stage = Path(tempfile.mkdtemp(prefix=".etl-", dir=out))
        try:
            for file, content in contents.items():
                (stage / file).write_bytes(content)
            os.replace(stage, out / READY)  # from here on the new tables are the tables
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        _settle(out)


def _settle(out: Path) -> None:
    """Bring tables that are ready to their place, the index last, and remove what else runs left."""
    ready = out / READY
    if (ready / INDEX).exists():
        for name in LAYOUTS:
            if (ready / f"{name}.csv").exists():
                os.replace(ready / f"{name}.csv", out / f"{name}.csv")
        kept = json.loads((ready / INDEX).read_text(encoding="utf-8"))["tables"]
        for name in LAYOUTS:
            if f"{name}.csv" not in kept:
                (out / f"{name}.csv").unlink(missing_ok=True)
        os.replace(ready / INDEX, out / INDEX)
    for left in out.glob(".etl-*"):
        shutil.rmtree(left, ignore_errors=True)


def read_tidy(data: str | Path) -> Tidy:
    """Read tidy tables that `write_tidy` wrote.

    Parameters
    ----------
    data
        Their folder.

    Returns
    -------
    Tidy
        The sources and tables, as written.

    Raises
    ------
    MissingTables
        Where the folder is absent, holds raw sources, or was not written whole.
    """
    data = Path(data)
    mend = _MEND.format(out=data)
    if looks_raw(data):
        mend = f"run `matchmodel etl --raw {data} --out data/processed` and give --data data/processed"
        raise MissingTables(f"{data} holds raw sources, not tidy tables; {mend}")
    if not data.is_dir():
        raise MissingTables(f"{data} is no folder, so it holds no tidy tables; {mend}")
    with locked(data, shared=True):
        return _read_tidy(data, mend)


def _read_tidy(data: Path, mend: str) -> Tidy:
    from .schemas import faults  # pandera, which training's first process does without

    places = [data / READY, data] if (data / READY / INDEX).is_file() else [data]

    def place(name: str) -> Path:
        """Where a table is: a killed run may have left some that are ready, on their way to their place."""
        return next((folder / name for folder in places if (folder / name).exists()), data / name)

    if not place(INDEX).is_file():
        raise MissingTables(f"{data} has no {INDEX}, so it holds no tidy tables; {mend}")
    try:
        index = strict_json(file_bytes(place(INDEX)))
        sources = {entry["id"]: Source(**entry) for entry in index["sources"]}
        hashes = dict(index["tables"])
        if index["format"] != FORMAT or not set(hashes) <= {f"{name}.csv" for name in LAYOUTS}:
            raise ValueError("another format")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MissingTables(f"{data / INDEX} is damaged or of another version; {mend}") from error
    tables = {}
    for name in LAYOUTS:
        path = place(f"{name}.csv")
        wanted = hashes.get(path.name)
        if wanted is None and (len(places) > 1 or not path.exists()):
            continue
        content = file_bytes(path) if path.is_file() else b""
        if wanted is None or hashlib.sha256(content).hexdigest() != wanted:
            raise MissingTables(
                f"{path} is not what the last whole run wrote (half a run, or an edit); {mend}"
            )
        tables[name] = _from_csv(name, content)
        if faults(name, tables[name]):
            raise MissingTables(f"{path} does not fit its schema: {faults(name, tables[name])[0]}; {mend}")
    return Tidy(sources, tables)


def looks_raw(folder: Path) -> bool:
    """Say whether a folder holds raw sources."""
    return folder.is_dir() and next(folder.glob("*/source.toml"), None) is not None


def _as_csv(table: pd.DataFrame) -> bytes:
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8")


def _from_csv(name: str, content: bytes) -> pd.DataFrame:
    # Everything as text first: pandas' own number parsing is not exact in every version.
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    for column, dtype in dtypes(name).items():
        texts = table[column]
        table[column] = (texts.mask(texts == "", "nan") if dtype == "float64" else texts).astype(dtype)
    return table
