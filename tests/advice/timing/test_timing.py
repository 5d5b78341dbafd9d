"""This cycle or the next: with an SD of 0 the plain prediction; averages and luck against drawn people."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import gamma

from matchmodel import Applicant, NotInModel, Question, RefusedInput
from matchmodel.advice.notes import text
from matchmodel.advice.practice import of_mean, of_practice, of_score
from matchmodel.advice.timing import timing
from matchmodel.model import Model
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import ASSOCIATION

from ...asking import MODEL, applicants

LAST = MODEL.newest_table + 9  # the last cycle whose next one can be answered
IM = Applicant("Internal Medicine", "non-us-img", yog=2024, usce_months=4, visa_needed=True)
WHO = [  # specialty, type, what is known
    ("Internal Medicine", "non-us-img", {"yog": 2024, "usce_months": 4, "visa_needed": True}),
    ("Family Medicine", "us-img", {"yog": 2015}),
    ("Neurology", "non-us-img", {"usce_months": 1, "step1_failed": True}),
]
N80 = Question(applications=80)


def text_of(made, details=False):
    return "\n".join(terminal(made.page(details)))


def answerable(applicant):
    assume(applicant.cycle is None or MODEL.newest_table - 9 <= applicant.cycle <= LAST)
    assume((applicant.years_since_graduation or 0) < 60)
    assume(not MODEL.withheld(applicant.applicant_type, applicant.specialty))
    return applicant


def a_year_on(applicant):
    a = MODEL.resolve(applicant)
    moved = {"cycle": a.cycle + 1}
    if a.yog is None and a.years_since_graduation is not None:
        moved["years_since_graduation"] = a.years_since_graduation + 1
    return MODEL.resolve(a.replace(**moved))


@st.composite
def distributions(draw):
    return of_mean(draw(st.floats(190, 280)), draw(st.sampled_from([0.0, 4.0, 8.0, 15.0, 30.0])))


@settings(max_examples=20, deadline=None)
@given(applicants(), st.none() | st.integers(1, 200))
def test_an_sd_of_0_is_the_plain_prediction_in_both_cycles(applicant, n):
    who = answerable(applicant)
    question = Question(applications=n if MODEL.has_chain(who.applicant_type, who.specialty) else None)
    found, plain, later = (
        timing(MODEL, who, question),
        MODEL.odds(who, question),
        MODEL.odds(a_year_on(who), question),
    )
    assert found.answer == plain
    for option, answer in ((found.found.now, plain), (found.found.wait, later)):
        assert (
            option.ranked == pytest.approx(answer.p_ranked, abs=1e-12)
            and option.cycle == answer.applicant.cycle
        )
        assert option.years_since_graduation == answer.applicant.years_since_graduation
        if answer.p_apply is None:
            assert option.apply is None and found.measure == "p_ranked"
        else:
            assert option.apply == pytest.approx(answer.p_apply, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(applicants(step2_ck=None), st.floats(1, 300))
def test_so_is_a_mean_that_is_sure(applicant, score):
    who = answerable(applicant)
    sure, known = (
        timing(MODEL, who, None, of_mean(score, 0)).found,
        timing(MODEL, who.replace(step2_ck=score)).found,
    )
    assert (
        sure.now.ranked == known.now.ranked
        and sure.wait.apply == known.wait.apply
        and sure.both.any == known.both.any
    )


@pytest.mark.parametrize(("specialty", "kind", "known"), WHO)
def test_averages_against_drawn_scores(specialty, kind, known):
    """Scores from the distribution, each answered by `predict` (between whole scores by interpolation)."""
    who, n = Applicant(specialty, kind, **known), 200_000
    made = timing(MODEL, who, N80, of_mean(238, 9)).found
    drawn = np.random.default_rng(3).normal(238, 9, n)
    grid = np.arange(185, 292, 3)
    plain = [MODEL.odds(who.replace(step2_ck=float(s)), N80) for s in grid]
    for found, values in (
        (made.now.ranked, [a.p_ranked for a in plain]),
        (made.now.apply, [a.p_apply for a in plain]),
    ):
        chances = np.interp(drawn, grid, [v.point for v in values])
        assert found.point == pytest.approx(chances.mean(), abs=4 * chances.std() / np.sqrt(n) + 1e-4)
    assert made.now.under_mark == pytest.approx((np.round(drawn) < 218).mean(), abs=4 * 0.5 / np.sqrt(n))
    passing = np.where(np.round(drawn) >= 218, chances, 0)
    assert made.now.passed == pytest.approx(passing.mean(), abs=4 * passing.std() / np.sqrt(n) + 1e-4)


@pytest.mark.parametrize(("specialty", "kind", "known"), WHO)
def test_both_cycles_against_drawn_applicants(specialty, kind, known):
    """One score, one draw of the model and one place in luck for both cycles; ranks and matches drawn."""
    who, n = MODEL.resolve(Applicant(specialty, kind, **known)), 200_000
    made = timing(MODEL, who, N80, of_mean(240, 10)).found
    rng = np.random.default_rng(11)
    grid = np.arange(185.0, 296.0, 2.0)
    near = np.clip(np.round((rng.normal(240, 10, n) - 185) / 2), 0, len(grid) - 1).astype(int)
    draw, matched = rng.integers(0, MODEL.record.draw_count, n), []
    place = rng.random(n)
    for one in (who, a_year_on(who)):
        people = MODEL.people([one.replace(step2_ck=float(s)) for s in grid])
        v = people.arrays.chain.dispersion[draw]
        mean = people.invitations(np.full(len(grid), 80))[near, draw]
        ranks = rng.poisson(mean * gamma.ppf(place, 1 / v) * v)
        chance = people.p_by_ranks()[near, draw, np.clip(ranks, 1, 12) - 1]
        matched.append((ranks > 0) & (rng.random(n) < chance))
    se = 0.5 / np.sqrt(n)
    assert made.now.apply.point == pytest.approx(matched[0].mean(), abs=4 * se)
    assert made.both.second.point == pytest.approx(matched[1].mean(), abs=4 * se)
    assert made.both.any.point == pytest.approx(
        (matched[0] | matched[1]).mean(), abs=4 * se + 1e-3
    )  # the drift is another


def test_the_next_cycle_is_wider_and_the_difference_is_of_what_is_not_shared():
    made = timing(MODEL, IM, None, of_mean(245, 6)).found

    def width(found):
        return found.high - found.low

    step = MODEL.arrays("non-us-img", "Internal Medicine").drift.std()
    slope = made.now.ranked.point * (1 - made.now.ranked.point)
    assert width(made.wait.ranked) > width(made.now.ranked)
    assert (
        2 * 1.28 * step * slope * 0.8 < width(made.against_now.difference) < width(made.now.apply)
    )  # a whole step


@settings(max_examples=20, deadline=None)
@given(applicants(step2_ck=None), distributions(), st.sampled_from([0, 0, 3, 10]), st.sampled_from([0, 4]))
def test_it_is_coherent(applicant, scores, gain, usce_gain):
    who = answerable(applicant)
    if who.usce_months is None or who.usce_months + usce_gain > 120:
        usce_gain = 0
    made = timing(MODEL, who, None, scores, gain, usce_gain).found
    b, now, wait = made.both, made.now.chance, made.wait.chance
    assert (
        now.point <= b.any.point + 1e-6
        and b.any.point <= b.independent + 1e-6
        and b.repeat <= b.any.point + 1e-9
    )
    assert b.any.low <= b.any.point <= b.any.high <= 1
    assert b.any.point >= b.second.point - 1e-3  # two tries are no worse than the second alone
    assert made.against_now.difference.point == pytest.approx(wait.point - now.point, abs=1e-12)
    assert made.against_both.difference.point == pytest.approx(wait.point - b.any.point, abs=1e-12)
    if not gain:
        assert made.against_both.difference.point <= 1e-3 and b.second == wait
    for one in (made.against_now, made.against_both):
        d = one.difference
        assert d.low <= d.point <= d.high and 0 <= one.share <= 1
        assert one.sure == (one.share if d.point > 0 else 1 - one.share)
    for option in (made.now, made.wait):
        assert -1e-9 <= option.passed <= option.chance.point + 1e-9 and 0 <= option.under_mark <= 1
        assert option.passed >= option.chance.point - option.under_mark - 1e-4
    if made.now.usd is not None:
        assert made.now.usd <= b.usd_expected <= b.usd_most == 2 * made.now.usd


@settings(max_examples=8, deadline=None)
@given(applicants(step2_ck=None), st.integers(200, 265), st.sampled_from([0, 8]))
def test_the_tipping_gain_tips_it(applicant, mean, sd):
    who, scores = answerable(applicant), of_mean(mean, sd)
    made = timing(MODEL, who, None, scores).found
    both = made.both.any.point
    tests = (
        (made.tip_now, lambda t: t.found.against_now.difference.point),
        (made.tip_both, lambda t: t.found.wait.chance.point - both),
    )
    for tip, difference in tests:
        if tip is None:
            most = min(300 - mean, 100)
            assert difference(timing(MODEL, who, None, scores, most)) <= 1e-6
            continue
        if tip > 100:
            continue  # more than a year is asked about
        assert difference(timing(MODEL, who, None, scores, tip)) > -1e-9
        if tip > 0:
            assert difference(timing(MODEL, who, None, scores, tip - 1)) < 1e-6


def test_a_gain_never_lowers_the_chance_where_the_slope_is_clearly_positive():
    found = [timing(MODEL, IM, None, of_mean(235, 8), gain).found.wait for gain in (0, 2, 5, 10, 20)]
    assert (
        sorted(found, key=lambda o: o.apply.point) == found
        and sorted(found, key=lambda o: -o.under_mark) == found
    )


def test_a_gain_that_is_unsure_moves_the_spread_alone():
    made = timing(MODEL, IM, None, of_mean(240, 6), gain=5, gain_sd=8).found
    assert (made.wait.scores.mean, made.wait.scores.sd) == (245, 10)
    assert made.both.second == timing(MODEL, IM, None, of_mean(240, 6)).found.wait.apply


def test_a_score_that_is_not_given_still_answers_the_rest():
    made = timing(MODEL, IM, usce_gain=6).found
    assert made.now.scores.basis == "unknown" and made.now.under_mark is None and not made.gain_possible
    assert made.now.ranked == MODEL.odds(IM).p_ranked and made.wait.usce_months == 10 and made.tip_now is None


def test_without_a_chain_it_is_the_chance_if_ranked_with_independent_luck():
    who = Applicant("Dermatology", "non-us-img", yog=2020)
    made = timing(MODEL, who, None, of_mean(240, 0))
    f = made.found
    assert made.measure == "p_ranked" and f.now.apply is None and f.now.usd is None
    assert f.both.any.point == pytest.approx(f.both.independent, abs=1e-12)
    assert any(note.code == "independent_without_chain" for note in made.notes)
    with pytest.raises(NotInModel, match="ask without --applications"):
        timing(MODEL, who, Question(applications=50))


def test_a_withheld_cell_is_given_no_number():
    made = timing(MODEL, Applicant("Plastic Surgery", "us-img"), None, of_mean(240, 8))
    assert made.found is None and made.answer.withheld and made.to_dict()["this_cycle"] is None
    assert "No number is given" in text_of(made) and "%" not in text_of(made)


def test_a_model_without_advice_answers():
    bare = Model(replace(MODEL.record, advice={}, passing_marks=()))
    made = timing(bare, IM, None, of_mean(240, 8), gain=5)
    assert made.repeat is None and made.found.both.repeat is None and made.mark is None
    assert made.found.now.ranked == timing(MODEL, IM, None, of_mean(240, 8)).found.now.ranked
    assert all(len(line) <= 80 for line in text_of(made, True).split("\n"))


def test_notes_are_those_of_the_question():
    wide = timing(MODEL, IM, None, of_mean(225, 15))
    assert any(note.code == "scores_beyond" for note in wide.notes)
    assert not any(note.code == "scores_beyond" for note in timing(MODEL, IM, None, of_mean(250, 5)).notes)
    practice = timing(MODEL, IM, None, of_practice(MODEL, "UWSA2", 246))
    assert "grade C" in text(next(note for note in practice.notes if note.code == "practice_tests"))
    many = timing(MODEL, IM, Question(applications=4000), of_mean(250, 5))
    assert many.applications == many.answer.listed
    assert any(note.code == "applications_above_listed" for note in many.answer.warnings)


REFUSED = {  # how -> what the line says
    "a passed exam": (
        lambda: timing(MODEL, IM.replace(step2_ck=240), gain=5),
        "a passed exam cannot be taken again",
    ),
    "a gain of nothing known": (
        lambda: timing(MODEL, IM, gain=5),
        "a gain in score needs a score to start from",
    ),
    "past the end": (
        lambda: timing(MODEL, IM, None, of_mean(280, 5), gain=30),
        "a gain of 30 points from 280 is beyond the scale, which ends at 300; give at most 20",
    ),
    "a loss": (
        lambda: timing(MODEL, IM, None, of_mean(240, 5), gain=-3),
        "gain is -3; it is in points of Step 2 CK",
    ),
    "too much USCE": (
        lambda: timing(MODEL, IM, usce_gain=13),
        "gain in USCE is 13; it is in months, between 0 and 12",
    ),
    "USCE unknown": (
        lambda: timing(MODEL, IM.replace(usce_months=None), usce_gain=3),
        "give --usce MONTHS too",
    ),
    "two scores": (
        lambda: timing(MODEL, IM.replace(step2_ck=240), None, of_mean(240, 5)),
        "a Step 2 CK score and a distribution of it are both given",
    ),
    "no next cycle": (
        lambda: timing(MODEL, IM.replace(cycle=LAST + 1)),
        f"the cycle after {LAST + 1} cannot be answered: cycle {LAST + 2} is more than 10 years",
    ),
    "interviews and an unsure gain": (
        lambda: timing(MODEL, IM, Question(interviews=2), of_mean(240, 5), gain=5, gain_sd=3),
        "leave --gain-sd out",
    ),
    "taken?": (
        lambda: timing(MODEL, IM.replace(step2_ck=240), taken="maybe"),
        "step2 taken is 'maybe'; it is yes or no",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_teach(name):
    ask, said = REFUSED[name]
    with pytest.raises(RefusedInput) as refused:
        ask()
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_an_expected_score_can_gain():
    made = timing(MODEL, IM.replace(step2_ck=240), gain=5, taken="no").found
    assert made.wait.scores.mean == 245 and made.gain_possible
    assert made.now.apply == timing(MODEL, IM.replace(step2_ck=240)).found.now.apply
    assert of_score(240, taken=False).basis == "assumed" and of_score(240).basis == "known"


@settings(max_examples=20, deadline=None)
@given(
    applicants(step2_ck=None),
    distributions(),
    st.sampled_from([0, 5]),
    st.none() | st.integers(0, 20),
    st.booleans(),
)
def test_lines_fit_80_columns_and_json_can_be_written(applicant, scores, gain, held, details):
    made = timing(MODEL, answerable(applicant), Question(interviews=held), scores, gain)
    said = text_of(made, details)
    assert max(len(line) for line in said.split("\n")) <= 80 and ASSOCIATION in " ".join(said.split())
    written = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert written["this_cycle"]["p_ranked"] == made.found.now.ranked.point
