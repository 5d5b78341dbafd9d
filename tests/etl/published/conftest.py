"""data/raw as it is kept, read whole."""

from pathlib import Path

import pytest

from matchmodel.etl import read_raw

RAW = Path(__file__).parents[3] / "data" / "raw"


@pytest.fixture(scope="package")
def tidy():
    return read_raw(RAW)
