"""Levels against brute-force roots and counting; a suppressed cohort against the persons who made it up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import expit, logit

from matchmodel.covariates import step2_u
from matchmodel.fit.tables.cells import Measured
from matchmodel.fit.tables.level import competition, level_pool, population, published_log_odds, solve_shift
from matchmodel.fit.tables.pooling import pool
from matchmodel.fit.tables.reconstruct import Summary, reconstruct


def rates(base, weights, shift):
    w = np.broadcast_to(weights, base.shape)
    return (w * expit(base + shift[:, None])).sum(axis=1) / w.sum(axis=1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.floats(0.1, 6))
def test_the_shift_gives_the_rate_in_every_row(seed, k, spread):
    rng = np.random.default_rng(seed)
    base, rate = rng.normal(0, spread, (30, k)), rng.uniform(0.001, 0.999, 30)
    weights = rng.random(k) + 1e-3
    np.testing.assert_allclose(
        rates(base, weights, solve_shift(base, weights, rate)), rate, rtol=0, atol=1e-13
    )


@pytest.mark.parametrize("rate", [1e-6, 1e-3, 0.02, 0.485, 0.98, 0.999, 1 - 1e-6])
def test_the_shift_is_the_root_that_scipy_finds(rate):
    rng = np.random.default_rng(1)
    base, weights = rng.normal(0, 2, 50), rng.random(50)
    root = brentq(lambda c: rates(base[None, :], weights, np.array([c]))[0] - rate, -60, 60, xtol=1e-13)
    assert solve_shift(base[None, :], weights, rate)[0] == pytest.approx(root, abs=1e-7)


def test_a_row_already_solved_stays_solved_beside_stubborn_ones():
    base = np.vstack([np.zeros(7), np.linspace(-30, 30, 7), np.linspace(-8, 1, 7)])
    rate = np.array([0.2, 0.3, 0.999])
    found = solve_shift(base, np.ones(7), rate)
    assert found[0] == pytest.approx(logit(0.2), abs=1e-14)
    np.testing.assert_allclose(rates(base, np.ones(7), found), rate, atol=1e-13)


def test_weights_may_differ_by_row_and_need_not_sum_to_one():
    rng = np.random.default_rng(2)
    base, weights = rng.normal(0, 1, (5, 8)), rng.random((5, 8)) * 40
    np.testing.assert_allclose(
        rates(base, weights, solve_shift(base, weights, np.full(5, 0.3))), 0.3, atol=1e-13
    )


def test_moving_all_log_odds_moves_the_shift_back():
    base = np.random.default_rng(3).normal(0, 1, (1, 20))
    one, other = solve_shift(base, np.ones(20), 0.4)[0], solve_shift(base + 2.5, np.ones(20), 0.4)[0]
    assert one - other == pytest.approx(2.5, abs=1e-12)


# matched, not matched -> own log odds, standard error, kept whole
LEVELS = {
    "large": (300, 700, np.log(3 / 7), np.sqrt(1 / 300 + 1 / 700), True),
    "just large enough": (50, 50, 0.0, np.sqrt(2 / 50), True),
    "small": (49, 50, np.log(49.5 / 50.5), np.sqrt(1 / 49.5 + 1 / 50.5), False),
    "nobody of twelve": (0, 12, np.log(0.5 / 12.5), np.sqrt(2 + 1 / 12.5), False),
    "all of nine": (9, 0, np.log(9.5 / 0.5), np.sqrt(1 / 9.5 + 2), False),
    "nobody of two hundred": (0, 200, np.log(0.5 / 200.5), np.sqrt(2 + 1 / 200.5), False),
    "one applicant": (1, 0, np.log(3), np.sqrt(1 / 1.5 + 2), False),
}


def test_own_levels_are_log_odds_with_haldanes_half_where_small():
    cases = list(LEVELS.values())
    found, whole, _ = level_pool([c[0] for c in cases], [c[1] for c in cases])
    np.testing.assert_allclose(found.values, [c[2] for c in cases])
    np.testing.assert_allclose(found.ses, [c[3] for c in cases])
    assert whole.tolist() == [c[4] for c in cases]
    level = found.shrunk(whole)
    np.testing.assert_allclose(level[whole], found.values[whole])
    small = ~whole
    assert (np.abs(level - found.mean)[small] < np.abs(found.values - found.mean)[small]).all()
    assert np.isfinite(level).all()


@pytest.mark.parametrize(("matched", "not_matched"), [([0], [12]), ([9], [0]), ([0, 9], [12, 0])])
def test_one_or_two_small_cells_alone_have_a_finite_level(matched, not_matched):
    found, whole, _ = level_pool(matched, not_matched)
    level = found.shrunk(whole)
    assert np.isfinite(level).all() and np.isfinite(found.mean_se)
    assert ((expit(level) > 0.01) & (expit(level) < 0.99)).all()


def test_with_a_regressor_every_cell_is_shrunk_towards_the_line_by_its_own_precision():
    """A normal prior about the line and a normal estimate: the precision-weighted mean of the two."""
    rng = np.random.default_rng(5)
    total = np.array([4000, 900, 300, 120, 60, 30, 20, 15])
    x = rng.normal(-0.8, 0.3, len(total))
    matched = rng.binomial(total, expit(1.6 + 2 * x + rng.normal(0, 0.3, len(total))))
    found, kept, _ = level_pool(matched, total - matched, regressor=x)
    assert not kept.any()
    line, v = found.coefficients[0] + found.coefficients[1] * (x - x.mean()), found.ses**2
    expected = (found.values / v + line / found.spread**2) / (1 / v + 1 / found.spread**2)
    np.testing.assert_allclose(found.shrunk(kept), expected, rtol=1e-10)


def test_competition_is_the_log_of_positions_over_applicants_or_nothing():
    np.testing.assert_allclose(
        competition(np.array([100.0, 30.0]), np.array([200.0, 90.0])), np.log([1 / 2, 1 / 3])
    )
    for positions, applicants in (([100.0, np.nan], [200.0, 90.0]), ([100.0, 0.0], [200.0, 90.0]), ([], [])):
        assert competition(np.array(positions), np.array(applicants)) is None


@pytest.fixture(scope="module")
def real_counts(real):
    rows = real.table("counts")
    return rows[(rows["applicant_type"] == "non-us-img") & (rows["year"] == 2026)].set_index("specialty")


def left_out_errors(log_odds, variance, regressor):
    """Each cell's level from all the others, less its own log odds."""
    errors = []
    for j in range(len(log_odds)):
        others = log_odds.copy()
        others[j] = np.nan
        errors.append(pool(others, np.sqrt(variance), regressor).shrunk()[j] - log_odds[j])
    return np.array(errors)


def test_competition_foretells_a_cell_left_out_better_than_the_mean_of_the_others(real_counts):
    """Root mean square over the 24 cells of 2026, on log odds, the error of each cell's own rate included.

    0.42 against 0.68.
    """
    log_odds, variance, large = published_log_odds(real_counts["matched"], real_counts["not_matched"])
    x = competition(real_counts["positions"].to_numpy(), real_counts["all_applicants"].to_numpy())
    with_line, without = left_out_errors(log_odds, variance, x), left_out_errors(log_odds, variance, None)
    assert len(with_line) == 24 and np.sqrt(np.mean(with_line**2)) < 0.45
    assert np.sqrt(np.mean(without**2)) > 0.6
    assert np.sqrt(np.mean(with_line[large] ** 2)) < 0.8 * np.sqrt(np.mean(without[large] ** 2))


SURGICAL = (
    "Dermatology",
    "Neurological Surgery",
    "Orthopaedic Surgery",
    "Otolaryngology",
    "Plastic Surgery (Integrated)",
    "Thoracic Surgery (Integrated)",
    "Vascular Surgery (Integrated)",
)


def test_competition_halves_the_spread_and_takes_a_third_off_what_small_competitive_cells_are_overstated_by(
    real_counts,
):
    """Together 22.8% of 189 matched (SE 3.1).

    Towards the common mean they come out at 30.0%, towards the line at 27.7%.
    """
    m, f = real_counts["matched"].to_numpy(), real_counts["not_matched"].to_numpy()
    x = competition(real_counts["positions"].to_numpy(), real_counts["all_applicants"].to_numpy())
    (line, kept, _), (flat, whole, _) = level_pool(m, f, regressor=x), level_pool(m, f)
    assert line.spread < 0.55 * flat.spread
    small = real_counts.index.isin(SURGICAL)
    share = m[small].sum() / (m + f)[small].sum()
    over = {name: np.average(expit(p.shrunk(k))[small], weights=(m + f)[small]) - share
            for name, p, k in (("line", line, kept), ("flat", flat, whole))}  # fmt: skip
    assert share == pytest.approx(0.228, abs=0.001)
    assert 0 < over["line"] < 0.7 * over["flat"]
    assert over["line"] < 2 * np.sqrt(share * (1 - share) / 189)


def test_large_cells_stay_within_their_own_standard_error_of_what_is_published(trained, real_counts):
    """And those of a thousand and more within a point, internal medicine's within a tenth of one."""
    fit = trained.fits["non-us-img"]
    m, f = fit.matched, fit.not_matched
    published, n = m / (m + f), m + f
    moved = expit(fit.level) - published
    se = np.sqrt(published * (1 - published) / n)
    assert (np.abs(moved) < 0.75 * se)[n >= 100].all()
    assert (np.abs(moved) < 0.01)[n >= 700].all()
    assert abs(moved[fit.specialties.index("Internal Medicine")]) < 0.001


def test_level_draws_are_as_wide_as_binomial_error_where_the_cell_is_large(trained):
    fit = trained.fits["non-us-img"]
    large = fit.matched + fit.not_matched >= 300
    se = np.sqrt(1 / fit.matched + 1 / fit.not_matched)
    np.testing.assert_allclose(fit.level_draws.std(axis=0, ddof=1)[large], se[large], rtol=0.12)
    np.testing.assert_allclose(fit.level_draws.mean(axis=0), fit.level, atol=1e-9)


MATCHED, NOT_MATCHED = (
    Summary(400, 240, 251, 259, 209, 284, 249, 14),
    Summary(300, 233, 243, 253, 209, 279, 242, 14),
)


def test_the_population_weighs_the_cohorts_by_the_full_counts():
    """Of 1,000 applicants 100 matched, however many of each consented: a mean of 0.1*249 + 0.9*242."""
    values, weights = population(Measured(MATCHED, NOT_MATCHED), 100, 900, 0.35, None, "iqr", step2_u)
    assert weights.sum() == pytest.approx(1)
    assert weights @ values == pytest.approx(0.1 * 249 + 0.9 * 242, abs=0.01)


def test_with_nothing_known_the_types_population_is_taken():
    fallback = (np.array([240.0]), np.array([1.0]))
    suppressed = Summary(3, np.nan, np.nan, np.nan)
    assert population(None, 1, 2, 0.35, fallback, "iqr", step2_u) is fallback
    assert population(Measured(suppressed, suppressed), 1, 2, 0.35, fallback, "iqr", step2_u) is fallback


@pytest.mark.parametrize("kept", ["matched", "not_matched"])
@pytest.mark.parametrize("slope", [0.0, 0.2, 0.35, 0.5])
def test_a_suppressed_cohort_is_derived_as_the_persons_were(kept, slope):
    """400,000 persons match by a logistic model; one cohort is hidden, and its mean and SD come back."""
    rng = np.random.default_rng(4)
    score = rng.normal(246, 14, 400000)
    matched = rng.random(len(score)) < expit(-1.0 + slope * step2_u(score))
    shown = score[matched] if kept == "matched" else score[~matched]
    hidden = score[~matched] if kept == "matched" else score[matched]
    summary = Summary(
        float(len(shown)), *np.quantile(shown, [0.25, 0.5, 0.75]), mean=shown.mean(), sd=shown.std()
    )
    table = Measured(summary, None) if kept == "matched" else Measured(None, summary)
    m, f = int(matched.sum()), int((~matched).sum())
    values, weights = population(table, m, f, slope, None, "iqr", step2_u)
    half = len(values) // 2
    place = slice(half, None) if kept == "matched" else slice(0, half)
    derived = weights[place] / weights[place].sum()
    mean = derived @ values[place]
    assert weights[place].sum() == pytest.approx(len(hidden) / len(score), abs=1e-9)
    # a twentieth of the gap: 99 points end 2.6 SDs out, and the tilt leans on the end
    assert mean == pytest.approx(hidden.mean(), abs=0.05 * abs(shown.mean() - hidden.mean()) + 0.1)
    assert np.sqrt(derived @ (values[place] - mean) ** 2) == pytest.approx(hidden.std(), rel=0.03)
    assert weights @ values == pytest.approx(score.mean(), abs=0.25)


def test_deriving_twice_gives_back_the_cohort_one_began_with():
    slope = 0.4
    values, weights = reconstruct(NOT_MATCHED, "iqr")
    _, both = population(Measured(None, NOT_MATCHED), 1, 1, slope, None, "iqr", step2_u)
    matched = both[: len(values)] / both[: len(values)].sum()
    back = matched * np.exp(-slope * step2_u(values))
    np.testing.assert_allclose(back / back.sum(), weights / weights.sum(), rtol=1e-12)


def test_nobody_matched_leaves_the_unmatched_alone():
    values, weights = population(Measured(None, NOT_MATCHED), 0, 12, 0.35, None, "iqr", step2_u)
    assert weights @ values == pytest.approx(242, abs=0.01)
