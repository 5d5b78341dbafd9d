"""The split of a budget: against every split, never below the best single specialty, and what is refused."""

import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, Question
from matchmodel.advice.luck import Shared, as_asked
from matchmodel.advice.portfolio import portfolio
from matchmodel.advice.portfolio.text import lines
from matchmodel.errors import MatchModelError
from matchmodel.model.engine import one_range
from matchmodel.model.fees import application_fees, schedule_of
from matchmodel.report.wording import ASSOCIATION

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


def worth(who, others, order="choose"):
    """Split -> mean over draws of P(match there and to none before), each."""
    people = [MODEL.people([MODEL.resolve(who.replace(specialty=name))]) for name in (who.specialty, *others)]
    shared = Shared(people, [as_asked(one, order) for one in people])
    return lambda split, wishes: sum(w * c.mean() for w, c in zip(wishes, shared.each(split), strict=True))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("wishes", [(1, 1), (1, 0.6)])
def test_two_specialties_against_every_split(seed, wishes):
    who, others = person(seed, 2)
    value, n = worth(who, others), 25 + 35 * seed
    found = ask((who, others), n, wishes=wishes)
    listed = [part.listed for part in found.parts]
    best = max(value((k, min(n - k, listed[1])), wishes) for k in range(min(n, listed[0]) + 1))
    assert found.value == pytest.approx(best, abs=1e-6) and sum(found.split) == min(n, sum(listed))
    assert found.value == pytest.approx(value(found.split, wishes), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("wishes", [(1, 1, 1), (1, 0.7, 0.4)])
def test_three_specialties_against_every_split(seed, wishes):
    who, others = person(100 + seed, 3)
    value, n = worth(who, others), 10 + 5 * seed
    best = max(value((i, j, n - i - j), wishes) for i in range(n + 1) for j in range(n + 1 - i))
    assert ask((who, others), n, wishes=wishes).value == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_dollars_against_every_split_they_pay_for(seed):
    """About the step of the fees at thirty applications, where each one's cheapest thirty pull it apart."""
    who, others = person(200 + seed, 2, "non-us-img")
    budget, value = 700 + 90 * seed, worth(who, others)
    schedules = [schedule_of(MODEL.record.fees, name) for name in (who.specialty, *others)]
    fees = [[0.0, *(application_fees(s, n) for n in range(1, 60))] for s in schedules]
    splits = [s for s in itertools.product(range(60), range(60)) if fees[0][s[0]] + fees[1][s[1]] <= budget]
    most = {n: max(m for k, m in splits if k == n) for n in {k for k, _ in splits}}
    best = max(value(split, (1, 1)) for split in most.items())
    found = portfolio(MODEL, who, others, budget=budget)
    assert found.value == pytest.approx(best, abs=1e-6) and found.fees_usd <= budget


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
        said = "\n".join(lines(found, details))
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


def test_the_default_budget_is_the_usual_numbers_together():
    who, others = person(5, 3, "non-us-img")
    found = portfolio(MODEL, who, others)
    usual = [MODEL.odds(who.replace(specialty=name)).applications for name in (who.specialty, *others)]
    assert (
        found.applications == sum(usual) == sum(part.usual for part in found.parts) and not found.budget_given
    )
    assert "the usual numbers together" in " ".join("\n".join(lines(found)).split())


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


def test_a_wish_of_nothing_leaves_it_out():
    who = Applicant("General Surgery", "non-us-img", step2_ck=245, visa_needed=True)
    found = portfolio(MODEL, who, ["Pediatrics"], Question(applications=30), wishes=(1, 0))
    assert found.corner == "General Surgery" and found.weighted and found.unsure is None
    said = " ".join("\n".join(lines(found)).split())
    assert "All 30 to General Surgery: a backup does not help under this budget and these wishes" in said


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
    "wishes": (lambda: portfolio(MODEL, IM, ["FM"], N20, wishes=(1,)), "give 2, one for each specialty"),
    "wish over one": (lambda: portfolio(MODEL, IM, ["FM"], N20, wishes=(1, 3)), "between 0 and 1"),
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
    said = "\n".join(lines(found))
    assert "No number is given for Plastic Surgery (Integrated)" in said and "%" not in said


def test_the_command_says_the_same_as_json(capsys):
    who = ["--specialty", "IM", "--applicant-type", "non-us-img", "--step2", "245"]
    words = ["portfolio", *who, "--backup", "Peds", "--backup", "FM"]
    status, out, _ = run(capsys, *words, "--budget", "4000", "--json")
    found = portfolio(MODEL, IM, ["Peds", "FM"], budget=4000)
    assert status == 0 and json.loads(out) == json.loads(json.dumps(found.to_dict()))
    assert json.loads(out)["answer"] == json.loads(run(capsys, "predict", *who, "--json")[1])
    assert run(capsys, *words, "--budget", "4000")[1] == "\n".join(lines(found)) + "\n"
    assert "--target has no meaning" in run(capsys, *words, "--target", "0.5")[2]
    assert run(capsys, *words, "--wish", "1,x,2")[0] == 2 and run(capsys, *words, "--order", "best")[0] == 2
