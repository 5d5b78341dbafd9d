"""The 2007 report: fitted on its summary tables alone, then checked against its own score bins."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...errors import MissingTables
from ...etl import Tidy
from ...fit.document.model import document
from ...fit.tables.cells import bins_from_rows
from ...fit.train import train
from ...model import Model
from ...model.engine import People
from .calibration import Calibration, calibrate

TOGETHER = "together"


@dataclass(frozen=True)
class HeldOut:
    """Predictions for the bins of one applicant type.

    Attributes
    ----------
    applicant_type
        `TOGETHER` where several are joined.
    bins
        Columns specialty, step2_ck (midpoint), matched, total, predicted.
    calibration
    """

    applicant_type: str
    bins: pd.DataFrame
    calibration: Calibration


def summary_only(tidy: Tidy) -> Tidy:
    """Return the tables with which a report can be trained on its summaries alone.

    Its score bins are taken away, and so is everything that is not counts or quartiles of Step 2 CK. The
    counts are replaced by the quartiles' n, since the bins leave out the applicants whose score is unknown.
    """
    quartiles = tidy.table("quartiles")
    quartiles = quartiles[quartiles["measure"] == "step2_ck"]
    keys = ["source_id", "year", "applicant_type", "specialty"]
    n = quartiles.pivot_table(index=keys, columns="cohort", values="n").reset_index()
    counts = tidy.table("counts").drop(columns=["matched", "not_matched"]).merge(n, on=keys)
    return Tidy(tidy.sources, {"counts": counts, "quartiles": quartiles})


def bin_midpoints(tidy: Tidy, kind: str) -> pd.DataFrame:
    """Return the score bins of a type as specialty, midpoint and counts; the unknown left out.

    Open ends are ten points wide, like the bins beside them.
    """
    rows = tidy.table("bins")
    rows = rows[(rows["measure"] == "step2_ck") & (rows["applicant_type"] == kind)]
    midpoints = []
    for specialty, cell in rows.groupby("specialty"):
        bins = bins_from_rows(cell)
        midpoints += [
            (specialty, m, a, a + b) for m, a, b in zip(bins.mid, bins.matched, bins.not_matched, strict=True)
        ]
    return pd.DataFrame(midpoints, columns=["specialty", "step2_ck", "matched", "total"])


def predict_bins(model: Model, tidy: Tidy, kind: str) -> HeldOut:
    """Predict every score bin of a type with a model, in the year of its table, and calibrate."""
    bins = bin_midpoints(tidy, kind)
    bins = bins[bins["specialty"].isin(model.specialties(kind))].reset_index(drop=True)
    predicted = np.empty(len(bins))
    for specialty, rows in bins.groupby("specialty"):
        people = People(model.arrays(kind, str(specialty)), rows["step2_ck"].to_numpy(float), {}, 0)
        predicted[rows.index] = people.p_ranked().mean(axis=-1)
    bins["predicted"] = predicted
    return HeldOut(kind, bins, calibrate(predicted, bins["matched"], bins["total"], bins["specialty"]))


def together(held: list[HeldOut]) -> HeldOut:
    """Join several types' bins and calibrate them as one; base rates stay those of a type's specialty."""
    bins = pd.concat(
        [one.bins.assign(group=one.applicant_type + " " + one.bins["specialty"]) for one in held],
        ignore_index=True,
    )
    return HeldOut(
        TOGETHER, bins, calibrate(bins["predicted"], bins["matched"], bins["total"], bins["group"])
    )


def validate(tidy: Tidy) -> list[HeldOut]:
    """Train on the validation sources' summaries and compare the result with their bins.

    Parameters
    ----------
    tidy
        All sources.

    Returns
    -------
    results
        One per applicant type, sorted.

    Raises
    ------
    MissingTables
        Without a validation source that has counts, quartiles and bins of Step 2 CK.
    """
    held = tidy.select(role="validation")
    bins = held.table("bins")
    if (
        not len(held.table("counts"))
        or not len(bins[bins["measure"] == "step2_ck"])
        or not len(held.table("quartiles"))
    ):
        raise MissingTables(
            'no source with role = "validation" has counts, quartiles and bins of step2_ck: '
            "nothing to compare the model with"
        )
    model = Model(document(train(summary_only(held)), "held-out"))
    return [predict_bins(model, held, kind) for kind in model.applicant_types]
