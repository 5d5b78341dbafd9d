"""The picking against brute force: every subset, every choice of signals, every split."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant
from matchmodel.advice.luck import Curve, frailty, together
from matchmodel.advice.picking import Counted, Paid, any_match, best_lists, best_split, chance_table
from matchmodel.advice.profile import Profile
from matchmodel.fees import application_fees

from ..asking import MODEL

CHANCE = st.integers(0, 12).map(lambda k: k / 12) | st.floats(0, 1)  # ties are as likely as not


@st.composite
def values(draw, most=7):
    plain = draw(st.lists(CHANCE, min_size=1, max_size=most))
    return plain, [p + draw(CHANCE) * (1 - p) for p in plain]


def brute(plain, signal, n, signals):
    """The largest sum over all subsets of n and all choices of at most so many signals among them."""
    best = 0.0
    for chosen in combinations(range(len(plain)), n):
        for k in range(min(n, signals) + 1):
            for sent in combinations(chosen, k):
                best = max(best, sum(signal[i] if i in sent else plain[i] for i in chosen))
    return best


@settings(max_examples=300, deadline=None)
@given(values(), st.integers(0, 8))
def test_every_list_is_the_exact_optimum(worth, signals):
    plain, signal = worth
    found = best_lists(plain, signal, signals)
    for n in range(len(plain) + 1):
        sent = found.signalled[n]
        assert found.totals[n] == pytest.approx(brute(plain, signal, n, signals), abs=1e-9)
        assert sent <= set(found.order[:n]) and len(sent) <= signals
        assert found.totals[n] == pytest.approx(sum(signal[i] if i in sent else plain[i] for i in found.order[:n]), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(values(most=60), st.integers(0, 20))
def test_a_list_never_falls_with_applications_or_signals_and_is_above_random(worth, signals):
    plain, signal = worth
    found, more = best_lists(plain, signal, signals), best_lists(plain, signal, signals + 1)
    assert all(b >= a - 1e-12 for a, b in zip(found.totals, found.totals[1:])) and all(b >= a - 1e-9 for a, b in zip(found.totals, more.totals))
    assert sorted(found.order) == list(range(len(plain)))
    count = len(plain)
    for n in range(count + 1):
        spent = min(n, signals)
        assert found.totals[n] >= ((n - spent) * sum(plain) + spent * sum(signal)) / count - 1e-9


def test_the_lagrangian_on_signals_has_the_same_optimum():
    """Another formulation: the N largest of max(plain, signal - price), the price at which the bound is least (no duality gap)."""
    plain = [0.02, 0.05, 0.11, 0.01, 0.3, 0.08, 0.04, 0.15, 0.02, 0.06]
    signal = [0.1, 0.2, 0.2, 0.08, 0.5, 0.4, 0.04, 0.35, 0.11, 0.3]
    prices = sorted({s - p for s, p in zip(signal, plain)} | {s - p for s in signal for p in plain} | {0.0})
    for n, signals in product(range(1, 11), range(5)):
        bound = min(sum(sorted((max(p, s - price) for p, s in zip(plain, signal)), reverse=True)[:n]) + price * signals for price in prices if price >= 0)
        assert best_lists(plain, signal, signals).totals[n] == pytest.approx(bound, abs=1e-12)


def all_splits(budget, longest):
    return [split for split in product(*(range(n + 1) for n in longest)) if sum(budget.cost(k, n) for k, n in enumerate(split)) <= budget.budget + 1e-9]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_split_is_the_best_of_all(data):
    kinds = data.draw(st.integers(2, 3))
    rows = [sorted(data.draw(st.lists(st.floats(0.05, 1), min_size=1, max_size=6)), reverse=True) for _ in range(kinds)]
    tables = [[[1.0, 1.0], *([x, x**2] for x in row)] for row in rows]
    longest = [len(row) for row in rows]
    value = any_match(tables, [0.6, 0.4])
    prices = [[0.0, *sorted(data.draw(st.lists(st.integers(1, 50), min_size=n, max_size=n)))] for n in longest]
    for budget in (Counted(data.draw(st.integers(1, 15))), Paid(data.draw(st.integers(1, 120)), [lambda n, p=p: p[n] for p in prices])):
        split, every = best_split(value, budget, longest)
        assert every and sum(budget.cost(k, n) for k, n in enumerate(split)) <= budget.budget + 1e-9
        assert value(split) == pytest.approx(max(map(value, all_splits(budget, longest))), abs=1e-12)


def shared(specialties, longest):
    profiles = [Profile(MODEL, Applicant(s, "non-us-img", step2_ck=245)) for s in specialties]
    alpha = profiles[0].state.alpha
    nodes = frailty(alpha)
    means = [[p.state.each * 1.5 * n**0.9 for n in range(longest + 1)] for p in profiles]
    tables = [chance_table(Curve(p.state), m, nodes) for p, m in zip(profiles, means)]
    return profiles, means, any_match(tables, [w for _, w in nodes])


def test_the_value_of_a_split_is_that_of_shared_luck():
    profiles, means, value = shared(["Internal Medicine", "Pediatrics"], 40)
    for split in ((40, 0), (13, 27), (0, 40)):
        parts = [(Curve(p.state), m[n]) for p, m, n in zip(profiles, means, split)]
        assert value(split) == pytest.approx(together(profiles[0].state.alpha, parts).any, abs=1e-12)


@pytest.mark.parametrize("dollars", [None, 1500.0])
def test_a_search_that_cannot_try_every_split_finds_the_best_where_one_can_look(dollars, monkeypatch):
    profiles, _, value = shared(["Internal Medicine", "Pediatrics", "Neurology"], 60)
    budget = Counted(60) if dollars is None else Paid(dollars, [lambda n, p=p: application_fees(p.schedule, n) for p in profiles])
    best, every = best_split(value, budget, [60] * 3)
    assert every
    monkeypatch.setattr("matchmodel.advice.picking.SPLITS", 0)
    found, every = best_split(value, budget, [60] * 3)
    assert not every and value(found) == pytest.approx(value(best), abs=1e-9)
    alone = max(value([budget.most(k, budget.budget, 60) if k == only else 0 for k in range(3)]) for only in range(3))
    assert value(found) >= alone
