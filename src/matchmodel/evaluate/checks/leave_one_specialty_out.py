"""Each specialty left out in turn, and its figures predicted from the others."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit

from ...fit.chain.participation import ranking_share
from ...fit.chain.specialty import own_chain, pooled_m0, solve_own
from ...fit.tables.pooling import FEWEST_TO_POOL, Pool, pool
from ...fit.train import Trained
from ..reference_people import profiles_of
from .participation import Participation

Row = tuple[str | float, ...]  # of COLUMNS
DRAWS = 2000
Z80 = 1.2815515655446004  # of the normal distribution, 90%
UNITS = {
    "slope": "log odds per ten points",
    "rate": "proportion",
    "rank slope": "log odds per unit of ln ranks",
    "us-img odds ratio": "ratio",
    "usual number": "applications",
    "share who rank": "proportion",
}
COLUMNS = [
    "specialty", "what", "unit", "predicted", "low", "high", "measured", "measured_low", "measured_high",
    "measured_se", "inside"
]  # fmt: skip


def predict_left_out(pooled: Pool, j: int, normals: np.ndarray) -> tuple[float, np.ndarray]:
    """Predict one estimate of a pool from the others, about the pool's line where it has one.

    The others are pooled anew. A new specialty's true value is drawn as the model draws it (line and spread
    from their posterior), and its own sampling error is added, since what it is compared with is an estimate:
    with the model right, 80% of the estimates lie in such ranges.

    Parameters
    ----------
    j
        Which one is left out.
    normals
        Standard normal draws, shape (d, 5).

    Returns
    -------
    mean
    draws
        Shape (d,).
    """
    values = pooled.values.copy()
    values[j] = np.nan
    others = pool(values, pooled.ses, pooled.design[:, 1] if pooled.design.shape[1] > 1 else None)
    spreads = others.spread_draws(normals[:, 0])
    g, covariance, _ = others.coefficients_given(spreads)
    p = others.design.shape[1]
    drawn = g + np.einsum("dij,dj->di", np.linalg.cholesky(covariance), normals[:, 1 : 1 + p])
    mean, own = float(others.fitted[j]), spreads * normals[:, 3] + pooled.ses[j] * normals[:, 4]
    return mean, (drawn - others.coefficients) @ others.design[j] + mean + own


def _row(
    name: str, what: str, predicted: float, draws: np.ndarray, measured: tuple[float, float, float, float]
) -> Row:
    low, high = (float(v) for v in np.quantile(draws, [0.1, 0.9]))
    return (name, what, UNITS[what], predicted, low, high, *measured, bool(low <= measured[0] <= high))


def _pool_rows(
    names: tuple[str, ...], pooled: Pool, what: str, show: Callable[[np.ndarray], np.ndarray], seed: list[int]
) -> list[Row]:
    known = np.isfinite(pooled.values)
    if known.sum() <= FEWEST_TO_POOL:
        return []
    rng, rows = np.random.default_rng(seed), []
    for j in np.flatnonzero(known):
        mean, draws = predict_left_out(pooled, int(j), rng.standard_normal((DRAWS, 5)))
        value, se = float(pooled.values[j]), float(pooled.ses[j])
        ends = show(np.array([mean, value, value - Z80 * se, value + Z80 * se]))
        mean, own, low, high = (float(v) for v in ends)
        rows.append(_row(names[j], what, mean, show(draws), (own, low, high, se)))
    return rows


def _usual_rows(trained: Trained, kind: str) -> list[Row]:
    """Predict each published number of applications: that at which m0 is as in the other specialties."""
    fit, chains, normals = trained.fits[kind], trained.chains.get(kind, {}), trained.normals
    rows = []
    known = {s: c for s, c in chains.items() if not c.borrowed and c.usual.basis != "assumed"}
    for s, chain in known.items():
        others = [c for name, c in known.items() if name != s]
        if not others:
            continue
        m0 = pooled_m0(others, normals, s)
        profiles, j = profiles_of(trained, kind, s), fit.specialties.index(s)
        share = ranking_share(trained.tidy, kind, s)
        (solved,) = solve_own(fit, trained.ranks[kind], [(j, profiles, share)], normals)
        blind = own_chain(solved, chain.rates, chain.rho, None, m0)
        if blind is None:
            continue
        draws, own = blind.usual.draws, chain.usual.draws
        low, high = (float(v) for v in np.quantile(own, [0.1, 0.9]))
        measured = (float(own.mean()), low, high, float(own.std()))
        rows.append(_row(s, "usual number", float(draws.mean()), draws, measured))
    return rows


def _share_rows(shares: list[Participation]) -> list[Row]:
    """Predict each observed share from the chain, with zeta and phi as the other specialties imply them."""
    rows = []
    for one in shares:
        others = [o for o in shares if o is not one]
        if not others:
            continue
        zeta, phi = (np.mean([getattr(o, name) for o in others], axis=0) for name in ("zeta", "phi"))
        draws, share = one.observed.reached(one.p, zeta, phi), one.observed.ranked
        measured = (share, share, share, 0.0)  # thousands of applicants: its error is nothing beside the rest
        rows.append(_row(one.observed.specialty, "share who rank", float(draws.mean()), draws, measured))
    return rows


def leave_one_out(trained: Trained, kind: str, shares: list[Participation], seed: int = 17) -> pd.DataFrame:
    """Leave every specialty of a type out in turn.

    Parameters
    ----------
    trained
    kind
        Of applicants, with tables of its own.
    shares
        Of `participation`, empty where none is observed.

    Returns
    -------
    frame
        One row per specialty and quantity of `UNITS`: predicted with its 80% range, measured with its own.
    """
    fit = trained.fits[kind]
    rows = _pool_rows(fit.specialties, fit.slopes, "slope", np.asarray, [seed, 1])
    rows += _pool_rows(fit.specialties, fit.levels, "rate", expit, [seed, 2])
    if kind in trained.ranks:
        rows += _pool_rows(fit.specialties, trained.ranks[kind].slopes, "rank slope", np.asarray, [seed, 4])
        rows += _usual_rows(trained, kind)
    if trained.derived is not None and trained.primary == kind:
        rows += _pool_rows(fit.specialties, trained.derived.ratios, "us-img odds ratio", np.exp, [seed, 3])
    return pd.DataFrame(rows + _share_rows(shares), columns=COLUMNS)


def level_errors(trained: Trained, kind: str) -> dict[str, float]:
    """Return the leave-one-out errors of the levels on the log odds, root mean square over specialties.

    Returns
    -------
    errors
        'line' of the regression on ln(positions / all applicants), NaN where a table has neither; 'mean' of
        the mean of the others.
    """
    levels, errors = trained.fits[kind].levels, {}
    for name, design in (("line", levels.design), ("mean", levels.design[:, :1])):
        misses = [
            predicted - levels.values[j] for j, predicted in _without_each(replace(levels, design=design))
        ]
        usable = name == "mean" or design.shape[1] > 1
        errors[name] = float(np.sqrt(np.mean(np.square(misses)))) if usable and misses else float("nan")
    return errors


def _without_each(pooled: Pool) -> list[tuple[int, float]]:
    """Return (j, what the others say of it) for every known estimate."""
    predicted = []
    for j in np.flatnonzero(pooled.known):
        values = pooled.values.copy()
        values[j] = np.nan
        others = pool(values, pooled.ses, pooled.design[:, 1] if pooled.design.shape[1] > 1 else None)
        predicted.append((int(j), float(others.fitted[j])))
    return predicted
