"""What a model says of your own applicants, beside what became of them: for evaluation and calibration.

Who is in which question: P(match | ranked) is asked of those not known to have had no
interview (every invitation is taken as ranked); P(match) if one applies, of everybody with a number of
applications.
"""

import os
from dataclasses import dataclass

import numpy as np

from ..batch.answers import answer_rows
from ..batch.rows import Rows
from ..model import Model
from .rows import OwnTable, read_own


@dataclass(frozen=True)
class Outcomes:
    """Applicants with known outcomes, and what the model says of them.

    Attributes
    ----------
    table
        As read.
    rows
        Those of them whose outcome is known, and whose specialty has a number.
    p_ranked, p_apply
        The model's, shape (n,); p_apply is NaN where no applications are given, or all NaN where not asked
        for.
    matched, interviews
        Shape (n,); interviews are NaN where unknown.
    """

    table: OwnTable
    rows: Rows
    p_ranked: np.ndarray
    p_apply: np.ndarray
    matched: np.ndarray
    interviews: np.ndarray

    @property
    def types(self) -> list[str]:
        """The applicant types that occur, sorted."""
        return sorted({self.rows.cells.values[k][0] for k in np.unique(self.rows.cells.codes)})

    @property
    def strata(self) -> np.ndarray:
        """A number for each type and specialty, shape (n,)."""
        cells = [cell[:2] for cell in self.rows.cells.values]
        strata: np.ndarray = np.array([cells.index(cell) for cell in cells], int)[self.rows.cells.codes]
        return strata

    def _of(self, kind: str | None) -> np.ndarray:
        of = np.array([kind in (None, cell[0]) for cell in self.rows.cells.values], bool)
        mine: np.ndarray = of[self.rows.cells.codes]
        return mine

    def who(self, estimand: str, kind: str | None = None) -> np.ndarray:
        """Return who counts for 'ranked' or 'applied', or 'everybody', of a type or of all."""
        mine = self._of(kind)
        if estimand == "everybody":
            return mine
        counts = ~(self.interviews == 0) if estimand == "ranked" else ~np.isnan(self.p_apply)
        kept: np.ndarray = mine & counts
        return kept

    def ranked(self, kind: str | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return (p, matched) of those who count for P(match | ranked)."""
        kept = self.who("ranked", kind)
        return self.p_ranked[kept], self.matched[kept]

    def applied(self, kind: str | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return (p, matched) of those who count for P(match) if one applies."""
        kept = self.who("applied", kind)
        return self.p_apply[kept], self.matched[kept]


def read_outcomes(
    path: str | os.PathLike[str], model: Model, applications: bool = True, ignore_unread: bool = False
) -> Outcomes:
    """Read a table of your own applicants, and answer its rows.

    Parameters
    ----------
    path, model
    applications
        Whether P(match) if one applies is wanted, where applications are given.
    ignore_unread
        As for `read_own`.

    Raises
    ------
    RefusedInput
        With one line per problem, all of them.
    """
    table = read_own(path, model, ignore_unread)
    kept = np.flatnonzero(~np.isnan(table.matched) & ~table.withheld)
    rows, p_apply = table.rows.take(kept), np.full(len(kept), np.nan)
    p_ranked = answer_rows(model, rows, ends=False, chain=False).of_rows()["p_ranked"]
    if applications and rows.asks("applications"):
        codes, values = rows.numbers["applications"]
        given = np.flatnonzero(~np.isnan(values)[codes])
        p_apply[given] = answer_rows(model, rows.take(given), ends=False).of_rows()["p_apply"]
    return Outcomes(table, rows, p_ranked, p_apply, table.matched[kept] > 0, table.interviews[kept])
