"""Changes of coefficients: found where they were made, with the right size, the same when the models are
swapped.
"""

from dataclasses import replace
from math import hypot, sqrt

import numpy as np
import pytest

from matchmodel.compare.coefficients import GROUPS, Change, coefficient_changes, key_of
from matchmodel.compare.walk import leaves
from matchmodel.model.records import Coefficient, Drawn, Draws, Note, Updated
from matchmodel.own.calibrate.line import CrossValidated, Learnt, Line, calibrated

from .conftest import IM, at, put

BOTH = ("non-us-img", "us-img")
CHAIN = (*IM, "chain")
# group: (path of the coefficient, name, applicant types that it is then of)
PLACES = {
    "level": ((*IM, "level"), "Internal Medicine", ("non-us-img",)),
    "slope": ((*IM, "beta"), "Internal Medicine", ("non-us-img",)),
    "covariate": (("effects", "visa_needed", "mean"), "visa needed", ()),
    "own_covariate": (("effects", "visa_needed", "specialties", "Neurology"), "visa needed, Neurology", ()),
    "mean": (("types", "non-us-img", "mean_slope"), "Step 2 CK slope", ("non-us-img",)),
    "derived": (("types", "us-img", "score_shift"), "score shift, points", ("us-img",)),
    "rank_curve": ((*CHAIN, "rank_slope"), "Internal Medicine", ("non-us-img",)),
    "invitation_rate": ((*CHAIN, "rates", "mean"), "Internal Medicine", ("non-us-img",)),
    "choice": ((*CHAIN, "choice"), "Internal Medicine", ("non-us-img",)),
    "invitations": ((*CHAIN, "invitations"), "Internal Medicine", ("non-us-img",)),
    "dispersion": ((*CHAIN, "dispersion"), "Internal Medicine", ("non-us-img",)),
    "profile_rate": ((*CHAIN, "profile_rate"), "Internal Medicine", ("non-us-img",)),
    "level_240": ((*IM, "alpha"), "Internal Medicine", ("non-us-img",)),
    "centring": (
        (*IM, "kappa", "usce_months"),
        "Internal Medicine: months of US clinical experience",
        ("non-us-img",),
    ),
}
ELSEWHERE = {"drift", "usual_applications", "calibration", "updated", "other"}  # tested apart


def changed(old, new):
    return [c for c in coefficient_changes(old, new) if c.change]


def test_a_model_against_itself(record):
    found = coefficient_changes(record, record)
    assert {c.group for c in found} == set(GROUPS) - {"calibration", "updated", "other"}
    assert all(c.change == 0 and not c.moved and c.size in (0, None) for c in found)
    assert {c.group for c in found if c.size is None} == {"drift"}


def test_every_group_has_a_place_and_every_coefficient_a_group(record):
    assert {*PLACES, *ELSEWHERE} == set(GROUPS)
    for path, leaf in leaves(record):
        if isinstance(leaf, (Coefficient, Drawn)):
            assert key_of(path).group != "other", path


@pytest.mark.parametrize("group", PLACES)
@pytest.mark.parametrize("errors", [-4.25, 0.01, 2.0])
def test_one_change_is_found(record, group, errors):
    path, name, kinds = PLACES[group]
    entry = at(record, path)
    new = put(record, (*path, "value"), lambda v: v + errors * entry.se)
    (found,) = changed(record, new)
    assert (found.group, found.name) == (group, name) and set(kinds) <= set(found.applicant_types)
    assert (found.old, found.old_se, found.new_se) == (entry.value, entry.se, entry.se)
    assert found.size == pytest.approx(errors, rel=1e-6)
    assert coefficient_changes(record, new)[0] == found


def test_a_usual_number_has_the_error_of_its_draws(record):
    entry = at(record, (*CHAIN, "usual"))
    (found,) = changed(record, put(record, (*CHAIN, "usual", "value"), entry.value + 30))
    assert (found.group, found.name) == ("usual_applications", "Internal Medicine")
    assert found.size == pytest.approx(30 / entry.draws.array.std())


def test_a_drift_has_no_error_and_no_size(record):
    (found,) = changed(record, put(record, ("types", "us-img", "drift", "sd_per_year"), lambda v: v + 0.125))
    assert (found.group, found.name, found.applicant_types, found.size) == ("drift", "", ("us-img",), None)
    assert found.change == pytest.approx(0.125) and found.moved
    double = put(record, (*IM, "drift"), lambda d: Draws.of(2 * d.array))
    (found,) = changed(record, double)
    assert (found.name, found.size) == ("Internal Medicine", None) and found.new == pytest.approx(
        2 * found.old, rel=1e-5
    )


def test_what_types_share_is_one_change_until_they_differ(record):
    slopes = {c.name: c for c in coefficient_changes(record, record) if c.group == "slope"}
    assert slopes["Neurology"].applicant_types == BOTH and slopes["Neurology"].label == "Neurology, IMGs"
    both = record
    for kind in BOTH:
        both = put(both, ("types", kind, "cells", "Neurology", "beta", "value"), lambda v: v + 0.25)
    (one,) = changed(record, both)
    assert one.applicant_types == BOTH
    (alone,) = changed(
        record, put(record, ("types", "us-img", "cells", "Neurology", "beta", "value"), lambda v: v + 0.25)
    )
    assert alone.applicant_types == ("us-img",) and alone.label == "Neurology, US IMGs"


def change(old_se, new_se, drift=0.0, old=0.0, new=1.0):
    return Change("level", "Neurology", ("us-img",), old, new, old_se, new_se, "measured", "measured", drift)


SCALES = {  # standard errors of OLD and NEW, drift -> what the change is divided by
    (0.5, 0.5, 0.0): 0.5,
    (3.0, 4.0, 0.0): sqrt(12.5),
    (None, 0.5, 0.0): 0.5,
    (0.5, 0.0, 0.0): 0.5,
    (0.3, 0.3, 0.4): 0.5,
    (None, None, 0.0): None,
    (None, None, 0.4): None,
    (0.0, 0.0, 0.0): None,
}


@pytest.mark.parametrize("given", SCALES)
def test_denominator(given):
    made = change(*given)
    if SCALES[given] is None:
        assert made.scale is None and made.size is None
    else:
        assert made.scale == pytest.approx(SCALES[given]) and made.size == pytest.approx(1 / SCALES[given])


def test_what_is_no_number_is_refused():
    for wrong in ({"old_se": -1.0}, {"new": float("nan")}, {"drift": -0.1}):
        with pytest.raises(ValueError, match="are not a value and a standard error twice"):
            replace(change(0.5, 0.5), **wrong)


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.9])
def test_sizes_of_models_that_share_data(shared):
    """Of samples that overlap by a share rho.

    a difference has the variance 2 se^2 (1 - rho), a size sqrt(2 (1 - rho)).
    """
    rng, n, runs = np.random.default_rng(5), 400, 4000
    common = round(shared * n)
    both = rng.normal(size=(runs, common)).sum(axis=1)
    old, new = ((both + rng.normal(size=(runs, n - common)).sum(axis=1)) / n for _ in range(2))
    pairs = zip(old, new, strict=True)
    sizes = [change(1 / sqrt(n), 1 / sqrt(n), old=float(a), new=float(b)).size for a, b in pairs]
    assert np.std(sizes) == pytest.approx(sqrt(2 * (1 - shared)), rel=0.05)


@pytest.mark.parametrize("years", [1, 4])
def test_levels_of_other_years_are_allowed_the_drift(record, years):
    new = put(record, ("types", "non-us-img", "year"), lambda y: y + years)
    new = put(new, ("types", "non-us-img", "drift", "sd_per_year"), 0.25)
    for name in ("level", "alpha", "beta"):
        new = put(new, (*IM, name, "value"), lambda v: v + 0.5)
    found = {c.group: c for c in changed(record, new) if c.name == "Internal Medicine"}
    drift = record.types["non-us-img"].drift
    own = drift.own_sd_per_year
    variance = years * (hypot(drift.sd_per_year, own) ** 2 + hypot(0.25, own) ** 2) / 2
    for group, name in (("level", "level"), ("level_240", "alpha")):
        assert found[group].size == pytest.approx(0.5 / sqrt(at(record, (*IM, name)).se ** 2 + variance))
    assert found["slope"].size == pytest.approx(0.5 / at(record, (*IM, "beta")).se)


def test_a_new_calibration_is_compared_with_none(record):
    line = Line(-0.25, 0.75, np.diag([0.125**2, 0.0625**2]), -500.0, -550.0)
    held = CrossValidated(10, *[(0.5, 0.5, 0.0, 0.1)] * 4)
    new = calibrated(record, [Learnt("us-img", "intercept-slope", 800, 390, line, (), held, "")])
    found = {c.name: c for c in changed(record, new)}
    assert {c.group for c in found.values()} == {"calibration"}
    assert (found["intercept"].old, found["intercept"].size) == (0.0, -2.0)
    assert (found["slope"].old, found["slope"].size, found["slope"].old_basis) == (1.0, -4.0, "none")
    again = calibrated(
        record, [Learnt("us-img", "intercept-slope", 800, 390, replace(line, slope=0.8), (), held, "")]
    )
    (moved,) = changed(new, again)
    assert (moved.group, moved.name, moved.old, moved.new) == ("calibration", "slope", 0.75, 0.8)


def test_levels_of_other_years_are_compared_by_year(record):
    def with_shift(cycle, value):
        note = Note("level_of_cycle", {"applicant_type": "us-img", "cycle": cycle})
        return replace(
            record, updated=Updated(400, 200, {}, (Coefficient(value, 0.1, "measured", "x", (note,)),))
        )

    (found,) = changed(with_shift(2025, 0.1), with_shift(2025, 0.3))
    assert (found.group, found.name, found.applicant_types) == ("updated", "2025", ("us-img",))
    assert found.size == pytest.approx(2) and not changed(with_shift(2025, 0.1), with_shift(2024, 0.3))


def flipped(change):
    return replace(
        change, old=change.new, new=change.old, old_se=change.new_se, new_se=change.old_se,
        old_basis=change.new_basis, new_basis=change.old_basis,
    )  # fmt: skip


@pytest.mark.parametrize("other", ["no_neurology", "no_evidence"])
def test_swapping_flips_signs_and_nothing_else(record, other, request):
    new = request.getfixturevalue(other).record
    there, back = coefficient_changes(record, new), coefficient_changes(new, record)
    assert sorted([flipped(c) for c in there], key=lambda c: c.order) == sorted(back, key=lambda c: c.order)
    assert len(there) == len(back) > 100
