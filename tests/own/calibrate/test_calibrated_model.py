"""Asking a calibrated model: the calibration comes last, in every number, and nowhere else."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant
from matchmodel.batch.score import score_applicants
from matchmodel.errors import ModelFileError
from matchmodel.model import Model, load_model
from matchmodel.model.file import plain, read_model_file, write_model
from matchmodel.model.records import Draws
from matchmodel.own.calibrate.line import CrossValidated, Learnt, Line, calibrated

from ...model.synthetic import model as synthetic
from ...running import run
from ...strategies import applicants_of

BEFORE = synthetic()
A, B = -0.3, 0.7
HELD = CrossValidated(
    10, (0.6, 0.5, -0.1, 0.01), (0.2, 0.19, -0.01, 0.01), (0.7, 0.1, 1.0, 0.1), (0.0, 0.1, 0.0, 0.1)
)


def learnt(
    kind="non-us-img", a=A, b=B, covariance=((0.004, 0.001), (0.001, 0.006)), method="intercept-slope"
):
    line = Line(a, b, np.array(covariance, float), -500.0, -550.0)
    return Learnt(kind, method, 800, 390, line, (), HELD, "")


AFTER = Model(calibrated(BEFORE.record, [learnt()]))
SAME = Model(calibrated(BEFORE.record, [learnt(a=0.0, b=1.0, covariance=np.zeros((2, 2)))]))


def people(model, applicant):
    return model.people([model.resolve(applicant)])


@settings(max_examples=60)
@given(applicants_of(BEFORE))
def test_log_odds_are_the_line_of_the_uncalibrated_ones_in_every_draw(applicant):
    before, after = people(BEFORE, applicant), people(AFTER, applicant)
    if applicant.applicant_type != "non-us-img":
        assert (after.log_odds == before.log_odds).all()
        return
    line = AFTER.kind("non-us-img").calibration
    wanted = line.intercept.draws.array + line.slope.draws.array * before.log_odds
    assert after.log_odds == pytest.approx(wanted, abs=1e-9)
    together = sum(after.shifts.values(), np.broadcast_to(after.base, after.log_odds.shape))
    assert together == pytest.approx(after.log_odds, abs=1e-9)


@settings(max_examples=30)
@given(st.lists(applicants_of(BEFORE), min_size=1, max_size=6))
def test_a_table_has_the_numbers_of_predict(some):
    found = score_applicants(AFTER, some)
    for k, applicant in enumerate(some):
        answer = AFTER.odds(applicant)
        got = [found["p_ranked" + end][k] for end in ("", "_low", "_high")]
        assert answer.withheld == np.isnan(got).all()
        if not answer.withheld:
            assert got == pytest.approx(answer.p_ranked, abs=1e-12)


@settings(max_examples=30)
@given(applicants_of(BEFORE))
def test_intercept_0_and_slope_1_change_nothing(applicant):
    before, after = BEFORE.odds(applicant), SAME.odds(applicant)
    if not before.withheld:
        assert after.p_ranked == pytest.approx(before.p_ranked, abs=1e-9)
        assert after.average_ranked == pytest.approx(before.average_ranked, abs=1e-9)


def test_the_margin_over_interviews_follows_the_calibrated_odds():
    asked = Applicant("Internal Medicine", "non-us-img", step2_ck=250, cycle=2026)
    before, after = BEFORE.odds(asked), AFTER.odds(asked)
    assert after.p_ranked.point < before.p_ranked.point and after.p_apply.point < before.p_apply.point
    assert after.p_apply.point == pytest.approx(after.p_any_invitation.point * after.p_ranked.point, abs=0.02)


def test_draws_have_the_fits_moments_and_the_name_says_so():
    line = AFTER.kind("non-us-img").calibration
    intercept, slope = line.intercept.draws.array, line.slope.draws.array
    assert len(intercept) == len(slope) == BEFORE.record.draw_count
    assert intercept.mean() == pytest.approx(A, abs=1e-5) and slope.mean() == pytest.approx(B, abs=1e-5)
    assert np.cov(intercept, slope) == pytest.approx(np.array([[0.004, 0.001], [0.001, 0.006]]), abs=1e-6)
    assert AFTER.name == BEFORE.name + "-calibrated" and BEFORE.kind("non-us-img").calibration is None


def test_the_answer_says_so(tmp_path, capsys):
    file = tmp_path / "calibrated.json"
    write_model(AFTER.record, file)
    assert load_model(file).record == AFTER.record
    who = ["predict", "--specialty", "IM", "--model", file, "--step2", "250", "--details"]
    status, out, err = run(capsys, *who, "--applicant-type", "non-us-img")
    said = "calibrated on 800 non-US IMGs of your own whose outcomes are known (390 matched)"
    assert (status, err) == (0, "") and " ".join(out.split()).count(said) == 1
    assert "slope 0.70 (SE 0.08) and intercept -0.30 (SE 0.06) on the log odds" in " ".join(out.split())
    assert "calibrated" not in run(capsys, *who, "--applicant-type", "us-img")[1].replace(
        "synthetic-calibrated", ""
    )
    told = json.loads(run(capsys, *who, "--applicant-type", "non-us-img", "--json")[1])
    assert "calibrated" in [note["code"] for note in told["notes"]]


def test_a_temperature_names_no_intercept():
    model = Model(calibrated(BEFORE.record, [learnt("us-img", 0.0, 0.8, ((0, 0), (0, 0.01)), "temperature")]))
    line = model.kind("us-img").calibration
    assert set(line.intercept.draws.array) == {0.0} and line.intercept.se == 0
    notes = {
        note["code"]: note["text"] for note in model.odds(Applicant("IM", "us-img", 250)).to_dict()["notes"]
    }
    assert (
        "slope 0.80 (SE 0.10) on the log odds" in notes["calibrated"]
        and "intercept" not in notes["calibrated"]
    )


def spoilt(**changes):
    kind = AFTER.record.types["non-us-img"]
    calibration = replace(kind.calibration, **changes)
    return replace(
        AFTER.record, types={**AFTER.record.types, "non-us-img": replace(kind, calibration=calibration)}
    )


SLOPE = AFTER.kind("non-us-img").calibration.slope
DAMAGE = {
    "upside down": (spoilt(slope=replace(SLOPE, value=-0.2)), "is not above 0"),
    "a draw lost": (spoilt(slope=replace(SLOPE, draws=Draws("0.7 0.8"))), "it has 2 draws"),
    "more than all": (spoilt(matched=900), "900 of 800 matched"),
    "n a text": (spoilt(n="many"), "is not a whole number"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_calibration_is_refused(name, tmp_path):
    record, words = DAMAGE[name]
    file = tmp_path / "spoilt.json"
    file.write_text(json.dumps(plain(record)), encoding="utf-8")
    with pytest.raises(ModelFileError, match=words):
        read_model_file(file)
