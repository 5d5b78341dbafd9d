"""The drift held against the years that it had not seen."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from ..fit.drift import drift_per_year

FIRST_YEARS = 10  # a standard deviation from fewer changes says little
Z80 = float(norm.ppf(0.9))


@dataclass(frozen=True)
class DriftCoverage:
    """How often a later rate fell in the range drawn from the years before it.

    Attributes
    ----------
    applicant_type : str
    ahead : int
        Years ahead, at the most.
    inside, tried : int
    recent_inside, recent_tried : int
        The same for target years from 2004, when the series calmed.
    """

    applicant_type: str
    ahead: int
    inside: int
    tried: int
    recent_inside: int
    recent_tried: int


def backtest_drift(rates, kind, ahead=1):
    """Predict each year's rate from the years up to `ahead` before it.

    Parameters
    ----------
    rates : pandas.DataFrame
        The tidy rates.
    kind : str
    ahead : int

    Returns
    -------
    DriftCoverage
    """
    rows = rates[rates["applicant_type"] == kind].drop_duplicates("year").sort_values("year")
    years, logits = rows["year"].to_numpy(), np.log(rows["match_rate"] / (1 - rows["match_rate"])).to_numpy()
    inside = []
    for k, year in enumerate(years):
        past = years <= year - ahead
        if past.sum() < FIRST_YEARS:
            continue
        sd = drift_per_year(years[past], rows["match_rate"].to_numpy()[past])
        last = np.flatnonzero(past)[-1]
        inside.append((year, abs(logits[k] - logits[last]) <= Z80 * sd * np.sqrt(year - years[last])))
    recent = [hit for year, hit in inside if year >= 2004]
    return DriftCoverage(kind, ahead, sum(hit for _, hit in inside), len(inside), sum(recent), len(recent))
