"""The update against truths drawn from the model: the error falls as rows grow, and 80% ranges hold what they should."""

from itertools import pairwise

import numpy as np
import pytest

from matchmodel.fit.own_prior import read_prior
from matchmodel.fit.own_study import Truth, _truths, asked, own_update_study

from ..asking import MODEL

PRIOR = read_prior(MODEL)


def test_persons_of_a_truth_are_those_that_its_draw_says():
    """Everything known, the truth's own log odds: matched as often, and half of the variance where it should be."""
    truth = Truth(MODEL, PRIOR, 3)
    shares = np.zeros(len(PRIOR.cells))
    shares[PRIOR.cells.index(("non-us-img", "Pediatrics"))] = 1
    rows = truth.persons(40_000, shares, np.random.default_rng(1), blank=0.0)
    level = MODEL.cell("non-us-img", "Pediatrics").draws("level")[3]
    assert rows.matched.mean() == pytest.approx(1 / (1 + np.exp(-level)), abs=0.012)
    assert not np.isnan(rows.score).any() and set(rows.cycles.tolist()) == {PRIOR.year["non-us-img"]}
    blank = truth.persons(5000, shares, np.random.default_rng(1), cycles=3)
    assert np.isnan(blank.score).mean() == pytest.approx(0.15, abs=0.02) and len(set(blank.cycles.tolist())) == 3


def test_without_rows_it_is_the_model_whose_ranges_hold_its_own_draws():
    shares = np.full(len(PRIOR.cells), 1 / len(PRIOR.cells))
    people = asked(MODEL, PRIOR, shares, np.random.default_rng(2), 40)
    assert _truths(MODEL, people).shape == (40, 200)
    table = own_update_study(MODEL, (0,), truths=200)
    assert table["coverage"][0] == pytest.approx(80, abs=0.5) and table["truths"][0] == 200


@pytest.mark.slow
def test_error_falls_and_coverage_stays_as_rows_grow():
    few = own_update_study(MODEL, (0, 50, 500, 5000), truths=60, seed=1)
    many = own_update_study(MODEL, (50_000,), truths=40, seed=1)
    error = [*few["mean_error"], *many["mean_error"]]
    assert all(b < a for a, b in pairwise(error)) and error[-1] < 0.35 * error[0]
    coverage, ses = [*few["coverage"], *many["coverage"]], [*few["coverage_se"], *many["coverage_se"]]
    assert all(76 <= c <= 84 for c in coverage) and max(ses) < 2.5


@pytest.mark.slow
def test_rows_of_several_cycles_cost_no_coverage():
    table = own_update_study(MODEL, (500, 5000), truths=60, seed=2, cycles=4)
    assert all(76 <= c <= 84 for c in table["coverage"]) and table["mean_error"].is_monotonic_decreasing
