"""The drift held against the years that it had not seen: one-year-ahead ranges of the match rate."""

import pandas as pd
from scipy.special import expit, logit
from scipy.stats import binomtest, norm

from ..fit.drift import drift_per_year

FEWEST_CHANGES = 3  # known before a range is given; the t quantile carries how few they are
ERAS = ((1983, 1999), (2000, 2013), (2014, 2026))  # fixed before any look at coverage
Z80 = float(norm.ppf(0.9))
COLUMNS = ["applicant_type", "year", "rate", "low", "high", "inside"]


def one_year_ahead(rates, kind):
    """Give each year's rate an 80% range from the years before it, and see whether it holds.

    Only a year whose predecessor is in the series is scored: a range over a gap of several years
    would be another question.

    Parameters
    ----------
    rates : pandas.DataFrame
        The tidy rates.
    kind : str

    Returns
    -------
    pandas.DataFrame
        applicant_type, year, rate, low, high (proportions), inside.
    """
    rows = rates[rates["applicant_type"] == kind].drop_duplicates("year").sort_values("year")
    rows = rows[(rows["match_rate"] > 0) & (rows["match_rate"] < 1)]
    years, rate = rows["year"].to_numpy(), rows["match_rate"].to_numpy(float)
    made = []
    for k in range(FEWEST_CHANGES + 1, len(years)):
        if years[k] - years[k - 1] != 1:
            continue
        width = Z80 * drift_per_year(years[:k], rate[:k])
        low, high = expit(logit(rate[k - 1]) - width), expit(logit(rate[k - 1]) + width)
        made.append((kind, int(years[k]), rate[k], low, high, bool(low <= rate[k] <= high)))
    return pd.DataFrame(made, columns=COLUMNS)


def coverage_by_era(frame, eras=ERAS):
    """Return the coverage of each type, in all and by era, with its 95% binomial interval.

    The interval is Clopper and Pearson's (Biometrika 26:404, 1934).

    Parameters
    ----------
    frame : pandas.DataFrame
        As from `one_year_ahead`, of one or more types.
    eras : sequence of (int, int)

    Returns
    -------
    pandas.DataFrame
        applicant_type, era, years, inside, coverage, low, high, holds_80, mean_width (of the
        80% ranges, as proportions).
    """
    made = []
    for kind, rows in frame.groupby("applicant_type"):
        spans = [(f"{rows['year'].min()}-{rows['year'].max()}", rows)]
        spans += [(f"{first}-{last}", rows[(rows["year"] >= first) & (rows["year"] <= last)]) for first, last in eras]
        for era, part in spans:
            if not len(part):
                continue
            hits, tried = int(part["inside"].sum()), len(part)
            low, high = binomtest(hits, tried).proportion_ci(0.95, method="exact")
            width = float((part["high"] - part["low"]).mean())
            made.append((kind, era, tried, hits, hits / tried, float(low), float(high), bool(low <= 0.8 <= high), width))
    return pd.DataFrame(made, columns=["applicant_type", "era", "years", "inside", "coverage", "low", "high", "holds_80", "mean_width"])
