"""Step 2 against known truth, against statsmodels and scikit-learn, and against the fit to the people
themselves.
"""

import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from matchmodel.covariates import step2_u
from matchmodel.fit.chain.ranks import RANK_LIMITS, ln_ranks
from matchmodel.fit.tables.cells import Bins, Measured, measured_cells
from matchmodel.fit.tables.logistic import DEFAULT_TAIL, Slope, _moved, fit_slope, fit_slopes, logistic_rows
from matchmodel.fit.tables.reconstruct import SCORE_RANGE, TAILS, Summary


def people(slope, n=40000, seed=0, intercept=-0.3):
    """Return scores and outcomes of a world with a known slope per ten points."""
    rng = np.random.default_rng(seed)
    score = np.clip(rng.normal(246, 14, n), 190, 295).round()
    return score, rng.random(n) < expit(intercept + slope * step2_u(score))


def summarise(scores, rounded=True):
    """Return what a report prints of scores."""
    figures = [
        *np.quantile(scores, [0.25, 0.5, 0.75]),
        scores.min(),
        scores.max(),
        scores.mean(),
        scores.std(ddof=1),
    ]
    return Summary(float(len(scores)), *(np.round(figures) if rounded else figures))


def report(score, matched):
    return Measured(summarise(score[matched]), summarise(score[~matched]))


def individual_fit(score, matched):
    """Return slope and SE of a GLM on the people themselves, from scikit-learn and the information matrix."""
    u = step2_u(score)
    fitted = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(u[:, None], matched)
    p = fitted.predict_proba(u[:, None])[:, 1]
    design = np.column_stack([np.ones_like(u), u])
    return fitted.coef_[0, 0], np.sqrt(np.linalg.inv((design * (p * (1 - p))[:, None]).T @ design)[1, 1])


def glm(u, yes, no):
    """Return slope and standard error of statsmodels' binomial GLM on weighted points."""
    keep = yes + no > 0
    design = sm.add_constant(u[keep], has_constant="add")
    share = yes[keep] / (yes + no)[keep]
    fitted = sm.GLM(share, design, family=sm.families.Binomial(), var_weights=(yes + no)[keep]).fit(
        maxiter=200, tol=1e-14
    )
    return fitted.params[1], fitted.bse[1]


@pytest.mark.parametrize(
    ("measure", "transform", "limits"),
    [("step2_ck", step2_u, SCORE_RANGE), ("contiguous_ranks", ln_ranks, RANK_LIMITS)],
)
def test_statsmodels_agrees_on_every_real_cell(real, measure, transform, limits):
    tried = 0
    for (_, specialty), (table, *_) in measured_cells(real, measure).items():
        if (
            not table.complete or specialty == "Internal Medicine/Pediatrics"
        ):  # there the ranks do not overlap
            continue
        cohorts = table.cohorts(DEFAULT_TAIL, limits)
        u = transform(np.concatenate([v for v, _ in cohorts.values()]))
        yes = np.append(cohorts["matched"][1], 0 * cohorts["not_matched"][1])
        no = np.append(0 * cohorts["matched"][1], cohorts["not_matched"][1])
        ours = logistic_rows(u[None], yes[None], no[None])
        assert ours.converged[0]
        assert (ours.slope[0], ours.se[0]) == pytest.approx(glm(u, yes, no), abs=1e-8)
        assert fit_slope(table, transform, np.random.default_rng(0), limits).value == pytest.approx(
            ours.slope[0], abs=1e-9
        )
        tried += 1
    assert tried >= 16


def test_statsmodels_agrees_on_random_rows_fitted_together():
    rng = np.random.default_rng(8)
    u = rng.normal(50, 3, (40, 30)) * rng.lognormal(0, 1, (40, 1))
    yes, no = rng.gamma(0.5, 2, (40, 30)), rng.gamma(0.5, 2, (40, 30))
    ours = logistic_rows(u, yes, no)
    assert ours.converged.all()
    theirs = np.array([glm(*row) for row in zip(u, yes, no, strict=True)])
    np.testing.assert_allclose(ours.slope, theirs[:, 0], rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(ours.se, theirs[:, 1], rtol=1e-7)


def test_groups_that_do_not_overlap_have_a_slope_without_bound():
    u = np.arange(4.0)[None].repeat(4, axis=0)
    yes = np.array([[0, 0, 3, 2], [0, 1, 3, 0], [2, 1, 0, 0], [0, 2, 1, 1.0]])
    no = np.array([[4, 1, 0, 0], [4, 1, 0, 0], [0, 1, 0, 3], [0, 1, 1, 0.0]])
    found = logistic_rows(u, yes, no)
    assert list(found.slope[:3]) == [np.inf, np.inf, -np.inf] and np.isfinite(found.slope[3])
    assert list(found.converged) == [False, False, False, True]


def test_a_version_without_overlap_counts_by_its_information():
    slopes, ses = (
        np.array([1.4, 1.6, 9.0, 40.0, np.inf, -np.inf]),
        np.array([0.5, 0.9, 5.0, 1e6, np.inf, np.inf]),
    )
    moved = _moved(slopes, ses, 1.5, 0.5)
    np.testing.assert_allclose(moved, [-0.1, 0.1, 7.5 * 0.2**2, 38.5e-12, 0, 0], atol=1e-12)


def test_draws_that_part_the_cohorts_do_not_widen_the_error():
    table = Measured(Summary(20, 246, 250, 254, 243.6, 262), Summary(20, 236, 240, 243.9, 230, 243.7))
    found = fit_slope(table, step2_u, np.random.default_rng(0))
    assert not found.converged or found.se_rounding < found.se_sampling
    ranks = fit_slope(
        Measured(Summary(11, 1, 2, 4, 1, 6, 2.5, 1.8), Summary(10, 1, 1, 2, 1, 2, 1.3, 0.5)),
        ln_ranks,
        np.random.default_rng(0),
        RANK_LIMITS,
    )
    assert ranks.converged and ranks.se_rounding < ranks.se_sampling < 1.0


def test_tables_together_are_as_tables_alone(real):
    tables = [t[0] for t in measured_cells(real, "contiguous_ranks").values() if t[0].complete]
    binned = Measured(bins=Bins(np.array([1.0, 2.0]), np.array([90.0, 10.0]), np.array([60.0, 30.0]), 1, 2))
    together = fit_slopes(
        [tables[0], binned, *tables[1:]],
        ln_ranks,
        [np.random.default_rng(j) for j in range(len(tables) + 1)],
        RANK_LIMITS,
    )
    alone = [
        fit_slope(t, ln_ranks, np.random.default_rng(j), RANK_LIMITS)
        for j, t in enumerate([tables[0], binned, *tables[1:]])
    ]
    for one, other in zip(together, alone, strict=True):
        assert (one.value, one.se_rounding, one.se_tails, one.n) == pytest.approx(
            (other.value, other.se_rounding, other.se_tails, other.n), abs=1e-9
        )
        assert one.reason == other.reason


@pytest.mark.parametrize("slope", [-0.3, 0.0, 0.2, 0.35, 0.6, 1.0])
def test_the_slope_of_a_known_world_comes_back(slope):
    found = fit_slope(report(*people(slope)), step2_u, np.random.default_rng(1))
    assert found.converged
    assert found.value == pytest.approx(slope, abs=2.5 * found.se)
    assert found.value == pytest.approx(slope, abs=0.05)


@pytest.mark.parametrize("n", [300, 2000, 20000])
def test_the_sampling_error_is_that_of_the_fit_to_the_persons(n):
    score, matched = people(0.35, n, seed=n)
    found = fit_slope(report(score, matched), step2_u, np.random.default_rng(1))
    value, se = individual_fit(score, matched)
    assert found.se_sampling == pytest.approx(se, rel=0.06)
    assert found.value == pytest.approx(value, abs=max(0.5 * se, 2 * found.se_rounding + 2 * found.se_tails))


def test_intervals_hold_the_truth_as_often_as_they_say():
    held = []
    for seed in range(60):
        found = fit_slope(report(*people(0.35, 500, seed)), step2_u, np.random.default_rng(seed))
        held.append(abs(found.value - 0.35) < 1.2816 * found.se)
    assert 0.65 <= np.mean(held) <= 0.93  # 80%, within about 2.6 standard errors of sixty trials


def test_summaries_give_what_bins_of_the_same_persons_give():
    """Two formulations of one cell.

    Midpoints add h^2/12 to the variance and so flatten the slope (Sheppard).
    """
    score, matched = people(0.35)
    edges = np.arange(180.5, 301, 10)
    binned = Bins(
        edges[:-1] + 5,
        np.histogram(score[matched], edges)[0].astype(float),
        np.histogram(score[~matched], edges)[0].astype(float),
        181,
        300,
    )
    from_bins = fit_slope(Measured(bins=binned), step2_u, np.random.default_rng(0))
    exact = Measured(summarise(score[matched], False), summarise(score[~matched], False))
    from_summaries = fit_slope(exact, step2_u, np.random.default_rng(0))
    within = score[matched].var() * matched.mean() + score[~matched].var() * (~matched).mean()
    flattened = within / (within + 100 / 12)
    assert from_bins.value == pytest.approx(flattened * individual_fit(score, matched)[0], abs=0.005)
    assert from_summaries.value == pytest.approx(individual_fit(score, matched)[0], abs=0.015)
    printed = fit_slope(report(score, matched), step2_u, np.random.default_rng(0))
    assert abs(printed.value - from_summaries.value) < 2.5 * printed.se_rounding
    assert (from_bins.se_rounding, from_bins.se_tails) == (0.0, 0.0)


@pytest.mark.parametrize("specialty", ["Internal Medicine", "Neurology", "Child Neurology"])
def test_scikit_learn_agrees_on_the_same_points(real, specialty):
    table = measured_cells(real, "step2_ck")["non-us-img", specialty][0]
    cohorts = table.cohorts(DEFAULT_TAIL)
    u = step2_u(np.concatenate([cohorts["matched"][0], cohorts["not_matched"][0]]))
    weights = np.concatenate([cohorts["matched"][1], cohorts["not_matched"][1]])
    outcome = np.repeat([1, 0], [len(cohorts["matched"][0]), len(cohorts["not_matched"][0])])
    other = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(
        u[:, None], outcome, sample_weight=weights
    )
    assert fit_slope(table, step2_u, np.random.default_rng(0)).value == pytest.approx(
        other.coef_[0, 0], abs=1e-6
    )


def test_a_two_by_two_table_gives_its_log_odds_ratio():
    """A binary measure: the closed form ln(ad/bc), variance 1/a + 1/b + 1/c + 1/d."""
    table = Measured(bins=Bins(np.array([1.0, 2.0]), np.array([90.0, 10.0]), np.array([60.0, 30.0]), 1, 2))
    found = fit_slope(table, lambda x: (x >= 1.5).astype(float), np.random.default_rng(0))
    assert found.value == pytest.approx(np.log(10 * 60 / (90 * 30)), abs=1e-8)
    assert found.se == pytest.approx(np.sqrt(1 / 90 + 1 / 10 + 1 / 60 + 1 / 30), rel=1e-6)


def test_the_parts_add_in_squares_and_the_tails_are_a_uniform_ones():
    assert Slope(0.3, 0.3, 0.4, 1.2, 10).se == pytest.approx(1.3)
    table = Measured(Summary(155, 206, 222, 238), Summary(189, 192, 205, 219))  # 2007: no mean, no SD
    by_tail = [fit_slope(table, step2_u, np.random.default_rng(0), tail=tail).value for tail in TAILS]
    found = fit_slope(table, step2_u, np.random.default_rng(0))
    assert found.se_tails == pytest.approx((max(by_tail) - min(by_tail)) / np.sqrt(12), rel=1e-9)
    assert 0 < found.se_rounding < found.se_sampling


# Cells whose slope cannot be known -> a word of the reason
UNKNOWABLE = {
    "apart": (Summary(20, 250, 255, 260, 245, 270), Summary(20, 220, 225, 230, 210, 240), "overlap"),
    "touching": (Summary(20, 250, 255, 260, 240, 270), Summary(20, 220, 225, 230, 210, 240), "overlap"),
    "one value": (Summary(20, 240, 240, 240), Summary(20, 240, 240, 240), "no variation"),
    "two values": (Summary(20, 250, 250, 250), Summary(20, 240, 240, 240), "overlap"),
    "one person each": (Summary(1, 240, 240, 240), Summary(1, 230, 230, 230), "overlap"),
}


@pytest.mark.parametrize("name", UNKNOWABLE)
def test_separation_is_said_in_words_and_by_no_warning(name):
    matched, not_matched, word = UNKNOWABLE[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit_slope(Measured(matched, not_matched), step2_u, np.random.default_rng(0))
    assert not found.converged
    assert word in found.reason
    assert found.value == 0 and np.isinf(found.se)


SMALL = {
    "one person against thirty": (Summary(1, 240, 240, 240), Summary(30, 230, 240, 250)),
    "two against two": (
        Summary(2, 230, 240, 250, 230, 250, 240, 10),
        Summary(2, 228, 238, 248, 228, 248, 238, 10),
    ),
    "tied quartiles": (Summary(20, 240, 240, 250, 220, 260), Summary(20, 235, 240, 240, 215, 255)),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_cell_gets_a_wide_error(name):
    found = fit_slope(Measured(*SMALL[name]), step2_u, np.random.default_rng(0))
    assert found.converged and np.isfinite(found.se)
    assert found.se > 0.2 and abs(found.value) < 2.5 * found.se


def test_the_same_seed_gives_the_same_slope(real):
    table = measured_cells(real, "step2_ck")["non-us-img", "Neurology"][0]
    assert fit_slope(table, step2_u, np.random.default_rng(4)) == fit_slope(
        table, step2_u, np.random.default_rng(4)
    )
