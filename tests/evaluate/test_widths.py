"""Where a range comes from."""

import numpy as np
import pytest

from matchmodel.evaluate.sensitivity import EXAMPLES, example
from matchmodel.evaluate.widths import WHOLE, widths
from matchmodel.odds import terms


@pytest.mark.parametrize("name", EXAMPLES)
def test_shares_sum_to_one_and_the_width_is_the_answers(model, name):
    found, answer = widths(model, example(name)), model.odds(example(name))
    assert found.pop(WHOLE) == pytest.approx(100 * (answer.p_ranked_high - answer.p_ranked_low))
    assert sum(found.values()) == pytest.approx(1, abs=1e-9)
    assert set(found) == {"level and Step 2 CK slope", "drift to the cycle", *(lr.covariate for lr in answer.likelihood_ratios if lr.covariate != "step2_ck")}


def test_a_share_is_the_covariance_with_the_whole(model):
    who = model.cycle_of(example("weak, failures, visa"))
    whole = terms(model, model.cell(who.applicant_type, who.specialty), who, who.cycle)
    covariance = np.cov(whole.shifts["step2_failed"][1], whole.log_odds_draws)
    assert widths(model, who)["step2_failed"] == pytest.approx(covariance[0, 1] / covariance[1, 1])


def test_nothing_known_leaves_level_and_drift(model):
    found = widths(model, example("middling, visa")._replace(step2_ck=None, years_since_graduation=None, usce_months=None, visa_needed=None, step1_failed=None, step2_failed=None))
    assert set(found) == {WHOLE, "level and Step 2 CK slope", "drift to the cycle"}
