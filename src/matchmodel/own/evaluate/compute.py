"""The model compared with the outcomes of your own applicants: `matchmodel evaluate --applicants`."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit
from sklearn.metrics import brier_score_loss, log_loss
from statsmodels.stats.proportion import proportion_confint

from ...errors import RefusedInput
from ...files import plain
from ...fit.auc import auc, auc_within
from ...model import Model, load_model
from ...readable import Readable
from ...report.blocks import Items, Section, Text
from ...report.markdown import markdown
from ...report.terminal import terminal
from ...report.wording import type_name
from .. import FEWEST, ONCE, WHICH
from ..calibrate.line import LEAST, fit_line, in_the_large
from ..outcomes import Outcomes, read_outcomes
from ..rows import remarks
from ..told import counts_told, parts_told, small, whole_told
from ..used_before import refuse_used
from .decision import NetBenefit, decision_curve
from .reliability import Reliability, reliability
from .sample_size import Criterion, validation

PER_BIN, MOST_BINS = 20, 10
DIGITS = 10  # significant ones, of what is written
ESTIMANDS = {
    "ranked": "chance of matching if at least one program is ranked",
    "applied": "chance of matching if one applies (interview or not)",
}
SLOW = 3000  # applicants from which the curves take more than a second


@dataclass(frozen=True)
class Bin:
    """A quantile bin of the predictions; the share that matched with Wilson's 95% interval."""

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

    No group of fewer than five applicants is in it, nor can one be worked out by subtraction: groups are
    disjoint, and a count of one to four is None, together with the rows of the table.

    Attributes
    ----------
    model, table
        Names.
    rows, unknown_outcome, withheld, no_interviews, unknown_interviews
        Rows of the table; left out since the outcome is not known, since the model gives no number, since
        there was no interview; taken as having ranked.
    calibrated
        Types that the model has calibrated.
    pooled
        Whether types are told together, since one of them is too small to be told apart.
    without_applied
        Whether the question of those who apply is left out, since a group too small would follow from it.
    groups
        Disjoint within a question.
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
    pooled: bool
    without_applied: bool
    groups: tuple[Group, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, None where one is not finite."""
        document: dict[str, Any] = plain(asdict(self), DIGITS)
        return document


def bins(p: np.ndarray, matched: np.ndarray) -> tuple[Bin, ...]:
    """Return quantile bins of the predictions; in each at least `FEWEST` matched and as many did not.

    Parameters
    ----------
    p, matched
        Shape (n,).
    """
    wanted = int(np.clip(len(p) // PER_BIN, 2, MOST_BINS))
    edges = np.unique(np.quantile(p, np.arange(1, wanted) / wanted))
    place = np.searchsorted(edges, p, side="right")
    merged, waiting = [], np.empty(0, int)
    for k in range(len(edges) + 1):
        waiting = np.concatenate([waiting, np.flatnonzero(place == k)])
        if min(matched[waiting].sum(), (~matched[waiting]).sum()) >= FEWEST:
            merged.append(waiting)
            waiting = np.empty(0, int)
    if merged:
        merged[-1] = np.concatenate([merged[-1], waiting])
    merged_bins = []
    for group in merged or [waiting]:
        n, k = len(group), int(matched[group].sum())
        low, high = proportion_confint(k, n, method="wilson")
        merged_bins.append(Bin(n, k, float(p[group].mean()), k / n, float(low), float(high)))
    return tuple(merged_bins)


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
        bins=bins(p, matched),
        curve=reliability(p, matched),
        decision=decision_curve(p, matched),
        precision=validation(log_odds, share),
    )


def _counts(people: Outcomes, estimand: str, kind: str | None) -> tuple[int, int]:
    matched = people.matched[people.who(estimand, kind)]
    return int(matched.sum()), int((~matched).sum())


def _whom(people: Outcomes, estimands: tuple[str, ...]) -> tuple[dict[str, str | None], bool]:
    """Return {words: type}, and whether types are told together since one is too small to be told apart."""
    types = people.types
    if any(sum(c) > 0 and min(c) < FEWEST for e in estimands for k in types for c in [_counts(people, e, k)]):
        return (
            ({type_name(types[0], True): types[0]}, False)
            if len(types) == 1
            else ({"all applicants": None}, True)
        )
    return {type_name(k, True): k for k in types}, False


def _follows(people: Outcomes, whom: Mapping[str, str | None]) -> bool:
    """Whether fewer than five would follow from telling both questions."""
    for kind in whom.values():
        differences = np.subtract(_counts(people, "applied", kind), _counts(people, "ranked", kind))
        if any(small(abs(int(d))) for d in (*differences, differences.sum())):
            return True
    return False


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
    strata = np.char.add(np.char.add(people.kinds, " "), people.specialties)
    return Group(who, estimand, n, matched, measure(p[kept], people.matched[kept], strata[kept]))


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
    estimands = ("ranked", "applied") if np.isfinite(people.p_apply).any() else ("ranked",)
    whom, pooled = _whom(people, estimands)
    hidden = len(estimands) > 1 and _follows(people, whom)
    groups = [
        _group(people, name, e, kind)
        for e in (estimands[:1] if hidden else estimands)
        for name, kind in whom.items()
    ]
    groups = [g for g in groups if people.who(g.estimand, whom[g.who]).any()]
    used = int(people.who("ranked").sum())
    if not any(g.metrics for g in groups):
        matched, others = _counts(people, "ranked", None)
        raise RefusedInput(
            f"{table}: {matched} matched and {others} not matched with a known outcome and not known to "
            f"have had no interview, of {len(people.table)} rows; at least {LEAST} of each are needed to "
            "compute anything"
        )
    parts = {
        "unknown_outcome": people.unknown_outcome, "withheld": people.withheld,
        "no_interviews": people.no_interviews,
    }  # fmt: skip
    unknown = people.unknown_interviews
    return PeopleReport(
        model=model.name,
        table=table,
        rows=whole_told({**parts, "used": used}),
        **parts_told(parts),
        unknown_interviews=None if small(unknown) or small(used - unknown) else unknown,
        calibrated=tuple(k for k in people.types if model.kind(k).calibration is not None),
        pooled=pooled,
        without_applied=hidden,
        groups=tuple(groups),
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
    (out / "people.json").write_text(figures, encoding="utf-8")
    save(reliability_plot(report), out / "people_reliability.png")
    save(decision_plot(report), out / "people_decision_curve.png")
    path = out / "people.md"
    path.write_text(markdown(report.page(details=True)), encoding="utf-8")
    page, remarked = report.page(), tuple(remarks(people.table))
    last = Section("", (*((Items(remarked),) if remarked else ()), Text(WHICH), Text(ONCE)))
    print("\n".join([*terminal(replace(page, sections=(*page.sections, last))), ""]))
    print(f"{path}: {sum(g.metrics is not None for g in report.groups)} of {len(report.groups)} groups")
    return path
