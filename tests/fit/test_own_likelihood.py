"""The likelihood of rows: its derivatives, and what is unknown against brute force."""

from itertools import product

import numpy as np
import pytest
from scipy.special import expit

from matchmodel import Applicant
from matchmodel.batch import log_odds
from matchmodel.fit.own_likelihood import Likelihood, gauss_nodes
from matchmodel.fit.own_prior import read_prior
from matchmodel.fit.own_rows import own_rows

from ..asking import MODEL
from ..persons import made_up

PRIOR = read_prior(MODEL)
YEAR = MODEL.type("non-us-img")["year"]


def some(n=200, seed=1, cycle=YEAR - 1):
    """Persons of both types, much of them unknown."""
    rng = np.random.default_rng(seed)
    people = [
        a._replace(**{name: None for name in ("step2_ck", "usce_months", "visa_needed", "step1_attempts", "yog") if rng.random() < 0.3}) for a in made_up(n, seed, ("non-us-img", "us-img"), cycle)
    ]
    people = [a._replace(step1_failed=None) if a.step1_attempts is None else a for a in people]
    return own_rows([MODEL.cycle_of(a) for a in people], rng.random(n) < 0.5, rng.choice([0.5, 1.0], n))


def start(likelihood, seed=2):
    away = 0.05 * np.random.default_rng(seed).standard_normal(likelihood.size)
    return np.append(PRIOR.point, np.zeros(len(likelihood.shifts))) + away


def test_gradient_is_the_numerical_one():
    made = Likelihood(PRIOR, some())
    at, step = start(made), 1e-5
    assert len(made.shifts) == 2 and len(made.groups) > 20
    numerical = [(made.value(at + e) - made.value(at - e)) / (2 * step) for e in step * np.eye(made.size)]
    assert made.derivatives(at)[1] == pytest.approx(numerical, abs=1e-6)


def test_information_is_the_expected_hessian():
    """The log likelihood is linear in the outcomes, so with P(match) in their place its Hessian is the expected one."""
    made = Likelihood(PRIOR, some())
    at, step = start(made), 1e-5
    made.hits = made.trials * made.evaluate(at, gradient=False)[0]
    numerical = [(made.derivatives(at + e)[1] - made.derivatives(at - e)[1]) / (2 * step) for e in step * np.eye(made.size)]
    assert made.derivatives(at)[2] == pytest.approx(-np.array(numerical), abs=1e-6)


def test_everything_known_is_the_files_log_odds():
    people = [Applicant(a.specialty, "non-us-img", a.step2_ck, yog=a.yog, usce_months=3, visa_needed=True, cycle=YEAR, step1_failed=False, step2_failed=True) for a in made_up(40, 3, cycle=YEAR)]
    made = Likelihood(PRIOR, own_rows([MODEL.cycle_of(a) for a in people], np.ones(40)))
    p = made.evaluate(PRIOR.point, gradient=False)[0][made.back]
    asked = [log_odds(MODEL, MODEL.cell("non-us-img", a.specialty), [MODEL.cycle_of(a)], YEAR)[0][0] for a in people]
    assert np.log(p / (1 - p)) == pytest.approx(asked, abs=1e-6)


@pytest.mark.parametrize("known", [{}, {"step2_ck": 262.0}, {"years_since_graduation": 12.0, "visa_needed": True}, {"step2_ck": 221.0, "step1_failed": True}])
def test_what_is_unknown_is_integrated_over_the_whole_population(known):
    """Against every combination of the file's values, and 60 nodes for the score; and dropping it, as an answer does, is near."""
    kind = MODEL.type("non-us-img")
    cell = MODEL.cell("non-us-img", "Neurology")
    made = Likelihood(PRIOR, own_rows([Applicant("Neurology", "non-us-img", cycle=YEAR, **known)], [1]))
    p = made.evaluate(PRIOR.point, gradient=False)[0][0]
    x, w = np.polynomial.hermite_e.hermegauss(60)
    k = PRIOR.cells.index(("non-us-img", "Neurology"))
    eta, weights = (np.array([cell.alpha + cell.beta * (known["step2_ck"] - 240) / 10]), np.ones(1)) if "step2_ck" in known else (
        cell.alpha - PRIOR.gap[k] + cell.beta * (PRIOR.score_mean[k] + PRIOR.score_sd[k] * x), w / w.sum())
    parts = []
    for name, r in kind["reference"].items():
        shares, u = np.array(r["shares"]), np.array(r["u"])
        if name in known:
            u = np.array([np.log1p(known[name]) if name == "years_since_graduation" else float(known[name])])
            shares = np.ones(1)
        parts.append(list(zip(MODEL.delta(name).value * u - cell.kappa(name), shares / shares.sum(), strict=True)))
    shifts = np.array([[sum(a for a, _ in combination), np.prod([b for _, b in combination])] for combination in product(*parts)])
    brute = weights @ expit(eta[:, None] + shifts[:, 0]) @ shifts[:, 1]
    assert p == pytest.approx(brute, abs=2e-6)
    dropped = MODEL.odds(Applicant("Neurology", "non-us-img", cycle=YEAR, **known)).p_ranked
    assert dropped == pytest.approx(brute, abs=0.006)


def test_quadrature_keeps_the_moments():
    u, shares = np.array(MODEL.type("non-us-img")["reference"]["years_since_graduation"]["u"]), np.array(MODEL.type("non-us-img")["reference"]["years_since_graduation"]["shares"])
    nodes, weights = gauss_nodes(u, shares)
    assert len(nodes) == 3 and weights.min() > 0
    for power in range(6):
        assert weights @ nodes**power == pytest.approx(shares / shares.sum() @ u**power, rel=1e-9)
    assert np.abs(weights @ nodes**6 / (shares / shares.sum() @ u**6) - 1) > 1e-6


def test_a_cycles_shifts_walk_from_the_tables_year():
    people = [Applicant("Neurology", kind, cycle=YEAR + c) for kind in ("non-us-img", "us-img") for c in (-2, -1, 0, 1, 3)]
    made = Likelihood(PRIOR, own_rows(people, np.ones(len(people))))
    assert made.shifts == [(kind, YEAR + c) for kind in ("non-us-img", "us-img") for c in (-2, -1, 1, 3)]
    c = made.shift_covariance()[:4, :4] / PRIOR.drift["non-us-img"] ** 2
    assert c == pytest.approx(np.array([[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 3]]))
    assert not made.shift_covariance()[:4, 4:].any()


def test_the_order_of_rows_does_not_matter_and_alike_rows_are_counted_together():
    people = [MODEL.cycle_of(a) for a in made_up(50, 7, cycle=YEAR)] * 3
    matched = np.random.default_rng(3).random(150) < 0.4
    one = Likelihood(PRIOR, own_rows(people, matched))
    order = np.random.default_rng(4).permutation(150)
    other = Likelihood(PRIOR, own_rows([people[k] for k in order], matched[order]))
    assert len(one.cell) == len(set(people)) and one.trials.sum() == 150 and one.hits.sum() == matched.sum()
    assert one.value(PRIOR.point) == pytest.approx(other.value(PRIOR.point), rel=1e-12)
