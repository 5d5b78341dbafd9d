"""Calibration measures: perfect predictions score perfectly, spoiled ones do not."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import binom
from sklearn.linear_model import LogisticRegression

from matchmodel.evaluate.hold_out.calibration import binomial_mean_deviation, calibrate

TRUTH = np.linspace(0.1, 0.9, 40)
TOTAL = np.full(40, 5000.0)


def counts(seed=1):
    return np.random.default_rng(seed).binomial(TOTAL.astype(int), TRUTH).astype(float)


def test_exact_shares_have_slope_one_and_no_error():
    found = calibrate(TRUTH, TRUTH * TOTAL, TOTAL)
    assert found.slope == pytest.approx(1, abs=1e-9)
    assert found.intercept == pytest.approx(0, abs=1e-9)
    assert found.mean_error == pytest.approx(0, abs=1e-12)


def test_true_probabilities_reach_the_floor():
    found = calibrate(TRUTH, counts(), TOTAL)
    assert abs(found.slope - 1) < 3 * found.slope_se
    assert found.ratio == pytest.approx(1, abs=0.3)


SPOILED = {
    "too timid": (expit(logit(TRUTH) / 1.4), 1.4),
    "too bold": (expit(logit(TRUTH) * 1.4), 1 / 1.4),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_slope_is_seen_and_the_auc_does_not_see_it(name):
    predicted, slope = SPOILED[name]
    found, right = calibrate(predicted, counts(), TOTAL), calibrate(TRUTH, counts(), TOTAL)
    assert found.slope == pytest.approx(slope, abs=0.05)
    assert found.ratio > 3
    assert found.auc == pytest.approx(right.auc, abs=1e-9)
    assert found.brier.value > right.brier.value and found.log_loss.value > right.log_loss.value


def test_a_spoiled_level_is_seen():
    found = calibrate(expit(logit(TRUTH) + 0.5), counts(), TOTAL)
    assert found.intercept == pytest.approx(-0.5, abs=0.05)
    assert found.ratio > 3


def test_slope_agrees_with_scikit_learn():
    predicted, matched = expit(logit(TRUTH) * 0.8 + 0.2), counts(3)
    x = np.tile(logit(predicted), 2)[:, None]
    y = np.repeat([1, 0], len(predicted))
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8)
    model.fit(x, y, sample_weight=np.concatenate([matched, TOTAL - matched]))
    found = calibrate(predicted, matched, TOTAL)
    assert found.slope == pytest.approx(model.coef_[0, 0], abs=1e-6)
    assert found.intercept == pytest.approx(model.intercept_[0], abs=1e-6)


@pytest.mark.parametrize("n", [1, 2, 7, 40, 333])
@pytest.mark.parametrize("p", [0.01, 0.2, 0.5, 0.8, 0.99])
def test_mean_deviation_is_the_sum_over_the_binomial(n, p):
    k = np.arange(n + 1)
    assert binomial_mean_deviation(n, p) == pytest.approx(
        np.sum(binom.pmf(k, n, p) * np.abs(k / n - p)), rel=1e-9
    )


def test_bins_without_applicants_do_not_count():
    found = calibrate([0.4, 0.6, 0.9], [8, 12, 0], [20, 20, 0])
    assert (found.bins, found.applicants) == (2, 40)
    assert found.mean_error == pytest.approx(0, abs=1e-12)


def test_scores_lie_between_base_rate_and_the_bins_own_shares():
    matched = counts(4)
    found = calibrate(TRUTH, matched, TOTAL)
    share, rate = matched / TOTAL, matched.sum() / TOTAL.sum()

    def log_loss(p):
        return -np.average(share * np.log(p) + (1 - share) * np.log1p(-p), weights=TOTAL)

    assert found.log_loss.value == pytest.approx(log_loss(TRUTH))
    assert found.log_loss.base == pytest.approx(log_loss(np.full(40, rate)))
    assert found.log_loss.saturated == pytest.approx(log_loss(share))
    assert found.brier.base == pytest.approx(rate * (1 - rate))
    assert found.brier.saturated == pytest.approx(np.mean(share * (1 - share)))
    assert 0.99 < found.log_loss.explained < 1


def test_groups_have_base_rates_of_their_own():
    found = calibrate([0.2, 0.2, 0.8, 0.8], [20, 20, 80, 80], [100] * 4, ["a", "a", "b", "b"])
    assert found.log_loss.base == pytest.approx(found.log_loss.value) and np.isnan(found.log_loss.explained)


def test_the_level_alone_is_the_shift_that_returns_the_total():
    log_odds = logit(TRUTH) * 0.7 - 0.3
    found = calibrate(expit(log_odds), counts(), TOTAL)
    assert expit(log_odds + found.in_the_large) @ TOTAL == pytest.approx(counts().sum(), rel=1e-6)
