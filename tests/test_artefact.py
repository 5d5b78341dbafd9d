"""The model file: packing, and one line for everything that is not a sound one."""

import copy
import json

import pytest

from matchmodel.artefact import default_path, pack, read_model_file, unpack
from matchmodel.cli import main
from matchmodel.errors import MatchModelError, ModelFileError

from .asking import MODEL


def test_packing():
    values = [0.0, -1.5, 123456.0, 1e-9, 3.14159]
    assert unpack(pack(values)) == values
    with pytest.raises(ModelFileError, match="draws hold something else"):
        unpack("1 2 x")


def test_the_default_is_read():
    assert read_model_file(default_path()) == read_model_file() == MODEL.content


NOT_A_MODEL = {  # bytes of the file, None for no file -> words of the line
    "missing": (None, "there is no model file"),
    "empty": (b"", "cannot be read as a model file"),
    "cut short": (b'{"kind": "matchmodel", "schema": 2, "na', "cannot be read as a model file"),
    "not UTF-8": (b"\xff\xfe{}", "cannot be read as a model file"),
    "too deep": (b"[" * 200_000, "cannot be read as a model file"),
    "a list": (b"[]", "is not a matchmodel file"),
    "another's": (b'{"kind": "recipe", "schema": 1}', "is not a matchmodel file"),
    "schema 99": (b'{"kind": "matchmodel", "schema": 99}', "has schema 99, this program reads schema 2"),
    "schema 1": (b'{"kind": "matchmodel", "schema": 1}', "has schema 1, this program reads schema 2"),
    "no schema": (b'{"kind": "matchmodel"}', "has schema None"),
    "nothing else": (b'{"kind": "matchmodel", "schema": 2}', "is a damaged model file (it has no 'draw_count')"),
}


def refused(file, words, capsys):
    with pytest.raises(ModelFileError) as caught:
        read_model_file(file)
    assert isinstance(caught.value, MatchModelError) and words in str(caught.value)
    assert main(["predict", "--specialty", "IM", "--applicant-type", "us-img", "--model", str(file)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and words in err and "matchmodel train" in err


@pytest.mark.parametrize("name", NOT_A_MODEL)
def test_not_a_model(name, tmp_path, capsys):
    content, words = NOT_A_MODEL[name]
    file = tmp_path / "a model.json"
    if content is not None:
        file.write_bytes(content)
    refused(file, words, capsys)


def test_a_folder_is_no_model(tmp_path, capsys):
    refused(tmp_path, "cannot be read as a model file (Is a directory)", capsys)


def cell(content):
    return content["types"]["non-us-img"]["cells"]["Internal Medicine"]


DAMAGE = {  # what is done to a sound file -> words of the line
    "no types": (lambda c: c.pop("types"), "it has no 'types'"),
    "no chain": (lambda c: c.pop("chain"), "it has no 'chain'"),
    "types a list": (lambda c: c.update(types=[]), "damaged"),
    "no level": (lambda c: cell(c).pop("level"), "it has no 'level'"),
    "beta a text": (lambda c: cell(c)["beta"].update(value="steep"), "damaged"),
    "beta NaN": (lambda c: cell(c)["beta"].update(value=float("nan")), "NaN is no number"),
    "a draw lost": (lambda c: cell(c)["draws"].update(beta="0.3 0.4"), "beta of Internal Medicine has not"),
    "no centring": (lambda c: cell(c)["kappa"].pop("visa_needed"), "it has no 'visa_needed'"),
    "drift lost": (lambda c: c.update(drift_draws=""), "the drift has not"),
    "no recalibration": (lambda c: c["types"]["us-img"].pop("recalibration"), "it has no 'recalibration'"),
    "recalibration a number": (lambda c: c["types"]["us-img"].update(recalibration=0.9), "damaged"),
    "year a text": (lambda c: c.update(newest_table="2026"), "newest_table"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_model(name, tmp_path, capsys):
    spoil, words = DAMAGE[name]
    content = copy.deepcopy(MODEL.content)
    spoil(content)
    file = tmp_path / "spoilt.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    refused(file, words, capsys)


def test_a_byte_order_mark_is_no_damage(tmp_path):
    file = tmp_path / "model.json"
    file.write_text("\ufeff" + json.dumps(MODEL.content), encoding="utf-8")
    assert read_model_file(file) == MODEL.content
