"""Answers written as a Parquet file, chunk by chunk; pyarrow is imported where there is one."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..tabular.parquet import is_parquet, opened
from ..tabular.text import Row
from .answers import TRUSTS, Answers
from .columns import TRUST


def write_parquet(
    path: Path,
    table: str | os.PathLike[str],
    headers: Sequence[str],
    kept: Sequence[int],
    answered: Iterable[tuple[list[Row], Answers]],
) -> None:
    """Write answers beside the columns of their table: those of a Parquet file as they are, others as texts.

    Parameters
    ----------
    path
    table
        The file that was answered.
    headers, kept
        Its columns' names, and the places of those that are written.
    answered
        Chunks of its rows, in order, and their answers.
    """
    import pyarrow as pa
    import pyarrow.parquet

    typed = _slices(opened(table), kept) if is_parquet(table) else None
    if typed is not None:
        next(typed)
    writer = None
    try:
        for rows, answers in answered:
            part = (
                pa.table({headers[k]: pa.array([cells[k] for _, cells in rows], pa.string()) for k in kept})
                if typed is None
                else typed.send(len(rows))
            )
            for name, values in answers.of_rows().items():
                part = part.append_column(name, pa.array(values, pa.float64(), mask=np.isnan(values)))
            trust = pa.array([TRUSTS[k] for k in answers.trust[answers.places].tolist()], pa.string())
            part = part.append_column(TRUST, trust)
            writer = writer or pa.parquet.ParquetWriter(path, part.schema)
            writer.write_table(part)
    finally:
        if writer is not None:
            writer.close()


def _slices(file: Any, kept: Sequence[int]) -> Any:
    """Take numbers of rows that are sent, and give so many rows, of the columns kept."""
    import pyarrow as pa

    batches = file.iter_batches()
    left = file.schema_arrow.empty_table()
    count = yield
    while True:
        while left.num_rows < count:
            left = pa.concat_tables([left, pa.Table.from_batches([next(batches)])])
        part, left = left.slice(0, count).select(list(kept)), left.slice(count)
        count = yield part
