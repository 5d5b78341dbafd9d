import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tidy(training):
    return training


@pytest.fixture(scope="session")
def fit(trained):
    return trained.fits["non-us-img"]


@pytest.fixture(scope="session")
def chain(trained_with_chain):
    return trained_with_chain[1]


@pytest.fixture(scope="session")
def model(fresh):
    return fresh


@pytest.fixture(scope="session")
def figures():
    """Text -> its numbers in order, thousands joined and percentages as proportions."""

    def read(text):
        return [float(n.replace(",", "")) / (100 if p else 1) for n, p in re.findall(r"([+-]?\d+(?:,\d{3})*(?:\.\d+)?)(%?)", text)]

    return read
