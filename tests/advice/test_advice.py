"""What all seven questions share: a function, a frozen result, the association, a page, clean refusals."""

import doctest
import itertools
import json
from dataclasses import FrozenInstanceError, fields
from importlib import import_module
from pathlib import Path

import pytest

import matchmodel.advice as advice
from matchmodel import Applicant, Question
from matchmodel.advice.plan import plan
from matchmodel.advice.portfolio import portfolio
from matchmodel.advice.programs import programs
from matchmodel.advice.specialties import specialties
from matchmodel.advice.target import target
from matchmodel.advice.timing import timing
from matchmodel.advice.what_if import what_if
from matchmodel.cli.commands import ADVICE, command
from matchmodel.errors import MatchModelError
from matchmodel.files import write_text
from matchmodel.report.wording import ASSOCIATION

from ..asking import MODEL, run

ROOT = Path(__file__).parents[2]
WHO = Applicant("Internal Medicine", "non-us-img", step2_ck=245, yog=2022, usce_months=2, visa_needed=True)
TABLE = ROOT / "docs" / "advice" / "made-up-programs.csv"
ASKED = {
    "what-if": lambda: what_if(MODEL, WHO),
    "target": lambda: target(MODEL, WHO, Question(target=0.5)),
    "timing": lambda: timing(MODEL, WHO),
    "portfolio": lambda: portfolio(MODEL, WHO, ["Pediatrics"], Question(applications=60)),
    "programs": lambda: programs(MODEL, WHO, TABLE, Question(applications=10)),
    "specialties": lambda: specialties(MODEL, WHO),
    "plan": lambda: plan(MODEL, WHO),
}
WORDS = ["--applicant-type", "non-us-img", "--step2", "245", "--yog", "2022", "--usce", "2", "--visa", "yes"]
COMMANDS = {
    "what-if": ["--specialty", "IM", *WORDS],
    "target": ["--specialty", "IM", *WORDS],
    "timing": ["--specialty", "IM", *WORDS],
    "portfolio": ["--specialty", "IM", "--backup", "FM", *WORDS],
    "programs": ["--table", str(TABLE), "--applications", "10", *WORDS],
    "specialties": WORDS,
    "plan": ["--specialty", "IM", "--out", "-", *WORDS],
}


def test_every_question_is_here_and_has_its_page():
    assert set(ADVICE) == set(ASKED) == set(COMMANDS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ADVICE:
        page = ROOT / "docs" / "advice" / f"{name}.md"
        assert page.exists() and page.read_text(encoding="utf-8").count("    $ matchmodel") >= 2, name
        assert f"docs/advice/{name}.md" in readme
        package = name.replace("-", "_")
        assert command(name).__name__ == f"matchmodel.cli.ask.{package}"
        assert package in page.read_text(encoding="utf-8")
        assert callable(getattr(import_module(f"matchmodel.advice.{package}"), package))
    assert doctest.testmod(advice).failed == 0


@pytest.mark.parametrize("name", ASKED)
def test_the_pages_python_runs(name, tmp_path, monkeypatch, capsys):
    lines = (ROOT / "docs" / "advice" / f"{name}.md").read_text(encoding="utf-8").split("\n")
    start = next(k for k, line in enumerate(lines) if line.startswith("    from matchmodel import Applicant"))
    code = [
        line[4:]
        for line in itertools.takewhile(lambda line: not line or line.startswith("    "), lines[start:])
    ]
    monkeypatch.chdir(tmp_path)
    exec("\n".join(code).replace("docs/advice/made-up-programs.csv", TABLE.as_posix()), {})
    assert len(code) >= 4


@pytest.mark.parametrize("name", ASKED)
def test_a_result_is_frozen_and_speaks_of_an_association(name):
    found = ASKED[name]()
    with pytest.raises((FrozenInstanceError, AttributeError)):
        setattr(found, fields(found)[0].name, None)
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert ASSOCIATION in text and any(basis in text for basis in ("measured", "evidence")), "no basis"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_says_so_too_within_80_columns(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, name, *COMMANDS[name])
    assert (status, err) == (0, "") and ASSOCIATION in " ".join(out.split()) and "80% range" in out
    assert all(len(line) <= 80 and line == line.rstrip() for line in out.split("\n"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "wrong",
    [
        ["--step2", "999"],
        ["--applicant-type", "martian"],
        ["--yog", "2090"],
        ["--cycle", "1960"],
        ["--interviews", "61"],
        ["--model", "nowhere.json"],
        ["--no-such-option"],
    ],
)
def test_nonsense_is_refused_in_one_line(name, wrong, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, name, *COMMANDS[name], *wrong)
    assert status in ((1, 2) if wrong[0] == "--model" else (2,)), err
    assert out == "" and err.count("\n") == 1 and not list(tmp_path.iterdir())


def test_a_page_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    page = tmp_path / "plan.md"
    write_text(str(page), "one\n")
    with monkeypatch.context() as broken:
        broken.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(MatchModelError, match="cannot be written: full"):
            write_text(str(page), "two\n")
    assert page.read_text() == "one\n" and [path.name for path in tmp_path.iterdir()] == ["plan.md"]
