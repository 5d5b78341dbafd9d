"""An intercept and a slope learnt from simulated applicants: the truth comes back; few are refused."""

import json
import os
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from matchmodel import load_model
from matchmodel.model.file import write_model
from matchmodel.own import SEED
from matchmodel.own.calibrate.command import out_path
from matchmodel.own.calibrate.line import (
    LARGEST_SLOPE_SE,
    LEAST_DRAWN,
    Line,
    cross_validate,
    drawn,
    fit_line,
    in_the_large,
    learn,
    losses,
)

from ...running import run
from ..people import MODEL, made_up, outcomes, write

A, B = -0.35, 0.6
PEOPLE = made_up(600, 2)


def test_a_line_is_that_of_scikit_learn():
    log_odds, matched = outcomes(MODEL, made_up(500, 1), 1)
    for method, constant in (("intercept-slope", True), ("temperature", False)):
        fit = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-9, fit_intercept=constant)
        fit = fit.fit(log_odds[:, None], matched)
        found = fit_line(log_odds, matched, method)
        assert found.slope == pytest.approx(fit.coef_[0, 0], abs=1e-6)
        assert found.intercept == pytest.approx(fit.intercept_[0] if constant else 0.0, abs=1e-6)
        each = losses(found.log_odds(log_odds), matched)[0]
        assert found.log_likelihood == pytest.approx(-each.sum(), rel=1e-9)


def test_errors_are_the_spread_over_samples():
    log_odds = outcomes(MODEL, PEOPLE, 0)[0]
    found = []
    for seed in range(120):
        y = np.random.default_rng([92, seed]).random(len(PEOPLE)) < expit(A + B * log_odds)
        line = fit_line(log_odds, y)
        found.append((line.slope, line.ses[1], *in_the_large(log_odds, y)))
    found = np.array(found)
    assert found[:, 0].mean() == pytest.approx(B, abs=0.03)
    assert found[:, 1].mean() == pytest.approx(found[:, 0].std(), rel=0.2)
    assert found[:, 3].mean() == pytest.approx(found[:, 2].std(), rel=0.2)


@pytest.mark.parametrize("seed", range(3))
def test_the_truth_comes_back_and_fresh_applicants_find_the_model_calibrated(seed, tmp_path, capsys):
    people = made_up(2500, 20 + seed)
    _, matched = outcomes(MODEL, people, seed, A, B)
    out = tmp_path / "own.json"
    status, said, err = run(capsys, "calibrate", write(tmp_path / "own.csv", people, matched), "--out", out)
    assert (status, err) == (0, "") and "Calibrating improves the cross-validated log loss.\n" in said
    model = load_model(out)
    found = model.kind("non-us-img").calibration
    for one, truth in ((found.intercept, A), (found.slope, B)):
        assert abs(one.value - truth) < 3 * one.se and (one.basis, one.source) == (
            "measured",
            "your own applicants",
        )
    assert (found.n, found.matched, found.method) == (2500, matched.sum(), "intercept-slope")
    before, _, after, after_se = learn(
        *outcomes(MODEL, people, seed, A, B), "non-us-img"
    ).cross_validated.slope
    assert abs(before - B) < 0.3 and abs(after - 1) < 3 * after_se
    fresh = made_up(6000, 40 + seed)
    _, hits = outcomes(MODEL, fresh, 50 + seed, A, B)
    log_odds = outcomes(model, fresh, 0)[0]
    line, (intercept, se) = fit_line(log_odds, hits), in_the_large(log_odds, hits)
    assert abs(line.slope - 1) < 3 * np.hypot(line.ses[1], found.slope.se / B)
    assert abs(intercept) < 3 * np.hypot(se, found.intercept.se)


def test_a_temperature_comes_back():
    log_odds, matched = outcomes(MODEL, made_up(3000, 60), 60, 0.0, 1.5)
    found = learn(log_odds, matched, "non-us-img", "temperature")
    assert not found.refused and found.line.intercept == found.line.ses[0] == 0
    assert abs(found.line.slope - 1.5) < 3 * found.line.ses[1]
    assert found.cross_validated.improves
    assert set(drawn(found.line, 200, "non-us-img")[0]) == {0.0}


def test_a_right_model_gains_nothing_and_the_text_says_so(tmp_path, capsys):
    said = []
    for seed in range(5):
        people = made_up(1000, 70 + seed)
        own = write(tmp_path / "own.csv", people, outcomes(MODEL, people, 70 + seed)[1])
        status, out, _ = run(capsys, "calibrate", own, "--out", tmp_path / "own.json")
        assert status == 0 and (tmp_path / "own.json").exists()
        said.append("does not improve the cross-validated log loss" in out or "the gain may be luck" in out)
    assert sum(said) >= 4


SMALL = {  # applicants -> criteria not met
    60: (
        "overall share within 0.05: asks for",
        "slope's standard error at most",
        "intercept's standard error",
    ),
    120: ("slope's standard error at most 0.15", "intercept's standard error at most 0.15"),
}


@pytest.mark.parametrize("n", SMALL)
def test_small_samples_are_refused_with_the_numbers(n, tmp_path, capsys):
    people = made_up(n, 80)
    own, out = write(tmp_path / "own.csv", people, outcomes(MODEL, people, 80)[1]), tmp_path / "own.json"
    status, said, err = run(capsys, "calibrate", own, "--out", out)
    assert (status, said) == (2, "") and not out.exists() and os.listdir(tmp_path) == ["own.csv"]
    refused = [line for line in err.splitlines() if "(not met)" in line]
    assert all(any(words in line for line in refused) for words in SMALL[n])
    assert all(f"there are {n:,}" in line for line in refused)
    assert "nothing is calibrated, and nothing written" in err
    assert len([line for line in err.splitlines() if "asks for" in line]) == 6


def test_where_a_slope_takes_more_rows_the_average_alone_is_learnt_and_said(tmp_path, capsys):
    people = made_up(300, 80)
    own, out = write(tmp_path / "own.csv", people, outcomes(MODEL, people, 80)[1]), tmp_path / "own.json"
    status, said, _ = run(capsys, "calibrate", own, "--out", out)
    assert status == 0 and "The average alone is learnt" in said
    assert "slope's standard error at most 0.15" in " ".join(said.split())
    line = load_model(out).kind("non-us-img").calibration
    assert (line.method, line.slope.value, line.slope.se) == ("intercept", 1.0, 0.0)
    assert set(line.slope.draws.array) == {1.0} and 0 < line.intercept.se < 0.15


def test_the_slopes_criterion_asks_for_some_hundreds_and_those_are_enough():
    asked = []
    for seed in range(8):
        log_odds, matched = outcomes(MODEL, PEOPLE, 90 + seed)
        found = learn(log_odds, matched, "non-us-img")
        asked.append(found.criteria[-1].asked)
        assert found.criteria[-1].met == (found.line.ses[1] <= LARGEST_SLOPE_SE)
    assert 300 <= np.mean(asked) <= 600


def test_too_few_all_alike_or_the_wrong_way_round():
    few = learn(np.linspace(-1, 1, 100), np.arange(100) < 9, "us-img").refused
    assert few.startswith("fewer than 10 matched, or fewer than 10 did not; at least 10 of each")
    assert "no slope can be learnt" in learn(np.full(1000, 0.2), np.arange(1000) < 500, "us-img").refused
    assert (
        "no slope can be learnt" in learn(np.linspace(-1, 1, 1000), np.arange(1000) >= 500, "us-img").refused
    )
    log_odds, matched = outcomes(MODEL, made_up(2000, 100), 100, 0.0, 2.0)
    assert "run against these outcomes" in learn(-log_odds, matched, "us-img").refused


def test_a_type_too_small_stays_uncalibrated_beside_one_that_is_not(tmp_path, capsys):
    people = made_up(1200, 110) + made_up(40, 111, ("us-img",))
    own, out = (
        write(tmp_path / "own.csv", people, outcomes(MODEL, people, 110, A, B)[1]),
        tmp_path / "own.json",
    )
    status, said, _ = run(capsys, "calibrate", own, "--out", out)
    assert status == 0 and "US IMGs: " in said and "It stays uncalibrated." in said
    model = load_model(out)
    assert model.kind("us-img").calibration is None and model.kind("non-us-img").calibration.slope.value < 1


def test_nothing_but_the_calibration_and_the_name_changes_and_the_model_before_stays(tmp_path, capsys):
    source = tmp_path / "mine.json"
    write_model(MODEL.record, source)
    before = source.read_bytes()
    people = made_up(1200, 120)
    own = write(tmp_path / "own.csv", people, outcomes(MODEL, people, 120, A, B)[1])
    assert run(capsys, "calibrate", own, "--model", source)[0] == 0
    assert source.read_bytes() == before and sorted(os.listdir(tmp_path)) == [
        "mine-calibrated.json",
        "mine.json",
        "own.csv",
    ]
    new = load_model(tmp_path / "mine-calibrated.json").record
    assert new.name == MODEL.name + "-calibrated"
    kind = replace(new.types["non-us-img"], calibration=None)
    types = {**new.types, "non-us-img": kind}
    assert new.own_rows and replace(new, name=MODEL.name, types=types, own_rows=()) == MODEL.record
    for words, line in (
        ([own, "--model", source, "--out", source], "is the uncalibrated model, which is kept"),
        ([own, "--model", source, "--out", own], "is the table of applicants"),
        ([own, "--model", tmp_path / "mine-calibrated.json"], "is calibrated already (non-US IMGs)"),
        ([own, "--folds", "1"], "--folds is 1; it is a whole number between 2 and 100"),
        ([own, "--method", "isotonic"], "--method knows no 'isotonic'"),
    ):
        status, said, err = run(capsys, "calibrate", *words)
        assert (status, said) == (2, "") and line in err and len(err.splitlines()) == 1
    assert source.read_bytes() == before and len(os.listdir(tmp_path)) == 3


def test_the_default_model_is_written_to_models_of_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(out_path(None, None, "own.csv")) == os.path.join("models", "match-2026-calibrated.json")


def test_the_split_does_not_depend_on_the_order_of_rows():
    log_odds, matched = outcomes(MODEL, PEOPLE, 130, A, B)
    order = np.random.default_rng(2).permutation(len(matched))
    one = cross_validate(log_odds, matched, "intercept-slope")
    assert one == cross_validate(log_odds[order], matched[order], "intercept-slope")
    assert cross_validate(log_odds, matched, "intercept-slope", seed=5) != one


@pytest.mark.parametrize("method", ["intercept-slope", "temperature"])  # it fixes no slope at 1
def test_out_of_fold_measures_are_those_of_scikit_learn(method):
    log_odds, matched = outcomes(MODEL, made_up(300, 140), 140)
    log_odds = np.sort(log_odds)
    fit = LogisticRegression(
        C=np.inf, solver="newton-cholesky", tol=1e-9, fit_intercept=method == "intercept-slope"
    )
    split = StratifiedKFold(7, shuffle=True, random_state=SEED)
    p = cross_val_predict(fit, log_odds[:, None], matched, cv=split, method="predict_proba")[:, 1]
    found = cross_validate(log_odds, matched, method, folds=7)
    for measured, loss in ((found.log_loss, log_loss), (found.brier, brier_score_loss)):
        assert measured[:2] == pytest.approx((loss(matched, expit(log_odds)), loss(matched, p)), abs=1e-6)
    each = losses(logit(p), matched)[0] - losses(log_odds, matched)[0]
    assert found.log_loss[2:] == pytest.approx((each.mean(), each.std(ddof=1) / np.sqrt(300)), abs=1e-6)
    line = fit_line(logit(p), matched)
    assert found.slope[2:] == pytest.approx((line.slope, line.ses[1]), abs=1e-4)


def test_no_draw_turns_the_odds_upside_down():
    line = Line(0.1, 0.3, np.array([[0.01, -0.002], [-0.002, 0.04]]), -1.0, -2.0)
    intercept, slope = drawn(line, 5000, "us-img")
    assert slope.min() == pytest.approx(LEAST_DRAWN * 0.3) and intercept.mean() == pytest.approx(0.1)
    assert (drawn(line, 5000, "us-img")[1] == slope).all() and (
        drawn(line, 5000, "non-us-img")[1] != slope
    ).any()


def test_no_row_is_in_the_model(tmp_path, capsys):
    """As many numbers for 800 applicants as for 1,200; of their predictions no more than by chance."""
    shapes = []
    for n in (800, 1200):
        people = made_up(n, 150)
        log_odds, matched = outcomes(MODEL, people, 150, A, B)
        out = tmp_path / f"own-{n}.json"
        assert run(capsys, "calibrate", write(tmp_path / "own.csv", people, matched), "--out", out)[0] == 0
        content = json.loads(out.read_text(encoding="utf-8"))["types"]["non-us-img"]["calibration"]
        written = re.findall(r"-?\d+\.\d+", json.dumps(content))
        shapes.append({name: len(content[name]["draws"].split()) for name in ("intercept", "slope")})
        assert set(content) == {"method", "n", "matched", "intercept", "slope"}
    assert shapes[0] == shapes[1] and len(written) > 300
    own = {float(f"{v:.6g}") for x in (log_odds, expit(log_odds)) for v in x}
    assert len({float(v) for v in written} & own) < 8  # of 2,400 predictions
