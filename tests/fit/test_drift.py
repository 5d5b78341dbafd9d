"""The drift against simulated random walks and arithmetic."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm, t

from matchmodel.fit.drift import drift_per_year, drifts

from .made import tidy


def few(changes):
    """How much wider Student's 80% range is than the normal one for so many changes."""
    return t.ppf(0.9, changes) / norm.ppf(0.9)


@pytest.mark.parametrize("years", [np.arange(1982, 2027), np.array([1982, 1985, 1986, 1991, 2000, 2001, 2003, 2010, 2026])])
@pytest.mark.parametrize("sd", [0.05, 0.12])
def test_a_random_walks_step_comes_back(years, sd):
    rng = np.random.default_rng(0)
    found = []
    for _ in range(600):
        steps = sd * np.sqrt(np.diff(years)) * rng.standard_normal(len(years) - 1)
        found.append(drift_per_year(years, expit(np.append(0.0, steps.cumsum()))) ** 2)
    weights = np.diff(years) * 0.5 ** ((years[-1] - years[1:]) / 10)
    wider = few(weights.sum() ** 2 / (weights**2).sum()) ** 2
    assert np.mean(found) == pytest.approx(wider * sd**2, abs=3.5 * np.std(found) / np.sqrt(600))


def test_equal_steps_are_their_own_size_whatever_the_weights():
    assert drift_per_year([2020, 2021, 2022, 2023], expit(np.array([0.0, 0.1, 0.0, 0.1])), half_life=1e9) == pytest.approx(0.1 * few(3))
    assert drift_per_year([2020, 2024], expit(np.array([0.0, 0.1]))) == pytest.approx(0.05 * few(1))  # sqrt(0.01/4)


def test_recent_changes_weigh_more_by_the_half_life():
    logits = np.array([0.0, 0.2, 0.2])  # a change ten years before the last, then none
    found = drift_per_year([2000, 2010, 2020], expit(logits), half_life=10)
    assert found == pytest.approx(np.sqrt(0.5 * 0.04 / (0.5 * 10 + 10)) * few(1.5**2 / 1.25))
    calmer = drift_per_year([2018, 2019, 2020], expit(np.array([0.0, 0.3, 0.3])), half_life=1)
    assert calmer == pytest.approx(0.3 * np.sqrt(1 / 3) * few(1.5**2 / 1.25))


def test_the_order_of_rows_does_not_matter():
    years, rates = np.arange(2000, 2010), np.random.default_rng(1).uniform(0.4, 0.6, 10)
    shuffled = np.random.default_rng(2).permutation(10)
    assert drift_per_year(years[shuffled], rates[shuffled]) == pytest.approx(drift_per_year(years, rates))


def test_one_year_is_refused():
    with pytest.raises(ValueError, match="two years"):
        drift_per_year([2026], [0.5])


def test_types_apart_and_impossible_rates_left_out():
    rows = [{"applicant_type": kind, "year": year, "match_rate": rate} for kind, year, rate in (
        ("us-img", 2024, 0.5), ("us-img", 2025, 0.6), ("us-img", 2026, 1.0), ("non-us-img", 2026, 0.5))]  # fmt: skip
    found = drifts(tidy(rates=rows).table("rates"))
    assert list(found) == ["us-img"]
    sd, first, last, sources = found["us-img"]
    assert (first, last, sources) == (2024, 2025, ["made"])
    assert sd == pytest.approx(logit(0.6) * few(1))


def test_both_series_have_calmed_so_recent_years_give_a_smaller_drift(trained):
    rates = trained.tidy.table("rates")
    for kind in ("us-img", "non-us-img"):
        rows = rates[rates["applicant_type"] == kind]
        early = rows[rows["year"] < 1997]
        plain = drift_per_year(rows["year"], rows["match_rate"], half_life=1e9)
        assert trained.drifts[kind][0] < plain < drift_per_year(early["year"], early["match_rate"], half_life=1e9)
