"""Steps 1 to 3 for one applicant type: slopes, levels and intercepts of its specialties."""

from dataclasses import dataclass

import numpy as np

from ...covariates import step2_u
from ...errors import MissingTables
from .cells import measured_cells
from .combine_years import Levels, OwnSlopes, own_slopes
from .level import level_pool, population, solve_shift
from .logistic import DEFAULT_TAIL
from .pooling import Pool, pool
from .reconstruct import SCORE_RANGE


@dataclass(frozen=True)
class TypeFit:
    """What was fitted for one applicant type; arrays run over `specialties`, draws over rows.

    Attributes
    ----------
    kind : str
    year : int
        Of the counts.
    specialties : tuple of str
    matched, not_matched : numpy.ndarray, shape (k,)
    slopes, levels : Pool
        Own estimates, before shrinkage.
    slope_years : OwnSlopes
        The slopes by year, with the newest year's parts of the error.
    level_years : Levels
    beta, level, alpha : numpy.ndarray, shape (k,)
        Per ten points; log odds of the (shrunk) rate; log odds at 240.
    beta_draws, level_draws, alpha_draws : numpy.ndarray, shape (d, k)
    mean_slope_draws : numpy.ndarray, shape (d,)
    whole : numpy.ndarray of bool, shape (k,)
        Levels kept as published.
    score_mean, score_sd : numpy.ndarray, shape (k,)
        Of the population's u.
    populations : tuple
        (values, weights) a specialty; None where nothing is known.
    seen : tuple
        (low, high, printed) a specialty; None where suppressed.
    measured_n : numpy.ndarray, shape (k,)
        Persons with a known score.
    count_sources, score_sources : tuple of tuple of str
    """

    kind: str
    year: int
    specialties: tuple
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
    populations: tuple
    seen: tuple
    measured_n: np.ndarray
    count_sources: tuple
    score_sources: tuple


def newest_counts(tidy):
    """Return {applicant_type: counts rows of its newest year}; a suppressed cell counts nobody and is answered all the same."""
    counts = tidy.table("counts").copy()
    suppressed = counts["matched"].isna() | counts["not_matched"].isna()
    counts.loc[suppressed, ["matched", "not_matched"]] = 0
    counts["persons"] = counts["matched"] + counts["not_matched"]
    counts = counts[suppressed | (counts["persons"] > 0)]
    known = {
        kind: rows[rows["persons"] > 0]["year"].max()
        for kind, rows in counts.groupby("applicant_type")
        if rows["persons"].sum() > 0
    }
    return {
        kind: counts[(counts["applicant_type"] == kind) & (counts["year"] == year)].sort_values("specialty")
        for kind, year in known.items()
    }


def older_counts(tidy, kind, year, specialties):
    """Return the counts of the years before, as `level_pool` takes them: (year, matched, not matched) in the order of `specialties`."""
    counts = tidy.table("counts")
    counts = counts[(counts["applicant_type"] == kind) & (counts["year"] < year)].dropna(
        subset=["matched", "not_matched"]
    )
    found = []
    for when, rows in counts.groupby("year"):
        own = rows.set_index("specialty").reindex(specialties)[["matched", "not_matched"]].fillna(0.0)
        found.append((int(when), own["matched"].to_numpy(float), own["not_matched"].to_numpy(float)))
    return found


def _seen(table):
    if table is None:
        return None
    if table.bins is not None:
        return (*table.seen, True)
    known = [s for s in (table.matched, table.not_matched) if s is not None and s.known]
    printed = all(np.isfinite([s.minimum, s.maximum]).all() for s in known)
    if printed:
        return (*table.seen, True)
    points = np.concatenate([v for v, _ in table.cohorts(DEFAULT_TAIL).values()])
    return float(points.min()), float(points.max()), False


def shares_of(matched, not_matched):
    """Return (matched, not matched) of each cell, those of the type where the cell's counts are suppressed."""
    everybody = float(np.sum(matched)), float(np.sum(not_matched))
    return [(m, f) if m + f > 0 else everybody for m, f in zip(matched, not_matched, strict=True)]


def type_populations(tables, matched, not_matched, beta, transform=step2_u, limits=SCORE_RANGE):
    """Return each cell's population of a measure, the suppressed ones given that of the type."""
    cells = zip(tables, shares_of(matched, not_matched), beta, strict=True)
    own = [population(t, m, f, b, None, DEFAULT_TAIL, transform, limits) for t, (m, f), b in cells]
    known = [(p, m + f) for p, m, f in zip(own, matched, not_matched, strict=True) if p is not None]
    values = np.concatenate([p[0] for p, _ in known])
    weights = np.concatenate([p[1] * n for p, n in known])
    return tuple(p if p is not None else (values, weights / weights.sum()) for p in own)


def solve_alpha(level, beta, populations, transform=step2_u):
    """Return the intercepts with which each population gives its rate.

    sum_i w_i expit(alpha + beta u_i) = expit(level), solved in every row.

    Parameters
    ----------
    level, beta : numpy.ndarray, shape (d, k)
    populations : sequence of (values, weights), length k

    Returns
    -------
    numpy.ndarray, shape (d, k)
    """
    columns = []
    for j, (values, weights) in enumerate(populations):
        base = beta[:, j : j + 1] * transform(values)[None, :]
        columns.append(solve_shift(base, weights, 1 / (1 + np.exp(-level[:, j]))))
    return np.array(columns).T


def fit_type(tidy, kind, rows, rng, normals, drift=None, regressor=None):
    """Do steps 1 to 3 for one applicant type.

    Parameters
    ----------
    tidy : matchmodel.etl.Tidy
        Training sources only.
    kind : str
    rows : pandas.DataFrame
        Its counts, a row a specialty.
    rng : numpy.random.Generator
        For the rounding.
    normals : matchmodel.fit.random.Normals
        Standard normal draws by name.
    drift : float, optional
        Of the type's yearly series; without it only the newest year's counts are used.
    regressor : numpy.ndarray, shape (k,), optional
        Of the level (`level.competition`).

    Returns
    -------
    TypeFit

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
    k = len(specialties)
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
