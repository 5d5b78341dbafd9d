import numpy as np
import pytest

from matchmodel.explain import centring, evidence, one_applicant
from matchmodel.fit.evidence import RATE_SCALES
from matchmodel.odds import expit


def test_the_exchange_rate_is_a_ratio(trained, fit, figures):
    e = trained.exchange
    assert e.value == pytest.approx(fit.slopes.mean / e.rate_slope)
    said = figures(evidence.exchange_sentence(trained))
    low, high = np.quantile(e.draws, [0.1, 0.9])
    assert said[:4] == pytest.approx([e.value, 0.8, low, high], abs=0.0051)
    assert "all of 200 draws are above zero" in evidence.exchange_sentence(trained) and (e.draws > 0).all()
    parts = evidence.exchange_parts(trained)
    assert sum(parts.values()) == pytest.approx(1) and min(parts.values()) > 0
    values = evidence.exchange_table(trained)["value"].astype(float)
    assert values[2] == pytest.approx(values[0] / values[1], abs=0.005)


def test_every_conversion_ends_where_the_model_begins(trained):
    """Step by step by hand, against what training combined: two formulations, one answer."""
    register = trained.tidy.table("effects").set_index("id")
    tried = 0
    for effect in trained.effects.values():
        for row in effect.rows:
            plain = "vs all" not in register.loc[row["id"], "unit"]
            if register.loc[row["id"], "scale"] in RATE_SCALES and plain:
                assert evidence.conversion(trained, row["id"])["value"].iloc[-1] == pytest.approx(row["value"], rel=1e-12), row["id"]
                tried += 1
    assert tried >= 6
    with pytest.raises(ValueError, match="log_odds_match; its conversion is shown for"):
        evidence.conversion(trained, "obgyn-draft-visa")


def test_the_example_by_hand(trained):
    """-1.30 log odds of invitation, written out with the published figures of the neurology table."""
    groups = {"us-md": (0.2713, 32055), "us-do": (0.1590, 18620), "us-img": (0.0477, 17487), "non-us-img": (0.0465, 48895)}
    base = sum(r * n for r, n in groups.values()) / sum(n for _, n in groups.values())
    rate = np.log(expit(np.log(base / (1 - base)) - 1.30) / base)
    steps = evidence.conversion(trained)["value"]
    assert steps[0] == -1.30 and steps[1] == pytest.approx(rate, rel=1e-12)
    assert steps[2] == pytest.approx(rate - trained.exchange.rate_slope * evidence.score_gap(trained, "step2_failed"))
    assert steps[3] == pytest.approx(steps[2] * trained.exchange.value)
    assert f"becomes {steps[3]:+.2f} log odds of matching" in evidence.conversion_sentence(trained)
    assert "0.30 as published, 0.42 widened for grade C" in evidence.conversion_sentence(trained)


def test_rows_average_to_the_combined_effect(trained):
    found = evidence.combined(trained)
    for name, effect in trained.effects.items():
        rows = found[(found["covariate"] == name) & found["weight"].notna()]
        assert rows["weight"].sum() == pytest.approx(1)
        combined = found[(found["covariate"] == name) & (found["id"] == "weighted mean")].iloc[0]
        assert combined["value"] == pytest.approx(rows["weight"] @ rows["value"])
        assert found[found["covariate"] == name].iloc[-1]["value"] == effect.value


def test_effects_are_shared_per_standard_deviation(trained):
    found = evidence.shared_table(trained)
    assert list(found["covariate"]) == [evidence.COVARIATES[n].label for n in trained.shared.names]
    used = found["used per SD"].astype(float)
    own = found["per SD, in that direction"].astype(float)
    assert np.ptp(used) < np.ptp(own), "drawn towards one another"
    said = evidence.shared_sentence(trained)
    assert f"average {trained.shared.pool.mean:.3f}" in said and f"{(trained.shared.pool.values > 0).sum()} of the {len(used)} own estimates" in said


def test_which_ranges_hold_no_effect(trained):
    holds = [evidence.COVARIATES[n].label for n, e in trained.effects.items() if np.quantile(e.draws, 0.1) < 0 < np.quantile(e.draws, 0.9)]
    said = evidence.effects_sentence(trained)
    assert said.startswith("No covariate's 80% range") if not holds else all(label in said.split(", and does not")[0] for label in holds)


def test_register_and_unused_cover_every_row(trained, tidy):
    used = {r["id"] for e in trained.effects.values() for r in e.rows} | set(trained.exchange.rows)
    left = " ".join(evidence.unused(trained)["row"])
    ids = set(evidence.register(tidy)["id"])
    assert ids == set(tidy.table("effects")["id"]) and all(i in left for i in ids - used) and not any(i in left for i in used)


def test_grades_widen(figures):
    found = evidence.grades_table().set_index("grade")
    assert figures(found.loc["C", "variance"])[0] == pytest.approx(figures(found.loc["C", "standard error"])[0] ** 2, abs=0.02)


@pytest.mark.parametrize("kind", ["non-us-img", "us-img"])
def test_likelihood_ratios_keep_the_rate(model, kind):
    for name in model.type(kind)["reference"]:
        for specialty in model.specialties(kind):
            found = centring.kept(model, name, kind, specialty)
            assert found["centred"] == pytest.approx(found["rate"], abs=1e-8)
    assert centring.kept(model, "years_since_graduation")["at_mean"] != pytest.approx(centring.kept(model, "years_since_graduation")["rate"], abs=1e-6)
    assert "to six decimals" in centring.kept_sentence(model)


def test_a_likelihood_ratio_is_what_the_model_answers(model):
    found = centring.ratios(model, "usce_months")
    for row in found.itertuples():
        answer = model.odds(one_applicant.Applicant("Internal Medicine", "non-us-img", usce_months=float(row.value)))
        assert answer.p_ranked == pytest.approx(row.p, rel=1e-9) and answer.likelihood_ratios[0].ratio == pytest.approx(row.ratio, rel=1e-9)


def test_all_at_once(model, figures):
    """Averaged by drawing persons, not by enumeration."""
    found = centring.everything(model)
    rng, cell, total = np.random.default_rng(5), model.cell("non-us-img", "Internal Medicine"), 0.0
    for name, r in model.type("non-us-img")["reference"].items():
        total = total + model.delta(name).value * rng.choice(r["u"], 200_000, p=np.array(r["shares"]) / sum(r["shares"])) - cell.kappa(name)
    assert found["kept"] == pytest.approx((1 / (1 + np.exp(-cell.level - total))).mean(), abs=1e-3)
    assert abs(found["kept"] - found["rate"]) < 0.001 and found["if_unmatched"] < found["rate"] - 0.005
    assert figures(centring.kept_sentence(model))[-1] == pytest.approx(found["if_unmatched"], abs=5e-4)


APPLICANTS = {
    "worked": {},
    "nothing known": dict.fromkeys(("step2_ck", "step1_attempts", "step2_attempts", "yog", "usce_months", "visa_needed", "step1_failed", "step2_failed")),
    "no score": {"step2_ck": None},
    "failures": {"step1_attempts": 3, "step2_attempts": 2, "visa_needed": False, "usce_months": 30},
    "psychiatry": {"specialty": "Psychiatry", "step2_ck": 221},
}


@pytest.mark.parametrize("changes", APPLICANTS.values(), ids=APPLICANTS)
def test_terms_add_up_to_the_models_own_answer(model, changes):
    applicant = one_applicant.worked()._replace(**changes)
    total, answer = one_applicant.terms(model, applicant)["value"].sum(), model.odds(applicant)
    assert total == pytest.approx(np.log(answer.odds), abs=1e-12)
    assert "the same to twelve decimals" in one_applicant.terms_sentence(model, applicant)
    assert len(one_applicant.terms_table(model, applicant)) == len(one_applicant.terms_figure(model, applicant).axes[0].get_yticks()) - 1


def test_the_range_is_that_of_the_draws(model):
    applicant = one_applicant.worked()
    draws, answer = one_applicant.draws(model, applicant), model.odds(applicant)
    assert np.quantile(draws, [0.1, 0.9]) == pytest.approx([answer.p_ranked_low, answer.p_ranked_high])
    assert one_applicant.range_sentence(model, applicant).startswith(f"Of {len(draws)} draws {(draws < answer.p_ranked_low).sum()} lie below")
    assert one_applicant.described(applicant).startswith("Internal Medicine: Step 2 CK 250, YOG 2024")


def test_shipped_and_trained_here(trained, model):
    assert one_applicant.shipped_gap(trained, model)[0] == 0
    assert "agree to six decimals" in one_applicant.shipped_sentence(trained, model)


def test_a_different_model_is_told(trained, model):
    import copy

    from matchmodel.model import Model

    other = Model(copy.deepcopy(model.content))
    other.content["types"]["non-us-img"]["cells"]["Neurology"]["beta"]["value"] += 0.01
    assert "differ by up to 0.0100" in one_applicant.shipped_sentence(trained, other)
