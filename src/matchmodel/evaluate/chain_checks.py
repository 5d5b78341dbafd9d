"""The applications chain held against figures that it was not fitted to."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import nbinom

from ..fit.cells import Bins, Measured, bins_from_rows
from ..fit.chain import Chain, profiles
from ..fit.level import solve_shift
from ..fit.logistic import fit_slope
from ..fit.pooling import pool
from ..fit.ranks import RANK_LIMITS, ln_ranks
from ..fit.reconstruct import Summary
from .calibration import Calibration, calibrate


@dataclass(frozen=True)
class Check:
    """One published figure beside what the chain says.

    Attributes
    ----------
    what, published, chain, why : str
        Figures as text; why they differ.
    value, target : float
    """

    what: str
    published: str
    chain: str
    why: str
    value: float
    target: float


def person_factors(trained, chain: Chain, kind, specialty, seed=2026):
    """Return the reference population's factors on the invitation rate, shape (PROFILES,)."""
    part, fit = chain.types[kind], trained.fits[kind]
    j = fit.specialties.index(specialty)
    point, _ = profiles(chain.effects, part.norms, part.score_norms.get(specialty), trained.centring[kind].references, fit.populations[j], np.random.default_rng(seed))
    return np.exp(point)


def median_invitations(trained, chain, kind, specialty, applications):
    """Return the median number of invitations over the reference population, K negative binomial."""
    mu = applications * chain.types[kind].rates[specialty].mean * person_factors(trained, chain, kind, specialty)
    k = np.arange(400)
    r = 1 / chain.dispersion
    cdf = nbinom.cdf(k[:, None], r, r / (r + mu[None, :])).mean(axis=1)
    return int(np.searchsorted(cdf, 0.5))


def chain_checks(trained, chain, kind="non-us-img"):
    """Hold the chain against published figures: usual numbers, shares who rank, a median of invitations.

    Returns
    -------
    list of Check
        Those whose tables are there.
    """
    tidy, part = trained.tidy, chain.types[kind]
    found = []
    published = tidy.table("applications")
    for r in published.itertuples():
        if r.specialty not in part.usual:
            continue
        usual = part.usual[r.specialty]
        low, high = np.quantile(usual.draws, [0.1, 0.9])
        found.append(Check(
            f"usual applications, {r.specialty} ({r.year})", f"{r.mean_applications:.0f}", f"{usual.value:.0f} ({low:.0f} to {high:.0f})",
            f"grade {r.grade}: {r.source}", usual.value, float(r.mean_applications),
        ))
    ranked = tidy.table("ranked_anywhere")
    totals = tidy.table("applicants_total")
    for r in totals.itertuples():
        rows = ranked[(ranked["year"] == r.season) & (ranked["specialty"] == r.specialty)]
        if not len(rows) or r.specialty not in part.usual:
            continue
        observed = float((rows["us_img_ranked"] + rows["non_us_img_ranked"]).iloc[0]) / float(r.img_applicants)
        usual = part.usual[r.specialty]
        found.append(Check(
            f"share of applicants who rank any, {r.specialty} ({r.season})", f"{observed:.2f}", f"{usual.share_ranking:.2f}",
            "observed counts US and non-US IMGs and everyone who applied anywhere in it, also to a few programs as a second choice",
            usual.share_ranking, observed,
        ))
    for r in published.itertuples():
        told = re.search(r"median of (\d+) invitation", str(r.source))
        if told and r.specialty in part.rates:
            median = median_invitations(trained, chain, kind, r.specialty, r.mean_applications)
            found.append(Check(
                f"median invitations of {r.mean_applications:.0f} applications, {r.specialty} ({r.year})", told[1], str(median),
                str(r.source), float(median), float(told[1]),
            ))
    return found


def summarise_bins(bins: Bins):
    """Return the two cohorts' summaries as a report would print them, from counts by number of ranks."""
    made = []
    for counts in (bins.matched, bins.not_matched):
        ranks = np.repeat(bins.mid, counts.astype(int))
        q1, median, q3 = np.percentile(ranks, [25, 50, 75])
        made.append(Summary(len(ranks), q1, median, q3, ranks.min(), ranks.max(), round(ranks.mean(), 1), round(ranks.std(ddof=1), 1)))
    return Measured(*made)


@dataclass(frozen=True)
class RankShape:
    """The rank curve fitted on summaries, held against counts by number of ranks.

    Attributes
    ----------
    applicant_type : str
    bins : pandas.DataFrame
        specialty, ranks, matched, total, predicted.
    calibration : Calibration
    slope, direct_slope : float
        Pooled b from the summaries, and from the bins themselves.
    """

    applicant_type: str
    bins: pd.DataFrame
    calibration: Calibration
    slope: float
    direct_slope: float


def rank_shape(tidy, kind):
    """Fit ln ranks on quartiles, mean and SD made from a report's own bins, and predict the bins.

    The 2007 report prints ranks as bins only, so the summaries are computed from them: this
    tests the reconstruction and the logarithmic shape, not new persons.

    Parameters
    ----------
    tidy : Tidy
        With contiguous_ranks bins.
    kind : str

    Returns
    -------
    RankShape
    """
    rows = tidy.table("bins")
    rows = rows[(rows["measure"] == "contiguous_ranks") & (rows["applicant_type"] == kind)]
    cells = {s: bins_from_rows(g) for s, g in rows.groupby("specialty")}
    cells = {s: b for s, b in cells.items() if b.matched.sum() >= 5 and b.not_matched.sum() >= 5}
    rng = np.random.default_rng(1)
    fits = [fit_slope(summarise_bins(b), ln_ranks, rng, RANK_LIMITS) for b in cells.values()]
    slopes = pool([f.value if f.converged else np.nan for f in fits], [f.se for f in fits])
    direct = [fit_slope(Measured(bins=b), ln_ranks, rng, RANK_LIMITS) for b in cells.values()]
    made = []
    for (specialty, b), slope in zip(cells.items(), slopes.shrunk(), strict=True):
        total = b.matched + b.not_matched
        base = slope * ln_ranks(b.mid)
        shift = solve_shift(base[None, :], total, np.array([b.matched.sum() / total.sum()]))[0]
        made += [(specialty, r, m, n, p) for r, m, n, p in zip(b.mid, b.matched, total, expit(base + shift), strict=True)]
    frame = pd.DataFrame(made, columns=["specialty", "ranks", "matched", "total", "predicted"])
    return RankShape(kind, frame, calibrate(frame["predicted"], frame["matched"], frame["total"], frame["specialty"]), slopes.mean, pool([f.value for f in direct], [f.se for f in direct]).mean)
