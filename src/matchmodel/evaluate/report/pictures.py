"""The evaluation's pictures, drawn from its figures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from ...applicant import Applicant
from ...etl import Tidy
from ...model import Model
from ...plots import (
    applications_plot,
    chain_plot,
    drift_plot,
    evidence_plot,
    forest_plot,
    left_out_plot,
    reliability_plot,
    save,
    score_plot,
    sensitivity_plot,
    uncertainty_plot,
    worlds_plot,
)  # fmt: skip
from ...report.wording import type_name
from ..checks.sensitivity import AS_SHIPPED
from ..results import Part
from .tables import who

CURVES = ("Internal Medicine", "Family Medicine", "General Surgery")
CURVE_SCORE = 245
LEAST_MOVE = 0.0005  # of a chance or a range: a source that moves less is in the table, not in the picture


def calibration_caption(row: Part) -> str:
    """Return a calibration's figures in a line."""
    slope = f"slope {row['slope']:.2f} (SE {row['slope_se']:.2f})"
    return (
        f"{slope}, mean error {100 * row['mean_error']:.1f} points, sampling noise {100 * row['floor']:.1f}"
    )


def _reliability(part: Part, what: str) -> Figure:
    bins = pd.DataFrame(part["bins"])
    rows = [r for r in part["rows"] if r["applicant_type"] in set(bins["applicant_type"])]
    return reliability_plot(
        [
            (
                f"{who(r['applicant_type'])}, {what}",
                bins[bins["applicant_type"] == r["applicant_type"]],
                calibration_caption(r),
            )
            for r in rows
        ]
    )


def widths_of(part: Part) -> dict[str, dict[str, float]]:
    """Return {applicant: {part of the range: share, 'everything': points}}."""
    widths: dict[str, dict[str, float]] = {}
    for row in part["rows"]:
        widths.setdefault(row["applicant"], {})[row["part"]] = row["value"]
    return widths


def _sensitivity(part: Part, kinds: tuple[str, ...], title: str) -> Figure | None:
    frame = pd.DataFrame(part["rows"]).dropna(subset=["moved"])
    shipped = frame[frame["change"] == AS_SHIPPED].set_index(["applicant", "measure"])
    was = pd.Series(shipped["high"] - shipped["low"], name="was")
    width = frame["high"] - frame["low"] - frame.join(was, on=["applicant", "measure"])["was"]
    moved = frame["change"][(frame["moved"].abs() > LEAST_MOVE) | (width.abs() > LEAST_MOVE)].unique()
    rows = frame[frame["kind"].isin(kinds) & frame["change"].isin([AS_SHIPPED, *moved])]
    return sensitivity_plot(rows, title) if len(rows) else None


def _worlds(part: Part) -> Figure:
    rows = pd.DataFrame(part["rows"])
    setting = rows["setting"] + ", " + rows["applicant_type"].map(lambda k: type_name(k, True))
    return worlds_plot(rows.assign(setting=setting))


def _chain(evaluation: dict[str, Part]) -> Figure:
    fitted = pd.DataFrame(evaluation["fitted"]["rows"])
    bins = pd.DataFrame(evaluation.get("not_fitted", {}).get("invitations", []))
    return chain_plot(fitted, pd.DataFrame(evaluation.get("participation", {}).get("rows", [])), bins)


def _applications(model: Model, kind: str) -> Figure | None:
    known = [s for s in CURVES if model.has_chain(kind, s)]
    if not known:
        return None
    return applications_plot(
        model, [Applicant(s, kind, CURVE_SCORE) for s in known], [f"{s}, {CURVE_SCORE}" for s in known]
    )


def _forest(model: Model, kind: str) -> Figure | None:
    return forest_plot(model, kind) if "Internal Medicine" in model.specialties(kind) else None


def draw_all(evaluation: dict[str, Part], model: Model, tidy: Tidy, kind: str, folder: Path) -> list[Path]:
    """Draw what the evaluation has figures for.

    Parameters
    ----------
    evaluation
        Parts by name.
    model
        The one that was evaluated.
    tidy
        Training sources.
    kind
        The applicant type drawn where one is.
    folder
        Where the pictures go.
    """
    choices, sources = (
        "How far the answers move when a choice or a prior is changed",
        "How far the answers move without a source",
    )
    makers: dict[str, tuple[str | None, Callable[[Any], Figure | None]]] = {
        "score": (None, lambda _: score_plot(model, tidy, kind)),
        "likelihood_ratios": (None, lambda _: _forest(model, kind)),
        "evidence": (None, lambda _: evidence_plot(model) if model.record.effects else None),
        "applications": (None, lambda _: _applications(model, kind)),
        "chain": ("fitted", lambda _: _chain(evaluation)),
        "reliability_score": ("held_out", lambda part: _reliability(part, "score bins")),
        "reliability_ranks": ("rank_shape", lambda part: _reliability(part, "contiguous ranks")),
        "left_out": ("left_out", lambda part: left_out_plot(pd.DataFrame(part["rows"]))),
        "years": ("years", lambda part: drift_plot(pd.DataFrame(part["rows"]))),
        "worlds": ("worlds", _worlds),
        "sensitivity_choices": ("sensitivity", lambda part: _sensitivity(part, ("choice", "prior"), choices)),
        "sensitivity_sources": ("sensitivity", lambda part: _sensitivity(part, ("source",), sources)),
        "uncertainty": ("widths", lambda part: uncertainty_plot(widths_of(part))),
    }
    paths = []
    for name, (part, draw) in makers.items():
        if part is None or evaluation.get(part, {}).get("rows"):
            figure = draw(None if part is None else evaluation[part])
            if figure is not None:
                paths.append(save(figure, folder / f"{name}.png"))
    return paths
