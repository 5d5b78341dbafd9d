"""Training without sources: what stands in, what is lost, and that every answer says so."""

import numpy as np
import pytest
from scipy.special import expit, logit

from matchmodel import Applicant
from matchmodel.errors import MissingTables
from matchmodel.etl import Tidy
from matchmodel.fit.document.model import document
from matchmodel.fit.left_out import ASKED, CONSENT, left_out, open_sources
from matchmodel.fit.stand_in import KINDS, level_shift, passing_mark_shift
from matchmodel.fit.train import train
from matchmodel.model import Model
from matchmodel.model.notes import text

from .made import counts, tidy

DRAWS = 60


@pytest.fixture(scope="module")
def without(everything):
    return train(open_sources(everything), draws=DRAWS, old_tables=True)


@pytest.fixture(scope="module")
def model_without(everything, without):
    full = everything.select(role="training")
    return Model(document(without, "open", left_out(full, without, CONSENT), newest_table=2026))


def test_no_source_with_consent_is_used_and_the_2007_tables_are(without, everything):
    used = without.tidy.sources
    assert "charting-outcomes-2007" in used and not any(s.consent for s in used.values())
    assert {s.id for s in everything.sources.values() if not s.consent} == set(used)
    assert set(without.fits) == {"independent", "us-senior", *KINDS} and without.primary == "independent"


def test_an_open_report_of_today_keeps_the_old_one_out(everything):
    open_now = Tidy(
        {
            i: s
            if s.id != "charting-outcomes-2026-non-us-img"
            else s.__class__(**{**vars(s), "consent": False})
            for i, s in everything.sources.items()
        },
        everything.tables,
    )
    chosen = open_sources(open_now)
    assert (
        "charting-outcomes-2026-non-us-img" in chosen.sources
        and "charting-outcomes-2007" not in chosen.sources
    )


def test_without_any_open_counts_there_is_nothing_to_train_on(everything):
    with pytest.raises(MissingTables, match="nothing to train on"):
        open_sources(everything, exclude=["charting-outcomes-2007"])


def test_the_level_moves_as_the_yearly_rates_did(without, everything):
    rates = everything.table("rates").set_index(["applicant_type", "year"])["match_rate"]
    fit, own = without.fits["non-us-img"], without.fits["independent"]
    base = (logit(rates["us-img", 2007]) + logit(rates["non-us-img", 2007])) / 2
    shift = logit(rates["non-us-img", 2008]) - base
    np.testing.assert_allclose(fit.level, own.level + shift)
    assert fit.year == 2008 and without.stand_ins["non-us-img"].shift == pytest.approx(shift)
    assert without.stand_ins["non-us-img"].shift_se == pytest.approx(
        abs(logit(rates["us-img", 2007]) - logit(rates["non-us-img", 2007])) / 2
    )
    assert without.stand_ins["us-img"].shift > without.stand_ins["non-us-img"].shift


def test_averages_are_kept_where_scores_moved(without):
    fit = without.fits["us-img"]
    for j in range(len(fit.specialties)):
        values, weights = fit.populations[j]
        assert weights @ expit(fit.alpha[j] + fit.beta[j] * (values - 240) / 10) == pytest.approx(
            expit(fit.level[j])
        )
    assert fit.score_mean[0] == pytest.approx(
        without.fits["independent"].score_mean[0] + 2.2
    )  # the mark rose from 196 to 218


RATES = [
    {"applicant_type": k, "year": y, "match_rate": r}
    for k, y, r in (("us-img", 2007, 0.5), ("non-us-img", 2007, 0.4), ("us-img", 2010, 0.6))
]
SHIFTS = {
    "us-img": (2010, logit(0.6) - (logit(0.5) + logit(0.4)) / 2),
    "non-us-img": (2007, logit(0.4) - (logit(0.5) + logit(0.4)) / 2),
}


@pytest.mark.parametrize("kind", SHIFTS)
def test_shifts_by_hand(kind):
    year, shift, se = level_shift(tidy(rates=RATES).table("rates"), kind, 2007)
    assert (year, shift, se) == (
        SHIFTS[kind][0],
        pytest.approx(SHIFTS[kind][1]),
        pytest.approx(abs(logit(0.5) - logit(0.4)) / 2),
    )
    assert level_shift(tidy(rates=RATES).table("rates"), kind, 2006) is None
    assert level_shift(tidy(counts=[counts("Neurology", 1, 1)]).table("rates"), kind, 2007) is None


MARKS = [
    {"item": "passing_score", "from_date": day, "value": str(mark)}
    for day, mark in (("2012-07-01", 196), ("2014-07-01", 209), ("2025-07-01", 218))
]


@pytest.mark.parametrize(("year", "shift"), [(2007, 22), (2013, 22), (2014, 9), (2026, 0)])
def test_the_passing_mark_moves_the_scores(year, shift):
    assert passing_mark_shift(tidy(exam_reference=MARKS).table("exam_reference"), year) == (shift, shift / 2)
    assert passing_mark_shift(tidy(counts=[counts("Neurology", 1, 1)]).table("exam_reference"), year) == (
        0.0,
        0.0,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_says_what_was_lost(model_without, everything, kind):
    asked = sum(s.consent for s in everything.select(role="training").sources.values())
    for specialty in model_without.specialties(kind):
        answer = model_without.odds(Applicant(specialty, kind, step2_ck=245))
        said = {note.code: text(note) for note in answer.notes}
        assert f"without {asked} sources" in said["left_out"]
        for lost in (
            "independent applicants of 2007 stand in",
            "specialties (",
            "Step 1 ever failed",
            "the chance if you apply",
            "match rates after 2008",
        ):
            assert lost in said["left_out"], lost
        assert "stand_in" in said
        assert {lr.basis for lr in answer.likelihood_ratios} == {"assumed"}
        assert answer.published_rate is None and answer.applicant.cycle == 2027 and answer.p_apply is None


@pytest.mark.slow
def test_it_knows_less_and_says_so_by_wider_ranges(model_without, model):
    for score in (230, 250):
        now, before = (
            m.odds(Applicant("Pediatrics", "non-us-img", step2_ck=score)).p_ranked
            for m in (model, model_without)
        )
        assert before.high - before.low > 2 * (now.high - now.low)
        assert before.low < now.point < before.high


def test_what_was_lost_is_told_by_codes(training):
    trained = train(
        training.select(
            exclude=["program-invitations-2024", "program-invitations-2026", "neurology-2026", "fees-2026"]
        ),
        draws=DRAWS,
    )
    said = left_out(training, trained, ASKED)
    assert said.why == ASKED
    assert said.sources == (
        "fees-2026",
        "neurology-2026",
        "program-invitations-2024",
        "program-invitations-2026",
    )
    assert [note.code for note in said.lost] == ["lost_chain"]


def test_a_covariate_without_its_rows_and_a_specialty_without_its_counts_are_told(everything, without):
    full = everything.select(role="training")
    found = {note.code: note.fields for note in left_out(full, without, CONSENT).lost}
    assert found["lost_specialties"]["count"] == len(
        set(full.table("counts").query("year == 2026")["specialty"])
        - set(without.fits["non-us-img"].specialties)
    )
    assert "Step 1 ever failed" in found["lost_covariates"]["labels"] and found["lost_rates"]["until"] == 2008


def test_where_nothing_is_left_out_nothing_is_said(training, trained):
    assert left_out(training, trained, CONSENT) is None
