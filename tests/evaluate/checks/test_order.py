"""The order of answers: seen where it is broken, and there in the real model."""

from dataclasses import replace

import numpy as np
import pytest

from matchmodel.evaluate.checks.order import CHECKS, Tally, order
from matchmodel.model import Model
from matchmodel.model.records import Draws

from ...model import synthetic


def _chain_changed(name: str, factor: float) -> Model:
    """Return the made-up model with one number of its chains multiplied."""
    record = synthetic.record()
    types = {}
    for kind, held in record.types.items():
        cell = held.cells[synthetic.CHAINED]
        drawn = getattr(cell.chain, name)
        chain = replace(cell.chain, **{name: replace(drawn, draws=Draws.of(factor * drawn.draws.array))})
        types[kind] = replace(held, cells=held.cells | {synthetic.CHAINED: replace(cell, chain=chain)})
    return Model(replace(record, types=types))


SPOILED = {
    "interviews": ("rank_slope", -1.0),
    "profile_given": ("profile_rate", 8.0),
    "profile_apply": ("profile_rate", -8.0),
}


@pytest.mark.parametrize("check", SPOILED)
def test_a_broken_order_is_seen(check):
    found = order(_chain_changed(*SPOILED[check])).set_index("check")
    row = found.loc[check]
    assert row["broken"] > 0 and row["worst"] > 1e-3 and synthetic.CHAINED in row["specialties"]


def test_a_tally_counts_falls():
    found = Tally().plus(np.array([0.1, -0.2, 0.0, -1e-12])).plus(np.array([]))
    assert (found.tried, found.broken, found.worst) == (4, 1, 0.2)


def test_every_order_holds_in_the_real_model(model):
    found = order(model).set_index("check")
    assert set(found.index) == set(CHECKS) and (found["tried"] > 0).all()
    assert found["broken"].to_dict() == dict.fromkeys(CHECKS, 0)
