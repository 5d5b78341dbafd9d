"""What `matchmodel portfolio` answers: the splits of a budget from all in the first specialty to none."""

from typing import Any

from ...frozen import frozen
from ...model.answer import Answer
from ...model.engine import Order, Range
from ...model.records import Basis, Note
from ...readable import Readable
from ..common import SURE, plain, plain_notes


@frozen
class Part:
    """One specialty of the split.

    Attributes
    ----------
    applications, listed
        Programs applied to, and those listed.
    chance
        P(match) of these applications, were they all; None without any.
    matched_here
        P(match here and to none before it in the order of preference).
    next_gain, next_usd
        What ten more applications here would add to the value, and cost; None where there are no more
        programs.
    """

    answer: Answer
    applications: int
    listed: int
    fees_usd: float | None
    chance: Range | None
    matched_here: float
    next_gain: float | None
    next_usd: float | None
    slope_basis: Basis
    level_basis: Basis
    usual: int
    usual_basis: Basis

    @property
    def specialty(self) -> str:
        """Its name."""
        return self.answer.applicant.specialty

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        names = (
            "specialty",
            "applications",
            "listed",
            "fees_usd",
            "matched_here",
            "next_gain",
            "next_usd",
            "slope_basis",
            "level_basis",
            "usual",
            "usual_basis",
        )
        return {name: getattr(self, name) for name in names} | {"chance": plain(self.chance)}


@frozen
class Way:
    """One split of the frontier.

    Attributes
    ----------
    share
        Of the budget, for the first specialty; None for the best split where no share gives it.
    split
        Applications to each, in the order of preference.
    first, chance
        P(match in the first specialty), and P(match at all).
    best, wished
        Whether no split has a higher chance of matching at all, and whether it is the one asked for.
    """

    share: float | None
    split: tuple[int, ...]
    first: Range
    chance: Range
    fees_usd: float | None
    best: bool
    wished: bool

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "share": self.share,
            "split": list(self.split),
            "p_first": plain(self.first),
            "p_any": plain(self.chance),
            "fees_usd": self.fees_usd,
            "best": self.best,
            "wished": self.wished,
        }


@frozen
class Other:
    """Another way to spend the budget.

    Attributes
    ----------
    specialty
        That all goes to; None for an even split.
    chance
        P(match at all).
    value
        Of the chance, its point.
    gain
        By how much the best split's chance of matching at all lies above.
    sure
        Share of the draws in which it does.
    """

    specialty: str | None
    split: tuple[int, ...]
    chance: Range
    value: float
    fees_usd: float | None
    gain: Range
    sure: float

    @property
    def name(self) -> str:
        """In words."""
        return "an even split" if self.specialty is None else f"all in {self.specialty}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name,
            "specialty": self.specialty,
            "split": list(self.split),
            "chance": plain(self.chance),
            "value": self.value,
            "fees_usd": self.fees_usd,
            "gain": plain(self.gain),
            "sure": self.sure,
        }


@frozen
class Portfolio(Readable):
    """The best split of a budget between specialties.

    Attributes
    ----------
    answer
        Of `predict` in the first specialty; its reasons where that is withheld, and then nothing else.
    applications, budget_usd
        Of the two, the one that limits.
    budget_given
        Whether it was given; else it is the usual numbers together.
    wish
        Share of the budget for the first specialty that was asked for.
    parts
        Of the best split, in the order of preference.
    ways
        The frontier: from all in the first specialty to none, and the best split.
    chance
        P(match at all).
    value, independent
        The point of `chance`; P(match at all) with independent luck.
    others
        All in each specialty alone, and an even split.
    every
        Whether every split was tried, or cannot be better.
    """

    WRITER = "matchmodel.advice.portfolio.text"
    ROWS = "specialties"

    answer: Answer
    order: Order
    applications: int | None = None
    budget_usd: float | None = None
    budget_given: bool = False
    wish: float | None = None
    parts: tuple[Part, ...] = ()
    ways: tuple[Way, ...] = ()
    chance: Range | None = None
    value: float | None = None
    independent: float | None = None
    fees_usd: float | None = None
    others: tuple[Other, ...] = ()
    every: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def split(self) -> tuple[int, ...]:
        """Applications to each specialty, in the order of preference."""
        return tuple(part.applications for part in self.parts)

    @property
    def corner(self) -> str | None:
        """The specialty that gets everything, None where several get some."""
        used = [part.specialty for part in self.parts if part.applications]
        return used[0] if len(used) == 1 else None

    @property
    def unsure(self) -> Other | None:
        """The way to spend the budget that is as good as the best by too many of the draws, if any."""
        nearest = min(self.others, key=lambda other: other.sure, default=None)
        return None if nearest is None or nearest.sure >= SURE else nearest

    def _wish(self, k: int) -> float | None:
        """Return the share of the budget asked for in one specialty, where that is clear."""
        if self.wish is None:
            return None
        return self.wish if k == 0 else 1.0 - self.wish if len(self.parts) == 2 else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers: the object that `--json` prints."""
        p = self.chance
        return {
            "answer": self.answer.to_dict(),
            "backup_answers": [part.answer.to_dict() for part in self.parts[1:]],
            "order": self.order,
            "applications": self.applications,
            "budget_usd": self.budget_usd,
            "budget_given": self.budget_given,
            "p_any": None if p is None else p.point,
            "p_any_low": None if p is None else p.low,
            "p_any_high": None if p is None else p.high,
            "p_any_independent_luck": self.independent,
            "value": self.value,
            "fees_usd": self.fees_usd,
            "every_split_tried": self.every,
            "specialties": [part.to_dict() | {"wish": self._wish(k)} for k, part in enumerate(self.parts)],
            "frontier": [way.to_dict() for way in self.ways],
            "instead": [other.to_dict() for other in self.others],
            "notes": plain_notes(self.notes),
        }
