"""An intercept and a slope, or a temperature, learnt from outcomes of one's own applicants."""

import copy
import warnings
import zlib
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy.special import expit
from sklearn.model_selection import StratifiedKFold

from ..artefact import pack
from ..errors import RefusedInput
from ..evaluate.sample_size import Criterion, adjusted_r2, development
from ..wording import type_name
from .document import coefficient, number
from .train import SEED

METHODS = ("intercept-slope", "temperature")
FOLDS = 10
LEAST = 10  # matched, and not matched: with fewer nothing is computed
# A choice. With a slope's standard error of 0.15 the odds of somebody one unit of log odds from the middle (27% or 73%)
# are off by 3 points for one standard error, and by no more than 6 at the 95% limit: about the 0.05 of Riley's other criteria.
LARGEST_SLOPE_SE = 0.15
LEAST_DRAWN = 0.05  # of the slope: a draw at or below it is set to it, so that no draw turns the odds upside down
SOURCE = "one's own applicants"


@dataclass(frozen=True)
class Line:
    """log odds' = intercept + slope * log odds, as fitted.

    Attributes
    ----------
    intercept, slope : float
        NaN where the rows say nothing of them.
    covariance : numpy.ndarray, shape (2, 2)
        Of intercept and slope; 0 where one is fixed.
    log_likelihood, null_log_likelihood : float
        Of the fit, and of the rows' share alone.
    """

    intercept: float
    slope: float
    covariance: np.ndarray
    log_likelihood: float
    null_log_likelihood: float

    @property
    def ses(self):
        """Standard errors of intercept and slope."""
        return tuple(np.sqrt(np.diag(self.covariance)))

    def log_odds(self, value):
        """Return recalibrated log odds."""
        return self.intercept + self.slope * value


def fit_line(log_odds, matched, method="intercept-slope"):
    """Fit a line to outcomes by maximum likelihood.

    logit P(match) = a + b * log odds (Cox, Biometrika 45:562, 1958); a is 0 for a temperature 1/b (Guo et
    al., ICML 2017).

    Parameters
    ----------
    log_odds : array_like, shape (n,)
        Predicted.
    matched : array_like of bool, shape (n,)
    method : {'intercept-slope', 'temperature'}

    Returns
    -------
    Line
        Of NaN where all predictions are the same, or separate the outcomes.
    """
    x, y = np.asarray(log_odds, float), np.asarray(matched, float)
    share = y.mean()
    null = len(y) * (share * np.log(share) + (1 - share) * np.log(1 - share))
    design = sm.add_constant(x, has_constant="add") if method == "intercept-slope" else x[:, None]
    nothing = Line(np.nan, np.nan, np.full((2, 2), np.nan), null, null)
    if np.ptp(x) < 1e-9 and method == "intercept-slope" or not np.any(x):
        return nothing
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # separated rows are told by the Line
        fit = sm.GLM(y, design, family=sm.families.Binomial()).fit()
        found = fit.converged and np.all(np.isfinite(fit.bse)) and fit.llf < -1e-6 * len(y)
    if not found:
        return nothing
    covariance = np.zeros((2, 2))
    k = design.shape[1]
    covariance[-k:, -k:] = fit.cov_params()
    return Line(float(fit.params[0]) if k == 2 else 0.0, float(fit.params[-1]), covariance, float(fit.llf), float(null))


def in_the_large(log_odds, matched):
    """Return the calibration intercept with the slope fixed at 1, and its standard error."""
    fit = sm.GLM(np.asarray(matched, float), np.ones((len(log_odds), 1)), family=sm.families.Binomial(), offset=np.asarray(log_odds, float)).fit()
    return float(fit.params[0]), float(fit.bse[0])


def losses(log_odds, matched):
    """Return log loss and squared error, person by person."""
    y = np.asarray(matched, float)
    return np.logaddexp(0, log_odds) - y * log_odds, (expit(log_odds) - y) ** 2


@dataclass(frozen=True)
class CrossValidated:
    """Out-of-fold measures before and after; a difference is after less before.

    The standard error of a difference is that of the mean of the persons' differences; it leaves out that the
    folds' lines were learnt from rows in common.

    Attributes
    ----------
    folds : int
    log_loss, brier : tuple of float
        Before, after, difference, its standard error.
    slope, intercept : tuple of float
        Before, its standard error, after, its standard error; the intercept with the slope fixed at 1.
    """

    folds: int
    log_loss: tuple
    brier: tuple
    slope: tuple
    intercept: tuple

    @property
    def improves(self):
        """Whether the out-of-fold log loss falls."""
        return self.log_loss[2] < 0

    def as_dict(self):
        """Return plain numbers."""
        change, errors = ("before", "after", "difference", "difference_se"), ("before", "before_se", "after", "after_se")
        named = {"log_loss": change, "brier": change, "slope": errors, "intercept": errors}
        return {"folds": self.folds, **{name: {k: number(v) for k, v in zip(keys, getattr(self, name), strict=True)} for name, keys in named.items()}}


def cross_validate(log_odds, matched, method, folds=FOLDS, seed=SEED):
    """Learn the line from all folds but one, and hold it against that one.

    Stratified by outcome and seeded. Rows are put in order first, so that the split does not depend on theirs.

    Parameters
    ----------
    log_odds, matched : numpy.ndarray, shape (n,)
    method : str
    folds, seed : int

    Returns
    -------
    CrossValidated
    """
    order = np.lexsort((matched, log_odds))
    before, y = np.asarray(log_odds, float)[order], np.asarray(matched, bool)[order]
    after = np.empty_like(before)
    for learn, hold in StratifiedKFold(folds, shuffle=True, random_state=seed).split(before, y):
        after[hold] = fit_line(before[learn], y[learn], method).log_odds(before[hold])
    changes = []
    for one, other in zip(losses(before, y), losses(after, y), strict=True):
        moved = other - one
        changes.append((one.mean(), other.mean(), moved.mean(), moved.std(ddof=1) / np.sqrt(len(y))))
    lines = [fit_line(v, y) for v in (before, after)]
    slope = tuple(v for line in lines for v in (line.slope, line.ses[1]))
    return CrossValidated(folds, *changes, slope, tuple(v for x in (before, after) for v in in_the_large(x, y)))


@dataclass(frozen=True)
class Recalibration:
    """What was learnt for one applicant type, or why nothing was.

    Attributes
    ----------
    applicant_type, method : str
    n, matched : int
    line : Line or None
    criteria : tuple of Criterion
    cross_validated : CrossValidated or None
        None where the sample is too small.
    refused : str
        Why nothing is learnt; empty where it is.
    """

    applicant_type: str
    method: str
    n: int
    matched: int
    line: Line | None
    criteria: tuple
    cross_validated: CrossValidated | None
    refused: str


def learn(log_odds, matched, kind, method="intercept-slope", folds=FOLDS):
    """Learn a type's recalibration, or say why its sample is too small.

    Criteria: those of Riley et al. (BMJ 368:m441, 2020) for a model of one predictor, which is the log odds, its R2 taken
    from these rows; and, since what is learnt is a slope, a slope's standard error of at most `LARGEST_SLOPE_SE`.

    Parameters
    ----------
    log_odds, matched : numpy.ndarray, shape (n,)
    kind, method : str
    folds : int

    Returns
    -------
    Recalibration
    """
    n, events = len(matched), int(np.sum(matched))

    def made(refused, line=None, criteria=(), found=None):
        return Recalibration(kind, method, n, events, line, criteria, found, refused)

    if min(events, n - events) < LEAST:
        return made(f"{events} matched and {n - events} not matched with known outcomes; at least {LEAST} of each are needed to compute anything")
    slopes, line = fit_line(log_odds, matched), fit_line(log_odds, matched, method)
    if np.isnan(slopes.slope) or np.isnan(line.slope):
        return made("all have the same odds, or the odds separate the matched from the others: no slope can be learnt")
    if line.slope <= 0 or slopes.slope <= 0:
        return made(f"the slope is {min(line.slope, slopes.slope):.2f}: the model's odds run against these outcomes, which no recalibration mends (is the column matched the right way round?)")
    r2 = adjusted_r2(slopes.log_likelihood, slopes.null_log_likelihood, n)
    asked = int(np.ceil(n * (line.ses[1] / LARGEST_SLOPE_SE) ** 2))
    criteria = (*development(n, events / n, r2), Criterion(f"slope's standard error at most {LARGEST_SLOPE_SE:g} (it is {line.ses[1]:.2f})", asked, n))
    if not all(c.met for c in criteria):
        return made(f"too small a sample: {sum(not c.met for c in criteria)} of {len(criteria)} criteria not met", line, criteria)
    if folds > min(events, n - events):
        raise RefusedInput(f"--folds is {folds}, but there are {min(events, n - events)} of the rarer outcome among {type_name(kind, True)}; ask for fewer")
    return made("", line, criteria, cross_validate(log_odds, matched, method, folds))


def drawn(line, count, kind, seed=SEED):
    """Return joint normal draws of (intercept, slope) with exactly the line's means and covariance.

    Moments matched (Barraquand, Manage Sci 41:1882, 1995); slopes at or below `LEAST_DRAWN` of the slope are set to that.
    """
    z = np.random.default_rng([seed, 31, zlib.crc32(kind.encode())]).standard_normal((count, 2))
    z -= z.mean(axis=0)
    z = np.linalg.solve(np.linalg.cholesky(np.cov(z, rowvar=False)), z.T).T
    (va, c), (_, vb) = line.covariance
    along = c / np.sqrt(va) if va > 0 else 0.0
    intercept = line.intercept + np.sqrt(va) * z[:, 0]
    slope = line.slope + along * z[:, 0] + np.sqrt(max(vb - along**2, 0.0)) * z[:, 1]
    return intercept, np.maximum(slope, LEAST_DRAWN * line.slope)


def entry(found, count):
    """Return a type's `recalibration` as the model file has it."""
    note = f"log odds' = intercept + slope * log odds, by maximum likelihood on {found.n} applicants"
    intercept, slope = drawn(found.line, count, found.applicant_type)
    values, ses = (found.line.intercept, found.line.slope), found.line.ses
    fixed = "" if found.method == "intercept-slope" else "; fixed at 0 by the method"
    return {
        "intercept": coefficient(values[0], ses[0], "measured", SOURCE, note + fixed),
        "slope": coefficient(values[1], ses[1], "measured", SOURCE, note),
        "method": found.method,
        "n": found.n,
        "matched": found.matched,
        "cross_validated": found.cross_validated.as_dict(),
        "basis": "measured",
        "source": SOURCE,
        "draws": {"intercept": pack(intercept), "slope": pack(slope)},
    }


def calibrated(content, learnt):
    """Return a model file's content with what was learnt in it, under the name with '-calibrated'.

    Parameters
    ----------
    content : dict
        Left as it is.
    learnt : sequence of Recalibration
    """
    made = copy.deepcopy(content)
    for one in learnt:
        made["types"][one.applicant_type]["recalibration"] = entry(one, made["draw_count"])
    made["name"] += "-calibrated"
    made["about"] += " Last, where types.TYPE.recalibration is given: log odds' = intercept + slope * log odds, in every draw."
    return made
