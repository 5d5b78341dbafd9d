"""This cycle or the next: chances now, chances after waiting a year, and of applying now and again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np

from ...applicant import SCORE_HIGH, USCE_LIMIT, Applicant, yes_or_no
from ...covariates import COVARIATES, USCE_CAP
from ...errors import NotInModel, RefusedInput
from ...known import known
from ...model import Model
from ...model.answer import Answer
from ...model.engine import one_range
from ...model.fees import cost, fixed_fees, schedule_of
from ...model.records import Cell, Note, Scalar
from ...question import Question
from ..common import centred, change, next_cycle, people_a_year_on, share_above
from ..limits import GAIN_HIGH, YEAR_MONTHS
from ..practice import Scores, number, of_score
from .cycle import Both, Cycle
from .result import BothCycles, Compared, Comparison, Option, Timing

COARSE = 10  # points between the gains that are tried first
EQUAL = 1e-9  # of chances, rounding apart
TELL = 0.1  # share of the distribution outside the table's scores from which a warning is given


def timing(
    model: Model,
    applicant: Applicant,
    question: Question | None = None,
    scores: Scores | None = None,
    gain: Any = 0.0,
    usce_gain: Any = 0.0,
    gain_sd: Any = 0.0,
    taken: Any = True,
) -> Timing:
    """Return what applying this cycle, waiting for the next, and applying in both come to.

    Chances are averaged over the distribution of Step 2 CK, E f(S) = sum_i w_i f(s_i) by Gauss-Hermite
    quadrature (Abramowitz and Stegun, 25.4.46), in every draw, never taken at its mean. With an SD of 0
    they are those of `Model.odds`, this cycle and the next. For what compares the two, the level of the
    next is this cycle's and one more independent step of the drift (`people_a_year_on`).

    Interviews that are held now, k: this cycle is P(match | k ranks), and the next takes account of what
    they tell of the applicant's luck (`luck.after_invitations`).

    Parameters
    ----------
    model
    applicant
    question
        Its applications replace the usual number, in both cycles; its interviews are held in this one.
    scores
        What is known of Step 2 CK; the applicant's own score with an SD of 0 where absent.
    gain, gain_sd
        Points that a year more of study adds, and how unsure that is; only for an exam that is still to be
        taken.
    usce_gain
        Months of USCE more in the next cycle.
    taken
        Whether the applicant's own score is of an exam that is passed.

    Raises
    ------
    RefusedInput
        For a gain without a score, after a passed exam, or past the scale's end; for an unsure one beside
        interviews held; for a next cycle that cannot be answered.
    NotInModel
        For applications to a specialty without a chain.
    """
    scores, gain, gain_sd, usce_gain = _checked(applicant, scores, gain, gain_sd, usce_gain, taken)
    answer = model.odds(applicant, question)
    if answer.withheld:
        return Timing(answer, gain, gain_sd, usce_gain)
    cell = model.cell(answer.applicant.applicant_type, answer.applicant.specialty)
    if cell.chain is None and answer.question.applications is not None:
        raise NotInModel(
            f"no table describes applications to {answer.applicant.specialty} here; ask without "
            f"--applications"
        )
    bare = answer.applicant.replace(step2_ck=None)
    later = _later(model, bare, usce_gain)
    n = answer.applications
    held = None if n is None else answer.question.interviews
    if held is not None and gain_sd:
        raise RefusedInput(
            "interviews held and an unsure gain are not answered together; leave --gain-sd out"
        )
    first = Cycle(model.people, bare, n, held)
    second = Cycle(model.people, later, n, held, first)
    walked = Cycle(partial(people_a_year_on, model), later, n, held, first)
    waited = scores.gained(gain, gain_sd)

    now, wait = first.chance(scores), second.chance(waited, gain)
    both = Both(first, walked, scores)
    repeat = (model.record.advice.get("previous_attempts") or [None])[0]
    lowered = None if repeat is None else min(both.lowered(repeat["log_odds"]), float(both.any.mean()))

    marks = model.record.passing_marks
    mark = marks[-1].mark if marks else None
    options = [_option(model, first, scores, 0.0, mark), _option(model, second, waited, gain, mark)]
    usd = [option.usd for option in options]
    joint = BothCycles(
        one_range(both.any),
        float(both.independent.mean()),
        lowered,
        one_range(second.chance(scores)),
        None if usd[0] is None or usd[1] is None else usd[0] + usd[1],
        None if usd[0] is None or usd[1] is None else usd[0] + (1.0 - float(now.mean())) * usd[1],
    )
    waiting = centred(walked.chance(waited, gain), wait)
    possible = scores.mean is not None and not scores.taken
    goals = [float(now.mean()), float(both.any.mean())]
    tips = least_gains(second, scores, gain_sd, goals) if possible else [None, None]
    found = Comparison(
        options[0],
        options[1],
        joint,
        _compared(waiting, now),
        _compared(waiting, both.any),
        possible,
        tips[0],
        tips[1],
    )
    basis = _basis(model, answer, cell, scores, bool(gain or gain_sd))
    made = Timing(answer, gain, gain_sd, usce_gain, n, mark, found, repeat, basis)
    return replace(made, notes=tuple(_notes(model, made, cell)))


def _checked(
    applicant: Applicant, scores: Scores | None, gain: Any, gain_sd: Any, usce_gain: Any, taken: Any
) -> tuple[Scores, float, float, float]:
    """Return the checked scores, gain, its SD and the gain in USCE."""
    if scores is None:
        scores = of_score(applicant.step2_ck, yes_or_no(taken, "step2 taken") is not False)
    elif applicant.step2_ck is not None:
        raise RefusedInput(
            "a Step 2 CK score and a distribution of it are both given; give --step2, or --practice, "
            "or --mean and --sd"
        )
    gain = number(gain, "gain", 0, GAIN_HIGH, f"it is in points of Step 2 CK, between 0 and {GAIN_HIGH:.0f}")
    gain_sd = number(
        gain_sd, "SD of the gain", 0, GAIN_HIGH / 2, f"it is in points, between 0 and {GAIN_HIGH / 2:.0f}"
    )
    meaning = f"it is in months, between 0 and {YEAR_MONTHS:.0f}: waiting is one year"
    usce_gain = number(usce_gain, "gain in USCE", 0, YEAR_MONTHS, meaning)
    if gain or gain_sd:
        if scores.mean is None:
            raise RefusedInput(
                "a gain in score needs a score to start from; give --practice, or --mean and --sd"
            )
        if scores.taken:
            raise RefusedInput(
                f"Step 2 CK is {scores.mean:g} and taken, and a passed exam cannot be taken again, so "
                f"there is no gain; "
                "where it is only expected, add --step2-taken no"
            )
        if scores.mean + gain > SCORE_HIGH:
            raise RefusedInput(
                f"a gain of {gain:g} points from {scores.mean:g} is beyond the scale, which ends at "
                f"{SCORE_HIGH}; "
                f"give at most {SCORE_HIGH - scores.mean:g}"
            )
    return scores, gain, gain_sd, usce_gain


def _later(model: Model, applicant: Applicant, usce_gain: float) -> Applicant:
    """Return the applicant a year on, with so many more months of USCE."""
    if not usce_gain:
        return next_cycle(model, applicant)
    if applicant.usce_months is None:
        raise RefusedInput(
            "more USCE is asked for, but not how much there is; give --usce MONTHS too (0 where "
            "there is none)"
        )
    return next_cycle(model, applicant, usce_months=min(applicant.usce_months + usce_gain, USCE_LIMIT))


def _compared(wait: np.ndarray, other: np.ndarray) -> Compared:
    return Compared(change(wait, other), share_above(wait - other))


def _option(model: Model, cycle: Cycle, scores: Scores, gain: float, mark: int | None) -> Option:
    a, n, chance = cycle.applicant, cycle.applications, one_range(cycle.chance(scores, gain))
    under = None if scores.taken or mark is None else scores.under(mark)
    passed = None
    if under is not None and mark is not None:
        passed = scores.above(lambda values: cycle.chances(values, gain).mean(axis=-1), mark, chance.point)
    fees = model.record.fees
    usd = None if n is None else cost(schedule_of(fees, a.specialty), n)
    return Option(
        known(a.cycle),
        a.years_since_graduation,
        a.usce_months,
        scores,
        one_range(cycle.ranked(scores)),
        None if n is None else one_range(cycle.apply(scores)),
        None if cycle.held is None else chance,
        under,
        passed,
        None if usd is None else usd + sum(each for _, each in fixed_fees(fees)),
    )


def least_gains(cycle: Cycle, scores: Scores, gain_sd: float, goals: Sequence[float]) -> list[int | None]:
    """Return the least whole gain after which a chance is above each goal, None where none does it.

    Gains ten points apart first, from the least on; then the last ten points are halved.

    Parameters
    ----------
    cycle
        In which the gained score is used.
    scores
        Before the gain.
    gain_sd
    goals
    """
    most = int(SCORE_HIGH - known(scores.mean))

    @cache
    def chance(gain: int) -> float:
        return float(cycle.chance(scores.gained(gain, gain_sd), gain).mean())

    def least(goal: float) -> int | None:
        high: int | None = next(
            (g for g in (*range(0, most, COARSE), most) if chance(g) > goal + EQUAL), None
        )
        if not high:
            return high
        low = max(gain for gain in range(0, high, COARSE))
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if chance(middle) > goal + EQUAL else (middle, high)
        return high

    return [least(goal) for goal in goals]


def _basis(model: Model, answer: Answer, cell: Cell, scores: Scores, gain: bool) -> dict[str, str]:
    a = answer.applicant
    drift = model.kind(a.applicant_type).drift
    found: dict[str, str] = {"level": cell.level.basis}
    if scores.mean is not None:
        found |= {"Step 2 CK's slope": cell.beta.basis, "your score": scores.basis}
    for name, covariate in COVARIATES.items():
        if getattr(a, name) is not None and model.has_effect(a.applicant_type, name):
            found[covariate.label] = model.record.effects[name].specialties[a.specialty].basis
    if gain:
        found["gain"] = "assumed"
    if cell.chain is not None:
        found |= {
            "invitation rates": cell.chain.rates.mean.basis,
            "usual number of applications": known(answer.usual).basis,
        }
    found["luck shared between cycles" if cell.chain is not None else "independent luck"] = "assumed"
    if drift is not None:
        found["drift"] = drift.basis
    return found


def _notes(model: Model, made: Timing, cell: Cell) -> Iterator[Note]:
    found, a = known(made.found), made.applicant
    scores, seen = found.now.scores, cell.score_seen
    if scores.sd and seen is not None:
        outside = known(scores.under(seen.low)) + 1.0 - known(scores.under(seen.high + 1))
        if outside >= TELL:
            yield Note(
                "scores_beyond",
                {"share": outside, "low": seen.low, "high": seen.high, "specialty": a.specialty},
            )
    yield Note("averaged_over_scores")
    if scores.basis == "evidence":
        yield Note("practice_tests", {"source": scores.source, "grade": scores.grade})
    if found.now.years_since_graduation is None:
        yield Note("years_not_compared")
    if made.usce_gain and known(found.now.usce_months) + made.usce_gain > USCE_CAP:
        yield Note("usce_capped", {"cap": USCE_CAP})
    drift = model.kind(a.applicant_type).drift
    cycles: dict[str, Scalar] = {"now": found.now.cycle, "next": found.wait.cycle}
    yield (
        Note("no_drift", cycles) if drift is None else Note("drift_step", {**cycles, "sd": drift.sd_per_year})
    )
    if found.wait.held is not None:
        now = {"interviews": known(made.answer.question.interviews), "next": found.wait.cycle}
        yield Note("luck_after_interviews", {**now, "without": known(found.wait.apply).point})
    yield Note("independent_without_chain" if made.applications is None else "luck_shared_cycles")
    if made.repeat is not None:
        yield Note(
            "applied_before",
            {name: made.repeat[name] for name in ("population", "log_odds", "se", "grade", "note")},
        )
