"""Learning an intercept and a slope from made-up persons: the truth comes back, the model before it stays, small samples are refused."""

import json
import os
import re

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from matchmodel import load_model
from matchmodel.evaluate.people import measure
from matchmodel.fit.document import write_model
from matchmodel.fit.recalibrate import LARGEST_SLOPE_SE, LEAST_DRAWN, METHODS, Line, cross_validate, drawn, fit_line, in_the_large, learn, losses
from matchmodel.fit.recalibrate_command import out_path
from matchmodel.fit.train import SEED

from ..asking import MODEL, run
from ..persons import made_up, outcomes, write

A, B = -0.35, 0.6


def test_a_line_is_that_of_scikit_learn():
    log_odds, matched = outcomes(MODEL, made_up(500, 1), 1)
    for method, constant in (("intercept-slope", True), ("temperature", False)):
        fit = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-9, fit_intercept=constant).fit(log_odds[:, None], matched)
        found = fit_line(log_odds, matched, method)
        assert found.slope == pytest.approx(fit.coef_[0, 0], abs=1e-6)
        assert found.intercept == pytest.approx(fit.intercept_[0] if constant else 0.0, abs=1e-6)
        each = losses(found.log_odds(log_odds), matched)[0]
        assert found.log_likelihood == pytest.approx(-each.sum(), rel=1e-9)


def test_errors_are_the_spread_over_samples():
    found = np.array([(line.slope, line.ses[1], *in_the_large(x, y)) for seed in range(120) for x, y in [outcomes(MODEL, PEOPLE, seed, A, B)] for line in [fit_line(x, y)]])
    assert found[:, 0].mean() == pytest.approx(B, abs=0.03)
    assert found[:, 1].mean() == pytest.approx(found[:, 0].std(), rel=0.2)
    assert found[:, 3].mean() == pytest.approx(found[:, 2].std(), rel=0.2)


PEOPLE = made_up(600, 2)


@pytest.mark.parametrize("seed", range(3))
def test_the_truth_comes_back_and_fresh_persons_find_the_model_calibrated(seed, tmp_path, capsys):
    people = made_up(2500, 20 + seed)
    _, matched = outcomes(MODEL, people, seed, A, B)
    out = tmp_path / "own.json"
    status, said, err = run(capsys, "calibrate", write(tmp_path / "persons.csv", people, matched), "--out", out)
    assert (status, err) == (0, "") and "Calibrating improves the cross-validated log loss.\n" in said
    content = json.loads(out.read_text(encoding="utf-8"))["types"]["non-us-img"]["recalibration"]
    for name, truth in (("intercept", A), ("slope", B)):
        assert abs(content[name]["value"] - truth) < 3 * content[name]["se"]
        assert (content[name]["basis"], content[name]["source"]) == ("measured", "one's own applicants")
    assert (content["n"], content["matched"], content["method"]) == (2500, matched.sum(), "intercept-slope")
    held = content["cross_validated"]
    assert held["log_loss"]["difference"] < 0 and abs(held["slope"]["after"] - 1) < 3 * held["slope"]["after_se"]
    assert abs(held["slope"]["before"] - B) < 3 * held["slope"]["before_se"]
    fresh = made_up(6000, 40 + seed)
    _, hits = outcomes(MODEL, fresh, 50 + seed, A, B)
    after = measure(expit(outcomes(load_model(out), fresh, 0)[0]), hits)
    room = 3 * np.hypot(after.slope_se, content["slope"]["se"] / B), 3 * np.hypot(after.intercept_se, content["intercept"]["se"])
    assert abs(after.slope - 1) < room[0] and abs(after.intercept) < room[1]


def test_a_temperature_comes_back():
    log_odds, matched = outcomes(MODEL, made_up(3000, 60), 60, 0.0, 1.5)
    found = learn(log_odds, matched, "non-us-img", "temperature")
    assert not found.refused and found.line.intercept == found.line.ses[0] == 0
    assert abs(found.line.slope - 1.5) < 3 * found.line.ses[1]
    assert found.cross_validated.improves
    assert set(drawn(found.line, 200, "non-us-img")[0]) == {0.0}


def test_a_right_model_gains_nothing_and_the_table_says_so(tmp_path, capsys):
    said = []
    for seed in range(5):
        people = made_up(1000, 70 + seed)
        _, matched = outcomes(MODEL, people, 70 + seed)
        status, out, _ = run(capsys, "calibrate", write(tmp_path / "persons.csv", people, matched), "--out", tmp_path / "own.json")
        assert status == 0 and (tmp_path / "own.json").exists()
        said.append("does not improve the cross-validated log loss" in out or "the gain may be luck" in out)
    assert sum(said) >= 4


SMALL = {  # persons -> criteria not met
    60: ("overall share within 0.05: asks for", "slope's standard error at most 0.15"),
    390: ("slope's standard error at most 0.15",),
}


@pytest.mark.parametrize("n", SMALL)
def test_small_samples_are_refused_with_the_numbers(n, tmp_path, capsys):
    people = made_up(n, 80)
    _, matched = outcomes(MODEL, people, 80)
    out = tmp_path / "own.json"
    status, said, err = run(capsys, "calibrate", write(tmp_path / "persons.csv", people, matched), "--out", out)
    assert (status, said) == (2, "") and not out.exists() and sorted(os.listdir(tmp_path)) == ["persons.csv"]
    refused = [line for line in err.splitlines() if "(not met)" in line]
    assert all(any(words in line for line in refused) for words in SMALL[n]) and all(f"there are {n:,}" in line for line in refused)
    assert "nothing is calibrated, and nothing written" in err and len([line for line in err.splitlines() if "asks for" in line]) == 5


def test_the_slopes_criterion_asks_for_about_500_and_those_are_enough():
    asked = []
    for seed in range(8):
        log_odds, matched = outcomes(MODEL, PEOPLE, 90 + seed)
        found = learn(log_odds, matched, "non-us-img")
        asked.append(found.criteria[-1].asked)
        assert found.criteria[-1].met == (found.line.ses[1] <= LARGEST_SLOPE_SE)
    assert 400 <= np.mean(asked) <= 600


def test_too_few_all_alike_or_the_wrong_way_round():
    assert "9 matched and 91 not matched" in learn(np.linspace(-1, 1, 100), np.arange(100) < 9, "us-img").refused
    assert "no slope can be learnt" in learn(np.full(1000, 0.2), np.arange(1000) < 500, "us-img").refused
    assert "no slope can be learnt" in learn(np.linspace(-1, 1, 1000), np.arange(1000) >= 500, "us-img").refused
    log_odds, matched = outcomes(MODEL, made_up(2000, 100), 100, 0.0, 2.0)
    assert "run against these outcomes" in learn(-log_odds, matched, "us-img").refused


def test_a_type_too_small_stays_uncalibrated_beside_one_that_is_not(tmp_path, capsys):
    people = made_up(1200, 110) + made_up(40, 111, ("us-img",))
    _, matched = outcomes(MODEL, people, 110, A, B)
    out = tmp_path / "own.json"
    status, said, _ = run(capsys, "calibrate", write(tmp_path / "persons.csv", people, matched), "--out", out)
    assert status == 0 and "US IMGs: " in said and "It stays uncalibrated." in said
    model = load_model(out)
    assert model.recalibration("us-img") is None and model.recalibration("non-us-img").slope < 1


def test_nothing_but_the_recalibration_name_and_about_changes_and_the_model_before_stays(tmp_path, capsys):
    source = tmp_path / "mine.json"
    write_model(MODEL.content, source)
    before = source.read_bytes()
    people = made_up(1200, 120)
    _, matched = outcomes(MODEL, people, 120, A, B)
    table = write(tmp_path / "persons.csv", people, matched)
    assert run(capsys, "calibrate", table, "--model", source)[0] == 0
    assert source.read_bytes() == before and sorted(os.listdir(tmp_path)) == ["mine-calibrated.json", "mine.json", "persons.csv"]
    content = json.loads((tmp_path / "mine-calibrated.json").read_text(encoding="utf-8"))
    assert content["name"] == MODEL.name + "-calibrated"
    assert set(content["types"]["non-us-img"]["recalibration"]) == {"intercept", "slope", "method", "n", "matched", "cross_validated", "basis", "source", "draws"}
    content["types"]["non-us-img"]["recalibration"] = None
    assert {k: v for k, v in content.items() if k not in ("name", "about")} == {k: v for k, v in json.loads(before).items() if k not in ("name", "about")}
    for words, line in (
        ([table, "--model", source, "--out", source], "is the uncalibrated model, which is kept"),
        ([table, "--model", source, "--out", table], "is the table of applicants"),
        ([table, "--model", tmp_path / "mine-calibrated.json"], "is calibrated already (non-US IMGs)"),
        ([table, "--folds", "1"], "--folds is 1; it is a whole number between 2 and 100"),
        ([table, "--method", "isotonic"], "invalid choice: 'isotonic'"),
    ):
        status, said, err = run(capsys, "calibrate", *words)
        assert (status, said) == (2, "") and line in err and len(err.splitlines()) == 1
    assert source.read_bytes() == before and len(os.listdir(tmp_path)) == 3


def test_the_default_model_is_written_to_models_of_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(out_path(None, None, "persons.csv")) == os.path.join("models", "match-2026-calibrated.json")


def test_the_split_does_not_depend_on_the_order_of_rows():
    log_odds, matched = outcomes(MODEL, PEOPLE, 130, A, B)
    order = np.random.default_rng(2).permutation(len(matched))
    one, other = (cross_validate(x, y, "intercept-slope") for x, y in ((log_odds, matched), (log_odds[order], matched[order])))
    assert one == other
    assert cross_validate(log_odds, matched, "intercept-slope", seed=5) != one


@pytest.mark.parametrize("method", METHODS)
def test_out_of_fold_measures_are_those_of_scikit_learn(method):
    log_odds, matched = (np.sort(v) if k == 0 else v for k, v in enumerate(outcomes(MODEL, made_up(300, 140), 140)))
    fit = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-9, fit_intercept=method == "intercept-slope")
    p = cross_val_predict(fit, log_odds[:, None], matched, cv=StratifiedKFold(7, shuffle=True, random_state=SEED), method="predict_proba")[:, 1]
    found = cross_validate(log_odds, matched, method, folds=7)
    assert found.log_loss[:2] == pytest.approx((log_loss(matched, expit(log_odds)), log_loss(matched, p)), abs=1e-6)
    assert found.brier[:2] == pytest.approx((brier_score_loss(matched, expit(log_odds)), brier_score_loss(matched, p)), abs=1e-6)
    each = losses(logit(p), matched)[0] - losses(log_odds, matched)[0]
    assert found.log_loss[2:] == pytest.approx((each.mean(), each.std(ddof=1) / np.sqrt(300)), abs=1e-6)
    line = fit_line(logit(p), matched)
    assert found.slope[2:] == pytest.approx((line.slope, line.ses[1]), abs=1e-4)


def test_no_draw_turns_the_odds_upside_down():
    line = Line(0.1, 0.3, np.array([[0.01, -0.002], [-0.002, 0.04]]), -1.0, -2.0)
    intercept, slope = drawn(line, 5000, "us-img")
    assert slope.min() == pytest.approx(LEAST_DRAWN * 0.3) and intercept.mean() == pytest.approx(0.1)
    assert (drawn(line, 5000, "us-img")[1] == slope).all() and (drawn(line, 5000, "non-us-img")[1] != slope).any()


def test_no_persons_row_is_in_the_model(tmp_path, capsys):
    """As many numbers in it for 800 persons as for 1,200; of their predictions no more than chance puts there."""

    def shape(value):
        if isinstance(value, dict):
            return {key: shape(v) for key, v in value.items()}
        return len(value.split()) if isinstance(value, str) else type(value)

    shapes = []
    for n in (800, 1200):
        people = made_up(n, 150)
        log_odds, matched = outcomes(MODEL, people, 150, A, B)
        out = tmp_path / f"own-{n}.json"
        assert run(capsys, "calibrate", write(tmp_path / "persons.csv", people, matched), "--out", out)[0] == 0
        content = json.loads(out.read_text(encoding="utf-8"))["types"]["non-us-img"]["recalibration"]
        written = re.findall(r"-?\d+\.\d+", json.dumps(content))
        shapes.append(shape(content))
    assert shapes[0] == shapes[1] and len(written) > 300
    persons = {float(f"{v:.6g}") for x in (log_odds, expit(log_odds)) for v in x}
    assert len({float(v) for v in written} & persons) < 5  # of 2,400 predictions
