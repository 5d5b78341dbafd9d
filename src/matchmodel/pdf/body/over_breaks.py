"""A row that a page break parts: the rest of its label goes back to the page where the row begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ..page.regions import zones_of
from ..page.words import Line, Sheet, Word
from .candidates import read_line
from .label_cells import Piece, label_columns, text_of
from .labels import cohort_of, specialty_of
from .measures import over_figures

NEXT = 1.7  # line to line in a cell, in letters' sizes


def rejoined(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Put the rest of a row's label, at the top of a page, back under its beginning on the page before.

    Parameters
    ----------
    sheets
        In the order of the report.

    Returns
    -------
    list of Sheet
        As they were where no label is parted, or where its parts make none that is understood.
    """
    done: list[Sheet] = []
    for sheet in sheets:
        if done and sheet.page == done[-1].page + 1:
            done[-1:] = _rejoined(done[-1], sheet)
        else:
            done.append(sheet)
    return done


def _rejoined(before: Sheet, after: Sheet) -> tuple[Sheet, Sheet]:
    rows = [i for i, line in enumerate(before.lines) if len(read_line(line).figures) > 1]
    zones = over_figures(before.lines, zones_of(before.lines))
    if not rows or not zones or rows[-1] <= zones[-1][1]:
        return before, after
    inner = read_line(before.lines[rows[-1]]).figures[0].x0
    zone = before.lines[zones[-1][0] : zones[-1][1] + 1]
    heads = {line.text for line in zone if line.words[-1].x1 > inner}
    tops = (i for i, line in enumerate(after.lines) if len(read_line(line).figures) > 1)
    top = next(tops, len(after.lines))
    again = max((i + 1 for i, line in enumerate(after.lines[:top]) if line.text in heads), default=0)
    begun = _labels(before.lines[rows[-1] :], inner, len(before.lines))
    starts = [again] if again else range(top)
    parts = (_parts(begun, _labels(after.lines[start:top], inner, 0), inner) for start in starts)
    moved = next(filter(None, parts), {})
    if not moved:
        return before, after
    gone = {word for words in moved.values() for word in words}
    kept = [
        replace(line, words=words)
        for line in after.lines
        if (words := tuple(word for word in line.words if word not in gone))
    ]
    return _below(before, rows[-1], len(begun), moved), replace(after, lines=tuple(kept))


def _parts(begun: Sequence[Line], rest: Sequence[Line], inner: float) -> dict[int, list[Word]]:
    """The words that go on with a label, by the line of it where they belong."""
    moved: dict[int, list[Word]] = {}
    for column in label_columns([*begun, *rest], inner):
        upper = [piece for piece in column if piece[0] < len(begun)]
        lower = column[len(upper) :]
        ends = (k for k in range(len(lower), 0, -1) if upper and _one(upper, lower[:k]))
        for k, (_, words) in enumerate(lower[: next(ends, 0)], start=1):
            moved.setdefault(upper[-1][0] + k, []).extend(words)
    return moved


def _labels(lines: Sequence[Line], inner: float, count: int) -> list[Line]:
    """What stands left of the figures: of so many lines, and of more near them that have nothing else."""
    found: list[Line] = []
    for i, line in enumerate(lines):
        words = tuple(word for word in line.words if word.x1 <= inner)
        far = bool(found) and line.bottom - found[-1].bottom > NEXT * line.size
        if not words or far or (i >= count and words != line.words):
            break
        found.append(replace(line, words=words))
    return found


def _one(upper: Sequence[Piece], lower: Sequence[Piece]) -> bool:
    """Whether the parts make one cohort or one specialty, and are not two by themselves."""
    whole, above, rest = text_of([*upper, *lower]), text_of(upper), text_of(lower)
    return any(read(whole) and not (read(above) and read(rest)) for read in (specialty_of, cohort_of))


def _below(sheet: Sheet, row: int, count: int, moved: Mapping[int, Sequence[Word]]) -> Sheet:
    """Words as more lines of a row's label, which has some already; what stands below makes room."""
    label, under = list(sheet.lines[row : row + count]), sheet.lines[row + count :]
    bottoms = [line.bottom for line in label]
    step = min([b - a for a, b in pairwise(bottoms)], default=1.2 * label[0].size)
    room, edge = max(0, max(moved) + 1 - count) * step, bottoms[-1] - 0.2 * label[-1].size
    for k in range(max(moved) + 1):
        if k == len(label):
            label.append(Line((), sheet.page))
            bottoms.append(bottoms[-1] + step)
        words = [*label[k].words, *(_at(word, bottoms[k]) for word in moved.get(k, ()))]
        label[k] = replace(label[k], words=tuple(sorted(words, key=lambda word: word.x0)))
    lower = [
        replace(line, words=tuple(_at(word, word.bottom + room) for word in line.words)) for line in under
    ]
    levels = tuple((y + room if y > edge else y, x0, x1) for y, x0, x1 in sheet.levels)
    return replace(sheet, lines=(*sheet.lines[:row], *label, *lower), levels=levels)


def _at(word: Word, bottom: float) -> Word:
    return replace(word, top=word.top + bottom - word.bottom, bottom=bottom)
