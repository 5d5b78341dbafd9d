"""The likelihood of your own applicants; what is unknown of a row is integrated over the population."""

from collections.abc import Iterator
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


def equal_rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order that brings equal rows together, and where in it each new one starts.

    Parameters
    ----------
    table
        Without NaN, shape (n, k).
    """
    order = np.lexsort(table.T[::-1])
    new = (np.diff(table[order], axis=0) != 0).any(axis=1)
    return order, np.flatnonzero(np.r_[True, new])


@dataclass(frozen=True)
class Group:
    """Rows of one type of which the same is known; distinct rows stand in the order of their groups.

    Attributes
    ----------
    rows
        Where they stand.
    missing
        Places of the covariates that the type has and of which nothing is known.
    nodes
        Of what is missing, and of the score in standard deviations (0 where it is known); shape
        (len(missing) + 1, m).
    weights
        Shape (m,).
    """

    rows: slice
    missing: list[int]
    nodes: np.ndarray
    weights: np.ndarray

    def pieces(self) -> Iterator[slice]:
        """Yield the rows in pieces of at most `AT_ONCE` numbers."""
        size = max(1, AT_ONCE // len(self.weights))
        for start in range(self.rows.start, self.rows.stop, size):
            yield slice(start, min(start + size, self.rows.stop))


@dataclass(frozen=True)
class Cells:
    """What each cell's rows are made of: intercept less all kappas, slope, derivatives of the intercept."""

    intercept: np.ndarray
    beta: np.ndarray
    by_level: np.ndarray
    by_beta: np.ndarray
    by_delta: np.ndarray


@dataclass(frozen=True)
class Rows:
    """What the distinct rows' log odds are made of.

    Attributes
    ----------
    cells
    log_odds
        With all that is known; shape (r,).
    score
        Known, less what the type's scores are off by; else the mean; shape (r,).
    u, delta
        Covariates, 0 where unknown, and their effects; shape (r, k).
    spread
        Slope times the scores' standard deviation, shape (r,).
    """

    cells: Cells
    log_odds: np.ndarray
    score: np.ndarray
    u: np.ndarray
    delta: np.ndarray
    spread: np.ndarray


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
    own_level
        Whether each type with rows has a level of its own; else they are a sample of all who apply.
    """

    def __init__(self, model: Model, prior: Prior, rows: OwnRows, own_level: bool = False) -> None:
        self.prior, self.shifts = prior, Shifts(model, prior, rows, own_level)
        self.start = np.concatenate([prior.point, np.zeros(len(self.shifts))])  # nothing learnt yet
        self.size = len(self.start)
        cell_of = {cell: k for k, cell in enumerate(prior.cells)}
        keys = list(zip(rows.kinds.tolist(), rows.specialties.tolist(), strict=True))
        cell = np.array([cell_of[key] for key in keys], int)
        moved = np.array(
            [self.shifts.places[key, c] for key, c in zip(keys, rows.cycles.tolist(), strict=True)]
        )
        columns = [list(COVARIATES).index(name) for name in prior.names]
        covariates = np.where(prior.delta[cell] == NONE, np.nan, rows.covariates[:, columns])
        blank = np.column_stack([prior.kind[cell], np.isnan(rows.score), np.isnan(covariates)])
        table = np.column_stack([blank, cell, moved, rows.score, covariates])
        order, starts = equal_rows(np.where(np.isnan(table), -9e9, table))
        self.back = np.empty(len(table), int)
        self.back[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(table)))
        distinct = table[order[starts]]
        self.trials = np.bincount(self.back, rows.weight)
        self.hits = np.bincount(self.back, rows.weight * rows.matched)
        blank, distinct = np.split(distinct, [blank.shape[1]], axis=1)
        self.cell = distinct[:, 0].astype(int)
        offset = len(prior.point)
        self.moved = np.where(distinct[:, 1:3] < 0, NONE, distinct[:, 1:3] + offset).astype(int)
        self.scored, self.known = ~np.isnan(distinct[:, 3]), ~np.isnan(distinct[:, 4:])
        self.score, self.covariates = np.nan_to_num(distinct[:, 3]), np.nan_to_num(distinct[:, 4:])
        self._places()
        self.groups = self._groups(blank)

    def _places(self) -> None:
        """Lay out what a row depends on: levels, slope, effects, means, the scores' shift, two walks."""
        prior = self.prior
        depth = max(1, int((prior.level_matrix != 0).sum(axis=1).max()))
        level = np.full((len(prior.cells), depth), NONE)
        for k, row in enumerate(prior.level_matrix):
            places = np.flatnonzero(row)
            level[k, : len(places)] = places
        office = {kind: len(prior.point) + place for kind, place in self.shifts.offices.items()}
        self.office = np.array([office.get(t, NONE) for t in prior.types])[prior.kind]
        level = np.column_stack([level, self.office])
        means = prior.mean_places()[prior.kind]
        shift = np.array([prior.shift.get(t, NONE) for t in prior.types])[prior.kind]
        by_cell = np.column_stack([level, prior.beta, prior.delta, means, shift])
        self.places = np.column_stack([by_cell[self.cell], self.moved])
        self.nowhere = self.places == NONE
        names = len(prior.names)
        ends = np.cumsum([0, depth + 1, 1, names, names, 1, 2])
        self.levels, self.slope, self.effects, self.means, self.scores, self.walks = (
            slice(a, b) for a, b in pairwise(ends)
        )
        order, starts = equal_rows(self.places)
        self.parts = np.split(order, starts[1:])

    def _groups(self, blank: np.ndarray) -> list[Group]:
        prior, groups = self.prior, []
        starts = equal_rows(blank)[1]  # they stand in that order
        for start, stop in pairwise([*starts.tolist(), len(blank)]):
            kind, no_score, *unknown = blank[start]
            references = prior.references[prior.types[int(kind)]]
            missing = [j for j, name in enumerate(prior.names) if name in references and unknown[j]]
            parts = [gauss_nodes(*references[prior.names[j]]) for j in missing]
            parts.append((SCORE_NODES, SCORE_WEIGHTS) if no_score else (np.zeros(1), np.ones(1)))
            nodes = np.array(list(product(*(p[0] for p in parts)))).T
            weights = np.prod(list(product(*(p[1] for p in parts))), axis=1)
            groups.append(Group(slice(start, stop), missing, nodes, weights))
        return groups

    def _cells(self, vector: np.ndarray) -> Cells:
        prior = self.prior
        level, beta = prior.levels(vector) + prior.at(vector, self.office), vector[prior.beta]
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
        return self._averaged(self._rows(vector), None)

    def evaluate(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return P(match) of the distinct rows, and its derivatives by the parameters at `places`.

        Returns
        -------
        p
            Shape (r,).
        design
            Shape (r, l).
        """
        at = self._rows(vector)
        cells, cell = at.cells, self.cell
        # the mean slope over the nodes, and that times each node
        along = np.zeros((len(cell), len(self.prior.names) + 2))
        p = self._averaged(at, along)
        total = along[:, -1]
        design = np.zeros(self.places.shape)
        design[:, self.levels] = (cells.by_level[cell] * total)[:, None]
        design[:, self.slope.start] = (
            total * (at.score + cells.by_beta[cell]) + along[:, -2] * self.prior.score_sd[cell]
        )
        design[:, self.effects] = total[:, None] * (cells.by_delta[cell] + at.u) + along[:, :-2]
        design[:, self.means] = -total[:, None] * np.where(self.known, at.delta, 0.0)
        design[:, self.scores.start] = -total * np.where(self.scored, cells.beta[cell], 0.0)
        design[:, self.walks] = total[:, None]
        design[self.nowhere] = 0.0
        return p, design

    def _rows(self, vector: np.ndarray) -> Rows:
        """Return what the rows' log odds are made of, all that is known of them in."""
        prior, cell = self.prior, self.cell
        cells, at = self._cells(vector), np.append(vector, 0.0)[self.places]  # the last stands for `NONE`
        beta, delta = cells.beta[cell], at[:, self.effects]
        moved = self.score - at[:, self.scores.start]
        score = np.where(self.scored, moved, prior.score_mean[cell])
        u = np.where(self.known, self.covariates - at[:, self.means], 0.0)
        log_odds = cells.intercept[cell] + at[:, self.walks].sum(axis=1) + beta * score
        log_odds += np.where(self.scored, prior.gap[cell], 0.0)
        log_odds += (delta * u - np.where(self.known, prior.rest[cell], 0.0)).sum(axis=1)
        return Rows(cells, log_odds, score, u, delta, beta * prior.score_sd[cell])

    def _averaged(self, at: Rows, along: np.ndarray | None) -> np.ndarray:
        """Return P(match), over the nodes of what is missing; fill in the slopes where there is room."""
        p = np.empty(len(self.cell))
        for group in self.groups:
            columns = [*group.missing, len(self.prior.names)]  # of `along`: the nodes'
            for rows in group.pieces():
                by = np.column_stack([at.delta[rows, group.missing], at.spread[rows]])
                q = expit(at.log_odds[rows, None] + by @ group.nodes)
                p[rows] = q @ group.weights
                if along is not None:
                    slope = q * (1 - q) * group.weights
                    along[rows, columns] = slope @ group.nodes.T
                    along[rows, -1] = slope.sum(axis=1)
        return p

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
