"""The covariates beside Step 2 CK: how a value becomes the number that an effect multiplies.

Standard library only: this module is on the path of ``predict``.
"""

from collections import namedtuple
from math import log1p

STEP2_CENTRE = 240.0  # scores enter as (score - 240)/10, so that slopes are per ten points
STEP2_UNIT = 10.0
USCE_CAP = 12.0  # months; the tracker that measured the effect counts 12 or more as 12


class Covariate(namedtuple("Covariate", "name label unit units transform binary measures direction")):
    """One covariate.

    Attributes
    ----------
    name : str
        Its name in tables, code and JSON.
    label : str
        Its name in sentences.
    unit : str
        What one unit of u is.
    units : dict of str to float
        The units in which an effect may be printed, and by how much such an
        effect is multiplied to be one per u.
    transform : callable
        value -> u, a float.
    binary : bool
        Whether the value is yes or no.
    measures : tuple of str
        Measures of Match tables that describe it.
    direction : {1, -1}
        Whether more of it is taken to raise or to lower the odds, before any estimate is
        looked at: an assumption, with which effects in different units are compared.
    """

    __slots__ = ()


def _capped_quarters(months):
    return min(float(months), USCE_CAP) / 3.0


_YES_NO = {"yes vs no": 1.0, "ever vs never": 1.0}

COVARIATES = {
    c.name: c
    for c in (
        Covariate(
            "years_since_graduation",
            "years since graduation",
            "log(1+years)",
            {"log(1+years)": 1.0},
            lambda years: log1p(float(years)),
            False,
            ("years_since_graduation",),
            -1,
        ),
        Covariate(
            "usce_months",
            "months of US clinical experience",
            "3 months (capped at 12 months)",
            {"3 months (capped at 12 months)": 1.0, "3 months": 1.0, "1 month": 3.0, "month": 3.0},
            _capped_quarters,
            False,
            ("usce_months",),
            1,
        ),
        Covariate("visa_needed", "visa needed", "yes vs no", _YES_NO, float, True, (), -1),
        Covariate(
            "step1_failed",
            "Step 1 ever failed",
            "ever vs never",
            _YES_NO,
            float,
            True,
            ("step1_attempts",),
            -1,
        ),
        Covariate(
            "step2_failed",
            "Step 2 CK ever failed",
            "ever vs never",
            _YES_NO,
            float,
            True,
            ("step2_attempts",),
            -1,
        ),
    )
}


def step2_u(score):
    """Return a Step 2 CK score in the model's unit, (score - 240)/10."""
    return (score - STEP2_CENTRE) / STEP2_UNIT


def value_u(name, value):
    """Return u of a covariate's value as a population table writes it ('3', 'yes')."""
    if COVARIATES[name].binary:
        value = {"yes": 1.0, "no": 0.0}.get(str(value).strip().casefold(), value)
    return COVARIATES[name].transform(value)
