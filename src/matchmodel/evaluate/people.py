"""The model held against persons with known outcomes: `matchmodel evaluate --applicants`."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.special import logit
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from ..errors import RefusedInput
from ..fit.recalibrate import LEAST, fit_line, in_the_large
from ..model import load_model
from ..outcomes import read_outcomes
from ..wording import type_name
from .decision import decision_curve
from .reliability import Reliability, reliability
from .sample_size import validation

FEWEST = 5  # persons of a bin; fewer are put with their neighbours
PER_BIN, MOST_BINS = 20, 10
ESTIMANDS = {"ranked": "P(match | at least one ranked program)", "applied": "P(match) from the application on"}
SLOW = 3000  # persons from which the curves take more than a second


@dataclass(frozen=True)
class Bin:
    """A quantile bin of the predictions: persons, matched, mean prediction, share matched with Wilson's 95% interval."""

    n: int
    matched: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Metrics:
    """How predictions and outcomes of a group of persons agree.

    Attributes
    ----------
    n, events : int
    expected, observed_expected, observed_expected_low, observed_expected_high : float
        Sum of the predictions; observed over expected with its 95% interval.
    log_loss, log_loss_base, log_loss_skill, brier, brier_base, brier_skill : float
        Of the model, of the group's own share for everybody, and 1 - model/base.
    auc : float
    intercept, intercept_se, slope, slope_se : float
        Calibration intercept with the slope fixed at 1, and calibration slope; 0 and 1 when perfect, NaN where the
        predictions are all the same or separate the outcomes.
    bins : tuple of Bin
    curve : Reliability
    decision : tuple of NetBenefit
    precision : tuple of Criterion
    """

    n: int
    events: int
    expected: float
    observed_expected: float
    observed_expected_low: float
    observed_expected_high: float
    log_loss: float
    log_loss_base: float
    log_loss_skill: float
    brier: float
    brier_base: float
    brier_skill: float
    auc: float
    intercept: float
    intercept_se: float
    slope: float
    slope_se: float
    bins: tuple
    curve: Reliability
    decision: tuple
    precision: tuple


@dataclass(frozen=True)
class Group:
    """One estimand for one group of persons.

    Attributes
    ----------
    who, estimand : str
        In words; a key of `ESTIMANDS`.
    n : int
    events : int or None
        Matched; None where the group has fewer than `FEWEST` persons.
    metrics : Metrics or None
        None where too few have either outcome.
    """

    who: str
    estimand: str
    n: int
    events: int | None
    metrics: Metrics | None


@dataclass(frozen=True)
class PeopleReport:
    """Everything that `matchmodel evaluate --applicants` says.

    Attributes
    ----------
    model, table : str
        Names.
    rows, unknown_outcome, no_interviews, unknown_interviews : int
        Rows of the table; left out since the outcome is not known; known to have had no interview; taken as having ranked.
    calibrated : tuple of str
        Types that the model has recalibrated.
    groups : tuple of Group
    """

    model: str
    table: str
    rows: int
    unknown_outcome: int
    no_interviews: int
    unknown_interviews: int
    calibrated: tuple
    groups: tuple

    def as_dict(self):
        """Return plain numbers, None where one is not finite."""
        return _plain(asdict(self))


def _plain(value):
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.10g}") if np.isfinite(value) else None
    return value


def bins(p, matched):
    """Return quantile bins of the predictions, each of at least `FEWEST` persons, a tuple of Bin.

    Parameters
    ----------
    p : numpy.ndarray, shape (n,)
    matched : numpy.ndarray of bool, shape (n,)
    """
    wanted = int(np.clip(len(p) // PER_BIN, 2, MOST_BINS))
    edges = np.unique(np.quantile(p, np.arange(1, wanted) / wanted))
    place = np.searchsorted(edges, p, side="right")
    groups = [np.flatnonzero(place == k) for k in range(len(edges) + 1)]
    merged = []
    for group in (g for g in groups if len(g)):
        if merged and min(len(merged[-1]), len(group)) < FEWEST:
            merged[-1] = np.concatenate([merged[-1], group])
        else:
            merged.append(group)
    made = []
    for group in merged:
        n, k = len(group), int(matched[group].sum())
        low, high = proportion_confint(k, n, method="wilson")
        made.append(Bin(n, k, float(p[group].mean()), k / n, float(low), float(high)))
    return tuple(made)


def measure(p, matched):
    """Return the `Metrics` of predictions against outcomes.

    O/E with the interval exp(ln(O/E) +- 1.96 sqrt((1 - share)/events)) (Riley et al., Stat Med 40:4230, 2021); intercept
    and slope by logistic regression on the log odds (Cox, Biometrika 45:562, 1958).

    Parameters
    ----------
    p : array_like, shape (n,)
    matched : array_like of bool, shape (n,)
    """
    p, matched = np.asarray(p, float), np.asarray(matched, bool)
    order = np.lexsort((matched, p))
    p, matched = p[order], matched[order]
    n, events = len(p), int(matched.sum())
    share, expected, log_odds = events / n, float(p.sum()), logit(p)
    ratio, error = events / expected, np.sqrt((1 - share) / events)
    base = np.full(n, share)
    loss, loss_base = log_loss(matched, p), log_loss(matched, base)
    brier, brier_base = brier_score_loss(matched, p), brier_score_loss(matched, base)
    line = fit_line(log_odds, matched)
    intercept, intercept_se = in_the_large(log_odds, matched)
    return Metrics(
        n, events, expected, ratio, float(ratio * np.exp(-1.96 * error)), float(ratio * np.exp(1.96 * error)),
        float(loss), float(loss_base), float(1 - loss / loss_base), float(brier), float(brier_base), float(1 - brier / brier_base),
        float(roc_auc_score(matched, p)), intercept, intercept_se, line.slope, float(line.ses[1]),
        bins(p, matched), reliability(p, matched), decision_curve(p, matched), validation(log_odds, share),
    )


def _group(who, estimand, p, matched):
    events = int(matched.sum())
    if min(events, len(p) - events) < LEAST:
        return Group(who, estimand, len(p), events if len(p) >= FEWEST else None, None)
    if len(p) >= SLOW:
        print(f"{who}: {ESTIMANDS[estimand]}, {len(p):,} persons: curves and their bands", file=sys.stderr, flush=True)
    return Group(who, estimand, len(p), events, measure(p, matched))


def evaluate_people(model, table):
    """Hold a model against a table of applicants with a `matched` column.

    Parameters
    ----------
    model : Model
    table : str or Path

    Returns
    -------
    PeopleReport

    Raises
    ------
    RefusedInput
        For a bad table, or one with too few known outcomes of either kind.
    """
    people = read_outcomes(table, model)
    whom = {"all applicants": None} if len(people.types) > 1 else {}
    whom |= {type_name(k, True): k for k in people.types}
    groups = [_group(who, "ranked", *people.ranked(kind)) for who, kind in whom.items()]
    if np.isfinite(people.p_apply).any():
        groups += [_group(who, "applied", *people.applied(kind)) for who, kind in whom.items()]
    if not any(g.metrics for g in groups):
        _, matched = people.ranked()
        raise RefusedInput(
            f"{table}: {int(matched.sum())} matched and {int((~matched).sum())} not matched with a known outcome and not known to have had no interview, of {people.rows} rows; "
            f"at least {LEAST} of each are needed to compute anything"
        )
    return PeopleReport(
        model.name, Path(table).name, people.rows, people.unknown_outcome, **people.counts(),
        calibrated=tuple(k for k in people.types if model.recalibration(k) is not None), groups=tuple(groups),
    )


def run_people(table, model=None, out="reports"):
    """Evaluate a model on persons and write people.json, people.md and their pictures; aggregates only.

    Parameters
    ----------
    table : str or Path
        The 'applicants' layout, with a `matched` column.
    model : str or Path, optional
        Model file; the default model where absent.
    out : str or Path
        Folder to write to.

    Returns
    -------
    Path
        people.md.
    """
    from .people_plots import decision_plot, reliability_plot
    from .people_report import markdown, summary

    report = evaluate_people(load_model(model), table)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "people.json").write_text(json.dumps(report.as_dict(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
    reliability_plot(report, out / "people_reliability.png")
    decision_plot(report, out / "people_decision_curve.png")
    path = out / "people.md"
    path.write_text(markdown(report), encoding="utf-8")
    print("\n".join(summary(report)))
    print(f"{path}: {sum(g.metrics is not None for g in report.groups)} of {len(report.groups)} groups")
    return path
