"""What advice asks of the tables beside the odds, written down for the model file.

Practice tests, signals, who applied before; with what `printed` has.
"""

import pandas as pd

from ...etl import Tidy
from ..evidence.effects import widened
from ..train import Trained
from .printed import Entry, number, published, ranked_anywhere


def _practice_tests(table: pd.DataFrame) -> list[Entry]:
    return [
        {
            "test": str(row["test"]),
            "correlation": number(row["correlation_with_step2_ck"]),
            "bias": number(row["bias_points"]),
            "sd": number(row["residual_sd_points"]),
            "source": str(row["source"]),
            "grade": str(row["grade"]),
        }
        for _, row in table.iterrows()
    ]


def _signals(table: pd.DataFrame) -> dict[str, Entry]:
    made: dict[str, Entry] = {}
    for _, row in table.sort_values("season", kind="stable").iterrows():
        made[row["specialty"]] = {
            "season": int(row["season"]),
            **{name: number(row[name]) for name in ("gold", "silver", "total")},
            "source": str(row["source"]),
            "grade": str(row["grade"]),
        }
    return made


def _program_signal(tidy: Tidy, variance: dict[str, float]) -> Entry | None:
    """The effect of a signal on the log odds of an invitation, and how many applications carried one."""
    rows, groups = tidy.table("effects"), tidy.table("invitation_groups")
    rows = rows[
        (rows["covariate"] == "program_signal")
        & (rows["scale"] == "log_odds_invitation")
        & rows["se"].notna()
    ]
    sent, rest = (groups[groups["signal_sent"] == word] for word in ("yes", "no"))
    rows = rows[rows["specialty"].isin(sent["specialty"])] if len(sent) else rows
    if len(rows) != 1 or len(sent) != 1 or len(rest) != 1:
        return None
    row, with_one, without = (
        rows.iloc[0],
        float(sent["applications"].iloc[0]),
        float(rest["applications"].iloc[0]),
    )
    note = f"{row['population']}; {row['note']}"
    return {
        "value": number(row["estimate"]),
        "se": number(widened(row, variance)),
        "basis": "evidence",
        "source": str(row["id"]),
        "note": note,
        "share_signalled": number(with_one / (with_one + without)),
        "specialty": str(sent["specialty"].iloc[0]),
    }


def _img_share(tidy: Tidy) -> dict[str, Entry]:
    """How the invitation rate goes with the share of IMG residents, as ratios to the type's rate over all
    those programs.
    """
    made: dict[str, Entry] = {}
    groups = tidy.table("invitation_groups")
    banded = groups[groups["img_share_low"].notna()]
    for (specialty, kind), rows in banded.groupby(["specialty", "applicant_type"], sort=False):
        mean = sum(rows["invitation_rate"] * rows["applications"]) / sum(rows["applications"])
        made[kind] = {
            "specialty": str(specialty),
            "source": str(rows["source_id"].iloc[0]),
            "basis": "evidence",
            "bands": [
                {
                    "from": float(row["img_share_low"]),
                    "to": float(row["img_share_high"]),
                    "ratio": number(row["invitation_rate"] / mean),
                }
                for _, row in rows.sort_values("img_share_low", kind="stable").iterrows()
            ],
        }
    return made


def _repeat(table: pd.DataFrame) -> list[Entry]:
    """What the register says of those who applied before; a row that training does not use."""
    rows = table[table["covariate"] == "previous_match_attempts"]
    return [
        {
            "id": str(r["id"]),
            "log_odds": number(r["estimate"]),
            "se": number(r["se"]),
            "population": str(r["population"]),
            "note": str(r["note"]),
            "grade": str(r["grade"]),
        }
        for _, r in rows.iterrows()
    ]


def advice_document(trained: Trained) -> Entry:
    """Return the 'advice' part of the model file; every part is empty where its table is not there.

    Parameters
    ----------
    trained
        What was fitted.

    Returns
    -------
    dict
        published, ranked_anywhere, practice_tests, signals, program_signal, img_share, previous_attempts; see
        docs/model-file.md.
    """
    tidy = trained.tidy
    return {
        "published": published(tidy),
        "ranked_anywhere": ranked_anywhere(tidy, trained.fits),
        "practice_tests": _practice_tests(tidy.table("practice_tests")),
        "signals": _signals(tidy.table("signals")),
        "program_signal": _program_signal(tidy, trained.choices.grade_variance),
        "img_share": _img_share(tidy),
        "previous_attempts": _repeat(tidy.table("effects")),
    }
