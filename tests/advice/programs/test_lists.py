"""The lists of one specialty against brute force: every subset, every choice of signals."""

from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel.advice.programs.lists import best_lists

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
        assert found.totals[n] == pytest.approx(
            sum(signal[i] if i in sent else plain[i] for i in found.order[:n]), abs=1e-9
        )


@settings(max_examples=100, deadline=None)
@given(values(most=60), st.integers(0, 20))
def test_a_list_never_falls_with_applications_or_signals_and_is_above_random(worth, signals):
    plain, signal = worth
    found, more = best_lists(plain, signal, signals), best_lists(plain, signal, signals + 1)
    assert all(b >= a - 1e-12 for a, b in pairwise(found.totals)) and all(
        b >= a - 1e-9 for a, b in zip(found.totals, more.totals, strict=True)
    )
    assert sorted(found.order) == list(range(len(plain)))
    count = len(plain)
    for n in range(count + 1):
        spent = min(n, signals)
        assert found.totals[n] >= ((n - spent) * sum(plain) + spent * sum(signal)) / count - 1e-9


def test_the_lagrangian_on_signals_has_the_same_optimum():
    """Another formulation: the N largest of max(plain, signal - price), the price at which the bound is least
    (no duality gap).
    """
    plain = [0.02, 0.05, 0.11, 0.01, 0.3, 0.08, 0.04, 0.15, 0.02, 0.06]
    signal = [0.1, 0.2, 0.2, 0.08, 0.5, 0.4, 0.04, 0.35, 0.11, 0.3]
    prices = sorted(
        {s - p for s, p in zip(signal, plain, strict=True)} | {s - p for s in signal for p in plain} | {0.0}
    )
    for n, signals in product(range(1, 11), range(5)):
        bound = min(
            sum(sorted((max(p, s - price) for p, s in zip(plain, signal, strict=True)), reverse=True)[:n])
            + price * signals
            for price in prices
            if price >= 0
        )
        assert best_lists(plain, signal, signals).totals[n] == pytest.approx(bound, abs=1e-12)
