"""Tables of covariates: worlds with correlated covariates, published as quartiles, whose joint slopes are
known.
"""

import shutil

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from matchmodel.covariates import COVARIATES, step2_u
from matchmodel.etl import read_raw
from matchmodel.fit.document.model import document
from matchmodel.fit.evidence.references import Correlations, Reference
from matchmodel.fit.random import Normals
from matchmodel.fit.tables.cells import measured_cells
from matchmodel.fit.tables.covariate_tables import LIMITS, Fitted, fit_covariate_tables, make_joint
from matchmodel.fit.tables.logistic import fit_slope
from matchmodel.fit.train import train
from matchmodel.model import Model

from ..made import bins, quartiles, tidy

NAMES = ("step2_ck", *COVARIATES)
USED = ("step2_ck", "years_since_graduation", "usce_months")
JOINT = np.array([0.35, -0.60, 0.30])
SDS = np.array([1.4, 0.5, 0.6])


def links(r):
    """Return `Correlations` with r between the three measures used."""
    whole = np.eye(len(NAMES))
    index = [NAMES.index(n) for n in USED]
    whole[np.ix_(index, index)] = r
    return Correlations(NAMES, whole, np.zeros_like(whole), frozenset())


def correlation(score_years, score_usce, years_usce):
    return np.array([[1, score_years, score_usce], [score_years, 1, years_usce], [score_usce, years_usce, 1]])


def printed(values):
    return (
        len(values),
        values.min(),
        *np.quantile(values, [0.25, 0.5, 0.75]),
        values.max(),
        values.mean(),
        values.std(ddof=1),
    )


def publish(u, matched, specialty="Internal Medicine"):
    """Return quartile rows of persons whose columns of u are score, years and USCE."""
    measures = {
        "step2_ck": 240 + 10 * u[:, 0],
        "years_since_graduation": np.expm1(u[:, 1]),
        "usce_months": 3 * u[:, 2],
    }
    return [
        row
        for m, v in measures.items()
        for row in quartiles(specialty, printed(v[matched]), printed(v[~matched]), measure=m)
    ]


def discriminant_world(r, n=60000, seed=0):
    """Normal cohorts with one covariance, their means Sigma b apart.

    The log odds are linear with slopes b, exactly.
    """
    rng = np.random.default_rng(seed)
    sigma = r * np.outer(SDS, SDS)
    centre = np.array([0.6, 1.9, 2.0])
    matched = np.arange(n) < n // 2
    u = rng.multivariate_normal(np.zeros(3), sigma, n) + centre + np.outer(matched - 0.5, sigma @ JOINT)
    return in_whole_years(u), matched


def in_whole_years(u):
    u = np.clip(u, [-np.inf, 0, 0], [np.inf, 4, 4])
    u[:, 1] = np.log1p(np.round(np.expm1(u[:, 1])))
    return u


def joint_and_alone(u, matched, r):
    made = tidy(quartiles=publish(u, matched))
    normals = Normals(0, 300)
    fitted, unused = fit_covariate_tables(made, np.random.default_rng(0), normals)
    assert not unused and set(fitted) == set(USED[1:])
    score = fit_slope(
        measured_cells(made, "step2_ck")["non-us-img", "Internal Medicine"][0],
        step2_u,
        np.random.default_rng(0),
    )
    draws = np.random.default_rng(1).normal(score.value, score.se, 300)
    found = make_joint(fitted, score.value, draws, float(u[:, 0].std()), links(r))
    return np.array([found[n][0] for n in USED[1:]]), np.array([fitted[n].value for n in USED[1:]]), found


@pytest.mark.parametrize(
    "r", [correlation(-0.4, 0.2, -0.3), correlation(0.5, 0.4, 0.3), correlation(0, 0, 0)]
)
def test_joint_slopes_come_back_where_slopes_fitted_alone_do_not(r):
    u, matched = discriminant_world(r)
    joint, alone, found = joint_and_alone(u, matched, r)
    other = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(u, matched).coef_[0]
    np.testing.assert_allclose(other, JOINT, atol=0.06)  # the world is what it says
    np.testing.assert_allclose(joint, JOINT[1:], atol=0.1)
    if not np.array_equal(r, np.eye(3)):
        assert np.abs(alone - JOINT[1:]).max() > 0.15
    for value, draws in found.values():
        assert abs(draws.mean() - value) < 3 * draws.std() / np.sqrt(300) + 1e-3


def test_adding_up_slopes_fitted_alone_is_overconfident_and_joint_ones_are_not():
    """The design's warning: positively correlated helps, counted twice. Calibration slope of the log odds, 1
    when right.
    """
    r = correlation(-0.5, 0.5, -0.5)
    u, matched = discriminant_world(r)
    joint, alone, _ = joint_and_alone(u, matched, r)
    truth = u @ JOINT
    score_alone = (
        LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(u[:, :1], matched).coef_[0, 0]
    )
    added = u @ np.append(score_alone, alone)
    right = u @ np.append(JOINT[0], joint)
    assert np.polyfit(added, truth, 1)[0] < 0.8
    assert np.polyfit(right, truth, 1)[0] == pytest.approx(1, abs=0.08)


def test_in_a_logistic_world_the_joint_slopes_hold_too():
    """Normal persons, logistic outcome: the cohorts are only nearly normal."""
    rng = np.random.default_rng(3)
    r = correlation(-0.3, 0.2, -0.2)
    u = rng.multivariate_normal([0.6, 1.9, 2.0], r * np.outer(SDS, SDS), 60000)
    u = in_whole_years(u)
    matched = rng.random(len(u)) < expit(u @ JOINT - 0.3)
    joint, _, _ = joint_and_alone(u, matched, r)
    np.testing.assert_allclose(joint, JOINT[1:], atol=0.1)


def test_a_skewed_measure_is_rebuilt_on_its_own_scale():
    """Years fitted as if they were symmetric gave -0.36 here for -0.60.

    The made-up lower tail is long on the log scale.
    """
    u, matched = discriminant_world(np.eye(3))
    _, alone, _ = joint_and_alone(u, matched, np.eye(3))
    assert alone[0] == pytest.approx(-0.60, abs=0.05)


def fitted_alone(value, draws=(0.0, 0.0)):
    return Fitted(
        value,
        np.array(draws),
        ("made",),
        Reference(
            ("a", "b"),
            np.array([0.0, 1.0]),
            np.full(2, 0.5),
            "measured",
            "",
            u_draws=np.array([[0.0, 1.0]]),
            weight_draws=np.full((1, 2), 0.5),
        ),
    )


def test_uncorrelated_covariates_keep_their_own_slopes():
    found = make_joint(
        {"usce_months": fitted_alone(0.2, (0.1, 0.3))}, 0.3, np.zeros(2), 1.4, links(np.eye(3))
    )
    assert found["usce_months"][0] == pytest.approx(0.2)
    np.testing.assert_allclose(found["usce_months"][1], [0.1, 0.3])
    assert make_joint({}, 0.3, np.zeros(2), 1.4, links(np.eye(3))) == {}


def test_two_measures_have_a_closed_form():
    """s b_joint = (s b - r s' b')/(1 - r^2)."""
    r = -0.4
    found = make_joint({"usce_months": fitted_alone(0.2)}, 0.3, np.zeros(2), 1.4, links(correlation(0, r, 0)))
    assert found["usce_months"][0] == pytest.approx((0.5 * 0.2 - r * 1.4 * 0.3) / (1 - r**2) / 0.5)


def test_correlations_that_cannot_hold_together_are_refused():
    fitted = {"years_since_graduation": fitted_alone(-0.3), "usce_months": fitted_alone(0.2)}
    with pytest.raises(ValueError, match="step2_ck, years_since_graduation, usce_months cannot all hold"):
        make_joint(fitted, 0.3, np.zeros(2), 1.4, links(correlation(0.9, 0.9, -0.9)))


def test_attempts_in_bins_are_a_two_by_two_table():
    made = tidy(
        bins=bins(
            "Family Medicine", [(1, 1), (2, 2), (3, None)], [90, 8, 2], [60, 22, 8], measure="step1_attempts"
        )
    )
    fitted, _ = fit_covariate_tables(made, np.random.default_rng(0), Normals(0, 300))
    one = fitted["step1_failed"]
    assert one.value == pytest.approx(np.log(10 * 60 / (90 * 30)), abs=1e-7)
    assert one.draws.std(ddof=1) == pytest.approx(np.sqrt(1 / 90 + 1 / 10 + 1 / 60 + 1 / 30), rel=1e-5)
    np.testing.assert_allclose(one.reference.u, [0, 1])
    np.testing.assert_allclose(one.reference.weights, [150 / 190, 40 / 190])


def test_attempts_whose_quartiles_are_all_one_are_listed_as_unused():
    made = tidy(
        quartiles=quartiles("Neurology", (100, 1, 1, 1, 1, 3), (90, 1, 1, 1, 1, 4), measure="step2_attempts")
    )
    fitted, unused = fit_covariate_tables(made, np.random.default_rng(0), Normals(0, 300))
    assert fitted == {}
    assert unused == [
        {
            "what": "tables of step2_attempts",
            "source_id": "made",
            "why": "the printed numbers show no variation",
        }
    ]


def test_the_reference_has_the_tables_mean_and_spread():
    u, matched = discriminant_world(np.eye(3))
    fitted, _ = fit_covariate_tables(
        tidy(quartiles=publish(u, matched)), np.random.default_rng(0), Normals(0, 300)
    )
    for k, name in enumerate(USED[1:], start=1):
        assert fitted[name].reference.mean == pytest.approx(u[:, k].mean(), abs=0.02)
        assert fitted[name].reference.sd == pytest.approx(u[:, k].std(), rel=0.05)
        assert fitted[name].reference.basis == "measured"


def test_every_measure_of_a_covariate_has_its_limits():
    assert set(LIMITS) == {m for c in COVARIATES.values() for m in c.measures}


@pytest.mark.slow
def test_a_table_of_usce_put_into_the_raw_data_is_fitted_and_combined(raw, trained, tmp_path):
    """With no change of code."""
    folder = tmp_path / "raw"
    shutil.copytree(raw, folder)
    more = folder / "made-up-usce"
    more.mkdir()
    (more / "source.toml").write_text(
        'title = "Made up"\npublisher = "nobody"\nyear = 2026\ngrade = "A"\nterms = "none"\nconsent = false\n'
        '[[table]]\nfile = "usce.csv"\nlayout = "quartiles"\n'
        'measure = "usce_months"\napplicant_type = "non-us-img"\n'
    )
    (more / "usce.csv").write_text(
        "Specialty,Cohort,n,Q1,Median,Q3,Min,Max\n"
        "Internal Medicine,Matched,2649,3,5,7,0,12\nInternal Medicine,Not Matched,2730,2,4,6,0,12\n"
        "Neurology,Matched,166,3,5,8,0,12\nNeurology,Not Matched,231,2,3,6,0,12\n"
        "Dermatology,Matched,,,,,,\nDermatology,Not Matched,,,,,,\n"
    )
    again = train(read_raw(folder).select(role="training"), draws=100)
    effect, before = again.effects["usce_months"], trained.effects["usce_months"]
    assert (effect.basis, before.basis) == ("measured", "evidence")
    assert [(r.basis, r.source_id) for r in effect.rows] == [
        ("evidence", "evidence-register"),
        ("measured", "made-up-usce"),
    ]
    assert effect.mean.std() < before.mean.std() and effect.rows[1].weight > 0.5
    assert again.references["non-us-img"]["usce_months"].basis == "measured"
    assert again.references["us-img"]["usce_months"].basis == "assumed"
    assert set(again.effects) == set(trained.effects)
    assert Model(document(again, "made-up")).record.effects["usce_months"].mean.basis == "measured"
