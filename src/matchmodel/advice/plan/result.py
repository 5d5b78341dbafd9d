"""What `matchmodel plan` answers: the results of the other questions, and what a page adds to them."""

from typing import Any

from ...frozen import frozen
from ...model.answer import Answer
from ...model.records import Note
from ...readable import Readable
from ...report.wording import one_in
from ..calendar import Event
from ..common import plain_notes
from ..notes import text
from ..portfolio.result import Portfolio
from ..target.result import ScoreNeeded, Target
from ..timing.result import Timing
from ..what_if.result import WhatIf
from .red_flags import Flag, plain


def standing(answer: Answer) -> str:
    """Return the first chance that is known as a share in words; 'not known' where none is."""
    p = answer.p_apply or answer.p_ranked
    return "not known" if p is None else one_in(p.point)


@frozen
class InSpecialty:
    """One specialty on the page.

    Attributes
    ----------
    answer
        Of `predict`.
    flags
        Red flags, with the specialty's own likelihood ratios.
    target
        The score that the target takes.
    """

    answer: Answer
    flags: tuple[Flag, ...]
    target: Target

    @property
    def name(self) -> str:
        """The specialty."""
        return self.answer.applicant.specialty

    @property
    def score(self) -> ScoreNeeded | None:
        """The score that the target takes: if you apply where that is known, else if you rank; None where
        withheld.
        """
        return next(iter(self.target.scores), None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers."""
        return {
            "answer": self.answer.to_dict(),
            "standing": standing(self.answer),
            "red_flags": [{**plain(flag), "text": text(flag.why)} for flag in self.flags],
            "target_score": {
                name: value for name, value in self.target.to_dict().items() if name != "answer"
            },
        }


@frozen
class Plan(Readable):
    """The page of one applicant.

    Attributes
    ----------
    specialties
        The first is the preferred one.
    levers, timing
        In the first specialty; `timing` is None where the next cycle cannot be answered.
    portfolio
        Of the specialties with figures on applications, where there are two or three.
    left_out
        Which parts could not be answered, and why.
    next
        Of the calendar, the event that comes next.
    gaps
        Covariates that are not known of the applicant.
    """

    WRITER = "matchmodel.advice.plan.sections"
    ROWS = "specialties"

    specialties: tuple[InSpecialty, ...]
    target: float
    levers: WhatIf
    timing: Timing | None
    portfolio: Portfolio | None
    left_out: tuple[Note, ...]
    gaps: tuple[str, ...]
    calendar: tuple[Event, ...]
    next: Event | None
    sources: tuple[str, ...]

    @property
    def first(self) -> InSpecialty:
        """The preferred specialty."""
        return self.specialties[0]

    @property
    def chained(self) -> tuple[InSpecialty, ...]:
        """Those with figures on applications."""
        return tuple(part for part in self.specialties if part.answer.listed is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers: the object that `--json` prints."""
        return {
            "answer": self.first.answer.to_dict(),
            "target": self.target,
            "specialties": [one.to_dict() for one in self.specialties],
            "what_if": self.levers.to_dict(),
            "timing": None if self.timing is None else self.timing.to_dict(),
            "portfolio": None if self.portfolio is None else self.portfolio.to_dict(),
            "left_out": plain_notes(self.left_out),
            "gaps": list(self.gaps),
            "next_date": None if self.next is None else {"when": self.next.when, "what": self.next.what},
            "calendar": [{"when": event.when, "what": event.what} for event in self.calendar],
            "sources": list(self.sources),
        }
