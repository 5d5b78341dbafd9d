"""Training without sources: what stands in, what is lost, and that every answer says so."""

from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit

from matchmodel import Applicant
from matchmodel.cli import main
from matchmodel.errors import MissingTables
from matchmodel.etl import Tidy
from matchmodel.fit.left_out import ASKED, CONSENT, left_out, open_sources
from matchmodel.fit.stand_in import KINDS, level_shift, passing_mark_shift
from matchmodel.fit.train import train
from matchmodel.model import load_model

from .made import counts, tidy

RAW = Path(__file__).parents[2] / "data" / "raw"


@pytest.fixture(scope="module")
def without(everything):
    return train(open_sources(everything), old_tables=True)


@pytest.fixture(scope="module")
def model(everything, tmp_path_factory):
    folder = tmp_path_factory.mktemp("without consent")
    assert main(["etl", "--raw", str(RAW), "--out", str(folder / "tidy")]) == 0
    assert main(["train", "--data", str(folder / "tidy"), "--model", str(folder / "m.json"), "--without-consent"]) == 0
    return load_model(folder / "m.json")


def test_no_source_with_consent_is_used_and_the_2007_tables_are(without, everything):
    used = without.tidy.sources
    assert "charting-outcomes-2007" in used and not any(s.consent for s in used.values())
    assert {s.id for s in everything.sources.values() if not s.consent} == set(used)
    assert set(without.fits) == {"independent", "us-senior", *KINDS} and without.primary == "independent"


def test_an_open_report_of_today_keeps_the_old_one_out(everything):
    open_now = Tidy({i: s if s.id != "charting-outcomes-2026-non-us-img" else s.__class__(**{**vars(s), "consent": False}) for i, s in everything.sources.items()}, everything.tables)
    chosen = open_sources(open_now)
    assert "charting-outcomes-2026-non-us-img" in chosen.sources and "charting-outcomes-2007" not in chosen.sources


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
    assert without.stand_ins["non-us-img"].shift_se == pytest.approx(abs(logit(rates["us-img", 2007]) - logit(rates["non-us-img", 2007])) / 2)
    assert without.stand_ins["us-img"].shift > without.stand_ins["non-us-img"].shift


def test_averages_are_kept_where_scores_moved(without):
    fit = without.fits["us-img"]
    for j in range(len(fit.specialties)):
        values, weights = fit.populations[j]
        assert weights @ expit(fit.alpha[j] + fit.beta[j] * (values - 240) / 10) == pytest.approx(expit(fit.level[j]))
    assert fit.score_mean[0] == pytest.approx(without.fits["independent"].score_mean[0] + 2.2)  # the mark rose from 196 to 218


RATES = [{"applicant_type": k, "year": y, "match_rate": r} for k, y, r in (("us-img", 2007, 0.5), ("non-us-img", 2007, 0.4), ("us-img", 2010, 0.6))]
SHIFTS = {"us-img": (2010, logit(0.6) - (logit(0.5) + logit(0.4)) / 2), "non-us-img": (2007, logit(0.4) - (logit(0.5) + logit(0.4)) / 2)}


@pytest.mark.parametrize("kind", SHIFTS)
def test_shifts_by_hand(kind):
    year, shift, se = level_shift(tidy(rates=RATES).table("rates"), kind, 2007)
    assert (year, shift, se) == (SHIFTS[kind][0], pytest.approx(SHIFTS[kind][1]), pytest.approx(abs(logit(0.5) - logit(0.4)) / 2))
    assert level_shift(tidy(rates=RATES).table("rates"), kind, 2006) is None
    assert level_shift(tidy(counts=[counts("Neurology", 1, 1)]).table("rates"), kind, 2007) is None


MARKS = [{"item": f"passing score from {day}", "value": str(mark)} for day, mark in (("2012-07-01", 196), ("2014-07-01", 209), ("2025-07-01", 218))]


@pytest.mark.parametrize(("year", "shift"), [(2007, 22), (2013, 22), (2014, 9), (2026, 0)])
def test_the_passing_mark_moves_the_scores(year, shift):
    assert passing_mark_shift(tidy(exam_reference=MARKS).table("exam_reference"), year) == (shift, shift / 2)
    assert passing_mark_shift(tidy(counts=[counts("Neurology", 1, 1)]).table("exam_reference"), year) == (0.0, 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_says_what_was_lost(model, kind):
    for specialty in model.specialties(kind):
        answer = model.odds(Applicant(specialty, kind, step2_ck=245))
        assert answer.warnings[0].startswith("This model was trained without 11 sources whose consent is asked for; lost: ")
        for lost in ("independent applicants of 2007 stand in", "specialties (", "Step 1 ever failed", "the chance from the application on", "match rates after 2008"):
            assert lost in answer.warnings[0]
        assert any("All of this is assumed" in note for note in answer.notes)
        assert {lr.basis for lr in answer.likelihood_ratios} == {"assumed"}
        assert answer.published_rate is None and answer.applicant.cycle == 2027


def test_it_knows_less_and_says_so_by_wider_ranges(model, fresh):
    for score in (230, 250):
        now, before = (m.odds(Applicant("Pediatrics", "non-us-img", step2_ck=score)) for m in (fresh, model))
        assert before.p_ranked_high - before.p_ranked_low > 3 * (now.p_ranked_high - now.p_ranked_low)
        assert before.p_ranked_low < now.p_ranked < before.p_ranked_high


def test_sources_left_out_on_request_are_named_too(training):
    trained = train(training.select(exclude=["program-invitations-2024", "fees-2026"]))
    said = left_out(training, trained, None, ASKED)
    assert said["sources"] == ["fees-2026", "program-invitations-2024"] and said["lost"] == ["the chance from the application on"]
    assert "left out on request" in said["text"]
    assert left_out(training, train(training), object(), CONSENT) is None
