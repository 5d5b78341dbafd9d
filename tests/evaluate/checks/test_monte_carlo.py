"""Another seed: fifty applicants, and the largest moves."""

import pandas as pd
import pytest

from matchmodel.evaluate.checks.monte_carlo import CELLS, SEEDS, moved, reference_applicants, trials
from matchmodel.evaluate.trials import COLUMNS
from matchmodel.fit.train import SEED


def test_fifty_applicants_that_the_model_answers(model):
    found = reference_applicants(model)
    assert len(found) == 50 and {(a.specialty, a.applicant_type) for a in found.values()} == set(CELLS)
    assert all(
        not model.withheld(a.applicant_type, a.specialty) and model.has_chain(a.applicant_type, a.specialty)
        for a in found.values()
    )


def test_other_seeds_are_others():
    assert [t.seed for t in trials(500)] == list(SEEDS) and SEED not in SEEDS
    assert {t.draws for t in trials(500)} == {500}


def test_largest_moves():
    shipped = pd.DataFrame(
        [("a", "p_apply", 0.5, 0.4, 0.6), ("b", "p_apply", 0.2, 0.1, 0.3)], columns=COLUMNS
    )
    other = pd.DataFrame(
        [("a", "p_apply", 0.503, 0.4, 0.62), ("b", "p_apply", 0.21, 0.1, 0.3)], columns=COLUMNS
    )
    (row,) = moved(shipped, {"seed 9": other}).to_dict("records")
    assert (row["seed"], row["measure"], row["applicants"], row["where"]) == ("seed 9", "p_apply", 2, "b")
    assert (row["point"], row["end"]) == pytest.approx((0.01, 0.02))
