"""The best list of programs of one specialty, of every length, with at most so many signals.

Mean invitations are the sum of the programs' chances of an invitation, and the chance of matching rises with
them, so the best list of N programs with at most S signals is the one with the largest sum. That is a
transportation problem (each program to "signal", of capacity S, to "no signal", or to nowhere; N in all), so
adding one program at a time along the path that adds most keeps every list optimal (successive shortest
paths; Busacker and Gowen, 1961; Ahuja, Magnanti and Orlin, Network Flows, 1993, chapter 9). Hence the lists
are nested: a list of N is the list of N - 1 and one more.

It knows nothing of the model: values in, places out.
"""

from collections.abc import Sequence
from heapq import heappop, heappush

from ...frozen import frozen

TIE = 1e-12  # a gain below it is none


@frozen
class Lists:
    """The best lists of every length, one inside the other.

    Attributes
    ----------
    order
        Places of the programs in the order in which they join: the best list of N is its first N.
    signalled
        For N = 0, 1, ...: which of those get a signal.
    totals
        For N = 0, 1, ...: the largest sum.
    """

    order: tuple[int, ...]
    signalled: tuple[frozenset[int], ...]
    totals: tuple[float, ...]


def best_lists(
    plain: Sequence[float], signal: Sequence[float], signals: int, longest: int | None = None
) -> Lists:
    """Return the best lists of every length.

    Parameters
    ----------
    plain, signal
        A program's value without and with a signal; with is never below without.
    signals
        How many signals there are.
    longest
        The longest list wanted; all programs where absent.
    """
    n = len(plain)
    by_plain = sorted(range(n), key=lambda i: (-plain[i], i))
    by_signal = sorted(range(n), key=lambda i: (-signal[i], -plain[i], i))
    listed: set[int] = set()
    held: set[int] = set()
    gains: list[tuple[float, int]] = []  # a heap of what each signal adds to its program, least first
    order, signalled, totals = [], [frozenset[int]()], [0.0]
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
            if (
                held and signal[with_signal] - gains[0][0] > gain + TIE
            ):  # the signal that adds least moves to the new one
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
    return Lists(tuple(order), tuple(signalled), tuple(totals))
