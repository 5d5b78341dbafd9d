"""A page as lines of words, footnote marks set above the text left out, and its ruling lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypedDict

from pdfplumber.page import Page
from pdfplumber.utils.text import extract_words

SMALL = 0.86  # a word under this share of its neighbour's size, and set higher, is a footnote mark
SAME_LINE = 0.3  # words whose bottoms differ by less than this share of their size stand on one line
USUAL_SPACE = 0.28  # of the size
LEADERS = tuple(".-–—_=·…─━═")
SYMBOLS = {
    "£": "≤",
    "³": "≥",
    "‡": "≥",
    "\xad": "-",
}  # codes of the Symbol font that pdfminer takes for Latin
BETWEEN_WORDS = 0.15  # a gap wider than this share of the size parts two words


Box = tuple[float, float, float, float]  # x0, x1, top, bottom


class Char(TypedDict):
    """What is read of a letter of pdfplumber."""

    text: str
    fontname: str
    size: float
    upright: bool
    matrix: tuple[float, ...]
    x0: float
    x1: float
    top: float
    bottom: float
    doctop: float


@dataclass(frozen=True)
class Word:
    """A word and where it stands, in points from the top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    font: str = ""
    space: float = 2.5  # the width of a space in its font


@dataclass(frozen=True)
class Line:
    """Words on one line, from left to right."""

    words: tuple[Word, ...]
    page: int

    @property
    def text(self) -> str:
        """The words with a space between."""
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        """Its left end."""
        return self.words[0].x0

    @property
    def bottom(self) -> float:
        """Its bottom, the median over its words."""
        return median(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        """The size of its text, the median over its words."""
        return median(word.size for word in self.words)

    def between(self, left: float, right: float) -> Line | None:
        """Return the part of the line whose words have their middle between two x, or None."""
        kept = tuple(word for word in self.words if left <= (word.x0 + word.x1) / 2 < right)
        return Line(kept, self.page) if kept else None


@dataclass(frozen=True)
class Sheet:
    """A page: its number, its lines from top to bottom, and its rules.

    Attributes
    ----------
    page
        Its number in the PDF, from 1.
    lines
        From top to bottom.
    uprights
        Vertical rules: x, top, bottom.
    levels
        Horizontal rules: y, left, right.
    unreadable
        Share of the letters that the page's fonts have no text for.
    turn
        Where its text runs up or down, and was turned: 1 and -1; otherwise 0.
    """

    page: int
    lines: tuple[Line, ...]
    uprights: tuple[tuple[float, float, float], ...] = ()
    levels: tuple[tuple[float, float, float], ...] = ()
    unreadable: float = 0.0
    turn: int = 0


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
    chars = _once(_chars(page))
    edges: list[Box] = [(edge["x0"], edge["x1"], edge["top"], edge["bottom"]) for edge in page.edges]
    inked = [char for char in chars if not char["text"].isspace()]
    sideways = [char for char in inked if not char["upright"]]
    way = 0
    if 2 * len(sideways) > len(inked):
        way = 1 if sum(1 if char["matrix"][1] > 0 else -1 for char in sideways) > 0 else -1
        turn = turned(page, way)
        chars = [
            _moved(char, turn((char["x0"], char["x1"], char["top"], char["bottom"])))
            for char in chars
            if not char["upright"]
        ]
        edges = [turn(edge) for edge in edges]
    else:
        chars = [char for char in chars if char["upright"]]
    chars = _without_leaders(_on_their_line(chars))
    found = extract_words(
        [dict(char) for char in chars],
        x_tolerance_ratio=BETWEEN_WORDS,
        y_tolerance=1,
        extra_attrs=["size", "fontname"],
    )
    spaces = _spaces(chars)
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
    cid = sum(len(word.text) for word in words if "(cid:" in word.text)
    return Sheet(
        page.page_number,
        tuple(_lines(_without_raised(words), page.page_number)),
        tuple((x0, top, bottom) for x0, x1, top, bottom in edges if abs(x1 - x0) < 0.5 < bottom - top),
        tuple((top, x0, x1) for x0, x1, top, bottom in edges if abs(bottom - top) < 0.5 < x1 - x0),
        cid / max(1, sum(len(word.text) for word in words)),
        way,
    )


def _chars(page: Page) -> list[Char]:
    """The letters of a page, with the text that the Symbol font means and sizes to a tenth of a point."""
    return [
        Char(
            text=_symbol(char["text"], char["fontname"]),
            fontname=char["fontname"],
            size=round(char["size"], 1),
            upright=char["upright"],
            matrix=char["matrix"],
            x0=char["x0"],
            x1=char["x1"],
            top=char["top"],
            bottom=char["bottom"],
            doctop=char["doctop"],
        )
        for char in page.chars
    ]


def _once(chars: Iterable[Char]) -> list[Char]:
    """Leave out letters that stand on the same one, as bold is often printed."""
    kept: list[Char] = []
    there: dict[tuple[str, str, float, int, int], list[tuple[float, float]]] = {}
    for char in chars:
        x, y, near = char["x0"], char["top"], min(1.0, 0.15 * char["size"])
        look = (char["text"], char["fontname"], char["size"])
        around = [(*look, int(x) + i, int(y) + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        if any(
            abs(x - a) <= near and abs(y - b) <= near for place in around for a, b in there.get(place, ())
        ):
            continue
        there.setdefault((*look, int(x), int(y)), []).append((x, y))
        kept.append(char)
    return kept


def _symbol(text: str, font: str) -> str:
    """The text of a letter; the Symbol font often comes without a table that says its own."""
    return SYMBOLS.get(text, text) if "symbol" in font.casefold() else text


def _on_their_line(chars: Sequence[Char]) -> list[Char]:
    """Give letters of the Symbol font, whose box is another, the height of others on their base line."""
    heights = {
        (char["matrix"][5], char["size"]): (char["top"], char["bottom"])
        for char in chars
        if "symbol" not in char["fontname"].casefold()
    }
    done: list[Char] = []
    for char in chars:
        height = (
            heights.get((char["matrix"][5], char["size"]))
            if "symbol" in char["fontname"].casefold() and char["upright"]
            else None
        )
        done.append({**char, "top": height[0], "bottom": height[1]} if height else char)
    return done


def _without_leaders(chars: Sequence[Char]) -> list[Char]:
    """Leave out lines that are typed: four dashes or three dots in a row, or more."""
    kept: list[Char] = []
    run: list[Char] = []
    for char in chars:
        on = (
            bool(run)
            and char["text"] in (run[0]["text"], " ")
            and abs(char["top"] - run[0]["top"]) < 1
            and -1 < char["x0"] - run[-1]["x1"] < char["size"]
        )
        if on and (char["text"] != " " or run[0]["text"] == "."):
            run.append(char)
            continue
        kept += [] if _is_leader(run) else run
        run = [char] if char["text"] in LEADERS else []
        kept += [] if run else [char]
    return kept if _is_leader(run) else kept + run


def _is_leader(run: Sequence[Char]) -> bool:
    """Whether equal letters in a row are many enough to be a line: four, of dots three."""
    return sum(char["text"] != " " for char in run) >= (3 if run and run[0]["text"] == "." else 4)


def _spaces(chars: Sequence[Char]) -> Callable[[str], float]:
    """Return what gives the width of a space in a font, as a share of the size: measured, or usual."""
    widths: dict[str, list[float]] = {}
    for char in chars:
        if char["text"] == " " and char["size"]:
            widths.setdefault(char["fontname"], []).append((char["x1"] - char["x0"]) / char["size"])
    known = {font: min(0.7, max(0.22, median(shares))) for font, shares in widths.items()}
    return lambda font: known.get(
        font, 0.6 if "courier" in font.casefold() or "mono" in font.casefold() else USUAL_SPACE
    )


def turned(page: Page, way: int) -> Callable[[Box], Box]:
    """Return what turns a box by a quarter, so that text running up (1) or down (-1) runs to the right."""
    width, height = float(page.width), float(page.height)

    def turn(box: Box) -> Box:
        x0, x1, top, bottom = box
        return (height - bottom, height - top, x0, x1) if way > 0 else (top, bottom, width - x1, width - x0)

    return turn


def _moved(char: Char, box: Box) -> Char:
    """A letter in another box, upright and as large as the box is high."""
    x0, x1, top, bottom = box
    return {
        **char,
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "doctop": top,
        "upright": True,
        "size": round(bottom - top, 1),
    }


def _whole(words: Iterable[Word]) -> tuple[Word, ...]:
    """Put together what only a change of font or of size parted: '≤' of a symbol font and its '180'."""
    done: list[Word] = []
    for word in sorted(words, key=lambda word: word.x0):
        last = done[-1] if done else None
        near = (word.x0 - last.x1) / word.size if last else 1.0
        symbol = last and last.font != word.font and last.size == word.size and -0.1 < near < 0.05
        capitals = (  # small ones after a large one: 'S' and 'PECIALTY'
            last
            and last.font == word.font
            and 0.6 * last.size < word.size < last.size
            and (last.text + word.text).isupper()
            and -0.1 < near < BETWEEN_WORDS
        )
        if last and (symbol or capitals):
            word = Word(
                last.text + word.text,
                last.x0,
                word.x1,
                min(last.top, word.top),
                max(last.bottom, word.bottom),
                word.size,
                last.font,
                last.space,
            )
            done.pop()
        done.append(word)
    return tuple(done)


def _without_raised(words: Sequence[Word]) -> list[Word]:
    """Drop footnote marks: small words set higher than the larger word beside them."""
    largest = max((word.size for word in words), default=0)
    return [
        word
        for word in words
        if word.size >= SMALL * largest or not any(_marks(word, other) for other in words)
    ]


def _marks(mark: Word, other: Word) -> bool:
    if (
        mark.size >= SMALL * other.size
        or mark.bottom >= other.bottom - 0.08 * other.size
        or mark.bottom < other.top
    ):
        return False
    gap = max(mark.x0 - other.x1, other.x0 - mark.x1)
    return -0.3 * other.size < gap < 0.9 * other.size


def _lines(words: Iterable[Word], page: int) -> list[Line]:
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.bottom):
        if groups:
            level, size = groups[-1][0].bottom, min(word.size, groups[-1][0].size)
            if word.bottom - level <= SAME_LINE * size:
                groups[-1].append(word)
                continue
        groups.append([word])
    return [Line(_whole(group), page) for group in groups]
