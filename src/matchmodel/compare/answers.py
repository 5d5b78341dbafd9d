"""The same applicants asked of two models: what moved in points, and whether the ranges overlap."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isnan
from typing import Any, TypeVar

from ..applicant import Applicant
from ..batch.score import score_applicants
from ..batch.table import read_table
from ..errors import NotInModel, RefusedInput
from ..known import known
from ..model import Model
from ..model.records import ApplicantType, Cell
from ..progress import say
from ..question import DEFAULT_TARGET, Question

AT_ONCE = 250  # applicants between two steps of the progress
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """An applicant and what is asked."""

    applicant: Applicant
    question: Question = Question()


@dataclass(frozen=True)
class Side:
    """What one model answers; None where not asked, and for required applications that nothing reaches.

    Required applications are those with programs as IMGs choose them.
    """

    cycle: int
    trust: str
    p_ranked: float
    p_ranked_low: float
    p_ranked_high: float
    p_apply: float | None = None
    p_apply_low: float | None = None
    p_apply_high: float | None = None
    required_applications: int | None = None
    required_applications_low: int | None = None
    required_applications_high: int | None = None


def _overlap(a: Side, b: Side, name: str) -> bool:
    low: float = max(getattr(a, name + "_low"), getattr(b, name + "_low"))
    high: float = min(getattr(a, name + "_high"), getattr(b, name + "_high"))
    return low <= high


@dataclass(frozen=True)
class AnswerChange:
    """One applicant in OLD and in NEW.

    Attributes
    ----------
    name
        Of the reference applicant, or the row of the table.
    specialty, applicant_type
    applications
        Of which p_apply is: the applicant's own, else midway between the models' usual numbers; None without
        two chains.
    target
        Of which the required applications are; None without two chains.
    old, new
    """

    name: str
    specialty: str
    applicant_type: str
    applications: int | None
    target: float | None
    old: Side
    new: Side

    @property
    def points(self) -> float:
        """Change of p_ranked in percentage points."""
        return 100 * (self.new.p_ranked - self.old.p_ranked)

    @property
    def points_apply(self) -> float | None:
        """Change of p_apply in percentage points; None without two chains."""
        if self.applications is None:
            return None
        old, new = (known(side.p_apply, "chance for applications") for side in (self.old, self.new))
        return 100 * (new - old)

    @property
    def largest(self) -> float:
        """The larger of the two changes, without its sign."""
        return max(abs(self.points), abs(self.points_apply or 0.0))

    @property
    def points_width(self) -> float:
        """Change of the width of p_ranked's 80% range in percentage points."""
        old, new = (side.p_ranked_high - side.p_ranked_low for side in (self.old, self.new))
        return 100 * (new - old)

    @property
    def overlap(self) -> bool:
        """Whether the 80% ranges of p_ranked overlap."""
        return _overlap(self.old, self.new, "p_ranked")

    @property
    def overlap_apply(self) -> bool | None:
        """Whether the 80% ranges of p_apply overlap; None without two chains."""
        return None if self.applications is None else _overlap(self.old, self.new, "p_apply")

    def to_dict(self) -> dict[str, Any]:
        """Return plain texts and numbers, as `--json` prints them."""
        return {
            "name": self.name, "specialty": self.specialty, "applicant_type": self.applicant_type,
            "applications": self.applications, "target": self.target,
            "old": asdict(self.old), "new": asdict(self.new),
            "points": self.points, "points_apply": self.points_apply, "points_width": self.points_width,
            "overlap": self.overlap, "overlap_apply": self.overlap_apply,
        }  # fmt: skip


@dataclass(frozen=True)
class NotCompared:
    """An applicant that one of the models, or each of them, cannot answer: why, '' where it does."""

    name: str
    specialty: str
    applicant_type: str
    old: str
    new: str


class Either:
    """What `read_table` asks of a model, answered where either of two can: both must refuse a row."""

    def __init__(self, old: Model, new: Model) -> None:
        self.models = (new, old)

    def _try(self, ask: Callable[[Model], T]) -> T:
        try:
            return ask(self.models[0])
        except RefusedInput as error:
            first = error
        try:
            return ask(self.models[1])
        except RefusedInput:
            raise first from None

    def kind(self, applicant_type: str) -> ApplicantType:
        """Return a model's record of an applicant type."""
        return self._try(lambda model: model.kind(applicant_type))

    def cell(self, applicant_type: str, specialty: str) -> Cell:
        """Return a model's record of a specialty for a type."""
        return self._try(lambda model: model.cell(applicant_type, specialty))

    def resolve(self, applicant: Applicant) -> Applicant:
        """Return the applicant with cycle and years filled in."""
        return self._try(lambda model: model.resolve(applicant))


def read_rows(
    path: str | os.PathLike[str], old: Model, new: Model, ignore_unread: bool = False
) -> dict[str, Asked]:
    """Return {'applicant 1': Asked, ...} of a table, in its order; what is not read of it is said."""
    table = read_table(path, Either(old, new), ignore_unread=ignore_unread)
    for line in table.said:
        say(line)
    pairs = zip(table.applicants, table.questions, strict=True)
    return {f"applicant {k}": Asked(a, q) for k, (a, q) in enumerate(pairs, start=1)}


def _refusal(model: Model, applicant: Applicant) -> str:
    """Return why a model cannot answer, '' where it can."""
    try:
        model.resolve(applicant)
    except RefusedInput as error:
        known = applicant.applicant_type in model.applicant_types
        if isinstance(error, NotInModel) and known:  # the whole list of specialties is too long here
            return f"no specialty {applicant.specialty} of {applicant.applicant_type}"
        return str(error)
    if model.withheld(applicant.applicant_type, applicant.specialty):
        return f"no number is given for {applicant.specialty} of {applicant.applicant_type}"
    return ""


def _question(models: Sequence[Model], one: Asked) -> Question:
    """Return what both models are asked: applications and a target where both have a chain."""
    a = one.applicant
    if not all(model.has_chain(a.applicant_type, a.specialty) for model in models):
        return Question()
    chains = [known(model.cell(a.applicant_type, a.specialty).chain, "chain") for model in models]
    number = one.question.applications
    if number is None:
        midway = round(sum(chain.usual.value for chain in chains) / 2)
        number = max(1, min(midway, *(chain.rates.listed for chain in chains)))
    target = DEFAULT_TARGET if one.question.target is None else one.question.target
    return Question(applications=number, target=target)


def _sides(model: Model, asked: Sequence[Asked], step: Callable[[int], None]) -> list[Side]:
    """Return a Side of each applicant, with the numbers of `Model.odds`."""
    sides = []
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        scores = score_applicants(model, [one.applicant for one in some], [one.question for one in some])
        for k, one in enumerate(some):
            cycle = known(model.resolve(one.applicant).cycle, "cycle")
            sides.append(_side(scores, k, cycle, one.question.applications is not None))
        step(len(some))
    return sides


def _side(scores: Mapping[str, Any], k: int, cycle: int, chain: bool) -> Side:
    """Return the numbers of one row of `score_applicants`, those of the chain where it was asked."""

    def score(name: str) -> float | None:
        value = float(scores[name][k])
        return None if isnan(value) else value

    def whole(name: str) -> int | None:
        value = score(name)
        return None if value is None else int(value)

    low, middle, high = (
        known(score(name), "chance") for name in ("p_ranked_low", "p_ranked", "p_ranked_high")
    )
    ranked = Side(cycle, str(scores["trust"][k]), middle, low, high)
    if not chain:
        return ranked
    return replace(
        ranked,
        p_apply=score("p_apply"),
        p_apply_low=score("p_apply_low"),
        p_apply_high=score("p_apply_high"),
        required_applications=whole("required_applications"),
        required_applications_low=whole("required_applications_low"),
        required_applications_high=whole("required_applications_high"),
    )


def compare_applicants(
    old: Model,
    new: Model,
    applicants: Mapping[str, Asked],
    cycle: int | None = None,
    step: Callable[[int], None] = lambda n: None,
) -> tuple[tuple[AnswerChange, ...], tuple[NotCompared, ...]]:
    """Ask two models about the same applicants.

    Parameters
    ----------
    old, new, applicants
    cycle
        For who names none; each model's own default cycle where absent.
    step
        Told how many answers are done, two per applicant.

    Returns
    -------
    compared
        The largest change first.
    left_out
        In the order of the applicants.
    """
    asked: dict[str, Asked] = {}
    left_out = []
    for name, one in applicants.items():
        applicant = one.applicant
        if cycle is not None and applicant.cycle is None:
            applicant = applicant.replace(cycle=cycle)
        reasons = [_refusal(model, applicant) for model in (old, new)]
        if any(reasons):
            left_out.append(NotCompared(name, applicant.specialty, applicant.applicant_type, *reasons))
        else:
            asked[name] = Asked(applicant, _question((old, new), Asked(applicant, one.question)))
    sides = [_sides(model, list(asked.values()), step) for model in (old, new)]
    changes = [
        AnswerChange(
            name, one.applicant.specialty, one.applicant.applicant_type, one.question.applications,
            one.question.target, before, after,
        ) for (name, one), before, after in zip(asked.items(), *sides, strict=True)
    ]  # fmt: skip
    return tuple(sorted(changes, key=lambda c: -c.largest)), tuple(left_out)
