"""The 2007 report's bins, predicted from its summaries."""

import pytest

from matchmodel.etl import Tidy
from matchmodel.evaluate.hold_out.validate_2007 import (
    HeldOut,
    bin_midpoints,
    summary_only,
    together,
    validate,
)

TYPES = {"independent": 6, "us-senior": 19}


@pytest.fixture(scope="module")
def held(everything: Tidy) -> dict[str, HeldOut]:
    return {one.applicant_type: one for one in validate(everything)}


@pytest.mark.parametrize("kind", TYPES)
def test_the_2007_bins_are_predicted_from_the_summaries(held, kind):
    found = held[kind]
    assert found.bins["specialty"].nunique() == TYPES[kind]
    assert 0.95 <= found.calibration.slope <= 1.05
    assert found.calibration.ratio <= 1.1


def test_both_types_together_are_predicted_to_the_sampling_noise(held):
    found = together(list(held.values()))
    assert found.calibration.applicants == sum(one.calibration.applicants for one in held.values())
    assert 0.97 <= found.calibration.slope <= 1.03
    assert found.calibration.ratio <= 1.05
    assert found.calibration.log_loss.explained > 0.7


def test_within_a_specialty_the_score_tells_less_than_over_all_bins(held):
    found = together(list(held.values())).calibration
    assert 0.6 < found.auc_within < found.auc - 0.1


def test_summaries_hold_no_bins_and_the_level_of_those_with_a_score(everything):
    held = summary_only(everything.select(role="validation"))
    assert set(held.tables) == {"counts", "quartiles"}
    counts = held.table("counts").set_index(["applicant_type", "specialty"])
    quartiles = everything.table("quartiles").query(
        "measure == 'step2_ck' and year == 2007 and cohort == 'matched'"
    )
    for _, row in quartiles.iterrows():
        assert counts.loc[(row["applicant_type"], row["specialty"]), "matched"] == row["n"]


def test_midpoints_are_those_of_the_printed_bins(everything):
    bins = bin_midpoints(everything.select(role="validation"), "independent")
    assert list(bins[bins["specialty"] == "Neurology"]["step2_ck"]) == [175.5 + 10 * k for k in range(10)]
