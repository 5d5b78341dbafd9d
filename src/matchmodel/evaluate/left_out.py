"""Each specialty left out in turn, and its slope and level predicted from the others."""

import numpy as np
import pandas as pd
from scipy.special import expit

from ..fit.pooling import FEWEST_TO_POOL, Pool, pool
from .years import Z80

DRAWS = 4000
COLUMNS = ["specialty", "what", "unit", "predicted", "low", "high", "measured", "measured_low", "measured_high", "measured_se", "inside"]


def predict_left_out(pooled, j, normals):
    """Predict one estimate of a pool from the others.

    The others are pooled anew. A new specialty's true value is drawn as the model draws it (mean
    and spread from their posterior), and its own sampling error is added, since what it is held
    against is an estimate: with the model right, 80% of the estimates lie in such ranges.

    Parameters
    ----------
    pooled : Pool
    j : int
        Which one is left out.
    normals : numpy.ndarray, shape (d, 4)
        Standard normal draws.

    Returns
    -------
    mean : float
    draws : numpy.ndarray, shape (d,)
    """
    others = np.arange(len(pooled.values)) != j
    rest: Pool = pool(pooled.values[others], pooled.ses[others])
    spreads = rest.spread_draws(normals[:, 0])
    return rest.mean, rest.mean_draws(normals[:, 1], spreads) + spreads * normals[:, 2] + pooled.ses[j] * normals[:, 3]


def _rows(names, pooled, what, unit, show, seed):
    known = np.isfinite(pooled.values)
    if known.sum() <= FEWEST_TO_POOL:
        return []
    rng, made = np.random.default_rng(seed), []
    for j in np.flatnonzero(known):
        mean, draws = predict_left_out(pooled, j, rng.standard_normal((DRAWS, 4)))
        low, high = np.quantile(draws, [0.1, 0.9])
        value, se = float(pooled.values[j]), float(pooled.ses[j])
        ends = (show(v) for v in (mean, low, high, value, value - Z80 * se, value + Z80 * se))
        made.append((names[j], what, unit, *ends, se, bool(low <= value <= high)))
    return made


def left_out(trained, kind, seed=17):
    """Leave every specialty of a type out in turn.

    Parameters
    ----------
    trained : Trained
    kind : str
    seed : int

    Returns
    -------
    pandas.DataFrame
        A row a specialty and quantity: 'slope' (log odds per ten points of Step 2 CK), 'rate'
        (of matching to the preferred specialty, a proportion), and, where US IMGs were derived
        from this type, 'us-img odds ratio'. Predicted with its 80% range, measured with its own.
    """
    fit = trained.fits[kind]
    made = _rows(fit.specialties, fit.slopes, "slope", "log odds per ten points", float, [seed, 1])
    made += _rows(fit.specialties, fit.levels, "rate", "proportion", lambda v: float(expit(v)), [seed, 2])
    if trained.derived is not None and trained.primary == kind:
        made += _rows(fit.specialties, trained.derived.ratios, "us-img odds ratio", "ratio", lambda v: float(np.exp(v)), [seed, 3])
    return pd.DataFrame(made, columns=COLUMNS)
