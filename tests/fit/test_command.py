"""`matchmodel train` from raw tables to the file, against the file that is committed."""

import json
from pathlib import Path

import pytest

from matchmodel.errors import RefusedInput
from matchmodel.etl import run_etl, write_tidy
from matchmodel.fit.command import run_train
from matchmodel.model import load_model

from .made import three_specialties, tidy


@pytest.fixture(scope="module")
def data(raw, tmp_path_factory):
    folder = tmp_path_factory.mktemp("processed")
    run_etl(raw, folder)
    return folder


@pytest.fixture(scope="module")
def fresh(data, tmp_path_factory):
    path = run_train(data, tmp_path_factory.mktemp("models") / "match-2026.json")
    return json.loads(Path(path).read_text(encoding="utf-8"))


def differences(old, new, path=""):
    """Yield every place where two model files differ: numbers by more than 1e-6, packed draws by more than their last digit."""
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


def test_the_committed_model_is_what_training_gives(committed, fresh):
    found = list(differences(committed, fresh))
    assert not found, f"{len(found)} differences, such as {found[:5]}; make it anew with: matchmodel etl && matchmodel train"


def test_tidy_files_train_to_what_raw_tables_train_to(fresh, content):
    assert not list(differences({**content, "chain": None, "advice": None}, {**fresh, "chain": None, "advice": None}))  # those have tests of their own


def test_progress_is_told_on_standard_error(tmp_path, capsys):
    write_tidy(tidy(**three_specialties()), tmp_path / "data")
    path = run_train(tmp_path / "data", tmp_path / "small.json")
    out, err = capsys.readouterr()
    assert out.count("\n") == 1 and str(path) in out and "1 applicant types" in out
    assert "3 specialties" in err and "Step 2 CK, per ten points" in err
    assert load_model(path).specialties("non-us-img") == ["Dermatology", "Family Medicine", "Internal Medicine"]


def test_an_excluded_source_is_gone_with_its_effects(data, tmp_path):
    path = run_train(data, tmp_path / "less.json", exclude=["evidence-register"])
    model = load_model(path)
    assert model.content["covariates"] == {} and model.content["exchange"] is None
    assert "evidence-register" not in {one["id"] for one in model.content["sources"]}
    assert model.content["left_out"]["sources"] == ["evidence-register"] and "what is known of" in model.content["left_out"]["text"]
    assert "evidence-register" not in json.dumps({**model.content, "left_out": None})


def test_an_unknown_source_to_exclude_is_named_with_those_there_are(data, tmp_path):
    with pytest.raises(RefusedInput, match="no source 'nonsense'; the sources are applications-per-img"):
        run_train(data, tmp_path / "never.json", exclude=["nonsense"])
    assert not (tmp_path / "never.json").exists()
