"""What many tests stand on: the real tables, and what is fitted to them, made once a run."""

from pathlib import Path

import pytest
from hypothesis import settings

from matchmodel.etl import Tidy, read_raw
from matchmodel.fit.document.model import document
from matchmodel.fit.train import DRAWS, Trained, train
from matchmodel.model import Model, load_model
from matchmodel.model.file import write_model

# The tests try the same examples every time; make fuzz tries others.
settings.register_profile("tests", deadline=None, database=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, database=None, max_examples=1000)
settings.load_profile("tests")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def raw() -> Path:
    """The folder of the raw tables."""
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def everything(raw: Path) -> Tidy:
    """Every source, the validation ones too."""
    return read_raw(raw)


@pytest.fixture(scope="session")
def training(everything: Tidy) -> Tidy:
    """The sources that are trained on."""
    return everything.select(role="training")


@pytest.fixture(scope="session")
def tidy(training: Tidy) -> Tidy:
    """The training tables."""
    return training


@pytest.fixture(scope="session")
def trained(training: Tidy) -> Trained:
    """The training as `matchmodel train` does it: nearly all tests that need a fit share this one."""
    return train(training, draws=DRAWS)


@pytest.fixture(scope="session")
def model_file(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of that training."""
    path = tmp_path_factory.mktemp("trained") / "match-2026.json"
    write_model(document(trained, "match-2026"), path)
    return path


@pytest.fixture(scope="session")
def model(model_file: Path) -> Model:
    """A model trained here and now, read from its file."""
    return load_model(model_file)
