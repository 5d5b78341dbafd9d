"""The engine against other formulations of the same model, and the orders that its chances keep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, norm

from matchmodel import Applicant
from matchmodel.model.engine import ORDERS, RANGE, expit, ranges, ranks_pmf

from ..synthetic import CHAINED, KINDS, model

PROFILES = [
    {},
    {
        "step2_ck": 200,
        "years_since_graduation": 20,
        "visa_needed": True,
        "step1_failed": True,
        "step2_failed": True,
    },
    {"step2_ck": 250, "years_since_graduation": 2, "usce_months": 4, "visa_needed": True},
    {
        "step2_ck": 275,
        "years_since_graduation": 0,
        "usce_months": 12,
        "visa_needed": False,
        "step1_failed": False,
    },
]
TERMS = 400


def people(*profiles, kind="non-us-img", cycle=2027, seed=1):
    made = model(seed)
    return made.people([made.resolve(Applicant(CHAINED, kind, cycle=cycle, **known)) for known in profiles])


# --- sums ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mean", "dispersion"), [(0.01, 0.3), (2.5, 1.7), (9.0, 0.8), (60.0, 2.5), (1500.0, 1.0)]
)
def test_ranks_are_negative_binomial(mean, dispersion):
    size = 1 / dispersion
    wanted = nbinom(size, size / (size + mean))
    found = ranks_pmf(np.array([mean]), np.array([dispersion]))[0]
    assert found[:12] == pytest.approx(wanted.pmf(np.arange(12)), abs=1e-12)
    assert found[12] == pytest.approx(wanted.sf(11), abs=1e-12) and found.sum() == pytest.approx(1)


def by_hand(made, mean, row):
    """P(apply) as a direct sum over the number of invitations, draw by draw; the rest at its last chance."""
    chain = made.arrays.chain
    k = np.arange(1, TERMS + 1)
    size = 1 / chain.dispersion
    one = size, size / (size + mean)
    pmf = nbinom.pmf(k[:, None], *one)
    chances = expit(made.at_one[row] + chain.b * np.log(np.minimum(k, 12))[:, None])
    return (pmf * chances).sum(axis=0) + nbinom.sf(TERMS, *one) * chances[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_p_apply_is_the_sum_over_invitations(kind):
    profiles = [
        {n: v for n, v in known.items() if kind != "us-img" or n != "visa_needed"} for known in PROFILES
    ]
    made = people(*profiles, kind=kind)
    for n in (1, 30, 150):
        mean = made.invitations(np.full(len(profiles), n))
        for row in range(len(profiles)):
            assert made.p_apply(mean)[row] == pytest.approx(by_hand(made, mean[row], row), abs=1e-9)
        none = nbinom.pmf(0, 1 / made.arrays.chain.dispersion, 1 / (1 + made.arrays.chain.dispersion * mean))
        assert made.p_any(mean) == pytest.approx(1 - none, abs=1e-12)


@pytest.mark.parametrize("cycle", [2026, 2031])
def test_the_margin_over_ranks_is_the_logistic_models(cycle):
    made = people(*PROFILES, cycle=cycle)
    chain = made.arrays.chain
    mean = chain.at_usual * np.exp(chain.eta * made.lp)
    assert made.p_apply(mean) == pytest.approx(made.p_any(mean) * made.p_ranked(), abs=1e-9)


def test_the_usual_number_has_its_mean():
    made = people({})
    chain = made.arrays.chain
    assert chain.at_usual == pytest.approx(chain.m0 * chain.rate * chain.rho * chain.usual, rel=1e-12)
    at_usual = [chain.invitations(np.array([n]), made.factor)[0, k] for k, n in enumerate(chain.usual)]
    assert at_usual == pytest.approx(chain.at_usual, rel=1e-9)


def test_log_odds_are_base_and_shifts():
    made = people(*PROFILES)
    assert made.log_odds == pytest.approx(made.base + sum(made.shifts.values()), abs=1e-12)
    arrays = made.arrays
    score = arrays.slope * (arrays.alpha + arrays.beta * 1.0 - arrays.level)
    assert (
        made.shifts["step2_ck"][2] == pytest.approx(score, abs=1e-12)
        and (made.shifts["step2_ck"][0] == 0).all()
    )
    assert people({}).log_odds[0] == pytest.approx(people({}).base, abs=0)


def test_a_later_cycle_widens():
    found = [ranges(people(PROFILES[2], cycle=2026 + k).log_odds[0]) for k in (0, 1, 4, 9)]
    widths = [high - low for _, low, high in found]
    assert widths == sorted(widths)


# --- points and ranges --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["normal", "skewed", "bounded"])
def test_ranges_are_quantiles(shape):
    z = np.random.default_rng(3).standard_normal((40, 500))
    draws, wanted = {
        "normal": (z, norm.ppf(RANGE)),
        "skewed": (np.exp(0.4 * z), np.exp(0.4 * norm.ppf(RANGE))),
        "bounded": (expit(1 + 0.6 * z), expit(1 + 0.6 * norm.ppf(RANGE))),
    }[shape]
    point, low, high = ranges(draws)
    assert point == pytest.approx(draws.mean(axis=-1), abs=1e-12)
    spread = np.ptp(wanted)
    assert (low.mean(), high.mean()) == pytest.approx(wanted, abs=0.02 * spread)
    assert np.abs(low - wanted[0]).max() < 0.12 * spread and np.abs(high - wanted[1]).max() < 0.12 * spread


@pytest.mark.parametrize("rounding", [1e-18, 1e-16])
def test_a_draw_off_an_end_by_rounding_moves_no_range(rounding):
    some = np.random.default_rng(4).beta(2, 60, 500)
    some[7] = 0.0
    off = some.copy()
    off[7] = rounding
    assert ranges(off)[1:] == pytest.approx(ranges(some)[1:], abs=1e-12)
    assert ranges(off)[1:] == pytest.approx(np.quantile(some, RANGE), abs=0.004)
    assert ranges(1.0 - off)[1:] == pytest.approx(ranges(1.0 - some)[1:], abs=1e-12)


def test_a_range_holds_its_point():
    point, low, high = ranges(np.array([[0.0] * 19 + [100.0], [0.0] * 20]))
    assert (low <= point).all() and (point <= high).all() and point.tolist() == [5.0, 0.0]


# --- required numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("target", [0.02, 0.3, 0.5, 0.75])
def test_required_numbers_by_brute_force(order, target):
    made = people(*PROFILES)
    listed = int(made.arrays.chain.listed)
    every = np.stack(
        [made.p_apply(made.invitations(np.full(len(PROFILES), n), order)) for n in range(1, listed + 1)]
    )
    needed = made.needed(np.full(len(PROFILES), target))[order]
    assert (needed.point == first(every.mean(axis=-1) >= target)).all()
    whole = np.where(np.isinf(needed.draws), np.inf, np.maximum(np.ceil(needed.draws - 1e-6), 1))
    assert (whole == first(every >= target)).all()
    assert (needed.low <= needed.point).all() and (needed.point <= needed.high).all()
    for row in range(len(PROFILES)):
        low, high = np.quantile(whole[row], RANGE, method="inverted_cdf")
        assert needed.low[row] == min(low, needed.point[row]) and needed.high[row] == max(
            high, needed.point[row]
        )


def first(reached):
    """Return the first number along the first axis at which something is reached, else infinity."""
    return np.where(reached.any(axis=0), reached.argmax(axis=0) + 1.0, np.inf)


@pytest.mark.parametrize("order", ORDERS)
def test_applications_invert_invitations(order):
    made = people(*PROFILES)
    chain = made.arrays.chain
    n = np.array([1.0, 25.0, 90.0, 380.0])
    mean = chain.invitations(n, made.factor, order)
    found = chain.applications(mean, made.factor, order)
    again = np.stack(
        [chain.invitations(column, made.factor, order)[:, i] for i, column in enumerate(found.T)], axis=-1
    )
    assert again == pytest.approx(mean, rel=1e-9) and (found <= n[:, None] * (1 + 1e-9)).all()
    if order != "friendliest":  # which has stretches of programs that invite nobody
        assert found == pytest.approx(np.broadcast_to(n[:, None], found.shape), rel=1e-9)


def test_mean_needed_reaches_the_target():
    made = people(*PROFILES)
    for target in (0.01, 0.5, 0.9, 0.999):
        mean = made.mean_needed(np.full(len(PROFILES), target))
        reached = made.p_apply(np.where(np.isinf(mean), 2000.0, mean))
        assert (np.abs(reached - target)[np.isfinite(mean)] < 1e-8).all() and (
            reached[np.isinf(mean)] < target
        ).all()


# --- orders -------------------------------------------------------------------------------------------------


def test_random_at_most_chosen_at_most_friendliest():
    made = people(*PROFILES)
    for n in range(1, 401, 7):
        random, chosen, friendliest = (
            made.p_apply(made.invitations(np.full(len(PROFILES), n), order))
            for order in ("random", "choose", "friendliest")
        )
        assert (random <= chosen + 1e-12).all() and (chosen <= friendliest + 1e-12).all()
    every = made.needed(np.full(len(PROFILES), 0.4))
    needed = [every[order].point for order in ("random", "choose", "friendliest")]
    assert (needed[0] >= needed[1]).all() and (needed[1] >= needed[2]).all()


@pytest.mark.parametrize("order", ORDERS)
def test_more_applications_never_lower_the_chance(order):
    made = people(*PROFILES)
    chances = np.stack(
        [made.p_apply(made.invitations(np.full(len(PROFILES), n), order)) for n in range(1, 405)]
    )
    assert (np.diff(chances, axis=0) >= -1e-12).all()


def test_more_ranks_raise_the_chance_to_twelve():
    made = people(*PROFILES)
    by_ranks = made.p_by_ranks()
    assert (np.diff(by_ranks, axis=-1) > 0).all()
    for k in (0, 1, 5, 12, 13, 60):
        wanted = 0.0 if k == 0 else by_ranks[..., min(k, 12) - 1]
        assert (made.p_given(np.full(len(PROFILES), k)) == wanted).all()


BETTER = {  # the profile rises from the first to the last
    "score": [{"step2_ck": s} for s in (1, 150, 215, 240, 262, 300)],
    "USCE": [{"usce_months": m} for m in (0, 3, 12)],
    "years": [{"years_since_graduation": y} for y in (30, 8, 1, 0)],
    "visa": [{"visa_needed": v} for v in (True, False)],
    "failures": [
        {"step1_failed": True, "step2_failed": True},
        {"step1_failed": False, "step2_failed": True},
        {"step2_failed": False, "step1_failed": False},
    ],
}


@pytest.mark.parametrize("name", BETTER)
def test_a_better_profile_raises_every_chance_in_every_draw(name):
    made = people(*BETTER[name])
    n = np.full(len(BETTER[name]), 80)
    for chances in (
        made.p_ranked(),
        made.p_apply(made.invitations(n)),
        made.p_any(made.invitations(n)),
        *np.moveaxis(made.p_by_ranks(), -1, 0),
    ):
        assert (np.diff(chances, axis=0) > 0).all()
    point = made.needed(np.full(len(n), 0.4))["choose"].point
    assert (point[1:] <= point[:-1]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.floats(0.05, 0.9), st.sampled_from(PROFILES))
def test_needed_and_chances_agree(n, target, profile):
    made = people(profile)
    point = made.needed(np.array([target]))["choose"].point[0]
    reached = made.p_apply(made.invitations(np.array([n]))).mean() >= target
    assert reached == (n >= point)


def test_people_together_are_people_alone():
    made = people(*PROFILES)
    for row, profile in enumerate(PROFILES):
        alone = people(profile)
        assert (alone.p_ranked()[0] == made.p_ranked()[row]).all()
        n = np.array([77])
        together = made.p_apply(made.invitations(np.full(len(PROFILES), 77)))[row]
        assert alone.p_apply(alone.invitations(n))[0] == pytest.approx(together, abs=1e-14)
