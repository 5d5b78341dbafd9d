"""Shared luck: factors against scipy's, one specialty alone against the engine, two against drawn people."""

import numpy as np
import pytest
from scipy.stats import gamma, poisson

from matchmodel import Applicant
from matchmodel.advice.luck import Shared, as_asked, factors, unmatched
from matchmodel.model.engine import expit

from ..asking import MODEL

DISPERSIONS = (0.02, 0.1, 0.5, 1.0, 3.0, 12.0)
BY_RANKS = expit(-1.5 + 1.2 * np.log(np.arange(1, 13)))[None]
KNOWN = {"step2_ck": 245, "years_since_graduation": 4, "usce_months": 3, "visa_needed": True}


def shared(*specialties, kind="non-us-img", order="choose"):
    people = [MODEL.people([MODEL.resolve(Applicant(s, kind, **KNOWN))]) for s in specialties]
    return Shared(people, [as_asked(one, order) for one in people])


@pytest.mark.parametrize("one", DISPERSIONS)
@pytest.mark.parametrize("other", DISPERSIONS)
def test_factors_are_quantiles_of_one_place(one, other):
    """At every node both have one probability; the weights sum to 1, each has mean 1 and its variance."""
    weights, (a, b) = factors([np.full(2, one), np.full(2, other)])
    below, above = gamma.cdf(a[0] / one, 1 / one), gamma.sf(a[0] / one, 1 / one)
    assert gamma.cdf(b[0] / other, 1 / other) == pytest.approx(below, abs=1e-6)
    assert gamma.sf(b[0] / other, 1 / other) == pytest.approx(above, abs=1e-6)
    assert weights.sum(axis=-1) == pytest.approx(1, abs=1e-6)
    for factor, dispersion in ((a, one), (b, other)):
        assert (weights * factor).sum(axis=-1) == pytest.approx(1, abs=1e-4)
        assert (weights * (factor - 1) ** 2).sum(axis=-1) == pytest.approx(dispersion, rel=5e-3)


@pytest.mark.parametrize("dispersions", [(0.1, 2.0), (1.0, 1.0), (6.0, 0.3)])
def test_two_against_the_integral_over_places(dispersions):
    weights, found = factors([np.full(2, v) for v in dispersions])
    place = (np.arange(200_000) + 0.5) / 200_000
    exact = [gamma.ppf(place, 1 / v) * v for v in dispersions]
    for means in ((0.3, 3.0), (3.0, 8.0), (20.0, 0.1)):
        none = [unmatched(m * g, BY_RANKS)[0] for m, g in zip(means, found, strict=True)]
        brute = [unmatched(m * g[None], BY_RANKS)[0] for m, g in zip(means, exact, strict=True)]
        assert weights[0] @ (1 - none[0] * none[1]) == pytest.approx(
            1 - (brute[0] * brute[1]).mean(), abs=2e-5
        )


def test_no_match_is_a_sum_over_poisson_numbers():
    ranks = np.arange(1, 200)
    chance = BY_RANKS[0][np.minimum(ranks, 12) - 1]
    for mean in (0.01, 0.7, 5.0, 40.0):
        exact = 1 - (poisson.pmf(ranks, mean) * chance).sum()
        assert unmatched(np.array([[mean]]), BY_RANKS)[0, 0] == pytest.approx(exact, abs=1e-12)


@pytest.mark.parametrize("specialty", ["Internal Medicine", "Family Medicine", "General Surgery"])
@pytest.mark.parametrize("applications", [1, 20, 100, 600])
def test_one_specialty_alone_is_the_engine(specialty, applications):
    """Without the short cut, in every draw."""
    both = shared(specialty, "Pediatrics")
    mean = both.means[0](applications)
    alone = ((1 - both.row(0, applications)) * both.weights).sum(axis=-1)
    assert alone == pytest.approx(both.people[0].p_apply(mean), abs=1e-5)
    assert (both.any((applications, 0)) == both.people[0].p_apply(mean)).all()


def simulated(both, split, draws, seed=7, people=200_000):
    """Matches of drawn applicants, each with a draw and one place for both. Shape (2, people)."""
    rng = np.random.default_rng(seed)
    draw = rng.integers(0, draws, people)
    place = rng.random(people)
    matched = []
    for who, means, n in zip(both.people, both.means, split, strict=True):
        v = who.arrays.chain.dispersion[draw]
        ranks = rng.poisson(means(n)[0][draw] * gamma.ppf(place, 1 / v) * v)
        chance = who.p_by_ranks()[0][draw, np.clip(ranks, 1, 12) - 1]
        matched.append((ranks > 0) & (rng.random(people) < chance))
    return np.array(matched)


@pytest.mark.parametrize(
    "names", [("Internal Medicine", "Pediatrics"), ("Family Medicine", "General Surgery")]
)
def test_two_specialties_against_drawn_applicants(names):
    both, split = shared(*names), (60, 80)
    matched = simulated(both, split, MODEL.record.draw_count)
    se = 0.5 / np.sqrt(matched.shape[1])
    assert both.any(split).mean() == pytest.approx(matched.any(axis=0).mean(), abs=4 * se)
    first, second = (chance.mean() for chance in both.each(split))
    assert first == pytest.approx(matched[0].mean(), abs=4 * se)
    assert second == pytest.approx((matched[1] & ~matched[0]).mean(), abs=4 * se)


def test_shared_luck_is_less_than_independent_and_more_than_the_best_alone_in_every_draw():
    both = shared("Internal Medicine", "Family Medicine")
    found, independent = both.any((50, 50)), both.independent((50, 50))
    alone = np.maximum(both.any((50, 0)), both.any((0, 50)))
    assert (alone <= found + 1e-6).all() and (found <= independent + 1e-6).all()
    turned = shared("Family Medicine", "Internal Medicine").any((50, 50))
    assert turned == pytest.approx(found, abs=1e-6)
