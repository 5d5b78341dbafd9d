"""Who asks: what is read, what is refused and in which words, and that nothing gets round the checks."""

import copy
import dataclasses
import inspect
import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, RefusedInput
from matchmodel.applicant import FIELDS as ALL_FIELDS
from matchmodel.applicant import visa_word

from .model.synthetic import model
from .strategies import applicants_of

RANDOM = applicants_of(model())

WHO = ("Internal Medicine", "non-us-img")
NAN, INF = float("nan"), float("inf")

READ = [
    ("step2_ck", "250", 250.0),
    ("step2_ck", " 250.5 ", 250.5),
    ("step2_ck", "1e2", 100.0),
    ("step2_ck", "٢٥٠", 250.0),
    ("step2_ck", "", None),
    ("step2_ck", 1, 1.0),
    ("step2_ck", 300, 300.0),
    ("yog", "2024.0", 2024),
    ("yog", 2024.0, 2024),
    ("cycle", "2027", 2027),
    ("step1_attempts", "1e0", 1),
    ("step2_attempts", 6, 6),
    ("usce_months", "0", 0.0),
    ("usce_months", 120, 120.0),
    ("visa_needed", "YES", True),
    ("visa_needed", "No ", False),
    ("visa_needed", "TRUE", True),
    ("visa_needed", "false", False),
    ("visa_needed", "1", True),
    ("visa_needed", 0, False),
    ("visa_needed", "1.0", True),
    ("visa_needed", 0.0, False),
    ("visa_needed", "", None),
    ("visa_needed", "unknown", None),
    ("visa_needed", "J-1", True),
    ("visa_needed", "h1b visa", True),
    ("visa_needed", "Green card", False),
    ("visa_needed", "US permanent resident", False),
    ("step1_failed", "yes", True),
]


@pytest.mark.parametrize(("name", "value", "read"), READ)
def test_read(name, value, read):
    found = getattr(Applicant(*WHO, **{name: value}), name)
    assert found == read and type(found) is type(read)


def test_no_minus_zero():
    assert str(Applicant(*WHO, usce_months="-0").usce_months) == "0.0"


TYPES = {
    "US IMG": "us-img",
    "us_imgs": "us-img",
    "U.S. IMG": "us-img",
    "Non-U.S. IMG": "non-us-img",
    "NON US IMG": "non-us-img",
    " non-us-imgs ": "non-us-img",
    "USIMG": "us-img",
    "US citizen IMG": "us-img",
    "US-FMG": "us-img",
    "nonUSIMG": "non-us-img",
    "non-US citizen IMGs": "non-us-img",
    "Independent": "independent",
}


@pytest.mark.parametrize("written", TYPES)
def test_types(written):
    assert Applicant("IM", written).applicant_type == TYPES[written]


SCALE = "scores are on the 1 to 300 scale"
VISA = "it is yes, no, j-1, h-1b, green-card or citizen (or left out where unknown)"
EITHER = "may be either: say us-img for a US citizen, non-us-img for everybody else (permanent residents too)"
LIMIT = "an attempt count is between 1 and 4 (6 before July 2021)"
REFUSED = [
    ({"step2_ck": 0}, f"Step 2 CK is 0; {SCALE}"),
    ({"step2_ck": 0.99}, f"Step 2 CK is 0.99; {SCALE}"),
    ({"step2_ck": 300.01}, f"Step 2 CK is 300.01; {SCALE}"),
    ({"step2_ck": "1e3"}, f"Step 2 CK is 1e3; {SCALE}"),
    ({"step2_ck": "-5"}, f"Step 2 CK is -5; {SCALE}"),
    ({"step2_ck": "nan"}, f"Step 2 CK is nan; {SCALE}"),
    ({"step2_ck": NAN}, f"Step 2 CK is nan; {SCALE}"),
    ({"step2_ck": INF}, f"Step 2 CK is inf; {SCALE}"),
    ({"step2_ck": "-Infinity"}, f"Step 2 CK is -Infinity; {SCALE}"),
    ({"step2_ck": 10**400}, f"Step 2 CK is 1{'0' * 59}...; {SCALE}"),
    ({"step2_ck": 10**5000}, f"Step 2 CK is a very long number; {SCALE}"),
    ({"step2_ck": "abc"}, f"Step 2 CK is 'abc', not a number; {SCALE}"),
    ({"step2_ck": "0x10"}, f"Step 2 CK is '0x10', not a number; {SCALE}"),
    ({"step2_ck": "2_5_0"}, f"Step 2 CK is '2_5_0', not a number; {SCALE}"),
    ({"step2_ck": "250 240"}, f"Step 2 CK is '250 240', not a number; {SCALE}"),
    ({"step2_ck": "25\n0"}, f"Step 2 CK is '25\\n0', not a number; {SCALE}"),
    ({"step2_ck": "\x1b[31m"}, f"Step 2 CK is '\\x1b[31m', not a number; {SCALE}"),
    ({"step2_ck": "x" * 5000}, f"Step 2 CK is '{'x' * 60}...', not a number; {SCALE}"),
    ({"step2_ck": True}, f"Step 2 CK is 'True', not a number; {SCALE}"),
    ({"step2_ck": [250]}, f"Step 2 CK is '[250]', not a number; {SCALE}"),
    ({"step2_ck": "999\n"}, f"Step 2 CK is 999; {SCALE}"),
    (
        {"yog": 2028, "cycle": 2027},
        "year of graduation 2028 is after the cycle 2027; it is at the latest the year of the Match",
    ),
    (
        {"yog": 2024.5},
        "year of graduation is 2024.5, not a whole number; give a year from 1940 on, such as 2024",
    ),
    ({"yog": 24}, "year of graduation is 24; give a year from 1940 on, such as 2024"),
    ({"yog": NAN}, "year of graduation is nan; give a year from 1940 on, such as 2024"),
    ({"cycle": 1951}, "cycle is 1951; it is the year of the Match, such as 2027"),
    ({"cycle": "next"}, "cycle is 'next', not a number; it is the year of the Match, such as 2027"),
    ({"years_since_graduation": -1}, "years since graduation is -1; it is between 0 and 70"),
    ({"years_since_graduation": 71}, "years since graduation is 71; it is between 0 and 70"),
    ({"step1_attempts": 0}, f"Step 1 attempts is 0; {LIMIT}"),
    ({"step1_attempts": 7}, f"Step 1 attempts is 7; {LIMIT}"),
    ({"step2_attempts": -1}, f"Step 2 CK attempts is -1; {LIMIT}"),
    ({"step2_attempts": 1.5}, f"Step 2 CK attempts is 1.5, not a whole number; {LIMIT}"),
    ({"usce_months": -0.1}, "US clinical experience is -0.1; it is in months, between 0 and 120"),
    ({"usce_months": 121}, "US clinical experience is 121; it is in months, between 0 and 120"),
    ({"usce_months": "1e9"}, "US clinical experience is 1e9; it is in months, between 0 and 120"),
    ({"visa_needed": "maybe"}, f"visa needed is 'maybe'; {VISA}"),
    ({"visa_needed": NAN}, f"visa needed is 'nan'; {VISA}"),
    ({"visa_needed": 2}, f"visa needed is '2'; {VISA}"),
    ({"visa_needed": "yes.0"}, f"visa needed is 'yes.0'; {VISA}"),
    ({"step2_failed": "twice"}, "step2_failed is 'twice'; it is yes or no (or left out where unknown)"),
    (
        {"step1_attempts": 2, "step1_failed": "no"},
        "step1_attempts 2 and step1_failed no disagree; 2 attempts or more mean that the exam was failed at "
        "least once: give one of the two",
    ),
    (
        {"step2_attempts": 1, "step2_failed": True},
        "step2_attempts 1 and step2_failed yes disagree; 2 attempts or more mean that the exam was failed "
        "at least once: give one of the two",
    ),
    (
        {"applicant_type": "us-img", "visa_needed": "yes"},
        "visa needed is yes, but US IMGs are US citizens, who need no visa; leave it out, or ask as "
        "non-us-img",
    ),
    (
        {"applicant_type": "us-img", "visa_needed": "H-1B"},
        "visa needed is yes, but US IMGs are US citizens, who need no visa; leave it out, or ask as "
        "non-us-img",
    ),
    (
        {"applicant_type": "us-img", "visa_needed": "green-card"},
        "the NRMP counts permanent residents (green card) as non-US IMGs, who need no visa; ask as "
        "non-us-img",
    ),
    (
        {"visa_needed": "citizen"},
        "US citizens who graduated abroad are US IMGs, wherever they studied; ask as us-img",
    ),
    ({"applicant_type": "IMG"}, f"applicant type 'IMG' {EITHER}"),
    ({"applicant_type": "F.M.G."}, f"applicant type 'F.M.G.' {EITHER}"),
    ({"applicant_type": " - "}, "applicant type is empty; say us-img or non-us-img"),
    ({"applicant_type": None}, "applicant type is None; say us-img or non-us-img"),
    ({"specialty": " "}, "the specialty is empty; give one such as 'Internal Medicine'"),
    ({"specialty": None}, "the specialty is empty; give one such as 'Internal Medicine'"),
]


@pytest.mark.parametrize(
    ("values", "message"), REFUSED, ids=[f"{k}-{next(iter(v))}" for k, (v, _) in enumerate(REFUSED)]
)
def test_refused_in_these_words(values, message):
    with pytest.raises(RefusedInput) as caught:
        Applicant(**{"specialty": WHO[0], "applicant_type": WHO[1], **values})
    assert str(caught.value) == message


FIELDS = ALL_FIELDS[2:]
ANYTHING = (
    st.text(max_size=80)
    | st.floats()
    | st.integers()
    | st.booleans()
    | st.none()
    | st.binary(max_size=5)
    | st.lists(st.integers(), max_size=2)
)


@given(
    st.dictionaries(st.sampled_from(FIELDS), ANYTHING),
    st.text() | st.just("IM"),
    st.text() | st.just("us-img"),
)
def test_anything_at_all_is_read_or_refused_in_one_line(values, specialty, kind):
    try:
        Applicant(specialty, kind, **values)
    except RefusedInput as error:
        assert len(str(error).splitlines()) == 1 and str(error).isprintable() and len(str(error)) < 400


@given(RANDOM)
def test_copies_are_equal(applicant):
    assert Applicant(**applicant.given()) == applicant == applicant.replace()
    assert Applicant(**json.loads(json.dumps(applicant.given()))) == applicant
    assert eval(repr(applicant)) == applicant
    assert pickle.loads(pickle.dumps(applicant)) == copy.deepcopy(applicant) == applicant
    assert hash(copy.copy(applicant)) == hash(applicant)


@pytest.mark.parametrize("name", [*ALL_FIELDS, "salary"])
def test_assignment_fails(name):
    with pytest.raises((AttributeError, TypeError)):
        setattr(Applicant(*WHO), name, "x")


WAYS = {
    "replace": lambda a: a.replace(step2_ck=999),
    "copy.replace": lambda a: a.__replace__(step2_ck=999),
    "dataclasses.replace": lambda a: dataclasses.replace(a, step2_ck=999),
    "new": lambda a: Applicant(a.specialty, a.applicant_type, 999),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_round_the_checks(way):
    with pytest.raises(RefusedInput, match="999"):
        WAYS[way](Applicant(*WHO))


def test_replace_derives_anew():
    once = Applicant(*WHO, step1_attempts=1, step2_attempts=1, yog=2020).in_cycle(2027)
    assert (once.step1_failed, once.years_since_graduation) == (False, 7.0)
    assert once.replace(step1_attempts=2).step1_failed is True
    assert once.replace(step2_attempts=None).step2_failed is None
    assert once.replace(yog=2024).in_cycle(2027).years_since_graduation == 3.0
    assert once.replace(cycle=2026).in_cycle(2027).years_since_graduation == 6.0
    with pytest.raises(TypeError):
        once.replace(salary=1)


def test_what_is_said_of_a_visa():
    words = {
        "j-1": "yes",
        "H1B": "yes",
        "green_card": "green-card",
        "U.S. citizen": "citizen",
        True: "yes",
        "0": "no",
        None: None,
        " ": None,
    }
    assert {said: visa_word(said) for said in words} == words
    assert Applicant("IM", "us-img", visa_needed="citizen").visa_needed is False


def test_the_signature_says_what_can_be_given():
    assert list(inspect.signature(Applicant).parameters) == list(ALL_FIELDS)
    assert (
        repr(Applicant("IM", "us-img", step2_ck=240))
        == "Applicant('Internal Medicine', 'us-img', step2_ck=240.0)"
    )


CYCLES = [
    ({"yog": 2020}, 2027, 7.0),
    ({"yog": 2020, "cycle": 2025}, 2027, 5.0),
    ({"yog": 2027}, 2027, 0.0),
    ({"yog": 2020, "years_since_graduation": 7}, 2027, 7.0),
    ({"years_since_graduation": 2.5}, 2027, 2.5),
    ({}, 2027, None),
]


@pytest.mark.parametrize(("values", "default", "years"), CYCLES)
def test_years_since_graduation(values, default, years):
    filled = Applicant(*WHO, **values).in_cycle(default)
    assert filled.years_since_graduation == years and filled.cycle == values.get("cycle", default)


@settings(max_examples=50)
@given(RANDOM)
def test_filling_in_the_cycle_twice_is_once(applicant):
    filled = applicant.in_cycle(2027)
    assert filled.in_cycle(2027) == filled


NOT_IN_CYCLE = [
    (
        {"yog": 2028},
        "year of graduation 2028 is after the cycle 2027; it is at the latest the year of the Match",
    ),
    (
        {"yog": 2020, "years_since_graduation": 3},
        "year of graduation 2020 and 3 years since graduation disagree in cycle 2027 (that year is 7 years "
        "ago); give one of the two",
    ),
]


@pytest.mark.parametrize(("values", "message"), NOT_IN_CYCLE)
def test_refused_in_the_cycle(values, message):
    with pytest.raises(RefusedInput) as caught:
        Applicant(*WHO, **values).in_cycle(2027)
    assert str(caught.value) == message
