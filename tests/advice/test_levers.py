"""What-if: levers are `predict` asked twice, better ones never lower the odds where slopes are clear, and the text fits."""

import json
import math
import statistics

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, RefusedInput
from matchmodel.advice.glance import glance
from matchmodel.advice.lever_kinds import ENOUGH, a_year_on, change_of_needed, share_against, slope_draws
from matchmodel.advice.levers import what_if
from matchmodel.advice.levers_command import lines
from matchmodel.advice.profile import Figure, Profile
from matchmodel.model import Model
from matchmodel.wording import ASSOCIATION

from ..asking import MODEL, applicants, run

WHO = {"specialty": "Internal Medicine", "applicant_type": "non-us-img", "step2_ck": 245, "yog": 2022, "usce_months": 3, "visa_needed": True}


def asked(taken=False, **changes):
    return what_if(MODEL, Applicant(**{**WHO, **changes}), taken)


def by_kind(result):
    return {lever.kind: lever for lever in result.levers}


def unscored(result):
    return dict(result.unscored)


def test_levers_are_predict_asked_twice():
    """Every side is what `predict` says of the changed applicant, point by point, and a change is the difference."""
    result = asked(applications=100)
    before = MODEL.odds(Applicant(**WHO, applications=100, target=0.5))
    assert result.before.chance.point == pytest.approx(before.chain.p_apply, abs=1e-12) and result.before.ranked.point == before.p_ranked
    assert result.before.needed.applications == before.chain.random.applications and result.before.usd == before.chain.random.fees_usd
    changes = {
        "Step 2 CK +5, to 250": {"step2_ck": 250}, "Step 2 CK +10, to 255": {"step2_ck": 255}, "USCE +3, to 6 months": {"usce_months": 6}, "next year, 2028": {"cycle": 2028},
        "40 more applications": {"applications": 140}, "Pediatrics instead": {"specialty": "Pediatrics"},
    }  # fmt: skip
    levers = {lever.name: lever for lever in result.levers}
    assert set(changes) < set(levers)
    for name, changed in changes.items():
        after = MODEL.odds(Applicant(**{**WHO, "applications": 100, "target": 0.5, **changed}))
        lever = levers[name]
        assert lever.chance.point == pytest.approx(after.chain.p_apply - before.chain.p_apply, abs=1e-12)
        assert lever.ranked.point == pytest.approx(after.p_ranked - before.p_ranked, abs=1e-12)
        assert lever.needed.point == after.chain.random.applications - before.chain.random.applications
        assert lever.usd.point == pytest.approx(after.chain.random.fees_usd - before.chain.random.fees_usd)
    friendly = by_kind(result)["friendliest"]
    assert friendly.after.needed.applications == before.chain.friendliest.applications and friendly.chance.point > 0
    assert by_kind(result)["more_applications"].cost_usd == 40 * 30


def exact(first, second):
    """The 80% range of a difference of P(match | applied), over the file's own draws without approximation."""
    sides = []
    for a in (first, second):
        p = Profile(MODEL, a)
        states = p.chain.states(p.chain.log_factors(p.applicant)[0], [1 / (1 + math.exp(-v)) for v in (p.log_odds.point, *p.log_odds.draws)])
        sides.append([s.match(a.applications * s.each) for s in states[1:]])
    moved = [b - a for a, b in zip(*sides)]
    return statistics.quantiles(moved, n=10, method="inclusive")[0], statistics.quantiles(moved, n=10, method="inclusive")[-1]


@pytest.mark.parametrize("kind, changed", [("step2_ck", {"step2_ck": 255}), ("usce_months", {"usce_months": 6}), ("more_applications", {"applications": 140}), ("specialty", {"specialty": "Pediatrics"})])
def test_ranges_of_changes_are_those_of_the_draws(kind, changed):
    """Within a point: the draws of both sides, no approximation; far narrower than two ranges put side by side, since shared draws cancel."""
    lever = next(lever for lever in asked(applications=100).levers if lever.kind == kind and (kind != "step2_ck" or "+10" in lever.name))
    a = Applicant(**WHO, applications=100)
    low, high = exact(a, a._replace(**changed))
    assert (lever.chance.low, lever.chance.high) == pytest.approx((low, high), abs=0.01)


def test_the_exam_is_a_lever_only_where_it_is_not_taken():
    assert "step2_ck" not in by_kind(asked(taken=None)) and "counts as taken" in unscored(asked(taken=None))["Step 2 CK"]
    assert "step2_ck" not in by_kind(asked(taken=True)) and "retaken" in unscored(asked(taken=True))["Step 2 CK"]
    assert "expected" in unscored(asked(step2_ck=None))["Step 2 CK"]
    assert "retaken" in unscored(asked(taken=True, step2_ck=None))["Step 2 CK"]
    scores = [lever.after for lever in asked().levers if lever.kind == "step2_ck"]
    assert len(scores) == 2


@pytest.mark.parametrize("score, names", [(293, ["Step 2 CK +5, to 298", "Step 2 CK +7, to 300"]), (297, ["Step 2 CK +3, to 300"]), (300, [])])
def test_scores_stop_at_the_top_of_the_scale(score, names):
    result = asked(step2_ck=score)
    assert sorted(lever.name for lever in result.levers if lever.kind == "step2_ck") == names
    assert ("Step 2 CK" in unscored(result)) == (not names)


def test_what_cannot_be_scored_is_said():
    unknown = asked(usce_months=None, yog=None)
    assert "give --usce" in unscored(unknown)["US clinical experience"] and "give --yog" in unscored(unknown)["applying next year"]
    assert "12 or more" in unscored(asked(usce_months=12))["US clinical experience"]
    capped = by_kind(asked(usce_months=11))["usce_months"]
    assert "counted as 12" in capped.notes[1] and capped.ranked.point == pytest.approx(MODEL.odds(Applicant(**{**WHO, "usce_months": 12})).p_ranked - MODEL.odds(Applicant(**{**WHO, "usce_months": 11})).p_ranked)
    assert {"Step 3", "research", "letters of recommendation", "networking", "program signals"} <= set(unscored(unknown))
    assert "10 years" in unscored(asked(cycle=2036, yog=2030))["applying next year"]
    listed = MODEL.chain_cell("non-us-img", "Internal Medicine").listed
    full = asked(applications=listed)
    assert not {"more_applications", "friendliest"} & set(by_kind(full)) and f"all {listed}" in unscored(full)["more applications, friendlier programs"]
    nearly = by_kind(asked(applications=listed - 7))["more_applications"]
    assert nearly.name == "7 more applications" and nearly.after.applications == listed
    assert any(f"answered for all {listed}" in text for text in asked(applications=listed + 1).warnings)


def test_other_specialties_are_the_best_ones_with_enough_applicants():
    """Brute force over every specialty."""
    result = asked(applications=80)
    chances = {}
    for specialty in MODEL.specialties("non-us-img"):
        published = MODEL.cell("non-us-img", specialty).published
        if specialty != "Internal Medicine" and MODEL.has_chain("non-us-img", specialty) and published["matched"] + published["not_matched"] >= ENOUGH:
            p = Profile(MODEL, Applicant(**{**WHO, "specialty": specialty}))
            chances[specialty] = p.chance(min(80, p.listed)).point
    best = sorted(chances, key=lambda s: -chances[s])[:3]
    assert [lever.name for lever in result.levers if lever.kind == "specialty"] == [f"{s} instead" for s in best]
    assert any("Family Medicine is not clearly positive" in note for lever in result.levers for note in lever.notes)
    top = what_if(MODEL, Applicant(best[0], "non-us-img", 245, yog=2022, usce_months=3, visa_needed=True, applications=80))
    assert "another specialty" in unscored(top)


@settings(max_examples=80, deadline=None)
@given(applicants())
def test_a_glance_is_the_point_of_a_profile(applicant):
    a = MODEL.cycle_of(applicant)
    seen, profile = glance(MODEL, a), Profile(MODEL, a, crossed=False)
    assert seen.log_odds == pytest.approx(profile.log_odds.point, abs=1e-10) and (seen.state is None) == (profile.chain is None)
    if seen.state is not None:
        assert seen.chance(70) == pytest.approx(profile.chance(min(70, profile.listed)).point, abs=1e-9)


@settings(max_examples=120, deadline=None)
@given(applicants(), st.integers(1, 400))
def test_a_better_lever_never_lowers_the_odds_where_its_effect_is_clear(applicant, n):
    result = what_if(MODEL, applicant._replace(applications=n), False)
    clear = share_against(slope_draws(MODEL.cell(applicant.applicant_type, applicant.specialty))) <= 0.1
    for lever in result.levers:
        assert lever.ranked.low <= lever.ranked.point <= lever.ranked.high
        if lever.chance is not None:
            assert lever.chance.low <= lever.chance.point <= lever.chance.high
        moved = [f.point for f in (lever.ranked, lever.chance) if f is not None]
        if (lever.kind == "step2_ck" and clear) or lever.kind in ("usce_months", "more_applications", "friendliest"):
            assert min(moved) >= -1e-9
            if lever.needed is not None:
                assert lever.needed.point <= 0
            assert result.reach(lever) != "lost"
        elif lever.kind == "next_year":
            assert max(moved) <= 1e-9
        elif lever.kind == "specialty":
            assert moved[-1] > 0
    scores = [lever for lever in result.levers if lever.kind == "step2_ck"]
    if clear and len(scores) == 2:  # +10 first, since it is the better one
        assert scores[0].ranked.point >= scores[1].ranked.point - 1e-12
    moved = [(lever.ranked if lever.chance is None else lever.chance).point for lever in result.levers]
    assert moved == sorted(moved, reverse=True)


@settings(max_examples=80, deadline=None)
@given(applicants(), st.none() | st.integers(1, 900), st.floats(0.02, 0.98), st.sampled_from([None, True, False]))
def test_the_text_fits_and_says_its_part(applicant, n, target, taken):
    result = what_if(MODEL, applicant._replace(applications=n, target=target), taken)
    text = "\n".join(lines(result)).split("\n")
    assert max(map(len, text)) <= 80 and ASSOCIATION in " ".join(" ".join(text).split())
    json.dumps(result.as_dict(), allow_nan=False)
    for lever in result.levers:
        assert {basis for basis in lever.basis.values() if basis is not None} <= {"measured", "evidence", "assumed"} and any(lever.basis.values())


@pytest.mark.parametrize("cycle", [2020, 2024, 2025, 2026, 2027, 2029])
def test_next_year_holds_a_whole_step_of_the_drift(cycle):
    """Var(X') = sd^2 d' as for the later cycle alone, and Var(X' - X) = sd^2: a random walk, not one shared shift."""
    a = MODEL.cycle_of(Applicant("Internal Medicine", "non-us-img", years_since_graduation=3, cycle=cycle))
    later, now, sd = a_year_on(MODEL, a), Profile(MODEL, a), MODEL.drift_sd("non-us-img")
    alone = Profile(MODEL, a._replace(cycle=cycle + 1, years_since_graduation=4))
    still, still_now = (Profile(MODEL, a._replace(cycle=2026, years_since_graduation=years)) for years in (4, 3))
    step = [d - e for d, e in zip(later.log_odds.minus(now.log_odds).draws, still.log_odds.minus(still_now.log_odds).draws)]
    level = later.log_odds.minus(still.log_odds).draws
    assert later.log_odds.point == alone.log_odds.point
    assert statistics.pstdev(step) == pytest.approx(sd, rel=0.15)
    assert statistics.pstdev(level) == pytest.approx(sd * abs(cycle + 1 - 2026) ** 0.5, rel=0.15, abs=1e-9)


def test_changes_of_needed_with_draws_out_of_reach():
    inf = math.inf
    assert change_of_needed([100.0] * 20, [80.0] * 20, -20) == Figure(-20, -20, -20)
    assert change_of_needed([inf] * 4 + [100.0] * 16, [80.0] * 20, -20) == Figure(-20, None, -20)  # a fifth come within reach
    assert change_of_needed([100.0] * 20, [inf] * 4 + [120.0] * 16, 20) == Figure(20, 20, None)
    assert change_of_needed([inf] * 4 + [100.0] * 16, [inf] * 4 + [80.0] * 16, -20) == Figure(-20, None, None)


def test_reach_is_told():
    now = asked(step2_ck=230, yog=2014, target=0.5)
    assert now.before.needed.applications is None
    pediatrics = next(lever for lever in now.levers if lever.name.startswith("Pediatrics"))
    assert now.reach(pediatrics) == "now" and pediatrics.needed is None and "now within reach" in "\n".join(lines(now)) and "out of reach" in "\n".join(lines(now))


def test_without_a_chain_it_answers_from_the_odds():
    result = what_if(MODEL, Applicant("Plastic Surgery", "us-img", 250, usce_months=1, applications=40), False)
    assert result.before.chance is None and result.warnings and all(lever.chance is None and lever.needed is None for lever in result.levers)
    bare = Model({**MODEL.content, "chain": None, "advice": None})
    result = what_if(bare, Applicant(**WHO), False)
    assert {"step2_ck", "usce_months", "next_year", "specialty"} == {lever.kind for lever in result.levers}
    assert all(len(line) <= 80 for text in lines(result) for line in text.split("\n"))
    assert dict(result.unscored)["program signals"] == "no figure in this model"


WORDS = ["--specialty", "IM", "--applicant-type", "non-us-img", "--step2", "245", "--usce", "3"]


def test_the_command(capsys):
    status, out, _ = run(capsys, "what-if", *WORDS, "--step2-taken", "no", "--json")
    result = what_if(MODEL, Applicant("IM", "non-us-img", 245, usce_months=3), False)
    assert status == 0 and json.loads(out) == json.loads(json.dumps(result.as_dict()))
    assert run(capsys, "what-if", *WORDS, "--step2-taken", "no")[1] == "\n".join(lines(result)) + "\n"
    status, out, err = run(capsys, "what-if", *WORDS, "--step2-taken", "perhaps")
    assert status == 2 and out == "" and err == "matchmodel what-if: --step2-taken is 'perhaps'; it is yes or no (or left out where unknown)\n"
    assert run(capsys, "what-if", *WORDS, "--target", "1.2")[0] == 2


def test_nonsense_is_refused():
    with pytest.raises(RefusedInput, match="chance between 0 and 1"):
        asked(target=0)
    with pytest.raises(RefusedInput, match="after the cycle"):
        asked(yog=2030)


@settings(max_examples=40, deadline=None)
@given(applicants())
def test_nothing_is_offered_that_cannot_be_pulled(applicant):
    assume(applicant.step2_ck is not None)
    names = " ".join(lever.name for lever in what_if(MODEL, applicant).levers).casefold()
    assert "step 2" not in names and "step 1" not in names and "visa" not in names and "attempt" not in names
