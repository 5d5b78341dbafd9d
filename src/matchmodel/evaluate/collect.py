"""The parts of an evaluation: each function returns a dict with 'rows' and what sums them up."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from .. import __version__
from ..etl import Tidy
from ..fit.document.model import document
from ..fit.train import Trained
from ..model import Model
from . import trials
from .checks import concordance as within
from .checks import levels, monte_carlo, not_fitted
from .checks import order as orders
from .checks import sensitivity as moved
from .checks.leave_one_specialty_out import leave_one_out, level_errors
from .checks.margin import margin as margins
from .checks.participation import Participation
from .checks.participation import frame as participation_frame
from .checks.participation import participation as participants
from .checks.widths import widths
from .checks.years import coverage_by_era, one_year_ahead
from .hold_out import ranks_2007
from .hold_out.validate_2007 import HeldOut, together, validate
from .reference_people import ChainPeople, chain_people
from .results import Part, records
from .simulation import recovery as simulation

SAME = 1e-4  # log odds, by which the model's levels may differ from those trained here
FEWEST_YEARS = 12
RANK_GROUPS = (
    ("1", 1, 1),
    ("2", 2, 2),
    ("3", 3, 3),
    ("4-5", 4, 5),
    ("6-8", 6, 8),
    ("9-12", 9, 12),
    ("13-15", 13, 15),
    ("16 or more", 16, 99),
)


@dataclass(frozen=True)
class Inputs:
    """What every part is made from.

    Attributes
    ----------
    tidy, training
        All sources, and those of training.
    model
        The one that is evaluated.
    trained
        What training gives on the same tables here and now.
    """

    tidy: Tidy
    training: Tidy
    model: Model
    trained: Trained

    @cached_property
    def fresh(self) -> Model:
        """The model written from `trained`."""
        return Model(document(self.trained, self.model.name))

    @property
    def primary(self) -> str:
        """The applicant type with tables of its own."""
        return self.trained.primary

    @cached_property
    def people(self) -> list[ChainPeople]:
        """Those who rank each specialty with a chain."""
        return [
            chain_people(self.trained, self.fresh, k, s)
            for k, chains in self.trained.chains.items()
            for s in chains
        ]

    @cached_property
    def own_people(self) -> dict[str, ChainPeople]:
        """Those of the primary type, by specialty."""
        return {one.specialty: one for one in self.people if one.kind == self.primary}

    @cached_property
    def participation(self) -> list[Participation]:
        """Who takes part; raises `MissingTables` where nothing is observed."""
        return participants(self.trained, self.primary)


def about(inputs: Inputs) -> Part:
    """Return which model was evaluated, and whether training here gives the same."""
    model, fresh = inputs.model, inputs.fresh
    both = [
        (k, s)
        for k in model.applicant_types
        if k in fresh.applicant_types
        for s in set(model.specialties(k)) & set(fresh.specialties(k))
    ]
    gaps = [abs(model.cell(k, s).level.value - fresh.cell(k, s).level.value) for k, s in both]
    return {
        "name": model.name, "hash": model.hash, "newest_table": model.newest_table, "program": __version__,
        "draws": model.record.draw_count, "seed": model.record.settings.seed,
        "applicant_types": model.applicant_types, "trained_again_same": bool(gaps) and max(gaps) < SAME,
    }  # fmt: skip


def fitted(inputs: Inputs) -> Part:
    """Return the published figures that chains were solved for, beside what they give."""
    rows = []
    for kind in inputs.fresh.applicant_types:
        for specialty, cell in inputs.fresh.kind(kind).cells.items():
            for one in cell.chain.solved_for if cell.chain is not None else ():
                rows.append({"applicant_type": kind, "specialty": specialty, **vars(one)})
    return {"rows": rows}


def participation(inputs: Inputs) -> Part:
    """Return the shares of applicants who rank, and what they imply."""
    return {"rows": records(participation_frame(inputs.participation))}


def figures_not_fitted(inputs: Inputs) -> Part:
    """Return published figures that the chain was not fitted to, beside what it says."""
    people = inputs.own_people
    rows = not_fitted.uninvited(inputs.tidy, people)
    rows += not_fitted.slopes_on_invitations(inputs.trained, inputs.primary) + not_fitted.dispersions(
        inputs.trained, inputs.primary
    )
    bins = not_fitted.invitations_against_matches(inputs.tidy, people)
    return {"rows": [vars(row) for row in rows], "invitations": records(bins)}


def _calibration(one: HeldOut | ranks_2007.RankShape, **more: object) -> Part:
    c = one.calibration
    ends = (("", "value"), ("_base", "base"), ("_saturated", "saturated"), ("_explained", "explained"))
    scores = {
        f"{name}{end}": getattr(getattr(c, name), field)
        for name in ("log_loss", "brier")
        for end, field in ends
    }
    return {
        "applicant_type": one.applicant_type, "specialties": one.bins["specialty"].nunique(), "bins": c.bins,
        "applicants": c.applicants, "slope": c.slope, "slope_se": c.slope_se, "intercept": c.intercept,
        "in_the_large": c.in_the_large, "in_the_large_se": c.in_the_large_se, "mean_error": c.mean_error,
        "floor": c.floor, "error_over_floor": c.ratio, "auc": c.auc, "auc_within": c.auc_within, **scores,
        **more,
    }  # fmt: skip


def held_out(inputs: Inputs) -> Part:
    """Return the 2007 report's score bins, predicted from its summaries, by type and together."""
    held = validate(inputs.tidy)
    everybody = [*held, together(held)] if len(held) > 1 else held
    bins = pd.concat([one.bins.assign(applicant_type=one.applicant_type) for one in held])
    return {"rows": [_calibration(one) for one in everybody], "bins": records(bins)}


def rank_shape(inputs: Inputs) -> Part:
    """Return the rank curve beside counts by number of ranks, by type; no rows without such counts."""
    validation = inputs.tidy.select(role="validation")
    bins = validation.table("bins")
    kinds = sorted(set(bins[bins["measure"] == "contiguous_ranks"]["applicant_type"]))
    shapes = [ranks_2007.rank_shape(validation, kind) for kind in kinds]
    groups = []
    for shape in shapes:
        for label, low, high in RANK_GROUPS:
            g = shape.bins[(shape.bins["ranks"] >= low) & (shape.bins["ranks"] <= high)]
            total = g["total"].sum()
            if total > 0:
                predicted = (g["predicted"] * g["total"]).sum() / total
                groups.append(
                    (shape.applicant_type, label, int(total), g["matched"].sum() / total, predicted)
                )
    return {
        "rows": [_calibration(shape, b=shape.slope, b_from_counts=shape.direct_slope) for shape in shapes],
        "groups": records(
            pd.DataFrame(groups, columns=["applicant_type", "ranks", "applicants", "matched", "predicted"])
        ),
        "bins": records(
            pd.concat([shape.bins.assign(applicant_type=shape.applicant_type) for shape in shapes])
        )
        if shapes
        else [],
    }


def left_out(inputs: Inputs) -> Part:
    """Return each specialty predicted from the others, how often the ranges hold, and the level's error."""
    observed = "applicants_total" in inputs.training.tables and bool(inputs.own_people)
    frame = leave_one_out(inputs.trained, inputs.primary, inputs.participation if observed else [])
    coverage = []
    for what, rows in frame.groupby("what", sort=False):
        hits, tried = int(rows["inside"].sum()), len(rows)
        low, high = binomtest(hits, tried).proportion_ci(0.95, method="exact")
        coverage.append({
            "what": what, "specialties": tried, "inside": hits, "coverage": hits / tried, "low": low,
            "high": high, "holds_80": low <= 0.8 <= high,
        })  # fmt: skip
    errors = level_errors(inputs.trained, inputs.primary)
    return {
        "applicant_type": inputs.primary, "rows": records(frame), "coverage": coverage,
        "level_error": errors["line"], "level_error_of_the_mean": errors["mean"],
    }  # fmt: skip


def small_cells(inputs: Inputs, rows: list[Part]) -> Part:
    """Return the small competitive cells, each and together.

    Parameters
    ----------
    rows
        Of the part `left_out`.
    """
    others = {row["specialty"]: row["predicted"] for row in rows if row["what"] == "rate"}
    frame = levels.small_competitive(inputs.trained, inputs.primary, others)
    if not frame["published"].any():
        return {"rows": []}
    columns = ["applicants", "matched", "expected", "by_others"]
    n, matched, expected, by_others = frame.loc[frame["published"], columns].sum()
    chosen = frame.loc[frame["predicted"], columns].sum()
    size = max(chosen["applicants"], 1.0)
    return {
        "rows": records(frame), "applicants": n, "matched": matched / n, "expected": expected / n,
        "by_others": by_others / n, "gap": (expected - matched) / n,
        "chosen_applicants": chosen["applicants"], "chosen_matched": chosen["matched"] / size,
        "chosen_expected": chosen["expected"] / size,
    }  # fmt: skip


def population_average(inputs: Inputs) -> Part:
    """Return the chances averaged over the reference population, beside published rates and levels."""
    kinds = inputs.fresh.applicant_types
    frame = pd.concat(
        [
            levels.population_average(inputs.trained, inputs.fresh, kind).assign(applicant_type=kind)
            for kind in kinds
        ]
    )
    large = frame[frame["applicants"] >= levels.SMALL]
    return {
        "rows": records(frame), "largest_gap": (frame["averaged"] - frame["model"]).abs().max(),
        "largest_gap_to_published": (large["averaged"] - large["published"]).abs().max(),
    }  # fmt: skip


def margin(inputs: Inputs) -> Part:
    """Return the chain's margin beside the logistic model's chance."""
    frame = margins(inputs.people)
    if frame.empty:
        return {"rows": []}
    return {
        "rows": records(frame),
        **{name: frame[name].max() for name in ("mean_error", "worst_twelfth", "answered")},
    }


def order(inputs: Inputs) -> Part:
    """Return how often an order was broken over random applicants."""
    frame = orders.order(inputs.model)
    return {"rows": records(frame[frame["tried"] > 0]), "applicants": orders.PEOPLE}


def concordance(inputs: Inputs) -> Part:
    """Return the c-statistic to be expected within each specialty."""
    frame = within.concordance(inputs.trained, inputs.primary)
    weights = frame["applicants"] if frame["applicants"].sum() > 0 else None
    means = {name: float(np.average(frame[name], weights=weights)) for name in ("everything", "score")}
    return {"applicant_type": inputs.primary, "rows": records(frame), **means}


def years(inputs: Inputs) -> Part:
    """Return the types' match rates a year ahead, and their coverage by era; no rows without a series."""
    rates = inputs.training.table("rates")
    known = [k for k in inputs.model.applicant_types if (rates["applicant_type"] == k).sum() > FEWEST_YEARS]
    frame = pd.concat([one_year_ahead(rates, kind) for kind in known]) if known else pd.DataFrame()
    return {"rows": records(frame), "coverage": records(coverage_by_era(frame)) if known else []}


def worlds(count: int, step: Callable[[], None]) -> Part:
    """Return what simulated data sets with known truth show, by setting."""
    recoveries = simulation.study(count, progress=step)
    summary = simulation.summary(recoveries)
    return {
        "rows": [vars(one) for one in recoveries],
        "summary": records(summary),
        "draws": simulation.DRAWS,
        "asked": simulation.ASKED,
    }


def answers_moved(inputs: Inputs, step: Callable[[], None], tried: list[trials.Trial]) -> tuple[Part, Part]:
    """Return what other seeds, choices, priors and sources move: the parts 'seeds' and 'sensitivity'.

    Parameters
    ----------
    step
        Called after each training.
    tried
        Of `monte_carlo.trials`, then `sensitivity.trials`.
    """
    examples = {name: moved.example(name) for name in moved.EXAMPLES}
    fifty = monte_carlo.reference_applicants(inputs.fresh)
    answers = trials.run_all(inputs.training, tried, {**fifty, **examples}, step)
    seeds = {
        t.change: a[a["applicant"].isin(fifty)]
        for t, a in zip(tried, answers, strict=True)
        if t.kind == "seed"
    }
    off = monte_carlo.moved(trials.ask(inputs.fresh, fifty), seeds)
    others = [
        (t, a[a["applicant"].isin(examples)]) for t, a in zip(tried, answers, strict=True) if t.kind != "seed"
    ]
    frame = moved.sensitivity([t for t, _ in others], [a for _, a in others])
    return (
        {
            "rows": records(off),
            "applicants": len(fifty),
            "point": off["point"].max(),
            "end": off["end"].max(),
        },
        {
            "rows": records(frame),
            "applicants": moved.EXAMPLES,
            "draws": others[0][0].draws,
            "most": moved.most_moved(frame),
        },
    )


def answer_widths(inputs: Inputs) -> Part:
    """Return where the examples' ranges come from: the width in points, then shares of the variance."""
    rows = []
    for name in moved.EXAMPLES:
        applicant = moved.example(name)
        if (
            applicant.applicant_type in inputs.model.applicant_types
            and applicant.specialty in inputs.model.specialties(applicant.applicant_type)
        ):
            rows += [
                {"applicant": name, "part": part, "value": value}
                for part, value in widths(inputs.model, applicant).items()
            ]
    return {"rows": rows}
