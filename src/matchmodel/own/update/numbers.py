"""Your own applicants as numbers: who is used by an update, and how much each row weighs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...applicant import Applicant
from ...covariates import COVARIATES, step2_u
from ...model import Model
from .. import FEWEST
from ..rows import OwnTable
from ..told import NO_INTERVIEWS, UNKNOWN_OUTCOME, share_told
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
    def kinds(self) -> np.ndarray:
        """Applicant types, shape (n,)."""
        return np.take([kind for kind, _ in self.keys], self.key)

    @property
    def specialties(self) -> np.ndarray:
        """Shape (n,)."""
        return np.take([specialty for _, specialty in self.keys], self.key)

    @property
    def types(self) -> list[str]:
        """The applicant types that occur, sorted."""
        return sorted({self.keys[k][0] for k in np.unique(self.key)})

    def told(self, *of: Sequence[object]) -> set[tuple[Any, ...]]:
        """Return the groups of which something may be told: at least five matched, and five did not.

        Parameters
        ----------
        of
            What makes a group, such as (kinds, specialties): each of shape (n,).
        """
        groups = Counter(zip(*of, self.matched.astype(bool).tolist(), strict=True))
        return {key[:-1] for key in groups if min(groups[*key[:-1], hit] for hit in (True, False)) >= FEWEST}

    @property
    def cells(self) -> set[tuple[Any, ...]]:
        """The (type, specialty) of which something may be told."""
        return self.told(self.kinds.tolist(), self.specialties.tolist())

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


def own_rows(
    applicants: Sequence[Applicant], matched: Sequence[float], weight: Sequence[float] | None = None
) -> OwnRows:
    """Return resolved applicants as numbers.

    Parameters
    ----------
    applicants, matched
    weight
        Of each row; 1 where absent.
    """
    covariates = np.full((len(applicants), len(COVARIATES)), np.nan)
    for j, (name, covariate) in enumerate(COVARIATES.items()):
        values = (getattr(a, name) for a in applicants)
        covariates[:, j] = [np.nan if v is None else covariate.transform(v) for v in values]
    keys = [(a.applicant_type, a.specialty) for a in applicants]
    place = {key: k for k, key in enumerate(sorted(set(keys)))}
    return OwnRows(
        keys=tuple(place),
        key=np.array([place[key] for key in keys], np.int32),
        cycles=np.array([a.cycle for a in applicants], int),
        score=step2_u(np.array([np.nan if a.step2_ck is None else a.step2_ck for a in applicants], float)),
        covariates=covariates,
        matched=np.asarray(matched, float),
        weight=np.ones(len(applicants)) if weight is None else np.asarray(weight, float),
    )


def used_rows(table: OwnTable) -> tuple[OwnRows, tuple[int, int]]:
    """Return the rows that an update uses; how many people have several of them, and how many rows those are.

    Rows of unknown outcome, and with no interview (they ranked nothing), are left out; unknown interviews are
    taken as having ranked. Each of a person's m used rows weighs 1/m, so that a person counts once however
    often they reapply: a composite likelihood (Varin, Reid and Firth, Statistica Sinica 21:5, 2011), right
    where their outcomes go wholly together and too cautious where they do not.
    """
    kept = [k for k in range(len(table)) if table.part(k) not in (UNKNOWN_OUTCOME, NO_INTERVIEWS)]
    times = Counter(table.people[k] for k in kept if table.people[k] is not None)
    repeated = [m for m in times.values() if m > 1]
    rows = own_rows(
        [table.applicants[k] for k in kept],
        [float(bool(table.matched[k])) for k in kept],
        [1 / times.get(table.people[k], 1) for k in kept],
    )
    return rows, (len(repeated), sum(repeated))
