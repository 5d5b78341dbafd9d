"""Levels: the published rate returned by the average, and the small competitive cells together."""

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm, qmc

from ...fit.evidence.references import Reference, correlations
from ...fit.train import Trained
from ...model import Model
from ...model.engine import People

SMALL, COMPETITIVE = 100, 0.30  # applicants; published rate
PEOPLE = 1024


def _values(reference: Reference) -> np.ndarray:
    """Return a covariate's values as the engine takes them."""
    return np.array([{"yes": 1.0, "no": 0.0}.get(v, v) for v in reference.values]).astype(float)


def population_average(trained: Trained, model: Model, kind: str, seed: int = 7) -> pd.DataFrame:
    """Average a type's odds over its reference population, and compare with the published rates.

    People are a Sobol sequence: the score from the cell's own population, the covariates from the reference
    populations, tied to the score by the register's correlations (a Gaussian copula for the ordering),
    although the model takes them as independent.

    Returns
    -------
    frame
        specialty, applicants, published (NaN without counts), model (its own level), averaged.
    """
    fit, references = trained.fits[kind], trained.references[kind]
    ties = correlations(trained.tidy.table("correlations"))
    names = list(trained.kappa[kind])
    places = qmc.Sobol(1 + len(names), seed=seed).random(PEOPLE).T
    z, covariates = norm.ppf(places[0]), {}
    for name, place in zip(names, places[1:], strict=True):
        r, _ = ties.of("step2_ck", name)
        tied = norm.cdf(r * z + np.sqrt(1 - r * r) * norm.ppf(place))
        by_u = np.argsort(references[name].u)
        at = np.searchsorted(np.cumsum(references[name].weights[by_u]), tied)
        covariates[name] = _values(references[name])[by_u][np.minimum(at, len(by_u) - 1)]
    rows = []
    for j, specialty in enumerate(fit.specialties):
        values, weights = fit.populations[j]
        order = np.argsort(values)
        cumulative = np.cumsum(weights[order])
        score = np.interp(places[0], cumulative - weights[order] / 2, values[order])
        arrays = model.arrays(kind, specialty)
        averaged = People(arrays, score, covariates, 0).p_ranked().mean()
        n = fit.matched[j] + fit.not_matched[j]
        published = fit.matched[j] / n if n and model.cell(kind, specialty).published is not None else np.nan
        rows.append((specialty, n, published, expit(arrays.level).mean(), averaged))
    return pd.DataFrame(rows, columns=["specialty", "applicants", "published", "model", "averaged"])


def small_competitive(trained: Trained, kind: str, left_out: dict[str, float]) -> pd.DataFrame:
    """Return the cells under 100 applicants of which few matched, beside what the model expects.

    Parameters
    ----------
    left_out
        {specialty: rate as the others alone say it}.

    Returns
    -------
    frame
        specialty, applicants, matched, expected (by the model's level), by_others, published (whether its own
        rate is under 30%), predicted (whether that of the others is); one of the two at least.
    """
    fit = trained.fits[kind]
    n = fit.matched + fit.not_matched
    rows = [
        (s, n[j], fit.matched[j], n[j] * expit(fit.level_draws[:, j]).mean(), n[j] * left_out.get(s, np.nan))
        for j, s in enumerate(fit.specialties)
        if 0 < n[j] < SMALL
    ]
    frame = pd.DataFrame(rows, columns=["specialty", "applicants", "matched", "expected", "by_others"])
    frame = frame.assign(**{
        name: frame[column] < COMPETITIVE * frame["applicants"] for name,
        column in (("published", "matched"), ("predicted", "by_others"))
    })  # fmt: skip
    return frame[frame["published"] | frame["predicted"]]
