"""Sections of plain blocks are written out whole and safe: to the terminal, as Markdown and as HTML."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmodel.report.blocks import Grid, Items, Page, Picture, Section, Text
from matchmodel.report.html import html
from matchmodel.report.markdown import for_markdown, markdown
from matchmodel.report.terminal import terminal

NASTY = "<script>alert('x')</script> & \"y\" | *z* `w` [l](m)"
VOID = {"meta"}


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
    """Return a `Reader` of a page."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def page(*blocks, title="A title"):
    return Page(title, (Section("A section", blocks),), "About.", "A rule.")


def test_everything_is_escaped():
    made = page(Text(NASTY), Items((NASTY,)), Grid((NASTY,), ((NASTY,),)), title=NASTY)
    reader = read(html(made, "<!doctype html>"))
    assert "script" not in reader.tags and reader.words.count(NASTY) >= 5
    said = markdown(made, "<!-- -->")
    assert "<script" not in said and "[l](" not in said and for_markdown(NASTY) in said


@given(st.text(max_size=200))
def test_any_text_is_safe(text):
    made = page(Text(text), Grid(("a", "b"), ((text, text),)))
    reader = read(html(made, "<!doctype html>"))
    assert not {"script", "img", "a"} & set(reader.tags)
    assert "<" not in markdown(made, "").replace("<br>", "")


def test_a_cell_says_the_name_of_its_column_for_a_narrow_screen():
    reader = read(html(page(Grid(("first", "second"), (("a", "b"),))), "<!doctype html>"))
    assert [value for name, value in reader.attributes if name == "data-head"] == ["first", "second"]


def test_a_table_that_is_too_wide_for_the_terminal_is_a_paragraph_per_row():
    narrow, wide = Grid(("a", "b"), (("x", "y"),)), Grid(("a", "b", "c"), (("x", "y" * 50, "z" * 50),))
    said = "\n".join(terminal(page(narrow, wide)))
    assert "  a  b\n  x  y" in said and "- x: b " in said
    assert max(map(len, said.split("\n"))) <= 80


@pytest.mark.parametrize(
    "block",
    [
        Text("some words"),
        Items(("one", "two")),
        Grid(("a",), (("x",),)),
        Picture("<svg></svg>", "what it shows"),
    ],
)
def test_every_block_is_written_by_every_writer(block):
    made = page(block)
    for said in ("\n".join(terminal(made)), markdown(made, ""), html(made, "")):
        assert "A section" in said
        words = {Text: ["some words"], Items: ["one", "two"], Grid: ["x"], Picture: ["what it shows"]}[
            type(block)
        ]
        if not (
            isinstance(block, Picture) and said.startswith("A title")
        ):  # the terminal has its numbers in tables
            assert all(word in said for word in words)


def test_folded_sections_are_folded_on_a_screen_and_whole_elsewhere():
    """One list of folded ones, which paper begins on a sheet of its own and shows open."""
    sections = tuple(
        Section(name, (Text(f"words of {name}"),), name != "one") for name in ("one", "two", "three")
    )
    made = Page("A title", sections)
    text = html(made)
    reader = read(text)
    assert reader.tags.count("details") == reader.tags.count("summary") == 2 and reader.tags.count("div") == 1
    assert ("open", None) not in reader.attributes and "details::details-content" in text
    for said in (text, markdown(made), "\n".join(terminal(made))):
        assert all(f"words of {section.title}" in said for section in sections)
