"""Who takes part: the equation against applicants one by one, and the observed shares reached."""

import numpy as np
import pytest

from matchmodel.errors import MissingTables
from matchmodel.evaluate.checks import participation as module
from matchmodel.evaluate.checks.participation import BAR, Participation, frame, participation
from matchmodel.fit.chain.participation import RankingShare

from ..conftest import PRIMARY

OBSERVED = {"Internal Medicine": 0.646, "Family Medicine": 0.458, "General Surgery": 0.394}


def test_the_equation_counts_applicants_one_by_one():
    rng = np.random.default_rng(3)
    n, zeta, phi, p, q = 400_000, 0.2, 0.6, 0.7, 0.55
    first, part = rng.random(n) < q, rng.random(n) >= zeta
    ranks = part & (rng.random(n) < np.where(first, p, phi * p))
    one = RankingShare("x", float(ranks.mean()), float(first[ranks].mean()))
    assert one.reached(np.array([p]), np.array([zeta]), np.array([phi]))[0] == pytest.approx(
        one.ranked, abs=0.004
    )


def test_observed_shares_come_out(trained):
    rows = frame(participation(trained)).set_index("specialty")
    assert set(rows.index) == set(OBSERVED)
    for specialty, share in OBSERVED.items():
        assert rows.loc[specialty, "observed"] == pytest.approx(share, abs=0.0005)
    assert (rows["off"].abs() <= BAR).all()
    assert rows["zeta"].between(0, 0.3).all() and rows["phi"].between(0.4, 1).all()
    assert (rows["prior_low"] < rows["prior"]).all() and (rows["prior"] < rows["prior_high"]).all()


def test_what_cannot_be_reached_is_said():
    observed = RankingShare("x", 0.8, 0.9)
    p = np.full(4, 0.5)
    zeta, phi, share = observed.implied(p)
    found = Participation(observed, p, zeta, phi, share, share)
    assert found.reached == 0 and (share < 0.6).all() and (zeta == 0).all() and (phi == 1).all()


def test_without_an_observed_share_there_is_nothing(trained, monkeypatch):
    monkeypatch.setattr(module, "ranking_share", lambda *_: None)
    with pytest.raises(MissingTables, match="no specialty has a chain and an observed share"):
        participation(trained, PRIMARY)
