"""Thresholds, exit status, verdict, and one object with everything."""

import json

import pytest

from matchmodel import Model
from matchmodel.compare.result import DEFAULT_POINTS, DEFAULT_STANDARD_ERRORS, Thresholds, compare_models
from matchmodel.errors import RefusedInput

from .conftest import put, without

BETA = "types.non-us-img.cells.Dermatology.beta"  # a specialty that no reference applicant asks for


def shifted(content, errors):
    se = content["types"]["non-us-img"]["cells"]["Dermatology"]["beta"]["se"]
    return Model(put(content, BETA + ".value", lambda v: v + errors * se))


def test_itself(fresh):
    found = compare_models(fresh, fresh)
    assert (found.same, found.status, found.lost, found.unjudged) == (True, 0, (), ())
    assert found.verdict == "Nothing is over the threshold (3 standard errors of a coefficient, 5 points of an applicant)."
    assert found.shared_sources == found.old.sources == found.new.sources


def test_standard_errors_are_over_only_beyond_the_threshold(fresh, content):
    new = shifted(content, 1.5)
    size = compare_models(fresh, new).coefficients[0].size
    assert size == pytest.approx(1.5)
    for limit, over in ((size, 0), (size * 0.999, 1), (size * 1.001, 0), (0, 1)):
        found = compare_models(fresh, new, {}, thresholds=Thresholds(5, limit))
        assert (len(found.coefficients_over), found.status, found.applicants_over) == (over, over, ())
    assert compare_models(new, fresh, {}, thresholds=Thresholds(5, size * 0.999)).status == 1
    assert compare_models(fresh, fresh, {}, thresholds=Thresholds(0, 0)).status == 0


def test_points_are_over_only_beyond_the_threshold(fresh, no_neurology):
    found = compare_models(fresh, no_neurology)
    largest = found.applicants[0].largest
    assert found.status == 1 and largest > max(DEFAULT_POINTS, abs(found.applicants[0].points))  # p_apply moved more
    for limit, status in ((largest, 0), (largest * 0.999, 1)):
        assert compare_models(fresh, no_neurology, thresholds=Thresholds(limit, 100)).status == status
    assert found.verdict == f"Over the threshold: {len(found.applicants_over)} applicants (5 points)."


def test_defaults():
    assert Thresholds() == Thresholds(DEFAULT_POINTS, DEFAULT_STANDARD_ERRORS) == Thresholds(5, 3)
    assert Thresholds(1, 2.5).words == ("2.5 standard errors", "1 point")


@pytest.mark.parametrize(("given", "message"), [((-1, 3), "--threshold is -1"), ((5, float("nan")), "--standard-errors is nan"), ((float("inf"), 3), "--threshold is inf")])
def test_thresholds_that_are_none(given, message):
    with pytest.raises(RefusedInput, match=message):
        Thresholds(*given)


LOST = ("types.us-img", "types.non-us-img.cells.Dermatology", "chain.types.us-img", "chain.types.us-img.specialties.Dermatology")


@pytest.mark.parametrize("path", LOST)
def test_a_lost_answer_is_over_every_threshold_and_a_new_one_is_not(fresh, content, path):
    less, wide = Model(without(content, path)), Thresholds(100, 1e6)
    gone, back = compare_models(fresh, less, {}, thresholds=wide), compare_models(less, fresh, {}, thresholds=wide)
    assert (gone.status, len(gone.lost), gone.verdict) == (1, 1, "Over the threshold: 1 answer lost.")
    assert (back.status, back.lost, back.same) == (0, (), False)


def test_what_has_no_standard_error_is_left_to_the_applicants(fresh, content):
    drift = Model(put(content, "types.non-us-img.drift.sd_per_year", 1.0))
    found = compare_models(fresh, drift)
    assert [c.group for c in found.unjudged] == ["drift"] and found.status == 0 and not found.same
    wider = [a for a in found.applicants if a.points_width > 5]
    assert {a.applicant_type for a in wider} == {"non-us-img"} and len(wider) >= 8


def test_verdict_counts_everything(fresh, content):
    new = Model(without(put(shifted(content, 10).content, "types.us-img.cells.Internal Medicine.alpha.value", -9.0), "types.us-img.cells.Dermatology"))
    found = compare_models(fresh, new)
    assert found.verdict == "Over the threshold: 2 coefficients (3 standard errors), 1 applicant (5 points), 1 answer lost."
    assert len(found.verdict) <= 100


def test_one_object_with_everything(fresh, no_neurology):
    found = compare_models(fresh, no_neurology)
    made = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert [c["standard_errors"] for c in made["coefficients"]] == [c.size for c in found.coefficients]
    assert [(a["points"], a["points_apply"], a["over"]) for a in made["applicants"]] == [(a.points, a.points_apply, found.is_over(a)) for a in found.applicants]
    assert [c["old_se"] for c in made["coefficients"]] == [c.old_se for c in found.coefficients]
    assert made["over"] == {"coefficients": 0, "applicants": len(found.applicants_over), "lost": 0}
    assert (made["status"], made["verdict"], made["thresholds"]) == (1, found.verdict, {"points": 5.0, "standard_errors": 3.0})
    assert "no test" in made["denominator"] and made["made_up_applicants"] is True
    assert made["came_and_went"] == [{"what": "source", "name": "neurology-2026", "came": False, "answers": False, "lost": False}]
