"""The Step 2 CK that a specialty takes for a chosen chance."""

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np

from ...applicant import SCORE_HIGH, SCORE_LOW, Applicant
from ...errors import NotInModel
from ...model import Model
from ...model.answer import Answer
from ...model.engine import RANGE, one_range
from ...model.records import Basis, Cell, Note, Scalar
from ...question import DEFAULT_TARGET, Question
from ..common import chances_of, slope_notes
from ..what_if.compute import what_if
from ..what_if.result import Lever
from .result import Measure, ScoreNeeded, Target

AT_ONCE = 16  # scores; what they take then stays in a processor's cache
CLOSE = 1e-12  # of a chance: rounding errors


def passing_mark(model: Model) -> int:
    """Return the lowest score that passes today; the bottom of the scale where the model has no marks."""
    marks = model.record.passing_marks
    return ceil(marks[-1].mark) if marks else SCORE_LOW


def target(
    model: Model,
    applicant: Applicant,
    question: Question | None = None,
    step2_taken: bool | None = None,
    known_levers: Sequence[Lever] | None = None,
) -> Target:
    """Return the Step 2 CK that a chance of matching takes.

    Every whole score from today's passing mark to the end of the scale is asked, in every draw. The answer
    is the least one at which the mean over draws reaches the target; the range is that of the least score
    of each draw. All of it for the chance if you apply (where the number of applications is known), if you
    rank at least one program, and with the interviews held (where given).

    Parameters
    ----------
    model
    applicant
        A score of your own is set beside the answer.
    question
        Its target (0.5 where absent). Where applications are given, the chance that is meant is that if you
        apply to so many; else that if you rank at least one program.
    step2_taken
        Whether your own score is of an exam that is passed; where None, it is where a score is given.
    known_levers
        What `what_if` finds of the same question, where it has been asked already.

    Raises
    ------
    NotInModel
        With applications, where no table describes them.
    """
    asked = Question() if question is None else question
    answer = model.odds(applicant, asked)
    a = answer.applicant
    wanted = DEFAULT_TARGET if asked.target is None else asked.target
    taken = a.step2_ck is not None if step2_taken is None else step2_taken
    lowest = passing_mark(model)
    if answer.withheld:
        return Target(answer, wanted, lowest, taken)
    cell = model.cell(a.applicant_type, a.specialty)
    if asked.applications is not None and cell.chain is None:
        raise NotInModel(
            f"no table describes applications to {a.specialty} here, so there is no chance if you apply; "
            "ask without --applications"
        )
    grid = np.arange(lowest, SCORE_HIGH + 1)
    blocks: list[dict[Measure, np.ndarray]] = []
    for some in np.split(grid, range(AT_ONCE, len(grid), AT_ONCE)):
        people = model.people([a.replace(step2_ck=int(score)) for score in some])
        blocks.append({})
        if answer.applications is not None:
            blocks[-1]["apply"] = chances_of(people, answer.applications)
        blocks[-1]["ranked"] = people.p_ranked()
        if answer.p_given_interviews is not None:
            blocks[-1]["interviews"] = people.p_given(np.full(len(some), asked.interviews))
    draws = {measure: np.concatenate([block[measure] for block in blocks]) for measure in blocks[0]}
    measure: Measure = "ranked" if asked.applications is None else "apply"
    scores = tuple(_needed(name, grid, found, wanted, cell) for name, found in draws.items())
    main = next(one for one in scores if one.measure == measure)
    return Target(
        answer,
        wanted,
        lowest,
        taken,
        measure,
        scores,
        _published(model, answer),
        _basis(cell, "apply" in draws),
        tuple(_notes(model, answer, cell, main, taken)),
        tuple(what_if(model, applicant, asked, True).levers if known_levers is None else known_levers)
        if taken and a.step2_ck is not None
        else (),
    )


def _needed(measure: Measure, grid: np.ndarray, draws: np.ndarray, wanted: float, cell: Cell) -> ScoreNeeded:
    """Return the least score whose mean over draws reaches a chance, and the range of the draws' own.

    Parameters
    ----------
    measure
    grid
        Scores, shape (n,).
    draws
        Chances, shape (n, d).
    wanted, cell
    """
    mean = draws.mean(axis=-1)
    enough = mean >= wanted - CLOSE
    k = int(enough.argmax()) if enough.any() else None
    each = draws >= wanted - CLOSE
    least = np.sort(np.where(each.any(axis=0), grid[each.argmax(axis=0)], np.inf))
    low, high = (least[max(int(np.ceil(q * len(least) - 1e-9)) - 1, 0)] for q in RANGE)
    score = None if k is None else int(grid[k])
    if score is not None:
        low, high = min(low, score), max(high, score)
    shown, seen = len(grid) - 1 if k is None else k, cell.score_seen
    return ScoreNeeded(
        measure,
        score,
        None if np.isinf(low) else int(low),
        None if np.isinf(high) else int(high),
        one_range(draws[shown]),
        float(mean[k - 1]) if k else None,
        one_range(draws[-1]),
        seen is not None and not seen.low <= grid[shown] <= seen.high,
    )


def _published(model: Model, answer: Answer) -> dict[str, dict[str, float | None]]:
    a = answer.applicant
    found = (
        model.record.advice.get("published", {})
        .get(a.applicant_type, {})
        .get(a.specialty, {})
        .get("step2_ck", {})
    )
    return {cohort: dict(row) for cohort, row in found.items() if row.get("median") is not None}


def _basis(cell: Cell, applications: bool) -> dict[str, Basis]:
    found: dict[str, Basis] = {"slope": cell.beta.basis, "level": cell.level.basis}
    if applications and cell.chain is not None:
        found["applications"] = cell.chain.rates.mean.basis
    return found


def _notes(model: Model, answer: Answer, cell: Cell, found: ScoreNeeded, taken: bool) -> Iterator[Note]:
    specialty, own, seen = answer.applicant.specialty, answer.applicant.step2_ck, cell.score_seen
    yield from slope_notes(model, cell, specialty)
    if seen is not None:
        ends: dict[str, Scalar] = {"low": seen.low, "high": seen.high, "specialty": specialty}
        if found.score is not None and found.extrapolated:
            yield Note("score_beyond", {"score": found.score, **ends})
        elif found.score is not None and (found.high is None or found.high > seen.high):
            yield Note("range_beyond", ends)
    if taken and own is not None and found.score is not None and found.score > own:
        yield Note("own_score_stays", {"score": own})
    yield Note("of_those_with_it")
