"""Tables of applicants on Spark: each piece of a partition is answered by `score_frame`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .columns import TRUST
from .frame import FAULT, score_frame, uniform, without_answers

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

    from ..model import Model


def score_spark(frame: DataFrame, model: Model, **options: Any) -> DataFrame:
    """Return a Spark frame with the answers at its end; options are those of `score_frame`."""
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    frame, options = frame.select(without_answers(frame.columns)), uniform(frame.columns, options)
    empty = score_frame(frame.limit(0).toPandas(), model, **options)
    texts = [name for name in empty if name in (TRUST, FAULT)]
    answers = [StructField(name, StringType() if name in texts else DoubleType()) for name in empty]

    def answered(parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for part in parts:
            yield part.join(score_frame(part, model, **options).astype(dict.fromkeys(texts, "str")))

    return frame.mapInPandas(answered, StructType([*frame.schema.fields, *answers]))
