"""The split of a budget between specialties against every split there is."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel.advice import splits
from matchmodel.advice.splits import Counted, Paid, best_split, longest_of

LUCK = np.array([0.6, 0.4])


def everything(budget, longest):
    found = product(*(range(n + 1) for n in longest))
    return [
        split
        for split in found
        if sum(budget.cost(k, n) for k, n in enumerate(split)) <= budget.budget + 1e-9
    ]


def none(tables, split):
    return np.prod([table[n] for table, n in zip(tables, split, strict=True)], axis=0) @ LUCK


def cut(tables, budget):
    longest = longest_of(budget, [len(table) - 1 for table in tables])
    return [table[: n + 1] for table, n in zip(tables, longest, strict=True)]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_split_is_the_best_of_all(data):
    rows = [
        sorted(data.draw(st.lists(st.floats(0.05, 1), min_size=1, max_size=6)), reverse=True)
        for _ in range(data.draw(st.integers(2, 3)))
    ]
    tables = [np.array([[1.0, 1.0], *([x, x**2] for x in row)]) for row in rows]
    prices = [
        [0.0, *sorted(data.draw(st.lists(st.integers(1, 50), min_size=len(row), max_size=len(row))))]
        for row in rows
    ]
    counted = Counted(data.draw(st.integers(1, 15)))
    paid = Paid(data.draw(st.integers(1, 120)), [lambda n, p=p: p[n] for p in prices])
    for budget in (counted, paid):
        there = cut(tables, budget)
        split, every = best_split(there, LUCK, budget)
        assert every and sum(budget.cost(k, n) for k, n in enumerate(split)) <= budget.budget + 1e-9
        best = min(none(there, one) for one in everything(budget, [len(table) - 1 for table in there]))
        assert none(there, split) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("dollars", [None, 900.0])
@pytest.mark.parametrize("seed", range(5))
def test_a_search_that_cannot_try_every_split_finds_the_best_where_one_can_look(dollars, seed, monkeypatch):
    """Chances of no match as those of the model: falling, and the less the more applications."""
    rng = np.random.default_rng(seed)
    n = np.arange(31.0)[:, None]
    tables = [
        1 - rng.uniform(0.2, 0.8) * -np.expm1(-n * rng.uniform(0.02, 0.2) * np.array([0.5, 1.75]))
        for _ in range(3)
    ]
    steps = rng.uniform(10, 30, 3)
    budget = (
        Counted(40)
        if dollars is None
        else Paid(dollars, [lambda n, s=s: s * n + 30 * max(0, n - 10) for s in steps])
    )
    tables = cut(tables, budget)
    best, every = best_split(tables, LUCK, budget)
    assert every
    monkeypatch.setattr(splits, "SPLITS", 0)
    found, every = best_split(tables, LUCK, budget)
    assert not every and none(tables, found) == pytest.approx(none(tables, best), abs=1e-9)


def test_many_specialties_are_searched_quickly():
    """Twenty-four of two hundred programs each; the search may look at some thousands of pairs."""
    n, rng = np.arange(201.0)[:, None], np.random.default_rng(1)
    tables = [
        1 - rng.uniform(0.2, 0.8) * -np.expm1(-n * rng.uniform(0.005, 0.05) * np.array([0.5, 1.75]))
        for _ in range(24)
    ]
    split, every = best_split(tables, LUCK, Counted(200))
    assert not every and sum(split) == 200
    for i in range(24):
        for j in range(24):
            if split[i] and i != j:
                other = [m - (k == i) + (k == j) for k, m in enumerate(split)]
                assert none(tables, other) >= none(tables, split) - 1e-12
