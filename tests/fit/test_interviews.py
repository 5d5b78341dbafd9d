"""Invitation rates: the beta fit, the shrinkage, and the seasons' error."""

import numpy as np
import pytest
from scipy.stats import beta

from matchmodel.fit.evidence import GRADE_VARIANCE
from matchmodel.fit.interviews import dispersion, fit_beta, program_rates, season_error, shrink_rates


def printed(a, b, n, seed=0):
    rates = np.round(np.random.default_rng(seed).beta(a, b, n), 2)
    values, counts = np.unique(rates, return_counts=True)
    return values[::-1], counts[::-1].astype(float)


@pytest.mark.parametrize("a, b", [(0.9, 40.0), (0.3, 8.0), (2.0, 30.0)])
def test_beta_is_recovered_from_rounded_rates(a, b):
    found = fit_beta(*printed(a, b, 20000))
    assert found == pytest.approx((a, b), rel=0.06)


def test_shrinking_keeps_the_bulk_within_rounding_and_draws_the_extremes_down():
    rates, programs = printed(0.9, 40.0, 600)
    rates, programs = np.concatenate([[0.64], rates]), np.concatenate([[1.0], programs])
    found = shrink_rates(rates, programs)
    assert found[0] < 0.35 and (np.diff(found) <= 0).all()
    place = np.cumsum(programs) / programs.sum()
    assert np.abs(found - rates)[place > 0.06].max() <= 0.005 + 1e-12
    assert found @ programs / programs.sum() == pytest.approx(0.9 / 40.9, rel=0.06)


def test_extremes_of_small_counts_are_met_better_than_by_the_printed_ones():
    """Most programs with many applications, some with ten: the highest printed rates are luck."""
    rng = np.random.default_rng(5)
    true = rng.beta(0.9, 40.0, 600)
    applications = np.where(rng.random(600) < 0.03, 10, 600)
    seen = np.round(rng.binomial(applications, true) / applications, 2)
    values, counts = np.unique(seen, return_counts=True)
    by_value = dict(zip(values[::-1], shrink_rates(values[::-1], counts[::-1].astype(float)), strict=True))
    top = np.argsort(seen)[::-1][:10]
    assert seen[top].sum() > 1.1 * true[top].sum()
    assert abs(sum(by_value[s] for s in seen[top]) - true[top].sum()) < abs(seen[top].sum() - true[top].sum())


def test_real_rates(trained):
    tidy = trained.tidy
    found = program_rates(tidy.table("invitations"), tidy.table("invitation_groups"))
    medicine = found["non-us-img", "Internal Medicine"]
    assert medicine.listed == 649 and medicine.with_figures == 576
    assert medicine.programs.sum() == pytest.approx(649)
    assert medicine.mean == pytest.approx(medicine.printed_mean, rel=0.02)
    assert medicine.rates[0] < medicine.printed_max == 0.39
    assert len(found) == 44
    for rates in found.values():
        assert (np.diff(rates.rates) <= 0).all() and rates.rates[0] <= 1 and 0.85 < rates.mean / rates.printed_mean < 1.1


def test_the_season_error_is_that_of_neurology(trained):
    tidy = trained.tidy
    rows = tidy.table("invitations").query("specialty == 'Neurology'")
    gaps = []
    for kind, later in (("us-img", 0.0477), ("non-us-img", 0.0465)):
        g = rows[rows["applicant_type"] == kind]
        gaps.append(np.log(later / ((g["invitation_rate"] * g["programs"]).sum() / g["programs"].sum())))
    assert season_error(tidy.table("invitations"), tidy.table("invitation_groups")) == pytest.approx(np.sqrt(np.mean(np.square(gaps))), rel=1e-9)


def test_dispersion_lies_between_the_two_studies(trained):
    found = dispersion(trained.tidy.table("effects"), GRADE_VARIANCE)
    assert 0.5967 < np.exp(found.mean) < 0.96


def test_a_quantile_is_scipys():
    a, b = fit_beta(*printed(0.9, 40.0, 5000))
    rates, programs = printed(0.9, 40.0, 5000)
    top = shrink_rates(rates, programs)[0]
    assert top <= beta.ppf(1 - 0.5 / 5000, a, b) + 1e-9
