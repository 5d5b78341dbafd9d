"""Each specialty from the others: known truth, and nothing of the one left out."""

import numpy as np
import pytest

from matchmodel.evaluate.left_out import left_out, predict_left_out
from matchmodel.fit.pooling import Pool, pool


def test_ranges_hold_80_percent_of_estimates_when_the_model_is_right():
    rng = np.random.default_rng(5)
    hits = []
    for _ in range(60):
        ses = rng.uniform(0.03, 0.3, 17)
        values = rng.normal(0.3, 0.12, 17) + ses * rng.standard_normal(17)
        pooled = pool(values, ses)
        for j in range(0, 17, 4):
            _, draws = predict_left_out(pooled, j, rng.standard_normal((800, 4)))
            low, high = np.quantile(draws, [0.1, 0.9])
            hits.append(low <= values[j] <= high)
    assert np.mean(hits) == pytest.approx(0.8, abs=0.05)


def test_the_one_left_out_does_not_predict_itself():
    values, ses = np.array([0.1, 0.3, 0.2, 0.4, 0.35]), np.full(5, 0.05)
    normals = np.random.default_rng(1).standard_normal((500, 4))
    mean, draws = predict_left_out(pool(values, ses), 2, normals)
    other_mean, other_draws = predict_left_out(pool([0.1, 0.3, 9.0, 0.4, 0.35], ses), 2, normals)
    assert mean == pytest.approx(other_mean)
    np.testing.assert_allclose(draws, other_draws)
    assert isinstance(pool(values, ses), Pool)


def test_on_the_real_table_80_percent_is_possible(trained):
    found = left_out(trained, "non-us-img")
    assert found.groupby("what")["inside"].size().to_dict() == {"slope": 17, "rate": 24, "us-img odds ratio": 22}
    share = found.groupby("what")["inside"].mean()
    assert (share >= 0.65).all()  # a two-sided 95% binomial interval around 80% of 17 begins at 11 of 17
    outside = found[(found["what"] == "slope") & ~found["inside"]]
    assert list(outside["specialty"]) == ["Family Medicine"]
    assert ((found["low"] < found["predicted"]) & (found["predicted"] < found["high"])).all()
    rates = found[found["what"] == "rate"].set_index("specialty")
    fit = trained.fits["non-us-img"]
    j = fit.specialties.index("Internal Medicine")
    assert rates.loc["Internal Medicine", "measured"] == pytest.approx(fit.matched[j] / (fit.matched[j] + fit.not_matched[j]))
