"""Tidy: every source and every tidy table, chosen by role and by name.

It does without pandera, which takes long to import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..errors import RefusedInput
from ..tabular.cells import Value
from .derived import derived
from .layouts import LAYOUTS
from .sources import ROLES, Source


def dtypes(name: str) -> dict[str, str]:
    """Return the dtypes of a tidy table's columns, in their order."""
    layout = LAYOUTS[name]
    return {"source_id": "str"} | {column.name: column.dtype for column in layout.columns}


def make_table(name: str, rows: Sequence[Mapping[str, Value]]) -> pd.DataFrame:
    """Make a tidy table of rows, each blank an empty text or NaN.

    Parameters
    ----------
    name
        A layout's tidy name.
    rows
        Values by column; columns that are made of others may be absent.

    Returns
    -------
    DataFrame
        With the layout's columns and dtypes; not yet validated.
    """
    series = {}
    rows = [{**derived(name, row), **row} for row in rows]
    for column, dtype in dtypes(name).items():
        values = [row.get(column) for row in rows]
        if dtype == "str":
            values = ["" if value is None else value for value in values]
        elif dtype == "float64":
            values = [float("nan") if value is None else float(value) for value in values]
        series[column] = pd.Series(values, dtype=dtype)
    return pd.DataFrame(series)


@dataclass(frozen=True)
class Tidy:
    """The sources and their tables.

    Attributes
    ----------
    sources
        By id.
    tables
        By the layout's name with underscores; only tables with rows.
    """

    sources: Mapping[str, Source]
    tables: Mapping[str, pd.DataFrame]

    def table(self, name: str) -> pd.DataFrame:
        """Return the tidy table of a layout; an empty one with the right columns where no source has it."""
        if name not in LAYOUTS:
            raise RefusedInput(f"no tidy table {name!r}; the tables are {', '.join(LAYOUTS)}")
        return self.tables[name] if name in self.tables else make_table(name, [])

    def select(self, role: str | None = None, exclude: str | Iterable[str] = ()) -> Tidy:
        """Keep the sources of one role, less some.

        Parameters
        ----------
        role
            ``training`` or ``validation``; both where absent.
        exclude
            Ids, or the id, of sources to leave out.

        Returns
        -------
        Tidy
            Those sources with their rows.

        Raises
        ------
        RefusedInput
            For an id that no source has, or an unknown role.
        """
        if role is not None and role not in ROLES:
            raise RefusedInput(f"unknown role {role!r}; the roles are {' and '.join(ROLES)}")
        left_out = {exclude} if isinstance(exclude, str) else set(exclude)
        unknown = sorted(left_out - set(self.sources))
        if unknown:
            known = ", ".join(self.sources) or "none"
            raise RefusedInput(f"no source {', '.join(map(repr, unknown))}; the sources are {known}")
        kept = {
            name: source
            for name, source in self.sources.items()
            if name not in left_out and role in (None, source.role)
        }
        tables = {}
        for name, table in self.tables.items():
            rows = table[table["source_id"].isin(list(kept))].reset_index(drop=True)
            if len(rows):
                tables[name] = rows
        return Tidy(kept, tables)
