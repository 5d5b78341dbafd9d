"""The page of an applicant: its numbers are those of the other answers, and both files say the same and are safe."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from matchmodel import Applicant
from matchmodel.advice.cycles import timing
from matchmodel.advice.levers import what_if
from matchmodel.advice.page import plan
from matchmodel.advice.page_figures import (
    curve_figure,
    levers_figure,
    odds_figure,
    ratios_figure,
)
from matchmodel.advice.page_html import html
from matchmodel.advice.page_markdown import escaped, markdown
from matchmodel.advice.page_sections import Grid, Items, Section, Text, sections
from matchmodel.advice.plan_command import MARKED, lines, places
from matchmodel.advice.score_needed import target as score_needed
from matchmodel.advice.split import portfolio
from matchmodel.errors import RefusedInput
from matchmodel.model import Model
from matchmodel.wording import ASSOCIATION, percent

from ..asking import MODEL, applicants, run

WHO = Applicant("Internal Medicine", "non-us-img", 225, 2, 1, 2010, 0, True)
WORDS = ["plan", "--specialty", "IM", "--applicant-type", "non-us-img", "--step2", 225, "--step1-attempts", 2, "--step2-attempts", 1, "--yog", 2010, "--usce", 0, "--visa", "yes"]
VOID = {"meta"}
FIGURES = {"odds": odds_figure, "curve": curve_figure, "ratios": ratios_figure, "levers": levers_figure}


class Reader(HTMLParser):
    """Reads a page strictly: every tag closed in turn, the words and tags kept."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.words, self.attributes = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def page():
    return plan(MODEL, WHO)


@pytest.fixture(scope="module")
def several():
    return plan(MODEL, WHO, ["Family Medicine", "Plastic Surgery"])


def test_its_parts_are_the_other_answers(page):
    first = page.first
    chain = MODEL.odds(WHO._replace(applications=first.answer.chain.applications, target=0.5))
    assert first.answer == chain and first.answer.chain.applications == round(first.answer.chain.usual)
    assert page.levers == what_if(MODEL, WHO._replace(target=0.5))
    assert page.timing == timing(MODEL, WHO)
    assert first.score == score_needed(MODEL, WHO, 0.5)
    point = {n: p for n, p, _, _, _ in first.curve}
    for n, at_random, _ in chain.chain.table:
        assert point[n] == pytest.approx(at_random, abs=1e-9)
    assert all(low <= p <= high for _, p, low, high, _ in first.curve)
    assert [p for _, p, *_ in first.curve] == sorted(p for _, p, *_ in first.curve)
    assert len(first.flags) == 5


def test_the_portfolio_is_of_the_specialties_with_a_table_on_applications(several):
    assert several.portfolio == portfolio(MODEL, [WHO, WHO._replace(specialty="Family Medicine")])
    assert "Several specialties at once" in [section.title for section in sections(several)]
    assert any("Plastic Surgery" in text for text in several.left_out)
    assert plan(MODEL, WHO, ["Plastic Surgery"]).portfolio is None


@settings(max_examples=12, deadline=None)
@given(applicants())
def test_any_applicant_has_a_page(applicant):
    made = plan(MODEL, applicant)
    answer = MODEL.odds(applicant._replace(applications=None, target=None))
    assert (made.first.standing.p, made.first.standing.low, made.first.standing.high) == (answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high)
    reader = read(html(made))
    said = " ".join(" ".join(reader.words).split())
    assert percent(answer.p_ranked) in said and said.count(ASSOCIATION) >= 2
    assert "\n| " in markdown(made) and markdown(made).count(ASSOCIATION) >= 2
    assert all(len(line) <= 80 for part in lines(made) for line in part.split("\n"))
    json.dumps(made.as_dict(), allow_nan=False)
    for draw in FIGURES.values():
        figure = draw(made)
        assert figure is None or ElementTree.fromstring(figure).tag.endswith("svg")


def test_both_files_hold_every_section_and_cell(several):
    text, words = markdown(several), " ".join(" ".join(read(html(several)).words).split())
    for section in sections(several):
        assert section.title in words and escaped(section.title) in text
        for block in section.blocks:
            told = [block.text] if isinstance(block, Text) else block.items if isinstance(block, Items) else [cell for row in block.rows for cell in row] if isinstance(block, Grid) else []
            for cell in told:
                assert " ".join(cell.split()) in words and escaped(cell) in text


def test_the_sections_that_were_asked_for(several):
    titles = " | ".join(section.title for section in sections(several))
    for title in ("Where I stand", "odds by specialty", "Required applications", "What would move it", "This cycle", "Step 2 CK that the target", "Red flags", "calendar", "not known", "sources"):
        assert title in titles


def test_the_html_stands_alone(several):
    text = html(several)
    reader = read(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert not any(name.startswith("on") or name in ("src", "href") for name, _ in reader.attributes)
    assert "url(" not in text and "@import" not in text and "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert ("lang", "en") in reader.attributes and ("charset", "utf-8") in reader.attributes
    assert text.split("\n")[0].startswith("<!doctype html>") and "@media print" in text


def test_every_figure_has_a_title_and_a_description(several):
    text = html(several)
    figures = [ElementTree.fromstring(found) for found in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]
    assert len(figures) == 4
    for figure in figures:
        assert figure.get("role") == "img"
        labels = figure.get("aria-labelledby").split()
        told = {child.get("id"): child.text for child in figure if child.tag.endswith(("title", "desc"))}
        assert set(labels) == set(told) and all(told.values())
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_what_a_figure_draws_lies_within_it(several):
    for name, draw in FIGURES.items():
        figure = ElementTree.fromstring(draw(several))
        _, _, width, height = map(float, figure.get("viewBox").split())
        for element in figure.iter():
            for key, most in (("x", width), ("x1", width), ("x2", width), ("cx", width), ("y", height), ("y1", height), ("y2", height), ("cy", height)):
                if element.get(key) is not None:
                    assert 0 <= float(element.get(key)) <= most, (name, key)


def test_the_odds_figure_has_each_point_where_it_is(page):
    """The dot's place, read back by the ticks, is the chance."""
    figure = ElementTree.fromstring(odds_figure(page))
    ticks = {e.text: float(e.get("x")) for e in figure.iter() if e.text in ("0%", "100%")}
    dot = [e for e in figure.iter() if e.tag.endswith("circle")][-1]
    place = (float(dot.get("cx")) - ticks["0%"]) / (ticks["100%"] - ticks["0%"])
    assert place == pytest.approx(page.first.answer.p_ranked, abs=0.002)


def test_everything_is_escaped(page):
    nasty = "<script>alert('x')</script> & \"y\" | *z* `w` [l](m)"
    made = page._replace(model_name=nasty, unmeasured=(nasty,), sources=(nasty,), warnings=(nasty,), gaps=(nasty,))
    reader = read(html(made))
    assert "script" not in reader.tags and reader.words.count(nasty) >= 3
    text = markdown(made)
    assert "<script" not in text and "[l](" not in text and escaped(nasty) in text
    named = page._replace(specialties=(page.first._replace(answer=page.first.answer._replace(applicant=Named(nasty))),))
    assert "<script" not in odds_figure(named)


class Named:
    """Stands in for an applicant whose specialty has a name of its own."""

    def __init__(self, specialty):
        self.specialty = specialty


def test_a_type_without_chain_or_advice(page):
    bare = Model({**MODEL.content, "chain": None, "advice": None})
    made = plan(bare, WHO)
    assert made.first.answer.chain is None and curve_figure(made) is None and made.first.curve == ()
    assert any("applications to Internal Medicine" in text for text in made.left_out)
    read(html(made))


def test_a_part_that_cannot_be_answered_is_left_out_with_its_reason():
    made = plan(MODEL, WHO._replace(cycle=MODEL.newest_table + 10))
    assert made.timing is None and any(text.startswith("timing: ") for text in made.left_out)
    assert "timing: " in html(made)
    with pytest.raises(RefusedInput):
        plan(MODEL, WHO, gain=5)  # of a passed exam


def test_the_command_writes_both_files_and_again(tmp_path, capsys):
    place = tmp_path / "new" / "folder"
    status, out, _ = run(capsys, *WORDS, "--out", place)
    assert status == 0 and sorted(p.name for p in place.iterdir()) == ["plan.html", "plan.md"]
    made = plan(MODEL, WHO)
    assert (place / "plan.html").read_text(encoding="utf-8") == html(made) and (place / "plan.md").read_text(encoding="utf-8") == markdown(made)
    assert all(MARKED in (place / name).read_text(encoding="utf-8").split("\n")[0] for name in ("plan.html", "plan.md"))
    assert "low; 13.5% chance" in out
    assert run(capsys, *WORDS, "--out", place)[0] == 0


def test_one_file_alone(tmp_path, capsys):
    assert run(capsys, *WORDS, "--out", tmp_path / "me.html")[0] == 0
    assert [p.name for p in tmp_path.iterdir()] == ["me.html"]
    assert places("me.md") == {".md": "me.md"} and set(places(None)) == {".md", ".html"}


def test_it_writes_over_nothing_of_others(tmp_path, capsys):
    (tmp_path / "plan.html").write_text("my own page\n")
    status, out, err = run(capsys, *WORDS, "--out", tmp_path)
    assert (status, out) == (2, "") and "was not written by this command and stays as it is" in err
    assert (tmp_path / "plan.html").read_text() == "my own page\n" and not (tmp_path / "plan.md").exists()


def test_json_is_the_result_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    status, out, _ = run(capsys, *WORDS, "--json")
    assert status == 0 and list(tmp_path.iterdir()) == []
    assert json.loads(out) == json.loads(json.dumps(plan(MODEL, WHO).as_dict()))


REFUSED = {
    "twice": (["--specialty", "Internal Medicine"], "given twice"),
    "too many": (["--specialty", "FM", "--specialty", "Neurology", "--specialty", "Pediatrics"], "a page holds 1 to 3"),
    "misspelt": (["--specialty", "Famly"], "Family Medicine"),
    "gain of a passed exam": (["--gain", 5], "can't be taken again"),
    "taken": (["--step2-taken", "perhaps"], "it is yes or no"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_in_one_line(name, tmp_path, capsys):
    words, said = REFUSED[name]
    status, out, err = run(capsys, *WORDS, *words, "--out", tmp_path)
    assert (status, out, err.count("\n")) == (2, "", 1) and said in err
    assert list(tmp_path.iterdir()) == []


def test_sections_are_sections(several):
    assert all(isinstance(section, Section) and section.blocks for section in sections(several))
