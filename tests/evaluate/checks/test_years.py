"""One-year-ahead ranges: against simulated walks, arithmetic and scipy; and what the real series shows."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import beta, binom

from matchmodel.evaluate.checks.years import ERAS, FEWEST_CHANGES, Z80, coverage_by_era, one_year_ahead
from matchmodel.evaluate.forecast import interval_score
from matchmodel.fit.drift import drift_per_year


def series(logits, years=None):
    return pd.DataFrame(
        {
            "year": range(1982, 1982 + len(logits)) if years is None else years,
            "applicant_type": "x",
            "match_rate": expit(np.asarray(logits)),
        }
    )


@pytest.mark.parametrize("length", [8, 45])
def test_a_true_random_walk_is_covered_as_often_as_said(length):
    """Few changes or many: Student's t carries the difference."""
    inside = [
        one_year_ahead(series(np.cumsum(np.random.default_rng(seed).normal(0, 0.12, length))), "x")["inside"]
        for seed in range(400 if length == 8 else 80)
    ]
    assert np.mean(np.concatenate(inside)) == pytest.approx(0.8, abs=0.03)


def test_a_range_knows_only_the_years_before():
    logits = np.array([0.0, 0.1, -0.1, 0.2, 0.1, 0.5])
    found = one_year_ahead(series(logits), "x")
    changed = one_year_ahead(series([*logits[:-1], 3.0]), "x")
    assert list(found["year"]) == [1986, 1987] and FEWEST_CHANGES == 3
    assert changed[["low", "high"]].equals(found[["low", "high"]])
    width = Z80 * drift_per_year(range(1982, 1987), expit(logits[:5]))
    assert found.iloc[-1]["low"] == pytest.approx(expit(0.1 - width)) and found.iloc[-1][
        "high"
    ] == pytest.approx(expit(0.1 + width))


def test_only_years_whose_predecessor_is_known_are_scored():
    found = one_year_ahead(
        series(np.zeros(8) + 0.1 * np.arange(8) % 0.3, [1990, 1991, 1992, 1993, 1994, 1997, 1998, 2000]), "x"
    )
    assert list(found["year"]) == [1994, 1998]


def test_coverage_has_clopper_and_pearsons_interval():
    scores = {"score": 0.2, "last_inside": True, "last_score": 0.3}
    frame = pd.DataFrame(
        {
            "applicant_type": "x",
            "year": range(2000, 2010),
            "rate": 0.5,
            "low": 0.4,
            "high": 0.6,
            "inside": [True] * 7 + [False] * 3,
            **scores,
        }
    )
    row = coverage_by_era(frame, eras=((1990, 1999),)).iloc[0]
    assert (row["years"], row["inside"], row["era"]) == (10, 7, "2000-2009")
    assert row["low"] == pytest.approx(beta.ppf(0.025, 7, 4)) and row["high"] == pytest.approx(
        beta.ppf(0.975, 8, 3)
    )
    assert row["mean_width"] == pytest.approx(0.2)
    assert (row["score"], row["last_coverage"], row["last_score"]) == (
        pytest.approx(0.2),
        1,
        pytest.approx(0.3),
    )


@pytest.mark.parametrize("kind", ["us-img", "non-us-img"])
def test_80_percent_lies_in_the_interval_of_the_measured_coverage(tidy, kind):
    frame = one_year_ahead(tidy.table("rates"), kind)
    found = coverage_by_era(frame)
    assert len(found) == 1 + len(ERAS) and found["holds_80"].all()
    assert not set(frame["year"]) & {2009, 2010, 2011, 2014, 2019, 2023, 2012, 2015, 2020, 2024}
    assert logit(frame["high"]).gt(logit(frame["low"])).all()


def test_each_year_is_scored_beside_as_last_year():
    """The interval score by hand; 'as last year' knows the luck of the draw alone."""
    rates = series(np.array([0.0, 0.1, -0.1, 0.2, 0.1, 0.5])).assign(
        active_applicants=[np.nan, 400, np.nan, np.nan, np.nan, np.nan]
    )
    row = one_year_ahead(rates, "x").iloc[-1]
    assert row["score"] == pytest.approx(interval_score(row["low"], row["high"], row["rate"], 80))
    assert (row["last_low"], row["last_high"]) == pytest.approx(
        tuple(binom.ppf([0.1, 0.9], 400, expit(0.1)) / 400)
    )
    assert not row["last_inside"] and row["last_score"] == pytest.approx(
        interval_score(row["last_low"], row["last_high"], row["rate"], 80)
    )
    blank = one_year_ahead(series(np.array([0.0, 0.1, -0.1, 0.2, 0.1])), "x").iloc[-1]
    assert blank["last_low"] == blank["last_high"] == pytest.approx(expit(0.2))


@pytest.mark.parametrize("kind", ["us-img", "non-us-img"])
def test_the_drift_scores_better_than_as_last_year(tidy, kind):
    frame = one_year_ahead(tidy.table("rates"), kind)
    assert frame["score"].mean() < frame["last_score"].mean()
