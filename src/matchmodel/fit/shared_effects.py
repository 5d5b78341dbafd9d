"""What the covariates' effects have in common: each drawn towards their mean by its own precision (step 5)."""

from dataclasses import dataclass, replace

import numpy as np

from ..covariates import COVARIATES
from .pooling import FEWEST_TO_POOL, Pool, pool


@dataclass(frozen=True)
class Shared:
    """How the effects were pooled, in log odds of matching per standard deviation of a covariate.

    Attributes
    ----------
    names : tuple of str
        The covariates pooled.
    pool : Pool
        direction * effect * SD(u), a covariate each.
    kept : tuple of float
        How much of each own estimate is kept.
    """

    names: tuple
    pool: Pool
    kept: tuple


def share_effects(effects, references, exchange, normals):
    """Draw the effects of the register towards their common size.

    Each estimate has an error about as large as itself, so taken as they are they would spread
    the predictions too far: over made-up worlds the slope of the true log odds on the predicted
    ones was 0.92. As with the slopes of the specialties, a random-effects model says how far to trust each:

        y_j = g_j e_j s_j,  y_j | theta_j ~ N(theta_j, se_j^2),  theta_j ~ N(mu, tau^2),

    e_j the effect on the log odds, s_j the standard deviation of u in the reference
    population, so that covariates in different units compare, and g_j = +1 or -1 the
    direction in which more of it is taken to act (`Covariate.direction`, assumed). Given tau the
    estimate is keep y_j + (1 - keep) mu, keep = tau^2/(tau^2 + se_j^2) (Efron and Morris, JASA
    70:311, 1975); tau is integrated over its posterior (`Pool.spread_density`), since five
    estimates hardly tell it. The error of the exchange rate is shared by all, so averaging does
    not lessen it: it is taken out of se_j by regressing the draws on the exchange rate's, and
    put back afterwards. Effects that a Match table measures stay as they are.

    Parameters
    ----------
    effects : dict
        {covariate: Effect}
    references : dict
        {covariate: Reference}
    exchange : Exchange or None
    normals : callable
        columns -> standard normal draws, shape (d, columns).

    Returns
    -------
    effects : dict
    shared : Shared or None
        None where fewer than three effects could be pooled; the effects then stay as they are.
    """
    names = tuple(n for n, e in effects.items() if e.basis == "evidence" and n in references)
    z_spread, z_mean = normals(2).T
    if len(names) < FEWEST_TO_POOL:
        return effects, None
    size = np.array([COVARIATES[n].direction * references[n].sd for n in names])
    own = np.array([effects[n].value for n in names]) * size
    drawn = np.array([effects[n].draws for n in names]) * size[:, None]
    errors = drawn - drawn.mean(axis=1, keepdims=True)
    common = exchange.draws - exchange.draws.mean() if exchange is not None else np.zeros(drawn.shape[1])
    share = errors @ common / (common @ common) if exchange is not None else np.zeros(len(names))
    errors = errors - share[:, None] * common
    ses = errors.std(axis=1, ddof=1)
    pooled = pool(own, ses)

    def towards_mean(spreads):
        keep = spreads**2 / (spreads**2 + ses[:, None] ** 2)
        weights = 1 / (spreads**2 + ses[:, None] ** 2)
        return keep, keep * share[:, None] + (1 - keep) * (share @ weights / weights.sum(axis=0))

    grid, density = pooled.spread_density()
    weights, keep = density / density.sum(), towards_mean(grid)[0]
    value = (keep * own[:, None] + (1 - keep) * pooled.mean_given(grid)[0]) @ weights
    spreads = pooled.spread_draws(z_spread)
    keep_draws, share_draws = towards_mean(spreads)
    made = keep_draws * own[:, None] + (1 - keep_draws) * pooled.mean_draws(z_mean, spreads) + np.sqrt(keep_draws) * errors + share_draws * common
    made += (value - made.mean(axis=1))[:, None]
    found = dict(effects)
    for j, name in enumerate(names):
        before, draws = effects[name], made[j] / size[j]
        rates = {} if exchange is None else {"rate_value": float(value[j] / size[j] / exchange.value), "rate_draws": draws / exchange.draws}
        found[name] = replace(
            before, value=float(value[j] / size[j]), se=float(np.std(draws, ddof=1)), draws=draws,
            own=before.value, own_se=before.se, kept=float(keep[j] @ weights), **rates,
        )
    return found, Shared(names, pooled, tuple(float(k) for k in keep @ weights))
