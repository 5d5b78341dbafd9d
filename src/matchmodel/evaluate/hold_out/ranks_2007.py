"""Contiguous ranks of the 2007 report: the curve fitted on summaries, beside counts by ranks."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from ...etl import Tidy
from ...fit.chain.ranks import RANK_LIMITS, ln_ranks
from ...fit.tables.cells import Bins, Measured, bins_from_rows
from ...fit.tables.level import solve_shift
from ...fit.tables.logistic import fit_slope
from ...fit.tables.pooling import pool
from ...fit.tables.reconstruct import Summary
from .calibration import Calibration, calibrate

FEWEST = 5  # of either cohort


@dataclass(frozen=True)
class RankShape:
    """The rank curve fitted on summaries, beside counts by number of ranks.

    Attributes
    ----------
    applicant_type
    bins
        specialty, ranks, matched, total, predicted.
    calibration
    slope, direct_slope
        Pooled b from the summaries, and from the bins themselves.
    """

    applicant_type: str
    bins: pd.DataFrame
    calibration: Calibration
    slope: float
    direct_slope: float


def summarise_bins(bins: Bins) -> Measured:
    """Return the two cohorts' summaries as a report would print them, from counts by number of ranks."""
    summaries = []
    for counts in (bins.matched, bins.not_matched):
        ranks = np.repeat(bins.mid, counts.astype(int))
        q1, median, q3 = np.percentile(ranks, [25, 50, 75])
        mean, sd = round(ranks.mean(), 1), round(ranks.std(ddof=1), 1)
        summaries.append(Summary(len(ranks), q1, median, q3, ranks.min(), ranks.max(), mean, sd))
    return Measured(matched=summaries[0], not_matched=summaries[1])


def rank_shape(tidy: Tidy, kind: str) -> RankShape:
    """Fit ln ranks on quartiles, mean and SD made from a report's own bins, and predict the bins.

    The 2007 report prints ranks as bins only, so the summaries are computed from them: this tests the
    reconstruction and the logarithmic shape, not new applicants.

    Parameters
    ----------
    tidy
        With contiguous_ranks bins.
    kind
    """
    rows = tidy.table("bins")
    rows = rows[(rows["measure"] == "contiguous_ranks") & (rows["applicant_type"] == kind)]
    cells = {s: bins_from_rows(g) for s, g in rows.groupby("specialty")}
    cells = {s: b for s, b in cells.items() if b.matched.sum() >= FEWEST and b.not_matched.sum() >= FEWEST}
    rng = np.random.default_rng(1)
    fits = [fit_slope(summarise_bins(b), ln_ranks, rng, RANK_LIMITS) for b in cells.values()]
    slopes = pool(
        np.array([f.value if f.converged else np.nan for f in fits]), np.array([f.se for f in fits])
    )
    direct = [fit_slope(Measured(bins=b), ln_ranks, rng, RANK_LIMITS) for b in cells.values()]
    predictions = []
    for (specialty, b), slope in zip(cells.items(), slopes.shrunk(), strict=True):
        total = b.matched + b.not_matched
        base = slope * ln_ranks(b.mid)
        shift = solve_shift(base[None, :], total, np.array([b.matched.sum() / total.sum()]))[0]
        predictions += [
            (specialty, *each) for each in zip(b.mid, b.matched, total, expit(base + shift), strict=True)
        ]
    frame = pd.DataFrame(predictions, columns=["specialty", "ranks", "matched", "total", "predicted"])
    direct_slope = pool(np.array([f.value for f in direct]), np.array([f.se for f in direct])).mean
    calibration = calibrate(frame["predicted"], frame["matched"], frame["total"], frame["specialty"])
    return RankShape(kind, frame, calibration, slopes.mean, direct_slope)
