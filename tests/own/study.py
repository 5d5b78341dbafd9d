"""Does updating do what it says? Truths from a model's joint draws, simulated rows, and how near it comes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit

from matchmodel import Applicant
from matchmodel.covariates import COVARIATES, step2_u
from matchmodel.model import Model
from matchmodel.model.engine import ranges
from matchmodel.model.records import Draws
from matchmodel.own.update.document import solved, tilted, updated
from matchmodel.own.update.numbers import OwnRows
from matchmodel.own.update.posterior import update
from matchmodel.own.update.prior import NONE, Prior
from matchmodel.own.update.walks import OFFICE_SD

BLANK = 0.15  # chance that a number of an applicant is unknown
KEPT = 0.5  # of those asked: each known number is there with this chance, in one half of them


def mix(model: Model, prior: Prior, kinds: Mapping[str, float]) -> np.ndarray:
    """Return each cell's share of simulated applicants: `kinds` of each type, specialties as in the table."""
    shares = np.zeros(len(prior.cells))
    for k, (_, specialty) in enumerate(prior.cells):
        every = (model.kind(t).cells.get(specialty) for t in model.applicant_types)
        published = next((c.published for c in every if c is not None and c.published is not None), None)
        shares[k] = 30.0 if published is None else published.matched + published.not_matched
    for t, kind in enumerate(prior.types):
        mine = prior.kind == t
        shares[mine] *= kinds.get(kind, 0.0) / shares[mine].sum()
    return shares / shares.sum()


class Truth:
    """One joint draw of a model, taken for the truth."""

    def __init__(self, model: Model, prior: Prior, draw: int) -> None:
        self.prior, self.draw = prior, draw
        self.cells = [model.cell(*key) for key in prior.cells]
        self.drifts = {t: model.kind(t).drift for t in prior.types}
        self.alpha = np.array([c.alpha.draws.array[draw] for c in self.cells])
        self.beta = np.array([c.beta.draws.array[draw] for c in self.cells])
        vector = prior.draws[draw]
        self.delta = np.where(prior.delta == NONE, 0.0, vector[prior.delta])
        self.kappa = np.array(
            [[c.kappa[n].draws.array[draw] if n in c.kappa else 0.0 for n in prior.names] for c in self.cells]
        )

    def rows(
        self, n: int, shares: np.ndarray, rng: np.random.Generator, cycles: int = 1, blank: float = BLANK
    ) -> OwnRows:
        """Draw applicants of known outcome, numbers of them blank at random.

        Parameters
        ----------
        n, shares, rng
            How many, of which cells.
        cycles
            Over how many cycles they are spread, the table's own the last; levels walk by the drift, type and
            specialty.
        blank
        """
        prior, vector = self.prior, self.prior.draws[self.draw]
        cell = rng.choice(len(shares), n, p=shares)
        kind = prior.kind[cell]
        moved = np.array([float(prior.at(vector, prior.shift.get(t, NONE))) for t in prior.types])[kind]
        score = 240 + 10 * (prior.score_mean[cell] + moved + prior.score_sd[cell] * rng.standard_normal(n))
        score = step2_u(np.clip(np.round(score), 1, 300))
        u = np.full((n, len(prior.names)), np.nan)
        for t, name in enumerate(prior.types):
            for covariate, (values, weights) in prior.references[name].items():
                move = float(vector[prior.mean[name, covariate]]) if (name, covariate) in prior.mean else 0.0
                j = prior.names.index(covariate)
                u[kind == t, j] = rng.choice(values, (kind == t).sum(), p=tilted(values, weights, move))
        ago = rng.integers(0, cycles, n)
        eta = self.alpha[cell] + self.beta[cell] * score + self._walks(rng, cycles)[cell, ago]
        eta = eta + np.nansum(np.where(np.isnan(u), 0.0, u * self.delta[cell] - self.kappa[cell]), axis=1)
        hit = rng.random(n) < expit(eta)
        score[rng.random(n) < blank] = np.nan
        u[rng.random(u.shape) < blank] = np.nan
        covariates = np.full((n, len(COVARIATES)), np.nan)
        covariates[:, [list(COVARIATES).index(name) for name in prior.names]] = u
        years = np.array([prior.year[t] for t in prior.types])
        cycles = years[kind] - ago
        return OwnRows(tuple(prior.cells), cell, cycles, score, covariates, hit.astype(float), np.ones(n))

    def _walks(self, rng: np.random.Generator, cycles: int) -> np.ndarray:
        """Return by how much each cell's level is off so many years ago, shape (c, cycles)."""
        common, own = rng.standard_normal(cycles - 1), {}
        steps = np.zeros((len(self.cells), cycles - 1))
        for k, (kind, _) in enumerate(self.prior.cells):
            cell, drift = self.cells[k], self.drifts[kind]
            sd = 0.0 if drift is None else np.sqrt(np.mean(drift.draws.array**2))
            z = own.setdefault(cell.drift.text, rng.standard_normal(cycles - 1))
            steps[k] = sd * common + np.sqrt(np.mean(cell.drift.array**2)) * z
        return np.column_stack([np.zeros(len(steps)), np.cumsum(steps, axis=1)])


def of_offices(model: Model, prior: Prior, seed: int) -> Model:
    """Return a model in each of whose draws every type has the level of another office."""
    draws = prior.draws
    away = OFFICE_SD * np.random.default_rng([44, seed]).standard_normal((len(draws), len(prior.types)))
    types = dict(model.record.types)
    for k, (kind, specialty) in enumerate(prior.cells):
        old, level = model.cell(kind, specialty), prior.level_draws[:, k] + away[:, prior.kind[k]]
        alpha, kappas = solved(prior, k, level, draws)
        new = replace(
            old,
            level=replace(old.level, draws=Draws.of(level)),
            alpha=replace(old.alpha, draws=Draws.of(alpha)),
            kappa={n: replace(old.kappa[n], draws=Draws.of(v)) for n, v in kappas.items()},
        )
        types[kind] = replace(types[kind], cells={**types[kind].cells, specialty: new})
    return Model(replace(model.record, types=types))


def asked(
    model: Model, prior: Prior, shares: np.ndarray, rng: np.random.Generator, count: int = 300
) -> list[Applicant]:
    """Return applicants to ask about: of half everything is known, of half some; each in its type's year."""
    made = []
    for i, k in enumerate(rng.choice(len(shares), count, p=shares)):
        kind, specialty = prior.cells[k]
        score = 240 + 10 * (prior.score_mean[k] + prior.score_sd[k] * rng.standard_normal())
        known = {"step2_ck": float(np.clip(np.round(score), 1, 300))}
        for name, reference in model.kind(kind).reference.items():
            weights = np.array(reference.shares)
            value = str(rng.choice(reference.values, p=weights / weights.sum()))
            known[name] = {"yes": True, "no": False}.get(value, value)
        if i % 2:
            known = {name: v for name, v in known.items() if rng.random() < KEPT}
        made.append(Applicant(specialty, kind, cycle=prior.year[kind], **known))
    return made


def chances(model: Model, applicants: Sequence[Applicant]) -> np.ndarray:
    """Return P(match | ranked) of applicants in every draw, shape (n, d), asked cell by cell."""
    found, of = np.empty((len(applicants), model.record.draw_count)), {}
    for i, a in enumerate(applicants):
        of.setdefault((a.applicant_type, a.specialty), []).append(i)
    for members in of.values():
        found[members] = model.people([model.resolve(applicants[i]) for i in members]).p_ranked()
    return found


def study(
    model: Model,
    sizes: Sequence[int],
    truths: int = 40,
    seed: int = 0,
    kinds: Mapping[str, float] | None = None,
    cycles: int = 1,
    blank: float = BLANK,
) -> pd.DataFrame:
    """Update a model on rows of truths, its own draws at offices' levels, and compare answers with them.

    If prior, likelihood and Laplace's approximation are right, 80% ranges hold the truth in 80% of cases at
    every size (calibration of the data-averaged posterior: Cook, Gelman and Rubin, J Comput Graph Stat
    15:675, 2006).

    Returns
    -------
    pandas.DataFrame
        One row per size: error (of the probability, in points), coverage (percent), each with its standard
        error over truths, and the width of the 80% ranges in points.
    """
    prior = Prior(model)
    shares = mix(model, prior, kinds or {"non-us-img": 0.8, "us-img": 0.2})
    people = asked(model, prior, shares, np.random.default_rng([41, seed]))
    offices = of_offices(model, prior, seed)
    true = chances(offices, people)
    which = np.random.default_rng([42, seed]).permutation(true.shape[1])[:truths]
    found = []
    for size in sizes:
        point, low, high = ranges(true)
        for d in which:
            if size:
                rows = Truth(offices, prior, d).rows(
                    size, shares, np.random.default_rng([43, seed, size, int(d)]), cycles, blank
                )
                fitted, _ = update(model, rows, prior, own_level=True)
                assert fitted.converged
                point, low, high = ranges(chances(Model(updated(model.record, fitted, rows)), people))
            p = true[:, d]
            found.append(
                (size, np.abs(point - p).mean(), ((low <= p) & (p <= high)).mean(), (high - low).mean())
            )
    table = pd.DataFrame(found, columns=["rows", "error", "held", "width"])
    table[["error", "held", "width"]] *= 100
    by = table.groupby("rows")
    return pd.DataFrame(
        {
            "truths": by.size(),
            "error": by["error"].mean(),
            "error_se": by["error"].sem(),
            "coverage": by["held"].mean(),
            "coverage_se": by["held"].sem(),
            "width": by["width"].mean(),
        }
    ).reset_index()
