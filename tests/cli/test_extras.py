"""numpy alone answers; what takes more says in one line which extra to install."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from matchmodel.cli.extras import EXTRAS, missing_extra

ROOT = Path(__file__).parents[2]
WHO = ["--specialty", "IM", "--applicant-type", "non-us-img", "--step2", "250"]
PERSON = WHO[2:]
TABLE = str(ROOT / "docs" / "advice" / "made-up-programs.csv")
MODEL = str(ROOT / "models" / "match-2026.json")
BLOCKED = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named '{{name}}'", name=name)
sys.meta_path.insert(0, Absent())
from matchmodel.cli.main import main
sys.exit(main({words!r}))
"""
LIGHT = {
    "predict": ["predict", *WHO],
    "what-if": ["what-if", *WHO],
    "target": ["target", *WHO],
    "timing": ["timing", *WHO[:4], "--mean", "245", "--sd", "8", "--gain", "5"],
    "portfolio": ["portfolio", *WHO, "--backup", "FM", "--applications", "150"],
    "programs": ["programs", "--table", TABLE, *PERSON, "--applications", "15"],
    "specialties": ["specialties", *PERSON],
    "plan": ["plan", *WHO],
    "compare": ["compare", MODEL, MODEL],
}
HEAVY = {
    "etl": (["etl"], "etl needs pandas: pip install 'matchmodel[train]'"),
    "check": (["check"], "check needs pandas: pip install 'matchmodel[train]'"),
    "train": (["train"], "train needs pandas: pip install 'matchmodel[train]'"),
    "forecast": (["forecast"], "forecast needs pandas: pip install 'matchmodel[train]'"),
    "calibrate": (["calibrate", "x.csv"], "calibrate needs scipy: pip install 'matchmodel[train]'"),
    "update": (["update", "x.csv"], "update needs scipy: pip install 'matchmodel[train]'"),
    "curve": (["curve", *WHO], "curve needs matplotlib: pip install 'matchmodel[plots]'"),
    "evaluate": (["evaluate"], "evaluate needs pandas: pip install 'matchmodel[train,plots]'"),
    "read-pdf": (
        ["read-pdf", "x.pdf", "--pages", "1", "--layout", "counts", "--out", "y.csv"],
        "read-pdf needs pdfplumber: pip install 'matchmodel[pdf]'",
    ),
}


def run(words, folder, blocked=frozenset(EXTRAS)):
    code = BLOCKED.format(words=words, blocked=set(blocked))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)


@pytest.mark.parametrize("name", LIGHT)
def test_numpy_alone_answers(name, tmp_path):
    done = run(LIGHT[name], tmp_path)
    assert done.returncode == 0, done.stderr


def test_numpy_alone_scores_a_table(tmp_path):
    (tmp_path / "in.csv").write_text("specialty,applicant_type,step2_ck\nIM,non-us-img,250\n", "utf-8")
    done = run(["score", "in.csv", "out.csv"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").is_file()


def test_a_workbook_names_its_extra(tmp_path):
    (tmp_path / "in.xlsx").write_bytes(b"PK\x03\x04")
    done = run(["score", "in.xlsx", "out.csv"], tmp_path)
    wanted = "score needs openpyxl: pip install 'matchmodel[train]'\n"
    assert (done.returncode, done.stderr, done.stdout) == (2, wanted, "")


@pytest.mark.parametrize("name", HEAVY)
def test_missing_extra_is_one_line(name, tmp_path):
    words, wanted = HEAVY[name]
    done = run(words, tmp_path)
    assert (done.returncode, done.stderr, done.stdout) == (2, wanted + "\n", "")


def test_other_missing_modules_are_no_matter_of_extras(tmp_path):
    assert missing_extra("predict", ModuleNotFoundError("no", name="nowhere.at.all")) is None
    assert missing_extra("predict", ModuleNotFoundError("no")) is None
    done = run(LIGHT["predict"], tmp_path, {"numpy"})
    assert done.returncode == 1 and "Traceback" in done.stderr


def test_every_extra_is_declared_and_has_a_lowest_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert project["dependencies"] == ["numpy>=2.0"] and set(EXTRAS.values()) <= set(extras)
    ours = [text for name in ("train", "pdf", "plots") for text in extras[name]] + project["dependencies"]
    lowest = dict(
        line.split("==")
        for line in (ROOT / "constraints" / "lowest.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
    bounds = dict(text.split(">=") for text in ours)
    assert set(lowest) == set(bounds)
    for name, bound in bounds.items():
        assert lowest[name] == bound or lowest[name].removesuffix(".0") == bound, name


@pytest.mark.slow
def test_fresh_environment_with_numpy_and_the_wheel(tmp_path):
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "-w", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "matchmodel/py.typed" in names and "matchmodel/models/match-2026.json" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"matchmodel"}
    assert not [name for name in names if "notebook" in name or "test" in name]
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel], check=True)
    command = [tmp_path / "venv" / "bin" / "matchmodel"]
    done = subprocess.run([*command, *LIGHT["predict"]], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    words, wanted = HEAVY["train"]
    done = subprocess.run([*command, *words], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, wanted + "\n")
