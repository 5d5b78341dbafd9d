"""The page of an applicant: its numbers are those of the other answers, and every file says the same and is
safe.
"""

import json
import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, Question, RefusedInput
from matchmodel.advice.plan.compute import plan
from matchmodel.advice.plan.figures import curve_figure, odds_figure
from matchmodel.advice.plan.files import MARKED, MARKS, places, written
from matchmodel.advice.plan.sections import page
from matchmodel.advice.portfolio.compute import portfolio
from matchmodel.advice.target.compute import target
from matchmodel.advice.timing.compute import timing
from matchmodel.advice.what_if.compute import what_if
from matchmodel.report.blocks import Grid, Items, Text, parts
from matchmodel.report.drawing import SIZE, WIDTH
from matchmodel.report.html import html
from matchmodel.report.markdown import for_markdown, markdown
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import ASSOCIATION, one_in, percent

from ...asking import KINDS, MODEL, applicants, run
from ...model import synthetic
from ...report.test_blocks import read
from ...strategies import questions

WHO = Applicant("Internal Medicine", "non-us-img", 225, 2, 1, 2010, 0, True)
BETTER = WHO.replace(step2_ck=250, yog=2024, step1_attempts=1)
WORDS = [
    "--specialty",
    "IM",
    "--applicant-type",
    "non-us-img",
    "--step2",
    225,
    "--step1-attempts",
    2,
    "--step2-attempts",
    1,
    "--yog",
    2010,
    "--usce",
    0,
    "--visa",
    "yes",
]
FIGURES = (odds_figure, curve_figure)
TODAY = date(2026, 8, 15)
CHAINLESS = "Plastic Surgery (Integrated)"
UNREADABLE = re.compile(
    r"(?<![A-Za-z])(nan|NaN|inf|Infinity|null|None(?! of ))(?![A-Za-z])"
    r"|\d[eE]-\d\d|(?<![\d.])-0(\.0+)?(?![\d.])"
)


@pytest.fixture(scope="module")
def one():
    return plan(MODEL, WHO, today=TODAY)


@pytest.fixture(scope="module")
def several():
    return plan(MODEL, BETTER, Question(interviews=3), ["Family Medicine", CHAINLESS], today=TODAY)


def test_its_parts_are_the_other_answers(one):
    first = one.first
    assert first.answer == MODEL.odds(WHO)
    assert one.levers == what_if(MODEL, WHO) and one.timing == timing(MODEL, WHO)
    assert first.target == target(MODEL, WHO) and first.score == first.target.scores[0]
    assert [flag.covariate for flag in first.flags] == [
        "step1_failed",
        "years_since_graduation",
        "usce_months",
        "visa_needed",
        "step2_ck",
    ]


def test_the_portfolio_is_of_the_specialties_with_figures_on_applications(several):
    assert several.portfolio == portfolio(MODEL, BETTER, ["Family Medicine"], Question(interviews=3))
    assert [note.code for note in several.left_out] == ["no_applications_to"]
    assert plan(MODEL, WHO, backups=[CHAINLESS]).portfolio is None


def test_a_question_is_asked_of_every_part():
    asked = Question(applications=40, target=0.3, interviews=2)
    made = plan(MODEL, WHO, asked, ["Family Medicine"])
    for part in made.specialties:
        assert part.answer == MODEL.odds(WHO.replace(specialty=part.name), asked)
        assert part.target == target(MODEL, WHO.replace(specialty=part.name), asked)
    assert (
        made.timing.applications == 40
        and made.levers == what_if(MODEL, WHO, asked, None, ["Family Medicine"])
        and made.target == 0.3
    )


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_any_applicant_has_a_page(data):
    who, asked = data.draw(applicants()), data.draw(questions())
    who = who.replace(usce_months=None if who.usce_months is None else round(who.usce_months, 1))
    others = [name for name in KINDS[who.applicant_type] if name != who.specialty]
    backups = data.draw(st.lists(st.sampled_from(others), max_size=2, unique=True))
    made = plan(MODEL, who, asked, backups)
    json.dumps(made.to_dict(), allow_nan=False)
    answer, drawn = made.first.answer, page(made, True)
    assert answer == MODEL.odds(who, asked)
    reader = read(html(drawn, MARKS[".html"]))
    said = " ".join(" ".join(reader.words).split())
    assert answer.withheld or percent(answer.p_ranked.point) in said
    assert said.count(ASSOCIATION) >= 2 and markdown(drawn, MARKS[".md"]).count(ASSOCIATION) >= 2
    for line in "\n".join(terminal(drawn)).split("\n"):
        assert len(line) <= 80 and UNREADABLE.search(line) is None, line
    for draw in FIGURES:
        figure = draw(made)
        assert figure is None or ElementTree.fromstring(figure).tag.endswith("svg")


def test_every_file_holds_every_section_and_cell(several):
    drawn = page(several, True)
    text = markdown(drawn, "")
    words = " ".join(" ".join(read(html(drawn, MARKS[".html"])).words).split())
    for section in drawn.sections:
        assert section.title in words and for_markdown(section.title) in text
        for block in section.blocks:
            cells = [cell for row in block.rows for cell in row] if isinstance(block, Grid) else []
            told = (
                [block.text]
                if isinstance(block, Text)
                else block.items
                if isinstance(block, Items)
                else cells
            )
            for words_of in told:
                for cell in parts(words_of):
                    assert " ".join(cell.split()) in words and for_markdown(cell) in text


FIRST = ("Your chance", "Three things to do", "Cost", "Next date", "What would change this answer")
FOLDED = (
    "The odds by specialty",
    "Required applications",
    "What would move it",
    "This cycle or the next",
    "Several specialties at once",
    "Red flags",
    "A calendar",
    "What is not known",
    "Notes and sources",
)


def test_one_page_first_then_folded_details(several):
    sections = page(several, True).sections
    assert tuple(section.title for section in sections if not section.folded) == FIRST
    folded = [section.title for section in sections if section.folded]
    assert all(title.startswith(wanted) for title, wanted in zip(folded, FOLDED, strict=True))
    assert [section.folded for section in sections] == sorted(section.folded for section in sections)
    assert page(several).sections == sections[: len(FIRST)]


def words_of(made, details=False):
    return " ".join("\n".join(terminal(page(made, details))).split())


def test_it_is_short_and_says_no_option_of_the_command_line(one, several):
    """The first page fits a sheet and two telephone screens; all of it, three sheets more."""
    for made in (one, several):
        assert len(words_of(made).split()) < 350 and len(words_of(made, True).split()) < 2000
        assert not re.search(r"(?<!\w)--[a-z]", words_of(made, True))


def test_the_first_page_says_the_numbers_of_the_other_answers(one, several):
    said = words_of(one)
    chance = one.first.answer.p_apply.point
    assert (
        f"About {one_in(chance)} applicants like you who apply to 88 programs match: {percent(chance)}"
        in said
    )
    assert f"Apply to {88 + 40} programs, 40 more" in said and "rules on failed attempts" in said
    fees = one.first.answer.fees
    assert f"${fees.applications_usd + sum(usd for _, usd in fees.fixed):,.0f} in the fees of" in said
    assert "Late September 2026: applications are sent to programs" in said
    said = words_of(several)
    held = several.first.answer.p_given_interviews.point
    assert said.index(f"{one_in(held)} applicants like you who hold 3 interviews") < said.index(
        "who apply to"
    )
    backup = next(lever for lever in several.levers.levers if lever.kind == "backup")
    assert f"Apply to {backup.name.fields['applications']} programs of Family Medicine too" in said
    assert f"3: {percent(several.first.answer.chances_by_interviews[2].point)}" in said


def test_no_word_calls_a_chance_strong_or_low(one, several):
    for made in (one, several):
        assert not re.search(r"\b(strong|borderline)\b", words_of(made, True), re.I)
    assert one.to_dict()["specialties"][0]["standing"] == one_in(one.first.answer.p_apply.point)


def test_an_unsure_number_says_so():
    said = words_of(plan(MODEL, Applicant("Dermatology", "non-us-img", 250)))
    assert "Unsure: about" in said and "5 matched and 25 did not" in said and "None" not in said


def test_a_passed_exam_gets_no_score_to_reach():
    titles = {}
    for taken in (None, False):
        made = page(plan(MODEL, BETTER, step2_taken=taken), True)
        titles[taken] = {section.title for section in made.sections}
    assert titles[False] - titles[None] == {"The Step 2 CK that the target takes"}


def test_letters_of_a_figure_are_12_pixels_at_390(one):
    """A page of 390 pixels has edges of 16 on both sides."""
    assert SIZE * (390 - 2 * 16) / WIDTH >= 12


@pytest.mark.parametrize("today", [date(2027, 12, 1), date(2020, 1, 1)])
def test_the_next_date_goes_by_the_day(today):
    made = plan(MODEL, WHO, today=today)
    over = today.year == 2027
    assert (made.next is None) == over and (made.to_dict()["next_date"] is None) == over
    assert ("The 2027 cycle is over." if over else "June 2026: ERAS opens") in words_of(made)


def test_the_html_stands_alone(several):
    text = html(page(several, True), MARKS[".html"])
    reader = read(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert not any(name.startswith("on") or name in ("src", "href") for name, _ in reader.attributes)
    assert (
        "url(" not in text
        and "@import" not in text
        and "http" not in text.replace("http://www.w3.org/2000/svg", "")
    )
    assert ("lang", "en") in reader.attributes and ("charset", "utf-8") in reader.attributes
    assert text.split("\n")[0].startswith("<!doctype html>") and "@media print" in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids)) == 4  # a title and a description of each figure


def test_words_of_a_figure_do_not_run_into_one_another(several):
    """Two texts of one line: where one ends and the next begins, a letter being 0.53 of its size."""
    for draw in FIGURES:
        by_line = {}
        for text in ElementTree.fromstring(draw(several)).iter("{http://www.w3.org/2000/svg}text"):
            by_line.setdefault(text.get("y"), []).append(text)
        for line in by_line.values():
            ends = [t for t in line if t.get("text-anchor") != "middle"]
            if len(ends) == 2:
                left, right = sorted(ends, key=lambda t: float(t.get("x")))
                wide = [0.53 * 12.5 * len(t.text) for t in (left, right)]
                assert float(left.get("x")) + wide[0] <= float(right.get("x")) - wide[1], (
                    left.text,
                    right.text,
                )


def test_without_a_number_the_page_says_why():
    kind, name = next(
        (k, s) for k in MODEL.applicant_types for s in MODEL.specialties(k) if MODEL.withheld(k, s)
    )
    made = plan(MODEL, Applicant(name, kind, 250))
    said = " ".join("\n".join(terminal(page(made))).split())
    assert made.to_dict()["specialties"][0]["standing"] == "not known"
    assert "%" not in said.split("Next date")[0].replace("80% ranges", "")
    assert "No number is given" in said and "too few figures" in said
    assert (
        plan(MODEL, Applicant(name, kind, 250), backups=["Internal Medicine"]).specialties[1].answer.p_apply
        is not None
    )


def test_a_model_without_figures_for_advice_and_a_specialty_without_a_chain():
    made = plan(synthetic.model(), Applicant(synthetic.GREY, "non-us-img", 240, usce_months=0))
    assert curve_figure(made) is None and [note.code for note in made.left_out] == ["no_applications_to"]
    read(html(page(made, True), MARKS[".html"]))
    assert "What would move it" in "\n".join(terminal(page(made, True)))


def test_a_guessed_number_of_applications_is_no_budget():
    names = ["Pathology", "Obstetrics and Gynecology"]
    made = plan(MODEL, WHO.replace(specialty=names[0]), backups=names[1:])
    assert made.portfolio is None and [note.code for note in made.left_out] == ["no_usual_numbers"]
    assert "--" not in words_of(made, True) and "nobody has counted" in words_of(made, True)
    given = plan(MODEL, WHO.replace(specialty=names[0]), Question(applications=90), names[1:])
    assert given.portfolio is not None


def test_a_part_that_cannot_be_answered_is_left_out_with_its_reason():
    made = plan(MODEL, WHO.replace(cycle=MODEL.newest_table + 10))
    assert made.timing is None and [note.code for note in made.left_out] == ["part_refused"]
    assert "This cycle or the next: " in " ".join("\n".join(terminal(page(made, True))).split())
    with pytest.raises(RefusedInput):
        plan(MODEL, WHO, gain=5)  # of a passed exam


def test_the_command_writes_both_files_and_again(tmp_path, capsys, one):
    place = tmp_path / "new" / "folder"
    status, out, _ = run(capsys, "plan", *WORDS, "--out", place)
    assert status == 0 and sorted(p.name for p in place.iterdir()) == ["plan.html", "plan.md"]
    drawn = page(plan(MODEL, WHO), True)
    assert (place / "plan.html").read_text(encoding="utf-8") == html(drawn, MARKS[".html"])
    assert (place / "plan.md").read_text(encoding="utf-8") == markdown(drawn, MARKS[".md"])
    assert all(
        MARKED in (place / name).read_text(encoding="utf-8").split("\n")[0]
        for name in ("plan.html", "plan.md")
    )

    paths = [str(place / name) for name in ("plan.md", "plan.html")]
    assert out == "\n".join(terminal(written(plan(MODEL, WHO), paths))) + "\n" and paths[1] in out
    assert run(capsys, "plan", *WORDS, "--out", place)[0] == 0


def test_one_file_alone(tmp_path, capsys):
    assert run(capsys, "plan", *WORDS, "--out", tmp_path / "me.html")[0] == 0
    assert [p.name for p in tmp_path.iterdir()] == ["me.html"]
    assert places("me.md") == {".md": "me.md"} and set(places(None)) == {".md", ".html"}


def test_it_writes_over_nothing_of_others(tmp_path, capsys):
    (tmp_path / "plan.html").write_text("my own page\n")
    status, out, err = run(capsys, "plan", *WORDS, "--out", tmp_path)
    assert (status, out) == (2, "") and "was not written by this command and stays as it is" in err
    assert (tmp_path / "plan.html").read_text() == "my own page\n" and not (tmp_path / "plan.md").exists()


@pytest.mark.parametrize("more", [[], ["--specialty", "FM", "--interviews", "4", "--target", "0.4"]])
def test_json_has_predict_s_answer_and_writes_nothing(tmp_path, monkeypatch, capsys, more):
    monkeypatch.chdir(tmp_path)
    status, out, _ = run(capsys, "plan", *WORDS, *more, "--json")
    assert status == 0 and list(tmp_path.iterdir()) == []
    made = json.loads(out)
    _, theirs, _ = run(capsys, "predict", *WORDS, *more, "--json")
    theirs = json.loads(theirs)
    answers = theirs if isinstance(theirs, list) else [theirs]
    assert made["answer"] == answers[0] and [part["answer"] for part in made["specialties"]] == answers
    assert made["what_if"]["answer"] == made["timing"]["answer"] == answers[0]


REFUSED = {
    "twice": (["--specialty", "Internal Medicine"], "given twice"),
    "too many": (
        ["--specialty", "FM", "--specialty", "Neurology", "--specialty", "Pediatrics"],
        "give 1 to 3",
    ),
    "misspelt": (["--specialty", "Famly"], "Family Medicine"),
    "gain of a passed exam": (["--gain", 5], "cannot be taken again"),
    "taken": (["--step2-taken", "perhaps"], "it is yes or no"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_in_one_line(name, tmp_path, capsys):
    words, said = REFUSED[name]
    status, out, err = run(capsys, "plan", *WORDS, *words, "--out", tmp_path)
    assert (status, out, err.count("\n")) == (2, "", 1) and said in err
    assert list(tmp_path.iterdir()) == []
