"""What `matchmodel what-if` answers: the odds as they are, and the levers, best first."""

from dataclasses import field
from typing import Any, Literal

from ...frozen import frozen
from ...known import known
from ...model.answer import Answer, Required
from ...model.engine import Range
from ...model.records import Basis, Note
from ...readable import Readable
from ..common import Change, plain, plain_notes
from ..notes import text

Kind = Literal["step2_ck", "usce_months", "next_year", "more_applications", "one_more_interview", "backup"]
Reach = Literal["both", "now", "lost", "neither"]
Measure = Literal["held", "chance", "ranked"]


@frozen
class Side:
    """The chances of the changed applicant, and what the target then takes.

    Attributes
    ----------
    applications
        None without a chain.
    chance, ranked, held
        If you apply, if you rank at least one program, with the interviews held; None where not known or
        not asked. With a backup `chance` is that of matching in either.
    """

    applications: int | None
    chance: Range | None
    ranked: Range | None
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


@frozen
class Lever:
    """The same applicant with one thing changed.

    Attributes
    ----------
    chance, ranked, held
        Changes of the chance if you apply, if you rank at least one program, and with the interviews held;
        None where not known or not asked. Those of `ranked` are zero where only applications change. Of a
        backup: of matching in either if you apply to both; without figures on applications, of ranking
        programs there instead.
    needed, usd
        Changes of the applications that the target takes and of their fees; None where a side is out of
        reach.
    cost_usd
        What the lever itself costs in fees, where it is more applications or those to a backup.
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
    ranked: Range | None
    held: Range | None = None
    needed: Change | None = None
    usd: Change | None = None
    cost_usd: float | None = None
    reach: Reach | None = None
    basis: dict[str, Basis | None] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def moves(self) -> Measure:
        """The chance that is told: the first that is known, and that the lever can move."""
        if self.held is not None and self.kind != "more_applications":
            return "held"
        return "ranked" if self.chance is None else "chance"

    @property
    def change(self) -> Range:
        """The change of that chance."""
        moved: Range = known(getattr(self, self.moves))
        return moved

    @property
    def gain(self) -> float:
        """The change that levers are sorted by."""
        return self.change.point

    @property
    def clear(self) -> bool:
        """Whether the 80% range of the change holds no zero."""
        return self.change.low > 0 or self.change.high < 0

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


@frozen
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
