"""Application fees, written down for the model file."""

import numpy as np
import pandas as pd

from ...model.records import Fees, FeeStep


def _step(row: pd.Series) -> FeeStep:
    def whole(value: float) -> int | None:
        return int(value) if np.isfinite(value) else None

    def dollars(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    return FeeStep(
        str(row["service"]),
        whole(row["from_program"]),
        whole(row["to_program"]),
        dollars(row["usd_each"]),
        dollars(row["usd_flat"]),
        str(row["source"]),
        str(row["grade"]),
    )


def fees_document(table: pd.DataFrame) -> Fees:
    """Return the fees of the newest season: schedules by service or specialty, and fixed fees.

    A service of one specialty is that specialty's schedule. What is paid once and has a flat price is a fixed
    fee; what depends on ranks instead of applications is left out.
    """
    if not len(table):
        return Fees(None, {}, ())
    season = int(table["season"].max())
    schedules: dict[str, list[FeeStep]] = {}
    fixed = []
    for _, row in table[table["season"] == season].iterrows():
        step = _step(row)
        if row["charged_for"] == "once" and step.usd_flat is not None:
            fixed.append(step)
        elif row["charged_for"] == "application":
            schedules.setdefault(str(row["specialty"] or row["service"]), []).append(step)
    return Fees(season, {k: tuple(v) for k, v in schedules.items()}, tuple(fixed))
