import json
from pathlib import Path

import pytest

from matchmodel.fit.document import document

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def real(training):
    return training


@pytest.fixture(scope="session")
def content(trained):
    """The model file as a reader gets it."""
    return json.loads(json.dumps(document(trained, "match-2026"), allow_nan=False))


@pytest.fixture(scope="session")
def committed():
    return json.loads((ROOT / "models" / "match-2026.json").read_text(encoding="utf-8"))
