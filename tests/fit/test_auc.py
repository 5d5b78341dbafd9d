"""The area under the curve counts pairs, over all and within groups."""

import numpy as np
import pytest

from matchmodel.fit.auc import auc, auc_within


def test_auc_counts_pairs():
    """0.2 and 0.6 matched, 0.2 and 0.4 did not: of four pairs two are right, one wrong, one tied."""
    assert auc([0.2, 0.4, 0.6], [1, 0, 1], [2, 1, 1]) == pytest.approx(2.5 / 4)


def test_auc_within_groups_does_not_see_between_them():
    p, matched, total = np.array([0.2, 0.3, 0.8, 0.9]), np.array([10.0, 10.0, 90.0, 90.0]), np.full(4, 100.0)
    group = np.array(["a", "a", "b", "b"])
    assert auc(p, matched, total) > 0.8
    assert auc_within(p, matched, total, group) == pytest.approx(0.5)
    one = auc_within(p[:2], np.array([10.0, 30.0]), total[:2], group[:2])
    assert one == pytest.approx(auc(p[:2], [10, 30], [100, 100]))


def test_auc_within_needs_a_pair():
    assert np.isnan(auc_within(np.array([0.5]), np.array([0.0]), np.array([5.0]), np.array(["a"])))


def test_an_auc_within_specialties_counts_pairs_of_one_specialty():
    rng = np.random.default_rng(1)
    strata = rng.integers(0, 3, 60)
    p, matched = rng.random(60), rng.random(60) < 0.2 + 0.3 * strata
    pairs = [
        (i, j)
        for i in range(60)
        for j in range(60)
        if strata[i] == strata[j] and matched[i] and not matched[j]
    ]
    by_hand = np.mean([(p[i] > p[j]) + 0.5 * (p[i] == p[j]) for i, j in pairs])
    assert auc_within(p, matched, np.ones(60), strata) == pytest.approx(by_hand)
    assert np.isnan(auc_within(p, matched, np.ones(60), matched))
