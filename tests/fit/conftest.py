import pytest


@pytest.fixture(scope="session")
def real(training):
    return training
