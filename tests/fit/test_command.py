"""`matchmodel train`: what it says and writes, against the file that is committed; runs that end early."""

import json
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from matchmodel.errors import MatchModelError, ModelFileError, RefusedInput
from matchmodel.etl import write_tidy
from matchmodel.fit import command
from matchmodel.fit.command import run_train
from matchmodel.fit.document.model import document
from matchmodel.fit.train import train
from matchmodel.model import load_model
from matchmodel.model.file import dumps, sealed

from ..running import run
from .made import three_specialties, tidy


def differences(old, new, path=""):
    """Yield every place where two model files differ.

    Numbers by more than 1e-6, packed draws by more than their last digit.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(set(old) | set(new)):
            if key in old and key in new:
                yield from differences(old[key], new[key], f"{path}/{key}")
            else:
                yield f"{path}/{key} is only in the {'committed' if key in old else 'fresh'} file"
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield f"{path}: {len(old)} entries, fresh {len(new)}"
        for k, (one, other) in enumerate(zip(old, new, strict=False)):
            yield from differences(one, other, f"{path}/{k}")
    elif is_number(old) and is_number(new):
        if old != pytest.approx(new, rel=1e-6, abs=1e-6):
            yield f"{path}: {old}, fresh {new}"
    elif "draws" in path and isinstance(old, str) and isinstance(new, str):
        one, other = [float(w) for w in old.split()], [float(w) for w in new.split()]
        if one != pytest.approx(other, rel=1.1e-5, abs=1e-6):
            yield f"{path}: draws differ"
    elif type(old) is not type(new) or old != new:
        yield f"{path}: {old!r}, fresh {new!r}"


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


SPOILED = {
    "a number": ({"a": [1.0, 2.0]}, {"a": [1.0, 2.00001]}, True),
    "a rounding error": ({"a": 1.0}, {"a": 1.0 + 1e-8}, False),
    "a key": ({"a": 1}, {"a": 1, "b": 2}, True),
    "a length": ({"a": [1]}, {"a": [1, 2]}, True),
    "a word": ({"a": "x"}, {"a": "y"}, True),
    "a draw": ({"draws": "1 2 3"}, {"draws": "1 2 4"}, True),
    "fewer draws": ({"draws": "1 2 3"}, {"draws": "1 2"}, True),
    "a truth": ({"a": True}, {"a": 1}, True),
    "nothing for something": ({"a": None}, {"a": 0.0}, True),
}


@pytest.mark.parametrize("name", SPOILED)
def test_the_comparison_sees_what_is_spoiled(name):
    old, new, seen = SPOILED[name]
    assert bool(list(differences(old, new))) is seen


def test_the_committed_model_is_what_training_gives(committed, model_file):
    found = list(differences(committed, json.loads(model_file.read_text(encoding="utf-8"))))
    assert not found, (
        f"{len(found)} differences, such as {found[:5]}; "
        "make it anew with: matchmodel etl && matchmodel train"
    )


@pytest.fixture(scope="module")
def data(training, tmp_path_factory):
    folder = tmp_path_factory.mktemp("processed")
    write_tidy(training, folder)
    return folder


@pytest.fixture
def few_draws(monkeypatch):
    """The command with few draws, so that it takes a second or two."""
    monkeypatch.setattr(command, "train", partial(train, draws=40))


@pytest.fixture
def small(tmp_path):
    write_tidy(tidy(**three_specialties()), tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.slow
def test_what_the_command_writes_is_what_training_the_tables_gives(data, training, tmp_path, few_draws):
    path = run_train(data, tmp_path / "a.json")
    assert path.read_text(encoding="utf-8") == sealed(dumps(document(train(training, draws=40), "a")))


def test_progress_is_told_on_standard_error_and_the_result_on_standard_output(
    small, tmp_path, capsys, few_draws
):
    path = run_train(small, tmp_path / "small.json", signed="AB, 2027-03-01")
    out, err = capsys.readouterr()
    assert out.count("\n") == 1 and out.startswith(f"{path}: 1 applicant types, 40 draws, 0 estimates unused")
    for part in (
        "levels and slopes of Step 2 CK",
        "contiguous ranks",
        "non-us-img: table of 2026, 3 specialties, 0 with applications",
        "no answers on applications",
        "asking the new model for every specialty",
    ):
        assert part in err, part
    assert load_model(path).record.signed == "AB, 2027-03-01"
    assert load_model(path).specialties("non-us-img") == [
        "Dermatology",
        "Family Medicine",
        "Internal Medicine",
    ]


def test_the_whole_tables_tell_of_effects_chains_and_consent(data, tmp_path, capsys, few_draws):
    run_train(data, tmp_path / "all.json")
    err = capsys.readouterr().err
    for part in (
        r"  us-img: table of 2026, 24 specialties, 1\d with applications, \d+ withheld",
        r"visa_needed: -0\.5",
        "sources ask for consent",
        r"\d+ of [\d,]+ draws of chains had no solution and were replaced",
    ):
        assert re.search(part, err), part
    assert "lost:" not in err


@pytest.mark.slow
def test_an_excluded_source_is_gone_with_its_effects(data, tmp_path, capsys, few_draws):
    path = run_train(data, tmp_path / "less.json", exclude=("evidence-register",))
    assert "without evidence-register" in capsys.readouterr().err
    record = load_model(path).record
    assert record.left_out.sources == ("evidence-register",)
    assert "evidence-register" not in {one.id for one in record.sources}
    plain = json.loads(path.read_text(encoding="utf-8"))
    del plain["left_out"]
    assert "evidence-register" not in json.dumps(plain)


def test_an_unknown_source_to_exclude_is_named_with_those_there_are(data, tmp_path):
    with pytest.raises(RefusedInput, match="no source 'nonsense'; the sources are applications-per-img"):
        run_train(data, tmp_path / "never.json", exclude=("nonsense",))
    assert not (tmp_path / "never.json").exists()


def test_without_a_name_the_year_of_the_table_is_the_name(small, tmp_path, monkeypatch, few_draws):
    monkeypatch.chdir(tmp_path)
    assert run_train(small) == Path("models") / "match-2026.json"
    assert load_model(tmp_path / "models" / "match-2026.json").name == "match-2026"


def test_without_tables_it_says_which_command_makes_them(tmp_path, capsys):
    status, out, err = run(capsys, "train", "--data", tmp_path / "nothing", "--model", tmp_path / "m.json")
    assert status == 2 and out == "" and "matchmodel etl" in err and err.count("\n") == 1
    assert not (tmp_path / "m.json").exists()


SPOILERS = {
    "killed while the file is written": ("matchmodel.model.file.dumps", KeyboardInterrupt()),
    "the disk is full": ("matchmodel.model.file.dumps", OSError(28, "No space left on device")),
    "killed while it is asked": ("matchmodel.model.check.check_model", KeyboardInterrupt()),
    "an answer is no chance": (
        "matchmodel.model.check.check_model",
        ModelFileError("the new model gives nonsense; nothing is written"),
    ),
    "killed while the file takes its place": ("os.replace", KeyboardInterrupt()),
}


@pytest.mark.parametrize("name", SPOILERS)
def test_a_run_that_ends_early_leaves_the_old_file_as_it_was(name, small, tmp_path, monkeypatch, few_draws):
    where, error = SPOILERS[name]
    path = tmp_path / "models" / "m.json"
    path.parent.mkdir()
    path.write_text("the old one")

    def stop(*args, **kwargs):
        raise error

    monkeypatch.setattr(where, stop)
    with pytest.raises(MatchModelError if isinstance(error, OSError) else type(error)):
        run_train(small, path)
    assert path.read_text() == "the old one"
    assert [p.name for p in path.parent.iterdir()] == ["m.json"]


def test_a_killed_process_leaves_the_old_file_as_it_was(small, tmp_path):
    """Killed outright in the middle of writing, so that nothing can be tidied.

    The old file is there, and the next run is none the worse.
    """
    path = tmp_path / "m.json"
    path.write_text("the old one")
    code = (
        "import os, signal, matchmodel.model.check as check\n"
        "check.check_model = lambda path: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from matchmodel.fit.command import run_train\n"
        f"run_train({str(small)!r}, {str(path)!r})"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert path.read_text() == "the old one"
    assert [p.name for p in path.parent.iterdir() if p.name.startswith("m.json")] == ["m.json"]
    run_train(small, path)
    assert load_model(path).name == "m"
