"""Figures are sound SVG: everything lies within, nothing runs into another, and points stand where their
numbers are.
"""

from xml.etree import ElementTree

import pytest

from matchmodel.report.drawing import EDGE, SIZE, WIDTH, Axis, Curve, Row, curves, forest, nice

ROWS = (
    Row("Interventional Radiology, apply", 0.5, 0.4, 0.62, "50.0% (40.0 to 62.0)", "#000000", "dot", 0.45),
    Row('<b> & "quotes"', 0.0, 0.0, 0.1, "<0.1% (<0.1 to 10.0)", "#000000", "square"),
    Row("all", 1.0, 0.9, 1.0, ">99.9% (90.0 to >99.9)", "#000000", "dot"),
)
AXIS = Axis(lambda v: v, [(k / 4, f"{25 * k}%") for k in range(5)], 0.5)
LEGEND = (("dot", "#000000", "if you apply"), ("bar", "#000000", "average"))
CURVES = (
    Curve("one", [(0, 0, 0, 0), (20, 0.2, 0.1, 0.3), (600, 0.7, 0.6, 0.8)], (88, 0.4)),
    Curve("two", [(0, 0, 0, 0), (20, 0.3, 0.1, 0.5), (200, 0.6, 0.4, 0.9)], None),
)
FIGURES = {
    "forest": lambda: forest("a", "a title", ROWS, AXIS, LEGEND),
    "curves": lambda: curves("b", "a title", "what it shows", CURVES, 0.5, "applications"),
    "one curve": lambda: curves("c", "a title", "what it shows", CURVES[:1], 0.95, "applications"),
}


@pytest.fixture(params=FIGURES)
def figure(request):
    return ElementTree.fromstring(FIGURES[request.param]())


def test_it_has_a_title_and_a_description_and_no_fixed_size(figure):
    assert figure.get("role") == "img" and figure.get("width") is None
    told = {child.get("id"): child.text for child in figure if child.tag.endswith(("title", "desc"))}
    assert set(figure.get("aria-labelledby").split()) == set(told) and all(told.values())


def test_what_is_drawn_lies_within(figure):
    _, _, width, height = map(float, figure.get("viewBox").split())
    assert width == WIDTH <= 400  # that of a telephone, so that letters keep their size there
    for element in figure.iter():
        for key, most in (
            ("x", width),
            ("x1", width),
            ("x2", width),
            ("cx", width),
            ("y", height),
            ("y1", height),
            ("y2", height),
            ("cy", height),
        ):
            if element.get(key) is not None:
                assert 0 <= float(element.get(key)) <= most, (element.tag, key)
        for pair in (element.get("points") or "").split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= width and 0 <= y <= height


def test_a_dot_stands_where_its_number_is():
    drawn = ElementTree.fromstring(FIGURES["forest"]())
    ticks = {e.text: float(e.get("x")) for e in drawn.iter() if e.text in ("0%", "100%")}
    dots = [e for e in drawn.iter() if e.tag.endswith("circle")][1:]  # the first is the legend's
    for dot, row in zip(dots, (ROWS[0], ROWS[2]), strict=True):
        place = (float(dot.get("cx")) - ticks["0%"]) / (ticks["100%"] - ticks["0%"])
        assert place == pytest.approx(row.value, abs=0.002)


def test_words_of_a_row_do_not_run_into_one_another():
    """A letter takes about 0.53 of its size on average."""
    for row in ROWS:
        assert (len(row.label) + len(row.told)) * 0.53 * SIZE < WIDTH - 2 * EDGE


@pytest.mark.parametrize("most", [3, 7.5, 36, 118, 649, 1000])
def test_ticks_are_round_and_few(most):
    ticks = nice(most)
    assert 3 <= len(ticks) <= 7 and ticks[0] == 0 and ticks[-1] <= most
