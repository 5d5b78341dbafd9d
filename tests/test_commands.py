"""The command line: what is printed, exit statuses, and how quick it starts."""

import csv
import json
import os
import random
import statistics
import subprocess
import sys
import time

import pytest

from matchmodel import Applicant, load_model
from matchmodel.batch import score_applicants
from matchmodel.cli import main

WHO = ["--specialty", "Internal Medicine", "--applicant-type", "non-us-img"]
FULL = [*WHO, "--step2", "250", "--step1-attempts", "1", "--step2-attempts", "1", "--yog", "2024", "--usce", "4", "--visa", "yes"]
MODEL = load_model()


def run(capsys, *words):
    try:
        status = main(list(words))
    except SystemExit as stop:
        status = stop.code
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_text_has_what_a_person_needs(capsys):
    status, out, err = run(capsys, "predict", *FULL)
    assert status == 0 and err == ""
    answer = MODEL.odds(Applicant("IM", "non-us-img", step2_ck=250, step1_attempts=1, step2_attempts=1, yog=2024, usce_months=4, visa_needed=True))
    assert f"{100 * answer.p_ranked:.1f}% chance of matching, given at least one ranked program" in out
    assert f"80% range {100 * answer.p_ranked_low:.1f}% to {100 * answer.p_ranked_high:.1f}%; odds of about 1 in {answer.one_in:.1f}" in out
    for words in ("measured", "evidence", "48.5% (published, 2026)", "not of matching anywhere", "preferred specialty", "association", "Step 2 CK: 250"):
        assert words in out
    assert max(len(line) for line in out.splitlines()) <= 100


def test_json_is_the_same_answer(capsys):
    status, out, _ = run(capsys, "predict", *FULL, "--json")
    found = json.loads(out)
    answer = MODEL.odds(Applicant("IM", "non-us-img", step2_ck=250, step1_attempts=1, step2_attempts=1, yog=2024, usce_months=4, visa_needed=True))
    assert status == 0
    assert (found["p_ranked"], found["p_ranked_low"], found["p_ranked_high"]) == (answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high)
    assert {r["covariate"]: r["basis"] for r in found["likelihood_ratios"]}["step2_ck"] == "measured"
    assert len(found["likelihood_ratios"]) == 6 and found["p_apply"] is None


REFUSED = {
    "score off the scale": ([*WHO, "--step2", "400"], "1 to 300"),
    "visa of a US IMG": (["--specialty", "IM", "--applicant-type", "us-img", "--visa", "yes"], "no visa"),
    "misspelt specialty": (["--specialty", "Intenal Medicine", "--applicant-type", "us-img"], "did you mean Internal Medicine"),
    "unknown type": (["--specialty", "IM", "--applicant-type", "alien"], "this model knows"),
    "no type": (["--specialty", "IM"], "--applicant-type"),
    "unknown option": ([*WHO, "--shoe-size", "44"], "--shoe-size"),
    "very long": (["--specialty", "x" * 5000, "--applicant-type", "us-img"], "unknown specialty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_line_with_status_2(name, capsys):
    words, message = REFUSED[name]
    status, out, err = run(capsys, "predict", *words)
    assert status == 2 and out == "" and message in err and err.count("\n") == 1


BAD_MODELS = {"missing": None, "not JSON": "{", "not a model": '{"a": 1}', "another schema": '{"kind": "matchmodel", "schema": 99}'}


@pytest.mark.parametrize("name", BAD_MODELS)
def test_a_bad_model_file_is_one_line_and_status_1(name, capsys, tmp_path):
    file = tmp_path / "a model.json"
    if BAD_MODELS[name] is not None:
        file.write_text(BAD_MODELS[name], encoding="utf-8")
    status, out, err = run(capsys, "predict", *WHO, "--model", str(file))
    assert status == 1 and out == "" and err.count("\n") == 1 and "train" in err


def test_help_names_every_command(capsys):
    status, out, _ = run(capsys, "--help")
    assert status == 0
    for command in ("etl", "train", "evaluate", "predict", "score", "curve"):
        assert f"\n    {command} " in out


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_score_reads_every_spelling_and_agrees_with_predict(tmp_path, capsys):
    table = tmp_path / "a table.csv"
    table.write_bytes(
        b"\xef\xbb\xbfSpecialty,APPLICANT-TYPE,Step2 CK,step1 attempts,YOG,Usce_Months,visa needed,step2_failed,matched,my notes\r\n"
        b"im,non us img,250,1,2024,4,yes,0,1,first\r\nFamily Medicine,US-IMG,,,,,,true,,\r\nNeurology,non-us-img,231,,,,1,no,,last\r\n"
    )
    out = tmp_path / "out.csv"
    status, _, err = run(capsys, "score", str(table), str(out))
    assert status == 0, err
    with open(out, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wanted = [
        Applicant("IM", "non-us-img", step2_ck=250, step1_attempts=1, yog=2024, usce_months=4, visa_needed=True, step2_failed=False),
        Applicant("FM", "us-img", step2_failed=True),
        Applicant("Neurology", "non-us-img", step2_ck=231, visa_needed=True, step2_failed=False),
    ]
    for row, applicant in zip(rows, wanted, strict=True):
        answer = MODEL.odds(applicant)
        for name in ("p_ranked", "p_ranked_low", "p_ranked_high"):
            assert float(row[name]) == pytest.approx(getattr(answer, name), abs=1e-9)
    assert [r["my notes"] for r in rows] == ["first", "", "last"]


def test_score_agrees_over_random_applicants_and_all_cells():
    rng = random.Random(3)
    applicants = []
    for kind in MODEL.applicant_types:
        for specialty in MODEL.specialties(kind):
            for _ in range(4):
                applicants.append(Applicant(
                    specialty, kind, step2_ck=rng.choice([None, rng.uniform(190, 290)]), yog=rng.choice([None, rng.randint(1995, 2026)]),
                    usce_months=rng.choice([None, rng.uniform(0, 20)]), step1_failed=rng.choice([None, True, False]),
                    step2_failed=rng.choice([None, True, False]), cycle=rng.choice([None, 2026, 2029]),
                    visa_needed=None if kind == "us-img" else rng.choice([None, True, False]),
                ))
    found = score_applicants(MODEL, applicants)
    for k, applicant in enumerate(applicants):
        answer = MODEL.odds(applicant)
        for name in found:
            assert found[name][k] == pytest.approx(getattr(answer, name), abs=1e-9)


BAD_TABLES = {
    "no specialty column": ("applicant_type\nus-img\n", ["the column specialty is missing"]),
    "empty": ("", ["is empty"]),
    "two bad rows": ("specialty,applicant_type,step2_ck\nIM,us-img,999\nIM,us-img,240\nFM,us-img,x\n", ["row 2: Step 2 CK is 999", "row 4: Step 2 CK is 'x'"]),
    "short row": ("specialty,applicant_type,step2_ck\nIM,us-img\n", ["row 2 has another number of cells"]),
    "two columns of one meaning": ("specialty,Specialty,applicant_type\nIM,IM,us-img\n", ["two columns mean specialty"]),
    "disagreeing failure": ("specialty,applicant_type,step1_attempts,step1_failed\nIM,us-img,2,no\n", ["row 2: step1_attempts 2 and step1_failed no disagree"]),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bad_table_is_refused_whole(name, capsys, tmp_path):
    text, messages = BAD_TABLES[name]
    out = tmp_path / "out.csv"
    status, _, err = run(capsys, "score", write(tmp_path / "in.csv", text), str(out))
    assert status == 2 and not out.exists() and all(m in err for m in messages)
    assert "Traceback" not in err and len(err.splitlines()) == len(messages)


def test_a_table_of_only_a_header_gives_one_of_only_a_header(capsys, tmp_path):
    out = tmp_path / "out.csv"
    assert run(capsys, "score", write(tmp_path / "in.csv", "specialty,applicant_type\n"), str(out))[0] == 0
    assert out.read_text(encoding="utf-8") == "specialty,applicant_type,p_ranked,p_ranked_low,p_ranked_high\n"


def test_an_output_folder_that_is_not_there_is_one_line(capsys, tmp_path):
    status, _, err = run(capsys, "score", write(tmp_path / "in.csv", "specialty,applicant_type\nIM,us-img\n"), str(tmp_path / "no" / "out.csv"))
    assert status == 1 and err.count("\n") == 1


HEAVY = ("numpy", "pandas", "scipy", "statsmodels", "sklearn", "matplotlib", "pandera", "dataclasses", "typing")


@pytest.mark.parametrize("words", [FULL, [*FULL, "--json"], [*FULL, "--applications", "120", "--target", "0.4"], ["--specialty", "nothing", "--applicant-type", "us-img"]])
def test_nothing_heavy_is_on_the_path_of_predict(words):
    code = f"import sys; from matchmodel.cli import main; status = main({['predict', *words]!r}); print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.slow
def test_predict_starts_within_eight_bare_interpreters():
    """Median of 25 interleaved runs, ranges of the applications from every draw included."""
    bare, ours = [], []
    command = [sys.executable, "-m", "matchmodel", "predict", *FULL, "--applications", "120"]
    for _ in range(25):
        for times, words in ((bare, [sys.executable, "-c", "pass"]), (ours, command)):
            started = time.perf_counter()
            subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - started)
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"predict {1000 * statistics.median(ours):.1f} ms, bare {1000 * statistics.median(bare):.1f} ms, ratio {ratio:.2f}")
    assert ratio <= 8


def test_a_closed_pipe_is_no_traceback():
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m matchmodel predict {" ".join(repr(w) for w in FULL)} | head -1'],
        capture_output=True, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert "chance" in done.stdout or "Internal Medicine" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_same_from_another_folder(tmp_path):
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    done = subprocess.run([sys.executable, "-m", "matchmodel", "predict", *WHO, "--json"], capture_output=True, text=True, cwd=folder, check=True)
    assert json.loads(done.stdout)["p_ranked"] == pytest.approx(MODEL.odds(Applicant("IM", "non-us-img")).p_ranked)
