"""The usual number of applications, and how much rather IMGs choose programs that invite them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...model.records import Basis
from ..random import Normals
from ..tables.pooling import pool

EIGHTY = 2.563  # standard errors in an 80% range


@dataclass(frozen=True)
class Usual:
    """The usual number of applications, drawn, and where it is from."""

    draws: np.ndarray
    basis: Basis
    source: str


def choice_ratios(
    means: pd.DataFrame, kind: str, specialties: tuple[str, ...], normals: Normals
) -> tuple[dict[str, np.ndarray], str]:
    """Return rho of each specialty: its application-weighted over its plain mean invitation rate, at least 1.

    ln rho is pooled over the specialties that print both, its error that of the plain mean; the others take
    the pooled mean with the spread between them. Without a table rho is 1: programs are then taken as at
    random.
    """
    rows = means[means["applicant_type"] == kind] if len(means) else means
    if not len(rows):
        return {s: np.ones(normals.count) for s in specialties}, ""
    rows = rows[rows["year"] == rows["year"].max()].set_index("specialty")
    ratio = np.log(rows["application_weighted"].to_numpy(float) / rows["program_mean"].to_numpy(float))
    relative = (rows["se"] / rows["program_mean"]).to_numpy(float)
    se = np.where(np.isfinite(relative), relative, 0.6 / np.sqrt(rows["programs"].to_numpy(float)))
    values = np.array([ratio[list(rows.index).index(s)] if s in rows.index else np.nan for s in specialties])
    ses = np.array([se[list(rows.index).index(s)] if s in rows.index else np.inf for s in specialties])
    if not np.isfinite(values).any():
        values, ses, specialties = np.append(values, ratio), np.append(ses, se), (*specialties, *rows.index)
    pooled = pool(values, ses)
    drawn = pooled.draws(normals.pooled([f"{kind} rho mean"], f"{kind} rho", specialties))
    return {s: np.exp(np.maximum(drawn[:, j], 0.0)) for j, s in enumerate(specialties)}, ", ".join(
        sorted(set(rows["source_id"]))
    )


def known_usual(
    participation: pd.DataFrame, applications: pd.DataFrame, specialty: str, normals: Normals
) -> Usual | None:
    """Return the usual number where it is published: applications per applicant, the newest.

    The participation table's value with its range as an 80% range; else the newest row of the applications
    table, its relative error taken as 15%, since none is printed.
    """
    z = normals.own("usual", specialty)
    rows = (
        participation[
            (participation["quantity"] == "applications_per_applicant")
            & (participation["specialty"] == specialty)
        ]
        if len(participation)
        else participation
    )
    if len(rows):
        row = rows.sort_values("year", kind="stable").iloc[-1]
        value = float(row["value"])
        spread = (
            (float(row["high"]) - float(row["low"])) / EIGHTY if np.isfinite(row["low"]) else 0.15 * value
        )
        return Usual(value * np.exp(spread / value * z), "evidence", str(row["source_id"]))
    rows = applications[applications["specialty"] == specialty] if len(applications) else applications
    if len(rows):
        row = rows.sort_values("year", kind="stable").iloc[-1]
        return Usual(float(row["mean_applications"]) * np.exp(0.15 * z), "evidence", str(row["source_id"]))
    return None
