"""How far levels move from one year to the next (step 7)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

HALF_LIFE = 6.0  # years
PRIOR_CHANGES, PRIOR_SD = 3.0, 0.10  # a prior worth so many changes of so much


@dataclass(frozen=True)
class FittedDrift:
    """The common yearly drift of a type's level.

    Log odds per root year, the years behind it, and its sources.
    """

    sd: float
    first: int
    last: int
    sources: tuple[str, ...]


def drift_per_year(years: np.ndarray, rates: np.ndarray, half_life: float = HALF_LIFE) -> float:
    """Estimate the predictive standard deviation of the level's yearly change, recent years weighing more.

    sd^2 = (sum w d^2 + m s^2)/(sum w + m): d the change of logit(rate) per root of the years between, w = gap
    0.5^((T - year)/half_life), an exponentially weighted variance (RiskMetrics Technical Document, 1996, ch.
    5) of a random walk without trend, with a prior worth m = 3 changes of s = 0.10. It is widened by
    t_0.9(n)/z_0.9, so that an 80% range of normal draws is as wide as Student's for a variance on n = (sum
    w)^2/sum w^2 + m changes (Kish, Survey Sampling, 1965, 11.7).

    Parameters
    ----------
    years, rates
        Shape (k,); rates as proportions.
    half_life
        Years.

    Returns
    -------
    float
        Log odds per square root of a year.

    Raises
    ------
    ValueError
        With fewer than two years.
    """
    order = np.argsort(years)
    years, rates = np.asarray(years, float)[order], np.asarray(rates, float)[order]
    if len(years) < 2:
        raise ValueError("a drift needs the rates of two years at least")
    gaps = np.diff(years)
    weights = gaps * 0.5 ** ((years[-1] - years[1:]) / half_life)
    changes = weights.sum() ** 2 / np.sum(weights**2) + PRIOR_CHANGES
    squares = np.sum(weights * np.diff(np.log(rates / (1 - rates))) ** 2 / gaps) + PRIOR_CHANGES * PRIOR_SD**2
    return float(np.sqrt(squares / (weights.sum() + PRIOR_CHANGES)) * stdtrit(changes, 0.9) / ndtri(0.9))


def drifts(rates: pd.DataFrame) -> dict[str, FittedDrift]:
    """Return {applicant_type: FittedDrift} from the tidy rates.

    Types with fewer than two years are left out.
    """
    found = {}
    for kind, rows in rates.groupby("applicant_type"):
        rows = rows.drop_duplicates("year")
        rows = rows[(rows["match_rate"] > 0) & (rows["match_rate"] < 1)]
        if len(rows) >= 2:
            sd = drift_per_year(rows["year"].to_numpy(), rows["match_rate"].to_numpy())
            found[kind] = FittedDrift(
                sd, int(rows["year"].min()), int(rows["year"].max()), tuple(sorted(set(rows["source_id"])))
            )
    return found
