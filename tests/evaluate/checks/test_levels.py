"""Levels: what returns over the reference population, and the small competitive cells."""

import pytest

from matchmodel.evaluate.checks.levels import population_average, small_competitive

from ..conftest import PRIMARY


@pytest.mark.parametrize("kind", [PRIMARY, "us-img"])
def test_averaged_over_the_reference_population_the_level_returns(inputs, kind):
    frame = population_average(inputs.trained, inputs.fresh, kind)
    assert len(frame) == 24
    assert (frame["averaged"] - frame["model"]).abs().max() < 0.005
    assert frame["published"].isna().all() == (kind == "us-img")


def test_small_competitive_cells_are_chosen_by_their_rate_or_that_of_the_others(trained):
    found = small_competitive(trained, PRIMARY, {"Dermatology": 0.25, "Otolaryngology": 0.2}).set_index(
        "specialty"
    )
    assert {"Dermatology", "Vascular Surgery (Integrated)"} <= set(found[found["published"]].index)
    assert set(found[found["predicted"]].index) == {"Dermatology", "Otolaryngology"}
    assert (found["applicants"] < 100).all() and not found.loc["Otolaryngology", "published"]
    assert found.loc["Dermatology", "by_others"] == pytest.approx(
        0.25 * found.loc["Dermatology", "applicants"]
    )
