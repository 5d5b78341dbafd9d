"""What each choice and each source does to the answers."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ..applicant import Applicant
from ..errors import MissingTables, NotInModel
from ..fit.document import document
from ..fit.evidence import GRADE_VARIANCE
from ..fit.train import DEFAULT_CHOICES, train
from ..model import Model

_CLEAN = {"step1_failed": False, "step2_failed": False}
EXAMPLES = {
    "strong, no visa": {"step2_ck": 260, "years_since_graduation": 1, "usce_months": 6, "visa_needed": False, **_CLEAN},
    "strong, visa": {"step2_ck": 260, "years_since_graduation": 1, "usce_months": 4, "visa_needed": True, **_CLEAN},
    "middling, visa": {"step2_ck": 240, "years_since_graduation": 4, "usce_months": 3, "visa_needed": True, **_CLEAN},
    "weak, failures, visa": {"step2_ck": 225, "years_since_graduation": 10, "usce_months": 0, "visa_needed": True, "step1_failed": True, "step2_failed": True},
    "US IMG, middling": {"applicant_type": "us-img", "step2_ck": 235, "years_since_graduation": 2, "usce_months": 6, **_CLEAN},
}
AS_SHIPPED = "as shipped"


def changes(exchange=None):
    """Return {change in words: Choices}, each with one choice changed.

    Parameters
    ----------
    exchange : Exchange, optional
        As fitted, to move it by its standard error; without it that change is left out.
    """
    made = {
        "grades: no widening": replace(DEFAULT_CHOICES, grade_variance=dict.fromkeys(GRADE_VARIANCE, 1.0)),
        "grades: variances twice as wide": replace(DEFAULT_CHOICES, grade_variance={g: 2 * v for g, v in GRADE_VARIANCE.items()}),
        "grades: D rows nearly out": replace(DEFAULT_CHOICES, grade_variance={**GRADE_VARIANCE, "D": 100.0}),
        "effects not drawn together": replace(DEFAULT_CHOICES, share=False),
        "correlations with the score: none": replace(DEFAULT_CHOICES, correlation_factor=0.0),
        "correlations with the score x1.5": replace(DEFAULT_CHOICES, correlation_factor=1.5),
    }
    if exchange is not None:
        relative = exchange.se / exchange.value
        made["exchange rate one SE lower"] = replace(DEFAULT_CHOICES, exchange_factor=1 - relative)
        made["exchange rate one SE higher"] = replace(DEFAULT_CHOICES, exchange_factor=1 + relative)
    return made


def example(name, specialty="Internal Medicine", kind="non-us-img"):
    """Return one of the example applicants."""
    return Applicant(specialty, **{"applicant_type": kind, **EXAMPLES[name]})


def _answers(trained):
    model = Model(document(trained, "sensitivity"))
    for name in EXAMPLES:
        try:
            answer = model.odds(example(name))
        except NotInModel:
            continue
        yield name, answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high


def sensitivity(tidy, trained, progress=None):
    """Train under other choices and without each source, and ask the examples again.

    Parameters
    ----------
    tidy : matchmodel.etl.Tidy
        Training sources.
    trained : Trained
        Under the choices as shipped.
    progress : callable, optional
        Called after each change.

    Returns
    -------
    pandas.DataFrame
        change, kind ('choice' or 'source'), applicant, p_ranked, low, high, base (p_ranked as
        shipped), moved; NaN where the model cannot be trained or asked without the source.
    """
    base = {name: rest for name, *rest in _answers(trained)}
    rows = [(AS_SHIPPED, "choice", name, *found) for name, found in base.items()]

    def add(change, kind, train_it):
        try:
            found = {name: rest for name, *rest in _answers(train_it())}
        except MissingTables:
            found = {}
        for name in base:
            rows.append((change, kind, name, *found.get(name, (np.nan,) * 3)))
        if progress is not None:
            progress()

    for change, choices in changes(trained.exchange).items():
        add(change, "choice", lambda c=choices: train(tidy, choices=c))
    for source in tidy.sources:
        add(f"without {source}", "source", lambda s=source: train(tidy.select(exclude=[s])))
    frame = pd.DataFrame(rows, columns=["change", "kind", "applicant", "p_ranked", "low", "high"])
    frame["base"] = frame["applicant"].map({name: found[0] for name, found in base.items()})
    frame["moved"] = frame["p_ranked"] - frame["base"]
    return frame


def steps(tidy):
    """Return how many times `sensitivity` calls its progress."""
    return len(changes()) + 2 + len(tidy.sources)
