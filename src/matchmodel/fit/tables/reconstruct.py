"""A cohort's distribution, rebuilt from the few numbers that a report prints (step 1).

Everything here is continuous in the printed numbers: what is decided is decided by the printed numbers alone,
never by the last bits of a solver. Many cohorts are rebuilt at once, one in each row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from .tilt import tilt_rows

POINTS = 99
TAILS = ("segment", "iqr", "extreme")  # how the outer quarters go on; see `quantile_points`
SHAPES = {
    "iqr": "geometric",
    "segment": "gamma",
    "extreme": "lognormal",
}  # of small whole numbers, where no tail is drawn
Z75 = float(ndtri(0.75))
WHOLE = 1e-6  # how near a printed number is to a whole one that it means
REACH = 7.0  # small whole numbers without a printed maximum end at this many times the third quartile


class Support(NamedTuple):
    """Which values a measure can take.

    Attributes
    ----------
    low, high
        Where values end when no extremes are printed.
    counts
        Small whole numbers that fall off from one, rebuilt as such (`whole_numbers`).
    log
        Skewed to the right: interpolated on the logarithm.
    """

    low: float
    high: float
    counts: bool = False
    log: bool = False


SCORE_RANGE = Support(1.0, 300.0)


@dataclass(frozen=True)
class Summary:
    """What a report prints of one cohort; NaN where it prints nothing.

    Attributes
    ----------
    n
        Applicants described.
    q1, median, q3
        Quartiles, in the measure's own unit.
    minimum, maximum, mean, sd
        The rest, in the same unit.
    """

    n: float
    q1: float
    median: float
    q3: float
    minimum: float = np.nan
    maximum: float = np.nan
    mean: float = np.nan
    sd: float = np.nan

    @property
    def known(self) -> bool:
        """Whether the three quartiles are there (False: suppressed by the report)."""
        return bool(self.n > 0 and np.isfinite([self.q1, self.median, self.q3]).all())

    @property
    def moments(self) -> bool:
        """Whether mean and SD are both there, of more than one person."""
        return bool(self.n >= 2 and np.isfinite(self.mean) and np.isfinite(self.sd))


class _Rows(NamedTuple):
    """The printed numbers of many cohorts, each of shape (r, 1)."""

    n: np.ndarray
    q1: np.ndarray
    median: np.ndarray
    q3: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray
    mean: np.ndarray
    sd: np.ndarray


def _rows(summaries: Sequence[Summary]) -> _Rows:
    table = np.array([[getattr(s, f.name) for f in fields(Summary)] for s in summaries], float)
    table[:, 1:4] = np.sort(table[:, 1:4], axis=1)
    return _Rows(*table.T[:, :, None])


def _checked(tails: Sequence[str]) -> np.ndarray:
    for tail in tails:
        if tail not in TAILS:
            raise ValueError(f"unknown tail {tail!r}; one of {', '.join(TAILS)}")
    return np.array(tails)[:, None]


def _quantile_rows(s: _Rows, tails: np.ndarray, points: int, limits: Support) -> np.ndarray:
    low_rise, high_rise = (s.median - s.q1) / Z75, (s.q3 - s.median) / Z75
    whole = (s.q3 - s.q1) / (2 * Z75)
    z_far = np.maximum(ndtri(1 - 0.625 / (s.n + 0.25)), Z75 + 0.1)
    low, high = np.isfinite(s.minimum), np.isfinite(s.maximum)
    with np.errstate(invalid="ignore"):
        to_low = np.where(low, np.maximum(s.q1 - s.minimum, 0) / (z_far - Z75), low_rise)
        to_high = np.where(high, np.maximum(s.maximum - s.q3, 0) / (z_far - Z75), high_rise)
    below = np.where(tails == "iqr", whole, np.where(tails == "extreme", to_low, low_rise))
    above = np.where(tails == "iqr", whole, np.where(tails == "extreme", to_high, high_rise))
    # the monotone cubic between equally spaced knots: harmonic mean in the middle, three points at the ends
    total = low_rise + high_rise
    middle = 2 * low_rise * high_rise / np.where(total > 0, total, 1.0)
    left, right = np.maximum((3 * low_rise - high_rise) / 2, 0), np.maximum((3 * high_rise - low_rise) / 2, 0)
    z = ndtri((np.arange(points) + 0.5) / points)
    second = z > 0
    t = np.clip(z / Z75, -1, 1) + ~second  # 0 to 1 within either half
    start, stop = np.where(second, s.median, s.q1), np.where(second, s.q3, s.median)
    start_slope, stop_slope = np.where(second, middle, left), np.where(second, right, middle)
    inside = (
        start
        + (stop - start) * t**2 * (3 - 2 * t)
        + Z75 * t * (1 - t) * ((1 - t) * start_slope - t * stop_slope)
    )
    values = np.where(z < -Z75, s.q1 + below * (z + Z75), np.where(z > Z75, s.q3 + above * (z - Z75), inside))
    ends = np.where(low, s.minimum, limits.low), np.where(high, s.maximum, limits.high)
    clipped: np.ndarray = np.clip(values, *ends)
    return clipped


def _log_quantile_rows(s: _Rows, tails: np.ndarray, points: int, limits: Support) -> np.ndarray:
    """Return the points of measures that are skewed to the right, interpolated on the logarithm.

    a printed zero counts as a half.
    """

    def ln(value: np.ndarray | float) -> np.ndarray:
        return np.log(np.maximum(value, 0.5))

    logged = s._replace(
        **{name: ln(getattr(s, name)) for name in ("q1", "median", "q3", "minimum", "maximum")}
    )
    values: np.ndarray = np.exp(
        _quantile_rows(logged, tails, points, Support(float(ln(limits.low)), float(ln(limits.high))))
    )
    low = np.where(np.isfinite(s.minimum), s.minimum, limits.low)
    raised: np.ndarray = np.maximum(values, low)
    return raised


def quantile_points(
    summary: Summary, tail: str = "segment", points: int = POINTS, limits: Support = SCORE_RANGE
) -> np.ndarray:
    """Return equally likely points of a monotone quantile function through the quartiles.

    The quantile function Q is interpolated on the normal-score scale z = Phi^-1(p) by a monotone cubic
    (PCHIP: Fritsch and Carlson, SIAM J Numer Anal 17:238, 1980) through Q(-0.674) = Q1, Q(0) = median,
    Q(0.674) = Q3, and extended linearly in z beyond them, because a normal distribution is a straight line
    there.

    Parameters
    ----------
    summary
        With its quartiles.
    tail : {'segment', 'iqr', 'extreme'}
        The slope of the extension: that of the neighbouring quarter; (Q3 - Q1)/1.349 on both sides; or
        towards the printed extremes, put at the normal scores of the expected first and last of n (Blom: (1 -
        0.375)/(n + 0.25)); 'extreme' falls back to 'segment' on a side without a printed extreme.
    points
        How many.
    limits
        Where values are clipped without printed extremes.

    Returns
    -------
    numpy.ndarray, shape (points,)
        Values at p = (i - 0.5)/points, clipped to the printed extremes.
    """
    values: np.ndarray = _quantile_rows(_rows([summary]), _checked([tail]), points, limits)[0]
    return values


def _log_shape(shapes: np.ndarray, past: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Return the log mass of a shape at `past`, numbers past the least, from its mean and SD there.

    Up to a constant.
    """
    y, centre = past + 0.5, mean + 0.5
    relative = (sd**2 + 0.05**2) / centre**2
    sigma2 = np.log1p(relative)
    geometric = past * np.log((mean + 0.05) / (mean + 1.05))
    gamma = (1 / relative - 1) * np.log(y) - y / (relative * centre)
    lognormal = -np.log(y) - (np.log(y / centre) + sigma2 / 2) ** 2 / (2 * sigma2)
    return np.where(shapes == "geometric", geometric, np.where(shapes == "gamma", gamma, lognormal))


def whole_numbers(
    summaries: Sequence[Summary], tails: Sequence[str], limits: Support
) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole numbers that cohorts of small counts can take, and the mass that each quarter of the
    applicants puts there.

    Quartiles of whole numbers are not points of a curve: with 1, 1, 3 printed, anything from a half to three
    quarters of the applicants are at one. So each quarter is spread over the whole numbers between its two
    quartiles, and a quartile's own number belongs to every quarter that it bounds, in equal parts; any such
    mass has the printed quartiles. Within a quarter it follows a shape: the geometric one, which is the
    maximum entropy distribution of whole numbers with a given mean (Jaynes, Phys Rev 106:620, 1957), or, to
    see what that matters, a gamma or a lognormal one with the printed mean and SD. One person of n is at each
    printed extreme.

    Parameters
    ----------
    summaries
        With their quartiles, r of them.
    tails
        One each; `SHAPES` says which shape each stands for here.
    limits
        Where the numbers begin and end without printed extremes; the end is `REACH` times the third quartile
        at the most.

    Returns
    -------
    numbers : numpy.ndarray, shape (k,)
    masses : numpy.ndarray, shape (r, 4, k)
        A fourth in each quarter.
    """
    s, shapes = _rows(summaries), np.vectorize(SHAPES.get)(_checked(tails))
    printed_low, printed_high = np.isfinite(s.minimum), np.isfinite(s.maximum)
    low = np.where(printed_low, np.round(s.minimum), np.ceil(limits.low - WHOLE))
    far = np.minimum(limits.high, low + np.ceil(REACH * (s.q3 - low + 1) - WHOLE))
    high = np.maximum(np.where(printed_high, np.round(s.maximum), np.floor(far + WHOLE)), low)
    numbers = np.arange(low.min(), high.max() + 1)
    bounds = np.clip(np.hstack([low, s.q1, s.median, s.q3, high]), low, high)
    first, last = np.ceil(bounds[:, :4] - WHOLE), np.floor(bounds[:, 1:] + WHOLE)
    first, last = (
        np.minimum(first, last)[:, :, None],
        np.maximum(first, last)[:, :, None],
    )  # both quartiles between two numbers: those two
    there = (numbers >= first) & (numbers <= last)
    moments = np.array([[one.moments] for one in summaries])
    ratio = 0.25 ** (
        1 / (s.q3 - low + 0.5)
    )  # without a mean: a geometric one with a fourth beyond the third quartile
    mean = np.where(moments, np.maximum(s.mean - low, 0.0), ratio / (1 - ratio))
    sd = np.where(moments, s.sd, np.sqrt(ratio) / (1 - ratio))
    logs = _log_shape(shapes, np.maximum(numbers - low, 0.0), mean, sd)[:, None, :]
    logs = np.where(there, logs, -np.inf)
    mass = np.exp(logs - logs.max(axis=2, keepdims=True)) / np.maximum(there.sum(axis=1, keepdims=True), 1)
    mass *= 0.25 / mass.sum(axis=2, keepdims=True)
    one = np.minimum(1 / s.n, 1 / 8)
    for quarter, printed, end in ((0, printed_low, low), (3, printed_high, high)):
        share = np.where(printed, one, 0.0)
        mass[:, quarter] = mass[:, quarter] * (1 - 4 * share) + share * (numbers == end)
    return numbers, mass


def reconstruct_rows(
    summaries: Sequence[Summary], tails: Sequence[str], points: int = POINTS, limits: Support = SCORE_RANGE
) -> tuple[np.ndarray, np.ndarray]:
    """Return `reconstruct` of many cohorts at once, each with a tail of its own.

    Returns
    -------
    values, weights : numpy.ndarray, shape (r, k)
        Weights of a row sum to its n; 0 where the row has no such point.
    """
    if not all(s.known for s in summaries):
        raise ValueError("a suppressed cohort cannot be reconstructed")
    if limits.counts:
        numbers, mass = whole_numbers(summaries, tails, limits)
        base = mass.reshape(len(summaries), -1)
        used = base.any(axis=0)
        values = np.broadcast_to(np.tile(numbers, 4)[used], (len(base), used.sum()))
        quarter = np.repeat(np.arange(4), len(numbers))[used]
        base = base[:, used]
    else:
        rows, checked = _rows(summaries), _checked(tails)
        values = (
            _log_quantile_rows(rows, checked, points, limits)
            if limits.log
            else _quantile_rows(rows, checked, points, limits)
        )
        base, quarter = np.full(values.shape, 1.0 / points), np.minimum(np.arange(points) * 4 // points, 3)
    weights, both = base.copy(), np.array([s.moments for s in summaries])
    if both.any():
        mean, sd = np.array([[s.mean, s.sd] for s, b in zip(summaries, both, strict=True) if b]).T
        weights[both] = tilt_rows(
            values[both], base[both], np.flatnonzero(np.diff(quarter, prepend=-1)), mean, sd
        )
    weights *= np.array([[s.n] for s in summaries])
    if limits.counts:  # a number's parts in several quarters are one again
        place = np.tile(np.arange(len(numbers)), 4)[used]
        joined = np.zeros((len(weights), len(numbers)))
        np.add.at(joined.T, place, weights.T)
        return np.broadcast_to(numbers, joined.shape), joined
    return values, weights


def reconstruct(
    summary: Summary, tail: str = "segment", points: int = POINTS, limits: Support = SCORE_RANGE
) -> tuple[np.ndarray, np.ndarray]:
    """Return a cohort as weighted points that agree with what is printed of it.

    Points of a quantile function (`quantile_points`), or whole numbers where the measure counts
    (`whole_numbers`), tilted where mean and SD are both printed (`tilt_rows`). A mean alone does not say
    which tail it comes from: it is left aside.

    Parameters
    ----------
    summary
        With its quartiles (`Summary.known`).
    tail, points, limits
        As in `quantile_points`; for counts, `SHAPES` says what the tail stands for.

    Returns
    -------
    values, weights : numpy.ndarray, shape (k,)
        The weights sum to `summary.n`. k is `points`, or how many whole numbers there are.
    """
    values, weights = (found[0] for found in reconstruct_rows([summary], [tail], points, limits))
    here = weights > 0
    return (values, weights) if here.all() else (values[here], weights[here])
