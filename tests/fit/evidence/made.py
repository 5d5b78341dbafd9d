"""Made-up registers and what converts them."""

import numpy as np

from matchmodel.covariates import COVARIATES
from matchmodel.fit.evidence.effects import (
    Scale,
    fit_effects,
)
from matchmodel.fit.random import Normals

from ..made import tidy

DRAWS = 4000
NORMALS = Normals(0, DRAWS)
SPECIALTIES_USED = ("Internal Medicine", "Neurology", "Pediatrics")


def scale(eta=1.0, beta=0.0, gaps=None, own_eta=None):
    """Return what rows are converted with; without a gap and with eta 1 nothing is."""
    each = {s: np.full(DRAWS, own_eta or eta) for s in SPECIALTIES_USED}
    slopes = {s: np.full(DRAWS, beta) for s in SPECIALTIES_USED}
    gaps = {n: np.full(DRAWS, g) for n, g in (gaps or {}).items()}
    return Scale(
        each, np.full(DRAWS, eta), slopes, np.full(DRAWS, beta), gaps, 0.1, {n: 0.06 for n in COVARIATES}, 0.5
    )


def register(*rows):
    """Return a register; each row needs a covariate and an estimate."""
    usual = {
        "unit": "yes vs no",
        "scale": "log_odds_match",
        "se": 0.2,
        "grade": "A",
        "adjusted_for": "step2_ck",
        "score_adjusted": "yes",
    }
    units = {"usce_months": "3 months", "years_since_graduation": "log(1+years)"}
    made = [
        usual | {"id": f"r{k}", "unit": units.get(row["covariate"], "yes vs no")} | row
        for k, row in enumerate(rows)
    ]
    for row in made:
        row["adjusted_for"] = "step2_ck" if row["score_adjusted"] == "yes" else "nothing"
    return tidy(effects=made).table("effects") if made else tidy().table("effects")


def fit(rows, names=("visa_needed",), how=None, **more):
    return fit_effects(register(*rows), {}, how or scale(), SPECIALTIES_USED, tuple(names), NORMALS, **more)
