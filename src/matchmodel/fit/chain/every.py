"""Every specialty's chain of an applicant type, those with a published usual number first."""

from collections.abc import Callable

import numpy as np

from ...etl import Tidy
from ..random import Normals
from ..tables.score_slopes import TypeFit
from .interviews import ProgramRates
from .participation import ranking_share
from .ranks import RankFit
from .specialty import FEWEST, LEAST_MEAN, CellChain, Profiles, borrowed_chain, own_chain, pooled_m0
from .usual import choice_ratios, known_usual


class Chains:
    """Solves the chains of a type's specialties, those with a published usual number first."""

    def __init__(
        self,
        tidy: Tidy,
        fit: TypeFit,
        ranks: RankFit | None,
        rates: dict[tuple[str, str], ProgramRates],
        normals: Normals,
    ) -> None:
        self.tidy, self.fit, self.ranks, self.normals = tidy, fit, ranks, normals
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
        places = [j for j in range(len(self.fit.specialties)) if self.can(j)]
        names = self.fit.specialties
        found: dict[str, CellChain] = {}
        for j in sorted(places, key=lambda j: self.usual[names[j]] is None):
            s, usual = names[j], self.usual[names[j]]
            if only is not None and s not in only and usual is None:
                continue
            known = [found[k] for k in found if self.usual[k] is not None]
            m0 = None if usual is not None else pooled_m0(known, self.normals, s)
            chain = own_chain(
                self.fit,
                ranks,
                j,
                profiles(j),
                self.rates[s],
                self.rho[s],
                usual,
                m0,
                ranking_share(self.tidy, self.fit.kind, s),
                self.normals,
            )
            if chain is not None:
                found[s] = chain
        return found

    def borrow(
        self, profiles: Callable[[int], Profiles], others: dict[str, CellChain]
    ) -> dict[str, CellChain]:
        """Return the chains of a type without printed ranks, from another type's."""
        return {
            s: borrowed_chain(self.fit, j, profiles(j), self.rates[s], self.rho[s], others[s], self.normals)
            for j, s in enumerate(self.fit.specialties) if s in others and s in self.rates
        }  # fmt: skip
