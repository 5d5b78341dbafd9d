"""Effects of the covariates: the register's estimates on the match scale, combined with what was believed
before (step 5).

For covariate j and specialty s

    delta[j,s] = m[j] + spread[j] z,   m[j] ~ N(prior), spread[j] half-normal, signs held,

and a row r of specialty s(r) (or of all together: m alone) sees y[r] = delta[j, s(r)] + error, once it is
brought to the log odds of matching. A log interview rate is eta LP, so it is divided by eta of its specialty
(`matchmodel.model.engine`); log odds of an invitation become a log rate at the base rate first. A crude row
loses beta times the score gap. Crude failures hold a part of the other failure, since who fails one exam
fails the other more often: crude[1] = m[1] + 0.27 m[2], crude[2] = m[2] + 0.35 m[1]. Everything is done in
every draw (of eta, beta, gaps, spreads), by the conditional normal distribution, cut at zero on the wrong
side.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtr, ndtri

from ...covariates import COVARIATES
from ...model.records import Basis, EvidenceRow
from ..random import Normals
from . import priors

# How much wider a grade makes a variance: a choice, tested for sensitivity by the evaluation.
# A: the publisher's or a peer-reviewed figure; D: secondary and weak.
GRADE_VARIANCE = {"A": 1.0, "B": 1.5, "C": 2.0, "D": 4.0}
AGAINST_ALL = "two attempts vs all"
RATE_SCALES = ("log_interview_rate", "log_odds_invitation")
SCALES = (*RATE_SCALES, "log_odds_match")


def _word(value: object) -> str:
    """Return a text cell, '' where it is blank."""
    return value if isinstance(value, str) else ""


def widened(row: pd.Series, grade_variance: dict[str, float] = GRADE_VARIANCE) -> float:
    """Return a register row's standard error, widened for its grade."""
    return float(row["se"]) * float(np.sqrt(grade_variance[str(row["grade"])]))


def against_never(estimate: np.ndarray | float, share: float, rate: float) -> np.ndarray | float:
    """Turn the log odds ratio of a group against everybody into one against the rest.

    With everybody at `rate` and a `share` in the group, the group is at p1 = expit(logit(rate) + estimate),
    the rest at p0 = (rate - share p1)/(1 - share); returns logit(p1) - logit(p0).
    """
    p1 = expit(logit(rate) + estimate)
    p0 = np.clip((rate - share * p1) / (1 - share), 1e-9, 1 - 1e-9)
    difference: np.ndarray | float = logit(p1) - logit(p0)
    return difference


def odds_to_rate(estimate: np.ndarray | float, base: float) -> np.ndarray | float:
    """Turn a log odds ratio at a base rate into a log rate ratio: ln(expit(logit b + e)/b)."""
    log_ratio: np.ndarray | float = np.log(expit(logit(base) + estimate) / base)
    return log_ratio


def base_invitation_rate(groups: pd.DataFrame) -> float | None:
    """Return the invitation rate over all applicant types of the invitation-groups table, weighted by
    applications, or None.
    """
    kinds = groups[groups["group"].isin(["us-md", "us-do", "us-img", "non-us-img"])]
    if kinds.empty:
        return None
    return float((kinds["invitation_rate"] * kinds["applications"]).sum() / kinds["applications"].sum())


def unused_reason(row: pd.Series) -> str:
    """Say why a register row is not used by the effects, or return an empty string."""
    name, unit = row["covariate"], str(row["unit"]).casefold()
    if name == "step2_ck":
        return (
            "Step 2 CK is measured by the Match tables; "
            "the chain's own slope on invitations is compared with this row"
        )
    if row["scale"] == "dispersion":
        return "the chain takes its dispersion from the printed ranks; this row is compared with it"
    if name not in COVARIATES:
        return f"{name} is not a covariate of an applicant here"
    if not (np.isfinite(row["estimate"]) and np.isfinite(row["se"])):
        return "no estimate with a standard error"
    if row["scale"] not in SCALES:
        return f"the scale {row['scale']} is not one of {', '.join(SCALES)}"
    if unit != AGAINST_ALL and unit not in COVARIATES[name].units:
        return f"the unit {row['unit']!r} is not one of {', '.join(COVARIATES[name].units)}"
    if _word(row["variant_of"]):
        return f"the same applicants stand in row {row['variant_of']}"
    return ""


@dataclass(frozen=True)
class Scale:
    """What rows are brought to the match scale with, in every draw.

    Attributes
    ----------
    eta
        {specialty: draws} where a chain was solved; `eta_mean` their mean over specialties, shape (d,).
    beta
        {specialty: draws} of the score's slope; `beta_mean` its mean, shape (d,).
    gaps
        {covariate: draws}: tens of points by which the score rises per unit of u.
    base
        Invitation rate at which log odds of invitation are read.
    shares
        {covariate: share of yes} for comparisons with everybody; `rate` the match rate for those.
    """

    eta: dict[str, np.ndarray]
    eta_mean: np.ndarray
    beta: dict[str, np.ndarray]
    beta_mean: np.ndarray
    gaps: dict[str, np.ndarray]
    base: float | None
    shares: dict[str, float]
    rate: float

    def estimates(self, row: pd.Series, estimate: float) -> np.ndarray:
        """Return the row's effect per unit of u on the log odds of matching, in every draw, shape (d,)."""
        covariate, specialty = COVARIATES[row["covariate"]], _word(row["specialty"])
        unit = str(row["unit"]).casefold()
        if unit == AGAINST_ALL:
            on_match = row["scale"] == "log_odds_match"
            rate = self.rate if on_match or self.base is None else self.base
            value = against_never(estimate, self.shares.get(covariate.name, 0.0), rate)
        else:
            value = estimate * covariate.units[unit]
        if row["scale"] == "log_odds_invitation" and self.base is not None:
            value = odds_to_rate(value, self.base)
        effect = np.full(len(self.beta_mean), float(value))
        if row["scale"] in RATE_SCALES:
            effect = effect / self.eta.get(specialty, self.eta_mean)
        if row["score_adjusted"] != "yes" and covariate.name in self.gaps:
            effect = effect - self.beta.get(specialty, self.beta_mean) * self.gaps[covariate.name]
        return effect


@dataclass(frozen=True)
class FittedEffect:
    """A covariate's effect on the log odds of matching, per unit of u.

    Attributes
    ----------
    mean
        Draws of the mean over specialties, shape (d,).
    specialties
        {specialty: draws}.
    spread
        Mean of the spread between specialties.
    rows
        What went in, on the match scale.
    """

    mean: np.ndarray
    specialties: dict[str, np.ndarray]
    spread: float
    rows: tuple[EvidenceRow, ...]

    @property
    def basis(self) -> Basis:
        """'measured' where a Match table is among the rows, 'evidence' where a study is, else 'assumed'."""
        kinds = {row.basis for row in self.rows}
        return "measured" if "measured" in kinds else "evidence" if kinds else "assumed"


def cut_normal(mean: np.ndarray, sd: np.ndarray, normal: np.ndarray, sign: int) -> np.ndarray:
    """Return draws of a normal cut at zero so that they have a sign, by the inverse of its distribution.

    x = sign (mu + sd Phi^-1(Phi(-mu/sd) + Phi(z)(1 - Phi(-mu/sd)))), mu the mean towards the sign; shapes
    broadcast.
    """
    towards = sign * mean
    below = ndtr(-towards / sd)
    place = np.clip(below + ndtr(sign * normal) * (1 - below), 1e-300, 1 - 1e-16)
    draws: np.ndarray = sign * np.maximum(towards + sd * ndtri(place), 1e-6)
    return draws


@dataclass(frozen=True)
class _Row:
    """A row on the match scale: which covariate and specialty, its draws, its error, whether crude in the
    failures.
    """

    covariate: str
    specialty: str
    values: np.ndarray
    se: float
    mutual: bool
    label: tuple[str, str, str, Basis]

    @property
    def converted(self) -> float:
        """The standard error of the conversion to the match scale."""
        return float(np.std(self.values, ddof=1))


def _on_match(
    register: pd.DataFrame,
    measured: dict[str, tuple[tuple[str, ...], np.ndarray]],
    scale: Scale,
    grade_variance: dict[str, float],
) -> list[_Row]:
    found = []
    for _, row in register.iterrows():
        if unused_reason(row):
            continue
        at = scale.estimates(row, float(row["estimate"]))
        step = scale.estimates(row, float(row["estimate"]) + 0.5 * widened(row, grade_variance))
        se = float(np.sqrt(np.mean((2 * (step - at)) ** 2)))
        mutual = row["covariate"] in priors.MUTUAL and row["score_adjusted"] != "yes"
        found.append(
            _Row(
                row["covariate"],
                _word(row["specialty"]),
                at,
                se,
                mutual,
                (str(row["id"]), str(row["source_id"]), str(row["grade"]), "evidence"),
            )
        )
    for name, (sources, draws) in measured.items():
        centre = np.full(len(scale.beta_mean), float(np.mean(draws)))
        found.append(
            _Row(
                name,
                "",
                centre,
                float(np.std(draws, ddof=1)),
                False,
                ("fitted", ", ".join(sources), "", "measured"),
            )
        )
    return found


def _design(rows: list[_Row], names: list[str]) -> np.ndarray:
    """Return how each row sees the means of `names`, shape (rows, names)."""
    h = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        h[i, names.index(row.covariate)] = 1.0
        if row.mutual:
            other, share = priors.MUTUAL[row.covariate]
            if other in names:
                h[i, names.index(other)] += share
    return h


def _means(
    rows: list[_Row], names: list[str], spreads: dict[str, np.ndarray], normals: Normals, draws: int
) -> dict[str, np.ndarray]:
    """Draw the means over specialties of covariates that share rows, the first cut at its sign, then the
    second given it.

    With V0 the prior's covariance, H the design, S the rows' own errors and C the error of their conversion
    (which is in their draws y), the gain is K = V0 H'(H V0 H' + S + C)^-1; in each draw the mean is m0 + K (y
    - H m0) and the covariance (I - K H) V0 (I - K H)' + K S K', so that over the draws both errors count
    once.
    """
    prior = np.array([priors.EFFECTS[n].mean for n in names])
    before = np.diag([priors.EFFECTS[n].sd ** 2 for n in names])
    h = _design(rows, names)
    same = np.array(
        [[a.specialty == b.specialty != "" and a.covariate == b.covariate for b in rows] for a in rows], float
    ).reshape(len(rows), len(rows))
    spread = np.array([spreads[r.covariate] for r in rows]).reshape(len(rows), draws).T
    block = same * spread[:, :, None] * spread[:, None, :] if rows else np.zeros((draws, 0, 0))
    y = np.array([r.values for r in rows]).reshape(len(rows), draws).T
    own = np.diag([r.se**2 for r in rows]) + block
    gain = (
        np.einsum(
            "ij,rj,drs->dis",
            before,
            h,
            np.linalg.inv(h @ before @ h.T + own + np.diag([r.converted**2 for r in rows])),
        )
        if rows
        else np.zeros((draws, len(names), 0))
    )
    mean = prior + np.einsum("dir,dr->di", gain, y - h @ prior)
    rest = np.eye(len(names)) - gain @ h
    covariance = rest @ before @ rest.transpose(0, 2, 1) + np.einsum("dir,drs,djs->dij", gain, own, gain)
    found: dict[str, np.ndarray] = {}
    for i, name in enumerate(names):
        z = normals.one(f"effect {name}")
        m, v = mean[:, i], covariance[:, i, i]
        if i:  # given the first
            slope = covariance[:, i, 0] / covariance[:, 0, 0]
            m = m + slope * (found[names[0]] - mean[:, 0])
            v = v - slope * covariance[:, i, 0]
        found[name] = cut_normal(m, np.sqrt(v), z, COVARIATES[name].direction)
    return found


def fit_effects(
    register: pd.DataFrame,
    measured: dict[str, tuple[tuple[str, ...], np.ndarray]],
    scale: Scale,
    specialties: tuple[str, ...],
    names: tuple[str, ...],
    normals: Normals,
    grade_variance: dict[str, float] = GRADE_VARIANCE,
) -> dict[str, FittedEffect]:
    """Combine every covariate's rows with its prior; each specialty gets its own effect.

    Parameters
    ----------
    register
        The tidy effects table.
    measured
        {covariate: (source ids, draws)} of effects fitted to Match tables.
    scale
        What rows are converted with.
    specialties
        All that the model answers for.
    names
        Covariates that have a reference population.
    normals
        Of the training.
    grade_variance
        As `GRADE_VARIANCE`.
    """
    draws = len(scale.beta_mean)
    rows = [r for r in _on_match(register, measured, scale, grade_variance) if r.covariate in names]
    spreads = {n: priors.SPREADS[n] * np.abs(normals.one(f"effect spread {n}")) for n in names}
    groups = [[n for n in priors.MUTUAL if n in names], *([n] for n in names if n not in priors.MUTUAL)]
    found = {}
    for group in filter(None, groups):
        here = [r for r in rows if r.covariate in group]
        means = _means(here, group, spreads, normals, draws)
        for name in group:
            own = [r for r in here if r.covariate == name]
            z = normals.pooled([], f"effect {name}", specialties)
            each = {}
            for j, s in enumerate(specialties):
                precision, pull = 1 / np.maximum(spreads[name], 1e-6) ** 2, np.zeros(draws)
                for r in (r for r in own if r.specialty == s):
                    seen = means[name] + (
                        priors.MUTUAL[name][1] * means[priors.MUTUAL[name][0]] if r.mutual else 0.0
                    )
                    pull, precision = pull + (r.values - seen) / r.se**2, precision + 1 / r.se**2
                each[s] = cut_normal(
                    means[name] + pull / precision,
                    1 / np.sqrt(precision),
                    z[:, j],
                    COVARIATES[name].direction,
                )
            weights = np.array(
                [
                    1 / (r.se**2 + r.converted**2 + np.mean(spreads[name] ** 2) * (r.specialty != ""))
                    for r in own
                ]
            )
            weights = weights / (weights.sum() + 1 / priors.EFFECTS[name].sd ** 2) if len(own) else weights
            labels = tuple(
                EvidenceRow(*r.label, float(r.values.mean()), float(np.hypot(r.se, r.converted)), float(w))
                for r, w in zip(own, weights, strict=True)
            )
            found[name] = FittedEffect(means[name], each, float(spreads[name].mean()), labels)
    return found
