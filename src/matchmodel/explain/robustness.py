"""Later years, made-up worlds with known truth, and what other choices would change (notebook 3)."""

import pandas as pd

from ..covariates import COVARIATES
from ..evaluate.sensitivity import AS_SHIPPED
from ..plots import drift_plot, sensitivity_plot, uncertainty_plot, worlds_plot
from ..plots.checks import COVERAGE_ZONE, SLOPE_ZONE
from ..wording import type_name
from .trust import frame, part
from .words import fixed, join, percent, signed

PARTS = {name: c.label for name, c in COVARIATES.items()}
GOALS = {"slope": SLOPE_ZONE, "coverage": COVERAGE_ZONE}  # for the means of the settings that hold what the model takes for granted


def years_table(evaluation):
    """Return how often a year's rate fell into the range drawn from the years before it, in all and by era."""
    rows = frame(evaluation, "years", "coverage")
    return pd.DataFrame({
        "applicants": rows["applicant_type"].map(lambda k: type_name(k, True)), "years": rows["era"], "scored": rows["years"].astype(str), "inside": rows["inside"].astype(str),
        "coverage": rows["coverage"].map(lambda v: percent(v, 0)), "95% interval": [f"{percent(a, 0)} to {percent(b, 0)}" for a, b in zip(rows["low"], rows["high"], strict=True)],
        "mean width, points": rows["mean_width"].map(lambda v: fixed(100 * v, 1)),
    })


def years_figure(evaluation):
    """Draw each year's rate with the 80% range given a year ahead."""
    return drift_plot(frame(evaluation, "years"))


def years_sentence(evaluation):
    """Say how often the ranges a year ahead held, and in which eras 80% is ruled out."""
    rows = frame(evaluation, "years")
    coverage = frame(evaluation, "years", "coverage")
    missed = coverage[~coverage["holds_80"].astype(bool)]
    told = [f"{type_name(kind, True)} {int(mine['inside'].sum())} of {len(mine)}" for kind, mine in rows.groupby("applicant_type")]
    eras = join(f"{type_name(r.applicant_type, True)} {r.era} ({percent(r.coverage, 0)})" for r in missed.itertuples())
    ruled_out = f"A coverage of 80% is ruled out (95% interval) for {eras}." if len(missed) else "Neither in all years nor in any era is a coverage of 80% ruled out (95% intervals)."
    return f"Inside the 80% range: {join(told)} years. {ruled_out}"


def worlds_table(evaluation):
    """Return the means over the made-up worlds, a row a setting."""
    rows = frame(evaluation, "worlds", "summary")
    return pd.DataFrame({
        "setting": rows["setting"], "worlds": rows["worlds"].astype(str), "held to the goals": rows["promised"].map({True: "yes", False: ""}),
        "slope to the true log odds": [f"{a:.3f} ({b:.3f})" for a, b in zip(rows["slope"], rows["slope_se"], strict=True)],
        "80% ranges holding the truth": [f"{percent(a)} ({100 * b:.1f})" for a, b in zip(rows["coverage"], rows["coverage_se"], strict=True)],
        "mean error, points": rows["mean_error"].map(lambda v: fixed(100 * v, 2)), "mean error, score alone": rows["naive_error"].map(lambda v: fixed(100 * v, 2)),
    })


def worlds_figure(evaluation):
    """Draw every world's slope, coverage and mean error by setting."""
    return worlds_plot(frame(evaluation, "worlds"))


def within(evaluation):
    """Return the settings held to the goals: setting, slope, coverage, and whether each mean is inside."""
    rows = frame(evaluation, "worlds", "summary")
    rows = rows[rows["promised"].astype(bool)]
    made = {f"{name}_inside": rows[name].between(*goal) for name, goal in GOALS.items()}
    return rows[["setting", "slope", "coverage"]].assign(**made).reset_index(drop=True)


def worlds_sentence(evaluation):
    """Say which settings meet the goals, and which of the others are furthest from them."""
    found, rows = within(evaluation), frame(evaluation, "worlds", "summary")
    met = [r.setting for r in found.itertuples() if r.slope_inside and r.coverage_inside]
    others = rows[~rows["promised"].astype(bool)]
    cover, tilt = others.loc[(others["coverage"] - 0.8).abs().idxmax()], others.loc[(others["slope"] - 1).abs().idxmax()]
    slope, coverage = (f"{a:g} to {b:g}" if n == "slope" else f"{100 * a:.0f} to {100 * b:.0f}%" for n, (a, b) in GOALS.items())
    return (
        f"The goals are a mean slope of {slope} and a mean coverage of {coverage}, in the {len(found)} settings that hold what the model takes for granted; {len(met)} "
        "of them meet both. "
        f"Of the settings that change one thing each, the slope is furthest from 1 with {tilt['setting']} ({tilt['slope']:.2f}, coverage {percent(tilt['coverage'], 0)}), "
        f"the coverage furthest from 80% with {cover['setting']} ({percent(cover['coverage'], 0)}, slope {cover['slope']:.2f})."
    )


def spread_table(evaluation):
    """Return slope, coverage and error by how unlike a world's effects are."""
    rows = frame(evaluation, "worlds", "by_effect_spread")
    return pd.DataFrame({
        "effects of the covariates": rows["effects"],
        "slope": rows["slope"].map(lambda v: fixed(v, 3)), "coverage": rows["coverage"].map(percent), "mean error, points": rows["mean_error"].map(lambda v: fixed(100 * v, 2)),
    })


def spread_sentence(evaluation):
    """Say what the ranges are worth where a world's effects are alike, and where they are not."""
    rows = frame(evaluation, "worlds", "by_effect_spread").set_index("effects")
    low, high = GOALS["coverage"]
    told = [f"{percent(r.coverage, 0)} where they are {name}{'' if low <= r.coverage <= high else ', outside the goal for the mean'}" for name, r in zip(rows.index, rows.itertuples(), strict=True)]
    return f"The 80% ranges hold the truth for {'; '.join(told)}. How alike the real effects are is not known."


def widths(evaluation):
    """Return {applicant: {part: share, "everything": points}}."""
    return {name: dict(zip(rows["part"], rows["value"], strict=True)) for name, rows in frame(evaluation, "widths").groupby("applicant", sort=False)}


def widths_figure(evaluation):
    """Draw where the example answers' ranges come from."""
    return uncertainty_plot(widths(evaluation))


def widths_sentence(evaluation):
    """Say how wide the ranges are, and what makes each widest."""
    told = []
    for name, parts in widths(evaluation).items():
        rest = {k: v for k, v in parts.items() if k != "everything"}
        most = max(rest, key=rest.get)
        told.append(f"{name} {parts['everything']:.0f} points, most from {PARTS.get(most, most)}")
    return f"Width of the 80% range: {'; '.join(told)}."


def moved(evaluation, kind):
    """Return the answers under other choices ('choice') or without a source ('source'); NaN where none could be given."""
    rows = frame(evaluation, "sensitivity")
    return rows[(rows["kind"] == kind) & (rows["change"] != AS_SHIPPED)].reset_index(drop=True)


def sensitivity_figure(evaluation, kind):
    """Draw how far the example answers move."""
    return sensitivity_plot(moved(evaluation, kind).dropna(subset="moved"))


def sensitivity_sentence(evaluation, kind):
    """Say which change moves an answer most, and which changes make it impossible."""
    every = moved(evaluation, kind)
    rows, none = every.dropna(subset="moved"), every.groupby("change", sort=False)["moved"].apply(lambda v: v.isna().all())
    most = rows.loc[rows["moved"].abs().idxmax()]
    small = int(rows.groupby("change")["moved"].apply(lambda v: v.abs().max() < 0.01).sum())
    return (
        f"Of {len(none)} {'other choices' if kind == 'choice' else 'sources left out in turn'} the largest move is {signed(100 * most['moved'], 1)} points "
        f"({most['applicant']}: {most['change']}); {small} move no answer by as much as a point."
        + (f" No answer at all is possible {join(none.index[none])}." if none.any() else "")
    )


def chain_table(evaluation):
    """Return the applications chain's figures beside published ones that it was not fitted to."""
    rows = frame(evaluation, "chain")
    return rows[["what", "published", "chain", "why"]].rename(columns={"why": "where the published figure is from, and why they differ"})


def made_of(evaluation, model):
    """Say which model the evaluation is of, and whether it is the one that is loaded."""
    found = part(evaluation, "model")
    same = found["name"] == model.name and found["newest_table"] == model.newest_table
    return f"Evaluation of {found['name']} (newest table {found['newest_table']}){'' if same else f'; the model loaded here is {model.name}, another one'}."
