"""The model file: what is written is read back, and one line for everything that is not a sound one."""

import copy
import json
import os
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256

import numpy as np
import pytest

from matchmodel.cli.main import main
from matchmodel.errors import MatchModelError, ModelFileError
from matchmodel.model import Model, load_model
from matchmodel.model.file import (
    default_path,
    dumps,
    plain,
    read_model_file,
    record_of,
    sealed,
    shipped_path,
    write_model,
)
from matchmodel.model.records import Draws, ModelRecord

from .synthetic import CHAINED, record

SOUND = record()


def test_round_trip(tmp_path):
    path = tmp_path / "a model.json"
    write_model(SOUND, path)
    found, seal = read_model_file(path)
    assert found == SOUND and seal == sha256(dumps(SOUND).encode()).hexdigest()
    assert path.read_bytes() == sealed(dumps(SOUND)).encode()
    assert [p.name for p in tmp_path.iterdir()] == ["a model.json"]
    assert load_model(path).hash == Model(SOUND).hash and len(Model(SOUND).hash) == 64


FULL = replace(SOUND, own_rows=("ab", "cd"), signed="AB, 2027-03-01")


def test_every_field_is_a_key():
    def compare(value, written):
        if is_dataclass(value) and not isinstance(value, Draws):
            assert [f.name for f in fields(value)] == list(written)
            for f in fields(value):
                compare(getattr(value, f.name), written[f.name])
        elif isinstance(value, dict):
            assert list(value) == list(written)
            for name in value:
                compare(value[name], written[name])

    compare(FULL, plain(FULL))


def test_keys_of_your_own_rows_and_of_who_made_it_are_only_where_they_say_something():
    assert plain(FULL).keys() - plain(SOUND).keys() == {"own_rows", "signed"}
    assert record_of(plain(FULL), "x") == FULL and record_of(plain(SOUND), "x") == SOUND
    with pytest.raises(ModelFileError, match=r"own_rows.1: 3 is not a text"):
        record_of(plain(FULL) | {"own_rows": ["ab", 3]}, "x")


def test_draws():
    values = np.array([0.0, -1.5, 123456.0, 1e-9, 3.14159])
    assert (Draws.of(values).array == values).all()
    for text in ("1 2 x", "1 nan", "1 1e999", "1  2", ""):
        with pytest.raises(ModelFileError, match="something else than numbers"):
            Draws(text).array  # noqa: B018


def test_a_byte_order_mark_is_no_damage(tmp_path):
    file = tmp_path / "model.json"
    file.write_text("\ufeff" + dumps(SOUND), encoding="utf-8")
    assert read_model_file(file)[0] == SOUND


NOT_A_MODEL = {  # bytes of the file, None for no file -> words of the line
    "missing": (None, "there is no model file"),
    "empty": (b"", "cannot be read as a model file"),
    "cut short": (b'{"kind": "matchmodel", "schema": 3, "na', "cannot be read as a model file"),
    "not UTF-8": (b"\xff\xfe{}", "cannot be read as a model file"),
    "too deep": (b"[" * 200_000, "cannot be read as a model file"),
    "a list": (b"[]", "is not a matchmodel file"),
    "another's": (b'{"kind": "recipe", "schema": 1}', "is not a matchmodel file"),
    "schema 99": (b'{"kind": "matchmodel", "schema": 99}', "has schema 99, this program reads schema 3"),
    "schema 2": (b'{"kind": "matchmodel", "schema": 2}', "has schema 2, this program reads schema 3"),
    "no schema": (b'{"kind": "matchmodel"}', "has schema None"),
    "schema true": (b'{"kind": "matchmodel", "schema": true}', "has schema True"),
    "nothing else": (b'{"kind": "matchmodel", "schema": 3}', "draw_count: None is no number of draws"),
    "draws alone": (b'{"kind": "matchmodel", "schema": 3, "draw_count": 50}', "it has no 'name'"),
    "not a number": (b'{"kind": "matchmodel", "schema": NaN}', "NaN is no number"),
    "a key twice": (b'{"kind": "matchmodel", "schema": 3, "schema": 3}', "it has the key 'schema' twice"),
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


IM = "types.non-us-img.cells.Internal Medicine"
# path of a value -> (what it becomes, words of the line, the path there first); ... for a key that is lost
DAMAGE = {
    "effects": (..., "it has no 'effects'"),
    f"{IM}.level": (..., f"{IM}: it has no 'level'"),
    f"{IM}.more": (1, f"{IM}: it has the unknown key 'more'"),
    f"{IM}.beta.value": ("steep", f"{IM}.beta.value: steep is not a number"),
    f"{IM}.beta.se": (True, f"{IM}.beta.se: True is not a number"),
    f"{IM}.beta.basis": ("guessed", f"{IM}.beta.basis: guessed is none of measured, evidence, assumed"),
    f"{IM}.beta.source": (None, f"{IM}.beta.source: None is not a text"),
    f"{IM}.beta.draws": ("0.3 0.4", f"{IM}.beta.draws: it has 2 draws, the file 50"),
    f"{IM}.alpha.draws": ("", f"{IM}.alpha.draws: it has 0 draws, the file 50"),
    f"{IM}.level.draws": ([1.0], f"{IM}.level.draws: [1.0] is not a text of draws"),
    f"{IM}.level.notes": ({}, f"{IM}.level.notes: {{}} is not a list"),
    f"{IM}.kappa.visa_needed": (..., f"{IM}.kappa: it has no 'visa_needed'"),
    f"{IM}.kappa.height": ({"value": 0.0, "se": None, "basis": "measured", "source": "x",
                            "draws": " ".join("0" * 50), "notes": []},
                           f"{IM}.kappa: no effect and reference of the type is called height"),
    f"{IM}.own_slope": (1, f"{IM}.own_slope: 1 is neither true nor false"),
    f"{IM}.score_sd": (0, f"{IM}.score_sd: 0 is not above 0"),
    f"{IM}.score_n": (10**400, f"{IM}.score_n: 1000"),
    f"{IM}.score_seen.low": (290, f"{IM}.score_seen.low: 290 is above 284"),
    f"{IM}.published.rate": (1.5, f"{IM}.published.rate: 1.5 is not between 0 and 1"),
    f"{IM}.trust.kind": ("good", f"{IM}.trust.kind: good is none of ok, grey, withheld"),
    f"{IM}.chain.usual": (None, f"{IM}.chain.usual: None is not an object"),
    f"{IM}.chain": ([], f"{IM}.chain: [] is not an object"),
    f"{IM}.chain.dispersion.value": (-1, f"{IM}.chain.dispersion.value: -1 is not above 0"),
    f"{IM}.chain.rates.rates": ([0.1, 0.2, 0.05, 0.0], f"{IM}.chain.rates.rates: they do not fall"),
    f"{IM}.chain.rates.programs": ([1.0], f"{IM}.chain.rates.programs: 1 numbers of programs for 4 rates"),
    f"{IM}.chain.rates.listed": (0, f"{IM}.chain.rates.listed: 0 is not above 0"),
    f"{IM}.chain.usual.value": (-3.0, f"{IM}.chain.usual.value: -3 is not above 0"),
    "types.us-img.reference.usce_months.shares": ([0.5, 0.5, 0.5, 0.5],
        "shares: they are below 0 or add up to 2, not 1"),
    "types.us-img.reference.usce_months.u": ([0.5],
        "types.us-img.reference.usce_months: 4 values, 1 u and 4 shares"),
    "types.us-img.drift.draws": ("1", "types.us-img.drift.draws: it has 1 draws"),
    "types.us-img.year": (2026.0, "types.us-img.year: 2026.0 is not a whole number"),
    "types": ([], "types: [] is not an object"),
    "effects.visa_needed.specialties": ({}, f"{IM}.kappa.visa_needed: the effect has no Internal Medicine"),
    "newest_table": ("2026", "newest_table: 2026 is not a whole number"),
    "draw_count": (49,
        "effects.years_since_graduation.specialties.Internal Medicine.draws: it has 50 draws, the file 49"),
    "settings.range": ([0.1, 0.5, 0.9], "settings.range: it has 3 entries, not 2"),
    "settings.priors.lambda": ([], "settings.priors.lambda: [] is not a text or a number"),
    "passing_marks.1.start": ("2030-01-01", "passing_marks: they do not stand in the order of their days"),
    "fees.schedules.ERAS.0.usd_each": (None, "fees.schedules.ERAS.0: it has neither usd_each nor usd_flat"),
    "name": (7, "name: 7 is not a text"),
    "name\n": (7, "it has the unknown key 'name'"),
}  # fmt: skip


def spoilt(path, value):
    content = copy.deepcopy(plain(SOUND))
    *keys, last = path.split(".")
    place = content
    for key in keys:
        place = place[int(key) if isinstance(place, list) else key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return content


@pytest.mark.parametrize("path", DAMAGE)
def test_a_damaged_model(path):
    value, words = DAMAGE[path]
    with pytest.raises(ModelFileError) as caught:
        record_of(spoilt(path, value), "x.json")
    message = str(caught.value)
    assert message.startswith("x.json is a damaged model file (") and words in message
    assert len(message.splitlines()) == 1 and message.endswith("; train it again with: matchmodel train")


def test_a_number_too_large_for_json(tmp_path, capsys):
    file = tmp_path / "model.json"
    file.write_text(dumps(SOUND).replace('"year": 2026', '"year": 1e999', 1), encoding="utf-8")
    refused(file, "year: inf", capsys)


TEST = {"test": "NBME", "correlation": 0.9, "bias": None, "sd": 6.0, "source": "made up", "grade": "C"}
ADVICE = {  # an entry of what advice keeps -> words of the line; None where it is sound
    "sound": ({"practice_tests": [TEST]}, None),
    "unknown": ({"ranks": []}, "advice: it has the unknown key 'ranks'"),
    "no list": ({"practice_tests": TEST}, "advice.practice_tests: {'test': 'NBME'"),
    "lost": ({"practice_tests": [{"test": "NBME"}]}, "practice_tests.0: it has no 'correlation'"),
    "endless": ({"practice_tests": [TEST | {"bias": float("inf")}]}, "practice_tests.0.bias: inf is no"),
    "no spread": ({"practice_tests": [TEST | {"sd": 0}]}, "practice_tests.0.sd: 0 is not between 0.001 and"),
    "no count": ({"ranked_anywhere": {"X": {"year": 1, "source": "", "us-img": 1}}}, "X: its 'us-img' is of"),
    "no year": ({"ranked_anywhere": {"X": {}}}, "ranked_anywhere.X: it has no year or no source"),
    "signals": ({"program_signal": []}, "program_signal: [] is not an object"),
}


@pytest.mark.parametrize("name", ADVICE)
def test_what_advice_keeps_is_checked_too(name):
    entry, words = ADVICE[name]
    content = spoilt("advice", entry)
    if words is None:
        assert plain(record_of(content, "x").advice) == entry
        return
    with pytest.raises(ModelFileError) as caught:
        record_of(content, "x")
    assert words in str(caught.value)


def test_a_calibration_must_not_turn_the_odds_round():
    drawn = plain(SOUND.types["us-img"].cells[CHAINED].level)
    content = {
        "method": "temperature",
        "n": 9,
        "matched": 4,
        "intercept": drawn,
        "slope": drawn | {"value": -0.1},
    }
    with pytest.raises(ModelFileError, match=r"types.us-img.calibration.slope.value: -0.1 is not above 0"):
        record_of(spoilt("types.us-img.calibration", content), "x")


def test_damaged_draws_are_refused_when_they_are_used(tmp_path, capsys):
    file = tmp_path / "model.json"
    content = plain(SOUND)
    drawn = content["types"]["us-img"]["cells"][CHAINED]["level"]
    drawn["draws"] = "x" + drawn["draws"][1:]
    file.write_text(json.dumps(content), encoding="utf-8")
    assert main(["predict", "--specialty", "IM", "--applicant-type", "us-img", "--model", str(file)]) == 1
    assert "its draws hold something else than numbers" in capsys.readouterr().err


def test_a_failing_model_takes_no_place(tmp_path):
    path = tmp_path / "model.json"
    path.write_text("older", encoding="utf-8")
    cell = SOUND.types["us-img"].cells[CHAINED]
    bad = replace(cell, level=replace(cell.level, draws=Draws(" ".join(["1e9"] * 50))))
    kinds = SOUND.types | {"us-img": replace(SOUND.types["us-img"], cells={CHAINED: bad})}
    with pytest.raises(
        ModelFileError,
        match="cannot answer Internal Medicine, us-img: .*level.*; nothing is written",
    ):
        write_model(replace(SOUND, types=kinds), path)
    assert path.read_text(encoding="utf-8") == "older" and [p.name for p in tmp_path.iterdir()] == [
        "model.json"
    ]


def test_every_record_has_a_reader():
    assert isinstance(record_of(plain(SOUND), "x"), ModelRecord)


def test_a_changed_byte_is_refused(tmp_path):
    """Every 997th byte of a written file, each in turn, another digit or letter: refused in one line."""
    path = tmp_path / "model.json"
    write_model(SOUND, path)
    whole = path.read_bytes()
    for at in range(0, len(whole), max(len(whole) // 400, 1)):
        other = b"7" if whole[at : at + 1] != b"7" else b"3"
        path.write_bytes(whole[:at] + other + whole[at + 1 :])
        with pytest.raises(ModelFileError) as caught:
            read_model_file(path)
        assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_is_cut_is_refused(tmp_path):
    path = tmp_path / "model.json"
    write_model(SOUND, path)
    whole = path.read_bytes()
    for at in (1, 40, 90, 200, len(whole) // 2, len(whole) - 2):
        path.write_bytes(whole[:at])
        with pytest.raises(ModelFileError):
            read_model_file(path)


def test_the_newest_model_of_the_folder_answers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert default_path() == shipped_path()
    folder = tmp_path / "models"
    folder.mkdir()
    for name in ("match-2027.json", "match-2024.json", "match-2031-mine.json", "match-20270.json"):
        write_model(SOUND, folder / name)
    assert default_path() == os.path.join("models", "match-2027.json") and load_model().name == SOUND.name


@pytest.mark.parametrize("place", ["effects", "advice"])
def test_a_key_that_is_no_word_stays_on_its_line(tmp_path, place):
    path = tmp_path / "m.json"
    write_model(SOUND, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content[place]["usce\nmonths\x1b[2J"] = 1
    del content["checksum"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ModelFileError) as refused:
        read_model_file(path)
    assert str(refused.value).isprintable()
