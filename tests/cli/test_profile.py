"""A profile: written as a template or from answers, read into every question, and refused in one line."""

import json
import stat
import tomllib

import pytest

from matchmodel.cli import profile as profiles
from matchmodel.cli.ask import profile as command
from matchmodel.cli.main import main

ME = """
specialty = ["int med", "family"]
applicant-type = "IMG"
visa = "J-1"
step2 = 245
step2_attempts = 1
yog = 2021
target = "60"
applications = 90
"""


@pytest.fixture
def me(tmp_path):
    path = tmp_path / "my profile.toml"
    path.write_text(ME, encoding="utf-8")
    return str(path)


def answer(capsys, *words):
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_profile_is_what_one_would_type(me, capsys):
    typed = ["--applicant-type", "non-us-img", "--visa", "yes", "--step2", "245", "--step2-attempts", "1"]
    typed += ["--yog", "2021", "--target", "0.6", "--applications", "90"]
    several = answer(capsys, "predict", "--profile", me)
    assert several == answer(capsys, "predict", "--specialty", "IM", "--specialty", "FM", *typed)
    one = answer(capsys, "predict", f"--profile={me}", "--specialty", "FM")
    assert one == several[1]  # what is typed wins


@pytest.mark.parametrize("name", ["what-if", "target", "specialties", "portfolio", "timing"])
def test_every_question_takes_it(me, name, capsys):
    found = answer(capsys, name, "--profile", me, *(["--specialty", "IM"] if name == "predict" else []))
    text = json.dumps(found)
    assert '"step2_ck": 245' in text and '"years_since_graduation": 6' in text


REFUSED = [
    ("stp2 = 245", "'stp2' is not known; did you mean step2?"),
    ("step2 = [1, 2]", "step2 is [1, 2]; give a text or a number"),
    ("step2 = ", "is no TOML"),
    ("a = " + "[" * 5000, "is no TOML"),
    ("step2 = 999", "scores are on the 1 to 300 scale"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:10] for text, _ in REFUSED])
def test_refused_in_one_line(text, message, tmp_path, capsys):
    path = tmp_path / "me.toml"
    path.write_text(text, encoding="utf-8")
    words = ["predict", "--profile", str(path), "--specialty", "IM", "--applicant-type", "us-img"]
    try:
        status = main(words)
    except SystemExit as stopped:
        status = stopped.code
    captured = capsys.readouterr()
    assert (status, captured.out) == (2, "") and message in captured.err
    assert len(captured.err.splitlines()) == 1


def test_a_folder_and_a_missing_file_are_no_profiles(tmp_path, capsys):
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(SystemExit) as stopped:
            main(["predict", "--profile", str(path)])
        assert stopped.value.code == 2 and "is no file that can be read" in capsys.readouterr().err


def test_the_template_holds_every_entry_and_its_examples_are_understood(tmp_path, capsys):
    out = tmp_path / "me.toml"
    assert main(["profile", "--out", str(out)]) == 0 and str(out) in capsys.readouterr().out
    text = out.read_text("utf-8")
    assert tomllib.loads(text) == {} and stat.S_IMODE(out.stat().st_mode) == 0o600
    filled = "\n".join(line[2:] for line in text.split("\n") if " = " in line and line.startswith("# "))
    assert set(tomllib.loads(filled)) == set(profiles.KEYS)
    out.write_text(filled, encoding="utf-8")
    assert answer(capsys, "predict", "--profile", str(out))["known"]["step2_ck"] == 245
    assert main(["profile", "--out", str(out)]) == 2  # never over a file
    assert "already exists" in capsys.readouterr().err


def test_asked_question_by_question(tmp_path, monkeypatch, capsys):
    answers = iter(["neuro\x1b[D", "neuro", "\udcff", "martian?", "us citizen img", "999", "238", *[""] * 20])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    out = tmp_path / "me.toml"
    assert main(["profile", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "on the 1 to 300 scale" in said and said.count("type it again") == 2
    found = tomllib.loads(out.read_text("utf-8"))
    assert found["specialty"] == "neuro" and found["step2"] == "238" and "yog" not in found


def test_every_entry_is_checked_as_it_is_asked():
    for entry in profiles.ENTRIES:
        command._check(entry, entry.example.strip('"'), {})
