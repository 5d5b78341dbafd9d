"""The update against truths drawn from the model: more rows, less error; ranges hold what they should."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from matchmodel.model import Model
from matchmodel.own.update.prior import Prior

from .people import MODEL
from .study import Truth, asked, chances, study

SPECIALTIES = ("Internal Medicine", "Family Medicine", "Neurology", "General Surgery", "Anesthesiology")


def thinned(model):
    """The same model with few specialties, so that a study takes seconds."""
    record = model.record
    effects = {
        n: replace(e, specialties={s: e.specialties[s] for s in SPECIALTIES})
        for n, e in record.effects.items()
    }  # fmt: skip
    types = {t: replace(k, cells={s: k.cells[s] for s in SPECIALTIES}) for t, k in record.types.items()}
    return Model(replace(record, effects=effects, types=types))


THIN = thinned(MODEL)


def test_rows_of_a_truth_are_those_that_its_draw_says(prior):
    truth = Truth(MODEL, prior, 3)
    shares = np.zeros(len(prior.cells))
    shares[prior.cells.index(("non-us-img", "Pediatrics"))] = 1
    rows = truth.rows(40_000, shares, np.random.default_rng(1), blank=0.0)
    level = MODEL.cell("non-us-img", "Pediatrics").level.draws.array[3]
    # covariates taken apart, as the model centres them, are together a little more than each by itself
    assert rows.matched.mean() == pytest.approx(1 / (1 + np.exp(-level)), abs=0.012)
    assert not np.isnan(rows.score).any() and set(rows.cycles.tolist()) == {prior.year["non-us-img"]}
    blank = truth.rows(5000, shares, np.random.default_rng(1), cycles=3)
    assert (
        np.isnan(blank.score).mean() == pytest.approx(0.15, abs=0.02) and len(set(blank.cycles.tolist())) == 3
    )


def test_without_rows_it_is_the_model_whose_ranges_hold_its_own_draws():
    prior = Prior(THIN)
    shares = np.full(len(prior.cells), 1 / len(prior.cells))
    people = asked(THIN, prior, shares, np.random.default_rng(2), 40)
    count = MODEL.record.draw_count
    assert chances(THIN, people).shape == (40, count)
    table = study(THIN, (0,), truths=count)
    assert table["coverage"][0] == pytest.approx(80, abs=0.5) and table["truths"][0] == count


def honest(table):
    """80% ranges hold the truth in 76 to 84% of cases, at each size."""
    assert all(76 <= coverage <= 84 for coverage in table["coverage"]), table


@pytest.mark.slow
def test_error_falls_and_coverage_stays_as_rows_grow():
    few = study(THIN, (0, 50, 500, 5000), truths=60, seed=1)
    many = study(THIN, (50_000,), truths=40, seed=1)
    error = [*few["error"], *many["error"]]
    assert all(b < a for a, b in pairwise(error)) and error[-1] < 0.35 * error[0]
    honest(few)
    honest(many)
    assert max(*few["coverage_se"], *many["coverage_se"]) < 2.5


@pytest.mark.slow
def test_rows_of_several_cycles_cost_no_coverage():
    table = study(THIN, (500, 5000), truths=60, seed=2, cycles=4)
    assert table["error"].is_monotonic_decreasing
    honest(table)
