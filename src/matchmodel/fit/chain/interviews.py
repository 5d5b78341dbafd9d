"""Invitations: how programs' invitation rates are spread, and how a profile moves them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betainc, betaincinv

ROUNDING = 0.005  # rates are printed to 0.01
# Values of the likelihood alone place its maximum to the root of their last digit only, so that another
# processor's sums would move the rates: its slope, by five values (error of the fourth order), does better.
POLISH, STEP, PLACES = 3, 5e-3, np.arange(-2.0, 3.0)
SLOPE = np.array([1, -8, 0, 8, -1]) / 12
EXTREME = 0.05  # share of programs whose rates are extreme: a choice, which the friendliest-first order needs


@dataclass(frozen=True)
class ProgramRates:
    """Invitation rates of a specialty's programs for one applicant type, highest first.

    Attributes
    ----------
    rates
        Distinct rates after shrinkage, shape (k,).
    programs
        Programs at each, shape (k,); fractional, since programs without figures are taken to be
        spread like the others.
    listed, with_figures
        Programs that the table lists, and of how many it prints a rate.
    printed_mean, printed_max
        Of the rates before shrinkage.
    error
        Standard error of the log of the mean rate.
    source
        Ids.
    """

    rates: np.ndarray
    programs: np.ndarray
    listed: int
    with_figures: int
    printed_mean: float
    printed_max: float
    error: float
    source: str

    @property
    def mean(self) -> float:
        """Mean rate of a program taken at random."""
        return float(self.rates @ self.programs / self.programs.sum())


def fit_beta(rates: np.ndarray, programs: np.ndarray) -> tuple[float, float]:
    """Fit a beta distribution to printed rates, each known to half a hundredth (maximum likelihood).

    P(printed r) = I(r + 0.005; a, b) - I(r - 0.005; a, b), I the regularised incomplete beta
    function. Returns a and b.
    """
    low, high = np.clip(rates - ROUNDING, 0, 1), np.clip(rates + ROUNDING, 0, 1)

    def loss(theta: np.ndarray) -> np.ndarray:
        a, b = np.exp(theta)[..., None]
        each = np.log(np.maximum(betainc(a, b, high) - betainc(a, b, low), 1e-300))
        lost: np.ndarray = -(programs * each).sum(axis=-1)
        return lost

    mean = max(float(rates @ programs / programs.sum()), 1e-3)
    start = np.log([1.0, (1 - mean) / mean])
    theta = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3}).x
    for _ in range(POLISH):
        f = loss(theta[:, None, None] + STEP * np.stack(np.meshgrid(PLACES, PLACES, indexing="ij")))
        slope = SLOPE @ np.stack([f[:, 2], f[2]], axis=1) / STEP
        across = (f[3, 3] - f[3, 1] - f[1, 3] + f[1, 1]) / 4
        bends = np.array(
            [[f[3, 2] - 2 * f[2, 2] + f[1, 2], across], [across, f[2, 3] - 2 * f[2, 2] + f[2, 1]]]
        )
        if not (bends[0, 0] > 0 and np.linalg.det(bends) > 0):
            break  # so flat that the search's own place is as good
        theta = theta - np.clip(np.linalg.solve(bends / STEP**2, slope), -0.1, 0.1)
    a, b = np.exp(theta)
    return float(a), float(b)


def shrink_rates(rates: np.ndarray, programs: np.ndarray) -> np.ndarray:
    """Shrink the extreme rates towards the distribution of all programs.

    A rate of 0.64 among rates of 0.03 is a small count more often than a generous program,
    and how many applications stand behind a rate is not printed. So each program gets the
    fitted beta's quantile at its place, (i - 0.5)/n, held inside the printed rounding; the
    highest twentieth are only held from above. Programs printed alike keep one common rate,
    the mean of theirs.

    Parameters
    ----------
    rates, programs
        Distinct printed rates, highest first, and whole numbers of programs, shape (k,).

    Returns
    -------
    numpy.ndarray, shape (k,)
        Highest first.
    """
    if len(rates) < 3:
        return rates.copy()
    a, b = fit_beta(rates, programs)
    printed = np.repeat(rates, programs.astype(int))
    n = len(printed)
    place = np.arange(n)
    smooth = betaincinv(a, b, 1 - (place + 0.5) / n)
    extreme = place < EXTREME * n
    held = np.where(
        extreme,
        np.minimum(smooth, printed),
        np.clip(smooth, np.maximum(printed - ROUNDING, 0), printed + ROUNDING),
    )
    ends = np.cumsum(programs.astype(int))
    means = np.add.reduceat(held, np.concatenate([[0], ends[:-1]])) / programs
    return np.sort(means)[::-1]


def season_error(invitations: pd.DataFrame, groups: pd.DataFrame) -> float:
    """Return how far one season's mean rate is from another's, on the log scale.

    The only specialty with two seasons is that of the invitation-groups table: the root mean
    square, over applicant types, of log(mean rate of one season/of the other), between
    different captures too. 0 where it cannot be had.
    """
    if not len(groups) or not len(invitations):
        return 0.0
    specialty = groups["specialty"].iloc[0]
    gaps = []
    earlier = invitations[
        (invitations["specialty"] == specialty) & (invitations["year"] < groups["year"].max())
    ]
    for kind, rows in earlier.groupby("applicant_type"):
        later = groups[groups["group"] == kind]
        if len(later):
            mean = float((rows["invitation_rate"] * rows["programs"]).sum() / rows["programs"].sum())
            gaps.append(np.log(float(later["invitation_rate"].iloc[0]) / mean))
    return float(np.sqrt(np.mean(np.square(gaps)))) if gaps else 0.0


def program_rates(invitations: pd.DataFrame, groups: pd.DataFrame) -> dict[tuple[str, str], ProgramRates]:
    """Return {(applicant_type, specialty): ProgramRates}.

    From the tidy invitations of the newest year in which all programs were counted.
    """
    found = {}
    between = season_error(invitations, groups)
    invitations = invitations[invitations["coverage"] != "sample"]
    newest = invitations[
        invitations["year"] == invitations.groupby(["applicant_type", "specialty"])["year"].transform("max")
    ]
    for (kind, specialty), rows in newest.groupby(["applicant_type", "specialty"]):
        rows = rows.sort_values("invitation_rate", ascending=False, kind="stable")
        printed, programs = rows["invitation_rate"].to_numpy(float), rows["programs"].to_numpy(float)
        total, listed = programs.sum(), int(rows["programs_listed"].max())
        mean = float(printed @ programs / total)
        if mean <= 0:
            continue
        rates = shrink_rates(printed, programs)
        sampling = float(
            np.sqrt(programs @ (rates - rates @ programs / total) ** 2) / total / (rates @ programs / total)
        )
        found[kind, specialty] = ProgramRates(
            rates,
            programs * listed / total,
            listed,
            int(total),
            mean,
            float(printed.max()),
            float(np.hypot(sampling, between)),
            ", ".join(sorted(set(rows["source_id"]))),
        )
    return found
