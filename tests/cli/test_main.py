"""The command line: what is printed where, and with which exit status."""

import io
import json
import os
import subprocess
import sys

import pytest

from matchmodel import Applicant, Question, __version__
from matchmodel.cli.main import Visible
from matchmodel.cli.parser import Formatter

from ..model.synthetic import CHAINED, GREY, model, model_file
from ..running import run

MODEL = ["--model", model_file()]
WHO = ["--specialty", "Internal Medicine", "--applicant-type", "non-us-img"]
FULL = [
    *WHO,
    "--step2",
    "250",
    "--step1-attempts",
    "1",
    "--step2-attempts",
    "2",
    "--yog",
    "2024",
    "--usce",
    "4",
    "--visa",
    "yes",
]
APPLICANT = Applicant("IM", "non-us-img", 250, 1, 2, 2024, 4, True)
ANSWER = model().odds(APPLICANT)


def test_text(capsys):
    status, out, err = run(capsys, "predict", *FULL, *MODEL)
    assert (status, err) == (0, "")
    assert out.startswith("Internal Medicine, non-US IMG, 2027 Match (model synthetic)\n\nAbout ")
    assert f"if you rank at least one program {100 * ANSWER.p_ranked.point:.1f}%" in " ".join(out.split())
    assert out.endswith("\n") and not out.endswith("\n\n")


def test_json_is_the_answer(capsys):
    status, out, err = run(capsys, "predict", *FULL, "--json", *MODEL)
    assert (status, err) == (0, "") and json.loads(out) == ANSWER.to_dict()


def test_questions(capsys):
    words = ["--applications", "120", "--target", "40%", "--interviews", "3"]
    found = json.loads(run(capsys, "predict", *FULL, *words, "--json", *MODEL)[1])
    assert (
        found == model().odds(APPLICANT, Question(120, 0.4, 3)).to_dict()
        and found["p_given_interviews"] is not None
    )
    assert "with the 3 interviews you hold" in run(capsys, "predict", *FULL, *words, *MODEL)[1]


def test_several_specialties_get_an_answer_each(capsys):
    words = [*FULL, "--specialty", "derm"]
    found = json.loads(run(capsys, "predict", *words[:-1], GREY, "--json", *MODEL)[1])
    assert [one["specialty"] for one in found] == [CHAINED, GREY] and found[0] == ANSWER.to_dict()
    out = run(capsys, "predict", *words, *MODEL)[1]
    assert out.startswith("2 specialties, non-US IMG, 2027 Match") and out.index(
        "\nInternal Medicine"
    ) < out.index("\nDermatology?")


def test_details(capsys):
    plain, full = (run(capsys, "predict", *FULL, *MODEL, *more)[1] for more in ([], ["--details"]))
    assert "Bound, programs at random" in full and "Bound" not in plain


SAME = [  # other ways to say FULL
    [
        "--specialty=IM",
        "--applicant-type=Non-U.S. IMG",
        "--step2=250.0",
        "--step1-attempts=1",
        "--step2-attempts=2",
        "--yog=2024.0",
        "--usce=4.0",
        "--visa=1",
    ],
    [*FULL, "--cycle", "2027"],
    [*FULL, "--step2", "٢٥٠"],
    ["--specialty", "medicine (categorical)", *FULL[2:], "--visa", "TRUE"],
    [*FULL, "--visa", "j-1"],
    [*FULL, "--visa", "H1B"],
]


@pytest.mark.parametrize("words", SAME)
def test_other_ways_to_say_it(words, capsys):
    assert (
        json.loads(run(capsys, "predict", *words, "--json", *MODEL)[1])["p_ranked"] == ANSWER.p_ranked.point
    )


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
    (["--visa", "perhaps"], "it is yes, no, j-1, h-1b, green-card or citizen"),
    (["--visa", "nan"], "it is yes, no, j-1"),
    (["--applicant-type", "us-img", "--visa", "yes"], "need no visa"),
    (["--applicant-type", "martian"], "this model knows non-us-img, us-img"),
    (["--applicant-type", ""], "say us-img or non-us-img"),
    (["--specialty", "Internal Medcine"], "did you mean Internal Medicine"),
    (
        ["--specialty", "Ophthalmology"],
        "ophthalmology has its own match (SF Match)",
    ),
    (["--specialty", ""], "the specialty is empty"),
    (["--cycle", "2099"], "more than 10 years from the table of 2026"),
    (["--target", "160"], "it is a chance, such as 60% or 0.6"),
    (["--specialty", "cardiology"], "comes after a residency in Internal Medicine"),
    (["--couples", "yes"], "no data: no table shows IMGs who match as couples"),
    (["--practice", "NBME:240"], "matchmodel timing averages over a practice test"),
    (["--stp2", "240"], "did you mean --step2?"),
    (["--interviews", "61"], "whole number between 0 and 60"),
    (
        ["--applicant-type", "us-img", "--visa", "green-card"],
        "counts permanent residents (green card) as non-US IMGs",
    ),
    (["--visa", "citizen"], "are US IMGs"),
    (["--applicant-type", "FMG"], "may be either"),
    (["--step1", "240"], "unrecognized arguments: --step1 240; a Step 1 number is not in the model"),
    (["--step1=240"], "a Step 1 number is not in the model, its attempts are: --step1-attempts"),
    (["--step2-ck", "240"], "unrecognized arguments: --step2-ck 240; say --step2"),
    (["--app", "30"], "unrecognized arguments: --app 30 (see matchmodel predict --help)"),
    (["--applications", "none"], "whole number between 1 and 5000"),
    (["--shoe-size", "44"], "unrecognized arguments: --shoe-size 44"),
    (["two\nlines"], "unrecognized arguments: two lines"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=[" ".join(words)[:30] for words, _ in REFUSED])
def test_refused_in_one_line(words, message, capsys):
    status, out, err = run(capsys, "predict", *WHO, *MODEL, *words)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1 and err.startswith("matchmodel") and message in err and len(err) < 700


NO_COMMAND = [
    ([], "COMMAND"),
    (["guess"], "unknown command 'guess'"),
    (["predit"], "unknown command 'predit'; did you mean predict?"),
    (["predict"], "--specialty, --applicant-type"),
    (["score", "a.csv"], "OUT.csv"),
]


@pytest.mark.parametrize(("words", "message"), NO_COMMAND)
def test_incomplete_words(words, message, capsys):
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "") and len(err.splitlines()) == 1 and message in err and "--help" in err


def test_warned_but_answered(capsys):
    status, out, err = run(capsys, "predict", *WHO, *MODEL, "--step2", "200", "--step1-attempts", "5")
    assert (status, err) == (0, "")
    assert (
        "passed only before 2013-07-01" in " ".join(out.split())
        and "extrapolated" in out
        and "5 attempts at Step 1" in out
    )


def test_one_specialty_where_only_one_is_answered(capsys):
    status, out, err = run(capsys, "what-if", *WHO, "--specialty", "FM")
    assert (status, out) == (2, "") and "argument --specialty: given twice; this question takes one" in err


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["predict", "--help"], ["score", "--help"]])
def test_help(words, capsys):
    status, out, err = run(capsys, *words)
    assert (status, err) == (0, "") and (
        __version__ if words == ["--version"] else "usage: matchmodel"
    ) in out


def test_ctrl_c_is_no_traceback(monkeypatch, capsys):
    for stop in (KeyboardInterrupt, EOFError):
        monkeypatch.setattr("matchmodel.cli.main._main", lambda _, stop=stop: (_ for _ in ()).throw(stop))
        assert run(capsys, "predict") == (1, "", "matchmodel: stopped\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
def test_json_is_json_in_every_encoding(encoding):
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding)
    said = Visible(out)
    said.write(json.dumps("né 😀 \u202e", ensure_ascii=False))
    said.flush()
    assert json.loads(raw.getvalue().decode(encoding)) in ("né 😀 \u202e", "né 😀 \\u202e")


SHELL = {  # a line of shell -> exit statuses that may be, what is on standard output, what on standard error
    "head": ("{predict} --json | head -1; exit ${{PIPESTATUS[0]}}", {0, 1}, "{\n", ""),
    "nobody reads": ("trap '' PIPE; {predict} --json | true; exit ${{PIPESTATUS[0]}}", {0, 1}, "", ""),
    "stdin closed": ("{predict} <&- | head -c 17", {0}, "Internal Medicine", ""),
    "stdout closed": ("{predict} >&-", {0}, "", ""),
    "stderr closed": ("{predict} --step2 999 2>&-", {2}, "", ""),
    "disk full": (
        "{predict} >/dev/full",
        {1},
        "",
        "matchmodel predict: No space left on device\n",
    ),
    "ASCII terminal": (
        "PYTHONIOENCODING=ascii {predict} --step2 é",
        {2},
        "",
        "matchmodel predict: Step 2 CK is '\\xe9', not a number; scores are on the 1 to 300 scale\n",
    ),
}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a Unix shell and /dev/full")
@pytest.mark.parametrize("name", SHELL)
def test_in_a_shell(name, tmp_path):
    line, statuses, out, err = SHELL[name]
    who = "--specialty IM --applicant-type non-us-img"
    predict = f"'{sys.executable}' -m matchmodel predict {who} --model '{model_file()}'"
    folder = tmp_path / "a folder"  # and not the checkout
    folder.mkdir()
    done = subprocess.run(
        ["bash", "-c", line.format(predict=predict)], capture_output=True, text=True, cwd=folder
    )
    assert done.returncode in statuses and done.stderr == err
    assert done.stdout == out or name == "head"


@pytest.mark.parametrize(("columns", "width"), [("60", 58), ("0", 78), ("wide", 78), ("-3", 78)])
def test_help_is_as_wide_as_the_terminal(columns, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert Formatter("x")._width == width  # and 80 where there is no terminal


def test_a_name_of_any_length_is_cut(capsys):
    status, out, err = run(capsys, "predict", *WHO, "--model", "x" * 5000)
    assert status == 1 and not out and all(len(line) < 1600 for line in err.splitlines())
