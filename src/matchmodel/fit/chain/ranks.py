"""The rank curve: the chance of matching against the number of contiguous ranks."""

from dataclasses import dataclass

import numpy as np

from ...etl import Tidy
from ..random import Normals
from ..tables.cells import Measured, measured_cells
from ..tables.combine_years import own_slopes
from ..tables.pooling import Pool, pool
from ..tables.reconstruct import Support
from ..tables.score_slopes import TypeFit, shares_of, solve_alpha, type_populations

RANK_LIMITS = Support(1.0, 300.0, counts=True)


def ln_ranks(ranks: np.ndarray) -> np.ndarray:
    """Return ln of contiguous ranks, at least one."""
    logs: np.ndarray = np.log(np.maximum(ranks, 1.0))
    return logs


@dataclass(frozen=True)
class RankFit:
    """The rank curve of each specialty; arrays run over the specialties of a `TypeFit`.

    Attributes
    ----------
    slopes
        Own estimates of b, before shrinkage.
    b, a
        Log odds per unit of ln ranks, and at one rank, shape (k,).
    b_draws
        Not below zero: one more interview cannot lower the chance. Shape (d, k).
    mean_ranks, mean_ranks_se
        Mean contiguous ranks of those who rank, the cohorts weighted by the full counts, and its standard
        error, shape (k,).
    sd_ranks, sd_ranks_se
        Their standard deviation and its standard error, shape (k,); NaN where the specialty's own table does
        not say.
    errors_correlation
        Of the errors of that mean and that standard deviation, shape (k,).
    own
        Whether the specialty's own table is there (False: that of the type is borrowed), shape (k,).
    sources
        Of the tables.
    """

    slopes: Pool
    b: np.ndarray
    a: np.ndarray
    b_draws: np.ndarray
    mean_ranks: np.ndarray
    mean_ranks_se: np.ndarray
    sd_ranks: np.ndarray
    sd_ranks_se: np.ndarray
    errors_correlation: np.ndarray
    own: np.ndarray
    sources: tuple[str, ...]


def printed_moments(table: Measured | None, matched: float, not_matched: float) -> tuple[float, float] | None:
    """Return mean and SD of both cohorts together from what is printed of each.

    None where either prints none.

    mean = sum s_c m_c and variance = sum s_c (sd_c^2 + (m_c - mean)^2), s_c the cohorts' shares of the full
    counts.
    """
    summaries = [] if table is None or table.bins is not None else table.summaries
    cohorts = [c for c in summaries if np.isfinite([c.mean, c.sd]).all()]
    if len(cohorts) < 2 or matched + not_matched <= 0:
        return None
    share = np.array([matched, not_matched]) / (matched + not_matched)
    means, sds = np.array([c.mean for c in cohorts]), np.array([c.sd for c in cohorts])
    mean = float(share @ means)
    return mean, float(np.sqrt(share @ (sds**2 + (means - mean) ** 2)))


def moments(
    population: tuple[np.ndarray, np.ndarray], printed: tuple[float, float] | None, applicants: float
) -> tuple[float, float, float, float]:
    """Return mean, its standard error, SD and its standard error of the ranks of a specialty.

    Printed mean and SD where both are there, else those of the population. The standard error of a standard
    deviation is sqrt((m4 - sd^4)/n)/(2 sd), m4 the fourth central moment (Cramer, Mathematical Methods of
    Statistics, 1946, 27.4 and 28.4), which is the population's, on the scale of its own SD.

    Parameters
    ----------
    population
        Values and weights that sum to 1.
    printed
        As from `printed_moments`.
    applicants
        Who are behind it.
    """
    values, weights = np.maximum(population[0], 1.0), population[1]
    mean = float(weights @ values)
    sd = float(np.sqrt(weights @ (values - mean) ** 2))
    peaked = float(weights @ (values - mean) ** 4) / max(sd, 1e-9) ** 4 - 1
    mean, sd = printed if printed is not None else (mean, sd)
    return mean, sd / np.sqrt(applicants), sd, sd * np.sqrt(max(peaked, 0.0) / applicants) / 2


def errors_correlation(population: tuple[np.ndarray, np.ndarray]) -> float:
    """Return how the errors of a sample's mean and standard deviation go together.

    m3 / (sd sqrt(m4 - sd^4)), since cov(mean, sd^2) = m3/n (Cramer, Mathematical Methods of Statistics, 1946,
    27.4), m3 and m4 the third and fourth central moments. Ranks fall off to the right: a sample with a high
    mean has a large standard deviation too.

    Parameters
    ----------
    population
        Values and weights that sum to 1.
    """
    values, weights = np.maximum(population[0], 1.0), population[1]
    centred = values - weights @ values
    m2, m3, m4 = (float(weights @ centred**power) for power in (2, 3, 4))
    return float(np.clip(m3 / np.sqrt(max(m2 * (m4 - m2**2), 1e-12)), -0.99, 0.99))


def fit_ranks(tidy: Tidy, fit: TypeFit, rng: np.random.Generator, normals: Normals) -> RankFit | None:
    """Fit logit P(match | r ranks) = a[s] + b[s] ln r by the steps of the score: reconstruct, fit, pool.

    Parameters
    ----------
    tidy
        Training sources only.
    fit
        Of the type.
    rng
        For the rounding.
    normals
        Standard normal draws by name.

    Returns
    -------
    RankFit or None
        None without a contiguous_ranks table that can be fitted.
    """
    cells = measured_cells(tidy, "contiguous_ranks")
    tables = [cells.get((fit.kind, s), []) for s in fit.specialties]
    own = own_slopes(tables, rng, ln_ranks, RANK_LIMITS)
    if not np.isfinite(own.values).any():
        return None
    slopes = pool(own.values, own.ses)
    b = np.maximum(slopes.shrunk(), 0.0)
    b_draws = np.maximum(
        slopes.draws(
            normals.pooled([f"{fit.kind} ranks mean"], f"{fit.kind} ranks", fit.specialties),
            spreads=slopes.spread_draws(normals.one(f"{fit.kind} ranks spread")),
        ),
        0.0,
    )
    newest = [t[0] if t else None for t in tables]
    populations = type_populations(newest, fit.matched, fit.not_matched, b, ln_ranks, RANK_LIMITS)
    measured = [f.n if f is not None and f.n > 0 else 1.0 for f in own.newest]
    printed = [
        printed_moments(t, *s) for t, s in zip(newest, shares_of(fit.matched, fit.not_matched), strict=True)
    ]
    mean, mean_se, sd, sd_se = np.array(
        [moments(p, m, n) for p, m, n in zip(populations, printed, measured, strict=True)]
    ).T
    known = np.array([t is not None and t.known for t in newest])
    return RankFit(
        slopes=slopes,
        b=b,
        a=solve_alpha(fit.level[None, :], b[None, :], populations, ln_ranks)[0],
        b_draws=b_draws,
        mean_ranks=mean,
        mean_ranks_se=mean_se,
        sd_ranks=np.where(known, sd, np.nan),
        sd_ranks_se=np.where(known, sd_se, np.nan),
        errors_correlation=np.array([errors_correlation(p) for p in populations]),
        own=known,
        sources=tuple(sorted({i for ts in tables for t in ts for i in t.sources})),
    )
