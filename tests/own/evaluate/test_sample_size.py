"""Sample-size criteria against published examples, the authors' own software, limits and simulation."""

from math import inf

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from scipy.stats import norm

from matchmodel.own.evaluate.sample_size import (
    Criterion,
    absolute_error,
    adjusted_r2,
    development,
    largest_r2,
    optimism,
    overall_risk,
    shrinkage,
    slope_information,
    validation,
)

# (R2 of Cox and Snell, parameters, share): applicants asked for by shrinkage, optimism and overall share.
# From pmsampsize 0.1.0 (by the authors of the criteria), type 'b'. The first is the example in its manual;
# the second Riley et al., BMJ 2020, pre-eclampsia.
PMSAMPSIZE = {
    (0.288, 24, 0.174): (623, 662, 221),
    (0.05, 30, 0.05): (5249, 1770, 73),
    (0.1, 1, 0.45): (85, 25, 381),
}


@pytest.mark.parametrize("case", PMSAMPSIZE)
def test_the_authors_software_asks_for_as_many(case):
    r2, parameters, share = case
    assert (shrinkage(r2, parameters), optimism(r2, share, parameters), overall_risk(share)) == PMSAMPSIZE[
        case
    ]


def test_absolute_error_of_the_pre_eclampsia_example():
    assert absolute_error(0.05, 30) == 544  # Riley et al., BMJ 368:m441, 2020
    assert absolute_error(0.3, 6) == absolute_error(0.7, 6)


def test_validation_as_the_authors_software():
    """pmvalsampsize 0.2.1, type 'b', prevalence 0.4, log odds N(-0.5, 1): 577 for O/E, 2,747 for the slope.

    The slope's number is by a million draws.
    """
    log_odds = norm.ppf((np.arange(20_000) + 0.5) / 20_000, -0.5, 1.0)
    expected, slope = validation(log_odds, 0.4)
    assert expected.asked == pytest.approx(577, abs=1)  # its error is searched in steps of 0.0001
    assert slope.asked == pytest.approx(2747, rel=0.01)
    assert expected.met and slope.met


def test_largest_r2():
    assert largest_r2(0.5) == pytest.approx(0.75)
    assert largest_r2(0.174) == pytest.approx(0.6032086677670351, abs=1e-12)  # pmsampsize
    assert largest_r2(0.01) < largest_r2(0.1) == pytest.approx(largest_r2(0.9))


def test_more_is_asked_where_less_is_explained_and_nothing_helps_where_nothing_is():
    asked = [shrinkage(r2, 1) for r2 in (0.3, 0.1, 0.03, 0.01)]
    assert asked == sorted(asked)
    assert shrinkage(0.0, 1) == optimism(0.0, 0.4, 1) == inf
    assert [shrinkage(0.1, p) for p in (1, 2, 4)] == sorted(shrinkage(0.1, p) for p in (1, 2, 4))


def test_information_is_that_of_a_fit_to_right_predictions():
    x = np.random.default_rng(4).normal(-0.2, 0.8, 3000)
    design = sm.add_constant(x)
    weights = (expit(x) * expit(-x))[:, None]
    covariance = np.linalg.inv(design.T @ (weights * design))
    assert 1 / (len(x) * slope_information(x)) == pytest.approx(covariance[1, 1], rel=1e-9)
    assert slope_information(np.full(50, 0.7)) == pytest.approx(0, abs=1e-12)
    assert validation(np.full(50, 0.7), 0.6)[1].asked == inf


def test_shrinkage_is_what_new_applicants_show():
    """At the n for a shrinkage of 0.9, slopes of one predictor are 0.9 of themselves in new applicants."""
    rng = np.random.default_rng(8)
    truth = 0.6
    x = rng.normal(size=200_000)
    p = expit(truth * x)
    y = rng.random(len(x)) < p
    fit = sm.GLM(y.astype(float), sm.add_constant(x), family=sm.families.Binomial()).fit()
    null = len(y) * (y.mean() * np.log(y.mean()) + (1 - y.mean()) * np.log(1 - y.mean()))
    r2 = adjusted_r2(fit.llf, null, len(y))
    n = shrinkage(r2, 1)
    slopes = []
    for _ in range(400):
        x = rng.normal(size=n)
        y = (rng.random(n) < expit(truth * x)).astype(float)
        slopes.append(sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit().params[1])
    slopes = np.array(slopes)
    slopes *= (
        truth / slopes.mean()
    )  # the formula leaves out that slopes of small samples lie a few per cent away from 0
    best = (slopes * truth).mean() / (
        slopes**2
    ).mean()  # the factor on the fitted slope that is nearest to the truth
    assert best == pytest.approx(0.9, abs=0.03)


def test_adjusted_r2_is_smaller_and_never_negative():
    assert 0 < adjusted_r2(-640, -690, 1000) < 1 - np.exp(-2 * 50 / 1000)
    assert adjusted_r2(-690, -690, 1000) == adjusted_r2(-689.6, -690, 1000) == 0


def test_a_criterion_says_how_many_it_asks_for_and_how_many_there_are():
    assert Criterion("this", 381, 60).line == "this: asks for 381, there are 60 (not met)"
    assert Criterion("this", 1381, 1381).line == "this: asks for 1,381, there are 1,381 (met)"
    assert "more than any number would give" in Criterion("this", inf, 60).line
    assert [c.met for c in development(400, 0.5, 0.1)] == [True] * 4 and not development(300, 0.5, 0.1)[0].met
