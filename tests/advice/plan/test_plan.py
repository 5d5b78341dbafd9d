"""The page of an applicant: its numbers are those of the other answers, and every file says the same and is
safe.
"""

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, Question, RefusedInput
from matchmodel.advice.plan.compute import plan
from matchmodel.advice.plan.figures import curve_figure, levers_figure, odds_figure, ratios_figure
from matchmodel.advice.plan.files import MARKED, MARKS, lines, places
from matchmodel.advice.plan.sections import page
from matchmodel.advice.portfolio.compute import portfolio
from matchmodel.advice.target.compute import target
from matchmodel.advice.timing.compute import timing
from matchmodel.advice.what_if.compute import what_if
from matchmodel.report.blocks import Grid, Items, Text, for_markdown, html, markdown, terminal
from matchmodel.report.wording import ASSOCIATION, percent

from ...asking import KINDS, MODEL, applicants, run
from ...model import synthetic
from ...strategies import questions
from .test_blocks import read

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
FIGURES = (odds_figure, curve_figure, ratios_figure, levers_figure)
CHAINLESS = "Plastic Surgery (Integrated)"
UNREADABLE = re.compile(
    r"(?<![A-Za-z])(nan|NaN|inf|Infinity|null|None(?! of ))(?![A-Za-z])"
    r"|\d[eE]-\d\d|(?<![\d.])-0(\.0+)?(?![\d.])"
)


@pytest.fixture(scope="module")
def one():
    return plan(MODEL, WHO)


@pytest.fixture(scope="module")
def several():
    return plan(MODEL, BETTER, Question(interviews=3), ["Family Medicine", CHAINLESS])


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
    assert made.timing.applications == 40 and made.levers == what_if(MODEL, WHO, asked) and made.target == 0.3


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_any_applicant_has_a_page(data):
    who, asked = data.draw(applicants()), data.draw(questions())
    who = who.replace(usce_months=None if who.usce_months is None else round(who.usce_months, 1))
    others = [name for name in KINDS[who.applicant_type] if name != who.specialty]
    backups = data.draw(st.lists(st.sampled_from(others), max_size=2, unique=True))
    made = plan(MODEL, who, asked, backups)
    json.dumps(made.to_dict(), allow_nan=False)
    answer, drawn = made.first.answer, page(made)
    assert answer == MODEL.odds(who, asked)
    reader = read(html(drawn, MARKS[".html"]))
    said = " ".join(" ".join(reader.words).split())
    assert answer.withheld or percent(answer.p_ranked.point) in said
    assert said.count(ASSOCIATION) >= 2 and markdown(drawn, MARKS[".md"]).count(ASSOCIATION) >= 2
    for line in (*"\n".join(terminal(drawn)).split("\n"), *"\n".join(lines(made)).split("\n")):
        assert len(line) <= 80 and UNREADABLE.search(line) is None, line
    for draw in FIGURES:
        figure = draw(made)
        assert figure is None or ElementTree.fromstring(figure).tag.endswith("svg")


def test_every_file_holds_every_section_and_cell(several):
    drawn = page(several)
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
            for cell in told:
                assert " ".join(cell.split()) in words and for_markdown(cell) in text


TITLES = (
    "Where I stand",
    "The odds by specialty",
    "Required applications and cost",
    "What would move it",
    "This cycle or the next",
    "The Step 2 CK that the target takes",
    "Several specialties at once",
    "Red flags",
    "A calendar",
    "What is not known",
    "Notes, basis and sources",
)


def test_the_sections_that_are_promised(several):
    titles = [section.title for section in page(several).sections]
    assert titles[0] == "Warnings" and all(
        title.startswith(wanted) for title, wanted in zip(titles[1:], TITLES, strict=True)
    )


def test_it_is_short_and_says_no_option_of_the_command_line(one, several):
    for made, most in ((one, 1700), (several, 2100)):
        text = " ".join("\n".join(terminal(page(made))).split())
        assert len(text.split()) < most and not re.search(r"(?<!\w)--[a-z]", text)


def test_nothing_under_an_even_chance_is_called_strong(several):
    assert (several.first.standing, several.specialties[2].standing) == ("borderline", "not known")
    rows = (
        next(section for section in page(several).sections if section.title == "Where I stand").blocks[0].rows
    )
    assert all(word != "strong" or float(chance.split("%")[0].lstrip(">")) >= 50 for _, word, chance in rows)


def test_the_html_stands_alone(several):
    text = html(page(several), MARKS[".html"])
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
    assert len(ids) == len(set(ids)) == 8  # a title and a description of each figure


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
    assert made.first.standing == "not known" and "no number is given" in said and "Warnings" in said
    assert (
        plan(MODEL, Applicant(name, kind, 250), backups=["Internal Medicine"]).specialties[1].answer.p_apply
        is not None
    )


def test_a_model_without_figures_for_advice_and_a_specialty_without_a_chain():
    made = plan(synthetic.model(), Applicant(synthetic.GREY, "non-us-img", 240, usce_months=0))
    assert curve_figure(made) is None and [note.code for note in made.left_out] == ["no_applications_to"]
    read(html(page(made), MARKS[".html"]))
    assert "Not scored" in "\n".join(terminal(page(made)))


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
    assert "This cycle or the next: " in " ".join("\n".join(terminal(page(made))).split())
    with pytest.raises(RefusedInput):
        plan(MODEL, WHO, gain=5)  # of a passed exam


def test_the_command_writes_both_files_and_again(tmp_path, capsys, one):
    place = tmp_path / "new" / "folder"
    status, out, _ = run(capsys, "plan", *WORDS, "--out", place)
    assert status == 0 and sorted(p.name for p in place.iterdir()) == ["plan.html", "plan.md"]
    drawn = page(one)
    assert (place / "plan.html").read_text(encoding="utf-8") == html(drawn, MARKS[".html"])
    assert (place / "plan.md").read_text(encoding="utf-8") == markdown(drawn, MARKS[".md"])
    assert all(
        MARKED in (place / name).read_text(encoding="utf-8").split("\n")[0]
        for name in ("plan.html", "plan.md")
    )
    assert "Internal Medicine: low; " in out
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
        "a page holds 1 to 3",
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
