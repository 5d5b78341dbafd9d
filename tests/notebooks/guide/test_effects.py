"""Rules on years and failures: each comes out the other way on invented numbers where the opposite holds."""

from collections.abc import Callable
from math import exp, log

import pytest
from notebook_helpers.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE

from matchmodel.etl import Tidy
from matchmodel.model import Model

from .conftest import KIND, Made

SMALL, WIDE = 0.02, 2.0  # spread of invented draws
YEARS = "odds at 10 years over 3"
EFFECTS = {"g07": "years_since_graduation", "g08": "step1_failed", "g11": "step1_failed"}
FLIPS = [(-0.5, SMALL, SUPPORTED), (0.5, SMALL, CONTRADICTED), (-0.1, WIDE, UNANSWERABLE)]
WEIGHTS = [
    (12.5, SMALL, SUPPORTED),
    (30, SMALL, CONTRADICTED),
    (3, SMALL, CONTRADICTED),
    (12.5, WIDE, UNANSWERABLE),
]
THREE = ["Dermatology", "Neurological Surgery", "Plastic Surgery (Integrated)"]


@pytest.mark.parametrize("value, spread, wanted", FLIPS)
def test_years_flip(judge: Callable, made: Made, value: float, spread: float, wanted: str) -> None:
    found = judge("g07", made.effect("years_since_graduation", value, spread).done())
    assert found.verdict == wanted and found.basis == "evidence and assumed"
    # log(1 + years), twice the claim's later year over its earlier
    assert found.figures[YEARS] == pytest.approx(exp(value * (log(11) - log(4))), rel=1e-4)
    assert "no table and not answerable" in found.why and ("stays open" in found.why) == (
        wanted == UNANSWERABLE
    )


@pytest.mark.parametrize("points, spread, wanted", WEIGHTS)
def test_what_a_failure_weighs_flips(
    judge: Callable, made: Made, model: Model, points: float, spread: float, wanted: str
) -> None:
    """Ten points are 0.4 log odds everywhere, and the failure weighs so many points."""
    made.cell(model.specialties(KIND), 0.0, 0.4, 0.0).effect("step1_failed", -0.04 * points, spread)
    found = judge("g08", made.done())
    assert found.verdict == wanted and "minimums are in no table" in found.why
    assert found.figures["Internal Medicine, points that weigh as much as the failure"] == pytest.approx(
        points
    )
    odds = found.figures["Internal Medicine, odds failed with 10 points more"]
    assert odds == pytest.approx(exp(0.04 * (10 - points)), rel=1e-4)


def test_nothing_weighs_as_much_where_the_score_is_flat(judge: Callable, made: Made, model: Model) -> None:
    found = judge("g08", made.cell(model.specialties(KIND), 0.0, 0.05, 0.0).done())
    assert found.verdict == UNANSWERABLE and "not flat" in found.why


@pytest.mark.parametrize(
    "value, spread, wanted",
    [(-1.0, SMALL, SUPPORTED), (-0.05, SMALL, CONTRADICTED), (-0.3, WIDE, UNANSWERABLE)],
)
def test_a_failure_in_named_specialties_flips_once_they_have_estimates(
    judge: Callable, made: Made, everything: Tidy, changed: Callable, value: float, spread: float, wanted: str
) -> None:
    model = made.effect("step1_failed", value, spread).done()
    assert judge("g11", model).verdict == UNANSWERABLE  # whatever the factor: no estimate is of them
    rows = everything.table("effects").copy()
    used = [row.id for row in model.record.effects["step1_failed"].rows]
    places = rows.index[rows["id"].isin(used)][:3]
    rows.loc[places, "specialty"] = THREE
    found = judge("g11", model, changed(effects=rows))
    assert found.verdict == wanted
    assert found.figures["Dermatology, odds at 260 after a Step 1 failure"] == pytest.approx(
        exp(value), rel=1e-4
    )
    rows.loc[places, "specialty"] = THREE[0]  # one of three
    assert judge("g11", model, changed(effects=rows)).verdict == UNANSWERABLE


FIRST = [
    ((-0.5, SMALL), (-0.8, SMALL), SUPPORTED), ((0.5, SMALL), (0.8, SMALL), CONTRADICTED),
    ((0.5, SMALL), (-0.8, SMALL), CONTRADICTED), ((-0.5, SMALL), (-0.1, WIDE), UNANSWERABLE),
]  # fmt: skip


@pytest.mark.parametrize("first, second, wanted", FIRST)
def test_first_attempts_flip(judge: Callable, made: Made, first: tuple, second: tuple, wanted: str) -> None:
    """'On every Step': one of the two against it is enough."""
    found = judge("g14", made.effect("step1_failed", *first).effect("step2_failed", *second).done())
    assert found.verdict == wanted and "Step 3 is in no table" in found.why
    for exam, value in (("Step 1", first[0]), ("Step 2 CK", second[0])):
        assert found.figures[f"{exam}, odds after a failure"] == pytest.approx(exp(value), rel=1e-4)


@pytest.mark.parametrize("claim_id", [*EFFECTS, "g14"])
def test_without_an_effect_nothing_is_said(judge: Callable, made: Made, claim_id: str) -> None:
    for name in (EFFECTS[claim_id],) if claim_id in EFFECTS else ("step1_failed", "step2_failed"):
        made.without(covariate=name)
    found = judge(claim_id, made.done())
    assert (
        found.verdict == UNANSWERABLE and "The model has no effect of" in found.why and found.basis == "none"
    )
