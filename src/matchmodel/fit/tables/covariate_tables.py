"""Covariates that a Match table describes: fitted like the score, then made joint with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...covariates import COVARIATES
from ...errors import RefusedInput
from ...etl import Tidy
from ..evidence.references import Correlations, Reference
from ..random import Normals
from .cells import Measured, measured_cells
from .logistic import DEFAULT_TAIL, Transform, fit_slope
from .pooling import pool
from .reconstruct import Support

LIMITS = {
    "years_since_graduation": Support(0, 70, log=True),
    "usce_months": Support(0, 120),
    "step1_attempts": Support(1, 6, log=True),
    "step2_attempts": Support(1, 6, log=True),
}
REFERENCE_POINTS = 25


@dataclass(frozen=True)
class Fitted:
    """A covariate fitted on its own, over specialties.

    Attributes
    ----------
    value, draws
        Pooled log odds per u, other covariates left aside; its draws, shape (d,).
    sources
        Ids.
    reference
        The spread of u in the tables.
    """

    value: float
    draws: np.ndarray
    sources: tuple[str, ...]
    reference: Reference


def _transform(name: str, measure: str) -> Transform:
    if measure.endswith("_attempts"):
        return lambda x: (np.asarray(x) >= 1.5).astype(float)
    one = COVARIATES[name].transform
    return lambda x: np.array([one(v) for v in np.atleast_1d(x)])


def _reference(
    name: str,
    tables: Sequence[Measured],
    transform: Transform,
    sources: Sequence[str],
    draws: int,
) -> Reference:
    us: list[np.ndarray] = []
    ws: list[np.ndarray] = []
    for table in tables:
        for values, weights in table.cohorts(DEFAULT_TAIL, LIMITS[name]).values():
            us.append(transform(values))
            ws.append(weights)
    u, w = np.concatenate(us), np.concatenate(ws)
    order = np.argsort(u, kind="stable")
    u, w = u[order], w[order]
    groups = np.minimum((np.cumsum(w) - w / 2) / w.sum() * REFERENCE_POINTS, REFERENCE_POINTS - 1).astype(int)
    if len(np.unique(u)) <= REFERENCE_POINTS:
        groups = np.unique(u, return_inverse=True)[1]
    weight = np.bincount(groups, w)
    mean = np.bincount(groups, w * u)[weight > 0] / weight[weight > 0]
    shares = weight[weight > 0] / weight.sum()
    u_draws, weight_draws = (np.broadcast_to(part, (draws, len(mean))) for part in (mean, shares))
    return Reference(
        tuple(f"{m:.3g}" for m in mean),
        mean,
        shares,
        "measured",
        f"the tables of {', '.join(sources)}",
        u_draws,
        weight_draws,
    )


def fit_covariate_tables(
    tidy: Tidy, rng: np.random.Generator, normals: Normals
) -> tuple[dict[str, Fitted], list[dict[str, str]]]:
    """Fit every covariate that has quartiles or bins by cohort, pooled over specialties and types.

    Returns
    -------
    fitted
        {covariate: Fitted}
    unused
        Tables that could not be fitted, and why.
    """
    fitted: dict[str, Fitted] = {}
    unused: list[dict[str, str]] = []
    for covariate in COVARIATES.values():
        for measure in covariate.measures:
            tables = [ts[0] for ts in measured_cells(tidy, measure).values() if ts[0].complete]
            transform = _transform(covariate.name, measure)
            slopes = [fit_slope(t, transform, rng, LIMITS[measure]) for t in tables]
            good = [(t, s) for t, s in zip(tables, slopes, strict=True) if s.converged]
            sources = tuple(sorted({i for t in tables for i in t.sources}))
            if tables and not good:
                unused.append(
                    {"what": f"tables of {measure}", "source_id": ", ".join(sources), "why": slopes[0].reason}
                )
            if not good:
                continue
            pooled = pool([s.value for _, s in good], [s.se for _, s in good])
            reference = _reference(measure, [t for t, _ in good], transform, sources, normals.count)
            fitted[covariate.name] = Fitted(
                pooled.mean,
                pooled.mean + pooled.mean_se * normals.one(f"table of {measure}"),
                sources,
                reference,
            )
    return fitted, unused


def make_joint(
    fitted: Mapping[str, Fitted],
    score_slope: float,
    score_slope_draws: np.ndarray,
    score_sd: float,
    correlations: Correlations,
) -> dict[str, tuple[float, np.ndarray]]:
    """Turn effects fitted one at a time into the joint ones.

    Within cohorts the measures are taken as normal with a common covariance, so the mean
    difference is Sigma b_joint, and each effect fitted alone is that difference over its own
    variance (linear discriminant analysis: Fisher, Ann Eugen 7:179, 1936): with standard
    deviations s and correlations R, s*b_joint = R^-1 (s*b_alone). Adding up effects fitted
    alone would count what they share twice.

    Parameters
    ----------
    fitted
        {covariate: Fitted}
    score_slope, score_slope_draws
        Of Step 2 CK fitted alone, per ten points; its draws, shape (d,).
    score_sd
        In tens of points.
    correlations
        Of the score and the covariates.

    Returns
    -------
    dict
        {covariate: (value, draws)}

    Raises
    ------
    RefusedInput
        When the correlations cannot all hold together.
    """
    if not fitted:
        return {}
    names = list(fitted)
    index = [correlations.names.index(n) for n in ("step2_ck", *names)]
    r = correlations.r[np.ix_(index, index)]
    if np.linalg.eigvalsh(r).min() <= 1e-6:
        raise RefusedInput(f"the correlations of step2_ck, {', '.join(names)} cannot all hold together")
    sds = np.array([score_sd, *(fitted[n].reference.sd for n in names)])
    alone = np.array([score_slope, *(fitted[n].value for n in names)])
    drawn = np.column_stack([score_slope_draws, *(fitted[n].draws for n in names)])
    joint = np.linalg.solve(r, sds * alone) / sds
    joint_draws = np.linalg.solve(r, (sds * drawn).T).T / sds
    return {n: (float(joint[i]), joint_draws[:, i]) for i, n in enumerate(names, start=1)}
