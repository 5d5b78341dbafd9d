"""Applicants of Python, answered with the numbers of `Model.odds`."""

from collections.abc import Sequence

import numpy as np

from ..applicant import Applicant
from ..model import Model
from ..question import Question
from .answers import TRUSTS, answer_rows, wanted
from .columns import TRUST
from .rows import of_applicants


def score_applicants(
    model: Model, applicants: Sequence[Applicant], questions: Sequence[Question] | None = None
) -> dict[str, np.ndarray]:
    """Answer applicants.

    Parameters
    ----------
    model
    applicants
    questions
        Of each applicant; where absent, nothing but the usual number of applications is asked about.

    Returns
    -------
    dict
        Columns of shape (n,): `CHANCES`; where any question has a target `REQUIRED`, where any has interviews
        `GIVEN`; each with '_low' and '_high', NaN where there is no number. 'trust' is a text.
    """
    asked = [Question()] * len(applicants) if questions is None else questions
    rows = of_applicants(model, applicants, asked)
    answers = answer_rows(model, rows, columns=wanted(rows))
    return answers.of_rows() | {TRUST: np.array(TRUSTS)[answers.trust[answers.places]]}
