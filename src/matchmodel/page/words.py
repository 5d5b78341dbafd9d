"""The words and limits that the page shares with Python, each taken from its one home."""

from typing import Any

import numpy as np

from .. import applicant, covariates, question
from ..advice.common import SURE
from ..advice.practice import NODES
from ..model import answer
from ..model.fees import OTHER_SERVICES
from ..model.loaded import FURTHEST_CYCLE
from ..model.notes import CAPPED, FLAT_SLOPE, OLD_TABLE, SHRUNK, TEMPLATES, UNSURE, WARNINGS
from ..no_data import FELLOWSHIPS, OTHER_MATCHES
from ..report.answer import MEASURES, SHOWN
from ..report.wording import SHARES, TYPE_NAMES
from ..specialty import SPECIALTIES, SPOKEN


def words() -> dict[str, Any]:
    """Return them as JSON has them: templates of notes, names of specialties, limits, a quadrature rule."""
    nodes, weights = np.polynomial.hermite.hermgauss(NODES)
    return {
        "templates": {code: text for code, text in TEMPLATES.items() if isinstance(text, str)},
        "warnings": sorted(WARNINGS),
        "shown": sorted(SHOWN),
        "specialties": SPECIALTIES,
        "spoken": SPOKEN,
        "fellowships": FELLOWSHIPS,
        "other_matches": OTHER_MATCHES,
        "type_names": TYPE_NAMES,
        "types": applicant.TYPES,
        "either_type": sorted(applicant.EITHER_TYPE),
        "yes": applicant.YES,
        "visas": applicant.VISAS,
        "covariates": [{"name": c.name, "label": c.label} for c in covariates.COVARIATES.values()],
        "other_services": OTHER_SERVICES,
        "measures": MEASURES,
        "shares": SHARES,
        "nodes": nodes.tolist(),
        "weights": (weights / weights.sum()).tolist(),
        "limits": {
            "score": [applicant.SCORE_LOW, applicant.SCORE_HIGH],
            "attempts": applicant.ATTEMPT_LIMIT,
            "attempts_before": applicant.ATTEMPT_LIMIT_BEFORE,
            "usce": applicant.USCE_LIMIT,
            "yog": applicant.EARLIEST_YOG,
            "cycle": [applicant.CYCLE_LOW, applicant.CYCLE_HIGH],
            "applications": question.APPLICATIONS_LIMIT,
            "interviews": question.MOST_INTERVIEWS,
            "target": question.DEFAULT_TARGET,
            "furthest": FURTHEST_CYCLE,
            "sure": SURE,
            "flat_slope": FLAT_SLOPE,
            "old_table": OLD_TABLE,
            "shrunk": SHRUNK,
            "unsure": UNSURE,
            "capped": CAPPED,
            "usce_cap": covariates.USCE_CAP,
            "table": answer.TABLE,
            "interviews_told": answer.INTERVIEWS,
        },
    }
