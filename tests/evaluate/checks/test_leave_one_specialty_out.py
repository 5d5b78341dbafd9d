"""Each specialty from the others: known truth, and nothing of the one left out."""

import numpy as np
import pandas as pd
import pytest

from matchmodel.evaluate.checks.leave_one_specialty_out import leave_one_out, level_errors, predict_left_out
from matchmodel.fit.tables.pooling import pool

from ..conftest import PRIMARY


@pytest.mark.parametrize("line", [False, True])
def test_ranges_hold_80_percent_of_estimates_when_the_model_is_right(line):
    rng = np.random.default_rng(5)
    hits = []
    for _ in range(60):
        ses, x = rng.uniform(0.03, 0.3, 17), rng.normal(0, 1, 17)
        values = 0.3 + 0.4 * line * x + rng.normal(0, 0.12, 17) + ses * rng.standard_normal(17)
        pooled = pool(values, ses, x if line else None)
        for j in range(0, 17, 4):
            _, draws = predict_left_out(pooled, j, rng.standard_normal((800, 5)))
            low, high = np.quantile(draws, [0.1, 0.9])
            hits.append(low <= values[j] <= high)
    assert np.mean(hits) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("regressor", [None, np.array([0.3, -1.0, 0.2, 0.5, 0.0])])
def test_the_one_left_out_does_not_predict_itself(regressor):
    values, ses = np.array([0.1, 0.3, 0.2, 0.4, 0.35]), np.full(5, 0.05)
    normals = np.random.default_rng(1).standard_normal((500, 5))
    mean, draws = predict_left_out(pool(values, ses, regressor), 2, normals)
    other_mean, other_draws = predict_left_out(
        pool(np.array([0.1, 0.3, 9.0, 0.4, 0.35]), ses, regressor), 2, normals
    )
    assert mean == pytest.approx(other_mean)
    np.testing.assert_allclose(draws, other_draws)


def test_the_line_is_followed():
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 5.0])
    mean, _ = predict_left_out(
        pool(1.0 + 0.5 * x, np.full(6, 0.01), x), 5, np.random.default_rng(1).standard_normal((50, 5))
    )
    assert mean == pytest.approx(3.5, abs=1e-6)


@pytest.fixture(scope="module")
def found(inputs) -> pd.DataFrame:
    return leave_one_out(inputs.trained, PRIMARY, inputs.participation)


def test_every_quantity_is_predicted(found):
    sizes = found.groupby("what")["inside"].size().to_dict()
    assert sizes == {
        "slope": 17,
        "rate": 24,
        "rank slope": 16,
        "usual number": 3,
        "us-img odds ratio": 22,
        "share who rank": 3,
    }
    assert ((found["low"] < found["predicted"]) & (found["predicted"] < found["high"])).all()


@pytest.mark.parametrize("what", ["slope", "rate", "rank slope", "us-img odds ratio"])
def test_80_percent_of_the_real_estimates_are_possible(found, what):
    assert (
        found[found["what"] == what]["inside"].mean() >= 0.65
    )  # a 95% binomial interval around 80% of 17 begins at 11 of 17


def test_measured_rates_are_the_counts(found, trained):
    fit = trained.fits[PRIMARY]
    j = fit.specialties.index("Internal Medicine")
    rates = found[found["what"] == "rate"].set_index("specialty")
    assert rates.loc["Internal Medicine", "measured"] == pytest.approx(
        fit.matched[j] / (fit.matched[j] + fit.not_matched[j])
    )


def test_the_line_in_competition_halves_the_levels_error(trained):
    errors = level_errors(trained, PRIMARY)
    assert errors["line"] < 0.5 < errors["mean"]
