"""An intercept and a slope, or a temperature, learnt from the outcomes of your own applicants."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit
from sklearn.model_selection import StratifiedKFold

from ...errors import RefusedInput
from ...model.records import Calibration, Drawn, Draws, ModelRecord, Note
from ...report.wording import type_name
from .. import SEED, SOURCE
from ..evaluate.sample_size import Criterion, adjusted_r2, development
from .logistic import logistic

METHODS = ("intercept-slope", "temperature", "intercept")
FOLDS = 10
LEAST = 10  # matched, and not matched: with fewer nothing is computed
# A choice. With a slope's standard error of 0.15 the odds of somebody one unit of log odds from the middle
# (27% or 73%) are off by 3 points for one standard error, and by no more than 6 at the 95% limit: about the
# 0.05 of Riley's criteria.
LARGEST_SLOPE_SE = 0.15
# The same for an intercept alone: chances near a half are then off by under 4 points for one standard error.
LARGEST_INTERCEPT_SE = LARGEST_SLOPE_SE
LEAST_DRAWN = (
    0.05  # of the slope: a draw at or below it is set to it, so that no draw turns the odds upside down
)


@dataclass(frozen=True)
class Line:
    """log odds' = intercept + slope * log odds, as fitted.

    Attributes
    ----------
    intercept, slope
        NaN where the rows say nothing of them.
    covariance
        Of intercept and slope, shape (2, 2); 0 where one is fixed.
    log_likelihood, null_log_likelihood
        Of the fit, and of the rows' share alone.
    """

    intercept: float
    slope: float
    covariance: np.ndarray
    log_likelihood: float
    null_log_likelihood: float

    @property
    def ses(self) -> tuple[float, float]:
        """Standard errors of intercept and slope."""
        a, b = np.sqrt(np.diag(self.covariance))
        return float(a), float(b)

    def log_odds(self, value: np.ndarray) -> np.ndarray:
        """Return calibrated log odds."""
        return self.intercept + self.slope * value


def fit_line(
    log_odds: ArrayLike, matched: ArrayLike, method: str = "intercept-slope", trials: ArrayLike = 1.0
) -> Line:
    """Fit a line to outcomes by maximum likelihood.

    logit P(match) = a + b * log odds (Cox, Biometrika 45:562, 1958); a is 0 for a temperature 1/b (Guo et
    al., ICML 2017), b is 1 for an intercept alone.

    Parameters
    ----------
    log_odds
        Predicted, shape (n,).
    matched
        Yes or no, or how many of `trials`; shape (n,).
    method
        Of `METHODS`.
    trials
        Applicants with those log odds, shape (n,); 1 for all where absent.

    Returns
    -------
    Line
        Of NaN where all predictions are the same, or separate the outcomes.
    """
    x, y = np.asarray(log_odds, float), np.asarray(matched, float)
    of = np.broadcast_to(np.asarray(trials, float), y.shape)
    share = y.sum() / of.sum()
    null = float(of.sum() * (share * np.log(share) + (1 - share) * np.log(1 - share)))
    if method == "intercept":
        fit = logistic((1.0,), y, x, of)
        covariance = np.diag([fit.covariance[0, 0], 0.0])
        return Line(float(fit.coefficients[0]), 1.0, covariance, fit.log_likelihood, null)
    both = method == "intercept-slope"
    nothing = Line(np.nan, np.nan, np.full((2, 2), np.nan), null, null)
    if (np.ptp(x) < 1e-9 and both) or not np.any(x):
        return nothing
    fit = logistic((1.0, x) if both else (x,), y, 0.0, of)
    if not fit.settled:
        return nothing
    covariance = np.zeros((2, 2))
    k = 2 if both else 1
    covariance[-k:, -k:] = fit.covariance
    intercept, slope = fit.coefficients if both else (0.0, fit.coefficients[0])
    return Line(float(intercept), float(slope), covariance, fit.log_likelihood, null)


def counted(log_odds: ArrayLike, matched: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the distinct log odds in order, how many matched with each, and of how many."""
    x, place, trials = np.unique(np.asarray(log_odds, float), return_inverse=True, return_counts=True)
    return x, np.bincount(place, matched), trials


def in_the_large(log_odds: np.ndarray, matched: np.ndarray) -> tuple[float, float]:
    """Return the calibration intercept with the slope fixed at 1, and its standard error."""
    line = fit_line(log_odds, matched, "intercept")
    return line.intercept, line.ses[0]


def losses(log_odds: np.ndarray, matched: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log loss and squared error of each applicant."""
    y = np.asarray(matched, float)
    return np.logaddexp(0, log_odds) - y * log_odds, (expit(log_odds) - y) ** 2


@dataclass(frozen=True)
class CrossValidated:
    """Out-of-fold measures before and after; a difference is after less before.

    The standard error of a difference is that of the mean of the applicants' differences; it leaves out that
    the folds' lines were learnt from rows in common.

    Attributes
    ----------
    folds
        How many.
    log_loss, brier
        Before, after, difference, its standard error.
    slope, intercept
        Before, its standard error, after, its standard error; the intercept with the slope fixed at 1.
    """

    folds: int
    log_loss: tuple[float, float, float, float]
    brier: tuple[float, float, float, float]
    slope: tuple[float, float, float, float]
    intercept: tuple[float, float, float, float]

    @property
    def improves(self) -> bool:
        """Whether the out-of-fold log loss falls."""
        return self.log_loss[2] < 0


def cross_validate(
    log_odds: np.ndarray, matched: np.ndarray, method: str, folds: int = FOLDS, seed: int = SEED
) -> CrossValidated:
    """Learn the line from all folds but one, and compare it with that one.

    Stratified by outcome and seeded. Rows are put in order first, so that the split does not depend on
    theirs.

    Parameters
    ----------
    log_odds, matched
        Shape (n,).
    method, folds, seed
        Of the line and the split.
    """
    x, hits, trials = counted(log_odds, matched)
    of = np.repeat(np.arange(len(x)), trials)  # the rows in order; of equal ones those who matched are last
    before, y = x[of], np.arange(len(of)) >= (np.cumsum(trials) - hits)[of]
    after = np.empty_like(before)
    for _, hold in StratifiedKFold(folds, shuffle=True, random_state=seed).split(y, y):
        held = of[hold]
        left = trials - np.bincount(held, minlength=len(x))
        kept = left > 0
        matched_left = (hits - np.bincount(held, y[hold], len(x)))[kept]
        after[hold] = fit_line(x[kept], matched_left, method, left[kept]).log_odds(before[hold])
    lines = fit_line(x, hits, trials=trials), fit_line(after, y)
    large = [in_the_large(v, y) for v in (before, after)]
    log_loss, brier = (_change(*pair) for pair in zip(losses(before, y), losses(after, y), strict=True))
    slope = (lines[0].slope, lines[0].ses[1], lines[1].slope, lines[1].ses[1])
    return CrossValidated(folds, log_loss, brier, slope, (*large[0], *large[1]))


def _change(before: np.ndarray, after: np.ndarray) -> tuple[float, float, float, float]:
    """Return the mean loss before and after, the difference, and its standard error."""
    moved = after - before
    error = moved.std(ddof=1) / np.sqrt(len(moved))
    return float(before.mean()), float(after.mean()), float(moved.mean()), float(error)


@dataclass(frozen=True)
class Learnt:
    """What was learnt for one applicant type, or why nothing was.

    Attributes
    ----------
    applicant_type, method, n, matched
        Of whom, and how.
    line, cross_validated
        None where nothing is learnt.
    criteria
        What the sample had to meet.
    refused
        Why nothing is learnt; empty where it is.
    """

    applicant_type: str
    method: str
    n: int
    matched: int
    line: Line | None
    criteria: tuple[Criterion, ...]
    cross_validated: CrossValidated | None
    refused: str


def learn(
    log_odds: np.ndarray, matched: np.ndarray, kind: str, method: str = "intercept-slope", folds: int = FOLDS
) -> Learnt:
    """Learn a type's calibration, or say why its sample is too small.

    Criteria: those of Riley et al. (BMJ 368:m441, 2020) for a model of one predictor, which is the log odds,
    its R2 taken from these rows; and, since what is learnt is a slope, a slope's standard error of at most
    `LARGEST_SLOPE_SE`.

    Parameters
    ----------
    log_odds, matched
        Shape (n,).
    kind, method, folds
        Applicant type, of `METHODS`, of the cross-validation.

    Raises
    ------
    RefusedInput
        For more folds than there are of the rarer outcome.
    """
    n, events = len(matched), int(np.sum(matched))
    nothing = Learnt(kind, method, n, events, None, (), None, "")
    rarer = min(events, n - events)
    if rarer < LEAST:
        return replace(nothing, refused=(
            f"fewer than {LEAST} matched, or fewer than {LEAST} did not; at least {LEAST} of each are needed "
            "to compute anything"
        ))  # fmt: skip
    x, hits, trials = counted(log_odds, matched)
    slopes = fit_line(x, hits, trials=trials)
    line = slopes if method == METHODS[0] else fit_line(x, hits, method, trials)
    if np.isnan(slopes.slope) or np.isnan(line.slope):
        why = (
            "all have the same odds, or the odds separate the matched from the others: no slope can be learnt"
        )
        return replace(nothing, refused=why)
    if line.slope <= 0 or slopes.slope <= 0:
        return replace(nothing, refused=(
            f"the slope is {min(line.slope, slopes.slope):.2f}: the model's odds run against these "
            "outcomes, which no calibration mends (is the column matched the right way round?)"
        ))  # fmt: skip
    r2 = adjusted_r2(slopes.log_likelihood, slopes.null_log_likelihood, n)
    if method == "intercept":
        tried = replace(nothing, line=line, criteria=(_intercept(line, n),))
        if tried.criteria[0].met:
            return _cross_validated(log_odds, matched, tried, folds)
        return replace(tried, refused="too small a sample: 1 of 1 criteria not met")
    asked = int(np.ceil(n * (line.ses[1] / LARGEST_SLOPE_SE) ** 2))
    own = Criterion(
        f"slope's standard error at most {LARGEST_SLOPE_SE:g} (it is {line.ses[1]:.2f})", asked, n
    )
    tried = replace(nothing, line=line, criteria=(*development(n, events / n, r2), own))
    failed = sum(not c.met for c in tried.criteria)
    if failed and method == "intercept-slope":
        return _intercept_alone(log_odds, matched, tried, folds)
    if failed:
        return replace(
            tried, refused=f"too small a sample: {failed} of {len(tried.criteria)} criteria not met"
        )
    return _cross_validated(log_odds, matched, tried, folds)


def _cross_validated(log_odds: np.ndarray, matched: np.ndarray, tried: Learnt, folds: int) -> Learnt:
    rarer = min(tried.matched, tried.n - tried.matched)
    if folds > rarer:
        raise RefusedInput(
            f"--folds is {folds}, but there are {rarer} of the rarer outcome among "
            f"{type_name(tried.applicant_type, True)}; ask for fewer"
        )
    return replace(tried, cross_validated=cross_validate(log_odds, matched, tried.method, folds))


def _intercept(line: Line, n: int) -> Criterion:
    se = line.ses[0]
    asked = int(np.ceil(n * (se / LARGEST_INTERCEPT_SE) ** 2))
    return Criterion(
        f"intercept's standard error at most {LARGEST_INTERCEPT_SE:g} (it is {se:.2f})", asked, n
    )


def _intercept_alone(log_odds: np.ndarray, matched: np.ndarray, tried: Learnt, folds: int) -> Learnt:
    """Learn the average alone where a slope takes more rows; say why not where that takes more too."""
    line = fit_line(log_odds, matched, "intercept")
    own = _intercept(line, tried.n)
    if own.met:
        alone = replace(tried, method="intercept", line=line)
        return _cross_validated(log_odds, matched, alone, folds)
    criteria = (*tried.criteria, own)
    failed = sum(not c.met for c in criteria)
    return replace(
        tried, criteria=criteria,
        refused=f"too small a sample: {failed} of {len(criteria)} criteria not met",
    )  # fmt: skip


def drawn(line: Line, count: int, kind: str, seed: int = SEED) -> tuple[np.ndarray, np.ndarray]:
    """Return joint normal draws of (intercept, slope) with exactly the line's means and covariance.

    Moments matched (Barraquand, Manage Sci 41:1882, 1995); slopes at or below `LEAST_DRAWN` of the slope are
    set to that.
    """
    z = np.random.default_rng([seed, 31, zlib.crc32(kind.encode())]).standard_normal((count, 2))
    z -= z.mean(axis=0)
    z = np.linalg.solve(np.linalg.cholesky(np.cov(z, rowvar=False)), z.T).T
    (va, c), (_, vb) = line.covariance
    along = c / np.sqrt(va) if va > 0 else 0.0
    intercept = line.intercept + np.sqrt(va) * z[:, 0]
    slope = line.slope + along * z[:, 0] + np.sqrt(max(vb - along**2, 0.0)) * z[:, 1]
    return intercept, np.maximum(slope, LEAST_DRAWN * line.slope)


def calibration(learnt: Learnt, count: int) -> Calibration:
    """Return what was learnt as the model file has it."""
    line = learnt.line
    if line is None:
        raise ValueError(f"nothing was learnt: {learnt.refused}")
    intercept, slope = drawn(line, count, learnt.applicant_type)
    temperature, alone = (
        (Note(code, {"method": learnt.method}),) if learnt.method == method else ()
        for code, method in (("fixed_by_method", "temperature"), ("slope_fixed", "intercept"))
    )
    return Calibration(
        method=learnt.method,
        n=learnt.n,
        matched=learnt.matched,
        intercept=Drawn(line.intercept, line.ses[0], "measured", SOURCE, Draws.of(intercept), temperature),
        slope=Drawn(line.slope, line.ses[1], "measured", SOURCE, Draws.of(slope), alone),
    )


def calibrated(record: ModelRecord, learnt: Sequence[Learnt], rows: Sequence[str] = ()) -> ModelRecord:
    """Return a model with what was learnt in it, under the name with '-calibrated'.

    Parameters
    ----------
    record, learnt
    rows
        Digests of the rows that it was learnt from; those that the model has already stay.
    """
    types = dict(record.types)
    for one in learnt:
        types[one.applicant_type] = replace(
            types[one.applicant_type], calibration=calibration(one, record.draw_count)
        )
    before = record.updated  # its counts and these would tell by how few the two tables differ
    return replace(
        record,
        name=record.name + "-calibrated",
        types=types,
        updated=None if before is None else replace(before, n=None, matched=None),
        own_rows=(*record.own_rows, *rows),
    )
