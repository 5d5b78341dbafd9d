"""The order that every answer must have: more of what helps never lowers a chance, in any draw."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...covariates import COVARIATES
from ...model import Model
from ...model.engine import People
from ..reference_people import chain_arrays

PEOPLE = 40
NUMBERS = (1, 2, 5, 10, 20, 40, 80, 120, 160, 200, 300)
TOLERANCE = 1e-9
CHECKS = {
    "interviews": "P(match | k, x) rises with k to 12",
    "profile_given": "P(match | k, x) rises with the profile",
    "applications": "P(apply) rises with the number of applications",
    "profile_apply": "P(apply) rises with the profile",
    "bounds": "at random is at most as chosen, as chosen at most friendliest first",
    "below_ranked": "P(apply) at the draw's usual number is at most P(match | ranked)",
    "answer_below_ranked": "the same of an answer: the points, at the usual number rounded",
}


@dataclass(frozen=True)
class Tally:
    """How often an order was looked at and not there, and by how much at the worst, as a proportion."""

    tried: int = 0
    broken: int = 0
    worst: float = 0.0

    def plus(self, rises: np.ndarray) -> "Tally":
        """Return the tally with more differences that must not be below zero."""
        worst = float(max(-rises.min(), 0.0)) if rises.size else 0.0
        return Tally(
            self.tried + rises.size, self.broken + int((rises < -TOLERANCE).sum()), max(self.worst, worst)
        )


def random_people(
    model: Model, kind: str, specialty: str, rng: np.random.Generator, count: int = PEOPLE
) -> People:
    """Return applicants of every sort for the default cycle; each fact is unknown of one in ten."""
    given = {
        "years_since_graduation": rng.integers(0, 21, count).astype(float),
        "usce_months": rng.integers(0, 15, count).astype(float),
        **{name: rng.integers(0, 2, count).astype(float) for name, c in COVARIATES.items() if c.binary},
    }
    score = rng.integers(205, 286, count).astype(float)
    for values in (score, *given.values()):
        values[rng.random(count) < 0.1] = np.nan
    years = model.default_cycle - model.kind(kind).year
    return People(model.arrays(kind, specialty), score, given, years)


def _by_profile(values: np.ndarray, lp: np.ndarray) -> np.ndarray:
    """Return the rises of values, shape (n, d), from each applicant to the one next above in LP."""
    return np.diff(np.take_along_axis(values, np.argsort(lp, axis=0, kind="stable"), axis=0), axis=0)


def order(model: Model, seed: int = 23) -> pd.DataFrame:
    """Look at every order over random applicants, in every specialty with a chain and every draw.

    Returns
    -------
    frame
        check, what, tried, broken, worst (as a proportion), specialties (in which any is broken).
    """
    tallies = dict.fromkeys(CHECKS, Tally())
    where: dict[str, set[str]] = {name: set() for name in CHECKS}
    rng = np.random.default_rng(seed)
    for kind in model.applicant_types:
        for specialty in model.specialties(kind):
            if not model.has_chain(kind, specialty):
                continue
            for name, rises in _rises(random_people(model, kind, specialty, rng)):
                tally = tallies[name].plus(rises)
                if tally.broken > tallies[name].broken:
                    where[name].add(f"{specialty} ({kind})")
                tallies[name] = tally
    rows = [
        (n, CHECKS[n], t.tried, t.broken, t.worst, "; ".join(sorted(where[n]))) for n, t in tallies.items()
    ]
    return pd.DataFrame(rows, columns=["check", "what", "tried", "broken", "worst", "specialties"])


def _rises(people: People) -> Iterator[tuple[str, np.ndarray]]:
    """Yield (name of the check, differences that must not be below zero)."""
    chain, count = chain_arrays(people), len(people.lp)
    given = people.p_by_ranks()
    yield "interviews", np.diff(given, axis=-1)
    for k in (0, 2, 11):
        yield "profile_given", _by_profile(given[..., k], people.lp)
    before, numbers = None, [n for n in NUMBERS if n < chain.listed] + [int(chain.listed)]
    for n in numbers:
        sent = np.full(count, n)
        random, chosen, best = (
            people.p_apply(people.invitations(sent, o)) for o in ("random", "choose", "friendliest")
        )
        yield "bounds", chosen - random
        yield "bounds", best - chosen
        if before is not None:
            yield "applications", chosen - before
        before = chosen
    ranked = people.p_ranked()
    yield "below_ranked", ranked - people.p_apply(chain.at_usual * np.exp(chain.eta * people.lp))
    usual = people.p_apply(people.invitations(np.full(count, max(round(chain.record.usual.value), 1))))
    yield "profile_apply", _by_profile(usual, people.lp)
    yield "answer_below_ranked", ranked.mean(axis=-1) - usual.mean(axis=-1)
