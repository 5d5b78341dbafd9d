"""Bounds of a mean and a standard deviation, against every sample there is and against drawn ones."""

from itertools import combinations_with_replacement

import numpy as np
import pytest

from matchmodel.etl.checks.bounds import Boxes, Interval, Printed, boxes, mean_bounds, sd_bounds

METHODS = (
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen",
    "weibull", "linear", "median_unbiased", "normal_unbiased",
)  # fmt: skip


def exact(**figures):
    return {name: Printed(value, 0.0) for name, value in figures.items()}


@pytest.mark.parametrize("n", [2, 3, 5])
def test_no_sample_of_small_whole_numbers_is_outside(n):
    """Every sample of n values of 0 to 3, its quartiles by each definition."""
    seen = {}
    for sample in combinations_with_replacement(range(4), n):
        values = np.array(sample, float)
        for method in METHODS:
            points = tuple(np.quantile(values, [0.25, 0.5, 0.75], method=method))
            seen.setdefault((values[0], *points, values[-1]), []).append(values)
    for figures, samples in seen.items():
        found = boxes(exact(**dict(zip(("min", "q1", "median", "q3", "max"), figures, strict=True))), n, 0, 3)
        assert found.possible
        low, high = mean_bounds(found)
        means = [each.mean() for each in samples]
        assert low - 1e-12 <= min(means) and max(means) <= high + 1e-12
        for each in samples:
            least, most = sd_bounds(found, Interval(each.mean(), each.mean()))
            assert least - 1e-6 <= each.std() and each.std(ddof=1) <= most + 1e-6


def brute(sample, mean, step=0.5):
    """All sorted samples on a grid within the boxes whose mean is in the interval: least and greatest SD."""
    grids = [np.arange(low, high + 1e-9, step) for low, high in zip(*sample, strict=True)]
    every = np.stack(np.meshgrid(*grids), axis=-1).reshape(-1, len(grids))
    kept = every[(every.mean(axis=1) >= mean.low - 1e-9) & (every.mean(axis=1) <= mean.high + 1e-9)]
    return kept.std(axis=1).min(), kept.std(axis=1, ddof=1).max()


@pytest.mark.parametrize("seed", range(12))
def test_the_standard_deviation_is_bounded_as_by_trying_everything(seed):
    """On a grid the greatest is met exactly, since all its values but one are ends; the least nearly."""
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 5))
    low = np.sort(random.integers(0, 8, n)).astype(float)
    high = np.maximum.accumulate(low + random.integers(0, 4, n))
    sample = Boxes(low, np.maximum.accumulate(high))
    whole = float(np.round(random.uniform(*mean_bounds(sample)) * n * 2) / (n * 2))
    for mean in (mean_bounds(sample), Interval(whole, whole)):
        least, most = sd_bounds(sample, mean)
        from_grid = brute(sample, mean)
        assert most == pytest.approx(from_grid[1], abs=1e-6)
        assert least <= from_grid[0] + 1e-6 and from_grid[0] - least < 0.3


@pytest.mark.parametrize("seed", range(8))
def test_drawn_samples_with_rounded_figures_lie_within(seed):
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 400))
    values = np.round(random.normal(240, 14, n) if seed % 2 else random.exponential(3, n))
    points = np.quantile(values, [0.25, 0.5, 0.75])
    figures = dict(zip(("q1", "median", "q3"), points.round(), strict=True))
    found = boxes({name: Printed(value, 0.5) for name, value in figures.items()}, n, 0, 400)
    low, high = mean_bounds(found)
    assert low <= values.mean() <= high
    least, most = sd_bounds(found, Interval(values.mean() - 0.5, values.mean() + 0.5))
    assert least <= values.std() and values.std(ddof=1) <= most


def test_a_mean_that_its_quartiles_do_not_allow():
    """Internal medicine, 2,649 who matched: 219 for 249 is 20 points below what its quartiles force."""
    figures = {"min": 204, "q1": 241, "median": 250, "q3": 259, "max": 284}
    found = boxes({name: Printed(value, 0.5) for name, value in figures.items()}, 2649, 1, 300)
    low, high = mean_bounds(found)
    by_hand = (204 + 241 + 250 + 259) / 4 - 0.5  # to a value in thousands
    assert low == pytest.approx(by_hand, abs=0.1) and low > 219 and high < 265


def test_an_open_end_leaves_the_mean_open_and_bounds_the_spread_by_it():
    found = boxes(exact(q1=1, median=2, q3=4), 100, 0, np.inf)
    assert mean_bounds(found).high == np.inf and sd_bounds(found, mean_bounds(found)).high == np.inf
    assert sd_bounds(found, Interval(4.9, 5.1)).high < 51


def test_one_person_has_no_range():
    assert not boxes(exact(min=200, max=210), 1, 1, 300).possible
