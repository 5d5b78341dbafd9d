"""An office whose applicants are not the tables': calibrate and update answer at its rate."""

import numpy as np
import pytest
from scipy.special import expit, logit

from matchmodel import load_model
from matchmodel.own.calibrate.command import run_calibrate
from matchmodel.own.update.command import run_update

from .people import MODEL, chances, made_up, outcomes, write

INTERCEPT, SLOPE = -0.4, 0.7
FRESH = made_up(2000, 170)


def office(log_odds):
    return expit(INTERCEPT + SLOPE * log_odds)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "seeds"), [(300, range(171, 175)), (3000, (175, 176))])
@pytest.mark.parametrize("learn", [run_calibrate, run_update])
def test_it_answers_at_the_offices_rate_within_two_points(learn, n, seeds, tmp_path):
    """On fresh applicants; the luck of these rows' outcomes, which no model can know of, taken off."""
    rate, off = office(logit(chances(MODEL, FRESH))).mean(), []
    for seed in seeds:
        people = made_up(n, seed)
        log_odds, matched = outcomes(MODEL, people, seed, INTERCEPT, SLOPE)
        path = learn(write(tmp_path / "own.csv", people, matched), None, tmp_path / f"{seed}.json")
        luck = matched.mean() - office(log_odds).mean()
        off.append(chances(load_model(path), FRESH).mean() - luck - rate)
    assert np.abs(off).max() < 0.02, off


def test_your_level_is_taken_or_kept_and_said(tmp_path, capsys):
    people = made_up(400, 177)
    table = write(tmp_path / "own.csv", people, outcomes(MODEL, people, 177, -0.8)[1])
    before = chances(MODEL, FRESH[:200]).mean()
    after, said = {}, {}
    for level in ("take", "keep"):
        path = run_update(table, None, tmp_path / f"{level}.json", level=level)
        after[level] = chances(load_model(path), FRESH[:200]).mean()
        said[level] = " ".join(capsys.readouterr().out.split())
    assert after["take"] < before - 0.08 and after["keep"] == pytest.approx(before, abs=0.03)
    for level, done in (("take", "Taken into the model"), ("keep", "Kept out of the model")):
        assert "Your level: the odds of your non-US IMGs are 0." in said[level] and done in said[level]
    record = load_model(tmp_path / "keep.json").record.updated
    assert record.details["level"] == "keep" and record.shifts[-1].value < -0.4
