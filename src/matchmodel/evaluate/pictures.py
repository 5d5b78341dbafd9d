"""The evaluation's pictures, drawn from its figures."""

import pandas as pd

from ..applicant import Applicant
from ..plots import (
    applications_plot, drift_plot, evidence_plot, forest_plot, left_out_plot, reliability_plot, save, score_plot, sensitivity_plot, uncertainty_plot, worlds_plot,
)
from .report import who
from .sensitivity import AS_SHIPPED

CURVES = ("Internal Medicine", "Family Medicine", "General Surgery")
CURVE_SCORE = 245
LEAST_MOVE = 0.0005  # of chance or of range: a source that moves less is in the table, not in the picture


def calibration_caption(row):
    """Return a calibration's figures in a line."""
    return f"slope {row['slope']:.2f} (SE {row['slope_se']:.2f}), mean error {100 * row['mean_error']:.1f} points, sampling noise {100 * row['floor']:.1f}"


def _reliability(part, what):
    bins = pd.DataFrame(part["bins"])
    rows = [r for r in part["rows"] if r["applicant_type"] in set(bins["applicant_type"])]
    return [(f"{who(r['applicant_type'])}, {what}", bins[bins["applicant_type"] == r["applicant_type"]], calibration_caption(r)) for r in rows]


def _widths(part):
    found = {}
    for row in part["rows"]:
        found.setdefault(row["applicant"], {})[row["part"]] = row["value"]
    return found


def _sensitivity(part, kind, title):
    frame = pd.DataFrame(part["rows"]).dropna(subset=["moved"])
    shipped = frame[frame["change"] == AS_SHIPPED].set_index("applicant")
    width = (frame["high"] - frame["low"]) - frame["applicant"].map(shipped["high"] - shipped["low"])
    moved = frame["change"][(frame["moved"].abs() > LEAST_MOVE) | (width.abs() > LEAST_MOVE)].unique()
    rows = frame[(frame["kind"] == kind) & frame["change"].isin([AS_SHIPPED, *moved])]
    return sensitivity_plot(rows, title) if len(rows) else None


def _left_out(part):
    frame = pd.DataFrame(part["rows"])
    return frame[frame["what"].isin(["slope", "rate"])]


def _applications(model, kind):
    known = [s for s in CURVES if model.has_chain(kind, s)]
    return applications_plot(model, [Applicant(s, kind, CURVE_SCORE) for s in known], [f"{s}, {CURVE_SCORE}" for s in known]) if known else None


def draw_all(evaluation, model, tidy, kind, folder):
    """Draw what the evaluation has figures for.

    Parameters
    ----------
    evaluation : dict
    model : Model
    tidy : Tidy
        Training sources.
    kind : str
        The applicant type drawn where one is.
    folder : Path

    Returns
    -------
    list of Path
    """
    makers = {
        "score": (None, lambda _: score_plot(model, tidy, kind)),
        "likelihood_ratios": (None, lambda _: forest_plot(model, kind)),
        "evidence": (None, lambda _: evidence_plot(model)),
        "applications": ("chain", lambda _: _applications(model, kind)),
        "reliability_score": ("held_out", lambda part: reliability_plot(_reliability(part, "score bins"))),
        "reliability_ranks": ("rank_shape", lambda part: reliability_plot(_reliability(part, "contiguous ranks"))),
        "uncertainty": ("widths", lambda part: uncertainty_plot(_widths(part))),
        "years": ("years", lambda part: drift_plot(pd.DataFrame(part["rows"]))),
        "worlds": ("worlds", lambda part: worlds_plot(pd.DataFrame(part["rows"]))),
        "left_out": ("left_out", lambda part: left_out_plot(_left_out(part))),
        "sensitivity_choices": ("sensitivity", lambda part: _sensitivity(part, "choice", "How far the answers move when a choice is changed")),
        "sensitivity_sources": ("sensitivity", lambda part: _sensitivity(part, "source", "How far the answers move without a source")),
    }
    made = []
    for name, (part, draw) in makers.items():
        if part is not None and not evaluation.get(part, {}).get("rows"):
            continue
        if name == "likelihood_ratios" and "Internal Medicine" not in model.specialties(kind):
            continue
        if name == "evidence" and not model.content["covariates"]:
            continue
        figure = draw(evaluation.get(part))
        if figure is not None:
            made.append(save(figure, folder / f"{name}.png"))
    return made
