"""All specialties side by side: what `predict` says of each, sorted, with the weak ones marked."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from matchmodel import Applicant, NotInModel, Question, RefusedInput
from matchmodel.advice.specialties.compute import SORTS, published_of, specialties
from matchmodel.model import Model
from matchmodel.model.engine import ORDERS
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import dollars, percent
from matchmodel.specialty import canonical_specialty, short_name

from ...asking import MODEL, applicants, run
from ...model import synthetic
from ...strategies import questions

WHO = Applicant("Internal Medicine", "non-us-img", 250, yog=2024, usce_months=4, visa_needed=True)


@settings(max_examples=8, deadline=None)
@given(applicants(), questions())
def test_each_is_what_predict_says(applicant, question):
    side = specialties(MODEL, applicant, question)
    assert sorted(row.specialty for row in side.rows) == MODEL.specialties(applicant.applicant_type)
    for row in side.rows:
        assert row.answer == MODEL.odds(applicant.replace(specialty=row.specialty), question)
    made = side.to_dict()
    assert made["answer"] is None and made["answers"] == [answer.to_dict() for answer in side.answers]
    json.dumps(made, allow_nan=False)


@pytest.mark.parametrize("order", ORDERS)
def test_a_table_asks_what_it_shows_and_no_more(order):
    asked = WHO, Question(target=0.6, interviews=2), order, "applications"
    all_of_it, shown = specialties(MODEL, *asked), specialties(MODEL, *asked, whole=False)
    for details in (False, True):
        assert shown.page(details) == all_of_it.page(details)
    first = shown.rows[0].answer
    assert first.required_applications is None or order == "choose"
    assert first.chances_by_interviews is None and first.average_apply is None


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kind", MODEL.applicant_types)
def test_sorted_as_asked_with_those_without_a_number_at_the_end(sort, order, kind):
    rows = specialties(MODEL, Applicant("IM", kind, 245), Question(target=0.6), order, sort).rows
    withheld = [row.answer.withheld for row in rows]
    assert withheld == sorted(withheld) and all(row.specialty for row in rows)
    told = [row for row in rows if not row.answer.withheld]
    if sort == "name":
        assert [row.specialty for row in told] == sorted(row.specialty for row in told)
    if sort == "ranked":
        assert [row.answer.p_ranked.point for row in told] == sorted(
            (row.answer.p_ranked.point for row in told), reverse=True
        )
    if sort == "apply":
        shown = [-1.0 if row.answer.p_apply is None else row.answer.p_apply.point for row in told]
        assert shown == sorted(shown, reverse=True)
    if sort == "applications":
        needed = [row.required(order).applications for row in told if row.required(order) is not None]
        reached = [n for n in needed if n is not None]
        assert reached == sorted(reached) and None not in needed[: len(reached)]
        assert [row.required(order) is None for row in told] == sorted(
            row.required(order) is None for row in told
        )


def test_the_default_is_the_chance_if_you_apply():
    assert specialties(MODEL, WHO).sort == "apply" and specialties(MODEL, WHO).order == "choose"


def text_of(side, details=False):
    return "\n".join(terminal(side.page(details)))


def row_of(side, row):
    """Return the line of the table that tells a specialty."""
    name = short_name(row.specialty, 24)
    marks = ("?" if row.answer.trust.kind == "grey" else "") + ("*" if row.answer.extrapolated else "")
    found = [line for line in text_of(side).split("\n") if line.startswith(name + marks + "  ")]
    assert len(found) == 1, (row.specialty, found)
    return found[0]


@pytest.mark.parametrize("kind", MODEL.applicant_types)
def test_unsure_ones_are_marked_and_withheld_ones_named_with_the_reason(kind):
    side = specialties(MODEL, Applicant("IM", kind, 245))
    short, long = (" ".join(text_of(side, details).split()) for details in (False, True))
    without = short.partition("No number, ")[2]
    for row in side.rows:
        trust = row.answer.trust.kind
        if trust == "withheld":
            assert row.specialty + " (" in without
        else:
            assert row_of(side, row)
        if trust != "ok":
            assert f"- {row.specialty}: " in long
    if kind == "us-img":
        assert "No number, too few who matched or did not: Thoracic Surgery (Integrated) (0 and 19)." in short


@pytest.mark.parametrize("held", [None, 3])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("kind", MODEL.applicant_types)
def test_one_table_in_under_forty_lines_in_the_order_of_the_rows(kind, sort, held):
    who = Applicant("IM", kind, 210, step1_attempts=4, yog=2010, usce_months=0)  # with all warnings
    side = specialties(MODEL, who, Question(target=0.3, interviews=held), sort=sort)
    said = text_of(side).split("\n")
    assert len(said) < 40 and max(map(len, said)) <= 80
    places = []
    for row in (row for row in side.rows if not row.answer.withheld):
        line, a = row_of(side, row), row.answer
        places.append(said.index(line))
        shown = [a.p_apply, a.p_ranked, a.p_given_interviews]
        assert all(percent(found.point) in line for found in shown if found is not None)
        one = row.required("choose")
        if one is not None:
            assert f" {one.applications}" in line if one.reachable else " never" in line
            assert f" {a.usual.value:.0f} " in line
            if held is None and one.fees_usd is not None:
                assert line.endswith(dollars(one.fees_usd))
    assert places == sorted(places)
    chained = [row.required("choose") is not None for row in side.rows if not row.answer.withheld]
    if sort in ("apply", "applications"):
        assert chained == sorted(chained, reverse=True)


@settings(max_examples=12, deadline=None)
@given(applicants(), questions())
def test_it_fits_eighty_columns(applicant, question):
    for order in ORDERS:
        side = specialties(MODEL, applicant, question, order)
        for details in (False, True):
            text = text_of(side, details)
            assert max(map(len, text.split("\n"))) <= 80
            assert "not what a change would cause" in " ".join(text.split())


def test_notes_that_all_have_are_told_once_and_others_name_their_specialties():
    side = specialties(MODEL, WHO.replace(step2_ck=292))
    codes = [note.code for note in side.notes]
    assert len(codes) == len(set(codes)) and codes[-1] == "association" and "not_to_be_added" in codes
    named = {note.code: note.fields.get("specialties", "").split(", ") for note in side.notes}
    beyond = sorted(row.specialty for row in side.rows if row.answer.extrapolated)
    assert named["extrapolated_in"] == beyond
    for note in side.notes:
        if "specialties" not in note.fields and note.code not in ("not_to_be_added", "positions_of"):
            assert all(note in answer.notes for answer in side.answers if not answer.withheld)


def test_positions_are_as_published_and_borrowed_for_us_imgs():
    side = specialties(MODEL, Applicant("IM", "us-img"))
    printed = MODEL.record.advice["published"]["non-us-img"]["Internal Medicine"]["positions"]
    assert side.row("Internal Medicine").positions == int(printed)
    assert (
        "positions_of" in {note.code for note in side.notes}
        and published_of(MODEL, "us-img")[1] == "non-us-img"
    )


def test_a_model_without_figures_for_advice_still_answers():
    bare = Model(replace(MODEL.record, advice={}))
    side = specialties(bare, WHO)
    assert all(row.positions is None for row in side.rows) and "no_positions" in {
        note.code for note in side.notes
    }
    assert "positions: offered" not in text_of(side, True)


def test_a_small_model_with_a_grey_and_a_withheld_specialty():
    side = specialties(synthetic.model(), Applicant(synthetic.GREY, "us-img", 250))
    assert [row.specialty for row in side.rows] == [synthetic.CHAINED, synthetic.GREY, synthetic.WITHHELD]
    assert "Dermatology?" in text_of(side) and "Applicants in the table: only 9" in " ".join(
        text_of(side, True).split()
    )


def test_short_names_are_names_that_every_command_takes():
    for kind in MODEL.applicant_types:
        for name in MODEL.specialties(kind):
            assert len(short_name(name, 24)) <= 24 and canonical_specialty(short_name(name, 24)) == name


def test_json_has_predict_s_answer_for_each(capsys):
    words = [
        "--applicant-type",
        "non-us-img",
        "--step2",
        250,
        "--visa",
        "yes",
        "--target",
        0.4,
        "--interviews",
        2,
    ]
    status, out, _ = run(capsys, "specialties", *words, "--sort", "ranked", "--json")
    made = json.loads(out)
    assert status == 0
    for row, answer in zip(made["specialties"], made["answers"], strict=True):
        _, theirs, _ = run(capsys, "predict", "--specialty", row["specialty"], *words, "--json")
        assert answer == json.loads(theirs)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--applicant-type", "martian"], "unknown applicant type 'martian'"),
        (["--applicant-type", "us-img", "--visa", "yes"], "need no visa"),
        (["--applicant-type", "us-img", "--sort", "luck"], "--sort knows no 'luck'; choose from apply"),
        (
            ["--applicant-type", "us-img", "--order", "alphabet"],
            "--order knows no 'alphabet'; choose from choose",
        ),
        (["--applicant-type", "us-img", "--cycle", "2090"], "more than 10 years from the table"),
        (["--applicant-type", "us-img", "--target", "1"], "it is a chance, such as 60% or 0.6"),
        (["--applicant-type", "us-img", "--applications", "none"], "not a number"),
    ],
)
def test_it_refuses_in_one_line(words, said, capsys):
    status, out, err = run(capsys, "specialties", *words)
    assert (status, out, err.count("\n")) == (2, "", 1) and said in err


def test_the_function_refuses_too():
    with pytest.raises(RefusedInput, match="say one of apply, ranked, applications, name"):
        specialties(MODEL, WHO, sort="luck")
    with pytest.raises(RefusedInput, match="say one of choose, random, friendliest"):
        specialties(MODEL, WHO, order="alphabet")
    with pytest.raises(NotInModel, match="unknown applicant type"):
        specialties(MODEL, Applicant("IM", "martian"))
