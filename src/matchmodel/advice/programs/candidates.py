"""The programs of one specialty that can work for an applicant, and what they are worth in every draw."""

from collections.abc import Sequence

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
        As asked; what the published table gives the specialty where None.
    visa_type
    wishes
        Filters drop programs; the weights of preferences multiply what a program counts for in the order.

    Attributes
    ----------
    chain
        None where the model has none.
    plain, signalled
        Chances of an invitation without and with a signal, shape (m, d): of the programs that can work, and
        in their order. Those of unknown programs are what each adds to those before it. Without a chain,
        shape (m, 1): the rates.
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
        self.plain, self.signalled = self._worth()
        self.lists = self._lists(self.signals.total, self.weights)

    def _worth(self) -> tuple[np.ndarray, np.ndarray]:
        if self.chain is None:
            rates = np.array([[-1.0 if r is None else r.value] for r in self.rates]).reshape(-1, 1)
            return rates, rates
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
        return plain, signalled

    def _split(self, chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not self.uses:
            return chance, chance.copy()
        effect = known(self.effect)
        return split_chance(chance, effect.draws(chance.shape[-1]), effect.share)

    def _lists(self, signals: int, weights: np.ndarray) -> Lists:
        """Return the best lists, a program counting for its chance times its weight."""
        plain, signalled = (v.mean(axis=-1) for v in (self.plain, self.signalled))
        counts = [np.where(v > 0, v * weights, v).tolist() for v in (plain, signalled)]  # no rate stays last
        return best_lists(counts[0], counts[1], signals)

    def _sum(self, n: int, lists: Lists) -> np.ndarray:
        sent, listed = lists.signalled[n], lists.order[:n]
        chances = np.array([self.signalled[i] if i in sent else self.plain[i] for i in listed])
        mean: np.ndarray = chances.sum(axis=0) if n else np.zeros(self.plain.shape[-1])
        return mean

    def sent(self, n: int) -> set[int]:
        """Return the places on the list of n where a signal goes and may do something."""
        return {i for i in self.lists.signalled[n] if (self.signalled[i] > self.plain[i]).any()}

    def tiers(self, n: int) -> dict[int, Tier]:
        """Return which signal goes where on the list of n: gold where a signal adds most."""
        gold = self.signals.gold
        if gold is None:
            return {}
        added = (self.signalled - self.plain).mean(axis=-1) * self.weights
        best = sorted(self.sent(n), key=lambda i: (-added[i], i))
        return {i: "gold" if k < gold else "silver" for k, i in enumerate(best)}

    def mean(self, n: int) -> np.ndarray:
        """Return mean invitations of the best list of n, shape (d,)."""
        return self._sum(n, self.lists)

    def mean_without_signals(self, n: int) -> np.ndarray:
        """Return mean invitations of the best list of n that spends no signal, shape (d,)."""
        return self._sum(n, self._lists(0, self.weights))

    def mean_without_preferences(self, n: int) -> np.ndarray:
        """Return mean invitations of the best list of n in the order of the chances alone, shape (d,)."""
        return self._sum(n, self._lists(self.signals.total, np.ones(len(self.weights))))

    def means(self, longest: int) -> np.ndarray:
        """Return mean invitations of the best lists of 0, 1, ..., longest, shape (longest + 1, d)."""
        found = np.zeros((longest + 1, self.plain.shape[-1]))
        sent = self.lists.signalled
        for n, new in enumerate(self.lists.order[:longest]):
            found[n + 1] = found[n] + self.plain[new]
            for i in sent[n + 1] - sent[n]:
                found[n + 1] += self.signalled[i] - self.plain[i]
            for i in sent[n] - sent[n + 1]:
                found[n + 1] -= self.signalled[i] - self.plain[i]
        return np.maximum(found, 0.0)

    def random_mean(self, n: int) -> np.ndarray:
        """Return mean invitations of n of those that can work at random, with as many signals at random."""
        return self._at_random(n, self.plain.mean(axis=0), self.signalled.mean(axis=0))

    def everywhere_mean(self, n: int) -> np.ndarray:
        """Return mean invitations of n of all the specialty's programs at random, with as many signals at
        random.
        """
        chain = known(self.chain)
        n = min(n, int(chain.listed))
        if not self.uses:
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
        plain, signalled = self.plain.copy(), self.signalled.copy()
        order = self.lists.order
        unknown = [i for i, rate in enumerate(self.rates) if rate is not None and rate.value is None]
        listed = set(order[:n])
        for group in (set(unknown) & listed & sent, set(unknown) & listed - sent, set(unknown) - listed):
            alike = sorted(group)
            if alike:
                plain[alike], signalled[alike] = plain[alike].mean(axis=0), signalled[alike].mean(axis=0)
        made = [self._listed(i, i in sent, tiers.get(i), plain[i], signalled[i]) for i in order]
        return made[:n], made[n:]

    def _listed(
        self, i: int, signal: bool, tier: Tier | None, plain: np.ndarray, signalled: np.ndarray
    ) -> Listed:
        rate, chain = self.rates[i], self.chain
        base = None if rate is None else rate.value
        has_chance = rate is not None and chain is not None
        marked = None if chain is None else mark(chain.rate if base is None else base, chain.rate)
        return Listed.of(
            self.can_work[i],
            self.unknown[i],
            chance=one_range(signalled if signal else plain) if has_chance else None,
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
