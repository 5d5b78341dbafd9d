"""The list of programs that maximises the chance of matching: which programs, which signals, and how many in each specialty.

Within a specialty the chance of matching rises with mean invitations, and those are the sum of the programs' chances of an
invitation, so the best list of N programs with at most S signals is the one with the largest sum. That is a transportation
problem (each program to "signal", of capacity S, to "no signal", or to nowhere; N in all), so adding one program at a time along
the path that adds most keeps every list optimal (successive shortest paths; Busacker and Gowen, 1961; Ahuja, Magnanti and
Orlin, Network Flows, 1993, chapter 9). Hence the lists are nested: a list of N is the list of N - 1 and one more.

Between specialties the split is found by trying every one, or, where there are too many, by moving applications between two
specialties at a time, every such move tried, until none helps.

Standard library only. It knows nothing of the model: values in, places out.
"""

from collections import namedtuple
from heapq import heappop, heappush
from operator import mul

SPLITS = 5000  # splits between specialties up to which every one is tried
TIE = 1e-12  # a gain below it is none


class Picked(namedtuple("Picked", "order signalled totals")):
    """The best lists of every length, one inside the other.

    Attributes
    ----------
    order : tuple of int
        Places of the programs in the order in which they join: the best list of N is its first N.
    signalled : tuple of frozenset of int
        For N = 0, 1, ...: which of those get a signal.
    totals : tuple of float
        For N = 0, 1, ...: the largest sum.
    """

    __slots__ = ()


def best_lists(plain, signal, signals, longest=None):
    """Return the best lists of every length.

    Parameters
    ----------
    plain, signal : sequence of float
        A program's value without and with a signal; with is never below without.
    signals : int
        How many signals there are.
    longest : int, optional
        The longest list wanted; all programs where absent.

    Returns
    -------
    Picked
    """
    n = len(plain)
    by_plain = sorted(range(n), key=lambda i: (-plain[i], i))
    by_signal = sorted(range(n), key=lambda i: (-signal[i], -plain[i], i))
    listed, held, gains = set(), set(), []  # gains: a heap of what each signal adds to its program, least first
    order, signalled, totals = [], [frozenset()], [0.0]
    p = s = 0
    for _ in range(n if longest is None else min(n, longest)):
        while by_plain[p] in listed:
            p += 1
        while by_signal[s] in listed:
            s += 1
        new, total = by_plain[p], totals[-1]
        with_signal = by_signal[s]
        if len(held) < signals:
            new, gain = with_signal, signal[with_signal]
            take = True
        else:
            gain, take = plain[new], False
            if held and signal[with_signal] - gains[0][0] > gain + TIE:  # the signal that adds least moves over to the new one
                new, take = with_signal, True
                loss, old = heappop(gains)
                held.remove(old)
                gain = signal[new] - loss
        if take:
            held.add(new)
            heappush(gains, (signal[new] - plain[new], new))
        listed.add(new)
        order.append(new)
        signalled.append(frozenset(held))
        totals.append(total + gain)
    return Picked(tuple(order), tuple(signalled), tuple(totals))


class Counted:
    """A budget of so many applications, whatever the specialty.

    Parameters
    ----------
    applications : int
    """

    def __init__(self, applications):
        self.budget = applications

    def cost(self, which, n):
        """Return what n applications to a specialty take of the budget."""
        return n

    def most(self, which, left, longest):
        """Return how many applications to a specialty what is left allows."""
        return max(0, min(longest, left))


class Paid:
    """A budget of dollars, fees starting again in each specialty.

    Parameters
    ----------
    dollars : float
    costs : sequence of callable
        A specialty's number of applications -> dollars, never falling.
    """

    def __init__(self, dollars, costs):
        self.budget, self.costs, self._known = dollars, costs, {}

    def cost(self, which, n):
        """Return the dollars of n applications to a specialty."""
        if (which, n) not in self._known:
            self._known[which, n] = self.costs[which](n) if n else 0.0
        return self._known[which, n]

    def most(self, which, left, longest):
        """Return how many applications to a specialty the dollars left allow."""
        low, high = 0, longest
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.cost(which, middle) <= left + 1e-9 else (low, middle - 1)
        return low


def _every(budget, longest, left, which=0):
    """Yield every split that spends what it can: the last specialty takes what is left."""
    if which == len(longest) - 1:
        yield (budget.most(which, left, longest[which]),)
        return
    for n in range(budget.most(which, left, longest[which]) + 1):
        for rest in _every(budget, longest, left - budget.cost(which, n), which + 1):
            yield (n, *rest)


def _how_many(budget, longest):
    """At most this many splits."""
    product = 1
    for which in range(len(longest) - 1):
        product *= budget.most(which, budget.budget, longest[which]) + 1
    return product


def _fill(split, budget, longest):
    """Return a split with what is left of the budget spent, in order."""
    made = list(split)
    left = budget.budget - sum(budget.cost(k, n) for k, n in enumerate(made))
    for k, n in enumerate(made):
        made[k] = max(n, budget.most(k, left + budget.cost(k, n), longest[k]))
        left -= budget.cost(k, made[k]) - budget.cost(k, n)
    return tuple(made)


def _improve(split, value, budget, longest):
    """Return a split that no move between two specialties betters, and its value."""
    split = _fill(split, budget, longest)
    best, moved = value(split), True
    while moved:
        moved = False
        for i in range(len(split)):
            for j in range(len(split)):
                if i == j:
                    continue
                others = sum(budget.cost(k, n) for k, n in enumerate(split) if k not in (i, j))
                left = budget.budget - others
                for n in range(budget.most(i, left, longest[i]) + 1):
                    tried = list(split)
                    tried[i] = n
                    tried[j] = budget.most(j, left - budget.cost(i, n), longest[j])
                    found = value(tried)
                    if found > best + TIE:
                        best, split, moved = found, tuple(tried), True
    return split, best


def best_split(value, budget, longest):
    """Return how many applications each specialty gets.

    Parameters
    ----------
    value : callable
        Sequence of int, a number a specialty -> float, never falling in any of them.
    budget : Counted or Paid
    longest : sequence of int
        Programs to choose from in each specialty.

    Returns
    -------
    split : tuple of int
    every : bool
        Whether every split was tried; else none that moves applications between two specialties is better.
    """
    if _how_many(budget, longest) <= SPLITS:
        return max(_every(budget, longest, budget.budget), key=value), True
    starts = [tuple(budget.most(k, budget.budget, n) if k == only else 0 for k, n in enumerate(longest)) for only in range(len(longest))]
    starts.append(tuple(budget.most(k, budget.budget / len(longest), n) if isinstance(budget, Paid) else min(n, budget.budget // len(longest)) for k, n in enumerate(longest)))
    return max((_improve(start, value, budget, longest) for start in starts), key=lambda found: found[1])[0], False


def chance_table(f, means, nodes):
    """Return P(no match) for every number of applications (rows) and every luck (columns).

    Parameters
    ----------
    f : callable
        Mean invitations -> P(no match).
    means : sequence of float
        Mean invitations of 0, 1, ... applications.
    nodes : sequence of (float, float)
        Luck and its weight.
    """
    return [[f(mean * g) for g, _ in nodes] for mean in means]


def any_match(tables, weights):
    """Return the value of `best_split`: numbers of applications -> P(match at all), luck shared."""

    def value(split):
        none = weights
        for rows, n in zip(tables, split):
            if n:
                none = list(map(mul, none, rows[n]))
        return 1.0 - sum(none)

    return value
