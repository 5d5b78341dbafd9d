"""This cycle or the next: with an SD of 0 the plain prediction; averages, shared luck and ranges against simulations and brute force."""

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matchmodel import Applicant
from matchmodel.advice import cycles, season
from matchmodel.advice.cycles import next_applicant, timing
from matchmodel.advice.cycles_command import lines
from matchmodel.advice.luck import exactly, together
from matchmodel.advice.practice import of_mean, of_practice, of_score
from matchmodel.advice.profile import Drawn, Profile
from matchmodel.advice.season import Drifted, Season, drift_after
from matchmodel.errors import NotInModel, RefusedInput
from matchmodel.model import Model
from matchmodel.odds import expit
from matchmodel.wording import ASSOCIATION

from ..asking import MODEL, applicants, run

LAST = MODEL.newest_table + 9  # the last cycle whose next one can be answered
IM = Applicant("Internal Medicine", "non-us-img", yog=2024, usce_months=4, visa_needed=True)
WHO = [  # specialty, type, what is known
    ("Internal Medicine", "non-us-img", {"yog": 2024, "usce_months": 4, "visa_needed": True}),
    ("Family Medicine", "us-img", {"yog": 2015}),
    ("Neurology", "non-us-img", {"usce_months": 1, "step1_failed": True}),
    ("General Surgery", "non-us-img", {}),
]


def answerable(applicant):
    assume(applicant.cycle is None or MODEL.newest_table - 9 <= applicant.cycle <= LAST)
    assume((applicant.years_since_graduation or 0) < 60)
    return applicant


@st.composite
def distributions(draw):
    return of_mean(draw(st.floats(190, 280)), draw(st.sampled_from([0.0, 4.0, 8.0, 15.0, 30.0])))


@settings(max_examples=80, deadline=None)
@given(applicants(applications=None, target=None), st.integers(1, 200))
def test_an_sd_of_0_is_the_plain_prediction(applicant, n):
    who = answerable(applicant)
    found = timing(MODEL, who)
    plain = MODEL.odds(who)
    assert tuple(found.now.ranked) == pytest.approx((plain.p_ranked, plain.p_ranked_low, plain.p_ranked_high), abs=1e-12)
    assert found.applicant == plain.applicant
    if not MODEL.has_chain(who.applicant_type, who.specialty):
        assert found.now.apply is None and found.measure == "p_ranked"
        return
    asked = who._replace(applications=min(n, found.listed))
    found, plain = timing(MODEL, asked), MODEL.odds(asked)
    assert found.now.apply.point == pytest.approx(plain.chain.p_apply, abs=1e-9)
    quick = Profile(MODEL, asked).chance(asked.applications)
    assert found.now.apply[1:] == pytest.approx((quick.low, quick.high), abs=1e-9)  # whose nearness to predict tests/advice/test_profile.py holds


@settings(max_examples=40, deadline=None)
@given(applicants(applications=None, target=None, step2_ck=None), st.floats(1, 300))
def test_so_is_a_mean_that_is_sure_and_the_next_cycle_is_predict_a_year_on(applicant, score):
    who = answerable(applicant)
    sure, known = timing(MODEL, who, of_mean(score, 0)), timing(MODEL, who._replace(step2_ck=score))
    assert sure.now.ranked == known.now.ranked and sure.wait.apply == known.wait.apply
    later = next_applicant(MODEL, MODEL.cycle_of(who))._replace(step2_ck=score)
    assert later.cycle == sure.now.cycle + 1
    if sure.now.years_since_graduation is not None:
        assert later.years_since_graduation == sure.now.years_since_graduation + 1 == sure.wait.years_since_graduation
    assert sure.wait.ranked.point == pytest.approx(MODEL.odds(later).p_ranked, abs=1e-12)


@pytest.mark.parametrize(("specialty", "kind", "known"), WHO)
def test_two_profiles_give_every_score(specialty, kind, known):
    who = Applicant(specialty, kind, **known)
    here = Season(MODEL, MODEL.cycle_of(who), of_mean(240, 8), 60)
    for score in (1, 195, 218, 240, 263.5, 300):
        plain = MODEL.odds(who._replace(step2_ck=score, applications=60))
        assert here.ranked_at(score) == pytest.approx(plain.p_ranked, abs=1e-12) and here.chance_at(score) == pytest.approx(plain.chain.p_apply, abs=1e-9)


@pytest.mark.parametrize(("specialty", "kind", "known"), WHO)
def test_averages_against_a_simulation(specialty, kind, known):
    """Scores drawn from the distribution, each answered by `predict` (between whole scores by interpolation)."""
    who, n = Applicant(specialty, kind, **known), 400_000
    made = timing(MODEL, who._replace(applications=60), of_mean(238, 9))
    drawn = np.random.default_rng(3).normal(238, 9, n)
    grid = np.arange(185, 292)
    plain = [MODEL.odds(who._replace(step2_ck=float(s), applications=60)) for s in grid]
    for figure, values in ((made.now.ranked, [a.p_ranked for a in plain]), (made.now.apply, [a.chain.p_apply for a in plain])):
        chances = np.interp(drawn, grid, values)
        assert figure.point == pytest.approx(chances.mean(), abs=4 * chances.std() / np.sqrt(n) + 1e-5)
    assert made.now.under_mark == pytest.approx((np.round(drawn) < 218).mean(), abs=4 * 0.5 / np.sqrt(n))
    passing = np.where(np.round(drawn) >= 218, chances, 0)
    assert made.now.passed == pytest.approx(passing.mean(), abs=4 * passing.std() / np.sqrt(n) + 1e-5)


@pytest.mark.parametrize(("sd", "ends"), [(4, 2e-4), (8, 5e-4), (15, 2e-3)])
def test_few_nodes_agree_with_fifteen(monkeypatch, sd, ends):
    """Ends of ranges, and the chance over both cycles, with 3 Gauss-Hermite points against 15."""
    asked = [(Applicant(s, kind, **known), of_mean(mean, sd)) for s, kind, known in WHO for mean in (215, 240, 262)]
    few = [timing(MODEL, who, scores, gain=6) for who, scores in asked]
    monkeypatch.setattr(season, "FEW", 15)
    monkeypatch.setattr(cycles, "FEW", 15)
    for one, two in zip(few, [timing(MODEL, who, scores, gain=6) for who, scores in asked]):
        for a, b in ((one.now.ranked, two.now.ranked), (one.now.apply, two.now.apply), (one.wait.apply, two.wait.apply), (one.both[:4], two.both[:4]), (one.against_now[:3], two.against_now[:3])):
            assert a == pytest.approx(b, abs=ends)
        assert one.against_now.share == pytest.approx(two.against_now.share, abs=0.021)


def test_both_cycles_against_a_simulation():
    """The same person's luck and score in both cycles, invitations and matches drawn."""
    made = timing(MODEL, IM._replace(applications=80), of_mean(240, 10), usce_gain=3)
    now = MODEL.cycle_of(IM)
    first, second = Season(MODEL, now, of_mean(240, 10), 80), Season(MODEL, next_applicant(MODEL, now, 3), of_mean(240, 10), 80)
    rng, n = np.random.default_rng(11), 400_000
    score, luck = rng.normal(240, 10, n), rng.gamma(1 / first.alpha, first.alpha, n)
    grid, matched = np.arange(185, 296, 5), []
    for one in (first, second):
        states = [one.state_at(float(s)) for s in grid]
        mean = 80 * np.exp(np.interp(score, grid, np.log([s.each for s in states])))
        against = np.exp(np.interp(score, grid, np.log([s.odds_against for s in states])))
        ranks = rng.poisson(mean * luck)
        matched.append(rng.random(n) < np.where(ranks > 0, 1 / (1 + against * np.maximum(ranks, 1.0) ** -states[0].b), 0))
    se = 0.5 / np.sqrt(n)
    assert made.now.apply.point == pytest.approx(matched[0].mean(), abs=4 * se) and made.both.second.point == pytest.approx(matched[1].mean(), abs=4 * se)
    assert made.both.point == pytest.approx((matched[0] | matched[1]).mean(), abs=4 * se)


@pytest.mark.parametrize(("specialty", "kind", "known"), WHO)
def test_the_range_of_both_cycles_is_nearly_that_of_every_draw_on_its_own(specialty, kind, known):
    """Every draw's two chains, with the drift of each cycle, put together exactly."""
    who = MODEL.cycle_of(Applicant(specialty, kind, **known))
    made = timing(MODEL, who, of_mean(245, 0))
    models = MODEL, Drifted(MODEL, drift_after(MODEL, who))
    chains = []
    for model, one in zip(models, (who, next_applicant(MODEL, who))):
        profile = Profile(model, one._replace(step2_ck=245))
        chains.append(profile.chain.states(profile.chain.log_factors(profile.applicant)[0], [expit(v) for v in (profile.log_odds.point, *profile.log_odds.draws)]))
    n, exact = made.applications, []
    for a, b in zip(*chains):
        exact.append(together(a.alpha, [(exactly(a), n * a.each), (exactly(b), n * b.each)]).any)
    assert made.both.point == pytest.approx(exact[0], abs=1e-4)
    spread = Drawn(exact[0], exact[1:])
    assert (made.both.low, made.both.high) == pytest.approx((spread.low, spread.high), abs=0.015)


def test_a_year_of_drift_is_an_independent_step():
    z = np.array(MODEL.drift_draws)
    year = MODEL.type("non-us-img")["year"]
    for years in (0, 1, 2, 5, -1, -2, -4):
        after = np.array(drift_after(MODEL, MODEL.cycle_of(IM._replace(yog=None, cycle=year + years))))
        now, then = np.sqrt(abs(years)) * z, np.sqrt(abs(years + 1)) * after
        assert (then - now).std() == pytest.approx(1, abs=0.06) and then.std() == pytest.approx(np.sqrt(abs(years + 1)), abs=0.06)
        if years > 0:
            assert abs(np.corrcoef(then - now, z)[0, 1]) < 0.05
    step = np.array(drift_after(MODEL, MODEL.cycle_of(IM._replace(yog=None, cycle=year))))
    assert abs(np.corrcoef(step, z)[0, 1]) < 0.05 and sorted(step) == sorted(z)
    for name in ("alpha", "beta", "level"):
        assert abs(np.corrcoef(step, MODEL.cell("non-us-img", "Internal Medicine").draws(name))[0, 1]) < 0.2  # three standard errors of two hundred draws


def test_the_next_cycle_is_wider_and_the_difference_is_of_what_is_not_shared():
    made = timing(MODEL, IM, of_mean(245, 6))
    width = lambda one: one.high - one.low
    assert width(made.wait.ranked) > width(made.now.ranked) and width(made.against_now) < width(made.now.apply)
    plain = MODEL.odds(next_applicant(MODEL, MODEL.cycle_of(IM))._replace(step2_ck=245))
    sure = timing(MODEL, IM, of_mean(245, 0)).wait.ranked
    assert (sure.low, sure.high) == pytest.approx((plain.p_ranked_low, plain.p_ranked_high), abs=0.015)
    at_table = timing(MODEL, IM._replace(step2_ck=245, cycle=MODEL.type("non-us-img")["year"] - 1, yog=None)).wait.ranked
    plain = MODEL.odds(IM._replace(step2_ck=245, cycle=MODEL.type("non-us-img")["year"], yog=None))
    assert tuple(at_table) == pytest.approx((plain.p_ranked, plain.p_ranked_low, plain.p_ranked_high), abs=1e-12)  # no drift in the table's own year


@settings(max_examples=60, deadline=None)
@given(applicants(applications=None, target=None, step2_ck=None), distributions(), st.sampled_from([0, 0, 3, 10]), st.sampled_from([0, 4]))
def test_it_is_coherent(applicant, scores, gain, usce_gain):
    who = answerable(applicant)
    if who.usce_months is None or who.usce_months + usce_gain > 120:
        usce_gain = 0
    made = timing(MODEL, who, scores, gain, usce_gain)
    b, now, wait = made.both, made.now.chance, made.wait.chance
    assert now.point <= b.point <= b.independent + 1e-9 and b.low <= b.point <= b.high <= 1 and b.repeat <= b.point
    assert b.point >= b.second.point - 1e-4  # two tries are no worse than the second alone
    assert made.against_now.difference == pytest.approx(wait.point - now.point, abs=1e-12) and made.against_both.difference == pytest.approx(wait.point - b.point, abs=1e-12)
    if not gain:
        assert made.against_both.difference <= 1e-4 and b.second == wait
    for one in (made.against_now, made.against_both):
        assert one.low <= one.difference <= one.high and 0 <= one.share <= 1 and one.sure == (one.share if one.difference > 0 else 1 - one.share)
    for option in (made.now, made.wait):
        assert -1e-9 <= option.passed <= option.chance.point + 1e-9 and 0 <= option.under_mark <= 1
        assert option.passed >= option.chance.point - option.under_mark - 1e-9
    if made.now.usd is not None:
        assert made.now.usd <= b.usd_expected <= b.usd_most == 2 * made.now.usd


@settings(max_examples=25, deadline=None)
@given(applicants(applications=None, target=None, step2_ck=None), st.floats(200, 265), st.sampled_from([0, 8]))
def test_the_tipping_gain_tips_it(applicant, mean, sd):
    who, scores = answerable(applicant), of_mean(mean, sd)
    made = timing(MODEL, who, scores)
    for tip, which in ((made.tip_now, lambda t: t.against_now.difference), (made.tip_both, lambda t: t.wait.chance.point - made.both.point)):
        if tip is None:
            gains = {int(300 - mean)}
            assert all(which(timing(MODEL, who, scores, gain)) <= 1e-4 for gain in gains)
            continue
        assert which(timing(MODEL, who, scores, tip)) > -1e-4
        if tip > 0:
            assert which(timing(MODEL, who, scores, tip - 1)) < 1e-4


def test_waiting_that_changes_nothing_is_not_better():
    made = timing(MODEL, Applicant("FM", "us-img"), of_mean(224, 7))
    assert made.against_now.difference == pytest.approx(0, abs=1e-12) and made.tip_now != 0
    assert "Waiting alone and applying now alone come to the same" in " ".join("\n".join(lines(made)).split())


def test_a_gain_never_lowers_the_chance_where_the_slope_is_clearly_positive():
    found = [timing(MODEL, IM, of_mean(235, 8), gain).wait for gain in (0, 2, 5, 10, 20)]
    assert sorted(found, key=lambda o: o.apply.point) == found and sorted(found, key=lambda o: -o.under_mark) == found


def test_a_gain_that_is_unsure_moves_the_spread_alone():
    made = timing(MODEL, IM, of_mean(240, 6), gain=5, gain_sd=8)
    assert (made.wait.scores.mean, made.wait.scores.sd) == (245, 10) and made.both.second.point == timing(MODEL, IM, of_mean(240, 6)).wait.apply.point


def test_a_score_that_is_not_given_still_answers_the_rest():
    made = timing(MODEL, IM, usce_gain=6)
    assert made.now.scores.basis == "unknown" and made.now.under_mark is None and not made.gain_possible and made.tip_now is None
    assert made.now.ranked.point == pytest.approx(MODEL.odds(IM).p_ranked, abs=1e-12) and made.wait.usce_months == 10


def test_without_a_chain_it_is_the_chance_once_ranked_with_independent_luck():
    who = Applicant("Public Health and Preventive Medicine", "non-us-img", yog=2020)
    made = timing(MODEL, who, of_mean(240, 0))
    p, q = made.now.ranked.point, made.wait.ranked.point
    assert made.measure == "p_ranked" and made.now.apply is None and made.now.usd is None and made.both.point == pytest.approx(1 - (1 - p) * (1 - q), abs=1e-12)
    assert any("No table describes applications" in note for note in made.notes)
    with pytest.raises(NotInModel, match="ask without --applications"):
        timing(MODEL, who._replace(applications=50))


def test_a_model_without_advice_or_chain_answers():
    bare = Model({**MODEL.content, "advice": None, "chain": None})
    made = timing(bare, IM, of_mean(240, 8), gain=5)
    assert made.repeat is None and made.both.repeat is None and made.measure == "p_ranked" and made.now.usd is None
    assert made.now.ranked.point == timing(MODEL, IM, of_mean(240, 8)).now.ranked.point
    assert all(len(line) <= 80 for text in lines(made) for line in text.split("\n"))


def test_warnings_are_carried_along():
    assert any("extrapolated" in w for w in timing(MODEL, IM, of_mean(195, 3)).warnings)
    assert any("% of the Step 2 CK distribution lies outside" in w for w in timing(MODEL, IM, of_mean(225, 15)).warnings)
    assert not timing(MODEL, IM, of_mean(250, 5)).warnings
    many = timing(MODEL, IM._replace(applications=4000), of_mean(250, 5))
    assert many.applications == many.listed and any("answered for all" in w for w in many.warnings)
    assert any("passing mark" in w for w in timing(MODEL, IM._replace(step2_ck=212)).warnings) and not any("passing mark" in w for w in timing(MODEL, IM, of_mean(212, 0)).warnings)
    flat = timing(MODEL, Applicant("FM", "non-us-img"), of_mean(240, 5)).notes
    assert any("nearly flat" in n for n in flat) and flat[-1] == ASSOCIATION
    assert MODEL.odds(IM).notes[0].startswith("The first figure") and MODEL.odds(IM).notes[-1] == ASSOCIATION  # which `timing` replaces


REFUSED = {  # how -> what the line says
    "a passed exam": (lambda: timing(MODEL, IM._replace(step2_ck=240), gain=5), "Step 2 CK is 240 and taken, and a passed exam can't be taken again, so there is no gain; where it is only expected, add --step2-taken no"),
    "a gain of nothing known": (lambda: timing(MODEL, IM, gain=5), "a gain in score needs a score to start from; give --practice, or --mean and --sd"),
    "past the end": (lambda: timing(MODEL, IM, of_mean(280, 5), gain=30), "a gain of 30 points from 280 is beyond the scale, which ends at 300; give at most 20"),
    "a loss": (lambda: timing(MODEL, IM, of_mean(240, 5), gain=-3), "gain is -3; it is in points of Step 2 CK, between 0 and 100"),
    "too much USCE": (lambda: timing(MODEL, IM, usce_gain=13), "gain in USCE is 13; it is in months, between 0 and 12: waiting is one year"),
    "USCE unknown": (lambda: timing(MODEL, IM._replace(usce_months=None), usce_gain=3), "give --usce MONTHS too"),
    "two scores": (lambda: timing(MODEL, IM._replace(step2_ck=240), of_mean(240, 5)), "a Step 2 CK score and a distribution of it are both given"),
    "no next cycle": (lambda: timing(MODEL, IM._replace(cycle=LAST + 1)), f"the cycle after {LAST + 1} can't be answered: cycle {LAST + 2} is more than 10 years"),
    "taken?": (lambda: timing(MODEL, IM._replace(step2_ck=240), taken="maybe"), "step2 taken is 'maybe'; it is yes or no"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_teach(name):
    ask, said = REFUSED[name]
    with pytest.raises(RefusedInput) as refused:
        ask()
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_an_expected_score_can_gain():
    made = timing(MODEL, IM._replace(step2_ck=240), gain=5, taken="no")
    assert made.wait.scores.mean == 245 and made.now.apply == timing(MODEL, IM._replace(step2_ck=240)).now.apply and made.gain_possible
    assert of_score(240, taken=False).basis == "assumed" and of_score(240).basis == "known"


@settings(max_examples=40, deadline=None)
@given(applicants(target=None, step2_ck=None), distributions(), st.sampled_from([0, 5]))
def test_lines_fit_80_columns_and_json_can_be_written(applicant, scores, gain):
    made = timing(MODEL, answerable(applicant), scores, gain)
    text = "\n".join(lines(made))
    assert max(len(line) for line in text.split("\n")) <= 80 and ASSOCIATION in made.notes and "80% range" in text
    assert json.loads(json.dumps(made.as_dict(), allow_nan=False))["this_cycle"]["p_ranked"] == made.now.ranked.point


WORDS = ["timing", "--specialty", "im", "--applicant-type", "non-us-img", "--yog", "2024", "--usce", "4", "--visa", "yes"]


def test_the_command_is_the_function(capsys):
    status, out, err = run(capsys, *WORDS, "--practice", "uwsa 2", "--practice-score", "246", "--gain", "6", "--usce-gain", "3", "--applications", "100", "--json")
    made = timing(MODEL, IM._replace(applications=100), of_practice(MODEL, "UWSA2", 246), 6, 3)
    assert (status, err) == (0, "") and json.loads(out) == json.loads(json.dumps(made.as_dict()))
    status, out, err = run(capsys, *WORDS, "--practice", "uwsa 2", "--practice-score", "246", "--gain", "6", "--usce-gain", "3", "--applications", "100")
    assert (status, err) == (0, "") and out == "\n".join(lines(made)) + "\n"
    assert "grade C: volunteers' own reports" in out.replace("\n  ", " ")


def test_the_answer_in_words_agrees_with_its_figures():
    worse = "\n".join(lines(timing(MODEL, IM, of_mean(245, 8)))).replace("\n    ", " ")
    assert "Applying now alone is better than waiting alone, by" in worse
    better = "\n".join(lines(timing(MODEL, IM, of_mean(235, 8), gain=15))).replace("\n    ", " ")
    assert "Waiting alone is better than applying now alone, by" in better and "a gain goes to those who wait" in better
    taken = "\n".join(lines(timing(MODEL, IM._replace(step2_ck=245)))).replace("\n    ", " ")
    assert "No gain can tip it: a passed exam can't be taken again." in taken and "passing mark" not in taken
    failing = " ".join("\n".join(lines(timing(MODEL, IM, of_mean(222, 8), gain=8))).split())
    assert "scores under the passing mark, 218" in failing and "a fail counted as" in failing
