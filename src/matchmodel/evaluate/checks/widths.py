"""Where an answer's range comes from."""

import numpy as np

from ...applicant import Applicant
from ...model.engine import People, one_range
from ...model.loaded import Model

WHOLE, LEVEL, DRIFT = "everything", "level and Step 2 CK slope", "drift to the cycle"


def widths(model: Model, applicant: Applicant) -> dict[str, float]:
    """Split the variance of an answer's log odds, given a rank, by where it comes from.

    With the log odds a sum of parts, share_j = Cov(part_j, sum)/Var(sum); the shares sum to 1 though the
    parts are not independent (the effects share the conversion of the register's rows). A part that offsets
    others has a share below zero.

    Returns
    -------
    dict of str to float
        'everything': width of the 80% range in points of probability. Then the share of each part: the level
        with the Step 2 CK slope, each covariate known, the drift to the cycle.
    """
    people = model.people([model.resolve(applicant)])
    still = People(people.arrays, np.array([np.nan]), {}, 0).base
    shifts = {name: draws[0] for name, draws in people.shifts.items()}
    parts = {LEVEL: still + shifts.pop("step2_ck", 0.0)} | shifts | {DRIFT: people.base - still}
    total = people.log_odds[0]
    variance = np.var(total)
    answer = one_range(people.p_ranked()[0])
    return {WHOLE: 100 * (answer.high - answer.low)} | {
        name: float(np.cov(total, part, bias=True)[0, 1] / variance) for name, part in parts.items()
    }
