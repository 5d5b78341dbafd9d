"""The rank curve: against known truth, and against what was worked out by hand."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import nbinom

from matchmodel.fit.chain.ranks import (
    RANK_LIMITS,
    errors_correlation,
    fit_ranks,
    ln_ranks,
    moments,
    printed_moments,
)
from matchmodel.fit.random import Normals
from matchmodel.fit.tables.cells import Bins, Measured, bins_from_rows, measured_cells
from matchmodel.fit.tables.logistic import fit_slope
from matchmodel.fit.tables.reconstruct import Summary


def summarise(bins):
    """Return what a report would print of the persons behind counts by number of ranks."""
    made = []
    for counts in (bins.matched, bins.not_matched):
        ranks = np.repeat(bins.mid, counts.astype(int))
        quartiles = np.percentile(ranks, [25, 50, 75], method="averaged_inverted_cdf")
        made.append(
            Summary(
                len(ranks),
                *quartiles,
                ranks.min(),
                ranks.max(),
                round(ranks.mean(), 1),
                round(ranks.std(ddof=1), 1),
            )
        )
    return Measured(*made)


@pytest.fixture(scope="module")
def ranks(trained):
    return fit_ranks(trained.tidy, trained.fits["non-us-img"], np.random.default_rng(1), Normals(1, 200))


# internal medicine 2026 by number of ranks: worked out beforehand, about 0.16, 0.49, 0.66, 0.81
BY_HAND = {1: 0.16, 3: 0.49, 5: 0.66, 8: 0.81}


@pytest.mark.parametrize("r", BY_HAND)
def test_internal_medicine(ranks, trained, r):
    j = trained.fits["non-us-img"].specialties.index("Internal Medicine")
    assert expit(ranks.a[j] + ranks.b[j] * np.log(r)) == pytest.approx(BY_HAND[r], abs=0.04)


def test_mean_and_sd_of_ranks_are_the_printed_ones_weighted_by_full_counts(ranks, trained):
    fit = trained.fits["non-us-img"]
    j = fit.specialties.index("Internal Medicine")
    mean = (3392 * 6.1 + 3600 * 2.5) / 6992
    second = (3392 * (4.5**2 + 6.1**2) + 3600 * (2.2**2 + 2.5**2)) / 6992
    assert ranks.mean_ranks[j] == pytest.approx(mean, abs=1e-12)
    assert ranks.sd_ranks[j] == pytest.approx(np.sqrt(second - mean**2), abs=1e-12)


def test_they_are_so_wherever_both_cohorts_are_printed_and_the_populations_agree(ranks, trained):
    fit, cells = trained.fits["non-us-img"], measured_cells(trained.tidy, "contiguous_ranks")
    tried = 0
    for j, s in enumerate(fit.specialties):
        table = next(iter(cells.get(("non-us-img", s), [])), None)
        if table is None or not table.complete:
            continue
        m, f = fit.matched[j], fit.not_matched[j]
        assert ranks.mean_ranks[j] == pytest.approx(
            (m * table.matched.mean + f * table.not_matched.mean) / (m + f), abs=1e-12
        ), s
        cohorts = table.cohorts("iqr", RANK_LIMITS)
        together = (
            np.concatenate([v for v, _ in cohorts.values()]),
            np.concatenate(
                [n * cohorts[c][1] / cohorts[c][1].sum() for c, n in (("matched", m), ("not_matched", f))]
            )
            / (m + f),
        )
        rebuilt = moments(together, None, 1.0)
        assert (ranks.mean_ranks[j], ranks.sd_ranks[j]) == pytest.approx(
            (rebuilt[0], rebuilt[2]), abs=0.05
        ), s
        tried += 1
    assert tried >= 15


def test_sd_is_unknown_where_the_specialtys_own_table_does_not_say(ranks, trained):
    fit = trained.fits["non-us-img"]
    assert not ranks.own.all()
    np.testing.assert_array_equal(np.isnan(ranks.sd_ranks), ~ranks.own)
    np.testing.assert_array_equal(np.isnan(ranks.sd_ranks_se), ~ranks.own)
    assert np.isfinite(ranks.mean_ranks).all() and np.isfinite(ranks.mean_ranks_se).all()
    j = fit.specialties.index("Vascular Surgery (Integrated)")  # one cohort printed: from the population
    assert ranks.own[j] and np.isfinite(ranks.sd_ranks[j])


def test_errors_of_mean_and_sd_are_those_of_samples():
    """Of a thousand samples from a skewed distribution of whole numbers."""
    rng = np.random.default_rng(2)
    drawn = 1 + rng.negative_binomial(0.9, 0.22, (2000, 400))
    k, n = np.unique(drawn, return_counts=True)
    mean, mean_se, sd, sd_se = moments((k.astype(float), n / n.sum()), None, 400.0)
    assert mean_se == pytest.approx(drawn.mean(axis=1).std(), rel=0.05)
    assert sd_se == pytest.approx(drawn.std(axis=1).std(), rel=0.05)
    assert moments((k.astype(float), n / n.sum()), (mean, 2 * sd), 400.0) == pytest.approx(
        (mean, 2 * mean_se, 2 * sd, 2 * sd_se)
    )


def test_printed_moments_need_both_cohorts():
    one, other, blank = (
        Summary(20, 1, 2, 3, 1, 9, 3.0, 2.0),
        Summary(30, 1, 1, 2, 1, 9, 1.0, 1.0),
        Summary(3, np.nan, np.nan, np.nan),
    )
    assert printed_moments(Measured(one, other), 1.0, 1.0) == pytest.approx(
        (2.0, np.sqrt((4 + 1 + 1 + 1) / 2))
    )
    for table in (
        None,
        Measured(one, blank),
        Measured(one, Summary(30, 1, 1, 2)),
        Measured(bins=Bins(np.ones(1), np.ones(1), np.ones(1), 1, 1)),
    ):
        assert printed_moments(table, 1.0, 1.0) is None
    assert printed_moments(Measured(one, other), 0.0, 0.0) is None


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
    found = fit_slope(summarise(bins), ln_ranks, np.random.default_rng(0), RANK_LIMITS)
    assert found.value == pytest.approx(b, abs=max(0.2 * b, 2 * found.se))


def test_slopes_from_the_summaries_of_2007_are_those_of_its_counts(everything):
    """Every independent applicants' specialty by itself, within what rounding and shape are said to leave
    open.
    """
    rows = everything.select(role="validation").table("bins")
    rows = rows[(rows["measure"] == "contiguous_ranks") & (rows["applicant_type"] == "independent")]
    missed = []
    for _, cell in rows.groupby("specialty"):
        bins = bins_from_rows(cell)
        direct = fit_slope(Measured(bins=bins), ln_ranks, np.random.default_rng(0), RANK_LIMITS)
        found = fit_slope(summarise(bins), ln_ranks, np.random.default_rng(0), RANK_LIMITS)
        assert abs(found.value - direct.value) < 2.5 * np.hypot(found.se_rounding, found.se_tails)
        missed.append(found.value - direct.value)
    assert len(missed) == 6 and abs(np.mean(missed)) < 0.06 and np.sqrt(np.mean(np.square(missed))) < 0.09


@pytest.mark.parametrize(("size", "rate"), [(0.7, 0.15), (2.0, 0.3)])
def test_errors_of_mean_and_sd_go_together_as_in_samples(size, rate):
    """Samples of a skewed law of whole numbers; and none in a symmetric one."""
    rng, values = np.random.default_rng(5), np.arange(1, 400)
    law = nbinom.pmf(values, size, rate)
    law /= law.sum()
    samples = rng.choice(values, (4000, 400), p=law)
    seen = np.corrcoef(samples.mean(axis=1), samples.std(axis=1))[0, 1]
    assert errors_correlation((values, law)) == pytest.approx(seen, abs=0.05)
    assert errors_correlation((np.array([1.0, 2, 3]), np.array([0.25, 0.5, 0.25]))) == 0
