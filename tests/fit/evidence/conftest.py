import pytest

from matchmodel.fit.evidence import priors


@pytest.fixture
def no_spread(monkeypatch):
    monkeypatch.setattr(priors, "SPREADS", dict.fromkeys(priors.SPREADS, 0.0))
