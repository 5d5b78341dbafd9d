"""Persons with known outcomes: a table of the 'applicants' layout as numbers, for evaluation and calibration.

Who is in which question: P(match | at least one ranked program) is asked of those not known to have had no
interview (every invitation is taken as ranked); P(match) at application time of everybody with a number of applications.
"""

from dataclasses import dataclass

import numpy as np

from .applicant import yes_or_no
from .batch import read_table, score_applicants
from .errors import RefusedInput, clipped

MOST_INTERVIEWS = 1000


@dataclass(frozen=True)
class Outcomes:
    """Applicants with known outcomes, and what the model says of them.

    Attributes
    ----------
    kinds : numpy.ndarray of str, shape (n,)
        Applicant types.
    p_ranked, p_apply : numpy.ndarray, shape (n,)
        The model's; p_apply is NaN where no applications are given, or all NaN where not asked for.
    matched : numpy.ndarray of bool, shape (n,)
    interviews : numpy.ndarray, shape (n,)
        NaN where unknown.
    rows, unknown_outcome : int
        Rows of the table; those left out since their outcome is not known.
    """

    kinds: np.ndarray
    p_ranked: np.ndarray
    p_apply: np.ndarray
    matched: np.ndarray
    interviews: np.ndarray
    rows: int
    unknown_outcome: int

    @property
    def types(self):
        """The applicant types that occur, sorted."""
        return sorted(set(self.kinds.tolist()))

    def of(self, kind=None):
        """Return which persons are of a type; all where none is named."""
        return np.ones(len(self.kinds), bool) if kind is None else self.kinds == kind

    def ranked(self, kind=None):
        """Return (p, matched) of those who count for P(match | ranked)."""
        kept = self.of(kind) & ~(self.interviews == 0)
        return self.p_ranked[kept], self.matched[kept]

    def applied(self, kind=None):
        """Return (p, matched) of those who count for P(match) at application time."""
        kept = self.of(kind) & ~np.isnan(self.p_apply)
        return self.p_apply[kept], self.matched[kept]

    def counts(self, kind=None):
        """Return how many have no interview (left out) and unknown interviews (taken as having ranked)."""
        mine = self.interviews[self.of(kind)]
        return {"no_interviews": int((mine == 0).sum()), "unknown_interviews": int(np.isnan(mine).sum())}


def _interviews(text):
    if text is None or text.casefold() == "unknown":
        return None
    wanted = f"it is a whole number between 0 and {MOST_INTERVIEWS}, blank where unknown"
    try:
        if "_" in text:
            raise ValueError  # which float() would read
        number = float(text)
    except ValueError:
        raise RefusedInput(f"interviews is '{clipped(text)}', not a number; {wanted}") from None
    if not 0 <= number <= MOST_INTERVIEWS or number != int(number):
        raise RefusedInput(f"interviews is {clipped(text)}; {wanted}")
    return int(number)


def outcome(cells):
    """Return (matched, interviews) of a row, None where unknown.

    Parameters
    ----------
    cells : dict
        'matched' and 'interviews', as text or None.

    Raises
    ------
    RefusedInput
        For what is neither yes nor no, or a match without an interview.
    """
    matched, interviews = yes_or_no(cells.get("matched"), "matched"), _interviews(cells.get("interviews"))
    if matched and interviews == 0:
        raise RefusedInput("matched is yes with 0 interviews; it means matched to this specialty, which takes an interview: mend one of the two")
    return matched, interviews


def read_outcomes(path, model, applications=True):
    """Read a table of applicants with a `matched` column, and answer its rows.

    Parameters
    ----------
    path : str or Path
        CSV of the applicants layout; read, and refused, as `score` does.
    model : Model
    applications : bool
        Whether P(match) at application time is wanted, where applications are given.

    Returns
    -------
    Outcomes

    Raises
    ------
    RefusedInput
        With a line a problem, all of them.
    """
    _, _, applicants, outcomes = read_table(path, model, ("specialty", "applicant_type", "matched"), outcome)
    known = [k for k, (matched, _) in enumerate(outcomes) if matched is not None]
    people = [applicants[k]._replace(target=None, **({} if applications else {"applications": None})) for k in known]
    found = score_applicants(model, people) if people else {"p_ranked": np.empty(0)}
    return Outcomes(
        kinds=np.array([a.applicant_type for a in people], dtype=str),
        p_ranked=found["p_ranked"],
        p_apply=found.get("p_apply", np.full(len(people), np.nan)),
        matched=np.array([outcomes[k][0] for k in known], bool),
        interviews=np.array([np.nan if outcomes[k][1] is None else outcomes[k][1] for k in known], float),
        rows=len(outcomes),
        unknown_outcome=len(outcomes) - len(known),
    )
