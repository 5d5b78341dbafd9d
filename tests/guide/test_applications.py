"""Rules on low scores and applications: each comes out the other way on made-up numbers where the opposite holds."""

import pytest

from matchmodel.guide.applications import hopeful
from matchmodel.guide.ask import Question
from matchmodel.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE, one

BROAD = ("Internal Medicine", "Family Medicine", "Pediatrics", "Psychiatry")
KIND = "non-us-img"


@pytest.mark.parametrize("level, possible, only", [(1.5, SUPPORTED, CONTRADICTED), (-6.0, CONTRADICTED, SUPPORTED)])
def test_low_scores_flip_both_claims(judge, made, level, possible, only):
    """Made up: nearly everyone who ranks a program matches, or nearly nobody; the score says nothing."""
    model = made.cell(BROAD, level, 0.0, level).done()
    assert judge("g04", model).verdict == possible
    assert judge("g06", model).verdict == only


def test_low_scores_stay_open_on_the_threshold(judge, made):
    assert judge("g06", made.cell(BROAD, -1.6, 0.0, -1.6, 1.5).done()).verdict == UNANSWERABLE


def test_the_half_on_letters_and_programs_is_said(judge, model):
    assert "Letters are in no table, so they are not answerable" in judge("g04", model).why
    assert "strong or community programs look for is in no table" in judge("g05", model).why


def test_a_broad_list_flips(judge, made):
    """Made up: low scores do as well as high ones in getting interviews, and better in matching."""
    assert judge("g05", made.done()).verdict == SUPPORTED
    made.cell(BROAD, 0.0, -1.0, 0.0).rate_effect("step2_ck", -0.3)
    found = judge("g05", made.done())
    assert found.verdict == CONTRADICTED
    assert found.figures["Internal Medicine, applications, high needed at 225"] <= found.figures["Internal Medicine, usual applications"]


def test_a_broad_list_that_no_number_makes_holds(judge, made):
    found = judge("g05", made.cell(BROAD, 0.0, 4.0, 0.0).done())
    assert found.verdict == SUPPORTED and "not every program is enough" in found.why and "Internal Medicine, applications needed at 225" not in found.figures


def test_the_chances_are_the_models(judge, model, claims, tidy):
    found, least = judge("g06", model), hopeful(Question(one(claims, "g06"), model, tidy))
    for s in BROAD:
        chain = model.odds(Question(one(claims, "g06"), model, tidy).who(s, 225, applications=99)).chain
        name = f"{s}, chance at 225 with 99 applications"
        assert (found.figures[name], found.figures[f"{name}, low"], found.figures[f"{name}, high"]) == (chain.p_apply, chain.p_apply_low * least, chain.p_apply_high)


def test_what_the_chain_is_too_hopeful_by(model, claims, tidy, changed):
    question = Question(one(claims, "g06"), model, tidy)
    ranked = tidy.table("ranked_anywhere").set_index("specialty").loc["Family Medicine"]
    applied = tidy.table("applicants_total").set_index(["specialty", "season"])["img_applicants"]["Family Medicine", ranked["year"]]
    share = (ranked["us_img_ranked"] + ranked["non_us_img_ranked"]) / applied
    assert hopeful(question) == pytest.approx(share / model.chain_cell(KIND, "Family Medicine").content["usual"]["share_ranking"])
    many = tidy.table("applicants_total").assign(img_applicants=1.0)  # made up: more ranked than applied
    assert hopeful(Question(one(claims, "g06"), model, changed(applicants_total=many))) == 1.0


def test_a_hopeful_chain_lowers_the_low_end_only(judge, made, tidy, changed):
    """Made up: a hundred times as many applied, so a rank is a rarity; what was possible is open, not contradicted."""
    model = made.cell(BROAD, 1.5, 0.0, 1.5).done()
    crowd = tidy.table("applicants_total")
    crowd = changed(applicants_total=crowd.assign(img_applicants=100 * crowd["img_applicants"]))
    assert judge("g04", model, crowd).verdict == UNANSWERABLE and judge("g06", model, crowd).verdict == UNANSWERABLE


@pytest.mark.parametrize("claim_id", ["g04", "g05", "g06"])
def test_without_a_chain_nothing_is_said(judge, made, claim_id):
    made.content["chain"] = None
    found = judge(claim_id, made.done())
    assert found.verdict == UNANSWERABLE and "invitation rates by program" in found.why and found.basis == "none" and found.figures == {}


def test_tables_without_counts_are_taken_as_they_are(model, claims, tidy, changed):
    empty = tidy.table("applicants_total").iloc[:0]
    assert hopeful(Question(one(claims, "g06"), model, changed(applicants_total=empty))) == 1.0
