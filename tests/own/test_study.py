"""The update against truths drawn from the model: more rows, less error; ranges hold what they should."""

import json
import os
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


TRUTHS = {0: 400, 50: 120, 500: 80, 5000: 60, 50_000: 40}
GROWING, CYCLES = (1, 1, tuple(TRUTHS)), (2, 4, (500, 5000))  # seed, cycles, sizes


@pytest.fixture(scope="session")
def studied(tmp_path_factory):
    """Return a study of one size, made once a run: the processes that test share what they made in files."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder

    def one(seed, cycles, size):
        path = folder / f"study-{seed}-{cycles}-{size}.json"
        if not path.exists():
            row = study(THIN, (size,), truths=TRUTHS[size], seed=seed, cycles=cycles).iloc[0]
            part = path.with_suffix(f".{os.getpid()}")
            part.write_text(row.to_json(double_precision=15))
            part.replace(path)
        return json.loads(path.read_text())

    return one


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "cycles", "size"),
    [(seed, cycles, size) for seed, cycles, sizes in (GROWING, CYCLES) for size in sizes],
)
def test_80_percent_ranges_hold_the_truth_at_every_size(studied, seed, cycles, size):
    found = studied(seed, cycles, size)
    assert found["truths"] == TRUTHS[size]
    assert 76 <= found["coverage"] <= 84 and found["coverage_se"] < 2.5, found


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "cycles", "sizes", "left"), [(*GROWING, 0.35), (*CYCLES, 1.0)])
def test_error_falls_as_rows_grow(studied, seed, cycles, sizes, left):
    error = [studied(seed, cycles, size)["error"] for size in sizes]
    assert all(b < a for a, b in pairwise(error)) and error[-1] < left * error[0]
