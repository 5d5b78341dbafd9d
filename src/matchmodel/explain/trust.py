"""What the model was held against that it had not seen: the 2007 report, left-out specialties, later years (notebook 3)."""

import pandas as pd

from ..errors import RefusedInput
from ..evaluate.held_out import evaluate_held_out
from ..plots import left_out_plot, reliability_plot
from ..wording import type_name
from .words import fixed, join, percent, signed

AGREE = 2e-5  # relative; evaluation.json keeps six significant digits
NAMES = {"independent": "independent applicants", "us-senior": "US seniors", "together": "both together"}
SCORED = {"slope": "slope of Step 2 CK", "rate": "rate of matching", "us-img odds ratio": "odds ratio US against non-US IMGs"}


def part(evaluation, name):
    """Return one part of an evaluation.

    Raises
    ------
    RefusedInput
        When the evaluation has no such part.
    """
    if name not in evaluation:
        raise RefusedInput(f"the evaluation has no part {name!r}; it has {', '.join(evaluation)}; make it again with: matchmodel evaluate")
    return evaluation[name]


def frame(evaluation, name, key="rows"):
    """Return the rows of one part as a data frame."""
    return pd.DataFrame(part(evaluation, name)[key])


def named(kind):
    """Return an applicant type in words."""
    return NAMES.get(kind, type_name(kind, True))


def calibration_table(evaluation, name="held_out"):
    """Return how predictions for the bins of the 2007 report are calibrated, by type."""
    rows = frame(evaluation, name)
    return pd.DataFrame({
        "applicants": rows["applicant_type"].map(named), "specialties": rows["specialties"].map("{:.0f}".format), "bins": rows["bins"].map("{:.0f}".format),
        "persons": rows["applicants"].map("{:,.0f}".format), "calibration slope (SE)": [f"{a:.3f} ({b:.3f})" for a, b in zip(rows["slope"], rows["slope_se"], strict=True)],
        "intercept": rows["intercept"].map(lambda v: signed(v, 3)), "mean error, points": rows["mean_error"].map(lambda v: fixed(100 * v, 2)),
        "sampling noise alone": rows["floor"].map(lambda v: fixed(100 * v, 2)), "AUC": rows["auc"].map(lambda v: fixed(v, 3)),
    })


def calibration_line(row):
    """Return one calibration in a line, for a picture."""
    return f"slope {row['slope']:.2f} (SE {row['slope_se']:.2f}), mean error {100 * row['mean_error']:.1f} points, sampling noise {100 * row['floor']:.1f}"


def reliability_figure(evaluation, name="held_out"):
    """Draw observed shares against predictions for the bins of the 2007 report, a panel a type."""
    bins, rows = frame(evaluation, name, "bins"), frame(evaluation, name).set_index("applicant_type")
    return reliability_plot([(named(kind), bins[bins["applicant_type"] == kind], calibration_line(rows.loc[kind])) for kind in bins["applicant_type"].unique()])


def calibration_sentence(evaluation, name="held_out"):
    """Say how far the calibration slopes are from 1, and the mean errors from sampling noise."""
    rows = frame(evaluation, name).query("applicant_type != 'together'")
    told = [f"{named(r.applicant_type)} {r.slope:.2f}, {abs(r.slope - 1) / r.slope_se:.1f} standard errors from 1" for r in rows.itertuples()]
    ratios = [f"{r.mean_error / r.floor:.2f}" for r in rows.itertuples()]
    return f"Calibration slopes: {'; '.join(told)}. The mean error is {join(ratios)} times what independent binomials at the predicted rates would give."


def held_out_again(tidy, evaluation):
    """Train on the 2007 report's summaries here and now, and hold the result against the stored figures.

    Parameters
    ----------
    tidy : Tidy
        All sources.
    evaluation : dict

    Returns
    -------
    str
        That they are the same.

    Raises
    ------
    RefusedInput
        When they are not: the evaluation is older than the tables or the program.
    """
    stored, compared = frame(evaluation, "held_out").set_index("applicant_type"), 0
    for one in evaluate_held_out(tidy):
        row = stored.loc[one.applicant_type]
        for name in ("slope", "slope_se", "intercept", "mean_error", "floor", "auc"):
            fresh = getattr(one.calibration, name)
            if abs(fresh - row[name]) > AGREE * max(abs(fresh), 1e-2):
                raise RefusedInput(
                    f"{name} of {one.applicant_type} is {fresh:.6g} here and {row[name]:.6g} in the evaluation, "
                    "which is older than the tables or the program; make it again with: matchmodel evaluate"
                )
            compared += 1
    return f"Trained on that report's summaries again, here: all {compared} figures compared are those of the stored evaluation."


def scores_table(evaluation):
    """Return what the predictions of the 2007 bins explain of the outcome, by logarithmic loss and Brier score."""
    rows = frame(evaluation, "held_out")
    columns = {"applicants": rows["applicant_type"].map(named)}
    for name, title in (("log_loss", "log loss"), ("brier", "Brier score")):
        columns[title] = rows[name].map(lambda v: fixed(v, 4))
        columns[f"{title} of the specialty's rate alone"] = rows[f"{name}_base"].map(lambda v: fixed(v, 4))
        columns[f"{title} of the bins' own shares"] = rows[f"{name}_saturated"].map(lambda v: fixed(v, 4))
    return pd.DataFrame(columns)


def ranks_table(evaluation):
    """Return the share matched by number of ranks in the 2007 report, and as predicted from its summaries."""
    rows = frame(evaluation, "rank_shape", "groups")
    wide = rows.pivot(index="ranks", columns="applicant_type", values=["applicants", "matched", "predicted"]).reindex(rows["ranks"].drop_duplicates())
    columns = {"ranks": wide.index}
    for kind in rows["applicant_type"].unique():
        columns[named(kind)] = wide["applicants", kind].map("{:,.0f}".format)
        columns[f"matched, {named(kind)}"] = wide["matched", kind].map(percent)
        columns[f"predicted, {named(kind)}"] = wide["predicted", kind].map(percent)
    return pd.DataFrame(columns).reset_index(drop=True)


def ranks_sentence(evaluation):
    """Say how well the rank curve's shape holds in the 2007 report, and where it fails."""
    rows, groups = frame(evaluation, "rank_shape"), frame(evaluation, "rank_shape", "groups")
    told = []
    for r in rows.itertuples():
        mine = groups[groups["applicant_type"] == r.applicant_type]
        worst = mine.loc[(mine["predicted"] - mine["matched"]).abs().idxmax()]
        told.append(
            f"{named(r.applicant_type)}: calibration slope {r.slope:.2f} (SE {r.slope_se:.2f}), b of {r.b:.2f} from the summaries against {r.b_from_counts:.2f} from the counts, "
            f"and at worst {percent(worst['predicted'])} predicted for {percent(worst['matched'])} at {worst['ranks']} rank{'' if worst['ranks'] == '1' else 's'}"
        )
    return f"{'; '.join(told)}."


def average_sentence(evaluation):
    """Say how far the odds averaged over the reference population are from the published rates."""
    found = part(evaluation, "population_average")
    rows = frame(evaluation, "population_average")
    large = rows[rows["applicants"] >= 100]
    return (
        "Averaged over persons drawn from the reference population, scores and covariates tied together as the register says, the odds give back the published rates of "
        f"the {len(large)} large cells to within {100 * found['largest_gap']:.2f} points."
    )


def left_out_table(evaluation):
    """Return how often what the other specialties say of one held."""
    rows = frame(evaluation, "left_out", "coverage")
    return pd.DataFrame({
        "what": rows["what"].map(lambda w: SCORED.get(w, w)),
        "specialties": rows["specialties"], "inside the 80% range": rows["inside"], "coverage": rows["coverage"].map(lambda v: percent(v, 0)),
        "95% interval": [f"{percent(a, 0)} to {percent(b, 0)}" for a, b in zip(rows["low"], rows["high"], strict=True)],
    })


def left_out_figure(evaluation):
    """Draw each specialty's slope and rate as the others predict them, against its own."""
    rows = frame(evaluation, "left_out")
    return left_out_plot(rows[rows["what"].isin(["slope", "rate"])])


def left_out_sentence(evaluation):
    """Say which specialties fall outside what the others predict."""
    rows, told = frame(evaluation, "left_out"), []
    for what, title in SCORED.items():
        mine = rows[rows["what"] == what]
        if len(mine):
            out = mine[~mine["inside"].astype(bool)]["specialty"]
            told.append(f"{title}: {len(mine) - len(out)} of {len(mine)} inside, outside {join(out)}")
    return f"{'; '.join(told)}."
