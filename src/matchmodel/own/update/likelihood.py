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

AT_ONCE = 500_000  # numbers of rows that are looked at together
NUMBERS = 40  # of a row, beside one for each node
RUNS_AT_ONCE = 1024
ODD = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio in 64 bits: Knuth's multiplicative hashing
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
    """Rows of one type of which the same is known; distinct rows stand in the order of their groups.

    Attributes
    ----------
    rows
        Where they stand.
    known, missing
        Places, of the score (0) and of the covariates (from 1) that the type has: what is known, and what
        is not.
    nodes
        Of what is missing, the score in standard deviations; shape (len(missing), m).
    weights
        Shape (m,).
    """

    rows: slice
    known: list[int]
    missing: list[int]
    nodes: np.ndarray
    weights: np.ndarray

    def pieces(self) -> Iterator[slice]:
        """Yield the rows in pieces of at most `AT_ONCE` numbers."""
        size = max(1, AT_ONCE // (len(self.weights) + NUMBERS))
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
class Runs:
    """What the log odds of each run's rows are made of: one number + slopes times what differs in a run.

    Attributes
    ----------
    base
        Shape (u,).
    slopes
        Of the score and the covariates; of a score that is unknown, per standard deviation; shape (1 + k, u).
    by_base, by_slopes
        Derivatives by the parameters at `places`: of `base`, shape (u, l), and of `slopes`, each by its own,
        shape (1 + k, u).
    """

    base: np.ndarray
    slopes: np.ndarray
    by_base: np.ndarray
    by_slopes: np.ndarray


class Likelihood:
    """log likelihood of `OwnRows`, its gradient and its Fisher information.

    P(match) of a row is the mean of expit(log odds) over the reference population of what is unknown of it,
    given that it is independent of what is known (as the model takes it): the log odds alpha + beta u + sum
    of delta u - kappa with every covariate of the model, known or not. The parameters are those of `Prior`,
    then the shifts of the levels of other years.

    Equal rows are one that weighs more. A run is the rows of one cell and cycle of which the same is known:
    their log odds are linear in score and covariates, and depend on few of the parameters. So all that is
    summed over rows, a piece at a time, are products of those: each run's sums are then taken to the
    parameters.

    Parameters
    ----------
    model, prior
    rows
    own_level
        Whether each type with rows has a level of its own; else they are a sample of all who apply.
    """

    def __init__(self, model: Model, prior: Prior, rows: OwnRows, own_level: bool = False) -> None:
        self.prior, self.shifts = prior, Shifts(model, prior, rows, own_level)
        self.start = np.concatenate([prior.point, np.zeros(len(self.shifts))])  # nothing learnt yet
        self.size = len(self.start)
        cell_of = {cell: k for k, cell in enumerate(prior.cells)}
        cell = np.array([cell_of[key] for key in rows.keys], int)
        columns = [rows.score, *(rows.covariates[:, list(COVARIATES).index(name)] for name in prior.names)]
        has = np.column_stack([np.ones(len(prior.cells), bool), prior.delta != NONE])[cell]
        years = np.unique(rows.cycles)
        # a number for each run, in which its type and what is known go first
        run = prior.kind[cell][rows.key]
        mixed = np.zeros(len(rows), np.uint64)
        for j, column in enumerate(columns):
            blank = np.isnan(column) | ~has[rows.key, j]
            run = 2 * run + blank
            mixed = (mixed ^ (np.where(blank, 0.0, column) + 0.0).view(np.uint64)) * ODD
        run = (run * len(cell_of) + cell[rows.key]) * len(years) + np.searchsorted(years, rows.cycles)
        # Runs stand together, and equal rows in them. Rows that differ and mix to one number may stand
        # between equal ones, which then count as two.
        shift = np.uint64(1 + int(run.max()).bit_length())
        order = np.argsort((run.astype(np.uint64) << (np.uint64(64) - shift)) | (mixed >> shift))
        del mixed
        run = run[order]
        new = np.diff(run, prepend=-1) != 0
        for column in columns:
            there = column[order]
            new[1:] |= (there[1:] != there[:-1]) & ~np.isnan(there[1:])
        starts = np.flatnonzero(new)
        self.back = np.empty(len(rows), np.int32)
        self.back[order] = np.cumsum(new, dtype=np.int32) - 1
        self.trials = np.add.reduceat(rows.weight[order], starts)
        self.hits = np.add.reduceat((rows.weight * rows.matched)[order], starts)
        self.columns = np.empty((len(columns), len(starts)))
        for known, column in zip(self.columns, columns, strict=True):
            known[:] = np.nan_to_num(column[order[starts]])
        run = run[starts]
        new = np.diff(run, prepend=-1) != 0
        self.run, self.starts = np.cumsum(new, dtype=np.int32) - 1, np.flatnonzero(new)
        run, year = np.divmod(run[self.starts], len(years))
        known, self.cell = np.divmod(run, len(cell_of))
        self.known = (known[:, None] >> np.arange(len(columns))[::-1]) % 2 == 0
        moved = [
            self.shifts.places[prior.cells[k], c]
            for k, c in zip(self.cell, years[year].tolist(), strict=True)
        ]
        self.moved = np.array(moved)
        self.moved[self.moved != NONE] += len(prior.point)
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
        office = {kind: len(prior.point) + place for kind, place in self.shifts.offices.items()}
        self.office = np.array([office.get(t, NONE) for t in prior.types])[prior.kind]
        level = np.column_stack([level, self.office])
        means = prior.mean_places()[prior.kind]
        shift = np.array([prior.shift.get(t, NONE) for t in prior.types])[prior.kind]
        by_cell = np.column_stack([level, prior.beta, prior.delta, means, shift])
        places = np.column_stack([by_cell[self.cell], self.moved])
        self.places = np.where(places == NONE, self.size, places)
        names = len(prior.names)
        ends = np.cumsum([0, depth + 1, 1 + names, names, 1, 2])
        self.levels, self.slopes, self.means, self.scores, self.walks = (
            slice(a, b) for a, b in pairwise(ends)
        )

    def _groups(self) -> list[Group]:
        prior, groups = self.prior, []
        kind = prior.kind[self.cell]
        new = np.diff(kind, prepend=-1) != 0
        new[1:] |= (self.known[1:] != self.known[:-1]).any(axis=1)
        ends = [*self.starts[new].tolist(), len(self.run)]
        for k, (start, stop) in zip(np.flatnonzero(new), pairwise(ends), strict=True):
            references = prior.references[prior.types[kind[k]]]
            parts = {0: (SCORE_NODES, SCORE_WEIGHTS)}
            for j, name in enumerate(prior.names):
                if name in references:
                    parts[1 + j] = gauss_nodes(*references[name])
            known, missing = ([j for j in parts if self.known[k, j] == is_it] for is_it in (True, False))
            nodes = np.array(list(product(*(parts[j][0] for j in missing)))).T
            weights = np.prod(list(product(*(parts[j][1] for j in missing))), axis=1)
            groups.append(Group(slice(start, stop), known, missing, nodes, weights))
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

    def _runs(self, vector: np.ndarray) -> Runs:
        """Return what the log odds of each run's rows are made of."""
        prior, cell = self.prior, self.cell
        cells, at = (
            self._cells(vector),
            np.append(vector, 0.0)[self.places],
        )  # the last stands for what is not there
        scored, known = self.known[:, 0], self.known[:, 1:]
        beta, delta, off = at[:, self.slopes.start], at[:, self.slopes][:, 1:], at[:, self.means]
        score = np.where(scored, -at[:, self.scores.start], prior.score_mean[cell])
        base = cells.intercept[cell] + at[:, self.walks].sum(axis=1) + beta * score
        base += np.where(scored, prior.gap[cell], 0.0)
        base -= np.where(known, delta * off + prior.rest[cell], 0.0).sum(axis=1)
        by_slopes = np.ones(self.known.T.shape)
        by_slopes[0] = np.where(scored, 1.0, prior.score_sd[cell])
        by_base = np.zeros(self.places.shape)
        by_base[:, self.levels] = cells.by_level[cell, None]
        by_base[:, self.slopes.start] = score + cells.by_beta[cell]
        by_base[:, self.slopes][:, 1:] = cells.by_delta[cell] - np.where(known, off, 0.0)
        by_base[:, self.means] = -np.where(known, delta, 0.0)
        by_base[:, self.scores.start] = -np.where(scored, beta, 0.0)
        by_base[:, self.walks] = 1.0
        return Runs(base, at[:, self.slopes].T * by_slopes, by_base, by_slopes)

    def _pieces(self, runs: Runs, slopes: bool) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield rows, their P(match) and, where asked for, its derivatives by base and by slopes.

        Of the shapes (m,) and (2 + k, m).
        """
        for group in self.groups:
            for rows in group.pieces():
                run = self.run[rows]
                if run[0] == run[-1]:
                    run = run[:1]  # one number for all
                log_odds = runs.base[run]
                for j in group.known:
                    log_odds = log_odds + runs.slopes[j, run] * self.columns[j, rows]
                q = expit(log_odds[:, None] + runs.slopes[group.missing][:, run].T @ group.nodes)
                by = np.zeros((1 + len(self.columns), len(q)) if slopes else 0)
                if slopes:
                    slope = q * (1 - q) * group.weights
                    by[0] = slope.sum(axis=1)
                    for j in group.known:
                        by[1 + j] = by[0] * self.columns[j, rows]
                    for j, nodes in zip(group.missing, group.nodes, strict=True):
                        by[1 + j] = slope @ nodes
                yield rows, q @ group.weights, by

    def _by_parameters(self, runs: Runs, some: slice) -> np.ndarray:
        """Return by how much base and slopes of some runs change with their parameters, (u, 2 + k, l)."""
        by = np.zeros((len(self.places[some]), 1 + len(self.columns), self.places.shape[1]))
        by[:, 0] = runs.by_base[some]
        for j, each in enumerate(runs.by_slopes):
            by[:, 1 + j, self.slopes.start + j] = each[some]
        return by

    def chances(self, vector: np.ndarray) -> np.ndarray:
        """Return P(match) of the distinct rows, shape (r,); `back` has the place of each row among them."""
        return np.concatenate([p for _, p, _ in self._pieces(self._runs(vector), False)])

    def _value(self, rows: slice, p: np.ndarray) -> float:
        p = np.clip(p, 1e-300, 1 - 1e-16)
        hits, misses = self.hits[rows], self.trials[rows] - self.hits[rows]
        value = np.maximum(hits, misses) @ np.log(np.where(hits >= misses, p, 1 - p))
        both = np.flatnonzero((hits > 0) & (misses > 0))  # of few rows where hardly any are equal
        p, hits, misses = p[both], hits[both], misses[both]
        return float(value + np.minimum(hits, misses) @ np.log(np.where(hits >= misses, 1 - p, p)))

    def derivatives(self, vector: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return the log likelihood, its gradient and its Fisher information."""
        runs, value = self._runs(vector), 0.0
        first = np.zeros((len(self.starts), 1 + len(self.columns)))
        second = np.zeros((*first.shape, first.shape[1]))
        for rows, p, by in self._pieces(runs, True):
            value += self._value(rows, p)
            p = np.clip(p, 1e-12, 1 - 1e-12)
            inverse, trials = 1 / (p * (1 - p)), self.trials[rows]
            towards, root = (self.hits[rows] - trials * p) * inverse, by * np.sqrt(trials * inverse)
            here = range(self.run[rows.start], self.run[rows.stop - 1] + 1)
            cuts = np.clip([*self.starts[here], rows.stop], rows.start, rows.stop) - rows.start
            for k, start, stop in zip(here, cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
                first[k] += by[:, start:stop] @ towards[start:stop]
                second[k] += root[:, start:stop] @ root[:, start:stop].T
        end = self.size + 1  # the last stands for what is not there
        gradient, information = np.zeros(end), np.zeros(end * end)
        for start in range(0, len(self.starts), RUNS_AT_ONCE):
            some = slice(start, start + RUNS_AT_ONCE)
            places, along = self.places[some], self._by_parameters(runs, some)
            local = along.transpose(0, 2, 1) @ second[some] @ along
            towards = first[some, None] @ along
            gradient += np.bincount(places.ravel(), towards.ravel(), end)
            pairs = places[:, :, None] * end + places[:, None]
            information += np.bincount(pairs.ravel(), local.ravel(), end * end)
        return value, gradient[:-1], information.reshape(end, end)[:-1, :-1]

    def variance_of_log_odds(self, vector: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """Return the variance of each row's log odds under a covariance of the parameters, shape (r,)."""
        runs, wide = self._runs(vector), 1 + len(self.columns)
        padded = np.pad(covariance, (0, 1))  # the last stands for what is not there
        of_runs = np.empty((wide, wide, len(self.starts)))
        for start in range(0, len(self.starts), RUNS_AT_ONCE):
            some = slice(start, start + RUNS_AT_ONCE)
            places, along = self.places[some], self._by_parameters(runs, some)
            local = padded[places[:, :, None], places[:, None]]
            of_runs[:, :, some] = (along @ local @ along.transpose(0, 2, 1)).transpose(1, 2, 0)
        variance = np.empty(len(self.run))
        for rows, p, by in self._pieces(runs, True):
            by /= p * (1 - p)
            variance[rows] = np.einsum("im,ijm,jm->m", by, of_runs[:, :, self.run[rows]], by)
        return variance
