"""The logistic regression of many applicants beside statsmodels' GLM."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit

from matchmodel.own.calibrate.line import counted
from matchmodel.own.calibrate.logistic import AT_ONCE, logistic

SIZES = (200, 3_000, 2 * AT_ONCE + 7)


def drawn(n: int, seed: int, line: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(-0.5, 1.5, n)
    return x, (rng.random(n) < expit(line[0] + line[1] * x)).astype(float)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("line", [(-0.4, 0.7), (2.5, 1.8), (-2.5, 0.3)])
def test_it_is_that_of_statsmodels(n, line):
    x, y = drawn(n, n, line)
    offset = 0.3 * np.cos(x)
    binomial = sm.families.Binomial()
    for columns, design, moved in (
        ((1.0, x), sm.add_constant(x), 0.0), ((x,), x[:, None], 0.0), ((1.0,), np.ones((n, 1)), offset),
    ):  # fmt: skip
        ours = logistic(columns, y, moved)
        theirs = sm.GLM(y, design, family=binomial, offset=moved + np.zeros(n)).fit(tol=1e-12)
        assert ours.settled
        assert ours.coefficients == pytest.approx(theirs.params, abs=1e-7)
        assert ours.covariance == pytest.approx(theirs.cov_params(), rel=1e-5)
        assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-9)


def test_what_separates_the_outcomes_has_no_maximum():
    x = np.linspace(-2, 2, 50)
    for y in (x > 0, x > 5, x > -5):
        assert not logistic((1.0, x), y.astype(float)).settled
    assert not logistic((1.0, np.ones(50)), (x > 0).astype(float)).settled  # two columns that are one


def test_rows_sorted_by_outcome_are_the_same_rows():
    x, y = drawn(3 * AT_ONCE, 5, (-0.4, 0.7))
    order = np.lexsort((x, y))
    shuffled, ordered = logistic((1.0, x), y), logistic((1.0, x[order]), y[order])
    assert ordered.coefficients == pytest.approx(shuffled.coefficients, abs=1e-8)


def test_equal_applicants_are_one_that_weighs_more():
    x, y = drawn(5_000, 6, (-0.4, 0.7))
    x = np.round(x, 1)
    distinct, hits, trials = counted(x, y)
    assert len(distinct) < 200 and trials.sum() == len(x) and hits.sum() == y.sum()
    theirs = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit(tol=1e-12)
    ours = logistic((1.0, distinct), hits, 0.0, trials)
    assert ours.coefficients == pytest.approx(theirs.params, abs=1e-8)
    assert ours.covariance == pytest.approx(theirs.cov_params(), rel=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-12)
