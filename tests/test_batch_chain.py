"""A table of applicants gets the numbers of predict, to 1e-9, applications and all."""

import csv
import math
import random

import pytest

from matchmodel import Applicant, load_model
from matchmodel.batch import score_applicants
from matchmodel.cli import main

from .test_applications import some_applicant

MODEL = load_model()
NAMES = {
    "p_apply": "p_apply", "p_any_invitation": "p_any", "expected_invitations": "expected",
}


def same(found, wanted):
    return math.isnan(found) if wanted is None else found == pytest.approx(wanted, abs=1e-9)


def test_random_applicants_agree_to_1e_9():
    rng = random.Random(8)
    applicants = [
        some_applicant(1000 + k, applications=rng.choice([None, rng.randint(1, 700)]), target=rng.choice([None, rng.uniform(0.02, 0.98)]))
        for k in range(150)
    ]
    found = score_applicants(MODEL, applicants)
    for k, applicant in enumerate(applicants):
        answer = MODEL.odds(applicant)
        for end in ("", "_low", "_high"):
            assert same(found["p_ranked" + end][k], getattr(answer, "p_ranked" + end))
            for column, field in NAMES.items():
                wanted = None if applicant.applications is None else getattr(answer.chain, field + end)
                assert same(found[column + end][k], wanted)
            field = {"": "applications", "_low": "low", "_high": "high"}[end]
            for column, order in (("required_applications", "random"), ("required_applications_friendliest", "friendliest")):
                wanted = None if applicant.target is None else getattr(getattr(answer.chain, order), field)
                assert same(found[column + end][k], wanted)


def test_columns_come_only_where_they_are_asked_for():
    plain = Applicant("IM", "non-us-img", step2_ck=240)
    assert set(score_applicants(MODEL, [plain])) == {"p_ranked", "p_ranked_low", "p_ranked_high"}
    some = score_applicants(MODEL, [plain, plain._replace(applications=50)])
    assert math.isnan(some["p_apply"][0]) and 0 < some["p_apply"][1] < 1
    assert "required_applications" not in some


def test_the_command_writes_them(tmp_path, capsys):
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text(
        "specialty,applicant_type,step2_ck,applications,target\nInternal Medicine,non-us-img,250,120,0.5\nFM,us-img,,,\nNeurology,non-us-img,230,100,0.9\n", encoding="utf-8"
    )
    assert main(["score", str(table), str(out)]) == 0
    with open(out, newline="", encoding="utf-8") as file:
        first, second, third = csv.DictReader(file)
    answer = MODEL.odds(Applicant("IM", "non-us-img", step2_ck=250, applications=120, target=0.5))
    assert float(first["p_apply"]) == pytest.approx(answer.chain.p_apply, abs=1e-9)
    assert int(first["required_applications"]) == answer.chain.random.applications
    assert second["p_apply"] == "" and second["required_applications"] == ""
    assert third["required_applications"] == ""  # not reachable with every program


def test_a_row_without_a_chain_is_refused_when_it_asks(tmp_path, capsys):
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("specialty,applicant_type,applications\nPlastic Surgery,non-us-img,50\nIM,non-us-img,50\n", encoding="utf-8")
    assert main(["score", str(table), str(out)]) == 2
    error = capsys.readouterr().err
    assert "row 2: no invitation table describes Plastic Surgery (Integrated)" in error and not out.exists()
