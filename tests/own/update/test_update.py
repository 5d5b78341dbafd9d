"""Updating on your own rows: maximum, Laplace covariance, draws and model, against other software."""

from copy import copy

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit

from matchmodel import Applicant
from matchmodel.batch.score import score_applicants
from matchmodel.covariates import COVARIATES
from matchmodel.model import Model
from matchmodel.own.update.document import tilted, updated
from matchmodel.own.update.likelihood import Likelihood
from matchmodel.own.update.posterior import posterior_draws, update

from ..people import MODEL, YEAR, made_up, outcomes, own_rows
from ..study import Truth


def filled(people):
    return [MODEL.resolve(a) for a in people]


def own_people(n, seed, intercept=0.0, slope=1.0, kinds=("non-us-img",), cycle=YEAR):
    people = made_up(n, seed, kinds, cycle)
    return own_rows(filled(people), outcomes(MODEL, people, seed, intercept, slope)[1])


def shares(prior, *cells):
    return np.array([(c in cells) / len(cells) for c in prior.cells])


def fit(prior, rows):
    return update(MODEL, rows, prior)[0]


@pytest.mark.parametrize("matched", [3, 27, 40])
def test_one_level_and_nothing_known_is_the_normal_bernoulli_maximum(prior, matched):
    k, n = prior.cells.index(("non-us-img", "Psychiatry")), 40
    who = filled([Applicant("Psychiatry", "non-us-img", cycle=YEAR)] * n)
    fitted = fit(prior, own_rows(who, np.arange(n) < matched))
    level = MODEL.cell("non-us-img", "Psychiatry").level.draws.array
    sd = np.std(level, ddof=1)

    def lost(x):
        return 0.5 * ((x - level.mean()) / sd) ** 2 + n * np.logaddexp(0, x) - matched * x

    alone = minimize_scalar(lost, bounds=(-6, 6), method="bounded", options={"xatol": 1e-10})
    p = expit(alone.x)
    # the other numbers hardly matter to somebody of whom nothing is known
    assert fitted.converged and prior.levels(fitted.point)[k] == pytest.approx(alone.x, abs=0.003)
    place = np.flatnonzero(prior.level_matrix[k])[0]
    assert np.sqrt(fitted.covariance[place, place]) == pytest.approx(
        1 / np.sqrt(1 / sd**2 + n * p * (1 - p)), rel=0.01
    )


def test_the_maximum_is_that_of_scipy(prior):
    fitted, made = update(MODEL, own_people(120, 5, 0.5, 1.3, cycle=YEAR - 1), prior)
    precision = np.linalg.inv(fitted.before)
    root = np.linalg.cholesky(fitted.before)  # so that the search has no long valleys

    def lost(z):
        away = root @ z
        value, gradient, _ = made.derivatives(fitted.start + away)
        return 0.5 * away @ precision @ away - value, root.T @ (precision @ away - gradient)

    options = {"maxiter": 5000, "maxfun": 10000, "ftol": 1e-14, "gtol": 1e-7}
    found = minimize(lost, np.zeros(len(fitted.start)), jac=True, method="L-BFGS-B", options=options)
    ours = np.linalg.solve(root, fitted.point - fitted.start)
    assert lost(ours)[0] <= found.fun + 1e-7 and found.x == pytest.approx(ours, abs=2e-3)
    assert fitted.log_posterior == pytest.approx(-found.fun, abs=1e-6)


def test_many_rows_are_a_plain_logistic_regression(prior):
    """One specialty, all known, 50,000 rows of a truth off the point: the prior hardly tells any more."""
    cell = ("non-us-img", "Psychiatry")
    rows = Truth(MODEL, prior, 11).rows(50_000, shares(prior, cell), np.random.default_rng(6), blank=0.0)
    fitted, made = update(MODEL, rows, prior)
    design = np.column_stack([np.ones(len(rows)), rows.score, rows.covariates])
    plain = sm.GLM(rows.matched, design, family=sm.families.Binomial()).fit()
    k = prior.cells.index(cell)
    places = [prior.beta[k], *(prior.delta[k, prior.names.index(n)] for n in COVARIATES)]
    ours, ses = fitted.point[places], np.sqrt(np.diag(fitted.covariance))[places]
    assert (np.abs(ours - plain.params[1:]) < 0.75 * plain.bse[1:]).all()
    assert ses == pytest.approx(plain.bse[1:], rel=0.15) and np.all(ses <= plain.bse[1:])
    p = made.chances(fitted.point)[made.back]
    gap = np.abs(p - plain.fittedvalues)
    assert gap.max() < 0.015 and gap.mean() < 0.002
    # the model before would not have said so
    assert (np.abs(plain.params[1:] - fitted.start[places]) / plain.bse[1:]).max() > 3


def test_with_a_prior_that_says_nothing_it_is_the_glm_of_statsmodels(prior):
    """What the rows cannot tell from a level is held; benchmarks/fitting.py does the same with a million."""
    variance = np.full(len(prior.point), 1e6)
    variance[[*prior.mean.values(), *prior.shift.values()]] = 1e-14
    flat = copy(prior)
    flat.covariance = lambda: np.diag(variance)
    cells = [("non-us-img", "Neurology"), ("us-img", "Neurology"), ("non-us-img", "Psychiatry")]
    rows = Truth(MODEL, prior, 11).rows(4000, shares(prior, *cells), np.random.default_rng(6), blank=0.0)
    fitted, made = update(MODEL, rows, flat)
    known = np.column_stack([rows.score, np.nan_to_num(rows.covariates)])
    place = np.array([prior.cells.index(c) for c in cells])
    design, places = (rows.key[:, None] == place).astype(float), []
    for specialty, k in (("Neurology", place[0]), ("Psychiatry", place[2])):
        there = rows.specialties.codes == rows.specialties.values.index(specialty)
        design = np.column_stack([design, known * there[:, None]])
        places += [prior.beta[k], *(prior.delta[k, prior.names.index(n)] for n in COVARIATES)]
    plain = sm.GLM(rows.matched, design, family=sm.families.Binomial()).fit(tol=1e-12)
    assert fitted.point[places] == pytest.approx(plain.params[3:], abs=1e-6)
    assert np.sqrt(np.diag(fitted.covariance))[places] == pytest.approx(plain.bse[3:], rel=1e-5)
    assert made.chances(fitted.point)[made.back] == pytest.approx(plain.fittedvalues, abs=1e-7)
    assert len(made.trials) < len(rows)


def test_another_specialtys_effects_move_with_the_mean_and_keep_their_own_spread(prior):
    cell = ("non-us-img", "Internal Medicine")
    rows = Truth(MODEL, prior, 11).rows(20_000, shares(prior, cell), np.random.default_rng(6), blank=0.0)
    fitted = fit(prior, rows)
    k, other = (prior.cells.index(("non-us-img", s)) for s in ("Internal Medicine", "Pathology"))
    j = prior.names.index("years_since_graduation")
    places = prior.delta[[k, other], j]
    before, after = (np.sqrt(np.diag(c))[places] for c in (fitted.before, fitted.covariance))
    assert after[0] < 0.3 * before[0] < after[1] < 0.9 * before[1]
    assert after[1] > 0.09  # the spread between specialties is left
    moved = fitted.point[places] - fitted.start[places]
    assert np.sign(moved[0]) == np.sign(moved[1]) and abs(moved[1]) < abs(moved[0])


def test_fifty_rows_move_it_a_little(prior):
    fitted = fit(prior, own_people(50, 8, 1.0, 1.0))
    moved = (fitted.point - fitted.start) / np.sqrt(np.diag(fitted.before))
    assert 0.1 < np.abs(moved).max() < 1.5 and np.sqrt(np.mean(moved**2)) < 0.3
    share = 1 - np.diag(fitted.covariance) / np.diag(fitted.before)
    assert share.min() > -1e-9 and share.max() < 0.4


def test_rows_without_weight_leave_the_model_as_it_was(prior):
    rows = own_rows(filled(made_up(20, 9, ("non-us-img", "us-img"), YEAR - 1)), np.ones(20), np.zeros(20))
    new = updated(MODEL.record, fit(prior, rows), rows)
    for kind, old_type in MODEL.record.types.items():
        for specialty, old in old_type.cells.items():
            made = new.types[kind].cells[specialty]
            for name in ("level", "alpha", "beta"):
                one, other = getattr(old, name), getattr(made, name)
                assert (other.basis, other.source, other.notes) == (one.basis, one.source, one.notes)
                assert other.draws.array == pytest.approx(one.draws.array, abs=1e-5)
                assert other.value == pytest.approx(one.draws.array.mean(), abs=1e-6)
            for name, one in old.kappa.items():
                assert made.kappa[name].draws.array == pytest.approx(one.draws.array, abs=1e-5)
            assert made.trust.kind == old.trust.kind and made.chain == old.chain
    for name, old in MODEL.record.effects.items():
        for specialty, one in old.specialties.items():
            assert new.effects[name].specialties[specialty].draws.array == pytest.approx(
                one.draws.array, abs=1e-5
            )


def test_draws_have_the_laplace_covariance(prior):
    fitted = fit(prior, own_people(3000, 10, kinds=("non-us-img", "us-img"), cycle=YEAR - 1))
    size = len(prior.point)
    made = posterior_draws(fitted)[:, :size]
    c = fitted.covariance[:size, :size]
    assert made.std(axis=0, ddof=1) == pytest.approx(np.sqrt(np.diag(c)))
    assert (np.abs(made.mean(axis=0) - fitted.point[:size]) < 0.05 * made.std(axis=0)).all()
    r = c / np.sqrt(np.outer(np.diag(c), np.diag(c)))
    noise = (np.corrcoef(made.T) - r)[~np.eye(size, dtype=bool)]
    assert np.sqrt(np.mean(noise**2)) < 1.2 / np.sqrt(len(made))  # no more than so many draws of it have
    assert (posterior_draws(fitted)[:, :size] == made).all()


def test_a_person_given_twice_with_half_the_weight_is_one_person(prior):
    people, matched = filled(made_up(60, 12)), np.arange(60) < 35
    once = fit(prior, own_rows(people, matched))
    twice = fit(prior, own_rows(people * 2, np.tile(matched, 2), np.full(120, 0.5)))
    apart = fit(prior, own_rows(people * 2, np.tile(matched, 2)))
    assert twice.point == pytest.approx(once.point, abs=1e-7)
    assert twice.covariance == pytest.approx(once.covariance, abs=1e-9)
    assert np.trace(apart.covariance) < np.trace(once.covariance)


def test_a_later_cycles_level_is_kept_out_of_the_tables_year(prior):
    """With many rows of one specialty, what they add is split by the variances of level, common and own walk.

    Three independent normal numbers whose sum is known: each moves by its share of the summed variance.
    """
    k, n, added = prior.cells.index(("non-us-img", "Psychiatry")), 40_000, 0.6
    matched = np.arange(n) < n * expit(prior.levels(prior.point)[k] + added)
    who = filled([Applicant("Psychiatry", "non-us-img", cycle=YEAR + 1)])[0]
    fitted = fit(prior, own_rows([who] * n, matched))
    variance = np.diag(fitted.before)
    walks = [shift.walk for shift in fitted.shifts.every]
    assert [(w.kind, w.specialty) for w in walks] == [("non-us-img", None), ("non-us-img", "Psychiatry")]
    by = np.pad(prior.level_matrix[k], (0, len(variance) - prior.level_matrix.shape[1]))
    parts = np.array([by @ fitted.before @ by, *variance[len(prior.point) :]])
    moved = np.array(
        [prior.levels(fitted.point)[k] - prior.levels(fitted.start)[k], *fitted.point[len(prior.point) :]]
    )
    total = (
        moved.sum()
    )  # a little over what was added: the average over what is unknown of them is flatter than the log odds
    assert added < total < 1.06 * added
    # a level is that of the average, so its intercept moves by 1.05 as much; a walk moves the log odds alone
    assert moved == pytest.approx(total * parts / parts.sum(), rel=0.06)
    same = filled([Applicant("Psychiatry", "non-us-img", cycle=YEAR)])[0]
    own = fit(prior, own_rows([same] * n, matched))
    in_the_year = prior.levels(own.point)[k] - prior.levels(own.start)[k]
    assert in_the_year == pytest.approx(added, abs=0.02)
    assert moved[0] < 0.5 * in_the_year


@pytest.fixture(scope="module")
def new(prior):
    rows = own_people(2000, 14, 0.2, 1.2, ("non-us-img", "us-img"), YEAR - 1)
    fitted = fit(prior, rows)
    return fitted, Model(updated(MODEL.record, fitted, rows))


FULL = {
    "step2_ck": 255,
    "years_since_graduation": 4,
    "usce_months": 5,
    "step1_failed": False,
    "step2_failed": True,
}


@pytest.mark.parametrize("kind", ["non-us-img", "us-img"])
def test_score_and_predict_agree_and_averages_keep_their_meaning(kind, new, prior):
    model, people = new[1], []
    for specialty in ("Internal Medicine", "Neurology", "Pathology"):
        full = FULL if kind == "us-img" else {**FULL, "visa_needed": True}
        people += [
            Applicant(specialty, kind, cycle=YEAR, **{n: v for n, v in full.items() if n in kept})
            for kept in (full, ("step2_ck",), ("visa_needed", "usce_months"), ())
        ]  # fmt: skip
    found = score_applicants(model, people)
    for k, a in enumerate(people):
        answer = model.odds(a)
        assert [found["p_ranked" + end][k] for end in ("", "_low", "_high")] == pytest.approx(
            answer.p_ranked, abs=1e-12
        )
        if not answer.likelihood_ratios:
            assert answer.p_ranked.point == pytest.approx(answer.average_ranked, abs=1e-12)
    for specialty in ("Internal Medicine", "Pathology"):
        cell, k = model.cell(kind, specialty), prior.cells.index((kind, specialty))
        level, beta, alpha = (getattr(cell, name).draws.array for name in ("level", "beta", "alpha"))
        x, w = np.polynomial.hermite_e.hermegauss(40)
        moved = 0.0 if kind == "non-us-img" else posterior_draws(new[0])[:, prior.shift[kind]]
        u = (
            (prior.score_mean[k] + moved)[..., None] + prior.score_sd[k] * x
            if kind == "us-img"
            else (prior.score_mean[k] + prior.score_sd[k] * x)
        )
        averaged = expit(alpha[:, None] + beta[:, None] * u) @ (w / w.sum())
        assert averaged == pytest.approx(expit(level), abs=0.004)  # real scores for normal ones
        for name, reference in model.kind(kind).reference.items():
            delta = model.record.effects[name].specialties[specialty].draws.array
            over = (
                level[:, None]
                + delta[:, None] * np.array(reference.u)
                - cell.kappa[name].draws.array[:, None]
            )
            # the reference's shares have an error of their own, which is in the draws of kappa
            averaged = (expit(over) @ np.array(reference.shares)).mean()
            assert averaged == pytest.approx(expit(level).mean(), abs=0.006)


def test_the_margin_over_interviews_follows_the_new_level(new):
    """P(apply | usual number) = P(invited) P(match | ranked), for everybody, as the engine has it."""
    model = new[1]
    answer = model.odds(Applicant("Internal Medicine", "non-us-img", step2_ck=255, cycle=YEAR))
    before = MODEL.odds(Applicant("Internal Medicine", "non-us-img", step2_ck=255, cycle=YEAR))
    assert answer.p_apply.point == pytest.approx(
        answer.p_any_invitation.point * answer.p_ranked.point, abs=0.01
    )
    assert answer.p_ranked.point != before.p_ranked.point
    assert np.sign(answer.p_apply.point - before.p_apply.point) == np.sign(
        answer.p_ranked.point - before.p_ranked.point
    )


def test_sources_say_what_the_rows_weigh(new, prior):
    fitted, model = new
    place = prior.effect_places()["usce_months", "Internal Medicine"]
    share = 1 - fitted.covariance[place, place] / fitted.before[place, place]
    entry = model.record.effects["usce_months"].specialties["Internal Medicine"]
    assert share > 0.5 and entry.basis == "measured" and entry.source.startswith("your own applicants, ")
    assert entry.notes[-1].code == "own_rows"
    assert entry.notes[-1].fields == {"weight": round(share, 2), "before": "evidence"}
    old = MODEL.record.effects["step2_failed"].specialties["Internal Medicine"]
    other = model.record.effects["step2_failed"].specialties["Internal Medicine"]
    assert (other.basis, other.source) == (old.basis, old.source) and other.notes[
        -1
    ].code == "tied_to_own_rows"
    unseen = model.cell("us-img", "Dermatology").level  # nobody's row is of it
    assert unseen.source == MODEL.cell("us-img", "Dermatology").level.source
    mean = model.record.effects["usce_months"].mean
    assert mean.se < MODEL.record.effects["usce_months"].mean.se and mean.notes[-1].code == "own_rows"


def test_tilting_moves_the_mean_and_nothing_else_is_known():
    u, w = np.array([0.0, 1.0, 2.0, 5.0]), np.array([0.4, 0.3, 0.2, 0.1])
    for move in (-0.5, 0.0, 0.3, 50.0):
        found = tilted(u, w, move)
        assert found.sum() == pytest.approx(1) and found.min() >= 0
        assert found @ u == pytest.approx(min(w @ u + move, 5.0), abs=1e-4)
    ratio = np.log(tilted(u, w, 0.3) / w)
    assert np.diff(ratio) / np.diff(u) == pytest.approx(np.full(3, ratio[1] - ratio[0]))


def test_rows_of_one_type_move_the_other_only_through_what_they_share(prior):
    rows = own_people(3000, 15, 0.8, 1.0)
    fitted = fit(prior, rows)
    before, after = prior.levels(fitted.start), prior.levels(fitted.point)
    one, other = (prior.cells.index((kind, "Neurology")) for kind in ("non-us-img", "us-img"))
    # the odds ratio between them stays
    assert after[other] - before[other] == pytest.approx(after[one] - before[one], abs=1e-3)
    assert Likelihood(MODEL, prior, rows).size == len(prior.point)


def test_a_grey_cell_whose_level_the_rows_make_sure_is_grey_only_for_what_the_tables_lack(prior):
    specialty = "Dermatology"
    old = MODEL.cell("non-us-img", specialty).trust
    assert old.kind == "grey" and {n.code for n in old.reasons} == {"few_of_either", "level_unsure"}
    rows = Truth(MODEL, prior, 5).rows(
        3000, shares(prior, ("non-us-img", specialty)), np.random.default_rng(1)
    )
    new = updated(MODEL.record, fit(prior, rows), rows).types["non-us-img"].cells[specialty]
    assert new.level.se < 0.25 and new.trust.kind == "grey"
    assert [n.code for n in new.trust.reasons] == ["few_of_either"]
