"""The 2007 report: fitted on its summary tables alone, held against its own score bins."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from ..applicant import Applicant
from ..batch import score_applicants
from ..errors import MissingTables
from ..etl import Tidy
from ..fit.cells import bins_from_rows
from ..fit.document import document
from ..fit.train import train
from ..model import Model
from .calibration import Calibration, calibrate


@dataclass(frozen=True)
class HeldOut:
    """Predictions for the bins of one applicant type.

    Attributes
    ----------
    applicant_type : str
    bins : pandas.DataFrame
        specialty, step2_ck (midpoint), matched, total, predicted.
    calibration : Calibration
    """

    applicant_type: str
    bins: pd.DataFrame
    calibration: Calibration


def summary_only(tidy):
    """Return the tables with which a report can be trained on its summaries alone.

    Its score bins are taken away, and so is everything that is not counts or quartiles of
    Step 2 CK. The counts are replaced by the quartiles' n, since the bins leave out the
    applicants whose score is unknown.

    Parameters
    ----------
    tidy : Tidy

    Returns
    -------
    Tidy
    """
    quartiles = tidy.table("quartiles")
    quartiles = quartiles[quartiles["measure"] == "step2_ck"]
    keys = ["source_id", "year", "applicant_type", "specialty"]
    n = quartiles.pivot_table(index=keys, columns="cohort", values="n").reset_index()
    counts = tidy.table("counts").drop(columns=["matched", "not_matched"]).merge(n, on=keys)
    return Tidy(tidy.sources, {"counts": counts, "quartiles": quartiles})


def bin_midpoints(tidy, kind):
    """Return the score bins of a type as specialty, midpoint and counts; the unknown left out.

    Open ends are ten points wide, like the bins beside them.
    """
    rows = tidy.table("bins")
    rows = rows[(rows["measure"] == "step2_ck") & (rows["applicant_type"] == kind)]
    made = []
    for specialty, cell in rows.groupby("specialty"):
        bins = bins_from_rows(cell)
        made += [(specialty, m, a, a + b) for m, a, b in zip(bins.mid, bins.matched, bins.not_matched, strict=True)]
    return pd.DataFrame(made, columns=["specialty", "step2_ck", "matched", "total"])


def hold_against_bins(model, tidy, kind):
    """Predict every score bin of a type with a model, and calibrate.

    Parameters
    ----------
    model : Model
    tidy : Tidy
        With the bins.
    kind : str

    Returns
    -------
    HeldOut
    """
    bins = bin_midpoints(tidy, kind)
    known = set(model.specialties(kind))
    bins = bins[bins["specialty"].isin(known)].reset_index(drop=True)
    year = model.type(kind)["year"]
    applicants = [Applicant(s, kind, float(x), cycle=year) for s, x in zip(bins["specialty"], bins["step2_ck"], strict=True)]
    bins["predicted"] = score_applicants(model, applicants)["p_ranked"]
    return HeldOut(kind, bins, calibrate(bins["predicted"], bins["matched"], bins["total"], bins["specialty"]))


def together(held):
    """Join several types' bins and calibrate them as one; base rates stay those of a type's specialty."""
    bins = pd.concat([one.bins.assign(group=one.applicant_type + " " + one.bins["specialty"]) for one in held], ignore_index=True)
    return HeldOut("together", bins, calibrate(bins["predicted"], bins["matched"], bins["total"], bins["group"]))


def evaluate_held_out(tidy):
    """Train on the validation sources' summaries and hold the result against their bins.

    Parameters
    ----------
    tidy : Tidy
        All sources.

    Returns
    -------
    list of HeldOut
        One an applicant type, sorted.

    Raises
    ------
    MissingTables
        Without a validation source that has counts, quartiles and bins of Step 2 CK.
    """
    held = tidy.select(role="validation")
    bins = held.table("bins")
    if not len(held.table("counts")) or not len(bins[bins["measure"] == "step2_ck"]) or not len(held.table("quartiles")):
        raise MissingTables('no source with role = "validation" has counts, quartiles and bins of step2_ck: nothing to hold the model against')
    model = Model(document(train(summary_only(held)), "held-out"))
    return [hold_against_bins(model, held, kind) for kind in model.applicant_types]


def check_population_average(trained, model, kind, sample=20000, seed=7):
    """Average a type's odds over its reference population, and compare with the published rates.

    Persons are drawn: the score from the cell's own population, the covariates from the
    reference populations, tied to the score by the register's correlations (a Gaussian
    copula for the ordering).

    Returns
    -------
    pandas.DataFrame
        specialty, applicants, published, model (its own level), averaged.
    """
    fit, centring = trained.fits[kind], trained.centring[kind]
    rng = np.random.default_rng(seed)
    rows = []
    for j, specialty in enumerate(fit.specialties):
        values, weights = fit.populations[j]
        order = np.argsort(values)
        rank = (rng.permutation(sample) + 0.5) / sample
        score = values[order][np.minimum(np.searchsorted(np.cumsum(weights[order]), rank), len(values) - 1)]
        z = norm.ppf(rank)
        cell = model.cell(kind, specialty)
        log_odds = cell.alpha + cell.beta * (score - 240) / 10
        for name, reference in centring.references.items():
            r, _ = trained.correlations.of("step2_ck", name)
            tied = norm.cdf(r * z + np.sqrt(1 - r * r) * rng.standard_normal(sample))
            by_u = np.argsort(reference.u)
            place = np.searchsorted(np.cumsum(reference.weights[by_u]), tied)
            u = reference.u[by_u][np.minimum(place, len(by_u) - 1)]
            log_odds = log_odds + model.delta(name).value * u - cell.kappa(name)
        n = fit.matched[j] + fit.not_matched[j]
        if n == 0:  # counts suppressed: nothing to compare with
            continue
        rows.append((specialty, int(n), fit.matched[j] / n, float(expit(cell.level)), float(expit(log_odds).mean())))
    return pd.DataFrame(rows, columns=["specialty", "applicants", "published", "model", "averaged"])
