"""`matchmodel programs`: one plain line of refusal, one JSON object with predict's own answer, one file of
everything.
"""

import csv
import json

import pytest

from matchmodel import Applicant, Question
from matchmodel.advice.programs.compute import programs

from ...asking import MODEL, run
from ...worked import DOCS

MADE_UP = DOCS / "made-up-programs.csv"
WORDS = ["--applicant-type", "non-us-img", "--step2", "245", "--yog", "2022", "--usce", "3", "--visa", "yes"]
WHO = Applicant("IM", "non-us-img", 245, yog=2022, usce_months=3, visa_needed=True)
COMMANDS = [
    (
        ["--applicant-type", "non-us-img", "--applications", "3"],
        "give --table with your programs as CSV; --template FILE.csv writes",
    ),
    (["--table", MADE_UP, "--applications", "3"], "say who: --applicant-type non-us-img or us-img"),
    (["--table", MADE_UP, *WORDS, "--applications", "3", "--target", "0.5"], "--target is for predict"),
    (["--table", MADE_UP, *WORDS, "--applications", "3", "--out", MADE_UP], "--out is your own table"),
    (["--table", MADE_UP, "--template", "new.csv"], "give one of them"),
    (["--table", "nowhere.csv", *WORDS, "--applications", "3"], "there is no table nowhere.csv"),
]


@pytest.mark.parametrize(("words", "said"), COMMANDS)
def test_the_command_refuses_in_one_line(capsys, words, said):
    status, out, error = run(capsys, "programs", *words)
    assert status == 2 and not out and said in error and error.count("\n") == 1


def test_json_is_the_result_and_the_file_has_every_program(capsys, tmp_path):
    out = tmp_path / "list.csv"
    words = ["--table", MADE_UP, *WORDS, "--budget", "$150", "--visa-type", "J-1", "--json", "--out", out]
    status, said, _ = run(capsys, "programs", *words)
    made = programs(MODEL, WHO, MADE_UP, budget=150, visa_type="j1")
    assert status == 0
    assert {**json.loads(said), "table": ""} == {**json.loads(json.dumps(made.to_dict())), "table": ""}
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == 40 and [r["program"] for r in rows if r["status"] == "listed"] == [
        p.program for p in made.picks
    ]
    for row in rows:
        assert bool(row["reasons"]) == (row["status"] == "dropped") and None not in row


@pytest.mark.parametrize("more", [[], ["--interviews", "3"]])
def test_the_answer_is_predict_s(capsys, more):
    words = ["--specialty", "IM", *WORDS, "--applications", "12", *more]
    _, mine, _ = run(capsys, "programs", "--table", MADE_UP, *words, "--json")
    _, theirs, _ = run(capsys, "predict", *words, "--json")
    assert json.loads(mine)["answer"] == json.loads(theirs)
    _, said, _ = run(capsys, "programs", "--table", MADE_UP, *words)
    assert ("with the 3 interviews you hold" in said) == bool(more)


def test_the_same_question_in_python(capsys):
    made = programs(MODEL, WHO, MADE_UP, Question(applications=12), specialties=["IM"])
    assert made.answer == MODEL.odds(WHO, Question(applications=12)) and made.applications == 12


def test_no_cell_of_the_file_is_a_formula(capsys, tmp_path):
    table, out = tmp_path / "mine.csv", tmp_path / "list.csv"
    table.write_text("program,specialty,state\n=cmd|A,IM,@SUM(A1)\n", encoding="utf-8")
    status, said, _ = run(capsys, "programs", "--table", table, *WORDS, "--applications", "1", "--out", out)
    (row,) = csv.DictReader(out.open(encoding="utf-8"))
    assert status == 0 and (row["program"], row["state"]) == ("'=cmd|A", "'@SUM(A1)")
    assert f"Every program of the table, with reasons: {out}" in said
