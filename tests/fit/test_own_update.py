"""Updating on one's own rows: the maximum, the Laplace covariance, the draws and the file, against other software and closed forms."""

import re

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit

from matchmodel import Applicant
from matchmodel.artefact import unpack
from matchmodel.batch import score_applicants
from matchmodel.covariates import COVARIATES
from matchmodel.fit.own_document import tilted, updated, weight
from matchmodel.fit.own_likelihood import Likelihood
from matchmodel.fit.own_prior import read_prior
from matchmodel.fit.own_rows import own_rows
from matchmodel.fit.own_study import Truth
from matchmodel.fit.own_update import posterior_draws, update
from matchmodel.model import Model

from ..asking import MODEL
from ..persons import made_up, outcomes

PRIOR = read_prior(MODEL)
YEAR = MODEL.type("non-us-img")["year"]


def filled(people):
    return [MODEL.cycle_of(a) for a in people]


def persons(n, seed, intercept=0.0, slope=1.0, kinds=("non-us-img",), cycle=YEAR):
    people = made_up(n, seed, kinds, cycle)
    return own_rows(filled(people), outcomes(MODEL, people, seed, intercept, slope)[1])


def shares(*cells):
    return np.array([(c in cells) / len(cells) for c in PRIOR.cells])


def everything(model, kind="non-us-img"):
    """Applicants of a few cells, with all, some and nothing known."""
    made = []
    for specialty in ("Internal Medicine", "Neurology", "Dermatology"):
        full = {"step2_ck": 255, "years_since_graduation": 4, "usce_months": 5, "step1_failed": False, "step2_failed": True, "visa_needed": None if kind == "us-img" else True}
        made += [Applicant(specialty, kind, cycle=YEAR, **{n: v for n, v in full.items() if n in kept}) for kept in (full, ("step2_ck",), ("visa_needed", "usce_months"), ())]
    return made


@pytest.mark.parametrize("matched", [3, 27, 40])
def test_one_level_and_nothing_known_is_the_normal_bernoulli_maximum(matched):
    k, n = PRIOR.cells.index(("non-us-img", "Psychiatry")), 40
    fitted, _ = update(PRIOR, own_rows([Applicant("Psychiatry", "non-us-img", cycle=YEAR)] * n, np.arange(n) < matched))
    level = MODEL.cell("non-us-img", "Psychiatry")
    sd = np.std(level.draws("level"), ddof=1)
    alone = minimize_scalar(lambda x: 0.5 * ((x - level.level) / sd) ** 2 + n * np.logaddexp(0, x) - matched * x, bounds=(-6, 6), method="bounded", options={"xatol": 1e-10})
    found = PRIOR.levels(fitted.point)[k]
    p = expit(alone.x)
    assert fitted.converged and found == pytest.approx(alone.x, abs=0.002)  # the other numbers hardly matter to somebody of whom nothing is known
    place = np.flatnonzero(PRIOR.level_matrix[k])[0]
    assert np.sqrt(fitted.covariance[place, place]) == pytest.approx(1 / np.sqrt(1 / sd**2 + n * p * (1 - p)), rel=0.005)


def test_the_maximum_is_that_of_scipy():
    rows = persons(120, 5, 0.5, 1.3, cycle=YEAR - 1)
    fitted, made = update(PRIOR, rows)
    precision = np.linalg.inv(fitted.before)
    scale = np.sqrt(np.diag(fitted.before))

    def lost(z):
        _, gradient, _ = made.derivatives(fitted.start + scale * z)
        away = scale * z
        return 0.5 * away @ precision @ away - made.value(fitted.start + away), scale * (precision @ away - gradient)

    found = minimize(lost, np.zeros(len(fitted.start)), jac=True, method="L-BFGS-B", options={"maxiter": 5000, "maxfun": 10000, "ftol": 1e-14, "gtol": 1e-7})
    assert lost((fitted.point - fitted.start) / scale)[0] <= found.fun + 1e-7
    assert found.x == pytest.approx((fitted.point - fitted.start) / scale, abs=2e-3)
    assert fitted.log_posterior == pytest.approx(-found.fun, abs=1e-6)


def test_many_rows_are_a_plain_logistic_regression():
    """Two specialties, everything known, 50,000 rows of a truth off the point: the prior hardly tells any more."""
    cells = [("non-us-img", "Psychiatry"), ("non-us-img", "Dermatology")]
    rows = Truth(MODEL, PRIOR, 11).persons(50_000, shares(*cells), np.random.default_rng(6), blank=0.0)
    fitted, made = update(PRIOR, rows)
    first = rows.specialties == "Psychiatry"
    design = np.column_stack([first, ~first, first * rows.score, ~first * rows.score, rows.covariates])
    plain = sm.GLM(rows.matched, design.astype(float), family=sm.families.Binomial()).fit()
    places = [PRIOR.beta[PRIOR.cells.index(c)] for c in cells] + [PRIOR.delta[n] for n in COVARIATES]
    ours, ses = fitted.point[places], np.sqrt(np.diag(fitted.covariance))[places]
    assert (np.abs(ours - plain.params[2:]) < 0.75 * plain.bse[2:]).all()
    assert ses == pytest.approx(plain.bse[2:], rel=0.1) and np.all(ses <= plain.bse[2:])
    p = made.evaluate(fitted.point, gradient=False)[0][made.back]
    assert np.abs(p - plain.fittedvalues).max() < 0.01 and np.abs(p - plain.fittedvalues).mean() < 0.002
    assert (np.abs(plain.params[2:] - fitted.start[places]) / plain.bse[2:]).max() > 3  # the model before would not have said so


def test_fifty_rows_move_it_a_little():
    fitted, _ = update(PRIOR, persons(50, 8, 1.0, 1.0))
    moved = (fitted.point - fitted.start) / np.sqrt(np.diag(fitted.before))
    assert 0.1 < np.abs(moved).max() < 1.5 and np.sqrt(np.mean(moved**2)) < 0.3
    share = 1 - np.diag(fitted.covariance) / np.diag(fitted.before)
    assert share.min() > -1e-9 and share.max() < 0.4


def test_rows_without_weight_leave_the_file_as_it_was():
    people = filled(made_up(20, 9, ("non-us-img", "us-img"), YEAR - 1))
    rows = own_rows(people, np.ones(20), np.zeros(20))
    content = updated(MODEL.content, update(PRIOR, rows)[0], rows, {})
    for kind in MODEL.applicant_types:
        for specialty, old in MODEL.type(kind)["cells"].items():
            new = content["types"][kind]["cells"][specialty]
            for name in ("level", "alpha", "beta"):
                assert new[name]["value"] == pytest.approx(old[name]["value"], abs=1e-8)
                assert new[name]["basis"] == old[name]["basis"] and new[name]["source"] == old[name]["source"]
                assert unpack(new["draws"][name]) == pytest.approx(unpack(old["draws"][name]), abs=1e-5)
            for name in old["kappa"]:
                assert new["kappa"][name] == pytest.approx(old["kappa"][name], abs=1e-7)
                assert unpack(new["draws"]["kappa"][name]) == pytest.approx(unpack(old["draws"]["kappa"][name]), abs=1e-5)


def test_draws_have_the_laplace_covariance():
    fitted, _ = update(PRIOR, persons(3000, 10, kinds=("non-us-img", "us-img"), cycle=YEAR - 1))
    made, size = posterior_draws(fitted), len(PRIOR.point)
    c = fitted.covariance[:size, :size]
    assert made.std(axis=0, ddof=1) == pytest.approx(np.sqrt(np.diag(c)))
    assert (np.abs(made.mean(axis=0) - fitted.point[:size]) < 0.05 * made.std(axis=0)).all()
    r = c / np.sqrt(np.outer(np.diag(c), np.diag(c)))
    noise = np.corrcoef(made.T) - r
    assert np.sqrt(np.mean(noise[~np.eye(size, dtype=bool)] ** 2)) < 1.15 / np.sqrt(len(made))  # no more than 200 draws of it have
    assert (posterior_draws(fitted) == made).all()


def test_a_person_given_twice_with_half_the_weight_is_one_person():
    people, matched = filled(made_up(60, 12, cycle=YEAR)), np.arange(60) < 35
    once, _ = update(PRIOR, own_rows(people, matched))
    twice, _ = update(PRIOR, own_rows(people * 2, np.tile(matched, 2), np.full(120, 0.5)))
    apart, _ = update(PRIOR, own_rows(people * 2, np.tile(matched, 2)))
    assert twice.point == pytest.approx(once.point, abs=1e-7) and twice.covariance == pytest.approx(once.covariance, abs=1e-9)
    assert np.trace(apart.covariance) < np.trace(once.covariance)


def test_a_later_cycles_level_is_kept_out_of_the_tables_year():
    k, moved = PRIOR.cells.index(("non-us-img", "Psychiatry")), []
    for cycle in (YEAR, YEAR + 1):
        rows = persons(3000, 13, 0.6, 1.0, cycle=cycle)
        fitted, _ = update(PRIOR, rows)
        moved.append(PRIOR.levels(fitted.point)[k] - PRIOR.levels(fitted.start)[k])
    assert 0.05 < moved[0] and abs(moved[1]) < 0.5 * moved[0]
    assert fitted.shifts == [("non-us-img", YEAR + 1)] and 0.3 < fitted.point[-1] < 0.7


@pytest.fixture(scope="module")
def new():
    rows = persons(2000, 14, 0.2, 1.2, ("non-us-img", "us-img"), YEAR - 1)
    fitted, _ = update(PRIOR, rows)
    return fitted, Model(updated(MODEL.content, fitted, rows, rows.unknown(MODEL)))


@pytest.mark.parametrize("kind", ["non-us-img", "us-img"])
def test_score_and_predict_agree_and_averages_keep_their_meaning(kind, new):
    model = new[1]
    people = everything(model, kind)
    found = score_applicants(model, people)
    for k, a in enumerate(people):
        answer = model.odds(a)
        for name in ("p_ranked", "p_ranked_low", "p_ranked_high"):
            assert found[name][k] == pytest.approx(getattr(answer, name), abs=1e-12)
        if not answer.likelihood_ratios:
            assert answer.p_ranked == pytest.approx(answer.average, abs=1e-12)
    for specialty in ("Internal Medicine", "Dermatology"):
        cell, k = model.cell(kind, specialty), PRIOR.cells.index((kind, specialty))
        x, w = np.polynomial.hermite_e.hermegauss(40)
        u = (cell.score_mean - 240) / 10 + PRIOR.score_sd[k] * x
        assert w / w.sum() @ expit(cell.alpha + cell.beta * u) == pytest.approx(cell.average, abs=0.001)
        for name, r in model.type(kind)["reference"].items():
            shares = np.array(r["shares"])
            p = shares @ expit(cell.level + model.delta(name).value * np.array(r["u"]) - cell.kappa(name)) / shares.sum()
            assert p == pytest.approx(cell.average, abs=1e-9)
            assert np.mean(cell.kappa_draws(name)) == pytest.approx(cell.kappa(name), abs=0.01)


def test_sources_say_what_the_rows_weigh(new):
    fitted, model = new
    place = PRIOR.delta["usce_months"]
    share = weight(fitted.before[place, place], fitted.covariance[place, place])
    entry = model.content["covariates"]["usce_months"]["delta"]
    assert share > 0.5 and entry["basis"] == "measured" and entry["source"] == "one's own applicants, evidence-register"
    assert entry["note"].startswith(f"one's own applicants weigh {share:.2f}, the rest is as before (evidence): ")
    other = model.content["covariates"]["step2_failed"]["delta"]
    assert other["basis"] == "evidence" and other["source"] == MODEL.content["covariates"]["step2_failed"]["delta"]["source"]
    assert re.search(r"; moved with what one's own applicants say of numbers tied to it, which weighs 0\.\d\d$", other["note"])  # nobody's is known
    level = model.type("us-img")["cells"]["Dermatology"]["level"]
    assert level == {**MODEL.type("us-img")["cells"]["Dermatology"]["level"], "value": level["value"], "se": level["se"]}


def test_tilting_moves_the_mean_and_nothing_else_is_known():
    u, w = np.array([0.0, 1.0, 2.0, 5.0]), np.array([0.4, 0.3, 0.2, 0.1])
    for move in (-0.5, 0.0, 0.3, 50.0):
        found = tilted(u, w, move)
        assert found.sum() == pytest.approx(1) and found.min() >= 0
        assert found @ u == pytest.approx(min(w @ u + move, 5.0), abs=1e-4)
    ratio = np.log(tilted(u, w, 0.3) / w)
    assert np.diff(ratio) / np.diff(u) == pytest.approx(np.full(3, ratio[1] - ratio[0]))


def test_rows_of_one_type_move_the_other_only_through_what_they_share():
    rows = persons(3000, 15, 0.8, 1.0)
    fitted, _ = update(PRIOR, rows)
    before, after = PRIOR.levels(fitted.start), PRIOR.levels(fitted.point)
    one, other = (PRIOR.cells.index((kind, "Neurology")) for kind in ("non-us-img", "us-img"))
    assert after[other] - before[other] == pytest.approx(after[one] - before[one], abs=1e-3)  # the odds ratio between them stays
    assert Likelihood(PRIOR, rows).size == len(PRIOR.point)
