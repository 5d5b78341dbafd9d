"""The likelihood of rows: its derivatives, and what is unknown against brute force."""

from itertools import product

import numpy as np
import pytest
from scipy.special import expit

from matchmodel import Applicant
from matchmodel.own.update.likelihood import NUMBERS, Likelihood, gauss_nodes

from ..people import MODEL, YEAR, chances, made_up, own_rows


def some(n=200, seed=1, cycles=(YEAR - 1, YEAR)):
    """Applicants of both types, much of them unknown."""
    rng = np.random.default_rng(seed)
    blank = ("step2_ck", "usce_months", "visa_needed", "step1_attempts", "yog")
    people = []
    for a in made_up(n, seed, ("non-us-img", "us-img"), YEAR - 1):
        gone = {name: None for name in blank if rng.random() < 0.3}
        if "step1_attempts" in gone:
            gone["step1_failed"] = None
        people.append(MODEL.resolve(a.replace(**gone, cycle=int(rng.choice(cycles)))))
    return own_rows(people, rng.random(n) < 0.5, rng.choice([0.5, 1.0], n))


def start(made, seed=2):
    away = 0.05 * np.random.default_rng(seed).standard_normal(made.size)
    return np.append(made.prior.point, np.zeros(len(made.shifts))) + away


def value(made, at):
    return made.derivatives(at)[0]


@pytest.fixture(scope="module")
def likelihood(prior):
    return Likelihood(MODEL, prior, some())


def test_gradient_is_the_numerical_one(likelihood):
    at, step = start(likelihood), 1e-5
    types = [s for s in likelihood.shifts.every if s.walk.specialty is None]
    assert len(types) == 2 and len(likelihood.shifts) == 2 + 5 and len(likelihood.groups) > 20
    numerical = [
        (value(likelihood, at + e) - value(likelihood, at - e)) / (2 * step)
        for e in step * np.eye(likelihood.size)
    ]
    assert likelihood.derivatives(at)[1] == pytest.approx(numerical, abs=1e-6)


def test_information_is_the_expected_hessian(prior):
    """The log likelihood is linear in outcomes: with P(match) in their place its Hessian is expected."""
    made = Likelihood(MODEL, prior, some(60))
    at, step = start(made), 1e-5
    made.hits = made.trials * made.chances(at)
    used = np.flatnonzero(np.diag(made.derivatives(at)[2]))
    numerical = np.array([
        (made.derivatives(at + e)[1] - made.derivatives(at - e)[1]) / (2 * step)
        for e in step * np.eye(made.size)[used]
    ])  # fmt: skip
    information = made.derivatives(at)[2]
    assert information[used] == pytest.approx(-numerical, abs=1e-6)
    assert not np.delete(information, used, axis=0).any()


def test_the_variance_of_the_log_odds_is_that_of_the_numerical_gradient(prior):
    made = Likelihood(MODEL, prior, some(12))
    at, step = start(made), 1e-5

    def log_odds(vector):
        p = made.chances(vector)
        return np.log(p / (1 - p))

    slopes = np.array([(log_odds(at + e) - log_odds(at - e)) / (2 * step) for e in step * np.eye(made.size)])
    root = np.random.default_rng(4).standard_normal((made.size, made.size)) / 20
    c = root @ root.T
    assert made.variance_of_log_odds(at, c) == pytest.approx(
        np.einsum("ir,ij,jr->r", slopes, c, slopes), rel=1e-5
    )


def test_gradient_of_your_own_levels_is_the_numerical_one(prior):
    made, step = Likelihood(MODEL, prior, some(60), own_level=True), 1e-5
    at = made.start + 0.1
    assert len(made.shifts.offices) == len(some(60).types)
    numerical = [
        (value(made, at + e) - value(made, at - e)) / (2 * step)
        for e in step * np.eye(made.size)[-len(made.shifts.offices) :]
    ]
    assert made.derivatives(at)[1][-len(numerical) :] == pytest.approx(numerical, abs=1e-5)


def test_everything_known_is_the_models_own_answer(prior):
    people = [
        Applicant(
            a.specialty, "non-us-img", a.step2_ck, yog=a.yog, usce_months=3, visa_needed=True, cycle=YEAR,
            step1_failed=False, step2_failed=True,
        ) for a in made_up(40, 3)
    ]  # fmt: skip
    people = [MODEL.resolve(a) for a in people]
    made = Likelihood(MODEL, prior, own_rows(people, np.ones(40)))
    p = made.chances(made.start)[made.back]
    by_cell = {
        a.specialty: MODEL.people([MODEL.resolve(b) for b in people if b.specialty == a.specialty])
        for a in people
    }
    for specialty, asked in by_cell.items():
        mine = np.array([a.specialty == specialty for a in people])
        log_odds = asked.log_odds.mean(axis=1)
        assert np.log(p / (1 - p))[mine] == pytest.approx(log_odds, abs=0.01)  # what means of products leave
    assert p == pytest.approx(chances(MODEL, people), abs=0.02)


KNOWN = [
    {},
    {"step2_ck": 262.0},
    {"years_since_graduation": 12.0, "visa_needed": True},
    {"step2_ck": 221.0, "step1_failed": True},
]


@pytest.mark.parametrize("known", KNOWN)
def test_what_is_unknown_is_integrated_over_the_whole_population(prior, known):
    """Against every combination of the file's values and 60 nodes for the score; dropping it comes near."""
    kind, k = "non-us-img", prior.cells.index(("non-us-img", "Neurology"))
    asked = Applicant("Neurology", kind, cycle=YEAR, **known)
    made = Likelihood(MODEL, prior, own_rows([MODEL.resolve(asked)], [1]))
    p = made.chances(made.start)[0]
    cells = made._cells(prior.point)
    x, w = np.polynomial.hermite_e.hermegauss(60)
    score, weights = prior.score_mean[k] + prior.score_sd[k] * x, w / w.sum()
    eta = cells.intercept[k] + cells.beta[k] * score
    if "step2_ck" in known:
        eta, weights = (
            cells.intercept[k] + prior.gap[k] + cells.beta[k] * np.array([(known["step2_ck"] - 240) / 10]),
            np.ones(1),
        )
    parts = []
    for j, name in enumerate(prior.names):
        u, shares = prior.references[kind][name]
        delta = prior.point[prior.delta[k, j]]
        if name in known:
            value = np.log1p(known[name]) if name == "years_since_graduation" else float(known[name])
            parts.append([(delta * (value - prior.point[prior.mean[kind, name]]) - prior.rest[k, j], 1.0)])
        else:
            parts.append(list(zip(delta * u, shares / shares.sum(), strict=True)))
    every = list(product(*parts))
    shifts, shares = (
        np.array([sum(a for a, _ in c) for c in every]),
        np.array([np.prod([b for _, b in c]) for c in every]),
    )
    brute = sum(weight * (expit(e + shifts) @ shares) for e, weight in zip(eta, weights, strict=True))
    assert p == pytest.approx(brute, abs=2e-6)
    assert MODEL.odds(asked).p_ranked.point == pytest.approx(brute, abs=0.01)


def test_quadrature_keeps_the_moments(prior):
    u, shares = prior.references["non-us-img"]["years_since_graduation"]
    nodes, weights = gauss_nodes(u, shares)
    assert len(nodes) == 3 and weights.min() > 0
    for power in range(6):
        assert weights @ nodes**power == pytest.approx(shares / shares.sum() @ u**power, rel=1e-9)
    assert np.abs(weights @ nodes**6 / (shares / shares.sum() @ u**6) - 1) > 1e-6


def test_levels_of_other_years_walk_from_the_tables_year(prior):
    """Of types together, as their drift is drawn together; of specialties each alone, before and after."""
    people = [
        MODEL.resolve(Applicant(s, kind, cycle=YEAR + c))
        for kind in ("non-us-img", "us-img") for s in ("Neurology", "Pathology") for c in (-2, -1, 0, 1, 3)
    ]  # fmt: skip
    shifts = Likelihood(MODEL, prior, own_rows(people, np.ones(len(people)))).shifts
    assert [(s.walk.kind, s.years) for s in shifts.every[:8]] == [
        (kind, c) for kind in ("non-us-img", "us-img") for c in (-2, -1, 1, 3)
    ]  # fmt: skip
    assert len(shifts) == 8 + 2 * 4  # one walk per specialty, which the types share
    c = shifts.covariance()
    walk = np.array([[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 3]])
    sd = {kind: np.sqrt(np.mean(MODEL.kind(kind).drift.draws.array ** 2)) for kind in MODEL.applicant_types}
    assert c[:4, :4] == pytest.approx(sd["non-us-img"] ** 2 * walk, rel=1e-5)
    assert c[:4, 4:8] == pytest.approx(sd["non-us-img"] * sd["us-img"] * walk, rel=1e-5)
    own = np.mean(MODEL.cell("us-img", "Neurology").drift.array ** 2)
    assert c[8:, 8:].max() == pytest.approx(3 * own, rel=0.1) and not c[:8, 8:].any()
    assert np.linalg.eigvalsh(c).min() > 0


def test_the_order_of_rows_does_not_matter_and_alike_rows_are_counted_together(prior):
    people = [MODEL.resolve(a) for a in made_up(50, 7)] * 3
    matched = np.random.default_rng(3).random(150) < 0.4
    one = Likelihood(MODEL, prior, own_rows(people, matched))
    order = np.random.default_rng(4).permutation(150)
    other = Likelihood(MODEL, prior, own_rows([people[k] for k in order], matched[order]))
    assert len(one.trials) == len(set(people)) and one.trials.sum() == 150 and one.hits.sum() == matched.sum()
    assert value(one, prior.point) == pytest.approx(value(other, prior.point), rel=1e-12)


def test_pieces_are_added_up_wherever_they_are_cut(prior, monkeypatch):
    rows = some(400, 9)
    whole = Likelihood(MODEL, prior, rows)
    at = start(whole)
    covariance = np.diag(np.linspace(0.1, 1, whole.size))
    expected = (*whole.derivatives(at), whole.variance_of_log_odds(at, covariance), whole.chances(at))
    monkeypatch.setattr("matchmodel.own.update.likelihood.AT_ONCE", 3 * NUMBERS)
    monkeypatch.setattr("matchmodel.own.update.likelihood.RUNS_AT_ONCE", 7)
    found = (*whole.derivatives(at), whole.variance_of_log_odds(at, covariance), whole.chances(at))
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, rel=1e-10, abs=1e-10)


def test_rows_that_mix_to_one_number_are_still_told_apart(prior, monkeypatch):
    """Then equal rows may count as two: nothing else changes."""
    rows = some(200, 10)
    apart = Likelihood(MODEL, prior, rows)
    monkeypatch.setattr("matchmodel.own.update.likelihood.ODD", np.uint64(0))
    together = Likelihood(MODEL, prior, rows)
    at = start(apart)
    assert len(together.trials) >= len(apart.trials) and together.trials.sum() == apart.trials.sum()
    for one, other in zip(together.derivatives(at), apart.derivatives(at), strict=True):
        assert one == pytest.approx(other, rel=1e-10, abs=1e-10)
    assert together.chances(at)[together.back] == pytest.approx(apart.chances(at)[apart.back], rel=1e-12)
