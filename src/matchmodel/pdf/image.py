"""The pages of a table drawn with what was taken for which cell, for a person to look over."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import pdfplumber

from ..errors import RefusedInput, clipped
from .body.labels import NOT_MATCHED
from .layouts import printed, row_word
from .page.letters import turned
from .page.vocabulary import BIN_PREFIX
from .tables import Doubt, Table

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SCALE, MOST = 1.7, 40e6  # picture's points to a page's point; in all, beyond which the scale shrinks
TEXT, GAP = 17, 12  # size of letters and of space, in the picture's points
DOUBT = (200, 0, 0)
COLOURS = (
    (0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 121, 167), (86, 180, 233), (120, 94, 240),
    (150, 130, 0), (110, 110, 110),
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """What stands in one cell, and what it was taken for.

    Attributes
    ----------
    page
        Of the PDF.
    box
        Left, top, right and bottom, in points from the top left corner of the page as it is read.
    turn
        Of the page, as of `Sheet`.
    row
        The specialty, with the cohort or bin where the row has it.
    column
        As the raw table has it; a bin as printed.
    cohort
        ``Matched``, ``Not Matched`` or empty.
    doubtful
        Whether a doubt names it, or all of its row.
    """

    page: int
    box: tuple[float, float, float, float]
    turn: int
    row: str
    column: str
    cohort: str
    doubtful: bool


def marks_of(table: Table, layout: str, doubts: Iterable[Doubt], turns: Mapping[int, int]) -> list[Mark]:
    """Return a mark for each cell of a table in which something stands.

    Parameters
    ----------
    table
    layout
    doubts
        Those of its cells and rows.
    turns
        The turn of each page.
    """
    places = {(doubt.page, doubt.row, doubt.column) for doubt in doubts}
    marks = []
    for segment, item in table.rows:
        for index, tokens in item.cells.items():
            column = segment.columns[index]
            if column.name in (None, "bin", "percent"):
                continue
            cohort = item.cohort or column.cohort or segment.cohort
            rows = {row_word(item, *more) for more in ((), (cohort,), (item.bin,), (cohort, item.bin))}
            if column.name.startswith(BIN_PREFIX):
                name = column.name.removeprefix(BIN_PREFIX)
                rows.add(row_word(item, cohort, name))
            else:
                name = printed(layout, column.name)
            heads = ("", column.header, "Specialty", "Cohort", name)
            marks.append(
                Mark(
                    item.page,
                    (
                        min(token.x0 for token in tokens),
                        min(token.top for token in tokens),
                        max(token.x1 for token in tokens),
                        max(token.bottom for token in tokens),
                    ),
                    turns.get(item.page, 0),
                    row_word(item, item.cohort or segment.cohort, item.bin),
                    name,
                    cohort,
                    any((item.page, row, head) in places for row in rows for head in heads),
                )
            )
    return marks


def drawn(path: Path, marks: Sequence[Mark]) -> bytes:
    """Draw the pages on which marks stand, one below the other, under a legend.

    Parameters
    ----------
    path
        The PDF.
    marks

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    RefusedInput
        Where a page cannot be drawn.
    """
    from PIL import Image

    kinds = dict.fromkeys((mark.column, mark.cohort) for mark in marks)
    colours = dict(zip(dict.fromkeys(column for column, _ in kinds), cycle(COLOURS), strict=False))
    pages: dict[int, list[Mark]] = {}
    for mark in marks:
        pages.setdefault(mark.page, []).append(mark)
    try:
        with pdfplumber.open(path) as pdf:
            sizes = [pdf.pages[page - 1].width * pdf.pages[page - 1].height for page in pages]
            scale = min(SCALE, (MOST / max(1.0, float(sum(sizes)))) ** 0.5)
            pictures = [_page(pdf.pages[page - 1], some, colours, scale) for page, some in pages.items()]
    except Exception as error:  # pdfium and pdfminer raise many kinds for damaged files
        why = clipped(str(error) or type(error).__name__)
        raise RefusedInput(f"{path} cannot be drawn ({why}); leave out --image") from None
    width = max(picture.width for picture in pictures)
    top = _legend(list(kinds), colours, width)
    whole = Image.new("RGB", (width, top.height + sum(picture.height for picture in pictures)), "white")
    y = 0
    for picture in (top, *pictures):
        whole.paste(picture, (0, y))
        y += picture.height
    written = io.BytesIO()
    whole.save(written, "PNG")
    return written.getvalue()


def _page(
    page: pdfplumber.page.Page, marks: Sequence[Mark], colours: Mapping[str, tuple[int, ...]], scale: float
) -> Image:
    """One page, its text from left to right, with its marks and at the right the name of each row."""
    from PIL import Image, ImageDraw

    made = page.to_image(resolution=72 * scale, antialias=True)
    left, top = made.bbox[:2]
    picture, way = made.original, marks[0].turn
    if way:
        left, _, top, _ = turned(page, way)((made.bbox[0], made.bbox[2], made.bbox[1], made.bbox[3]))
        picture = picture.rotate(-90 * way, expand=True)
    rows: dict[int, tuple[float, list[str]]] = {}
    boxes = []
    for mark in marks:
        x0, y0, x1, y1 = (
            (at - start) * scale + more
            for at, start, more in zip(mark.box, (left, top, left, top), (-3, -2, 3, 2), strict=True)
        )
        boxes.append((x0, y0, x1, y1))
        end, names = rows.get(round((y0 + y1) / 2), (0.0, []))
        rows[round((y0 + y1) / 2)] = max(end, x1), [*names, *([mark.row] if mark.row not in names else [])]
    margin = max(_length(" | ".join(names)) for _, names in rows.values()) + 2 * GAP
    whole = Image.new("RGB", (picture.width + margin, picture.height), "white")
    whole.paste(picture, (0, 0))
    pen = ImageDraw.Draw(whole, "RGBA")
    pen.line((0, 0, whole.width, 0), fill=(0, 0, 0, 60))
    pen.text((GAP, GAP), f"page {page.page_number}", fill=(0, 0, 0, 160), font_size=TEXT, anchor="lt")
    for mark, box in zip(marks, boxes, strict=True):
        _box(pen, box, colours[mark.column], mark.cohort == NOT_MATCHED, mark.doubtful)
    for y, (end, names) in rows.items():
        pen.line((end + GAP, y, picture.width, y), fill=(0, 0, 0, 60))
        pen.text((picture.width + GAP, y), " | ".join(names), fill="black", font_size=TEXT, anchor="lm")
    return whole


def _box(
    pen: ImageDraw, box: tuple[float, float, float, float], colour: tuple[int, ...], dashed: bool, doubt: bool
) -> None:
    """A box over a cell: filled with its column's colour, dashed for those not matched, hatched in doubt."""
    x0, y0, x1, y1 = box
    line = DOUBT if doubt else colour
    pen.rectangle(box, fill=(*colour, 50))
    if dashed:
        for y in (y0, y1):
            for x in range(round(x0), round(x1), 8):
                pen.line((x, y, min(x + 4, x1), y), fill=line, width=2)
    else:
        pen.rectangle(box, outline=line, width=2)
    if doubt:
        high = y1 - y0
        for start in range(round(x0 - high) + 6, round(x1), 9):  # strokes from bottom left to top right
            a, b = max(start, x0), min(start + high, x1)
            pen.line((a, y1 - (a - start), b, y1 - (b - start)), fill=(*DOUBT, 130), width=1)


def _legend(kinds: Sequence[tuple[str, str]], colours: Mapping[str, tuple[int, ...]], width: int) -> Image:
    """What the boxes mean, in lines of the picture's width."""
    from PIL import Image, ImageDraw

    entries = [
        (f"{column}{f' ({cohort})' if cohort else ''}", column, cohort, False) for column, cohort in kinds
    ]
    entries.append(("in doubt", "", "", True))
    places, x, y = [], GAP, GAP
    for entry in entries:
        wide = 3 * TEXT + _length(entry[0]) + 2 * GAP
        if x + wide > width and x > GAP:
            x, y = GAP, y + TEXT + GAP
        places.append((x, y))
        x += wide
    words = "At the right: the row that the figures were taken for. No box: not read."
    picture = Image.new("RGB", (width, y + 2 * (TEXT + GAP) + GAP), "white")
    pen = ImageDraw.Draw(picture, "RGBA")
    for (text, column, cohort, doubt), (x, y) in zip(entries, places, strict=True):
        _box(pen, (x, y, x + 2 * TEXT, y + TEXT), colours.get(column, DOUBT), cohort == NOT_MATCHED, doubt)
        pen.text((x + 3 * TEXT - GAP // 2, y + TEXT - 2), text, fill="black", font_size=TEXT, anchor="ls")
    pen.text((GAP, picture.height - GAP), words, fill="black", font_size=TEXT, anchor="ls")
    return picture


def _length(text: str) -> int:
    """How wide a text is drawn."""
    from PIL import ImageFont

    return round(ImageFont.load_default(TEXT).getlength(text)) + 1
