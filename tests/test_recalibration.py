"""Asking a calibrated model: the recalibration comes last, in every number, and nowhere else."""

import copy
import json
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant
from matchmodel import chain_math as cm
from matchmodel.artefact import read_model_file
from matchmodel.batch import log_odds, score_applicants
from matchmodel.errors import ModelFileError
from matchmodel.fit.document import write_model
from matchmodel.fit.recalibrate import CrossValidated, Line, Recalibration, calibrated
from matchmodel.model import Model
from matchmodel.odds import expit, terms
from matchmodel.show import lines

from .asking import MODEL, applicants, run
from .test_applications import some_applicant

A, B = -0.3, 0.7
HELD = CrossValidated(10, (0.6, 0.5, -0.1, 0.01), (0.2, 0.19, -0.01, 0.01), (0.7, 0.1, 1.0, 0.1), (0.0, 0.1, 0.0, 0.1))


def learnt(kind="non-us-img", a=A, b=B, covariance=((0.004, 0.001), (0.001, 0.006)), method="intercept-slope"):
    return Recalibration(kind, method, 800, 390, Line(a, b, np.array(covariance), -500.0, -550.0), (), HELD, "")


CONTENT = calibrated(MODEL.content, [learnt()])
CALIBRATED = Model(CONTENT)
SAME = Model(calibrated(MODEL.content, [learnt(a=0.0, b=1.0, covariance=np.zeros((2, 2)))]))


def both(model, applicant):
    filled = model.cycle_of(applicant)
    return terms(model, model.cell(filled.applicant_type, filled.specialty), filled, filled.cycle)


@settings(max_examples=80)
@given(applicants())
def test_log_odds_are_the_line_of_the_uncalibrated_ones_in_the_point_and_every_draw(applicant):
    before, after = both(MODEL, applicant), both(CALIBRATED, applicant)
    if applicant.applicant_type != "non-us-img":
        assert after == before
        return
    line = CALIBRATED.recalibration("non-us-img")
    assert after.log_odds == pytest.approx(A + B * before.log_odds, abs=1e-12)
    wanted = [a + b * v for a, b, v in zip(line.intercept_draws, line.slope_draws, before.log_odds_draws, strict=True)]
    assert after.log_odds_draws == pytest.approx(wanted, abs=1e-12)


@settings(max_examples=80)
@given(applicants())
def test_the_average_times_the_factors_is_still_the_odds(applicant):
    answer = CALIBRATED.odds(applicant)
    product = answer.average / (1 - answer.average)
    for ratio in answer.likelihood_ratios:
        product *= ratio.ratio
    assert log(product) == pytest.approx(log(answer.odds), abs=1e-9)
    for ratio, old in zip(answer.likelihood_ratios, MODEL.odds(applicant).likelihood_ratios, strict=True):
        slope = B if applicant.applicant_type == "non-us-img" else 1.0
        assert ratio.ratio == pytest.approx(old.ratio**slope, rel=1e-12) and ratio.low <= ratio.ratio <= ratio.high
        assert ("recalibration's slope" in ratio.note) == (applicant.applicant_type == "non-us-img")


@settings(max_examples=40)
@given(st.lists(applicants(), min_size=1, max_size=6))
def test_a_table_has_the_numbers_of_predict(people):
    found = score_applicants(CALIBRATED, people)
    for k, applicant in enumerate(people):
        answer = CALIBRATED.odds(applicant)
        assert [found["p_ranked" + end][k] for end in ("", "_low", "_high")] == pytest.approx([answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high], abs=1e-12)
        filled = CALIBRATED.cycle_of(applicant)
        cell = CALIBRATED.cell(filled.applicant_type, filled.specialty)
        point, draws = log_odds(CALIBRATED, cell, [filled], filled.cycle)
        told = both(CALIBRATED, applicant)
        assert point[0] == pytest.approx(told.log_odds, abs=1e-12) and draws[0] == pytest.approx(told.log_odds_draws, abs=1e-12)


@pytest.mark.parametrize("specialty", MODEL.specialties("non-us-img"))
def test_who_is_wholly_unknown_has_the_recalibrated_average(specialty):
    cell = CALIBRATED.cell("non-us-img", specialty)
    answer = CALIBRATED.odds(Applicant(specialty, "non-us-img"))
    assert answer.p_ranked == answer.average == cell.average == expit(A + B * cell.level)
    assert answer.published_rate == MODEL.odds(Applicant(specialty, "non-us-img")).published_rate  # the table's own stays


@settings(max_examples=40)
@given(applicants())
def test_intercept_0_and_slope_1_change_nothing(applicant):
    before, after = MODEL.odds(applicant), SAME.odds(applicant)
    for name in ("p_ranked", "p_ranked_low", "p_ranked_high", "average"):
        assert getattr(after, name) == pytest.approx(getattr(before, name), abs=1e-12)


@pytest.mark.parametrize("seed", range(15))
def test_the_chain_is_anchored_to_the_recalibrated_odds(seed):
    applicant = some_applicant(seed)
    filled = CALIBRATED.cycle_of(applicant)
    chain = CALIBRATED.chain_cell(filled.applicant_type, filled.specialty)
    found = both(CALIBRATED, applicant)
    every = (found.log_odds, *found.log_odds_draws)
    for state, wanted in zip(chain.states(chain.log_factors(filled)[0], [expit(v) for v in every]), every, strict=True):
        ranked = state.match(state.mean_usual) / (1 - cm.none_invited(state.mean_usual, state.alpha))
        assert ranked == pytest.approx(expit(wanted), abs=1e-9)
    asked = applicant._replace(applications=60, target=0.3)
    answer, table = CALIBRATED.odds(asked), score_applicants(CALIBRATED, [asked])
    assert [table["p_apply" + end][0] for end in ("", "_low", "_high")] == pytest.approx([answer.chain.p_apply, answer.chain.p_apply_low, answer.chain.p_apply_high], abs=1e-9)
    same = MODEL.odds(asked).chain
    assert (answer.chain.p_any, answer.chain.expected) == (same.p_any, same.expected)  # invitations are not touched


def test_draws_have_the_fits_moments_and_the_name_says_so():
    line = CALIBRATED.recalibration("non-us-img")
    assert len(line.intercept_draws) == len(line.slope_draws) == CONTENT["draw_count"]
    assert np.mean(line.intercept_draws) == pytest.approx(A, abs=1e-5) and np.mean(line.slope_draws) == pytest.approx(B, abs=1e-5)
    assert np.cov(line.intercept_draws, line.slope_draws) == pytest.approx(np.array([[0.004, 0.001], [0.001, 0.006]]), abs=1e-6)
    assert CALIBRATED.name == MODEL.name + "-calibrated" and "-calibrated" not in MODEL.name and MODEL.recalibration("non-us-img") is None
    assert "recalibration" in CONTENT["about"]


def test_the_answer_says_so(tmp_path, capsys):
    file = tmp_path / "calibrated.json"
    write_model(CONTENT, file)
    assert read_model_file(file) == CONTENT
    who = ["predict", "--specialty", "IM", "--model", file, "--step2", "250"]
    status, out, err = run(capsys, *who, "--applicant-type", "non-us-img")
    assert (status, err) == (0, "") and "recalibrated on applicants of one's own; published 48.5%," in " ".join(out.split())
    assert " ".join(out.split()).count("The odds were recalibrated on 800 non-US IMGs of one's own whose outcomes are known (390 matched): slope 0.70 (SE 0.08) and intercept -0.30 (SE 0.06)") == 1
    assert "recalibrated" not in run(capsys, *who, "--applicant-type", "us-img")[1]
    told = json.loads(run(capsys, *who, "--applicant-type", "non-us-img", "--json")[1])
    assert told["recalibration"]["slope"]["value"] == B and told["recalibration"]["n"] == 800 and told["recalibration"]["basis"] == "measured"
    assert json.loads(run(capsys, *who, "--applicant-type", "us-img", "--json")[1])["recalibration"] is None
    assert told["odds"] == pytest.approx(exp(log(told["specialty_average"] / (1 - told["specialty_average"])) + log(told["likelihood_ratios"][0]["ratio"])))


def test_a_temperature_names_no_intercept():
    model = Model(calibrated(MODEL.content, [learnt("us-img", 0.0, 0.8, ((0, 0), (0, 0.01)), "temperature")]))
    assert set(model.recalibration("us-img").intercept_draws) == {0.0}
    text = " ".join("\n".join(lines(model.odds(Applicant("IM", "us-img", 250)))).split())
    assert "slope 0.80 (SE 0.10) on the log odds" in text and "intercept" not in text and "(recalibrated on applicants of one's own; derived)" in text


@settings(max_examples=40)
@given(applicants())
def test_readable_at_a_hundred_columns(applicant):
    for line in "\n".join(lines(CALIBRATED.odds(applicant))).split("\n"):
        assert len(line) <= 100 and "nan" not in line.split() and "None" not in line


def entry(content):
    return content["types"]["non-us-img"]["recalibration"]


DAMAGE = {
    "upside down": (lambda c: entry(c)["slope"].update(value=-0.2), "upside down"),
    "a draw lost": (lambda c: entry(c)["draws"].update(slope="0.7 0.8"), "the recalibration of non-us-img has not"),
    "no intercept": (lambda c: entry(c).pop("intercept"), "it has no 'intercept'"),
    "n a text": (lambda c: entry(c).update(n="many"), "damaged"),
    "of schema 1": (lambda c: c.update(schema=1), "has schema 1, this program reads schema 2"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_recalibration_is_refused(name, tmp_path):
    spoil, words = DAMAGE[name]
    content = copy.deepcopy(CONTENT)
    spoil(content)
    file = tmp_path / "spoilt.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ModelFileError, match=words):
        read_model_file(file)
