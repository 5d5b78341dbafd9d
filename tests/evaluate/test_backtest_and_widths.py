"""The drift against later years; where a range comes from."""

import numpy as np
import pandas as pd
import pytest

from matchmodel.evaluate.backtest import backtest_drift
from matchmodel.evaluate.sensitivity import EXAMPLES, example, grade_sensitivity, widths


@pytest.mark.parametrize("kind", ["us-img", "non-us-img"])
def test_one_year_ahead_most_rates_fall_in_the_range(tidy, kind):
    found = backtest_drift(tidy.table("rates"), kind)
    assert found.tried >= 25
    assert 0.7 <= found.inside / found.tried <= 0.97


def test_a_true_random_walk_is_covered_as_often_as_said():
    hits = tried = 0
    for seed in range(40):
        walk = np.cumsum(np.random.default_rng(seed).normal(0, 0.12, 45))
        table = pd.DataFrame({"year": np.arange(1982, 2027), "applicant_type": "x", "match_rate": 1 / (1 + np.exp(-walk))})
        found = backtest_drift(table, "x")
        hits, tried = hits + found.inside, tried + found.tried
    assert 0.75 <= hits / tried <= 0.85


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_part_is_wider_than_the_whole_and_squares_add_up(model, name):
    found = widths(model, example(name))
    whole = found.pop("everything")
    assert all(0 <= part <= whole * 1.05 for part in found.values())
    assert np.sqrt(sum(part**2 for part in found.values())) == pytest.approx(whole, rel=0.3)


@pytest.mark.slow
def test_the_grades_widening_moves_ranges_more_than_points(tidy):
    frame = grade_sensitivity(tidy.select(role="training")).pivot(index="applicant", columns="widening")
    assert (frame["p_ranked"].max(axis=1) - frame["p_ranked"].min(axis=1)).max() < 0.03
    width = frame["high"] - frame["low"]
    assert (width["twice as wide"] > width["no widening"]).all()
