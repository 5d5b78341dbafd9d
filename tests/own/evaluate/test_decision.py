"""Net benefit against numbers worked by hand."""

import numpy as np
import pytest

from matchmodel.own import FEWEST
from matchmodel.own.evaluate.decision import THRESHOLDS, decision_curve, net_benefit

P = np.array([0.1, 0.2, 0.3, 0.6, 0.7, 0.8, 0.9, 0.95])
Y = np.array([0, 0, 1, 0, 1, 1, 1, 1], bool)
# threshold: (true positives, false positives) at or above it, and net benefit = TP/8 - FP/8 * t/(1 - t)
BY_HAND = {
    0.5: (4, 1, 4 / 8 - 1 / 8),
    0.75: (3, 0, 3 / 8),
    0.2: (5, 2, 5 / 8 - 2 / 8 * 0.25),
    0.6: (4, 1, 4 / 8 - 1 / 8 * 1.5),
}


@pytest.mark.parametrize("t", BY_HAND)
def test_by_hand(t):
    true, false, wanted = BY_HAND[t]
    found = net_benefit(P, Y, t)
    everybody = 5 / 8 - 3 / 8 * t / (1 - t)
    assert found.acted == true + false
    assert found.model == pytest.approx(wanted) and found.everybody == pytest.approx(everybody)
    assert found.gain == pytest.approx(wanted - max(everybody, 0))


def test_acting_on_all_or_none_is_what_it_is_compared_with():
    assert net_benefit(P, Y, 0.05).model == pytest.approx(net_benefit(P, Y, 0.05).everybody)
    assert net_benefit(P, Y, 0.99).model == 0 and net_benefit(P, Y, 0.05).gain == 0


def test_true_chances_are_never_worse_and_the_error_is_the_spread_over_samples():
    rng = np.random.default_rng(3)
    gains = []
    for _ in range(300):
        p = rng.uniform(0.05, 0.95, 400)
        y = rng.random(400) < p
        gains.append([(d.gain, d.gain_se) for d in (net_benefit(p, y, t) for t in (0.3, 0.7))])
    gains = np.array(gains)
    assert (gains[:, :, 0].mean(axis=0) > 0).all()
    assert gains[:, :, 1].mean(axis=0) == pytest.approx(gains[:, :, 0].std(axis=0), rel=0.1)


def test_no_threshold_tells_of_fewer_than_five():
    """Net benefit and those at or above give both outcomes, on either side and between two thresholds."""
    rng = np.random.default_rng(5)
    shown = 0
    for n in (20, 35, 60, 400):
        p = rng.beta(4, 4, n)
        y = rng.random(n) < p
        found = decision_curve(p, y)
        at = [0.0, *(d.threshold for d in found), 1.1]
        for low, high in zip(at, at[1:], strict=False):
            inside = (p >= low) & (p < high)
            assert min((inside & y).sum(), (inside & ~y).sum()) >= FEWEST or not found
        assert {d.threshold for d in found} <= set(THRESHOLDS)
        for (
            d
        ) in found:  # what can be worked out from what is told: true positives from net benefit and the count
            w = d.threshold / (1 - d.threshold)
            true = (d.model * n + w * d.acted) / (1 + w)
            assert (
                true == pytest.approx((y & (p >= d.threshold)).sum())
                and min(true, d.acted - true) >= FEWEST - 1e-6
            )
        shown += len(found)
    assert shown > 5
    assert decision_curve(np.full(50, 0.4), np.arange(50) % 2 == 0) == ()
