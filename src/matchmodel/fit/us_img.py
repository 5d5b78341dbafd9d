"""US IMGs, who have no table of scores of their own: the non-US fit, moved by odds ratios (step 4)."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import logit

from .random import Normals
from .tables.pooling import Pool, pool
from .tables.score_slopes import TypeFit, solve_alpha

SCORE_SHIFT, SCORE_SHIFT_SE = -8.0, 3.0  # points; spans internal medicine's -7 and neurology's -11
KINDS = ("us-img", "non-us-img")


@dataclass(frozen=True)
class Derived:
    """How the US IMGs' fit was made.

    Attributes
    ----------
    ratios
        Log odds ratios US against non-US IMGs by specialty, before shrinkage.
    theta, theta_se
        Shrunk log odds ratios, moved to the year of the level, shape (k,).
    moved, moved_se
        By how much the yearly rates say the ratio rose since its table's year.
    ranked, matched
        US IMGs who ranked each specialty and who matched, shape (k,); 0 where the table has none.
    other_log_odds
        The non-US log odds of the same table, shape (k,); NaN where it has none.
    sources
        Ids.
    """

    ratios: Pool
    theta: np.ndarray
    theta_se: np.ndarray
    moved: float
    moved_se: float
    ranked: np.ndarray
    matched: np.ndarray
    other_log_odds: np.ndarray
    sources: tuple[str, ...]


def _newest(table: pd.DataFrame, specialties: tuple[str, ...]) -> pd.DataFrame:
    rows = table[table["year"] == table["year"].max()].set_index("specialty")
    return rows.reindex(list(specialties))


def comparable(table: pd.DataFrame, specialties: tuple[str, ...]) -> bool:
    """Whether a ranked-anywhere table compares both groups in at least one of the specialties."""
    if not len(table):
        return False
    rows = _newest(table, specialties)
    ranked, matched = (
        rows[["us_img_ranked", "non_us_img_ranked"]],
        rows[["us_img_matched", "non_us_img_matched"]],
    )
    return bool(((ranked > 0).all(axis=1) & matched.notna().all(axis=1)).any())


def side_by_side(us: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of both groups as a ranked-anywhere table has them.

    Where US IMGs have counts of the same year, their odds ratio is that of the preferred specialty itself.
    An empty table where the years differ.
    """
    both = us.merge(other, on=["specialty", "year"], suffixes=("", "_other"))
    return pd.DataFrame(
        {
            "specialty": both["specialty"],
            "year": both["year"],
            "us_img_ranked": both["matched"] + both["not_matched"],
            "us_img_matched": both["matched"],
            "non_us_img_ranked": both["matched_other"] + both["not_matched_other"],
            "non_us_img_matched": both["matched_other"],
            "source_id": both["source_id"],
        }
    )


def us_log_odds_ratios(
    table: pd.DataFrame, specialties: tuple[str, ...], regressor: np.ndarray | None
) -> Pool:
    """Pool the log odds ratios of matching, US IMGs against non-US IMGs, over specialties.

    log OR = log(a/b) - log(c/d) from matched and not matched among those who ranked the specialty anywhere,
    variance 1/a + 1/b + 1/c + 1/d; a table with a zero cell takes a half in all four (Haldane-Anscombe).
    """
    rows = _newest(table, specialties)
    a, c = rows["us_img_matched"].to_numpy(float), rows["non_us_img_matched"].to_numpy(float)
    b, d = rows["us_img_ranked"].to_numpy(float) - a, rows["non_us_img_ranked"].to_numpy(float) - c
    cells = np.array([a, b, c, d])
    cells = cells + np.where((cells == 0).any(axis=0), 0.5, 0.0)
    usable = (a + b > 0) & (c + d > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.log(cells[0] / cells[1]) - np.log(cells[2] / cells[3])
        ses = np.sqrt((1 / cells).sum(axis=0))
    return pool(np.where(usable, values, np.nan), np.where(usable, ses, np.inf), regressor)


def ratio_moved(rates: pd.DataFrame, since: int, until: int) -> tuple[float, float]:
    """Return by how much the log odds ratio US against non-US IMGs rose between two years, and its standard
    error.

    From the shares matched to any PGY-1 position: the change of logit(us) - logit(non-us); its variance the
    sum over the four rates of 1/(n p (1 - p)). (0, 0) where a year's rates are not there.
    """
    change, variance = 0.0, 0.0
    for kind, sign in zip(KINDS, (1.0, -1.0), strict=True):
        for year, side in ((until, 1.0), (since, -1.0)):
            row = rates[(rates["applicant_type"] == kind) & (rates["year"] == year)]
            if row.empty:
                return 0.0, 0.0
            p, n = float(row["match_rate"].iloc[0]), float(row["active_applicants"].iloc[0])
            change += sign * side * float(logit(p))
            variance += 1 / (max(n, 1.0) * p * (1 - p)) if np.isfinite(n) else 0.0
    return change, float(np.sqrt(variance))


def derive_us_img(
    fit: TypeFit, tables: dict[str, pd.DataFrame], regressor: np.ndarray | None, normals: Normals
) -> tuple[TypeFit, Derived]:
    """Return the `TypeFit` of US IMGs and how it was made.

    level[s, us] = level[s, non-us] + theta[s], theta the log odds ratio shrunk about a line in the regressor
    and moved to the year of the level; the same slopes; the non-US scores 8 points lower (SE 3); alpha solved
    anew.
    """
    table, rates = tables["ranked_anywhere"], tables["rates"]
    ratios = us_log_odds_ratios(table, fit.specialties, regressor)
    year = int(table["year"].max())
    moved, moved_se = ratio_moved(rates, year, fit.year) if year != fit.year else (0.0, 0.0)
    theta = ratios.shrunk() + moved
    common = ["ratio mean", "ratio line"][: ratios.design.shape[1]]
    z = normals.pooled(common, "ratio", fit.specialties)
    theta_draws = (
        ratios.draws(z, spreads=ratios.spread_draws(normals.one("ratio spread")))
        + moved
        + moved_se * normals.one("ratio moved")[:, None]
    )
    shift_draws = (SCORE_SHIFT + SCORE_SHIFT_SE * normals.one("score shift")) / 10.0
    level, level_draws = fit.level + theta, fit.level_draws + theta_draws
    populations = tuple((values + SCORE_SHIFT, weights) for values, weights in fit.populations)
    # the shift is one number a draw, so it moves alpha by beta times it
    alpha_draws = (
        solve_alpha(level_draws, fit.beta_draws, fit.populations) - fit.beta_draws * shift_draws[:, None]
    )
    us = replace(
        fit, kind="us-img", level=level, level_draws=level_draws, populations=populations,
        alpha=solve_alpha(level[None, :], fit.beta[None, :], populations)[0], alpha_draws=alpha_draws,
        score_mean=fit.score_mean + SCORE_SHIFT / 10.0,
    )  # fmt: skip
    rows = _newest(table, fit.specialties)
    ranked = rows[["us_img_ranked", "us_img_matched", "non_us_img_ranked", "non_us_img_matched"]].to_numpy(
        float
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        other = np.log((ranked[:, 3] + 0.5) / (ranked[:, 2] - ranked[:, 3] + 0.5))
    ids = tuple(sorted(set(table["source_id"]) | (set(rates["source_id"]) if moved else set())))
    return us, Derived(
        ratios,
        theta,
        np.std(theta_draws, axis=0, ddof=1),
        moved,
        moved_se,
        np.nan_to_num(ranked[:, 0]),
        np.nan_to_num(ranked[:, 1]),
        other,
        ids,
    )
