"""The split of a budget with the highest value: the best of all where they are few, else a search by moves.

It knows nothing of the model: values in, splits out.
"""

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise

from ..splits import Budget, longest_of

EVERY = 120  # splits up to which the best of all is found
COARSE = {2: 24, 3: 12}  # specialties -> steps of the budget in the first look
STARTS = 3  # of the coarse splits, the best ones from which moves begin
TIE = 1e-12  # a gain below it is none
Split = tuple[int, ...]
Value = Callable[[Split], float]


def corners(budget: Budget, listed: Sequence[int]) -> list[Split]:
    """Return the splits that put all into one specialty."""
    longest = longest_of(budget, listed)
    return [tuple(n if k == only else 0 for k in range(len(longest))) for only, n in enumerate(longest)]


def even(budget: Budget, listed: Sequence[int]) -> Split:
    """Return the split with the same share of the budget for each."""
    return tuple(budget.most(k, budget.budget / len(listed), n) for k, n in enumerate(listed))


def _shares(steps: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (steps,)
        return
    for first in range(steps + 1):
        for rest in _shares(steps - first, parts - 1):
            yield (first, *rest)


def _coarse(budget: Budget, listed: Sequence[int]) -> set[Split]:
    """Return splits on a grid of the budget, the last specialty taking what is left."""
    steps = COARSE.get(len(listed), 6)
    found = set()
    for shares in _shares(steps, len(listed)):
        split: list[int] = []
        left = budget.budget
        for k, (share, n) in enumerate(zip(shares, listed, strict=True)):
            spent = left if k == len(listed) - 1 else min(budget.budget * share / steps, left)
            split.append(budget.most(k, spent + 1e-9, n))
            left -= budget.cost(k, split[-1])
        found.add(tuple(split))
    return found


def _moves(split: Split, step: int, budget: Budget, listed: Sequence[int]) -> Iterator[Split]:
    """Yield splits that change one specialty by so many applications and spend what is left in another."""
    for i, n in enumerate(split):
        for taken in {max(n - step, 0), min(n + step, listed[i])} - {n}:
            for j in range(len(split)):
                if i == j:
                    continue
                made = [taken if k == i else m for k, m in enumerate(split)]
                others = sum(budget.cost(k, m) for k, m in enumerate(made) if k != j)
                if others <= budget.budget + 1e-9:
                    made[j] = budget.most(j, budget.budget - others, listed[j])
                    yield tuple(made)


def _improved(split: Split, value: Value, step: int, budget: Budget, listed: Sequence[int]) -> Split:
    """Return a split that no move betters, moves halved down to single applications."""
    while step:
        best = max(_moves(split, step, budget, listed), key=value, default=split)
        if value(best) > value(split) + TIE:
            split = best
        else:
            step //= 2
    return split


def best_split(value: Value, budget: Budget, listed: Sequence[int]) -> tuple[Split, bool]:
    """Return the best split, and whether none that spends the budget can be better.

    All in one, and an even split, are always among those tried.

    Parameters
    ----------
    value
        Applications to each -> what they are worth, never falling in any of them; it is asked for one split
        many times.
    budget
    listed
        Programs of each.
    """
    also = [*corners(budget, listed), even(budget, listed)]
    longest = longest_of(budget, listed)
    if len(listed) == 2 and longest[0] < EVERY:
        splits = [_spend(n, budget, listed) for n in range(longest[0] + 1)]
        return max([_best_of_two(value, splits), *also], key=value), True
    coarse = sorted(_coarse(budget, listed) | set(also), key=value, reverse=True)
    starts = list(
        dict.fromkeys([*coarse[:STARTS], *also, *(_peaks(coarse, value) if len(listed) == 2 else ())])
    )
    step = max(1, 2 * max(longest) // COARSE.get(len(listed), 6))
    best = max((_improved(split, value, step, budget, listed) for split in starts), key=value)
    if len(listed) == 2:  # where fees have kinks, single moves can stop a few applications short of the best
        first = range(max(best[0] - step, 0), min(best[0] + step, longest[0]) + 1)
        best = max([best, *(_spend(n, budget, listed) for n in first)], key=value)
    return best, False


def _best_of_two(value: Value, splits: Sequence[Split]) -> Split:
    """Return the best of all splits of two, from the least for the first one to the most.

    What is never worth less with more is worth at most, anywhere from one split to another, what the second's
    number for the first and the first's for the second would give. The part that promises most is halved
    until it is one split.
    """

    def part(low: int, high: int) -> tuple[float, int, int]:
        return -value((splits[high][0], splits[low][1])), low, high

    parts = [part(0, len(splits) - 1)]
    while True:
        _, low, high = heappop(parts)
        if low == high:
            return splits[low]
        middle = (low + high) // 2
        heappush(parts, part(low, middle))
        heappush(parts, part(middle + 1, high))


def _spend(first: int, budget: Budget, listed: Sequence[int]) -> Split:
    """Return the split of two with so many to the first one, all that is left going to the second."""
    return first, budget.most(1, budget.budget - budget.cost(0, first), listed[1])


def _peaks(coarse: Sequence[Split], value: Value) -> Iterator[Split]:
    """Yield the splits between two specialties that are better than both neighbours on the grid."""
    ordered = sorted(coarse)
    for (_, here), (before, after) in zip(
        pairwise(ordered), zip(ordered, ordered[2:], strict=False), strict=False
    ):
        if value(here) >= max(value(before), value(after)):
            yield here
