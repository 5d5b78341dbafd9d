"""The split of a budget: the optimum against every split, never below the best single specialty, and what is refused."""

import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant
from matchmodel.advice.luck import exactly, together
from matchmodel.advice.profile import Profile
from matchmodel.advice.split import portfolio
from matchmodel.advice.split_command import lines
from matchmodel.cli import main
from matchmodel.errors import MatchModelError
from matchmodel.fees import application_fees
from matchmodel.wording import ASSOCIATION

from ..asking import MODEL

NAMES = ["Internal Medicine", "Pediatrics", "Family Medicine", "Psychiatry", "Neurology", "General Surgery", "Pathology", "Anesthesiology"]


def people(seed, count, kind=None):
    r = random.Random(seed)
    kind = kind or r.choice(["non-us-img", "us-img"])
    known = {"step2_ck": r.randint(218, 275), "yog": r.randint(2008, 2026)}
    if kind == "non-us-img":
        known["visa_needed"] = r.random() < 0.5
    return [Applicant(s, kind, **known) for s in r.sample(NAMES, count)]


def worth(profiles, split, wishes):
    use = [k for k, n in enumerate(split) if n]
    if not use:
        return 0.0
    found = together(profiles[0].state.alpha, [(exactly(profiles[k].state), split[k] * profiles[k].state.each) for k in use])
    return sum(wishes[k] * p for k, p in zip(use, found.each))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("wishes", [(1, 1), (1, 0.6)])
def test_two_specialties_against_every_split(seed, wishes):
    who = people(seed, 2)
    profiles, n = [Profile(MODEL, a) for a in who], 8 + 3 * seed
    best = max(worth(profiles, (k, n - k), wishes) for k in range(n + 1))
    found = portfolio(MODEL, who, applications=n, wishes=wishes)
    assert found.value == pytest.approx(best, abs=5e-5) and sum(found.split) == n and found.every
    assert found.value == pytest.approx(worth(profiles, found.split, wishes), abs=5e-5)  # alone it is the chain, whose tail is three counts


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("wishes", [(1, 1, 1), (1, 0.7, 0.4)])
def test_three_specialties_against_every_split(seed, wishes):
    who, n = people(100 + seed, 3), 10 + 2 * seed
    profiles = [Profile(MODEL, a) for a in who]
    best = max(worth(profiles, (i, j, n - i - j), wishes) for i in range(n + 1) for j in range(n + 1 - i))
    assert portfolio(MODEL, who, applications=n, wishes=wishes).value == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("count", [2, 3])
def test_dollars_against_every_split_they_pay_for(seed, count):
    """About the step of the fees at thirty applications, where the cheapest thirty of each specialty pull the split apart."""
    who = people(200 + seed, count, "non-us-img")
    budget, profiles = (300 + 37 * seed if count == 3 else 700 + 90 * seed), [Profile(MODEL, a) for a in who]
    schedules = [p.schedule for p in profiles]
    fees = [[0.0, *(application_fees(s, n) for n in range(1, 60))] for s in schedules]
    splits = (split for split in itertools.product(*(range(sum(f <= budget for f in each)) for each in fees)) if sum(f[n] for f, n in zip(fees, split)) <= budget)
    full = [split for split in splits if all(n + 1 >= len(f) or sum(g[m] for g, m in zip(fees, split)) - f[n] + f[n + 1] > budget for f, n in zip(fees, split))]
    best = max(worth(profiles, split, (1,) * count) for split in full)
    found = portfolio(MODEL, who, budget=budget)
    assert found.value == pytest.approx(best, abs=1e-4) and found.fees_usd <= budget


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 3), st.integers(1, 400))
def test_never_below_its_best_single_specialty_and_coherent(seed, count, n):
    who = people(seed, count)
    found = portfolio(MODEL, who, applications=n)
    assert found.chance.low <= found.chance.point <= found.chance.high and found.value == pytest.approx(found.chance.point)
    for a in who:
        profile = Profile(MODEL, a)
        alone = profile.chance(min(n, profile.listed)).point
        assert found.chance.point >= alone - 1e-12
    assert all(other.gain.point >= -1e-12 for other in found.others)
    assert found.independent >= found.chance.point - 5e-5
    assert sum(p.matched_here for p in found.parts) == pytest.approx(found.chance.point)
    text = list(lines(found))
    assert max(len(line) for part in text for line in part.split("\n")) <= 80 and ASSOCIATION in found.notes
    assert json.loads(json.dumps(found.as_dict(), allow_nan=False))["p_any"] == found.chance.point


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 200), st.integers(1, 100))
def test_a_larger_budget_never_lowers_it_and_preference_does_not_matter(seed, n, more):
    who = people(seed, 2)
    found = portfolio(MODEL, who, applications=n)
    assert portfolio(MODEL, who, applications=n + more).value >= found.value - 1e-6
    turned = portfolio(MODEL, who[::-1], applications=n)
    assert turned.chance.point == pytest.approx(found.chance.point, abs=1e-5)


def test_one_that_nothing_betters_takes_all_and_it_says_so():
    who = [Applicant(s, "non-us-img", step2_ck=245, visa_needed=True) for s in ("General Surgery", "Pediatrics")]
    found = portfolio(MODEL, who, applications=30)
    assert found.corner == "Pediatrics" and "All 30 to Pediatrics: a backup does not help under this budget" in " ".join("\n".join(lines(found)).split())
    assert portfolio(MODEL, who, applications=30, wishes=(1, 0)).corner == "General Surgery"


def test_the_point_and_range_of_all_in_one_are_those_of_the_chain():
    who = [Applicant(s, "non-us-img", step2_ck=245, yog=2022) for s in ("Internal Medicine", "Neurology")]
    found = portfolio(MODEL, who, applications=100)
    other = next(o for o in found.others if o.name == "all in Internal Medicine")
    answer = MODEL.odds(who[0]._replace(applications=100)).chain
    assert other.chance.point == pytest.approx(answer.p_apply, abs=3e-5)
    assert (other.chance.low, other.chance.high) == pytest.approx((answer.p_apply_low, answer.p_apply_high), abs=0.01)


REFUSED = {
    "one": (lambda w: portfolio(MODEL, w[:1], applications=20), "give a first one and one or two backups"),
    "twice": (lambda w: portfolio(MODEL, [w[0], w[0]], applications=20), "is there twice"),
    "both budgets": (lambda w: portfolio(MODEL, w, applications=20, budget=500), "not both"),
    "no application": (lambda w: portfolio(MODEL, w, applications=0), "whole number of 1 or more"),
    "no dollars": (lambda w: portfolio(MODEL, w, budget="much"), "it is in dollars"),
    "too few dollars": (lambda w: portfolio(MODEL, w, budget=5), "pays for no application; the first costs $11"),
    "no fees": (lambda w: portfolio(MODEL, [w[0], w[0]._replace(specialty="OB-GYN")], budget=3000), "no fees of Obstetrics and Gynecology"),
    "no chain": (lambda w: portfolio(MODEL, [w[0], w[0]._replace(specialty="Plastic Surgery (Integrated)")], applications=20), "no invitation table describes"),
    "wishes": (lambda w: portfolio(MODEL, w, applications=20, wishes=(1,)), "give 2, one a specialty"),
    "wish over one": (lambda w: portfolio(MODEL, w, applications=20, wishes=(1, 3)), "between 0 and 1"),
    "order": (lambda w: portfolio(MODEL, w, applications=20, order="best"), "say random or friendliest"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_a_line_that_teaches(name):
    ask, said = REFUSED[name]
    with pytest.raises(MatchModelError) as caught:
        ask([Applicant(s, "non-us-img", step2_ck=245) for s in ("Internal Medicine", "Pediatrics")])
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_the_command_says_the_same_as_json(capsys):
    words = ["portfolio", "--specialty", "IM", "--backup", "Peds", "--backup", "FM", "--applicant-type", "non-us-img", "--step2", "245"]
    assert main([*words, "--budget", "4000", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    who = [Applicant(s, "non-us-img", step2_ck=245) for s in ("Internal Medicine", "Pediatrics", "Family Medicine")]
    assert found == json.loads(json.dumps(portfolio(MODEL, who, budget=4000).as_dict()))
    assert main([*words, "--target", "0.5"]) == 2 and "--target has no meaning" in capsys.readouterr().err
    assert main([*words[:-2], "--wish", "1,x,2"]) == 2
