"""What the rules share: contrasts against closed forms, sides of a range, and how parts make a verdict."""

from itertools import product
from math import exp

import pytest

from matchmodel.applicant import Applicant
from matchmodel.guide.ask import FAILS, HOLDS, UNSETTLED, Part, Ranged, contrast, listed, side, verdict_of
from matchmodel.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE, VERDICTS

MADE_UP = ("Internal Medicine",)


def who(score=None, **known):
    return Applicant("Internal Medicine", "non-us-img", step2_ck=score, **known)


def test_a_contrast_is_the_ratio_of_the_answers_odds(model):
    """Another way to the same number: through the two probabilities."""
    first, second = who(255, usce_months=6, visa_needed=True), who(231, years_since_graduation=7)
    p, q = (model.odds(a).p_ranked for a in (first, second))
    found = contrast(model, first, second)
    assert found.value == pytest.approx(p / (1 - p) / (q / (1 - q)), rel=1e-9)
    assert found.low <= found.value <= found.high
    back = contrast(model, second, first)
    assert (back.low, back.value, back.high) == pytest.approx((1 / found.high, 1 / found.value, 1 / found.low), rel=0.02)  # quantiles interpolate on the odds


def test_a_contrast_in_closed_form(made):
    model = made.cell(MADE_UP, -0.2, 0.5, 0.1).effect("step1_failed", -0.7, 0.3).done()
    assert contrast(model, who(260), who(230)) == pytest.approx((exp(1.5),) * 3)
    assert contrast(model, who(260), who()) == pytest.approx((exp(-0.2 + 1.0 - 0.1),) * 3)
    found = contrast(model, who(250, step1_failed=True), who(250, step1_failed=False))
    assert found == pytest.approx((exp(-0.7), exp(-0.7 - 0.8 * 0.3), exp(-0.7 + 0.8 * 0.3)), rel=1e-3)  # uniform draws: 80% of the spread each way


def test_a_contrast_with_oneself_is_one_whatever_the_drift(model):
    assert contrast(model, who(240, cycle=2030), who(240, cycle=2030)) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("low, high, wanted", [(1.1, 2, "above"), (0.2, 0.9, "below"), (0.9, 1.1, "across"), (1.0, 2.0, "across"), (0.5, 1.0, "across")])
def test_side(low, high, wanted):
    assert side(Ranged((low + high) / 2, low, high), 1.0) == wanted


@pytest.mark.parametrize("states", [s for k in range(1, 5) for s in product((HOLDS, FAILS, UNSETTLED), repeat=k)])
def test_parts_make_one_verdict(states):
    """Every combination up to four parts, against the sentence 'in most of them', its open parts falling either way."""
    parts = [Part("x", state, "") for state in states]
    worst = 2 * states.count(HOLDS) > len(states)
    best = 2 * (states.count(HOLDS) + states.count(UNSETTLED)) > len(states)
    assert verdict_of(parts) == (SUPPORTED if worst else UNANSWERABLE if best else CONTRADICTED)


def test_no_parts_settle_nothing():
    assert verdict_of([]) == UNANSWERABLE and UNANSWERABLE in VERDICTS


def test_listed():
    assert [listed(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
