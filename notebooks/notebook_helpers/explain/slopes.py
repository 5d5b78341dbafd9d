"""Step 3: the slope and the level of every specialty, its own and as used (notebook 2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.special import expit

from matchmodel.covariates import step2_u
from matchmodel.etl import Tidy
from matchmodel.evaluate.checks.leave_one_specialty_out import level_errors
from matchmodel.fit.tables.level import competition
from matchmodel.fit.tables.pooling import pool
from matchmodel.fit.tables.score_slopes import TypeFit
from matchmodel.fit.train import Trained
from matchmodel.plots import style
from notebook_helpers.words import fixed, percent, signed, span


def slopes(fit: TypeFit) -> pd.DataFrame:
    """Return the slopes of a type, the most certain own estimate first.

    Returns
    -------
    frame
        specialty, applicants (with a known score), own, se (NaN where suppressed), kept (share of the own
        estimate), used, low and high (80% range of the draws).
    """
    low, high = np.quantile(fit.beta_draws, [0.1, 0.9], axis=0)
    frame = pd.DataFrame({
        "specialty": fit.specialties, "applicants": fit.measured_n, "own": fit.slopes.values,
        "se": np.where(fit.slopes.known, fit.slopes.ses, np.nan), "kept": fit.slopes.weights(),
        "used": fit.beta, "low": low, "high": high,
    })  # fmt: skip
    order = {"na_position": "last", "ascending": [True, False], "ignore_index": True}
    return frame.sort_values(["se", "applicants"], **order)


def slopes_table(fit: TypeFit) -> pd.DataFrame:
    """Return `slopes` as it is shown."""
    each = slopes(fit)
    return pd.DataFrame({
        "specialty": each["specialty"], "applicants": each["applicants"].map(lambda v: fixed(v, 0)),
        "own slope": each["own"].map(lambda v: signed(v, 3)), "SE": each["se"].map(lambda v: fixed(v, 3)),
        "kept": each["kept"].map(fixed), "used": each["used"].map(lambda v: signed(v, 3)),
        "80% range": [span(a, b, signed) for a, b in zip(each["low"], each["high"], strict=True)],
    })  # fmt: skip


def slopes_sentence(fit: TypeFit, steep: str = "Internal Medicine", flat: str = "Family Medicine") -> str:
    """Say the mean, the spread and how many have nothing of their own; name a steep and a flat specialty."""
    each = slopes(fit).set_index("specialty")
    none, pooled = int(each["own"].isna().sum()), fit.slopes
    kept = [
        f"{name} keeps {r['kept']:.0%} of its own {signed(r['own'], 3)} and is used as "
        f"{signed(r['used'], 3)} ({span(r['low'], r['high'], signed)})"
        for name, r in ((name, each.loc[name]) for name in (steep, flat))
    ]
    return (
        f"Mean over specialties {pooled.mean:.3f} (SE {pooled.mean_se:.3f}), spread between them "
        f"{pooled.spread:.3f}; {none} of {len(each)} have no estimate of their own. {'; '.join(kept)}."
    )


def flat_sentence(tidy: Tidy, fit: TypeFit, specialty: str = "Family Medicine") -> str:
    """Say why a flat slope is no proof that the score is of no use."""
    rows = tidy.table("quartiles").query("measure == 'step2_ck' and applicant_type == @fit.kind")
    median = rows[rows["specialty"] == specialty].set_index("cohort")["median"]
    return (
        f"In {specialty.lower()} those who matched have a median of {median['matched']:g} and those who did "
        f"not one of {median['not_matched']:g}. That is no proof that the score is of no use there: only "
        "applicants who ranked a program are in the table, and what it took to get an interview is not in it."
    )


# --- levels -------------------------------------------------------------------------------------------------


def levels(tidy: Tidy, fit: TypeFit) -> pd.DataFrame:
    """Return each specialty's published rate, what its competition suggests, and the rate used.

    Returns
    -------
    frame
        specialty, applicants, per_applicant (positions over all applicants), published, line, used, averaged
        (over the rebuilt scores of the cell), kept (share of the own log odds); most applicants first.
    """
    rows = tidy.table("counts")
    rows = rows[(rows["applicant_type"] == fit.kind) & (rows["year"] == fit.year)]
    rows = rows.set_index("specialty").reindex(fit.specialties)
    ratio = competition(rows["positions"].to_numpy(float), rows["all_applicants"].to_numpy(float))
    cells = zip(fit.alpha, fit.beta, fit.populations, strict=True)
    total = fit.matched + fit.not_matched
    frame = pd.DataFrame({
        "specialty": fit.specialties, "applicants": total,
        "per_applicant": np.nan if ratio is None else np.exp(ratio), "published": fit.matched / total,
        "line": expit(fit.levels.fitted), "used": expit(fit.level),
        "averaged": [float(w @ expit(a + b * step2_u(v))) for a, b, (v, w) in cells],
        "kept": fit.levels.weights(fit.whole),
    })  # fmt: skip
    return frame.sort_values("applicants", ascending=False, ignore_index=True)


def levels_table(tidy: Tidy, fit: TypeFit) -> pd.DataFrame:
    """Return `levels` as it is shown, with what the shrinking moves."""
    each = levels(tidy, fit)
    return pd.DataFrame({
        "specialty": each["specialty"], "applicants": each["applicants"].map(lambda v: fixed(v, 0)),
        "positions per applicant": each["per_applicant"].map(fixed),
        "published": each["published"].map(percent),
        "by competition alone": each["line"].map(percent), "kept of its own": each["kept"].map(fixed),
        "used": each["used"].map(percent), "moved, points": (100 * (each["used"] - each["published"])).map(
            lambda v: signed(v, 1)
        ),
    })  # fmt: skip


def levels_figure(tidy: Tidy, fit: TypeFit) -> Figure:
    """Draw the rates against the competition for positions: published, the line, and used."""
    each = levels(tidy, fit).sort_values("per_applicant")
    figure, axes = style.new_figure(
        2.8, title="Step 3: each rate shrunk towards what the competition for positions suggests",
        caption="Circles: published rates of non-US IMGs, area by applicants. Dots: the rates used. Line: "
        "straight on the "
        "log odds in ln(positions / all applicants), both from the same counts table.",
    )  # fmt: skip
    axis, x = axes[0, 0], each["per_applicant"]
    axis.plot(x, each["line"], color=style.GREY, lw=1.2)
    area = 8 + 150 * each["applicants"] / each["applicants"].max()
    axis.vlines(x, each["published"], each["used"], color=style.SKY, lw=1)
    axis.scatter(x, each["published"], s=area, facecolor="none", edgecolor=style.SKY, lw=1.2)
    axis.plot(x, each["used"], ls="", marker="o", ms=4, color=style.BLUE)
    ticks = [t for t in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0) if x.min() * 0.9 <= t <= x.max() * 1.1]
    axis.set(
        xscale="log",
        ylim=(0, 1),
        xlabel="positions per applicant, all applicant types",
        ylabel="share matched",
    )
    axis.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axis.minorticks_off()
    axis.yaxis.set_major_formatter(style.percent_tick)
    return figure


def levels_sentence(trained: Trained, kind: str = "non-us-img") -> str:
    """Say what the line in the competition is worth, and that the averages return the levels."""
    fit = trained.fits[kind]
    each, levels_ = levels(trained.tidy, fit), fit.levels
    alone, error = pool(levels_.values, levels_.ses).spread, level_errors(trained, kind)
    gap = (each["averaged"] - each["used"]).abs().max()
    exact = "to six decimals" if gap < 5e-7 else f"to within {100 * gap:.3f} points"
    most = each.loc[(each["used"] - each["published"]).abs().idxmax()]
    return (
        f"The line takes the spread between specialties from {alone:.2f} to {levels_.spread:.2f} log odds. A "
        f"specialty left out is predicted with an error of {error['line']:.2f} instead of "
        f"{error['mean']:.2f}. The rate of {most['specialty']} ({most['applicants']:.0f} applicants) moves "
        f"most, from {most['published']:.1%} to {most['used']:.1%}. Averaged over their rebuilt scores, all "
        f"{len(each)} specialties return the rate used {exact}."
    )
