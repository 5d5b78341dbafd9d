"""A made-up world with known truth, published as the tables that a real one would print.

Everything here is made up and says so in its source.toml; nothing of it enters a model that ships.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import norm

from ..covariates import COVARIATES, value_u

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
EFFECTS = {"years_since_graduation": -0.25, "usce_months": 0.15, "visa_needed": -0.40, "step1_failed": -0.50, "step2_failed": -0.70}
BASE_RATE = 0.13  # of invitation, for effects printed as log odds of invitation
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
class World:
    """A world's truth.

    Attributes
    ----------
    alpha, beta : numpy.ndarray, shape (k,)
        Log odds at 240 with u = 0, and per ten points with the covariates held.
    effects : dict
        {covariate: log odds per u}
    exchange : float
        Log odds of matching per log interview rate.
    correlation : numpy.ndarray, shape (6, 6)
        Of the latent normals, in `ORDER`.
    shares : dict
        {covariate: (values, weights)}
    seed : int
    """

    alpha: np.ndarray
    beta: np.ndarray
    effects: dict
    exchange: float
    correlation: np.ndarray
    shares: dict
    seed: int


def make_world(reference, correlation, seed):
    """Draw a world.

    Parameters
    ----------
    reference : dict
        {covariate: (values, weights)}, ordered from low to high.
    correlation : numpy.ndarray, shape (6, 6)
    seed : int

    Returns
    -------
    World
    """
    rng = np.random.default_rng([11, seed])
    k = len(NAMES)
    effects = {name: value * float(np.exp(rng.normal(0, 0.25))) for name, value in EFFECTS.items()}
    return World(rng.normal(0.3, 0.5, k), rng.normal(0.30, 0.11, k), effects, float(np.exp(rng.normal(np.log(0.8), 0.15))), correlation, reference, seed)


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
    made["step2_ck"] = score
    for j, name in enumerate(ORDER[1:], start=1):
        values, weights = world.shares[name]
        place = np.minimum(np.searchsorted(np.cumsum(weights), norm.cdf(z[:, j])), len(values) - 1)
        made[name] = np.array(values, dtype=object)[place]
        log_odds = log_odds + world.effects[name] * np.array([value_u(name, v) for v in values])[place]
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


def _summaries(persons, rng):
    rows = []
    for specialty, cell in persons.groupby("specialty"):
        for cohort, group in (("Matched", cell[cell["matched"]]), ("Not Matched", cell[~cell["matched"]])):
            seen = group["step2_ck"][rng.random(len(group)) < CONSENTED]
            row = {"Specialty": specialty, "Cohort": cohort, "n": len(seen)}
            if len(seen) >= 5:  # the report suppresses smaller groups
                q1, median, q3 = np.percentile(seen, [25, 50, 75])
                row |= {"Min": seen.min(), "Q1": np.round(q1), "Median": np.round(median), "Q3": np.round(q3), "Max": seen.max(), "Mean": np.round(seen.mean()), "SD": np.round(seen.std(ddof=1))}
            rows.append(row)
    return pd.DataFrame(rows, columns=["Specialty", "Cohort", "n", "Min", "Q1", "Median", "Q3", "Max", "Mean", "SD"])


def _studies(world, persons, rng):
    match_slope = float(world.beta.mean())
    rows = []
    for study, covariate, unit, scale, se, n, adjusted in STUDIES:
        effect = match_slope if covariate == "step2_ck" else world.effects[covariate]
        if scale != "log_odds_match":
            effect = effect / world.exchange
        if scale == "log_odds_invitation":  # crude: it has the failers' lower scores in it, on the invitation scale
            failed = persons[covariate] == "yes"
            gap = (persons["step2_ck"][failed].mean() - persons["step2_ck"][~failed].mean()) / 10
            effect = effect + match_slope / world.exchange * gap
            effect = float(logit(min(BASE_RATE * np.exp(effect), 0.99)) - logit(BASE_RATE))
        rows.append((study, covariate, unit, scale, effect + rng.normal(0, se), se, n, "made up", YEAR, "C", "made up", adjusted, ""))
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
        "step2_ck.csv": ("quartiles", _summaries(persons, rng), {"measure": "step2_ck", **who}),
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
