"""Every specialty's chain of an applicant type, those with a published usual number first."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np

from ...etl import Tidy
from ..random import Normals
from ..tables.score_slopes import TypeFit
from .interviews import ProgramRates
from .participation import ranking_share
from .ranks import RankFit
from .specialty import (
    FEWEST,
    LEAST_MEAN,
    CellChain,
    Profiles,
    borrowed_chain,
    own_chain,
    pooled_m0,
    solve_own,
)
from .usual import choice_ratios, known_usual

Chain = TypeVar("Chain")


def solve_all(
    solver: Callable[..., Chain], jobs: Sequence[tuple[Any, ...]], second: Executor | None
) -> list[Chain]:
    """Return what a solver makes of each of the jobs, its arguments; they need nothing of one another.

    Parameters
    ----------
    second
        A second process: whichever of the two is free takes the next job. None solves all of them here.
    """
    if second is None:
        return [solver(*job) for job in jobs]
    todo, answers = iter(enumerate(jobs)), {}

    def work(solve: Callable[..., Chain]) -> None:
        for at, job in todo:
            answers[at] = solve(*job)

    with ThreadPoolExecutor(1) as waiting:
        there = waiting.submit(work, lambda *job: second.submit(solver, *job).result())
        try:
            work(solver)
        finally:
            list(todo)  # after an error nothing more is begun
        there.result()
    return [answers[at] for at in range(len(jobs))]


class Chains:
    """Solves the chains of a type's specialties, those with a published usual number first.

    `second` is as for `solve_all`.
    """

    def __init__(
        self,
        tidy: Tidy,
        fit: TypeFit,
        ranks: RankFit | None,
        rates: dict[tuple[str, str], ProgramRates],
        normals: Normals,
        second: Executor | None = None,
    ) -> None:
        self.tidy, self.fit, self.ranks, self.normals, self.second = tidy, fit, ranks, normals, second
        self.rates = {s: rates[fit.kind, s] for s in fit.specialties if (fit.kind, s) in rates}
        self.rho, self.rho_source = choice_ratios(
            tidy.table("invitation_means"), fit.kind, fit.specialties, normals
        )
        self.usual = {
            s: known_usual(tidy.table("participation"), tidy.table("applications"), s, normals)
            for s in fit.specialties
        }

    def can(self, j: int) -> bool:
        """Whether a specialty has what a chain of its own takes."""
        fit, s = self.fit, self.fit.specialties[j]
        enough = fit.matched[j] + fit.not_matched[j] >= FEWEST and s in self.rates
        return bool(
            enough
            and self.ranks is not None
            and self.ranks.own[j]
            and self.ranks.mean_ranks[j] > LEAST_MEAN
            and np.isfinite(self.ranks.sd_ranks[j])
        )

    def solve(
        self, profiles: Callable[[int], Profiles], only: set[str] | None = None
    ) -> dict[str, CellChain]:
        """Return {specialty: CellChain}; `only` some of them where that is enough."""
        ranks = self.ranks
        if ranks is None:
            return {}
        names = self.fit.specialties
        places = [j for j in range(len(names)) if self.can(j)]
        known = [j for j in places if self.usual[names[j]] is not None]
        others = [j for j in places if j not in known and (only is None or names[j] in only)]
        solving = [*known, *others]
        halves = [solving] if self.second is None else [solving[::2], solving[1::2]]
        halves, jobs = [half for half in halves if half], []
        for half in halves:
            cells = [(j, profiles(j), ranking_share(self.tidy, self.fit.kind, names[j])) for j in half]
            jobs.append((self.fit, ranks, cells, self.normals))
        solved = {
            j: one
            for half, answers in zip(halves, solve_all(solve_own, jobs, self.second), strict=True)
            for j, one in zip(half, answers, strict=True)
        }
        found: dict[str, CellChain] = {}
        for group in (known, others):
            pooled = list(found.values())  # nothing, for those whose usual number is published
            for j in group:
                s = names[j]
                m0 = pooled_m0(pooled, self.normals, s) if group is others else None
                chain = own_chain(solved[j], self.rates[s], self.rho[s], self.usual[s], m0)
                if chain is not None:
                    found[s] = chain
        return found

    def borrow(
        self, profiles: Callable[[int], Profiles], others: dict[str, CellChain]
    ) -> dict[str, CellChain]:
        """Return the chains of a type without printed ranks, from another type's."""
        names = [s for s in self.fit.specialties if s in others and s in self.rates]
        jobs = []
        for s in names:
            j = self.fit.specialties.index(s)
            jobs.append((self.fit, j, profiles(j), self.rates[s], self.rho[s], others[s], self.normals))
        return dict(zip(names, solve_all(borrowed_chain, jobs, self.second), strict=True))
