"""Step 3 shown: every specialty's slope and level, its own and as used (notebook 2)."""

import numpy as np
import pandas as pd
from scipy.special import expit

from ..covariates import step2_u
from ..evaluate.years import Z80
from ..fit.level import SMALL_CELL
from ..plots import style
from .words import fixed, percent, signed


def slopes(fit):
    """Return the slopes of a `TypeFit`, the most certain own estimate first.

    Returns
    -------
    pandas.DataFrame
        specialty, persons, own, se, sampling, rounding, tails (NaN where suppressed), kept
        (share of the own estimate), used, low and high (80% range of the draws).
    """
    parts = [(np.nan,) * 3 if not np.isfinite(v) else (p.se_sampling, p.se_rounding, p.se_tails) for v, p in zip(fit.slopes.values, fit.slope_years.newest, strict=True)]
    low, high = np.quantile(fit.beta_draws, [0.1, 0.9], axis=0)
    found = pd.DataFrame({
        "specialty": fit.specialties, "persons": fit.measured_n, "own": fit.slopes.values, "se": np.where(np.isfinite(fit.slopes.values), fit.slopes.ses, np.nan),
        **{name: [p[k] for p in parts] for k, name in enumerate(("sampling", "rounding", "tails"))},
        "kept": fit.slopes.weights(), "used": fit.beta, "low": low, "high": high,
    })
    return found.sort_values(["se", "persons"], na_position="last", ascending=[True, False], ignore_index=True)


def slopes_table(fit):
    """Return `slopes` as it is shown."""
    found = slopes(fit)
    return pd.DataFrame({
        "specialty": found["specialty"],
        "persons": found["persons"].map(lambda v: fixed(v, 0)),
        "own slope": found["own"].map(lambda v: signed(v, 3)),
        "SE": found["se"].map(lambda v: fixed(v, 3)),
        "of it sampling": found["sampling"].map(lambda v: fixed(v, 3)),
        "rounding": found["rounding"].map(lambda v: fixed(v, 3)),
        "tails": found["tails"].map(lambda v: fixed(v, 3)),
        "kept": found["kept"].map(fixed),
        "used": found["used"].map(lambda v: signed(v, 3)),
        "80% range": [f"{signed(a)} to {signed(b)}" for a, b in zip(found["low"], found["high"], strict=True)],
    })


def slopes_figure(fit):
    """Draw each specialty's own slope and the one used, with 80% ranges."""
    found = slopes(fit).iloc[::-1].reset_index(drop=True)
    names = [f"{r.specialty} ({f'{r.persons:,.0f}' if np.isfinite(r.own) else 'suppressed'})" for r in found.itertuples()]
    limits = (-0.4, 1.0)
    figure, axes = style.new_figure(
        0.22 * len(found), title="Step 3: slopes shrunk towards the mean by their own precision",
        caption="Log odds of matching per ten points of Step 2 CK; 80% ranges, cut at the frame. In brackets persons with a known score. Shaded: the mean over specialties, 80% range. "
        "Where scores are suppressed, or the own estimate lies outside the frame, only the slope used is marked.",
        left=max(style.text_width(n) for n in names) + 0.25, above=0.22,
    )
    axis, y = axes[0, 0], np.arange(len(found))
    pooled = fit.slopes
    axis.axvspan(pooled.mean - Z80 * pooled.mean_se, pooled.mean + Z80 * pooled.mean_se, color=style.PALE, alpha=0.6, lw=0)
    axis.axvline(0, color=style.GREY, lw=0.8)
    inside = found["own"].between(*limits)
    axis.hlines(y + 0.17, (found["own"] - Z80 * found["se"]).clip(*limits), (found["own"] + Z80 * found["se"]).clip(*limits), color=style.GREY, lw=1.3)
    axis.plot(found["own"][inside], y[inside] + 0.17, "s", color=style.GREY, ms=4, mec="white", mew=0.4, label="own estimate")
    axis.hlines(y - 0.17, found["low"], found["high"], color=style.BLUE, lw=1.6)
    axis.plot(found["used"], y - 0.17, "o", color=style.BLUE, ms=4.5, mec="white", mew=0.4, label="used")
    axis.set_yticks(y, names)
    axis.set(xlim=limits, ylim=(-0.7, len(found) - 0.3), xlabel="log odds per ten points")
    axis.legend(frameon=False, fontsize=style.TEXT, ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.1)
    return figure


def slopes_sentence(fit, whole="Internal Medicine", flat="Family Medicine"):
    """Say the mean, the spread, how many have nothing of their own, and name one steep and one flat specialty."""
    found = slopes(fit).set_index("specialty")
    none = int(found["own"].isna().sum())
    a, b, pooled = found.loc[whole], found.loc[flat], fit.slopes
    return (
        f"Mean over specialties {pooled.mean:.3f} (SE {pooled.mean_se:.3f}), spread between them {pooled.spread:.3f}; {none} of {len(found)} have no estimate of their "
        f"own. {whole} keeps {a['kept']:.0%} of its own {signed(a['own'], 3)} "
        f"and is used as {signed(a['used'], 3)}; {flat} keeps {b['kept']:.0%} of its own {signed(b['own'], 3)} and is used as {signed(b['used'], 3)} (80% range "
        f"{signed(b['low'])} to {signed(b['high'])})."
    )


def flat_sentence(tidy, fit, specialty="Family Medicine"):
    """Say why a flat slope is no proof that the score is of no use."""
    rows = tidy.table("quartiles").query("measure == 'step2_ck' and applicant_type == @fit.kind and specialty == @specialty").set_index("cohort")["median"]
    return (
        f"In {specialty.lower()} those who matched have a median of {rows['matched']:g} and those who did not one of {rows['not_matched']:g}. That is no proof that the "
        "score is of no use there: only applicants with "
        f"a ranked program are in the table, and what it took to get an interview is not in it."
    )


def levels(fit):
    """Return each specialty's published and used rate.

    Returns
    -------
    pandas.DataFrame
        specialty, applicants, published, used, averaged (over the cell's rebuilt scores), whole
        (kept as published), kept (share of the own log odds).
    """
    total = fit.matched + fit.not_matched
    averaged = [float(w @ expit(a + b * step2_u(v))) for a, b, (v, w) in zip(fit.alpha, fit.beta, fit.populations, strict=True)]
    return pd.DataFrame({
        "specialty": fit.specialties, "applicants": total, "published": fit.matched / total, "used": expit(fit.level), "averaged": averaged,
        "whole": fit.whole, "kept": fit.levels.weights(fit.whole),
    }).sort_values("applicants", ascending=False, ignore_index=True)


def small_table(fit):
    """Return the specialties whose level is shrunk."""
    found = levels(fit)
    found = found[~found["whole"]]
    return pd.DataFrame({
        "specialty": found["specialty"], "applicants": found["applicants"].map(lambda v: fixed(v, 0)), "published": found["published"].map(percent),
        "kept": found["kept"].map(fixed), "used": found["used"].map(percent),
    })


def levels_sentence(fit):
    """Say that the averages return the rates: the published ones of large cells, the shrunk ones of small."""
    found = levels(fit)
    large, small = found[found["whole"]], found[~found["whole"]]
    most = small.loc[(small["used"] - small["published"]).abs().idxmax()]
    gap = max((large["averaged"] - large["published"]).abs().max(), (found["averaged"] - found["used"]).abs().max())
    told = "to six decimals" if gap < 5e-7 else f"to within {100 * gap:.3f} points"
    return (
        f"Averaged over their rebuilt scores, the {len(large)} specialties of {SMALL_CELL} applicants or more return the published rate, and the {len(small)} smaller "
        f"ones their shrunk rate, {told}. "
        f"The most is moved {most['specialty']} ({most['applicants']:.0f} applicants): published {most['published']:.1%}, used {most['used']:.1%}."
    )
