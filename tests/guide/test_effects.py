"""Rules on years and failures: each comes out the other way on made-up numbers where the opposite holds."""

from math import exp, log

import pytest

from matchmodel.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE

SMALL, WIDE = 0.02, 2.0  # spread of made-up draws
YEARS = "odds at 10 years over 3"
EFFECTS = {"g07": "years_since_graduation", "g08": "step1_failed", "g11": "step1_failed"}


@pytest.mark.parametrize("value, spread, wanted", [(-0.5, SMALL, SUPPORTED), (0.5, SMALL, CONTRADICTED), (-0.1, WIDE, UNANSWERABLE)])
def test_years_flip(judge, made, value, spread, wanted):
    found = judge("g07", made.effect("years_since_graduation", value, spread).done())
    assert found.verdict == wanted and found.basis == "evidence and assumed"
    assert found.figures[YEARS] == pytest.approx(exp(value * (log(11) - log(4))))  # log(1 + years), twice the claim's later year over its earlier
    assert "no table and not answerable" in found.why and ("stays open" in found.why) == (wanted == UNANSWERABLE)


@pytest.mark.parametrize("points, spread, wanted", [(12.5, SMALL, SUPPORTED), (30, SMALL, CONTRADICTED), (3, SMALL, CONTRADICTED), (12.5, WIDE, UNANSWERABLE)])
def test_what_a_failure_weighs_flips(judge, made, model, points, spread, wanted):
    """Made up: ten points are 0.4 log odds everywhere, and the failure weighs so many points."""
    found = judge("g08", made.cell(model.specialties("non-us-img"), 0.0, 0.4, 0.0).effect("step1_failed", -0.04 * points, spread).done())
    assert found.verdict == wanted
    assert found.figures["Internal Medicine, points that weigh as much as the failure"] == pytest.approx(points)
    assert found.figures["Internal Medicine, odds failed with 10 points more"] == pytest.approx(exp(0.04 * (10 - points)))
    assert "minimums are in no table" in found.why


def test_nothing_weighs_as_much_where_the_score_is_flat(judge, made, model):
    found = judge("g08", made.cell(model.specialties("non-us-img"), 0.0, 0.05, 0.0).done())
    assert found.verdict == UNANSWERABLE and "not flat" in found.why


@pytest.mark.parametrize("value, spread, wanted", [(-1.0, SMALL, SUPPORTED), (-0.05, SMALL, CONTRADICTED), (-0.3, WIDE, UNANSWERABLE)])
def test_a_failure_in_named_specialties_flips_once_they_are_described(judge, made, tidy, changed, value, spread, wanted):
    model = made.effect("step1_failed", value, spread).done()
    assert judge("g11", model).verdict == UNANSWERABLE  # whatever the factor: no estimate is about them
    rows = tidy.table("effects").copy()
    mine = rows["id"].isin([row["id"] for row in model.content["covariates"]["step1_failed"]["rows"]])
    rows.loc[mine, "population"] = "made up: IMGs in dermatology, neurological surgery and plastic surgery"
    found = judge("g11", model, changed(effects=rows))
    assert found.verdict == wanted and found.figures["odds at 260 after a Step 1 failure"] == pytest.approx(exp(value))
    rows.loc[mine, "population"] = "made up: IMGs in dermatology"  # one of three
    assert judge("g11", model, changed(effects=rows)).verdict == UNANSWERABLE


@pytest.mark.parametrize(
    "first, second, wanted",
    [((-0.5, SMALL), (-0.8, SMALL), SUPPORTED), ((0.5, SMALL), (0.8, SMALL), CONTRADICTED), ((0.5, SMALL), (-0.8, SMALL), CONTRADICTED), ((-0.5, SMALL), (-0.1, WIDE), UNANSWERABLE)],
)
def test_first_attempts_flip(judge, made, first, second, wanted):
    """'On every Step': one of the two against it is enough."""
    found = judge("g14", made.effect("step1_failed", *first).effect("step2_failed", *second).done())
    assert found.verdict == wanted and "Step 3 are in no table" in found.why
    assert found.figures["Step 1, odds after a failure"] == pytest.approx(exp(first[0])) and found.figures["Step 2 CK, odds after a failure"] == pytest.approx(exp(second[0]))


@pytest.mark.parametrize("claim_id", [*EFFECTS, "g14"])
def test_without_an_effect_nothing_is_said(judge, made, claim_id):
    for name in (EFFECTS[claim_id],) if claim_id in EFFECTS else ("step1_failed", "step2_failed"):
        del made.content["types"]["non-us-img"]["reference"][name]
    found = judge(claim_id, made.done())
    assert found.verdict == UNANSWERABLE and "The model has no effect of" in found.why and found.basis == "none"
