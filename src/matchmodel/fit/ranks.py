"""The rank curve: the chance of matching against the number of contiguous ranks."""

from dataclasses import dataclass

import numpy as np

from .cells import measured_cells
from .logistic import DEFAULT_TAIL
from .pooling import Pool, pool
from .reconstruct import Support
from .score_slopes import combined_slope, solve_alpha, type_populations

RANK_LIMITS = Support(1.0, 300.0, counts=True)


def ln_ranks(ranks):
    """Return ln of contiguous ranks, at least one."""
    return np.log(np.maximum(ranks, 1.0))


@dataclass(frozen=True)
class RankFit:
    """The rank curve of each specialty; arrays run over the specialties of a `TypeFit`.

    Attributes
    ----------
    slopes : Pool
        Own estimates of b, before shrinkage.
    b, a : numpy.ndarray, shape (k,)
        Log odds per unit of ln ranks, and at one rank.
    b_draws : numpy.ndarray, shape (d, k)
        Not below zero: one more interview cannot lower the chance.
    mean_ranks, mean_ranks_se : numpy.ndarray, shape (k,)
        Mean contiguous ranks, cohorts weighted by the full counts, and its standard error.
    own : numpy.ndarray of bool, shape (k,)
        Whether the specialty's own table is there (False: that of the type is borrowed).
    sources : tuple of str
    """

    slopes: Pool
    b: np.ndarray
    a: np.ndarray
    b_draws: np.ndarray
    mean_ranks: np.ndarray
    mean_ranks_se: np.ndarray
    own: np.ndarray
    sources: tuple


def fit_ranks(tidy, fit, rng, normals):
    """Fit logit P(match | r ranks) = a[s] + b[s] ln r by the steps of the score: reconstruct, fit, pool.

    Parameters
    ----------
    tidy : matchmodel.etl.Tidy
    fit : TypeFit
    rng : numpy.random.Generator
    normals : callable

    Returns
    -------
    RankFit or None
        None without a contiguous_ranks table that can be fitted.
    """
    cells = measured_cells(tidy, "contiguous_ranks")
    tables = [cells.get((fit.kind, s), []) for s in fit.specialties]
    fitted = [combined_slope(t, rng, ln_ranks, RANK_LIMITS) for t in tables]
    if not any(np.isfinite(value) for value, _, _ in fitted):
        return None
    slopes = pool([f[0] for f in fitted], [f[1] for f in fitted])
    b = np.maximum(slopes.shrunk(), 0.0)
    b_draws = np.maximum(slopes.draws(normals(len(tables) + 1), spreads=slopes.spread_draws(normals(1)[:, 0])), 0.0)
    newest = [t[0] if t else None for t in tables]
    populations = type_populations(newest, fit.matched, fit.not_matched, b, ln_ranks, RANK_LIMITS)
    means = np.array([w @ np.maximum(v, 1.0) for v, w in populations])
    sds = np.array([np.sqrt(w @ (np.maximum(v, 1.0) - m) ** 2) for (v, w), m in zip(populations, means, strict=True)])
    measured = np.array([f[2].n if f[2] is not None and f[2].n > 0 else 1.0 for f in fitted])
    return RankFit(
        slopes=slopes,
        b=b,
        a=solve_alpha(fit.level[None, :], b[None, :], populations, ln_ranks)[0],
        b_draws=b_draws,
        mean_ranks=means,
        mean_ranks_se=sds / np.sqrt(measured),
        own=np.array([t is not None and bool(t.cohorts(DEFAULT_TAIL, RANK_LIMITS)) for t in newest]),
        sources=tuple(sorted({i for ts in tables for t in ts for i in t.sources})),
    )
