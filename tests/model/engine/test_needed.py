"""Required applications and one less, in chains from one end to the other of what a model may hold."""

import warnings

import numpy as np
import pytest

from matchmodel import load_model
from matchmodel.covariates import COVARIATES
from matchmodel.model.engine import CellArrays, People
from matchmodel.model.loaded import CHAIN_BOUNDS

MODEL = load_model()
KIND, PEOPLE = "non-us-img", 16


def made_up(random):
    """Applicants of a specialty whose chain is made up: spread, steepness and profiles of any size."""

    def between(low, high):
        return np.exp(random.uniform(np.log(low), np.log(high)))

    named = [s for s in MODEL.specialties(KIND) if MODEL.has_chain(KIND, s)]
    arrays = CellArrays(MODEL.record, MODEL.kind(KIND), random.choice(named))
    chain, bounds = arrays.chain, CHAIN_BOUNDS
    spread = between(*bounds["dispersion"]) * np.exp(random.normal(0, 0.3, len(chain.b)))
    chain.dispersion = np.clip(spread, *bounds["dispersion"])
    chain.m0 = chain.m0 * between(1e-3, 1e3)
    chain.b = np.clip(chain.b + random.uniform(-3, 6), *bounds["b"])
    chain.eta = np.clip(chain.eta * between(0.1, 10), *bounds["eta"])
    scores, unknown = random.integers(196, 300, PEOPLE).astype(float), np.full(PEOPLE, np.nan)
    people = People(arrays, scores, dict.fromkeys(COVARIATES, unknown), 1)
    if random.random() < 0.5:
        people.lp = people.lp + random.uniform(-60, 60, (PEOPLE, 1))
    return people


@pytest.mark.parametrize("seed", range(200))
def test_the_least_number_reaches_the_target_and_one_less_does_not(seed):
    random = np.random.default_rng([seed, 16])
    people = made_up(random)
    listed = int(people.chain.listed)
    sent = random.integers(1, listed + 1, PEOPLE)
    near = people.p_apply(people.invitations(sent)).mean(axis=-1) - 10 ** random.uniform(-9, -3, PEOPLE)
    target = np.clip(np.where(random.random(PEOPLE) < 0.8, near, 0.5), 0.01, 0.99)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = people.needed(target)
    for order, needed in found.items():  # more applications never lower the chance, as test_engine.py has it
        number = np.minimum(needed.point, listed)
        at, below = (
            people.p_apply(people.invitations(n, order)).mean(axis=-1)
            for n in (number, np.maximum(number - 1, 0))
        )
        never = np.isinf(needed.point)
        right = np.where(never, at < target, (at >= target) & ((below < target) | (number == 1)))
        unsure = (np.abs(at - target) < 1e-12) | (np.abs(below - target) < 1e-12)  # rounding decides
        assert (right | unsure).all(), order
