"""`matchmodel compare`: exit status 0, 1 or 2, what is printed where, and files that are no models."""

import json
import os
import subprocess
import sys

import pytest

from matchmodel import Applicant, cli, load_model
from matchmodel.compare.command import MANY

from ..asking import run
from ..persons import made_up, outcomes, write as write_persons
from .conftest import put, without


def test_itself(files, capsys):
    status, out, err = run(capsys, "compare", files["fresh"], files["fresh"])
    assert (status, err) == (0, "") and "The two files say the same." in out
    assert out.endswith("\n\nNothing is over the threshold (3 standard errors of a coefficient, 5 points of an applicant).\n")


def test_without_a_source(files, capsys):
    for words, expected in (([], 1), (["--threshold", "20"], 0), (["--threshold", "20", "--standard-errors", "1"], 1), (["--standard-errors", "1"], 1)):
        status, out, err = run(capsys, "compare", files["fresh"], files["no-neurology"], *words)
        assert (status, err) == (expected, "") and "went: source neurology-2026" in out
        assert out.splitlines()[-1].startswith("Over the threshold: " if expected else "Nothing is over")


def test_json_is_one_object(files, capsys):
    status, out, err = run(capsys, "compare", files["no-neurology"], files["fresh"], "--json")
    made = json.loads(out)
    assert (status, err, made["status"]) == (1, "", 1) and made["old"]["name"] == "no-neurology"
    assert made["came_and_went"][0]["came"] is True and len(made["applicants"]) == 12


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_figure(files, capsys, tmp_path, kind):
    out = tmp_path / f"changes.{kind}"
    assert run(capsys, "compare", files["fresh"], files["no-neurology"], "--figure", out)[0] == 1
    assert out.read_bytes()[:5] == (b"\x89PNG\r" if kind == "png" else b"<?xml") and list(tmp_path.iterdir()) == [out]


def test_a_change_by_hand_is_over_at_its_place(content, files, write, capsys):
    se = content["types"]["non-us-img"]["cells"]["Dermatology"]["beta"]["se"]
    new = write(put(content, "types.non-us-img.cells.Dermatology.beta.value", lambda v: v + 3.5 * se), "new")
    status, out, _ = run(capsys, "compare", files["fresh"], new)
    assert status == 1 and out.endswith("\nOver the threshold: 1 coefficient (3 standard errors).\n")
    (line,) = [one for one in out.splitlines() if one.endswith("  over")]
    assert line.startswith("  Dermatology, non-US IMGs ") and "+3.5" in line


def test_calibrated_against_uncalibrated(files, tmp_path, capsys):
    model = load_model(files["fresh"])
    people = made_up(2500, 77)
    _, matched = outcomes(model, people, 77, -0.35, 0.6)
    out = tmp_path / "own.json"
    assert run(capsys, "calibrate", write_persons(tmp_path / "persons.csv", people, matched), "--model", files["fresh"], "--out", out)[0] == 0
    status, said, _ = run(capsys, "compare", files["fresh"], out, "--json")
    made, line = json.loads(said), json.loads(out.read_text(encoding="utf-8"))["types"]["non-us-img"]["recalibration"]
    assert status == 1 and [(c["what"], c["came"]) for c in made["came_and_went"]] == [("recalibration of non-US IMGs", True)]
    moved = {c["name"]: c for c in made["coefficients"] if c["change"]}
    assert set(moved) == {"intercept", "slope"} and set(made["other_differences"]) <= {"notes, sources and bases"}  # the formula in words
    for name, identity in (("intercept", 0.0), ("slope", 1.0)):
        assert (moved[name]["old"], moved[name]["new"]) == (identity, line[name]["value"]) and moved[name]["over"]
        assert moved[name]["standard_errors"] == pytest.approx((line[name]["value"] - identity) / line[name]["se"])
    assert {a["points"] == 0 for a in made["applicants"] if a["applicant_type"] == "us-img"} == {True}
    strong = next(a for a in made["applicants"] if a["name"] == "strong, IM")
    calibrated = load_model(out).odds(Applicant("IM", "non-us-img", 260, years_since_graduation=1, usce_months=6, visa_needed=False, step1_failed=False, step2_failed=False))
    assert strong["new"]["p_ranked"] == pytest.approx(calibrated.p_ranked) and strong["points"] < -5


def test_own_applicants(content, files, write, tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text("specialty,applicant_type,step2_ck\nNeurology,non-us-img,250\nIM,us-img,225\n", encoding="utf-8")
    less = write(without(content, "types.non-us-img.cells.Neurology"), "less")
    status, out, err = run(capsys, "compare", less, files["no-neurology"], "--applicants", people)
    assert (status, err) == (1, "") and "Not compared: 1\n    applicant 1: Neurology, non-US IMG: OLD: no specialty Neurology" in out
    assert "  applicant 2: Internal Medicine, US IMG\n" in out and "Made-up" not in out
    status, out, err = run(capsys, "compare", less, less, "--applicants", people)
    assert (status, out) == (2, "") and "row 2: no table of non-us-img has the specialty Neurology" in err


def test_many_applicants_show_progress(files, tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text("specialty,applicant_type,step2_ck\n" + "Dermatology,us-img,225\n" * MANY, encoding="utf-8")
    status, out, err = run(capsys, "compare", files["fresh"], files["no-evidence"], "--applicants", people, "--json")
    assert status == 1 and f"asking both models about {MANY:,} applicants" in err and len(json.loads(out)["applicants"]) == MANY


def test_cycle(content, files, write, capsys):
    later = put(put(content, "newest_table", lambda y: y + 1), "types.non-us-img.year", lambda y: y + 1)
    new = write(later, "later")
    for words, cycles, said in (([], (2027, 2028), "OLD 2027, NEW 2028"), (["--cycle", "2027"], (2027, 2027), "for the 2027 Match")):
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
    assert (status, out) == (2, "") and len(err.splitlines()) == 1 and err.startswith("matchmodel compare: ") and message in err and name in err
    assert not (tmp_path / "none.png").exists()


DAMAGE = {  # path -> what stands there instead
    "covariates.visa_needed.delta.value": "half", "chain.effects": [], "types.us-img.cells.Neurology.level.se": -1.0, "chain.types.us-img.specialties.Neurology.rank": {},
    "sources": [{}], "exchange.value": None, "types.us-img.drift": {}, "settings": [], "exam": {},
    "chain.types.us-img.specialties.Internal Medicine.usual.draws": "a b c", "types.us-img.recalibration": {"slope": 1},
}


@pytest.mark.parametrize("path", DAMAGE)
def test_damaged_files(content, files, tmp_path, capsys, path):
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(put(content, path, DAMAGE[path])), encoding="utf-8")
    for pair in ((files["fresh"], bad), (bad, files["fresh"])):
        status, out, err = run(capsys, "compare", *pair)
        assert (status, out) == (2, "") and len(err.splitlines()) == 1 and "damaged" in err, err


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


@pytest.mark.parametrize(("said", "status"), [(None, 0), (0, 0), (1, 1)])
def test_main_passes_on_what_a_command_returns(monkeypatch, capsys, said, status):
    monkeypatch.setattr(cli, "_compare", lambda args: said)
    assert run(capsys, "compare", "a", "b") == (status, "", "")


def test_help_has_the_defaults(capsys):
    from matchmodel.compare.result import Thresholds

    args = cli._parser().parse_args(["compare", "a", "b"])
    assert (args.threshold, args.standard_errors) == (Thresholds().points, Thresholds().standard_errors)
    status, out, _ = run(capsys, "compare", "--help")
    assert status == 0 and "Exit status: 0 where nothing is over" in " ".join(out.split()) and "they are no test" in " ".join(out.split())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a Unix shell and /dev/full")
def test_a_full_disk_is_no_change(files):
    line = f"'{sys.executable}' -m matchmodel compare '{files['fresh']}' '{files['fresh']}' >/dev/full"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "matchmodel compare: [Errno 28] No space left on device\n")
