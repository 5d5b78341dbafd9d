"""The list: never below the same number at random, never with a dropped program, and the engine's own
numbers.
"""

import json
from copy import copy
from itertools import combinations
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, Question
from matchmodel.advice.programs.candidates import Candidates
from matchmodel.advice.programs.compute import programs
from matchmodel.advice.programs.rates import tilt, tilted
from matchmodel.advice.programs.signals import Signals
from matchmodel.advice.programs.table import read_programs
from matchmodel.report.terminal import terminal

from ...asking import MODEL, applicants
from ...worked import DOCS
from .made import WITH_SIGNALS, WITHOUT_SIGNALS, exact_rates, maybe, one, rated, rows_of, table

TABLE = read_programs(DOCS / "made-up-programs.csv")
WHO = Applicant("IM", "non-us-img", 245, 1, 1, 2022, 3, True)
CHAINED = {k: [s for s in MODEL.specialties(k) if MODEL.has_chain(k, s)] for k in MODEL.applicant_types}
CHAINLESS = next(
    s
    for s in MODEL.specialties("non-us-img")
    if MODEL.cell("non-us-img", s).chain is None and not MODEL.withheld("non-us-img", s)
)


def lines(made, details=False):
    """What is printed, line by line."""
    return "\n".join(terminal(made.page(details))).split("\n")


few = settings(max_examples=25, deadline=None)


def asked(n):
    return Question(applications=n)


def at(people, mean):
    """P(match) at mean invitations, the mean over draws."""
    return people.p_apply(mean[None]).mean()


def chained(data):
    who = data.draw(applicants())
    return who.replace(specialty=data.draw(st.sampled_from(CHAINED[who.applicant_type])))


@few
@given(st.data())
def test_over_random_applicants_and_tables(data):
    who = data.draw(applicants())
    rows = data.draw(rows_of(who.specialty))
    n, signals = data.draw(st.integers(1, 12)), data.draw(maybe(st.integers(0, 6)))
    made = programs(WITH_SIGNALS, who, table(*rows), asked(n), signals=signals)
    everything = [p.row for p in (*made.picks, *made.others, *made.dropped)]
    assert sorted(everything) == [r.row for r in rows] and all(d.reasons for d in made.dropped)
    assert made.applications == len(made.picks) == min(n, len(made.picks) + len(made.others))
    for details in (False, True):
        assert all(len(line) <= 80 and line.isprintable() for line in lines(made, details))
    json.dumps(made.to_dict(), allow_nan=False)
    assert made.answer == WITH_SIGNALS.odds(who, asked(n))
    if made.chance is None:
        assert not made.picks or not MODEL.has_chain(who.applicant_type, who.specialty)
        return
    expected = made.parts[0].expected
    assert expected == made.expected and made.parts[0].chance == made.chance
    for found in (made.chance, made.p_any_invitation, *(other.chance for other in made.instead)):
        assert 0 <= found.low <= found.point <= found.high <= 1
    assert made.without_signals.point <= made.chance.point + 1e-9
    assert sum(p.signal for p in made.picks) == made.parts[0].spent <= made.parts[0].signals
    assert sum(p.chance.point for p in made.picks) == pytest.approx(expected.point)
    assert all(0 <= p.chance.low <= p.chance.point <= p.chance.high <= 1 for p in made.picks)
    longer = programs(WITH_SIGNALS, who, table(*rows), asked(n + 1), signals=signals)
    assert longer.expected.point >= expected.point - 1e-12
    assert [p.row for p in longer.picks][: len(made.picks)] == [p.row for p in made.picks]


@few
@given(st.data())
def test_a_list_is_never_below_the_same_number_at_random(data):
    """In every draw where the order is the same in each: rates without an error, or none known at all.

    What is expected of unknown programs has draws of its own, so that a mix of both keeps to the mean.
    """
    who = chained(data)
    rows = data.draw(rows_of(who.specialty, counts=False))
    with exact_rates():
        made = programs(WITHOUT_SIGNALS, who, table(*rows), asked(data.draw(st.integers(1, 12))))
    if made.picks:
        gain = made.other("can_work").gain
        mixed = len({p.rate is None for p in (*made.picks, *made.others)}) > 1
        assert (gain.point if mixed else gain.low) >= (-1e-3 if mixed else -1e-12)
        every = [p.chance.point for p in (*made.picks, *made.others)]
        n = made.applications
        assert made.expected.point >= n * sum(every) / len(every) - 1e-12


@few
@given(st.data())
def test_with_counts_and_signals_no_fewer_invitations_are_expected_than_at_random(data):
    """The chance can fall short by what doubts about chosen rates cost; over a whole table they cancel."""
    who = chained(data)
    rows = data.draw(rows_of(who.specialty))
    made = programs(
        WITH_SIGNALS,
        who,
        table(*rows),
        asked(data.draw(st.integers(1, 12))),
        signals=data.draw(maybe(st.integers(0, 6))),
    )
    if not made.picks:
        return
    every = (*made.picks, *made.others)
    plain = np.array([(p.chance_without_signal, p.chance_with_signal) for p in every])
    if not made.signals_counted:
        plain = np.array([(p.chance.point, p.chance.point) for p in every])
    spent = min(made.parts[0].signals, made.applications)
    at_random = (made.applications - spent) * plain[:, 0].mean() + spent * plain[:, 1].mean()
    assert made.expected.point >= at_random - 1e-9
    assert made.other("can_work").gain.point >= -0.005


@few
@given(st.data())
def test_programs_of_which_nothing_is_known_are_what_predict_says(data):
    """Whatever signals the specialty has."""
    who, n = chained(data), data.draw(st.integers(1, 150))
    rows = [one(k, who.specialty) for k in range(n)]
    made = programs(MODEL, who, table(*rows), asked(n))
    answer = MODEL.odds(who, asked(n))
    assert made.answer == answer
    for mine, theirs in ((made.chance, answer.p_apply), (made.p_any_invitation, answer.p_any_invitation)):
        assert mine == pytest.approx(theirs, abs=1e-12)
    assert made.expected == pytest.approx(answer.expected_invitations, rel=1e-12)
    assert made.other("as_imgs_choose").gain == pytest.approx((0, 0, 0), abs=1e-12)
    assert {p.rate_from for p in made.picks} == {"unknown"} and {p.basis for p in made.picks} == {"assumed"}
    assert len({p.chance for p in made.picks}) == 1  # nothing tells one from another


def published(people, specialty):
    """A program for each of the specialty's published rates, in proportion to how many have it."""
    chain = people.arrays.chain
    rates = np.repeat(chain.rates, np.round(chain.programs).astype(int))
    return rated(rates, specialty)


@pytest.mark.parametrize("specialty", CHAINED["non-us-img"])
def test_the_published_rates_are_predict_s_programs_at_random(specialty):
    """Over all its programs at their rates, as many as have each: to the last digit."""
    who = MODEL.resolve(WHO.replace(specialty=specialty))
    people = MODEL.people([who])
    made = programs(MODEL, WHO.replace(specialty=specialty), published(people, specialty), asked(50))
    engine = at(people, people.invitations(np.array([50]), "random")[0])
    assert made.other("all").chance.point == pytest.approx(engine, abs=1e-9)
    assert made.other("can_work").chance.point == pytest.approx(
        engine, rel=0.1
    )  # programs at a rate are no whole number
    chain = people.arrays.chain
    t = tilt(chain, people.factor[0])
    mean = chain.programs @ tilted(chain.rates[:, None], t) / chain.programs.sum()
    assert at(people, 50 * mean) == pytest.approx(engine, abs=1e-9)


@pytest.mark.parametrize("specialty", CHAINED["non-us-img"])
def test_a_program_at_the_mean_rate_is_near_one_at_random(specialty):
    """Not equal: on the odds, high rates gain less than in proportion, so that the mean rate must gain a
    little more.
    """
    for score in (225, 245, 265):
        who = MODEL.resolve(WHO.replace(specialty=specialty, step2_ck=score))
        people = MODEL.people([who])
        chain = people.arrays.chain
        made = programs(WITHOUT_SIGNALS, who, rated([chain.rate] * 20, specialty), asked(20))
        engine = people.invitations(np.array([20]), "random")[0].mean()
        assert made.expected.point == pytest.approx(engine, rel=0.2)
        assert made.other("all").chance.point == pytest.approx(made.chance.point, rel=0.2)


@pytest.mark.parametrize("kind", CHAINED)
def test_all_of_a_specialty_at_its_own_rates_have_the_invitations_of_all_at_random(kind):
    """Programs of every rate that the model has, as many as have it: `predict`'s sum, in every draw."""
    for specialty in CHAINED[kind]:
        who = MODEL.resolve(Applicant(specialty, kind, 245))
        people = MODEL.people([who])
        chain = people.arrays.chain
        some = chain.rates > 0
        with exact_rates():
            rows = rated(chain.rates[some], specialty).programs
            group = Candidates(WITHOUT_SIGNALS, who, rows, None, "either")
        sum_of_all = chain.programs[some] @ group.plain * chain.listed / chain.programs.sum()
        engine = people.invitations(np.array([chain.listed]), "random")[0]
        capped = engine / chain.listed > 0.79 * chain.programs[some].sum() / chain.programs.sum()
        assert np.allclose(sum_of_all[~capped], engine[~capped], rtol=1e-8) and capped.mean() < 0.05


def test_where_all_programs_are_alike_each_is_one_at_random():
    """The rate is at its mean then, and the sum is `predict`'s to the last digit."""
    alike = MODEL.people([MODEL.resolve(WHO)])
    chain = copy(alike.arrays.chain)
    chain.rates, chain.programs = np.array([chain.rate]), np.array([chain.listed])
    chance = tilted(np.array(chain.rate), tilt(chain, alike.factor[0]))
    engine = chain.invitations(np.array([1.0]), alike.factor, "random")[0]
    assert np.allclose(chance, engine, rtol=1e-9)
    r, f = chain.rate, alike.factor[0]
    k = (r * f / (1 - r * f)) / (r / (1 - r))  # the formula of the docstring
    assert np.allclose(chance / (1 - chance), k * r / (1 - r), rtol=1e-9)


def test_no_list_has_more_invitations_than_applications():
    """Of the friendliest specialties, for the strongest profile; known, unknown and signalled."""
    for kind, specialty in (("us-img", "Emergency Medicine"), ("non-us-img", "Child Neurology")):
        who = Applicant(specialty, kind, 300, 1, 1, years_since_graduation=0, usce_months=12)
        chain = MODEL.arrays(kind, specialty).chain
        rows = [
            *rated([chain.rates.max()] * 5, specialty).programs,
            *(one(k + 50, specialty) for k in range(5)),
        ]
        made = programs(WITH_SIGNALS, who, table(*rows), asked(10), signals=10)
        assert made.expected.high <= 10 and made.chance.high < 1
        assert all(p.chance.point < 1 for p in made.picks)
        assert not any("100.0%" in line or " 0.0%" in line for line in lines(made, True))


def test_three_thousand_programs_take_seconds():
    """Of all specialties with a chain; processor time, since the machine may be busy."""
    names = CHAINED["us-img"]
    rng = np.random.default_rng(2)
    rows = [
        one(
            k, names[k % len(names)], invitation_rate_us_img=float(rng.uniform(0.005, 0.2)) if k % 2 else None
        )
        for k in range(3000)
    ]
    start = process_time()
    made = programs(MODEL, Applicant(names[0], "us-img", 245), table(*rows), asked(300))
    assert process_time() - start < 5 and made.applications == 300


def test_what_stands_around_the_list_is_short():
    """At most fifteen lines of text around the first twenty-five programs."""
    made = programs(MODEL, WHO, TABLE, asked(12), specialties=["IM"])
    around = [line for line in lines(made) if line and not line.lstrip()[:2].strip().isdecimal()]
    assert len(around) <= 15
    many = programs(MODEL, WHO, rated([0.02 + k / 1000 for k in range(60)]), asked(60))
    assert len([line for line in lines(many) if line]) <= 25 + 15


def test_no_chance_is_certain_whatever_the_profile():
    """Five of the friendliest programs for the strongest profile: on the odds, none reaches 100%."""
    who = Applicant("Emergency Medicine", "us-img", 300, 1, 1, years_since_graduation=0, usce_months=12)
    made = programs(WITHOUT_SIGNALS, who, rated([0.69] * 5, who.specialty), asked(5))
    assert all(0.69 < p.chance.point <= p.chance.high < 0.9995 for p in made.picks) and made.expected.high < 5


def test_the_list_is_the_best_by_brute_force_over_subsets_and_signals():
    """By the engine itself: every subset of four and every two signals among it, of seven programs."""
    listed = rated((0.01, 0.08, 0.03, 0.12, 0.005, 0.04, 0.02))
    made = programs(WITH_SIGNALS, WHO, listed, asked(4), signals=2)
    who = MODEL.resolve(WHO)
    people, group = MODEL.people([who]), Candidates(WITH_SIGNALS, who, listed.programs, Signals(2), "either")
    best = 0.0
    for chosen in combinations(range(7), 4):
        for sent in combinations(chosen, 2):
            mean = sum((group.signalled if i in sent else group.plain)[i] for i in chosen)
            best = max(best, at(people, mean))
    assert made.chance.point == pytest.approx(best, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_the_list_is_the_best_of_all_subsets(data):
    """Of random tables without signals, counts or errors of the rates, by the engine."""
    who = chained(data)
    rates = data.draw(st.lists(st.floats(0.001, 0.3), min_size=1, max_size=7))
    n = data.draw(st.integers(1, len(rates)))
    with exact_rates():
        made = programs(WITHOUT_SIGNALS, who, rated(rates, who.specialty), asked(n))
    people = MODEL.people([MODEL.resolve(who)])
    t = tilt(people.arrays.chain, people.factor[0])
    given_rates = {p.row: p.rate for p in (*made.picks, *made.others)}
    chances = [tilted(given_rates[k + 2], t) for k in range(len(rates))]
    best = max(
        at(people, np.sum([chances[i] for i in chosen], axis=0))
        for chosen in combinations(range(len(rates)), n)
    )
    assert made.chance.point == pytest.approx(best, abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_over_two_specialties(data):
    who = data.draw(applicants(specialty="Internal Medicine"))
    rows = data.draw(rows_of("Internal Medicine", 5)) + [
        one(k + 100, "Family Medicine", invitation_rate_non_us_img=r, invitation_rate_us_img=r)
        for k, r in enumerate(data.draw(st.lists(st.floats(0.001, 0.3), min_size=1, max_size=5)))
    ]
    if data.draw(st.booleans()):
        n = data.draw(st.integers(1, 10))
        how, more = {"question": asked(n)}, {"question": asked(n + 1)}
    else:
        dollars = data.draw(st.floats(11, 200))
        how, more = {"budget": dollars}, {"budget": dollars + 15}
    made = programs(MODEL, who, table(*rows), **how)
    if made.chance is None:
        return
    assert made.every_split and (made.budget is None or made.fees_usd <= made.budget)
    assert programs(MODEL, who, table(*rows), **more).chance.point >= made.chance.point - 1e-3
    for name in ("Internal Medicine", "Family Medicine"):
        alone = programs(MODEL, who, table(*rows), specialties=[name], **how)
        assert (
            alone.chance is None or made.chance.point >= alone.chance.point - 2e-5
        )  # quadrature, one specialty being exact
    used = [p for p in made.parts if p.applications]
    assert max(p.chance.point for p in used) <= made.chance.point + 2e-5
    assert made.chance.point <= 1 - np.prod([1 - p.chance.point for p in used]) + 1e-3


def test_two_specialties_with_one_empty_are_the_other_alone():
    rows = [p for p in TABLE.programs if p.specialty == "Internal Medicine"] + [
        one(200, "Pediatrics", accepts_imgs=False)
    ]
    both = programs(MODEL, WHO, table(*rows), asked(10))
    alone = programs(MODEL, WHO, table(*rows), asked(10), specialties=["IM"])
    assert both.chance == alone.chance and both.picks == alone.picks
    assert [p.applications for p in both.parts] == [10, 0]


def test_signals_are_counted_where_they_are_said_and_else_stand_apart():
    total = MODEL.record.advice["signals"]["Internal Medicine"]["total"]

    def spending(signals, model=WITH_SIGNALS):
        return programs(model, WHO, TABLE, asked(12), specialties=["IM"], signals=signals)

    usual, none, two, all_of_them = spending(None), spending(0), spending("2"), spending(total)
    assert usual.parts[0].signals == total and not usual.signals_counted and two.signals_counted
    assert [sum(p.signal for p in made.picks) for made in (none, two)] == [0, 2]
    assert none.chance.point < two.chance.point < all_of_them.chance.point
    assert none.chance == none.without_signals == two.without_signals and none.with_signals is None
    assert none.chance.point < usual.chance.point < usual.with_signals.point
    assert two.with_signals == pytest.approx(two.chance, rel=1e-12)
    takes_none = {r.row for r in TABLE.programs if r.signals is False}
    assert not any(p.signal for p in usual.picks if p.row in takes_none)
    wide, narrow = (p.chance.high - p.chance.low for p in (all_of_them.picks[0], none.picks[0]))
    assert wide > narrow  # what a signal may add is in the range
    older = spending(None, WITHOUT_SIGNALS)
    assert older.chance == usual.chance and [p.chance for p in older.picks] == [p.chance for p in usual.picks]
    assert sum(p.signal for p in older.picks) == 0
    codes = [{n.code for n in made.notes} for made in (usual, two, older)]
    assert "signals_without_effect" in codes[2]
    assert ["signals_apart" in c for c in codes] == [True, False, False]


def test_a_rate_with_few_applicants_behind_it_has_the_wider_range():
    rows = [
        one(k, invitation_rate_non_us_img=0.05, applicants_non_us_img=n) for k, n in enumerate((30, 30_000))
    ]
    made = {p.row: p.chance for p in programs(WITHOUT_SIGNALS, WHO, table(*rows), asked(2)).picks}
    assert made[2].high - made[2].low > 1.5 * (made[3].high - made[3].low)


def test_without_a_chain_programs_stand_in_the_order_of_their_rates():
    rows = [one(k, CHAINLESS, invitation_rate_non_us_img=r) for k, r in enumerate((0.02, None, 0.3, 0.1))]
    made = programs(MODEL, WHO, table(*rows), asked(3))
    assert [p.row for p in made.picks] == [4, 5, 2] and made.chance is None
    assert made.picks[0].rate == 0.3 and made.picks[0].mark is None
    assert programs(MODEL, WHO, table(*rows), asked(4)).picks[-1].chance is None
    assert "rates_alone" in {note.code for note in made.notes}
    mixed = programs(MODEL, WHO, table(*rows, one(9, accepts_imgs=True)), asked(3))
    assert [p.specialty for p in mixed.parts] == ["Internal Medicine"]
    assert [(a.specialty, a.programs, a.why) for a in mixed.aside] == [(CHAINLESS, 4, "no_chain")]


def test_what_is_withheld_has_no_chance_here_either():
    kind, name = next(
        (k, s) for k in MODEL.applicant_types for s in MODEL.specialties(k) if MODEL.withheld(k, s)
    )
    who = Applicant(name, kind, 250)
    rows = [one(k, name, invitation_rate_us_img=0.1, invitation_rate_non_us_img=0.1) for k in range(3)]
    made = programs(MODEL, who, table(*rows), asked(2))
    assert made.chance is None and len(made.picks) == 2 and made.answer.withheld
    assert "withheld" in {note.code for note in made.notes}
    both = programs(MODEL, who, table(*rows, one(9, "Internal Medicine")), asked(2))
    assert both.aside[0].why == "withheld" and both.chance is not None
