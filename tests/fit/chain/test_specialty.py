"""The chain as trained: its order for random applicants in every draw, what it is solved for, and how numbers
are known.
"""

from functools import cache

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import nbinom

from matchmodel.applicant import Applicant
from matchmodel.fit.chain.participation import ranking_share
from matchmodel.fit.chain.specialty import (
    LEAST_SPREAD,
    PEOPLE,
    Profiles,
    groups_of,
    pooled_m0,
)
from matchmodel.fit.chain.usual import choice_ratios, known_usual
from matchmodel.fit.evidence.references import Reference
from matchmodel.fit.random import Normals
from matchmodel.fit.train import _profiles
from matchmodel.model.engine import ORDERS

from ..made import tidy

KINDS = ("non-us-img", "us-img")
CHAINED = {
    "non-us-img": (
        "Anesthesiology",
        "Child Neurology",
        "Diagnostic Radiology",
        "Emergency Medicine",
        "Family Medicine",
        "General Surgery",
        "Internal Medicine",
        "Neurological Surgery",
        "Neurology",
        "Obstetrics and Gynecology",
        "Pathology",
        "Pediatrics",
        "Psychiatry",
    ),
}
CHAINED["us-img"] = CHAINED["non-us-img"]
CASES = [(kind, s, cycle) for kind in KINDS for s in CHAINED[kind] for cycle in (2026, 2027)]
NUMBERS = (1, 5, 20, 60, 150, 10**6)


@cache
def applicants(kind, specialty, cycle):
    """Fifteen random applicants, from the weakest to the strongest that a model may be asked about."""
    rng = np.random.default_rng(CHAINED[kind].index(specialty))
    made = [{"step2_ck": 196}, {"step2_ck": 290, "usce_months": 12, "years_since_graduation": 0}, {}]
    for _ in range(12):
        one = {
            "step2_ck": int(rng.integers(196, 285)),
            "years_since_graduation": int(rng.integers(0, 25)),
            "usce_months": float(rng.uniform(0, 14)),
            "step1_failed": bool(rng.random() < 0.3),
            "step2_failed": bool(rng.random() < 0.3),
            "visa_needed": kind == "non-us-img" and bool(rng.random() < 0.7),
        }
        made.append({name: value for name, value in one.items() if rng.random() < 0.8})
    return [Applicant(specialty, kind, cycle=cycle, **given) for given in made]


def people_of(model, kind, specialty, cycle):
    return model.people([model.resolve(a) for a in applicants(kind, specialty, cycle)])


def in_order_of_lp(people, values):
    """Return values (n, d, ...) with the applicants of each draw in the order of their LP."""
    order = np.argsort(people.lp, axis=0)
    return np.take_along_axis(values, order.reshape(*order.shape, *(1,) * (values.ndim - 2)), axis=0)


def test_every_specialty_with_its_tables_has_a_chain(trained):
    for kind in KINDS:
        assert set(trained.chains[kind]) == set(CHAINED[kind])


@pytest.mark.parametrize(("kind", "specialty", "cycle"), CASES)
def test_order_in_every_draw(model, kind, specialty, cycle):
    """More ranks to twelve, more of the profile and more programs never lower a chance.

    The orders of programs are in order.
    """
    people = people_of(model, kind, specialty, cycle)
    by_ranks = people.p_by_ranks()
    assert (np.diff(by_ranks, axis=-1) > -1e-12).all()
    assert (np.diff(in_order_of_lp(people, by_ranks), axis=0) > -1e-9).all()
    n = len(people.lp)
    before = {}
    for number in NUMBERS:
        chances = {}
        for order in ORDERS:
            mean = people.invitations(np.full(n, number), order)
            chances[order] = people.p_apply(mean)
            assert (chances[order] >= before.get(order, 0) - 1e-12).all()
            assert (np.diff(in_order_of_lp(people, chances[order]), axis=0) > -1e-9).all()
            assert (mean <= number + 1e-9).all()
        assert (chances["random"] <= chances["choose"] + 1e-12).all() and (
            chances["choose"] <= chances["friendliest"] + 1e-12
        ).all()
        before = chances


@pytest.mark.parametrize(("kind", "specialty", "cycle"), CASES)
def test_at_the_usual_number_applying_is_being_invited_and_then_matching(model, kind, specialty, cycle):
    """P(apply) = P(K >= 1) P(match | ranked) in every draw at that draw's usual number, so never above the
    second.
    """
    people = people_of(model, kind, specialty, cycle)
    chain = people.arrays.chain
    mean = chain.at_usual * np.exp(chain.eta * people.lp)
    apply_, ranked = people.p_apply(mean), people.p_ranked()
    np.testing.assert_allclose(apply_, people.p_any(mean) * ranked, rtol=0, atol=1e-9)
    assert (apply_ <= ranked + 1e-9).all()


def test_the_same_in_a_single_draw_with_scipys_negative_binomial_and_the_whole_formula_by_hand(model):
    """C(N) at a draw's usual number, its invitations, ranks summed to a thousand."""
    people = people_of(model, "non-us-img", "Family Medicine", 2027)
    chain, k = people.arrays.chain, np.arange(1, 4001)
    for d in (0, 17, 333):
        n, listed = chain.usual[d], chain.listed
        steep = min((chain.rho[d] - 1) / (1 - n / listed), 1.0)
        c = n * chain.rate * (1 + steep * (1 - n / listed))
        for i in range(len(people.lp)):
            mu = c * chain.m0[d] * np.exp(chain.eta[d] * people.lp[i, d])
            pmf = nbinom.pmf(k, 1 / chain.dispersion[d], 1 / (1 + chain.dispersion[d] * mu))
            matched = expit(people.at_one[i, d] + chain.b[d] * np.log(np.minimum(k, 12)))
            assert pmf @ matched == pytest.approx(pmf.sum() * people.p_ranked()[i, d], abs=1e-8)
            if mu <= n:
                assert people.invitations(np.full(len(people.lp), n))[i, d] == pytest.approx(mu, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_over_those_who_rank_the_level_returns(trained, kind):
    """Mean over people of expit(level + LP).

    Within half a point in all but a few draws, and a fifth of one on average.
    """
    fit = trained.fits[kind]
    for j, specialty in enumerate(fit.specialties):
        if fit.matched[j] + fit.not_matched[j] < 100:
            continue
        lp = _profiles(fit, j, trained.effects, trained.references[kind], trained.kappa[kind]).lp()
        level = fit.level_draws[:, j]
        off = expit(level[:, None] + lp).mean(axis=1) - expit(level)
        assert abs(off.mean()) < 0.002, specialty
        assert np.quantile(np.abs(off), 0.98) < 0.005, specialty


@pytest.mark.parametrize("specialty", CHAINED["non-us-img"])
def test_the_chain_has_the_ranks_it_was_solved_for(trained, specialty):
    """The printed mean within its error.

    The printed SD too where the share who rank does not speak as well.
    """
    chain, ranks = trained.chains["non-us-img"][specialty], trained.ranks["non-us-img"]
    j = trained.fits["non-us-img"].specialties.index(specialty)
    assert chain.mean_ranks.mean() == pytest.approx(
        ranks.mean_ranks[j], abs=0.2 * ranks.mean_ranks_se[j] + 0.01
    )
    assert chain.rank_slope.mean() == pytest.approx(
        ranks.b_draws[:, j].mean(), abs=0.25 * ranks.b_draws[:, j].std()
    )
    if ranking_share(trained.tidy, "non-us-img", specialty) is None:
        assert chain.sd_ranks.mean() == pytest.approx(
            ranks.sd_ranks[j], abs=0.6 * ranks.sd_ranks_se[j] + 0.02
        )


def test_the_ranks_of_simulated_people_have_the_printed_mean(trained, model):
    """Two hundred thousand people of internal medicine who apply to the usual number.

    Those with an invitation rank.
    """
    kind, specialty = "non-us-img", "Internal Medicine"
    fit, chain = trained.fits[kind], model.arrays("non-us-img", "Internal Medicine").chain
    j, d = fit.specialties.index(specialty), 5
    lp = _profiles(fit, j, trained.effects, trained.references[kind], trained.kappa[kind]).lp()[d]
    mu = chain.at_usual[d] * np.exp(chain.eta[d] * lp)
    none = (1 + chain.dispersion[d] * mu) ** (-1 / chain.dispersion[d])
    rng = np.random.default_rng(0)
    who = rng.choice(
        len(mu), 200_000, p=(1 / (1 - none)) / (1 / (1 - none)).sum()
    )  # applicants, of whom those who rank are spread evenly
    k = rng.negative_binomial(1 / chain.dispersion[d], 1 / (1 + chain.dispersion[d] * mu[who]))
    found = trained.chains[kind][specialty]
    assert k[k > 0].mean() == pytest.approx(found.mean_ranks[d], rel=0.02)
    assert (k > 0).mean() == pytest.approx(found.share[d], abs=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_lambda_is_what_was_believed_but_where_the_printed_ranks_contradict_it(trained, kind):
    """Draws that cannot be are raised and counted.

    a fifth of internal medicine's, more where the printed ranks are unsure.
    """
    for specialty, chain in trained.chains[kind].items():
        assert 0.02 <= chain.lam.min() and chain.lam.max() <= 0.95
        assert 0.47 < chain.lam.mean() < 0.68 and 0.1 < chain.lam.std() < 0.21, specialty
    chain = trained.chains["non-us-img"]["Internal Medicine"]
    believed = np.clip(0.5 + 0.2 * trained.normals.own("lambda", "Internal Medicine"), 0.02, 0.95)
    assert chain.raised == (chain.lam > believed).sum() < 0.25 * len(chain.lam)
    np.testing.assert_array_equal(chain.lam[chain.lam <= believed], believed[chain.lam <= believed])


def test_usual_numbers_are_those_published_and_the_others_are_assumed(trained):
    bases = {s: c.usual.basis for s, c in trained.chains["non-us-img"].items()}
    assert {s for s, b in bases.items() if b == "evidence"} == {
        "Family Medicine",
        "General Surgery",
        "Internal Medicine",
    }
    assert trained.chains["non-us-img"]["Internal Medicine"].usual.draws.mean() == pytest.approx(88, abs=1)
    for specialty, us in trained.chains["us-img"].items():
        assert us.borrowed and us.usual.basis == "assumed"
        other = trained.chains["non-us-img"][specialty]
        assert (us.usual.draws <= other.usual.draws + 1e-9).all()
        np.testing.assert_array_equal(us.dispersion, other.dispersion)
        np.testing.assert_array_equal(us.b, other.b)


# --- parts ------------------------------------------------------------------------------------------------

NORMALS = Normals(0, 600)


def participation(
    value, low=None, high=None, specialty="Neurology", year=2026, quantity="applications_per_applicant"
):
    return {
        "quantity": quantity,
        "value": value,
        "low": low,
        "high": high,
        "specialty": specialty,
        "year": year,
        "applicant_type": "img",
    }


def usual(rows, applications=()):
    made = tidy(participation=rows, applications=[{"specialty": "Neurology", **row} for row in applications])
    return known_usual(made.table("participation"), made.table("applications"), "Neurology", NORMALS)


def test_a_published_number_has_its_printed_range_as_an_80_percent_range():
    found = usual(
        [participation(88, 80, 97), participation(60, year=2024), participation(9, specialty="Pediatrics")]
    )
    assert np.median(found.draws) == pytest.approx(88, rel=0.01)
    np.testing.assert_allclose(np.quantile(found.draws, [0.1, 0.9]), [80, 97], rtol=0.02)
    assert (found.basis, found.source) == ("evidence", "made")


def test_without_a_range_a_number_is_off_by_fifteen_percent():
    for found in (
        usual([participation(88)]),
        usual([], [{"mean_applications": 88, "year": 2025}, {"mean_applications": 60, "year": 2020}]),
    ):
        assert np.median(found.draws) == pytest.approx(88, rel=0.01)
        assert np.log(found.draws).std(ddof=1) == pytest.approx(0.15, rel=0.01)


def test_the_newer_kind_of_table_goes_before_the_older_and_without_either_nothing_is_known():
    assert np.median(
        usual([participation(88)], [{"mean_applications": 60, "year": 2026}]).draws
    ) == pytest.approx(88, rel=0.01)
    assert usual([participation(88, quantity="share_ranking")]) is None
    assert usual([]) is None


def means(specialty, program_mean, application_weighted, programs=100, se=None, year=2026):
    return {
        "specialty": specialty,
        "program_mean": program_mean,
        "application_weighted": application_weighted,
        "programs": programs,
        "se": se,
        "year": year,
        "quantity": "invitation_rate",
    }


def test_the_choice_of_programs_is_the_ratio_of_the_means_and_never_under_one():
    rows = [
        means("Neurology", 0.04, 0.05, se=1e-6),
        means("Pediatrics", 0.04, 0.03, se=1e-6),
        means("Neurology", 0.04, 0.08, year=2020),
    ]
    rho, source = choice_ratios(
        tidy(invitation_means=rows).table("invitation_means"),
        "non-us-img",
        ("Neurology", "Pediatrics", "Psychiatry"),
        NORMALS,
    )
    np.testing.assert_allclose(rho["Neurology"], 1.25, rtol=1e-3)
    np.testing.assert_allclose(rho["Pediatrics"], 1.0)
    assert rho["Psychiatry"].std() > 0.05 and rho["Psychiatry"].min() >= 1
    assert source == "made"


def test_without_means_programs_are_as_at_random():
    rho, source = choice_ratios(tidy().table("invitation_means"), "non-us-img", ("Neurology",), NORMALS)
    assert (rho["Neurology"] == 1).all() and source == ""


def test_real_choice_ratios_are_of_the_published_size(trained):
    """3.18% by application against a program mean of 2.43% in internal medicine."""
    rho = trained.chains["non-us-img"]["Internal Medicine"].rho
    assert rho.mean() == pytest.approx(3.18 / 2.43, rel=0.08) and rho.min() >= 1


class _Known:
    def __init__(self, log_m0, se):
        self.m0 = np.exp(log_m0 + se * NORMALS.one(f"m0 {log_m0}"))


def test_a_specialty_without_a_number_borrows_m0_with_at_least_the_least_spread():
    drawn = np.log(pooled_m0([_Known(0.1, 0.1), _Known(0.12, 0.1), _Known(0.08, 0.1)], NORMALS, "Neurology"))
    assert drawn.mean() == pytest.approx(0.1, abs=0.01)
    assert drawn.std() == pytest.approx(
        np.hypot(np.hypot(LEAST_SPREAD, LEAST_SPREAD / np.sqrt(3)), 0.1 / np.sqrt(3)), rel=0.05
    )
    wide = np.log(pooled_m0([_Known(-1.0, 0.05), _Known(0.0, 0.05), _Known(1.0, 0.05)], NORMALS, "Neurology"))
    assert wide.std() > 0.9
    np.testing.assert_array_equal(pooled_m0([], NORMALS, "Neurology"), 1.0)


def profiles(level=0.2, beta=0.35, delta=-0.6, yes=0.3):
    d = 40
    level, beta = np.full(d, level), np.full(d, beta)
    weights = np.tile([yes, 1 - yes], (d, 1))
    reference = Reference(
        ("yes", "no"),
        np.array([1.0, 0.0]),
        np.array([yes, 1 - yes]),
        "evidence",
        "",
        np.tile([1.0, 0.0], (d, 1)),
        weights,
    )
    kappa = np.log(1 + yes * (np.exp(delta) - 1))  # any centring will do here
    scores = np.linspace(210, 280, 71), np.full(71, 1 / 71)
    return Profiles(beta, level, scores, {"visa_needed": (np.full(d, delta), np.full(d, kappa), reference)})


def test_people_have_the_scores_and_the_shares_of_those_who_rank():
    one, lp = profiles(), profiles().lp()
    assert lp.shape == (40, PEOPLE)
    without = Profiles(one.beta, one.level, one.scores, {}).lp()
    with_visa = (lp - without)[0]
    kappa = np.log(1 + 0.3 * (np.exp(-0.6) - 1))
    low, high = np.sort(np.unique(with_visa.round(9)))
    assert (low, high) == (pytest.approx(-0.6 - kappa), pytest.approx(-kappa))
    assert np.isclose(with_visa, low).mean() == pytest.approx(0.3, abs=0.5 / PEOPLE)
    assert without.std() == pytest.approx(0.35 * np.std(one.scores[0] / 10), rel=0.02)
    np.testing.assert_allclose(expit(one.level[:, None] + without).mean(axis=1), expit(one.level), atol=1e-12)
    assert abs(np.corrcoef(without[0], with_visa)[0, 1]) < 0.2
    np.testing.assert_array_equal(lp, profiles().lp())


def test_groups_are_equal_rising_and_keep_the_mean():
    lp = np.random.default_rng(0).normal(size=(3, PEOPLE))
    groups = groups_of(lp)
    assert (np.diff(groups, axis=1) > 0).all()
    np.testing.assert_allclose(groups.mean(axis=1), lp.mean(axis=1))
    np.testing.assert_allclose(groups[0, 0], np.sort(lp[0])[: PEOPLE // groups.shape[1]].mean())
