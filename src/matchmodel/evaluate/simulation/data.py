"""Simulated data sets: applicants with a known truth, after version 2's structure or in one that breaks it.

Everything here is invented and says so; nothing of it enters a model that ships. `simulated_tables` prints
the tables.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from ...covariates import COVARIATES
from ...fit.chain.solver import Problem, solve
from ...fit.evidence import priors
from ...fit.evidence.effects import cut_normal
from ...fit.tables.level import solve_shift
from ...model.engine import expit
from .cells import ORDER, Cell, Population

YEAR = 2026
KINDS = ("non-us-img", "us-img")
STAND = 6000  # applicants who stand for those who rank when a cell is solved
GROUPS = 24
MOST_RAISES = 20  # of lambda, until a chain has a solution
# Of the 2026 report: (mean, SD) over data sets, and the spread between specialties.
LEVEL, LEVEL_SLOPE, LEVEL_SPREAD = (-0.3, 0.1), (2.3, 0.4), 0.28
SLOPE, SLOPE_SPREAD = (0.33, 0.04), 0.10  # per ten points
RATIO, RATIO_SLOPE, RATIO_SPREAD = (0.1, 0.1), (0.5, 0.3), 0.25  # US against non-US IMGs
SCORES = (24.4, 0.5, 1.35)  # tens of points: mean, its SD between specialties, SD within
US_SCORES = (-0.8, 0.3)
# M; v and b, each with its log SD between specialties
MEAN, DISPERSION, RANK_SLOPE = (2.0, 4.5), (0.6, 0.4), (1.4, 0.15)
USUAL_SHARE = (0.1, 0.5)  # of the programs listed
RHO, RHO_SPREAD = 0.2, 0.12  # ln rho
M0_SPREAD = 0.3  # of ln m0 between specialties
CORRELATIONS = {  # of the register, with the score and with one another
    ("step2_ck", "years_since_graduation"): -0.20,
    ("step2_ck", "usce_months"): -0.17,
    ("years_since_graduation", "usce_months"): -0.05,
    ("years_since_graduation", "visa_needed"): -0.27,
    ("usce_months", "visa_needed"): -0.14,
    ("step1_failed", "step2_failed"): 0.65,
}
# SD of the shifts of a population: ln(1 + years), months; the survey's luck makes up the rest
MEAN_ERRORS = (0.14, 0.55)
SURVEY = 135  # who answer the survey of years since graduation and USCE
SECOND_CHOICE_NUMBER = 0.4  # applications of second choices over those of first ones
# log SD of the number of applications over applicants of one profile, where it moves their interviews
SPREAD = (0.2, 0.6)


class Size(NamedTuple):
    """A specialty's non-US IMGs, positions, all applicants and programs listed; US IMGs who ranked it."""

    non_us: int
    positions: int
    everybody: int
    listed: int
    us: int


SIZES = {
    "Internal Medicine": Size(6992, 11632, 14734, 649, 2099),
    "Family Medicine": Size(1112, 5491, 4685, 777, 1277),
    "Pediatrics": Size(791, 3185, 3023, 217, 376),
    "Neurology": Size(513, 1260, 1689, 187, 135),
    "General Surgery": Size(433, 1807, 2760, 364, 343),
    "Psychiatry": Size(375, 2516, 2873, 330, 329),
    "Pathology": Size(375, 636, 957, 141, 136),
    "Anesthesiology": Size(230, 2290, 2988, 166, 177),
    "Diagnostic Radiology": Size(175, 1268, 1419, 197, 43),
    "Emergency Medicine": Size(148, 3198, 3224, 289, 467),
    "Obstetrics and Gynecology": Size(134, 1638, 2140, 295, 129),
    "Neurological Surgery": Size(58, 280, 480, 118, 13),
    "Child Neurology": Size(50, 243, 249, 80, 19),
    "Physical Medicine and Rehabilitation": Size(39, 601, 828, 108, 39),
    "Radiation Oncology": Size(35, 187, 222, 88, 6),
    "Dermatology": Size(30, 602, 1099, 143, 1),
    "Orthopaedic Surgery": Size(22, 963, 1598, 208, 48),
    "Otolaryngology": Size(17, 403, 580, 131, 12),
}


@dataclass(frozen=True)
class Setting:
    """What a data set takes from version 2's structure and what it breaks; factors are 1 as the model has it.

    Attributes
    ----------
    name
        For reports.
    correlations
        Factor on how covariates and score move together over applicants; the model takes covariates as
        independent.
    references
        Factor on how far those who rank are from the population that the tables describe.
    errors
        Factor on the errors of the register's rows.
    effect_spread, level_spread
        Factors on how far specialties' effects, and levels, lie from their means.
    own_lambda
        Whether every specialty has a lambda of its own; else one is shared.
    exchange_spread
        Spread (log scale) of what a covariate does to invitations over what its effect on the match says.
    spread_applications
        Whether applicants of one profile who apply to more programs are invited more; the model has it that
        they are not.
    second_choices
        Share of second choices among those whose number of applications is printed.
    projected
        Whether a crude row holds what it did not adjust for in these very applicants, instead of the priors'
        figures.
    pooled_rows
        Whether a row of all specialties is their mean weighted by applicants, instead of the mean over
        specialties.
    """

    name: str
    correlations: float = 1.0
    references: float = 1.0
    errors: float = 1.0
    effect_spread: float = 1.0
    level_spread: float = 1.0
    own_lambda: bool = False
    exchange_spread: float = 0.0
    spread_applications: bool = False
    second_choices: float = 0.0
    projected: bool = False
    pooled_rows: bool = False


AS_TAKEN = Setting("as version 2 takes it")
BROKEN = Setting(
    "structure broken",
    correlations=1.5,
    effect_spread=2.0,
    own_lambda=True,
    exchange_spread=0.3,
    spread_applications=True,
    second_choices=0.3,
    projected=True,
    pooled_rows=True,
)


@dataclass(frozen=True)
class Truth:
    """A data set's truth: its cells, and what the printed tables need beside them.

    `described` are the populations that the tables describe; `means` the effects' means over specialties;
    `gaps` tens of points by which the score rises per unit of u; `ratios` the log odds ratios US against
    non-US IMGs of the year before.
    """

    seed: int
    setting: Setting
    cells: dict[tuple[str, str], Cell]
    described: dict[str, Population]
    means: dict[str, float]
    gaps: dict[str, float]
    ratios: dict[str, float]
    moved: dict[str, float]


def _root(gaps: dict[str, float], shares: dict[str, float], factor: float) -> np.ndarray:
    """Return the root of the latent correlation; a gap between yes and no is a biserial correlation.

    gap = r sigma phi(t)/(p (1 - p)), t = Phi^-1(1 - p) (Pearson, Biometrika 7:96, 1909).
    """
    r = np.eye(len(ORDER))
    pairs = dict(CORRELATIONS)
    for name, p in shares.items():
        if 0 < p < 1:
            height = np.exp(-(ndtri(1 - p) ** 2) / 2) / np.sqrt(2 * np.pi)
            pairs["step2_ck", name] = gaps[name] / SCORES[2] * p * (1 - p) / height
    for (a, b), value in pairs.items():
        i, j = ORDER.index(a), ORDER.index(b)
        r[i, j] = r[j, i] = np.clip(factor * value, -0.9, 0.9)
    while np.linalg.eigvalsh(r).min() < 0.02:
        r = np.where(np.eye(len(r), dtype=bool), r, 0.97 * r)
    return np.linalg.cholesky(r)


def _populations(
    rng: np.random.Generator, setting: Setting, gaps: dict[str, float]
) -> tuple[dict[str, Population], dict[str, Population]]:
    """Return the populations of those who rank, and those that the tables describe, by type."""
    true, described = {}, {}
    far = setting.references
    for kind in KINDS:
        believed = {name: share for name, (share, _) in priors.FAILURE_SHARES[kind].items()}
        shares = {
            name: min(share * np.exp(far * priors.FAILURE_SHARES[kind][name][1] * rng.standard_normal()), 0.6)
            for name, share in believed.items()
        }
        visa = (
            (0.854, 0.854 + far * priors.VISA_SHARE_SE * rng.standard_normal())
            if kind == "non-us-img"
            else (0.0, 0.0)
        )
        years, months = (far * error * rng.standard_normal() for error in MEAN_ERRORS)
        even, factor = kind == "us-img", setting.correlations
        described[kind] = Population(
            _root(gaps, believed, factor), {**believed, "visa_needed": visa[0]}, even=even
        )
        true[kind] = Population(
            _root(gaps, shares, factor), {**shares, "visa_needed": visa[1]}, years, months, even
        )
    return true, described


def _solved(blank: Cell, seed: int) -> Cell:
    """Return the cell with alpha solved from its level and eta from lambda, M, v and b being given.

    A lambda with which the invitations cannot carry the rest of the profile's effect is raised, as in the
    fit.
    """
    people = replace(blank, alpha=0.0).applicants(STAND, np.random.default_rng([3, seed]))
    alpha = float(solve_shift(people.log_odds[None], np.ones(STAND), expit(np.array([blank.level])))[0])
    lp = np.sort(people.log_odds + alpha - blank.level).reshape(1, GROUPS, -1).mean(axis=2)
    given = np.array([blank.mean]), np.array([blank.dispersion]), np.array([blank.rank_slope])
    none = np.full(1, np.nan)
    for _ in range(MOST_RAISES):
        solved = solve(Problem(np.array([blank.level]), lp, none, none, none, np.array([blank.lam]), given))
        if solved.converged[0]:
            return replace(blank, alpha=alpha, eta=float(solved.eta[0]))
        blank = replace(blank, lam=blank.lam + 0.2 * (priors.LAMBDA_LIMITS[1] - blank.lam))
    raise RuntimeError(f"no chain for {blank.kind} in {blank.specialty}")


def _spread(cell: Cell, tau: float) -> Cell:
    """Return the cell, part of its dispersion from the applications: (1 + v') exp(tau^2) = 1 + v."""
    tau = min(tau, np.sqrt(np.log(1 + 0.8 * cell.dispersion)))
    return replace(cell, tau=float(tau), dispersion=float((1 + cell.dispersion) / np.exp(tau**2) - 1))


def _us_cell(other: Cell, ratio: float, population: Population, size: int, rng: np.random.Generator) -> Cell:
    """Return the US IMGs' cell: the same slopes and rank curve, their own level, scores and invitations."""
    score = other.score[0] + US_SCORES[0] + US_SCORES[1] * rng.standard_normal(), other.score[1]
    m0, mean = (v * np.exp(M0_SPREAD * rng.standard_normal()) for v in (other.m0, 1.3 * other.mean))
    blank = replace(
        other,
        kind="us-img",
        size=size,
        population=population,
        score=score,
        level=other.level + ratio,
        m0=m0,
        mean=mean,
    )
    return _solved(blank, other.size)


def simulate(seed: int, setting: Setting = AS_TAKEN) -> Truth:
    """Draw a data set's truth.

    Levels lie about a line in ln(positions/all applicants); effects, gaps, lambda and populations are drawn
    from the very priors of the fit (`matchmodel.fit.priors`), as far as the setting leaves them.
    """
    rng = np.random.default_rng([11, seed])
    normal = rng.standard_normal
    ratio = {s: np.log(size.positions / size.everybody) for s, size in SIZES.items()}
    centre = np.mean(list(ratio.values()))
    gap = {
        "visa_needed": priors.VISA_SCORE_GAP,
        "step1_failed": priors.FAILURE_SCORE_GAP,
        "step2_failed": priors.FAILURE_SCORE_GAP,
    }
    gaps = {name: prior.mean + prior.sd * normal() for name, prior in gap.items()}
    true, described = _populations(rng, setting, gaps)
    means, spreads, on_rate = {}, {}, {}
    for name, prior in priors.EFFECTS.items():
        means[name] = float(
            cut_normal(
                np.array(prior.mean), np.array(prior.sd), np.array(normal()), COVARIATES[name].direction
            )
        )
        spreads[name] = max(setting.effect_spread * priors.SPREADS[name] * abs(normal()), 1e-6)
        on_rate[name] = float(np.exp(setting.exchange_spread * normal()))
    level, slope, score_slope = (m + s * normal() for m, s in (LEVEL, LEVEL_SLOPE, SLOPE))
    us, us_slope = (m + s * normal() for m, s in (RATIO, RATIO_SLOPE))
    moved = {kind: 0.1 * normal() for kind in KINDS}
    shared, mean_m0 = priors.LAMBDA.mean + priors.LAMBDA.sd * normal(), 0.3 * normal()
    cells, ratios = {}, {}
    for s, size in SIZES.items():
        lam = priors.LAMBDA.mean + priors.LAMBDA.sd * normal() if setting.own_lambda else shared
        effects = {}
        for name, mean in means.items():
            effects[name] = float(
                cut_normal(
                    np.array(mean), np.array(spreads[name]), np.array(normal()), COVARIATES[name].direction
                )
            )
        blank = Cell(
            kind="non-us-img",
            specialty=s,
            size=size.non_us,
            population=true["non-us-img"],
            score=(SCORES[0] + SCORES[1] * normal(), SCORES[2]),
            level=level + slope * (ratio[s] - centre) + setting.level_spread * LEVEL_SPREAD * normal(),
            alpha=0.0,
            beta=score_slope + SLOPE_SPREAD * normal(),
            effects=effects,
            on_rate=on_rate,
            positions=size.positions,
            everybody=size.everybody,
            listed=size.listed,
            usual=size.listed * rng.uniform(*USUAL_SHARE),
            rho=float(np.exp(max(RHO + RHO_SPREAD * normal(), 0.0))),
            m0=float(np.exp(mean_m0 + M0_SPREAD * normal())),
            tau=0.0,
            lam=float(np.clip(lam, *priors.LAMBDA_LIMITS)),
            mean=rng.uniform(*MEAN),
            dispersion=DISPERSION[0] * np.exp(DISPERSION[1] * normal()),
            rank_slope=RANK_SLOPE[0] * np.exp(RANK_SLOPE[1] * normal()),
            eta=1.0,
        )
        own, tau = _solved(blank, size.non_us), rng.uniform(*SPREAD)
        ratios[s] = us + us_slope * (ratio[s] - centre) + RATIO_SPREAD * normal()
        us_cell = _us_cell(
            own, ratios[s] + moved["us-img"] - moved["non-us-img"], true["us-img"], size.us, rng
        )
        for cell in (own, us_cell):
            cells[cell.kind, s] = _spread(cell, tau) if setting.spread_applications else cell
    return Truth(seed, setting, cells, described, means, gaps, ratios, moved)
