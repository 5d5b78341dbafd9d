"""What would move the odds, best first."""

from collections.abc import Iterator, Sequence
from math import exp

from ...applicant import Applicant
from ...model import Model
from ...model.answer import Answer
from ...model.records import Note
from ...question import Question
from ..limits import MOST_BACKUPS, several
from .levers import Levers
from .result import Lever, WhatIf


def what_if(
    model: Model,
    applicant: Applicant,
    question: Question | None = None,
    step2_taken: bool | None = None,
    backups: Sequence[str] = (),
) -> WhatIf:
    """Return the levers of an applicant, best first.

    Each lever is one changed applicant, or one changed number of applications or interviews, asked again. A
    change is taken in every draw, so that what both sides share cancels. Levers are sorted by the change of
    the chance with the interviews held where those are asked about and the lever moves it, else of the
    chance if you apply, else (without a chain) of the chance if you rank at least one program.

    Parameters
    ----------
    model
    applicant
    question
        Applications (the usual number where absent), the target whose required applications are compared
        (0.5 where absent), interviews held.
    step2_taken
        Whether Step 2 CK has been taken; where None, it has if a score is given.
    backups
        Other specialties, each a lever: its usual number of applications besides. None is suggested.

    Raises
    ------
    NotInModel, RefusedInput
        As `Model.odds`; for a specialty that is named twice, and for too many.
    """
    named = several((applicant.specialty, *backups), 1 + MOST_BACKUPS)
    answer = model.odds(applicant, question)
    if answer.withheld:
        return WhatIf(answer)
    found = list(Levers(model, answer).every(step2_taken, named[1:]))
    levers = sorted((one for one in found if isinstance(one, Lever)), key=lambda one: -one.gain)
    unscored = [one for one in found if isinstance(one, Note)]
    return WhatIf(
        answer, tuple(levers), (*unscored, _signals(model), Note("unmeasured")), tuple(_notes(answer, levers))
    )


def _signals(model: Model) -> Note:
    found = model.record.advice.get("program_signal")
    if not found:
        return Note("no_signal_figure")
    return Note("signals_crude", {"specialty": found["specialty"].lower(), "times": exp(found["value"])})


def _notes(answer: Answer, levers: Sequence[Lever]) -> Iterator[Note]:
    kinds = {lever.kind for lever in levers}
    if kinds & {"usce_months", "step2_ck"}:
        yield Note("gains_are_upper_bounds")
    if "backup" in kinds:
        yield Note("backup_figures")
    if "more_applications" in kinds:
        yield Note("ranked_stays")
    yield Note("fixed_things")
