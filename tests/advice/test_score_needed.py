"""Target: `predict` with the score reaches the chance and one point less does not; the range is that of the draws."""

import json
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, NotInModel, RefusedInput
from matchmodel.advice.profile import Profile
from matchmodel.advice.score_needed import crossing, passing_mark, score_of, target
from matchmodel.advice.score_needed_command import lines, place
from matchmodel.model import Model
from matchmodel.odds import logit
from matchmodel.wording import ASSOCIATION

from ..asking import MODEL, applicants, run

MARK = 218
WHO = {"specialty": "Internal Medicine", "applicant_type": "non-us-img", "yog": 2022, "usce_months": 3, "visa_needed": True}


def chance_at(applicant, score, n):
    answer = MODEL.odds(applicant._replace(step2_ck=score, applications=n, target=None))
    return answer.p_ranked if n is None else answer.chain.p_apply


def clear(applicant):
    return MODEL.cell(applicant.applicant_type, applicant.specialty).beta > 0


@settings(max_examples=120, deadline=None)
@given(applicants(), st.floats(0.02, 0.98), st.none() | st.integers(1, 500))
def test_predicting_with_the_score_reaches_the_chance_and_one_point_less_does_not(applicant, chance, n):
    if n is not None and not MODEL.has_chain(applicant.applicant_type, applicant.specialty):
        with pytest.raises(NotInModel, match="ask without --applications"):
            target(MODEL, applicant._replace(applications=n), chance)
        return
    found = target(MODEL, applicant._replace(applications=n), chance)
    if found.score is None:
        assert chance_at(applicant, 300, n) < chance and found.below is None and found.high is None
        return
    assert MARK <= found.score <= 300
    assert chance_at(applicant, found.score, n) >= chance - 1e-9 and found.chance.point == pytest.approx(chance_at(applicant, found.score, n), abs=1e-9)
    if found.score > MARK:
        assert chance_at(applicant, found.score - 1, n) < chance and found.below == pytest.approx(chance_at(applicant, found.score - 1, n), abs=1e-9)
    assert found.any_passing == (found.score == MARK)
    assert found.low <= found.score and (found.high is None or found.high >= found.score)


@settings(max_examples=60, deadline=None)
@given(applicants(), st.floats(0.05, 0.9))
def test_a_higher_chance_takes_no_lower_score(applicant, chance):
    if not clear(applicant):
        return
    some, more = (target(MODEL, applicant, c).score or inf for c in (chance, chance + 0.05))
    assert more >= some


def quantile_of(scores, q):
    ordered = sorted(scores)
    place_ = q * (len(ordered) - 1)
    k = int(place_)
    return ordered[k] if ordered[min(k + 1, len(ordered) - 1)] == inf else ordered[k] + (place_ - k) * (ordered[min(k + 1, len(ordered) - 1)] - ordered[k])


@pytest.mark.parametrize("specialty", ["Internal Medicine", "Neurology", "Family Medicine", "Pediatrics"])
@pytest.mark.parametrize("kind", ["non-us-img", "us-img"])
def test_the_range_is_that_of_each_draw_by_brute_force(specialty, kind):
    """Given a ranked program: every whole score from the mark on, in every draw."""
    a = Applicant(specialty, kind, usce_months=4)
    found = target(MODEL, a, 0.6)
    at = [Profile(MODEL, a._replace(step2_ck=s)).ranked.draws for s in range(MARK, 301)]
    scores = [next((MARK + k for k, row in enumerate(at) if row[d] >= 0.6), inf) for d in range(len(at[0]))]
    for end, q in ((found.low, 0.1), (found.high, 0.9)):
        exact = quantile_of(scores, q)
        if end is None:
            assert exact == inf or max(x for x in scores if x < inf) >= 295
        elif end != found.score:
            assert end == pytest.approx(exact, abs=1)


@pytest.mark.parametrize("specialty, n", [("Internal Medicine", 144), ("Pediatrics", 40), ("Neurology", 120)])
def test_the_range_with_applications_is_that_of_each_draw(specialty, n):
    """Counted from the application on: a chain solved in every draw at every fourth score, no approximation; ends within two points."""
    a = Applicant(specialty, "non-us-img", usce_months=4, visa_needed=True, applications=n)
    found = target(MODEL, a, 0.5)
    scores, rows = list(range(MARK, 301, 4)), []
    for s in scores:
        p = Profile(MODEL, a._replace(step2_ck=s))
        states = p.chain.states(p.chain.log_factors(p.applicant)[0], [p.ranked.point, *p.ranked.draws])
        rows.append([logit(state.match(n * state.each)) for state in states[1:]])
    exact = [crossing(0.0, scores, values) for values in zip(*rows)]
    assert found.low == pytest.approx(quantile_of(exact, 0.1), abs=2)
    assert found.high == pytest.approx(quantile_of(exact, 0.9), abs=2)


def test_lines_and_crossings():
    assert score_of(0.0, -0.5, 0.25, MARK) == 260 and score_of(0.0, -0.5, 0.05, MARK) == inf
    assert score_of(0.0, -0.5, -0.25, MARK) == MARK and score_of(0.0, -0.7, -0.25, MARK) == inf and score_of(0.0, 0.1, 0.0, MARK) == MARK and score_of(0.0, -0.1, 0.0, MARK) == inf
    assert crossing(0.0, [218, 238, 258], [-1, -0.5, 0.5]) == 248 and crossing(0.0, [218, 238], [0.1, -1]) == 218 and crossing(0.0, [218, 238], [-2, -1]) == inf


def test_no_score_does_it():
    never = target(MODEL, Applicant("Family Medicine", "non-us-img"), 0.7)
    assert not never.reachable and never.low is None and never.slope_unclear > 0.1
    text = "\n".join(lines(never))
    assert "No score does it" in text and "not clearly positive" in text and "extrapolated" not in text
    content = json.loads(json.dumps(MODEL.content))
    cell = content["types"]["non-us-img"]["cells"]["Family Medicine"]
    cell["alpha"]["value"] += 2 * 3 * cell["beta"]["value"]
    cell["beta"]["value"] *= -1
    flat = target(Model(content), Applicant("Family Medicine", "non-us-img"), 0.7)
    assert flat.slope_negative and "is not positive" in "\n".join(lines(flat))


def test_any_passing_score_does_it():
    easy = target(MODEL, Applicant("Pediatrics", "us-img"), 0.4)
    assert easy.any_passing and easy.score == MARK == passing_mark(MODEL) and easy.below is None
    assert "Any passing score does it (218 is the lowest today)" in "\n".join(lines(easy)) and "No table in this model prints" in "\n".join(lines(easy))


def test_open_ended_range_and_extrapolation():
    wide = target(MODEL, Applicant("Family Medicine", "non-us-img", applications=100), 0.45)
    assert wide.reachable and wide.high is None and "no upper bound" in "\n".join(lines(wide))
    far = target(MODEL, Applicant(**WHO), 0.8)
    assert far.extrapolated and any("outside" in text for text in far.warnings)
    near = target(MODEL, Applicant(**WHO), 0.5)
    assert not near.extrapolated and near.warnings == ()


def test_published_quartiles_stand_beside_it():
    found = target(MODEL, Applicant(**WHO), 0.5)
    assert found.published["matched"]["median"] == 251 and found.published["not_matched"]["median"] == 243  # as the report prints them
    row = {"q1": 240, "median": 251, "q3": 259}
    assert [place(s, row) for s in (230, 240, 251, 260)] == ["under its lower quartile", "between its lower quartile and its median", "between its median and its upper quartile", "above its upper quartile"]
    bare = target(Model({k: v for k, v in MODEL.content.items() if k != "advice"}), Applicant(**WHO), 0.5)
    assert bare.published == {} and bare.score == found.score


def test_ones_own_score():
    short, enough = (target(MODEL, Applicant(**WHO, step2_ck=s), 0.5) for s in (245, 262))
    assert short.gap == short.score - 245 > 0 and enough.gap < 0 and short.own[1].point == MODEL.odds(Applicant(**WHO, step2_ck=245)).p_ranked
    assert f"{short.gap:g} points short" in "\n".join(lines(short)) and ": enough" in "\n".join(lines(enough))


def test_a_recalibrated_model_is_solved_in_point_and_draws():
    content = json.loads(json.dumps(MODEL.content))
    n = content["draw_count"]
    draws = {"intercept": " ".join(f"{-0.2 + 0.001 * (k % 7):.4f}" for k in range(n)), "slope": " ".join(f"{0.8 + 0.002 * (k % 5):.4f}" for k in range(n))}
    content["types"]["non-us-img"]["recalibration"] = {
        "method": "intercept-slope", "n": 500, "matched": 200, "intercept": {"value": -0.2, "se": 0.1}, "slope": {"value": 0.8, "se": 0.1}, "draws": draws, "basis": "measured", "source": "made up",
    }  # fmt: skip
    model = Model(content)
    found = target(model, Applicant(**WHO), 0.5)
    assert model.odds(Applicant(**WHO, step2_ck=found.score)).p_ranked >= 0.5 > model.odds(Applicant(**WHO, step2_ck=found.score - 1)).p_ranked
    assert found.score > target(MODEL, Applicant(**WHO), 0.5).score


@settings(max_examples=60, deadline=None)
@given(applicants(), st.none() | st.integers(1, 900), st.floats(0.02, 0.98))
def test_the_text_fits(applicant, n, chance):
    if not MODEL.has_chain(applicant.applicant_type, applicant.specialty):
        n = None
    found = target(MODEL, applicant._replace(applications=n, target=chance))
    text = "\n".join(lines(found)).split("\n")
    assert max(map(len, text)) <= 80 and ASSOCIATION in " ".join(" ".join(text).split())
    json.dumps(found.as_dict(), allow_nan=False)


WORDS = ["--specialty", "IM", "--applicant-type", "non-us-img", "--usce", "3"]


def test_the_command(capsys):
    status, out, _ = run(capsys, "target", *WORDS, "--target", "0.6", "--json")
    found = target(MODEL, Applicant("IM", "non-us-img", usce_months=3), 0.6)
    assert status == 0 and json.loads(out) == json.loads(json.dumps(found.as_dict()))
    assert run(capsys, "target", *WORDS, "--target", "0.6")[1] == "\n".join(lines(found)) + "\n"
    status, out, err = run(capsys, "target", "--specialty", "Plastic Surgery", "--applicant-type", "us-img", "--applications", "40")
    assert status == 2 and out == "" and err.count("\n") == 1 and "Plastic Surgery (Integrated)" in err
    assert run(capsys, "target", *WORDS, "--target", "60")[0] == 2


def test_nonsense_is_refused():
    with pytest.raises(RefusedInput, match="chance between 0 and 1"):
        target(MODEL, Applicant(**WHO), 1.0)
