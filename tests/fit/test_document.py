"""The model file: complete, plain, whole on disk."""

import json

import pytest

from matchmodel.artefact import read_model_file, unpack
from matchmodel.covariates import COVARIATES
from matchmodel.errors import ModelFileError
from matchmodel.fit.document import number, write_model

BASES = {"measured", "evidence", "assumed"}


def walk(value, path=""):
    yield path, value
    if isinstance(value, dict):
        for key, one in value.items():
            yield from walk(one, f"{path}/{key}")
    elif isinstance(value, list):
        for k, one in enumerate(value):
            yield from walk(one, f"{path}/{k}")


def test_every_coefficient_has_value_error_basis_and_source(content):
    found = [(path, v) for path, v in walk(content) if isinstance(v, dict) and {"value", "se", "basis"} <= set(v)]
    assert len(found) > 100
    for path, one in found:
        assert one["value"] is not None and one["se"] is not None and one["se"] >= 0, path
        assert one["basis"] in BASES, path
        if not path.startswith("/exchange"):
            assert one.get("source") or one.get("source_id"), path  # the rows behind an effect name the source's id


def test_named_sources_are_sources_of_the_file(content):
    ids = {one["id"] for one in content["sources"]}
    named = {word for path, v in walk(content["types"]) if path.endswith(("/alpha/source", "/beta/source", "/level/source")) for word in v.split(", ")}
    named |= {word for one in content["covariates"].values() for word in one["delta"]["source"].split(", ")}
    assert named and named <= ids


def test_sources_carry_hash_and_terms(content, real):
    assert {one["id"] for one in content["sources"]} == set(real.sources)
    for one in content["sources"]:
        assert len(one["sha256"]) == 64 and set(one["sha256"]) <= set("0123456789abcdef")
        assert one["terms"] and isinstance(one["consent"], bool) and one["grade"] in "ABCD"


def test_draws_are_all_as_many_and_finite(content):
    texts = [(path, v) for path, v in walk(content) if isinstance(v, str) and "draws" in path]
    assert len(texts) > 300
    for path, text in texts:
        numbers = unpack(text)
        assert len(numbers) == content["draw_count"], path
        assert all(abs(n) < 100 for n in numbers), path


def test_nothing_depends_on_a_type_or_specialty_that_is_not_there(content):
    for kind in content["types"].values():
        assert kind["derived_from"] in (None, *content["types"])
        for cell in kind["cells"].values():
            assert set(cell["kappa"]) == set(cell["draws"]["kappa"]) == set(kind["reference"])
    assert set(content["covariates"]) == set(COVARIATES)
    assert "visa_needed" not in content["types"]["us-img"]["reference"]


def test_what_is_assumed_of_us_imgs_is_called_assumed(content):
    us = content["types"]["us-img"]
    assert us["derived_from"] == "non-us-img"
    assert us["preferred_rate"] is None
    assert {cell["beta"]["basis"] for cell in us["cells"].values()} == {"assumed"}
    assert {cell["level"]["basis"] for cell in us["cells"].values()} == {"evidence"}
    assert {r["basis"] for r in us["reference"].values()} == {"assumed"}


def test_preferred_and_anywhere_are_the_published_ones(content):
    kind = content["types"]["non-us-img"]
    assert kind["preferred_rate"] == pytest.approx(0.490, abs=0.0005)
    assert kind["anywhere"]["rate"] == pytest.approx(0.564, abs=0.0005)


@pytest.mark.parametrize(("value", "expected"), [(float("nan"), None), (float("inf"), None), (1 / 3, 0.3333333333), (2, 2.0)])
def test_numbers_have_ten_digits_or_are_none(value, expected):
    assert number(value) == expected


def test_the_file_is_written_whole_or_not_at_all(content, tmp_path):
    path = tmp_path / "deep" / "model.json"
    write_model(content, path)
    assert read_model_file(path) == content
    with pytest.raises(ValueError, match="JSON compliant"):
        write_model({**content, "name": float("nan")}, path)
    assert read_model_file(path) == content
    assert [p.name for p in path.parent.iterdir()] == ["model.json"]


def test_a_file_of_another_schema_is_refused(content, tmp_path):
    path = tmp_path / "old.json"
    path.write_text(json.dumps({**content, "schema": 0}))
    with pytest.raises(ModelFileError, match="schema 0"):
        read_model_file(path)
