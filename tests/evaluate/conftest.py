from pathlib import Path

import pytest

from matchmodel.evaluate.held_out import evaluate_held_out
from matchmodel.evaluate.results import read_evaluation
from matchmodel.fit.document import document
from matchmodel.model import Model

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tidy(everything):
    return everything


@pytest.fixture(scope="session")
def held(tidy):
    return {one.applicant_type: one for one in evaluate_held_out(tidy)}


@pytest.fixture(scope="session")
def model(trained):
    return Model(document(trained, "fresh"))


@pytest.fixture(scope="session")
def evaluation():
    """The committed evaluation."""
    return read_evaluation(ROOT / "reports")
