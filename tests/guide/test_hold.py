"""All claims: each is answered, with its vocabulary, and no sentence holds a figure that was not computed."""

import re
from dataclasses import replace

import pytest

from matchmodel.errors import RefusedInput
from matchmodel.guide import VERDICTS, Claim, hold_claims
from matchmodel.guide.hold import RULES
from matchmodel.guide.result import UNANSWERABLE

NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?%?")
FIXED = {"10%", "225", "12", "240", "250", "260"}  # of the rules, with their reasons there; the rest is of the claim or computed
STEP = re.compile(r"Step [123](?: CK)?")


@pytest.fixture(scope="module")
def verdicts(claims, model, tidy):
    return hold_claims(claims, model, tidy)


def test_every_claim_of_the_sheet_is_answered_in_order(verdicts, claims):
    assert [v.claim_id for v in verdicts] == [c.claim_id for c in claims] == list(RULES)
    assert {v.verdict for v in verdicts} <= set(VERDICTS)
    assert all(v.claim == c.claim and v.topic == c.topic and v.specialties == c.specialties for v, c in zip(verdicts, claims, strict=True))


def test_a_rule_says_when_it_decides():
    assert all(len(rule.judge.__doc__) > 60 for rule in RULES.values())


def renderings(value):
    """Return how a figure may be written in a sentence."""
    return {f"{value:.0f}", f"{value:.2f}", f"{value:.0%}", f"{value:,.0f}"}


def test_every_number_of_a_reason_is_a_figure_a_threshold_or_the_claims_own(verdicts, claims, tidy):
    for verdict, claim in zip(verdicts, claims, strict=True):
        known = {text for value in verdict.figures.values() for text in renderings(value)} | FIXED
        known |= {f"{n:g}" for n in claim.numbers} | {f"{2 * n:g}" for n in claim.numbers} | {f"{n - 1:g}" for n in claim.numbers}
        known |= {f"{n:.0f}" for n in tidy.table("effects")["n"].dropna()}
        counts = {str(k) for k in range(4)} | {"24"}  # of estimates, specialties
        strange = [n for n in NUMBER.findall(STEP.sub("", verdict.why).replace("x", " ")) if n not in known | counts]
        assert not strange, f"{verdict.claim_id}: {strange} in {verdict.why}"


def test_it_says_the_same_twice(verdicts, claims, model, tidy):
    assert hold_claims(claims, model, tidy) == verdicts


def test_an_unknown_claim_has_no_rule(model, tidy):
    (found,) = hold_claims([Claim("g99", "luck", ("all",), "wear a blue tie")], model, tidy)
    assert found.verdict == UNANSWERABLE and "No rule is written for the claim g99." in found.why and found.figures == {} and found.basis == "none"


def test_a_claim_that_is_another_under_the_same_id_has_no_rule(claims, model, tidy):
    for other in (replace(claims[0], topic="luck"), replace(claims[0], claim="an IMG needs a high Step 2 CK")):
        (found,) = hold_claims([other], model, tidy)
        assert found.verdict == UNANSWERABLE and "no rule is written for it" in found.why


def test_a_threshold_of_the_claim_moves_its_verdict(claims, model, tidy):
    """Nobody doubts that an aim of 150 to 160 is too low, and one of 290 to 300 too high."""
    for low, high in ((150, 160), (290, 300)):
        (found,) = hold_claims([replace(claims[1], claim=f"target {low} to {high} or more")], model, tidy)
        assert found.verdict == "contradicted"


def test_specialties_that_the_model_lacks_are_said(claims, model, tidy):
    some = replace(claims[1], specialties=(*claims[1].specialties, "Urology"))
    assert "The model has no Urology." in hold_claims([some], model, tidy)[0].why
    none = replace(claims[1], specialties=("Urology", "Ophthalmology"))
    (found,) = hold_claims([none], model, tidy)
    assert found.verdict == UNANSWERABLE and "None of the specialties that it names is in the model. The model has no Urology and Ophthalmology." == found.why


def test_a_claim_that_stands_twice_is_refused(claims, model, tidy):
    with pytest.raises(RefusedInput, match="g01 stand twice"):
        hold_claims([claims[0], claims[0]], model, tidy)
