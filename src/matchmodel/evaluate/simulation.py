"""Worlds with known truth: is the truth recovered, and do the ranges hold it?"""

import tempfile
from dataclasses import dataclass
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
from .world import ORDER, SIZES, YEAR, make_world, people, publish

ASKED = 1500  # persons asked a world, specialties in proportion to their size


@dataclass(frozen=True)
class Recovery:
    """How well one world's truth was recovered.

    Attributes
    ----------
    seed : int
    slope : float
        Of the true log odds on the predicted ones, by least squares; 1 when perfect.
    mean_error : float
        Mean |predicted - true| probability, as a proportion.
    coverage : float
        Share of 80% ranges that hold the truth.
    naive_slope, naive_error : float
        The same for the score alone, the covariates left out.
    """

    seed: int
    slope: float
    mean_error: float
    coverage: float
    naive_slope: float
    naive_error: float


def register_correlation(correlations, strength=1.0):
    """Return the register's correlation matrix for `make_world`, in `ORDER`.

    Parameters
    ----------
    correlations : matchmodel.fit.references.Correlations
    strength : float
        Factor on every correlation, to try stronger ones than measured; scaled back until
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
    for row in persons.itertuples():
        given = {"step2_ck": row.step2_ck, "cycle": YEAR}
        if with_covariates:
            given |= {name: getattr(row, name) for name in COVARIATES}
        applicants.append(Applicant(row.specialty, "non-us-img", **given))
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
        world.seed, slope(full["p_ranked"]), float(np.abs(full["p_ranked"] - p).mean()), float(held.mean()),
        slope(naive["p_ranked"]), float(np.abs(naive["p_ranked"] - p).mean()),
    )


def simulate(references, correlations, seeds, strength=1.0):
    """Recover several worlds.

    Parameters
    ----------
    references : dict
        {covariate: Reference}
    correlations : Correlations
    seeds : iterable of int
    strength : float
        As in `register_correlation`.

    Returns
    -------
    list of Recovery
    """
    shares, r = reference_shares(references), register_correlation(correlations, strength)
    return [recover(make_world(shares, r, seed)) for seed in seeds]
