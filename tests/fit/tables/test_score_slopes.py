"""Steps 1 to 3 together: intercepts, levels, years of tables, suppressed cells, and the published rates."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from matchmodel.covariates import step2_u
from matchmodel.errors import MissingTables
from matchmodel.fit.random import Normals
from matchmodel.fit.tables.cells import measured_cells
from matchmodel.fit.tables.combine_years import own_slopes
from matchmodel.fit.tables.logistic import fit_slope
from matchmodel.fit.tables.reconstruct import SCORE_RANGE
from matchmodel.fit.tables.score_slopes import fit_type, newest_counts, solve_alpha, type_populations

from ..made import BLANK, HIGH, LOW, bins, counts, quartiles, three_specialties, tidy


def fitted(made, kind="non-us-img"):
    return fit_type(made, kind, newest_counts(made)[kind], np.random.default_rng(0), Normals(0, 300))


def test_the_model_gives_back_every_published_rate(trained):
    """Averaged over the reconstructed population, in the point and in every draw."""
    fit = trained.fits["non-us-img"]
    persons = fit.matched + fit.not_matched
    assert (persons > 1000).sum() >= 2
    for j, (values, weights) in enumerate(fit.populations):
        u = step2_u(values)
        assert weights @ expit(fit.alpha[j] + fit.beta[j] * u) == pytest.approx(
            expit(fit.level[j]), abs=1e-12
        )
        drawn = expit(fit.alpha_draws[:, j : j + 1] + fit.beta_draws[:, j : j + 1] * u) @ weights
        np.testing.assert_allclose(drawn, expit(fit.level_draws[:, j]), atol=1e-12)
        if persons[j] > 1000:  # so many that the others move it by less than its own error
            published = fit.matched[j] / persons[j]
            assert expit(fit.level[j]) == pytest.approx(
                published, abs=0.7 * np.sqrt(published * (1 - published) / persons[j])
            )


def test_draws_are_centred_on_the_point(trained):
    fit = trained.fits["non-us-img"]
    np.testing.assert_allclose(fit.beta_draws.mean(axis=0), fit.beta, atol=1e-10)
    np.testing.assert_allclose(fit.level_draws.mean(axis=0), fit.level, atol=1e-10)
    np.testing.assert_allclose(
        fit.alpha_draws.mean(axis=0), fit.alpha, atol=0.15 * fit.alpha_draws.std(axis=0).max()
    )


def test_a_large_cells_level_is_as_doubtful_as_its_counts(trained):
    fit = trained.fits["non-us-img"]
    j = fit.specialties.index("Internal Medicine")
    assert fit.level_draws[:, j].std(ddof=1) == pytest.approx(
        np.sqrt(1 / 3392 + 1 / 3600), rel=0.01
    )  # the others hardly narrow it


def test_a_suppressed_specialty_gets_the_mean_slope_and_a_wider_range(trained):
    fit = trained.fits["non-us-img"]
    small, large = (
        fit.specialties.index("Public Health and Preventive Medicine"),
        fit.specialties.index("Internal Medicine"),
    )
    assert fit.seen[small] is None and fit.measured_n[small] == 0
    assert fit.beta[small] == pytest.approx(fit.slopes.mean)
    assert fit.beta_draws[:, small].std() > 2 * fit.beta_draws[:, large].std()
    assert fit.level_draws[:, small].std() > 10 * fit.level_draws[:, large].std()


def test_one_suppressed_cohort_gives_no_slope_but_a_population(trained):
    fit = trained.fits["non-us-img"]
    j = fit.specialties.index("Vascular Surgery (Integrated)")
    assert np.isnan(fit.slopes.values[j])
    assert fit.seen[j] == (223, 269, True)
    values, weights = fit.populations[j]
    assert 246 < weights @ values < 252  # the unmatched are 24 of 28, their mean is 247


def test_years_are_combined_and_without_a_drift_only_the_newest_counts_are_used():
    made = tidy(
        counts=[
            counts("Neurology", 500, 500),
            counts("Neurology", 100, 900, year=2024),
            counts("Pathology", 100, 900, year=2024),
        ],
        quartiles=[*quartiles("Neurology", HIGH, LOW), *quartiles("Neurology", LOW, HIGH, year=2024)],
    )
    fit = fitted(made)
    assert (fit.year, fit.specialties) == (2026, ("Neurology",))
    assert expit(fit.level[0]) == pytest.approx(0.5)
    tables = measured_cells(made, "step2_ck")["non-us-img", "Neurology"]
    own = own_slopes([tables], np.random.default_rng(0), step2_u, SCORE_RANGE)
    each = [fit_slope(t, step2_u, np.random.default_rng(0)) for t in tables]
    assert each[0].value == pytest.approx(-each[1].value, abs=1e-6)
    assert own.years == ((2026, 2024),) and own.newest[0].value == each[0].value
    assert (
        own.year_spread > 0.5 * each[0].value
    )  # one specialty turned round: a year did that, so the newest is believed
    assert own.values[0] > 0.6 * each[0].value


def test_suppressed_counts_are_answered_with_the_mean_level_and_nobody_is_left_out():
    made = tidy(
        counts=[
            *(
                counts(s, *n)
                for s, n in (
                    ("Neurology", (500, 500)),
                    ("Pediatrics", (300, 200)),
                    ("Anesthesiology", (100, 150)),
                )
            ),
            counts("Pathology", None, 30),
            counts("Psychiatry", 0, 0),
        ],
        quartiles=quartiles("Neurology", HIGH, LOW),
    )
    assert list(newest_counts(made)["non-us-img"]["specialty"]) == [
        "Anesthesiology",
        "Neurology",
        "Pathology",
        "Pediatrics",
    ]
    fit = fitted(made)
    j = fit.specialties.index("Pathology")
    assert fit.level[j] == pytest.approx(fit.levels.mean)
    assert fit.level_draws[:, j].std() > 3 * fit.level_draws[:, fit.specialties.index("Neurology")].std()
    values, weights = fit.populations[j]
    assert weights @ expit(fit.alpha[j] + fit.beta[j] * step2_u(values)) == pytest.approx(expit(fit.level[j]))


def test_a_newest_year_suppressed_whole_falls_back_on_the_year_before():
    made = tidy(
        counts=[counts("Neurology", 500, 500), counts("Pathology", 50, 90)],
        quartiles=[*quartiles("Neurology", BLANK, BLANK), *quartiles("Neurology", HIGH, LOW, year=2024)],
    )
    fit = fitted(made)
    assert fit.seen[0] == (209, 284, True) and fit.seen[1] is None
    np.testing.assert_array_equal(fit.populations[1][0], fit.populations[0][0])


def test_one_specialty_alone():
    fit = fitted(tidy(counts=[counts("Neurology", 300, 700)], quartiles=quartiles("Neurology", HIGH, LOW)))
    assert fit.slopes.spread == 0
    assert fit.beta[0] == fit.slopes.values[0]
    assert fit.beta_draws[:, 0].std(ddof=1) == pytest.approx(fit.slopes.ses[0], rel=1e-9)
    assert fit.level[0] == pytest.approx(logit(0.3))


# counts of a second specialty beside Internal Medicine
BESIDE = {"nobody of twelve": (0, 12), "all of nine": (9, 0), "one applicant": (1, 0), "large": (300, 500)}


@pytest.mark.parametrize("name", BESIDE)
def test_two_specialties_one_of_them_without_scores(name):
    made = tidy(
        counts=[counts("Internal Medicine", 500, 500), counts("Dermatology", *BESIDE[name])],
        quartiles=quartiles("Internal Medicine", HIGH, LOW),
    )
    fit = fitted(made)
    for values in (fit.alpha, fit.beta, fit.level, fit.alpha_draws, fit.level_draws, fit.score_sd):
        assert np.isfinite(values).all()
    np.testing.assert_allclose(fit.beta, fit.beta[1])
    assert fit.populations[0][1].sum() == pytest.approx(1)


def test_tied_quartiles_train():
    tied = (40, 220, 240, 240, 240, 260, 240, 8)
    fit = fitted(
        tidy(
            counts=[counts("Neurology", 100, 100), counts("Pathology", 40, 60)],
            quartiles=[*quartiles("Neurology", HIGH, LOW), *quartiles("Pathology", tied, tied)],
        )
    )
    j = fit.specialties.index("Pathology")
    assert np.isfinite(fit.alpha[j]) and np.isfinite(fit.beta[j])


def test_bins_alone_are_enough():
    edges = [(None, 220), (221, 230), (231, 240), (241, 250), (251, 260), (261, None)]
    matched, not_matched = [10, 20, 40, 60, 50, 30], [30, 50, 60, 40, 20, 10]
    fit = fitted(
        tidy(counts=[counts("Neurology", 210, 210)], bins=bins("Neurology", edges, matched, not_matched))
    )
    persons = np.concatenate([np.repeat(np.arange(6), matched), np.repeat(np.arange(6), not_matched)])
    other = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(
        persons[:, None], np.repeat([1, 0], 210)
    )
    assert fit.beta[0] == pytest.approx(other.coef_[0, 0], abs=1e-6)
    assert fit.seen[0] == (211, 270, True)


def test_a_specialty_nobody_counted_does_not_matter():
    made = three_specialties()
    extra = {**made, "quartiles": made["quartiles"] + quartiles("Psychiatry", LOW, HIGH)}
    np.testing.assert_array_equal(fitted(tidy(**made)).beta, fitted(tidy(**extra)).beta)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        quartiles("Neurology", BLANK, LOW),
        quartiles("Pathology", HIGH, LOW),
        quartiles("Neurology", HIGH, LOW, measure="step1"),
    ],
)
def test_without_one_score_table_that_can_be_fitted_training_is_refused(rows):
    made = tidy(counts=[counts("Neurology", 300, 700)], quartiles=rows)
    with pytest.raises(MissingTables, match="quartiles or bins of step2_ck"):
        fitted(made)


def test_the_type_lends_its_population_in_proportion_to_its_cells():
    made = tidy(quartiles=[*quartiles("Neurology", HIGH, LOW), *quartiles("Pathology", LOW, LOW)])
    cells = measured_cells(made, "step2_ck")
    tables = [cells["non-us-img", s][0] for s in ("Neurology", "Pathology")] + [None]
    found = type_populations(tables, np.array([900.0, 0, 1]), np.array([0.0, 100, 1]), np.full(3, 0.3))
    values, weights = found[2]
    assert weights.sum() == pytest.approx(1)
    assert weights @ values == pytest.approx(0.9 * 249 + 0.1 * 242, abs=0.02)


def test_solve_alpha_has_a_closed_form_at_one_score():
    found = solve_alpha(
        np.array([[0.5, -1.0]]),
        np.array([[0.3, 0.2]]),
        [(np.array([250.0]), np.ones(1)), (np.array([230.0]), np.ones(1))],
    )
    np.testing.assert_allclose(found, [[0.5 - 0.3, -1.0 + 0.2]])
