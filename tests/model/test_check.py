"""A new model is asked before it takes an old one's place."""

from dataclasses import replace

import numpy as np
import pytest

from matchmodel.errors import ModelFileError
from matchmodel.model.check import check_model
from matchmodel.model.file import dumps
from matchmodel.model.records import Draws

from .synthetic import CHAINED, DRAWS, record

KIND = "non-us-img"


def written(tmp_path, **changes):
    """Write the made-up model with another cell."""
    found = record()
    kind = found.types[KIND]
    cells = kind.cells | {CHAINED: replace(kind.cells[CHAINED], **changes)}
    path = tmp_path / "new.json"
    path.write_text(
        dumps(replace(found, types=found.types | {KIND: replace(kind, cells=cells)})), encoding="utf-8"
    )
    return path


def test_a_sound_model(tmp_path):
    assert check_model(written(tmp_path)) == 2 * 3 * 2  # types, specialties, nothing and everything known


CELL = record().types[KIND].cells[CHAINED]
UNSOUND = {
    "certain": ({"level": replace(CELL.level, draws=Draws.of(np.full(DRAWS, 1e6)))}, "draws of level"),
    "nobody invited": (
        {
            "chain": replace(
                CELL.chain, invitations=replace(CELL.chain.invitations, draws=Draws.of(np.full(DRAWS, 0.0)))
            )
        },
        "draws of m0",
    ),
    "draws that are none": (
        {"alpha": replace(CELL.alpha, draws=Draws("x" + CELL.alpha.draws.text[1:]))},
        "cannot answer",
    ),
    "a dispersion below 0": (
        {
            "chain": replace(
                CELL.chain, dispersion=replace(CELL.chain.dispersion, draws=Draws.of(np.full(DRAWS, -1.0)))
            )
        },
        f"{CHAINED}, {KIND}",
    ),
}


@pytest.mark.parametrize("name", UNSOUND)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_unsound_model(name, tmp_path):
    changes, words = UNSOUND[name]
    with pytest.raises(ModelFileError, match="nothing is written") as caught:
        check_model(written(tmp_path, **changes))
    assert words in str(caught.value) and len(str(caught.value).splitlines()) == 1
