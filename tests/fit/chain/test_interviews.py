"""Invitation rates: the beta fit, the shrinkage, and the seasons' error."""

import numpy as np
import pytest
from scipy.stats import beta

from matchmodel.fit.chain.interviews import fit_beta, program_rates, season_error, shrink_rates

from ..made import tidy as tables


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


def test_real_rates(tidy):
    found = program_rates(tidy.table("invitations"), tidy.table("invitation_groups"))
    medicine = found["non-us-img", "Internal Medicine"]
    assert medicine.listed == 649 and medicine.with_figures == 576
    assert medicine.programs.sum() == pytest.approx(649)
    assert medicine.mean == pytest.approx(medicine.printed_mean, rel=0.02)
    assert medicine.rates[0] < medicine.printed_max == 0.39
    assert len(found) == 44
    for rates in found.values():
        assert (
            (np.diff(rates.rates) <= 0).all()
            and rates.rates[0] <= 1
            and 0.85 < rates.mean / rates.printed_mean < 1.1
        )


def test_the_season_error_is_that_of_neurology(tidy):
    rows = tidy.table("invitations").query("specialty == 'Neurology' and year == 2024")
    gaps = []
    for kind, later in (("us-img", 0.0477), ("non-us-img", 0.0465)):
        g = rows[rows["applicant_type"] == kind]
        gaps.append(np.log(later / ((g["invitation_rate"] * g["programs"]).sum() / g["programs"].sum())))
    assert season_error(tidy.table("invitations"), tidy.table("invitation_groups")) == pytest.approx(
        np.sqrt(np.mean(np.square(gaps))), rel=1e-9
    )


def invited(rate, programs, year=2026, coverage="all", listed=100):
    return {
        "specialty": "Neurology",
        "year": year,
        "invitation_rate": rate,
        "programs": programs,
        "programs_listed": listed,
        "coverage": coverage,
    }


def test_the_newest_count_of_all_programs_is_taken_and_spread_over_those_listed():
    rows = [
        invited(0.2, 10),
        invited(0.1, 40),
        invited(0.5, 9, year=2024),
        invited(0.9, 5, year=2027, coverage="sample"),
    ]
    made = tables(invitations=rows)
    (found,) = program_rates(made.table("invitations"), made.table("invitation_groups")).values()
    np.testing.assert_allclose(found.rates, [0.2, 0.1])  # two rates are too few to fit a distribution to
    np.testing.assert_allclose(found.programs, [20, 80])
    assert (found.listed, found.with_figures, found.printed_max) == (100, 50, 0.2)
    assert found.mean == pytest.approx(found.printed_mean) == pytest.approx(0.12)
    assert found.error == pytest.approx(np.sqrt(10 * 0.08**2 + 40 * 0.02**2) / 50 / 0.12)


def test_programs_that_invite_nobody_are_no_rates():
    made = tables(invitations=[invited(0.0, 10)])
    assert program_rates(made.table("invitations"), made.table("invitation_groups")) == {}


def test_without_a_second_season_there_is_no_error_between_seasons():
    made = tables(invitations=[invited(0.1, 10)])
    assert season_error(made.table("invitations"), made.table("invitation_groups")) == 0.0


def test_a_quantile_is_scipys():
    a, b = fit_beta(*printed(0.9, 40.0, 5000))
    rates, programs = printed(0.9, 40.0, 5000)
    top = shrink_rates(rates, programs)[0]
    assert top <= beta.ppf(1 - 0.5 / 5000, a, b) + 1e-9
