"""A model file's joint draws as a normal prior: which numbers there are, and how they move together."""

from dataclasses import dataclass, field

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.linalg import block_diag
from scipy.special import expit
from sklearn.covariance import LedoitWolf

from ..artefact import unpack
from ..covariates import COVARIATES, step2_u
from .level import solve_shift

SCORE_NODES, SCORE_WEIGHTS = (v if k == 0 else v / v.sum() for k, v in enumerate(hermegauss(7)))  # of a standard normal
STILL = 1e-4  # a standard deviation under which a number is taken as fixed: what six written digits leave


@dataclass(frozen=True)
class Block:
    """Numbers whose covariance is learnt together; different blocks are independent.

    Attributes
    ----------
    name : str
    start : int
        Place of the first in the vector.
    point : numpy.ndarray, shape (k,)
    draws : numpy.ndarray, shape (d, k)
    """

    name: str
    start: int
    point: np.ndarray
    draws: np.ndarray

    @property
    def places(self):
        """Where its numbers stand in the vector."""
        return np.arange(self.start, self.start + len(self.point))


@dataclass
class Prior:
    """A model file as a vector of numbers with a joint normal distribution.

    The vector: the effects of the covariates; slopes (one where several types share their draws); levels, of a derived type the
    difference from the type that it is derived from; a shift of the scores, where the file has one; and by how much the
    reference population's mean of each covariate may be off, which the file's draws of kappa hold.

    Attributes
    ----------
    cells : list of (str, str)
        (applicant type, specialty)
    types : list of str
    kind : numpy.ndarray of int, shape (c,)
        Place of each cell's type in `types`.
    blocks : list of Block
    delta : dict
        {covariate: place}
    beta : numpy.ndarray of int, shape (c,)
        Place of each cell's slope.
    level_matrix : numpy.ndarray, shape (c, p); level_offset : numpy.ndarray, shape (c,)
        Levels are level_matrix @ vector + level_offset.
    shift : dict
        {type: place}, in u.
    mean : dict
        {(type, covariate): place}, in u.
    score_mean, score_sd : numpy.ndarray, shape (c,)
        In u.
    gap, gap_draws : numpy.ndarray, shape (c,), (d, c)
        By how much the file's alpha differs from that of normal scores.
    references : dict
        {type: {covariate: (u, shares)}}
    rest : dict
        {(type, covariate): array of shape (d, k)}: what `mean` leaves of the draws of kappa, over the type's cells.
    drift : dict
        {type: standard deviation a root of a year}
    year : dict
        {type: year of its level}
    """

    cells: list
    types: list
    kind: np.ndarray
    references: dict
    score_mean: np.ndarray
    score_sd: np.ndarray
    drift: dict
    year: dict
    blocks: list = field(default_factory=list)
    delta: dict = field(default_factory=dict)
    beta: np.ndarray = None
    level_matrix: np.ndarray = None
    level_offset: np.ndarray = None
    shift: dict = field(default_factory=dict)
    mean: dict = field(default_factory=dict)
    gap: np.ndarray = None
    gap_draws: np.ndarray = None
    rest: dict = field(default_factory=dict)

    def add(self, name, point, draws):
        """Append a block and return its places."""
        block = Block(name, sum(len(b.point) for b in self.blocks), np.asarray(point, float), np.asarray(draws, float))
        self.blocks.append(block)
        return block.places

    @property
    def point(self):
        """The file's values, shape (p,)."""
        return np.concatenate([b.point for b in self.blocks])

    @property
    def draws(self):
        """The file's joint draws, shape (d, p)."""
        return np.concatenate([b.draws for b in self.blocks], axis=1)

    def covariance(self):
        """Return the prior covariance, shape (p, p)."""
        return block_diag(*(block_covariance(b.draws) for b in self.blocks))

    def levels(self, vector):
        """Return every cell's level, of a vector or of rows of vectors."""
        return vector[..., : self.level_matrix.shape[1]] @ self.level_matrix.T + self.level_offset

    def of(self, kind):
        """Return the places of a type's cells."""
        return np.flatnonzero(self.kind == self.types.index(kind))

    def at(self, vector, places, key):
        """Return vector[..., places[key]], 0 where there is none."""
        return vector[..., places[key]] if key in places else np.zeros(vector.shape[:-1])


def block_covariance(draws):
    """Return the covariance of a block: the draws' own standard deviations, correlations shrunk towards none.

    Ledoit and Wolf's estimate (J Multivar Anal 88:365, 2004) of the standardised draws, scaled back. A few hundred draws leave
    0.07 of noise in each correlation, which over dozens of numbers would pass for knowledge; within a block of nearly independent
    ones most of it goes, and effects that are truly tied stay so.

    Parameters
    ----------
    draws : numpy.ndarray, shape (d, k)
    """
    sd = np.maximum(draws.std(axis=0, ddof=1), STILL)
    if draws.shape[1] == 1:
        return np.diag(sd**2)
    found = LedoitWolf(assume_centered=True).fit((draws - draws.mean(axis=0)) / sd).covariance_
    scale = sd / np.sqrt(np.diag(found))
    return found * np.outer(scale, scale)


def normal_alpha(level, beta, mean, sd):
    """Return alpha with which normal scores N(mean, sd^2) in u average expit(level); arrays of one shape, seven Gauss-Hermite nodes."""
    level, beta, mean, sd = (np.ravel(v) for v in np.broadcast_arrays(level, beta, mean, sd))
    base = beta[:, None] * (mean[:, None] + sd[:, None] * SCORE_NODES)
    return solve_shift(base, SCORE_WEIGHTS, expit(level))


def centring(level, delta, u, shares):
    """Return kappa with sum_u shares expit(level + delta u - kappa) = expit(level); level and delta of one shape, (r,)."""
    level, delta = np.broadcast_arrays(level, delta)
    return -solve_shift(level[:, None] + delta[:, None] * u, shares, expit(level))


def read_prior(model):
    """Take a model file apart.

    Parameters
    ----------
    model : Model

    Returns
    -------
    Prior
    """
    types = model.applicant_types
    cells = [(kind, s) for kind in types for s in model.specialties(kind)]
    content = [model.type(kind)["cells"][s] for kind, s in cells]

    def drawn(name):
        return np.array([unpack(c["draws"][name]) for c in content]).T

    def point(name):
        return np.array([c[name]["value"] for c in content])

    prior = Prior(
        cells=cells, types=types, kind=np.array([types.index(kind) for kind, _ in cells]),
        references={t: {n: (np.array(r["u"], float), np.array(r["shares"], float)) for n, r in model.type(t)["reference"].items() if model.has_effect(t, n)} for t in types},
        score_mean=step2_u(np.array([c["score_mean"] for c in content], float)), score_sd=np.array([c["score_sd"] for c in content], float) / 10,
        drift={t: model.drift_sd(t) for t in types}, year={t: model.type(t)["year"] for t in types},
    )
    names = [n for n in COVARIATES if n in model.content["covariates"]]
    if names:
        effects = np.array([model.delta(n).draws for n in names]).T
        prior.delta = dict(zip(names, prior.add("effects", [model.delta(n).value for n in names], effects).tolist(), strict=True))
    betas, beta_draws = point("beta"), drawn("beta")
    texts = [c["draws"]["beta"] for c in content]
    own = [k for k, t in enumerate(texts) if texts.index(t) == k]
    places = prior.add("slopes", betas[own], beta_draws[:, own])
    prior.beta = np.array([places[own.index(texts.index(t))] for t in texts])
    _levels(prior, model, point("level"), drawn("level"))
    _scores(prior, model, point, drawn)
    _means(prior, model, drawn("level"))
    return prior


def _levels(prior, model, levels, draws):
    """Add a block of levels a type; of a derived type, of differences."""
    rows, of = [], {cell: k for k, cell in enumerate(prior.cells)}
    for kind in prior.types:
        mine = prior.of(kind)
        base = model.type(kind)["derived_from"]
        under = np.array([of.get((base, prior.cells[k][1]), -1) if base is not None else -1 for k in mine])
        value = levels[mine] - np.where(under >= 0, levels[under], 0.0)
        moves = draws[:, mine] - np.where(under >= 0, draws[:, under], 0.0)
        free = np.flatnonzero(moves.std(axis=0) > STILL)
        places = dict(zip(mine[free], prior.add(f"levels of {kind}", value[free], moves[:, free]), strict=True)) if len(free) else {}
        rows += [(int(k), int(b), places.get(k)) for k, b in zip(mine, under, strict=True)]
    width = sum(len(b.point) for b in prior.blocks)
    matrix = np.zeros((len(prior.cells), width))
    known = {k: (b, place) for k, b, place in rows}
    for k in known:
        step = k
        while step >= 0:  # a derived type's own difference, then the type under it
            if known[step][1] is not None:
                matrix[k, known[step][1]] = 1.0
            step = known[step][0]
    prior.level_matrix = matrix
    prior.level_offset = levels - matrix @ prior.point[:width]


def _scores(prior, model, point, drawn):
    """Add the shift of each type's scores that its draws of alpha hold, and keep what normal scores leave over."""
    beta, gap = drawn("beta"), drawn("alpha") - normal_alpha(drawn("level"), drawn("beta"), prior.score_mean, prior.score_sd).reshape(drawn("level").shape)
    prior.gap = point("alpha") - normal_alpha(point("level"), point("beta"), prior.score_mean, prior.score_sd)
    for kind in prior.types:
        mine = prior.of(kind)
        moved = -(beta[:, mine] * gap[:, mine]).sum(axis=1) / (beta[:, mine] ** 2).sum(axis=1)
        if model.type(kind)["score_shift"] is not None and moved.std() > STILL:
            prior.shift[kind] = int(prior.add(f"score shift of {kind}", [0.0], moved[:, None])[0])
            gap[:, mine] += beta[:, mine] * moved[:, None]
    prior.gap_draws = gap


def _means(prior, model, levels):
    """Add by how much each reference population's mean may be off: kappa's draws were solved over drawn shares.

    delta times that is what kappa differs by; where a draw of delta is near 0 it says nothing, and a ridge holds the quotient.
    """
    for kind in prior.types:
        mine = prior.of(kind)
        for name, (u, shares) in prior.references[kind].items():
            delta = np.array(model.delta(name).draws)
            kappa = np.array([model.cell(kind, prior.cells[k][1]).kappa_draws(name) for k in mine]).T
            solved = centring(levels[:, mine].ravel(), np.repeat(delta, len(mine)), u, shares).reshape(kappa.shape)
            over = kappa - solved
            mean = over.mean(axis=1)
            off = mean * delta / (delta**2 + 0.01 * np.mean(delta**2))
            off *= np.sqrt(np.sum(mean**2) / np.sum(delta**2)) / max(off.std(ddof=1), 1e-12)
            if off.std() > STILL:
                off -= off.mean()
                prior.mean[kind, name] = int(prior.add(f"mean of {name}, {kind}", [0.0], off[:, None])[0])
                over = over - (delta * off)[:, None]
            prior.rest[kind, name] = over
