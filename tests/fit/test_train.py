"""Training: the same numbers again, and what it does with less."""

import numpy as np
import pytest

from matchmodel.applicant import Applicant
from matchmodel.errors import MissingTables
from matchmodel.fit.document.model import document
from matchmodel.fit.left_out import open_sources
from matchmodel.fit.train import train
from matchmodel.model import Model
from matchmodel.model.file import dumps

FEW = 60


@pytest.fixture(scope="module")
def small(training):
    return train(training, draws=FEW)


def test_training_again_gives_the_same_file(training, small):
    again = train(training, draws=FEW)
    assert dumps(document(again, "a")) == dumps(document(small, "a"))


def test_leaving_a_source_out_leaves_the_random_numbers_of_the_rest(training, small):
    less = train(training.select(exclude=("evidence-register",)), draws=FEW)
    for kind, fit in small.fits.items():
        np.testing.assert_array_equal(less.fits[kind].level_draws, fit.level_draws)
        np.testing.assert_array_equal(less.fits[kind].beta_draws, fit.beta_draws)
    np.testing.assert_array_equal(
        less.references["non-us-img"]["visa_needed"].weight_draws,
        small.references["non-us-img"]["visa_needed"].weight_draws,
    )


def test_without_invitations_there_is_no_chain_and_odds_all_the_same(training):
    no = {"program-invitations-2024", "neurology-2026", "program-invitations-2026"}
    made = train(training.select(exclude=no & set(training.sources)), draws=FEW)
    assert not any(made.chains.values())
    answer = Model(document(made, "a")).odds(Applicant("Internal Medicine", "non-us-img", step2_ck=250))
    assert 0.4 < answer.p_ranked.point < 0.6 and answer.p_apply is None


def test_without_counts_it_says_what_is_missing(training):
    with pytest.raises(MissingTables, match="counts table"):
        train(training.select(exclude=("charting-outcomes-2026-non-us-img",)), draws=FEW)


def test_without_consent_an_old_report_stands_in(everything):
    made = train(open_sources(everything), draws=FEW, old_tables=True)
    assert set(made.stand_ins) == {"non-us-img", "us-img"}
    model = Model(document(made, "open", newest_table=2026))
    answer = model.odds(Applicant("Pediatrics", "non-us-img", step2_ck=230))
    assert 0 < answer.p_ranked.point < 1 and any(note.code == "stand_in" for note in answer.notes)


def test_it_says_what_it_does(training):
    said = []
    train(training, draws=FEW, say=said.append)
    assert len(said) >= 4 and "from applications to a match" in said
