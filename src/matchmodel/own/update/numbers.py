"""Your own applicants as numbers: who is used by an update, and how much each row weighs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...applicant import Applicant
from ...covariates import COVARIATES, step2_u
from ...model import Model
from ..rows import OwnTable


@dataclass(frozen=True)
class OwnRows:
    """Applicants with known outcomes who ranked, or may have ranked, at least one program.

    Attributes
    ----------
    kinds, specialties, cycles
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

    kinds: np.ndarray
    specialties: np.ndarray
    cycles: np.ndarray
    score: np.ndarray
    covariates: np.ndarray
    matched: np.ndarray
    weight: np.ndarray

    def __len__(self) -> int:
        return len(self.matched)

    @property
    def types(self) -> list[str]:
        """The applicant types that occur, sorted."""
        return sorted(set(self.kinds.tolist()))

    @property
    def cells(self) -> set[tuple[str, str]]:
        """The (type, specialty) that occur."""
        return set(zip(self.kinds.tolist(), self.specialties.tolist(), strict=True))

    def unknown(self, model: Model) -> dict[str, int]:
        """Return {'step2_ck' or covariate: rows that lack it}, of what the model has for the type."""
        blanks = {"step2_ck": int(np.isnan(self.score).sum())}
        for j, name in enumerate(COVARIATES):
            has = np.array([model.has_effect(kind, name) for kind in self.kinds], bool)
            if has.any():
                blanks[name] = int((has & np.isnan(self.covariates[:, j])).sum())
        return blanks


@dataclass(frozen=True)
class Used:
    """What became of a table's rows.

    Attributes
    ----------
    rows, unknown_outcome, no_interviews
        Rows of the table; those left out since the outcome is not known, or since they had no interview.
    unknown_interviews, withheld
        Used rows with unknown interviews, and of specialties whose number the model withholds.
    several, rows_of_several
        People with several used rows, and those rows.
    """

    rows: int
    unknown_outcome: int
    no_interviews: int
    unknown_interviews: int
    withheld: int
    several: int
    rows_of_several: int


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
    return OwnRows(
        kinds=np.array([a.applicant_type for a in applicants], dtype=str),
        specialties=np.array([a.specialty for a in applicants], dtype=str),
        cycles=np.array([a.cycle for a in applicants], int),
        score=step2_u(np.array([np.nan if a.step2_ck is None else a.step2_ck for a in applicants], float)),
        covariates=covariates,
        matched=np.asarray(matched, float),
        weight=np.ones(len(applicants)) if weight is None else np.asarray(weight, float),
    )


def used_rows(table: OwnTable) -> tuple[OwnRows, Used]:
    """Return the rows that an update uses, and what became of the others.

    Rows of unknown outcome, and with no interview (they ranked nothing), are left out; unknown interviews are
    taken as having ranked. Each of a person's m used rows weighs 1/m, so that a person counts once however
    often they reapply: a composite likelihood (Varin, Reid and Firth, Statistica Sinica 21:5, 2011), right
    where their outcomes go wholly together and too cautious where they do not.
    """
    kept = [k for k, hit in enumerate(table.matched) if hit is not None and table.interviews[k] != 0]
    times = Counter(table.people[k] for k in kept if table.people[k] is not None)
    repeated = [m for m in times.values() if m > 1]
    unknown = sum(hit is None for hit in table.matched)
    rows = own_rows(
        [table.applicants[k] for k in kept],
        [float(bool(table.matched[k])) for k in kept],
        [1 / times.get(table.people[k], 1) for k in kept],
    )
    return rows, Used(
        rows=len(table),
        unknown_outcome=unknown,
        no_interviews=len(table) - unknown - len(kept),
        unknown_interviews=sum(table.interviews[k] is None for k in kept),
        withheld=sum(table.withheld[k] for k in kept),
        several=len(repeated),
        rows_of_several=sum(repeated),
    )
