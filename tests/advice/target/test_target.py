"""Target: `predict` with the score reaches the chance and a point less does not; draws give the range."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, NotInModel, Question
from matchmodel.advice.target import target
from matchmodel.advice.target.compute import passing_mark
from matchmodel.advice.target.text import place
from matchmodel.advice.what_if import what_if
from matchmodel.model import Model
from matchmodel.model.records import Draws
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import ASSOCIATION, percent

from ...asking import MODEL, applicants, run

MARK = 218
WHO = {
    "specialty": "Internal Medicine",
    "applicant_type": "non-us-img",
    "yog": 2022,
    "usce_months": 3,
    "visa_needed": True,
}


def chance_of(applicant, score, question, measure):
    answer = MODEL.odds(applicant.replace(step2_ck=score), question)
    return {"apply": answer.p_apply, "ranked": answer.p_ranked, "interviews": answer.p_given_interviews}[
        measure
    ]


def text(found, details=False):
    return "\n".join(terminal(found.page(details)))


def codes(found):
    return {note.code for note in found.notes}


@settings(max_examples=50, deadline=None)
@given(applicants(), st.floats(0.02, 0.98), st.none() | st.integers(1, 500), st.none() | st.integers(0, 12))
def test_predicting_with_the_score_reaches_the_chance_and_one_point_less_does_not(applicant, chance, n, held):
    question = Question(n, chance, held)
    withheld = MODEL.withheld(applicant.applicant_type, applicant.specialty)
    if n is not None and not withheld and not MODEL.has_chain(applicant.applicant_type, applicant.specialty):
        with pytest.raises(NotInModel, match="ask without --applications"):
            target(MODEL, applicant, question)
        return
    found = target(MODEL, applicant, question)
    assert found.answer == MODEL.odds(applicant, question)
    if withheld:
        assert found.found is None and not found.scores and found.to_dict()["step2_ck"] is None
        return
    assert found.asked == ("ranked" if n is None else "apply")
    for one in found.scores:
        if one.score is None:
            assert chance_of(applicant, 300, question, one.measure).point < chance and one.below is None
            assert one.chance == one.top
            continue
        assert MARK <= one.score <= 300
        assert one.chance == pytest.approx(chance_of(applicant, one.score, question, one.measure), abs=1e-9)
        assert one.chance.point >= chance - 1e-9
        assert (one.below is None) == (one.score == MARK)
        if one.below is not None:
            less = chance_of(applicant, one.score - 1, question, one.measure).point
            assert less < chance and one.below == pytest.approx(less, abs=1e-9)
        assert one.low <= one.score and (one.high is None or one.high >= one.score)


@settings(max_examples=30, deadline=None)
@given(applicants(), st.floats(0.05, 0.9))
def test_a_higher_chance_takes_no_lower_score(applicant, chance):
    some, more = (target(MODEL, applicant, Question(target=c)).scores for c in (chance, chance + 0.05))
    for a, b in zip(some, more, strict=True):
        assert (b.score or 301) >= (a.score or 301)


@pytest.mark.parametrize("specialty", ["Internal Medicine", "Neurology", "Family Medicine", "Pediatrics"])
@pytest.mark.parametrize("measure", ["ranked", "apply"])
def test_the_range_is_that_of_each_draw_by_brute_force(specialty, measure):
    a = MODEL.resolve(Applicant(specialty, "non-us-img", usce_months=4))
    found = target(MODEL, a, Question(applications=120 if measure == "apply" else None, target=0.45)).found
    least = np.full(MODEL.record.draw_count, np.inf)
    for score in range(300, MARK - 1, -1):
        people = MODEL.people([a.replace(step2_ck=score)])
        drawn = (
            people.p_ranked()[0]
            if measure == "ranked"
            else people.p_apply(people.invitations(np.array([120])))[0]
        )
        least[drawn >= 0.45] = score
    low, high = np.quantile(least, (0.1, 0.9), method="inverted_cdf")
    assert (found.low or np.inf) == min(low, found.score or np.inf)
    assert (found.high or np.inf) == (max(high, found.score) if found.score else high)


def tilted(sign):
    """The model with another slope of Family Medicine, all its draws of one sign."""
    kind = MODEL.kind("non-us-img")
    cell = kind.cells["Family Medicine"]
    slope = sign * np.abs(cell.beta.draws.array)
    new = replace(cell, beta=replace(cell.beta, value=float(slope.mean()), draws=Draws.of(slope)))
    kinds = {**MODEL.record.types, "non-us-img": replace(kind, cells={**kind.cells, "Family Medicine": new})}
    return Model(replace(MODEL.record, types=kinds))


def test_no_score_is_high_enough():
    never = target(MODEL, Applicant("Family Medicine", "non-us-img"), Question(target=0.9))
    assert never.found.score is None and never.missing is None
    said = " ".join(text(never).split())
    assert "No score is high enough for a 90% chance" in said and "300 gives" in said
    falling = target(tilted(-1), Applicant("Family Medicine", "non-us-img"), Question(target=0.9))
    assert "slope_unclear" in codes(falling) and falling.found.high is None and falling.found.low is None


def test_any_passing_score_does_it():
    easy = target(MODEL, Applicant("Pediatrics", "us-img"), Question(target=0.3))
    assert easy.found.score == MARK == passing_mark(MODEL) and easy.found.below is None
    said = text(easy)
    assert "Any passing score, 218 or more," in said and "No table prints" in said
    assert easy.to_dict()["any_passing_score"] is True
    bare = Model(replace(MODEL.record, passing_marks=(), advice={}))
    assert passing_mark(bare) == 1 and target(bare, Applicant(**WHO)).published == {}


def test_extrapolation_is_told():
    seen = MODEL.cell("non-us-img", "Internal Medicine").score_seen
    beyond = next(
        found
        for chance in np.arange(0.5, 0.99, 0.01)
        if (found := target(MODEL, Applicant(**WHO), Question(target=float(chance)))).found.score is None
        or found.found.score > seen.high
    )
    if beyond.found.score is not None:
        assert beyond.found.extrapolated and "score_beyond" in codes(beyond)
    inside = next(
        found
        for chance in np.arange(0.9, 0.3, -0.01)
        if (found := target(MODEL, Applicant(**WHO), Question(target=float(chance)))).found.score is not None
        and not found.found.extrapolated
    )
    assert ("range_beyond" in codes(inside)) == (inside.found.high is None or inside.found.high > seen.high)


def test_a_score_of_your_own_is_set_beside_it():
    who, question = Applicant(**WHO, step2_ck=240), Question(target=0.6)
    taken, expected = target(MODEL, who, question), target(MODEL, who, question, step2_taken=False)
    assert taken.own == MODEL.odds(who, question).p_ranked and taken.missing == taken.found.score - 240 > 0
    said = " ".join(text(taken).split())
    assert "Your Step 2 CK of 240 stays: a passed exam cannot be retaken." in said
    assert f"{taken.found.score}" not in said and "points short" not in said
    required = taken.answer.required_applications.applications
    assert re.search(rf"more applications alone +{required} ", text(taken))
    assert "own_score_stays" not in codes(expected) and "points short" in text(expected)
    assert f"With it, 60% takes {required} applications" in text(expected) and not expected.levers
    assert target(MODEL, who.replace(step2_ck=None), question).found == taken.found
    enough = target(MODEL, who.replace(step2_ck=290), Question(target=0.4))
    assert enough.missing < 0 and "40% is reached." in text(enough) and "own_score_stays" not in codes(enough)


def test_with_a_score_already_it_says_what_else_reaches_the_chance():
    """More applications, the levers of what-if, interviews: each as the other commands say."""
    who, question = Applicant(**WHO, step2_ck=240), Question(target=0.6)
    found = target(MODEL, who, question)
    assert found.levers == what_if(MODEL, who, question, True).levers
    assert "step2_ck" not in {lever.kind for lever in found.levers}
    usce = next(lever for lever in found.levers if lever.kind == "usce_months").after.needed
    assert re.search(rf"USCE \+3, to 6 months +{usce.applications} ", text(found))
    last = found.answer.chances_by_applications[-1]
    assert f"All {last.applications} programs listed give {percent(last.chance.point)}" in text(found)
    chances = [chance.point for chance in found.answer.chances_by_interviews]
    k = next(k for k, chance in enumerate(chances, 1) if chance >= 0.6)
    assert f"{k} interviews in hand give {percent(chances[k - 1])}" in text(found)
    never = target(MODEL, Applicant("IM", "non-us-img", 208, 2, yog=2005, usce_months=0))
    assert "not with all" in text(never) and "retake" not in text(never).replace("cannot be retaken", "")
    assert [one["kind"] for one in found.to_dict()["what_else"]] == [lever.kind for lever in found.levers]


def test_quartiles_are_those_printed():
    found = target(MODEL, Applicant(**WHO), Question(target=0.5))
    row = found.published["matched"]
    assert row["q1"] < row["median"] < row["q3"] and f"{row['median']:.0f}" in text(found)
    assert place(row["q1"] - 1, row) == "under the lower quartile"
    assert place(row["q1"], row) == "between the lower quartile and the median"
    assert place(row["median"], row) == "between the median and the upper quartile"
    assert place(row["q3"] + 1, row) == "above the upper quartile"


@settings(max_examples=40, deadline=None)
@given(applicants(), st.none() | st.floats(0.02, 0.98), st.none() | st.integers(0, 60), st.booleans())
def test_lines_fit_80_columns_and_json_can_be_written(applicant, chance, held, details):
    found = target(MODEL, applicant, Question(None, chance, held))
    said = text(found, details)
    assert max(map(len, said.split("\n"))) <= 80 and (details or said.count("\n") < 24)
    assert found.answer.withheld or ASSOCIATION in " ".join(said.split())
    json.dumps(found.to_dict(), allow_nan=False)


WORDS = ["--specialty", "IM", "--applicant-type", "non-us-img", "--step2", "245", "--yog", "2022"]


def test_the_command(capsys):
    status, out, _ = run(capsys, "target", *WORDS, "--target", "60%", "--applications", "120", "--json")
    question = Question(120, "60%")
    found = target(MODEL, Applicant("IM", "non-us-img", 245, yog=2022), question)
    assert status == 0 and json.loads(out) == json.loads(json.dumps(found.to_dict()))
    predicted = run(capsys, "predict", *WORDS, "--target", "60%", "--applications", "120", "--json")[1]
    assert json.loads(out)["answer"] == json.loads(predicted)
    assert run(capsys, "target", *WORDS, "--target", "60%", "--applications", "120")[1] == text(found) + "\n"
    assert run(capsys, "target", *WORDS, "--target", "1.5")[0] == 2
