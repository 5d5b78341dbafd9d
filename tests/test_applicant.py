"""Who asks: what is read, what is refused and in which words, and that nothing gets round the checks."""

import copy
import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, RefusedInput

from .asking import applicants

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
    ("step1_failed", "yes", True),
    ("applications", "120", 120),
    ("target", "0.5", 0.5),
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
    "Independent": "independent",
}


@pytest.mark.parametrize("written", TYPES)
def test_types(written):
    assert Applicant("IM", written).applicant_type == TYPES[written]


SCALE = "scores are on the 1 to 300 scale"
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
    ({"yog": 2028, "cycle": 2027}, "year of graduation 2028 is after the cycle 2027; it is at the latest the year of the Match"),
    ({"yog": 2024.5}, "year of graduation is 2024.5, not a whole number; give a year from 1940 on, such as 2024"),
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
    ({"visa_needed": "maybe"}, "visa needed is 'maybe'; it is yes or no (or left out where unknown)"),
    ({"visa_needed": NAN}, "visa needed is 'nan'; it is yes or no (or left out where unknown)"),
    ({"visa_needed": 2}, "visa needed is '2'; it is yes or no (or left out where unknown)"),
    ({"visa_needed": "yes.0"}, "visa needed is 'yes.0'; it is yes or no (or left out where unknown)"),
    ({"step2_failed": "twice"}, "step2_failed is 'twice'; it is yes or no (or left out where unknown)"),
    ({"step1_attempts": 2, "step1_failed": "no"}, "step1_attempts 2 and step1_failed no disagree; 2 attempts or more mean that the exam was failed at least once: give one of the two"),
    ({"step2_attempts": 1, "step2_failed": True}, "step2_attempts 1 and step2_failed yes disagree; 2 attempts or more mean that the exam was failed at least once: give one of the two"),
    ({"applicant_type": "us-img", "visa_needed": "yes"}, "visa needed is yes, but US IMGs are US citizens or permanent residents and need no visa; leave it out, or ask as non-us-img"),
    ({"applicant_type": " - "}, "applicant type is empty; say us-img or non-us-img"),
    ({"applicant_type": None}, "applicant type is None; say us-img or non-us-img"),
    ({"specialty": " "}, "the specialty is empty; give one such as 'Internal Medicine'"),
    ({"specialty": None}, "the specialty is empty; give one such as 'Internal Medicine'"),
    ({"applications": 0}, "applications is 0; it is a whole number between 1 and 5000"),
    ({"applications": 10.5}, "applications is 10.5, not a whole number; it is a whole number between 1 and 5000"),
    ({"target": 1}, "target is 1; it is a chance between 0 and 1, such as 0.5"),
    ({"target": "50%"}, "target is '50%', not a number; it is a chance between 0 and 1, such as 0.5"),
]


@pytest.mark.parametrize(("values", "message"), REFUSED, ids=[f"{k}-{next(iter(v))}" for k, (v, _) in enumerate(REFUSED)])
def test_refused_in_these_words(values, message):
    with pytest.raises(RefusedInput) as caught:
        Applicant(**{"specialty": WHO[0], "applicant_type": WHO[1], **values})
    assert str(caught.value) == message


FIELDS = [name for name in Applicant._fields if name not in ("specialty", "applicant_type")]
ANYTHING = st.text(max_size=80) | st.floats() | st.integers() | st.booleans() | st.none() | st.binary(max_size=5) | st.lists(st.integers(), max_size=2)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING), st.text() | st.just("IM"), st.text() | st.just("us-img"))
def test_anything_at_all_is_read_or_refused_in_one_line(values, specialty, kind):
    try:
        Applicant(specialty, kind, **values)
    except RefusedInput as error:
        assert len(str(error).splitlines()) == 1 and str(error).isprintable() and len(str(error)) < 400


@given(applicants())
def test_copies_are_equal(applicant):
    assert Applicant(**applicant._asdict()) == applicant
    assert Applicant(**json.loads(json.dumps(applicant._asdict()))) == applicant
    assert pickle.loads(pickle.dumps(applicant)) == copy.deepcopy(applicant) == applicant
    assert hash(copy.copy(applicant)) == hash(applicant)


@pytest.mark.parametrize("name", [*Applicant._fields, "salary"])
def test_assignment_fails(name):
    with pytest.raises(AttributeError):
        setattr(Applicant(*WHO), name, "x")


WAYS = {
    "_replace": lambda a: a._replace(step2_ck=999),
    "copy.replace": lambda a: a.__replace__(step2_ck=999),
    "_make": lambda a: type(a)._make([*a[:2], 999, *a[3:]]),
    "new": lambda a: Applicant(*a[:2], 999),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_round_the_checks(way):
    with pytest.raises(RefusedInput, match="999"):
        WAYS[way](Applicant(*WHO))


def test_replace_derives_anew():
    once = Applicant(*WHO, step1_attempts=1, step2_attempts=1, yog=2020).in_cycle(2027)
    assert (once.step1_failed, once.years_since_graduation) == (False, 7.0)
    assert once._replace(step1_attempts=2).step1_failed is True
    assert once._replace(step2_attempts=None).step2_failed is None
    assert once._replace(yog=2024).in_cycle(2027).years_since_graduation == 3.0
    assert once._replace(cycle=2026).in_cycle(2027).years_since_graduation == 6.0
    with pytest.raises(TypeError):
        once._replace(salary=1)


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
@given(applicants())
def test_filling_in_the_cycle_twice_is_once(applicant):
    filled = applicant.in_cycle(2027)
    assert filled.in_cycle(2027) == filled


NOT_IN_CYCLE = [
    ({"yog": 2028}, "year of graduation 2028 is after the cycle 2027; it is at the latest the year of the Match"),
    ({"yog": 2020, "years_since_graduation": 3}, "year of graduation 2020 and 3 years since graduation disagree in cycle 2027 (that year is 7 years ago); give one of the two"),
]


@pytest.mark.parametrize(("values", "message"), NOT_IN_CYCLE)
def test_refused_in_the_cycle(values, message):
    with pytest.raises(RefusedInput) as caught:
        Applicant(*WHO, **values).in_cycle(2027)
    assert str(caught.value) == message
