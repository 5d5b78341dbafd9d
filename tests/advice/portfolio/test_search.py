"""The search for the best split against every split, for values that rise in each."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel.advice.portfolio import search
from matchmodel.advice.portfolio.search import best_split, corners, even
from matchmodel.advice.splits import Counted, Paid


def steps(n):
    """Fees that start anew, cheap up to ten."""
    return 11.0 * min(n, 10) + 30.0 * max(n - 10, 0)


def concave(rates, halves):
    """P(any) of independent parts, each rising to a ceiling."""

    def value(split):
        none = 1.0
        for n, rate, half in zip(split, rates, halves, strict=True):
            none *= 1 - rate * n / (n + half)
        return 1 - none

    return value


def every(budget, listed):
    splits = product(*(range(n + 1) for n in listed))
    return [s for s in splits if sum(budget.cost(k, n) for k, n in enumerate(s)) <= budget.budget + 1e-9]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_best_of_all(data):
    kinds = data.draw(st.integers(2, 3))
    listed = [data.draw(st.integers(1, 40 if kinds == 2 else 16)) for _ in range(kinds)]
    rates = [data.draw(st.floats(0.05, 0.95)) for _ in range(kinds)]
    value = concave(rates, [data.draw(st.floats(0.5, 60)) for _ in range(kinds)])
    budgets = (Counted(data.draw(st.integers(1, 60))), Paid(data.draw(st.integers(11, 900)), [steps] * kinds))
    for budget in budgets:
        split, _ = best_split(value, budget, listed)
        assert sum(budget.cost(k, n) for k, n in enumerate(split)) <= budget.budget + 1e-9
        assert value(split) == pytest.approx(
            max(map(value, every(budget, listed))), abs=2e-3 if kinds == 3 else 1e-12
        )


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 100), st.integers(0, 2**32))
def test_of_two_the_best_of_all_whatever_rises(applications, seed):
    """Values with jumps and plateaus anywhere, as no search by moves would find."""
    random = np.random.default_rng(seed)
    tables = [np.sort(random.choice([0.0, *random.random(9)], applications + 1)) for _ in range(2)]

    def value(split):
        return tables[0][split[0]] + tables[1][split[1]]

    split, tried = best_split(value, Counted(applications), [applications] * 2)
    assert tried and sum(split) <= applications
    assert value(split) == max(value((n, applications - n)) for n in range(applications + 1))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_two_that_are_searched_are_as_good_as_every_split(data):
    """Over the number up to which all are tried, with the kinks of fees."""
    listed = [data.draw(st.integers(150, 400)) for _ in range(2)]
    value = concave(
        [data.draw(st.floats(0.05, 0.95)) for _ in range(2)], [data.draw(st.floats(5, 300)) for _ in range(2)]
    )
    for budget in (
        Counted(data.draw(st.integers(130, 600))),
        Paid(data.draw(st.integers(4000, 12000)), [steps] * 2),
    ):
        split, tried = best_split(value, budget, listed)
        most = budget.most(0, budget.budget, listed[0])
        frontier = [
            (n, budget.most(1, budget.budget - budget.cost(0, n), listed[1])) for n in range(most + 1)
        ]
        assert not tried and value(split) == pytest.approx(max(map(value, frontier)), abs=1e-6)


def test_ends_are_among_those_tried():
    budget, listed = Counted(50), [30, 80]
    assert corners(budget, listed) == [(30, 0), (0, 50)] and even(budget, listed) == (25, 25)
    assert best_split(lambda split: split[1], budget, listed)[0] == (0, 50)
    spiked = best_split(lambda split: float(split == (30, 0)), Counted(400), [30, 500])
    assert spiked[0] == (30, 0)
    assert search.EVERY > 100 and np.isfinite(search.TIE)
