"""The covariates beside Step 2 CK: how a value becomes the number that an effect multiplies.

Standard library only: this module is on the path of ``predict``.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log1p
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    import numpy as np

Scores = TypeVar("Scores", float, "np.ndarray")  # one score, or an array of them

STEP2_CENTRE = 240.0  # scores enter as (score - 240)/10, so that slopes are per ten points
STEP2_UNIT = 10.0
USCE_CAP = 12.0  # months; the tracker that measured the effect counts 12 or more as 12


class Covariate(NamedTuple):
    """One covariate.

    Attributes
    ----------
    name
        Its name in tables, code and JSON.
    label
        Its name in sentences.
    unit
        What one unit of u is.
    units
        The units in which an effect may be printed, and by how much such an
        effect is multiplied to be one per u.
    transform
        From a value, a number or the text of one, to u.
    binary
        Whether the value is yes or no.
    measures
        Measures of Match tables that describe it.
    direction
        1 or -1: whether more of it is taken to raise or to lower the odds, before any estimate is
        looked at: an assumption, with which effects in different units are compared.
    """

    name: str
    label: str
    unit: str
    units: dict[str, float]
    transform: Callable[[float | str], float]
    binary: bool
    measures: tuple[str, ...]
    direction: int


def _capped_quarters(months: float | str) -> float:
    return min(float(months), USCE_CAP) / 3.0


_YES_NO = {"yes vs no": 1.0, "ever vs never": 1.0}

COVARIATES: dict[str, Covariate] = {
    covariate.name: covariate
    for covariate in (
        Covariate(
            "years_since_graduation",
            label="years since graduation",
            unit="log(1+years)",
            units={"log(1+years)": 1.0},
            transform=lambda years: log1p(float(years)),
            binary=False,
            measures=("years_since_graduation",),
            direction=-1,
        ),
        Covariate(
            "usce_months",
            label="months of US clinical experience",
            unit="3 months (capped at 12 months)",
            units={"3 months (capped at 12 months)": 1.0, "3 months": 1.0, "1 month": 3.0, "month": 3.0},
            transform=_capped_quarters,
            binary=False,
            measures=("usce_months",),
            direction=1,
        ),
        Covariate(
            "visa_needed",
            label="visa needed",
            unit="yes vs no",
            units=_YES_NO,
            transform=float,
            binary=True,
            measures=(),
            direction=-1,
        ),
        Covariate(
            "step1_failed",
            label="Step 1 ever failed",
            unit="ever vs never",
            units=_YES_NO,
            transform=float,
            binary=True,
            measures=("step1_attempts",),
            direction=-1,
        ),
        Covariate(
            "step2_failed",
            label="Step 2 CK ever failed",
            unit="ever vs never",
            units=_YES_NO,
            transform=float,
            binary=True,
            measures=("step2_attempts",),
            direction=-1,
        ),
    )
}


def step2_u(score: Scores) -> Scores:
    """Return Step 2 CK scores in the model's unit, (score - 240)/10."""
    return (score - STEP2_CENTRE) / STEP2_UNIT


def value_u(name: str, value: float | str) -> float:
    """Return u of a covariate's value as a population table writes it ('3', 'yes')."""
    covariate = COVARIATES[name]
    if covariate.binary:
        value = {"yes": 1.0, "no": 0.0}.get(str(value).strip().casefold(), value)
    return covariate.transform(value)
