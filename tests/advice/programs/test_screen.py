"""What cannot work is dropped for a reason; what is unknown on either side never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmodel import Applicant
from matchmodel.advice.notes import text
from matchmodel.advice.programs.screen import screen, visa_type_name
from matchmodel.advice.programs.table import Program
from matchmodel.errors import RefusedInput

from ...asking import MODEL, applicants

WHO = {
    "step2_ck": 240,
    "step1_attempts": 1,
    "step2_attempts": 1,
    "yog": 2022,
    "usce_months": 2,
    "visa_needed": True,
    "cycle": 2027,
}


def screened(visa_type="either", kind="non-us-img", who=None, **asked):
    """The reasons and unknowns of one program, as sentences."""
    applicant = MODEL.resolve(Applicant("IM", kind, **{**WHO, **(who or {})}))
    found = screen(
        applicant, Program(2, program="Made-up", specialty="Internal Medicine", **asked), visa_type
    )
    return tuple(tuple(map(text, notes)) for notes in found)


OPEN = {
    "step2_cutoff": "none",
    "attempts_accepted": "none",
    "years_since_graduation_accepted": "none",
    "usce_asked_months": 0.0,
    "sponsors_j1": True,
    "sponsors_h1b": True,
    "accepts_imgs": True,
}
NO_VISA = {"sponsors_j1": False, "sponsors_h1b": False}
CASES = {  # what the program asks, what is said of the applicant, visa type -> reasons, unknown
    "open": ({}, {}, "either", (), ()),
    "cutoff": ({"step2_cutoff": 245}, {}, "either", ("reads Step 2 CK from 245, yours is 240",), ()),
    "cutoff met": ({"step2_cutoff": 240}, {}, "either", (), ()),
    "cutoff unknown": ({"step2_cutoff": None}, {}, "either", (), ("Step 2 CK cutoff",)),
    "score unknown": ({"step2_cutoff": 245}, {"step2_ck": None}, "either", (), ("your Step 2 CK",)),
    "first attempt only": (
        {"attempts_accepted": 1},
        {"step1_attempts": 2},
        "either",
        ("takes 1 attempt at Step 1, you have 2 attempts",),
        (),
    ),
    "failed, attempts unknown": (
        {"attempts_accepted": 1},
        {"step2_attempts": None, "step2_failed": True},
        "either",
        ("takes 1 attempt at Step 2 CK, you have at least 2 attempts",),
        (),
    ),
    "failed, two accepted": (
        {"attempts_accepted": 2},
        {"step2_attempts": None, "step2_failed": True},
        "either",
        (),
        ("your Step 2 CK attempts",),
    ),
    "attempts unknown": (
        {"attempts_accepted": 1},
        {"step1_attempts": None},
        "either",
        (),
        ("your Step 1 attempts",),
    ),
    "never failed": (
        {"attempts_accepted": 1},
        {"step1_attempts": None, "step1_failed": False},
        "either",
        (),
        (),
    ),
    "accepted unknown, none failed": ({"attempts_accepted": None}, {}, "either", (), ()),
    "accepted unknown, failed": (
        {"attempts_accepted": None},
        {"step1_attempts": 2},
        "either",
        (),
        ("attempts accepted",),
    ),
    "too long ago": (
        {"years_since_graduation_accepted": 3},
        {},
        "either",
        ("takes up to 3 years since graduation, you have 5",),
        (),
    ),
    "graduation unknown": (
        {"years_since_graduation_accepted": 3},
        {"yog": None},
        "either",
        (),
        ("your year of graduation",),
    ),
    "too little USCE": (
        {"usce_asked_months": 3},
        {},
        "either",
        ("asks for 3 months of USCE, you have 2",),
        (),
    ),
    "no visa": (NO_VISA, {}, "either", ("sponsors neither J-1 nor H-1B",), ()),
    "no visa, none needed": (NO_VISA, {"visa_needed": False}, "either", (), ()),
    "no visa, need unknown": (NO_VISA, {"visa_needed": None}, "either", (), ("your visa need",)),
    "one unknown": ({"sponsors_j1": False, "sponsors_h1b": None}, {}, "either", (), ("visa sponsorship",)),
    "the other will do": ({"sponsors_j1": False}, {}, "either", (), ()),
    "the other will not do": ({"sponsors_j1": False}, {}, "j1", ("does not sponsor J-1",), ()),
    "H-1B unknown": ({"sponsors_h1b": None}, {}, "h1b", (), ("visa sponsorship",)),
    "takes no IMGs": ({"accepts_imgs": False}, {}, "either", ("takes no IMGs",), ()),
    "takes IMGs unknown": ({"accepts_imgs": None}, {}, "either", (), ("takes IMGs",)),
    "invites IMGs": ({"accepts_imgs": None, "invitation_rate_us_img": 0.1}, {}, "either", (), ()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_condition(name):
    asked, who, visa_type, reasons, unknown = CASES[name]
    assert screened(visa_type, who=who, **{**OPEN, **asked}) == (reasons, unknown)


def test_us_imgs_need_no_visa():
    assert screened(kind="us-img", who={"visa_needed": None}, **{**OPEN, **NO_VISA}) == ((), ())


@given(applicants(), st.sampled_from(["j1", "h1b", "either"]))
def test_a_program_of_which_nothing_is_known_is_never_dropped(applicant, visa_type):
    program = Program(2, program="Made-up", specialty=applicant.specialty)
    assert screen(MODEL.resolve(applicant), program, visa_type)[0] == ()


PROGRAMS = st.builds(
    Program,
    st.just(2),
    st.just("Made-up"),
    step2_cutoff=st.none() | st.floats(1, 300),
    attempts_accepted=st.none() | st.integers(1, 6),
    years_since_graduation_accepted=st.none() | st.floats(0, 70),
    usce_asked_months=st.none() | st.floats(0, 120),
    sponsors_j1=st.none() | st.booleans(),
    sponsors_h1b=st.none() | st.booleans(),
)


@given(PROGRAMS, st.sampled_from(["j1", "h1b", "either"]))
def test_an_applicant_of_whom_nothing_is_known_is_never_dropped(program, visa_type):
    assert screen(MODEL.resolve(Applicant("IM", "non-us-img")), program, visa_type)[0] == ()


def test_visa_types_are_read_as_people_write_them():
    assert [visa_type_name(t) for t in ("J-1", "H1B", " either ")] == ["j1", "h1b", "either"]
    with pytest.raises(RefusedInput, match="visa type is 'O-1'; it is j1, h1b or either"):
        visa_type_name("O-1")
