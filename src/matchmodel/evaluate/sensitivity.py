"""Where an answer's width comes from, and what the choices behind it change."""

import pandas as pd

from ..applicant import Applicant
from ..fit.document import document
from ..fit.evidence import GRADE_VARIANCE
from ..fit.train import train
from ..model import Model
from ..odds import Terms, expit, range80, terms

EXAMPLES = {
    "strong, no visa": {"step2_ck": 260, "years_since_graduation": 1, "usce_months": 6, "visa_needed": False, "step1_failed": False, "step2_failed": False},
    "strong, visa": {"step2_ck": 260, "years_since_graduation": 1, "usce_months": 4, "visa_needed": True, "step1_failed": False, "step2_failed": False},
    "middling, visa": {"step2_ck": 240, "years_since_graduation": 4, "usce_months": 3, "visa_needed": True, "step1_failed": False, "step2_failed": False},
    "weak, failures, visa": {"step2_ck": 225, "years_since_graduation": 10, "usce_months": 0, "visa_needed": True, "step1_failed": True, "step2_failed": True},
}
WIDENINGS = {
    "as shipped": GRADE_VARIANCE,
    "no widening": dict.fromkeys(GRADE_VARIANCE, 1.0),
    "twice as wide": {grade: 2 * v for grade, v in GRADE_VARIANCE.items()},
    "D rows nearly out": {**GRADE_VARIANCE, "D": 100.0},
}


def example(name, specialty="Internal Medicine", kind="non-us-img", **more):
    """Return one of the example applicants."""
    return Applicant(specialty, kind, **{**EXAMPLES[name], **more})


def widths(model, applicant):
    """Split the width of an answer's range by what varies.

    Each part varies alone, the rest held at the point; the parts do not add up to the whole,
    since independent widths add in squares.

    Parameters
    ----------
    model : Model
    applicant : Applicant

    Returns
    -------
    dict of str to float
        Width of the 80% range, in points of probability.
    """
    filled = model.cycle_of(applicant)
    cell = model.cell(filled.applicant_type, filled.specialty)
    whole = terms(model, cell, filled, filled.cycle)
    still = terms(model, cell, filled, cell.year)
    n = len(still.draws_base)

    def alone(name):
        shifts = {other: (v, d if other == name else [v] * n) for other, (v, d) in still.shifts.items()}
        return Terms(still.base, [still.base] * n, shifts, still.known)

    def width(of):
        low, high = range80([expit(v) for v in of.log_odds_draws], expit(of.log_odds))
        return 100 * (high - low)

    found = {"everything": width(whole)}
    held = {name: (v, d if name == "step2_ck" else [v] * n) for name, (v, d) in still.shifts.items()}
    found["level and Step 2 CK slope"] = width(Terms(still.base, still.draws_base, held, still.known))
    found.update({name: width(alone(name)) for name in still.shifts if name != "step2_ck"})
    drift = [still.log_odds + a - b for a, b in zip(whole.draws_base, still.draws_base)]
    low, high = range80([expit(v) for v in drift], expit(still.log_odds))
    found["drift to the cycle"] = 100 * (high - low)
    return found


def grade_sensitivity(tidy):
    """Train under other widenings for the grades, and ask the examples again.

    Parameters
    ----------
    tidy : Tidy
        Training sources.

    Returns
    -------
    pandas.DataFrame
        One row a widening and example: p_ranked and its range.
    """
    rows = []
    for title, variance in WIDENINGS.items():
        trained = train(tidy, grade_variance=variance)
        model = Model(document(trained, "sensitivity"))
        for name in EXAMPLES:
            answer = model.odds(example(name))
            rows.append((title, name, answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high))
    return pd.DataFrame(rows, columns=["widening", "applicant", "p_ranked", "low", "high"])

