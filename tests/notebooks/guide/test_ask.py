"""What the rules share: contrasts against closed forms, sides of a range, and how parts make a verdict."""

from itertools import product
from math import exp
from typing import Any

import numpy as np
import pytest
from notebook_helpers.guide.ask import FAILS, HOLDS, UNSETTLED, Case, Part, contrast, side, verdict_of
from notebook_helpers.guide.claims import Claim
from notebook_helpers.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE, VERDICTS
from notebook_helpers.words import join

from matchmodel.applicant import Applicant
from matchmodel.etl import Tidy
from matchmodel.model import Model
from matchmodel.model.engine import Range

from .conftest import Made

SIDES = [
    (1.1, 2, "above"),
    (0.2, 0.9, "below"),
    (0.9, 1.1, "across"),
    (1.0, 2.0, "across"),
    (0.5, 1.0, "across"),
]


def who(score: float | None = None, **known: Any) -> Applicant:
    return Applicant("Internal Medicine", "non-us-img", step2_ck=score, **known)


def test_a_contrast_is_the_ratio_of_the_odds_in_every_draw(model: Model) -> None:
    first, second = who(255, usce_months=6, visa_needed=True), who(231, years_since_graduation=7)
    p, q = (model.people([model.resolve(a)]).p_ranked()[0] for a in (first, second))
    ratio = p / (1 - p) / (q / (1 - q))
    found = contrast(model, first, second)
    assert found.point == pytest.approx(np.exp(np.log(ratio).mean()), rel=1e-9)
    assert [found.low, found.high] == pytest.approx(np.quantile(ratio, [0.1, 0.9]), rel=0.02)
    back = contrast(model, second, first)
    assert back.point == pytest.approx(1 / found.point) and back.low == pytest.approx(
        1 / found.high, rel=0.02
    )


def test_a_contrast_in_closed_form(made: Made) -> None:
    model = made.cell(["Internal Medicine"], -0.2, 0.5, 0.1).effect("step1_failed", -0.7, 0.3).done()
    assert contrast(model, who(260), who(230)) == pytest.approx((exp(1.5),) * 3)
    assert contrast(model, who(260), who()) == pytest.approx((exp(-0.2 + 1.0 - 0.1),) * 3)
    found = contrast(model, who(250, step1_failed=True), who(250, step1_failed=False))
    ends = exp(-0.7 - 0.8 * 0.3), exp(-0.7 + 0.8 * 0.3)  # even draws: 80% of the spread each way
    assert found == pytest.approx((exp(-0.7), *ends), rel=0.02)


def test_a_contrast_with_oneself_is_one_whatever_the_drift(model: Model) -> None:
    assert contrast(model, who(240, cycle=2030), who(240, cycle=2030)) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("low, high, wanted", SIDES)
def test_side(low: float, high: float, wanted: str) -> None:
    assert side(Range((low + high) / 2, low, high), 1.0) == wanted


@pytest.mark.parametrize(
    "states", [s for k in range(1, 5) for s in product((HOLDS, FAILS, UNSETTLED), repeat=k)]
)
def test_parts_make_one_verdict(states: tuple[str, ...]) -> None:
    """Every combination up to four parts, against 'in most of them', open parts falling either way."""
    parts = [Part("x", state, "") for state in states]
    worst = 2 * states.count(HOLDS) > len(states)
    best = 2 * (states.count(HOLDS) + states.count(UNSETTLED)) > len(states)
    assert verdict_of(parts) == (SUPPORTED if worst else UNANSWERABLE if best else CONTRADICTED)


def test_no_parts_settle_nothing() -> None:
    assert verdict_of([]) == UNANSWERABLE and UNANSWERABLE in VERDICTS


def test_names_are_joined() -> None:
    assert [join(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def test_what_directors_answered_is_the_table(model: Model, everything: Tidy) -> None:
    case = Case(Claim("g", "t", ("all",), "c"), model, everything)
    said, figures = case.survey("first-attempt Step 1 failure")
    assert "30% (all specialties, 2018)" in said and list(figures.values()) == [0.3]
    assert case.survey("nothing of the kind") == ("", {})
