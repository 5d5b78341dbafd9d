"""Made-up worlds: what is promised of known truth."""

import numpy as np
import pytest

from matchmodel.etl import read_raw
from matchmodel.evaluate.simulation import reference_shares, register_correlation, simulate
from matchmodel.evaluate.world import NAMES, ORDER, SIZES, make_world, people, publish
from matchmodel.fit.references import correlations, references


@pytest.fixture(scope="module")
def register(tidy):
    training = tidy.select(role="training")
    return references(training.table("population")), correlations(training.table("correlations"))


@pytest.mark.slow
@pytest.mark.parametrize("strength", [1.0, 2.5])
def test_known_truth_is_recovered_and_ranges_hold_it(register, strength):
    found = simulate(*register, range(8), strength)
    slope, error, coverage, naive = (np.mean([getattr(r, name) for r in found]) for name in ("slope", "mean_error", "coverage", "naive_error"))
    assert 0.90 <= slope <= 1.10
    assert error <= 0.035
    assert 0.70 <= coverage <= 0.97
    assert all(0.70 <= r.coverage <= 1.0 for r in found)
    assert error < 0.7 * naive  # the covariates earn their place


def test_a_world_is_published_as_sound_tables_that_say_made_up(register, tmp_path):
    refs, links = register
    world = make_world(reference_shares(refs), register_correlation(links), 3)
    publish(world, tmp_path / "w")
    tidy = read_raw(tmp_path / "w")
    counts = tidy.table("counts")
    assert counts["matched"].sum() + counts["not_matched"].sum() == sum(SIZES)
    assert all("made up" in source.terms and "Made-up" in source.title for source in tidy.sources.values())


def test_people_follow_the_world(register):
    refs, links = register
    world = make_world(reference_shares(refs), register_correlation(links), 5)
    sizes = [20000] + [0] * (len(NAMES) - 1)
    made = people(world, sizes, np.random.default_rng(1))
    p = 1 / (1 + np.exp(-made["log_odds"].astype(float)))
    assert made["matched"].mean() == pytest.approx(p.mean(), abs=0.01)
    assert (made["visa_needed"] == "yes").mean() == pytest.approx(94 / 135, abs=0.015)
    years = np.log1p(made["years_since_graduation"].astype(float))
    wanted = links.of("step2_ck", "years_since_graduation")[0]
    assert np.corrcoef(made["step2_ck"], years)[0, 1] == pytest.approx(wanted, abs=0.03)


def test_correlations_stay_possible_however_strong(register):
    r = register_correlation(register[1], 20.0)
    assert np.linalg.eigvalsh(r).min() > 0 and len(r) == len(ORDER)
