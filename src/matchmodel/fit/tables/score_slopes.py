"""Steps 1 to 3 for one applicant type: slopes, levels and intercepts of its specialties."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...covariates import step2_u
from ...errors import MissingTables
from ...etl import Tidy
from ..random import Normals
from .cells import Measured, Weighted, measured_cells
from .combine_years import Levels, OwnSlopes, own_slopes
from .level import level_pool, population, solve_shift
from .logistic import DEFAULT_TAIL, Transform
from .pooling import Pool, pool
from .reconstruct import SCORE_RANGE, Support


@dataclass(frozen=True)
class TypeFit:
    """What was fitted for one applicant type; arrays run over `specialties`, draws over rows.

    Attributes
    ----------
    kind
        The applicant type.
    year
        Of the counts.
    matched, not_matched
        Applicants, shape (k,).
    slopes, levels
        Own estimates, before shrinkage.
    slope_years
        The slopes by year, with the newest year's parts of the error.
    level_years
        The levels by year.
    beta, level, alpha
        Per ten points; log odds of the (shrunk) rate; log odds at 240; shape (k,).
    beta_draws, level_draws, alpha_draws
        Of the same, shape (d, k).
    mean_slope_draws
        Of the mean slope over specialties, shape (d,).
    whole
        Levels kept as published, shape (k,).
    score_mean, score_sd
        Of the population's u, shape (k,).
    populations
        (values, weights) of each specialty.
    seen
        (low, high, printed) of each specialty; None where suppressed.
    measured_n
        Applicants with a known score, shape (k,).
    count_sources, score_sources
        Ids, of each specialty.
    """

    kind: str
    year: int
    specialties: tuple[str, ...]
    matched: np.ndarray
    not_matched: np.ndarray
    slopes: Pool
    levels: Pool
    slope_years: OwnSlopes
    level_years: Levels
    beta: np.ndarray
    level: np.ndarray
    alpha: np.ndarray
    beta_draws: np.ndarray
    level_draws: np.ndarray
    alpha_draws: np.ndarray
    mean_slope_draws: np.ndarray
    whole: np.ndarray
    score_mean: np.ndarray
    score_sd: np.ndarray
    populations: tuple[Weighted, ...]
    seen: tuple[tuple[float, float, bool] | None, ...]
    measured_n: np.ndarray
    count_sources: tuple[tuple[str, ...], ...]
    score_sources: tuple[tuple[str, ...], ...]


def newest_counts(tidy: Tidy) -> dict[str, pd.DataFrame]:
    """Return {applicant_type: counts rows of its newest year}.

    A suppressed cell counts nobody and is answered all the same.
    """
    counts = tidy.table("counts").copy()
    suppressed = counts["matched"].isna() | counts["not_matched"].isna()
    counts.loc[suppressed, ["matched", "not_matched"]] = 0
    applicants = counts["matched"] + counts["not_matched"]
    counts = counts[suppressed | (applicants > 0)]
    known = {
        kind: rows["year"].max()
        for kind, rows in counts[applicants[counts.index] > 0].groupby("applicant_type")
    }
    return {
        kind: counts[(counts["applicant_type"] == kind) & (counts["year"] == year)].sort_values(
            "specialty", kind="stable"
        )
        for kind, year in known.items()
    }


def older_counts(
    tidy: Tidy, kind: str, year: int, specialties: Sequence[str]
) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """Return the counts of the years before, as `level_pool` takes them.

    (year, matched, not matched) in the order of `specialties`.
    """
    counts = tidy.table("counts")
    counts = counts[(counts["applicant_type"] == kind) & (counts["year"] < year)].dropna(
        subset=["matched", "not_matched"]
    )
    found = []
    for when, rows in counts.groupby("year"):
        own = rows.set_index("specialty").reindex(specialties)[["matched", "not_matched"]].fillna(0.0)
        found.append((int(when), own["matched"].to_numpy(float), own["not_matched"].to_numpy(float)))
    return found


def _seen(table: Measured | None) -> tuple[float, float, bool] | None:
    limits = None if table is None else table.seen
    if table is None or limits is None:
        return None
    if all(np.isfinite([s.minimum, s.maximum]).all() for s in table.summaries):  # of bins there are none
        return (*limits, True)
    points = np.concatenate([v for v, _ in table.cohorts(DEFAULT_TAIL).values()])
    return float(points.min()), float(points.max()), False


def shares_of(matched: np.ndarray, not_matched: np.ndarray) -> list[tuple[float, float]]:
    """Return (matched, not matched) of each cell, those of the type where its counts are suppressed."""
    everybody = float(np.sum(matched)), float(np.sum(not_matched))
    return [(m, f) if m + f > 0 else everybody for m, f in zip(matched, not_matched, strict=True)]


def type_populations(
    tables: Sequence[Measured | None],
    matched: np.ndarray,
    not_matched: np.ndarray,
    beta: np.ndarray,
    transform: Transform = step2_u,
    limits: Support = SCORE_RANGE,
) -> tuple[Weighted, ...]:
    """Return each cell's population of a measure, the suppressed ones given that of the type."""
    cells = zip(tables, shares_of(matched, not_matched), beta, strict=True)
    own = [population(t, m, f, b, None, DEFAULT_TAIL, transform, limits) for t, (m, f), b in cells]
    known = [(p, m + f) for p, m, f in zip(own, matched, not_matched, strict=True) if p is not None]
    values = np.concatenate([p[0] for p, _ in known])
    weights = np.concatenate([p[1] * n for p, n in known])
    return tuple(p if p is not None else (values, weights / weights.sum()) for p in own)


def solve_alpha(
    level: np.ndarray,
    beta: np.ndarray,
    populations: Sequence[Weighted],
    transform: Transform = step2_u,
) -> np.ndarray:
    """Return the intercepts with which each population gives its rate.

    sum_i w_i expit(alpha + beta u_i) = expit(level), solved in every row.

    Parameters
    ----------
    level, beta
        Shape (d, k).
    populations
        (values, weights), k of them.
    transform
        From values to u.

    Returns
    -------
    numpy.ndarray, shape (d, k)
    """
    columns = []
    for j, (values, weights) in enumerate(populations):
        base = beta[:, j : j + 1] * transform(values)[None, :]
        columns.append(solve_shift(base, weights, 1 / (1 + np.exp(-level[:, j]))))
    return np.array(columns).T


def fit_type(
    tidy: Tidy,
    kind: str,
    rows: pd.DataFrame,
    rng: np.random.Generator,
    normals: Normals,
    drift: float | None = None,
    regressor: np.ndarray | None = None,
) -> TypeFit:
    """Do steps 1 to 3 for one applicant type.

    Parameters
    ----------
    tidy
        Training sources only.
    kind
        The applicant type.
    rows
        Its counts, one row per specialty.
    rng
        For the rounding.
    normals
        Standard normal draws by name.
    drift
        Of the type's yearly series; without it only the newest year's counts are used.
    regressor
        Of the level (`level.competition`), shape (k,).

    Raises
    ------
    MissingTables
        When no specialty's Step 2 CK table can be fitted.
    """
    cells = measured_cells(tidy, "step2_ck")
    specialties = tuple(rows["specialty"])
    matched, not_matched = rows["matched"].to_numpy(float), rows["not_matched"].to_numpy(float)
    by_cell = [cells.get((kind, s), []) for s in specialties]
    own = own_slopes(by_cell, rng, step2_u, SCORE_RANGE)
    if not np.isfinite(own.values).any():
        raise MissingTables(
            f"no Step 2 CK table of {kind} can be fitted; training needs quartiles or bins of step2_ck "
            "(both cohorts) for at least one specialty that has counts"
        )
    slopes = pool(own.values, own.ses)
    year = int(rows["year"].max())
    levels, whole, level_years = level_pool(
        matched, not_matched, older_counts(tidy, kind, year, specialties), year, drift, regressor
    )
    z_slope = normals.pooled([f"{kind} slope mean"], f"{kind} slope", specialties)
    common = [f"{kind} level mean", f"{kind} level line"][: levels.design.shape[1]]
    z_level = normals.pooled(common, f"{kind} level", specialties)
    beta, level = slopes.shrunk(), levels.shrunk(whole)
    slope_spreads = slopes.spread_draws(normals.one(f"{kind} slope spread"))
    beta_draws = slopes.draws(z_slope, spreads=slope_spreads)
    level_draws = levels.draws(z_level, whole, levels.spread_draws(normals.one(f"{kind} level spread")))
    # the newest table that prints anything; a later one may be suppressed whole
    newest = [next((t for t in tables if t.known), None) for tables in by_cell]
    populations = type_populations(newest, matched, not_matched, beta)
    means = np.array([w @ step2_u(v) for v, w in populations])
    sds = np.array([np.sqrt(w @ (step2_u(v) - m) ** 2) for (v, w), m in zip(populations, means, strict=True)])
    alpha = solve_alpha(level[None, :], beta[None, :], populations)[0]
    return TypeFit(
        kind=kind,
        year=year,
        specialties=specialties,
        matched=matched,
        not_matched=not_matched,
        slopes=slopes,
        levels=levels,
        slope_years=own,
        level_years=level_years,
        beta=beta,
        level=level,
        alpha=alpha,
        beta_draws=beta_draws,
        level_draws=level_draws,
        alpha_draws=solve_alpha(level_draws, beta_draws, populations),
        mean_slope_draws=slopes.mean_draws(z_slope[:, 0], slope_spreads),
        whole=whole,
        score_mean=means,
        score_sd=sds,
        populations=populations,
        seen=tuple(_seen(t) for t in newest),
        measured_n=np.array([p.n if p is not None else 0.0 for p in own.newest]),
        count_sources=tuple((s,) for s in rows["source_id"]),
        score_sources=tuple(tuple(sorted({i for t in tables for i in t.sources})) for tables in by_cell),
    )
