"""Monte Carlo error: how far another seed moves the answers of fifty reference applicants."""

import pandas as pd

from ...applicant import Applicant
from ...fit.train import PRIMARY, SEED
from ...model import Model
from ..trials import Trial
from .sensitivity import EXAMPLES, example

SEEDS = (SEED + 1, SEED + 2)
US_IMG = "us-img"
CELLS = (
    ("Internal Medicine", PRIMARY), ("Family Medicine", PRIMARY), ("Pediatrics", PRIMARY),
    ("Neurology", PRIMARY), ("Psychiatry", PRIMARY), ("General Surgery", PRIMARY), ("Pathology", PRIMARY),
    ("Diagnostic Radiology", PRIMARY), ("Internal Medicine", US_IMG), ("Family Medicine", US_IMG),
)  # fmt: skip


def reference_applicants(model: Model) -> dict[str, Applicant]:
    """Return the fifty reference applicants: five examples in ten cells, as far as the model has them.

    US IMGs are asked without the visa.
    """
    applicants = {}
    for specialty, kind in CELLS:
        if kind not in model.applicant_types or specialty not in model.specialties(kind):
            continue
        for name in EXAMPLES:
            one = example(name, specialty)
            needed = None if kind == US_IMG else one.visa_needed
            applicants[f"{specialty}, {kind}: '{name}'"] = one.replace(
                applicant_type=kind, visa_needed=needed
            )
    return applicants


def trials(draws: int) -> list[Trial]:
    """Return the trainings with other seeds."""
    return [Trial(f"seed {seed}", "seed", draws, seed=seed) for seed in SEEDS]


def moved(shipped: pd.DataFrame, answers: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the largest moves by seed and measure.

    Parameters
    ----------
    shipped, answers
        As from `matchmodel.evaluate.trials.ask`: with the shipped seed, and {seed in words: with another}.

    Returns
    -------
    frame
        seed, measure, applicants, point (largest move of a point), end (of a range end), as proportions;
        where (the applicant whose point moves most).
    """
    rows = []
    for seed, answer in answers.items():
        both = shipped.merge(answer, on=["applicant", "measure"], suffixes=("", "_other"))
        for measure, each in both.groupby("measure", sort=False):
            off = {end: (each[end] - each[f"{end}_other"]).abs() for end in ("point", "low", "high")}
            worst = each.loc[off["point"].idxmax(), "applicant"]
            rows.append(
                (
                    seed,
                    measure,
                    len(each),
                    off["point"].max(),
                    max(off["low"].max(), off["high"].max()),
                    worst,
                )
            )
    return pd.DataFrame(rows, columns=["seed", "measure", "applicants", "point", "end", "where"])
