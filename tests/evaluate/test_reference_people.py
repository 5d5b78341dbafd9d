"""Those who rank: LP averages to the level, the chain's margin is the logistic model's, weights are right."""

import numpy as np
import pytest

from matchmodel.evaluate.checks.margin import margin
from matchmodel.evaluate.reference_people import lp_of_ranking
from matchmodel.model.engine import expit

from .conftest import PRIMARY

SOME = ("Internal Medicine", "Family Medicine", "General Surgery")


@pytest.mark.parametrize("specialty", SOME)
def test_chances_of_those_who_rank_average_to_the_level_in_every_draw(trained, specialty):
    fit = trained.fits[PRIMARY]
    level = fit.level_draws[:, fit.specialties.index(specialty)]
    off = expit(level + lp_of_ranking(trained, PRIMARY, specialty)).mean(axis=0) - expit(level)
    assert abs(off.mean()) < 0.003 and np.abs(off).max() < 0.02


def test_the_score_is_a_part_of_the_same_peoples_lp(trained):
    whole, score = (lp_of_ranking(trained, PRIMARY, "Neurology", only) for only in (False, True))
    assert whole.shape == score.shape
    assert np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(whole.T, score.T, strict=True)]) > 0.5
    assert np.var(whole, axis=0).mean() > np.var(score, axis=0).mean()


@pytest.mark.parametrize("specialty", SOME)
def test_applicants_weighted_by_one_over_their_chance_have_the_chains_share(inputs, specialty):
    people = inputs.own_people[specialty]
    share = (people.applicant_weights() * (1 - people.ranks[..., 0])).sum(axis=0)
    off = share - people.chain.share  # the chain was solved over twelve groups, these are sixty people
    assert abs(off.mean()) < 0.01 and np.abs(off).max() < 0.05


def test_those_who_rank_have_the_solved_mean_of_ranks(inputs):
    for specialty in SOME:
        one = inputs.own_people[specialty]
        arrays = one.people.arrays.chain
        mu = arrays.at_usual * np.exp(arrays.eta * one.people.lp)
        off = (mu / (1 - one.ranks[..., 0])).mean(axis=0) - one.chain.mean_ranks
        assert abs(off.mean()) < 0.05


def test_the_margin_is_the_logistic_models(inputs):
    frame = margin(inputs.people)
    assert set(frame["applicant_type"]) == {PRIMARY, "us-img"} and len(frame) > 20
    assert frame["mean_error"].max() < 0.005 and frame["worst_twelfth"].max() < 0.01
    assert (frame["answered"] < 0.05).all()
