"""What all seven questions share: a function, a frozen result, the association sentence, a page, and clean refusals."""

import doctest
import itertools
import json
from pathlib import Path

import pytest

import matchmodel.advice as advice
from matchmodel import Applicant
from matchmodel.advice.cycles_command import verdict
from matchmodel.advice.split_command import SURE, unsure
from matchmodel.advice.split_command import lines as split_lines
from matchmodel.asking import replace_text
from matchmodel.cli import ADVICE, main
from matchmodel.wording import ASSOCIATION

from ..asking import MODEL

ROOT = Path(__file__).parents[2]
WHO = Applicant("Internal Medicine", "non-us-img", step2_ck=245, yog=2022, usce_months=2, visa_needed=True)
TABLE = ROOT / "docs" / "advice" / "made-up-programs.csv"
ASKED = {
    "what-if": lambda: advice.what_if(MODEL, WHO),
    "target": lambda: advice.target(MODEL, WHO, 0.5),
    "timing": lambda: advice.timing(MODEL, WHO),
    "portfolio": lambda: advice.portfolio(MODEL, [WHO, WHO._replace(specialty="Pediatrics")], applications=60),
    "programs": lambda: advice.programs(MODEL, WHO, TABLE, applications=10),
    "specialties": lambda: advice.specialties(MODEL, WHO),
    "plan": lambda: advice.plan(MODEL, WHO),
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
    assert set(ADVICE) == set(ASKED) == set(COMMANDS) == {name.replace("_", "-") for name in advice.__all__}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ADVICE:
        page = ROOT / "docs" / "advice" / f"{name}.md"
        assert page.exists() and page.read_text(encoding="utf-8").count("    $ matchmodel") >= 2, name
        assert f"docs/advice/{name}.md" in readme and name.replace("-", "_") in page.read_text(encoding="utf-8")
    assert doctest.testmod(advice).failed == 0
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        advice.nothing


@pytest.mark.parametrize("name", ASKED)
def test_the_pages_python_runs(name, tmp_path, monkeypatch, capsys):
    lines = (ROOT / "docs" / "advice" / f"{name}.md").read_text(encoding="utf-8").split("\n")
    start = lines.index("    from matchmodel import Applicant, load_model")
    code = [line[4:] for line in itertools.takewhile(lambda line: not line or line.startswith("    "), lines[start:])]
    monkeypatch.chdir(tmp_path)
    exec("\n".join(code).replace("docs/advice/made-up-programs.csv", TABLE.as_posix()), {})
    assert len(code) >= 4


@pytest.mark.parametrize("name", ASKED)
def test_a_result_is_frozen_and_speaks_of_an_association(name):
    found = ASKED[name]()
    with pytest.raises(AttributeError):
        setattr(found, found._fields[0], None)
    text = json.dumps(found.as_dict(), allow_nan=False)
    assert ASSOCIATION in text and '"range": 0.8' in text or name == "plan" and ASSOCIATION in text
    assert any(basis in text for basis in ("measured", "evidence")), "no basis"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_says_so_too_within_80_columns(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([name, *COMMANDS[name]]) == 0
    said = capsys.readouterr()
    text = " ".join(said.out.split())
    assert said.err == "" and ASSOCIATION in text and "80% range" in text and "evidence" in text
    assert max(len(line) for line in said.out.split("\n")) <= 80 and all(line == line.rstrip() for line in said.out.split("\n"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("wrong", [["--step2", "999"], ["--applicant-type", "martian"], ["--yog", "2090"], ["--cycle", "1960"], ["--model", "nowhere.json"], ["--no-such-option"]])
def test_nonsense_is_refused_in_one_line(name, wrong, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        status = main([name, *COMMANDS[name], *wrong])
    except SystemExit as left:
        status = left.code
    said = capsys.readouterr()
    assert status == (1 if wrong[0] == "--model" else 2), said
    assert said.out == "" and said.err.count("\n") == 1 and not list(tmp_path.iterdir())


def test_a_page_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    page = tmp_path / "plan.md"
    replace_text(str(page), "one\n")
    with monkeypatch.context() as broken:
        broken.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError):
            replace_text(str(page), "two\n")
    assert page.read_text() == "one\n" and [path.name for path in tmp_path.iterdir()] == ["plan.md"]


def test_what_is_equal_or_unsure_is_called_so():
    plain = WHO._replace(yog=None, usce_months=None, visa_needed=None)
    same = advice.timing(MODEL, plain)
    assert same.as_dict()["waiting_against_now"]["better"] is None and "come to the same" in verdict(same.against_now, "applying now alone")
    near = advice.portfolio(MODEL, [Applicant(s, "us-img", step2_ck=240) for s in ("Neurological Surgery", "Anesthesiology")], applications=100)
    assert min(other.sure for other in near.others) < SURE and "of the model's draws agree" in unsure(near) and unsure(near) in " ".join(" ".join(split_lines(near)).split())
    clear = advice.portfolio(MODEL, [Applicant(s, "non-us-img", step2_ck=245) for s in ("General Surgery", "Pediatrics")], applications=60)
    assert unsure(clear) == "" and "Not sure" not in " ".join(split_lines(clear))
