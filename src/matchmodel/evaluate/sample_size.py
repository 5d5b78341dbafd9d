"""How many persons it takes, by published criteria: to learn a model, and to validate one."""

from dataclasses import dataclass
from math import ceil, exp, inf, isfinite, log

import numpy as np

MARGIN = 0.05  # of the overall risk, of the mean absolute error, and optimism in Nagelkerke's R2: Riley et al., BMJ 368:m441, 2020
SHRINKAGE = 0.9  # the same
VALIDATION_SE = 0.2 / (2 * 1.96)  # a 95% interval 0.2 wide: Riley et al., Stat Med 40:4230, 2021


@dataclass(frozen=True)
class Criterion:
    """One criterion: how many persons it asks for, and how many there are.

    Attributes
    ----------
    name : str
        In words.
    asked : float
        Persons; inf where no number would do.
    n : int
    """

    name: str
    asked: float
    n: int

    @property
    def met(self):
        """Whether there are enough."""
        return self.n >= self.asked

    @property
    def line(self):
        """The criterion as one line."""
        asked = f"asks for {self.asked:,.0f}" if isfinite(self.asked) else "asks for more than any number would give"
        return f"{self.name}: {asked}, there are {self.n:,} ({'met' if self.met else 'not met'})"


def overall_risk(share, margin=MARGIN):
    """Return the persons for the overall risk to lie within a margin.

    n = (1.96/margin)^2 share (1 - share): Riley et al., Stat Med 38:1276, 2019.
    """
    return ceil((1.96 / margin) ** 2 * share * (1 - share))


def absolute_error(share, parameters, mean_error=MARGIN):
    """Return the persons for a mean absolute prediction error of so much.

    n = exp((-0.508 + 0.259 ln share + 0.504 ln parameters - ln error)/0.544), share at most a half:
    van Smeden et al., Stat Methods Med Res 28:2455, 2019, as Riley et al., BMJ 368:m441, 2020, use it. It
    was found by simulation with several parameters; for one it is an extrapolation.
    """
    rarer = min(share, 1 - share)
    return ceil(exp((-0.508 + 0.259 * log(rarer) + 0.504 * log(parameters) - log(mean_error)) / 0.544))


def shrinkage(r2, parameters, wanted=SHRINKAGE):
    """Return the persons for an expected shrinkage of the slopes.

    n = P/((S - 1) ln(1 - R2_CS/S)): Riley et al., Stat Med 38:1276, 2019.

    Parameters
    ----------
    r2 : float
        Cox and Snell's R2, adjusted for optimism; inf is asked where it is not above 0.
    parameters : int
    wanted : float
    """
    if r2 <= 0:
        return inf
    if r2 >= wanted:  # the formula's limit: nearly everything is explained
        return parameters
    return ceil(parameters / ((wanted - 1) * log(1 - r2 / wanted)))


def largest_r2(share):
    """Return the largest possible R2 of Cox and Snell, 1 - (share^share (1 - share)^(1 - share))^2."""
    return 1 - exp(2 * (share * log(share) + (1 - share) * log(1 - share)))


def optimism(r2, share, parameters, difference=MARGIN):
    """Return the persons for a small optimism in Nagelkerke's R2.

    The shrinkage that allows it is S = R2_CS/(R2_CS + difference * max R2_CS); then as `shrinkage`: Riley
    et al., Stat Med 38:1276, 2019.
    """
    return inf if r2 <= 0 else shrinkage(r2, parameters, r2 / (r2 + difference * largest_r2(share)))


def adjusted_r2(log_likelihood, null_log_likelihood, n, parameters=1):
    """Return Cox and Snell's R2, adjusted for optimism.

    R2 = 1 - exp(-LR/n), times van Houwelingen and le Cessie's shrinkage 1 - parameters/LR: Riley et al., Stat Med
    38:1276, 2019. 0 where the shrinkage is not above 0.
    """
    ratio = 2 * (log_likelihood - null_log_likelihood)
    return 0.0 if ratio <= parameters else (1 - exp(-ratio / n)) * (1 - parameters / ratio)


def development(n, share, r2, parameters=1):
    """Return Riley's four criteria for learning a model.

    Parameters
    ----------
    n : int
        Persons there are.
    share : float
        Of those with the outcome.
    r2 : float
        Cox and Snell's R2, adjusted.
    parameters : int

    Returns
    -------
    tuple of Criterion
    """
    return (
        Criterion(f"overall share within {MARGIN:g}", overall_risk(share), n),
        Criterion(f"mean absolute error at most {MARGIN:g}", absolute_error(share, parameters), n),
        Criterion(f"shrinkage at least {SHRINKAGE:g}", shrinkage(r2, parameters), n),
        Criterion(f"optimism in Nagelkerke's R2 at most {MARGIN:g}", optimism(r2, share, parameters), n),
    )


def slope_information(log_odds):
    """Return what one person tells of a calibration slope, its variance times n turned over.

    With I the mean of p(1 - p)(1, L)(1, L)' over the log odds L, var(slope) = I_aa/(n (I_aa I_bb - I_ab^2)) for
    predictions that are right: Riley et al., Stat Med 40:4230, 2021.
    """
    log_odds = np.asarray(log_odds, float)
    v = 0.25 / np.cosh(log_odds / 2) ** 2  # p(1 - p)
    aa, ab, bb = (float(np.mean(v * log_odds**k)) for k in range(3))
    return (aa * bb - ab**2) / aa


def validation(log_odds, share, wanted=VALIDATION_SE):
    """Return the criteria for validating a model: precise O/E and precise calibration slope.

    n = (1 - share)/(share SE^2) for ln(O/E), n = 1/(information SE^2) for the slope: Riley et al., Stat Med 40:4230, 2021.

    Parameters
    ----------
    log_odds : array_like, shape (n,)
        Predicted.
    share : float
        Observed.
    wanted : float
        Standard error.

    Returns
    -------
    tuple of Criterion
    """
    n = len(log_odds)
    one = slope_information(log_odds)
    return (
        Criterion(f"ln(observed/expected) with a standard error of {wanted:.3f}", ceil((1 - share) / (share * wanted**2)), n),
        Criterion(f"calibration slope with a standard error of {wanted:.3f}", ceil(1 / (one * wanted**2)) if one > 1e-12 else inf, n),
    )
