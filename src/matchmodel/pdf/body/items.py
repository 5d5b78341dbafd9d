"""The lines of a table's body as rows and words alone: what stands in which column, and what is no row."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from ..page.columns import Column
from ..page.tokens import BIN, Token
from ..page.words import Sheet
from .candidates import Reading
from .labels import cohort_of, specialty_of
from .rows import Item

Stray = tuple[int, str, str]  # page, label and text of figures that stand in no column
NEAR = 1.7  # line to line in letters' sizes


def items_of(
    sheet: Sheet, readings: Sequence[Reading], columns: Sequence[Column], size: float
) -> tuple[list[Item], list[Stray]]:
    """The body's lines as rows and words alone, without what is only printed near them."""
    inner = next((column.x0 for column in columns if column.name != "bin"), columns[0].x0)
    rows = [r.line.bottom for r in readings if r.is_row]
    pitch = median([b - a for a, b in pairwise(rows) if b > a] or [1.5 * size])
    items: list[Item] = []
    places: list[float] = []
    stray: list[Stray] = []
    passed: list[tuple[float, str]] = []
    last: float | None = None
    readings = [r if r.known else r.upto(inner - 0.5 * size) for r in readings]
    if columns[0].name != "bin":
        readings = [r.as_text() if r.line.words[-1].x1 < inner - size else r for r in readings]
    for k, r in enumerate(readings):
        cells, lost = _cells(r, columns, size)
        bin_ = r.label.bin or next((c[0].text for i, c in cells.items() if columns[i].name == "bin"), "")
        plain = bool(r.text) and not r.figures and not r.odd
        if r.is_row or (r.figures and not r.odd):
            if not _belongs(r, cells, lost, columns, readings, k, pitch):
                passed.append((r.line.bottom, r.line.text))
                continue
            stray += [(sheet.page, r.line.text, token.text) for token in lost]
        elif not plain:
            passed.append((r.line.bottom, r.line.text))
            continue
        elif r.text[0].x0 >= inner and not r.known:
            continue
        base = r.line.bottom
        gap = (base - last) / size if last is not None else 99.0
        ruled = last is not None and any(
            last - 0.2 * size < y < base - 0.6 * size and x0 <= r.line.x0 + size and x1 >= inner
            for y, x0, x1 in sheet.levels
        )
        row = not plain or bool(r.label.cohort or r.label.bin)
        look = (r.text[0].font, round(r.text[0].size)) if r.text else ()
        places.append(base)
        items.append(
            Item(sheet.page, r.label.name, row, r.label.cohort, bin_, cells, gap, ruled, look, r.line.x0)
        )
        last = base
    real = [i for i, item in enumerate(items) if item.row]
    if not real:
        return [], []
    end = real[-1] + 1  # words below the last row stay only where they can be the rest of its name
    while end < len(items) and (
        items[end].gap < NEAR or (specialty_of(items[end].text) and items[end].gap * size < 1.3 * pitch)
    ):
        end += 1
    start = real[0]
    while start > 0 and (
        items[start].gap < NEAR or specialty_of(items[start - 1].text) or cohort_of(items[start - 1].text)
    ):
        start -= 1
    stray += [(sheet.page, "", text) for y, text in passed if y < places[real[-1]] + 1.5 * pitch]
    return items[start:end], stray


def _cells(
    reading: Reading, columns: Sequence[Column], size: float
) -> tuple[dict[int, list[Token]], list[Token]]:
    """Which token stands in which column, and which stand in none."""
    cells: dict[int, list[Token]] = {}
    lost: list[Token] = []
    for token in (*reading.figures, *reading.odd):
        near = min(
            range(len(columns)),
            key=lambda i: (
                columns[i].distance(token),
                abs(columns[i].x0 + columns[i].x1 - token.x0 - token.x1),
            ),
        )
        if columns[near].distance(token) <= size:
            cells.setdefault(near, []).append(token)
        elif token in reading.numbers:
            lost.append(token)
    return cells, lost


def _belongs(
    reading: Reading,
    cells: Mapping[int, Sequence[Token]],
    lost: Sequence[Token],
    columns: Sequence[Column],
    readings: Sequence[Reading],
    k: int,
    pitch: float,
) -> bool:
    """Whether a line of figures is a row of the table, and no page number or line of text."""
    if reading.known or (
        columns[0].name == "bin" and 0 in cells and reading.figures[0].kind == BIN and not reading.odd
    ):
        return True
    if lost or any(len(tokens) > 1 for tokens in cells.values()):
        return False
    full = len(reading.figures) / max(1, len(columns))
    if full > 0.5 or len(reading.figures) >= 3:
        return True
    rows = [r for i, r in enumerate(readings) if i != k and r.is_row]
    lined = any(
        r.text
        and abs(r.line.x0 - reading.line.x0) < 0.5 * reading.line.size
        and abs(r.line.size - reading.line.size) < 0.3
        for r in rows
    )
    near = any(abs(reading.line.bottom - r.line.bottom) < (2.5 if lined else 1.2) * pitch for r in rows)
    alone = (
        columns[0].name == "bin" and len(reading.figures) == 1 and 0 in cells
    )  # a bin whose cells are blank
    return (near and (bool(reading.text) or alone)) or _between(readings, k)


def _between(readings: Sequence[Reading], k: int) -> bool:
    """Whether words alone stand right above and right below: a wrapped name, its figures in the middle."""
    size, at = readings[k].line.size, readings[k].line.bottom
    sides = [readings[i] for i in (k - 1, k + 1) if 0 <= i < len(readings)]
    return len(sides) == 2 and all(
        r.text and not r.figures and abs(r.line.bottom - at) < 1.1 * size for r in sides
    )
