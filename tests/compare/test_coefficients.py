"""Changes of coefficients: found where they were made, with the right size, the same when the models are swapped."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from matchmodel.compare.coefficients import GROUPS, Change, coefficient_changes

from .conftest import at, put

IM = "types.non-us-img.cells.Internal Medicine"
CHAIN = "chain.types.non-us-img.specialties.Internal Medicine"
BOTH = ("non-us-img", "us-img")
# group: (path of the coefficient, name, applicant types that it is then of)
PLACES = {
    "level": (f"{IM}.level", "Internal Medicine", ("non-us-img",)),
    "slope": (f"{IM}.beta", "Internal Medicine", ("non-us-img",)),
    "covariate": ("covariates.visa_needed.delta", "visa needed", ()),
    "exchange": ("exchange", "", ()),
    "derived": ("types.us-img.score_shift", "score shift, points", ("us-img",)),
    "rank_curve": (f"{CHAIN}.rank.b", "Internal Medicine", ("non-us-img",)),
    "usual_applications": (f"{CHAIN}.usual", "Internal Medicine", ("non-us-img",)),
    "invitation_rate": (f"{CHAIN}.mean_rate", "Internal Medicine", ("non-us-img",)),
    "interview_effect": ("chain.effects.step2_ck", "Step 2 CK", ()),
    "dispersion": ("chain.dispersion", "", ()),
    "level_240": (f"{IM}.alpha", "Internal Medicine", ("non-us-img",)),
}
NO_ERROR = {  # likewise, of what the file gives no standard error
    "drift": ("types.us-img.drift.sd_per_year", "", ("us-img",)),
    "centring": (f"{IM}.kappa.usce_months", "Internal Medicine: months of US clinical experience", ("non-us-img",)),
}


def moved(old, new):
    return [c for c in coefficient_changes(old, new) if c.change]


def test_a_model_against_itself(content):
    found = coefficient_changes(content, content)
    assert {c.group for c in found} == set(GROUPS) - {"recalibration"}
    assert all(c.change == 0 and not c.moved and c.size in (0, None) for c in found)
    without = {(c.group, c.name) for c in found if c.size is None and c.group not in NO_ERROR}
    assert without == {("usual_applications", "Thoracic Surgery (Integrated)")}  # all of its programs in every draw
    assert all(c.size is None for c in found if c.group in NO_ERROR)


def test_every_group_has_a_place():
    assert {*PLACES, *NO_ERROR, "recalibration"} == set(GROUPS)


@pytest.mark.parametrize("group", PLACES)
@pytest.mark.parametrize("errors", [-4.25, 0.01, 2.0])
def test_one_change_is_found(content, group, errors):
    path, name, kinds = PLACES[group]
    entry = at(content, path)
    new = put(content, path + ".value", lambda v: v + errors * entry["se"])
    (found,) = moved(content, new)
    assert (found.group, found.name) == (group, name) and set(kinds) <= set(found.applicant_types)
    assert (found.old, found.old_se, found.new_se) == (entry["value"], entry["se"], entry["se"])
    assert found.size == pytest.approx(errors, rel=1e-9) and found.change == pytest.approx(errors * entry["se"], rel=1e-9)
    assert coefficient_changes(content, new)[0] == found


@pytest.mark.parametrize("group", NO_ERROR)
def test_a_change_without_a_standard_error_has_no_size(content, group):
    path, name, kinds = NO_ERROR[group]
    (found,) = moved(content, put(content, path, lambda v: v + 0.125))
    assert (found.group, found.name, found.applicant_types, found.size, found.scale) == (group, name, kinds, None, None)
    assert found.change == pytest.approx(0.125) and found.moved


def test_what_types_share_is_one_change_until_they_differ(content):
    slopes = {c.name: c for c in coefficient_changes(content, content) if c.group == "slope"}
    assert slopes["Neurology"].applicant_types == BOTH and slopes["Neurology"].label == "Neurology, IMGs"
    both = content
    for kind in BOTH:
        both = put(both, f"types.{kind}.cells.Neurology.beta.value", lambda v: v + 0.25)
    (one,) = moved(content, both)
    assert one.applicant_types == BOTH
    (alone,) = moved(content, put(content, "types.us-img.cells.Neurology.beta.value", lambda v: v + 0.25))
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


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.9])
def test_sizes_of_models_that_share_data(shared):
    """Estimates from samples that overlap by a share rho: their difference has the variance 2 se^2 (1 - rho), so sizes have the deviation sqrt(2 (1 - rho))."""
    rng, n, runs = np.random.default_rng(5), 400, 4000
    common = round(shared * n)
    both = rng.normal(size=(runs, common)).sum(axis=1)
    old, new = ((both + rng.normal(size=(runs, n - common)).sum(axis=1)) / n for _ in range(2))
    sizes = [change(1 / sqrt(n), 1 / sqrt(n), old=float(a), new=float(b)).size for a, b in zip(old, new, strict=True)]
    assert np.std(sizes) == pytest.approx(sqrt(2 * (1 - shared)), rel=0.05)


@pytest.mark.parametrize("years", [1, 4])
def test_levels_of_other_years_are_allowed_the_drift(content, years):
    new = put(content, "types.non-us-img.year", lambda y: y + years)
    new = put(new, "types.non-us-img.drift.sd_per_year", 0.25)
    for path in (f"{IM}.level", f"{IM}.alpha", f"{IM}.beta"):
        new = put(new, path + ".value", lambda v: v + 0.5)
    found = {c.group: c for c in moved(content, new) if c.name == "Internal Medicine"}
    sd = content["types"]["non-us-img"]["drift"]["sd_per_year"]
    for group, key in (("level", "level"), ("level_240", "alpha")):
        se = at(content, IM)[key]["se"]
        assert found[group].size == pytest.approx(0.5 / sqrt(se**2 + years * (sd**2 + 0.25**2) / 2))
    assert found["slope"].size == pytest.approx(0.5 / at(content, IM)["beta"]["se"])


def test_a_new_recalibration_is_held_against_none(content):
    line = {name: {"value": value, "se": se, "basis": "measured", "source": "made up"} for name, value, se in (("intercept", -0.25, 0.125), ("slope", 0.75, 0.0625))}
    new = put(content, "types.us-img.recalibration", line)
    found = {c.name: c for c in moved(content, new)}
    assert {c.group for c in found.values()} == {"recalibration"}
    assert (found["intercept"].old, found["intercept"].size) == (0.0, -2.0)
    assert (found["slope"].old, found["slope"].size, found["slope"].old_basis) == (1.0, -4.0, "none")


def flipped(change):
    return replace(change, old=change.new, new=change.old, old_se=change.new_se, new_se=change.old_se, old_basis=change.new_basis, new_basis=change.old_basis)


@pytest.mark.parametrize("other", ["no_neurology", "no_evidence"])
def test_swapping_flips_signs_and_nothing_else(content, other, request):
    new = request.getfixturevalue(other).content
    there, back = coefficient_changes(content, new), coefficient_changes(new, content)
    assert [flipped(c) for c in there] == list(back)
    assert [-c.change for c in there] == [c.change for c in back]
    assert [None if c.size is None else -c.size for c in there] == [c.size for c in back]


def test_the_largest_come_first(content, no_neurology):
    sizes = [c.size for c in coefficient_changes(content, no_neurology.content)]
    known = [abs(s) for s in sizes if s is not None]
    assert known == sorted(known, reverse=True) and known[0] > 0.5 and None not in sizes[: len(known)]


@pytest.mark.parametrize("bad", [{"old": float("nan")}, {"new_se": -1.0}, {"drift": float("inf")}])
def test_no_change_without_numbers(bad):
    with pytest.raises(ValueError, match="Neurology, US IMGs"):
        replace(change(1.0, 1.0), **bad)
