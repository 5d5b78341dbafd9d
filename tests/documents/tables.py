"""Tables that pages show, each found by its header line; a cell that is None stays as written by hand."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matchmodel.fit.evidence import priors
from matchmodel.fit.us_img import SCORE_SHIFT, SCORE_SHIFT_SE
from matchmodel.model.engine import Z_RANGE

from ..supply.packages import brought, licence, pinned
from .figures import FM, IM, NON_US, US, Sources, span
from .sentences import CHANGELOG, DEPENDENCIES, MODEL

Rows = list[tuple[str | None, ...]]


@dataclass(frozen=True)
class Table:
    """One table of a page.

    Attributes
    ----------
    page
    header
        Its first line.
    rows
        Its rows; None where a cell is written by hand, kept by the row's first cell.
    """

    page: str
    header: str
    rows: Callable[[Sources], Rows]


def odds_ratio(mean: float, sd: float) -> str:
    """Return an odds ratio with its 80% range, from the log odds."""
    low, high = np.exp(mean - Z_RANGE * sd), np.exp(mean + Z_RANGE * sd)
    return f"{np.exp(mean):.2f} ({low:.2f} to {high:.2f})"


def effects(s: Sources) -> Rows:
    """Return the effects before and after the data."""
    return [
        (
            e.label, None, odds_ratio(e.prior.mean, e.prior.sd), odds_ratio(e.mean.value, e.mean.se),
            f"{e.spread:.2f}",
        )
        for e in s.model.record.effects.values()
    ]  # fmt: skip


def _flat(prior: priors.Uniform) -> str:
    return f"uniform, {prior.low:g} to {prior.high:g}"


def _shares(kind: str) -> str:
    made = [f"{share:.0%} (log SD {sd:.2f})" for share, sd in priors.FAILURE_SHARES[kind].values()]
    return " and ".join(made)


def beliefs(s: Sources) -> Rows:
    """Return the priors; why is written by hand."""
    labels = {
        "step1_failed": "Step 1 failure", "step2_failed": "Step 2 CK failure", "visa_needed": "visa needed",
        "years_since_graduation": "ln(1 + years since graduation)", "usce_months": "three months of USCE",
    }  # fmt: skip
    made: Rows = [
        (f"{labels[name]}: odds ratio", f"{np.exp(prior.mean):.2f}, log SD {prior.sd:.2f}, sign held", None)
        for name, prior in priors.EFFECTS.items()
    ]
    spreads = ", ".join(f"{scale:.2f}" for scale in priors.SPREADS.values())
    low, high = priors.LAMBDA_LIMITS
    gap, visa = priors.FAILURE_SCORE_GAP, priors.VISA_SCORE_GAP
    years, usce = (priors.MEAN_ERROR[n] for n in ("years_since_graduation", "usce_months"))
    first, second = (share for _, share in priors.MUTUAL.values())
    return [
        *made,
        ("spread of each of these between specialties", f"half-normal: {spreads}, in that order", None),
        (
            "lambda",
            f"normal, {priors.LAMBDA.mean:g} (SD {priors.LAMBDA.sd:g}), within {low:g} to {high:g}",
            None,
        ),
        ("share of applicants who take no part", _flat(priors.TAKES_NO_PART), None),
        ("second choices rank, against first choices", _flat(priors.SECOND_CHOICES), None),
        ("score gap of those who failed", f"{10 * gap.mean:.0f} points (SE {10 * gap.sd:.0f})", None),
        (
            "what a crude failure holds of the other",
            f"{first:g} of Step 2 CK's; {second:g} of Step 1's",
            None,
        ),
        ("score gap by visa need, non-US IMGs", f"{10 * visa.mean:.0f} points (SE {10 * visa.sd:.0f})", None),
        ("failures among non-US IMGs who rank", _shares(NON_US), None),
        ("failures among US IMGs who rank", _shares(US), None),
        ("visa need among those who rank", f"the printed share, SD {priors.VISA_SHARE_SE:g}", None),
        (
            "means of ln(1 + years) and of USCE / 3",
            f"as in the tracker, off by SD {years:g} and {usce:g}",
            None,
        ),
        (
            "scores of US IMGs who rank",
            f"{SCORE_SHIFT:.0f} points against non-US IMGs (SE {SCORE_SHIFT_SE:.0f})",
            None,
        ),
        (
            "a specialty's own drift",
            f"{priors.OWN_DRIFT:g} per root year, log SD {priors.OWN_DRIFT_LOG_SD:g}",
            None,
        ),
    ]


def ratios_now(s: Sources) -> Rows:
    """Return the odds ratios of this version beside version 1's, which stay as they are written."""
    effects = s.model.record.effects
    return [(e.label, None, odds_ratio(e.mean.value, e.mean.se)) for e in effects.values()]


def chances_now(s: Sources) -> Rows:
    """Return the example applicants' chances of this version beside version 1's."""
    made: Rows = []
    for specialty, short in ((IM, "internal medicine"), (FM, "family medicine")):
        for profile in ("strong", "middle", "weak"):
            found = s.answer(profile, specialty, 100)
            made.append((f"{profile}, {short}: if they rank", None, span(found.p_ranked)))
            made.append((f"{profile}, {short}: if they apply to 100", None, span(found.p_apply)))
    return made


def dependencies(_: Sources) -> Rows:
    """Return the packages that the extras bring; the month of the newest release is written by hand."""
    locked = pinned()
    return [(name, locked[name], licence(name), who, None) for name, who in brought().items()]


DEPENDENCIES_HEADER = "| package | version | licence | brought by | newest release |"
EFFECTS_HEADER = (
    "| covariate | u | before any row: odds ratio (80%) | now: odds ratio (80%) | "
    "between specialties, log SD |"
)
TABLES = (
    Table(MODEL, EFFECTS_HEADER, effects),
    Table(MODEL, "| belief | value | why |", beliefs),
    Table(DEPENDENCIES, DEPENDENCIES_HEADER, dependencies),
    Table(CHANGELOG, "| odds ratio per unit | version 1 | version 2 |", ratios_now),
    Table(CHANGELOG, "| chance of matching, % (80% range) | version 1 | version 2 |", chances_now),
)
