"""The model compared with the outcomes of your own applicants: `matchmodel evaluate --applicants`."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit
from sklearn.metrics import brier_score_loss, log_loss
from statsmodels.stats.proportion import proportion_confint

from ...errors import RefusedInput
from ...files import plain, write_text
from ...fit.auc import auc, auc_within
from ...model import Model, load_model
from ...readable import Readable
from ...report.markdown import markdown
from ...report.terminal import terminal
from ...report.wording import type_name
from ..calibrate.line import LEAST, fit_line, in_the_large
from ..outcomes import Outcomes, read_outcomes
from ..rows import remarks
from ..told import NO_INTERVIEWS, UNKNOWN_OUTCOME, WITHHELD, counts_told, small
from ..used_before import refuse_used
from .decision import NetBenefit, decision_curve
from .reliability import Reliability, reliability
from .sample_size import Criterion, validation

PER_BIN = 20
DIGITS = 10  # significant ones, of what is written
ESTIMANDS = {
    "ranked": "chance of matching if at least one program is ranked",
    "applied": "chance of matching if one applies (interview or not)",
}
SLOW = 3000  # applicants from which the curves take more than a second


@dataclass(frozen=True)
class Bin:
    """A bin of the predictions; the share that matched with Wilson's 95% interval."""

    n: int
    matched: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Metrics:
    """How predictions and outcomes of a group agree.

    Attributes
    ----------
    n, events
        Applicants, and those who matched.
    expected, observed_expected, observed_expected_low, observed_expected_high
        Sum of the predictions; observed over expected with its 95% interval.
    log_loss, log_loss_base, log_loss_skill, brier, brier_base, brier_skill
        Of the model, of the group's own share for everybody, and 1 - model/base.
    auc, auc_within
        Over all pairs, and over pairs of one type and specialty alone (NaN where there is none).
    intercept, intercept_se, slope, slope_se
        Calibration intercept with the slope fixed at 1, and calibration slope; 0 and 1 when perfect, NaN
        where the predictions are all the same or separate the outcomes.
    bins, curve, decision, precision
        In detail.
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
    auc_within: float
    intercept: float
    intercept_se: float
    slope: float
    slope_se: float
    bins: tuple[Bin, ...]
    curve: Reliability
    decision: tuple[NetBenefit, ...]
    precision: tuple[Criterion, ...]


@dataclass(frozen=True)
class Group:
    """One question for one group of applicants.

    Attributes
    ----------
    who, estimand
        In words; a key of `ESTIMANDS`.
    n, events
        Applicants and matched; None where fewer than five matched or did not.
    metrics
        None where too few have either outcome.
    """

    who: str
    estimand: str
    n: int | None
    events: int | None
    metrics: Metrics | None


@dataclass(frozen=True, repr=False)
class PeopleReport(Readable):
    """Everything that `matchmodel evaluate --applicants` says.

    No group of fewer than five applicants is in it, nor can one be worked out by subtraction (`told`): what
    is not told is None.

    Attributes
    ----------
    model, table
        Names.
    rows, unknown_outcome, withheld, no_interviews, unknown_interviews
        Rows of the table; left out since the outcome is not known, since the model gives no number, since
        there was no interview; taken as having ranked.
    calibrated, updated
        Types that the model has calibrated; whether it was updated.
    pooled
        Whether types are told together, since none is large enough to be measured by itself.
    without_applied
        Whether the question of those who apply is left out for a group, since fewer than five would follow.
    groups
        Disjoint within a question.
    remarks
        What was read, left out and assumed, one line each.
    """

    WRITER = "matchmodel.own.evaluate.report"
    ROWS = "groups"

    model: str
    table: str
    rows: int | None
    unknown_outcome: int | None
    withheld: int | None
    no_interviews: int | None
    unknown_interviews: int | None
    calibrated: tuple[str, ...]
    updated: bool
    pooled: bool
    without_applied: bool
    groups: tuple[Group, ...]
    remarks: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, None where one is not finite."""
        document: dict[str, Any] = plain(asdict(self), DIGITS)
        return document


def bins(p: np.ndarray, matched: np.ndarray, thresholds: Sequence[float]) -> tuple[Bin, ...]:
    """Return bins of the predictions, cut at thresholds of which net benefit tells.

    So no bin and no threshold has a few applicants between them. A bin has `PER_BIN` applicants or more.

    Parameters
    ----------
    p, matched
        Shape (n,).
    thresholds
        Of `decision_curve`.
    """
    edges = [-np.inf, *(t for t in thresholds if (p >= t).sum() >= PER_BIN), np.inf]
    made, low = [], edges[0]
    for high in edges[1:]:
        inside = (p >= low) & (p < high)
        n, k = int(inside.sum()), int(matched[inside].sum())
        if n < PER_BIN and high < np.inf:
            continue
        least, most = proportion_confint(k, n, method="wilson")
        made.append(Bin(n, k, float(p[inside].mean()), k / n, float(least), float(most)))
        low = high
    return tuple(made)


def measure(p: ArrayLike, matched: ArrayLike, strata: ArrayLike | None = None) -> Metrics:
    """Return the `Metrics` of predictions against outcomes.

    O/E with the interval exp(ln(O/E) +- 1.96 sqrt((1 - share)/events)) (Riley et al., Stat Med 40:4230,
    2021); intercept and slope by logistic regression on the log odds (Cox, Biometrika 45:562, 1958).

    Parameters
    ----------
    p, matched
        Shape (n,).
    strata
        Such as specialties, shape (n,); all are one where absent.
    """
    p, matched = np.asarray(p, float), np.asarray(matched, bool)
    strata = np.zeros(len(p), int) if strata is None else np.asarray(strata)
    order = np.lexsort((matched, p))
    p, matched, strata = p[order], matched[order], strata[order]
    n, events = len(p), int(matched.sum())
    share, expected, log_odds = events / n, float(p.sum()), logit(p)
    ratio, error = events / expected, np.sqrt((1 - share) / events)
    base = np.full(n, share)
    loss, loss_base = log_loss(matched, p), log_loss(matched, base)
    brier, brier_base = brier_score_loss(matched, p), brier_score_loss(matched, base)
    line = fit_line(log_odds, matched)
    intercept, intercept_se = in_the_large(log_odds, matched)
    decision = decision_curve(p, matched)
    return Metrics(
        n=n,
        events=events,
        expected=expected,
        observed_expected=ratio,
        observed_expected_low=float(ratio * np.exp(-1.96 * error)),
        observed_expected_high=float(ratio * np.exp(1.96 * error)),
        log_loss=float(loss),
        log_loss_base=float(loss_base),
        log_loss_skill=float(1 - loss / loss_base),
        brier=float(brier),
        brier_base=float(brier_base),
        brier_skill=float(1 - brier / brier_base),
        auc=auc(p, matched, np.ones(n)),
        auc_within=auc_within(p, matched, np.ones(n), strata),
        intercept=intercept,
        intercept_se=intercept_se,
        slope=line.slope,
        slope_se=line.ses[1],
        bins=bins(p, matched, [d.threshold for d in decision]),
        curve=reliability(p, matched),
        decision=decision,
        precision=validation(log_odds, share),
    )


def _counts(people: Outcomes, estimand: str, kind: str | None) -> tuple[int, int]:
    matched = people.matched[people.who(estimand, kind)]
    return int(matched.sum()), int((~matched).sum())


def _whom(people: Outcomes) -> dict[str, str | None]:
    """Return {words: type}; all types together where none is large enough to be measured by itself."""
    types = people.types
    large = any(min(_counts(people, "ranked", kind)) >= LEAST for kind in types)
    return {type_name(k, True): k for k in types} if large or len(types) == 1 else {"all applicants": None}


def _apart(people: Outcomes, kind: str | None) -> bool:
    """Whether 'applied' may be told beside 'ranked': no few are in one alone, in both or in neither."""
    ranked, applied = (people.who(estimand, kind) for estimand in ESTIMANDS)
    others = people.who("everybody", kind) & ~ranked & ~applied
    groups = (ranked & applied, ranked & ~applied, applied & ~ranked, others)
    without = people.table.tally.told(NO_INTERVIEWS) is not None
    return without and not any(
        small(int((group & (people.matched == hit)).sum())) for group in groups for hit in (True, False)
    )


def _group(people: Outcomes, who: str, estimand: str, kind: str | None) -> Group:
    events, others = _counts(people, estimand, kind)
    n, matched = counts_told(events + others, events)
    if min(events, others) < LEAST:
        return Group(who, estimand, n, matched, None)
    kept = people.who(estimand, kind)
    if kept.sum() >= SLOW:
        print(
            f"{who}: {ESTIMANDS[estimand]}, {kept.sum():,} applicants: curves and bands",
            file=sys.stderr,
            flush=True,
        )
    p = people.p_ranked if estimand == "ranked" else people.p_apply
    return Group(who, estimand, n, matched, measure(p[kept], people.matched[kept], people.strata[kept]))


def evaluate_people(model: Model, people: Outcomes, table: str) -> PeopleReport:
    """Compare a model with applicants of known outcomes.

    Parameters
    ----------
    model, people
    table
        Its name.

    Raises
    ------
    RefusedInput
        For too few known outcomes of either kind.
    """
    whom = _whom(people)
    asked = [(e, name) for e in ESTIMANDS for name, kind in whom.items() if people.who(e, kind).any()]
    hidden = {name for e, name in asked if e == "applied" and not _apart(people, whom[name])}
    groups = [_group(people, name, e, whom[name]) for e, name in asked if e == "ranked" or name not in hidden]
    if not any(g.metrics for g in groups):
        raise RefusedInput(
            f"{table}: fewer than {LEAST} matched, or fewer than {LEAST} did not, of those with a known "
            f"outcome and not without an interview; at least {LEAST} of each are needed to compute anything"
        )
    tally = people.table.tally
    return PeopleReport(
        model=model.name,
        table=table,
        rows=tally.told(),
        unknown_outcome=tally.told(UNKNOWN_OUTCOME),
        withheld=tally.told(WITHHELD),
        no_interviews=tally.told(NO_INTERVIEWS),
        unknown_interviews=people.table.unknown_interviews,
        calibrated=tuple(k for k in people.types if model.kind(k).calibration is not None),
        updated=model.record.updated is not None,
        pooled=None in whom.values(),
        without_applied=bool(hidden),
        groups=tuple(groups),
        remarks=tuple(remarks(people.table, "they are left out")),
    )


def run_people(
    table: str | os.PathLike[str],
    model: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] = "reports",
    ignore_unread: bool = False,
) -> Path:
    """Evaluate a model on your own applicants; write people.json, people.md and pictures, aggregates only.

    Parameters
    ----------
    table
        As for `matchmodel score`, with a column matched.
    model
        The default model where absent.
    out
        Folder to write to.
    ignore_unread
        As for `read_own`.

    Returns
    -------
    path
        Of people.md.
    """
    from ...plots.style import save
    from .plots import decision_plot, reliability_plot

    loaded = load_model(model)
    people = read_outcomes(table, loaded, ignore_unread=ignore_unread)
    refuse_used(
        loaded, people.table, table, "evaluate with other rows, or evaluate the model that it was made from"
    )
    report = evaluate_people(loaded, people, Path(table).name)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    figures = json.dumps(report.to_dict(), indent=1, allow_nan=False) + "\n"
    write_text(out / "people.json", figures)
    save(reliability_plot(report), out / "people_reliability.png")
    save(decision_plot(report), out / "people_decision_curve.png")
    path = out / "people.md"
    write_text(path, markdown(report.page(details=True)))
    print("\n".join([*terminal(report.page()), ""]))
    print(f"{path}: {sum(g.metrics is not None for g in report.groups)} of {len(report.groups)} groups")
    return path
