"""Thresholds, exit status, verdict, and one object with everything."""

import json
from dataclasses import replace

import pytest

from matchmodel import Model
from matchmodel.compare.result import DEFAULT_POINTS, DEFAULT_STANDARD_ERRORS, Thresholds, compare_models
from matchmodel.errors import RefusedInput

from .conftest import moved, put, without

CELL = ("types", "non-us-img", "cells", "Anesthesiology")  # a specialty that no reference applicant asks for


def shifted(record, errors):
    beta = record.types["non-us-img"].cells["Anesthesiology"].beta
    return put(record, (*CELL, "beta", "value"), beta.value + errors * beta.se)


def test_itself(fresh):
    found = compare_models(fresh, fresh)
    assert (found.same, found.status, found.lost, found.unjudged) == (True, 0, (), ())
    words = "Nothing is over the threshold (3 standard errors of a coefficient, 5 points of an applicant)."
    assert found.verdict == words
    assert found.shared_sources == found.old.sources == found.new.sources


def test_standard_errors_are_over_only_beyond_the_threshold(fresh, record):
    new = Model(shifted(record, 1.5))
    size = compare_models(fresh, new, {}).coefficients[0].size
    assert size == pytest.approx(1.5)
    for limit, over in ((size, 0), (size * 0.999, 1), (size * 1.001, 0), (0, 1)):
        found = compare_models(fresh, new, {}, thresholds=Thresholds(5, limit))
        assert (len(found.coefficients_over), found.status, found.applicants_over) == (over, over, ())
    assert compare_models(new, fresh, {}, thresholds=Thresholds(5, size * 0.999)).status == 1
    assert compare_models(fresh, fresh, {}, thresholds=Thresholds(0, 0)).status == 0


def test_points_are_over_only_beyond_the_threshold(fresh, no_neurology):
    found = compare_models(fresh, no_neurology, thresholds=Thresholds(5, 100))
    largest = found.applicants[0].largest
    assert found.status == 1 and largest > DEFAULT_POINTS
    for limit, status in ((largest, 0), (largest * 0.999, 1)):
        assert compare_models(fresh, no_neurology, thresholds=Thresholds(limit, 100)).status == status
    assert found.verdict == f"Over the threshold: {len(found.applicants_over)} applicants (5 points)."


def test_defaults():
    assert Thresholds() == Thresholds(DEFAULT_POINTS, DEFAULT_STANDARD_ERRORS) == Thresholds(5, 3)
    assert Thresholds(1, 2.5).words == ("2.5 standard errors", "1 point")


NONE = {
    (-1, 3): "--threshold is -1",
    (5, float("nan")): "--standard-errors is nan",
    (float("inf"), 3): "--threshold is inf",
}


@pytest.mark.parametrize("given", NONE)
def test_thresholds_that_are_none(given):
    with pytest.raises(RefusedInput, match=NONE[given]):
        Thresholds(*given)


LOST = (("types", "us-img"), CELL, (*CELL, "chain"))


@pytest.mark.parametrize("path", LOST)
def test_a_lost_answer_is_over_every_threshold_and_a_new_one_is_not(fresh, record, path):
    less, wide = Model(without(record, path)), Thresholds(100, 1e6)
    gone, back = (compare_models(*pair, {}, thresholds=wide) for pair in ((fresh, less), (less, fresh)))
    assert (gone.status, len(gone.lost), gone.verdict) == (1, 1, "Over the threshold: 1 answer lost.")
    assert (back.status, back.lost, back.same) == (0, (), False)


def test_a_number_that_is_withheld_is_a_lost_answer(fresh, record):
    new, wide = Model(put(record, (*CELL, "trust", "kind"), "withheld")), Thresholds(100, 1e6)
    gone, back = (compare_models(*pair, {}, thresholds=wide) for pair in ((fresh, new), (new, fresh)))
    assert (gone.status, gone.verdict) == (1, "Over the threshold: 1 answer lost.") and not gone.same
    assert (back.status, back.lost, len(back.trust)) == (0, (), 1)


def test_what_has_no_standard_error_is_left_to_the_applicants(fresh, record):
    drift = put(record, ("types", "non-us-img", "drift", "sd_per_year"), 1.0)
    found = compare_models(fresh, Model(drift), {})
    assert [c.group for c in found.unjudged] == ["drift"] and found.status == 0 and not found.same


def test_verdict_counts_everything(fresh, record):
    new = moved(shifted(record, 10), ("types", "us-img", "cells", "Internal Medicine", "alpha"), -2.0)
    found = compare_models(fresh, Model(without(new, ("types", "us-img", "cells", "Anesthesiology"))))
    words = "Over the threshold: 2 coefficients (3 standard errors), 1 applicant (5 points), 1 answer lost."
    assert found.verdict == words and len(words) <= 100


def test_one_object_with_everything(fresh, no_neurology):
    found = compare_models(fresh, no_neurology)
    made = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert [c["standard_errors"] for c in made["coefficients"]] == [c.size for c in found.coefficients]
    ours = [(a.points, a.points_apply, found.is_over(a)) for a in found.applicants]
    assert [(a["points"], a["points_apply"], a["over"]) for a in made["applicants"]] == ours
    assert [c["old_se"] for c in made["coefficients"]] == [c.old_se for c in found.coefficients]
    over = {"coefficients": len(found.coefficients_over), "applicants": len(found.applicants_over), "lost": 0}
    assert (
        made["over"] == over
        and over["applicants"]
        and made["thresholds"] == {"points": 5.0, "standard_errors": 3.0}
    )
    assert (made["status"], made["verdict"]) == (1, found.verdict)
    assert "no test" in made["denominator"] and made["made_up_applicants"] is True and made["trust"] == []
    gone = {"what": "source", "name": "neurology-2026", "came": False, "answers": False, "lost": False}
    assert made["came_and_went"] == [gone]
    assert replace(found, applicants=()).status == (1 if found.coefficients_over else 0)
