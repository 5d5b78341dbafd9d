"""What is believed before any table, in one place; each with the reason. Model files carry it in `settings`.

Log odds unless it says otherwise. 'Directors' are the surveys of program directors and the older reports that
docs/model.md names; the standard deviations are widened so that data count.
"""

from typing import NamedTuple

import numpy as np

from ...model.records import Scalar


class Normal(NamedTuple):
    """A normal prior, and why."""

    mean: float
    sd: float
    why: str


class Uniform(NamedTuple):
    """A uniform prior, and why."""

    low: float
    high: float
    why: str


DIRECTORS = "what program directors report, widened so that data count"
# Effects per unit of u, mean over specialties; their signs are held.
EFFECTS = {
    "step1_failed": Normal(np.log(0.5), 0.30, DIRECTORS),
    "step2_failed": Normal(np.log(0.4), 0.35, DIRECTORS),
    "visa_needed": Normal(np.log(0.76), 0.25, DIRECTORS),
    "years_since_graduation": Normal(np.log(0.6) / 1.28, 0.20, DIRECTORS),
    "usce_months": Normal(np.log(1.28), 0.15, DIRECTORS),
}
# Half-normal scale of each effect's spread between specialties.
SPREADS = {
    "step1_failed": 0.20,
    "step2_failed": 0.20,
    "visa_needed": 0.15,
    "years_since_graduation": 0.12,
    "usce_months": 0.08,
}

# The share of the profile's effect that acts after the interviews (D rises by lambda per unit of LP).
LAMBDA = Normal(0.5, 0.2, "NRMP's adjusted 2007 odds ratio gives 0.6, the 2026 margins 0.36 to 0.48")
LAMBDA_LIMITS = (0.02, 0.95)
# Answers are for somebody who takes part. Where the share who rank is published, both say what it means for
# the dispersion of invitations among those who take part; nowhere else do they move an answer.
TAKES_NO_PART = Uniform(
    0.0, 0.3, "share of applicants who take no part: 80% of registered IMGs certify a list"
)
SECOND_CHOICES = Uniform(0.4, 1.0, "how often second choices rank a specialty, compared with first choices")

# Failures: applicants who failed score about 8 points lower (SE 4); crude effects hold a part of the other
# failure.
FAILURE_SCORE_GAP = Normal(-0.8, 0.4, "tens of points; the register's correlations, assumed")
MUTUAL = {"step1_failed": ("step2_failed", 0.27), "step2_failed": ("step1_failed", 0.35)}
# Visa: the tracker's correlation with the score (0.15) mixes US and non-US IMGs. US IMGs score about 8 points
# lower, need no visa and are about 60% of its visa-free applicants, which alone gives the correlation: none
# is left among non-US IMGs.
VISA_SCORE_GAP = Normal(0.0, 0.3, "tens of points among non-US IMGs")

# Reference populations, those who rank: {type: {covariate: (share of yes, its error)}}; log SD where `log` is
# True.
VISA_SHARE_SE = 0.02
FAILURE_SHARES = {
    "non-us-img": {"step1_failed": (0.06, 0.45), "step2_failed": (0.03, 0.60)},
    "us-img": {"step1_failed": (0.17, 0.25), "step2_failed": (0.14, 0.30)},
}
MEAN_ERROR = {
    "years_since_graduation": 0.15,
    "usce_months": 0.2,
}  # SD of the mean of u: the tracker's 135 volunteers

# A specialty's level moves by itself too: one 19-year change of eleven specialties, per root year (log SD
# 0.3).
OWN_DRIFT, OWN_DRIFT_LOG_SD = 0.107, 0.3


def settings() -> dict[str, Scalar]:
    """Return every prior as one flat table for the model file."""
    made: dict[str, Scalar] = {}
    for name, prior in {
        **EFFECTS,
        "lambda": LAMBDA,
        "failure_score_gap": FAILURE_SCORE_GAP,
        "visa_score_gap": VISA_SCORE_GAP,
    }.items():
        made[f"{name}.mean"], made[f"{name}.sd"] = round(float(prior.mean), 6), prior.sd
    for name, flat in {"takes_no_part": TAKES_NO_PART, "second_choices": SECOND_CHOICES}.items():
        made[f"{name}.low"], made[f"{name}.high"] = flat.low, flat.high
    made |= {f"spread.{name}": scale for name, scale in SPREADS.items()}
    made |= {
        f"share.{kind}.{name}": share
        for kind, shares in FAILURE_SHARES.items()
        for name, (share, _) in shares.items()
    }
    return made | {"own_drift": OWN_DRIFT, "own_drift.log_sd": OWN_DRIFT_LOG_SD}
