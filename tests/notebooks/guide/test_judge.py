"""All claims: each is answered, with its vocabulary, and no sentence holds a figure that was not computed."""

import re
from dataclasses import replace

import pytest
from notebook_helpers.guide import VERDICTS, Claim, Verdict, judge_claims
from notebook_helpers.guide.judge import RULES
from notebook_helpers.guide.result import UNANSWERABLE

from matchmodel.errors import RefusedInput
from matchmodel.etl import Tidy
from matchmodel.model import Model

NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?%?")
FIXED = {"10%", "225", "12", "240", "250", "260"}  # of the rules, with their reasons there
STEP = re.compile(r"Step [123](?: CK)?|, 20\d\d\)")  # and the years of surveys
COUNTS = {str(k) for k in range(6)} | {"24"}  # of estimates, specialties
Claims = tuple[Claim, ...]


@pytest.fixture(scope="module")
def verdicts(claims: Claims, model: Model, everything: Tidy) -> tuple[Verdict, ...]:
    return judge_claims(claims, model, everything)


def test_every_claim_of_the_sheet_is_answered_in_order(verdicts: tuple[Verdict, ...], claims: Claims) -> None:
    assert [v.claim_id for v in verdicts] == [c.claim_id for c in claims] == list(RULES)
    assert {v.verdict for v in verdicts} <= set(VERDICTS)
    for v, c in zip(verdicts, claims, strict=True):
        assert (v.claim, v.topic, v.specialties) == (c.claim, c.topic, c.specialties)


def test_a_rule_says_when_it_decides() -> None:
    assert all(len(rule.judge.__doc__ or "") > 60 for rule in RULES.values())


def renderings(value: float) -> set[str]:
    """Return how a figure may be written in a sentence."""
    return {f"{value:.0f}", f"{value:.2f}", f"{value:.0%}", f"{value:,.0f}"}


def test_every_number_of_a_reason_is_a_figure_a_threshold_or_the_claims_own(
    verdicts: tuple[Verdict, ...], claims: Claims, everything: Tidy
) -> None:
    sizes = {f"{n:.0f}" for n in everything.table("effects")["n"].dropna()}
    for verdict, claim in zip(verdicts, claims, strict=True):
        known = (
            {text for value in verdict.figures.values() for text in renderings(value)}
            | FIXED
            | sizes
            | COUNTS
        )
        known |= {f"{n:g}" for number in claim.numbers for n in (number, 2 * number, number - 1)}
        strange = [n for n in NUMBER.findall(STEP.sub("", verdict.why).replace("x", " ")) if n not in known]
        assert not strange, f"{verdict.claim_id}: {strange} in {verdict.why}"


def test_a_claim_that_is_unknown_or_another_has_no_rule(
    claims: Claims, model: Model, everything: Tidy
) -> None:
    (found,) = judge_claims([Claim("g99", "luck", ("all",), "wear a blue tie")], model, everything)
    assert found.verdict == UNANSWERABLE and "No rule is written for the claim g99." in found.why
    assert found.figures == {} and found.basis == "none"
    for other in (
        replace(claims[0], topic="luck"),
        replace(claims[0], claim="an IMG needs a high Step 2 CK"),
    ):
        (found,) = judge_claims([other], model, everything)
        assert found.verdict == UNANSWERABLE and "no rule is written for it" in found.why


def test_a_threshold_of_the_claim_moves_its_verdict(claims: Claims, model: Model, everything: Tidy) -> None:
    """Nobody doubts that an aim of 150 to 160 is too low, and one of 290 to 300 too high."""
    for low, high in ((150, 160), (290, 300)):
        (found,) = judge_claims(
            [replace(claims[1], claim=f"target {low} to {high} or more")], model, everything
        )
        assert found.verdict == "contradicted"


def test_specialties_that_the_model_lacks_are_said(claims: Claims, model: Model, everything: Tidy) -> None:
    some = replace(claims[1], specialties=(*claims[1].specialties, "Urology"))
    assert "The model has no Urology." in judge_claims([some], model, everything)[0].why
    none = replace(claims[1], specialties=("Urology", "Ophthalmology"))
    why = "None of the specialties that it names is in the model. The model has no Urology and Ophthalmology."
    assert judge_claims([none], model, everything)[0].why == why


def test_a_claim_that_stands_twice_is_refused(claims: Claims, model: Model, everything: Tidy) -> None:
    with pytest.raises(RefusedInput, match="g01 stand twice"):
        judge_claims([claims[0], claims[0]], model, everything)
