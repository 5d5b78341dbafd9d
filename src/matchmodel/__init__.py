"""Odds of matching into a US residency for international medical graduates.

>>> import matchmodel
>>> model = matchmodel.load_model()
>>> answer = model.odds(matchmodel.Applicant("Internal Medicine", "non-us-img", step2_ck=250))
>>> 0 < answer.p_ranked_low <= answer.p_ranked <= answer.p_ranked_high < 1
True
"""

from .applicant import Applicant
from .errors import MatchModelError, NotInModel, RefusedInput, UnknownSpecialty
from .model import Model, load_model

__version__ = "0.1.0"
__all__ = ["Applicant", "MatchModelError", "Model", "NotInModel", "RefusedInput", "UnknownSpecialty", "load_model"]
