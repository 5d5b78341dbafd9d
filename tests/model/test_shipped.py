"""The model that ships: whole, all of it can be said, its chances keep their orders in every draw."""

from dataclasses import fields, is_dataclass
from hashlib import sha256

import numpy as np
import pytest

from matchmodel import Applicant
from matchmodel.model import load_model
from matchmodel.model.check import check_model
from matchmodel.model.file import default_path, dumps, read_model_file
from matchmodel.model.records import Note
from matchmodel.model.sentences import TEMPLATES, text

MODEL = load_model()
CHAINED = [
    (kind, s) for kind in MODEL.applicant_types for s in MODEL.specialties(kind) if MODEL.has_chain(kind, s)
]
WORSE_TO_BETTER = [
    {
        "step2_ck": 205,
        "years_since_graduation": 20,
        "usce_months": 0,
        "step1_failed": True,
        "step2_failed": True,
    },
    {
        "step2_ck": 225,
        "years_since_graduation": 9,
        "usce_months": 0,
        "step1_failed": True,
        "step2_failed": False,
    },
    {
        "step2_ck": 240,
        "years_since_graduation": 4,
        "usce_months": 2,
        "step1_failed": False,
        "step2_failed": False,
    },
    {
        "step2_ck": 252,
        "years_since_graduation": 1,
        "usce_months": 5,
        "step1_failed": False,
        "step2_failed": False,
    },
    {
        "step2_ck": 268,
        "years_since_graduation": 0,
        "usce_months": 12,
        "step1_failed": False,
        "step2_failed": False,
    },
]


def notes_in(value):
    """Yield the notes anywhere in a record."""
    if isinstance(value, Note):
        yield value
    elif is_dataclass(value):
        for f in fields(value):
            yield from notes_in(getattr(value, f.name))
    elif isinstance(value, (dict, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from notes_in(one)


def test_it_is_whole():
    record, seal = read_model_file()
    assert sha256(dumps(record).encode()).hexdigest() == seal
    assert check_model(default_path()) == 2 * sum(
        len(MODEL.specialties(kind)) for kind in MODEL.applicant_types
    )


def test_every_note_has_its_sentence():
    found = {note.code: note for note in notes_in(MODEL.record)}
    assert found and found.keys() <= TEMPLATES.keys()
    for note in found.values():
        assert text(note) != text(Note(note.code, {})) or not note.fields


def people(kind, specialty):
    return MODEL.people([MODEL.resolve(Applicant(specialty, kind, **known)) for known in WORSE_TO_BETTER])


@pytest.mark.parametrize(("kind", "specialty"), CHAINED)
def test_orders_in_every_draw(kind, specialty):
    made = people(kind, specialty)
    rows = len(WORSE_TO_BETTER)
    by_ranks = made.p_by_ranks()
    assert (np.diff(by_ranks, axis=-1) > 0).all()
    better = np.diff(made.lp, axis=0) > 0
    assert (np.diff(by_ranks, axis=0)[better] > -1e-9).all()
    previous = 0.0
    for n in (1, 20, 60, 150, 400, 1000):
        random, chosen, friendliest = (
            made.p_apply(made.invitations(np.full(rows, n), order))
            for order in ("random", "choose", "friendliest")
        )
        assert (random <= chosen + 1e-9).all() and (chosen <= friendliest + 1e-9).all()
        assert (np.diff(chosen, axis=0)[better] > -1e-9).all() and (chosen >= previous - 1e-9).all()
        previous = chosen


@pytest.mark.parametrize(("kind", "specialty"), CHAINED)
def test_applying_is_never_above_ranking(kind, specialty):
    made = people(kind, specialty)
    usual = np.full(len(WORSE_TO_BETTER), round(made.arrays.chain.record.usual.value))
    assert (made.p_apply(made.invitations(usual)).mean(axis=-1) <= made.p_ranked().mean(axis=-1)).all()
