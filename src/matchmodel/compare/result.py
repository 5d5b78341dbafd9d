"""The comparison of two models: the numbers once, and everything said of them derived."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from ..errors import RefusedInput
from ..model import Model
from ..readable import Readable
from . import differences
from .answers import AnswerChange, Asked, NotCompared, compare_applicants
from .coefficients import Change, coefficient_changes
from .differences import CameOrWent, OtherEntry, Setting, TrustChange
from .reference import REFERENCE

DEFAULT_POINTS, DEFAULT_STANDARD_ERRORS = 5.0, 3.0
SAME, CHANGED = 0, 1  # exit statuses
DENOMINATOR = (
    "A change in standard errors is the change over the root mean square of the two models' standard errors "
    "(for a level of another year with the drift of the years between). Both models share most of their "
    "sources, so it tells how large a change is; it is no test."
)


@dataclass(frozen=True)
class Thresholds:
    """What is too large a change: more than so many.

    Attributes
    ----------
    points
        Percentage points of an applicant's chance, p_ranked or p_apply.
    standard_errors
        Of a coefficient.
    """

    points: float = DEFAULT_POINTS
    standard_errors: float = DEFAULT_STANDARD_ERRORS

    def __post_init__(self) -> None:
        for name, option in (("points", "--threshold"), ("standard_errors", "--standard-errors")):
            value = getattr(self, name)
            if not isfinite(value) or value < 0:
                example = f"{getattr(Thresholds, name):g}"
                raise RefusedInput(f"{option} is {value:g}; it is a number from 0 on, such as {example}")

    @property
    def words(self) -> tuple[str, str]:
        """Both in words: '3 standard errors', '5 points'."""
        errors, points = self.standard_errors, self.points
        return (
            f"{errors:g} standard error{'' if errors == 1 else 's'}",
            f"{points:g} point{'' if points == 1 else 's'}",
        )


@dataclass(frozen=True)
class ModelFacts:
    """What is told of one of the two models."""

    name: str
    newest_table: int
    default_cycle: int
    schema: int
    draw_count: int
    sources: int


@dataclass(frozen=True, repr=False)
class Comparison(Readable):
    """OLD and NEW, compared.

    Attributes
    ----------
    old, new
    shared_sources
        Sources described alike in both.
    came_and_went, trust, other_entries, settings
    others
        How many values differ that are none of these and no coefficients, by kind.
    coefficients
        What both have, the largest change first.
    applicants
        The largest change first.
    left_out
    made_up
        Whether the applicants are the made-up ones of the package.
    cycle
        The cycle asked of both; None where each was asked at its own.
    thresholds
    """

    WRITER = "matchmodel.compare.report"
    ROWS = "applicants"

    old: ModelFacts
    new: ModelFacts
    shared_sources: int
    came_and_went: tuple[CameOrWent, ...]
    trust: tuple[TrustChange, ...]
    other_entries: tuple[OtherEntry, ...]
    settings: tuple[Setting, ...]
    others: Mapping[str, int]
    coefficients: tuple[Change, ...]
    applicants: tuple[AnswerChange, ...]
    left_out: tuple[NotCompared, ...]
    made_up: bool
    cycle: int | None
    thresholds: Thresholds

    def is_over(self, change: Change | AnswerChange) -> bool:
        """Whether a coefficient's or an applicant's change is over its threshold."""
        if isinstance(change, Change):
            return change.size is not None and abs(change.size) > self.thresholds.standard_errors
        return self.too_many(change.largest)

    def too_many(self, points: float) -> bool:
        """Whether a change of a chance in percentage points is over the threshold."""
        return abs(points) > self.thresholds.points

    @property
    def coefficients_over(self) -> tuple[Change, ...]:
        """The coefficients over the threshold."""
        return tuple(c for c in self.coefficients if self.is_over(c))

    @property
    def applicants_over(self) -> tuple[AnswerChange, ...]:
        """The applicants over the threshold."""
        return tuple(a for a in self.applicants if self.is_over(a))

    @property
    def lost(self) -> tuple[CameOrWent | TrustChange, ...]:
        """What OLD answered and NEW does not: larger than any number of points."""
        every: list[CameOrWent | TrustChange] = [*self.came_and_went, *self.trust]
        return tuple(c for c in every if c.lost)

    @property
    def unjudged(self) -> tuple[Change, ...]:
        """The changed coefficients without a standard error; only what they do to applicants is judged."""
        return tuple(c for c in self.coefficients if c.size is None and c.change)

    @property
    def same(self) -> bool:
        """Whether nothing differs at all, names apart."""
        other = self.came_and_went or self.trust or self.other_entries or self.settings or self.others
        return not (other or any(c.moved for c in self.coefficients))

    @property
    def status(self) -> int:
        """Exit status: 1 where something is over its threshold or lost, else 0."""
        return CHANGED if self.coefficients_over or self.applicants_over or self.lost else SAME

    @property
    def verdict(self) -> str:
        """One plain line: whether anything is over the threshold."""
        errors, points = self.thresholds.words
        if self.status == SAME:
            return f"Nothing is over the threshold ({errors} of a coefficient, {points} of an applicant)."
        counted = (
            (self.coefficients_over, "coefficient", f" ({errors})"),
            (self.applicants_over, "applicant", f" ({points})"),
            (self.lost, "answer", " lost"),
        )
        parts = [f"{len(some)} {name}{'s' * (len(some) > 1)}{rest}" for some, name, rest in counted if some]
        return f"Over the threshold: {', '.join(parts)}."

    def to_dict(self) -> dict[str, Any]:
        """Return plain texts, lists and numbers, as `--json` prints them."""
        return {
            "old": asdict(self.old),
            "new": asdict(self.new),
            "shared_sources": self.shared_sources,
            "denominator": DENOMINATOR,
            "same": self.same,
            "came_and_went": [{**asdict(c), "lost": c.lost} for c in self.came_and_went],
            "trust": [{**asdict(c), "lost": c.lost} for c in self.trust],
            "other_entries": differences.as_dicts(self.other_entries),
            "settings": differences.as_dicts(self.settings),
            "other_differences": dict(self.others),
            "coefficients": [{**c.to_dict(), "over": self.is_over(c)} for c in self.coefficients],
            "cycle": self.cycle,
            "made_up_applicants": self.made_up,
            "applicants": [{**a.to_dict(), "over": self.is_over(a)} for a in self.applicants],
            "not_compared": differences.as_dicts(self.left_out),
            "thresholds": asdict(self.thresholds),
            "over": {
                "coefficients": len(self.coefficients_over), "applicants": len(self.applicants_over),
                "lost": len(self.lost),
            },
            "status": self.status,
            "verdict": self.verdict,
        }  # fmt: skip


def _facts(model: Model) -> ModelFacts:
    record = model.record
    return ModelFacts(
        model.name,
        model.newest_table,
        model.default_cycle,
        record.schema,
        record.draw_count,
        len(record.sources),
    )


def compare_models(
    old: Model,
    new: Model,
    applicants: Mapping[str, Asked] | None = None,
    cycle: int | None = None,
    thresholds: Thresholds | None = None,
    step: Callable[[int], None] = lambda n: None,
) -> Comparison:
    """Compare two models.

    Parameters
    ----------
    old, new
    applicants
        The made-up reference applicants where absent.
    cycle
        Each model's own default cycle where absent.
    thresholds
    step
        Told how many answers are done, two per applicant.
    """
    a, b = old.record, new.record
    compared, left_out = compare_applicants(
        old, new, REFERENCE if applicants is None else applicants, cycle, step
    )
    return Comparison(
        old=_facts(old),
        new=_facts(new),
        shared_sources=differences.shared_sources(a, b),
        came_and_went=differences.came_and_went(a, b),
        trust=differences.trust_changes(a, b),
        other_entries=differences.other_entries(a, b),
        settings=differences.settings_differences(a, b),
        others=differences.other_differences(a, b),
        coefficients=coefficient_changes(a, b),
        applicants=compared,
        left_out=left_out,
        made_up=applicants is None,
        cycle=cycle,
        thresholds=thresholds or Thresholds(),
    )
