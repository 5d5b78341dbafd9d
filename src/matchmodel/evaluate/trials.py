"""Trainings under something changed, two at a time, each asked the same applicants."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..applicant import Applicant
from ..errors import MissingTables, NotInModel
from ..etl import Tidy
from ..fit.document.model import document
from ..fit.evidence import priors
from ..fit.train import DEFAULT_CHOICES, SEED, Choices, train
from ..model import Model
from ..processes import beside
from ..question import Question

MEASURES = ("p_ranked", "p_apply", "p_any_invitation", "p_given_interviews")
HELD = 3  # interviews that everybody is asked about
WORKERS = 2
COLUMNS = ["applicant", "measure", "point", "low", "high"]


@dataclass(frozen=True)
class Trial:
    """One training.

    Attributes
    ----------
    change, kind
        In words; 'choice', 'prior', 'source' or 'seed'.
    draws, seed
    choices
    priors
        {name in `fit.priors`: value} changed for this training.
    without
        Source left out.
    """

    change: str
    kind: str
    draws: int
    seed: int = SEED
    choices: Choices = DEFAULT_CHOICES
    priors: dict[str, Any] = field(default_factory=dict)
    without: str | None = None


@contextmanager
def changed_priors(changes: dict[str, Any]) -> Iterator[None]:
    """Hold other values in `fit.priors` for as long as the context lasts."""
    before = {name: getattr(priors, name) for name in changes}
    try:
        for name, value in changes.items():
            setattr(priors, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(priors, name, value)


def ask(model: Model, applicants: dict[str, Applicant]) -> pd.DataFrame:
    """Return what a model answers, one row per applicant and measure; unknown cells are left out."""
    rows = []
    for name, applicant in applicants.items():
        try:
            answer = model.odds(applicant, Question(interviews=HELD))
        except NotInModel:
            continue
        for measure in MEASURES:
            chance = getattr(answer, measure)
            if chance is not None:
                rows.append((name, measure, *chance))
    return pd.DataFrame(rows, columns=COLUMNS)


def run(tidy: Tidy, trial: Trial, applicants: dict[str, Applicant]) -> pd.DataFrame:
    """Train as a trial says and ask the applicants; no rows where the model cannot be trained."""
    kept = tidy if trial.without is None else tidy.select(exclude=[trial.without])
    with changed_priors(trial.priors):
        try:
            trained = train(kept, draws=trial.draws, seed=trial.seed, choices=trial.choices)
        except MissingTables:
            return pd.DataFrame(columns=COLUMNS)
        return ask(Model(document(trained, "trial")), applicants)


_shared: list[tuple[Tidy, dict[str, Applicant]]] = []  # of a worker: the tables and whom it asks for


def _prepare(tidy: Tidy, applicants: dict[str, Applicant]) -> None:
    _shared[:] = [(tidy, applicants)]


def _task(trial: Trial) -> pd.DataFrame:
    ((tidy, applicants),) = _shared
    return run(tidy, trial, applicants)


def run_all(
    tidy: Tidy,
    trials: list[Trial],
    applicants: dict[str, Applicant],
    step: Callable[[], None] | None = None,
    workers: int = WORKERS,
) -> list[pd.DataFrame]:
    """Run trials, several at a time.

    Parameters
    ----------
    tidy
        Training sources.
    trials
    applicants
        Asked of every one.
    step
        Called after each.
    workers
        Processes, at most as many as there are processors; 1 for none beside this one.
    """
    answers = []
    with beside(workers if min(workers, len(trials)) > 1 else 0, _prepare, tidy, applicants) as pool:
        results = (
            (run(tidy, trial, applicants) for trial in trials) if pool is None else pool.map(_task, trials)
        )
        for result in results:
            answers.append(result)
            if step is not None:
                step()
    return answers
