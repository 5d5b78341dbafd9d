"""Pandera schemas of the tidy tables, made from the layouts, so that the two cannot disagree."""

from itertools import pairwise

import pandas as pd
import pandera.pandas as pa

from .derived import sound
from .kinds import EXAM, EXAM_MEASURES, KINDS, NumberKind, TextKind
from .layouts import LAYOUTS, Column, Layout


def _text_checks(kind: TextKind) -> list[pa.Check]:
    if kind.words:
        return [pa.Check.isin((*kind.words, ""))]
    if kind.pattern:
        return [pa.Check.str_matches(f"^({kind.pattern})?$")]
    return []


def _number_checks(kind: NumberKind) -> list[pa.Check]:
    checks = []
    if kind.low is not None:
        checks.append(pa.Check.gt(kind.low) if kind.positive else pa.Check.ge(kind.low))
    if kind.high is not None:
        checks.append(pa.Check.le(kind.high))
    if kind.whole:
        checks.append(pa.Check(lambda values: values == values.round(), error="whole numbers"))
    return checks


def _column(column: Column) -> pa.Column:
    kind = KINDS[column.kind]
    if isinstance(kind, NumberKind):
        return pa.Column(column.dtype, _number_checks(kind), nullable=column.blank)
    filled = [] if column.blank else [pa.Check.str_length(min_value=1)]
    return pa.Column(column.dtype, _text_checks(kind) + filled, nullable=False)


def _exam_values(table: pd.DataFrame) -> bool:
    """Scores of an exam lie on its scale; other measures have no common upper end."""
    exams = table[table["measure"].isin(EXAM_MEASURES)]
    values = exams[["min", "q1", "median", "q3", "max", "mean"]]
    return bool((values.isna() | ((values >= EXAM[0]) & (values <= EXAM[1]))).all(axis=None))


def _in_order(table: pd.DataFrame) -> bool:
    for below, above in pairwise(("min", "q1", "median", "q3", "max")):
        if (table[below] > table[above]).any():
            return False
    return True


def _count_or_share(table: pd.DataFrame) -> bool:
    return bool((table["count"].isna() ^ table["share"].isna()).all())


def _matched_of_ranked(table: pd.DataFrame) -> bool:
    return not any(
        (table[f"{kind}_matched"] > table[f"{kind}_ranked"]).any() for kind in ("us_img", "non_us_img")
    )


_TABLE_CHECKS = {
    "population": [pa.Check(_count_or_share, error="a count or a share, not both")],
    "quartiles": [
        pa.Check(_exam_values, error="exam scores between 1 and 300"),
        pa.Check(_in_order, error="min <= q1 <= median <= q3 <= max"),
    ],
    "ranked_anywhere": [pa.Check(_matched_of_ranked, error="matched at most ranked")],
}


def _made_columns(layout: Layout) -> list[pa.Check]:
    """Each made column is what the columns that it is made of say."""
    names = [column.name for column in layout.columns if column.derived]
    if not names:
        return []

    def as_said(table: pd.DataFrame) -> bool:
        return all(sound(layout.name, row) for row in table.to_dict("records"))

    return [pa.Check(as_said, error=f"{', '.join(names)} as the other columns say")]


def _schema(layout: Layout) -> pa.DataFrameSchema:
    columns = {"source_id": pa.Column("str", pa.Check.str_length(min_value=1))}
    columns |= {column.name: _column(column) for column in layout.columns}
    unique = ["source_id", *layout.identity] if layout.identity else None
    return pa.DataFrameSchema(
        columns,
        checks=[*_TABLE_CHECKS.get(layout.name, ()), *_made_columns(layout)],
        strict=True,
        ordered=True,
        unique=unique,
        name=layout.name,
    )


SCHEMAS = {name: _schema(layout) for name, layout in LAYOUTS.items()}


def faults(name: str, table: pd.DataFrame) -> list[str]:
    """Validate a tidy table.

    Parameters
    ----------
    name
        A layout's tidy name.
    table
        The table.

    Returns
    -------
    list
        What the schema refuses, one line each; empty where the table is sound.
    """
    try:
        SCHEMAS[name].validate(table.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.astype("str")
        return [f"{case.column}: {case.failure_case} fails {case.check}" for case in cases.itertuples()]
    return []
