"""One applicant's log odds, added up term by term (notebook 2)."""

import numpy as np
import pandas as pd
from scipy.special import expit

from ..applicant import Applicant
from ..covariates import COVARIATES, STEP2_CENTRE, STEP2_UNIT, step2_u
from ..fit.document import document
from ..plots import style
from .words import fixed, percent, signed

COLOURS = {"measured": style.BLUE, "evidence": style.VERMILLION, "assumed": style.ORANGE}
AGREE = 1e-6  # trained here and shipped: below this the coefficients are called the same


def worked():
    """Return the applicant of the worked example, the same as the README's."""
    return Applicant(
        "Internal Medicine", "non-us-img", step2_ck=250, step1_attempts=1, step2_attempts=1, yog=2024, usce_months=4, visa_needed=True, cycle=2027
    )


def described(applicant):
    """Describe an applicant in a line."""
    known = {
        "Step 2 CK": applicant.step2_ck, "YOG": applicant.yog, "months of USCE": applicant.usce_months, "visa needed": applicant.visa_needed,
        "Step 1 failed": applicant.step1_failed, "Step 2 CK failed": applicant.step2_failed,
    }
    words = {True: "yes", False: "no"}
    return f"{applicant.specialty}: " + ", ".join(f"{name} {words[v] if isinstance(v, bool) else format(v, 'g')}" for name, v in known.items() if v is not None)


def terms(model, applicant):
    """Add up an applicant's log odds from the model file's coefficients.

    Returns
    -------
    pandas.DataFrame
        term, formula, basis, value (log odds), total (so far). Without a score the level stands
        for alpha + beta u.
    """
    filled = model.cycle_of(applicant)
    cell = model.cell(filled.applicant_type, filled.specialty)
    content, score = cell.content, filled.step2_ck
    if score is None:
        rows = [("average of the specialty", "level", content["level"]["basis"], cell.level)]
    else:
        u = step2_u(score)
        rows = [
            (f"the specialty at a score of {STEP2_CENTRE:g}", "alpha", content["alpha"]["basis"], cell.alpha),
            (f"Step 2 CK {score:g}", f"beta u = {cell.beta:.4f} x ({score:g} - {STEP2_CENTRE:g})/{STEP2_UNIT:g}", content["beta"]["basis"], cell.beta * u),
        ]
    for name, covariate in COVARIATES.items():
        given = filled.covariate(name)
        if given is None or not model.has_effect(filled.applicant_type, name):
            continue
        delta, u, kappa = model.delta(name), covariate.transform(given), cell.kappa(name)
        said = {True: "yes", False: "no"}[given] if isinstance(given, bool) else f"{given:g}"
        rows.append((f"{covariate.label}: {said}", f"delta u - kappa = {delta.value:.4f} x {u:.4g} - ({kappa:.4f})", delta.basis, delta.value * u - kappa))
    found = pd.DataFrame(rows, columns=["term", "formula", "basis", "value"])
    return found.assign(total=found["value"].cumsum())


def terms_table(model, applicant):
    """Return `terms` as it is shown, with the factor of each term and the chance so far."""
    found = terms(model, applicant)
    return pd.DataFrame({
        "term": found["term"], "formula": found["formula"], "basis": found["basis"], "log odds": found["value"].map(lambda v: signed(v, 4)),
        "so far": found["total"].map(lambda v: signed(v, 4)), "chance so far": expit(found["total"]).map(percent),
    })


def terms_sentence(model, applicant):
    """Say what the terms add up to, and that the model's own answer is the same."""
    total = float(terms(model, applicant)["value"].sum())
    answer = model.odds(applicant)
    gap = abs(expit(total) - answer.p_ranked)
    told = "the same to twelve decimals" if gap < 1e-12 else f"off by {gap:.1g}"
    return (
        f"The terms add up to {signed(total, 4)} log odds: odds of {np.exp(total):.3f}, a chance of **{expit(total):.1%}**. `model.odds` says {answer.p_ranked:.1%}, "
        f"{told}; its 80% range is {answer.p_ranked_low:.1%} to {answer.p_ranked_high:.1%}."
    )


def terms_figure(model, applicant):
    """Draw the terms as steps from the specialty's log odds to the applicant's."""
    found = terms(model, applicant)
    names = [*found["term"], "this applicant"]
    starts = np.concatenate([[0.0], found["total"].to_numpy()[:-1]])
    figure, axes = style.new_figure(
        0.3 * len(names), title="Log odds, term by term", caption="Bars: what each term adds, by its basis. The axis above gives the chance that belongs to the log odds below.",
        left=max(style.text_width(n) for n in names) + 0.25, right=0.5, above=0.38,
    )
    axis = axes[0, 0]
    for y, (row, start) in enumerate(zip(found.itertuples(), starts, strict=True)):
        axis.barh(y, row.value, left=start, height=0.55, color=COLOURS[row.basis], label=row.basis if row.basis not in found["basis"][:y].to_list() else None)
        axis.vlines(row.total, y, y + 1, color=style.GREY, lw=0.8)
    total = found["total"].iloc[-1]
    axis.plot(total, len(found), "D", color=style.INK, ms=6)
    reach = [*starts, *found["total"], 0.0]
    room = 0.12 * (max(reach) - min(reach))
    axis.set(xlim=(min(reach) - room, max(reach) + room), ylim=(len(names) - 0.4, -0.6), xlabel="log odds of matching")
    axis.set_yticks(range(len(names)), names)
    axis.axvline(0, color=style.GREY, lw=0.8)
    above = axis.secondary_xaxis("top", functions=(lambda x: x, lambda x: x))
    low, high = expit(np.array(axis.get_xlim()))
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if (high - low) / s < 9)
    ticks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    ticks = ticks[(ticks > 0) & (ticks < 1)]
    above.set_xticks(np.log(ticks / (1 - ticks)), [style.percent(t) for t in ticks], fontsize=style.TEXT)
    above.tick_params(color=style.GREY, labelcolor=style.INK, length=3)
    above.spines["top"].set(color=style.GREY, linewidth=0.7)
    axis.legend(frameon=False, fontsize=style.TEXT, loc="lower right")
    return figure


def draws(model, applicant):
    """Return the chance in every joint draw, shape (d,)."""
    from ..odds import terms as odds_terms

    filled = model.cycle_of(applicant)
    return expit(np.array(odds_terms(model, model.cell(filled.applicant_type, filled.specialty), filled, filled.cycle).log_odds_draws))


def draws_figure(model, applicant):
    """Draw how the chance is spread over the joint draws, with the point and the 80% range."""
    found, answer = draws(model, applicant), model.odds(applicant)
    figure, axes = style.new_figure(
        1.7, title=f"The same applicant in {len(found)} joint draws of every parameter",
        caption="A bar a class of draws; shaded: the 80% range, the 10% and 90% quantiles of the draws; line: the point, at the parameters' own values.",
    )
    axis = axes[0, 0]
    axis.axvspan(answer.p_ranked_low, answer.p_ranked_high, color=style.PALE, alpha=0.6, lw=0)
    axis.hist(found, bins=20, color=style.SKY, ec="white", lw=0.5)
    axis.axvline(answer.p_ranked, color=style.INK, lw=1.5)
    axis.set(xlabel="chance of matching, given at least one ranked program", ylabel="draws")
    axis.xaxis.set_major_formatter(style.percent)
    return figure


def range_sentence(model, applicant):
    """Say which draws the range comes from."""
    found, answer = draws(model, applicant), model.odds(applicant)
    low, high = np.quantile(found, [0.1, 0.9])
    below, above = (found < answer.p_ranked_low).sum(), (found > answer.p_ranked_high).sum()
    return (
        f"Of {len(found)} draws {below} lie below the range and {above} above it; the 10% and 90% quantiles are {percent(low)} and {percent(high)}, the mean of the "
        f"draws {percent(found.mean())}, the point {percent(answer.p_ranked)}. "
        f"The range of the cycle {answer.applicant.cycle} holds the drift since the table of {answer.table_year}."
    )


def shipped_gap(trained, model):
    """Return the largest difference between coefficients trained here and the shipped ones, and how many were compared."""
    fresh, gaps = document(trained, "here"), []
    for kind, content in model.content["types"].items():
        for specialty, cell in content["cells"].items():
            other = fresh["types"][kind]["cells"][specialty]
            gaps += [abs(cell[n]["value"] - other[n]["value"]) for n in ("level", "alpha", "beta")]
            gaps += [abs(value - other["kappa"][n]) for n, value in cell["kappa"].items()]
    gaps += [abs(entry["delta"]["value"] - fresh["covariates"][n]["delta"]["value"]) for n, entry in model.content["covariates"].items()]
    return max(gaps), len(gaps)


def shipped_sentence(trained, model):
    """Say whether what is trained here is what the model file holds."""
    gap, count = shipped_gap(trained, model)
    told = "agree to six decimals" if gap < AGREE else f"differ by up to {fixed(gap, 4)}: the model file was trained on other tables or by another version"
    return f"{count:,} coefficients (levels, intercepts, slopes, centrings, effects) trained here and those of the shipped model {model.name} {told}."
