"""Step 5 shown: the register's rows, brought to the match scale one step at a time (notebook 2)."""

import numpy as np
import pandas as pd

from ..covariates import COVARIATES
from ..fit.evidence import GRADE_VARIANCE, RATE_SCALES, base_invitation_rate, odds_to_rate, score_adjusted, widened
from .words import fixed, join, signed

EXAMPLE = "neuro-step2-fail"  # crude and on the scale of invitations: every step of a conversion happens to it
SCALE_WORDS = {
    "log_interview_rate": "log interview rate", "log_odds_invitation": "log odds of invitation", "log_odds_match": "log odds of matching",
    "dispersion": "dispersion", "percentage_points": "percentage points",
}


def register(tidy):
    """Return the evidence register as published, a row an estimate."""
    rows = tidy.table("effects")
    return pd.DataFrame({
        "id": rows["id"], "covariate": rows["covariate"], "scale": rows["scale"].map(lambda s: SCALE_WORDS.get(s, s)), "estimate": rows["estimate"].map(signed),
        "SE": rows["se"].map(fixed), "n": rows["n"].map(lambda v: fixed(v, 0)), "grade": rows["grade"], "adjusted for": rows["adjusted_for"],
    })


def grades_table():
    """Return by how much each grade widens a row's variance and standard error."""
    return pd.DataFrame(
        [(grade, f"x{v:g}", f"x{np.sqrt(v):.2f}") for grade, v in GRADE_VARIANCE.items()], columns=["grade", "variance", "standard error"]
    )


def exchange_table(trained):
    """Return both slopes of Step 2 CK and their ratio."""
    e, slopes = trained.exchange, trained.fits[trained.primary].slopes
    rows = [
        ("log odds of matching per ten points", "mean over specialties", fixed(slopes.mean, 3), fixed(slopes.mean_se, 3)),
        ("log interview rate per ten points", join(e.rows), fixed(e.rate_slope, 3), fixed(e.rate_slope_se, 3)),
        ("exchange rate: log odds of matching per log interview rate", "the ratio of both", fixed(e.value, 3), fixed(e.se, 3)),
    ]
    return pd.DataFrame(rows, columns=["what", "from", "value", "SE"])


def exchange_parts(trained):
    """Return the shares of the exchange rate's squared relative error: rate slope, mean match slope, and the rest, the spread between specialties."""
    e, slopes = trained.exchange, trained.fits[trained.primary].slopes
    whole = (e.se / e.value) ** 2
    rate, match = (e.rate_slope_se / e.rate_slope) ** 2 / whole, (slopes.mean_se / slopes.mean) ** 2 / whole
    return {"rate": rate, "match": match, "spread": 1 - rate - match}


def exchange_sentence(trained):
    """Say what the exchange rate is, how it is spread, and what its error is made of."""
    e, parts = trained.exchange, exchange_parts(trained)
    low, high = np.quantile(e.draws, [0.1, 0.9])
    sign = "all" if (e.draws > 0).all() else f"{int((e.draws > 0).sum())}"
    return (
        f"A log interview rate is worth {e.value:.2f} log odds of matching (80% range {low:.2f} to {high:.2f}; {sign} of {len(e.draws)} draws are above zero). Of the "
        f"squared relative error {parts['rate']:.0%} is that of the slope on the interview rate, "
        f"{parts['match']:.0%} that of the mean slope on the log odds, and {parts['spread']:.0%} the spread of that slope between specialties."
    )


def score_gap(trained, name):
    """Return by how many tens of points the score differs per unit of a covariate's u: r sd(score)/sd(u)."""
    fit, primary = trained.fits[trained.primary], trained.centring[trained.primary]
    score_sd = float(np.average(fit.score_sd, weights=fit.matched + fit.not_matched))
    return trained.correlations.of("step2_ck", name)[0] * score_sd / primary.references[name].sd


def conversion(trained, row_id=EXAMPLE):
    """Take one row of the register to the match scale, step by step.

    Only for rows on a scale of invitations. The steps are those of
    `matchmodel.fit.evidence.Converter`; the last value is the one that the model combines.

    Returns
    -------
    pandas.DataFrame
        step, formula, value.
    """
    register_rows = trained.tidy.table("effects").set_index("id")
    row = register_rows.loc[row_id]
    if row["scale"] not in RATE_SCALES:
        raise ValueError(f"{row_id} is on the scale {row['scale']}; its conversion is shown for {', '.join(RATE_SCALES)}")
    name, exchange = row["covariate"], trained.exchange
    value = float(row["estimate"]) * COVARIATES[name].units[str(row["unit"]).strip().casefold()]
    steps = [("as published, per unit of u", SCALE_WORDS[row["scale"]], value)]
    base = base_invitation_rate(trained.tidy.table("invitation_groups"))
    if row["scale"] == "log_odds_invitation" and base is not None:
        value = float(odds_to_rate(value, base))
        steps.append((f"as a log rate at the base rate {base:.1%}", "ln(expit(logit b + e)/b)", value))
    if not score_adjusted(row):
        gap = score_gap(trained, name)
        value -= exchange.rate_slope * gap
        steps.append((f"less what the score explains: {10 * gap:+.1f} points at {exchange.rate_slope:.3f} per ten", "e - slope x gap", value))
    value *= exchange.value
    steps.append((f"times the exchange rate {exchange.value:.3f}", "log odds of matching", value))
    return pd.DataFrame(steps, columns=["step", "formula", "value"])


def conversion_table(trained, row_id=EXAMPLE):
    """Return `conversion` as it is shown."""
    found = conversion(trained, row_id)
    return found.assign(value=found["value"].map(lambda v: signed(v, 3))).rename(columns={"formula": "formula or scale"})


def conversion_sentence(trained, row_id=EXAMPLE):
    """Say what a row is, from what to what it was taken, and how its error grew."""
    row = trained.tidy.table("effects").set_index("id").loc[row_id]
    found = conversion(trained, row_id)
    used = next(r for r in trained.effects[row["covariate"]].rows if r["id"] == row_id)
    return (
        f"`{row_id}` ({row['population']}; {COVARIATES[row['covariate']].label}): {signed(row['estimate'])} {SCALE_WORDS[row['scale']]} becomes "
        f"{signed(found['value'].iloc[-1])} log odds of matching. Its standard error is {row['se']:.2f} as published, "
        f"{widened(row):.2f} widened for grade {row['grade']}, and {used['se']:.2f} on the match scale, where the errors of the gap and of the exchange rate are in it."
    )


def combined(trained):
    """Return every row used, on the match scale with its weight, and what became of it.

    Returns
    -------
    pandas.DataFrame
        covariate, id, grade, value, se, weight, low, high. After each covariate's rows come
        'weighted mean', where it was then drawn towards the covariates' common size, and
        'used'; low and high are the 80% range of the draws of what is used.
    """
    rows = []
    for name, effect in trained.effects.items():
        rows += [(name, r["id"], r["grade"], r["value"], r["se"], r["weight"], np.nan, np.nan) for r in effect.rows]
        if np.isfinite(effect.own):
            rows.append((name, "weighted mean", "", effect.own, effect.own_se, np.nan, np.nan, np.nan))
        rows.append((name, "used", "", effect.value, effect.se, np.nan, *np.quantile(effect.draws, [0.1, 0.9])))
    return pd.DataFrame(rows, columns=["covariate", "id", "grade", "value", "se", "weight", "low", "high"])


def combined_table(trained):
    """Return `combined` as it is shown."""
    found = combined(trained)
    whole = found["id"].isin(["weighted mean", "used"])
    return pd.DataFrame({
        "covariate": found["covariate"].map(lambda n: COVARIATES[n].label), "estimate": found["id"].where(~whole, "**" + found["id"] + "**"), "grade": found["grade"],
        "log odds of matching": found["value"].map(lambda v: signed(v, 3)), "SE": found["se"].map(lambda v: fixed(v, 3)), "weight": found["weight"].map(fixed),
        "80% range": ["" if np.isnan(a) else f"{signed(a)} to {signed(b)}" for a, b in zip(found["low"], found["high"], strict=True)],
    })


def shared_table(trained):
    """Return how each effect was drawn towards the covariates' common size, per standard deviation."""
    rows, references = [], trained.centring[trained.primary].references
    for name, kept in zip(trained.shared.names, trained.shared.kept, strict=True):
        effect, size = trained.effects[name], COVARIATES[name].direction * references[name].sd
        rows.append((
            COVARIATES[name].label, "raise the odds" if COVARIATES[name].direction > 0 else "lower the odds",
            fixed(references[name].sd), f"{signed(effect.own, 3)} ({effect.own_se:.3f})",
            signed(effect.own * size, 3), fixed(kept), signed(effect.value * size, 3), f"{signed(effect.value, 3)} ({effect.se:.3f})",
        ))
    return pd.DataFrame(rows, columns=["covariate", "more of it is taken to", "SD of u", "weighted mean (SE)", "per SD, in that direction", "kept", "used per SD", "used (SE)"])


def shared_sentence(trained):
    """Say what the effects have in common, and how much of each is kept."""
    pooled, kept = trained.shared.pool, trained.shared.kept
    return (
        f"Per standard deviation the {len(kept)} effects average {pooled.mean:.3f} log odds (SE {pooled.mean_se:.3f}), with a spread between covariates of "
        f"{pooled.spread:.3f} at its estimate, integrated over its posterior; {min(kept):.0%} to {max(kept):.0%} of each is kept. "
        f"The direction of each is assumed beforehand ({int((pooled.values > 0).sum())} of the {len(kept)} own estimates agree with it), and the ranges below lean on that."
    )


def effects_sentence(trained):
    """Say which covariates' 80% ranges hold no effect, and which do not."""
    found = combined(trained).dropna(subset="low").set_index("covariate")
    none = [COVARIATES[n].label for n in found.index if found.loc[n, "low"] < 0 < found.loc[n, "high"]]
    some = [COVARIATES[n].label for n in found.index if COVARIATES[n].label not in none]
    told = f"The 80% range holds 'no effect' for {join(none)}" + (f", and does not for {join(some)}" if some else "") if none else "No covariate's 80% range holds 'no effect'"
    return (
        f"{told}. A 95% range is wider, and with {len(trained.drift_normals)} draws an end of a range is itself uncertain by a few hundredths. "
        f"The draws are skewed, since the exchange rate stretches all that goes through it: read the range, not the standard error."
    )


def unused(trained):
    """Return what was not used, and why."""
    return pd.DataFrame([(row["what"], row["why"]) for row in trained.unused], columns=["row", "why it is not used"])
