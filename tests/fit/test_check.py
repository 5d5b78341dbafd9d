"""A new model is asked before it takes the old one's place."""

from copy import deepcopy

import pytest

from matchmodel.errors import ModelFileError
from matchmodel.fit.check import check_model
from matchmodel.fit.document import document, write_model


@pytest.fixture
def content(trained):
    return deepcopy(document(trained, "made"))


def test_a_sound_model_is_asked_for_every_specialty_and_written(content, tmp_path):
    write_model(content, tmp_path / "m.json")
    assert check_model(tmp_path / "m.json") == 2 * sum(len(kind["cells"]) for kind in content["types"].values())
    assert [p.name for p in tmp_path.iterdir()] == ["m.json"]


def spoil_range(content):
    content["types"]["non-us-img"]["cells"]["Neurology"]["level"]["value"] = 900.0


def spoil_kappa(content):
    del content["types"]["us-img"]["cells"]["Pathology"]["kappa"]["step1_failed"]


def spoil_draws(content):
    content["covariates"]["visa_needed"]["draws"] = "0.1 0.2"


def spoil_effect(content):
    content["covariates"]["usce_months"]["delta"]["value"] = float("1e308")


SPOILED = {"a level that is no chance": spoil_range, "a centring lost": spoil_kappa, "draws lost": spoil_draws, "an effect without bounds": spoil_effect}


@pytest.mark.parametrize("how", SPOILED)
def test_what_fails_leaves_the_old_file_as_it_was(how, content, tmp_path):
    path = tmp_path / "m.json"
    write_model(content, path)
    before = path.read_bytes()
    SPOILED[how](content)
    with pytest.raises(ModelFileError):
        write_model(content, path)
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["m.json"]
