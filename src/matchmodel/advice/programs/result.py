"""What `matchmodel programs` answers: the list, its parts, what was dropped, the same number otherwise."""

from collections.abc import Sequence
from typing import Any, Literal

from ...frozen import frozen
from ...model.answer import Answer
from ...model.engine import Range
from ...model.records import Note
from ...readable import Readable
from ..common import plain
from .rates import Kind, Mark
from .screen import VisaType
from .signals import Tier
from .table import Program

Against = Literal["can_work", "all", "as_imgs_choose"]


@frozen
class Listed:
    """One program that can work.

    Attributes
    ----------
    row
        Its line in the table.
    chance
        Of an invitation, as it is counted; None where nothing is known of the rate.
    chance_without_signal, chance_with_signal
        Points.
    signal, tier
        Whether one of the signals goes there, and which, 'gold' or 'silver', where there are such.
    weight
        By which preferences multiply its place in the order; 1 without any.
    mark
        Its rate against the specialty's mean; None where the model has no rates of the specialty.
    rate
        At which it invites the average applicant of the type; None where it is unknown.
    rate_from, basis
        Where the rate is from, and what it rests on: 'given' (the user's table), 'evidence' or 'assumed'.
    unknown
        What would have to be known to be sure that it can work.
    """

    row: int
    program: str
    id: str | None
    specialty: str
    state: str | None
    setting: str | None
    chance: Range | None
    chance_without_signal: float | None
    chance_with_signal: float | None
    signal: bool
    tier: Tier | None
    weight: float
    mark: Mark | None
    rate: float | None
    rate_from: Kind | None
    basis: str | None
    unknown: tuple[Note, ...]

    @classmethod
    def of(cls, program: Program, unknown: Sequence[Note], **found: Any) -> "Listed":
        """Return the record of a program of the table."""
        return cls(**_who(program), unknown=tuple(unknown), **found)


@frozen
class Dropped:
    """One program that cannot work, and why."""

    row: int
    program: str
    id: str | None
    specialty: str
    state: str | None
    setting: str | None
    reasons: tuple[Note, ...]

    @classmethod
    def of(cls, program: Program, reasons: Sequence[Note]) -> "Dropped":
        """Return the record of a program of the table."""
        return cls(**_who(program), reasons=tuple(reasons))


def _who(program: Program) -> dict[str, Any]:
    same = {name: getattr(program, name) for name in ("row", "id", "specialty", "state", "setting")}
    return {**same, "program": program.label}


@frozen
class Part:
    """One specialty of the list.

    Attributes
    ----------
    in_table, can_work, applications
        Programs in the table, those that can work, and those on the list.
    signals, spent, published_signals
        Signals that there are, those that the list spends, and what the table of signals says.
    gold
        How many of the signals are gold, the others silver; None where there are no such tiers.
    factor
        By which the profile multiplies invitations, against the average applicant.
    average_chance
        Of an invitation, at a program of the specialty at random.
    chance, expected
        Chance of matching in this specialty, whatever happens in the others; invitations expected.
    listed
        Programs that the specialty has.
    """

    specialty: str
    in_table: int
    can_work: int
    applications: int
    fees_usd: float | None
    signals: int
    spent: int
    published_signals: int | None
    gold: int | None
    factor: Range | None
    average_chance: Range | None
    chance: Range | None
    expected: Range | None
    listed: int | None

    @property
    def has_chain(self) -> bool:
        """Whether the model can tell chances of matching here."""
        return self.listed is not None


@frozen
class Other:
    """The same numbers of applications otherwise, and what the list adds to them, in every draw.

    `against` is 'can_work' (at random among the programs that can work), 'all' (at random among all of the
    specialties') or 'as_imgs_choose' (what `predict` says); `programs` is how many there are to choose from.
    """

    against: Against
    programs: int
    chance: Range
    gain: Range


@frozen
class Aside:
    """Programs of a specialty that was left out of the picking: 'not_asked', 'withheld', 'no_chain' or
    'no_table'.
    """

    specialty: str
    programs: int
    why: Literal["not_asked", "withheld", "no_chain", "no_table"]


@frozen
class ProgramList(Readable):
    """The list for one applicant.

    Attributes
    ----------
    answer
        Of `predict`, in the first of the specialties.
    asked, budget
        Applications, or dollars: the one that was given.
    fees_usd
        Fixed fees apart; None where a specialty has no schedule.
    picks, others
        The list, specialty by specialty and best first: who applies to fewer leaves out the last; and what
        can work but is not on it.
    chance, expected, p_any_invitation
        Of matching to any of the list, invitations expected, chance of at least one; None where the model
        cannot tell.
    instead
        The same numbers otherwise.
    signals_counted
        Whether the signals are in the numbers; else those hold the usual mix, as `predict`'s do.
    with_signals, without_signals
        Chance of matching where the list's signals are sent, None where there are none, and that of the best
        list where none is sent.
    filters, preferences
        The wishes, as they were written.
    without_preferences
        Chance of matching of the same numbers in the order of the chances alone; None without preferences.
    warnings
        Those of the notes that no answer leaves out.
    every_split
        Whether every split between specialties was tried.
    """

    WRITER = "matchmodel.advice.programs.text"
    ROWS = "picks"

    answer: Answer
    path: str
    visa_type: VisaType
    asked: int | None
    budget: float | None
    fees_usd: float | None
    parts: tuple[Part, ...]
    picks: tuple[Listed, ...]
    others: tuple[Listed, ...]
    dropped: tuple[Dropped, ...]
    aside: tuple[Aside, ...]
    chance: Range | None = None
    expected: Range | None = None
    p_any_invitation: Range | None = None
    instead: tuple[Other, ...] = ()
    signals_counted: bool = False
    with_signals: Range | None = None
    without_signals: Range | None = None
    filters: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    without_preferences: Range | None = None
    every_split: bool = True
    warnings: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def applications(self) -> int:
        """Programs on the list."""
        return sum(part.applications for part in self.parts)

    def other(self, against: Against) -> Other:
        """Return the same numbers otherwise."""
        return next(one for one in self.instead if one.against == against)

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers: the object that `--json` prints."""
        made: dict[str, Any] = {
            "answer": self.answer.to_dict(),
            "table": self.path,
            "visa_type": self.visa_type,
        }
        made |= {
            "applications_asked": self.asked,
            "budget_usd": self.budget,
            "applications": self.applications,
            "fees_usd": self.fees_usd,
        }
        names = ("chance", "expected", "p_any_invitation", "with_signals", "without_signals")
        for name in (*names, "signals_counted", "without_preferences", "filters", "preferences"):
            made[name] = plain(getattr(self, name))
        made["instead"] = [plain(one) for one in self.instead]
        made["every_split_tried"] = self.every_split
        made["specialties"] = [plain(one) for one in self.parts]
        for name in ("picks", "others", "dropped"):
            made[name] = [plain(one) for one in getattr(self, name)]
        made["left_out"] = [plain(one) for one in self.aside]
        made["notes"] = plain(self.notes)
        return made
