"""Trainings under something changed: priors come back, and a trial is what the model answers."""

import pandas as pd
import pytest

from matchmodel import Applicant
from matchmodel.evaluate.checks.sensitivity import EXAMPLES, example
from matchmodel.evaluate.trials import MEASURES, Trial, ask, changed_priors, run, run_all
from matchmodel.fit.evidence import priors
from matchmodel.fit.evidence.priors import Normal
from matchmodel.question import Question

DRAWS = 40


def test_priors_come_back_even_after_an_error():
    before = priors.LAMBDA
    with pytest.raises(ValueError), changed_priors({"LAMBDA": Normal(0.9, 0.1, "tried")}):
        assert priors.LAMBDA.mean == 0.9
        raise ValueError
    assert priors.LAMBDA is before


def test_asked_is_answered(model):
    who = {name: example(name) for name in EXAMPLES} | {"nowhere": Applicant("Ophthalmology", "non-us-img")}
    found = ask(model, who).set_index(["applicant", "measure"])
    assert "nowhere" not in found.index.get_level_values(0)
    for name in EXAMPLES:
        answer = model.odds(who[name], Question(interviews=3))
        for measure in MEASURES:
            assert tuple(found.loc[(name, measure)]) == pytest.approx(tuple(getattr(answer, measure)))


@pytest.mark.slow
def test_trials_move_what_they_change(training):
    who = {name: example(name) for name in EXAMPLES}
    tried = [
        Trial("as shipped", "choice", DRAWS),
        Trial("lambda", "prior", DRAWS, priors={"LAMBDA": Normal(0.9, 0.01, "tried")}),
        Trial("without fees", "source", DRAWS, without="fees-2026"),
        Trial("without counts", "source", DRAWS, without="charting-outcomes-2026-non-us-img"),
    ]
    steps = []
    shipped, moved, same, nothing = run_all(training, tried, who, lambda: steps.append(1))
    assert len(steps) == 4 and nothing.empty
    pd.testing.assert_frame_equal(shipped, same)
    pd.testing.assert_frame_equal(shipped, run(training, tried[0], who))  # here as in a process of its own
    assert (moved["point"] - shipped["point"]).abs().max() > 0.005
