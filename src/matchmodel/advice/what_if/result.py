"""What `matchmodel what-if` answers: the odds as they are, and the levers, best first."""

from dataclasses import dataclass
from typing import Any, Literal

from ...model.answer import Answer, Required
from ...model.engine import Range
from ...model.records import Basis, Note
from ...readable import Readable
from ..common import Change, plain, plain_notes
from ..notes import text

Kind = Literal["step2_ck", "usce_months", "next_year", "more_applications", "one_more_interview"]
Reach = Literal["both", "now", "lost", "neither"]


@dataclass(frozen=True, slots=True)
class Side:
    """The chances of the changed applicant, and what the target then takes.

    Attributes
    ----------
    applications
        None without a chain.
    chance, ranked, held
        If you apply, if you rank at least one program, with the interviews held; None where not known or
        not asked.
    """

    applications: int | None
    chance: Range | None
    ranked: Range
    held: Range | None
    needed: Required | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts and numbers."""
        return {
            "applications": self.applications,
            "chance": plain(self.chance),
            "ranked": plain(self.ranked),
            "held": plain(self.held),
            "needed": required_dict(self.needed),
        }


@dataclass(frozen=True, slots=True)
class Lever:
    """The same applicant with one thing changed.

    Attributes
    ----------
    chance, ranked, held
        Changes of the chance if you apply, if you rank at least one program, and with the interviews held;
        None where not known or not asked. Those of `ranked` are zero where only applications change.
    needed, usd
        Changes of the applications that the target takes and of their fees; None where a side is out of
        reach.
    cost_usd
        What the lever itself costs in fees, where it is more applications.
    reach
        Whether the target is within reach of all programs listed: on both sides, only now, no longer, on
        neither.
    basis
        Of 'ranked' and of 'applications'.
    """

    kind: Kind
    name: Note
    after: Side
    chance: Range | None
    ranked: Range
    held: Range | None
    needed: Change | None
    usd: Change | None
    cost_usd: float | None
    reach: Reach | None
    basis: dict[str, Basis | None]
    notes: tuple[Note, ...]

    @property
    def gain(self) -> float:
        """The change that levers are sorted by: of the first chance that is known."""
        found = (
            self.held if self.held is not None else self.chance if self.chance is not None else self.ranked
        )
        return found.point

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers."""
        return {
            "kind": self.kind,
            "name": text(self.name),
            "after": self.after.to_dict(),
            "chance_change": plain(self.chance),
            "ranked_change": plain(self.ranked),
            "held_change": plain(self.held),
            "needed_change": plain(self.needed),
            "usd_change": plain(self.usd),
            "cost_usd": self.cost_usd,
            "reach": self.reach,
            "basis": self.basis,
            "notes": plain_notes(self.notes),
        }


@dataclass(frozen=True, slots=True, repr=False)
class WhatIf(Readable):
    """The levers of one applicant, best first.

    Attributes
    ----------
    answer
        Of `predict`, as things are.
    unscored
        What cannot be scored or pulled, and why.
    """

    WRITER = "matchmodel.advice.what_if.text"
    ROWS = "levers"

    answer: Answer
    levers: tuple[Lever, ...] = ()
    unscored: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers: the object that `--json` prints."""
        a = self.answer
        return {
            "answer": a.to_dict(),
            "applications_given": a.question.applications is not None,
            "target": None if a.required_applications is None else a.required_applications.target,
            "before": None
            if a.p_ranked is None
            else Side(
                a.applications, a.p_apply, a.p_ranked, a.p_given_interviews, a.required_applications
            ).to_dict(),
            "levers": [lever.to_dict() for lever in self.levers],
            "unscored": plain_notes(self.unscored),
            "notes": plain_notes(self.notes),
        }


def required_dict(one: Required | None) -> dict[str, Any] | None:
    """Return required applications as `--json` prints them."""
    if one is None:
        return None
    return {
        name: getattr(one, name)
        for name in ("target", "reachable", "applications", "low", "high", "fees_usd")
    }
