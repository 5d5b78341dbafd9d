"""`matchmodel compare`: exit status 0, 1 or 2, what is printed where, and files that are no models."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from matchmodel import Model
from matchmodel.cli import main as cli
from matchmodel.compare.command import MANY
from matchmodel.model.file import plain
from matchmodel.own.calibrate.line import CrossValidated, Learnt, Line, calibrated

from ..running import run
from .conftest import IM, put, without


def test_itself(files, capsys):
    status, out, err = run(capsys, "compare", files["fresh"], files["fresh"])
    assert (status, err) == (0, "") and "The two files say the same." in out
    verdict = "Nothing is over the threshold (3 standard errors of a coefficient, 5 points of an applicant)."
    assert out.split("\n\n")[-1].split() == verdict.split()


def test_without_a_source(files, capsys):
    wide = ["--threshold", "60", "--standard-errors", "60"]
    for words, expected in (([], 1), (wide, 0), (["--threshold", "60", "--standard-errors", "1"], 1)):
        status, out, err = run(capsys, "compare", files["fresh"], files["no-neurology"], *words)
        assert (status, err) == (expected, "") and "went: source neurology-2026" in out
        assert out.split("\n\n")[-1].startswith("Over the threshold: " if expected else "Nothing is over")


def test_json_is_one_object(files, capsys):
    status, out, err = run(capsys, "compare", files["no-neurology"], files["fresh"], "--json")
    made = json.loads(out)
    assert (status, err, made["status"]) == (1, "", 1) and made["old"]["name"] == "no-neurology"
    assert made["came_and_went"][0]["came"] is True and len(made["applicants"]) == 12


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_figure(files, capsys, tmp_path, kind):
    out = tmp_path / f"changes.{kind}"
    assert run(capsys, "compare", files["fresh"], files["no-neurology"], "--figure", out)[0] == 1
    assert out.read_bytes()[:5] == (b"\x89PNG\r" if kind == "png" else b"<?xml") and list(
        tmp_path.iterdir()
    ) == [out]


def test_a_change_by_hand_is_over_at_its_place(record, files, write, capsys):
    se = record.types["non-us-img"].cells["Dermatology"].beta.se
    new = write(
        put(record, ("types", "non-us-img", "cells", "Dermatology", "beta", "value"), lambda v: v + 3.5 * se),
        "new",
    )
    status, out, _ = run(capsys, "compare", files["fresh"], new)
    assert status == 1 and out.endswith("\nOver the threshold: 1 coefficient (3 standard errors).\n")
    (line,) = [one for one in out.splitlines() if one.endswith("  over")]
    assert line.startswith("  Dermatology, non-US IMGs ") and "+3.5" in line


def test_calibrated_against_uncalibrated(record, files, write, capsys):
    line = Line(-0.4, 0.7, np.diag([0.05**2, 0.06**2]), -500.0, -550.0)
    held = CrossValidated(10, *[(0.5, 0.5, 0.0, 0.1)] * 4)
    new = calibrated(record, [Learnt("non-us-img", "intercept-slope", 800, 390, line, (), held, "")])
    status, said, _ = run(capsys, "compare", files["fresh"], write(new, "own"), "--json")
    made = json.loads(said)
    came = [(c["what"], c["came"]) for c in made["came_and_went"]]
    assert status == 1 and came == [("calibration of non-US IMGs", True)] and made["other_differences"] == {}
    moved = {c["name"]: c for c in made["coefficients"] if c["change"]}
    assert set(moved) == {"intercept", "slope"}
    for name, identity, value, se in (("intercept", 0.0, -0.4, 0.05), ("slope", 1.0, 0.7, 0.06)):
        assert (moved[name]["old"], moved[name]["new"], moved[name]["over"]) == (identity, value, True)
        assert moved[name]["standard_errors"] == pytest.approx((value - identity) / se)
    assert {a["points"] == 0 for a in made["applicants"] if a["applicant_type"] == "us-img"} == {True}
    strong = next(a for a in made["applicants"] if a["name"] == "strong, IM")
    assert strong["points"] < -5


def test_own_applicants(record, files, write, tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text(
        "specialty,applicant_type,step2_ck\nNeurology,non-us-img,250\nIM,us-img,225\n", encoding="utf-8"
    )
    less = write(without(record, ("types", "non-us-img", "cells", "Neurology")), "less")
    status, out, err = run(capsys, "compare", less, files["no-neurology"], "--applicants", people)
    assert (status, err) == (1, "")
    assert "Not compared: 1\n  - applicant 1: Neurology, non-US IMG: OLD: no specialty Neurology" in out
    assert "  applicant 2: Internal  " in out and "Made-up" not in out
    status, out, err = run(capsys, "compare", less, less, "--applicants", people)
    assert (status, out) == (2, "") and "row 2: no odds for Neurology: no table shows it by score" in err


def test_many_applicants_show_progress(files, tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text(
        "specialty,applicant_type,step2_ck\n" + "Dermatology,non-us-img,225\n" * MANY, encoding="utf-8"
    )
    words = ["compare", files["fresh"], files["no-evidence"], "--applicants", people, "--json"]
    status, out, err = run(capsys, *words)
    assert status == 0 and f"asking both models about {MANY:,} applicants" in err
    assert len(json.loads(out)["applicants"]) == MANY


def test_cycle(record, files, write, capsys):
    later = put(
        put(record, ("newest_table",), lambda y: y + 1), ("types", "non-us-img", "year"), lambda y: y + 1
    )
    new = write(later, "later")
    for words, cycles, said in (
        ([], (2027, 2028), "OLD 2027, NEW 2028"), (["--cycle", "2027"], (2027, 2027), "for the 2027 Match"),
    ):  # fmt: skip
        assert said in " ".join(run(capsys, "compare", files["fresh"], new, *words)[1].split())
        made = json.loads(run(capsys, "compare", files["fresh"], new, *words, "--json")[1])
        assert {(a["old"]["cycle"], a["new"]["cycle"]) for a in made["applicants"]} == {cycles}


BAD = {  # file: (its text, words of the refusal)
    "missing.json": (None, "there is no model file"),
    "text.json": ("not a model", "cannot be read as a model file"),
    "other.json": ('{"kind": "else"}', "is not a matchmodel file"),
    "old-schema.json": ('{"kind": "matchmodel", "schema": 1}', "has schema 1, this program reads schema"),
    "empty.json": ("", "cannot be read as a model file"),
    "list.json": ("[]", "is not a matchmodel file"),
}


@pytest.mark.parametrize("which", ["OLD", "NEW"])
@pytest.mark.parametrize("name", BAD)
def test_what_is_no_model_is_not_mistaken_for_a_change(files, tmp_path, capsys, name, which):
    text, message = BAD[name]
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    pair = [tmp_path / name, files["fresh"]] if which == "OLD" else [files["fresh"], tmp_path / name]
    status, out, err = run(capsys, "compare", *pair, "--figure", tmp_path / "none.png")
    assert (status, out) == (2, "") and len(err.splitlines()) == 1 and err.startswith("matchmodel compare: ")
    assert message in err and name in err and not (tmp_path / "none.png").exists()


DAMAGE = {  # path in the file's JSON -> what stands there instead
    ("effects", "visa_needed", "mean", "value"): "half",
    (*IM, "chain", "rank_slope"): [],
    (*IM, "level", "se"): -1.0,
    (*IM, "beta", "draws"): "a b c",
    ("sources",): [{}],
    ("types", "us-img", "drift"): {},
    ("settings",): [],
    ("types", "us-img", "calibration"): {"slope": 1},
}


@pytest.mark.parametrize("path", DAMAGE)
def test_damaged_files(record, files, tmp_path, capsys, path):
    content = plain(record)
    *above, last = path
    node = content
    for name in above:
        node = node[name]
    node[last] = DAMAGE[path]
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(content), encoding="utf-8")
    for pair in ((files["fresh"], bad), (bad, files["fresh"])):
        status, out, err = run(capsys, "compare", *pair)
        assert (status, out) == (2, "") and len(err.splitlines()) == 1, err
        assert "damaged" in err and "bad.json" in err


def test_draws_that_are_no_numbers_are_found_before_anything_is_said(record, files, tmp_path, capsys):
    text = Model(record).cell("non-us-img", "Internal Medicine").level.draws.text
    bad = tmp_path / "bad.json"
    whole = files["fresh"].read_text(encoding="utf-8")
    bad.write_text(whole.replace(text, "x" + text[1:]), encoding="utf-8")
    status, out, err = run(capsys, "compare", bad, files["fresh"])
    assert (status, out) == (2, "") and "damaged" in err and "bad.json" in err


WORDS = {  # words after the two files -> words of the refusal
    ("--threshold", "-1"): "--threshold is -1; it is a number from 0 on, such as 5",
    ("--threshold", "five"): "argument --threshold: invalid float value: 'five'",
    ("--standard-errors", "nan"): "--standard-errors is nan",
    ("--cycle", "soon"): "cycle is 'soon', not a number",
    ("--cycle", "2099"): "more than 10 years from the table of 2026",
    ("--applicants", "nowhere.csv"): "there is no table nowhere.csv",
    ("--figure", "picture.pdf"): "picture.pdf is neither .png nor .svg",
    ("--figure", "no/such/folder/picture.png"): "cannot be written: No such file or directory",
}


@pytest.mark.parametrize("words", WORDS)
def test_refused_in_one_line(files, capsys, words):
    status, out, err = run(capsys, "compare", files["fresh"], files["no-neurology"], *words)
    assert (status, out) == (2, "") and len(err.splitlines()) == 1 and WORDS[words] in err


def test_two_files_are_needed(files, capsys):
    assert run(capsys, "compare", files["fresh"])[0] == 2


def test_help_has_the_defaults(capsys):
    from matchmodel.compare.result import Thresholds

    args = cli.parsers()[0].parse_args(["compare", "a", "b"])
    assert (args.threshold, args.standard_errors) == (Thresholds().points, Thresholds().standard_errors)
    status, out, _ = run(capsys, "compare", "--help")
    assert status == 0 and "Exit status: 0 where nothing is over" in " ".join(out.split())
    assert "they are no test" in " ".join(out.split())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a Unix shell and /dev/full")
def test_a_full_disk_is_no_change(files):
    line = f"'{sys.executable}' -m matchmodel compare '{files['fresh']}' '{files['fresh']}' >/dev/full"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "matchmodel compare: [Errno 28] No space left on device\n")
