"""The parts of an evaluation: each function returns a dict with 'rows' and what sums them up."""

import pandas as pd
from scipy.stats import binomtest

from ..fit.references import correlations, references
from . import simulation
from .chain_checks import chain_checks, rank_shape
from .held_out import check_population_average, evaluate_held_out, together
from .left_out import left_out
from .results import records
from .sensitivity import EXAMPLES, example, sensitivity
from .widths import widths
from .years import coverage_by_era, one_year_ahead

FEWEST_FOR_THIRDS = 9  # worlds
LARGE = 100  # applicants from which a cell keeps its published level
RANK_GROUPS = (("1", 1, 1), ("2", 2, 2), ("3", 3, 3), ("4-5", 4, 5), ("6-8", 6, 8), ("9-12", 9, 12), ("13-15", 13, 15), ("16 or more", 16, 99))


def _calibration(one, **more):
    c = one.calibration
    scores = {f"{name}{end}": getattr(getattr(c, name), field) for name in ("log_loss", "brier") for end, field in (("", "value"), ("_base", "base"), ("_saturated", "saturated"), ("_explained", "explained"))}
    return {
        "applicant_type": one.applicant_type, "specialties": one.bins["specialty"].nunique(), "bins": c.bins, "applicants": c.persons,
        "slope": c.slope, "slope_se": c.slope_se, "intercept": c.intercept, "in_the_large": c.in_the_large, "in_the_large_se": c.in_the_large_se,
        "mean_error": c.mean_error, "floor": c.floor, "error_over_floor": c.ratio, "auc": c.auc, **scores, **more,
    }


def held_out(tidy):
    """Return the 2007 report's score bins, predicted from its summaries, by type and together."""
    held = evaluate_held_out(tidy)
    everybody = [*held, together(held)] if len(held) > 1 else held
    bins = pd.concat([one.bins.assign(applicant_type=one.applicant_type) for one in held])
    return {"rows": [_calibration(one) for one in everybody], "bins": records(bins)}


def ranks_held_out(tidy):
    """Return the rank curve's shape held against counts by number of ranks, by type."""
    bins = tidy.table("bins")
    kinds = sorted(set(bins[bins["measure"] == "contiguous_ranks"]["applicant_type"]))
    shapes = [rank_shape(tidy, kind) for kind in kinds]
    groups = []
    for shape in shapes:
        for label, low, high in RANK_GROUPS:
            g = shape.bins[(shape.bins["ranks"] >= low) & (shape.bins["ranks"] <= high)]
            total = g["total"].sum()
            if total > 0:
                groups.append((shape.applicant_type, label, int(total), g["matched"].sum() / total, (g["predicted"] * g["total"]).sum() / total))
    return {
        "rows": [_calibration(shape, b=shape.slope, b_from_counts=shape.direct_slope) for shape in shapes],
        "groups": records(pd.DataFrame(groups, columns=["applicant_type", "ranks", "applicants", "matched", "predicted"])),
        "bins": records(pd.concat([shape.bins.assign(applicant_type=shape.applicant_type) for shape in shapes])) if shapes else [],
    }


def population_average(trained, model, kinds):
    """Return the odds averaged over the reference population, against the published rates."""
    frame = pd.concat([check_population_average(trained, model, kind).assign(applicant_type=kind) for kind in kinds])
    large = frame[frame["applicants"] >= LARGE]
    return {"rows": records(frame), "largest_gap": (large["averaged"] - large["published"]).abs().max()}


def specialties_left_out(trained, kind):
    """Return every specialty predicted from the others, and how often the ranges held."""
    frame = left_out(trained, kind)
    coverage = []
    for what, rows in frame.groupby("what", sort=False):
        hits = int(rows["inside"].sum())
        low, high = binomtest(hits, len(rows)).proportion_ci(0.95, method="exact")
        coverage.append({"what": what, "specialties": len(rows), "inside": hits, "coverage": hits / len(rows), "low": low, "high": high, "holds_80": bool(low <= 0.8 <= high)})
    return {"applicant_type": kind, "rows": records(frame), "coverage": coverage}


def years(rates, kinds):
    """Return the one-year-ahead ranges of the types' match rates, and their coverage by era."""
    frame = pd.concat([one_year_ahead(rates, kind) for kind in kinds])
    return {"rows": records(frame), "coverage": records(coverage_by_era(frame))}


def worlds(training, seeds, progress=None):
    """Return what made-up worlds with known truth show, by setting."""
    refs, links = references(training.table("population")), correlations(training.table("correlations"))
    found = pd.DataFrame([vars(r) for r in simulation.simulate(refs, links, seeds=seeds, progress=progress)])
    promised = {s.name for s in simulation.SETTINGS[: simulation.WITHIN]}
    summary = []
    for setting, rows in found.groupby("setting", sort=False):
        n = len(rows) ** 0.5
        summary.append({
            "setting": setting, "promised": setting in promised, "worlds": len(rows), "slope": rows["slope"].mean(), "slope_se": rows["slope"].std() / n,
            "coverage": rows["coverage"].mean(), "coverage_se": rows["coverage"].std() / n, "mean_error": rows["mean_error"].mean(),
            "slope_low": rows["slope"].min(), "slope_high": rows["slope"].max(), "coverage_low": rows["coverage"].min(), "coverage_high": rows["coverage"].max(),
            "naive_slope": rows["naive_slope"].mean(), "naive_error": rows["naive_error"].mean(),
        })
    first = found[found["setting"] == simulation.AS_TAKEN.name]
    if len(first) < FEWEST_FOR_THIRDS:
        return {"rows": records(found), "summary": summary, "by_effect_spread": []}
    thirds = first.groupby(pd.qcut(first["effect_spread"], 3, labels=["alike", "between", "unlike"]), observed=True)[["slope", "coverage", "mean_error", "effect_spread"]].mean()
    return {"rows": records(found), "summary": summary, "by_effect_spread": records(thirds.rename_axis("effects").reset_index().astype({"effects": str}))}


def answers_moved(training, trained, progress=None):
    """Return how far each choice and each source moves the example answers."""
    return {"rows": records(sensitivity(training, trained, progress)), "applicants": {name: _describe(name) for name in EXAMPLES}}


def _describe(name):
    return {k: v for k, v in example(name)._asdict().items() if v is not None}


def answer_widths(model):
    """Return where the example answers' ranges come from: the width in points of probability, then shares of the variance."""
    made = []
    for name in EXAMPLES:
        who = example(name)
        if who.applicant_type in model.applicant_types and who.specialty in model.specialties(who.applicant_type):
            made += [{"applicant": name, "part": part, "value": value} for part, value in widths(model, who).items()]
    return {"rows": made}


def applications(trained, chain):
    """Return the applications chain held against figures that it was not fitted to."""
    return {"rows": [vars(check) for check in chain_checks(trained, chain)]}
