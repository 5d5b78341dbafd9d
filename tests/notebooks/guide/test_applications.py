"""Rules on low scores and applications: each comes out the other way where the opposite holds."""

from collections.abc import Callable

import pytest
from notebook_helpers.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE

from matchmodel.model import Model
from matchmodel.question import Question

from .conftest import KIND, Made

BROAD = ("Internal Medicine", "Family Medicine", "Pediatrics", "Psychiatry")


@pytest.mark.parametrize(
    "level, possible, only", [(1.5, SUPPORTED, CONTRADICTED), (-6.0, CONTRADICTED, SUPPORTED)]
)
def test_low_scores_flip_both_claims(
    judge: Callable, made: Made, level: float, possible: str, only: str
) -> None:
    """Nearly everyone who ranks a program matches, or nearly nobody; the score says nothing."""
    model = made.cell(BROAD, level, 0.0, level).done()
    assert judge("g04", model).verdict == possible
    assert judge("g06", model).verdict == only


def test_low_scores_stay_open_on_the_threshold(judge: Callable, made: Made) -> None:
    assert judge("g06", made.cell(BROAD, -1.6, 0.0, -1.6, 2.5).done()).verdict == UNANSWERABLE


def test_the_half_on_letters_and_programs_is_said(judge: Callable, model: Model) -> None:
    assert "Letters are in no table, so they are not answerable" in judge("g04", model).why
    assert "community programs look for is in no table" in judge("g05", model).why


def test_a_broad_list_flips(judge: Callable, made: Made) -> None:
    """As shipped; then higher scores do worse, in getting interviews too."""
    assert judge("g05", made.done()).verdict == SUPPORTED
    found = judge("g05", made.cell(BROAD, 0.0, -1.0, 0.0).done())
    assert found.verdict == CONTRADICTED
    needed = found.figures["Internal Medicine, applications, high needed at 225"]
    assert needed <= found.figures["Internal Medicine, usual applications"]


def test_a_broad_list_that_no_number_makes_holds(judge: Callable, made: Made) -> None:
    found = judge("g05", made.cell(BROAD, 0.0, 4.0, 0.0).done())
    assert found.verdict == SUPPORTED and "not every program is enough" in found.why
    assert "Internal Medicine, applications needed at 225" not in found.figures


def test_the_chances_are_the_models(judge: Callable, model: Model) -> None:
    from matchmodel.applicant import Applicant

    found = judge("g06", model)
    for s in BROAD:
        p = model.odds(Applicant(s, KIND, step2_ck=225), Question(applications=99)).p_apply
        name = f"{s}, chance at 225 with 99 applications"
        assert tuple(found.figures[n] for n in (name, f"{name}, low", f"{name}, high")) == tuple(p)


@pytest.mark.parametrize("claim_id", ["g04", "g05", "g06"])
def test_without_a_chain_nothing_is_said(judge: Callable, made: Made, claim_id: str) -> None:
    found = judge(claim_id, made.without(chains=True).done())
    assert found.verdict == UNANSWERABLE and "invitation rates by program" in found.why
    assert found.basis == "none" and found.figures == {}
