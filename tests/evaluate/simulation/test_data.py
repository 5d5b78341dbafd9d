"""Simulated data sets: what is drawn is what is meant, and the printed tables agree with the truth."""

from dataclasses import replace

import numpy as np
import pytest

from matchmodel.covariates import COVARIATES
from matchmodel.etl.schemas import faults
from matchmodel.evaluate.simulation.data import AS_TAKEN, BROKEN, KINDS, SIZES, YEAR, simulate
from matchmodel.evaluate.simulation.tables import KNOWN_USUAL, STUDIES, publish
from matchmodel.fit.evidence import priors
from matchmodel.fit.evidence.effects import Scale
from matchmodel.model.engine import MOST_RANKS, expit, u_of

MANY = 30_000


@pytest.fixture(scope="module", params=[AS_TAKEN, BROKEN], ids=lambda s: s.name)
def truth(request):
    return simulate(3, request.param)


@pytest.fixture(scope="module")
def tidy(truth):
    return publish(truth)


def season(cell, seed=1):
    rng = np.random.default_rng(seed)
    people = cell.applicants(MANY, rng)
    return people, *cell.season(people, rng)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("specialty", ["Internal Medicine", "General Surgery"])
def test_a_season_matches_as_the_log_odds_say(truth, kind, specialty):
    """By tenth of the profile, and altogether the level: the margin over ranks is the logistic model's."""
    cell = truth.cells[kind, specialty]
    people, ranks, matched = season(cell)
    assert matched.mean() == pytest.approx(expit(cell.level), abs=0.015)
    for tenth in np.array_split(np.argsort(people.log_odds), 10):
        assert matched[tenth].mean() == pytest.approx(
            expit(people.log_odds[tenth]).mean(), abs=4 * 0.5 / np.sqrt(MANY / 10)
        )
    assert ranks.min() == 1


def test_a_season_has_the_ranks_that_the_chain_says(truth):
    cell = truth.cells["non-us-img", "Pediatrics"]
    people, ranks, matched = season(cell)
    mu, weights = cell.means(people)
    expected = (mu @ weights) / cell.share(people)  # E[K | K >= 1]
    assert ranks.mean() == pytest.approx(expected.mean(), rel=0.015)
    for k in (1, 3, 6):
        held = ranks == k
        assert matched[held].mean() == pytest.approx(
            cell.p_given(people, k)[held].mean(), abs=4 * 0.5 / np.sqrt(held.sum())
        )


def test_applying_is_being_invited_then_matching(truth):
    """P(apply) against a season drawn from invitations on, at one and a half times the usual number."""
    cell, rng = truth.cells["non-us-img", "Neurology"], np.random.default_rng(2)
    people = cell.applicants(MANY, rng)
    number = 1.5 * cell.usual
    mu = cell.mean * np.exp(people.on_rate) * cell.reach(number)
    invited = rng.poisson(rng.gamma(1 / cell.dispersion, cell.dispersion * mu))
    matched = (invited > 0) & (rng.random(MANY) < cell.p_given(people, invited))
    assert matched.mean() == pytest.approx(cell.p_apply(people, number).mean(), abs=0.015)
    assert cell.reach(cell.usual) == pytest.approx(1)
    assert cell.p_given(people, MOST_RANKS + 5) == pytest.approx(cell.p_given(people, MOST_RANKS))


def test_those_who_rank_are_spread_as_drawn(truth):
    cell = truth.cells["non-us-img", "Internal Medicine"]
    people = cell.applicants(MANY, np.random.default_rng(5))
    for name, share in cell.population.shares.items():
        assert people.values[name].mean() == pytest.approx(share, abs=0.01)
    if truth.setting.correlations == 1:
        failed = people.values["step1_failed"] == 1
        gap = (people.score[failed].mean() - people.score[~failed].mean()) / 10
        assert gap == pytest.approx(truth.gaps["step1_failed"], abs=0.15)


def test_the_tables_are_sound_and_say_that_they_are_simulated(truth, tidy):
    for name, table in tidy.tables.items():
        assert faults(name, table) == [], name
    assert all("simulated" in s.publisher and not s.consent for s in tidy.sources.values())
    counts = tidy.table("counts").set_index("specialty")
    assert dict(counts["matched"] + counts["not_matched"]) == {s: size.non_us for s, size in SIZES.items()}
    assert set(counts["year"]) == {YEAR}


def test_the_printed_cohorts_are_those_of_the_truth(truth, tidy):
    quartiles = tidy.table("quartiles")
    cell = truth.cells["non-us-img", "Internal Medicine"]
    people, ranks, matched = season(cell)
    rows = quartiles[quartiles["specialty"] == "Internal Medicine"].set_index(["measure", "cohort"])
    for cohort, own in (("matched", matched), ("not_matched", ~matched)):
        assert rows.loc[("step2_ck", cohort), "mean"] == pytest.approx(people.score[own].mean(), abs=1.5)
        assert rows.loc[("contiguous_ranks", cohort), "mean"] == pytest.approx(ranks[own].mean(), abs=0.5)
        assert rows.loc[("contiguous_ranks", cohort), "q1"] >= 1


def test_programs_invite_at_the_rate_of_the_truth(truth, tidy):
    rows = tidy.table("invitations")
    for (kind, specialty), own in rows.groupby(["applicant_type", "specialty"]):
        rate = truth.cells[kind, specialty].rate
        assert (own["invitation_rate"] * own["programs"]).sum() / own["programs"].sum() == pytest.approx(
            rate, abs=0.3 * rate + 0.005
        )


def test_a_register_without_error_turns_back_into_the_effects():
    """Each row, converted as it truly is, is the true effect (and its share of the other failure)."""
    truth = simulate(4, replace(AS_TAKEN, errors=0.0))
    cells = {s: truth.cells["non-us-img", s] for s in SIZES}
    every = list(cells.values())
    scale = Scale(
        eta={s: np.array([c.eta]) for s, c in cells.items()},
        eta_mean=np.array([np.mean([c.eta for c in every])]),
        beta={s: np.array([c.beta]) for s, c in cells.items()},
        beta_mean=np.array([np.mean([c.beta for c in every])]),
        gaps={n: np.array([g]) for n, g in truth.gaps.items()},
        base=None,
        shares=truth.described["non-us-img"].shares,
        rate=sum(c.size * expit(c.level) for c in every) / sum(c.size for c in every),
    )
    rows = publish(truth).table("effects")
    assert len(rows) == len(STUDIES)
    for _, row in rows.iterrows():
        effects = cells[row["specialty"]].effects if row["specialty"] else truth.means
        other, share = priors.MUTUAL.get(row["covariate"], (row["covariate"], 0.0))
        expected = effects[row["covariate"]] + (
            share * effects[other] if row["score_adjusted"] == "no" else 0.0
        )
        assert scale.estimates(row, row["estimate"])[0] == pytest.approx(expected, abs=1e-6), row["id"]


def test_a_setting_switches_off_what_it_says():
    off = simulate(5, replace(AS_TAKEN, references=0.0, effect_spread=0.0, correlations=0.0))
    for kind in KINDS:
        cell = off.cells[kind, "Neurology"]
        assert cell.population.shares == pytest.approx(off.described[kind].shares)
        assert np.allclose(cell.population.root, np.eye(len(COVARIATES) + 1))
    assert {round(c.effects["visa_needed"], 3) for c in off.cells.values()} == {
        round(off.means["visa_needed"], 3)
    }
    lams = [
        {c.lam for c in simulate(6, s).cells.values()} for s in (AS_TAKEN, replace(AS_TAKEN, own_lambda=True))
    ]
    assert len(lams[0]) < len(lams[1])


def test_second_choices_lower_the_printed_number():
    printed = [
        publish(simulate(7, replace(AS_TAKEN, second_choices=q)))
        .table("participation")
        .set_index("specialty")["value"]
        for q in (0.0, 0.3)
    ]
    for s in KNOWN_USUAL:
        assert printed[1][s] / printed[0][s] == pytest.approx(1 - 0.3 * 0.6)


def test_effects_have_their_signs(truth):
    for cell in truth.cells.values():
        assert all(np.sign(effect) == COVARIATES[n].direction for n, effect in cell.effects.items())
    assert u_of("usce_months", np.array([0.0, 12.0, 24.0])) == pytest.approx([0, 4, 4])
