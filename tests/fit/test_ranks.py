"""The rank curve: against known truth, and against what was worked out by hand."""

import numpy as np
import pytest
from scipy.special import expit

from matchmodel.evaluate.chain_checks import rank_shape, summarise_bins
from matchmodel.fit.cells import Bins, measured_cells
from matchmodel.fit.logistic import fit_slope
from matchmodel.fit.ranks import RANK_LIMITS, fit_ranks, ln_ranks
from matchmodel.fit.train import normal_source


@pytest.fixture(scope="module")
def ranks(trained):
    return fit_ranks(trained.tidy, trained.fits["non-us-img"], np.random.default_rng(1), normal_source(1, 200))


# internal medicine 2026 by number of ranks: worked out beforehand, about 0.16, 0.49, 0.66, 0.81
BY_HAND = {1: 0.16, 3: 0.49, 5: 0.66, 8: 0.81}


@pytest.mark.parametrize("r", BY_HAND)
def test_internal_medicine(ranks, trained, r):
    j = trained.fits["non-us-img"].specialties.index("Internal Medicine")
    assert expit(ranks.a[j] + ranks.b[j] * np.log(r)) == pytest.approx(BY_HAND[r], abs=0.04)


def test_mean_ranks_are_the_printed_means_weighted_by_full_counts(ranks, trained):
    fit = trained.fits["non-us-img"]
    j = fit.specialties.index("Internal Medicine")
    assert ranks.mean_ranks[j] == pytest.approx((3392 * 6.1 + 3600 * 2.5) / 6992, abs=0.03)


def test_mean_ranks_are_the_printed_ones_wherever_both_cohorts_are_printed(ranks, trained):
    """But for Internal Medicine/Pediatrics, whose cohorts of a few persons print moments that no points between their extremes have."""
    fit, cells = trained.fits["non-us-img"], measured_cells(trained.tidy, "contiguous_ranks")
    tried = 0
    for j, s in enumerate(fit.specialties):
        table = next(iter(cells.get(("non-us-img", s), [])), None)
        if table is None or not table.complete or s == "Internal Medicine/Pediatrics":
            continue
        m, f = fit.matched[j], fit.not_matched[j]
        assert ranks.mean_ranks[j] == pytest.approx((m * table.matched.mean + f * table.not_matched.mean) / (m + f), abs=0.08), s
        tried += 1
    assert tried >= 14


def test_no_draw_falls_with_ranks(ranks):
    assert (ranks.b_draws >= 0).all() and (ranks.b > 0.5).all()


@pytest.mark.parametrize("b", [0.8, 1.5])
def test_slope_is_recovered_from_summaries_of_small_counts(b):
    rng = np.random.default_rng(3)
    r = 1 + rng.negative_binomial(0.9, 0.22, 40000)
    matched = rng.random(len(r)) < expit(-1.6 + b * np.log(r))
    edges = np.arange(1, r.max() + 1)
    counts = [np.array([(r[m] == e).sum() for e in edges], float) for m in (matched, ~matched)]
    bins = Bins(edges.astype(float), *counts, 1.0, float(r.max()))
    found = fit_slope(summarise_bins(bins), ln_ranks, np.random.default_rng(0), RANK_LIMITS)
    assert found.value == pytest.approx(b, abs=max(0.2 * b, 2 * found.se))


def test_the_shape_on_independent_applicants_of_2007(everything):
    found = rank_shape(everything.select(role="validation"), "independent")
    assert found.calibration.slope == pytest.approx(1, abs=2 * found.calibration.slope_se + 0.02)
    assert found.slope == pytest.approx(found.direct_slope, abs=0.1)
