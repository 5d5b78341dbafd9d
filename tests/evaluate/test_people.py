"""The model against persons with known outcomes: right predictions score right, and nobody's row leaves the table."""

import json
import re

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from matchmodel.batch import score_applicants
from matchmodel.evaluate.people import FEWEST, bins, evaluate_people, measure
from matchmodel.evaluate.people_plots import seen
from matchmodel.evaluate.people_report import figures, summary, verdict
from matchmodel.fit.recalibrate import LEAST

from ..asking import MODEL, run
from ..persons import made_up, outcomes, write


def made(tmp_path, n, seed, kinds=("non-us-img",), interviews=None, **line):
    people = made_up(n, seed, kinds)
    log_odds, matched = outcomes(MODEL, people, seed, **line)
    return write(tmp_path / "persons.csv", people, matched, interviews), expit(log_odds), matched


@pytest.mark.parametrize("seed", range(4))
def test_the_models_own_persons_are_perfectly_calibrated(seed):
    log_odds, matched = outcomes(MODEL, made_up(1500, seed), seed)
    found = measure(expit(log_odds), matched)
    assert abs(found.slope - 1) < 3 * found.slope_se and abs(found.intercept) < 3 * found.intercept_se
    assert found.curve.ici < 0.045 and found.observed_expected == pytest.approx(1, abs=0.1)
    assert found.log_loss_skill > 0 and found.brier_skill > 0


def test_spoiled_outcomes_are_seen_and_said():
    people = made_up(3000, 5)
    log_odds, matched = outcomes(MODEL, people, 5, -0.4, 0.5)
    found = measure(expit(log_odds), matched)
    assert abs(found.slope - 0.5) < 3 * found.slope_se and abs(found.slope - 1) > 3 * found.slope_se
    assert found.curve.ici > found.curve.ici_perfect_high
    assert verdict(found) == "fewer matched than predicted and predictions too far apart"


def test_the_metrics_are_those_of_scikit_learn_and_statsmodels():
    log_odds, matched = outcomes(MODEL, made_up(400, 6), 6)
    p = expit(log_odds)
    found = measure(p, matched)
    assert (found.n, found.events) == (400, matched.sum())
    assert found.log_loss == pytest.approx(log_loss(matched, p), abs=1e-12)
    assert found.brier == pytest.approx(brier_score_loss(matched, p), abs=1e-12)
    assert found.auc == pytest.approx(roc_auc_score(matched, p), abs=1e-12)
    share = matched.mean()
    assert found.log_loss_base == pytest.approx(-share * np.log(share) - (1 - share) * np.log(1 - share))
    assert found.brier_base == pytest.approx(share * (1 - share))
    assert found.expected == pytest.approx(p.sum()) and found.observed_expected == pytest.approx(matched.sum() / p.sum())
    assert found.log_loss_skill == pytest.approx(1 - found.log_loss / found.log_loss_base)


def test_bins_add_up_and_hold_at_least_five():
    rng = np.random.default_rng(7)
    for n in (20, 23, 61, 200, 999):
        p = np.round(rng.beta(3, 3, n), 1 if n % 2 else 3)  # many alike
        matched = rng.random(n) < p
        found = bins(p, matched)
        assert sum(b.n for b in found) == n and sum(b.matched for b in found) == matched.sum() and min(b.n for b in found) >= FEWEST
        assert sum(b.n * b.predicted for b in found) == pytest.approx(p.sum())
        for b in found:
            assert (b.low, b.high) == pytest.approx(proportion_confint(b.matched, b.n, method="wilson"))


def test_counts_and_groups(tmp_path):
    people = made_up(420, 8, ("non-us-img", "us-img"))
    _, matched = outcomes(MODEL, people, 8)
    words = ["yes" if hit else "no" for hit in matched]
    interviews = ["" if k % 3 else 0 if word == "no" else 3 for k, word in enumerate(words)]
    for k in range(20):
        words[k] = ["", "unknown"][k % 2]
    path = write(tmp_path / "persons.csv", [p._replace(applications=60) if k % 2 else p for k, p in enumerate(people)], words, interviews)
    report = evaluate_people(MODEL, path)
    without = sum(i == 0 and w == "no" for i, w in zip(interviews, words, strict=True))
    assert (report.rows, report.unknown_outcome, report.no_interviews) == (420, 20, without)
    assert report.unknown_interviews == sum(i == "" for i in interviews[20:])
    assert [(g.who, g.estimand) for g in report.groups] == [(w, e) for e in ("ranked", "applied") for w in ("all applicants", "non-US IMGs", "US IMGs")]
    assert report.groups[0].n == 400 - without == report.groups[1].n + report.groups[2].n
    assert report.groups[3].n == sum(1 for k in range(20, 420) if k % 2)
    asked = [people[k]._replace(applications=60) for k in range(20, 420) if k % 2]
    hits = [words[k] == "yes" for k in range(20, 420) if k % 2]
    p = score_applicants(MODEL, asked)["p_apply"]
    assert report.groups[3].metrics.log_loss == pytest.approx(log_loss(hits, p), abs=1e-9)
    assert "recalibrated" not in "\n".join(summary(report))


def test_a_small_type_is_told_beside_a_large_one(tmp_path):
    people = made_up(200, 9) + made_up(3, 10, ("us-img",))
    _, matched = outcomes(MODEL, people, 9)
    report = evaluate_people(MODEL, write(tmp_path / "persons.csv", people, matched))
    small = report.groups[-1]
    assert (small.who, small.n, small.events, small.metrics) == ("US IMGs", 3, None, None)
    assert f"too few to compute anything (fewer than {FEWEST} persons" in "\n".join(summary(report))


def test_the_command_writes_aggregates_only(tmp_path, capsys):
    path, p, matched = made(tmp_path, 300, 11)
    out = tmp_path / "a folder" / "reports"
    status, said, err = run(capsys, "evaluate", "--applicants", path, "--out", out)
    assert (status, err) == (0, "") and said.endswith("people.md: 1 of 1 groups\n")
    assert sorted(f.name for f in out.iterdir()) == ["people.json", "people.md", "people_decision_curve.png", "people_reliability.png"]
    report = json.loads((out / "people.json").read_text(encoding="utf-8"))
    metrics = report["groups"][0]["metrics"]
    assert metrics["n"] == 300 and metrics["log_loss"] == pytest.approx(log_loss(matched, p), abs=1e-9)
    text = (out / "people.md").read_text(encoding="utf-8")
    for what, value in figures(evaluate_people(MODEL, path).groups[0].metrics):
        assert f"| {what} | {value} |" in text and value in said
    assert str(tmp_path) not in text + said.replace(str(out), "") + json.dumps(report)
    # no number of any output is a person's own prediction
    numbers = {round(float(x), 9) for x in re.findall(r"\d\.\d{5,}", json.dumps(report))}
    assert numbers.isdisjoint(round(float(v), 9) for v in p) and len(numbers) > 100
    assert min(b["n"] for b in metrics["bins"]) >= FEWEST
    assert all((out / name).stat().st_size > 10_000 for name in ("people_reliability.png", "people_decision_curve.png"))


def test_the_order_of_rows_makes_no_difference(tmp_path):
    people = made_up(150, 12)
    _, matched = outcomes(MODEL, people, 12)
    one = evaluate_people(MODEL, write(tmp_path / "persons.csv", people, matched))
    order = np.random.default_rng(1).permutation(150)
    other = evaluate_people(MODEL, write(tmp_path / "persons.csv", [people[k] for k in order], matched[order]))
    assert one == other


def test_too_few_are_refused_in_words(tmp_path, capsys):
    people = made_up(60, 13)
    path = write(tmp_path / "persons.csv", people, [k < LEAST - 1 for k in range(60)])
    out = tmp_path / "out"
    status, said, err = run(capsys, "evaluate", "--applicants", path, "--out", out)
    assert (status, said) == (2, "") and not out.exists()
    assert "9 matched and 51 not matched with a known outcome" in err and "at least 10 of each" in err
    assert run(capsys, "evaluate", "--applicants", write(path, people, [k < LEAST for k in range(60)]), "--out", out)[0] == 0


def test_persons_who_are_all_alike_have_no_slope(tmp_path, capsys):
    people = [made_up(1, 14)[0]] * 40
    out = tmp_path / "out"
    status, said, err = run(capsys, "evaluate", "--applicants", write(tmp_path / "persons.csv", people, [k < 20 for k in range(40)]), "--out", out)
    assert status == 0 and "calibration slope (SE)                                    none (none)" in said
    assert json.loads((out / "people.json").read_text(encoding="utf-8"))["groups"][0]["metrics"]["slope"] is None
    assert "Warning" not in err


def test_what_a_decision_curve_shows():
    log_odds, matched = outcomes(MODEL, made_up(3000, 15), 15)
    assert seen(measure(expit(log_odds), matched).decision).startswith("a clear gain from ")
    assert "a clear loss" in seen(measure(expit(-log_odds), matched).decision)
    assert seen(()) == "no clear gain or loss at any threshold"
