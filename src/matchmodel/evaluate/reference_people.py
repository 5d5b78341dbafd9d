"""The people that checks average over: those who rank a specialty, and those who apply to it."""

from dataclasses import dataclass, replace

import numpy as np

from ..errors import RefusedInput
from ..fit.chain.specialty import CellChain, Profiles
from ..fit.train import Trained
from ..model import Model
from ..model.engine import CellArrays, ChainArrays, People, ranks_pmf

EVERY = 4  # of the people who stand for those who rank, neighbours in LP that are joined to one


def profiles_of(trained: Trained, kind: str, specialty: str) -> Profiles:
    """Return what LP is summed from in a cell."""
    fit = trained.fits[kind]
    j = fit.specialties.index(specialty)
    covariates = {
        name: (trained.effects[name].specialties[specialty], kappa[:, j], trained.references[kind][name])
        for name, kappa in trained.kappa[kind].items()
    }
    return Profiles(fit.beta_draws[:, j], fit.level_draws[:, j], fit.populations[j], covariates)


def lp_of_ranking(trained: Trained, kind: str, specialty: str, score_only: bool = False) -> np.ndarray:
    """Return LP of the people for whom the chain was solved, shape (people, d).

    Parameters
    ----------
    score_only
        The score's part alone, of the same people in the same order.
    """
    profiles = profiles_of(trained, kind, specialty)
    if score_only:
        profiles = replace(profiles, covariates={})
    return profiles.lp().T


def chain_arrays(people: People) -> ChainArrays:
    """Return the draws of the chain of people whose specialty has one.

    Raises
    ------
    RefusedInput
        When it has none.
    """
    chain = people.arrays.chain
    if chain is None:
        raise RefusedInput("these people's specialty has no chain from applications to a match")
    return chain


class ThoseWhoRank(People):
    """The engine's view of people of whom LP is known, in the year of the table.

    Parameters
    ----------
    arrays
        Of their cell.
    lp
        Shape (n, d).
    """

    def __init__(self, arrays: CellArrays, lp: np.ndarray) -> None:
        self.arrays, self.shifts, self.lp, self.base = arrays, {}, lp, arrays.level
        if arrays.chain is not None:
            self.factor = arrays.chain.m0 * np.exp(arrays.chain.eta * lp)


@dataclass(frozen=True)
class ChainPeople:
    """Those who rank a specialty with a chain, in every draw.

    Attributes
    ----------
    kind, specialty
    chain
        As it was fitted.
    people
        Their LP rises.
    ranks
        P(K = 0), ..., P(K = 11), P(K >= 12) at the usual number of applications, shape (n, d, 13).
    """

    kind: str
    specialty: str
    chain: CellChain
    people: ThoseWhoRank
    ranks: np.ndarray

    def applicant_weights(self) -> np.ndarray:
        """Return how many applicants stand behind each who ranks, shape (n, d); columns sum to 1."""
        behind = 1 / np.maximum(1 - self.ranks[..., 0], 1e-6)
        weights: np.ndarray = behind / behind.sum(axis=0)
        return weights

    def p_margin(self) -> np.ndarray:
        """Return P(match | ranked, x) by the chain, over the number of invitations, shape (n, d)."""
        matched = np.einsum("ndk,ndk->nd", self.ranks[..., 1:], self.people.p_by_ranks())
        p: np.ndarray = matched / (1 - self.ranks[..., 0])
        return p


def chain_people(trained: Trained, model: Model, kind: str, specialty: str) -> ChainPeople:
    """Return those who rank a specialty with a chain.

    Parameters
    ----------
    trained, model
        What was fitted, and the model written from it.
    """
    lp = (
        np.sort(lp_of_ranking(trained, kind, specialty), axis=0)
        .reshape(-1, EVERY, trained.normals.count)
        .mean(axis=1)
    )
    people = ThoseWhoRank(model.arrays(kind, specialty), lp)
    arrays = chain_arrays(people)
    ranks = ranks_pmf(arrays.at_usual * np.exp(arrays.eta * lp), arrays.dispersion)
    return ChainPeople(kind, specialty, trained.chains[kind][specialty], people, ranks)
