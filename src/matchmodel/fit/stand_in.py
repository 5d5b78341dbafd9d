"""IMGs without a table of theirs.

The independent applicants of an older report stand in for them (training without consent).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..etl import Tidy
from .random import Normals
from .tables.score_slopes import TypeFit, solve_alpha

FROM = "independent"  # three quarters of them IMGs in the 2007 report
KINDS = ("non-us-img", "us-img")


@dataclass(frozen=True)
class StandIn:
    """How a type's fit was made from independent applicants; all of it assumed.

    Attributes
    ----------
    table_year
        Of the independent applicants' table.
    rates_year
        To which the level was moved by yearly rates; None where there are none.
    shift, shift_se
        Of the level, log odds.
    score_shift, score_shift_se
        Of the scores, points.
    sources
        Ids.
    """

    table_year: int
    rates_year: int | None
    shift: float
    shift_se: float
    score_shift: float
    score_shift_se: float
    sources: tuple[str, ...]


def level_shift(rates: pd.DataFrame, kind: str, year: int) -> tuple[int, float, float] | None:
    """Return how far a type's match rate lies from that of all IMGs in a table's year.

    logit r_kind(newest year) - mean over types of logit r(table's year); the standard error is
    half the difference between the types then, since how they mix among independent
    applicants is not printed.

    Parameters
    ----------
    rates
        The tidy rates.
    kind, year
        The applicant type; the year of the table.

    Returns
    -------
    tuple or None
        Newest year, shift, standard error; None without the rates of both years.
    """
    rows = rates[rates["applicant_type"].isin(KINDS) & (rates["match_rate"] > 0) & (rates["match_rate"] < 1)]
    then = {
        r.applicant_type: np.log(r.match_rate / (1 - r.match_rate))
        for r in rows[rows["year"] == year].itertuples()
    }
    own = rows[(rows["applicant_type"] == kind) & (rows["year"] >= year)].sort_values("year", kind="stable")
    if len(then) < len(KINDS) or own.empty:
        return None
    newest = own.iloc[-1]
    return (
        int(newest["year"]),
        float(np.log(newest["match_rate"] / (1 - newest["match_rate"])) - np.mean(list(then.values()))),
        float(np.ptp(list(then.values())) / 2),
    )


def passing_mark_shift(exam: pd.DataFrame, year: int) -> tuple[float, float]:
    """Return by how many points Step 2 CK's passing mark has risen since a year, 0 where nothing says.

    The oldest mark known stands for an earlier year. Half of the shift is its standard error:
    a mark follows the scores only roughly.

    Parameters
    ----------
    exam
        The tidy exam reference.
    year
        Of the table.

    Returns
    -------
    tuple
        The shift and its standard error.
    """
    rows = exam[exam["item"] == "passing_score"]
    marks = sorted((str(r.from_date), float(r.value)) for r in rows.itertuples())
    if not marks:
        return 0.0, 0.0
    then = next((mark for day, mark in reversed(marks) if int(day[:4]) <= year), marks[0][1])
    shift = marks[-1][1] - then
    return shift, abs(shift) / 2


def stand_in(fit: TypeFit, kind: str, tidy: Tidy, normals: Normals) -> tuple[TypeFit, StandIn]:
    """Return a type's fit made from independent applicants, and how.

    Parameters
    ----------
    fit
        Of the independent applicants.
    kind
        One of `KINDS`.
    tidy
        Training sources only.
    normals
        Standard normal draws by name.
    """
    rates, exam = tidy.table("rates"), tidy.table("exam_reference")
    moved = level_shift(rates, kind, fit.year)
    year, shift, shift_se = moved if moved is not None else (fit.year, 0.0, 0.0)
    points, points_se = passing_mark_shift(exam, fit.year)
    z = np.column_stack([normals.one(f"stand in {kind} {what}") for what in ("level", "score")])
    level, level_draws = fit.level + shift, fit.level_draws + shift + (shift_se * z[:, 0])[:, None]
    populations = tuple((values + points, weights) for values, weights in fit.populations)
    alpha_draws = (
        solve_alpha(level_draws, fit.beta_draws, populations)
        - fit.beta_draws * (points_se * z[:, 1] / 10.0)[:, None]
    )
    moved_fit = replace(
        fit,
        kind=kind,
        year=year,
        level=level,
        level_draws=level_draws,
        populations=populations,
        alpha=solve_alpha(level[None, :], fit.beta[None, :], populations)[0],
        alpha_draws=alpha_draws,
        score_mean=fit.score_mean + points / 10.0,
        seen=tuple(None if s is None else (s[0] + points, s[1] + points, s[2]) for s in fit.seen),
    )
    used = set(rates["source_id"]) if moved is not None else set()
    used |= set(exam["source_id"]) if points else set()
    return moved_fit, StandIn(
        fit.year, year if moved is not None else None, shift, shift_se, points, points_se, tuple(sorted(used))
    )
