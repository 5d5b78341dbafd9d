"""The report on your own applicants as a page, from results; no figure in it is typed by hand."""

from collections.abc import Iterator
from math import isnan

from ...report.blocks import Block, Code, Grid, Image, Items, Page, Section, Text
from ...report.wording import decimals, per_hundred, percent, type_name
from .. import FEWEST, ONCE, WHICH
from ..calibrate.line import LARGEST_SLOPE_SE, LEAST
from .compute import ESTIMANDS, PER_BIN, Group, Metrics, PeopleReport
from .reliability import FOLDS, PERFECT, RESAMPLES


def verdict(m: Metrics) -> str:
    """Return what a group's calibration shows, in a few words."""
    sentences = []
    if m.observed_expected_low > 1:
        sentences.append("more matched than predicted")
    elif m.observed_expected_high < 1:
        sentences.append("fewer matched than predicted")
    if not isnan(m.slope) and abs(m.slope - 1) > 1.96 * m.slope_se:
        sentences.append("predictions too far apart" if m.slope < 1 else "predictions too close together")
    if sentences:
        return " and ".join(sentences)
    few = not m.slope_se <= LARGEST_SLOPE_SE
    return "no miscalibration seen" + (", but too few applicants to see much" if few else "")


def number(value: float, digits: int = 3, sign: bool = False) -> str:
    """Return a number as text, 'none' where it is not finite."""
    return "none" if isnan(value) else decimals(value, digits, sign)


def figures(m: Metrics) -> tuple[tuple[str, str], ...]:
    """Return (what, value) of a group's measures, in the order in which they are printed."""
    ratio = f"{m.observed_expected:.3f} ({m.observed_expected_low:.3f} to {m.observed_expected_high:.3f})"
    return (
        ("applicants", f"{m.n:,}"),
        ("matched", f"{m.events:,}"),
        ("observed / expected (95% interval)", ratio),
        (
            "log loss, model / base rate (skill)",
            f"{m.log_loss:.4f} / {m.log_loss_base:.4f} ({100 * m.log_loss_skill:+.1f}%)",
        ),
        (
            "Brier score, model / base rate (skill)",
            f"{m.brier:.4f} / {m.brier_base:.4f} ({100 * m.brier_skill:+.1f}%)",
        ),
        ("AUC, all / within specialties", f"{m.auc:.3f} / {number(m.auc_within)}"),
        (
            "calibration intercept, slope fixed at 1 (SE)",
            f"{number(m.intercept, sign=True)} ({number(m.intercept_se)})",
        ),
        ("calibration slope (SE)", f"{number(m.slope)} ({number(m.slope_se)})"),
        ("integrated calibration index, points", per_hundred(m.curve.ici)),
        (
            "the same if every prediction were right: mean, 95% under",
            f"{per_hundred(m.curve.ici_perfect)}, {per_hundred(m.curve.ici_perfect_high)}",
        ),
    )


def _too_few(group: Group) -> str:
    counted = (
        f"fewer than {FEWEST} of one outcome" if group.n is None else f"{group.events} of {group.n} matched"
    )
    needed = f"at least {LEAST} matched and {LEAST} not matched are needed"
    return f"too few to compute anything ({counted}; {needed})"


def left_out(report: PeopleReport) -> Iterator[str]:
    """Yield what was read, left out and assumed, one line each."""
    yield from report.remarks
    if report.pooled:
        yield f"types are told together: of each fewer than {LEAST} matched, or fewer than {LEAST} did not"
    if report.without_applied:
        yield (
            f"the {ESTIMANDS['applied']} is left out, since a group of fewer than {FEWEST} would follow "
            "from it and the other"
        )
    learnt = [f"calibrated for {type_name(k, True)}" for k in report.calibrated]
    if learnt or report.updated:
        how = " and ".join([*(["updated"] if report.updated else []), *learnt])
        yield f"{report.model} was {how}, with rows of your own: none of those may be among these"


def _of(report: PeopleReport) -> str:
    return report.table if report.rows is None else f"{report.rows:,} rows of {report.table}"


def _bins(m: Metrics) -> Grid:
    rows = tuple(
        (
            f"{b.n}", f"{b.matched}", per_hundred(b.predicted), per_hundred(b.observed),
            f"{per_hundred(b.low)} to {per_hundred(b.high)}",
        )
        for b in m.bins
    )  # fmt: skip
    return Grid(
        ("applicants", "matched", "predicted, mean %", "matched %", "95% interval"), rows, frozenset()
    )


def _decision(m: Metrics) -> Block:
    if not m.decision:
        return Text("Too few applicants on either side of every threshold.")
    rows = tuple(
        (
            percent(d.threshold, 0), f"{d.acted}", decimals(d.model, 4), decimals(d.everybody, 4),
            f"{decimals(d.gain, 4, sign=True)} ({decimals(d.gain_se, 4)})",
        )
        for d in m.decision
    )  # fmt: skip
    return Grid(("threshold", "applicants at or above", "model", "everybody", "gain (SE)"), rows, frozenset())


def _in_detail(m: Metrics) -> tuple[Block, ...]:
    """Return the tables behind a group's measures."""
    shape = (
        "a straight line on the log odds" if m.curve.df == 1
        else f"a restricted cubic spline of {m.curve.df} parameters"
    )  # fmt: skip
    return (
        Text(f"""Reliability, by steps of five points of the prediction (steps with fewer than {PER_BIN}
applicants, or in which fewer than {FEWEST} matched or did not, are merged; Wilson's 95% interval). The smooth
curve is {shape}."""),
        _bins(m),
        Text(f"""Net benefit of acting on those whose chance is at least the threshold; acting on nobody is 0.
The gain is over the better of everybody and nobody. Thresholds that would tell of fewer than {FEWEST} are
left out."""),
        _decision(m),
        Text("""Is the sample large enough to say? (Riley et al., Stat Med 40:4230, 2021; 95% intervals 0.2
wide. Information, no condition.)"""),
    )


def _section(group: Group, details: bool) -> Section:
    title = f"{group.who[0].upper()}{group.who[1:]}: {ESTIMANDS[group.estimand]}"
    m = group.metrics
    if m is None:
        return Section(title, (Text(f"{_too_few(group).capitalize()}."),))
    blocks = (
        Text(f"{verdict(m).capitalize()}."),
        Grid(("measure", "value"), figures(m)),
        *(_in_detail(m) if details else ()),
        Items(tuple(f"a precise {c.line}" for c in m.precision)),
    )
    return Section(title, blocks)


def page(report: PeopleReport, details: bool = False) -> Page:
    """Return the page of a report.

    Parameters
    ----------
    report
    details
        Whether pictures, bins and net benefits are added, as people.md has them.
    """
    about = (
        "Made by ", Code(f"matchmodel evaluate --applicants {report.table}"), f" from {_of(report)}. "
        f"Aggregates only: no applicant's row is in here, and no group of fewer than {FEWEST}.",
    )  # fmt: skip
    blocks: tuple[Block, ...] = (Items(tuple(left_out(report))),)
    if details:
        curves = f"""\
Curves: logistic regression on a spline of the predicted log odds, its flexibility chosen by {FOLDS}-fold
cross-validated log loss; bands: 95%, from {RESAMPLES} bootstrap samples of applicants, the choice made anew
in each. The integrated calibration index (Austin and Steyerberg, Stat Med 38:4051, 2019) is the mean
distance between curve and prediction; noise alone makes it larger than 0, so beside it is what {PERFECT}
samples as large would show if every prediction were right. Net benefit: Vickers and Elkin, Med Decis Making
26:565, 2006. An AUC over all pools types and specialties, whose rates differ; within a specialty it tells
how well applicants are told apart."""
        pictures = (
            Image("people_reliability.png", "Reliability"),
            Image("people_decision_curve.png", "Decision curve"),
        )
        blocks += (*pictures, Text(curves))
    groups = (_section(group, details) for group in report.groups)
    return Page(
        f"{report.model} against applicants with known outcomes",
        (Section("", blocks), *groups, Section("", (Text(WHICH), Text(ONCE)))),
        about,
    )
