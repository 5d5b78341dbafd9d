import json
from pathlib import Path

import pytest

from matchmodel.etl import read_raw
from matchmodel.fit.document import document
from matchmodel.fit.train import train

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def raw():
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def everything(raw):
    """Every source, the validation ones too."""
    return read_raw(raw)


@pytest.fixture(scope="session")
def real(everything):
    return everything.select(role="training")


@pytest.fixture(scope="session")
def trained(real):
    return train(real)


@pytest.fixture(scope="session")
def content(trained):
    """The model file as a reader gets it."""
    return json.loads(json.dumps(document(trained, "match-2026"), allow_nan=False))


@pytest.fixture(scope="session")
def committed():
    return json.loads((ROOT / "models" / "match-2026.json").read_text(encoding="utf-8"))
