"""A page of pdfplumber read into words, lines and rules."""

from pdfplumber.page import Page
from pdfplumber.utils.text import extract_words

from .charts import words_of_charts
from .letters import Box, letters_of, moved, on_their_line, once, spaces_of, turned, without_leaders
from .prose import beside_tables
from .slanted import is_slanted, laid_down
from .words import BETWEEN_WORDS, Sheet, Word, lines_of, without_raised


def read_sheet(page: Page) -> Sheet:
    """Read a page of pdfplumber.

    Parameters
    ----------
    page
        A page; one whose text mostly runs up or down is turned first.

    Returns
    -------
    Sheet
    """
    chars = once(letters_of(page))
    edges: list[Box] = [(edge["x0"], edge["x1"], edge["top"], edge["bottom"]) for edge in page.edges]
    inked = [char for char in chars if not char["text"].isspace()]
    ways = [(b > 0) - (b < 0) for a, b in (char["matrix"][:2] for char in inked) if abs(b) > abs(a)]
    way = 0
    if 2 * len(ways) > len(inked):
        way = 1 if sum(ways) > 0 else -1
        turn = turned(page, way)
        chars = [
            moved(char, turn((char["x0"], char["x1"], char["top"], char["bottom"])), way) for char in chars
        ]
        edges = [turn(edge) for edge in edges]
    slanted = [char for char in chars if is_slanted(char) and not char["text"].isspace()]
    chars = [char for char in chars if char["upright"] and not is_slanted(char)]
    chars = without_leaders(on_their_line(chars))
    found = extract_words(
        [dict(char) for char in chars],
        x_tolerance_ratio=BETWEEN_WORDS,
        y_tolerance=1,
        extra_attrs=["size", "fontname"],
    )
    spaces = spaces_of(chars)
    words = [
        Word(
            text=word["text"],
            x0=word["x0"],
            x1=word["x1"],
            top=word["top"],
            bottom=word["bottom"],
            size=word["size"],
            font=word["fontname"],
            space=spaces(word["fontname"]) * word["size"],
        )
        for word in found
    ]
    shapes: list[Box] = [
        (shape["x0"], shape["x1"], shape["top"], shape["bottom"])
        for shape in (*page.rects, *page.curves)
        if shape["fill"]
    ]
    chart = words_of_charts(words, shapes if not way else map(turn, shapes))
    words = without_raised([word for word in words if word not in chart])
    words += laid_down(slanted, words)
    aside = beside_tables(lines_of(words, page.page_number))
    words = [word for word in words if word not in aside]
    cid = sum(len(word.text) for word in words if "(cid:" in word.text)
    return Sheet(
        page.page_number,
        tuple(lines_of(words, page.page_number)),
        tuple((x0, top, bottom) for x0, x1, top, bottom in edges if abs(x1 - x0) < 0.5 < bottom - top),
        tuple((top, x0, x1) for x0, x1, top, bottom in edges if abs(bottom - top) < 0.5 < x1 - x0),
        cid / max(1, sum(len(word.text) for word in words)),
        way,
    )
