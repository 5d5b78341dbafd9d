"""Made-up worlds: what is promised of known truth."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from matchmodel.covariates import COVARIATES
from matchmodel.etl import read_raw
from matchmodel.evaluate.simulation import SETTINGS, WITHIN, WORLDS, reference_shares, register_correlation, simulate
from matchmodel.evaluate.world import AS_TAKEN, EFFECT_SIZE, NAMES, ORDER, SIZES, STUDIES, Setting, make_world, people, publish
from matchmodel.fit.evidence import GRADE_VARIANCE
from matchmodel.fit.references import correlations, references


@pytest.fixture(scope="module")
def register(tidy):
    training = tidy.select(role="training")
    return references(training.table("population")), correlations(training.table("correlations"))


@pytest.fixture(scope="module")
def shares(register):
    return reference_shares(register[0])


def test_the_stored_worlds_keep_what_is_promised(evaluation):
    """Slope 0.95 to 1.05 and coverage 76 to 84%, over at least 40 worlds, covariates correlated 0, 1 and 1.5 times as in the register."""
    summary = {s["setting"]: s for s in evaluation["worlds"]["summary"]}
    assert list(summary) == [s.name for s in SETTINGS]
    assert {s.correlations for s in SETTINGS[:WITHIN]} == {0.0, 1.0, 1.5}
    rows = pd.DataFrame(evaluation["worlds"]["rows"])
    for setting in SETTINGS[:WITHIN]:
        assert setting.error_variance is None  # as wide as the model takes the grade to be
        found = summary[setting.name]
        assert found["promised"] and found["worlds"] == WORLDS >= 40
        own = rows[rows["setting"] == setting.name]
        assert own["slope"].mean() == pytest.approx(found["slope"], abs=1e-5) and own["coverage"].mean() == pytest.approx(found["coverage"], abs=1e-5)
        assert 0.95 <= found["slope"] <= 1.05
        assert 0.76 <= found["coverage"] <= 0.84
        assert found["mean_error"] < 0.7 * found["naive_error"]  # the covariates earn their place


def test_narrower_errors_than_stated_are_covered_more_often(evaluation):
    summary = {s["setting"]: s for s in evaluation["worlds"]["summary"]}
    assert summary["studies without error"]["coverage"] > summary["studies' errors as printed, narrower than graded"]["coverage"] > summary[AS_TAKEN.name]["coverage"]


@pytest.mark.slow
def test_the_stored_worlds_are_what_a_run_gives(register, evaluation):
    stored = pd.DataFrame(evaluation["worlds"]["rows"]).set_index(["setting", "world"])
    for one in simulate(*register, settings=(SETTINGS[0], SETTINGS[5]), seeds=range(2), workers=1):
        row = stored.loc[one.setting, one.world]
        assert (one.slope, one.mean_error, one.coverage) == pytest.approx((row["slope"], row["mean_error"], row["coverage"]), abs=2e-3)


@pytest.mark.slow
def test_several_processes_find_the_same(register):
    steps = []
    alone = simulate(*register, settings=SETTINGS[:1], seeds=range(2), workers=1)
    assert simulate(*register, settings=SETTINGS[:1], seeds=range(2), workers=2, progress=lambda: steps.append(1)) == alone
    assert len(steps) == 2


def test_a_world_is_published_as_sound_tables_that_say_made_up(register, shares, tmp_path):
    publish(make_world(shares, register_correlation(register[1]), 3), tmp_path / "w")
    tidy = read_raw(tmp_path / "w")
    counts = tidy.table("counts")
    assert counts["matched"].sum() + counts["not_matched"].sum() == sum(SIZES)
    assert all("made up" in source.terms and "Made-up" in source.title for source in tidy.sources.values())


def test_people_follow_the_world(register, shares):
    world = make_world(shares, register_correlation(register[1]), 5)
    made = people(world, [20000] + [0] * (len(NAMES) - 1), np.random.default_rng(1))
    p = expit(made["log_odds"].astype(float))
    assert made["matched"].mean() == pytest.approx(p.mean(), abs=0.01)
    assert (made["visa_needed"] == "yes").mean() == pytest.approx(94 / 135, abs=0.015)
    years = np.log1p(made["years_since_graduation"].astype(float))
    wanted = register[1].of("step2_ck", "years_since_graduation")[0]
    assert np.corrcoef(made["step2_ck"], years)[0, 1] == pytest.approx(wanted, abs=0.03)


def estimates(shares, matrix, setting, tmp_path, seeds):
    found = []
    for seed in seeds:
        world = make_world(shares, matrix, seed, setting)
        publish(world, tmp_path / f"{setting.name}-{seed}")
        table = read_raw(tmp_path / f"{setting.name}-{seed}").table("effects").set_index("id")
        found.append((world, table["estimate"]))
    return found


def test_studies_err_as_widely_as_the_setting_says(register, shares, tmp_path):
    matrix = register_correlation(register[1])
    errors = []
    for world, found in estimates(shares, matrix, AS_TAKEN, tmp_path, range(60)):
        errors.append((found["made-visa-b"] - world.effects["visa_needed"]) / 0.216)  # printed on the match scale
        errors.append((found["made-usce"] - world.effects["usce_months"] / world.exchange["usce_months"]) / 0.104)
    assert np.std(errors) == pytest.approx(np.sqrt(GRADE_VARIANCE["C"]), rel=0.2)
    exact = Setting("exact", error_variance=0.0)
    for world, found in estimates(shares, matrix, exact, tmp_path, range(2)):
        assert found["made-visa-b"] == pytest.approx(world.effects["visa_needed"], abs=1e-9)
        assert found["made-step2-a"] == pytest.approx(world.beta[0] / world.exchange["step2_ck"], abs=1e-9)


def test_what_a_study_did_not_adjust_for_is_in_its_estimate(register, shares, tmp_path):
    """With independent covariates nothing is left out; with correlated ones the omitted-variable formula holds."""
    omitted = Setting("omitted", error_variance=0.0, omitted=True)
    (world, found), = estimates(shares, register_correlation(register[1], 0.0), omitted, tmp_path, [1])
    assert found["made-visa-b"] == pytest.approx(world.effects["visa_needed"], abs=0.03)
    strong = Setting("strong", error_variance=0.0, omitted=True, correlations=1.5)
    (world, found), = estimates(shares, register_correlation(register[1], 1.5), strong, tmp_path, [1])
    assert abs(found["made-visa-b"] - world.effects["visa_needed"]) > 0.02


def test_worlds_differ_in_how_alike_the_effects_are(shares, register):
    matrix = register_correlation(register[1])
    worlds = [make_world(shares, matrix, seed) for seed in range(200)]
    spreads = np.array([w.effect_spread for w in worlds])
    assert 0 <= spreads.min() < 0.02 and 0.13 < spreads.max() <= EFFECT_SIZE
    sd = {n: r.sd for n, r in register[0].items()}
    sizes = np.array([[w.effects[n] * c.direction * sd[n] for n, c in COVARIATES.items()] for w in worlds])
    assert sizes.mean() == pytest.approx(EFFECT_SIZE, abs=0.01)
    assert all(len(set(w.exchange.values())) == 1 for w in worlds)
    assert {row[1] for row in STUDIES} == set(ORDER)


def test_correlations_stay_possible_however_strong(register):
    r = register_correlation(register[1], 20.0)
    assert np.linalg.eigvalsh(r).min() > 0 and len(r) == len(ORDER)
