"""The programs of one specialty that can work for an applicant, and what they are worth in every draw."""

from collections.abc import Sequence, Set

import numpy as np

from ...applicant import Applicant
from ...known import known
from ...model import Model
from ...model.engine import CellArrays, ChainArrays, People, one_range
from ...model.fees import schedule_of
from ...model.records import Note
from .lists import Lists, best_lists
from .rates import BASES, Rate, applicants_behind, base_rate, mark, tilt, tilted
from .result import Dropped, Listed
from .screen import VisaType, screen
from .signals import Signals, Tier, published_signals, signal_effect, split_chance
from .table import Program, Wishes

_NO_WISHES = Wishes()


class Candidates:
    """The programs of one specialty that can work.

    In each draw a program of known rate has the chance expit(logit(rate) + t) of inviting the applicant, t
    the profile's (`rates.tilt`). Those of which nothing is known are taken as IMGs choose programs: k of them
    on a list have the engine's invitations of k applications, so a list of such programs alone is what
    `predict` says of k applications.

    Parameters
    ----------
    model
    applicant
        In this specialty, resolved.
    programs
    signals
        As asked, and counted then. Where None they are those of the published table: the list says where to
        send them, and its numbers hold the mix of applications with and without one, as `predict` does.
    visa_type
    wishes
        Filters drop programs; the weights of preferences multiply what a program counts for in the order.

    Attributes
    ----------
    chain
        None where the model has none.
    mixed, plain, signalled
        Chances of an invitation whether or not a signal is sent, without, and with one, shape (m, d): of the
        programs that can work, and in their order. Those of unknown programs are what each adds to those
        before it. Without a chain, shape (m, 1): the rates.
    unsent, sent_one
        What the list counts: `plain` and `signalled` where signals are counted, else `mixed` twice.
    """

    def __init__(
        self,
        model: Model,
        applicant: Applicant,
        programs: Sequence[Program],
        signals: Signals | None,
        visa_type: VisaType,
        wishes: Wishes = _NO_WISHES,
    ) -> None:
        kind, self.specialty = applicant.applicant_type, applicant.specialty
        self.applicant, self.programs = applicant, programs
        advice = model.record.advice
        self.people: People = model.people([applicant])
        self.arrays: CellArrays = self.people.arrays
        self.chain: ChainArrays | None = self.arrays.chain if model.has_chain(kind, self.specialty) else None
        self.schedule = schedule_of(model.record.fees, self.specialty)
        self.effect = signal_effect(advice)
        self.published = published_signals(advice, self.specialty)
        self.counted = signals is not None
        self.signals = signals or self.published or Signals(0)
        self.uses = self.effect is not None and bool(self.signals.total or self.published)
        self.dropped: list[Dropped] = []
        self.can_work: list[Program] = []
        self.unknown: list[tuple[Note, ...]] = []
        for program in programs:
            reasons, unknown = screen(applicant, program, visa_type)
            against = (*reasons, *wishes.against(program))
            if against:
                self.dropped.append(Dropped.of(program, against))
            else:
                self.can_work.append(program)
                self.unknown.append(unknown)
        behind = applicants_behind(model.cell(kind, self.specialty), self.chain) if self.chain else None
        self.rates: list[Rate | None] = [
            base_rate(p, kind, self.chain, advice, behind) for p in self.can_work
        ]
        self.weights = np.array([wishes.weight(p) for p in self.can_work])
        self.mixed, self.plain, self.signalled = self._worth()
        self.unsent, self.sent_one = (
            (self.plain, self.signalled) if self.counted else (self.mixed, self.mixed)
        )
        self.lists = self._lists(self.signals.total if self.counted else 0, self.weights)

    def _worth(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if self.chain is None:
            rates = np.array([[-1.0 if r is None else r.value] for r in self.rates]).reshape(-1, 1)
            return rates, rates, rates
        count, chance = len(self.chain.m0), np.empty((len(self.rates), len(self.chain.m0)))
        t = tilt(self.chain, self.people.factor[0])
        known_rates = [known(rate) for rate in self.rates]  # a chain gives every program one
        unknown = [i for i, rate in enumerate(known_rates) if rate.value is None]
        for i, rate in enumerate(known_rates):
            if rate.value is not None:
                chance[i] = tilted(rate.draws(count, self.can_work[i].row), t)
        chance[unknown] = np.diff(self.people.invitations(np.arange(len(unknown) + 1.0)), axis=0)
        plain, signalled = self._split(chance)
        takes_none = [i for i, program in enumerate(self.can_work) if program.signals is False]
        plain[takes_none] = signalled[takes_none] = chance[takes_none]
        return chance, plain, signalled

    def _split(self, chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not self.uses:
            return chance.copy(), chance.copy()
        effect = known(self.effect)
        return split_chance(chance, effect.draws(chance.shape[-1]), effect.share)

    def _lists(self, signals: int, weights: np.ndarray) -> Lists:
        """Return the best lists, a program counting for its chance times its weight."""
        both = (v.mean(axis=-1) for v in (self.unsent, self.sent_one))
        counts = [np.where(v > 0, v * weights, v).tolist() for v in both]  # what has no rate stays last
        return best_lists(counts[0], counts[1], signals)

    def _sum(
        self, listed: Sequence[int], sent: Set[int], unsent: np.ndarray, sent_one: np.ndarray
    ) -> np.ndarray:
        chances = np.array([sent_one[i] if i in sent else unsent[i] for i in listed])
        mean: np.ndarray = chances.sum(axis=0) if len(listed) else np.zeros(self.mixed.shape[-1])
        return mean

    def _best(self, n: int, lists: Lists) -> np.ndarray:
        return self._sum(lists.order[:n], lists.signalled[n], self.unsent, self.sent_one)

    def _added(self, listed: Sequence[int]) -> list[int]:
        """Return the places at which a signal does something, the most first."""
        added = (self.signalled - self.plain).mean(axis=-1) * self.weights
        return sorted((i for i in listed if added[i] > 0), key=lambda i: (-added[i], i))

    def sent(self, n: int) -> set[int]:
        """Return the places on the list of n where a signal goes and may do something."""
        if self.counted:
            return set(self._added(sorted(self.lists.signalled[n])))
        return set(self._added(self.lists.order[:n])[: self.signals.total])

    def tiers(self, n: int) -> dict[int, Tier]:
        """Return which signal goes where on the list of n: gold where a signal adds most."""
        gold = self.signals.gold
        if gold is None:
            return {}
        return {i: "gold" if k < gold else "silver" for k, i in enumerate(self._added(sorted(self.sent(n))))}

    def mean(self, n: int) -> np.ndarray:
        """Return mean invitations of the best list of n, shape (d,)."""
        return self._best(n, self.lists)

    def mean_with_signals(self, n: int) -> np.ndarray:
        """Return mean invitations of the best list of n where its signals are sent, shape (d,)."""
        return self._sum(self.lists.order[:n], self.sent(n), self.plain, self.signalled)

    def mean_without_signals(self, n: int) -> np.ndarray:
        """Return mean invitations of n where none is sent, of the list that is best then, shape (d,)."""
        lists = self._lists(0, self.weights)
        return self._sum(lists.order[:n], frozenset(), self.plain, self.plain)

    def mean_without_preferences(self, n: int) -> np.ndarray:
        """Return mean invitations of the best list of n in the order of the chances alone, shape (d,)."""
        signals = self.signals.total if self.counted else 0
        return self._best(n, self._lists(signals, np.ones(len(self.weights))))

    def means(self, longest: int) -> np.ndarray:
        """Return mean invitations of the best lists of 0, 1, ..., longest, shape (longest + 1, d)."""
        found = np.zeros((longest + 1, self.mixed.shape[-1]))
        sent, added = self.lists.signalled, self.sent_one - self.unsent
        for n, new in enumerate(self.lists.order[:longest]):
            found[n + 1] = found[n] + self.unsent[new]
            for i in sent[n + 1] - sent[n]:
                found[n + 1] += added[i]
            for i in sent[n] - sent[n + 1]:
                found[n + 1] -= added[i]
        return np.maximum(found, 0.0)

    def random_mean(self, n: int) -> np.ndarray:
        """Return mean invitations of n of those that can work at random, with as many signals at random."""
        return self._at_random(n, self.unsent.mean(axis=0), self.sent_one.mean(axis=0))

    def everywhere_mean(self, n: int) -> np.ndarray:
        """Return mean invitations of n of all the specialty's programs at random, with as many signals at
        random.
        """
        chain = known(self.chain)
        n = min(n, int(chain.listed))
        if not (self.uses and self.counted):
            mean: np.ndarray = self.people.invitations(np.array([n]), "random")[0]
            return mean
        t = tilt(chain, self.people.factor[0])
        plain, signalled = self._split(tilted(chain.rates[:, None], t))
        weights = chain.programs / chain.programs.sum()
        return self._at_random(n, weights @ plain, weights @ signalled)

    def _at_random(self, n: int, plain: np.ndarray, signalled: np.ndarray) -> np.ndarray:
        spent = min(self.signals.total, n)
        mean: np.ndarray = (n - spent) * plain + spent * signalled
        return mean

    def choose_mean(self, n: int) -> np.ndarray:
        """Return mean invitations of n programs as IMGs choose them, and send their signals: that of
        `predict`.
        """
        mean: np.ndarray = self.people.invitations(np.array([n]))[0]
        return mean

    def shown(self, n: int) -> tuple[list[Listed], list[Listed]]:
        """Return the list of n, best first, and those that can work but are not on it.

        What is expected of unknown programs is shared among those of the same standing: nothing tells one
        from another.
        """
        sent, tiers = self.sent(n), self.tiers(n)
        order, listed = self.lists.order, set(self.lists.order[:n])
        unknown = {i for i, rate in enumerate(self.rates) if rate is not None and rate.value is None}
        values = [v.copy() for v in (self.mixed, self.plain, self.signalled)]
        signalled = sent if self.counted else set()
        for group in (unknown & listed & signalled, (unknown & listed) - signalled, unknown - listed):
            alike = sorted(group)
            for v in values if alike else ():
                v[alike] = v[alike].mean(axis=0)
        mixed, plain, with_one = values
        chances = [(with_one if i in sent else plain) if self.counted else mixed for i in range(len(mixed))]
        made = [self._listed(i, i in sent, tiers.get(i), chances[i][i], plain[i], with_one[i]) for i in order]
        return made[:n], made[n:]

    def _listed(
        self,
        i: int,
        signal: bool,
        tier: Tier | None,
        chance: np.ndarray,
        plain: np.ndarray,
        signalled: np.ndarray,
    ) -> Listed:
        rate, chain = self.rates[i], self.chain
        base = None if rate is None else rate.value
        has_chance = rate is not None and chain is not None
        marked = None if chain is None else mark(chain.rate if base is None else base, chain.rate)
        return Listed.of(
            self.can_work[i],
            self.unknown[i],
            chance=one_range(chance) if has_chance else None,
            chance_without_signal=float(plain.mean()) if has_chance else None,
            chance_with_signal=float(signalled.mean()) if has_chance else None,
            signal=signal,
            tier=tier,
            weight=float(self.weights[i]),
            mark=marked,
            rate=base,
            rate_from=None if rate is None else rate.kind,
            basis=None if rate is None else BASES[rate.kind],
        )

    @property
    def factor(self) -> np.ndarray:
        """What the profile multiplies the mean rate by, against the average applicant, shape (d,)."""
        factor: np.ndarray = np.exp(known(self.chain).eta * self.people.lp[0])
        return factor

    @property
    def average_chance(self) -> np.ndarray:
        """Chance of an invitation at a program at random, shape (d,)."""
        chance: np.ndarray = self.people.invitations(np.array([1]), "random")[0]
        return chance
