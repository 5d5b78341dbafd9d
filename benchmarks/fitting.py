"""Fitting: `update` and `calibrate` on a million applicants beside statsmodels' GLM on the same design.

Run it on a quiet machine: python benchmarks/fitting.py [ROWS [RUNS]]. It writes its part of
reports/benchmarks.json.

What is compared for `update`: applicants of whom everything is known, of the table's year. The log odds that
it fits are then linear in columns that a GLM can have as well: a dummy per cell (type and specialty), the
score by specialty, the covariates by specialty. Its prior is made so wide that it says nothing of those, and
so narrow on what the rows cannot tell from a level (how far a population's mean is off, the shift of scores)
that these stay where they are; the maximum is then that of the GLM. 'whole' has scores, years and months in
whole numbers, as people have them, so that rows are equal; in 'distinct' every score is another. For
`calibrate`: all that it learns of a type, cross-validation and all, with our logistic regression and with the
GLM in its place.

The gate: coefficients within 1e-6, standard errors within 1e-5 of themselves; no time is printed otherwise.
Both sides are handed their rows ready to use, ours as `OwnRows`, the GLM's as a matrix. Memory is what each
takes beyond that, as the system counts it, in a process of its own (Linux). The whole commands, which read
the table too, are timed at a tenth of the rows and at all; they have no bar.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import statsmodels.api as sm
from common import agree, merge, people, ratio, timed, whole_command
from scipy.special import expit

from matchmodel import load_model
from matchmodel.batch import score_frame
from matchmodel.covariates import COVARIATES, step2_u
from matchmodel.model import Model
from matchmodel.own.calibrate import line
from matchmodel.own.calibrate.logistic import Logistic
from matchmodel.own.update.likelihood import Likelihood
from matchmodel.own.update.numbers import OwnRows
from matchmodel.own.update.posterior import Fitted, fit_update
from matchmodel.own.update.prior import NONE, Prior

SPECIALTIES = ("Internal Medicine", "Family Medicine", "Pediatrics", "Neurology")
WIDE, NARROW = 1e6, 1e-14  # variances: of what is fitted, and of what the rows cannot tell from it
FASTER, MEMORY = 10.0, 0.25  # the bars
COEFFICIENTS, ERRORS = 1e-6, 1e-5  # how far the two sides may differ


class Flat(Prior):
    """A model's numbers with a prior that says nothing of levels, slopes and effects, and holds the rest."""

    def covariance(self) -> np.ndarray:
        """Return the prior covariance, shape (p, p)."""
        variance = np.full(len(self.point), WIDE)
        variance[[*self.mean.values(), *self.shift.values()]] = NARROW
        return np.diag(variance)


@dataclass(frozen=True)
class Design:
    """Our rows, and the same as a matrix.

    Attributes
    ----------
    rows, prior
    cells
        Those that occur, by their places.
    matrix
        Shape (n, k): the cells' dummies, then the columns of `places`.
    places
        Of slopes and effects in our vector.
    """

    rows: OwnRows
    prior: Prior
    cells: np.ndarray
    matrix: np.ndarray
    places: np.ndarray


def rows_of(model: Model, prior: Prior, count: int, whole: bool) -> OwnRows:
    """Draw applicants from the model's reference populations, with outcomes off the model's own."""
    random = np.random.default_rng(5)
    cells = [k for k, (_, s) in enumerate(prior.cells) if s in SPECIALTIES]
    cell = random.choice(cells, count).astype(np.int32)
    score = 245 + 14 * random.standard_normal(count)
    score = step2_u(np.clip(np.round(score) if whole else score, 200, 290))
    covariates = np.full((count, len(COVARIATES)), np.nan)
    log_odds = 0.3 * np.cos(cell) - 0.4 + (0.6 + 0.1 * np.sin(cell)) * (score - 0.5)
    for j, name in enumerate(COVARIATES):
        for t, kind in enumerate(prior.types):
            mine = prior.kind[cell] == t
            if name in prior.references[kind]:
                u, shares = prior.references[kind][name]
                covariates[mine, j] = random.choice(u, mine.sum(), p=shares / shares.sum())
                log_odds[mine] -= 0.4 * (covariates[mine, j] - shares @ u / shares.sum())
    matched = (random.random(count) < expit(log_odds)).astype(float)
    cycles = np.full(count, prior.year[prior.types[0]])
    return OwnRows(tuple(prior.cells), cell, cycles, score, covariates, matched, np.ones(count))


def design_of(rows: OwnRows, prior: Prior) -> Design:
    """Lay the columns out that the rows' log odds are linear in."""
    cells = np.unique(rows.key)
    by_cell = np.column_stack([prior.beta, prior.delta])
    places = np.unique(by_cell[cells])
    places = places[places != NONE]
    matrix = np.zeros((len(rows), len(cells) + len(places)))
    matrix[np.arange(len(rows)), np.searchsorted(cells, rows.key)] = 1.0
    names = [list(COVARIATES).index(name) for name in prior.names]
    for k in cells:
        mine = np.flatnonzero(rows.key == k)
        for place, values in zip(by_cell[k], (rows.score, *rows.covariates.T[names]), strict=True):
            if place != NONE:
                matrix[mine, len(cells) + np.searchsorted(places, place)] = values[mine]
    return Design(rows, prior, cells, matrix, places)


def ours(model: Model, prior: Prior, rows: OwnRows) -> Fitted:
    """Fit our rows."""
    return fit_update(Likelihood(model, prior, rows))


def glm(y: np.ndarray, matrix: np.ndarray, offset: np.ndarray | None = None) -> Any:
    """Fit a GLM."""
    return sm.GLM(y, matrix, family=sm.families.Binomial(), offset=offset).fit()


def by_glm(
    columns: tuple[np.ndarray | float, ...],
    y: np.ndarray,
    offset: np.ndarray | float = 0.0,
    trials: np.ndarray | float = 1.0,
) -> Logistic:
    """Do what `logistic` does by statsmodels, a row per applicant again: those who matched are its first."""
    counts = np.broadcast_to(trials, y.shape).astype(int)
    of = np.repeat(np.arange(len(y)), counts)
    matched = (np.arange(len(of)) < (np.cumsum(counts) - counts + y)[of]).astype(float)
    matrix = np.column_stack([np.broadcast_to(column, y.shape)[of] for column in columns])
    fit = glm(matched, matrix, np.broadcast_to(offset, y.shape)[of])
    return Logistic(fit.params, fit.cov_params(), fit.llf, True)


def coefficients(fitted: Fitted, design: Design, model: Model) -> np.ndarray:
    """Return our coefficients as the GLM has them; a cell's dummy is its log odds where all u are 0."""
    n = len(design.cells)
    zero = OwnRows(
        design.rows.keys, design.cells, design.rows.cycles[:n], np.zeros(n), np.zeros((n, len(COVARIATES))),
        np.zeros(n), np.ones(n),
    )  # fmt: skip
    made = Likelihood(model, design.prior, zero)
    p = made.chances(fitted.point)[made.back]
    return np.concatenate([np.log(p / (1 - p)), fitted.point[design.places]])


def extra_megabytes(work: Callable[[], object]) -> float:
    """Return by how much this process grows while it works (Linux)."""

    def held(what: str) -> float:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return float(status.split(f"{what}:")[1].split()[0]) / 1024

    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the highest so far is forgotten
    before = held("VmRSS")
    work()
    return held("VmHWM") - before


def memory(*words: str) -> float:
    """Return what one of the fits takes, in a process of its own; freed memory is given back at once."""
    environment = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
    command = [sys.executable, __file__, *words]
    return float(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)


@dataclass(frozen=True)
class Case:
    """A piece of work, ours and by statsmodels; `agreed` stops where they differ, else describes it."""

    ours: Callable[[], Any]
    statsmodels: Callable[[], Any]
    agreed: Callable[[Any, Any], dict[str, Any]]


def updating(count: int, whole: bool) -> Case:
    """Return `update` on made-up rows."""
    model = load_model()
    prior = Flat(model)
    design = design_of(rows_of(model, prior, count, whole), prior)

    def agreed(fitted: Fitted, fit: Any) -> dict[str, Any]:
        gap = float(np.abs(coefficients(fitted, design, model) - fit.params).max())
        agree("update, coefficients", gap, COEFFICIENTS)
        errors = np.sqrt(np.diag(fitted.covariance))[design.places] / fit.bse[len(design.cells) :]
        agree("update, standard errors", float(np.abs(errors - 1).max()), ERRORS)
        distinct = len(Likelihood(model, prior, design.rows).trials)
        return {"distinct_rows": distinct, "columns": len(fit.params), "gap": gap}

    return Case(
        partial(ours, model, prior, design.rows), partial(glm, design.rows.matched, design.matrix), agreed
    )


def calibrating(count: int) -> Case:
    """Return `calibrate` on log odds like those of made-up rows."""
    model = load_model()
    prior = Prior(model)
    rows = rows_of(model, prior, count, True)
    made = Likelihood(model, prior, rows)
    p = made.chances(made.start)[made.back]
    learn = partial(line.learn, np.log(p / (1 - p)), rows.matched.astype(bool), "non-us-img")

    def statsmodels() -> line.Learnt:
        with patch.object(line, "logistic", by_glm):
            return learn()

    def agreed(one: line.Learnt, other: line.Learnt) -> dict[str, Any]:
        a, b = (
            np.array([x.line.intercept, x.line.slope, *x.cross_validated.slope, *x.cross_validated.intercept])
            for x in (one, other) if x.line is not None and x.cross_validated is not None
        )  # fmt: skip
        gap = float(np.abs(a - b).max())
        agree("calibrate, coefficients", gap, COEFFICIENTS)
        return {"distinct_rows": len(np.unique(p)), "fits": 2 + line.FOLDS + 4, "gap": gap}

    return Case(learn, statsmodels, agreed)


CASES: dict[str, Callable[[int], Case]] = {
    "update_whole": partial(updating, whole=True),
    "update_distinct": partial(updating, whole=False),
    "calibrate": calibrating,
}


def compared(name: str, count: int, runs: int) -> dict[str, Any]:
    """Return what both sides of a case take."""
    case, found = CASES[name](count), {}

    def run(who: str) -> None:
        found[who] = getattr(case, who)()

    sides = ("ours", "statsmodels")
    seconds = timed(runs, **{who: partial(run, who) for who in sides})
    agreed = case.agreed(*(found[who] for who in sides))
    megabytes = {who: memory("--memory", name, who, str(count)) for who in sides}
    return {
        "rows": count,
        **agreed,
        "seconds": seconds,
        "megabytes": megabytes,
    }


def commands(rows: int) -> Iterator[dict[str, Any]]:
    """Yield what whole commands take, which read a table, fit and write a model; all rows are used."""
    model = load_model()
    frame = people(model, rows, seed=4)
    chances = score_frame(frame, model, ranges=False, chain=False)["p_ranked"]
    luck = np.random.default_rng(5).random(rows)  # another seed: else who applies to what decides who matches
    frame["matched"] = np.where(luck < chances, "yes", "no")
    with tempfile.TemporaryDirectory() as folder:
        table, out = Path(folder) / "own.csv", Path(folder) / "new.json"
        frame.to_csv(table, index=False)
        for name in ("update", "calibrate"):
            one = whole_command(name, table, "--out", out)
            made = load_model(out).record
            learnt = [made.updated] if name == "update" else [t.calibration for t in made.types.values()]
            used = sum(part.n or 0 for part in learnt if part is not None)
            agree(f"{name}, rows used", abs(rows - used), 0)
            yield {"command": f"{name}: the whole command", "rows": rows, **one}


def main(words: list[str]) -> None:
    """Compare, or answer a process that asks for memory."""
    if words[:1] == ["--memory"]:
        _, name, who, count = words
        print(extra_megabytes(getattr(CASES[name](int(count)), who)))
        return
    count, runs = (int(word) for word in (words + ["1000000", "3"][len(words) :])[:2])
    part: dict[str, Any] = {name: compared(name, count, runs) for name in CASES}
    ratios = {}
    for name, one in part.items():
        of = {what: one[what]["ours"] / one[what]["statsmodels"] for what in ("seconds", "megabytes")}
        ratios[f"{name}, times faster than statsmodels"] = ratio(1 / of["seconds"], FASTER, "least")
        ratios[f"{name}, share of its memory"] = ratio(of["megabytes"], MEMORY, "most")
    part["commands"] = [one for rows in (count // 10, count) for one in commands(rows)]
    merge("fitting", {**part, "ratios": ratios})


if __name__ == "__main__":
    main(sys.argv[1:])
