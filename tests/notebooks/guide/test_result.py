"""A verdict: what it refuses to be, and its tables."""

import pytest
from notebook_helpers.guide import VERDICTS, Verdict, claims_table, figures_table, one, tally, told

from matchmodel.errors import RefusedInput


def verdict(claim_id="g01", word="supported", why="Because of 2.", figures=None, basis="measured"):
    return Verdict(
        claim_id,
        "topic",
        ("A", "B"),
        "a claim",
        word,
        why,
        {"two": 2.0} if figures is None else figures,
        basis,
    )


REFUSED = [
    ({"word": "partly"}, "it is one of supported, contradicted, not answerable with public data"),
    ({"why": " "}, "without a reason"),
    ({"figures": {"x": float("nan"), "y": 1.0}}, "no numbers: x;"),
    ({"basis": "guessed"}, "it is measured, evidence, assumed"),
    ({"figures": {}}, "without any it is none"),
]


@pytest.mark.parametrize("given, message", REFUSED)
def test_a_verdict_that_cannot_be_is_refused(given, message):
    with pytest.raises(RefusedInput, match=message):
        verdict(**given)


def test_the_vocabulary():
    assert VERDICTS == ("supported", "contradicted", "not answerable with public data")


def test_it_is_frozen():
    with pytest.raises(AttributeError):
        verdict().verdict = "contradicted"


def test_tables():
    both = (
        verdict(),
        verdict("g02", "contradicted", "No: 3 | 4.", {"three": 3.0, "four": 4.0}, "evidence and assumed"),
    )
    frame = claims_table(both)
    assert (
        list(frame["claim_id"]) == ["g01", "g02"]
        and list(frame["specialties"]) == ["A; B"] * 2
        and list(frame["why"]) == [v.why for v in both]
    )
    assert list(figures_table(both).itertuples(index=False, name=None)) == [
        ("g01", "two", 2.0),
        ("g02", "three", 3.0),
        ("g02", "four", 4.0),
    ]
    assert list(tally(both)["claims"]) == [1, 1, 0] and list(tally(both)["which"]) == ["g01", "g02", ""]
    assert claims_table(()).empty and list(claims_table(())) == list(frame)


def test_told_and_one():
    both = verdict(), verdict("g02", why="So.")
    assert told(both, "g02", "g01") == "**g02: supported.** So.\n\n**g01: supported.** Because of 2."
    assert one(both, "g02") is both[1]
    with pytest.raises(RefusedInput, match="no 'g07'; there are g01, g02"):
        told(both, "g07")
