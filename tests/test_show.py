"""An answer as text for a person."""

import pytest
from hypothesis import given

from matchmodel import Applicant
from matchmodel.show import factor, lines, one_in, percent, times, wrapped
from matchmodel.wording import WIDTH

from .asking import KINDS, MODEL, applicants

WORDS = [  # function, number, text
    (percent, 0.0, "<0.1%"),
    (percent, 0.00099, "<0.1%"),
    (percent, 0.001, "0.1%"),
    (percent, 0.48513, "48.5%"),
    (percent, 0.999, "99.9%"),
    (percent, 0.9991, ">99.9%"),
    (percent, 1.0, ">99.9%"),
    (times, 0.0000002, "<0.001"),
    (times, 0.00123, "0.0012"),
    (times, 0.0314, "0.031"),
    (times, 0.0949, "0.095"),
    (times, 0.95, "0.95"),
    (times, 1.0, "1.00"),
    (times, 12.345, "12.35"),
    (times, 12345.6, "12,346"),
    (factor, 1.655, "x1.66"),
    (factor, 0.031, "x0.031"),
    (one_in, 1.004, "1.0"),
    (one_in, 2.06, "2.1"),
    (one_in, 56.7, "57"),
    (one_in, 4847.4, "4,800"),
]


@pytest.mark.parametrize(("function", "number", "text"), WORDS)
def test_numbers_as_words(function, number, text):
    assert function(number) == text


def test_wrapped():
    text = wrapped("word " * 60 + "x" * 200, "  - ")
    first, *others = text.split("\n")
    assert first.startswith("  - word") and all(line.startswith("    ") for line in others)
    assert [len(line) > WIDTH for line in (first, *others)] == [False] * len(others) + [True]  # but for one long word
    assert text.replace("-", " ").split() == ["word"] * 60 + ["x" * 200]


def shown(*who, **known):
    return "\n".join(lines(MODEL.odds(Applicant(*who, **known))))


FULL = {"step2_ck": 250, "yog": 2024, "usce_months": 4, "visa_needed": True, "step1_attempts": 1, "step2_attempts": 2}
ANSWER = MODEL.odds(Applicant("IM", "non-us-img", **FULL))
SAID = {
    "who": "Internal Medicine, non-US IMG, 2027 Match (model match-2026)",
    "chance": f"  {percent(ANSWER.p_ranked)} chance of matching, given at least one ranked program",
    "range": f"80% range {percent(ANSWER.p_ranked_low)} to {percent(ANSWER.p_ranked_high)}; odds of about 1 in {one_in(ANSWER.one_in)}",
    "average": f"The average non-US IMG here: 48.5% (published, 2026); these odds are {times(ANSWER.against_average)} times that average's",
    "meaning of the bases": "measured: a Match table; evidence: the register of other studies; assumed: nobody measured it",
    "preferred": "preferred specialty",
    "not any": "not of matching anywhere",
    "association": "association",
    "score": "Step 2 CK: 250 ",
    "visa": "visa needed: yes ",
    "passed": "Step 1 ever failed: no ",
    "failed": "Step 2 CK ever failed: yes ",
    "years": "years since graduation: 3 ",
    "USCE": "months of US clinical experience: 4 ",
}


@pytest.mark.parametrize("name", SAID)
def test_said(name):
    text = "\n".join(lines(ANSWER))
    assert " ".join(SAID[name].split()) in " ".join(text.split())



def test_every_ratio_is_a_row_of_four():
    text = "\n".join(lines(ANSWER))
    rows = [line for line in text.split("\n") if line.endswith((" measured", " evidence", " assumed"))]
    assert len(rows) == len(ANSWER.likelihood_ratios) == 6
    for row, ratio in zip(rows, ANSWER.likelihood_ratios, strict=True):
        cells = [cell for cell in row.split("  ") if cell.strip()]
        assert [c.strip() for c in cells[1:]] == [factor(ratio.ratio), f"{times(ratio.low)} to {times(ratio.high)}", ratio.basis]
    assert len({row.rindex(" ") for row in rows}) == 1  # the columns stand under each other


OTHERS = [  # who, known -> what the text has
    (("IM", "non-us-img"), {}, "Nothing but specialty and type is known, so this is the average."),
    (("IM", "us-img"), {"step2_ck": 250}, "(derived); these odds are"),
    (("Dermatology", "non-us-img"), {"step2_ck": 250}, "26.5% (published 16.7%, shrunk, 2026)"),
    (("IM", "non-us-img"), {"step2_ck": 190}, "Warnings\n  - Step 2 CK 190 is under today's passing mark of 218"),
    (("IM", "non-us-img"), {"step2_ck": 300}, "that the table of Internal Medicine saw: the"),
]


@pytest.mark.parametrize(("who", "known", "text"), OTHERS)
def test_other_answers(who, known, text):
    assert " ".join(text.split()) in " ".join(shown(*who, **known).split())


def test_no_warnings_no_title():
    assert "Warnings" not in shown("IM", "non-us-img", step2_ck=250)


@given(applicants())
def test_readable_at_80_columns(applicant):
    for line in "\n".join(lines(MODEL.odds(applicant))).split("\n"):
        assert len(line) <= WIDTH and line == line.rstrip() and "e-0" not in line and "nan" not in line.split() and "None" not in line


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_answers_are_readable(kind):
    for specialty in KINDS[kind]:
        text = shown(specialty, kind, step2_ck=199, yog=1990, usce_months=120, step1_attempts=6, step2_attempts=6)
        assert max(len(line) for line in text.split("\n")) <= 100
