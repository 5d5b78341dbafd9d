"""An answer as text for a person."""

import pytest
from hypothesis import given, settings

from matchmodel import Applicant, Question
from matchmodel.model.notes import text
from matchmodel.report.answer import page, several
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import WIDTH, bar, factor, one_in, percent, span, times, wrapped

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
    (one_in, 0.996, "19 in 20"),
    (one_in, 0.88, "9 in 10"),
    (one_in, 0.485, "1 in 2"),
    (one_in, 0.41, "2 in 5"),
    (one_in, 0.345, "1 in 3"),
    (one_in, 0.21, "1 in 5"),
    (bar, 0.0, ".........."),
    (bar, 0.26, "###......."),
    (bar, 0.97, "##########"),
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


def said(answer, details=False):
    return "\n".join(terminal(page(answer, details)))


def shown(*who, question=None, **known):
    return said(MODEL.odds(Applicant(*who, **known), question))


def flat(text):
    return " ".join(text.split())


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
TEXT = said(ANSWER)


def row(words, chance, average):
    end = "" if average is None else percent(average)
    return f"{words} {percent(chance.point)} {span(chance)} {bar(chance.point)} {end}".rstrip()


REQUIRED = ANSWER.required_applications
SAID = {  # in the order in which it is said
    "who": "Internal Medicine, non-US IMG, 2027 Match (model synthetic)",
    "in words": f"About {one_in(ANSWER.p_apply.point)} applicants like you who apply to 120 programs match.",
    "if you apply": row("if you apply to 120 programs", ANSWER.p_apply, ANSWER.average_apply),
    "if you rank": row("if you rank at least one program", ANSWER.p_ranked, ANSWER.average_ranked),
    "interviews": row("with the 3 interviews you hold", ANSWER.p_given_interviews, None),
    "factors": "What helps (+) and hurts (-)",
    "numbers of applications": "Programs applied to 80 120 160 all 400",
    "required": f"For a 30% chance: {REQUIRED.applications} applications (80% range {REQUIRED.low} to "
    f"{REQUIRED.high}), ${REQUIRED.fees_usd:,.0f} in fees.",
    "attempts": "- 3 attempts at Step 2 CK count as 2: data tell only whether it was ever failed.",
    "scope": "An association, not a cause",
    "next": "Next: what-if",
}


def test_said_in_this_order():
    places = [flat(TEXT).index(flat(words)) for words in SAID.values()]
    assert places == sorted(places)


def test_short_without_details():
    """Everything known, interviews held: under 25 lines, and each of at most 80 columns."""
    assert len(TEXT.split("\n")) < 25 and CHAINED in TEXT


def test_factors_are_sorted_each_with_how_well_it_is_known():
    rows = [line for line in TEXT.split("\n") if line[:3] in ("+  ", "-  ", "?  ")]
    ratios = sorted(ANSWER.likelihood_ratios, key=lambda r: -r.ratio)
    assert len(rows) == len(ratios) == 6
    for line, r in zip(rows, ratios, strict=True):
        unclear = r.low <= 1 <= r.high
        mark = "?" if unclear else "+" if r.ratio > 1 else "-"
        known_how = f"{r.basis}, unclear" if unclear else r.basis
        assert line[0] == mark and r.label in line
        assert flat(line).endswith(f"{factor(r.ratio)} {times(r.low)} to {times(r.high)} {known_how}")


def test_dollars_stand_under_the_numbers():
    chances, fees = (
        flat(next(x for x in TEXT.split("\n") if x.startswith(w))) for w in ("chance of", "fees")
    )
    some = [at for at in ANSWER.chances_by_applications if at.applications in (80, 120, 160, 400)]
    assert chances == "chance of matching " + " ".join(percent(at.chance.point) for at in some)
    assert fees == "fees " + " ".join(f"${at.fees_usd:,.0f}" for at in some)


def test_details_add_bounds_sources_and_all_notes():
    full = said(ANSWER, True)
    for words in (
        "Bound, programs at random:",
        "Bound, friendliest first:",
        "At least one interview invitation:",
        "Interviews held",
        "Sources",
        f"Published average of those who rank: {percent(ANSWER.published_rate)}",
    ):
        assert words in full and words not in TEXT
    assert all(flat(text(note)) in flat(full) for note in ANSWER.notes)
    assert f"{percent(ANSWER.p_any_invitation.point)} (" in full


OTHERS = [  # who, known, question -> what the text has
    (("IM", "non-us-img"), {}, None, "Nothing else is known, so this is the average."),
    (("IM", "non-us-img"), {}, None, "if you apply to 89 programs (usual)"),
    (("IM", "us-img"), {}, Question(interviews=1), "with the 1 interview you hold"),
    (("IM", "us-img"), {}, Question(target=0.99), "For a 99% chance: not reachable with all 400 listed."),
    (("IM", "non-us-img"), {"step2_ck": 190}, None, "- Step 2 CK 190 is below today's passing mark of 218"),
    (("IM", "non-us-img"), {"step2_ck": 300}, None, "- Step 2 CK 300 is outside the table's scores"),
    (("IM", "non-us-img"), {"cycle": 2029}, None, "- The 2026 table answers for 2029: the same level"),
    ((GREY, "us-img"), {"step2_ck": 210}, None, "Unsure: about 1 in"),
    ((GREY, "us-img"), {}, None, "- The numbers for Dermatology, US IMGs, are unsure."),
    ((GREY, "us-img"), {}, None, "??"),
    ((WITHHELD, "us-img"), {}, None, "No number is given for Plastic Surgery (Integrated), US IMGs"),
    ((WITHHELD, "us-img"), {}, None, "Applicants in the table: only 9."),
]


@pytest.mark.parametrize(("who", "known", "question", "text"), OTHERS)
def test_other_answers(who, known, question, text):
    assert flat(text) in flat(shown(*who, question=question, **known))


def test_the_next_year_is_told_only_where_another_is_asked():
    assert "table answers for" not in shown("IM", "non-us-img", cycle=2027)


def test_a_withheld_cell_shows_no_number():
    text = shown(WITHHELD, "us-img", question=ASKED, **{**FULL, "visa_needed": None})
    assert "%" not in text and "chance" not in text.lower() and len(text.split("\n")) < 8


def test_several_specialties_are_one_table():
    answers = [MODEL.odds(Applicant(name, "us-img", step2_ck=250)) for name in ("IM", GREY, WITHHELD)]
    lines = "\n".join(terminal(several(answers))).split("\n")
    rows = [line for line in lines if line.startswith(("Internal Med", "Dermatology?", "Plastic"))]
    assert len(rows) == 3 and "no number" in rows[2] and max(map(len, lines)) <= WIDTH
    assert f"{percent(answers[0].p_apply.point)} (" in rows[0] and "must not be added up" in flat(
        " ".join(lines)
    )


def test_medians_of_what_is_in_no_odds():
    assert not ANSWER.medians and "not in the odds" not in said(ANSWER, True)  # the synthetic table has none


@given(applicants_of(MODEL), questions())
@settings(deadline=None, max_examples=60)
def test_readable_at_80_columns(applicant, question):
    answer = MODEL.odds(applicant, question)
    for details in (False, True):
        for line in said(answer, details).split("\n"):
            assert (
                len(line) <= WIDTH
                and line == line.rstrip()
                and "e-0" not in line
                and "nan" not in line.split()
                and "None" not in line
            )
