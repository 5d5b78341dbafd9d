"""The best list out of a table of programs for one applicant: what cannot work, chances, signals, the
picking, the gain.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ...applicant import Applicant, read_number
from ...errors import NotInModel, RefusedInput
from ...known import known
from ...model import Model
from ...model.engine import one_range
from ...model.fees import application_fees, cost, total
from ...question import Question
from ...specialty import asked_specialty
from .. import luck
from ..splits import Budget, Counted, Paid, best_split, longest_of
from .candidates import Candidates
from .remarks import notes_of
from .result import Against, Aside, Other, Part, ProgramList
from .screen import visa_type_name
from .signals import signals_of
from .table import ProgramTable, Wishes, read_programs

MOST_DOLLARS = 1_000_000.0
_ROOM = 4_000_000  # numbers that a search over splits may hold; beyond, it looks at fewer of the draws
_LEAST_DRAWS = 20


def programs(
    model: Model,
    applicant: Applicant,
    table: str | os.PathLike[str] | ProgramTable,
    question: Question | None = None,
    budget: float | str | None = None,
    specialties: Sequence[str] | None = None,
    signals: int | str | None = None,
    visa_type: str = "either",
    where: Sequence[str] = (),
    prefer: Sequence[str] = (),
) -> ProgramList:
    """Return the list of programs that maximises an applicant's chance of matching for a budget.

    What cannot work is dropped. Each other program's rate (of the table brought; kept within the specialty's
    own rates, or shrunk by the number behind it; else by its share of IMGs; else as IMGs choose) is moved by
    the profile on the odds in every draw, and by a signal where signals are asked for. Mean invitations are
    the sum, and the chance of matching is the engine's at that mean. The list of N with S signals has the
    most invitations expected; between specialties the split maximises the chance of matching to any, luck
    shared (`luck`).

    Parameters
    ----------
    model
    applicant
        The specialty is replaced by each of those asked for.
    table
    question
        `applications` is how many programs are applied to; this or `budget`.
    budget
        Dollars of application fees, which start again in each specialty; fixed fees apart.
    specialties
        Those of the table to pick from; all where absent.
    signals
        In each specialty, 15 or 'gold=3,silver=12': they are counted in every chance. Where absent, the list
        says where to send those of the table of signals, and its chances hold the usual mix, as `predict`'s.
    visa_type
        Which visa would do, where one is needed.
    where
        Filters on any column of the table, such as 'state=NY|NJ' or 'salary>=65000'.
    prefer
        Preferences on any column, such as 'setting=university:1.5': a program that fits counts for its chance
        times the weight when the list is made; its chance stays.

    Raises
    ------
    RefusedInput
        For a table with problems (all of them at once), or a question that cannot be answered.
    """
    question = Question() if question is None else question
    applications = question.applications
    if (applications is None) == (budget is None):
        raise RefusedInput(
            "say how much: --applications with a number of programs, or --budget with dollars; one of the two"
        )
    meaning = "it is in dollars, more than 0 and at most 1,000,000, such as 500"
    paid = None if budget is None else read_number(_plain(budget), "budget", 0.01, MOST_DOLLARS, meaning)
    spend = signals_of(signals)
    visa = visa_type_name(visa_type)
    read = table if isinstance(table, ProgramTable) else read_programs(os.fspath(table))
    wishes = Wishes.read(where, prefer, read)
    use, aside = _wanted(model, applicant.applicant_type, read, specialties)
    people = [model.resolve(applicant.replace(specialty=name)) for name in use]
    groups = [
        Candidates(model, a, [p for p in read.programs if p.specialty == a.specialty], spend, visa, wishes)
        for a in people
    ]
    live = [g for g in groups if g.can_work]
    rule = _rule(live, applications, paid)
    chances = _Chance(live)
    split, every = chances.split(rule) if live else ((), True)
    numbers = {g.specialty: n for g, n in zip(live, split, strict=True)}
    picks, others, parts = [], [], []
    for g in groups:
        n = numbers.get(g.specialty, 0)
        listed, rest = g.shown(n)
        picks += listed
        others += rest
        parts.append(_part(g, n))
    fees_usd = total([p.fees_usd for p in parts if p.applications])
    chosen = [g for g in live if numbers[g.specialty] and g.chain is not None]
    chances = chances if chosen == live else _Chance(chosen)
    result = ProgramList(
        answer=model.odds(people[0], question),
        path=read.path,
        visa_type=visa,
        asked=applications,
        budget=paid,
        fees_usd=fees_usd,
        parts=tuple(parts),
        picks=tuple(picks),
        others=tuple(others),
        dropped=tuple(d for g in groups for d in g.dropped),
        aside=tuple(aside),
        every_split=every,
        signals_counted=spend is not None,
        filters=tuple(wish.written for wish in wishes.filters),
        preferences=tuple(wish.written for wish in wishes.preferences),
    )
    return notes_of(model, _with_chances(result, chances, numbers), groups, read, wishes.keys)


def _plain(value: float | str) -> float | str:
    return value.strip().removeprefix("$").replace(",", "") if isinstance(value, str) else value


def _wanted(
    model: Model, kind: str, table: ProgramTable, specialties: Sequence[str] | None
) -> tuple[list[str], list[Aside]]:
    """Return the specialties to pick from, and those left aside."""
    present = table.specialties
    asked = list(dict.fromkeys(asked_specialty(s) for s in specialties)) if specialties else present
    for name in asked:
        if name not in present:
            raise RefusedInput(f"the table has no program of {name}; it has {', '.join(present)}")
    known = model.kind(kind).cells
    use = [name for name in asked if model.has_chain(kind, name)]
    without = [name for name in asked if name in known and name not in use]
    if not use and len(without) == 1:  # its programs can be screened and put in the order of their rates
        use = without
    counts = {name: sum(p.specialty == name for p in table.programs) for name in present}
    aside = [Aside(name, counts[name], "not_asked") for name in present if name not in asked]
    for name in asked:
        if name not in known:
            aside.append(Aside(name, counts[name], "no_table"))
        elif name not in use:
            aside.append(Aside(name, counts[name], "withheld" if model.withheld(kind, name) else "no_chain"))
    if use:
        return use, aside
    if not without:
        there = ", ".join(sorted(known))
        raise NotInModel(
            f"the table's specialties ({', '.join(asked)}) are in no table of {kind}; there are {there}"
        )
    either = " or ".join(without)
    raise NotInModel(
        f"the model has no invitation rates of {either}, so they cannot be compared; ask for one with "
        f"--specialty"
    )


def _rule(groups: Sequence[Candidates], applications: int | None, dollars: float | None) -> Budget:
    if applications is not None:
        return Counted(applications)
    for g in groups:
        if g.schedule is None:
            raise RefusedInput(
                f"this model has no fees for {g.specialty}, so a budget in dollars says nothing; give "
                f"--applications"
            )
    dollars = known(dollars)  # one of the two is given
    rule = Paid(dollars, [partial(application_fees, known(g.schedule)) for g in groups])
    least = min((rule.cost(k, 1) for k in range(len(groups))), default=0.0)
    if least > dollars:
        raise RefusedInput(
            f"a budget of ${dollars:,.0f} pays for no application; the first costs ${least:,.0f}"
        )
    return rule


class _Chance:
    """The chance of matching to any of some lists, in every draw: the engine's own for one specialty, else
    luck shared.
    """

    def __init__(self, groups: Sequence[Candidates]) -> None:
        self.groups = groups
        self._weights = np.ones((1, 1))
        self._luck: list[np.ndarray] = []
        if len(groups) > 1:
            self._weights, self._luck = luck.factors([known(g.chain).dispersion for g in groups])

    def match(self, means: Sequence[np.ndarray]) -> np.ndarray:
        """Return P(match to any) at mean invitations of each specialty, each of shape (d,)."""
        if len(self.groups) == 1:
            chance: np.ndarray = self.groups[0].people.p_apply(means[0][None])[0]
            return chance
        none = np.ones(1)
        for g, mean, factor in zip(self.groups, means, self._luck, strict=True):
            none = none * luck.unmatched(mean[:, None] * factor, g.people.p_by_ranks()[0])
        chance = ((1.0 - none) * self._weights).sum(axis=-1)
        return chance

    def invited(self, means: Sequence[np.ndarray]) -> np.ndarray:
        """Return P(at least one invitation), shape (d,)."""
        if len(self.groups) == 1:
            chance: np.ndarray = self.groups[0].people.p_any(means[0][None])[0]
            return chance
        total = np.zeros(1)
        for mean, factor in zip(means, self._luck, strict=True):
            total = total + mean[:, None] * factor
        chance = (-np.expm1(-total) * self._weights).sum(axis=-1)
        return chance

    def split(self, rule: Budget) -> tuple[tuple[int, ...], bool]:
        """Return applications by specialty, and whether every split was tried."""
        longest = longest_of(rule, [len(g.can_work) for g in self.groups])
        if len(self.groups) == 1:
            return (longest[0],), True
        draws, nodes = self._weights.shape
        rows = nodes * sum(n + 1 for n in longest)
        some = slice(None, None, max(1, min(draws // _LEAST_DRAWS, -(-rows * draws // _ROOM))))
        tables = []
        for g, factor, n in zip(self.groups, self._luck, longest, strict=True):
            mean = g.means(n)[:, some, None] * factor[some]
            tables.append(luck.unmatched(mean, g.people.p_by_ranks()[0, some]).reshape(n + 1, -1))
        weights = self._weights[some]
        return best_split(tables, weights.ravel() / len(weights), rule)


def _part(g: Candidates, n: int) -> Part:
    chance, expected, factor, average = None, None, None, None
    if g.chain is not None:
        mean = g.mean(n)
        expected, chance = one_range(mean), one_range(g.people.p_apply(mean[None])[0])
        factor, average = one_range(g.factor), one_range(g.average_chance)
    return Part(
        specialty=g.specialty,
        in_table=len(g.programs),
        can_work=len(g.can_work),
        applications=n,
        fees_usd=cost(g.schedule, n),
        signals=g.signals.total,
        spent=len(g.sent(n)),
        published_signals=None if g.published is None else g.published.total,
        gold=g.signals.gold,
        factor=factor,
        average_chance=average,
        chance=chance,
        expected=expected,
        listed=None if g.chain is None else int(g.chain.listed),
    )


def _with_chances(result: ProgramList, chances: _Chance, numbers: dict[str, int]) -> ProgramList:
    """Return the list with what it comes to, and the same numbers otherwise."""
    chosen = [(g, numbers[g.specialty]) for g in chances.groups]
    if not chosen:
        return result
    means = [g.mean(n) for g, n in chosen]
    found = chances.match(means)
    listed = sum(int(known(g.chain).listed) for g, _ in chosen)
    ways: tuple[tuple[Against, int, list[np.ndarray]], ...] = (
        ("can_work", sum(len(g.can_work) for g, _ in chosen), [g.random_mean(n) for g, n in chosen]),
        ("all", listed, [g.everywhere_mean(n) for g, n in chosen]),
        ("as_imgs_choose", listed, [g.choose_mean(n) for g, n in chosen]),
    )
    instead = []
    for against, there, others in ways:
        other = chances.match(others)
        instead.append(Other(against, there, one_range(other), one_range(found - other)))
    return replace(
        result,
        chance=one_range(found),
        expected=one_range(np.sum(means, axis=0)),
        p_any_invitation=one_range(chances.invited(means)),
        instead=tuple(instead),
        with_signals=one_range(chances.match([g.mean_with_signals(n) for g, n in chosen]))
        if any(g.sent(n) for g, n in chosen)
        else None,
        without_signals=one_range(chances.match([g.mean_without_signals(n) for g, n in chosen])),
        without_preferences=None
        if not result.preferences
        else one_range(chances.match([g.mean_without_preferences(n) for g, n in chosen])),
    )
