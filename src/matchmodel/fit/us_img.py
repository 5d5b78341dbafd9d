"""US IMGs, who have no table of their own: the non-US fit, moved by odds ratios (step 4)."""

from dataclasses import dataclass, replace

import numpy as np

from .odds_ratio import score_shift, us_log_odds_ratios
from .pooling import Pool
from .score_slopes import solve_alpha


@dataclass(frozen=True)
class Derived:
    """How the US IMGs' fit was made.

    Attributes
    ----------
    ratios : Pool
        Log odds ratios by specialty, before shrinkage.
    theta : numpy.ndarray, shape (k,)
        Shrunk log odds ratios.
    theta_se : numpy.ndarray, shape (k,)
    shift, shift_se : float
        Of the score distribution, in points.
    shift_known : bool
        False where no table gives a shift, and none is made.
    sources : tuple of str
    """

    ratios: Pool
    theta: np.ndarray
    theta_se: np.ndarray
    shift: float
    shift_se: float
    shift_known: bool
    sources: tuple


def comparable(table, specialties):
    """Whether a ranked-anywhere table compares both groups in at least one of the specialties."""
    rows = table[table["specialty"].isin(list(specialties)) & (table["year"] == table["year"].max())]
    ranked, matched = rows[["us_img_ranked", "non_us_img_ranked"]], rows[["us_img_matched", "non_us_img_matched"]]
    return bool(((ranked > 0).all(axis=1) & matched.notna().all(axis=1)).any())


def derive_us_img(fit, tidy, normals):
    """Return the `TypeFit` of US IMGs and how it was made.

    level[s, us] = level[s, non-us] + theta[s], theta the shrunk log odds ratio; the same slopes;
    the non-US scores shifted as a whole; alpha solved anew.

    Parameters
    ----------
    fit : TypeFit
        Of non-US IMGs.
    tidy : matchmodel.etl.Tidy
    normals : callable

    Returns
    -------
    TypeFit, Derived
    """
    table, invited = tidy.table("ranked_anywhere"), tidy.table("invited_step2")
    ratios = us_log_odds_ratios(table, fit.specialties)
    k = len(fit.specialties)
    theta, theta_draws = ratios.shrunk(), ratios.draws(normals(k + 1), spreads=ratios.spread_draws(normals(1)[:, 0]))
    found = score_shift(invited) if len(invited) else None
    shift, shift_se = found if found else (0.0, 0.0)
    shift_draws = (shift + shift_se * normals(1)[:, 0]) / 10.0
    level, level_draws = fit.level + theta, fit.level_draws + theta_draws
    moved = tuple((values + shift, weights) for values, weights in fit.populations)
    # the shift is one number a draw, so it moves alpha by beta times it
    alpha_draws = solve_alpha(level_draws, fit.beta_draws, fit.populations) - fit.beta_draws * shift_draws[:, None]
    us = replace(
        fit,
        kind="us-img",
        level=level,
        level_draws=level_draws,
        alpha=solve_alpha(level[None, :], fit.beta[None, :], moved)[0],
        alpha_draws=alpha_draws,
        score_mean=fit.score_mean + shift / 10.0,
        populations=moved,
    )
    ids = sorted(set(table["source_id"]) | (set(invited["source_id"]) if found else set()))
    return us, Derived(ratios, theta, np.std(theta_draws, axis=0, ddof=1), shift, shift_se, bool(found), tuple(ids))
