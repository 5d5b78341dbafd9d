"""The prior of the model that ships, taken apart once."""

import pytest

from matchmodel.own.update.prior import Prior

from .people import MODEL


@pytest.fixture(scope="session")
def prior() -> Prior:
    return Prior(MODEL)
