"""Cells of simulated data sets: the truth of a specialty for an applicant type, and its season."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from scipy.stats import nbinom

from ...covariates import COVARIATES, step2_u
from ...model.engine import MOST_RANKS, expit, ranks_pmf, solve_at, u_of

ORDER = ("step2_ck", *COVARIATES)
_Z, _W = np.polynomial.hermite_e.hermegauss(9)
NODES, WEIGHTS = _Z, _W / _W.sum()


@dataclass(frozen=True)
class Population:
    """How those of a type who rank are spread over score and covariates.

    Attributes
    ----------
    root
        Cholesky root of the latent normals' correlation, in `ORDER`.
    shares
        {yes or no covariate: share of yes}.
    years, months
        Shift of the mean of ln(1 + years); of the mean months of USCE.
    even
        Whether every number of months is alike, as is assumed of US IMGs.
    """

    root: np.ndarray
    shares: dict[str, float]
    years: float = 0.0
    months: float = 0.0
    even: bool = False

    def draw(
        self, score: tuple[float, float], n: int, rng: np.random.Generator
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return Step 2 CK scores and covariates, as applicants give them, of n applicants; shape (n,)."""
        z = rng.standard_normal((n, len(ORDER))) @ self.root.T
        values = {}
        for j, name in enumerate(ORDER[1:], start=1):
            if name in self.shares:
                values[name] = (ndtr(z[:, j]) > 1 - self.shares[name]).astype(float)
            elif name == "years_since_graduation":
                values[name] = np.clip(np.round(np.exp(1.35 + self.years + 0.6 * z[:, j]) - 1), 0, 30)
            else:
                months = 13 * ndtr(z[:, j]) - 0.5 if self.even else np.exp(1.45 + 0.6 * z[:, j])
                values[name] = np.clip(np.round(months + self.months), 0, 12)
        return np.clip(np.round(10 * (score[0] + score[1] * z[:, 0])), 205, 285), values


@dataclass(frozen=True)
class Applicants:
    """Applicants of one cell: scores, covariates, log odds of matching, ln of what they do to invitations."""

    score: np.ndarray
    values: dict[str, np.ndarray]
    log_odds: np.ndarray
    on_rate: np.ndarray


@dataclass(frozen=True)
class Cell:
    """One specialty for one applicant type, the truth; symbols as in `matchmodel.model.engine`.

    `mean` is M, the mean invitations of a profile with LP = 0 at the usual number; `tau` the log SD of the
    number of applications over applicants of one profile, 0 where it does not move their interviews;
    `on_rate` what a covariate does to invitations over what its effect says; `score` mean and SD in tens of
    points.
    """

    kind: str
    specialty: str
    size: int
    population: Population
    score: tuple[float, float]
    level: float
    alpha: float
    beta: float
    effects: dict[str, float]
    on_rate: dict[str, float]
    positions: int
    everybody: int
    listed: int
    usual: float
    rho: float
    m0: float
    tau: float
    lam: float
    mean: float
    dispersion: float
    rank_slope: float
    eta: float

    def applicants(self, n: int, rng: np.random.Generator) -> Applicants:
        """Return n applicants out of those who rank."""
        score, values = self.population.draw(self.score, n, rng)
        own = self.alpha + self.beta * step2_u(score)
        parts = {name: effect * u_of(name, values[name]) for name, effect in self.effects.items()}
        total = own + sum(parts.values())
        centred = {name: part - part.mean() for name, part in parts.items()}
        off = sum((self.on_rate[name] - 1) * part for name, part in centred.items())
        return Applicants(score, values, total, self.eta * (total - self.level + off))

    @property
    def rate(self) -> float:
        """r, the mean invitation rate of a program: M = m0 r rho N_use."""
        return min(self.mean / (self.m0 * self.rho * self.usual), 0.5)

    def reach(self, applications: np.ndarray) -> np.ndarray:
        """Return C(N)/C(N_use)."""
        usual, n = self.usual / self.listed, np.minimum(np.asarray(applications) / self.listed, 1.0)
        steep = min((self.rho - 1) / (1 - usual), 1.0)
        return n * (1 + steep * (1 - n)) / (usual * (1 + steep * (1 - usual)))

    def means(self, people: Applicants) -> tuple[np.ndarray, np.ndarray]:
        """Return mean invitations by applicant and node of the number of applications, and nodes' weights."""
        at_usual = self.mean * np.exp(people.on_rate)[:, None]
        if not self.tau:
            return at_usual, np.ones(1)
        return at_usual * self.reach(self.usual * np.exp(self.tau * NODES - self.tau**2 / 2)), WEIGHTS

    def at(self, people: Applicants) -> np.ndarray:
        """Return A of each: with it the chances by ranks average to the logistic model's, shape (n,)."""
        mu, weights = self.means(people)
        shares = np.einsum("nhk,h->nk", ranks_pmf(mu, np.full(mu.shape, self.dispersion))[..., 1:], weights)
        shares = shares / shares.sum(axis=1, keepdims=True)
        at: np.ndarray = solve_at(shares[None], np.array([self.rank_slope]), people.log_odds[None])[0]
        return at

    def share(self, people: Applicants) -> np.ndarray:
        """Return P(K >= 1) of each, shape (n,)."""
        mu, weights = self.means(people)
        share: np.ndarray = -np.expm1(-np.log1p(self.dispersion * mu) / self.dispersion) @ weights
        return share

    def p_given(self, people: Applicants, ranks: np.ndarray | int) -> np.ndarray:
        """Return P(match | k ranks, x), shape (n,)."""
        return expit(self.at(people) + self.rank_slope * np.log(np.clip(ranks, 1, MOST_RANKS)))

    def p_apply(self, people: Applicants, applications: np.ndarray) -> np.ndarray:
        """Return P(apply | N, x), shape (n,)."""
        mu = self.mean * np.exp(people.on_rate) * self.reach(applications)
        chances = expit(self.at(people)[:, None] + self.rank_slope * np.log(np.arange(1, MOST_RANKS + 1)))
        p: np.ndarray = (ranks_pmf(mu, np.full(len(mu), self.dispersion))[:, 1:] * chances).sum(axis=1)
        return p

    def season(self, people: Applicants, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return contiguous ranks, at least one, and who matched, shape (n,) each."""
        (mu, weights), size = self.means(people), 1 / self.dispersion
        none = np.exp(-size * np.log1p(self.dispersion * mu))
        places = np.cumsum((1 - none) * weights, axis=1)
        node = (rng.random((len(mu), 1)) * places[:, -1:] > places).sum(axis=1)
        row = np.arange(len(mu))
        mu, none = mu[row, node], none[row, node]
        ranks = nbinom.ppf(none + (1 - none) * rng.uniform(0, 1 - 1e-9, len(mu)), size, size / (size + mu))
        ranks = np.maximum(ranks, 1.0)
        return ranks, rng.random(len(mu)) < self.p_given(people, ranks)
