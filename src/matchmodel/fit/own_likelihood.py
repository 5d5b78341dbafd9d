"""The likelihood of one's own applicants: what is unknown of a row is integrated over the reference population."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import expit

from ..covariates import COVARIATES
from .own_prior import SCORE_NODES, SCORE_WEIGHTS, centring, normal_alpha

AT_ONCE = 2_000_000  # numbers of a table of rows by nodes
NODES = 3  # a covariate of more values is integrated with this many: exact to the fifth power of its effect


def gauss_nodes(u, shares, count=NODES):
    """Return the nodes and weights of a discrete distribution's Gauss quadrature.

    The eigenvalues of its Jacobi matrix (Golub and Welsch, Math Comput 23:221, 1969), whose elements come from the orthogonal
    polynomials' recurrence (Stieltjes); exact for powers up to 2 count - 1. The distribution itself where it has no more values.

    Parameters
    ----------
    u, shares : numpy.ndarray, shape (k,)
    count : int

    Returns
    -------
    nodes, weights : numpy.ndarray
    """
    w = shares / shares.sum()
    u, w = u[w > 0], w[w > 0]
    if len(np.unique(u)) <= count:
        return u, w
    before, now, last, a, b = np.zeros_like(u), np.ones_like(u), 0.0, [], []
    for k in range(count):
        norm = w @ now**2
        a.append(w @ (u * now**2) / norm)
        b.append(norm / last if k else 0.0)
        before, now, last = now, (u - a[-1]) * now - b[-1] * before, norm
    values, vectors = np.linalg.eigh(np.diag(a) + np.diag(np.sqrt(b[1:]), 1) + np.diag(np.sqrt(b[1:]), -1))
    return values, vectors[0] ** 2


@dataclass(frozen=True)
class Group:
    """Rows of one type of which the same is known.

    Attributes
    ----------
    rows : numpy.ndarray of int
        Places among the distinct rows.
    known, missing : list of int
        Places of covariates in `COVARIATES` that the model has for the type.
    score : bool
        Whether Step 2 CK is known.
    z : numpy.ndarray, shape (m,)
        Nodes of the score in standard deviations, 0 where it is known.
    u : numpy.ndarray, shape (m, len(missing))
        Nodes of what is missing.
    weights : numpy.ndarray, shape (m,)
    kind : str
    """

    rows: np.ndarray
    known: list
    missing: list
    score: bool
    z: np.ndarray
    u: np.ndarray
    weights: np.ndarray
    kind: str


class Likelihood:
    """log likelihood of `OwnRows`, its gradient and its Fisher information.

    P(match) of a row is the mean of expit(log odds) over the reference population of what is unknown of it, given that it is
    independent of what is known (as the model takes it): the log odds alpha + beta u + sum of delta u - kappa with every covariate
    of the model, known or not. The parameters are those of `Prior`, then a shift of the level a type and cycle.

    Parameters
    ----------
    prior : Prior
    rows : OwnRows
    """

    def __init__(self, prior, rows):
        self.prior = prior
        cell_of = {cell: k for k, cell in enumerate(prior.cells)}
        self.shifts = sorted({(k, int(c)) for k, c in set(zip(rows.kinds.tolist(), rows.cycles.tolist(), strict=True)) if c != prior.year[k] and prior.drift[k] > 0})
        place = {key: i for i, key in enumerate(self.shifts)}
        cell = [cell_of[key] for key in zip(rows.kinds.tolist(), rows.specialties.tolist(), strict=True)]
        shift = [place.get(key, -1) for key in zip(rows.kinds.tolist(), rows.cycles.tolist(), strict=True)]
        self.names = list(COVARIATES)
        covariates = rows.covariates.copy()
        has = np.array([[n in prior.references[t] for n in self.names] for t in prior.types])
        covariates[~has[prior.kind[cell]]] = np.nan
        table = np.column_stack([cell, shift, rows.score, covariates])
        distinct, back = np.unique(np.where(np.isnan(table), -9e9, table), axis=0, return_inverse=True)
        distinct = np.where(distinct == -9e9, np.nan, distinct)
        self.trials = np.bincount(back.ravel(), rows.weight)
        self.hits = np.bincount(back.ravel(), rows.weight * rows.matched)
        self.cell, self.cycle = distinct[:, 0].astype(int), distinct[:, 1].astype(int)
        self.score, self.covariates = distinct[:, 2], distinct[:, 3:]
        self.back = back.ravel()
        self.size = len(prior.point) + len(self.shifts)
        self.groups = self._groups(has)

    def _groups(self, has):
        kind = self.prior.kind[self.cell]
        blank = np.column_stack([kind, np.isnan(self.score), np.isnan(self.covariates)])
        patterns, which = np.unique(blank, axis=0, return_inverse=True)
        made = []
        for g, pattern in enumerate(patterns):
            t = int(pattern[0])
            of = [j for j in range(len(self.names)) if has[t, j]]
            missing = [j for j in of if pattern[2 + j]]
            score = not pattern[1]
            parts = [(np.zeros(1), np.ones(1)) if score else (SCORE_NODES, SCORE_WEIGHTS)]
            parts += [gauss_nodes(*self.prior.references[self.prior.types[t]][self.names[j]]) for j in missing]
            nodes = np.array(list(product(*(p[0] for p in parts))))
            weights = np.prod(list(product(*(p[1] for p in parts))), axis=1)
            made.append(Group(np.flatnonzero(which.ravel() == g), [j for j in of if j not in missing], missing, score, nodes[:, 0], nodes[:, 1:], weights, self.prior.types[t]))
        return made

    def shift_covariance(self):
        """Return the prior covariance of the cycles' shifts: a random walk from the file's year, drift^2 times the years in common."""
        size = len(self.shifts)
        found = np.zeros((size, size))
        for i, (kind, a) in enumerate(self.shifts):
            for j, (other, b) in enumerate(self.shifts):
                one, two = a - self.prior.year[kind], b - self.prior.year[other]
                if kind == other and one * two > 0:
                    found[i, j] = self.prior.drift[kind] ** 2 * min(abs(one), abs(two))
        return found

    def _cells(self, vector):
        """Return what each cell's row is made of, with derivatives."""
        prior = self.prior
        level, beta = prior.levels(vector), vector[prior.beta]
        alpha = normal_alpha(level, beta, prior.score_mean, prior.score_sd)
        u = prior.score_mean[:, None] + prior.score_sd[:, None] * SCORE_NODES
        p = expit(alpha[:, None] + beta[:, None] * u)
        slope = SCORE_WEIGHTS * p * (1 - p)
        q = expit(level)
        by_level = q * (1 - q) / slope.sum(axis=1)
        by_beta = -(slope * u).sum(axis=1) / slope.sum(axis=1)
        by_delta = np.zeros((len(level), len(self.names)))
        for kind, references in prior.references.items():
            mine = prior.of(kind)
            for name, (values, shares) in references.items():
                delta = vector[prior.delta[name]]
                kappa = centring(level[mine], np.full(len(mine), delta), values, shares)
                p = expit(level[mine, None] + delta * values - kappa[:, None])
                w = shares / shares.sum() * p * (1 - p)
                alpha[mine] -= kappa
                by_delta[mine, self.names.index(name)] = -(w @ values) / w.sum(axis=1)
                by_level[mine] -= 1 - q[mine] * (1 - q[mine]) / w.sum(axis=1)
        return alpha, beta, by_level, by_beta, by_delta

    def evaluate(self, vector, gradient=True):
        """Return (p, design): P(match) of the distinct rows, and its derivatives by the parameters (None where not asked).

        Returns
        -------
        p : numpy.ndarray, shape (r,)
        design : numpy.ndarray, shape (r, size)
        """
        shift = vector[len(self.prior.point) :]
        alpha, beta, by_level, by_beta, by_delta = self._cells(vector)
        p = np.empty(len(self.cell))
        design = np.zeros((len(self.cell), self.size)) if gradient else None
        for group in self.groups:
            for rows in np.array_split(group.rows, max(1, -(-len(group.rows) * len(group.weights) // AT_ONCE))):
                self._group(vector, group, rows, (alpha, beta, by_level, by_beta, by_delta), shift, p, design)
        return p, design

    def _group(self, vector, group, rows, cells, shift, p, design):
        prior, cell = self.prior, self.cell[rows]
        alpha, beta, by_level, by_beta, by_delta = (v[cell] for v in cells)
        moved = prior.at(vector, prior.shift, group.kind)
        log_odds = alpha + np.where(self.cycle[rows] >= 0, np.append(shift, 0.0)[self.cycle[rows]], 0.0)
        score = self.score[rows] - moved if group.score else prior.score_mean[cell]
        log_odds = log_odds + beta * score + (prior.gap[cell] if group.score else 0.0)
        known = {}
        for j in group.known:
            off = prior.at(vector, prior.mean, (group.kind, self.names[j]))
            known[j] = self.covariates[rows, j] - off
            log_odds = log_odds + vector[prior.delta[self.names[j]]] * known[j]
        deltas = np.array([vector[prior.delta[self.names[j]]] for j in group.missing])
        spread = beta * prior.score_sd[cell]
        q = expit(log_odds[:, None] + group.u @ deltas + spread[:, None] * group.z)
        p[rows] = q @ group.weights
        if design is None:
            return
        slope = q * (1 - q) * group.weights
        total = slope.sum(axis=1)
        mine = np.arange(len(rows))
        made = by_level[:, None] * total[:, None] * prior.level_matrix[cell]
        design[rows, : made.shape[1]] += made
        design[rows[mine], prior.beta[cell]] += total * (score + by_beta) + (slope @ group.z) * prior.score_sd[cell]
        for j, u in known.items():
            name = self.names[j]
            design[rows, prior.delta[name]] += total * (u + by_delta[:, j])
            if (group.kind, name) in prior.mean:
                design[rows, prior.mean[group.kind, name]] -= total * vector[prior.delta[name]]
        through = slope @ group.u
        for k, j in enumerate(group.missing):
            design[rows, prior.delta[self.names[j]]] += through[:, k] + total * by_delta[:, j]
        if group.score and group.kind in prior.shift:
            design[rows, prior.shift[group.kind]] -= total * beta
        moving = self.cycle[rows] >= 0
        design[rows[moving], len(prior.point) + self.cycle[rows][moving]] += total[moving]

    def value(self, vector):
        """Return the log likelihood."""
        return self._value(self.evaluate(vector, gradient=False)[0])

    def _value(self, p):
        p = np.clip(p, 1e-300, 1 - 1e-16)
        return float(self.hits @ np.log(p) + (self.trials - self.hits) @ np.log1p(-p))

    def derivatives(self, vector):
        """Return the log likelihood, its gradient and its Fisher information."""
        p, design = self.evaluate(vector)
        p = np.clip(p, 1e-12, 1 - 1e-12)
        inverse = 1 / (p * (1 - p))
        gradient = design.T @ ((self.hits - self.trials * p) * inverse)
        return self._value(p), gradient, design.T @ (design * (self.trials * inverse)[:, None])
