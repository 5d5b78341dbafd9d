"""What tables print and no odds are computed from, written down for the model file."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from ...etl import Tidy
from ...model.advice import MEDIANS

Entry = dict[str, object]  # plain texts, numbers, lists and entries, as the file has them


def number(value: float) -> float | None:
    """Return a float with ten significant digits, None where it is not finite."""
    return float(f"{float(value):.10g}") if np.isfinite(float(value)) else None


def _newest(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["year"] == table["year"].max()] if len(table) else table


def published(tidy: Tidy) -> dict[str, dict[str, Any]]:
    """Return, per type and specialty, the newest year's positions, applicants, both cohorts' Step 2 CK and
    their medians of what is in no odds.
    """
    made: dict[str, dict[str, Any]] = {}
    cohorts: dict[tuple[str, str], Entry] = {}
    counts, quartiles = tidy.table("counts"), tidy.table("quartiles")
    for kind, rows in counts.groupby("applicant_type"):
        for _, row in _newest(rows).iterrows():
            scores: Entry = {}
            cohorts[kind, row["specialty"]] = scores
            made.setdefault(kind, {})[row["specialty"]] = {
                "year": int(row["year"]),
                "positions": number(row["positions"]),
                "all_applicants": number(row["all_applicants"]),
                "source": str(row["source_id"]),
                "step2_ck": scores,
                "medians": {},
            }
    for kind, rows in quartiles[quartiles["measure"] == "step2_ck"].groupby("applicant_type"):
        for _, row in _newest(rows).iterrows():
            if (kind, row["specialty"]) in cohorts:
                cohorts[kind, row["specialty"]][row["cohort"]] = {
                    name: number(row[name]) for name in ("n", "min", "q1", "median", "q3", "max")
                }
    others = quartiles[quartiles["measure"].isin(MEDIANS) & quartiles["median"].notna()]
    for kind, rows in others.groupby("applicant_type"):
        for _, row in _newest(rows).iterrows():
            if row["specialty"] in made.get(kind, {}):
                medians = made[kind][row["specialty"]]["medians"]
                medians.setdefault(row["measure"], {})[row["cohort"]] = number(row["median"])
    return made


def ranked_anywhere(tidy: Tidy, fitted: Collection[str]) -> dict[str, Entry]:
    """Return the newest counts of who ranked a specialty at all and who matched to it, by type.

    They are kept for every specialty of that table: for preliminary and transitional years they are all that
    there is.

    Parameters
    ----------
    tidy
    fitted
        The applicant types that the model has.
    """
    kinds = [kind for kind in ("us-img", "non-us-img") if kind in fitted]
    return {
        str(row["specialty"]): {
            "year": int(row["year"]),
            "source": str(row["source_id"]),
            **{
                kind: {
                    name: number(row[f"{kind.replace('-', '_')}_{name}"]) for name in ("ranked", "matched")
                }
                for kind in kinds
            },
        }
        for _, row in _newest(tidy.table("ranked_anywhere")).iterrows()
    }
