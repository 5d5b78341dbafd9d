"""Tidy: every source and every tidy table, chosen by role and by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from ..errors import RefusedInput
from .layouts import LAYOUTS
from .schemas import make_table
from .sources import ROLES, Source


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
