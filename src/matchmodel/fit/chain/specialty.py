"""From applications to a match: every specialty's chain, from tables to draws.

`solver` has the equations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ...covariates import COVARIATES, step2_u
from ...model.engine import MOST_USUAL, choice_terms, expit
from ..evidence import priors
from ..evidence.references import Reference
from ..random import Normals
from ..tables.level import solve_shift
from ..tables.pooling import pool
from ..tables.score_slopes import TypeFit
from .interviews import ProgramRates
from .participation import RankingShare
from .ranks import RankFit
from .solver import Problem, Solved, solve, solve_counts
from .usual import Usual

Part = TypeVar("Part", Problem, Solved)

FEWEST = 50  # applicants who rank, under which a specialty has no chain
PEOPLE, GROUPS = 240, 12  # who stand for those who rank; groups of LP that the chain is solved over
LEAST_MEAN = 1.05  # mean ranks nearer to one say nothing of the number of invitations
MOST_CUT = 0.3  # share of draws cut there, above which no usual number is known
LEAST_SPREAD = 0.3  # of ln m0 between specialties, where it is borrowed
RAISES = 5  # of lambda, before a draw is replaced


@dataclass(frozen=True)
class CellChain:
    """One specialty's chain for one type, every array of shape (d,).

    Attributes
    ----------
    rates, rho, usual
        Invitation rates; the ratio of the application-weighted to the plain mean; the usual number.
    m0, dispersion, b, eta
        As in `matchmodel.model.engine`.
    mean_ranks, sd_ranks, rank_slope, share
        Of those who rank, and P(K >= 1), as the chain has them.
    replaced, raised
        Draws replaced whole, and draws whose lambda was raised.
    borrowed
        Whether the numbers are another type's.
    lam
        lambda, after draws without a solution were replaced.
    """

    rates: ProgramRates
    rho: np.ndarray
    usual: Usual
    m0: np.ndarray
    dispersion: np.ndarray
    b: np.ndarray
    eta: np.ndarray
    mean_ranks: np.ndarray
    sd_ranks: np.ndarray
    rank_slope: np.ndarray
    share: np.ndarray
    replaced: int
    raised: int
    borrowed: bool
    lam: np.ndarray


@dataclass(frozen=True)
class Profiles:
    """What LP is summed from in a cell.

    `covariates` is {covariate: (effect draws (d,), kappa draws (d,), Reference)}; the rest is the score's.
    """

    beta: np.ndarray
    level: np.ndarray
    scores: tuple[np.ndarray, np.ndarray]
    covariates: dict[str, tuple[np.ndarray, np.ndarray, Reference]]

    def lp(self) -> np.ndarray:
        """Return LP of people who stand for those who rank, shape (d, PEOPLE).

        Each margin is spread evenly over the people, in an order that is always the same: the covariates are
        independent of one another. The score's part averages to the level over them in every draw, whatever
        the error of their scores.
        """
        rng = np.random.default_rng(PEOPLE)
        places = (np.arange(PEOPLE) + 0.5) / PEOPLE
        values, weights = self.scores
        order = np.argsort(values, kind="stable")
        cumulative = np.cumsum(weights[order])
        score = np.interp(rng.permutation(places), cumulative - weights[order] / 2, step2_u(values[order]))
        part = self.beta[:, None] * score
        total = part + (solve_shift(part, np.ones(PEOPLE), expit(self.level)) - self.level)[:, None]
        for name in COVARIATES:
            place = rng.permutation(places)
            if name not in self.covariates:
                continue
            delta, kappa, reference = self.covariates[name]
            u, shares = reference.u_draws, reference.weight_draws
            if len(reference.u) == 2:
                picked = np.where(place < shares[:, :1], u[:, :1], u[:, 1:])
            else:
                index = np.minimum(np.searchsorted(np.cumsum(reference.weights), place), len(reference.u) - 1)
                picked = u[:, index]
            total = total + delta[:, None] * picked - kappa[:, None]
        lp: np.ndarray = total
        return lp


def groups_of(lp: np.ndarray) -> np.ndarray:
    """Return the means of LP in equal groups of people, rising, shape (d, GROUPS)."""
    means: np.ndarray = np.sort(lp, axis=1).reshape(len(lp), GROUPS, -1).mean(axis=2)
    return means


def _some(whole: Part, rows: np.ndarray) -> Part:
    """Return the problem, or the solution, of some of the draws."""

    def some(value: Any) -> Any:
        return None if value is None else tuple(map(some, value)) if type(value) is tuple else value[rows]

    return replace(whole, **{f.name: some(getattr(whole, f.name)) for f in fields(whole)})


def _together(parts: Sequence[Part]) -> Part:
    """Return the problem, or the solution, of the draws of several specialties."""

    def join(values: Sequence[Any]) -> Any:
        if values[0] is None:
            return None
        if type(values[0]) is tuple:
            return tuple(map(join, zip(*values, strict=True)))
        return np.concatenate(values)

    return replace(parts[0], **{f.name: join([getattr(p, f.name) for p in parts]) for f in fields(parts[0])})


def _put(whole: Solved, part: Solved, rows: np.ndarray) -> Solved:
    joined = {}
    for name in whole.__dataclass_fields__:
        joined[name] = getattr(whole, name).copy()
        joined[name][rows] = getattr(part, name)
    return replace(whole, **joined)


class Found(NamedTuple):
    """A chain as it was solved.

    Attributes
    ----------
    problem
        With lambda as it was solved.
    solved
    source
        The draw that each draw's chain is of, its own or that which replaces it: ints, shape (d,).
    raised, replaced
        Draws whose lambda was raised, and draws that were replaced.
    """

    problem: Problem
    solved: Solved
    source: np.ndarray
    raised: int
    replaced: int


def solve_or_replace(problems: Sequence[Problem], near: Sequence[Solved] | None = None) -> list[Found]:
    """Solve chains of several specialties in every draw, together: those hard to solve are few in each.

    A draw without a solution gets a larger lambda, and in the end another draw's chain.

    With a small lambda the number of interviews may not carry the rest of the profile's effect, or spreads
    the ranks more than the printed SD allows: such a draw contradicts the printed ranks.
    """
    cell = np.repeat(np.arange(len(problems)), [len(one.level) for one in problems])
    problem = replace(_together(problems), cell=cell)
    solved = solve(problem, None if near is None else _together(near))
    raised = np.zeros(len(cell), bool)
    for _ in range(RAISES):
        bad = np.flatnonzero(~solved.converged)
        if not len(bad):
            break
        lam = problem.lam.copy()
        lam[bad] += 0.4 * (priors.LAMBDA_LIMITS[1] - lam[bad])
        raised[bad] = True
        problem = replace(problem, lam=lam)
        solved = _put(solved, solve(_some(problem, bad)), bad)
    found = []
    for at in range(len(problems)):
        rows = np.flatnonzero(cell == at)
        own, source = _some(solved, rows), np.arange(len(rows))
        good, bad = np.flatnonzero(own.converged), np.flatnonzero(~own.converged)
        if len(bad) and len(good):
            source[bad] = good[np.linspace(0, len(good) - 1, len(bad)).round().astype(int)]
        found.append(
            Found(replace(_some(problem, rows), cell=None), own, source, int(raised[rows].sum()), len(bad))
        )
    return found


def _lambda(normals: Normals, specialty: str) -> np.ndarray:
    return np.clip(
        priors.LAMBDA.mean + priors.LAMBDA.sd * normals.own("lambda", specialty), *priors.LAMBDA_LIMITS
    )


def _chosen(rates: ProgramRates, rho: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return C(N) at the usual number, shape (d,)."""
    p, q = choice_terms(rho, number, float(rates.listed))
    invitations: np.ndarray = rates.mean * number * (p - q * number)
    return invitations


def _chain(
    found: Found, rates: ProgramRates, rho: np.ndarray, usual: Usual, m: np.ndarray, borrowed: bool
) -> CellChain:
    """Return the chain of a solution with M, shape (d,); draws that were replaced take another draw's."""
    problem, solved, source, raised, replaced = found
    return CellChain(
        rates=rates,
        rho=rho,
        usual=usual,
        m0=m / _chosen(rates, rho, usual.draws),
        dispersion=solved.dispersion[source],
        b=solved.rank_slope[source],
        eta=solved.eta[source],
        mean_ranks=solved.mean_ranks[source],
        sd_ranks=solved.sd_ranks[source],
        rank_slope=solved.margin_slope[source],
        share=solved.share[source],
        replaced=replaced,
        raised=raised,
        borrowed=borrowed,
        lam=problem.lam[source],
    )


def _both(problem: Problem, solved: Solved, observed: RankingShare, normals: Normals) -> np.ndarray:
    """Return the dispersion that the printed SD of ranks and the share who rank say together, shape (d,).

    Each gives ln v in every draw; the two are averaged by their precision over the draws. It is at most what
    the share allows if everybody took part and second choices ranked it as often as first ones: more cannot
    rank it than apply.
    """
    tilt = np.exp(np.clip(solved.eta[:, None] * problem.lp, -25, 25))
    start = (solved.mean, solved.dispersion)
    by_share = solve_counts(
        problem.mean_ranks, observed.of_those_who_take_part(normals), tilt, start, share=True
    )[1]
    most = solve_counts(problem.mean_ranks, np.full(len(by_share), observed.ranked), tilt, start, share=True)[
        1
    ]
    logs = np.log(np.stack([solved.dispersion, by_share]))
    weights = 1 / logs.var(axis=1, ddof=1)
    dispersion: np.ndarray = np.minimum(np.exp(weights @ logs / weights.sum()), most)
    return dispersion


def _own_problem(fit: TypeFit, ranks: RankFit, j: int, profiles: Profiles, normals: Normals) -> Problem:
    """Return what the chain of a specialty is solved from with its own printed ranks."""
    s = fit.specialties[j]
    together, z = ranks.errors_correlation[j], normals.own(f"{fit.kind} mean ranks", s)
    z_sd = together * z + np.sqrt(1 - together**2) * normals.own(f"{fit.kind} sd ranks", s)
    return Problem(
        level=profiles.level,
        lp=groups_of(profiles.lp()),
        mean_ranks=np.maximum(ranks.mean_ranks[j] + ranks.mean_ranks_se[j] * z, LEAST_MEAN),
        sd_ranks=np.maximum(ranks.sd_ranks[j] + ranks.sd_ranks_se[j] * z_sd, 0.3),
        rank_slope=np.maximum(ranks.b_draws[:, j], 0.05),
        lam=_lambda(normals, s),
    )


def solve_own(
    fit: TypeFit,
    ranks: RankFit,
    cells: Sequence[tuple[int, Profiles, RankingShare | None]],
    normals: Normals,
) -> list[Found]:
    """Solve chains from the specialties' own printed ranks, and from the share of applicants who rank where
    it is known.

    Parameters
    ----------
    fit, ranks, normals
        Of the type, and of the training.
    cells
        The place of each specialty, its profiles and its share.
    """
    problems = [_own_problem(fit, ranks, j, profiles, normals) for j, profiles, _ in cells]
    found = solve_or_replace(problems)
    shares = {at: share for at, (_, _, share) in enumerate(cells) if share is not None}
    if shares:
        again = [
            replace(one.problem, dispersion=_both(one.problem, one.solved, share, normals))
            for one, share in ((found[at], share) for at, share in shares.items())
        ]
        for at, one in zip(shares, solve_or_replace(again, [found[at].solved for at in shares]), strict=True):
            found[at] = one
    return [
        one._replace(raised=int((one.problem.lam != first.lam).sum()))
        for one, first in zip(found, problems, strict=True)
    ]


def own_chain(
    found: Found, rates: ProgramRates, rho: np.ndarray, usual: Usual | None, m0: np.ndarray | None
) -> CellChain | None:
    """Return the chain of a specialty that was solved from its own printed ranks.

    Where no usual number is published, it is the number at which m0 is that of the others, shape (d,); None
    where that is beyond the programs listed in too many draws: no usual number is then known, and none is
    guessed.
    """
    m = found.solved.mean[found.source]
    if usual is None:
        if m0 is None:
            raise ValueError("a chain needs a usual number, or m0 to find one from")
        draws = m / (m0 * rates.mean * rho)
        if np.mean(draws > MOST_USUAL * rates.listed) > MOST_CUT:
            return None
        usual = Usual(np.clip(draws, 1.0, MOST_USUAL * rates.listed), "assumed", rates.source)
    return _chain(found, rates, rho, usual, m, borrowed=False)


def borrowed_chain(
    fit: TypeFit,
    j: int,
    profiles: Profiles,
    rates: ProgramRates,
    rho: np.ndarray,
    other: CellChain,
    normals: Normals,
) -> CellChain:
    """Solve the chain of a type without printed ranks: number, m0, dispersion and rank slope are another
    type's.

    Nothing tells how m0 differs between types: it gets the least spread between specialties.
    """
    s = fit.specialties[j]
    groups = groups_of(profiles.lp())
    usual = replace(
        other.usual, draws=np.minimum(other.usual.draws, MOST_USUAL * rates.listed), basis="assumed"
    )
    at_usual = _chosen(rates, rho, usual.draws)
    m = other.m0 * np.exp(LEAST_SPREAD * normals.own("us m0", s)) * at_usual
    blank = np.full(len(rho), np.nan)
    whole = Problem(profiles.level, groups, blank, blank, blank, other.lam, (m, other.dispersion, other.b))
    (found,) = solve_or_replace([whole])
    return _chain(found, rates, rho, usual, m[found.source], borrowed=True)


def pooled_m0(chains: list[CellChain], normals: Normals, specialty: str) -> np.ndarray:
    """Return draws of m0 for a specialty whose usual number is not published.

    ln m0 of those with one, pooled; the spread between specialties at least `LEAST_SPREAD`, since they are
    few.
    """
    if not chains:
        return np.ones(normals.count)
    logs = np.array([np.log(c.m0) for c in chains])
    pooled = pool(logs.mean(axis=1), logs.std(axis=1, ddof=1))
    spread = max(pooled.spread, LEAST_SPREAD)
    error = np.hypot(spread, spread / np.sqrt(len(chains)))
    m0: np.ndarray = np.exp(logs.mean(axis=0) + error * normals.own("m0", specialty))
    return m0
