"""What a cohort's quartiles, extremes and number allow for its mean and its standard deviation.

Exact: for every pair of mean and standard deviation within the bounds there is a sample with the printed
figures, and for none outside.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

QUANTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}


class Printed(NamedTuple):
    """A printed figure and half the unit that it is rounded to."""

    value: float
    half: float


class Interval(NamedTuple):
    """From, to."""

    low: float
    high: float


class Boxes(NamedTuple):
    """Between which bounds each value of the sorted sample lies, shape (n,) each; both rise."""

    low: np.ndarray
    high: np.ndarray

    @property
    def possible(self) -> bool:
        """Whether any sample fits."""
        return bool((self.low <= self.high).all())


def boxes(figures: Mapping[str, Printed], n: int, low: float, high: float) -> Boxes:
    """Return what the printed figures say of each of the n sorted values.

    A quantile p of n sorted values is a value at, or between two values about, a place between n p - 1/2 and
    n p + 1, whichever of the nine definitions is used (Hyndman & Fan, The American Statistician 50:361, 1996,
    table 1: n p - 1/2 rounded in the third, n p + 1 in the second, (n - 1) p + 1 in the seventh). So the
    values up to floor(n p - 1/2) are at most the quantile and those from ceil(n p + 1) on at least it. The
    minimum is the first value, the maximum the last. A figure printed to a unit lies within half of it.

    Parameters
    ----------
    figures
        Those given of min, q1, median, q3 and max.
    n
        How many values there are.
    low, high
        Bounds of any value.
    """
    least, most = np.full(n, float(low)), np.full(n, float(high))
    for name, p in QUANTILES.items():
        if name in figures:
            value, half = figures[name]
            below, above = int(np.floor(n * p - 0.5)), int(np.ceil(n * p + 1))
            least[above - 1 :] = np.maximum(least[above - 1 :], value - half)
            most[: max(below, 0)] = np.minimum(most[: max(below, 0)], value + half)
    if "min" in figures:
        value, half = figures["min"]
        least, most[0] = np.maximum(least, value - half), min(most[0], value + half)
    if "max" in figures:
        value, half = figures["max"]
        most, least[-1] = np.minimum(most, value + half), max(least[-1], value - half)
    return Boxes(np.maximum.accumulate(least), np.minimum.accumulate(most[::-1])[::-1])


def mean_bounds(sample: Boxes) -> Interval:
    """Return the least and the greatest mean: that of all lower bounds, and that of all upper ones."""
    return Interval(float(sample.low.mean()), float(sample.high.mean()))


def sd_bounds(sample: Boxes, mean: Interval) -> Interval:
    """Return the least and the greatest standard deviation of a sample whose mean lies in an interval.

    With a mean m, the sum of squares is least where every value is as near to one level t as its bounds
    allow, x_i = min(max(t, low_i), high_i), t such that their mean is m; it is convex in m. It is greatest
    where the values above some place are at their upper bounds and those below it at their lower ones: this
    sample majorizes every other of its sum, since its k largest values add up to the most that bounds or sum
    allow, and a sum of squares is Schur-convex (Marshall, Olkin & Arnold, Inequalities, 2nd ed. 2011, 3.C.1).
    Between two such places it is convex in m too, so it is greatest at one of them or at an end.

    The least is divided by n and the greatest by n - 1, since reports do either.

    Parameters
    ----------
    sample
        Of at least two values.
    mean
        Where the mean lies; within the bounds that `mean_bounds` gives.

    Returns
    -------
    Interval
        In the unit of the values; infinite at the upper end where nothing bounds it.
    """
    n, low, high = len(sample.low), sample.low, sample.high
    possible = mean_bounds(sample)
    least, most = max(mean.low, possible.low), min(mean.high, possible.high)
    if not np.isfinite(most):
        return Interval(_least(sample, Interval(least, np.inf)), np.inf)
    high = np.minimum(high, max(n * most - float(low[:-1].sum()), float(low[-1])))
    # sums[k]: the k largest at their upper bounds, the others at their lower ones
    ends = low.sum() + np.concatenate([[0.0], np.cumsum((high - low)[::-1])])
    inside = (ends >= n * least) & (ends <= n * most)
    totals = np.concatenate([ends[inside], [n * least, n * most]])
    raised = np.clip(np.searchsorted(ends, totals, side="right") - 1, 0, n)
    centre = float(np.median(low))  # squares about it, so that digits are kept
    from_high = np.concatenate([[0.0], np.cumsum(((high - centre) ** 2)[::-1])])
    from_low = np.concatenate([[0.0], np.cumsum((low - centre) ** 2)])
    part = np.minimum(raised, n - 1)
    whole = raised == n
    moved = low[n - 1 - part] + (totals - ends[part])
    squares = np.where(whole, from_high[n], from_high[part] + from_low[n - 1 - part] + (moved - centre) ** 2)
    variance = (squares - n * (totals / n - centre) ** 2) / (n - 1)
    return Interval(_least(sample, Interval(least, most)), float(np.sqrt(max(variance.max(), 0.0))))


def _least(sample: Boxes, mean: Interval) -> float:
    """The least standard deviation: about the mean nearest to that of the narrowest sample."""
    changes = (sample.low[1:] != sample.low[:-1]) | (sample.high[1:] != sample.high[:-1])
    first = np.flatnonzero(np.append(True, changes))
    low, high = sample.low[first], sample.high[first]  # alike ones once, with how many they are
    share = np.diff(np.append(first, len(sample.low))) / len(sample.low)

    def fitted(level: float) -> np.ndarray:
        values: np.ndarray = np.minimum(np.maximum(level, low), high)
        return values

    def level_where(rises: Callable[[float], bool]) -> float:
        start, end = float(low[0]), float(max(low[-1], *high[np.isfinite(high)], low[-1]))
        for _ in range(60):
            middle = (start + end) / 2
            start, end = (middle, end) if rises(middle) else (start, middle)
        return (start + end) / 2

    level = level_where(lambda t: float(share @ fitted(t)) > t)
    aim = float(np.clip(share @ fitted(level), mean.low, mean.high))
    values = fitted(level_where(lambda t: float(share @ fitted(t)) < aim))
    return float(np.sqrt(share @ (values - share @ values) ** 2))
