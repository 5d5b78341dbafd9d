"""How far the level moves from one year to the next (step 7)."""

import numpy as np
from scipy.stats import norm, t

HALF_LIFE = 10.0  # years; fixed before any look at coverage


def drift_per_year(years, rates, half_life=HALF_LIFE):
    """Estimate the predictive standard deviation of the level's yearly change, recent years weighing more.

    sd^2 = sum_i w_i d_i^2 / sum_i w_i over consecutive years present, d_i^2 the squared change
    of logit(rate) over the years between, w_i = h_i 0.5^((T - t_i)/half_life): an exponentially
    weighted variance (RiskMetrics Technical Document, 1996, ch. 5) of a random walk without
    trend. An estimate from few changes is widened by t_0.9(n)/z_0.9, so that an 80% range of
    normal draws is as wide as Student's for a variance on n = (sum w)^2 / sum w^2 changes
    (Kish, Survey Sampling, 1965, 11.7).

    Parameters
    ----------
    years : array_like of int, shape (k,)
    rates : array_like, shape (k,)
        Proportions.
    half_life : float
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
    logits = np.log(rates / (1 - rates))
    gaps = np.diff(years)
    weights = gaps * 0.5 ** ((years[-1] - years[1:]) / half_life)
    changes = weights.sum() ** 2 / np.sum(weights**2)
    sd = np.sqrt(np.sum(weights * np.diff(logits) ** 2 / gaps) / weights.sum())
    return float(sd * t.ppf(0.9, changes) / norm.ppf(0.9))


def drifts(rates_table):
    """Return {applicant_type: (sd, first year, last year, source ids)} from the tidy rates."""
    found = {}
    for kind, rows in rates_table.groupby("applicant_type"):
        rows = rows.drop_duplicates("year")
        rows = rows[(rows["match_rate"] > 0) & (rows["match_rate"] < 1)]
        if len(rows) >= 2:
            sd = drift_per_year(rows["year"], rows["match_rate"])
            found[kind] = (sd, int(rows["year"].min()), int(rows["year"].max()), sorted(set(rows["source_id"])))
    return found
