"""Simulated data sets: is the truth recovered, do the ranges hold it, what does each assumption cost?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...fit.document.model import document
from ...fit.train import train
from ...model.engine import People, ranges
from ...model.loaded import Model
from ...processes import beside
from .cells import Applicants, Cell
from .data import AS_TAKEN, BROKEN, KINDS, Setting, Truth, simulate
from .tables import publish

TRIED, REPORTED = 1, 1000  # the first seed on which choices are tried; the first of those that are reported
DATA_SETS = 60
DRAWS = 200
ASKED = 3000  # applicants asked a data set and type, specialties in proportion to their size
LEAST_ASKED = 25  # of a specialty
TIMES = (0.5, 1.0, 1.5)  # the usual number of applications
INTERVIEWS = 3
SLOPE_LIMITS, COVERAGE_LIMITS = (0.95, 1.05), (0.76, 0.84)  # what is promised of `AS_TAKEN`

# One ingredient switched off at a time, to find what a shortfall comes from.
OFF = (
    replace(AS_TAKEN, name="covariates independent", correlations=0.0),
    replace(AS_TAKEN, name="those who rank are as the tables describe them", references=0.0),
    replace(AS_TAKEN, name="studies without error", errors=0.0),
    replace(AS_TAKEN, name="one effect for all specialties", effect_spread=0.0),
    replace(AS_TAKEN, name="levels on the line", level_spread=0.0),
)
# One thing broken at a time, then all of them.
BREAKS = (
    replace(AS_TAKEN, name="correlations x1.5", correlations=1.5),
    replace(AS_TAKEN, name="effects spread twice as far", effect_spread=2.0),
    replace(AS_TAKEN, name="each specialty a lambda of its own", own_lambda=True),
    replace(AS_TAKEN, name="an exchange rate of its own for each covariate", exchange_spread=0.3),
    replace(AS_TAKEN, name="who applies to more is invited more", spread_applications=True),
    replace(AS_TAKEN, name="second choices in the number of applications", second_choices=0.3),
    replace(AS_TAKEN, name="crude rows hold what they did not adjust for", projected=True),
    replace(AS_TAKEN, name="rows of all specialties weighted by applicants", pooled_rows=True),
    BROKEN,
)
SETTINGS = (AS_TAKEN, BROKEN)


@dataclass(frozen=True)
class Recovery:
    """How well the truth of one data set and type was recovered; chances as proportions.

    Attributes
    ----------
    setting, seed, applicant_type
        Which data set.
    slope
        Of the true log odds on the predicted ones over fresh applicants, by least squares; 1 when perfect.
    mean_error, bias
        Mean |predicted - true| and mean predicted - true of P(match | ranked, x).
    coverage, coverage_by_specialty
        Share of its 80% ranges that hold the truth, over applicants, and as the mean over specialties.
    apply_error, apply_bias, apply_coverage
        Of P(apply | N, x), over applicants (who rank, over P(K >= 1)) at `TIMES` the usual number.
    given_bias, given_coverage
        Of P(match | 3 ranks, x).
    naive_slope, naive_error
        The first two with the covariates left unsaid.
    """

    setting: str
    seed: int
    applicant_type: str
    slope: float
    mean_error: float
    bias: float
    coverage: float
    coverage_by_specialty: float
    apply_error: float
    apply_bias: float
    apply_coverage: float
    given_bias: float
    given_coverage: float
    naive_slope: float
    naive_error: float


def _logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-9, 1 - 1e-9)
    log_odds: np.ndarray = np.log(p) - np.log1p(-p)
    return log_odds


def _against(draws: np.ndarray, truth: np.ndarray, weights: np.ndarray | None = None) -> pd.DataFrame:
    """Return predicted, true, whether the range holds the truth, and the weight of each."""
    point, low, high = ranges(draws)
    return pd.DataFrame(
        {
            "predicted": point,
            "true": truth,
            "held": (low <= truth) & (truth <= high),
            "weight": 1.0 if weights is None else weights,
        }
    )


def _apply(people: People, cell: Cell, asked: Applicants, rng: np.random.Generator) -> pd.DataFrame:
    number = cell.usual * rng.choice(TIMES, len(asked.score))
    weights = 1 / np.maximum(cell.share(asked), 0.02)
    return _against(
        people.p_apply(people.invitations(number)),
        cell.p_apply(asked, number),
        weights / weights.sum() * len(weights),
    )


def ask_cell(model: Model, cell: Cell, n: int, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Ask for n fresh applicants of a cell: rows of 'ranked', 'naive', with a chain 'apply' and 'given'."""
    arrays, asked = model.arrays(cell.kind, cell.specialty), cell.applicants(n, rng)
    true = 1 / (1 + np.exp(-asked.log_odds))
    people, naive = People(arrays, asked.score, asked.values, 0), People(arrays, asked.score, {}, 0)
    answers = {"ranked": _against(people.p_ranked(), true), "naive": _against(naive.p_ranked(), true)}
    if model.has_chain(cell.kind, cell.specialty):
        held = np.full(n, INTERVIEWS)
        answers["given"] = _against(people.p_given(held), cell.p_given(asked, held))
        if arrays.chain is not None and arrays.chain.usual is not None:
            answers["apply"] = _apply(people, cell, asked, rng)
    return {what: rows.assign(specialty=cell.specialty) for what, rows in answers.items()}


def recover(truth: Truth, model: Model) -> list[Recovery]:
    """Ask a model for fresh applicants of its data set, by type; withheld specialties are not asked."""
    recoveries = []
    for kind in (k for k in KINDS if k in model.applicant_types):
        rng = np.random.default_rng([13, truth.seed])
        cells = [c for (k, s), c in truth.cells.items() if k == kind and not model.withheld(kind, s)]
        whole = sum(c.size for c in cells)
        parts = [ask_cell(model, c, max(LEAST_ASKED, ASKED * c.size // whole), rng) for c in cells]
        size = {c.specialty: c.size for c in cells}
        rows = {
            what: _weighted(pd.concat([p[what] for p in parts if what in p]), size)
            for what in ("ranked", "naive", "apply", "given")
        }
        ranked, naive, apply, given = rows.values()
        recoveries.append(
            Recovery(
                truth.setting.name,
                truth.seed,
                kind,
                _slope(ranked),
                _mean(ranked, abs),
                _mean(ranked),
                _held(ranked),
                float(ranked.groupby("specialty")["held"].mean().mean()),
                _mean(apply, abs),
                _mean(apply),
                _held(apply),
                _mean(given),
                _held(given),
                _slope(naive),
                _mean(naive, abs),
            )
        )
    return recoveries


def _weighted(rows: pd.DataFrame, size: dict[str, int]) -> pd.DataFrame:
    """Give each specialty the weight of its applicants."""
    asked = rows.groupby("specialty")["weight"].transform("sum")
    return rows.assign(weight=rows["weight"] * rows["specialty"].map(size) / asked)


def _slope(rows: pd.DataFrame) -> float:
    return float(
        np.polyfit(
            _logit(rows["predicted"].to_numpy()),
            _logit(rows["true"].to_numpy()),
            1,
            w=np.sqrt(rows["weight"].to_numpy()),
        )[0]
    )


def _mean(rows: pd.DataFrame, of: Callable[[pd.Series], pd.Series] = lambda off: off) -> float:
    return float(np.average(of(rows["predicted"] - rows["true"]), weights=rows["weight"]))


def _held(rows: pd.DataFrame) -> float:
    return float(np.average(rows["held"], weights=rows["weight"]))


def one(seed: int, setting: Setting = AS_TAKEN, draws: int = DRAWS) -> list[Recovery]:
    """Simulate a data set, train on its tables, and ask for fresh applicants."""
    truth = simulate(seed, setting)
    return recover(truth, Model(document(train(publish(truth), draws=draws, seed=seed), f"simulated-{seed}")))


def _task(arguments: tuple[int, Setting, int]) -> list[Recovery]:
    return one(*arguments)


def study(
    n: int = DATA_SETS,
    settings: Sequence[Setting] = SETTINGS,
    first: int = REPORTED,
    draws: int = DRAWS,
    workers: int = 2,
    progress: Callable[[], None] = lambda: None,
) -> list[Recovery]:
    """Recover n data sets under each setting, several at a time.

    Parameters
    ----------
    n
        Data sets a setting.
    settings
        What to simulate.
    first
        Their first seed: `TRIED` while choosing, `REPORTED` for what is reported.
    draws
        Of each training.
    workers
        Processes; 1 for none beside this one.
    progress
        Called after each data set.

    Returns
    -------
    list of Recovery
        By setting, then seed, then type.
    """
    tasks = [(seed, setting, draws) for setting in settings for seed in range(first, first + n)]
    recoveries: list[Recovery] = []
    with beside(workers if min(workers, len(tasks)) > 1 else 0) as pool:
        for of_one in (map if pool is None else pool.map)(_task, tasks):
            recoveries += of_one
            progress()
    return recoveries


def summary(found: Sequence[Recovery]) -> pd.DataFrame:
    """Return the mean over data sets of each figure and its standard error, by setting and type.

    Columns: setting, applicant_type, data_sets, promised, and for each figure of `Recovery` its mean and
    `_se`.
    """
    rows = pd.DataFrame([vars(one) for one in found])
    figures = [
        name for name in Recovery.__dataclass_fields__ if name not in ("setting", "seed", "applicant_type")
    ]
    lines = []
    for (setting, kind), own in rows.groupby(["setting", "applicant_type"], sort=False):
        row = {
            "setting": setting,
            "applicant_type": kind,
            "data_sets": len(own),
            "promised": setting == AS_TAKEN.name and kind == KINDS[0],
        }
        for name in figures:
            row |= {name: own[name].mean(), f"{name}_se": own[name].std(ddof=1) / np.sqrt(len(own))}
        lines.append(row)
    return pd.DataFrame(lines)
