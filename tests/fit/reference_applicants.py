"""Fifty applicants of all kinds, and the chances that a model gives them."""

import numpy as np

from matchmodel import Applicant, Question
from matchmodel.model import Model

SPECIALTIES = (
    "Internal Medicine",
    "Family Medicine",
    "Pediatrics",
    "Psychiatry",
    "Neurology",
    "General Surgery",
    "Pathology",
    "Anesthesiology",
    "Emergency Medicine",
    "Diagnostic Radiology",
    "Obstetrics and Gynecology",
    "Child Neurology",
    "Neurological Surgery",
    "Dermatology",
)
CHANCES = ("p_ranked", "p_apply", "p_any_invitation", "p_given_interviews")
INTERVIEWS = 5


def _made(count: int) -> list[Applicant]:
    rng = np.random.default_rng(2026)
    made = []
    for k in range(count):
        kind = "us-img" if k % 3 == 2 else "non-us-img"
        known = {
            "step2_ck": int(rng.integers(218, 275)),
            "years_since_graduation": int(rng.integers(0, 12)),
            "usce_months": int(rng.integers(0, 13)),
            "step1_failed": bool(rng.random() < 0.2),
            "step2_failed": bool(rng.random() < 0.15),
            "visa_needed": bool(rng.random() < 0.7),
        }
        known = {
            name: value
            for name, value in known.items()
            if rng.random() < 0.8 and not (kind == "us-img" and name == "visa_needed")
        }
        made.append(Applicant(SPECIALTIES[k % len(SPECIALTIES)], kind, **known))
    return made


APPLICANTS = _made(50)


def answers_of(model: Model) -> list[dict[str, tuple[float, float, float]]]:
    """Return {chance: (point, low, high)} of every applicant; what is withheld or not known is left out."""
    answers = []
    for applicant in APPLICANTS:
        chained = model.has_chain(applicant.applicant_type, applicant.specialty)
        answer = model.odds(applicant, Question(interviews=INTERVIEWS) if chained else Question())
        answers.append(
            {name: tuple(getattr(answer, name)) for name in CHANCES if getattr(answer, name) is not None}
        )
    return answers
