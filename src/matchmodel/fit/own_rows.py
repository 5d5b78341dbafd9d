"""One's own applicants as numbers: who is used, how much each row weighs, and what is unknown of them."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..batch import read_table
from ..covariates import COVARIATES, step2_u
from ..errors import RefusedInput
from ..outcomes import outcome

PERSON = "person"  # a column of one's own: any text, the same for all rows of a person; never written out


@dataclass(frozen=True)
class OwnRows:
    """Applicants with known outcomes who ranked, or may have ranked, at least one program.

    Attributes
    ----------
    kinds, specialties : numpy.ndarray of str, shape (n,)
    cycles : numpy.ndarray of int, shape (n,)
    score : numpy.ndarray, shape (n,)
        Step 2 CK as u; NaN where unknown.
    covariates : numpy.ndarray, shape (n, len(COVARIATES))
        As u, in the order of `COVARIATES`; NaN where unknown.
    matched : numpy.ndarray, shape (n,)
        1 or 0.
    weight : numpy.ndarray, shape (n,)
        1/m for each of a person's m rows.
    rows, unknown_outcome, no_interviews, unknown_interviews, without_cycle : int
        Rows of the table; those left out since their outcome is not known, or since they had no interview; those used
        with unknown interviews, and without a cycle.
    several, rows_of_several : int
        Persons with several rows that are used, and those rows.
    duplicates : int
        Rows that repeat an earlier one in every cell.
    """

    kinds: np.ndarray
    specialties: np.ndarray
    cycles: np.ndarray
    score: np.ndarray
    covariates: np.ndarray
    matched: np.ndarray
    weight: np.ndarray
    rows: int = 0
    unknown_outcome: int = 0
    no_interviews: int = 0
    unknown_interviews: int = 0
    without_cycle: int = 0
    several: int = 0
    rows_of_several: int = 0
    duplicates: int = 0

    def __len__(self):
        return len(self.matched)

    @property
    def types(self):
        """The applicant types that occur, sorted."""
        return sorted(set(self.kinds.tolist()))

    def unknown(self, model):
        """Return {'step2_ck' or covariate: rows that are integrated over the population}, only what the model has for the type."""
        found = {"step2_ck": int(np.isnan(self.score).sum())}
        for j, name in enumerate(COVARIATES):
            has = np.array([model.has_effect(kind, name) for kind in self.kinds], bool)
            if has.any():
                found[name] = int((has & np.isnan(self.covariates[:, j])).sum())
        return found


def own_rows(applicants, matched, weight=None, **counts):
    """Return `OwnRows` of applicants, their cycles filled in.

    Parameters
    ----------
    applicants : sequence of Applicant
    matched : array_like, shape (n,)
    weight : array_like, shape (n,), optional
    **counts : int
        Of the table.
    """
    n = len(applicants)
    covariates = np.full((n, len(COVARIATES)), np.nan)
    for j, (name, c) in enumerate(COVARIATES.items()):
        covariates[:, j] = [np.nan if v is None else c.transform(v) for v in (a.covariate(name) for a in applicants)]
    return OwnRows(
        kinds=np.array([a.applicant_type for a in applicants], dtype=str),
        specialties=np.array([a.specialty for a in applicants], dtype=str),
        cycles=np.array([a.cycle for a in applicants], int),
        score=step2_u(np.array([np.nan if a.step2_ck is None else a.step2_ck for a in applicants], float)),
        covariates=covariates,
        matched=np.asarray(matched, float),
        weight=np.ones(n) if weight is None else np.asarray(weight, float),
        **counts,
    )


def _persons(path, headers, rows):
    """Return each row's person, None where none is given."""
    columns = [i for i, h in enumerate(headers) if "".join(ch for ch in h.casefold() if ch.isalnum()) == PERSON]
    if len(columns) > 1:
        raise RefusedInput(f"{path}: two columns mean {PERSON}")
    return [None] * len(rows) if not columns else [row[columns[0]].strip() or None for row in rows]


def read_own_rows(path, model):
    """Read one's own applicants for `update`.

    Rows of unknown outcome, and with no interview (they ranked nothing), are left out; unknown interviews are taken as having
    ranked. Each of a person's m rows that are used weighs 1/m, so that a person counts once however often they reapply: a composite
    likelihood (Varin, Reid and Firth, Statistica Sinica 21:5, 2011), right where their outcomes go wholly together and too
    cautious where they do not.

    Parameters
    ----------
    path : str or Path
        CSV of the applicants layout with a column matched and, if wished, one called person.
    model : Model

    Returns
    -------
    OwnRows

    Raises
    ------
    RefusedInput
        With a line a problem, all of them; or when no row is left.
    """
    headers, rows, applicants, outcomes = read_table(path, model, ("specialty", "applicant_type", "matched"), outcome)
    persons = _persons(path, headers, rows)
    used = [k for k, (matched, interviews) in enumerate(outcomes) if matched is not None and interviews != 0]
    unknown = sum(matched is None for matched, _ in outcomes)
    if not used:
        raise RefusedInput(f"{path}: no row has a known outcome of somebody who ranked, of {len(rows)}; fill in the column matched")
    times = Counter(persons[k] for k in used if persons[k] is not None)
    repeated = [m for m in times.values() if m > 1]
    return own_rows(
        [model.cycle_of(applicants[k]) for k in used],
        [outcomes[k][0] for k in used],
        [1 / times.get(persons[k], 1) for k in used],
        rows=len(rows),
        unknown_outcome=unknown,
        no_interviews=len(rows) - unknown - len(used),
        unknown_interviews=sum(outcomes[k][1] is None for k in used),
        without_cycle=sum(applicants[k].cycle is None for k in used),
        several=len(repeated),
        rows_of_several=sum(repeated),
        duplicates=len(rows) - len({tuple(cell.strip() for cell in row) for row in rows}),
    )
