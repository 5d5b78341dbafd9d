"""A new model file is asked before it takes an old one's place."""

import os
from collections.abc import Iterator
from math import isfinite
from typing import Any

from ..applicant import Applicant
from ..errors import MatchModelError, ModelFileError
from ..known import known
from ..question import Question
from .answer import Answer
from .engine import Range
from .loaded import Model, load_model
from .records import Reference

ASKED = Question(applications=20, interviews=3)


def check_model(path: str | os.PathLike[str]) -> int:
    """Ask a model file for every specialty and type: nothing known, and everything known.

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
        for specialty in model.specialties(kind):
            for given in ({}, _everything(model, kind, specialty)):
                what = f"{specialty}, {kind}"
                try:
                    answer = model.odds(
                        Applicant(specialty, kind, cycle=model.kind(kind).year, **given), ASKED
                    )
                except (MatchModelError, ArithmeticError, LookupError, TypeError, ValueError) as error:
                    raise ModelFileError(
                        f"the new model cannot answer {what}: {error!r}; nothing is written"
                    ) from None
                asked += 1
                for name, found in _chances(answer):
                    if not _sound(found):
                        raise ModelFileError(
                            f"the new model gives {what}, {name} {found}; nothing is written"
                        )
                if not given and not answer.withheld:
                    _check_average(answer, what)
    return asked


def _check_average(answer: Answer, what: str) -> None:
    """Refuse an answer to an applicant of whom nothing is known that is not the average."""
    point, average = known(answer.p_ranked).point, known(answer.average_ranked)
    if abs(point - average) > 1e-9:
        raise ModelFileError(
            f"the new model gives {what}, {point} where the average is {average}; nothing is written"
        )


def _everything(model: Model, kind: str, specialty: str) -> dict[str, Any]:
    known = {name: _last(reference) for name, reference in model.kind(kind).reference.items()}
    return {"step2_ck": min(max(model.cell(kind, specialty).score_mean, 1), 300), **known}


def _last(reference: Reference) -> bool | float:
    value = reference.values[-1]
    return value == "yes" if value in ("yes", "no") else float(value)


def _chances(answer: Answer) -> Iterator[tuple[str, Range]]:
    for name in ("p_ranked", "p_apply", "p_any_invitation", "p_given_interviews"):
        found = getattr(answer, name)
        if found is not None:
            yield name, found
    for found in answer.chances_by_interviews or ():
        yield "chances_by_interviews", found


def _sound(found: Range) -> bool:
    return (
        all(isfinite(v) for v in found)
        and 0 <= found.low <= found.point <= found.high <= 1
        and 0 < found.point < 1
    )
