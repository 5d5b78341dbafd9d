"""Notebook 2: what it shows of every step is what training and the model do."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from notebook_helpers.explain import chain, effects, one_applicant, reconstruction, slopes, us_img
from scipy.special import expit

from matchmodel.etl import Tidy
from matchmodel.fit.evidence import priors
from matchmodel.fit.tables.score_slopes import TypeFit
from matchmodel.fit.train import Trained
from matchmodel.model import Model

Figures = Callable[[str], list[float]]


def test_the_rebuilt_cohorts_have_the_printed_moments(tidy: Tidy) -> None:
    found = reconstruction.rebuilt(tidy)
    assert np.allclose(found["mean_after"], found["printed_mean"], atol=1e-3)
    assert np.allclose(found["sd_after"], found["printed_sd"], atol=1e-3)
    assert (abs(found["mean_before"] - found["printed_mean"]) > 0.5).all(), (
        "the tilt would have nothing to do"
    )
    assert all(np.allclose(q, 0.25, atol=0.01) for q in found["quarters"])
    expected = ["matched", "2,649", "209", "240", "251", "259", "284", "249", "14"]
    assert list(reconstruction.printed(tidy).iloc[0]) == expected


def test_the_tilt_makes_the_tails_equal(tidy: Tidy) -> None:
    found = reconstruction.tail_slopes(tidy)
    assert np.ptp(found["quartiles"]) > 0.1 and np.ptp(found["tilted"]) < 0.01


def test_the_slope_is_the_root_of_the_score_equations(tidy: Tidy, fit: TypeFit) -> None:
    """A logistic slope solves sum w (y - p)(1, u) = 0: solved here without the package's regression."""
    cohorts = reconstruction.cell_of(tidy).cohorts("iqr")
    (v1, w1), (v0, w0) = cohorts["matched"], cohorts["not_matched"]
    v, w, y = np.concatenate([v1, v0]), np.concatenate([w1, w0]), np.repeat([1.0, 0.0], [len(v1), len(v0)])
    x, theta = np.column_stack([np.ones(len(v)), (v - 240) / 10]), np.zeros(2)
    for _ in range(30):
        p = expit(x @ theta)
        theta += np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x, x.T @ (w * (y - p)))
    found = reconstruction.tail_slopes(tidy).set_index("tail").loc["iqr", "tilted"]
    assert found == pytest.approx(theta[1], abs=1e-8)
    assert f"{theta[1]:+.3f} log odds" in reconstruction.slope_sentence(fit)


def test_rebuilt_ranks_have_the_printed_moments_and_the_worst_is_named(tidy: Tidy) -> None:
    found = reconstruction.ranks_rebuilt(tidy).dropna(subset="missed")
    near = found[found["missed"] <= reconstruction.NEAR]
    assert len(near) > 30 and found["missed"].max() < 0.1
    told = reconstruction.ranks_sentence(tidy)
    assert told.startswith(f"In {len(near)} of {len(found)} cohorts") and found["specialty"].iloc[0] in told
    assert len(reconstruction.ranks_figure(tidy).axes) == len(reconstruction.quantile_figure(tidy).axes) == 2


def test_slopes_are_shrunk_by_their_precision(fit: TypeFit, figures: Figures) -> None:
    found = slopes.slopes(fit)
    own, none = found.dropna(subset="own"), found[found["own"].isna()]
    keep = fit.slopes.spread**2 / (fit.slopes.spread**2 + own["se"] ** 2)
    assert np.allclose(own["kept"], keep)
    assert np.allclose(own["used"], keep * own["own"] + (1 - keep) * fit.slopes.mean)
    assert np.allclose(none["used"], fit.slopes.mean) and (none["kept"] == 0).all()
    said = slopes.slopes_sentence(fit)
    assert figures(said)[:3] == pytest.approx(
        [fit.slopes.mean, fit.slopes.mean_se, fit.slopes.spread], abs=5e-4
    )
    assert f"{len(none)} of {len(found)} have no estimate" in said


def test_family_medicine_is_flat(tidy: Tidy, fit: TypeFit) -> None:
    row = slopes.slopes(fit).set_index("specialty").loc["Family Medicine"]
    assert row["low"] < 0 < row["high"] and row["own"] + 1.96 * row["se"] < fit.slopes.mean
    assert "median of 230" in slopes.flat_sentence(tidy, fit)


def test_averages_return_the_rates_used(tidy: Tidy, trained: Trained, fit: TypeFit) -> None:
    found = slopes.levels(tidy, fit)
    assert abs(found["averaged"] - found["used"]).max() < 1e-9
    log_odds = np.log(found["used"] / (1 - found["used"])), np.log(found["line"] / (1 - found["line"]))
    own = fit.levels.values[[fit.specialties.index(s) for s in found["specialty"]]]
    assert np.allclose(log_odds[0], found["kept"] * own + (1 - found["kept"]) * log_odds[1])
    assert "to six decimals" in slopes.levels_sentence(trained)
    spoilt = replace(trained, fits={"non-us-img": replace(fit, alpha=fit.alpha + 0.01)})
    assert "to six decimals" not in slopes.levels_sentence(spoilt)
    assert slopes.levels_figure(tidy, fit).axes


def test_the_line_is_in_positions_over_all_applicants(tidy: Tidy, fit: TypeFit) -> None:
    """The log odds of the line are straight in the logarithm of the printed ratio."""
    found = slopes.levels(tidy, fit)
    x, y = np.log(found["per_applicant"]), np.log(found["line"] / (1 - found["line"]))
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(1) and np.polyfit(x, y, 1)[0] == pytest.approx(
        fit.levels.coefficients[1]
    )


def test_odds_ratios_of_us_imgs(tidy: Tidy, trained: Trained, fit: TypeFit) -> None:
    row = tidy.table("ranked_anywhere").set_index("specialty").loc["Internal Medicine"]
    a, c = row["us_img_matched"], row["non_us_img_matched"]
    odds = (a / (row["us_img_ranked"] - a)) / (c / (row["non_us_img_ranked"] - c))
    found = us_img.ratios(trained.derived, fit).set_index("specialty")
    assert found.loc["Internal Medicine", "own"] == pytest.approx(np.log(odds))
    rates = tidy.table("rates").set_index(["applicant_type", "year"])["match_rate"]
    logits = {k: np.log(rates[k, y] / (1 - rates[k, y])) for k in us_img_kinds() for y in (2025,)}
    later = {k: np.log(rates[k, 2026] / (1 - rates[k, 2026])) for k in us_img_kinds()}
    moved = sum(sign * (later[k] - logits[k]) for k, sign in zip(us_img_kinds(), (1, -1), strict=True))
    assert trained.derived.moved == pytest.approx(moved)
    said = us_img.ratios_sentence(trained.derived, fit)
    above, below = said.split("above zero: ")[1].split(". Below: ")
    assert all(s in above for s in ("Internal Medicine", "Family Medicine", "Pediatrics"))
    assert "Anesthesiology" in below and f"{moved:+.2f}" in said


def us_img_kinds() -> tuple[str, str]:
    return "us-img", "non-us-img"


def test_what_us_imgs_rest_on_and_what_is_withheld(model: Model) -> None:
    found = us_img.assumptions(model).set_index("what")
    assert found.loc["slope of Step 2 CK", "basis"] == found.loc["spread of USCE", "basis"] == "assumed"
    rows = us_img.trust_table(model)
    withheld = sum(model.withheld(k, s) for k in model.applicant_types for s in model.specialties(k))
    assert (rows["trust"] == "withheld").sum() == withheld and (rows["why"] != "").all()
    assert us_img.trust_sentence(model).count("withheld") == len(model.applicant_types)


def test_a_conversion_by_hand(trained: Trained) -> None:
    """The first and third step written out, in every draw, with what training drew."""
    found = effects.conversion(trained)["value"]
    fit, eta = trained.fits["non-us-img"], trained.chains["non-us-img"]["Internal Medicine"].eta
    beta = fit.beta_draws[:, fit.specialties.index("Internal Medicine")]
    gap = -0.8 + 0.4 * trained.normals.one("score gap step2_failed")
    assert found[0] == -1.11 and found[2] == pytest.approx(np.mean(-1.11 / eta - beta * gap))
    assert found[3] == pytest.approx(found[2] - 0.35 * trained.effects["step1_failed"].mean.mean())
    used = next(r for r in trained.effects["step2_failed"].rows if r.id == effects.EXAMPLE)
    assert found[2] == pytest.approx(used.value, abs=0.1)  # the first solution of the chain differs by little
    with pytest.raises(ValueError, match="no crude interview rate ratio"):
        effects.conversion(trained, "nrmp-2026-visa")


def test_what_is_combined(trained: Trained, tidy: Tidy) -> None:
    found = effects.combined(trained)
    for name, effect in trained.effects.items():
        rows = found[found["covariate"] == name]
        assert rows["weight"].sum() == pytest.approx(1)
        assert rows["value"].iloc[0] == priors.EFFECTS[name].mean
        assert rows[rows["id"] == "mean over specialties"]["value"].iloc[0] == pytest.approx(
            effect.mean.mean()
        )
    assert len(effects.combined_table(trained)) == len(found) and len(
        effects.specialties_table(trained)
    ) == len(trained.effects)
    used = {r.id for e in trained.effects.values() for r in e.rows}
    left = " ".join(effects.unused(trained)["rows"])
    ids = set(tidy.table("effects")["id"])
    assert all(i in left for i in ids - used) and set(effects.register(tidy)["id"]) == ids


def test_unknown_covariates_drop_out(trained: Trained, model: Model) -> None:
    assert "to nine decimals" in effects.kept_sentence(trained)
    spoilt = {"non-us-img": {n: k + 0.01 for n, k in trained.kappa["non-us-img"].items()}}
    assert effects.kept(replace(trained, kappa=spoilt), "visa_needed", "Internal Medicine") > 1e-3
    table = effects.ratios_table(model, "years_since_graduation")
    assert len(table) == len(model.kind("non-us-img").reference["years_since_graduation"].values)
    assert set(effects.reference_table(model)["applicants"]) == {"US IMGs", "non-US IMGs"}


def test_the_margin_holds_in_every_draw_and_a_spoilt_one_is_told(model: Model) -> None:
    found = chain.margin(model, chain.three())
    assert found["gap"].max() < 1e-6 and found["any"].is_monotonic_increasing
    assert found["apply"].to_numpy() == pytest.approx(found["product"].to_numpy(), abs=1e-9)
    assert "to six decimals" in chain.margin_sentence(model)
    assert (found["apply"] < found["ranked"]).all()


def test_the_chains_are_the_models(trained: Trained, model: Model) -> None:
    names = chain.chained(model)
    assert list(chain.chains_table(model)["specialty"]) == names and set(names) <= set(
        trained.chains["non-us-img"]
    )
    found = chain.solved(model)
    means = found[found["quantity"] == "mean_ranks"]
    assert len(means) == len(names) and (means["chain"] / means["published"] - 1).abs().max() < 0.03
    said = chain.solved_sentence(trained, model)
    for row in chain.shares(trained).itertuples():
        assert f"{row.share:.3f} in {row.specialty.lower()} (observed {row.observed:.3f})" in said
        assert row.share == pytest.approx(row.observed, abs=0.02)


def test_the_profile_acts_before_and_after_the_interviews(model: Model, figures: Figures) -> None:
    _, _, whole, at, share, lam = figures(chain.lambda_sentence(model))
    assert (
        0 < at < whole
        and share == pytest.approx(at / whole, abs=0.02)
        and share == pytest.approx(lam, abs=0.05)
    )


def test_chain_pictures(trained: Trained, model: Model, everything: Tidy) -> None:
    assert len(chain.solved_figure(trained, model, everything).axes) == 5
    assert len(chain.chain_figure(model, chain.three()).axes) == 2


APPLICANTS = {
    "worked": {},
    "no score": {"step2_ck": None},
    "failures": {"step1_attempts": 3, "step2_attempts": 2, "visa_needed": False, "usce_months": 30},
    "psychiatry": {"specialty": "Psychiatry", "step2_ck": 221},
}


@pytest.mark.parametrize("changes", APPLICANTS.values(), ids=APPLICANTS)
def test_terms_add_up_to_the_models_own_answer(model: Model, changes: dict) -> None:
    applicant = one_applicant.worked().replace(**changes)
    people = model.people([model.resolve(applicant)])
    assert one_applicant.terms(model, applicant)["value"].sum() == pytest.approx(
        people.log_odds.mean(), abs=1e-12
    )
    answer = model.odds(applicant)
    assert one_applicant.draws(model, applicant).mean() == pytest.approx(answer.p_ranked.point, abs=1e-12)
    assert "the same to nine decimals" in one_applicant.terms_sentence(model, applicant)
    ticks = one_applicant.terms_figure(model, applicant).axes[0].get_yticks()
    assert len(one_applicant.terms_table(model, applicant)) == len(ticks) - 1


def test_the_range_is_that_of_the_draws(model: Model) -> None:
    applicant = one_applicant.worked()
    draws, p = one_applicant.draws(model, applicant), model.odds(applicant).p_ranked
    assert np.quantile(draws, [0.1, 0.9]) == pytest.approx([p.low, p.high], abs=0.01)
    assert f"{(draws < p.low).sum()} draws lie below it" in one_applicant.range_sentence(model, applicant)
    assert one_applicant.described(applicant).startswith("Internal Medicine: Step 2 CK 250, YOG 2024")
    assert f"usual {model.odds(applicant).applications} programs" in one_applicant.answers_sentence(
        model, applicant
    )


def test_shipped_and_trained_here(trained: Trained, model: Model) -> None:
    assert one_applicant.shipped_gap(trained, model)[0] == 0
    assert "agree to four decimals" in one_applicant.shipped_sentence(trained, model)
    cells = model.record.types["non-us-img"].cells
    beta = cells["Neurology"].beta
    moved = replace(cells["Neurology"], beta=replace(beta, value=beta.value + 0.01))
    kind = replace(model.record.types["non-us-img"], cells={**cells, "Neurology": moved})
    other = Model(replace(model.record, types={**model.record.types, "non-us-img": kind}))
    assert "differ by up to 0.0100" in one_applicant.shipped_sentence(trained, other)
