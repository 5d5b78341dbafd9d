"""The rank curve: the chance of matching against the number of contiguous ranks."""

from dataclasses import dataclass

import numpy as np

from .cells import measured_cells
from .logistic import DEFAULT_TAIL
from .pooling import Pool, pool
from .reconstruct import Support
from .score_slopes import solve_alpha, type_populations
from .several_years import own_slopes

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
    own = own_slopes(tables, rng, ln_ranks, RANK_LIMITS)
    if not np.isfinite(own.values).any():
        return None
    slopes = pool(own.values, own.ses)
    b = np.maximum(slopes.shrunk(), 0.0)
    b_draws = np.maximum(slopes.draws(normals(len(tables) + 1), spreads=slopes.spread_draws(normals(1)[:, 0])), 0.0)
    newest = [t[0] if t else None for t in tables]
    populations = type_populations(newest, fit.matched, fit.not_matched, b, ln_ranks, RANK_LIMITS)
    means = np.array([w @ np.maximum(v, 1.0) for v, w in populations])
    sds = np.array([np.sqrt(w @ (np.maximum(v, 1.0) - m) ** 2) for (v, w), m in zip(populations, means, strict=True)])
    measured = np.array([f.n if f is not None and f.n > 0 else 1.0 for f in own.newest])
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
