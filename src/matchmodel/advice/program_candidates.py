"""The programs of one specialty that can work, what they are worth, and P(match) of lists of them.

Standard library only.
"""

from ..fees import schedule_of
from . import picking
from .profile import Profile
from .program_rates import BASES, base_rate, mark, signal_effect, split_rate
from .program_result import Dropped, Listed
from .program_screen import screen


def summed(rates, times=None):
    """Return State -> the sum of the rates after the profile, each capped at 1, and each counted so many times."""
    times = [1] * len(rates) if times is None else times
    total, top = sum(r * n for r, n in zip(rates, times)), max(rates, default=0.0)
    return lambda state: total * state.scale if top * state.scale <= 1.0 else sum(min(r * state.scale, 1.0) * n for r, n in zip(rates, times))


class Candidates:
    """The programs of one specialty that can work, and what they are worth."""

    def __init__(self, model, applicant, programs, signals, visa_type, crossed):
        self.model, self.specialty, self.programs = model, applicant.specialty, programs
        self.profile = Profile(model, applicant, crossed=crossed)
        self.chain, self.advice = self.profile.chain, model.content.get("advice")
        kind = self.profile.applicant.applicant_type
        self.scale = 1.0 if self.chain is None else self.profile.state.scale
        self.fees = None if model.content["chain"] is None else schedule_of(model.content["chain"]["fees"], self.specialty)
        self.effect = signal_effect(self.advice)
        published = ((self.advice or {}).get("signals") or {}).get(self.specialty)
        self.published = None if published is None or published["total"] is None else int(published["total"])
        self.signals = (self.published or 0) if signals is None else signals
        self.uses = self.effect is not None and bool(self.signals or self.published)
        self.dropped, self.eligible, self.unknown = [], [], []
        for program in programs:
            reasons, unknown = screen(self.profile.applicant, program, visa_type)
            if reasons:
                self.dropped.append(Dropped(program.row, program.label, program.id, program.specialty, program.state, program.setting, reasons))
            else:
                self.eligible.append(program)
                self.unknown.append(unknown)
        rates = [base_rate(program, kind, self.chain, self.advice) for program in self.eligible]
        # the higher rate first: where the profile caps two at 1, it still has more invitations in draws with a lower factor
        order = sorted(range(len(rates)), key=lambda i: -1.0 if rates[i] is None else -rates[i].rate) if self.chain is not None else range(len(rates))
        self.eligible, self.unknown, self.rates = ([found[i] for i in order] for found in (self.eligible, self.unknown, rates))
        self.plain, self.signalled = [], []  # rates before the profile
        for program, rate in zip(self.eligible, self.rates):
            value = 0.0 if rate is None else rate.rate
            q, r = split_rate(value, self.effect) if self.uses and program.signals is not False else (value, value)
            self.plain.append(q)
            self.signalled.append(r)
        self.lists = self._lists(self.signals)

    def _lists(self, signals):
        return picking.best_lists([self._at(r) for r in self.plain], [self._at(r) for r in self.signalled], signals)

    def _at(self, rate):
        return min(rate * self.scale, 1.0)

    def listed_rates(self, n, signals=None):
        """Return the rates, before the profile, of the best list of n."""
        lists = self.lists if signals is None else self._lists(signals)
        return [self.signalled[i] if i in lists.signalled[n] else self.plain[i] for i in lists.order[:n]]

    def random_mean(self, n):
        """Return scale -> mean invitations of n of the eligible at random, with as many signals at random."""
        plain, signalled, count = summed(self.plain), summed(self.signalled), len(self.plain)
        spent = min(self.signals, n)
        return lambda state: ((n - spent) * plain(state) + spent * signalled(state)) / count

    def everywhere_mean(self, n):
        """Return State -> mean invitations of n of all the specialty's programs at random, with as many signals at random."""
        n = min(n, self.profile.listed)
        if not self.uses:
            return lambda state: n * state.each
        both, spent = [split_rate(r, self.effect) for r in self.chain.rates], min(self.signals, n)
        plain, signalled = (summed([one[k] for one in both], self.chain.programs) for k in (0, 1))
        count = sum(self.chain.programs)
        return lambda state: ((n - spent) * plain(state) + spent * signalled(state)) / count

    def pick(self, i, signal, bounds):
        """Return a `Listed`."""
        program, rate = self.eligible[i], self.rates[i]
        at = self.signalled[i] if signal else self.plain[i]
        numbers = (None,) * 5
        if rate is not None:
            numbers = self._at(at), *(min(at * b, 1.0) for b in bounds), self._at(self.plain[i]), self._at(self.signalled[i])
        marked = None if self.chain is None else mark(rate.rate, self.chain.mean)
        given = (None, None, None) if rate is None else (rate.rate, rate.kind, BASES[rate.kind])
        return Listed(program.row, program.label, program.id, program.specialty, program.state, program.setting, *numbers, signal, marked, *given, self.unknown[i])
