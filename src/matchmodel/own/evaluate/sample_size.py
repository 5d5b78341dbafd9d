"""How many applicants it takes, by published criteria: to learn a model, and to validate one."""

from dataclasses import dataclass
from math import ceil, exp, inf, isfinite, log

import numpy as np
from numpy.typing import ArrayLike

# Of the overall risk, of the mean absolute error, and optimism in Nagelkerke's R2: Riley et al.,
# BMJ 368:m441, 2020.
MARGIN = 0.05
SHRINKAGE = 0.9  # the same
VALIDATION_SE = 0.2 / (2 * 1.96)  # a 95% interval 0.2 wide: Riley et al., Stat Med 40:4230, 2021


@dataclass(frozen=True)
class Criterion:
    """One criterion: how many applicants it asks for, and how many there are.

    Attributes
    ----------
    name
        In words.
    asked
        Applicants; inf where no number would do.
    n
        Applicants there are.
    """

    name: str
    asked: float
    n: int

    @property
    def met(self) -> bool:
        """Whether there are enough."""
        return self.n >= self.asked

    @property
    def line(self) -> str:
        """The criterion as one line."""
        asked = (
            f"asks for {self.asked:,.0f}"
            if isfinite(self.asked)
            else "asks for more than any number would give"
        )
        return f"{self.name}: {asked}, there are {self.n:,} ({'met' if self.met else 'not met'})"


def overall_risk(share: float, margin: float = MARGIN) -> int:
    """Return the applicants for the overall risk to lie within a margin.

    n = (1.96/margin)^2 share (1 - share): Riley et al., Stat Med 38:1276, 2019.
    """
    return ceil((1.96 / margin) ** 2 * share * (1 - share))


def absolute_error(share: float, parameters: int, mean_error: float = MARGIN) -> int:
    """Return the applicants for a mean absolute prediction error of so much.

    n = exp((-0.508 + 0.259 ln share + 0.504 ln parameters - ln error)/0.544), share at most a half:
    van Smeden et al., Stat Methods Med Res 28:2455, 2019, as Riley et al., BMJ 368:m441, 2020, use it. It
    was found by simulation with several parameters; for one it is an extrapolation.
    """
    rarer = min(share, 1 - share)
    return ceil(exp((-0.508 + 0.259 * log(rarer) + 0.504 * log(parameters) - log(mean_error)) / 0.544))


def shrinkage(r2: float, parameters: int, wanted: float = SHRINKAGE) -> float:
    """Return the applicants for an expected shrinkage of the slopes.

    n = P/((S - 1) ln(1 - R2_CS/S)): Riley et al., Stat Med 38:1276, 2019.

    Parameters
    ----------
    r2
        Cox and Snell's R2, adjusted for optimism; inf is asked where it is not above 0.
    parameters
        Of the model.
    wanted
        Shrinkage.
    """
    if r2 <= 0:
        return inf
    if r2 >= wanted:  # the formula's limit: nearly everything is explained
        return parameters
    return ceil(parameters / ((wanted - 1) * log(1 - r2 / wanted)))


def largest_r2(share: float) -> float:
    """Return the largest possible R2 of Cox and Snell, 1 - (share^share (1 - share)^(1 - share))^2."""
    return 1 - exp(2 * (share * log(share) + (1 - share) * log(1 - share)))


def optimism(r2: float, share: float, parameters: int, difference: float = MARGIN) -> float:
    """Return the applicants for a small optimism in Nagelkerke's R2.

    The shrinkage that allows it is S = R2_CS/(R2_CS + difference * max R2_CS); then as `shrinkage`: Riley
    et al., Stat Med 38:1276, 2019.
    """
    return inf if r2 <= 0 else shrinkage(r2, parameters, r2 / (r2 + difference * largest_r2(share)))


def adjusted_r2(log_likelihood: float, null_log_likelihood: float, n: int, parameters: int = 1) -> float:
    """Return Cox and Snell's R2, adjusted for optimism.

    R2 = 1 - exp(-LR/n), times van Houwelingen and le Cessie's shrinkage 1 - parameters/LR: Riley et al., Stat
    Med 38:1276, 2019. 0 where the shrinkage is not above 0.
    """
    ratio = 2 * (log_likelihood - null_log_likelihood)
    return 0.0 if ratio <= parameters else (1 - exp(-ratio / n)) * (1 - parameters / ratio)


def development(n: int, share: float, r2: float, parameters: int = 1) -> tuple[Criterion, ...]:
    """Return Riley's four criteria for learning a model.

    Parameters
    ----------
    n
        Applicants there are.
    share
        Of those with the outcome.
    r2
        Cox and Snell's R2, adjusted.
    parameters
        Of the model.
    """
    return (
        Criterion(f"overall share within {MARGIN:g}", overall_risk(share), n),
        Criterion(f"mean absolute error at most {MARGIN:g}", absolute_error(share, parameters), n),
        Criterion(f"shrinkage at least {SHRINKAGE:g}", shrinkage(r2, parameters), n),
        Criterion(f"optimism in Nagelkerke's R2 at most {MARGIN:g}", optimism(r2, share, parameters), n),
    )


def slope_information(log_odds: ArrayLike) -> float:
    """Return what one applicant tells of a calibration slope: 1 over its variance times n.

    With I the mean of p(1 - p)(1, L)(1, L)' over the log odds L, var(slope) = I_aa/(n (I_aa I_bb - I_ab^2))
    for predictions that are right: Riley et al., Stat Med 40:4230, 2021.
    """
    log_odds = np.asarray(log_odds, float)
    v = 0.25 / np.cosh(log_odds / 2) ** 2  # p(1 - p)
    aa, ab, bb = (float(np.mean(v * log_odds**k)) for k in range(3))
    return (aa * bb - ab**2) / aa


def validation(log_odds: ArrayLike, share: float, wanted: float = VALIDATION_SE) -> tuple[Criterion, ...]:
    """Return the criteria for validating a model: precise O/E and precise calibration slope.

    n = (1 - share)/(share SE^2) for ln(O/E), n = 1/(information SE^2) for the slope: Riley et al., Stat Med
    40:4230, 2021.

    Parameters
    ----------
    log_odds
        Predicted.
    share
        Observed.
    wanted
        Standard error.
    """
    n = np.asarray(log_odds).size
    one = slope_information(log_odds)
    return (
        Criterion(
            f"ln(observed/expected) with a standard error of {wanted:.3f}",
            ceil((1 - share) / (share * wanted**2)),
            n,
        ),
        Criterion(
            f"calibration slope with a standard error of {wanted:.3f}",
            ceil(1 / (one * wanted**2)) if one > 1e-12 else inf,
            n,
        ),
    )
