"""The drift against simulated random walks and arithmetic."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm, t

from matchmodel.fit.drift import HALF_LIFE, PRIOR_CHANGES, PRIOR_SD, drift_per_year, drifts
from matchmodel.fit.evidence import priors

from .made import tidy


def wider(changes):
    """How much wider Student's 80% range is than the normal one for so many changes."""
    return t.ppf(0.9, changes) / norm.ppf(0.9)


def by_hand(weighted_squares, weights):
    """sqrt of (squares + prior squares)/(weights + prior changes), widened for Kish's number of changes."""
    weights = np.asarray(weights, float)
    variance = (weighted_squares + PRIOR_CHANGES * PRIOR_SD**2) / (weights.sum() + PRIOR_CHANGES)
    return np.sqrt(variance) * wider(weights.sum() ** 2 / (weights**2).sum() + PRIOR_CHANGES)


YEARS = {
    "every year": np.arange(1982, 2027),
    "with gaps": np.array([1982, 1985, 1986, 1991, 2000, 2001, 2003, 2010, 2026]),
}


@pytest.mark.parametrize("years", YEARS)
@pytest.mark.parametrize("sd", [0.05, 0.12])
def test_a_random_walks_step_comes_back_between_it_and_the_prior(years, sd):
    years = YEARS[years]
    rng = np.random.default_rng(0)
    found = []
    for _ in range(600):
        steps = sd * np.sqrt(np.diff(years)) * rng.standard_normal(len(years) - 1)
        found.append(drift_per_year(years, expit(np.append(0.0, steps.cumsum()))) ** 2)
    weights = np.diff(years) * 0.5 ** ((years[-1] - years[1:]) / HALF_LIFE)
    expected = by_hand(weights.sum() * sd**2, weights) ** 2
    assert np.mean(found) == pytest.approx(expected, abs=3.5 * np.std(found) / np.sqrt(600))


# years, logits, half-life, weighted squares, weights: worked by hand
CLOSED = {
    "equal steps": ([2020, 2021, 2022, 2023], [0.0, 0.1, 0.0, 0.1], 1e9, 3 * 0.01, [1, 1, 1]),
    "one step over four years": ([2020, 2024], [0.0, 0.1], 6, 4 * 0.01 / 4, [4]),
    "an old change weighs half": ([2000, 2010, 2020], [0.0, 0.2, 0.2], 10, 0.5 * 10 * 0.04 / 10, [5, 10]),
    "a change one half-life ago": ([2018, 2019, 2020], [0.0, 0.3, 0.3], 1, 0.5 * 0.09, [0.5, 1]),
    "no change at all": ([2024, 2025, 2026], [0.3, 0.3, 0.3], 6, 0.0, [0.5 ** (1 / 6), 1]),
}


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms(name):
    years, logits, half_life, squares, weights = CLOSED[name]
    assert drift_per_year(years, expit(np.array(logits)), half_life) == pytest.approx(
        by_hand(squares, weights)
    )


def test_the_order_of_rows_does_not_matter():
    years, rates = np.arange(2000, 2010), np.random.default_rng(1).uniform(0.4, 0.6, 10)
    shuffled = np.random.default_rng(2).permutation(10)
    assert drift_per_year(years[shuffled], rates[shuffled]) == pytest.approx(drift_per_year(years, rates))


def test_one_year_is_refused():
    with pytest.raises(ValueError, match="two years"):
        drift_per_year(np.array([2026]), np.array([0.5]))


def test_types_apart_and_impossible_rates_left_out():
    rows = [
        {"applicant_type": kind, "year": year, "match_rate": rate}
        for kind, year, rate in (
            ("us-img", 2024, 0.5),
            ("us-img", 2025, 0.6),
            ("us-img", 2026, 1.0),
            ("non-us-img", 2026, 0.5),
        )
    ]
    found = drifts(tidy(rates=rows).table("rates"))
    assert list(found) == ["us-img"]
    one = found["us-img"]
    assert (one.first, one.last, one.sources) == (2024, 2025, ("made",))
    assert one.sd == pytest.approx(by_hand(logit(0.6) ** 2, [1]))


def test_both_series_have_calmed_so_recent_years_give_a_smaller_drift(trained):
    rates = trained.tidy.table("rates")
    for kind in ("us-img", "non-us-img"):
        rows = rates[rates["applicant_type"] == kind]
        early = rows[rows["year"] < 1997]
        plain = drift_per_year(rows["year"], rows["match_rate"], half_life=1e9)
        assert (
            trained.drifts[kind].sd
            < plain
            < drift_per_year(early["year"], early["match_rate"], half_life=1e9)
        )


def test_draws_of_the_common_drift_have_its_size_and_are_shared_by_the_types(trained):
    us, non_us = (trained.drift_draws(kind) for kind in ("us-img", "non-us-img"))
    for kind, draws in (("us-img", us), ("non-us-img", non_us)):
        assert draws.std(ddof=1) == pytest.approx(trained.drifts[kind].sd) and draws.mean() == pytest.approx(
            0, abs=1e-12
        )
    assert np.corrcoef(us, non_us)[0, 1] == pytest.approx(1)
    assert not trained.drift_draws("us-senior").any()


def test_a_specialtys_own_drift_has_the_stated_size_and_is_its_own(trained):
    """A normal whose SD is log normal: SD^2 = 0.107^2 exp(2 0.3^2)."""
    expected = priors.OWN_DRIFT * np.exp(priors.OWN_DRIFT_LOG_SD**2)
    drawn = {s: trained.own_drift_draws(s) for s in trained.fits["non-us-img"].specialties}
    sds = [d.std(ddof=1) for d in drawn.values()]
    assert np.mean(sds) == pytest.approx(expected, rel=0.02) and np.std(sds) < 0.1 * expected
    common = trained.drift_draws("non-us-img")
    assert max(abs(np.corrcoef(d, common)[0, 1]) for d in drawn.values()) < 0.1
    assert abs(np.corrcoef(drawn["Neurology"], drawn["Pediatrics"])[0, 1]) < 0.15
