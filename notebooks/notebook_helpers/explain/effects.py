"""Steps 5 and 6: effects of what the Match tables leave out; the unknown drops out (notebook 2)."""

import numpy as np
import pandas as pd

from matchmodel.covariates import COVARIATES
from matchmodel.etl import Tidy
from matchmodel.fit.evidence import priors
from matchmodel.fit.evidence.effects import GRADE_VARIANCE, widened
from matchmodel.fit.train import Trained
from matchmodel.model import Model
from matchmodel.model.engine import Z_RANGE, expit, one_range
from matchmodel.report.wording import type_name
from notebook_helpers.needed import needed
from notebook_helpers.words import fixed, join, percent, ranged, signed, span

EXAMPLE = (
    "re26-im-step2-fail"  # crude and on the scale of invitations: every step of a conversion happens to it
)
SHOWN = ("Internal Medicine", "Family Medicine", "Neurology", "General Surgery")
SCALE_WORDS = {
    "log_interview_rate": "log interview rate", "log_odds_invitation": "log odds of invitation",
    "log_odds_match": "log odds of matching", "percentage_points": "percentage points",
    "log_interviews": "log interviews",
}  # fmt: skip


def register(tidy: Tidy) -> pd.DataFrame:
    """Return the evidence register as published, one row per estimate."""
    rows = tidy.table("effects")
    return pd.DataFrame({
        "id": rows["id"], "covariate": rows["covariate"], "specialty": rows["specialty"],
        "scale": rows["scale"].map(lambda s: SCALE_WORDS.get(s, s)), "estimate": rows["estimate"].map(signed),
        "SE": rows["se"].map(fixed), "n": rows["n"].map(lambda v: fixed(v, 0)), "grade": rows["grade"],
        "adjusted for": rows["adjusted_for"],
    })  # fmt: skip


def grades_table() -> pd.DataFrame:
    """Return by how much each grade widens a row's variance and standard error."""
    rows = [(grade, f"x{v:g}", f"x{np.sqrt(v):.2f}") for grade, v in GRADE_VARIANCE.items()]
    return pd.DataFrame(rows, columns=["grade", "variance", "standard error"])


def priors_table() -> pd.DataFrame:
    """Return what is believed of each effect before any estimate, as odds ratios."""
    rows = []
    for name, prior in priors.EFFECTS.items():
        z = Z_RANGE * prior.sd
        odds = f"{np.exp(prior.mean):.2f} ({span(np.exp(prior.mean - z), np.exp(prior.mean + z), fixed)})"
        direction = "lowers" if COVARIATES[name].direction < 0 else "raises"
        rows.append(
            (COVARIATES[name].label, COVARIATES[name].unit, odds, direction, f"{priors.SPREADS[name]:.2f}")
        )
    columns = [
        "covariate", "unit", "odds ratio believed before (80% range)", "more of it, held",
        "scale of the spread between specialties",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def conversion(trained: Trained, row_id: str = EXAMPLE) -> pd.DataFrame:
    """Take one crude row on failures from the interview rate to the match scale, means over draws.

    The chain's eta is the final one. Training converts the rows with a first solution of the chain, since the
    chain needs the effects in turn.

    Returns
    -------
    frame
        step, formula, value.

    Raises
    ------
    ValueError
        For a row on another scale, adjusted for the score, or of something else than a failure.
    """
    row = trained.tidy.table("effects").set_index("id").loc[row_id]
    name, specialty = row["covariate"], row["specialty"]
    if row["scale"] != "log_interview_rate" or row["score_adjusted"] == "yes" or name not in priors.MUTUAL:
        raise ValueError(
            f"{row_id} is no crude interview rate ratio of a failure; show the conversion of one"
        )
    fit = trained.fits[trained.primary]
    eta = trained.chains[trained.primary][specialty].eta
    beta = fit.beta_draws[:, fit.specialties.index(specialty)]
    gap = priors.FAILURE_SCORE_GAP.mean + priors.FAILURE_SCORE_GAP.sd * trained.normals.one(
        f"score gap {name}"
    )
    estimate = float(row["estimate"])
    divided = estimate / eta
    crude = divided - beta * gap
    other, share = priors.MUTUAL[name]
    adjusted = crude - share * trained.effects[other].mean
    points = 10 * priors.FAILURE_SCORE_GAP.mean
    steps = [
        ("as published", "log interview rate", estimate),
        (f"divided by eta, {eta.mean():.2f} in {specialty.lower()}", "e / eta", divided.mean()),
        (f"less what the score explains: {points:+.0f} points at {beta.mean():.3f} per ten", "- beta gap",
         crude.mean()),
        (f"less its part of the other failure, {share:.2f} of {trained.effects[other].mean.mean():+.2f}",
         "- share x other", adjusted.mean()),
    ]  # fmt: skip
    return pd.DataFrame(steps, columns=["step", "formula", "value"])


def conversion_table(trained: Trained, row_id: str = EXAMPLE) -> pd.DataFrame:
    """Return `conversion` as it is shown."""
    steps = conversion(trained, row_id)
    return steps.assign(value=steps["value"].map(lambda v: signed(v, 3))).rename(
        columns={"formula": "formula or scale"}
    )


def conversion_sentence(trained: Trained, row_id: str = EXAMPLE) -> str:
    """Say how the error of a row grew, and what the model combined."""
    row = trained.tidy.table("effects").set_index("id").loc[row_id]
    used = next(r for r in trained.effects[row["covariate"]].rows if r.id == row_id)
    third = conversion(trained, row_id)["value"].iloc[2]
    return (
        f"`{row_id}` ({row['population']}): the standard error is {row['se']:.2f} as published, "
        f"{widened(row):.2f} widened for grade {row['grade']}, and {used.se:.2f} on the match scale, with "
        f"the errors of eta, beta and the gap in it. Before the last step the row reads {signed(third)} with "
        f"the chain as it was solved in the end, and {signed(used.value)} with its first solution, which is "
        "what was combined."
    )


def combined(trained: Trained) -> pd.DataFrame:
    """Return what was believed, every row on the match scale, and what is used, by covariate.

    Returns
    -------
    frame
        covariate, id, grade, value, se, weight, low, high. After a covariate's rows come 'mean over
        specialties' and 'one specialty' (its spread in it); low and high are the 80% range of the draws.
    """
    rows = []
    for name, effect in trained.effects.items():
        prior = priors.EFFECTS[name]
        share = 1 - sum(r.weight for r in effect.rows)
        rows.append((name, "believed before", "", prior.mean, prior.sd, share, np.nan, np.nan))
        rows += [(name, r.id, r.grade, r.value, r.se, r.weight, np.nan, np.nan) for r in effect.rows]
        every = np.concatenate(list(effect.specialties.values()))
        for what, draws in (("mean over specialties", effect.mean), ("one specialty", every)):
            rows.append(
                (name, what, "", draws.mean(), draws.std(ddof=1), np.nan, *np.quantile(draws, [0.1, 0.9]))
            )
    return pd.DataFrame(rows, columns=["covariate", "id", "grade", "value", "se", "weight", "low", "high"])


def combined_table(trained: Trained) -> pd.DataFrame:
    """Return `combined` as it is shown; weights are before the failures are adjusted for each other."""
    effects = combined(trained)
    plain = effects["id"].isin(["believed before", "mean over specialties", "one specialty"])
    return pd.DataFrame({
        "covariate": effects["covariate"].map(lambda n: COVARIATES[n].label),
        "estimate": effects["id"].where(~plain, "**" + effects["id"] + "**"), "grade": effects["grade"],
        "log odds of matching": effects["value"].map(lambda v: signed(v, 3)),
        "SE": effects["se"].map(lambda v: fixed(v, 3)),
        "weight": effects["weight"].map(fixed),
        "80% range": ["" if np.isnan(a) else span(a, b, signed) for a,
        b in zip(effects["low"], effects["high"], strict=True)],
        "odds ratio": np.exp(effects["value"]).map(fixed).where(plain, ""),
    })  # fmt: skip


def effects_sentence(trained: Trained) -> str:
    """Say what the estimates did to what was believed before."""
    moved, parts = [], []
    for name, effect in trained.effects.items():
        before, after = priors.EFFECTS[name].mean, float(effect.mean.mean())
        moved.append(f"{COVARIATES[name].label} {np.exp(before):.2f} to {np.exp(after):.2f}")
        parts.append(sum(r.weight for r in effect.rows))
    return (
        f"From what was believed to what is used, as odds ratios: {join(moved)}. The estimates carry "
        f"{min(parts):.0%} to {max(parts):.0%} of the weight. The signs are held beforehand, and with priors "
        "this strong the ranges lean on them."
    )


def specialties_table(trained: Trained, chosen: tuple[str, ...] = SHOWN) -> pd.DataFrame:
    """Return the odds ratio of each covariate in a few specialties, with its 80% range."""
    columns: dict[str, list[str]] = {
        "covariate": [f"{COVARIATES[n].label}, {COVARIATES[n].unit}" for n in trained.effects]
    }
    for s in chosen:
        drawn = (one_range(np.exp(effect.specialties[s])) for effect in trained.effects.values())
        columns[s] = [ranged(one, fixed) for one in drawn]
    return pd.DataFrame(columns)


def unused(trained: Trained) -> pd.DataFrame:
    """Return what could not be used, by reason."""
    reasons: dict[str, list[str]] = {}
    for one in trained.unused:
        reasons.setdefault(one.why, []).append(one.what.removeprefix("register row "))
    return pd.DataFrame([(why, join(rows)) for why, rows in reasons.items()], columns=["why", "rows"])


# --- what is unknown drops out ------------------------------------------------------------------------------


def reference_table(model: Model) -> pd.DataFrame:
    """Return how those who rank are taken to be spread over the covariates, by type."""
    rows = []
    for name, covariate in COVARIATES.items():
        for kind in model.applicant_types:
            reference = model.kind(kind).reference.get(name)
            if reference is None:
                continue
            if covariate.binary:
                spread = f"{percent(reference.shares[reference.values.index('yes')])} yes"
            else:
                at = np.cumsum(reference.shares).searchsorted([0.25, 0.5, 0.75])
                low, middle, high = (reference.values[k] for k in at)
                spread = f"median {middle}, quartiles {low} and {high}"
            rows.append((covariate.label, type_name(kind, True), spread, reference.basis, reference.source))
    return pd.DataFrame(rows, columns=["covariate", "applicants", "spread", "basis", "source"])


def ratios_table(
    model: Model, name: str, specialty: str = SHOWN[0], kind: str = "non-us-img"
) -> pd.DataFrame:
    """Return the likelihood ratio of each value of a covariate, as its reference population is spread."""
    reference, arrays = model.kind(kind).reference[name], model.arrays(kind, specialty)
    delta, kappa = (d.array for d in arrays.effects[name])
    rows = []
    for value, share, u in zip(reference.values, reference.shares, reference.u, strict=True):
        ratio, p = one_range(np.exp(delta * u - kappa)), one_range(expit(arrays.level + delta * u - kappa))
        rows.append((value, percent(share), fixed(u), ranged(ratio, fixed), ranged(p)))
    return pd.DataFrame(
        rows, columns=[COVARIATES[name].label, "share", "u", "likelihood ratio", "chance, nothing else known"]
    )


def kept(trained: Trained, name: str, specialty: str, kind: str = "non-us-img") -> float:
    """Return by how much the average over a covariate's reference population misses the level, at worst."""
    fit = trained.fits[kind]
    j = fit.specialties.index(specialty)
    reference, kappa = trained.references[kind][name], trained.kappa[kind][name][:, j]
    lp = trained.effects[name].specialties[specialty][:, None] * reference.u_draws - kappa[:, None]
    level = fit.level_draws[:, j]
    weights = needed(reference.weight_draws, f"draw of how {name} is spread")
    averaged = (weights * expit(level[:, None] + lp)).sum(axis=1) / weights.sum(axis=1)
    return float(np.abs(averaged - expit(level)).max())


def kept_sentence(trained: Trained) -> str:
    """Say that each covariate by itself keeps the rate in every cell and draw."""
    misses = [
        kept(trained, name, s, kind)
        for kind, fit in trained.fits.items()
        for name in trained.kappa[kind]
        for s in fit.specialties
    ]
    exact = "to nine decimals" if max(misses) < 5e-10 else f"to within {100 * max(misses):.4f} points"
    return (
        "Averaged over its reference population, each covariate by itself returns the level of the cell in "
        f"every one of {trained.normals.count} draws {exact} ({len(misses)} averages). So not knowing it and "
        "being average are the same."
    )
