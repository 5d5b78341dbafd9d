"""What the tests of programs share: made-up programs, and the model with other figures on signals."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from matchmodel.advice.programs import candidates
from matchmodel.advice.programs.table import Program, ProgramTable
from matchmodel.model import Model

from ...asking import MODEL

SIGNAL = {
    "value": 1.87,
    "se": 0.5,
    "basis": "evidence",
    "source": "made up",
    "note": "",
    "share_signalled": 0.15,
    "specialty": "Neurology",
}


def with_advice(**parts):
    """The model with parts of its figures for advice replaced."""
    return Model(replace(MODEL.record, advice={**MODEL.record.advice, **parts}))


WITH_SIGNALS, WITHOUT_SIGNALS = with_advice(program_signal=SIGNAL), with_advice(program_signal=None)


@contextmanager
def exact_rates():
    """Rates that come without their number of applicants are taken as they are, without an error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "applicants_behind", lambda cell, chain: None)
        yield


def one(k, specialty="Internal Medicine", **known):
    """One made-up program."""
    return Program(k + 2, program=f"Made-up {k}", specialty=specialty, **known)


def table(*rows):
    """A table of them."""
    return ProgramTable("made-up.csv", tuple(rows))


def rated(rates, specialty="Internal Medicine"):
    """A table of programs with these rates for both types, that take IMGs."""
    return table(
        *(
            one(k, specialty, invitation_rate_non_us_img=r, invitation_rate_us_img=r, accepts_imgs=True)
            for k, r in enumerate(rates)
        )
    )


def maybe(values):
    """Values or None."""
    return st.none() | values


@st.composite
def rows_of(draw, specialty, most=12, counts=True):
    """Made-up programs of a specialty, anything in them blank."""
    known = {
        "invitation_rate_us_img": maybe(st.floats(0, 1)),
        "invitation_rate_non_us_img": maybe(st.floats(0, 0.3)),
        "img_share": maybe(st.floats(0, 1)),
        "step2_cutoff": maybe(st.floats(200, 260)),
        "attempts_accepted": maybe(st.integers(1, 4)),
        "years_since_graduation_accepted": maybe(st.floats(0, 20)),
        "sponsors_j1": maybe(st.booleans()),
        "accepts_imgs": maybe(st.booleans()),
        "signals": maybe(st.booleans()),
    }
    if counts:
        known |= {
            name: maybe(st.integers(1, 3000)) for name in ("applicants_us_img", "applicants_non_us_img")
        }
    rows = draw(st.lists(st.fixed_dictionaries(known), min_size=1, max_size=most))
    return [one(k, specialty, **row) for k, row in enumerate(rows)]
