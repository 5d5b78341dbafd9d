"""What is asked: what is read, and what is refused in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmodel import Question, RefusedInput
from matchmodel.question import FIELDS

from .strategies import questions

READ = [
    ("applications", "120", 120),
    ("applications", 5000, 5000),
    ("applications", "", None),
    ("target", "0.5", 0.5),
    ("target", "50%", 0.5),
    ("target", " 7.5 % ", 0.075),
    ("target", "60", 0.6),
    ("target", 60, 0.6),
    ("target", None, None),
    ("interviews", "0", 0),
    ("interviews", 60.0, 60),
]


@pytest.mark.parametrize(("name", "value", "read"), READ)
def test_read(name, value, read):
    found = getattr(Question(**{name: value}), name)
    assert found == read and type(found) is type(read)


WHOLE, CHANCE, HELD = (
    "it is a whole number between 1 and 5000",
    "it is a chance, such as 60% or 0.6",
    "it is a whole number between 0 and 60",
)
REFUSED = [
    ("applications", 0, f"applications is 0; {WHOLE}"),
    ("applications", 10.5, f"applications is 10.5, not a whole number; {WHOLE}"),
    ("applications", 5001, f"applications is 5001; {WHOLE}"),
    ("target", 1, f"target is 1; {CHANCE}"),
    ("target", 0, f"target is 0; {CHANCE}"),
    ("target", 160, f"target is 160; {CHANCE}"),
    ("target", "100%", f"target is 100%; {CHANCE}"),
    ("target", "half", f"target is 'half', not a number; {CHANCE}"),
    ("target", "%", f"target is '%', not a number; {CHANCE}"),
    ("interviews", -1, f"interviews is -1; {HELD}"),
    ("interviews", 61, f"interviews is 61; {HELD}"),
    ("interviews", "three", f"interviews is 'three', not a number; {HELD}"),
]


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_refused_in_these_words(name, value, message):
    with pytest.raises(RefusedInput) as caught:
        Question(**{name: value})
    assert str(caught.value) == message


@given(questions())
def test_copies_are_checked_again(question):
    assert question.replace() == question == Question(*(getattr(question, name) for name in FIELDS))
    with pytest.raises(RefusedInput):
        question.replace(interviews=99)
    with pytest.raises((AttributeError, TypeError)):
        question.target = 0.3


@given(st.text() | st.floats() | st.integers() | st.binary() | st.booleans(), st.sampled_from(FIELDS))
def test_anything_at_all_is_read_or_refused_in_one_line(value, name):
    try:
        Question(**{name: value})
    except RefusedInput as error:
        assert len(str(error).splitlines()) == 1 and len(str(error)) < 200
