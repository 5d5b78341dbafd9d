"""A model file's joint draws as a normal prior: which numbers there are, and how they move together.

The numbers, in blocks that are independent of one another: the effects of the covariates by specialty; slopes
(one where several types share their draws); levels, of a derived type the difference from the type that it is
derived from; a shift of the scores, where the file has one; by how much the mean of each reference population
is off.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.linalg import block_diag
from scipy.special import expit
from sklearn.covariance import LedoitWolf

from ...covariates import COVARIATES, step2_u
from ...fit.tables.level import solve_shift
from ...model import Model
from ...model.records import Cell

SCORE_NODES, _WEIGHTS = hermegauss(7)  # of the standard normal
SCORE_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
STILL = 1e-4  # a standard deviation under which a number is taken as fixed: what six written digits leave
NONE = -1  # the place of a number that a cell does not have
Key = tuple[str, str]  # (applicant type, specialty), or (applicant type, covariate)


@dataclass(frozen=True)
class Block:
    """Numbers whose covariance is learnt together: first place, draws (d, k), covariance (k, k)."""

    start: int
    draws: np.ndarray
    covariance: np.ndarray


def block_covariance(draws: np.ndarray) -> np.ndarray:
    """Return the covariance of a block: the draws' own standard deviations, correlations shrunk towards none.

    Ledoit and Wolf's estimate (J Multivar Anal 88:365, 2004) of the standardised draws, scaled back. A few
    hundred draws leave 0.05 of noise in each correlation, which over dozens of numbers would pass for
    knowledge; within a block of nearly independent ones most of it goes, and numbers that are truly tied stay
    so.

    Parameters
    ----------
    draws
        Shape (d, k).
    """
    sd = np.maximum(draws.std(axis=0, ddof=1), STILL)
    if draws.shape[1] == 1:
        return np.diag(sd**2)
    shrunk: np.ndarray = LedoitWolf(assume_centered=True).fit((draws - draws.mean(axis=0)) / sd).covariance_
    scale = sd / np.sqrt(np.diag(shrunk))
    return shrunk * np.outer(scale, scale)


def effects_covariance(draws: np.ndarray) -> np.ndarray:
    """Return the covariance of effects by specialty, shape (j k, j k), covariate by covariate.

    A covariate's effects move with their mean over specialties and each by itself: delta[j,s] = loading m[j]
    + own[j,s], the loading and the variance of the own part from the draws, the means' covariance as
    `block_covariance`.

    Parameters
    ----------
    draws
        Shape (d, j, k): covariates by specialties.
    """
    means = draws.mean(axis=2)
    away, centred = means - means.mean(axis=0), draws - draws.mean(axis=0)
    variance = np.maximum(away.var(axis=0, ddof=1), STILL**2)
    loading = np.einsum("dj,djk->jk", away, centred) / (len(draws) - 1) / variance[:, None]
    own = np.maximum(centred.var(axis=0, ddof=1) - loading**2 * variance[:, None], STILL**2)
    spread = block_diag(*loading[:, :, None]).T  # (j, j k)
    covariance: np.ndarray = spread.T @ block_covariance(means) @ spread + np.diag(own.ravel())
    return covariance


def normal_alpha(level: np.ndarray, beta: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Return alpha with which normal scores N(mean, sd^2) in u average expit(level), by seven nodes.

    Parameters
    ----------
    level, beta, mean, sd
        Of shapes that go together.
    """
    shape = np.broadcast_shapes(np.shape(level), np.shape(beta), np.shape(mean), np.shape(sd))
    level, beta, mean, sd = (np.broadcast_to(v, shape).ravel() for v in (level, beta, mean, sd))
    base = beta[:, None] * (mean[:, None] + sd[:, None] * SCORE_NODES)
    alpha: np.ndarray = solve_shift(base, SCORE_WEIGHTS, expit(level))
    return alpha.reshape(shape)


def centring(level: np.ndarray, delta: np.ndarray, u: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return kappa with sum over u of shares expit(level + delta u - kappa) = expit(level).

    Parameters
    ----------
    level, delta
        Of one shape.
    u, shares
        Shape (k,).
    """
    base = level.reshape(-1, 1) + delta.reshape(-1, 1) * u
    kappa: np.ndarray = -solve_shift(base, shares, expit(level.ravel()))
    return kappa.reshape(level.shape)


class Prior:
    """A model file as a vector of numbers with a joint normal distribution.

    Attributes
    ----------
    cells, types, kind
        (type, specialty) of each cell; the types; the place of each cell's type in them, shape (c,).
    names
        Covariates of the model.
    references
        {type: {covariate: (u, shares)}}
    score_mean, score_sd
        In u, shape (c,).
    delta
        Place of each cell's effects, shape (c, len(names)); `NONE` where its type lacks the covariate.
    beta
        Place of each cell's slope, shape (c,).
    level_matrix, level_offset
        Levels are level_matrix @ vector + level_offset; shapes (c, p) and (c,).
    shift
        {type: place} of the shift of its scores, in u.
    mean
        {(type, covariate): place} of how far a population's mean is off, in u.
    gap, gap_draws
        What alpha has beyond that of normal scores, shapes (c,) and (d, c).
    rest, rest_draws
        What kappa has beyond the reference population and `mean`, shapes (c, len(names)) and (d, c,
        len(names)).
    year
        {type: year of its level}
    draws, point
        The file's joint draws of the numbers, shape (d, p), and their means.
    """

    def __init__(self, model: Model) -> None:
        record = model.record
        self.types = model.applicant_types
        self.cells: list[Key] = [(kind, s) for kind in self.types for s in model.specialties(kind)]
        self.kind = np.array([self.types.index(kind) for kind, _ in self.cells])
        self.names = [n for n in COVARIATES if n in record.effects]
        self.year = {kind: model.kind(kind).year for kind in self.types}
        self.references = {
            kind: {
                n: (np.array(r.u), np.array(r.shares)) for n, r in model.kind(kind).reference.items()
                if n in record.effects
            } for kind in self.types
        }  # fmt: skip
        self.blocks: list[Block] = []
        contents = [model.cell(*key) for key in self.cells]
        self.score_mean = step2_u(np.array([c.score_mean for c in contents]))
        self.score_sd = np.array([c.score_sd for c in contents]) / 10
        self.level_draws = np.array([c.level.draws.array for c in contents]).T
        self._effects(model)
        self._slopes(contents)
        self._levels(model)
        self._scores(model, contents)
        self._means(contents)
        self.draws = self._drawn()  # (d, p)
        self.point = self.draws.mean(axis=0)  # (p,)

    def _add(self, draws: np.ndarray, covariance: np.ndarray | None = None) -> np.ndarray:
        """Append a block and return its places."""
        start = sum(b.draws.shape[1] for b in self.blocks)
        if covariance is None:
            covariance = block_covariance(draws)
        self.blocks.append(Block(start, draws, covariance))
        return np.arange(start, start + draws.shape[1])

    def _drawn(self) -> np.ndarray:
        return np.concatenate([b.draws for b in self.blocks], axis=1)

    def covariance(self) -> np.ndarray:
        """Return the prior covariance, shape (p, p)."""
        joint: np.ndarray = block_diag(*(b.covariance for b in self.blocks))
        return joint

    def levels(self, vector: np.ndarray) -> np.ndarray:
        """Return every cell's level, of a vector or of rows of vectors."""
        levels: np.ndarray = (
            vector[..., : self.level_matrix.shape[1]] @ self.level_matrix.T + self.level_offset
        )
        return levels

    def of(self, kind: str) -> np.ndarray:
        """Return the places of a type's cells."""
        return np.flatnonzero(self.kind == self.types.index(kind))

    def at(self, vector: np.ndarray, place: int | np.ndarray) -> np.ndarray:
        """Return vector[..., place], 0 where there is no such number."""
        if isinstance(place, int):
            return np.zeros(vector.shape[:-1]) if place == NONE else vector[..., place]
        return np.where(place == NONE, 0.0, vector[..., place])

    def mean_places(self) -> np.ndarray:
        """Return the places of the populations' means by type and covariate, shape (types, len(names))."""
        return np.array([[self.mean.get((t, n), NONE) for n in self.names] for t in self.types]).reshape(
            -1, len(self.names)
        )

    def effect_places(self) -> dict[Key, int]:
        """Return {(covariate, specialty): place}."""
        return {
            (n, s): int(self.delta[k, j])
            for k, (_, s) in enumerate(self.cells)
            for j, n in enumerate(self.names) if self.delta[k, j] != NONE
        }  # fmt: skip

    def _effects(self, model: Model) -> None:
        effects = model.record.effects
        specialties = sorted({s for _, s in self.cells})
        self.delta = np.full((len(self.cells), len(self.names)), NONE)
        if not self.names:
            return
        draws = np.array([[effects[n].specialties[s].draws.array for s in specialties] for n in self.names])
        draws = np.moveaxis(draws, -1, 0)
        places = self._add(draws.reshape(len(draws), -1), effects_covariance(draws)).reshape(
            len(self.names), -1
        )
        for k, (kind, s) in enumerate(self.cells):
            for j, name in enumerate(self.names):
                if name in self.references[kind]:
                    self.delta[k, j] = places[j, specialties.index(s)]

    def _slopes(self, contents: Sequence[Cell]) -> None:
        texts = [c.beta.draws.text for c in contents]
        own = [k for k, text in enumerate(texts) if texts.index(text) == k]
        places = self._add(np.array([contents[k].beta.draws.array for k in own]).T)
        self.beta = np.array([places[own.index(texts.index(text))] for text in texts])

    def _levels(self, model: Model) -> None:
        """Add a block of levels per type; of a derived type, of differences."""
        of = {cell: k for k, cell in enumerate(self.cells)}
        under, own = np.full(len(self.cells), NONE), np.full(len(self.cells), NONE)
        for kind in self.types:
            mine, base = self.of(kind), model.kind(kind).derived_from
            if base is not None:
                under[mine] = [of.get((base, self.cells[k][1]), NONE) for k in mine]
            moves = self.level_draws[:, mine] - self.at(self.level_draws, under[mine])
            free = np.flatnonzero(moves.std(axis=0) > STILL)
            if len(free):
                own[mine[free]] = self._add(moves[:, free])
        width = sum(b.draws.shape[1] for b in self.blocks)
        self.level_matrix = np.zeros((len(self.cells), width))
        for k in range(len(self.cells)):
            step = k
            while step != NONE:  # its own difference, then the type under it
                if own[step] != NONE:
                    self.level_matrix[k, own[step]] = 1.0
                step = under[step]
        self.level_offset = self.level_draws.mean(axis=0) - self.level_matrix @ self._drawn()[:, :width].mean(
            axis=0
        )

    def _scores(self, model: Model, contents: Sequence[Cell]) -> None:
        """Add the shift of scores that a type's draws of alpha hold; keep what normal scores leave over."""
        beta = np.array([c.beta.draws.array for c in contents]).T
        alpha = np.array([c.alpha.draws.array for c in contents]).T
        gap = alpha - normal_alpha(self.level_draws, beta, self.score_mean, self.score_sd)
        self.shift: dict[str, int] = {}
        for kind in self.types:
            if model.kind(kind).score_shift is None:
                continue
            mine = self.of(kind)
            moved = -(beta[:, mine] * gap[:, mine]).sum(axis=1) / (beta[:, mine] ** 2).sum(axis=1)
            moved = moved - moved.mean()
            if moved.std() > STILL:
                self.shift[kind] = int(self._add(moved[:, None])[0])
                gap[:, mine] += beta[:, mine] * moved[:, None]
        self.gap, self.gap_draws = gap.mean(axis=0), gap

    def _means(self, contents: Sequence[Cell]) -> None:
        """Add by how much each population's mean is off: kappa's draws were solved over drawn populations.

        delta times that is what kappa differs by; it is the least squares solution over the type's cells in
        each draw, with a ridge that holds it where the effects are near 0.
        """
        shape = (len(self.level_draws), len(self.cells), len(self.names))
        self.rest_draws = np.zeros(shape)
        self.mean: dict[Key, int] = {}
        vector = self._drawn()
        for kind in self.types:
            mine = self.of(kind)
            for name, (u, shares) in self.references[kind].items():
                j = self.names.index(name)
                delta = vector[:, self.delta[mine, j]]
                kappa = np.array([contents[k].kappa[name].draws.array for k in mine]).T
                over = kappa - centring(self.level_draws[:, mine], delta, u, shares)
                square = (delta**2).sum(axis=1)
                off = (over * delta).sum(axis=1) / (square + 0.01 * square.mean())
                if off.std() > STILL:
                    self.mean[kind, name] = int(self._add(off[:, None])[0])
                    over = over - delta * off[:, None]
                self.rest_draws[:, mine, j] = over
        self.rest = self.rest_draws.mean(axis=0)
