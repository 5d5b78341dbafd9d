"""The chain's fit: the usual number solves what it should; figures that it was not fitted to."""

import numpy as np
import pytest
from scipy.stats import nbinom

from matchmodel.evaluate.chain_checks import chain_checks, median_invitations, person_factors
from matchmodel.fit.chain import fit_chain, log_mean_factor, mean_ranks_at, solve_usual
from matchmodel.fit.chain_document import chain_document
from matchmodel.fit.train import SEED, train
from matchmodel.specialties import canonical_specialty


@pytest.fixture(scope="module")
def fresh(real):
    return train(real)


@pytest.fixture(scope="module")
def chain(fresh):
    return fit_chain(fresh, SEED)


def test_mean_ranks_against_draws_of_a_negative_binomial():
    rng = np.random.default_rng(2)
    logs = rng.normal(0, 0.5, 200)
    mu, alpha = 120 * 0.02 * np.exp(logs), 0.7
    k = nbinom.rvs(1 / alpha, 1 / (1 + alpha * np.repeat(mu, 5000)), random_state=3)
    mean, share = mean_ranks_at(np.array([120.0]), np.array([0.02]), np.array([alpha]), logs[None, :])
    assert share[0] == pytest.approx((k > 0).mean(), abs=0.003)
    assert mean[0] == pytest.approx(k[k > 0].mean(), rel=0.01)


@pytest.mark.parametrize("wanted", [3.0, 60.0, 400.0])
def test_solve_usual_inverts_it(wanted):
    logs = np.random.default_rng(1).normal(0, 0.4, (1, 200))
    rate, alpha = np.array([0.02]), np.array([0.7])
    goal = mean_ranks_at(np.array([wanted]), rate, alpha, logs)[0]
    assert solve_usual(goal, rate, alpha, logs, 3000.0)[0] == pytest.approx(wanted, rel=1e-6)


def test_a_factor_less_its_norm_averages_one():
    u, w = np.array([0.0, 1.0, 3.0]), np.array([0.2, 0.5, 0.3])
    norm, drawn = log_mean_factor(-0.4, np.array([-0.4, 0.3]), u, w)
    assert w @ np.exp(-0.4 * u - norm) == pytest.approx(1)
    assert w @ np.exp(0.3 * u - drawn[1]) == pytest.approx(1)


def test_profiles_average_one(fresh, chain):
    assert person_factors(fresh, chain, "non-us-img", "Internal Medicine").mean() == pytest.approx(1, abs=0.08)


def test_usual_number_of_internal_medicine_lies_between_the_published_ones(chain):
    """77 (2016, quoting ERAS) and 172 (2024, self-reported); 135 to 149 was worked out by hand beforehand."""
    usual = chain.types["non-us-img"].usual["Internal Medicine"]
    assert 77 <= usual.value <= 172
    assert 130 <= usual.value <= 155
    assert usual.basis == "measured"


# observed shares of IMG applicants who ranked any program (2025), and how far the chain may lie from them.
# The chain is for somebody who applies to the usual number; many applied to a few programs beside another
# specialty, most of all in family medicine and surgery, and the report says so. Not tuned away.
SHARES = {"Internal Medicine": (0.65, 0.10), "General Surgery": (0.39, 0.22), "Family Medicine": (0.46, 0.30)}


@pytest.mark.parametrize("specialty", SHARES)
def test_share_who_rank_any(chain, specialty):
    observed, tolerance = SHARES[specialty]
    found = chain.types["non-us-img"].usual[specialty].share_ranking
    assert observed - 0.05 <= found <= observed + tolerance


def test_median_invitations_of_the_surgery_spreadsheet(fresh, chain):
    """30 IMGs with a median of 137 applications had a median of 1 invitation; within one."""
    assert abs(median_invitations(fresh, chain, "non-us-img", "General Surgery", 137) - 1) <= 1


def test_checks_cover_what_is_published(fresh, chain):
    found = chain_checks(fresh, chain)
    assert sum(c.what.startswith("usual applications") for c in found) == 3
    assert sum(c.what.startswith("share of applicants") for c in found) == 3
    assert sum(c.what.startswith("median invitations") for c in found) == 1


def test_us_imgs_borrow_the_usual_number_and_say_assumed(chain):
    for specialty, usual in chain.types["us-img"].usual.items():
        assert usual.basis == "assumed"
        assert usual.value == chain.types["non-us-img"].usual[specialty].value


LACKING = {"invitations": "program-invitations-2024", "dispersion": "evidence-register"}


@pytest.mark.parametrize("what", LACKING)
def test_no_chain_without(what, real):
    trained = train(real.select(exclude=[LACKING[what]]))
    assert fit_chain(trained, SEED) is None
    assert chain_document(trained, None, canonical_specialty) is None


def test_every_coefficient_of_the_file_has_se_basis_and_source(fresh, chain):
    written = chain_document(fresh, chain, canonical_specialty)
    parts = [written["dispersion"], *written["effects"].values()]
    for kind in written["types"].values():
        for cell in kind["specialties"].values():
            parts += [cell["mean_rate"], cell["rank"]["b"], cell["usual"]]
    assert len(parts) > 130
    for part in parts:
        assert part["value"] is not None and part["se"] is not None
        assert part["basis"] in ("measured", "evidence", "assumed") and part["source"]
