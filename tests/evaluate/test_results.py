"""evaluation.json: what is written comes back, and what is no evaluation is refused."""

import json

import numpy as np
import pandas as pd
import pytest

from matchmodel.errors import RefusedInput
from matchmodel.evaluate.results import read_evaluation, records, write_evaluation
from matchmodel.files import plain

PLAIN = {
    "float": (np.float64(0.123456789), 0.123457),
    "small": (1.23456789e-7, 1.23457e-7),
    "nothing": (float("nan"), None),
    "endless": (np.inf, None),
    "whole": (np.int64(7), 7),
    "truth": (np.bool_(True), True),
    "nested": ({"a": [np.float64(0.5), (np.int64(1),)]}, {"a": [0.5, [1]]}),
    "text": ("words", "words"),
}


@pytest.mark.parametrize("name", PLAIN)
def test_values_become_what_json_has(name):
    value, wanted = PLAIN[name]
    found = plain(value)
    assert found == wanted and type(found) is type(wanted)


def test_a_written_evaluation_comes_back(tmp_path):
    made = {
        "model": {"name": "made up"},
        "years": {"rows": records(pd.DataFrame({"year": [2001], "rate": [np.nan]}))},
    }
    path = write_evaluation(made, tmp_path)
    assert (
        read_evaluation(tmp_path)
        == read_evaluation(path)
        == made | {"years": {"rows": [{"year": 2001, "rate": None}]}}
    )
    assert [p.name for p in tmp_path.iterdir()] == ["evaluation.json"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "make one with: matchmodel evaluate"),
        ("{", "cannot be read"),
        ("[]", "is not an evaluation"),
        ("{}", "is not an evaluation"),
        (json.dumps({"kind": "matchmodel"}), "is not an evaluation"),
    ],
)
def test_what_is_no_evaluation_is_refused(tmp_path, text, told):
    if text is not None:
        (tmp_path / "evaluation.json").write_text(text)
    with pytest.raises(RefusedInput, match=told):
        read_evaluation(tmp_path)
