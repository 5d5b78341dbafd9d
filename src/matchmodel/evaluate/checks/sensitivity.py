"""What each choice, each prior and each source does to the answers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ...applicant import Applicant
from ...etl import Tidy
from ...fit.evidence import priors
from ...fit.evidence.effects import GRADE_VARIANCE
from ...fit.evidence.priors import Normal, Uniform
from ...fit.train import DEFAULT_CHOICES
from ..trials import Trial


def _profile(
    score: float, years: float, usce: float, visa: bool | None, failed: bool = False, **more: object
) -> dict[str, Any]:
    """Return what an example applicant knows of themselves."""
    known: dict[str, Any] = {"step2_ck": score, "years_since_graduation": years, "usce_months": usce}
    known |= {"step1_failed": failed, "step2_failed": failed}
    return known | ({} if visa is None else {"visa_needed": visa}) | more


EXAMPLES: dict[str, dict[str, Any]] = {
    "strong, no visa": _profile(260, 1, 6, False),
    "strong, visa": _profile(260, 1, 4, True),
    "middling, visa": _profile(240, 4, 3, True),
    "weak, failures, visa": _profile(225, 10, 0, True, failed=True),
    "US IMG, middling": _profile(235, 2, 6, None, applicant_type="us-img"),
}
AS_SHIPPED = "as shipped"
DRAWS = 200  # enough for how far a point moves, since every training has the same random numbers
READ = (  # by training; a test holds it
    "applicants_total", "applications", "bins", "correlations", "counts", "effects", "invitation_groups",
    "invitation_means", "invitations", "participation", "population", "quartiles", "ranked_anywhere", "rates",
)  # fmt: skip
COLUMNS = ["change", "kind", "applicant", "measure", "point", "low", "high", "base", "moved"]


def example(name: str, specialty: str = "Internal Medicine", kind: str = "non-us-img") -> Applicant:
    """Return one of the example applicants."""
    return Applicant(specialty, **{"applicant_type": kind, **EXAMPLES[name]})


def choice_changes() -> dict[str, dict[str, Any]]:
    """Return {change in words: what of a `Trial` is another}, choices first, then priors."""
    wider = {name: prior._replace(sd=2 * prior.sd) for name, prior in priors.EFFECTS.items()}
    choices: dict[str, dict[str, Any]] = {
        "grades: no widening": {"grade_variance": dict.fromkeys(GRADE_VARIANCE, 1.0)},
        "grades: variances twice as wide": {"grade_variance": {g: 2 * v for g, v in GRADE_VARIANCE.items()}},
        "grades: D rows nearly out": {"grade_variance": {**GRADE_VARIANCE, "D": 100.0}},
        "correlations with the score: none": {"correlation_factor": 0.0},
    }
    beliefs: dict[str, dict[str, Any]] = {
        "lambda lower by its SD": {
            "LAMBDA": Normal(priors.LAMBDA.mean - priors.LAMBDA.sd, priors.LAMBDA.sd, "tried")
        },
        "lambda higher by its SD": {
            "LAMBDA": Normal(priors.LAMBDA.mean + priors.LAMBDA.sd, priors.LAMBDA.sd, "tried")
        },
        "everybody takes part": {"TAKES_NO_PART": Uniform(0.0, 0.0, "tried")},
        "three in ten take no part": {
            "TAKES_NO_PART": Uniform(priors.TAKES_NO_PART.high, priors.TAKES_NO_PART.high, "tried")
        },
        "second choices rank as often": {"SECOND_CHOICES": Uniform(1.0, 1.0, "tried")},
        "effects: priors twice as wide": {"EFFECTS": wider},
        "effects: twice as unlike between specialties": {
            "SPREADS": {n: 2 * v for n, v in priors.SPREADS.items()}
        },
        "failures: same score as everybody's": {
            "FAILURE_SCORE_GAP": Normal(0.0, priors.FAILURE_SCORE_GAP.sd, "tried")
        },
        "failures: not adjusted for each other": {
            "MUTUAL": {n: (other, 0.0) for n, (other, _) in priors.MUTUAL.items()}
        },
    }
    changes: dict[str, dict[str, Any]] = {
        n: {"kind": "choice", "choices": replace(DEFAULT_CHOICES, **c)} for n, c in choices.items()
    }
    return changes | {n: {"kind": "prior", "priors": p} for n, p in beliefs.items()}


def sources_used(tidy: Tidy) -> list[str]:
    """Return the sources of which training reads any table; leaving out another cannot move an answer."""
    used = {i for name in READ if name in tidy.tables for i in tidy.tables[name]["source_id"]}
    return [i for i in tidy.sources if i in used]


def trials(tidy: Tidy, draws: int = DRAWS) -> list[Trial]:
    """Return the trainings of the sensitivity analysis, that under the shipped choices first."""
    trainings = [Trial(AS_SHIPPED, "choice", draws)]
    trainings += [Trial(change, draws=draws, **what) for change, what in choice_changes().items()]
    return trainings + [
        Trial(f"without {source}", "source", draws, without=source) for source in sources_used(tidy)
    ]


def sensitivity(tried: list[Trial], answers: list[pd.DataFrame]) -> pd.DataFrame:
    """Return how far each change moves the examples' answers.

    Parameters
    ----------
    tried, answers
        As from `trials` and `matchmodel.evaluate.trials.run_all`.

    Returns
    -------
    frame
        change, kind ('choice', 'prior' or 'source'), applicant, measure, point, low, high, base (the point as
        shipped), moved; NaN where the model cannot be trained or asked under the change.
    """
    keys = ["applicant", "measure"]
    shipped = answers[0][[*keys, "point"]].rename(columns={"point": "base"})
    moves = []
    for trial, answer in zip(tried, answers, strict=True):
        each = shipped.merge(answer, on=keys, how="left")
        moves.append(
            each.assign(
                change=trial.change, kind=trial.kind, moved=each["point"].astype(float) - each["base"]
            )
        )
    return pd.concat(moves, ignore_index=True)[COLUMNS].astype(
        {name: float for name in ("point", "low", "high", "base", "moved")}
    )


def most_moved(frame: pd.DataFrame) -> dict[str, float]:
    """Return the largest move of each measure, as a proportion."""
    return {str(m): float(np.nanmax(np.abs(rows["moved"]))) for m, rows in frame.groupby("measure")}
