"""What was fitted, written down: every number has where it comes from, and the file gives it back."""

import json
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from matchmodel.fit.document.model import document
from matchmodel.model.file import dumps, record_of
from matchmodel.model.records import Coefficient, Drawn

BASES = {"measured", "evidence", "assumed"}


def numbers(value, path=""):
    """Yield every coefficient of a record, with its place."""
    if isinstance(value, (Coefficient, Drawn)):
        yield path, value
    if is_dataclass(value):
        for one in fields(value):
            yield from numbers(getattr(value, one.name), f"{path}.{one.name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, f"{path}.{key}")
    elif isinstance(value, tuple):
        for k, item in enumerate(value):
            yield from numbers(item, f"{path}.{k}")


@pytest.fixture(scope="module")
def record(trained):
    return document(trained, "match-2026")


def test_the_file_gives_back_what_was_written(record):
    again = record_of(json.loads(dumps(record)), "here")
    assert dumps(again) == dumps(record)


def test_every_number_has_basis_and_source(record):
    found = list(numbers(record))
    assert len(found) > 500
    for path, one in found:
        assert one.basis in BASES, path
        assert one.source or ".kappa." in path, path


def test_a_value_is_the_mean_of_its_draws_and_its_error_their_sd(record):
    for path, one in numbers(record):
        if isinstance(one, Drawn):
            draws = one.draws.array
            assert len(draws) == record.draw_count, path
            assert one.value == pytest.approx(draws.mean(), rel=1e-4, abs=1e-5), path
            assert one.se == pytest.approx(draws.std(ddof=1), rel=1e-3, abs=1e-5), path


def test_us_imgs_are_derived_and_say_so(record):
    us, other = record.types["us-img"], record.types["non-us-img"]
    assert us.derived_from == "non-us-img" and other.derived_from is None
    assert all(cell.published is None and cell.level.basis == "evidence" for cell in us.cells.values())
    assert all(cell.level.basis == "measured" for cell in other.cells.values())
    assert us.score_shift.value == -8.0 and us.score_shift.basis == "evidence"


def test_chains_say_what_they_were_solved_for(record):
    for specialty, cell in record.types["non-us-img"].cells.items():
        if cell.chain is not None:
            solved = {one.quantity: one for one in cell.chain.solved_for}
            assert set(solved) == {"mean_ranks", "sd_ranks", "rank_slope"}, specialty
            assert solved["mean_ranks"].chain == pytest.approx(solved["mean_ranks"].published, rel=0.02), (
                specialty
            )
            assert cell.chain.usual.low <= cell.chain.usual.value <= cell.chain.usual.high, specialty


def test_priors_and_seed_stand_in_the_settings(record, trained):
    assert record.settings.seed == trained.normals.seed
    assert record.settings.priors["step1_failed.mean"] == pytest.approx(np.log(0.5), abs=1e-6)
