"""Asking starts quickly: nothing heavier than numpy is imported."""

import subprocess
import sys
from pathlib import Path

import pytest

from matchmodel.cli import commands

HEAVY = {"pandas", "scipy", "statsmodels", "sklearn", "matplotlib", "pandera", "tqdm"}
WHO = ["--specialty", "IM", "--applicant-type", "non-us-img"]
PREDICT = [
    "predict",
    *WHO,
    "--step2",
    "250",
    "--yog",
    "2024",
    "--usce",
    "4",
    "--visa",
    "yes",
    "--step1-attempts",
    "1",
    "--step2-attempts",
    "1",
]
EVERYTHING = PREDICT[1:]
PERSON = EVERYTHING[2:]
TABLE = str(Path(__file__).parents[2] / "docs" / "advice" / "made-up-programs.csv")
ADVICE = {  # every question that advice answers, but those that draw
    "what-if": ["what-if", *EVERYTHING],
    "target": ["target", *EVERYTHING, "--target", "0.6"],
    "target, from the application on": ["target", *EVERYTHING, "--applications", "150"],
    "timing": ["timing", *WHO, "--mean", "245", "--sd", "8", "--yog", "2024", "--visa", "yes", "--gain", "5"],
    "portfolio": ["portfolio", *EVERYTHING, "--backup", "FM", "--applications", "150"],
    "portfolio of three, dollars": [
        "portfolio",
        *EVERYTHING,
        "--backup",
        "FM",
        "--backup",
        "Pediatrics",
        "--budget",
        "4000",
    ],
    "programs": ["programs", "--table", TABLE, *PERSON, "--applications", "15"],
    "specialties": ["specialties", *PERSON],
}
ASKED = {  # words -> exit status
    "text": (PREDICT, 0),
    "json": ([*PREDICT, "--json"], 0),
    "questions": (
        [*PREDICT, "--applications", "120", "--target", "0.4", "--interviews", "3", "--details"],
        0,
    ),
    "several": ([*PREDICT, "--specialty", "FM", "--json"], 0),
    "US IMG": (["predict", "--specialty", "FM", "--applicant-type", "us-img"], 0),
    "refused": (["predict", *WHO, "--step2", "999"], 2),
    "misspelt": (["predict", "--specialty", "Famly", "--applicant-type", "us-img"], 2),
    "a PDF": (["read-pdf", "/nowhere.pdf", "--pages", "1", "--layout", "counts", "--out", "nowhere.csv"], 2),
    "no model": (["predict", *WHO, "--model", "/nowhere/model.json"], 1),
    **{name: (words, 0) for name, words in ADVICE.items()},
}
CODE = """
import sys
before = set(sys.modules)
from matchmodel.cli.main import main
status = main({words!r})
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print("loaded", status, *sorted(loaded), file=sys.stderr)
"""


@pytest.mark.parametrize("name", ASKED)
def test_nothing_heavy_is_imported(name):
    words, wanted = ASKED[name]
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(words=words)], capture_output=True, text=True, check=True
    )
    mark, status, *loaded = done.stderr.splitlines()[-1].split()
    assert (mark, int(status)) == ("loaded", wanted) and "matchmodel" in loaded
    assert HEAVY & set(loaded) == set()


NOT_ASKED = {"matchmodel.batch", "matchmodel.page", "matchmodel.tabular.workbook"} | {
    f"matchmodel.report.{writer}" for writer in ("html", "markdown", "drawing")
}
QUESTIONS = {f"matchmodel.advice.{name.replace('-', '_')}" for name in commands.ADVICE}
TAKES = {"target": {"matchmodel.advice.what_if"}}  # others' parts
ARCHIVES = {"bz2", "pathlib", "shutil", "tomllib", "zipfile"}  # slow to import, and nothing that asking needs
MODULES = """
import sys, numpy
before = set(sys.modules)
from matchmodel.cli.main import main
for words in {words!r}:
    try:
        main(words)
    except SystemExit:
        pass
print("loaded", *sorted(set(sys.modules) - before), file=sys.stderr)
"""


def modules(*words, code=MODULES):
    done = subprocess.run(
        [sys.executable, "-c", code.format(words=words)], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("words", [PREDICT, *(ADVICE[name] for name in sorted(ADVICE) if "," not in name)])
def test_a_question_imports_its_own_part(words):
    loaded, own = modules(words), f"matchmodel.advice.{words[0].replace('-', '_')}"
    assert loaded & QUESTIONS == {own} & QUESTIONS | TAKES.get(words[0], set())
    assert loaded & (NOT_ASKED | ARCHIVES) == set()


def test_help_imports_next_to_nothing():
    every = [["--help"], *([name, "--help"] for name in commands.COMMANDS)]
    loaded = modules(*every, code=MODULES.replace(", numpy", ""))
    assert loaded & {"dataclasses", "inspect", "json", "numpy", "typing", *ARCHIVES} == set()
    assert not loaded & {"matchmodel.applicant", "matchmodel.model", "matchmodel.files"}


def test_nor_by_the_python_api():
    code = (
        "import sys; before = set(sys.modules); import matchmodel; m = matchmodel.load_model(); "
        "m.odds(matchmodel.Applicant('IM', 'us-img', 250)); print(*(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "matchmodel" in done.stdout.split() and HEAVY.isdisjoint(done.stdout.split())
