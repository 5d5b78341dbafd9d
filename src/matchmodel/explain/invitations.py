"""How many programs invite how many IMGs, and what a number of applications brings (notebook 4)."""

import numpy as np
import pandas as pd
from scipy.stats import nbinom, poisson

from ..applicant import Applicant
from ..chain_math import friendliest_mean
from ..covariates import COVARIATES
from ..fit.interviews import fit_beta
from ..plots import style
from .words import fixed, percent

WHERE = ("non-us-img", "Internal Medicine")


def average(kind=WHERE[0], specialty=WHERE[1], **known):
    """Return an applicant of whom only what is given is known: the reference population's average otherwise."""
    return Applicant(specialty, kind, **known)


def printed(tidy, kind=WHERE[0], specialty=WHERE[1]):
    """Return programs by printed invitation rate, highest first: invitation_rate, programs, programs_listed."""
    rows = tidy.table("invitations").query("applicant_type == @kind and specialty == @specialty")
    rows = rows[rows["year"] == rows["year"].max()]
    return rows.sort_values("invitation_rate", ascending=False, ignore_index=True)[["invitation_rate", "programs", "programs_listed"]]


def specialties(tidy, model, kind=WHERE[0]):
    """Return each specialty's programs and rates.

    Returns
    -------
    pandas.DataFrame
        specialty, listed, with_figures, mean (as used), none (share of programs whose printed rate
        is 0), tenth (share of all invitations of an application to each that come from the
        friendliest tenth of programs), printed_max, used_max.
    """
    rows = []
    for specialty in sorted(model.content["chain"]["types"][kind]["specialties"]):
        chain, table = model.chain_cell(kind, specialty), printed(tidy, kind, specialty)
        total = chain.listed * chain.mean
        tenth = friendliest_mean(chain.listed / 10, chain.rates, chain.programs, 1.0) / total
        zero = float(table.loc[table["invitation_rate"] == 0, "programs"].sum() / table["programs"].sum())
        rows.append((specialty, chain.listed, chain.content["with_figures"], chain.mean, zero, tenth, float(table["invitation_rate"].max()), chain.rates[0]))
    return pd.DataFrame(rows, columns=["specialty", "listed", "with_figures", "mean", "none", "tenth", "printed_max", "used_max"])


def specialties_table(tidy, model, kind=WHERE[0]):
    """Return `specialties` as it is shown."""
    found = specialties(tidy, model, kind)
    return pd.DataFrame({
        "specialty": found["specialty"],
        "programs listed": found["listed"].map("{:,.0f}".format),
        "with figures": found["with_figures"].map("{:,.0f}".format),
        "mean invitation rate": found["mean"].map(percent),
        "programs printed as 0.00": found["none"].map(lambda v: percent(v, 0)),
        "invitations from the friendliest tenth": found["tenth"].map(lambda v: percent(v, 0)),
        "highest rate printed": found["printed_max"].map(fixed),
        "as used": found["used_max"].map(fixed),
    })


def programs_sentence(tidy, model, kind=WHERE[0], specialty=WHERE[1]):
    """Say how uneven a specialty's programs are, and how far the extreme rates are drawn down."""
    one = specialties(tidy, model, kind).set_index("specialty").loc[specialty]
    return (
        f"{specialty}: {one['listed']:,.0f} programs, {one['with_figures']:,.0f} with figures; an application to one taken at random brings {one['mean']:.4f} "
        f"invitations. {one['none']:.0%} of the programs are printed as 0.00, that is under half a "
        f"hundredth; the friendliest tenth sends {one['tenth']:.0%} of all invitations. The highest printed rate, {one['printed_max']:.2f}, is used as {one['used_max']:.2f}."
    )


def programs_figure(tidy, model, kind=WHERE[0], specialty=WHERE[1]):
    """Draw programs' invitation rates from the highest to the lowest, as printed and as used."""
    table, chain = printed(tidy, kind, specialty), model.chain_cell(kind, specialty)
    rates, programs = table["invitation_rate"].to_numpy(), table["programs"].to_numpy(float)
    a, b = fit_beta(rates, programs)
    figure, axes = style.new_figure(
        2.4, title=f"Programs' invitation rates, highest first ({specialty})",
        caption="Steps: rates as printed, to a hundredth, programs with figures. "
        f"Line: rates as used, each program's quantile of a beta distribution (a = {a:.2f}, b = {b:.1f}) fitted to the rounded rates, held inside "
        "the rounding but for the highest twentieth (left of the dashed line), which are only held from above. The scale is the root, so that low rates can be told apart.",
        right=0.3,
    )
    axis = axes[0, 0]
    share = np.concatenate([[0], np.cumsum(programs) / programs.sum()])
    axis.stairs(rates, share, baseline=None, color=style.GREY, lw=1.3, label="as printed")
    used = np.concatenate([[0], np.cumsum(chain.programs) / np.sum(chain.programs)])
    axis.plot((used[1:] + used[:-1]) / 2, chain.rates, "o-", color=style.BLUE, ms=3, lw=1.2, label="as used")
    axis.axvline(0.05, color=style.GREY, lw=0.8, ls=(0, (4, 3)))
    axis.set_yscale("function", functions=(lambda y: np.sqrt(np.maximum(y, 0)), lambda y: np.square(y)))
    axis.set_yticks([t for t in (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8) if t <= 1.05 * rates.max()])
    axis.set(xlim=(0, 1), ylim=(0, 1.05 * rates.max()), xlabel="share of programs", ylabel="invitation rate")
    axis.xaxis.set_major_formatter(style.percent)
    axis.yaxis.set_major_formatter(style.percent)
    axis.legend(frameon=False, fontsize=style.TEXT, loc="upper right")
    return figure


def factors(model, applicant):
    """Return the factors of a profile on the invitation rate.

    Returns
    -------
    pandas.DataFrame
        what, effect (per u, on the log rate), factor (against the reference population, over
        which it averages 1). The last row is their product.
    """
    filled = model.cycle_of(applicant)
    total, ratios = model.chain_cell(filled.applicant_type, filled.specialty).log_factors(filled)
    effects = model.content["chain"]["effects"]
    rows = [("Step 2 CK" if n == "step2_ck" else COVARIATES[n].label, effects[n]["value"], r) for n, r in ratios.items()]
    return pd.DataFrame([*rows, ("together", np.nan, float(np.exp(total[0])))], columns=["what", "effect", "factor"])


def factors_table(model, applicant):
    """Return `factors` as it is shown."""
    found = factors(model, applicant)
    effects = found["effect"].map(lambda v: "" if np.isnan(v) else f"{v:+.3f}")
    return pd.DataFrame({"what": found["what"], "on the log rate, per unit": effects, "factor on the rate": found["factor"].map("x{:.2f}".format)})


def expected(model, applicant, applications):
    """Return mean invitations from so many programs taken at random, at the point."""
    filled = model.cycle_of(applicant)
    chain = model.chain_cell(filled.applicant_type, filled.specialty)
    return applications * chain.mean_each(float(np.exp(chain.log_factors(filled)[0][0])))


def spread(model, applicant, applications):
    """Return the distribution of invitations: k, p (negative binomial), even (Poisson with the same mean)."""
    mu, alpha = expected(model, applicant, applications), model.content["chain"]["dispersion"]["value"]
    k = np.arange(0, 41)
    return pd.DataFrame({"k": k, "p": nbinom.pmf(k, 1 / alpha, 1 / (1 + alpha * mu)), "even": poisson.pmf(k, mu)})


def spread_figure(model, applicant, sizes=(40, 80, 160)):
    """Draw how many invitations so many applications bring, against what equal luck would give."""
    figure, axes = style.new_figure(
        1.9, 1, len(sizes), "Invitations from applications to programs taken at random",
        f"Bars: negative binomial, variance mean + {model.content['chain']['dispersion']['value']:.2f} mean². "
        "Dots: Poisson with the same mean, if applicants with the same known profile had the same luck everywhere.", above=0.35, sharey=True,
    )
    for axis, n in zip(axes[0], sizes, strict=True):
        found = spread(model, applicant, n)
        shown = found[found["k"] <= 16]
        axis.bar(shown["k"], shown["p"], color=style.SKY, width=0.85)
        axis.plot(shown["k"], shown["even"], "o", color=style.INK, ms=2.6)
        style.heading(axis, f"{n} applications", f"mean {expected(model, applicant, n):.1f}; none {percent(found['p'].iloc[0], 0)}, Poisson {percent(found['even'].iloc[0], 0)}")
        axis.set(xlabel="invitations")
    axes[0, 0].yaxis.set_major_formatter(style.percent)
    axes[0, 0].set_ylabel("chance")
    return figure


def spread_sentence(model, applicant, applications=80):
    """Say how often no invitation comes, and how often with equal luck."""
    found, alpha = spread(model, applicant, applications), model.content["chain"]["dispersion"]
    return (
        f"{applications} applications bring {expected(model, applicant, applications):.2f} invitations on average. With a dispersion of {alpha['value']:.2f} (SE "
        f"{alpha['se']:.2f}, {alpha['basis']}) none comes with a chance of {found['p'].iloc[0]:.0%}; "
        f"with equal luck it would be {found['even'].iloc[0]:.0%}. The dispersion is what the register's studies leave over after the covariates that they know: what "
        "makes one file better than another, and is not in this model."
    )
