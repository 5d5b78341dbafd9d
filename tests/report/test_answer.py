"""An answer as text for a person."""

import pytest
from hypothesis import given, settings

from matchmodel import Applicant, Question
from matchmodel.report.answer import lines
from matchmodel.report.wording import WIDTH, factor, one_in, percent, times, wrapped

from ..model.synthetic import CHAINED, GREY, WITHHELD, model
from ..strategies import applicants_of, questions

MODEL = model()

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
    (one_in, 0.996, "1 in 1.0"),
    (one_in, 0.485, "1 in 2.1"),
    (one_in, 0.21, "1 in 5"),
    (one_in, 0.0176, "1 in 57"),
    (one_in, 0.0002063, "1 in 4,800"),
]


@pytest.mark.parametrize(("function", "number", "text"), WORDS)
def test_numbers_as_words(function, number, text):
    assert function(number) == text


def test_wrapped():
    text = wrapped("word " * 60 + "x" * 200, "  - ")
    first, *others = text.split("\n")
    assert first.startswith("  - word") and all(line.startswith("    ") for line in others)
    assert [len(line) > WIDTH for line in (first, *others)] == [False] * len(others) + [
        True
    ]  # but for one long word
    assert text.replace("-", " ").split() == ["word"] * 60 + ["x" * 200]


def shown(*who, question=None, details=False, **known):
    return "\n".join(lines(MODEL.odds(Applicant(*who, **known), question), details))


FULL = {
    "step2_ck": 250,
    "yog": 2024,
    "usce_months": 4,
    "visa_needed": True,
    "step1_attempts": 1,
    "step2_attempts": 3,
}
ASKED = Question(applications=120, target=0.3, interviews=3)
ANSWER = MODEL.odds(Applicant("IM", "non-us-img", **FULL), ASKED)
TEXT = "\n".join(lines(ANSWER))


def row(words, chance):
    return f"{words} {percent(chance.point)} {percent(chance.low)} to {percent(chance.high)}"


REQUIRED = ANSWER.required_applications
SAID = {
    "who": "Internal Medicine, non-US IMG, 2027 Match (model synthetic)",
    "if you apply": row("if you apply to 120 programs", ANSWER.p_apply),
    "if you rank": row("if you rank at least one program", ANSWER.p_ranked),
    "interviews": row("with the 3 interviews you hold", ANSWER.p_given_interviews),
    "average": f"The average non-US IMG here: {percent(ANSWER.average_apply)} if they apply to as many, "
    f"{percent(ANSWER.average_ranked)} if they rank one (published 50.0%, 2026).",
    "score": "Step 2 CK: 250 x",
    "visa": "visa needed: yes x",
    "passed": "Step 1 ever failed: no x",
    "failed": "Step 2 CK ever failed: yes x",
    "years": "years since graduation: 3 x",
    "USCE": "months of US clinical experience: 4 x",
    "numbers of applications": "Applications 20 40 80 120 160 200 all 400",
    "required": f"For a 30% chance: {REQUIRED.applications} applications (80% range {REQUIRED.low} to "
    f"{REQUIRED.high}), ${REQUIRED.fees_usd:,.0f} in fees.",
    "interviews are ranks": "contiguous ranks in the specialty",
    "takes part": "for somebody who takes part",
}


@pytest.mark.parametrize("name", SAID)
def test_said(name):
    assert " ".join(SAID[name].split()) in " ".join(TEXT.split())


def test_said_in_this_order():
    places = [" ".join(TEXT.split()).index(" ".join(words.split())) for words in SAID.values()]
    assert places[:5] == sorted(places[:5]) and max(places[5:11]) < places[11] < places[12] < places[13]


def test_details_add_bounds_and_notes():
    plain, full = TEXT, "\n".join(lines(ANSWER, True))
    assert plain.count("\n  - ") == 3
    assert full.count("\n  - ") == len(ANSWER.notes) > 6
    for words in (
        "Bound, programs at random:",
        "Bound, friendliest first:",
        "At least one interview invitation:",
        "Interviews held",
        "count as two",
    ):
        assert words in full and words not in plain
    assert f"{percent(ANSWER.p_any_invitation.point)} (" in full


def test_every_ratio_is_a_row_of_four():
    rows = [line for line in TEXT.split("\n") if line.endswith((" measured", " evidence", " assumed"))]
    assert len(rows) == len(ANSWER.likelihood_ratios) == 6
    for line, ratio in zip(rows, ANSWER.likelihood_ratios, strict=True):
        cells = [cell for cell in line.split("  ") if cell.strip()]
        assert [c.strip() for c in cells[1:]] == [
            factor(ratio.ratio),
            f"{times(ratio.low)} to {times(ratio.high)}",
            ratio.basis,
        ]
    assert len({line.rindex(" ") for line in rows}) == 1  # the columns stand under each other


OTHERS = [  # who, known, question -> what the text has
    (("IM", "non-us-img"), {}, None, "Nothing but specialty and type is known, so this is the average."),
    (("IM", "non-us-img"), {}, None, "if you apply to 89 programs (usual)"),
    (("IM", "us-img"), {"step2_ck": 250}, None, "(derived, no table)"),
    (("IM", "us-img"), {}, Question(interviews=1), "with the 1 interview you hold"),
    (("IM", "us-img"), {}, Question(target=0.99), "For a 99% chance: not reachable with all 400 listed."),
    (
        ("IM", "non-us-img"),
        {"step2_ck": 190},
        None,
        "Warnings\n  - Step 2 CK 190 is under today's passing mark of 218",
    ),
    (("IM", "non-us-img"), {"step2_ck": 300}, None, "that the table of Internal Medicine saw: the"),
    ((GREY, "us-img"), {"step2_ck": 210}, None, "about 1 in"),
    (
        (GREY, "us-img"),
        {},
        None,
        "Warnings\n  - The numbers for Dermatology, US IMGs, are unsure.\n  - The average has",
    ),
    ((WITHHELD, "us-img"), {}, None, "No number is given for Plastic Surgery (Integrated), US IMGs"),
    ((WITHHELD, "us-img"), {}, None, "Applicants in the table: only 9."),
]


@pytest.mark.parametrize(("who", "known", "question", "text"), OTHERS)
def test_other_answers(who, known, question, text):
    assert " ".join(text.split()) in " ".join(shown(*who, question=question, **known).split())


def test_no_warnings_no_title():
    assert "Warnings" not in shown("IM", "non-us-img", step2_ck=250)


def test_a_withheld_cell_shows_no_number():
    text = shown(WITHHELD, "us-img", question=ASKED, **{**FULL, "visa_needed": None})
    assert "%" not in text and "chance" not in text.lower() and len(text.split("\n")) < 8


@given(applicants_of(MODEL), questions())
@settings(deadline=None, max_examples=60)
def test_readable_at_80_columns(applicant, question):
    answer = MODEL.odds(applicant, question)
    for details in (False, True):
        for line in "\n".join(lines(answer, details)).split("\n"):
            assert (
                len(line) <= WIDTH
                and line == line.rstrip()
                and "e-0" not in line
                and "nan" not in line.split()
                and "None" not in line
            )


def test_short_without_details():
    assert len(TEXT.split("\n")) <= 32 and CHAINED in TEXT
