"""Parquet files as tables of texts, batch by batch; pyarrow is imported where there is one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import RefusedInput
from .table import PeopleStream
from .text import Row

SUFFIX = ".parquet"


def is_parquet(path: str | os.PathLike[str]) -> bool:
    """Say whether a file is a Parquet file by its name."""
    return Path(path).suffix.lower() == SUFFIX


def stream_parquet(path: str | os.PathLike[str]) -> PeopleStream:
    """Open a Parquet file as a table of texts; its rows are numbered from 1.

    Raises
    ------
    RefusedInput
        For a file that cannot be read, in one line.
    """
    file = opened(path)
    return PeopleStream(os.fspath(path), list(file.schema_arrow.names), _rows(file), [], [])


def opened(path: str | os.PathLike[str]) -> Any:
    """Return a Parquet file, its rows still to be read; see `stream_parquet`."""
    import pyarrow as pa
    import pyarrow.parquet

    if not os.path.exists(path):
        raise RefusedInput(f"there is no table {path}")
    if not os.path.isfile(path):
        raise RefusedInput(f"{path} cannot be read: it is not a regular file")
    try:
        return pa.parquet.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        why = str(error).splitlines()[0]
        raise RefusedInput(f"{path} cannot be read as a Parquet file: {why}") from None


def _rows(file: Any) -> Iterator[Row]:
    line = 0
    for batch in file.iter_batches():
        for cells in zip(*(map(_text, column.to_pylist()) for column in batch.columns), strict=True):
            line += 1
            yield line, list(cells)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
