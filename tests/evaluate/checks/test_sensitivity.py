"""Other choices, priors and sources left out: which are tried, and the arithmetic of what they move."""

import pandas as pd
import pytest

from matchmodel.etl import Tidy
from matchmodel.evaluate.checks.sensitivity import (
    AS_SHIPPED,
    EXAMPLES,
    READ,
    choice_changes,
    example,
    most_moved,
    sensitivity,
    sources_used,
    trials,
)  # fmt: skip
from matchmodel.evaluate.trials import COLUMNS, Trial
from matchmodel.fit.evidence import priors
from matchmodel.fit.train import train


class Noted(Tidy):
    """Tables that note which of them were asked for."""

    def table(self, name: str) -> pd.DataFrame:
        self.__dict__.setdefault("asked", set()).add(name)
        return super().table(name)


@pytest.mark.slow
def test_training_reads_the_tables_that_are_listed(training):
    noted = Noted(training.sources, training.tables)
    train(noted, draws=20)
    assert noted.__dict__["asked"] == set(READ)


def test_every_change_and_every_source_that_is_read_is_tried(training):
    found = trials(training)
    assert found[0] == Trial(AS_SHIPPED, "choice", found[0].draws)
    kinds = [t.kind for t in found]
    assert kinds.count("choice") + kinds.count("prior") == 1 + len(choice_changes())
    assert [t.without for t in found if t.kind == "source"] == sources_used(training)
    assert "fees-2026" not in sources_used(training) and "evidence-register" in sources_used(training)


def test_changed_priors_are_priors():
    for change in choice_changes().values():
        for name, value in change.get("priors", {}).items():
            assert type(getattr(priors, name)) is type(value) and getattr(priors, name) != value


def answers(*points: float | None) -> pd.DataFrame:
    rows = [
        (f"applicant {k}", "p_ranked", p, p - 0.1, p + 0.1) for k, p in enumerate(points) if p is not None
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_moves_are_against_the_shipped_answers():
    tried = [Trial(AS_SHIPPED, "choice", 1), Trial("b", "prior", 1), Trial("without c", "source", 1)]
    frame = sensitivity(tried, [answers(0.5, 0.3), answers(0.52, 0.25), answers(None, 0.3)])
    assert (frame[frame["change"] == AS_SHIPPED]["moved"] == 0).all()
    assert list(frame[frame["change"] == "b"]["moved"]) == pytest.approx([0.02, -0.05])
    assert frame[frame["change"] == "without c"]["moved"].isna().tolist() == [True, False]
    assert most_moved(frame) == {"p_ranked": pytest.approx(0.05)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_answered(model, name):
    assert model.odds(example(name)).p_apply is not None
