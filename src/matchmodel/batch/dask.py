"""Tables of applicants on Dask: each partition is answered by `score_frame`, on whichever machine it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .frame import score_frame, uniform

if TYPE_CHECKING:
    import dask.dataframe as dd

    from ..model import Model


def score_dask(frame: dd.DataFrame, model: Model, **options: Any) -> dd.DataFrame:
    """Return the answers of a Dask frame, lazily; options are those of `score_frame`."""
    options = uniform(frame.columns, options)
    meta = score_frame(frame._meta, model, **options)
    return frame.map_partitions(score_frame, model, meta=meta, **options)
