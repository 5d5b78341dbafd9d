"""The evidence register: every effect brought to log odds of matching, and combined (step 5)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from ..covariates import COVARIATES
from .pooling import pool

# How much wider a grade makes a variance: a choice, tested for sensitivity by the evaluation.
# A: the publisher's or a peer-reviewed figure; D: secondary and weak.
GRADE_VARIANCE = {"A": 1.0, "B": 1.5, "C": 2.0, "D": 4.0}
AGAINST_ALL = "two attempts vs all"
SCORE_UNIT = "10 points"
NO_EXCHANGE = "no exchange rate: Step 2 CK has no positive slope on both scales"
RATE_SCALES = ("log_interview_rate", "log_odds_invitation")
SCALES = (*RATE_SCALES, "log_odds_match")


@dataclass(frozen=True)
class Exchange:
    """How many log odds of matching one log interview rate is worth.

    Attributes
    ----------
    value, se : float
        The ratio of the Step 2 CK slopes on both scales.
    rate_slope, rate_slope_se : float
        Log interview rate per ten points.
    draws, rate_slope_draws : numpy.ndarray, shape (d,)
    rows : tuple of str
        Ids of the register's rows behind it.
    """

    value: float
    se: float
    rate_slope: float
    rate_slope_se: float
    draws: np.ndarray
    rate_slope_draws: np.ndarray
    rows: tuple


@dataclass(frozen=True)
class Effect:
    """A covariate's effect on the log odds of matching, per unit of u.

    Attributes
    ----------
    value, se : float
    draws : numpy.ndarray, shape (d,)
    rows : tuple of dict
        What went in: id, source_id, value and se on the match scale, weight.
    basis : {'measured', 'evidence'}
    rate_value : float
        The same effect on the log interview rate; NaN without an exchange rate.
    rate_draws : numpy.ndarray, shape (d,) or None
    own, own_se : float
        Before it was drawn towards the covariates' mean (`share_effects`); NaN where it was not.
    kept : float
        How much of the own estimate is kept.
    """

    value: float
    se: float
    draws: np.ndarray
    rows: tuple
    basis: str
    rate_value: float
    rate_draws: np.ndarray | None
    own: float = np.nan
    own_se: float = np.nan
    kept: float = 1.0


def widened(row, grade_variance=GRADE_VARIANCE):
    """Return a register row's standard error, widened for its grade."""
    return float(row["se"]) * np.sqrt(grade_variance[str(row["grade"]).strip().upper()])


def _with_mean(draws, mean):
    return draws * (mean / draws.mean())


def exchange_rate(effects, slopes, slope_draws, spread_normals, rate_normals, grade_variance=GRADE_VARIANCE):
    """Return the exchange rate between log interview rate and log odds of matching.

    Step 2 CK is measured on both scales, so value = pooled match slope / pooled rate slope.
    The match slope of a random specialty varies by tau around the mean, and the k rows of the
    rate are each of one specialty, so that their mean is off by tau/sqrt(k) besides their own
    errors: log value is drawn with the relative variances of both slopes and tau^2/k added
    (delta method), which keeps it positive; the draws' mean is then put on the point, as that
    of every other parameter.

    Parameters
    ----------
    effects : pandas.DataFrame
        The tidy register.
    slopes : Pool
        Of the match slopes per ten points.
    slope_draws : numpy.ndarray, shape (d,)
        Draws of the pooled mean.
    spread_normals, rate_normals : numpy.ndarray, shape (d,)

    Returns
    -------
    Exchange or None
        None without a row of Step 2 CK on the interview-rate scale, or with a match slope
        that is not above zero.
    """
    rows = effects[(effects["covariate"] == "step2_ck") & (effects["scale"] == "log_interview_rate")]
    rows = rows[np.isfinite(rows["estimate"]) & np.isfinite(rows["se"]) & (rows["unit"].str.strip().str.casefold() == SCORE_UNIT)]
    if rows.empty or slopes.mean <= 0:
        return None
    errors = [widened(row, grade_variance) for _, row in rows.iterrows()]
    rate = pool(rows["estimate"].to_numpy(float), errors)
    if rate.mean <= 0:
        return None
    value = slopes.mean / rate.mean
    rate_draws = _with_mean(np.exp(rate.mean_se / rate.mean * rate_normals), rate.mean)
    spread = slopes.spread / np.sqrt(len(rows))
    relative = (slope_draws - slopes.mean + spread * spread_normals) / slopes.mean
    draws = _with_mean(np.exp(relative - rate.mean_se / rate.mean * rate_normals), value)
    se = value * np.sqrt((slopes.mean_se**2 + spread**2) / slopes.mean**2 + (rate.mean_se / rate.mean) ** 2)
    return Exchange(float(value), float(se), rate.mean, rate.mean_se, draws, rate_draws, tuple(rows["id"]))


def against_never(estimate, share, rate):
    """Turn the log odds ratio of a group against everybody into one against the rest.

    With everybody at `rate` and a `share` in the group, the group is at
    p1 = expit(logit(rate) + estimate), the rest at p0 = (rate - share p1)/(1 - share).

    Parameters
    ----------
    estimate : numpy.ndarray or float
    share, rate : float

    Returns
    -------
    numpy.ndarray or float
        logit(p1) - logit(p0).
    """
    p1 = expit(logit(rate) + estimate)
    p0 = np.clip((rate - share * p1) / (1 - share), 1e-9, 1 - 1e-9)
    return logit(p1) - logit(p0)


def odds_to_rate(estimate, base):
    """Turn a log odds ratio at a base rate into a log rate ratio: ln(expit(logit b + e)/b)."""
    return np.log(expit(logit(base) + estimate) / base)


def score_adjusted(row):
    """Whether a row's effect is adjusted for an exam score."""
    return any(word in str(row["adjusted_for"]).casefold() for word in ("step2_ck", "score", "step 1", "step 2", "step1"))


def base_invitation_rate(groups):
    """Return the invitation rate over all applicant types of the invitation-groups table, or None.

    Applications-weighted over the groups that are applicant types ('us-md', 'us-img', ...),
    which do not overlap.
    """
    kinds = groups[groups["group"].isin(["us-md", "us-do", "us-img", "non-us-img"])]
    if kinds.empty:
        return None
    return float((kinds["invitation_rate"] * kinds["applications"]).sum() / kinds["applications"].sum())


def unused_reason(row, exchange):
    """Say why a register row is not used, or return an empty string."""
    name, unit = row["covariate"], str(row["unit"]).strip()
    if row["scale"] == "dispersion":
        return "used by the applications chain, not by the odds"
    if name == "step2_ck" and row["scale"] != "log_interview_rate":
        return "Step 2 CK is measured by the Match tables themselves"
    if name != "step2_ck" and name not in COVARIATES:
        return f"{name} is not a covariate of an applicant here"
    if not (np.isfinite(row["estimate"]) and np.isfinite(row["se"])):
        return "no estimate with a standard error"
    if name == "step2_ck":
        if unit.casefold() != SCORE_UNIT:
            return f"the unit {unit!r} is not {SCORE_UNIT}"
        return "" if exchange is not None else NO_EXCHANGE
    if row["scale"] not in SCALES:
        return f"the scale {row['scale']} is not one of {', '.join(SCALES)}"
    if unit.casefold() == AGAINST_ALL and row["scale"] == "log_interview_rate":
        return "a comparison with everybody is read as log odds, not as a log rate"
    if unit.casefold() not in COVARIATES[name].units and not (unit.casefold() == AGAINST_ALL and COVARIATES[name].binary):
        return f"the unit {unit!r} is not one of {', '.join(COVARIATES[name].units)}"
    if row["scale"] in RATE_SCALES and exchange is None:
        return NO_EXCHANGE
    return ""


@dataclass(frozen=True)
class Converter:
    """Brings rows to the match scale, in the point and in every draw alike.

    Attributes
    ----------
    exchange : Exchange or None
    match_slope : float
        Pooled log odds of matching per ten points.
    match_slope_draws : numpy.ndarray, shape (d,)
    gaps : dict
        {covariate: (gap, draws)}: tens of points by which the score rises per unit of u.
    base : float or None
        Invitation rate at which log odds of invitation are read.
    shares : dict
        {covariate: share of yes} for comparisons with everybody.
    rate : float
        Match rate for those comparisons.
    """

    exchange: Exchange | None
    match_slope: float
    match_slope_draws: np.ndarray
    gaps: dict
    base: float | None
    shares: dict
    rate: float

    def __call__(self, row, estimates, drawn):
        """Return the row's effect per unit of u on log odds of matching.

        Parameters
        ----------
        row : pandas.Series
        estimates : numpy.ndarray or float
            The row's estimate, or draws of it.
        drawn : bool
            Whether the other parameters are taken in their draws too.
        """
        covariate = COVARIATES[row["covariate"]]
        unit = str(row["unit"]).strip().casefold()
        if unit == AGAINST_ALL:
            on_match = row["scale"] == "log_odds_match" or self.base is None
            effect = against_never(estimates, self.shares.get(covariate.name, 0.0), self.rate if on_match else self.base)
        else:
            effect = estimates * covariate.units[unit]
        if row["scale"] == "log_odds_invitation" and self.base is not None:
            effect = odds_to_rate(effect, self.base)
        on_rate = row["scale"] in RATE_SCALES
        if not score_adjusted(row) and covariate.name in self.gaps:
            gap = self.gaps[covariate.name][int(drawn)]
            if on_rate:
                slope = self.exchange.rate_slope_draws if drawn else self.exchange.rate_slope
            else:
                slope = self.match_slope_draws if drawn else self.match_slope
            effect = effect - slope * gap
        if on_rate:
            effect = effect * (self.exchange.draws if drawn else self.exchange.value)
        return effect


def combine(name, rows, measured, converter, normals, grade_variance=GRADE_VARIANCE):
    """Combine a covariate's estimates by inverse variance.

    Weights are 1/variance of each estimate on the match scale, its standard error widened
    for its grade first; the same weights serve the point and every draw, so that what the
    estimates share (the exchange rate, the gap) stays shared.

    Parameters
    ----------
    name : str
    rows : pandas.DataFrame
        The usable register rows of the covariate.
    measured : list of tuple
        (source ids, value, draws) of estimates fitted to Match tables, on the match scale.
    converter : Converter
    normals : numpy.ndarray, shape (d, len(rows))

    Returns
    -------
    Effect
    """
    points, draws, labels = [], [], []
    for k, (_, row) in enumerate(rows.iterrows()):
        spread = widened(row, grade_variance)
        points.append(float(converter(row, float(row["estimate"]), False)))
        draws.append(converter(row, float(row["estimate"]) + spread * normals[:, k], True))
        labels.append({"id": str(row["id"]), "source_id": str(row["source_id"]), "grade": str(row["grade"]), "basis": "evidence"})
    for ids, value, drawn in measured:
        points.append(value)
        draws.append(drawn)
        labels.append({"id": "fitted", "source_id": ", ".join(ids), "grade": "", "basis": "measured"})
    ses = np.array([np.std(d, ddof=1) for d in draws])
    weights = 1 / ses**2
    weights /= weights.sum()
    combined = weights @ np.array(draws)
    value = float(weights @ np.array(points))
    for label, point, se, weight in zip(labels, points, ses, weights, strict=True):
        label.update(value=point, se=float(se), weight=float(weight))
    basis = "measured" if any(label["basis"] == "measured" for label in labels) else "evidence"
    exchange = converter.exchange
    rate_value = value / exchange.value if exchange else np.nan
    rate_draws = combined / exchange.draws if exchange else None
    return Effect(value, float(np.std(combined, ddof=1)), combined, tuple(labels), basis, rate_value, rate_draws)
