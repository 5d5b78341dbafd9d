"""Several years: closed forms, another library's numbers, and known truth."""

import time

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import multivariate_normal
from statsmodels.tsa.statespace.structural import UnobservedComponents

from matchmodel.covariates import step2_u
from matchmodel.fit.chain.ranks import RANK_LIMITS, ln_ranks
from matchmodel.fit.random import Normals
from matchmodel.fit.tables.cells import measured_cells
from matchmodel.fit.tables.combine_years import cells_drift, combine_years, levels_by_year, own_slopes
from matchmodel.fit.tables.level import level_pool
from matchmodel.fit.tables.reconstruct import SCORE_RANGE
from matchmodel.fit.tables.score_slopes import fit_type, newest_counts
from matchmodel.fit.train import train

from ..made import counts, quartiles, tidy

HIGH, LOW = (400, 209, 240, 251, 259, 284, 249, 14), (300, 209, 233, 243, 253, 279, 242, 14)


def test_one_year_stays_as_it_is():
    values, ses, spread = combine_years([0.3, 0.1], [0.1, 0.2], [0, 1], [2026, 2026])
    assert values == pytest.approx([0.3, 0.1]) and ses == pytest.approx([0.1, 0.2]) and spread == 0


def test_years_that_agree_are_an_inverse_variance_mean():
    y, se = [0.30, 0.31, 0.10, 0.09, 0.5], [0.1, 0.2, 0.1, 0.1, 0.3]
    values, ses, spread = combine_years(y, se, [0, 0, 1, 1, 2], [2026, 2025, 2026, 2025, 2025])
    w = np.array([1 / 0.01, 1 / 0.04])
    assert spread == 0
    assert values == pytest.approx([w @ [0.30, 0.31] / w.sum(), 0.095, 0.5])
    assert ses == pytest.approx([1 / np.sqrt(w.sum()), 0.1 / np.sqrt(2), 0.3])


def test_the_predictor_is_the_conditional_mean_of_a_joint_normal():
    """Against conditioning a normal with a flat prior made very wide, given the spread that was found."""
    rng = np.random.default_rng(2)
    cell, year = np.repeat(np.arange(8), 3), np.tile([2024, 2025, 2026], 8)
    se = rng.uniform(0.05, 0.2, 24)
    shock = {2024: -0.25, 2025: 0.1, 2026: 0.2}
    y = (
        0.3
        + np.array([shock[t] for t in year])
        + 0.1 * rng.standard_normal(8)[cell]
        + se * rng.standard_normal(24)
    )
    keep = np.ones(24, bool)
    keep[[2, 5]] = False  # two specialties are not in the newest year
    values, ses, spread = combine_years(y[keep], se[keep], cell[keep], year[keep])
    assert 0.05 < spread < 0.6
    z = (year[:, None] == [2024, 2025, 2026]).astype(float)
    x = np.eye(8)[cell]
    prior = 1e4
    covariance = np.diag(se**2) + prior * x @ x.T + spread**2 * z @ z.T
    target = np.hstack([np.eye(8), np.tile([0, 0, 1.0], (8, 1))])
    joint = np.block([[prior * np.eye(8), np.zeros((8, 3))], [np.zeros((3, 8)), spread**2 * np.eye(3)]])
    cross = target @ joint @ np.hstack([x, z]).T
    gain = cross[:, keep] @ np.linalg.inv(covariance[np.ix_(keep, keep)])
    np.testing.assert_allclose(values, gain @ y[keep], atol=1e-4)
    exact = np.diag(target @ joint @ target.T - gain @ cross[:, keep].T)
    np.testing.assert_allclose(ses, np.sqrt(exact), atol=1e-3)


def test_the_spread_maximises_the_restricted_likelihood():
    """Restricted likelihood as that of contrasts that sweep the specialties out, by scipy's normal."""
    rng = np.random.default_rng(4)
    cell, year = np.repeat(np.arange(12), 2), np.tile([0, 1], 12)
    se = rng.uniform(0.05, 0.15, 24)
    y = 0.3 * year + 0.1 * rng.standard_normal(24) + se * rng.standard_normal(24)
    _, _, spread = combine_years(y, se, cell, year)
    contrast = np.kron(np.eye(12), [[1.0, -1.0]])
    z = np.eye(2)[year]

    def likelihood(s):
        return multivariate_normal(
            np.zeros(12), contrast @ (np.diag(se**2) + s**2 * z @ z.T) @ contrast.T
        ).logpdf(contrast @ y)

    grid = np.linspace(0.01, 1.0, 500)
    assert spread == pytest.approx(grid[np.argmax([likelihood(s) for s in grid])], abs=0.004)


def test_the_spread_and_what_follows_move_with_the_estimates():
    """Where the likelihood is hardly higher than at zero too: no threshold there turns a year effect on."""
    rng = np.random.default_rng(4)
    cell, year, se = np.repeat(np.arange(12), 2), np.tile([0, 1], 12), np.full(24, 0.1)
    noise = 0.1 * rng.standard_normal(24)
    noise -= np.where(year == 1, 1, -1) * (noise[year == 1].mean() - noise[year == 0].mean()) / 2
    shifts = np.linspace(0, 0.2, 801)
    found = [combine_years(noise + shift * year, se, cell, year) for shift in shifts]
    spreads = np.array([f[2] for f in found])
    assert spreads[0] == 0 and spreads[-1] > 0.1
    assert np.abs(np.diff(spreads**2)).max() < 0.0005
    assert np.abs(np.diff([f[0] for f in found], axis=0)).max() < 0.002
    assert np.abs(np.diff([f[1] for f in found], axis=0)).max() < 0.003


def test_leaving_a_specialty_out_changes_no_others_numbers(real):
    cells = measured_cells(real, "contiguous_ranks")
    whole = own_slopes(list(cells.values()), np.random.default_rng(3), ln_ranks, RANK_LIMITS)
    keys = [k for k in cells if k[1] != "Family Medicine"]
    part = own_slopes([cells[k] for k in keys], np.random.default_rng(3), ln_ranks, RANK_LIMITS)
    before = dict(zip(cells, whole.newest, strict=True))
    for key, slope in zip(keys, part.newest, strict=True):
        if slope is not None:
            assert slope.se_rounding == pytest.approx(before[key].se_rounding, rel=1e-9)
            assert slope.value == pytest.approx(before[key].value, rel=1e-9)


def test_all_real_slopes_take_two_seconds_at_most(real):
    """Agreement with statsmodels stands in test_logistic."""
    started = time.process_time()
    for measure, transform, limits in (
        ("step2_ck", step2_u, SCORE_RANGE),
        ("contiguous_ranks", ln_ranks, RANK_LIMITS),
    ):
        own_slopes(list(measured_cells(real, measure).values()), np.random.default_rng(0), transform, limits)
    assert time.process_time() - started < 2


def test_ranges_hold_the_truth_of_the_newest_year():
    rng, held = np.random.default_rng(6), []
    for _ in range(200):
        years = np.arange(5)
        shock = rng.normal(0, 0.1, 5)
        truth = rng.normal(0.3, 0.1, 10)
        cell, year = np.repeat(np.arange(10), 5), np.tile(years, 10)
        se = rng.uniform(0.05, 0.3, 50)
        y = truth[cell] + shock[year] + se * rng.standard_normal(50)
        values, ses, _ = combine_years(y, se, cell, year)
        held.append(np.abs(values - truth - shock[4]) < 1.2816 * ses)
    assert np.mean(held) == pytest.approx(0.8, abs=0.03)


def test_levels_are_the_last_state_of_a_local_level_model():
    """Against statsmodels' Kalman smoother, equal sampling variances, an approximately flat start."""
    y, v, delta = np.array([0.1, 0.4, 0.2, 0.5, 0.45]), 0.02, 0.15
    found = levels_by_year([[(2026 - k, y[::-1][k], v) for k in range(5)]], delta)
    model = UnobservedComponents(y, "llevel")
    model.ssm.initialize_approximate_diffuse(1e8)
    kalman = model.smooth([v, delta**2])
    assert found.drift == pytest.approx(delta)  # these steps are no larger than that
    assert found.values[0] == pytest.approx(kalman.smoothed_state[0, -1], abs=1e-5)
    assert found.ses[0] == pytest.approx(np.sqrt(kalman.smoothed_state_cov[0, 0, -1]), abs=1e-5)
    assert found.years == (2026, 2025, 2024, 2023, 2022) and 0 < found.newest_weight[0] < 1


def test_without_a_drift_older_years_say_nothing_and_with_a_large_one_little():
    history = [[(2026, 0.0, 0.01), (2025, 1.0, 0.01)], [(2025, 0.3, 0.02)], []]
    alone = levels_by_year(history, None)
    assert alone.values[0] == 0 and np.isnan(alone.values[1:]).all() and alone.years == (2026,)
    wide = levels_by_year(history, 3.0)
    assert abs(wide.values[0]) < 0.01 and wide.newest_weight[0] > 0.99
    assert wide.values[1] == pytest.approx(0.3) and wide.ses[1] == pytest.approx(np.sqrt(0.02 + 9.0))


def test_cells_that_move_more_than_the_series_say_so():
    rng = np.random.default_rng(1)
    steps = [(float(rng.normal(0, np.sqrt(0.01 + gap * 0.3**2))), 0.01, gap) for gap in (1.0, 2.0) * 200]
    assert cells_drift(steps, 0.1) == pytest.approx(0.3, abs=0.04)
    assert cells_drift(steps[:2], 0.1) == 0.1 and cells_drift([(0.0, 0.01, 1.0)] * 5, 0.1) == 0.1


RATES = [
    {"applicant_type": "non-us-img", "year": y, "match_rate": r}
    for y, r in ((2022, 0.58), (2023, 0.59), (2024, 0.58), (2025, 0.585), (2026, 0.565))
]


def two_years(old, new):
    names = ("Neurology", "Pediatrics", "Pathology", "Psychiatry")
    return tidy(
        counts=[
            counts(s, *n, year=year)
            for year, cells in ((2025, old), (2026, new))
            for s, n in zip(names, cells, strict=True)
        ],
        quartiles=[row for year in (2025, 2026) for s in names for row in quartiles(s, HIGH, LOW, year=year)],
        rates=RATES,
    )


def test_the_newest_year_sets_the_level_and_older_ones_draw_it_a_little():
    made = two_years([(400, 400)] * 4, [(3000, 1000), (60, 20), (None, None), (300, 300)])
    found = train(made, draws=100)
    fit = found.fits["non-us-img"]
    assert fit.year == 2026 and fit.level_years.years == (2026, 2025)
    level = dict(zip(fit.specialties, fit.levels.values, strict=True))
    assert 0.9 * logit(0.75) < level["Neurology"] < logit(0.75)
    assert level["Pediatrics"] < level["Neurology"]  # fewer this year, so the year before counts for more
    assert level["Pathology"] == pytest.approx(0.0) and fit.matched[fit.specialties.index("Pathology")] == 0
    weights = dict(zip(fit.specialties, fit.level_years.newest_weight, strict=True))
    assert weights["Pathology"] == 0 < weights["Pediatrics"] < weights["Neurology"] < 1


def test_the_same_table_in_two_years_narrows_the_slope():
    one = tidy(
        counts=[counts(s, 400, 300) for s in ("Neurology", "Pediatrics", "Pathology")],
        quartiles=[r for s in ("Neurology", "Pediatrics", "Pathology") for r in quartiles(s, HIGH, LOW)],
    )
    two = two_years([(400, 300)] * 4, [(400, 300)] * 4)
    fits = [
        fit_type(t, "non-us-img", newest_counts(t)["non-us-img"], np.random.default_rng(0), Normals(0, 100))
        for t in (one, two)
    ]
    assert fits[1].slopes.ses[0] == pytest.approx(fits[0].slopes.ses[0] / np.sqrt(2), rel=0.03)
    assert fits[1].slopes.values[0] == pytest.approx(fits[0].slopes.values[0], rel=0.02)


def test_level_pool_takes_older_counts_in_their_order():
    pooled, whole, levels = level_pool(
        [50, 0], [50, 0], [(2024, np.array([900, 30]), np.array([100, 30]))], 2026, 0.2
    )
    assert whole.tolist() == [True, False]
    assert 0.5 < expit(pooled.values[0]) < 0.9 and pooled.values[1] == pytest.approx(0.0)
    assert levels.newest_weight[1] == 0
