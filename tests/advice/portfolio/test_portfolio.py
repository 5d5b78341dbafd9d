"""The split of a budget: against every split, never below the best single specialty, and what is refused."""

import itertools
import json
import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, Question
from matchmodel.advice.luck import Shared, as_asked
from matchmodel.advice.portfolio import portfolio
from matchmodel.advice.portfolio.compute import _rule
from matchmodel.errors import MatchModelError, RefusedInput
from matchmodel.model.engine import one_range
from matchmodel.model.fees import application_fees, schedule_of
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import ASSOCIATION, dollars, percent

from ...asking import MODEL, run

NAMES = [
    "Internal Medicine",
    "Pediatrics",
    "Family Medicine",
    "Psychiatry",
    "Neurology",
    "General Surgery",
    "Pathology",
    "Anesthesiology",
]
NAMES = [name for name in NAMES if all(MODEL.has_chain(kind, name) for kind in ("non-us-img", "us-img"))]


def person(seed, count, kind=None):
    """An applicant in the first of some specialties, and the others."""
    r = random.Random(seed)
    kind = kind or r.choice(["non-us-img", "us-img"])
    known = {"step2_ck": r.randint(218, 275), "yog": r.randint(2008, 2026)}
    if kind == "non-us-img":
        known["visa_needed"] = r.random() < 0.5
    first, *others = r.sample(NAMES, count)
    return Applicant(first, kind, **known), others


def ask(seed_or_person, n, count=2, **more):
    who, others = person(seed_or_person, count) if isinstance(seed_or_person, int) else seed_or_person
    return portfolio(MODEL, who, others, Question(applications=n), **more)


def text_of(found, details=False):
    return "\n".join(terminal(found.page(details)))


def worth(who, others, order="choose"):
    """Split -> mean over draws of P(match at all)."""
    people = [MODEL.people([MODEL.resolve(who.replace(specialty=name))]) for name in (who.specialty, *others)]
    shared = Shared(people, [as_asked(one, order) for one in people])
    return lambda split: shared.any(split).mean()


@pytest.mark.parametrize("seed", range(6))
def test_two_specialties_against_every_split(seed):
    who, others = person(seed, 2)
    value, n = worth(who, others), 25 + 35 * seed
    found = ask((who, others), n)
    listed = [part.listed for part in found.parts]
    best = max(value((k, min(n - k, listed[1]))) for k in range(min(n, listed[0]) + 1))
    assert found.value == pytest.approx(best, abs=1e-6) and sum(found.split) == min(n, sum(listed))
    assert found.value == pytest.approx(value(found.split), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_three_specialties_against_every_split(seed):
    who, others = person(100 + seed, 3)
    value, n = worth(who, others), 10 + 5 * seed
    best = max(value((i, j, n - i - j)) for i in range(n + 1) for j in range(n + 1 - i))
    assert ask((who, others), n).value == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_the_frontier_gives_each_share_its_best_split(seed):
    """Of three specialties: the first gets the share, and the others every split of what is left."""
    who, others = person(300 + seed, 3)
    value, n = worth(who, others), 24
    found = ask((who, others), n, wish=1 / 3)
    shares = {way.share: way for way in found.ways if way.share is not None}
    for share, first in ((0.75, 18), (0.5, 12), (1 / 3, 8), (0.25, 6), (0.0, 0)):
        best = max(value((first, k, n - first - k)) for k in range(n - first + 1))
        assert shares[share].split[0] == first and sum(shares[share].split) == n
        assert shares[share].chance.point == pytest.approx(best, abs=1e-4)
    assert shares[1.0].split == (n, 0, 0)


@pytest.mark.parametrize("kind", ["non-us-img", "us-img"])
@pytest.mark.parametrize("n", [1, 40, 137])
def test_its_ends_are_predict_to_the_last_digit(kind, n):
    who, others = person(n, 2, kind)
    ways = ask((who, others), n).ways
    first, last = (MODEL.odds(who.replace(specialty=s), Question(n)) for s in (who.specialty, *others))
    assert ways[0].split == (n, 0) and ways[-1].split == (0, n)
    assert ways[0].first == ways[0].chance == first.p_apply
    assert ways[-1].chance == last.p_apply and ways[-1].first.point == 0
    assert ways[0].fees_usd == first.fees.applications_usd and ways[-1].fees_usd == last.fees.applications_usd


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 3), st.integers(1, 200), st.none() | st.floats(0, 1))
def test_the_frontier_is_coherent(seed, count, n, wish):
    found = ask(seed, n, count, wish=wish)
    ways, listed = found.ways, found.parts[0].listed
    assert len({way.split for way in ways}) == len(ways)
    assert [way.split[0] for way in ways] == sorted((way.split[0] for way in ways), reverse=True)
    assert [way.first.point for way in ways] == sorted((way.first.point for way in ways), reverse=True)
    best = [way for way in ways if way.best]
    assert [way.split for way in best] == [found.split] and best[0].chance == found.chance
    assert all(way.first.point <= way.chance.point + 1e-12 for way in ways)
    assert all(way.chance.point <= found.value + 1e-12 for way in ways)
    wished = [way for way in ways if way.wished]
    assert len(wished) == (wish is not None)
    if wished and wish < 1:
        assert wished[0].split[0] == min(int(n * wish + 1e-9), listed)


@pytest.mark.parametrize("seed", range(4))
def test_dollars_against_every_split_they_pay_for(seed):
    """About the step of the fees at thirty applications, where each one's cheapest thirty pull it apart."""
    who, others = person(200 + seed, 2, "non-us-img")
    budget, value = 700 + 90 * seed, worth(who, others)
    schedules = [schedule_of(MODEL.record.fees, name) for name in (who.specialty, *others)]
    fees = [[0.0, *(application_fees(s, n) for n in range(1, 60))] for s in schedules]
    splits = [s for s in itertools.product(range(60), range(60)) if fees[0][s[0]] + fees[1][s[1]] <= budget]
    most = {n: max(m for k, m in splits if k == n) for n in {k for k, _ in splits}}
    best = max(value(split) for split in most.items())
    found = portfolio(MODEL, who, others, budget=budget)
    assert found.value == pytest.approx(best, abs=1e-6) and found.fees_usd <= budget
    for way in found.ways:
        spent = [fees[k][n] for k, n in enumerate(way.split)]
        assert sum(spent) == way.fees_usd <= budget
        if way.share is not None:
            assert spent[0] <= way.share * budget + 1e-6


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(2, 3),
    st.integers(1, 300),
    st.sampled_from(["choose", "random", "friendliest"]),
)
def test_never_below_its_best_single_specialty_and_coherent(seed, count, n, order):
    who, others = person(seed, count)
    found = ask((who, others), n, order=order)
    assert found.answer == MODEL.odds(who, Question(applications=n))
    assert found.chance.low <= found.chance.point <= found.chance.high
    assert found.value == pytest.approx(found.chance.point, abs=1e-12)
    for part in found.parts:
        if order == "choose":
            alone = MODEL.odds(who.replace(specialty=part.specialty), Question(applications=n)).p_apply
            assert found.chance.point >= alone.point - 1e-12
            if found.corner == part.specialty:
                assert found.chance == pytest.approx(alone, abs=1e-12)
    assert all(other.gain.point >= -1e-12 and 0 <= other.sure <= 1 for other in found.others)
    assert found.independent >= found.chance.point - 1e-5
    assert sum(p.matched_here for p in found.parts) == pytest.approx(found.chance.point)
    for details in (False, True):
        said = text_of(found, details)
        assert max(map(len, said.split("\n"))) <= 80 and ASSOCIATION in " ".join(said.split())
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["p_any"] == found.chance.point


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 200), st.integers(1, 100))
def test_a_larger_budget_never_lowers_it_and_preference_does_not_matter(seed, n, more):
    who, others = person(seed, 2)
    found = ask((who, others), n)
    assert ask((who, others), n + more).value >= found.value - 1e-6
    turned = ask((who.replace(specialty=others[0]), [who.specialty]), n)
    assert turned.chance.point == pytest.approx(found.chance.point, abs=1e-5)


def test_bounds_stand_around_what_imgs_choose():
    low, chosen, high = (ask(3, 60, order=order).value for order in ("random", "choose", "friendliest"))
    assert low <= chosen <= high


@pytest.mark.parametrize("backups", [["Family Medicine", "General Surgery"], ["Pediatrics"]])
def test_the_default_budget_is_the_usual_numbers_together(backups):
    who = Applicant("Internal Medicine", "non-us-img", step2_ck=245)
    found = portfolio(MODEL, who, backups)
    usual = [MODEL.odds(who.replace(specialty=name)).applications for name in (who.specialty, *backups)]
    assert (
        found.applications == sum(usual) == sum(part.usual for part in found.parts) and not found.budget_given
    )
    said = " ".join(text_of(found).split())
    assert "the usual numbers together" in said
    assert ("(not counted but assumed: Pediatrics)" in said) == (backups == ["Pediatrics"])


def test_no_guess_where_no_usual_number_is_known():
    answers = [MODEL.odds(IM), replace(MODEL.odds(IM.replace(specialty="Pediatrics")), usual=None)]
    with pytest.raises(RefusedInput, match="to Pediatrics is not known; say how many .* --applications"):
        _rule(answers, [(), ()], None, None)


def test_ranges_are_of_the_draws():
    who = Applicant("Internal Medicine", "non-us-img", step2_ck=245, yog=2022)
    found = portfolio(MODEL, who, ["Neurology"], Question(applications=100))
    people = [
        MODEL.people([MODEL.resolve(who.replace(specialty=name))])
        for name in ("Internal Medicine", "Neurology")
    ]
    shared = Shared(people, [as_asked(one) for one in people])
    draws = shared.any(found.split)[0]
    assert found.chance == pytest.approx(one_range(draws), abs=1e-12)
    for other in found.others:
        theirs = shared.any(other.split)[0]
        assert other.gain == pytest.approx(one_range(draws - theirs), abs=1e-12)
        assert other.sure == pytest.approx((draws > theirs).mean(), abs=1e-12)


@pytest.mark.parametrize("backups", [["Family Medicine"], ["Family Medicine", "Pediatrics"]])
def test_the_page_is_the_frontier_in_under_thirty_lines(backups):
    who = Applicant("Internal Medicine", "non-us-img", step2_ck=245, yog=2022, visa_needed=True)
    found = portfolio(MODEL, who, backups, Question(applications=230, interviews=2), wish="80%")
    said = text_of(found).split("\n")
    assert len(said) < 30
    names = ("all ", "80% ", "three quarters ", "half ", "a quarter ", "none ")
    for way in found.ways:
        row = (
            next(line for line in said if line.startswith(tuple(names)) and way.split == split_of(line))
            if way.share is not None
            else next(line for line in said if line.startswith("best "))
        )
        assert percent(way.chance.point) in row and dollars(way.fees_usd) in row
        assert ("best" in row) == way.best and ("wish" in row) == way.wished


def test_a_wish_is_told_and_changes_no_best_split():
    with_it, without = ask(7, 60, wish=0.9), ask(7, 60)
    assert with_it.split == without.split and with_it.chance == without.chance and with_it.wish == 0.9
    assert [part["wish"] for part in with_it.to_dict()["specialties"]] == [0.9, pytest.approx(0.1)]
    assert ask(7, 60, wish="90 %").wish == 0.9


def split_of(line):
    """Return the split that a row of the frontier shows."""
    return tuple(map(int, re.findall(r"(?<=\s)\d+(?= \+)|(?<=\+ )\d+", line)))


IM = Applicant("Internal Medicine", "non-us-img", step2_ck=245)
N20 = Question(applications=20)
REFUSED = {  # how -> what the line says
    "one": (lambda: portfolio(MODEL, IM, [], N20), "give a first one and one or two backups"),
    "four": (
        lambda: portfolio(MODEL, IM, ["FM", "Peds", "Neurology"], N20),
        "4 specialties; give a first one",
    ),
    "twice": (lambda: portfolio(MODEL, IM, ["IM"], N20), "Internal Medicine is there twice"),
    "both budgets": (lambda: portfolio(MODEL, IM, ["FM"], N20, 500), "not both"),
    "no dollars": (lambda: portfolio(MODEL, IM, ["FM"], budget="much"), "it is in dollars"),
    "nothing": (lambda: portfolio(MODEL, IM, ["FM"], budget=0), "budget is 0; it is in dollars"),
    "endless dollars": (lambda: portfolio(MODEL, IM, ["FM"], budget=1e308), "at most 1,000,000"),
    "too few dollars": (
        lambda: portfolio(MODEL, IM, ["FM"], budget=5),
        "pays for no application; the first costs $11",
    ),
    "no fees": (
        lambda: portfolio(MODEL, IM, ["OB-GYN"], budget=3000),
        "no fees of Obstetrics and Gynecology",
    ),
    "no chain": (
        lambda: portfolio(MODEL, IM, ["Dermatology"], N20),
        "not enough figures on applications to Dermatology",
    ),
    "withheld": (
        lambda: portfolio(MODEL, Applicant("IM", "us-img"), ["Plastic Surgery"], N20),
        "no number is given for Plastic Surgery (Integrated) as a backup: ",
    ),
    "wish": (lambda: portfolio(MODEL, IM, ["FM"], N20, wish="1,0.7"), "such as 0.75 or 75%"),
    "wish over one": (lambda: portfolio(MODEL, IM, ["FM"], N20, wish=3), "wish is 3; it is the share"),
    "wish over all": (lambda: portfolio(MODEL, IM, ["FM"], N20, wish="130%"), "share of the budget"),
    "order": (lambda: portfolio(MODEL, IM, ["FM"], N20, order="best"), "say choose, random or friendliest"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_a_line_that_teaches(name):
    asked, said = REFUSED[name]
    with pytest.raises(MatchModelError) as caught:
        asked()
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_first_specialty_that_is_withheld_is_given_no_number():
    found = portfolio(MODEL, Applicant("Plastic Surgery", "us-img"), ["IM"], N20)
    assert found.chance is None and not found.parts and found.to_dict()["p_any"] is None
    said = text_of(found)
    assert "No number is given for Plastic Surgery (Integrated)" in said and "%" not in said


def test_the_command_says_the_same_as_json(capsys):
    who = ["--specialty", "IM", "--applicant-type", "non-us-img", "--step2", "245"]
    words = ["portfolio", *who, "--backup", "Peds", "--backup", "FM"]
    status, out, _ = run(capsys, *words, "--budget", "4000", "--json")
    found = portfolio(MODEL, IM, ["Peds", "FM"], budget=4000)
    assert status == 0 and json.loads(out) == json.loads(json.dumps(found.to_dict()))
    assert json.loads(out)["answer"] == json.loads(run(capsys, "predict", *who, "--json")[1])
    assert run(capsys, *words, "--budget", "4000")[1] == text_of(found) + "\n"
    assert "--target has no meaning" in run(capsys, *words, "--target", "0.5")[2]
    assert run(capsys, *words, "--wish", "1,0.7")[0] == 2 and run(capsys, *words, "--order", "best")[0] == 2
