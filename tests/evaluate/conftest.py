from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from matchmodel.etl import Tidy
from matchmodel.evaluate import command
from matchmodel.evaluate.checks.sensitivity import AS_SHIPPED, EXAMPLES
from matchmodel.evaluate.collect import Inputs
from matchmodel.evaluate.results import read_evaluation
from matchmodel.evaluate.trials import MEASURES, Trial
from matchmodel.fit.train import Trained
from matchmodel.model import Model
from matchmodel.progress import Progress

ROOT = Path(__file__).parents[2]
PRIMARY = "non-us-img"


@pytest.fixture(scope="session")
def inputs(everything: Tidy, training: Tidy, trained: Trained, model: Model) -> Inputs:
    return Inputs(everything, training, model, trained)


@pytest.fixture(scope="session")
def evaluation(inputs: Inputs) -> dict[str, Any]:
    """An evaluation made here, its trainings with other seeds and choices made up."""
    patch = pytest.MonkeyPatch()
    patch.setattr("matchmodel.evaluate.trials.run_all", made_up_answers)
    tried = [
        Trial("seed 1", "seed", 50),
        Trial(AS_SHIPPED, "choice", 50),
        Trial("a choice", "choice", 50),
        Trial("without a", "source", 50),
    ]
    try:
        with Progress(1) as progress:
            return command._evaluate(inputs, 0, progress, tried)
    finally:
        patch.undo()


def made_up_answers(
    tidy: Tidy, tried: list[Trial], applicants: dict, step: Any = None, workers: int = 1
) -> list[pd.DataFrame]:
    """Return answers that move by a tenth of a point with each trial; the last cannot be trained."""
    found = []
    for k, trial in enumerate(tried):
        rows = [(name, m, 0.5 + 0.001 * k, 0.4, 0.6 + 0.002 * k) for name in applicants for m in MEASURES]
        found.append(
            pd.DataFrame(
                rows[: 0 if trial.without else None], columns=["applicant", "measure", "point", "low", "high"]
            )
        )
    return found


@pytest.fixture(scope="session")
def committed() -> dict[str, Any]:
    """The committed evaluation."""
    return read_evaluation(ROOT / "reports")


@pytest.fixture(params=EXAMPLES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param
