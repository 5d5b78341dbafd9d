"""How many applications each of several specialties gets, so that the chance of matching to any is the
largest.

It knows nothing of the model: chances of no match in, numbers out. Every split is tried where there are few;
else a search moves applications between two specialties at a time, every such move tried, until none helps.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np

SPLITS = 5000  # splits up to which every one is tried
TIE = 1e-12  # a gain below it is none
_SWEEPS = 50
Split = tuple[int, ...]


class Counted:
    """A budget of so many applications, whatever the specialty."""

    def __init__(self, applications: int) -> None:
        self.budget: float = applications

    def cost(self, which: int, n: int) -> float:
        """Return what n applications to a specialty take of the budget."""
        return n

    def most(self, which: int, left: float, longest: int) -> int:
        """Return how many applications to a specialty what is left allows."""
        return max(0, min(longest, int(left)))


class Paid:
    """A budget of dollars, fees starting again in each specialty.

    Parameters
    ----------
    dollars
    costs
        A specialty's number of applications -> dollars, never falling.
    """

    def __init__(self, dollars: float, costs: Sequence[Callable[[int], float]]) -> None:
        self.budget: float = dollars
        self.costs = costs
        self.cost = cache(lambda which, n: costs[which](n) if n else 0.0)

    def most(self, which: int, left: float, longest: int) -> int:
        """Return how many applications to a specialty the dollars left allow."""
        low, high = 0, longest
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.cost(which, middle) <= left + 1e-9 else (low, middle - 1)
        return low


Budget = Counted | Paid


def longest_of(budget: Budget, programs: Sequence[int]) -> list[int]:
    """Return the most applications that the whole budget allows each specialty."""
    return [budget.most(k, budget.budget, n) for k, n in enumerate(programs)]


def _every(budget: Budget, longest: Sequence[int], left: float, which: int = 0) -> Iterator[Split]:
    """Yield every split that spends what it can: the last specialty takes what is left."""
    if which == len(longest) - 1:
        yield (budget.most(which, left, longest[which]),)
        return
    for n in range(budget.most(which, left, longest[which]) + 1):
        for rest in _every(budget, longest, left - budget.cost(which, n), which + 1):
            yield (n, *rest)


def _none(tables: Sequence[np.ndarray], split: Sequence[int]) -> np.ndarray:
    product: np.ndarray = tables[0][split[0]]
    for table, n in zip(tables[1:], split[1:], strict=True):
        product = product * table[n]
    return product


def best_split(tables: Sequence[np.ndarray], weights: np.ndarray, budget: Budget) -> tuple[Split, bool]:
    """Return how many applications each specialty gets.

    Parameters
    ----------
    tables
        A specialty's chance of no match by number of applications (rows, from 0) and luck (columns).
    weights
        Of the luck, which sum to 1.
    budget

    Returns
    -------
    split
    every
        Whether every split was tried; else none that moves applications between two specialties is better.
    """
    longest = [len(table) - 1 for table in tables]
    many = 1
    for n in longest[:-1]:
        many *= n + 1
    if many <= SPLITS:
        return min(
            _every(budget, longest, budget.budget), key=lambda split: float(_none(tables, split) @ weights)
        ), True
    share = budget.budget / len(longest)
    starts = [tuple(budget.most(k, share, n) for k, n in enumerate(longest))]
    alone = [float(table[-1] @ weights) for table in tables]
    starts.append(tuple(n if k == int(np.argmin(alone)) else 0 for k, n in enumerate(longest)))
    found = [_improve(start, tables, weights, budget) for start in starts]
    return min(found, key=lambda one: one[1])[0], False


def _improve(
    split: Split, tables: Sequence[np.ndarray], weights: np.ndarray, budget: Budget
) -> tuple[Split, float]:
    """Return a split that no move between two specialties betters, and its chance of no match."""
    longest = [len(table) - 1 for table in tables]
    made = list(split)
    best = float(_none(tables, made) @ weights)
    for _ in range(_SWEEPS):
        before = best
        for i in range(len(made)):
            for j in range(i + 1, len(made)):
                both, found = _pair(made, i, j, tables, weights, budget, longest)
                if found < best - TIE:
                    best, made[i], made[j] = found, *both
        if best >= before - TIE:
            break
    return tuple(made), best


def _pair(
    split: Sequence[int],
    i: int,
    j: int,
    tables: Sequence[np.ndarray],
    weights: np.ndarray,
    budget: Budget,
    longest: Sequence[int],
) -> tuple[tuple[int, int], float]:
    """Return the best numbers of two specialties, the others as they are, and the chance of no match."""
    others = [k for k in range(len(split)) if k not in (i, j)]
    left = budget.budget - sum(budget.cost(k, split[k]) for k in others)
    rest = weights
    for k in others:
        rest = rest * tables[k][split[k]]
    first = range(budget.most(i, left, longest[i]) + 1)
    second = [budget.most(j, left - budget.cost(i, n), longest[j]) for n in first]
    none = np.einsum("nl,nl,l->n", tables[i][: len(first)], tables[j][second], rest)
    n = int(none.argmin())
    return (n, second[n]), float(none[n])
