"""The rank curve and the usual number of applications (notebook 4)."""

import numpy as np
import pandas as pd
from scipy.special import expit

from ..fit.cells import measured_cells
from ..fit.chain import mean_ranks_at, profiles
from ..fit.logistic import DEFAULT_TAIL
from ..fit.ranks import RANK_LIMITS
from ..fit.train import SEED
from ..plots import style
from .words import fixed, join, percent, signed

KIND = "non-us-img"
SHOWN = ("Internal Medicine", "Neurology", "General Surgery")
RANKS = (1, 3, 5, 8)
WORST = 5  # cohorts shown
NEAR = 0.02  # of a printed mean
GROUPS = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 12), (13, 20))


def curve(model, specialty, ranks, kind=KIND):
    """Return P(match | r ranks) of the specialty's average applicant: expit(a + b ln r)."""
    rank = model.chain_cell(kind, specialty).content["rank"]
    return expit(rank["a"] + rank["b"]["value"] * np.log(np.asarray(ranks, float)))


def independent(first, ranks):
    """Return 1 - (1 - p)^r: what r ranks would give if each program matched with the chance of the first, independently."""
    return 1 - (1 - first) ** np.asarray(ranks, float)


def observed(tidy, fit, specialty):
    """Return the share matched by number of ranks, from the rebuilt cohorts.

    Returns
    -------
    pandas.DataFrame
        ranks (mean of the group), share, persons; the cohorts weighted by the full counts.
    """
    j = fit.specialties.index(specialty)
    cohorts = measured_cells(tidy, "contiguous_ranks")[fit.kind, specialty][0].cohorts(DEFAULT_TAIL, RANK_LIMITS)
    counts = {"matched": fit.matched[j], "not_matched": fit.not_matched[j]}
    rows = []
    for low, high in GROUPS:
        persons, ranks = {}, 0.0
        for name, (values, weights) in cohorts.items():
            w = counts[name] * weights / weights.sum() * ((values >= low) & (values <= high))
            persons[name] = w.sum()
            ranks += w @ values
        total = sum(persons.values())
        if total > 0:
            rows.append((ranks / total, persons["matched"] / total, total))
    return pd.DataFrame(rows, columns=["ranks", "share", "persons"])


def curve_figure(tidy, trained, model, specialties=SHOWN, kind=KIND):
    """Draw the rank curves with the rebuilt shares, and what independent chances would give."""
    figure, axes = style.new_figure(
        2.2, 1, len(specialties), "The chance of matching by the number of contiguous ranks",
        "Line: a + b ln r on the log odds, as used. Dots: the rebuilt cohorts' shares, area by applicants; they are no counts, but what the printed quartiles, mean and "
        "SD of both cohorts say. "
        "Dotted: if every further program matched with the chance of the first one, independently.", above=0.35, sharey=True,
    )
    r = np.linspace(1, 16, 100)
    for axis, specialty in zip(axes[0], specialties, strict=True):
        dots, rank = observed(tidy, trained.fits[kind], specialty), model.chain_cell(kind, specialty).content["rank"]
        axis.plot(r, independent(curve(model, specialty, 1, kind), r), color=style.GREY, lw=1, ls=(0, (1, 1.5)))
        axis.plot(r, curve(model, specialty, r, kind), color=style.BLUE, lw=1.6)
        axis.scatter(dots["ranks"], dots["share"], s=4 + 160 * dots["persons"] / dots["persons"].sum(), color=style.VERMILLION, alpha=0.75, lw=0, zorder=3)
        style.heading(axis, specialty, f"b = {rank['b']['value']:.2f} (SE {rank['b']['se']:.2f})")
        axis.set(xlabel="contiguous ranks", xlim=(0.5, 16.5), ylim=(0, 1.02), xticks=(1, 4, 8, 12, 16))
    axes[0, 0].yaxis.set_major_formatter(style.percent)
    axes[0, 0].set_ylabel("share matched")
    return figure


def curve_table(model, kind=KIND):
    """Return b and the chances at a few ranks, a row a specialty."""
    rows = []
    for specialty in sorted(model.content["chain"]["types"][kind]["specialties"]):
        rank = model.chain_cell(kind, specialty).content["rank"]
        rows.append((specialty, f"{rank['b']['value']:.2f} ({rank['b']['se']:.2f})", rank["b"]["note"].split(",")[0], *(percent(p, 0) for p in curve(model, specialty, RANKS, kind))))
    return pd.DataFrame(rows, columns=["specialty", "b used (SE)", "its own table", *(f"{r} rank{'s' if r > 1 else ''}" for r in RANKS)])


def faster(model, kind=KIND, ranks=5):
    """Return the specialties whose curve at so many ranks lies above independent chances."""
    names = sorted(model.content["chain"]["types"][kind]["specialties"])
    return [s for s in names if curve(model, s, ranks, kind) > independent(curve(model, s, 1, kind), ranks)]


def curve_sentence(model, specialty=SHOWN[0], kind=KIND, at=5):
    """Say how the chance rises with ranks, and where it rises faster than independent chances."""
    p = dict(zip(RANKS, curve(model, specialty, RANKS, kind), strict=True))
    alone = dict(zip(RANKS, independent(p[1], RANKS), strict=True))
    above, names = faster(model, kind, at), model.content["chain"]["types"][kind]["specialties"]
    return (
        f"{specialty}: {join(f'{p[r]:.0%} at {r}' for r in RANKS)} ranks. Independent programs, each with the chance of the first, would give "
        f"{join(f'{alone[r]:.0%} at {r}' for r in RANKS[1:])}. At {at} ranks the curve lies above them in "
        f"{len(above)} of {len(names)} specialties. There, applicants with many ranks must be better placed at each program than those with few; so for a given "
        "applicant the gain from one more rank is an upper bound."
    )


def rebuilt(tidy, kind=KIND):
    """Return printed and rebuilt mean and SD of every cohort's ranks.

    Small whole numbers whose quartiles fall together (1, 1 and 2) tell little of their
    distribution, and with a few persons no weights on whole numbers may give the printed moments.

    Returns
    -------
    pandas.DataFrame
        specialty, cohort, n, printed_mean, printed_sd, mean, sd, missed (the larger of both
        misses, over the larger of mean and SD), largest first.
    """
    rows = []
    for (k, specialty), cells in measured_cells(tidy, "contiguous_ranks").items():
        cohorts = cells[0].cohorts(DEFAULT_TAIL, RANK_LIMITS) if k == kind and cells[0].bins is None else {}
        for name, (values, weights) in cohorts.items():
            s, mean = getattr(cells[0], name), np.average(values, weights=weights)
            sd = np.sqrt(np.average((values - mean) ** 2, weights=weights))
            rows.append((specialty, name, s.n, s.mean, s.sd, mean, sd, max(abs(mean - s.mean), abs(sd - s.sd)) / max(s.mean, s.sd)))
    found = pd.DataFrame(rows, columns=["specialty", "cohort", "n", "printed_mean", "printed_sd", "mean", "sd", "missed"])
    return found.sort_values("missed", ascending=False, ignore_index=True)


def rebuilt_table(tidy, kind=KIND):
    """Return the cohorts of `rebuilt` that miss the most."""
    found = rebuilt(tidy, kind).head(WORST)
    return pd.DataFrame({
        "specialty": found["specialty"], "cohort": found["cohort"].str.replace("_", " "), "n": found["n"].map(lambda v: f"{v:.0f}"),
        "mean ranks: printed": found["printed_mean"].map(lambda v: fixed(v, 1)), "rebuilt": found["mean"].map(fixed),
        "SD: printed": found["printed_sd"].map(lambda v: fixed(v, 1)), "SD rebuilt": found["sd"].map(fixed),
    })


def rebuilt_sentence(tidy, kind=KIND):
    """Say how well the cohorts' ranks are rebuilt."""
    found = rebuilt(tidy, kind)
    worst = found.iloc[0]
    return (
        f"In {int((found['missed'] <= NEAR).sum())} of {len(found)} cohorts the rebuilt ranks have the printed mean and SD to within {NEAR:.0%}; the largest miss is {worst['missed']:.0%}, "
        f"in the {worst['n']:.0f} {worst['cohort'].replace('_', ' ')} of {worst['specialty']}."
    )


def printed_means(tidy, fit):
    """Return {specialty: mean contiguous ranks} from the printed means of both cohorts, weighted by the full counts; NaN where one is suppressed."""
    rows = tidy.table("quartiles").query("measure == 'contiguous_ranks' and applicant_type == @fit.kind")
    means = rows[rows["year"] == rows["year"].max()].pivot_table(index="specialty", columns="cohort", values="mean", dropna=False).reindex(fit.specialties)
    found = (fit.matched * means["matched"] + fit.not_matched * means["not_matched"]) / (fit.matched + fit.not_matched)
    return found.to_dict()


def usual_table(model, tidy, fit, kind=KIND):
    """Return the usual number of applications of each specialty."""
    rows, told = [], printed_means(tidy, fit)
    for specialty in sorted(model.content["chain"]["types"][kind]["specialties"]):
        chain = model.chain_cell(kind, specialty)
        usual = chain.content["usual"]
        low, high = np.quantile(np.array(usual["draws"].split(), float), [0.1, 0.9])
        mean, share = (np.nan if usual[k] is None else usual[k] for k in ("mean_ranks", "share_ranking"))
        note = "every program" if "not reached" in usual["note"] else "borrowed" if usual["basis"] == "assumed" else ""
        rows.append((specialty, f"{chain.listed:,}", fixed(told[specialty]), fixed(mean), f"{usual['value']:.0f}", f"{low:.0f} to {high:.0f}", percent(share, 0), usual["basis"], note))
    columns = ["specialty", "programs listed", "mean ranks: printed", "as rebuilt, solved for", "usual number", "80% range", "share who rank any", "basis", "note"]
    return pd.DataFrame(rows, columns=columns)


def usual_check(trained, chain, kind=KIND):
    """Put the usual numbers back into the chain, and see which mean ranks come out.

    E[K]/P(K > 0) at the usual number over the same profiles (`matchmodel.fit.chain.mean_ranks_at`).

    Returns
    -------
    pandas.DataFrame
        specialty, printed (NaN where a cohort is suppressed), solved_for (the rebuilt cohorts'
        mean), chain, reached (whether some number of the listed programs gives that mean).
    """
    fit, part, rows = trained.fits[kind], chain.types[kind], []
    told = printed_means(trained.tidy, fit)
    for specialty, usual in part.usual.items():
        if usual.basis != "measured":
            continue
        j, rates = fit.specialties.index(specialty), part.rates[specialty]
        point, _ = profiles(chain.effects, part.norms, part.score_norms.get(specialty), trained.centring[kind].references, fit.populations[j], np.random.default_rng(SEED))
        mean, _ = mean_ranks_at(np.array([usual.value]), np.array([rates.mean]), np.array([chain.dispersion]), point[None, :])
        rows.append((specialty, told[specialty], usual.mean_ranks, float(mean[0]), "not reached" not in usual.note))
    return pd.DataFrame(rows, columns=["specialty", "printed", "solved_for", "chain", "reached"])


def usual_sentence(trained, chain, kind=KIND):
    """Say that the usual numbers give back the means they were solved for, and how near those are to the printed ones."""
    found = usual_check(trained, chain, kind)
    reached, rest = found[found["reached"]], list(found[~found["reached"]]["specialty"])
    gap = (reached["chain"] - reached["solved_for"]).abs().max()
    known = found.dropna(subset="printed")
    off = known[(known["solved_for"] - known["printed"]).abs() > NEAR * known["printed"]]
    return (
        f"Put back into the chain, the usual numbers of {len(reached)} specialties return the mean number of ranks {'to six decimals' if gap < 5e-7 else f'to within {gap:.3f}'}"
        + (f"; in {join(rest)} not even every program does, and all of them are taken. " if rest else ". ")
        + f"The mean is that of the rebuilt cohorts: within {NEAR:.0%} of the printed one in {len(known) - len(off)} of {len(known)} specialties that print both"
        + (f", off in {join(f'{r.specialty} ({r.solved_for:.2f} for {r.printed:.2f})' for r in off.itertuples())}." if len(off) else ".")
    )


def slope_sentence(model, kind=KIND):
    """Say what the mean rank slope over specialties is."""
    slope = model.content["chain"]["types"][kind]["rank_slope"]
    return f"Mean of b over specialties {signed(slope['value'])} (SE {slope['se']:.2f}; {slope['note']}), {slope['basis']}."
