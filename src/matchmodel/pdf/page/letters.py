"""The letters of a page: each once, on its line, with the text that it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import TypedDict

from pdfplumber.page import Page

USUAL_SPACE = 0.34  # of the size, where a font has no space: TeX sets none
LEADERS = tuple(".-–—_=·…─━═")
SYMBOLS = {
    "£": "≤",
    "³": "≥",
    "‡": "≥",
    "\xad": "-",
}  # codes of the Symbol font that pdfminer takes for Latin


Box = tuple[float, float, float, float]  # x0, x1, top, bottom


class Char(TypedDict):
    """What is read of a letter of pdfplumber."""

    text: str
    fontname: str
    size: float
    upright: bool
    adv: float
    matrix: tuple[float, ...]
    x0: float
    x1: float
    top: float
    bottom: float
    doctop: float


def letters_of(page: Page) -> list[Char]:
    """The letters of a page, with the text that the Symbol font means and sizes to a tenth of a point."""
    return [
        Char(
            text=_symbol(char["text"], char["fontname"]),
            fontname=char["fontname"],
            size=round(char["size"], 1),
            upright=char["upright"],
            adv=char["adv"],
            matrix=char["matrix"],
            x0=char["x0"],
            x1=char["x1"],
            top=char["top"],
            bottom=char["bottom"],
            doctop=char["doctop"],
        )
        for char in page.chars
    ]


def once(chars: Iterable[Char]) -> list[Char]:
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


def on_their_line(chars: Sequence[Char]) -> list[Char]:
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


def without_leaders(chars: Sequence[Char]) -> list[Char]:
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


def spaces_of(chars: Sequence[Char]) -> Callable[[str], float]:
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


def moved(char: Char, box: Box, way: int) -> Char:
    """Return a letter in another box, as high as the box is, its page turned by a quarter as in `turned`."""
    x0, x1, top, bottom = box
    a, b, c, d, e, f = (way * number for number in char["matrix"])
    return {
        **char,
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "doctop": top,
        "upright": True,
        "matrix": (b, -a, d, -c, f, -e),
        "size": round(bottom - top, 1),
    }
