"""Levels: the published rate returned by the average, and the small competitive cells together."""

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from ..fit.references import correlations
from ..fit.train import Trained
from ..model import Model
from ..model.engine import People

SMALL, COMPETITIVE = 100, 0.30  # applicants; published rate
PEOPLE = 2000


def population_average(trained: Trained, model: Model, kind: str, seed: int = 7) -> pd.DataFrame:
    """Average a type's odds over its reference population, and compare with the published rates.

    People are drawn: the score from the cell's own population, the covariates from the reference populations, tied to
    the score by the register's correlations (a Gaussian copula for the ordering).

    Returns
    -------
    pandas.DataFrame
        specialty, applicants, published (NaN without counts), model (its own level), averaged.
    """
    fit, references = trained.fits[kind], trained.references[kind]
    ties = correlations(trained.tidy.table("correlations"))
    rng = np.random.default_rng(seed)
    rows = []
    for j, specialty in enumerate(fit.specialties):
        values, weights = fit.populations[j]
        order = np.argsort(values)
        place = (rng.permutation(PEOPLE) + 0.5) / PEOPLE
        score = values[order][np.minimum(np.searchsorted(np.cumsum(weights[order]), place), len(values) - 1)]
        z, covariates = norm.ppf(place), {}
        for name in trained.kappa[kind]:
            reference = references[name]
            r, _ = ties.of("step2_ck", name)
            tied = norm.cdf(r * z + np.sqrt(1 - r * r) * rng.standard_normal(PEOPLE))
            by_u = np.argsort(reference.u)
            at = np.minimum(np.searchsorted(np.cumsum(reference.weights[by_u]), tied), len(by_u) - 1)
            numbers = np.array([{"yes": 1.0, "no": 0.0}.get(v, v) for v in reference.values]).astype(float)
            covariates[name] = numbers[by_u][at]
        arrays = model.arrays(kind, specialty)
        averaged = People(arrays, score, covariates, 0).p_ranked().mean()
        n = fit.matched[j] + fit.not_matched[j]
        published = fit.matched[j] / n if n and model.cell(kind, specialty).published is not None else np.nan
        rows.append((specialty, n, published, expit(arrays.level).mean(), averaged))
    return pd.DataFrame(rows, columns=["specialty", "applicants", "published", "model", "averaged"])


def small_competitive(trained: Trained, kind: str, left_out: dict[str, float]) -> pd.DataFrame:
    """Return the cells under 100 applicants of which under 30% matched, beside what the model expects.

    Parameters
    ----------
    left_out
        {specialty: rate as the others alone say it}.

    Returns
    -------
    pandas.DataFrame
        specialty, applicants, matched, expected (by the model's level), by_others.
    """
    fit = trained.fits[kind]
    n = fit.matched + fit.not_matched
    rows = [
        (s, n[j], fit.matched[j], n[j] * expit(fit.level_draws[:, j]).mean(), n[j] * left_out.get(s, np.nan))
        for j, s in enumerate(fit.specialties)
        if 0 < n[j] < SMALL and fit.matched[j] / n[j] < COMPETITIVE
    ]
    return pd.DataFrame(rows, columns=["specialty", "applicants", "matched", "expected", "by_others"])
