"""The likelihood of your own applicants; what is unknown of a row is integrated over the population."""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from scipy.special import expit

from ...covariates import COVARIATES
from ...model import Model
from .numbers import OwnRows
from .prior import NONE, SCORE_NODES, SCORE_WEIGHTS, Prior, centring, normal_alpha
from .walks import Shifts

AT_ONCE = 2_000_000  # numbers in a table of rows by nodes
NODES = 3  # a covariate of more values is integrated with this many: exact to the fifth power of its effect


def gauss_nodes(u: np.ndarray, shares: np.ndarray, count: int = NODES) -> tuple[np.ndarray, np.ndarray]:
    """Return the nodes and weights of a discrete distribution's Gauss quadrature.

    The eigenvalues of its Jacobi matrix (Golub and Welsch, Math Comput 23:221, 1969), whose elements come
    from the orthogonal polynomials' recurrence (Stieltjes); exact for powers up to 2 count - 1. The
    distribution itself where it has no more values.

    Parameters
    ----------
    u, shares
        Shape (k,).
    count
    """
    w = shares / shares.sum()
    u, w = u[w > 0], w[w > 0]
    if len(np.unique(u)) <= count:
        return u, w
    before, now, last = np.zeros_like(u), np.ones_like(u), 0.0
    a, b = np.zeros(count), np.zeros(count)
    for k in range(count):
        norm = w @ now**2
        a[k] = w @ (u * now**2) / norm
        b[k] = norm / last if k else 0.0
        before, now, last = now, (u - a[k]) * now - b[k] * before, norm
    values, vectors = np.linalg.eigh(np.diag(a) + np.diag(np.sqrt(b[1:]), 1) + np.diag(np.sqrt(b[1:]), -1))
    return values, vectors[0] ** 2


@dataclass(frozen=True)
class Group:
    """Rows of one type of which the same is known.

    Attributes
    ----------
    rows
        Places among the distinct rows.
    known, missing
        Places of the covariates that the type has.
    score
        Whether Step 2 CK is known.
    z
        Nodes of the score in standard deviations, 0 where it is known; shape (m,).
    u
        Nodes of what is missing, shape (m, len(missing)).
    weights
        Shape (m,).
    """

    rows: np.ndarray
    known: list[int]
    missing: list[int]
    score: bool
    z: np.ndarray
    u: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class Cells:
    """What each cell's rows are made of: intercept less all kappas, slope, derivatives of the intercept."""

    intercept: np.ndarray
    beta: np.ndarray
    by_level: np.ndarray
    by_beta: np.ndarray
    by_delta: np.ndarray


class Likelihood:
    """log likelihood of `OwnRows`, its gradient and its Fisher information.

    P(match) of a row is the mean of expit(log odds) over the reference population of what is unknown of it,
    given that it is independent of what is known (as the model takes it): the log odds alpha + beta u + sum
    of delta u - kappa with every covariate of the model, known or not. The parameters are those of `Prior`,
    then the shifts of the levels of other years.

    A row depends on few of the parameters: those of its cell and cycle. Derivatives are kept by row for those
    alone.

    Parameters
    ----------
    model, prior
    rows
        Of which equal ones are counted together.
    """

    def __init__(self, model: Model, prior: Prior, rows: OwnRows) -> None:
        self.prior, self.shifts = prior, Shifts(model, prior, rows)
        self.size = len(prior.point) + len(self.shifts)
        cell_of = {cell: k for k, cell in enumerate(prior.cells)}
        keys = list(zip(rows.kinds.tolist(), rows.specialties.tolist(), strict=True))
        cell = np.array([cell_of[key] for key in keys], int)
        moved = np.array(
            [self.shifts.places[key, c] for key, c in zip(keys, rows.cycles.tolist(), strict=True)]
        )
        columns = [list(COVARIATES).index(name) for name in prior.names]
        covariates = np.where(prior.delta[cell] == NONE, np.nan, rows.covariates[:, columns])
        table = np.column_stack([cell, moved, rows.score, covariates])
        distinct, back = np.unique(np.where(np.isnan(table), -9e9, table), axis=0, return_inverse=True)
        distinct = np.where(distinct == -9e9, np.nan, distinct)
        self.back = back.ravel()
        self.trials = np.bincount(self.back, rows.weight)
        self.hits = np.bincount(self.back, rows.weight * rows.matched)
        self.cell = distinct[:, 0].astype(int)
        offset = len(prior.point)
        self.moved = np.where(distinct[:, 1:3] < 0, NONE, distinct[:, 1:3] + offset).astype(int)
        self.score, self.covariates = distinct[:, 3], distinct[:, 4:]
        self._places()
        self.groups = self._groups()

    def _places(self) -> None:
        """Lay out what a row depends on: levels, slope, effects, means, the scores' shift, two walks."""
        prior = self.prior
        depth = max(1, int((prior.level_matrix != 0).sum(axis=1).max()))
        level = np.full((len(prior.cells), depth), NONE)
        for k, row in enumerate(prior.level_matrix):
            places = np.flatnonzero(row)
            level[k, : len(places)] = places
        means = prior.mean_places()[prior.kind]
        shift = np.array([prior.shift.get(t, NONE) for t in prior.types])[prior.kind]
        by_cell = np.column_stack([level, prior.beta, prior.delta, means, shift])
        self.places = np.column_stack([by_cell[self.cell], self.moved])
        names = len(prior.names)
        ends = np.cumsum([0, depth, 1, names, names, 1, 2])
        self.levels, self.slope, self.effects, self.means, self.scores, self.walks = (
            slice(a, b) for a, b in pairwise(ends)
        )
        _, which = np.unique(self.places, axis=0, return_inverse=True)
        order = np.argsort(which.ravel(), kind="stable")
        self.parts = np.split(order, np.flatnonzero(np.diff(which.ravel()[order])) + 1)

    def _groups(self) -> list[Group]:
        prior = self.prior
        kind = prior.kind[self.cell]
        blank = np.column_stack([kind, np.isnan(self.score), np.isnan(self.covariates)])
        patterns, which = np.unique(blank, axis=0, return_inverse=True)
        groups = []
        for g, pattern in enumerate(patterns):
            references = prior.references[prior.types[int(pattern[0])]]
            of = [j for j, name in enumerate(prior.names) if name in references]
            missing, score = [j for j in of if pattern[2 + j]], not pattern[1]
            parts = [(np.zeros(1), np.ones(1)) if score else (SCORE_NODES, SCORE_WEIGHTS)]
            parts += [gauss_nodes(*references[prior.names[j]]) for j in missing]
            nodes = np.array(list(product(*(p[0] for p in parts))))
            weights = np.prod(list(product(*(p[1] for p in parts))), axis=1)
            rows, known = np.flatnonzero(which.ravel() == g), [j for j in of if j not in missing]
            groups.append(Group(rows, known, missing, score, nodes[:, 0], nodes[:, 1:], weights))
        return groups

    def _cells(self, vector: np.ndarray) -> Cells:
        prior = self.prior
        level, beta = prior.levels(vector), vector[prior.beta]
        intercept = normal_alpha(level, beta, prior.score_mean, prior.score_sd)
        u = prior.score_mean[:, None] + prior.score_sd[:, None] * SCORE_NODES
        p = expit(intercept[:, None] + beta[:, None] * u)
        slope, q = SCORE_WEIGHTS * p * (1 - p), expit(level)
        by_level = q * (1 - q) / slope.sum(axis=1)
        by_beta = -(slope * u).sum(axis=1) / slope.sum(axis=1)
        by_delta = np.zeros(prior.delta.shape)
        for kind, references in prior.references.items():
            mine = prior.of(kind)
            for name, (values, shares) in references.items():
                j = prior.names.index(name)
                delta = vector[prior.delta[mine, j]]
                kappa = centring(level[mine], delta, values, shares)
                p = expit(level[mine, None] + delta[:, None] * values - kappa[:, None])
                w = shares / shares.sum() * p * (1 - p)
                intercept[mine] -= kappa
                by_delta[mine, j] = -(w @ values) / w.sum(axis=1)
                by_level[mine] -= 1 - q[mine] * (1 - q[mine]) / w.sum(axis=1)
        return Cells(intercept, beta, by_level, by_beta, by_delta)

    def chances(self, vector: np.ndarray) -> np.ndarray:
        """Return P(match) of the distinct rows, shape (r,)."""
        p = np.empty(len(self.cell))
        self._fill(vector, p, None)
        return p

    def evaluate(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return P(match) of the distinct rows, and its derivatives by the parameters at `places`.

        Returns
        -------
        p
            Shape (r,).
        design
            Shape (r, l).
        """
        p, design = np.empty(len(self.cell)), np.zeros(self.places.shape)
        self._fill(vector, p, design)
        return p, design

    def _fill(self, vector: np.ndarray, p: np.ndarray, design: np.ndarray | None) -> None:
        """Fill in P(match), and its derivatives where there is room for them."""
        cells = self._cells(vector)
        for group in self.groups:
            pieces = max(1, -(-len(group.rows) * len(group.weights) // AT_ONCE))
            for rows in np.array_split(group.rows, pieces):
                self._group(vector, group, rows, cells, p, design)

    def _group(
        self,
        vector: np.ndarray,
        group: Group,
        rows: np.ndarray,
        cells: Cells,
        p: np.ndarray,
        design: np.ndarray | None,
    ) -> None:
        prior, cell, at = self.prior, self.cell[rows], self.places[rows]
        beta, delta = cells.beta[cell], prior.at(vector, at[:, self.effects])
        log_odds = cells.intercept[cell] + prior.at(vector, at[:, self.walks]).sum(axis=1)
        score = prior.score_mean[cell]
        if group.score:
            score = self.score[rows] - prior.at(vector, at[:, self.scores])[:, 0]
            log_odds = log_odds + prior.gap[cell]
        log_odds = log_odds + beta * score
        u = self.covariates[rows] - prior.at(vector, at[:, self.means])
        for j in group.known:
            log_odds = log_odds + delta[:, j] * u[:, j] - prior.rest[cell, j]
        spread = beta * prior.score_sd[cell]
        q = expit(log_odds[:, None] + delta[:, group.missing] @ group.u.T + spread[:, None] * group.z)
        p[rows] = q @ group.weights
        if design is None:
            return
        slope = q * (1 - q) * group.weights
        total = slope.sum(axis=1)
        by_place = np.zeros(at.shape)
        by_place[:, self.levels] = (cells.by_level[cell] * total)[:, None]
        by_place[:, self.slope] = (
            total * (score + cells.by_beta[cell]) + (slope @ group.z) * prior.score_sd[cell]
        )[:, None]
        effects, means = by_place[:, self.effects], by_place[:, self.means]  # views
        effects[:] = total[:, None] * cells.by_delta[cell]
        for j in group.known:
            effects[:, j] += total * u[:, j]
            means[:, j] = -total * delta[:, j]
        effects[:, group.missing] += slope @ group.u
        if group.score:
            by_place[:, self.scores] = (-total * beta)[:, None]
        by_place[:, self.walks] = total[:, None]
        design[rows] = np.where(at == NONE, 0.0, by_place)

    def value(self, vector: np.ndarray) -> float:
        """Return the log likelihood."""
        return self._value(self.chances(vector))

    def _value(self, p: np.ndarray) -> float:
        p = np.clip(p, 1e-300, 1 - 1e-16)
        return float(self.hits @ np.log(p) + (self.trials - self.hits) @ np.log1p(-p))

    def derivatives(self, vector: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return the log likelihood, its gradient and its Fisher information."""
        p, design = self.evaluate(vector)
        p = np.clip(p, 1e-12, 1 - 1e-12)
        inverse = 1 / (p * (1 - p))
        towards, weight = (self.hits - self.trials * p) * inverse, self.trials * inverse
        gradient, information = np.zeros(self.size), np.zeros((self.size, self.size))
        for rows in self.parts:
            there = self.places[rows[0]] != NONE
            place, local = self.places[rows[0], there], design[rows][:, there]
            gradient[place] += local.T @ towards[rows]
            information[np.ix_(place, place)] += local.T @ (local * weight[rows, None])
        return self._value(p), gradient, information

    def variance_of_log_odds(self, vector: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """Return the variance of each row's log odds under a covariance of the parameters, shape (r,)."""
        p, design = self.evaluate(vector)
        slope = design / (p * (1 - p))[:, None]
        variance = np.empty(len(p))
        for rows in self.parts:
            there = self.places[rows[0]] != NONE
            place, local = self.places[rows[0], there], slope[rows][:, there]
            variance[rows] = ((local @ covariance[np.ix_(place, place)]) * local).sum(axis=1)
        return variance
