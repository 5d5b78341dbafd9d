"""Worlds with known truth: is the truth recovered, do the ranges hold it, and what does each assumption cost?"""

import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

import numpy as np
from scipy.special import expit, logit

from ..applicant import Applicant
from ..batch import score_applicants
from ..covariates import COVARIATES
from ..etl import read_raw
from ..fit.document import document
from ..fit.train import train
from ..model import Model
from .world import AS_TAKEN, ORDER, SIZES, YEAR, Setting, make_world, people, publish

ASKED = 1500  # persons asked a world, specialties in proportion to their size
WORLDS = 40
# The first three hold what the model takes for granted but for the correlations; each other one breaks one thing.
SETTINGS = (
    AS_TAKEN,
    Setting("covariates independent", correlations=0.0),
    Setting("correlations x1.5", correlations=1.5),
    Setting("studies' errors as printed, narrower than graded", error_variance=1.0),
    Setting("studies without error", error_variance=0.0),
    Setting("studies hold what they did not adjust for", omitted=True),
    Setting("an exchange rate of its own for each covariate", exchange_spread=0.3),
    Setting("the matched consent more often, by 0.2", consent_gap=0.2),
)
WITHIN = 3  # of SETTINGS: those whose slope and coverage are promised


@dataclass(frozen=True)
class Recovery:
    """How well one world's truth was recovered.

    Attributes
    ----------
    setting : str
    world : int
        Its seed.
    slope : float
        Of the true log odds on the predicted ones, by least squares; 1 when perfect.
    mean_error : float
        Mean |predicted - true| probability, as a proportion.
    coverage : float
        Share of 80% ranges that hold the truth.
    naive_slope, naive_error : float
        The same for the score alone, the covariates left out.
    effect_spread : float
        How unlike the world's effects are.
    """

    setting: str
    world: int
    slope: float
    mean_error: float
    coverage: float
    naive_slope: float
    naive_error: float
    effect_spread: float


def register_correlation(correlations, strength=1.0):
    """Return the register's correlation matrix for `make_world`, in `ORDER`.

    Parameters
    ----------
    correlations : matchmodel.fit.references.Correlations
    strength : float
        Factor on every correlation, to try others than measured; scaled back until
        the matrix is positive definite.
    """
    assert correlations.names == ORDER
    r = correlations.r.copy()
    off = ~np.eye(len(r), dtype=bool)
    r[off] = np.clip(r[off] * strength, -0.9, 0.9)
    while np.linalg.eigvalsh(r).min() < 0.02:
        r[off] *= 0.97
    return r


def reference_shares(references):
    """Return {covariate: (values, weights)} from low to high u, for `make_world`."""
    shares = {}
    for name in COVARIATES:
        reference = references[name]
        order = np.argsort(reference.u)
        shares[name] = (tuple(reference.values[k] for k in order), tuple(reference.weights[order]))
    return shares


def _ask(model, persons, with_covariates):
    applicants = []
    for row in persons.to_dict("records"):
        given = {"step2_ck": row["step2_ck"], "cycle": YEAR}
        if with_covariates:
            given |= {name: row[name] for name in COVARIATES}
        applicants.append(Applicant(row["specialty"], "non-us-img", **given))
    return score_applicants(model, applicants)


def recover(world):
    """Publish a world, train on its tables through the ETL, and ask for new persons of it.

    Parameters
    ----------
    world : World

    Returns
    -------
    Recovery
    """
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / f"world-{world.seed}"
        publish(world, raw)
        model = Model(document(train(read_raw(raw)), f"made-up-{world.seed}"))
    rng = np.random.default_rng([13, world.seed])
    sizes = np.maximum(1, np.array(SIZES) * ASKED // sum(SIZES))
    persons = people(world, sizes, rng)
    truth = persons["log_odds"].to_numpy(float)
    full, naive = _ask(model, persons, True), _ask(model, persons, False)
    p = expit(truth)

    def slope(predicted):
        return float(np.polyfit(logit(predicted), truth, 1)[0])

    held = (full["p_ranked_low"] <= p) & (p <= full["p_ranked_high"])
    return Recovery(
        world.setting.name, world.seed, slope(full["p_ranked"]), float(np.abs(full["p_ranked"] - p).mean()), float(held.mean()),
        slope(naive["p_ranked"]), float(np.abs(naive["p_ranked"] - p).mean()), world.effect_spread,
    )


def _task(arguments):
    shares, matrix, seed, setting = arguments
    return recover(make_world(shares, matrix, seed, setting))


def simulate(references, correlations, settings=SETTINGS, seeds=range(WORLDS), progress=None, workers=None):
    """Recover the same worlds under several settings, several at a time.

    Parameters
    ----------
    references : dict
        {covariate: Reference}
    correlations : Correlations
    settings : sequence of Setting
    seeds : sequence of int
    progress : callable, optional
        Called after each world.
    workers : int, optional
        Processes; as many as there are processors where absent, 1 for none beside this one.

    Returns
    -------
    list of Recovery
        By setting, then world.
    """
    shares = reference_shares(references)
    matrices = {s.correlations: register_correlation(correlations, s.correlations) for s in settings}
    tasks = [(shares, matrices[s.correlations], seed, s) for s in settings for seed in seeds]
    workers = min(workers or cpu_count() or 1, len(tasks))
    found = []
    if workers == 1:
        results = map(_task, tasks)
    else:
        pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
        results = pool.map(_task, tasks, chunksize=2)
    try:
        for result in results:
            found.append(result)
            if progress is not None:
                progress()
    finally:
        if workers > 1:
            pool.shutdown(cancel_futures=True)
    return found
