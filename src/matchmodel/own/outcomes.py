"""What a model says of your own applicants, beside what became of them: for evaluation and calibration.

Who is in which question: P(match | ranked) is asked of those not known to have had no
interview (every invitation is taken as ranked); P(match) if one applies, of everybody with a number of
applications.
"""

import os
from dataclasses import dataclass

import numpy as np

from ..batch.score import score_applicants
from ..model import Model
from ..question import Question
from .rows import OwnTable, read_own


@dataclass(frozen=True)
class Outcomes:
    """Applicants with known outcomes, and what the model says of them.

    Attributes
    ----------
    table
        As read.
    kinds, specialties
        Shape (n,).
    p_ranked, p_apply
        The model's, shape (n,); p_apply is NaN where no applications are given, or all NaN where not asked
        for.
    matched, interviews
        Shape (n,); interviews are NaN where unknown.
    """

    table: OwnTable
    kinds: np.ndarray
    specialties: np.ndarray
    p_ranked: np.ndarray
    p_apply: np.ndarray
    matched: np.ndarray
    interviews: np.ndarray

    @property
    def types(self) -> list[str]:
        """The applicant types that occur, sorted."""
        return sorted(set(self.kinds.tolist()))

    def _of(self, kind: str | None) -> np.ndarray:
        return np.ones(len(self.kinds), bool) if kind is None else self.kinds == kind

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
    kept = [k for k, hit in enumerate(table.matched) if hit is not None and not table.withheld[k]]
    people = [table.applicants[k] for k in kept]
    p_ranked, p_apply = np.empty(0), np.full(len(people), np.nan)
    if people:
        sent = [table.applications[k] if applications else None for k in kept]
        answers = score_applicants(model, people, [Question(applications=n) for n in sent])
        p_ranked = answers["p_ranked"]
        given = np.array([n is not None for n in sent])
        p_apply = np.where(given, answers["p_apply"], np.nan)
    return Outcomes(
        table=table,
        kinds=np.array([a.applicant_type for a in people], dtype=str),
        specialties=np.array([a.specialty for a in people], dtype=str),
        p_ranked=p_ranked,
        p_apply=p_apply,
        matched=np.array([table.matched[k] for k in kept], bool),
        interviews=np.array(
            [np.nan if table.interviews[k] is None else table.interviews[k] for k in kept], float
        ),
    )
