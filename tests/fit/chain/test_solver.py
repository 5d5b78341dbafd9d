"""The chain's solver: truths made with scipy and statsmodels come back.

Moments, margin and slopes against other software.
"""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import nbinom, norm

from matchmodel.fit.chain.solver import (
    FARTHEST,
    MOST_DISPERSION,
    Problem,
    _log_moments,
    lp_slope,
    margin_slope,
    moments,
    ranks_of,
    solve,
    solve_counts,
    solve_mean,
)
from matchmodel.fit.chain.specialty import solve_or_replace
from matchmodel.model.engine import solve_at

MOST = 12
K = np.arange(1, 4001)
GROUPS = norm.ppf((np.arange(12) + 0.5) / 12)


def of_ranks(mu, v):
    """Return P(K = k | K >= 1), k = 1, ..., 4000, by scipy."""
    pmf = nbinom.pmf(K, 1 / v, 1 / (1 + v * mu))
    return pmf / pmf.sum()


def chances(at, b):
    return expit(at + b * np.log(np.minimum(K, MOST)))


class World:
    """A specialty whose truth is known: groups of LP, and what a table of it would print."""

    def __init__(self, m, v, b, eta, level=0.0, spread=0.8):
        self.m, self.v, self.b, self.eta, self.level = m, v, b, eta, level
        self.lp = spread * GROUPS
        self.mu = m * np.exp(eta * self.lp)
        self.pmf = np.array([of_ranks(mu, v) for mu in self.mu])
        self.goal = expit(level + self.lp)
        self.at = np.array(
            [
                brentq(lambda a, p=p, g=g: p @ chances(a, b) - g, -30, 30, xtol=1e-13)
                for p, g in zip(self.pmf, self.goal, strict=True)
            ]
        )
        counts = self.pmf.mean(axis=0)
        self.mean_ranks = counts @ K
        self.sd_ranks = np.sqrt(counts @ (K - self.mean_ranks) ** 2)
        self.lam = np.polyfit(self.lp, self.at, 1)[0]
        who = 1 - nbinom.pmf(0, 1 / v, 1 / (1 + v * self.mu))
        self.share = 1 / np.mean(1 / who)  # those who rank, over the applicants that they come from
        self.rank_slope = self.slope_of_a_table()

    def slope_of_a_table(self):
        """The logistic slope on ln ranks over everybody, ranks of 12 or more at the log of their mean within
        each group.
        """
        least = np.minimum(K, MOST) - 1
        weight, matched, x = np.zeros(MOST), np.zeros(MOST), np.log(np.arange(1.0, MOST + 1))
        last = 0.0
        for pmf, at in zip(self.pmf, self.at, strict=True):
            np.add.at(weight, least, pmf / len(self.mu))
            np.add.at(matched, least, pmf * chances(at, self.b) / len(self.mu))
            tail = pmf[MOST - 1 :]
            last += tail.sum() / len(self.mu) * np.log(tail @ K[MOST - 1 :] / tail.sum())
        x[-1] = last / weight[-1]
        return glm_slope(x, matched / weight, weight)

    def problem(self, **changes):
        one = Problem(
            np.array([self.level]),
            self.lp[None, :],
            np.array([self.mean_ranks]),
            np.array([self.sd_ranks]),
            np.array([self.rank_slope]),
            np.array([self.lam]),
        )
        return replace(one, **changes)


def glm_slope(x, chance, weight):
    """Return the slope of a binomial GLM on an expanded table.

    Each rank twice, matched and not, with its share as weight.
    """
    y = np.repeat([1.0, 0.0], len(x))
    design = sm.add_constant(np.concatenate([x, x]))
    weights = np.concatenate([weight * chance, weight * (1 - chance)])
    return (
        sm.GLM(y, design, family=sm.families.Binomial(), freq_weights=weights * 1e4)
        .fit(tol=1e-13, maxiter=100)
        .params[1]
    )


WORLDS = {
    "internal medicine's": World(3.5, 0.53, 1.3, 0.73, -0.06),
    "family medicine's": World(1.3, 1.9, 1.4, 1.06, 0.18),
    "surgery's": World(1.0, 0.9, 0.9, 1.05, -0.88),
    "many ranks": World(8.0, 0.3, 1.0, 0.5, 0.7),
    "few ranks": World(0.4, 1.2, 1.5, 1.2, -0.4, 0.5),
    "nearly Poisson": World(4.0, 0.05, 1.2, 0.4, 0.3, 0.6),
}


@pytest.mark.parametrize("name", WORLDS)
def test_moments_are_sums_over_scipys_negative_binomial(name):
    world = WORLDS[name]
    mean, sd, share = moments(np.array([world.m]), np.array([world.v]), np.exp(world.eta * world.lp)[None, :])
    assert (mean[0], sd[0], share[0]) == (
        pytest.approx(world.mean_ranks, rel=1e-8),
        pytest.approx(world.sd_ranks, rel=1e-6),
        pytest.approx(world.share, rel=1e-10),
    )


@pytest.mark.parametrize("name", WORLDS)
def test_ranks_and_the_mean_of_twelve_or_more_are_scipys(name):
    world = WORLDS[name]
    shares, last = ranks_of(np.array([world.m]), np.array([world.v]), np.exp(world.eta * world.lp)[None, :])
    for g, pmf in enumerate(world.pmf):
        np.testing.assert_allclose(shares[0, g, :-1], pmf[: MOST - 1], rtol=1e-9)
        assert shares[0, g, -1] == pytest.approx(pmf[MOST - 1 :].sum(), abs=1e-12)
        if pmf[MOST - 1 :].sum() > 1e-7:
            assert last[0, g] == pytest.approx(
                np.log(pmf[MOST - 1 :] @ K[MOST - 1 :] / pmf[MOST - 1 :].sum()), abs=1e-5
            )


@pytest.mark.parametrize("share", [False, True])
def test_slopes_of_the_moments_are_those_of_small_steps(share):
    rng = np.random.default_rng(0)
    m, v = np.exp(rng.normal(0.7, 0.8, 50)), np.exp(rng.normal(-0.5, 0.8, 50))
    tilt, h = np.exp(rng.normal(0, 0.5, (50, 6))), 1e-5
    _, slopes = _log_moments(m, v, tilt, share)
    for j, step in enumerate((np.exp(h), np.exp(h))):
        up, down = ((m * step, v), (m / step, v)) if j == 0 else ((m, v * step), (m, v / step))
        by_steps = (_log_moments(*up, tilt, share)[0] - _log_moments(*down, tilt, share)[0]) / (2 * h)
        np.testing.assert_allclose(slopes[:, j], by_steps, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", WORLDS)
def test_counts_come_back_from_their_moments(name):
    world = WORLDS[name]
    tilt = np.exp(world.eta * world.lp)[None, :]
    for second, share in ((world.sd_ranks, False), (world.share, True)):
        m, v = solve_counts(np.array([world.mean_ranks]), np.array([second]), tilt, share=share)
        assert (m[0], v[0]) == (pytest.approx(world.m, rel=1e-5), pytest.approx(world.v, rel=1e-5))
    assert solve_mean(np.array([world.mean_ranks]), np.array([world.v]), tilt)[0] == pytest.approx(
        world.m, rel=1e-7
    )


def test_a_spread_out_of_reach_is_approached_and_the_mean_still_met():
    tilt = np.ones((2, 1))
    m, v = solve_counts(np.array([3.0, 3.0]), np.array([0.5, 60.0]), tilt)
    mean, sd, _ = moments(m, v, tilt)
    np.testing.assert_allclose(mean, 3.0, rtol=1e-6)
    assert v[0] == pytest.approx(0.02) and v[1] == pytest.approx(MOST_DISPERSION)
    assert sd[0] > 0.5 and sd[1] < 60


@pytest.mark.parametrize("name", WORLDS)
def test_the_truth_comes_back(name):
    """M, v, b and eta from the printed mean and SD of ranks, the rank slope, the level and lambda, within
    1e-4.
    """
    world = WORLDS[name]
    found = solve(world.problem())
    assert found.converged.all()
    truth = (world.m, world.v, world.b, world.eta)
    for value, expected in zip(
        (found.mean, found.dispersion, found.rank_slope, found.eta), truth, strict=True
    ):
        assert value[0] == pytest.approx(expected, rel=1e-4)
    assert found.share[0] == pytest.approx(world.share, rel=1e-4)
    assert found.margin_slope[0] == pytest.approx(world.rank_slope, abs=1e-6)


@pytest.mark.parametrize("name", WORLDS)
def test_the_truth_comes_back_with_a_known_dispersion_and_with_all_borrowed(name):
    world = WORLDS[name]
    known = solve(world.problem(sd_ranks=np.array([np.nan]), dispersion=np.array([world.v])))
    assert known.converged.all()
    assert (known.mean[0], known.rank_slope[0], known.eta[0]) == (
        pytest.approx(world.m, rel=1e-4),
        pytest.approx(world.b, rel=1e-4),
        pytest.approx(world.eta, rel=1e-4),
    )
    nothing = np.array([np.nan])
    given = (np.array([world.m]), np.array([world.v]), np.array([world.b]))
    borrowed = solve(world.problem(mean_ranks=nothing, sd_ranks=nothing, rank_slope=nothing, given=given))
    assert borrowed.converged.all() and borrowed.eta[0] == pytest.approx(world.eta, rel=1e-4)


def test_draws_together_are_as_draws_alone():
    """Those solved early stop; they must not feel the others."""
    worlds = [WORLDS[n] for n in ("internal medicine's", "family medicine's", "surgery's")]
    one = [w.problem() for w in worlds]
    whole = Problem(
        *(
            np.concatenate([getattr(p, n) for p in one])
            for n in ("level", "lp", "mean_ranks", "sd_ranks", "rank_slope", "lam")
        )
    )
    together = solve(whole)
    for j, problem in enumerate(one):
        alone = solve(problem)
        for name in ("mean", "dispersion", "rank_slope", "eta", "share"):
            assert getattr(together, name)[j] == pytest.approx(getattr(alone, name)[0], rel=1e-7)


@pytest.mark.parametrize("name", WORLDS)
def test_the_margin_over_ranks_is_the_logistic_model(name):
    """With A as the engine solves it, summed with scipy's probabilities, to 1e-8 of a chance."""
    world = WORLDS[name]
    shares, _ = ranks_of(np.array([world.m]), np.array([world.v]), np.exp(world.eta * world.lp)[None, :])
    at = solve_at(shares, np.array([[world.b]]), logit(world.goal)[None, :])[0]
    for a, pmf, goal in zip(at, world.pmf, world.goal, strict=True):
        assert pmf @ chances(a, world.b) == pytest.approx(goal, abs=1e-8)
    np.testing.assert_allclose(at, world.at, atol=1e-7)
    assert lp_slope(at[None, :], world.lp[None, :])[0] == pytest.approx(world.lam, abs=1e-7)


@pytest.mark.parametrize("name", WORLDS)
def test_the_slope_over_the_margin_is_statsmodels(name):
    world = WORLDS[name]
    shares, last = ranks_of(np.array([world.m]), np.array([world.v]), np.exp(world.eta * world.lp)[None, :])
    found = margin_slope(shares, last, np.array([world.b]), world.at[None, :])
    assert found[0] == pytest.approx(world.rank_slope, abs=1e-5)


def unsolvable(count=2, among=6):
    """Return problems of which the first few ask for a rank slope with a wrong sign of A.

    The number of ranks does more than all of the profile.
    """
    world = WORLDS["internal medicine's"]
    d = np.ones(among)
    problem = Problem(
        world.level * d,
        np.tile(world.lp, (among, 1)),
        world.mean_ranks * d,
        world.sd_ranks * d,
        world.rank_slope * d,
        world.lam * (1 + 0.02 * np.arange(among)),
    )
    problem.sd_ranks[:count] = 0.6  # narrower than any negative binomial with this mean
    return problem, count


def test_draws_that_cannot_be_solved_are_replaced_by_others_and_counted():
    problem, count = unsolvable()
    assert not solve(problem).converged[:count].any() and solve(problem).converged[count:].all()
    ((_, solved, source, raised, replaced),) = solve_or_replace([problem])
    assert (raised, replaced) == (count, count)
    assert (source[count:] == np.arange(count, len(source))).all()
    assert (source[:count] >= count).all() and len(set(source[:count])) == count
    assert solved.converged[source].all()


def test_a_lambda_too_small_for_the_printed_spread_is_raised_and_the_draw_kept():
    """Interviews would have to carry more of the profile than the spread of ranks allows."""
    world = WORLDS["internal medicine's"]
    d = np.ones(4)
    lam = np.array([world.lam, 0.02, world.lam, 0.02])
    problem = Problem(
        world.level * d,
        np.tile(world.lp, (4, 1)),
        world.mean_ranks * d,
        world.sd_ranks * d,
        world.rank_slope * d,
        lam,
    )
    assert solve(problem).converged.tolist() == [True, False, True, False]
    ((found, solved, source, raised, replaced),) = solve_or_replace([problem])
    assert (raised, replaced) == (2, 0) and solved.converged.all()
    np.testing.assert_array_equal(source, np.arange(4))
    assert (found.lam[[1, 3]] > 0.02).all()
    np.testing.assert_array_equal(found.lam[[0, 2]], lam[[0, 2]])


def test_when_no_draw_can_be_solved_none_is_put_in_place_of_another():
    problem, _ = unsolvable(count=6)
    ((_, solved, source, raised, replaced),) = solve_or_replace([problem])
    assert (raised, replaced) == (6, 6) and not solved.converged.any()
    np.testing.assert_array_equal(source, np.arange(6))


def test_chains_solved_together_are_those_solved_alone():
    """To the last bit; and a draw that is replaced takes a draw of its own specialty."""
    hard, count = unsolvable()
    easy = replace(hard, lam=np.full(len(hard.lam), hard.lam[-1]), lp=1.1 * hard.lp)
    for one, other in zip(solve_or_replace([hard, easy]), [hard, easy], strict=True):
        (alone,) = solve_or_replace([other])
        assert (one.raised, one.replaced) == (alone.raised, alone.replaced)
        np.testing.assert_array_equal(one.source, alone.source)
        np.testing.assert_equal(vars(one.solved), vars(alone.solved))


def test_a_chain_in_which_more_of_the_profile_would_hurt_is_refused():
    """With a huge rank slope the number of ranks does more than the whole profile, and A falls.

    Such a draw has not converged.
    """
    world = WORLDS["internal medicine's"]
    given = (np.array([4.0]), np.array([0.3]), np.array([4.0]))
    nothing = np.array([np.nan])
    falls = solve(
        world.problem(
            mean_ranks=nothing, sd_ranks=nothing, rank_slope=nothing, lam=np.array([-0.5]), given=given
        )
    )
    assert not falls.converged[0]


@pytest.mark.parametrize("kind", ["non-us-img", "us-img"])
def test_a_rises_with_the_profile_in_every_draw_of_every_real_chain(trained, model, kind):
    """On a grid finer and wider than the one that training looks at, with the numbers of the file and the
    engine's solver.
    """
    for specialty in trained.chains[kind]:
        arrays = model.arrays(kind, specialty)
        chain, lp = arrays.chain, np.linspace(-1.2 * FARTHEST, 1.2 * FARTHEST, 61)
        shares, _ = ranks_of(chain.at_usual, chain.dispersion, np.exp(chain.eta[:, None] * lp))
        at = solve_at(shares, chain.b[:, None], arrays.level[:, None] + lp)
        assert (np.diff(at, axis=1) > 0).all(), specialty


def test_few_real_draws_are_replaced(trained):
    for kind, most in (("non-us-img", 0.12), ("us-img", 0.0)):
        for specialty, chain in trained.chains[kind].items():
            assert chain.replaced <= most * trained.normals.count, (kind, specialty)
            assert chain.borrowed == (kind == "us-img")
