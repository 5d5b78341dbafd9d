"""The pack: 16 bits are enough, and the page is small."""

import json

import numpy as np
import pytest

from matchmodel.page import pack
from matchmodel.page.pack import packed_draws, unpacked_draws

from .vectors import answered, questions

POINTS = 0.05  # percentage points by which an answer may differ
CHANCES = ("p_ranked", "p_apply", "p_any_invitation", "p_given_interviews")


@pytest.mark.parametrize("count", [60, pytest.param(2000, marks=pytest.mark.slow)])
def test_packed_answers_are_those_of_the_model(shipped, packed, count):
    worst = 0.0
    for question in questions(shipped, count):
        whole, small = answered(shipped, question), answered(packed, question)
        for name in CHANCES:
            for end in ("", "_low", "_high"):
                if whole[name + end] is not None:
                    worst = max(worst, 100 * abs(whole[name + end] - small[name + end]))
    assert 0 < worst < POINTS


@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [-3.0, 0.25, 8.0], [1e-9, 2e-9, 0.0]])
def test_draws_come_back_within_half_a_step(values):
    found = unpacked_draws(packed_draws(np.array(values)))
    assert np.abs(found - values).max() <= np.ptp(values) / (2 * 65535) * (1 + 1e-9)


def test_what_a_cell_without_a_number_does_not_need_is_left_out(shipped):
    cells = pack(shipped.record)["types"]["us-img"]["cells"].values()
    withheld = [cell for cell in cells if cell["trust"]["kind"] == "withheld"]
    assert withheld and not any("level" in cell for cell in withheld)


def test_equal_draws_are_packed_once(shipped):
    rows = [row[2] for row in pack(shipped.record)["draws"]]
    assert len(set(map(tuple, pack(shipped.record)["draws"]))) == len(rows) > 100


def test_a_pack_is_json(shipped):
    made = pack(shipped.record)
    assert json.loads(json.dumps(made, allow_nan=False)) == json.loads(json.dumps(made))
