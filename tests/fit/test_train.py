"""Training as a whole: what it needs, what it leaves out, what it refuses; step 6's identity in every draw."""

import json

import numpy as np
import pytest
from scipy.special import expit

from matchmodel.applicant import Applicant
from matchmodel.covariates import COVARIATES
from matchmodel.errors import MissingTables
from matchmodel.fit.document import document
from matchmodel.fit.train import centre, normal_source, train
from matchmodel.model import Model

from .made import HIGH, LOW, counts, quartiles, three_specialties, tidy


def ask(model, specialty, kind="non-us-img", **more):
    return model.odds(Applicant(specialty, kind, cycle=2026, **more))


def test_normal_draws_have_mean_zero_and_variance_one_exactly():
    normals = normal_source(7, 300)
    z = normals(5)
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(z.std(axis=0, ddof=1), 1)
    assert not np.array_equal(normals(5), z)
    np.testing.assert_array_equal(normal_source(7, 300)(5), z)


def test_kappa_keeps_each_cells_rate_in_the_point(trained):
    """E_u[expit(L + delta u - kappa)] = expit(L)."""
    for kind, centring in trained.centring.items():
        fit = trained.fits[kind]
        assert centring.references
        for name, reference in centring.references.items():
            log_odds = fit.level[:, None] + trained.effects[name].value * reference.u[None, :] - centring.kappa[name][:, None]
            np.testing.assert_allclose(expit(log_odds) @ reference.weights, expit(fit.level), atol=1e-12)


def test_kappa_keeps_each_cells_rate_in_every_draw(trained):
    """For US IMGs' USCE, whose assumed population is not drawn; elsewhere the same holds over drawn shares, seen by rerunning `centre`."""
    fit, centring = trained.fits["us-img"], trained.centring["us-img"]
    reference, delta = centring.references["usce_months"], trained.effects["usce_months"].draws
    log_odds = fit.level_draws[:, :, None] + delta[:, None, None] * reference.u - centring.kappa_draws["usce_months"][:, :, None]
    np.testing.assert_allclose(expit(log_odds) @ reference.weights, expit(fit.level_draws), atol=1e-12)


def test_kappas_shares_are_those_drawn(trained):
    fit, effects = trained.fits["non-us-img"], {"visa_needed": trained.effects["visa_needed"]}
    reference = trained.centring["non-us-img"].references["visa_needed"]
    shares = reference.weight_draws(np.random.default_rng(3), len(fit.level_draws))
    kappa = centre(fit, effects, {"visa_needed": reference}, np.random.default_rng(3)).kappa_draws["visa_needed"]
    log_odds = fit.level_draws[:, :, None] + effects["visa_needed"].draws[:, None, None] * reference.u - kappa[:, :, None]
    np.testing.assert_allclose((expit(log_odds) * shares[:, None, :]).sum(axis=2), expit(fit.level_draws), atol=1e-12)


def test_kappa_by_brute_force(trained):
    """Two million persons of the reference population match at the published rate."""
    fit, centring = trained.fits["non-us-img"], trained.centring["non-us-img"]
    j, name = fit.specialties.index("Family Medicine"), "years_since_graduation"
    reference = centring.references[name]
    u = np.random.default_rng(0).choice(reference.u, 2_000_000, p=reference.weights)
    matched = np.random.default_rng(1).random(len(u)) < expit(fit.level[j] + trained.effects[name].value * u - centring.kappa[name][j])
    assert matched.mean() == pytest.approx(599 / (599 + 513), abs=0.0015)


def test_taking_the_population_for_the_unmatched_would_lower_the_rate(trained):
    """The design's reason for step 6, over a simulated population with all five covariates; ours keeps the rate."""
    fit, centring = trained.fits["non-us-img"], trained.centring["non-us-img"]
    j = fit.specialties.index("Internal Medicine")
    rng = np.random.default_rng(0)
    ours = theirs = np.full(500_000, fit.level[j])
    for name, reference in centring.references.items():
        delta = trained.effects[name].value
        u = rng.choice(reference.u, len(ours), p=reference.weights)
        ours = ours + delta * u - centring.kappa[name][j]
        theirs = theirs + delta * u - np.log(reference.weights @ np.exp(delta * reference.u))
    published = 3392 / 6992
    assert expit(ours).mean() == pytest.approx(published, abs=0.002)
    assert expit(theirs).mean() < published - 0.01


def test_published_rates_come_back_from_the_model_file(content):
    model = Model(content)
    for specialty, matched, not_matched in (("Internal Medicine", 3392, 3600), ("Family Medicine", 599, 513), ("Pediatrics", 542, 249)):
        assert ask(model, specialty).p_ranked == pytest.approx(matched / (matched + not_matched), abs=1e-9)


def test_a_suppressed_specialty_answers_with_a_wider_range_than_internal_medicine(content):
    model = Model(content)

    def width(specialty):
        answer = ask(model, specialty, step2_ck=250)
        return answer.p_ranked_high - answer.p_ranked_low

    widths = {s: width(s) for s in ("Public Health and Preventive Medicine", "Thoracic Surgery (Integrated)", "Internal Medicine")}
    assert widths["Public Health and Preventive Medicine"] > 5 * widths["Internal Medicine"]
    assert widths["Thoracic Surgery (Integrated)"] > 2 * widths["Internal Medicine"]


def test_counts_and_quartiles_alone_are_enough():
    """No evidence: answers from the score, and says nothing of what it does not know."""
    trained = train(tidy(**three_specialties()))
    assert (trained.effects, trained.exchange, trained.derived, trained.unused, trained.drifts) == ({}, None, None, [], {})
    content = json.loads(json.dumps(document(trained, "made"), allow_nan=False))
    assert content["exchange"] is None and content["covariates"] == {}
    model = Model(content)
    assert not any(model.has_effect("non-us-img", name) for name in COVARIATES)
    average, high = ask(model, "Internal Medicine"), ask(model, "Internal Medicine", step2_ck=260)
    assert average.p_ranked == pytest.approx(0.5)
    assert high.p_ranked > average.p_ranked
    assert ask(model, "Internal Medicine", step2_ck=260, visa_needed=True).p_ranked == high.p_ranked
    dermatology = ask(model, "Dermatology", step2_ck=260)
    assert dermatology.p_ranked_high - dermatology.p_ranked_low > 2 * (high.p_ranked_high - high.p_ranked_low)


def test_two_types_of_another_report_train_together(everything):
    """2007: independent applicants and US seniors, neither of today's types."""
    only = everything.select(exclude=[name for name in everything.sources if name != "charting-outcomes-2007"])
    trained = train(only)
    assert set(trained.fits) == {"independent", "us-senior"}
    assert trained.primary == "us-senior" and trained.derived is None
    assert trained.fits["independent"].slopes.mean > 0
    model = Model(json.loads(json.dumps(document(trained, "match-2007"), allow_nan=False)))
    assert ask_2007(model, "us-senior").p_ranked == pytest.approx(1005 / 1071, abs=1e-9)
    assert ask_2007(model, "independent").p_ranked == pytest.approx(259 / 510, abs=1e-9)


def ask_2007(model, kind):
    return model.odds(Applicant("Anesthesiology", kind, cycle=2007))


def test_a_type_with_counts_but_no_scores_is_left_out_and_listed():
    made = three_specialties()
    made["counts"] = made["counts"] + [counts("Internal Medicine", 900, 300, applicant_type="us-senior", source_id="seniors")]
    trained = train(tidy(**made))
    assert set(trained.fits) == {"non-us-img"}
    (left_out,) = trained.unused
    assert (left_out["what"], left_out["source_id"]) == ("counts of us-senior", "seniors")
    assert "step2_ck" in left_out["why"]


REFUSED = {
    "nothing": (tidy(), "counts table"),
    "no counts": (tidy(quartiles=quartiles("Neurology", HIGH, LOW)), "counts table"),
    "suppressed counts": (tidy(counts=[counts("Neurology", None, 12)], quartiles=quartiles("Neurology", HIGH, LOW)), "counts table"),
    "no scores": (tidy(counts=[counts("Neurology", 300, 700)]), "quartiles or bins of step2_ck"),
    "another measure": (tidy(counts=[counts("Neurology", 300, 700)], quartiles=quartiles("Neurology", HIGH, LOW, measure="step1")), "step2_ck"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_without_counts_or_scores_training_is_refused(name):
    made, words = REFUSED[name]
    with pytest.raises(MissingTables, match=words):
        train(made)


def effect(name, covariate, **more):
    return {"id": name, "covariate": covariate, "unit": "yes vs no", "scale": "log_odds_match", "estimate": -0.4, "se": 0.2,
            "adjusted_for": "step2_ck", **more}  # fmt: skip


def test_an_effect_without_a_population_is_listed():
    trained = train(tidy(**three_specialties(), effects=[effect("v", "visa_needed")]))
    assert trained.effects == {}
    assert [u["what"] for u in trained.unused] == ["estimates of visa_needed"]
    assert "reference population" in trained.unused[0]["why"]


POPULATION = [{"covariate": "visa_needed", "value": v, "count": n} for v, n in (("yes", 70), ("no", 30))]


def test_without_correlations_and_exchange_match_effects_still_enter():
    made = tidy(**three_specialties(), effects=[effect("v", "visa_needed"), effect("w", "visa_needed", scale="log_interview_rate")], population=POPULATION)
    trained = train(made)
    assert trained.exchange is None
    assert [r["id"] for r in trained.effects["visa_needed"].rows] == ["v"]
    assert trained.effects["visa_needed"].value == pytest.approx(-0.4)
    assert trained.effects["visa_needed"].se == pytest.approx(0.2 * np.sqrt(1.5), rel=1e-9)
    assert [u["what"] for u in trained.unused] == ["register row w"]


@pytest.mark.parametrize(("adjusted_for", "gap_counts"), [("step2_ck", 0), ("nothing", 1)])
def test_an_effect_not_adjusted_for_the_score_loses_slope_times_gap(adjusted_for, gap_counts):
    """The gap is the regression of the score on u: r sd(score)/sd(u), here with half the applicants in the group, so sd(u) = 1/2."""
    population = [{"covariate": "step1_failed", "value": v, "count": 50} for v in ("yes", "no")]
    links = [{"measure_a": "step2_ck", "measure_b": "step1_failed", "r": -0.3, "n": 103}]
    rows = [effect("f", "step1_failed", unit="ever vs never", adjusted_for=adjusted_for)]
    trained = train(tidy(**three_specialties(), effects=rows, population=population, correlations=links))
    fit = trained.fits["non-us-img"]
    sds = [np.sqrt(w @ (v / 10 - w @ v / 10) ** 2) for v, w in fit.populations]
    score_sd = np.average(sds, weights=fit.matched + fit.not_matched)
    found = trained.effects["step1_failed"]
    assert found.value == pytest.approx(-0.4 - gap_counts * fit.slopes.mean * -0.3 * score_sd / 0.5)
    gap_se = score_sd / 0.5 * (1 - 0.09) / 10
    spread = np.hypot(fit.slopes.mean * gap_se, fit.slopes.mean_se * 0.3 * score_sd / 0.5)
    assert found.se == pytest.approx(np.hypot(0.2 * np.sqrt(1.5), gap_counts * spread), rel=0.08)


def test_leaving_a_source_out_drops_what_rests_on_it(everything):
    less = everything.select(role="training", exclude=["evidence-register", "results-and-data-2025"])
    trained = train(less)
    assert trained.effects == {} and trained.exchange is None
    assert set(trained.fits) == {"non-us-img"}
    without_population = train(everything.select(role="training", exclude=["img-applicant-population", "exam-failures-neurology-2026"]))
    assert without_population.effects == {}
    assert sum("reference population" in u["why"] for u in without_population.unused) == len(COVARIATES)


def test_two_trainings_are_equal_to_the_last_digit(real, content):
    assert json.loads(json.dumps(document(train(real), "match-2026"))) == content


def test_another_seed_moves_no_point_beyond_rounding_and_sampling(real, trained):
    other = train(real, seed=1)
    fit, again = trained.fits["non-us-img"], other.fits["non-us-img"]
    np.testing.assert_allclose(again.level, fit.level, atol=1e-12)
    np.testing.assert_allclose(again.beta, fit.beta, atol=0.01)
    for name in COVARIATES:
        assert other.effects[name].value == pytest.approx(trained.effects[name].value, abs=0.1 * trained.effects[name].se)
