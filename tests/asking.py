"""What the tests of asking share: the shipped model, random applicants, the command line in process."""

from matchmodel import load_model

from .running import run  # noqa: F401
from .strategies import applicants_of

MODEL = load_model()
KINDS = {kind: MODEL.specialties(kind) for kind in MODEL.applicant_types}


def applicants(**fixed):
    """Any applicant of the model that ships; `fixed` overrides what is drawn."""
    return applicants_of(MODEL, **fixed)
