"""The smooth reliability curve: its solver, its basis, its choice, its band."""

import numpy as np
import patsy
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit

from matchmodel.own.evaluate.reliability import KNOTS, chosen, fit_many, reliability, spline


def drawn(n, seed, bend=None):
    rng = np.random.default_rng([70, seed])
    p = expit(rng.normal(0, 0.9, n))
    truth = p if bend is None else bend(p)
    return p, rng.random(n) < truth, truth


def test_many_fits_at_once_are_those_of_statsmodels():
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(400), rng.normal(size=(400, 3))])
    y = (rng.random((5, 400)) < expit(x @ [0.2, 0.6, -0.4, 0.1])).astype(float)
    weights = rng.integers(0, 4, (5, 400)).astype(float)
    found = fit_many(x, y, weights)
    for k in range(5):
        wanted = sm.GLM(y[k], x, family=sm.families.Binomial(), freq_weights=weights[k]).fit().params
        assert found[k] == pytest.approx(wanted, abs=1e-4)  # the penalty is a thousandth of an applicant


def test_separated_rows_stay_finite():
    x = np.column_stack([np.ones(40), np.linspace(-1, 1, 40)])
    assert np.isfinite(fit_many(x, (x[:, 1] > 0).astype(float), np.ones(40))).all()


@pytest.mark.parametrize("df", KNOTS)
def test_the_basis_spans_patsys_natural_spline(df):
    x = np.random.default_rng(2).normal(size=300)
    knots = np.percentile(x, KNOTS[df])
    mine = np.column_stack([np.ones(300), spline(x, knots)])
    inside = (x >= knots[0]) & (x <= knots[-1])  # patsy's is of its own mind beyond the outer knots
    theirs = np.asarray(
        patsy.dmatrix(
            f"cr(x, knots={list(knots[1:-1])}, lower_bound={knots[0]}, upper_bound={knots[-1]}) - 1",
            {"x": x[inside]},
        )
    )
    assert mine.shape[1] == theirs.shape[1] == df + 1
    fitted = theirs @ np.linalg.lstsq(theirs, mine[inside], rcond=None)[0]
    assert fitted == pytest.approx(mine[inside], abs=1e-8)


def test_straight_beyond_the_outer_knots():
    x = np.array([3.0, 4.0, 5.0, -3.0, -4.0, -5.0])
    basis = spline(x, (-1.0, -0.3, 0.4, 1.2))
    assert basis[0] - 2 * basis[1] + basis[2] == pytest.approx(0, abs=1e-9)
    assert basis[3:, 1:] == pytest.approx(0, abs=1e-12)


def test_right_predictions_are_near_the_diagonal_and_what_noise_gives():
    for seed in range(4):
        p, y, _ = drawn(1200, seed)
        found = reliability(p, y)
        assert found.ici < 0.04 and found.ici_perfect < found.ici_perfect_high < 0.04
    p, y, _ = drawn(8_000, 9)
    assert chosen(p, y).ici < 0.02


@pytest.mark.slow
def test_the_index_is_the_mean_distance_of_a_known_bend():
    def bend(p):
        return expit(0.5 * logit(p) - 0.4)

    p, y, truth = drawn(8_000, 3, bend)
    found = reliability(p, y)
    assert found.ici == pytest.approx(np.abs(truth - p).mean(), abs=0.015)
    assert found.ici > 3 * found.ici_perfect_high
    assert np.abs(np.array(found.observed) - bend(np.array(found.p))).max() < 0.06


def test_a_curve_is_chosen_where_the_truth_is_curved_and_a_line_where_it_is_not():
    curved, straight = [], []
    for seed in range(8):
        curved.append(chosen(*drawn(2000, seed, lambda p: 0.2 + 0.6 * (p > 0.5))[:2]).df)
        straight.append(chosen(*drawn(2000, seed)[:2]).df)
    assert min(curved) > 1 and np.mean(straight) < np.mean(curved) and straight.count(1) >= 5


@pytest.mark.slow
def test_the_band_holds_the_truth_about_as_often_as_it_says():
    def bend(p):
        return expit(0.8 * logit(p) + 0.25 * np.sin(3 * logit(p)))

    held = []
    for seed in range(20):
        p, y, _ = drawn(500, 100 + seed, bend)
        found = reliability(p, y)
        truth = bend(np.array(found.p))
        held.append(((np.array(found.low) <= truth) & (truth <= np.array(found.high))).mean())
    assert 0.88 <= np.mean(held) <= 0.99


def test_the_order_of_rows_makes_no_difference():
    p, y, _ = drawn(300, 4)
    order = np.random.default_rng(0).permutation(300)
    assert reliability(p, y) == reliability(p[order], y[order])


def test_few_of_the_rarer_outcome_get_a_straight_line():
    rng = np.random.default_rng(6)
    p = rng.uniform(0.2, 0.8, 200)
    y = np.arange(200) < 15
    assert chosen(p, y).df == 1


def test_what_is_told_is_the_chosen_curve():
    p, y, _ = drawn(300, 5)
    told, curve = reliability(p, y), chosen(p, y)
    assert (told.df, told.ici) == (curve.df, curve.ici)
    assert told.observed == pytest.approx(np.interp(told.p, curve.p, curve.smoothed), abs=1e-12)


def test_all_the_same_prediction():
    found = reliability(np.full(60, 0.4), np.arange(60) < 30)
    assert found.ici == pytest.approx(0.1, abs=1e-3) and found.df == 1
