from pathlib import Path

import pytest

from matchmodel.etl import read_raw
from matchmodel.evaluate.held_out import evaluate_held_out
from matchmodel.fit.document import document
from matchmodel.fit.train import train
from matchmodel.model import Model


ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tidy():
    return read_raw(ROOT / "data" / "raw")


@pytest.fixture(scope="session")
def held(tidy):
    return {one.applicant_type: one for one in evaluate_held_out(tidy)}


@pytest.fixture(scope="session")
def trained(tidy):
    return train(tidy.select(role="training"))


@pytest.fixture(scope="session")
def model(trained):
    return Model(document(trained, "fresh"))
