"""The fixed lists: every word reads as itself and as no other, and the model's own words are in them."""

import pytest

from matchmodel.covariates import COVARIATES
from matchmodel.etl import words
from matchmodel.etl.kinds import KINDS, TextKind
from matchmodel.tabular.cells import CellFault, key

LISTED = {name: kind for name, kind in KINDS.items() if isinstance(kind, TextKind) and kind.words}


@pytest.mark.parametrize("name", LISTED)
def test_every_word_reads_as_itself(name):
    kind = LISTED[name]
    assert [kind.read(word) for word in kind.words] == list(kind.words)
    assert len({key(word) for word in kind.words}) == len(kind.words)


LISTS = sorted(name for name, kind in LISTED.items() if kind.expected.startswith("one of"))


@pytest.mark.parametrize("name", LISTS)
def test_a_word_with_a_letter_too_many_is_refused_with_the_word_meant(name):
    kind = LISTED[name]
    for word in kind.words:
        with pytest.raises(CellFault) as caught:
            kind.read(word + "x")
        assert caught.value.expected.startswith(f"{word}, one of ") or len(word) < 4
        assert caught.value.expected.endswith("one of " + ", ".join(kind.words))


def test_a_word_like_none_is_refused_with_the_list():
    with pytest.raises(CellFault) as caught:
        KINDS["scale"].read("shoes")
    assert caught.value.expected == "one of " + ", ".join(words.SCALES)


@pytest.mark.parametrize("name", COVARIATES)
def test_the_models_covariates_and_their_units_are_listed(name):
    assert set(COVARIATES[name].units) <= set(words.UNITS_OF[name]) and words.read_adjustment(name) == name
    assert ("two attempts vs all" in words.UNITS_OF[name]) == name.endswith("_failed")


def test_what_is_adjusted_for_is_free_of_spaces_and_semicolons():
    assert all(word == word.casefold() and not set(word) & set("; ,") for word in words.ADJUSTMENTS)
    assert [words.adjusts_for_score(word) for word in words.SCORES] == ["yes"] * 3
    assert {words.adjusts_for_score(word) for word in set(words.ADJUSTMENTS) - set(words.SCORES)} == {"no"}


@pytest.mark.parametrize(
    "text", ["2025-7-1", "20250701", "2025-02-30", "1 July 2025", "2025-07-01T00", "45839"]
)
def test_no_date(text):
    with pytest.raises(CellFault, match="is no date"):
        words.read_date(text)
