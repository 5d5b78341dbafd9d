"""The drift against years that it had not seen: one-year-ahead ranges of the rate, and 'as last year'."""

import pandas as pd
from scipy.special import expit, logit
from scipy.stats import binomtest, norm

from ...fit.drift import HALF_LIFE, drift_per_year
from ..forecast import Last, as_last_year, interval_score

FEWEST_CHANGES = 3  # known before a range is given; the t quantile carries how few they are
ERAS = ((1983, 1999), (2000, 2013), (2014, 2026))  # fixed before any look at coverage
PERCENT = 80
Z80 = float(norm.ppf(0.5 + PERCENT / 200))
COLUMNS = [
    "applicant_type",
    "year",
    "rate",
    "low",
    "high",
    "inside",
    "score",
    "last_low",
    "last_high",
    "last_inside",
    "last_score",
]


def _applicants(rows: pd.DataFrame) -> pd.Series:
    """Return how many applicants are behind each rate; those of the nearest year where not printed."""
    if "active_applicants" not in rows or not rows["active_applicants"].notna().any():
        return pd.Series(float("nan"), index=rows.index)
    known = rows[rows["active_applicants"].notna()].set_index("year")["active_applicants"]
    return rows["year"].map(lambda year: known.loc[min(known.index, key=lambda y: abs(y - year))])


def one_year_ahead(rates: pd.DataFrame, kind: str, half_life: float = HALF_LIFE) -> pd.DataFrame:
    """Give each year's rate an 80% range from the years before it, and see whether it holds.

    Only a year whose predecessor is in the series is scored: a range over a gap of several years would be
    another question. 'As last year' takes the last rate with the luck of the draw alone
    (`forecast.as_last_year`).

    Parameters
    ----------
    rates
        The tidy rates.
    kind
        Applicant type.
    half_life
        Of the drift, years.

    Returns
    -------
    frame
        applicant_type, year, rate, low, high (proportions), inside, score (`forecast.interval_score`), and
        the last four of 'as last year': last_low, last_high, last_inside, last_score.
    """
    rows = rates[rates["applicant_type"] == kind].drop_duplicates("year").sort_values("year")
    rows = rows[(rows["match_rate"] > 0) & (rows["match_rate"] < 1)]
    years, rate, applicants = (
        rows["year"].to_numpy(),
        rows["match_rate"].to_numpy(float),
        _applicants(rows).to_numpy(),
    )
    forecasts = []
    for k in range(FEWEST_CHANGES + 1, len(years)):
        if years[k] - years[k - 1] != 1:
            continue
        width = Z80 * drift_per_year(years[:k], rate[:k], half_life)
        own = float(expit(logit(rate[k - 1]) - width)), float(expit(logit(rate[k - 1]) + width))
        n = applicants[k - 1]
        last = as_last_year(
            Last(int(years[k - 1]), float(rate[k - 1]), None if pd.isna(n) else int(n)), PERCENT
        )
        scored = [
            part
            for low, high in (own, last)
            for part in (low, high, bool(low <= rate[k] <= high), interval_score(low, high, rate[k], PERCENT))
        ]
        forecasts.append((kind, int(years[k]), rate[k], *scored))
    return pd.DataFrame(forecasts, columns=COLUMNS)


def coverage_by_era(frame: pd.DataFrame, eras: tuple[tuple[int, int], ...] = ERAS) -> pd.DataFrame:
    """Return the coverage of each type, in all and by era, with its 95% binomial interval.

    The interval is Clopper and Pearson's (Biometrika 26:404, 1934).

    Parameters
    ----------
    frame
        As from `one_year_ahead`, of one or more types.
    eras
        First and last year of each.

    Returns
    -------
    frame
        applicant_type, era, years, inside, coverage, low, high, holds_80, mean_width (of the 80% ranges, as
        proportions), score, last_coverage, last_score (means).
    """
    eras_covered = []
    for kind, rows in frame.groupby("applicant_type"):
        spans = [(f"{rows['year'].min()}-{rows['year'].max()}", rows)]
        spans += [
            (f"{first}-{last}", rows[(rows["year"] >= first) & (rows["year"] <= last)])
            for first, last in eras
        ]
        for era, part in spans:
            if not len(part):
                continue
            hits, tried = int(part["inside"].sum()), len(part)
            low, high = binomtest(hits, tried).proportion_ci(0.95, method="exact")
            eras_covered.append(
                {
                    "applicant_type": kind,
                    "era": era,
                    "years": tried,
                    "inside": hits,
                    "coverage": hits / tried,
                    "low": float(low),
                    "high": float(high),
                    "holds_80": bool(low <= 0.8 <= high),
                    "mean_width": float((part["high"] - part["low"]).mean()),
                    "score": float(part["score"].mean()),
                    "last_coverage": float(part["last_inside"].mean()),
                    "last_score": float(part["last_score"].mean()),
                }
            )
    return pd.DataFrame(eras_covered)
