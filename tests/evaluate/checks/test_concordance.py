"""The expected c-statistic against all pairs, and against outcomes drawn."""

import numpy as np
import pytest

from matchmodel.evaluate.checks.concordance import concordance, expected_concordance
from matchmodel.evaluate.hold_out.calibration import auc

from ..conftest import PRIMARY


def test_against_all_pairs():
    rng = np.random.default_rng(1)
    p, x = rng.uniform(0.05, 0.95, (30, 2)), rng.standard_normal((30, 2))
    found = expected_concordance(p, x)
    for d in range(2):
        above, all_pairs = 0.0, 0.0
        for i in range(30):
            for j in range(30):
                if i != j:
                    pair = p[i, d] * (1 - p[j, d])
                    all_pairs += pair
                    above += pair * (x[i, d] > x[j, d])
        assert found[d] == pytest.approx(above / all_pairs)


def test_against_outcomes_drawn():
    rng = np.random.default_rng(2)
    p = rng.uniform(0.1, 0.9, 500)
    drawn = [auc(p, rng.random(500) < p, np.ones(500)) for _ in range(40)]
    assert expected_concordance(p[:, None], p[:, None])[0] == pytest.approx(np.mean(drawn), abs=0.006)


def test_within_real_specialties(trained):
    frame = concordance(trained, PRIMARY).set_index("specialty")
    assert frame.loc["Internal Medicine", "everything"] == pytest.approx(0.68, abs=0.03)
    assert (frame["everything"] > frame["score"]).all() and (frame["score"] > 0.49).all()
    assert frame["everything"].max() < 0.75
    assert frame.loc["Family Medicine", "score"] < 0.55  # its slope on the score is flat
