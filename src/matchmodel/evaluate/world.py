"""A made-up world with known truth, published as the tables that a real one would print.

Everything here is made up and says so in its source.toml; nothing of it enters a model that ships.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import norm

from ..covariates import COVARIATES, value_u
from ..fit.evidence import GRADE_VARIANCE

YEAR = 2026
NAMES = (
    "Internal Medicine", "Family Medicine", "Pediatrics", "Neurology", "General Surgery", "Psychiatry", "Pathology",
    "Anesthesiology", "Diagnostic Radiology", "Emergency Medicine", "Obstetrics and Gynecology", "Neurological Surgery",
    "Child Neurology", "Physical Medicine and Rehabilitation", "Radiation Oncology", "Dermatology",
)
SIZES = (6992, 1112, 791, 513, 433, 375, 375, 230, 175, 148, 134, 58, 50, 39, 35, 30)  # of the 2026 report
CONSENTED = 0.77  # share of applicants whose scores the 2026 report has
ORDER = ("step2_ck", *COVARIATES)
SCORES = (246.0, 14.0)
EFFECT_SIZE = 0.15  # log odds per standard deviation of a covariate: about what the register says
BASE_RATE = 0.13  # of invitation, for effects printed as log odds of invitation
TRUE_GRADE = "C"  # of the studies; their errors are drawn as wide as this grade makes them
SCORE_STUDIES = {"made-step2-a": "Internal Medicine", "made-step2-b": "General Surgery"}  # as in the register: of one specialty each
# (id, covariate, unit, scale, standard error, n, what it is adjusted for), as the register has them
STUDIES = (
    ("made-step2-a", "step2_ck", "10 points", "log_interview_rate", 0.079, 86, "years_since_graduation; usce_months; visa_needed"),
    ("made-step2-b", "step2_ck", "10 points", "log_interview_rate", 0.095, 83, "years_since_graduation"),
    ("made-ysg-a", "years_since_graduation", "log(1+years)", "log_interview_rate", 0.183, 86, "step2_ck; usce_months; visa_needed"),
    ("made-ysg-b", "years_since_graduation", "log(1+years)", "log_interview_rate", 0.167, 83, "step2_ck"),
    ("made-usce", "usce_months", "3 months (capped at 12 months)", "log_interview_rate", 0.104, 86, "step2_ck; visa_needed"),
    ("made-visa-a", "visa_needed", "yes vs no", "log_interview_rate", 0.223, 86, "step2_ck; usce_months"),
    ("made-visa-b", "visa_needed", "yes vs no", "log_odds_match", 0.216, 1604, "step2_ck"),
    ("made-step1-fail", "step1_failed", "ever vs never", "log_odds_invitation", 0.25, 9000, "applicant_type"),
    ("made-step2-fail", "step2_failed", "ever vs never", "log_odds_invitation", 0.30, 6000, "applicant_type"),
)


@dataclass(frozen=True)
class Setting:
    """What kind of world: each field is an assumption of the model that the world may break.

    Attributes
    ----------
    name : str
    correlations : float
        Factor on the register's correlations between score and covariates; the model takes
        covariates as independent within each cohort.
    error_variance : float or None
        Variance of the studies' errors over their printed ones; None as wide as the model
        takes their grade to be.
    omitted : bool
        Whether a study's estimate also holds what it did not adjust for (its projection on
        what it did), instead of the effect itself.
    exchange_spread : float
        Spread (log scale) of the exchange rate between covariates; the model has one for all.
    consent_gap : float
        By how much likelier the matched are to consent to their score's publication; the
        model takes those who consented for everybody of their cohort.
    """

    name: str
    correlations: float = 1.0
    error_variance: float | None = None
    omitted: bool = False
    exchange_spread: float = 0.0
    consent_gap: float = 0.0


AS_TAKEN = Setting("as the model takes it")


@dataclass(frozen=True)
class World:
    """A world's truth.

    Attributes
    ----------
    alpha, beta : numpy.ndarray, shape (k,)
        Log odds at 240 with u = 0, and per ten points with the covariates held.
    effects : dict
        {covariate: log odds per u}
    exchange : dict
        {covariate: log odds of matching per log interview rate}
    effect_spread : float
        Standard deviation of the effects, each per standard deviation of its covariate.
    correlation : numpy.ndarray, shape (6, 6)
        Of the latent normals, in `ORDER`.
    shares : dict
        {covariate: (values, weights)}
    seed : int
    setting : Setting
    """

    alpha: np.ndarray
    beta: np.ndarray
    effects: dict
    exchange: dict
    effect_spread: float
    correlation: np.ndarray
    shares: dict
    seed: int
    setting: Setting


def _sd(values, weights, name):
    u = np.array([value_u(name, v) for v in values])
    mean = np.average(u, weights=weights)
    return float(np.sqrt(np.average((u - mean) ** 2, weights=weights)))


def make_world(reference, correlation, seed, setting=AS_TAKEN):
    """Draw a world.

    The effects lie around `EFFECT_SIZE` in the direction taken for each, with a spread that is
    itself drawn between none and as large as that size: nobody knows how alike they are.

    Parameters
    ----------
    reference : dict
        {covariate: (values, weights)}, ordered from low to high.
    correlation : numpy.ndarray, shape (6, 6)
    seed : int
    setting : Setting

    Returns
    -------
    World
    """
    rng = np.random.default_rng([11, seed])
    k = len(NAMES)
    spread = float(rng.uniform(0, EFFECT_SIZE))
    sizes = EFFECT_SIZE + spread * rng.standard_normal(len(COVARIATES))
    effects = {name: float(c.direction * size / _sd(*reference[name], name)) for (name, c), size in zip(COVARIATES.items(), sizes, strict=True)}
    rate = np.log(0.8) + 0.15 * rng.standard_normal() + setting.exchange_spread * rng.standard_normal(len(ORDER))
    exchange = dict(zip(ORDER, np.exp(rate).tolist(), strict=True))
    return World(rng.normal(0.3, 0.5, k), rng.normal(0.30, 0.11, k), effects, exchange, spread, correlation, reference, seed, setting)


def people(world, sizes, rng):
    """Draw persons: specialty, score, covariates, the true log odds and the outcome.

    Parameters
    ----------
    world : World
    sizes : sequence of int
        Persons by specialty.
    rng : numpy.random.Generator

    Returns
    -------
    pandas.DataFrame
    """
    which = np.repeat(np.arange(len(NAMES)), sizes)
    z = rng.multivariate_normal(np.zeros(len(ORDER)), world.correlation, size=len(which), method="cholesky")
    made = pd.DataFrame({"specialty": np.array(NAMES)[which]})
    score = np.clip(np.round(SCORES[0] + SCORES[1] * z[:, 0]), 205, 285)
    log_odds = world.alpha[which] + world.beta[which] * (score - 240) / 10
    made["step2_ck"], made["u step2_ck"] = score, (score - 240) / 10
    for j, name in enumerate(ORDER[1:], start=1):
        values, weights = world.shares[name]
        place = np.minimum(np.searchsorted(np.cumsum(weights), norm.cdf(z[:, j])), len(values) - 1)
        made[name] = np.array(values, dtype=object)[place]
        made["u " + name] = np.array([value_u(name, v) for v in values])[place]
        log_odds = log_odds + world.effects[name] * made["u " + name]
    made["log_odds"] = log_odds
    made["matched"] = rng.random(len(made)) < expit(log_odds)
    return made


def _source(folder, year, tables):
    folder.mkdir(parents=True)
    text = f'title = "Made-up world {folder.parent.name}"\npublisher = "nobody: simulated"\nyear = {year}\ngrade = "C"\nterms = "made up"\nconsent = false\nvia = "simulation with known truth"\n'
    for file, (layout, table, keys) in tables.items():
        table.to_csv(folder / file, index=False)
        text += f'[[table]]\nfile = "{file}"\nlayout = "{layout}"\n' + "".join(f'{k} = "{v}"\n' for k, v in keys.items())
    (folder / "source.toml").write_text(text, encoding="utf-8")


def _summaries(persons, rng, gap=0.0):
    rows = []
    for specialty, cell in persons.groupby("specialty"):
        for cohort, group in (("Matched", cell[cell["matched"]]), ("Not Matched", cell[~cell["matched"]])):
            consenting = CONSENTED + (gap / 2 if cohort == "Matched" else -gap / 2)
            seen = group["step2_ck"][rng.random(len(group)) < consenting]
            row = {"Specialty": specialty, "Cohort": cohort, "n": len(seen)}
            if len(seen) >= 5:  # the report suppresses smaller groups
                q1, median, q3 = np.percentile(seen, [25, 50, 75])
                row |= {"Min": seen.min(), "Q1": np.round(q1), "Median": np.round(median), "Q3": np.round(q3), "Max": seen.max(), "Mean": np.round(seen.mean()), "SD": np.round(seen.std(ddof=1))}
            rows.append(row)
    return pd.DataFrame(rows, columns=["Specialty", "Cohort", "n", "Min", "Q1", "Median", "Q3", "Max", "Mean", "SD"])


def _projected(effects, persons, covariate, adjusted):
    """Return the effect that a study finds which adjusts only for some of what matters.

    The coefficient of the covariate in the least-squares projection of the sum of all effects
    on the covariate and what was adjusted for (omitted-variable formula).
    """
    kept = [covariate, *(name for name in effects if name in adjusted and name != covariate)]
    design = np.column_stack([np.ones(len(persons)), *(persons["u " + name] for name in kept)])
    total = sum(effect * persons["u " + name] for name, effect in effects.items())
    return float(np.linalg.lstsq(design, total, rcond=None)[0][1])


def _studies(world, persons, rng):
    setting = world.setting
    widening = GRADE_VARIANCE[TRUE_GRADE] if setting.error_variance is None else setting.error_variance
    on_match = {"step2_ck": float(world.beta.mean()), **world.effects}
    on_rate = {name: effect / world.exchange[name] for name, effect in on_match.items()}
    rows = []
    for study, covariate, unit, scale, se, n, adjusted in STUDIES:
        effects = on_match if scale == "log_odds_match" else on_rate
        if study in SCORE_STUDIES:  # that specialty's slope, not the mean one: why the exchange rate is drawn with their spread
            effects = {**effects, "step2_ck": float(world.beta[NAMES.index(SCORE_STUDIES[study])]) / world.exchange["step2_ck"]}
        crude = scale == "log_odds_invitation"  # it has the failers' lower scores in it
        if setting.omitted:
            effect = _projected(effects, persons, covariate, adjusted)
        else:
            others = {name: effects[name] for name in (("step2_ck",) if crude else ()) if name != covariate}
            effect = _projected({covariate: effects[covariate], **others}, persons, covariate, adjusted)
        if crude:
            effect = float(logit(min(BASE_RATE * np.exp(effect), 0.99)) - logit(BASE_RATE))
        error = rng.normal(0, se * np.sqrt(widening))
        rows.append((study, covariate, unit, scale, effect + error, se, n, "made up", YEAR, TRUE_GRADE, "made up", adjusted, ""))
    return pd.DataFrame(rows, columns=["id", "covariate", "unit", "scale", "estimate", "se", "n", "population", "year", "grade", "source", "adjusted_for", "note"])


def publish(world, folder):
    """Write the world's tables as raw sources.

    One season of applicants gives the counts and, from those who consented, the rounded
    quartiles; a survey of 135 the reference population and the correlations with the
    score; small studies the effects, with their sampling errors.

    Parameters
    ----------
    world : World
    folder : Path
        An empty or absent folder.
    """
    rng = np.random.default_rng([12, world.seed])
    persons = people(world, SIZES, rng)
    counts = persons.groupby("specialty")["matched"].agg(["sum", "size"]).reset_index()
    counts = pd.DataFrame({"Specialty": counts["specialty"], "Matched": counts["sum"], "Not Matched": counts["size"] - counts["sum"]})
    who = {"applicant_type": "non-us-img"}
    report = {
        "counts.csv": ("counts", counts, who),
        "step2_ck.csv": ("quartiles", _summaries(persons, rng, world.setting.consent_gap), {"measure": "step2_ck", **who}),
    }
    _source(folder / "made-up-report", YEAR, report)
    survey = persons.sample(135, random_state=int(rng.integers(2**31)))
    large = people(world, SIZES, rng)
    populations, ties = [], []
    for name in COVARIATES:
        base = large if name.endswith("_failed") else survey
        populations.append(base[name].value_counts(sort=False).rename_axis("value").reset_index(name="count").assign(covariate=name, source="made up"))
        u = base[name].map(lambda v, name=name: value_u(name, v))
        ties.append(("step2_ck", name, round(float(np.corrcoef(base["step2_ck"], u)[0, 1]), 2), len(base), "made up"))
    evidence = {
        "effects.csv": ("effects", _studies(world, large, rng), {}),
        "population.csv": ("population", pd.concat(populations)[["covariate", "value", "count", "source"]], {}),
        "correlations.csv": ("correlations", pd.DataFrame(ties, columns=["measure_a", "measure_b", "r", "n", "source"]), {}),
    }
    _source(folder / "made-up-evidence", YEAR, evidence)
