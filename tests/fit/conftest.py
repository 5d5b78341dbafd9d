import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def real(training):
    return training


@pytest.fixture(scope="session")
def committed():
    return json.loads((ROOT / "models" / "match-2026.json").read_text(encoding="utf-8"))
