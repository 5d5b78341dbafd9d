"""One page for an applicant: the results of the other questions, put together."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ...applicant import Applicant
from ...errors import MatchModelError
from ...known import known
from ...model import Model
from ...model.answer import Answer
from ...model.records import Note
from ...question import DEFAULT_TARGET, Question
from ..calendar import calendar, next_event
from ..limits import MOST_SPECIALTIES, several
from ..portfolio.compute import portfolio
from ..portfolio.result import Portfolio
from ..target.compute import target
from ..timing.compute import timing
from ..timing.result import Timing
from ..what_if.compute import what_if
from ..what_if.result import Lever
from .red_flags import gaps, red_flags
from .result import InSpecialty, Plan


def plan(
    model: Model,
    applicant: Applicant,
    question: Question | None = None,
    backups: Sequence[str] = (),
    step2_taken: bool | None = None,
    gain: Any = 0.0,
    usce_gain: Any = 0.0,
    today: date | None = None,
) -> Plan:
    """Return the page of an applicant.

    Its parts are the results of `Model.odds`, `what_if`, `target`, `timing` and `portfolio`. One that
    refuses, such as a next cycle too far away, is left out, with the reason.

    Parameters
    ----------
    model
    applicant
        In the preferred specialty.
    question
        `applications` replaces each specialty's usual number; the target is 0.5 where absent.
    backups
        Other specialties.
    step2_taken
        Whether the score is of an exam that is passed; where None, it is where a score is given.
    gain, usce_gain
        Points and months more that waiting a year adds, for the timing.
    today
        For the date that comes next; the clock's where absent.

    Raises
    ------
    NotInModel, RefusedInput
        As the questions that it puts together.
    """
    question = Question() if question is None else question
    names = several((applicant.specialty, *backups), MOST_SPECIALTIES)
    for name in names:
        model.cell(applicant.applicant_type, name)
    asked = _asked(model.odds(applicant, question), question)
    levers = what_if(model, applicant, asked, step2_taken, names[1:])
    own = [lever for lever in levers.levers if lever.kind != "backup"]
    parts = tuple(
        _specialty(model, applicant.replace(specialty=name), question, step2_taken, None if k else own)
        for k, name in enumerate(names)
    )
    first = parts[0].answer
    left_out: list[Note] = []
    events = calendar(known(first.applicant.cycle))
    return Plan(
        specialties=parts,
        target=DEFAULT_TARGET if question.target is None else question.target,
        levers=levers,
        timing=_timing(model, applicant, asked, step2_taken, gain, usce_gain, left_out),
        portfolio=_portfolio(model, applicant, parts, question, left_out),
        left_out=(*left_out, *_missing(parts)),
        gaps=gaps(model, first.applicant),
        calendar=events,
        next=next_event(events, date.today() if today is None else today),
        sources=tuple(f"{s.title} (grade {s.grade})" for s in model.record.sources),
    )


def _asked(answer: Answer, question: Question) -> Question:
    """Return the question as it can be asked of a specialty: no applications where there are no figures on
    them.
    """
    return question if answer.listed is not None else question.replace(applications=None)


def _specialty(
    model: Model,
    applicant: Applicant,
    question: Question,
    step2_taken: bool | None,
    levers: Sequence[Lever] | None,
) -> InSpecialty:
    answer = model.odds(applicant, question)
    found = target(model, applicant, _asked(answer, question), step2_taken, levers)
    return InSpecialty(answer, red_flags(model, answer), found)


def _timing(
    model: Model,
    applicant: Applicant,
    question: Question,
    step2_taken: bool | None,
    gain: Any,
    usce_gain: Any,
    left_out: list[Note],
) -> Timing | None:
    taken = True if step2_taken is None else step2_taken
    try:
        return timing(model, applicant, question, None, gain, usce_gain, 0.0, taken)
    except MatchModelError as error:
        if gain or usce_gain:  # which were asked for
            raise
        left_out.append(Note("part_refused", {"part": "This cycle or the next", "why": str(error)}))
        return None


def _portfolio(
    model: Model, applicant: Applicant, parts: Sequence[InSpecialty], question: Question, left_out: list[Note]
) -> Portfolio | None:
    names = [part.name for part in parts if part.answer.listed is not None]
    if len(names) < 2:
        return None
    usual = ((part.name, known(part.answer.usual).basis) for part in parts if part.name in names)
    guessed = [name for name, basis in usual if basis == "assumed"]
    if guessed and question.applications is None:  # a guess is no budget
        left_out.append(Note("no_usual_numbers", {"specialties": " and ".join(guessed)}))
        return None
    try:
        return portfolio(model, applicant.replace(specialty=names[0]), names[1:], question)
    except MatchModelError as error:
        left_out.append(Note("part_refused", {"part": "Several specialties at once", "why": str(error)}))
        return None


def _missing(parts: Sequence[InSpecialty]) -> list[Note]:
    found = []
    for part in parts:
        if part.answer.withheld:
            found.append(Note("no_number_for", {"specialty": part.name}))
        elif part.answer.listed is None:
            found.append(Note("no_applications_to", {"specialty": part.name}))
    return found
