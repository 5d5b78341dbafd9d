"""Effects of rows together: conjugate closed forms, and known effects back from crude rows."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, truncnorm

from matchmodel.covariates import COVARIATES
from matchmodel.fit.evidence import priors
from matchmodel.fit.evidence.effects import (
    Scale,
    fit_effects,
)
from matchmodel.fit.random import Normals
from matchmodel.specialty import SPECIALTIES

from .made import DRAWS, NORMALS, SPECIALTIES_USED, fit, register, scale

# --- combining --------------------------------------------------------------------------------------------


def cut_moments(mean, sd, sign):
    one = truncnorm(-sign * mean / sd, np.inf, loc=sign * mean, scale=sd)
    return sign * one.mean(), one.std()


@pytest.mark.parametrize("name", COVARIATES)
@pytest.mark.parametrize(("estimate", "se"), [(0.5, 0.2), (0.9, 0.05), (0.05, 0.4)])
def test_one_row_and_no_spread_is_the_conjugate_normal(no_spread, name, estimate, se):
    """Precision-weighted mean of prior and row, cut at its sign."""
    sign, prior = COVARIATES[name].direction, priors.EFFECTS[name]
    found = fit([{"covariate": name, "estimate": sign * estimate, "se": se}], names=[name])[name]
    precision = 1 / prior.sd**2 + 1 / se**2
    mean, sd = cut_moments(
        (prior.mean / prior.sd**2 + sign * estimate / se**2) / precision, precision**-0.5, sign
    )
    assert found.mean.mean() == pytest.approx(mean, abs=2e-3)
    assert found.mean.std(ddof=1) == pytest.approx(sd, rel=0.01)
    for draws in found.specialties.values():
        np.testing.assert_allclose(draws, found.mean, atol=1e-4)
    assert found.rows[0].weight == pytest.approx(1 / se**2 / precision)


def test_without_rows_the_prior_is_what_is_known():
    for name, found in fit([], names=list(COVARIATES)).items():
        mean, sd = cut_moments(priors.EFFECTS[name].mean, priors.EFFECTS[name].sd, COVARIATES[name].direction)
        assert found.mean.mean() == pytest.approx(mean, abs=3e-3)
        assert found.mean.std(ddof=1) == pytest.approx(sd, rel=0.01)
        assert (found.basis, found.rows) == ("assumed", ())


def test_two_rows_of_one_specialty_share_its_deviation_and_two_of_others_do_not():
    """Generalised least squares given the spread.

    Then the law of total variance over the spread's half normal.
    """
    prior, width, y = priors.EFFECTS["visa_needed"], priors.SPREADS["visa_needed"], -0.6

    def given(t, same):
        v = np.array([[0.01 + t**2, same * t**2], [same * t**2, 0.01 + t**2]])
        data = np.ones(2) @ np.linalg.solve(v, np.ones(2))
        variance = 1 / (1 / prior.sd**2 + data)
        return variance * (prior.mean / prior.sd**2 + y * data), variance

    def over_spreads(f):
        return quad(lambda t: f(t) * 2 * norm.pdf(t / width) / width, 0, 8 * width)[0]

    def sd(same):
        mean = over_spreads(lambda t: given(t, same)[0])
        return np.sqrt(over_spreads(lambda t: given(t, same)[1] + given(t, same)[0] ** 2) - mean**2)

    rows = [
        {"covariate": "visa_needed", "estimate": -0.6, "se": 0.1, "specialty": s}
        for s in ("Neurology", "Pediatrics")
    ]
    other = fit(rows)["visa_needed"].mean
    same = fit([{**row, "specialty": "Neurology"} for row in rows])["visa_needed"].mean
    assert other.std(ddof=1) == pytest.approx(sd(0), rel=0.03)
    assert same.std(ddof=1) == pytest.approx(sd(1), rel=0.03)
    assert same.std() > 1.05 * other.std()


def test_a_specialtys_own_row_moves_it_more_than_the_others_and_the_others_have_the_spread():
    found = fit([{"covariate": "visa_needed", "estimate": -1.2, "se": 0.05, "specialty": "Neurology"}])[
        "visa_needed"
    ]
    own, other = found.specialties["Neurology"], found.specialties["Pediatrics"]
    assert abs(own.mean() + 1.2) < 0.1 < abs(other.mean() + 1.2)
    assert own.std() < 0.07
    away = other - found.mean
    assert away.std() == pytest.approx(
        priors.SPREADS["visa_needed"], rel=0.15
    )  # E tau^2 of a half normal is its scale squared


def test_a_specialtys_effect_given_spread_and_mean_is_conjugate(monkeypatch):
    """With one spread in every draw.

    Delta[s] from prior N(m, tau^2) and a row N(delta[s], se^2), m from its own posterior.
    """
    tau, se, y = 0.3, 0.1, -0.9
    monkeypatch.setattr(priors, "SPREADS", dict.fromkeys(priors.SPREADS, tau))

    class Fixed(Normals):
        def one(self, name):
            return np.ones(self.count) if name.startswith("effect spread") else super().one(name)

    rows = register({"covariate": "visa_needed", "estimate": y, "se": se, "specialty": "Neurology"})
    found = fit_effects(rows, {}, scale(), SPECIALTIES_USED, ("visa_needed",), Fixed(0, DRAWS))["visa_needed"]
    prior = priors.EFFECTS["visa_needed"]
    joint = np.array([[prior.sd**2, prior.sd**2], [prior.sd**2, prior.sd**2 + tau**2]])  # of m and delta
    seen = joint[1, 1] + se**2
    mean = prior.mean + joint[:, 1] / seen * (y - prior.mean)
    covariance = joint - np.outer(joint[:, 1], joint[:, 1]) / seen
    assert found.mean.mean() == pytest.approx(mean[0], abs=0.02)
    assert found.specialties["Neurology"].mean() == pytest.approx(mean[1], abs=0.01)
    assert found.specialties["Neurology"].std() == pytest.approx(np.sqrt(covariance[1, 1]), rel=0.03)
    assert np.corrcoef(found.mean, found.specialties["Neurology"])[0, 1] == pytest.approx(
        covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]), abs=0.1
    )


TRUTHS = {
    "both strong": (-0.7, -1.1),
    "the first nearly nothing": (-0.1, -1.0),
    "as believed": (np.log(0.5), np.log(0.4)),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_crude_failures_give_back_what_each_does_by_itself(no_spread, name):
    """crude1 = d1 + 0.27 d2 and crude2 = d2 + 0.35 d1, seen nearly without error.

    Taken as they are they would overstate both.
    """
    d1, d2 = TRUTHS[name]
    rows = [
        {"covariate": "step1_failed", "estimate": d1 + 0.27 * d2, "se": 0.01, "score_adjusted": "no"},
        {"covariate": "step2_failed", "estimate": d2 + 0.35 * d1, "se": 0.01, "score_adjusted": "no"},
    ]
    found = fit(rows, names=["step1_failed", "step2_failed"])
    assert found["step1_failed"].mean.mean() == pytest.approx(d1, abs=0.02)
    assert found["step2_failed"].mean.mean() == pytest.approx(d2, abs=0.02)


def test_the_shares_are_those_of_applicants_who_fail_both_more_often():
    """Two million applicants whose failures go together so that 0.27 and 0.35 are right.

    Least squares on one failure, then both.
    """
    rng = np.random.default_rng(0)
    p1, p2 = 0.13, 0.0966
    together = p1 * p2 + 0.27 * p1 * (1 - p1)
    chances = np.array([1 - p1 - p2 + together, p1 - together, p2 - together, together])
    who = rng.choice(4, 2_000_000, p=chances)
    f1, f2 = (who % 2 == 1).astype(float), (who >= 2).astype(float)
    outcome = 5 - 0.5 * f1 - 0.8 * f2 + rng.standard_normal(len(who))
    crude1 = outcome[f1 == 1].mean() - outcome[f1 == 0].mean()
    crude2 = outcome[f2 == 1].mean() - outcome[f2 == 0].mean()
    assert crude1 == pytest.approx(-0.5 + priors.MUTUAL["step1_failed"][1] * -0.8, abs=0.01)
    assert crude2 == pytest.approx(-0.8 + priors.MUTUAL["step2_failed"][1] * -0.5, abs=0.01)


def test_an_adjusted_failure_is_not_adjusted_again(no_spread):
    rows = [{"covariate": name, "estimate": -0.7, "se": 0.01} for name in ("step1_failed", "step2_failed")]
    for found in fit(rows, names=["step1_failed", "step2_failed"]).values():
        assert found.mean.mean() == pytest.approx(-0.7, abs=0.01)


def test_the_error_of_a_conversion_counts_once(no_spread):
    """A rate of -0.5 (SE 0.1) over an eta of 0.8 with error.

    The row's variance is both, and the effect's draws have it.
    """
    eta = 0.8 * np.exp(0.3 * NORMALS.one("eta of the test"))
    by = Scale({}, eta, {}, np.zeros(DRAWS), {}, 0.1, {}, 0.5)
    found = fit(
        [{"covariate": "visa_needed", "estimate": -0.5, "se": 0.1, "scale": "log_interview_rate"}], how=by
    )["visa_needed"]
    own, converted = 0.1 * np.sqrt(np.mean(1 / eta**2)), np.std(-0.5 / eta, ddof=1)
    assert found.rows[0].se == pytest.approx(np.hypot(own, converted))
    expected = (1 / priors.EFFECTS["visa_needed"].sd ** 2 + 1 / (own**2 + converted**2)) ** -0.5
    assert found.mean.std(ddof=1) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("estimate", [-2.0, 0.0, 2.0])
@pytest.mark.parametrize("name", COVARIATES)
def test_signs_hold_in_every_draw_whatever_a_row_says(name, estimate):
    found = fit(
        [{"covariate": name, "estimate": estimate, "se": 0.05, "specialty": "Neurology"}], names=[name]
    )[name]
    for draws in (found.mean, *found.specialties.values()):
        assert np.isfinite(draws).all() and (np.sign(draws) == COVARIATES[name].direction).all()


def test_a_lower_grade_moves_the_effect_less_and_leaves_it_wider(no_spread):
    found = [
        fit([{"covariate": "visa_needed", "estimate": -1.2, "grade": g}])["visa_needed"].mean for g in "ABCD"
    ]
    means, sds = [f.mean() for f in found], [f.std() for f in found]
    assert means == sorted(means) and sds == sorted(sds)
    same = fit(
        [{"covariate": "visa_needed", "estimate": -1.2, "grade": "D"}],
        grade_variance=dict.fromkeys("ABCD", 1.0),
    )["visa_needed"]
    np.testing.assert_allclose(same.mean, found[0])


def test_weights_of_rows_and_prior_are_their_precisions():
    rows = [{"covariate": "visa_needed", "estimate": -0.5, "se": se} for se in (0.1, 0.2)]
    weights = [r.weight for r in fit(rows)["visa_needed"].rows]
    precision = np.array([1 / 0.01, 1 / 0.04, 1 / priors.EFFECTS["visa_needed"].sd ** 2])
    np.testing.assert_allclose(weights, (precision / precision.sum())[:2])


def test_a_measured_table_is_a_row_of_its_own(no_spread):
    drawn = -0.8 + 0.05 * NORMALS.one("a table")
    found = fit_effects(
        register(),
        {"visa_needed": (("one", "two"), drawn)},
        scale(),
        SPECIALTIES_USED,
        ("visa_needed",),
        NORMALS,
    )["visa_needed"]
    assert found.basis == "measured"
    (row,) = found.rows
    assert (row.id, row.source_id, row.basis, row.value, row.se) == (
        "fitted",
        "one, two",
        "measured",
        pytest.approx(-0.8),
        pytest.approx(0.05),
    )
    assert found.mean.mean() == pytest.approx(-0.79, abs=0.02)


# --- the real register ------------------------------------------------------------------------------------

BANDS = {
    "step1_failed": (0.5, 0.75),
    "step2_failed": (0.3, 0.55),
    "visa_needed": (0.5, 0.7),
    "usce_months": (1.15, 1.45),
    "years_since_graduation": (0.55, 0.8),
}


@pytest.mark.parametrize("name", BANDS)
def test_real_odds_ratios_are_where_the_studies_put_them(trained, name):
    effect = trained.effects[name]
    low, high = BANDS[name]
    assert low < np.exp(effect.mean.mean()) < high
    for draws in effect.specialties.values():
        assert low * 0.85 < np.exp(draws.mean()) < high * 1.15
        assert (np.sign(draws) == COVARIATES[name].direction).all()
    assert effect.basis == "evidence" and set(effect.specialties) <= set(SPECIALTIES)


def test_the_real_rows_are_all_used_or_listed_with_a_reason(trained):
    used = {row.id for effect in trained.effects.values() for row in effect.rows}
    listed = {u.what.removeprefix("register row ") for u in trained.unused}
    assert used | listed == set(trained.tidy.table("effects")["id"]) and not used & listed
    assert all(u.why for u in trained.unused)
