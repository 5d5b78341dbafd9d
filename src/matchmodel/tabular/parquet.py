"""Parquet files as tables of texts, batch by batch; pyarrow is imported where there is one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import RefusedInput, clipped
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
    with _readable(path):
        names = list(file.schema_arrow.names)
    return PeopleStream(os.fspath(path), names, _rows(file, path), [], [])


def opened(path: str | os.PathLike[str]) -> Any:
    """Return a Parquet file, its rows still to be read; see `stream_parquet`."""
    import pyarrow as pa
    import pyarrow.parquet

    if not os.path.exists(path):
        raise RefusedInput(f"there is no table {path}")
    if not os.path.isfile(path):
        raise RefusedInput(f"{path} cannot be read: it is not a regular file")
    with _readable(path):
        return pa.parquet.ParquetFile(path)


@contextmanager
def _readable(path: str | os.PathLike[str]) -> Iterator[None]:
    """Refuse what is damaged: a part of a file is looked at when it is read."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, OverflowError, ValueError) as error:
        why = clipped(str(error).partition("\n")[0], 200)
        raise RefusedInput(f"{path} cannot be read as a Parquet file: {why}") from None


def _rows(file: Any, path: str | os.PathLike[str]) -> Iterator[Row]:
    line = 0
    with _readable(path):
        for batch in file.iter_batches():
            for cells in zip(*(map(_text, column.to_pylist()) for column in batch.columns), strict=True):
                line += 1
                yield line, list(cells)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
