"""Your own applicants as numbers: who is used by an update, and how much each row weighs."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...batch.coded import Column, coded, joined
from ...batch.rows import Rows
from ...covariates import COVARIATES, step2_u
from ...model import Model
from .. import FEWEST
from ..rows import OwnTable
from ..told import share_told
from .prior import Key


@dataclass(frozen=True)
class OwnRows:
    """Applicants with known outcomes who ranked, or may have ranked, at least one program.

    Attributes
    ----------
    keys
        (applicant type, specialty), among them all that occur.
    key
        Place of each row's in `keys`, shape (n,).
    cycles
        Shape (n,).
    score
        Step 2 CK as u, NaN where unknown; shape (n,).
    covariates
        As u, in the order of `COVARIATES`, NaN where unknown; shape (n, len(COVARIATES)).
    matched
        1 or 0, shape (n,).
    weight
        1/m for each of a person's m rows, shape (n,).
    """

    keys: tuple[Key, ...]
    key: np.ndarray
    cycles: np.ndarray
    score: np.ndarray
    covariates: np.ndarray
    matched: np.ndarray
    weight: np.ndarray

    def __len__(self) -> int:
        return len(self.matched)

    @property
    def kinds(self) -> Column:
        """Applicant types."""
        return self._named(0)

    @property
    def specialties(self) -> Column:
        """Specialties."""
        return self._named(1)

    @property
    def years(self) -> Column:
        """The cycles, as a column."""
        values, places = np.unique(self.cycles, return_inverse=True)
        return Column(places, values.tolist())

    def _named(self, part: int) -> Column:
        places, names = coded([key[part] for key in self.keys], len(self.keys))
        return Column(places[self.key], names)

    @property
    def types(self) -> list[str]:
        """The applicant types that occur, sorted."""
        return sorted({self.keys[k][0] for k in np.unique(self.key)})

    def told(self, *of: Column) -> set[tuple[Any, ...]]:
        """Return the groups of which something may be told: at least five matched, and five did not.

        Parameters
        ----------
        of
            What makes a group, such as (kinds, specialties).
        """
        places, codes = joined([*of, yes_or_no(self.matched > 0)])
        groups: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
        for n, *at, hit in zip(np.bincount(places).tolist(), *(c.tolist() for c in codes), strict=True):
            groups[tuple(c.values[k] for c, k in zip(of, at, strict=True))][hit] += n
        return {group for group, counts in groups.items() if min(counts) >= FEWEST}

    @property
    def cells(self) -> set[tuple[Any, ...]]:
        """The (type, specialty) of which something may be told."""
        return self.told(self.kinds, self.specialties)

    def unknown(self, model: Model) -> dict[str, int | None]:
        """Return {'step2_ck' or covariate: rows that lack it}, of what the model has for the type.

        None where fewer than five have it or lack it, of all or of those types.
        """
        n = len(self)
        blanks: dict[str, int | None] = {"step2_ck": share_told(int(np.isnan(self.score).sum()), n)}
        for j, name in enumerate(COVARIATES):
            has = np.array([model.has_effect(kind, name) for kind, _ in self.keys], bool)[self.key]
            if has.any():
                lack = int((has & np.isnan(self.covariates[:, j])).sum())
                blanks[name] = share_told(lack, n if share_told(lack, int(has.sum())) is not None else None)
        return blanks


def yes_or_no(values: np.ndarray) -> Column:
    """Return yes and no, shape (n,), as a column."""
    return Column(values.astype(np.intp), (False, True))


def own_rows(rows: Rows, matched: np.ndarray, weight: np.ndarray | None = None) -> OwnRows:
    """Return applicants as numbers.

    Parameters
    ----------
    rows
    matched
        1 or 0, shape (n,).
    weight
        Of each row, shape (n,); 1 where absent.
    """
    covariates, score = np.empty((len(rows), len(COVARIATES))), rows.known("step2_ck")
    for j, (name, covariate) in enumerate(COVARIATES.items()):
        codes, values = rows.known(name)
        covariates[:, j] = np.array([v if v != v else covariate.transform(v) for v in values.tolist()])[codes]
    codes, values = rows.cells
    keys = sorted({cell[:2] for cell in values})
    return OwnRows(
        keys=tuple(keys),
        key=np.array([keys.index(cell[:2]) for cell in values], np.int32)[codes],
        cycles=np.array([cycle for _, _, cycle in values], int)[codes],
        score=step2_u(score.values)[score.codes],
        covariates=covariates,
        matched=matched,
        weight=np.ones(len(rows)) if weight is None else weight,
    )


def used_rows(table: OwnTable) -> tuple[OwnRows, tuple[int, int]]:
    """Return the rows that an update uses; how many people have several of them, and how many rows those are.

    Rows of unknown outcome, and with no interview (they ranked nothing), are left out; unknown interviews are
    taken as having ranked. Each of a person's m used rows weighs 1/m, so that a person counts once however
    often they reapply: a composite likelihood (Varin, Reid and Firth, Statistica Sinica 21:5, 2011), right
    where their outcomes go wholly together and too cautious where they do not.
    """
    kept = np.flatnonzero(table.ranked)
    _, person, times = np.unique(table.people[kept], return_inverse=True, return_counts=True)
    named = table.people[kept] > 0
    weight = np.where(named, 1 / times[person], 1.0)
    rows = own_rows(table.rows.take(kept), table.matched[kept], weight)
    several = named & (times[person] > 1)
    return rows, (len(np.unique(person[several])), int(several.sum()))
