"""What the tests of the notebooks' helpers stand on."""

import re
from collections.abc import Callable

import pytest

from matchmodel.fit.tables.score_slopes import TypeFit
from matchmodel.fit.train import Trained


@pytest.fixture(scope="session")
def fit(trained: Trained) -> TypeFit:
    """The fit of non-US IMGs."""
    return trained.fits["non-us-img"]


@pytest.fixture(scope="session")
def figures() -> Callable[[str], list[float]]:
    """Text -> its numbers in order, thousands joined and percentages as proportions."""

    def read(text: str) -> list[float]:
        found = re.findall(r"([+-]?\d+(?:,\d{3})*(?:\.\d+)?)(%?)", text)
        return [float(n.replace(",", "")) / (100 if p else 1) for n, p in found]

    return read
