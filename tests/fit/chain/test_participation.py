"""Who ranks of those who apply.

The formula against people simulated one by one, its inverse, and the three published shares.
"""

import numpy as np
import pytest

from matchmodel.fit.chain.participation import MOST_SHARE, RankingShare, ranking_share
from matchmodel.fit.random import Normals

from ..made import counts, tidy

PUBLISHED = {"Internal Medicine": 0.646, "Family Medicine": 0.458, "General Surgery": 0.394}


def test_the_formula_counts_people():
    """Of 400,000 applicants some take no part, some have it as their second choice.

    Who is invited and takes part may rank it.
    """
    rng = np.random.default_rng(0)
    n, q, zeta, phi, p = 400_000, 0.7, 0.2, 0.6, 0.75
    first = rng.random(n) < q
    ranks = (rng.random(n) >= zeta) & (rng.random(n) < p * np.where(first, 1.0, phi))
    share = RankingShare("X", ranks.mean(), (first & ranks).sum() / ranks.sum())
    assert share.reached(np.array([p]), np.array([zeta]), np.array([phi]))[0] == pytest.approx(
        share.ranked, abs=0.003
    )


@pytest.mark.parametrize("first", [0.3, 0.8, 0.98])
def test_implied_is_the_inverse_wherever_there_is_one(first):
    rng = np.random.default_rng(1)
    zeta, phi, p = rng.uniform(0.02, 0.28, 200), rng.uniform(0.42, 0.98, 200), 0.7
    for z, f in zip(zeta, phi, strict=True):
        ranked = float(RankingShare("X", 0.5, first).reached(np.array([p]), np.array([z]), np.array([f]))[0])
        found_zeta, found_phi, reached = RankingShare("X", ranked, first).implied(np.array([p]))
        assert reached[0] == pytest.approx(ranked, abs=1e-8)
        assert 0 <= found_zeta[0] <= 0.3 and 0.4 <= found_phi[0] <= 1


def test_in_the_middle_of_the_second_choices_only_the_share_taking_part_moves():
    share = RankingShare(
        "X",
        float(RankingShare("X", 0.5, 0.8).reached(np.array([0.7]), np.array([0.12]), np.array([0.7]))[0]),
        0.8,
    )
    zeta, phi, _ = share.implied(np.array([0.7]))
    assert (zeta[0], phi[0]) == (pytest.approx(0.12), pytest.approx(0.7))


def test_beyond_both_limits_the_share_reached_is_as_near_as_it_gets():
    for ranked, p in ((0.9, 0.3), (0.05, 0.95)):
        zeta, phi, reached = RankingShare("X", ranked, 0.8).implied(np.array([p]))
        corner = (0.0, 1.0) if ranked == 0.9 else (0.3, 0.4)
        assert (zeta[0], phi[0]) == (pytest.approx(corner[0]), pytest.approx(corner[1]))
        assert (reached[0] < ranked) == (ranked == 0.9)


def test_of_those_who_take_part_undoes_the_formula_in_every_draw():
    share, normals = RankingShare("X", 0.4, 0.8), Normals(0, 300)
    p = share.of_those_who_take_part(normals)
    zeta, phi = (
        normals.uniform("takes no part", "X", 0.0, 0.3),
        normals.uniform("second choices", "X", 0.4, 1.0),
    )
    np.testing.assert_allclose(share.reached(p, zeta, phi), 0.4)
    assert p.min() >= 0.4 and p.std() > 0.05
    assert RankingShare("X", 0.96, 0.8).of_those_who_take_part(normals).max() == MOST_SHARE


@pytest.mark.parametrize("specialty", PUBLISHED)
def test_the_chain_reaches_the_published_share(trained, specialty):
    """With zeta and phi inside their priors: 64.6, 45.8 and 39.4% of those who applied ranked it."""
    share = ranking_share(trained.tidy, "non-us-img", specialty)
    assert share.ranked == pytest.approx(PUBLISHED[specialty], abs=0.001)
    zeta, phi, reached = share.implied(trained.chains["non-us-img"][specialty].share)
    assert reached.mean() == pytest.approx(share.ranked, abs=0.02)
    assert np.mean(np.abs(reached - share.ranked) < 0.02) > 0.95
    assert 0 <= zeta.min() and zeta.max() <= 0.3 and 0.4 <= phi.min() and phi.max() <= 1


def test_nobody_ranks_a_specialty_who_did_not_apply(trained):
    """P(K >= 1) is never under the share of all applicants who rank, since not all take part."""
    for specialty in PUBLISHED:
        share = ranking_share(trained.tidy, "non-us-img", specialty)
        assert np.mean(trained.chains["non-us-img"][specialty].share > share.ranked - 0.02) > 0.95


def tables(**changes):
    made = {
        "ranked_anywhere": [
            {
                "specialty": "Neurology",
                "year": 2025,
                "us_img_ranked": 100,
                "us_img_matched": 50,
                "non_us_img_ranked": 400,
                "non_us_img_matched": 200,
            }
        ],
        "applicants_total": [{"specialty": "Neurology", "season": 2025, "img_applicants": 1000}],
        "counts": [counts("Neurology", 150, 170)],
        "rates": [
            {"applicant_type": "non-us-img", "year": y, "match_rate": 0.5, "active_applicants": n}
            for y, n in ((2025, 10000), (2026, 11000))
        ],
    }
    return tidy(**{**made, **changes})


def test_shares_are_read_from_the_tables():
    found = ranking_share(tables(), "non-us-img", "Neurology")
    assert found.ranked == pytest.approx(500 / 1000)
    assert found.first == pytest.approx(320 / 400 * 10000 / 11000)


# what is missing -> nothing is published
MISSING = {
    "nobody ranked": {"ranked_anywhere": []},
    "no applicants of that year": {
        "applicants_total": [{"specialty": "Neurology", "season": 2024, "img_applicants": 1000}]
    },
    "another specialty": {"counts": [counts("Pediatrics", 150, 170)]},
    "more ranked than applied": {
        "applicants_total": [{"specialty": "Neurology", "season": 2025, "img_applicants": 400}]
    },
}


@pytest.mark.parametrize("name", MISSING)
def test_without_its_tables_there_is_no_share(name):
    assert ranking_share(tables(**MISSING[name]), "non-us-img", "Neurology") is None


def test_without_yearly_rates_first_choices_are_taken_as_they_are_and_kept_under_one():
    assert ranking_share(tables(rates=[]), "non-us-img", "Neurology").first == pytest.approx(0.8)
    assert (
        ranking_share(tables(counts=[counts("Neurology", 300, 400)]), "non-us-img", "Neurology").first == 0.98
    )
