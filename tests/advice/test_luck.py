"""Shared luck: one specialty alone is the chain; two are held against a simulation and against bounds."""

import numpy as np
import pytest

from matchmodel import Applicant
from matchmodel.advice.luck import Curve, exactly, frailty, together
from matchmodel.advice.profile import Profile

from ..asking import MODEL


@pytest.mark.parametrize("alpha", [0.0, 0.05, 0.3, 0.65, 1.5, 3.0])
def test_the_gamma_factor_has_its_moments(alpha):
    g, w = np.array(frailty(alpha)).T
    assert w.sum() == pytest.approx(1) and (g * w).sum() == pytest.approx(1, abs=1e-7) and (g * g * w).sum() == pytest.approx(1 + alpha, abs=1e-6)


def profiles(*specialties, **known):
    return [Profile(MODEL, Applicant(s, "non-us-img", **{"step2_ck": 245, **known})) for s in specialties]


@pytest.mark.parametrize("specialty", ["Internal Medicine", "Family Medicine", "Dermatology", "Pathology"])
@pytest.mark.parametrize("applications", [1, 20, 100, 600])
def test_one_specialty_alone_is_the_chain(specialty, applications):
    (p,) = profiles(specialty)
    mean = min(applications, p.listed) * p.state.each
    found = together(p.state.alpha, [(exactly(p.state), mean)])
    assert found.any == pytest.approx(p.state.match(mean), abs=3e-5) and found.each == (found.any,) and found.independent == pytest.approx(found.any, abs=1e-12)
    assert together(p.state.alpha, [(Curve(p.state), mean)]).any == pytest.approx(found.any, abs=5e-5)


def test_two_specialties_against_a_simulation():
    a, b = profiles("Internal Medicine", "Pediatrics")
    means = 60 * a.state.each, 80 * b.state.each
    found = together(a.state.alpha, [(exactly(p.state), m) for p, m in zip((a, b), means)])
    rng, n = np.random.default_rng(7), 400_000
    luck = rng.gamma(1 / a.state.alpha, a.state.alpha, n)
    matched = []
    for p, mean in zip((a, b), means):
        ranks = rng.poisson(mean * luck)
        chance = np.where(ranks > 0, 1 / (1 + p.state.odds_against * np.maximum(ranks, 1.0) ** -p.state.b), 0)
        matched.append(rng.random(n) < chance)
    se = 0.5 / np.sqrt(n)
    assert found.any == pytest.approx((matched[0] | matched[1]).mean(), abs=4 * se)
    assert found.each[0] == pytest.approx(matched[0].mean(), abs=4 * se) and found.each[1] == pytest.approx((matched[1] & ~matched[0]).mean(), abs=4 * se)


def test_shared_luck_is_less_than_independent_and_more_than_the_best_alone():
    a, b = profiles("Internal Medicine", "Family Medicine")
    parts = [(exactly(p.state), 50 * p.state.each) for p in (a, b)]
    found = together(a.state.alpha, parts)
    alone = [together(a.state.alpha, [part]).any for part in parts]
    assert max(alone) < found.any < found.independent == pytest.approx(1 - (1 - alone[0]) * (1 - alone[1]), abs=1e-9)
    assert sum(found.each) == pytest.approx(found.any) and found.each[0] == pytest.approx(alone[0])
    turned = together(a.state.alpha, parts[::-1])
    assert turned.any == pytest.approx(found.any, abs=1e-12) and turned.each[0] == pytest.approx(alone[1])
