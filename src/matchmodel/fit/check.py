"""A new model file is asked before it takes an old one's place."""

from math import isfinite

from ..applicant import Applicant
from ..errors import MatchModelError, ModelFileError
from ..model import load_model

ASKED_APPLICATIONS = 20


def _sound(low, point, high):
    return all(isfinite(v) for v in (low, point, high)) and 0 <= low <= point <= high <= 1 and 0 < point < 1


def check_model(path):
    """Ask a model file for every specialty and type: nothing known, and everything known.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    int
        How many answers were looked at.

    Raises
    ------
    ModelFileError
        When the file cannot be read, an answer is no probability, is certain, or lies outside its range, or
        an applicant of whom nothing is known is not given the average.
    """
    model = load_model(path)
    asked = 0
    for kind in model.applicant_types:
        known = {name: _value(values["values"][-1]) for name, values in model.type(kind)["reference"].items()}
        year = model.type(kind)["year"]
        for specialty in model.specialties(kind):
            cell = model.cell(kind, specialty)
            reach = {"applications": ASKED_APPLICATIONS} if model.has_chain(kind, specialty) else {}
            for given in ({}, {"step2_ck": min(max(cell.score_mean, 1), 300), **known, **reach}):
                try:
                    answer = model.odds(Applicant(specialty, kind, cycle=year, **given))
                except (MatchModelError, ArithmeticError, KeyError, ValueError) as error:
                    raise ModelFileError(f"the new model cannot answer {specialty}, {kind}: {error!r}; nothing is written") from None
                asked += 1
                if not _sound(answer.p_ranked_low, answer.p_ranked, answer.p_ranked_high):
                    raise ModelFileError(f"the new model gives {specialty}, {kind}, a chance of {answer.p_ranked} ({answer.p_ranked_low} to {answer.p_ranked_high}); nothing is written")
                if not given and abs(answer.p_ranked - answer.average) > 1e-9:
                    raise ModelFileError(f"the new model gives {specialty}, {kind}, {answer.p_ranked} where the average is {answer.average}; nothing is written")
                if answer.chain is not None and not _sound(answer.chain.p_apply_low, answer.chain.p_apply, answer.chain.p_apply_high):
                    raise ModelFileError(f"the new model gives {specialty}, {kind}, a chance of {answer.chain.p_apply} from {ASKED_APPLICATIONS} applications; nothing is written")
    return asked


def _value(text):
    return {"yes": True, "no": False}.get(text) if text in ("yes", "no") else float(text)
