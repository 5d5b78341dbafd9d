"""The model against known outcomes: right predictions score right, and nobody's row leaves the table."""

import json
import re

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from matchmodel import Question
from matchmodel.batch.score import score_applicants
from matchmodel.own import FEWEST
from matchmodel.own.calibrate.line import LEAST
from matchmodel.own.evaluate.compute import PER_BIN, bins, evaluate_people, measure
from matchmodel.own.evaluate.decision import decision_curve
from matchmodel.own.evaluate.plots import seen
from matchmodel.own.evaluate.report import figures, verdict
from matchmodel.own.outcomes import read_outcomes
from matchmodel.report.markdown import markdown

from ...running import run
from ..people import MODEL, made_up, outcomes, write


def evaluate(path):
    return evaluate_people(MODEL, read_outcomes(path, MODEL), path.name)


@pytest.mark.parametrize("seed", range(4))
def test_the_models_own_applicants_are_perfectly_calibrated(seed):
    log_odds, matched = outcomes(MODEL, made_up(1000, seed), seed)
    found = measure(expit(log_odds), matched)
    assert abs(found.slope - 1) < 3 * found.slope_se and abs(found.intercept) < 3 * found.intercept_se
    assert found.curve.ici < 0.045 and found.observed_expected == pytest.approx(1, abs=0.1)
    assert found.log_loss_skill > 0 and found.brier_skill > 0


def test_spoiled_outcomes_are_seen_and_said():
    log_odds, matched = outcomes(MODEL, made_up(1500, 5), 5, -0.4, 0.5)
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
    assert found.auc == found.auc_within == pytest.approx(roc_auc_score(matched, p), abs=1e-12)
    share = matched.mean()
    assert found.log_loss_base == pytest.approx(-share * np.log(share) - (1 - share) * np.log(1 - share))
    assert found.brier_base == pytest.approx(share * (1 - share))
    assert found.expected == pytest.approx(p.sum()) and found.observed_expected == pytest.approx(
        matched.sum() / p.sum()
    )
    assert found.log_loss_skill == pytest.approx(1 - found.log_loss / found.log_loss_base)


def test_bins_add_up_hold_at_least_five_of_either_outcome_and_have_no_few_between_them_and_thresholds():
    rng = np.random.default_rng(7)
    for n in (20, 23, 61, 200, 999):
        p = np.round(rng.beta(3, 3, n), 1 if n % 2 else 3)  # many alike
        matched = rng.random(n) < p
        thresholds = [d.threshold for d in decision_curve(p, matched)]
        found = bins(p, matched, thresholds)
        assert sum(b.n for b in found) == n and sum(b.matched for b in found) == matched.sum()
        assert min(min(b.matched, b.n - b.matched) for b in found) >= FEWEST or len(found) == 1
        above = {(p >= t).sum() for t in thresholds}
        assert {sum(b.n for b in found[k:]) for k in range(1, len(found))} <= above
        assert min(b.n for b in found) >= PER_BIN
        assert sum(b.n * b.predicted for b in found) == pytest.approx(p.sum())
        for b in found:
            assert (b.low, b.high) == pytest.approx(proportion_confint(b.matched, b.n, method="wilson"))
    assert len(found) > 7


def test_counts_and_groups(tmp_path):
    people = made_up(420, 8, ("non-us-img", "us-img"))
    _, matched = outcomes(MODEL, people, 8)
    words = ["yes" if hit else "no" for hit in matched]
    interviews = ["" if k % 3 else 0 if word == "no" else 3 for k, word in enumerate(words)]
    for k in range(20):
        words[k] = ["", "unknown"][k % 2]
    applications = [60 if k % 2 else "" for k in range(420)]
    report = evaluate(write(tmp_path / "own.csv", people, words, interviews, applications))
    without = sum(i == 0 and w == "no" for i, w in zip(interviews, words, strict=True))
    assert (report.rows, report.unknown_outcome, report.no_interviews, report.withheld) == (
        420,
        20,
        without,
        0,
    )
    assert report.unknown_interviews == sum(i == "" for i in interviews[20:])
    whom = [(g.who, g.estimand) for g in report.groups]
    assert whom == [(w, e) for e in ("ranked", "applied") for w in ("non-US IMGs", "US IMGs")]
    assert report.groups[0].n + report.groups[1].n == 400 - without and not report.pooled
    kept = [k for k in range(20, 420) if k % 2 and people[k].applicant_type == "non-us-img"]
    assert report.groups[2].n == len(kept)
    asked = [people[k] for k in kept]
    p = score_applicants(MODEL, asked, [Question(applications=60)] * len(asked))["p_apply"]
    assert report.groups[2].metrics.log_loss == pytest.approx(
        log_loss([words[k] == "yes" for k in kept], p), abs=1e-9
    )
    assert "was calibrated" not in str(report)


def told(report):
    """Everything that the report says, as text."""
    return json.dumps(report.to_dict()) + " ".join(str(report).split()) + markdown(report.page(details=True))


def test_of_a_small_type_nothing_is_told_beside_a_large_one(tmp_path):
    """3 of 203: if all rows, or all used ones, were told beside the 200, the 3 would follow."""
    people = made_up(200, 9) + made_up(3, 10, ("us-img",))
    _, matched = outcomes(MODEL, people, 9)
    report = evaluate(write(tmp_path / "own.csv", people, matched, [4] * 203))
    assert [(g.who, g.n) for g in report.groups] == [("non-US IMGs", 200), ("US IMGs", None)]
    assert report.groups[1].metrics is None and report.rows is None and not report.pooled
    assert "Too few to compute anything (fewer than 5 of one outcome" in " ".join(str(report).split())
    assert not re.search(r"(?<![\d.])203(?!\d)", told(report))


def test_types_are_told_together_where_none_is_large_enough(tmp_path):
    people = made_up(14, 9) + made_up(30, 10, ("us-img",))
    report = evaluate(write(tmp_path / "own.csv", people, [k < 7 or k > 39 for k in range(44)], [4] * 44))
    assert [(g.who, g.n, g.events) for g in report.groups] == [("all applicants", 44, 11)] and report.pooled
    assert "types are told together" in told(report) and report.rows is None  # 4 of US IMGs matched


# Rows of unknown outcome, without an interview: what is told of rows, unknown outcomes, no interviews.
SMALL_PARTS = {
    (3, 0): (None, None, 0), (0, 2): (None, 0, None), (6, 7): (213, 6, 7), (3, 9): (None, None, 9),
}  # fmt: skip


@pytest.mark.parametrize("parts", SMALL_PARTS)
def test_what_is_left_out_tells_of_no_fewer_than_five(tmp_path, parts):
    unknown, without = parts
    people = made_up(200 + unknown + without, 12)
    hits = outcomes(MODEL, people, 12)[1][:200]
    words = ["yes" if h else "no" for h in hits] + [""] * unknown + ["no"] * without
    interviews = [3] * (200 + unknown) + [0] * without
    report = evaluate(write(tmp_path / "own.csv", people, words, interviews))
    assert (report.rows, report.unknown_outcome, report.no_interviews) == SMALL_PARTS[parts]
    if report.rows is None:
        whole = rf"(?<![\d.]){200 + unknown + without}(?!\d)"  # no decimals
        assert not re.search(whole, told(report)) and "some rows" in told(report)


def test_two_questions_that_differ_by_a_few_are_not_both_told(tmp_path):
    """Everybody gave applications, and three had no interview: those are who apply less who rank."""
    people, applications = made_up(203, 12), [60] * 203
    hits = outcomes(MODEL, people, 12)[1][:200]
    table = write(
        tmp_path / "own.csv", people, [*hits, False, False, False], [3] * 200 + [0] * 3, applications
    )
    report = evaluate(table)
    assert report.without_applied and [g.estimand for g in report.groups] == ["ranked"]
    assert "is left out, since a group of fewer than 5 would follow" in told(report)
    both = evaluate(write(tmp_path / "own.csv", people[:200], hits, [3] * 200, applications[:200]))
    assert [g.estimand for g in both.groups] == ["ranked", "applied"]


def test_the_command_writes_aggregates_only(tmp_path, capsys):
    people = made_up(300, 11)
    log_odds, matched = outcomes(MODEL, people, 11)
    p, path, out = (
        expit(log_odds),
        write(tmp_path / "own.csv", people, matched),
        tmp_path / "a folder" / "reports",
    )
    status, said, err = run(capsys, "evaluate", "--applicants", path, "--out", out)
    assert (status, err) == (0, "") and said.endswith("people.md: 1 of 1 groups\n")
    names = ["people.json", "people.md", "people_decision_curve.png", "people_reliability.png"]
    assert sorted(f.name for f in out.iterdir()) == names
    report = json.loads((out / "people.json").read_text(encoding="utf-8"))
    metrics = report["groups"][0]["metrics"]
    assert metrics["n"] == 300 and metrics["log_loss"] == pytest.approx(log_loss(matched, p), abs=1e-9)
    text = (out / "people.md").read_text(encoding="utf-8")
    for what, value in figures(evaluate(path).groups[0].metrics):
        assert f"| {what} | {value} |" in text and value in said
    assert str(tmp_path) not in text + said.replace(str(out), "") + json.dumps(report)
    # no number of any output is somebody's own prediction
    numbers = {round(float(x), 9) for x in re.findall(r"\d\.\d{5,}", json.dumps(report))}
    assert numbers.isdisjoint(round(float(v), 9) for v in p) and len(numbers) > 100
    assert min(min(b["matched"], b["n"] - b["matched"]) for b in metrics["bins"]) >= FEWEST
    assert all((out / name).stat().st_size > 10_000 for name in names[2:])


def test_the_order_of_rows_makes_no_difference(tmp_path):
    people = made_up(150, 12)
    _, matched = outcomes(MODEL, people, 12)
    one = evaluate(write(tmp_path / "own.csv", people, matched))
    order = np.random.default_rng(1).permutation(150)
    other = evaluate(write(tmp_path / "own.csv", [people[k] for k in order], matched[order]))
    assert one == other


def test_too_few_are_refused_in_words(tmp_path, capsys):
    people, out = made_up(60, 13), tmp_path / "out"
    path = write(tmp_path / "own.csv", people, [k < LEAST - 1 for k in range(60)])
    status, said, err = run(capsys, "evaluate", "--applicants", path, "--out", out)
    assert (status, said) == (2, "") and not out.exists()
    assert "fewer than 10 matched, or fewer than 10 did not" in err and "at least 10 of each" in err
    write(path, people, [k < LEAST for k in range(60)])
    assert run(capsys, "evaluate", "--applicants", path, "--out", out)[0] == 0


def test_applicants_who_are_all_alike_have_no_slope(tmp_path, capsys):
    out = tmp_path / "out"
    path = write(tmp_path / "own.csv", [made_up(1, 14)[0]] * 40, [k < 20 for k in range(40)])
    status, said, err = run(capsys, "evaluate", "--applicants", path, "--out", out)
    assert status == 0 and "calibration slope (SE) none (none)" in " ".join(said.split())
    found = json.loads((out / "people.json").read_text(encoding="utf-8"))
    assert found["groups"][0]["metrics"]["slope"] is None and "Warning" not in err


def test_what_a_decision_curve_shows():
    log_odds, matched = outcomes(MODEL, made_up(3000, 15), 15)
    assert seen(decision_curve(expit(log_odds), matched)).startswith("a clear gain from ")
    assert "a clear loss" in seen(decision_curve(expit(-log_odds), matched))
    assert seen(()) == "no clear gain or loss at any threshold"
