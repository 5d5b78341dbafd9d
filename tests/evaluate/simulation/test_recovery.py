"""Recovering simulated truths."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matchmodel.evaluate.simulation import recovery as simulation
from matchmodel.evaluate.simulation.data import AS_TAKEN, simulate
from matchmodel.evaluate.simulation.recovery import (
    BREAKS,
    DATA_SETS,
    OFF,
    REPORTED,
    SETTINGS,
    TRIED,
    Recovery,
    one,
    recover,
    study,
    summary,
)

EASY = replace(AS_TAKEN, name="easy", correlations=0.0, references=0.0, errors=0.0, effect_spread=0.0)


@pytest.mark.slow
def test_an_easy_truth_is_recovered():
    """Studies without error, populations as described: right, and better than the score alone."""
    found = one(TRIED, EASY, draws=100)
    own = found[0]
    assert own.applicant_type == "non-us-img"
    assert 0.85 < own.slope < 1.15 and own.mean_error < 0.05 and abs(own.bias) < 0.04
    assert own.coverage > 0.6 and own.apply_coverage > 0.6
    assert own.mean_error < own.naive_error


class Knows:
    """A model that knows the truth: every draw is right but for noise of a known size."""

    applicant_types = ["non-us-img"]

    def __init__(self, truth):
        self.truth = truth

    def withheld(self, kind, specialty):
        return specialty == "Otolaryngology"


def test_a_model_that_knows_the_truth_and_its_error_is_calibrated(monkeypatch):
    """Draws whose error is what they say: slope 1, coverage 80%, no bias."""
    truth = simulate(8)

    def ask(model, cell, n, rng):
        people = cell.applicants(n, rng)
        centre = people.log_odds + 0.2 * rng.standard_normal(n)
        draws = 1 / (1 + np.exp(-(centre[:, None] + 0.2 * rng.standard_normal((n, 400)))))
        rows = simulation._against(draws, 1 / (1 + np.exp(-people.log_odds))).assign(specialty=cell.specialty)
        assert cell.specialty != "Otolaryngology"
        return {what: rows for what in ("ranked", "naive", "apply", "given")}

    monkeypatch.setattr(simulation, "ask_cell", ask)
    (found,) = recover(truth, Knows(truth))
    assert found.coverage == pytest.approx(0.8, abs=0.03) and found.coverage_by_specialty == pytest.approx(
        0.8, abs=0.05
    )
    assert found.slope == pytest.approx(np.var(truth_of(truth)) / (np.var(truth_of(truth)) + 0.04), abs=0.05)
    assert abs(found.bias) < 0.01 and found.apply_coverage == pytest.approx(found.coverage)


def truth_of(truth):
    rng = np.random.default_rng(9)
    return np.concatenate(
        [c.applicants(c.size, rng).log_odds for (kind, _), c in truth.cells.items() if kind == "non-us-img"]
    )


def test_a_range_that_is_too_narrow_shows():
    rng = np.random.default_rng(1)
    truth = rng.uniform(0.2, 0.8, 2000)
    draws = np.clip(
        (truth + 0.05 * rng.standard_normal(2000))[:, None] + 0.025 * rng.standard_normal((2000, 300)), 0, 1
    )
    assert simulation._against(draws, truth)["held"].mean() == pytest.approx(
        0.478, abs=0.04
    )  # 2 Phi(1.2816/2) - 1


def recovery(setting, seed, kind="non-us-img", slope=1.0):
    return Recovery(setting, seed, kind, slope, *[0.1] * (len(Recovery.__dataclass_fields__) - 4))


def test_the_summary_has_means_and_their_errors():
    found = summary(
        [recovery(AS_TAKEN.name, s, slope=v) for s, v in ((1, 0.9), (2, 1.0), (3, 1.1))]
        + [recovery("other", s) for s in (1, 2)]
    )
    row = found.iloc[0]
    assert (row["data_sets"], row["slope"], row["promised"]) == (3, pytest.approx(1.0), True)
    assert row["slope_se"] == pytest.approx(0.1 / np.sqrt(3))
    assert list(found["promised"]) == [True, False]


def test_what_is_reported_was_not_tried():
    assert TRIED + DATA_SETS < REPORTED and DATA_SETS >= 60
    names = [s.name for s in (*SETTINGS, *OFF, *BREAKS)]
    assert SETTINGS[0] is AS_TAKEN and len(set(names)) == len(names) - 1  # broken stands in two lists


def test_seeds_and_settings_come_in_order(monkeypatch):
    steps = []
    monkeypatch.setattr(
        simulation,
        "one",
        lambda seed, setting, draws: [recovery(setting.name, seed), recovery(setting.name, seed, "us-img")],
    )
    found = study(2, SETTINGS, first=5, workers=1, progress=lambda: steps.append(1))
    assert [(f.setting, f.seed) for f in found[::2]] == [(s.name, seed) for s in SETTINGS for seed in (5, 6)]
    assert len(steps) == 4
    assert set(pd.DataFrame([vars(f) for f in found])["applicant_type"]) == {"non-us-img", "us-img"}
