"""A first specialty and backups under one budget: what each share for the first gives, and the best split."""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from ...applicant import Applicant, read_number
from ...errors import NotInModel, RefusedInput, clipped
from ...known import known
from ...model import Model
from ...model.answer import Answer
from ...model.engine import ORDERS, Order, one_range
from ...model.fees import application_fees, cost, schedule_of, total
from ...model.records import FeeStep, Note
from ...model.sentences import text
from ...question import APPLICATIONS_LIMIT, Question
from ...report.wording import dollars, type_name
from ...specialty import asked_specialty
from ..common import change, share_above
from ..luck import Shared, as_asked
from ..splits import Budget, Counted, Paid
from .result import Other, Part, Portfolio, Way
from .search import Split, best_split, corners, even

MOST = 3  # specialties
NEXT = 10  # applications whose gain is told
MOST_DOLLARS = 1e6
SHARES = (1.0, 0.75, 0.5, 0.25, 0.0)  # of the budget, for the first specialty


class _Splits:
    """What splits are worth, luck shared, in every draw; each asked once.

    Attributes
    ----------
    value
        Split -> P(match at all), the mean over draws.
    """

    def __init__(self, model: Model, answers: Sequence[Answer], order: Order) -> None:
        people = [model.people([answer.applicant]) for answer in answers]
        self.shared = Shared(people, [as_asked(one, order) for one in people])
        self._each: dict[Split, list[np.ndarray]] = {}
        self.value = cache(self.shared.mean)

    def each(self, split: Split) -> list[np.ndarray]:
        """Return P(match there and to none before it), each of shape (d,)."""
        if split not in self._each:
            self._each[split] = [chance[0] for chance in self.shared.each(split)]
        return self._each[split]

    def any(self, split: Split) -> np.ndarray:
        """Return P(match at all), shape (d,)."""
        return sum(self.each(split), np.zeros(()))


def portfolio(
    model: Model,
    applicant: Applicant,
    backups: Sequence[str],
    question: Question | None = None,
    budget: Any = None,
    wish: Any = None,
    order: Order = "choose",
) -> Portfolio:
    """Return what each share of a budget for the first specialty gives, and the best split at any price.

    With n_s applications in each specialty s, in the applicant's order of preference, and a place u among
    those with the same profile (`luck`), the chance of matching in s is

        E_u[ (1 - f_s(m_s(n_s) G_s)) prod_{r before s} f_r(m_r(n_r) G_r) ],

    f_s the chance of not matching, m_s the mean invitations; their sum is that of matching at all, whose
    mean over draws the best split maximises. The backups get the best split of what the first one leaves.
    Ranges are of the draws.

    Parameters
    ----------
    model
    applicant
        In the preferred specialty.
    backups
        One or two other specialties, in the order of preference.
    question
        Its applications are the budget; where neither they nor `budget` are given, the usual numbers
        together are, if all of them are known.
    budget
        Dollars of application fees, which start again in each specialty; fixed fees apart.
    wish
        Share of the budget for the first specialty that is told too, such as 0.8 or '80%'.
    order
        In which programs are applied to.

    Raises
    ------
    RefusedInput
        For no or more than two backups, two budgets, a wish that is no share, fees or usual numbers that
        are not known.
    NotInModel
        For a specialty without an applications chain, or a backup that is withheld.
    """
    if order not in ORDERS:
        raise RefusedInput(f"order is {clipped(order)}; say {', '.join(ORDERS[:-1])} or {ORDERS[-1]}")
    asked = Question() if question is None else question
    names = _names(applicant.specialty, backups)
    share = _share(wish)
    answers = [model.odds(applicant.replace(specialty=name), asked) for name in names]
    _can_answer(answers)
    if answers[0].withheld:
        return Portfolio(answers[0], order)
    schedules = [schedule_of(model.record.fees, name) for name in names]
    rule = _rule(answers, schedules, asked.applications, budget)
    listed = [known(answer.listed) for answer in answers]
    splits = _Splits(model, answers, order)
    split, every = best_split(splits.value, rule, listed)
    shares = sorted({*SHARES, *([] if share is None else [share])}, reverse=True)
    by_share = {one: _with_share(one, splits, rule, listed) for one in shares}
    split = max([split, *by_share.values()], key=splits.value)

    chance = splits.any(split)
    candidates: list[tuple[str | None, Split]] = [
        *zip(names, corners(rule, listed), strict=True),
        (None, even(rule, listed)),
    ]
    others = []
    for name, other in candidates:
        if other == split or not any(other):
            continue
        theirs = splits.any(other)
        gain, sure = change(chance, theirs), share_above(chance - theirs)
        others.append(
            Other(name, other, one_range(theirs), splits.value(other), _fees(schedules, other), gain, sure)
        )
    return Portfolio(
        answer=answers[0],
        order=order,
        applications=int(rule.budget) if budget is None else None,
        budget_usd=None if budget is None else float(rule.budget),
        budget_given=budget is not None or asked.applications is not None,
        wish=share,
        parts=tuple(_part(model, answers[k], splits, k, split, schedules[k]) for k in range(len(names))),
        ways=tuple(_ways(by_share, split, share, splits, schedules)),
        chance=one_range(chance),
        value=splits.value(split),
        independent=float(splits.shared.independent(split)[0].mean()),
        fees_usd=_fees(schedules, split),
        others=tuple(others),
        every=every,
        notes=tuple(_notes(model, answers, split, order)),
    )


def _names(first: str, backups: Sequence[str]) -> list[str]:
    names = [first, *(asked_specialty(name) for name in backups)]
    if not 2 <= len(names) <= MOST:
        raise RefusedInput(
            f"{len(names)} specialt{'y' if len(names) == 1 else 'ies'}; give a first one and one or "
            f"two backups"
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise RefusedInput(f"{twice} is there twice; give specialties that differ")
    return names


def _can_answer(answers: Sequence[Answer]) -> None:
    """Refuse a backup that is withheld, and a specialty without a chain."""
    for backup in answers[1:]:
        if backup.withheld:
            reasons = " ".join(text(note) for note in backup.trust.reasons)
            raise NotInModel(f"no number is given for {backup.applicant.specialty} as a backup: {reasons}")
    for answer in answers:
        if not answer.withheld and answer.listed is None:
            a = answer.applicant
            raise NotInModel(
                f"there are not enough figures on applications to {a.specialty} of "
                f"{type_name(a.applicant_type, True)}, "
                "so no budget can be split there; name another specialty"
            )


def _share(wish: Any) -> float | None:
    """Return the checked share of the budget that is wished for the first specialty."""
    meaning = "it is the share of the budget for the first specialty, such as 0.75 or 75%"
    percent = isinstance(wish, str) and wish.strip().endswith("%")
    number = wish.strip()[:-1] if percent else wish
    found = read_number(number, "wish", 0, 100 if percent else 1, meaning)
    return found / 100 if percent and found is not None else found


def _with_share(share: float, splits: _Splits, rule: Budget, listed: Sequence[int]) -> Split:
    """Return the split that spends a share of the budget on the first specialty, the rest at its best."""
    if share == 1.0:
        return corners(rule, listed)[0]
    first = rule.most(0, rule.budget * share + 1e-9, listed[0])
    left = rule.budget - rule.cost(0, first)
    if len(listed) == 2:
        return first, rule.most(1, left, listed[1])
    backups = Counted(int(left)) if isinstance(rule, Counted) else Paid(left, rule.costs[1:])
    rest, _ = best_split(lambda split: splits.value((first, *split)), backups, listed[1:])
    return first, *rest


def _ways(
    by_share: dict[float, Split],
    best: Split,
    wish: float | None,
    splits: _Splits,
    schedules: Sequence[tuple[FeeStep, ...] | None],
) -> Iterator[Way]:
    """Yield the frontier, each split once, from the most for the first specialty to the least."""
    found: dict[Split, float | None] = {}
    for split in by_share.values():  # the share nearest to what it is, where several come to one split
        shares = (share for share, made in by_share.items() if made == split)
        found[split] = min(shares, key=lambda share: abs(share - split[0] / max(sum(split), 1)))
    found.setdefault(best, None)
    wished = None if wish is None else by_share[wish]
    for split in sorted(found, key=lambda split: -split[0]):
        # What the backups get takes nothing from the first, so that it is the same whatever they get.
        alone = (split[0], *(0 for _ in split[1:])) if split[0] else split
        first, chance = one_range(splits.each(alone)[0]), one_range(splits.any(split))
        fees = _fees(schedules, split)
        yield Way(found[split], split, first, chance, fees, split == best, split == wished)


def _rule(
    answers: Sequence[Answer],
    schedules: Sequence[tuple[FeeStep, ...] | None],
    applications: int | None,
    budget: Any,
) -> Budget:
    """Return the budget: applications, dollars, or the usual numbers together."""
    if applications is not None and budget is not None:
        raise RefusedInput("give --applications or --budget, not both")
    names = [answer.applicant.specialty for answer in answers]
    if applications is not None:
        return Counted(applications)
    if budget is None:
        without = [name for name, answer in zip(names, answers, strict=True) if answer.usual is None]
        if without:
            raise RefusedInput(
                f"the usual number of applications to {' and '.join(without)} is not known; say how many you "
                f"would send in all with --applications, or give --budget"
            )
        return Counted(min(sum(_usual(answer) for answer in answers), APPLICATIONS_LIMIT))
    amount = read_number(
        budget, "budget", 0, MOST_DOLLARS, "it is in dollars, such as 3000, and at most 1,000,000"
    )
    if not amount:
        raise RefusedInput(f"budget is {clipped(budget)}; it is in dollars, such as 3000")
    unpriced = [name for name, schedule in zip(names, schedules, strict=True) if schedule is None]
    if unpriced:
        raise RefusedInput(
            f"the model has no fees of {' and '.join(unpriced)}, so a budget in dollars says nothing "
            f"there; give --applications"
        )
    rule = Paid(amount, [partial(application_fees, known(schedule)) for schedule in schedules])
    least = min(rule.cost(k, 1) for k in range(len(names)))
    if least > amount:
        raise RefusedInput(
            f"a budget of {dollars(amount)} pays for no application; the first costs {dollars(least)}"
        )
    return rule


def _usual(answer: Answer) -> int:
    return min(max(round(known(answer.usual).value), 1), known(answer.listed))


def _fees(schedules: Sequence[tuple[FeeStep, ...] | None], split: Split) -> float | None:
    fees = [cost(schedule, n) if n else 0.0 for schedule, n in zip(schedules, split, strict=True)]
    return total(fees)


def _part(
    model: Model, answer: Answer, splits: _Splits, k: int, split: Split, schedule: tuple[FeeStep, ...] | None
) -> Part:
    n, listed = split[k], known(answer.listed)
    more = min(n + NEXT, listed)
    gain = None
    if more > n:
        gain = splits.value(tuple(more if i == k else m for i, m in enumerate(split))) - splits.value(split)
    alone = tuple(n if i == k else 0 for i in range(len(split)))
    cell = model.cell(answer.applicant.applicant_type, answer.applicant.specialty)
    return Part(
        answer=answer,
        applications=n,
        listed=listed,
        fees_usd=cost(schedule, n) if n else 0.0,
        chance=one_range(splits.any(alone)) if n else None,
        matched_here=float(splits.each(split)[k].mean()),
        next_gain=gain,
        next_usd=None if gain is None else cost(schedule, more, n),
        slope_basis=cell.beta.basis,
        level_basis=cell.level.basis,
        usual=_usual(answer),
        usual_basis=known(answer.usual).basis,
    )


def _notes(model: Model, answers: Sequence[Answer], split: Split, order: Order) -> Iterator[Note]:
    for answer in answers[1:]:
        yield from (
            note
            for note in answer.warnings
            if note not in answers[0].notes and note.code != "applications_above_listed"
        )
    yield Note("luck_shared_specialties")
    yield Note("who_prefer_it")
    yield Note("interviews_may_clash")
    if order != "choose":
        yield Note("order_is_bound", {"order": order})
    unsure = [
        answer.applicant.specialty
        for answer, n in zip(answers, split, strict=True)
        if n and any(note.code == "usual_unsure" for note in answer.notes)
    ]
    if unsure:
        yield Note("usual_unsure_of", {"specialties": ", ".join(unsure)})
