"""The tables that a year of a simulated data set prints, as the project's tidy tables."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from ...covariates import COVARIATES
from ...etl import Tidy
from ...etl.sources import Source
from ...etl.tidy import make_table
from ...fit.evidence import priors
from ...fit.evidence.effects import AGAINST_ALL, GRADE_VARIANCE, RATE_SCALES, against_never
from ...model.engine import u_of
from .cells import ORDER, Cell
from .data import SECOND_CHOICE_NUMBER, SURVEY, YEAR, Truth

REPORT, EVIDENCE, BEFORE = "simulated-report", "simulated-evidence", "simulated-year-before"
CONSENTED, LEAST_PRINTED = 0.77, 5
LARGE = 20_000  # applicants in whom a crude estimate is looked for
ACTIVE = {"non-us-img": 11_944, "us-img": 4_210}
FIRST_YEAR, DRIFT = 2000, 0.10
ANYWHERE = 1.2  # who rank a specialty anywhere over who prefer it
SHAPE = 1.2  # of the beta distribution of programs' invitation rates
KNOWN_USUAL = {"Internal Medicine": 0.075, "Family Medicine": 0.15}  # relative error of what is printed
BOTH_RATES = {
    "Internal Medicine": (38, 0.14),
    "Family Medicine": (9, None),
    "Neurology": (170, None),
}  # programs, relative error
BASE_RATE = 0.12  # of invitation, over all applicant types


Row = dict[str, float | str | None]  # of a table


class Study(NamedTuple):
    """A row of the register as it is: what it measures, where, how surely."""

    covariate: str
    unit: str
    scale: str
    specialty: str
    se: float
    grade: str
    adjusted: bool


YES_NO, EVER = "yes vs no", "ever vs never"
STUDIES = (
    Study(
        "years_since_graduation", "log(1+years)", "log_interview_rate", "Internal Medicine", 0.183, "C", True
    ),
    Study(
        "years_since_graduation", "log(1+years)", "log_interview_rate", "General Surgery", 0.167, "C", True
    ),
    Study(
        "usce_months",
        "3 months (capped at 12 months)",
        "log_interview_rate",
        "Internal Medicine",
        0.104,
        "C",
        True,
    ),
    Study("visa_needed", YES_NO, "log_interview_rate", "Internal Medicine", 0.223, "C", True),
    Study("visa_needed", YES_NO, "log_odds_match", "Obstetrics and Gynecology", 0.216, "C", True),
    Study("visa_needed", YES_NO, "log_odds_match", "", 0.055, "B", False),
    Study("step1_failed", EVER, "log_interview_rate", "Neurology", 0.09, "C", False),
    Study("step1_failed", EVER, "log_interview_rate", "Internal Medicine", 0.25, "C", False),
    Study("step1_failed", EVER, "log_interview_rate", "Family Medicine", 0.20, "C", False),
    Study("step1_failed", AGAINST_ALL, "log_odds_match", "", 0.40, "D", False),
    Study("step1_failed", AGAINST_ALL, "log_odds_match", "", 0.40, "D", False),
    Study("step2_failed", EVER, "log_interview_rate", "Neurology", 0.14, "C", False),
    Study("step2_failed", EVER, "log_interview_rate", "Internal Medicine", 0.32, "C", False),
    Study("step2_failed", EVER, "log_interview_rate", "Family Medicine", 0.35, "C", False),
)


def _source(name: str, year: int) -> Source:
    return Source(
        name,
        "Simulated data",
        "nobody: simulated",
        year,
        "C",
        "invented, for the evaluation",
        False,
        "",
        "training",
        "",
    )


def _summary(values: np.ndarray, digits: int) -> dict[str, float]:
    """Return what a report prints of a cohort; quartiles and moments as rounded as its own."""
    if len(values) < LEAST_PRINTED:  # smaller groups are suppressed
        return {"n": len(values)}
    q1, median, q3 = np.percentile(values, [25, 50, 75])
    rounded = {"q1": np.round(q1 * 2) / 2, "median": np.round(median * 2) / 2, "q3": np.round(q3 * 2) / 2}
    moments = {"mean": np.round(values.mean(), digits), "sd": np.round(values.std(ddof=1), digits)}
    return {"n": len(values), "min": values.min(), **rounded, "max": values.max(), **moments}


def _report(truth: Truth, rng: np.random.Generator) -> dict[str, list[Row]]:
    """Return a season's counts, and the quartiles of scores and ranks of those who consented; non-US IMGs."""
    counts: list[Row] = []
    quartiles: list[Row] = []
    for cell in (c for (kind, _), c in truth.cells.items() if kind == "non-us-img"):
        people = cell.applicants(cell.size, rng)
        ranks, matched = cell.season(people, rng)
        where: Row = {
            "source_id": REPORT,
            "year": YEAR,
            "applicant_type": "non-us-img",
            "specialty": cell.specialty,
        }
        seats = {"positions": cell.positions, "all_applicants": cell.everybody}
        counts.append({**where, "matched": int(matched.sum()), "not_matched": int((~matched).sum()), **seats})
        seen = rng.random(cell.size) < CONSENTED
        for measure, values, digits in (("step2_ck", people.score, 0), ("contiguous_ranks", ranks, 1)):
            for cohort, own in (("matched", matched), ("not_matched", ~matched)):
                quartiles.append(
                    {**where, "measure": measure, "cohort": cohort, **_summary(values[own & seen], digits)}
                )
    return {"counts": counts, "quartiles": quartiles}


def _years(truth: Truth, rng: np.random.Generator) -> dict[str, list[Row]]:
    """Return yearly match rates, and the year before's table of who ranked a specialty anywhere."""
    rates: list[Row] = []
    anywhere: list[Row] = []
    for kind, active in ACTIVE.items():
        years = np.arange(FIRST_YEAR, YEAR + 1)
        steps = np.concatenate([[0.0], DRIFT * rng.standard_normal(len(years) - 2), [truth.moved[kind]]])
        walk = 0.3 + np.cumsum(steps)
        for year, rate in zip(years, expit(walk), strict=True):
            matched = int(rng.binomial(active, rate))
            of_year: Row = {
                "source_id": BEFORE,
                "year": int(year),
                "applicant_type": kind,
                "source": "simulated",
                "grade": "B",
            }
            rates.append(
                {
                    **of_year,
                    "match_rate": matched / active,
                    "active_applicants": active,
                    "matched_pgy1": matched,
                }
            )
    for (kind, s), cell in truth.cells.items():
        if kind != "us-img":
            continue
        other = truth.cells["non-us-img", s]
        before = other.level - truth.moved["non-us-img"] - 0.2 + 0.1 * rng.standard_normal()
        row: Row = {"source_id": BEFORE, "year": YEAR - 1, "specialty": s}
        for name, n, log_odds in (
            ("us_img", cell.size, before + truth.ratios[s]),
            ("non_us_img", int(ANYWHERE * other.size), before),
        ):
            row |= {f"{name}_ranked": n, f"{name}_matched": int(rng.binomial(n, expit(log_odds)))}
        anywhere.append(row)
    return {"rates": rates, "ranked_anywhere": anywhere}


def _invitations(truth: Truth, rng: np.random.Generator) -> dict[str, list[Row]]:
    """Return how many programs invite what share, both means of it, and the usual numbers."""
    rates: list[Row] = []
    means: list[Row] = []
    usual: list[Row] = []
    for cell in truth.cells.values():
        where = {"source_id": EVIDENCE, "specialty": cell.specialty, "applicant_type": cell.kind}
        mean = cell.rate
        own = rng.beta(SHAPE, SHAPE * (1 - mean) / mean, cell.listed)
        own *= mean / own.mean()
        printed = np.round(np.minimum(own[rng.random(cell.listed) < 0.85], 1.0), 2)
        for rate, programs in zip(*np.unique(printed, return_counts=True), strict=True):
            rates.append(
                {
                    **where,
                    "year": YEAR - 2,
                    "invitation_rate": rate,
                    "programs": int(programs),
                    "programs_listed": cell.listed,
                    "coverage": "all",
                }
            )
        if cell.specialty in BOTH_RATES:
            programs, error = BOTH_RATES[cell.specialty]
            plain = mean * np.exp((error or 0.6 / np.sqrt(programs)) * rng.standard_normal())
            printed_se = None if error is None else error * plain
            both = {"application_weighted": mean * cell.rho, "program_mean": plain, "se": printed_se}
            means.append(
                {**where, "year": YEAR, **both, "programs": programs, "source": "simulated", "grade": "C"}
            )
        if cell.specialty in KNOWN_USUAL and cell.kind == "non-us-img":
            error, second = KNOWN_USUAL[cell.specialty], truth.setting.second_choices
            value = (
                cell.usual
                * (1 - second + second * SECOND_CHOICE_NUMBER)
                * np.exp(error * rng.standard_normal())
            )
            low, high = value * (1 - 1.2816 * error), value * (1 + 1.2816 * error)
            usual.append(
                {
                    "source_id": EVIDENCE,
                    "year": YEAR,
                    "specialty": cell.specialty,
                    "applicant_type": "img",
                    "quantity": "applications_per_applicant",
                    "value": value,
                    "low": low,
                    "high": high,
                    "grade": "C",
                    "source": "simulated",
                }
            )
    groups: list[Row] = [
        {
            "source_id": EVIDENCE,
            "year": YEAR,
            "specialty": "Neurology",
            "group": group,
            "invitation_rate": BASE_RATE,
            "applications": 50_000,
            "programs": 170,
        }
        for group in ("us-md", "us-do")
    ]
    return {
        "invitations": rates,
        "invitation_means": means,
        "participation": usual,
        "invitation_groups": groups,
    }


def _projected(cell: Cell, study: Study, rng: np.random.Generator) -> float:
    """Return what a study finds in these applicants: least squares of LP on the covariate (and the score)."""
    people = cell.applicants(LARGE, rng)
    columns = [np.ones(LARGE), u_of(study.covariate, people.values[study.covariate])]
    if study.adjusted:
        columns.append(people.score / 10)
    total = people.on_rate if study.scale in RATE_SCALES else people.log_odds
    return float(np.linalg.lstsq(np.column_stack(columns), total, rcond=None)[0][1])


def _seen(truth: Truth, study: Study, rng: np.random.Generator) -> float:
    """Return what a study would print without error, in the structure of the fit, or as projected."""
    name = study.covariate
    cells = {s: c for (kind, s), c in truth.cells.items() if kind == "non-us-img"}
    cell = cells.get(study.specialty)
    on_rate = study.scale in RATE_SCALES
    effect: float
    if truth.setting.projected and cell is not None:
        effect = _projected(cell, study, rng)
    else:
        beta, eta = (
            float(np.mean([getattr(c, n) for c in cells.values()])) if cell is None else getattr(cell, n)
            for n in ("beta", "eta")
        )
        sizes = np.array([c.size for c in cells.values()])
        pooled = {n: float(sizes @ [c.effects[n] for c in cells.values()]) / sizes.sum() for n in COVARIATES}
        effects = cell.effects if cell is not None else pooled if truth.setting.pooled_rows else truth.means
        effect = effects[name]
        if not study.adjusted:
            other, share = priors.MUTUAL.get(name, (name, 0.0))
            effect += share * effects[other] + beta * truth.gaps[name]
        effect *= (eta * (cell.on_rate[name] if cell is not None else 1.0)) if on_rate else 1.0
    effect /= COVARIATES[name].units.get(study.unit, 1.0)
    if study.unit == AGAINST_ALL:
        share = truth.described["non-us-img"].shares[name]
        rate = sum(c.size * expit(c.level) for c in cells.values()) / sum(c.size for c in cells.values())
        return float(brentq(lambda e: against_never(e, share, rate) - effect, -4, 2))
    if study.scale == "log_odds_invitation":
        return float(logit(min(BASE_RATE * np.exp(effect), 0.99)) - logit(BASE_RATE))
    return effect


def _evidence(truth: Truth, rng: np.random.Generator) -> dict[str, list[Row]]:
    """Return the register, the survey of covariates and the correlations in it."""
    effects: list[Row] = []
    population: list[Row] = []
    ties: list[Row] = []
    for i, study in enumerate(STUDIES):
        error = truth.setting.errors * study.se * np.sqrt(GRADE_VARIANCE[study.grade]) * rng.standard_normal()
        effects.append(
            {
                "source_id": EVIDENCE,
                "id": f"simulated-{i}",
                "covariate": study.covariate,
                "unit": study.unit,
                "scale": study.scale,
                "specialty": study.specialty,
                "estimate": _seen(truth, study, rng) + error,
                "se": study.se,
                "year": YEAR,
                "grade": study.grade,
                "source": "simulated",
                "adjusted_for": "step2_ck" if study.adjusted else "nothing",
                "score_adjusted": "yes" if study.adjusted else "no",
            }
        )
    cell = truth.cells["non-us-img", "Internal Medicine"]
    score, values = truth.described["non-us-img"].draw(cell.score, SURVEY, rng)
    for name in ORDER[1:]:
        row = {"source_id": EVIDENCE, "covariate": name, "source": "simulated", "grade": "C"}
        if COVARIATES[name].binary:
            kind, share = (
                ("non-us-img", 0.854)
                if name == "visa_needed"
                else ("", priors.FAILURE_SHARES["non-us-img"][name][0])
            )
            population.append(
                {**row, "applicant_type": kind, "value": "yes", "share": share, "se": priors.VISA_SHARE_SE}
            )
        else:
            population += [
                {**row, "value": f"{v:.0f}", "count": int(n)}
                for v, n in zip(*np.unique(values[name], return_counts=True), strict=True)
            ]
        known = not name.endswith("_failed")
        r = float(np.corrcoef(score, u_of(name, values[name]))[0, 1]) if known else -0.15
        ties.append(
            {
                "source_id": EVIDENCE,
                "measure_a": "step2_ck",
                "measure_b": name,
                "r": round(r, 2),
                "n": SURVEY if known else None,
                "source": "simulated",
            }
        )
    return {"effects": effects, "population": population, "correlations": ties}


def publish(truth: Truth) -> Tidy:
    """Print a data set's tables: what a year of real ones would print, with its luck and its rounding."""
    rng = np.random.default_rng([12, truth.seed])
    rows = _report(truth, rng) | _years(truth, rng) | _invitations(truth, rng) | _evidence(truth, rng)
    sources = {s.id: s for s in (_source(REPORT, YEAR), _source(EVIDENCE, YEAR), _source(BEFORE, YEAR - 1))}
    return Tidy(sources, {name: make_table(name, lines) for name, lines in rows.items()})
