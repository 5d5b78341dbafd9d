"""The command line: what is printed where, and with which exit status."""

import json
import os
import subprocess
import sys

import pytest

from matchmodel import Applicant, __version__

from .asking import MODEL, run

WHO = ["--specialty", "Internal Medicine", "--applicant-type", "non-us-img"]
FULL = [*WHO, "--step2", "250", "--step1-attempts", "1", "--step2-attempts", "2", "--yog", "2024", "--usce", "4", "--visa", "yes"]
ANSWER = MODEL.odds(Applicant("IM", "non-us-img", 250, 1, 2, 2024, 4, True))


def test_text(capsys):
    status, out, err = run(capsys, "predict", *FULL)
    assert (status, err) == (0, "")
    assert out.startswith("Internal Medicine, non-US IMG, 2027 Match (model match-2026)\n\n  ")
    assert f"{100 * ANSWER.p_ranked:.1f}% chance of matching, given at least one ranked program" in out
    assert out.endswith("\n") and not out.endswith("\n\n")


PROMISED = {
    "p_ranked": ANSWER.p_ranked,
    "p_ranked_low": ANSWER.p_ranked_low,
    "p_ranked_high": ANSWER.p_ranked_high,
    "likelihood_ratios": [r._asdict() for r in ANSWER.likelihood_ratios],
    "odds": ANSWER.odds,
    "one_in": ANSWER.one_in,
    "specialty": "Internal Medicine",
    "applicant_type": "non-us-img",
    "cycle": 2027,
    "specialty_average": ANSWER.average,
    "odds_against_average": ANSWER.against_average,
    "extrapolated": False,
}


def test_json_is_one_object_with_the_same_numbers(capsys):
    status, out, err = run(capsys, "predict", *FULL, "--json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert {name: found[name] for name in PROMISED} == PROMISED
    assert {"p_apply", "p_apply_low", "p_apply_high", "required_applications", "warnings", "notes"} <= set(found)


SAME = [  # other ways to say FULL
    ["--specialty=IM", "--applicant-type=Non-U.S. IMG", "--step2=250.0", "--step1-attempts=1", "--step2-attempts=2", "--yog=2024.0", "--usce=4.0", "--visa=1"],
    [*FULL, "--cycle", "2027"],
    [*FULL, "--step2", "٢٥٠"],
    ["--specialty", "medicine (categorical)", *FULL[2:], "--visa", "TRUE"],
]


@pytest.mark.parametrize("words", SAME)
def test_other_ways_to_say_it(words, capsys):
    assert json.loads(run(capsys, "predict", *words, "--json")[1])["p_ranked"] == ANSWER.p_ranked


REFUSED = [  # words after WHO (which they override) -> words of the line
    (["--step2", "301"], "Step 2 CK is 301; scores are on the 1 to 300 scale"),
    (["--step2", "1e3"], "Step 2 CK is 1e3;"),
    (["--step2", "nan"], "Step 2 CK is nan;"),
    (["--step2=-inf"], "Step 2 CK is -inf;"),
    (["--step2", "-inf"], "expected one argument"),
    (["--step2", "x" * 5000], "not a number"),
    (["--step2"], "argument --step2: expected one argument"),
    (["--yog", "2028"], "after the cycle 2027"),
    (["--yog", "2026", "--cycle", "2025"], "after the cycle 2025"),
    (["--step1-attempts", "0"], "between 1 and 4"),
    (["--step2-attempts", "7"], "between 1 and 4"),
    (["--usce", "-1"], "in months, between 0 and 120"),
    (["--usce", "inf"], "in months, between 0 and 120"),
    (["--visa", "perhaps"], "yes or no"),
    (["--visa", "nan"], "yes or no"),
    (["--applicant-type", "us-img", "--visa", "yes"], "need no visa"),
    (["--applicant-type", "martian"], "this model knows non-us-img, us-img"),
    (["--applicant-type", ""], "say us-img or non-us-img"),
    (["--specialty", "Internal Medcine"], "did you mean Internal Medicine"),
    (["--specialty", "Ophthalmology"], "no table of non-us-img has the specialty Ophthalmology; there are Anesthesiology,"),
    (["--specialty", ""], "the specialty is empty"),
    (["--cycle", "2099"], "more than 10 years from the table of 2026"),
    (["--target", "50%"], "a chance between 0 and 1"),
    (["--applications", "none"], "whole number between 1 and 5000"),
    (["--shoe-size", "44"], "unrecognized arguments: --shoe-size 44"),
    (["two\nlines"], "unrecognized arguments: two lines"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=[" ".join(words)[:30] for words, _ in REFUSED])
def test_refused_in_one_line(words, message, capsys):
    status, out, err = run(capsys, "predict", *WHO, *words)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1 and err.startswith("matchmodel") and message in err and len(err) < 700


NO_COMMAND = [([], "COMMAND"), (["guess"], "invalid choice: 'guess'"), (["predict"], "--specialty, --applicant-type"), (["score", "a.csv"], "OUT.csv")]


@pytest.mark.parametrize(("words", "message"), NO_COMMAND)
def test_incomplete_words(words, message, capsys):
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "") and len(err.splitlines()) == 1 and message in err and "--help" in err


def test_warned_but_answered(capsys):
    status, out, err = run(capsys, "predict", *WHO, "--step2", "200", "--step1-attempts", "5")
    assert (status, err) == (0, "")
    assert "passed only before 2013-07-01" in " ".join(out.split()) and "extrapolated" in out and "5 attempts at Step 1" in out


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["predict", "--help"], ["score", "--help"]])
def test_help(words, capsys):
    status, out, err = run(capsys, *words)
    assert (status, err) == (0, "") and (__version__ if words == ["--version"] else "usage: matchmodel") in out


SHELL = {  # a line of shell -> exit statuses that may be, what is on standard output, what on standard error
    "head": ("{predict} --json | head -1; exit ${{PIPESTATUS[0]}}", {0, 1}, "{\n", ""),
    "nobody reads": ("trap '' PIPE; {predict} --json | true; exit ${{PIPESTATUS[0]}}", {0, 1}, "", ""),
    "stdin closed": ("{predict} <&- | head -c 17", {0}, "Internal Medicine", ""),
    "stdout closed": ("{predict} >&-", {0}, "", ""),
    "stderr closed": ("{predict} --step2 999 2>&-", {2}, "", ""),
    "disk full": ("{predict} >/dev/full", {1}, "", "matchmodel predict: [Errno 28] No space left on device\n"),
    "ASCII terminal": ("PYTHONIOENCODING=ascii {predict} --step2 é", {2}, "", "matchmodel predict: Step 2 CK is '\\xe9', not a number; scores are on the 1 to 300 scale\n"),
}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a Unix shell and /dev/full")
@pytest.mark.parametrize("name", SHELL)
def test_in_a_shell(name, tmp_path):
    line, statuses, out, err = SHELL[name]
    predict = f"'{sys.executable}' -m matchmodel predict --specialty IM --applicant-type non-us-img"
    folder = tmp_path / "a folder"  # and not the checkout
    folder.mkdir()
    done = subprocess.run(["bash", "-c", line.format(predict=predict)], capture_output=True, text=True, cwd=folder)
    assert done.returncode in statuses and done.stderr == err
    assert done.stdout == out or name == "head"
