"""Headers turned upright or aslant: their words laid down where the column begins below them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, degrees, hypot

from .letters import USUAL_SPACE, Char
from .words import BETWEEN_WORDS, Word

ASLANT = 0.1  # of the letters' direction; below it a line is level
NEXT_LINE = 1.45  # lines of one header are nearer than this, in letters' sizes; another column's are not


@dataclass(frozen=True)
class _Run:
    """A line of letters along one direction: where it begins and ends along it, and how far off it stands."""

    text: str
    angle: int
    size: float
    along: tuple[float, float]
    off: float
    box: tuple[float, float, float, float]  # x0, x1, top, bottom
    foot: float  # x of the lower end
    font: str


def is_slanted(char: Char) -> bool:
    """Say whether a letter's line runs up or down."""
    a, b = char["matrix"][:2]
    return abs(b) > ASLANT * abs(a)


def laid_down(chars: Iterable[Char], level: Sequence[Word]) -> list[Word]:
    """Return headers that are turned as words on a level line, two of them or more side by side.

    Parameters
    ----------
    chars
        Letters whose lines run up or down.
    level
        The other words of the page: a header that is not turned gives its line.

    Returns
    -------
    list of Word
        One for each column; what stands alone or beside figures, such as a chart's axis, is left out.
    """
    groups: list[list[_Run]] = []
    figures = [word.bottom for word in level if not any(ch.isalpha() for ch in word.text)]
    for cell in sorted(_cells(_runs(chars)), key=lambda run: run.box[3]):
        if any(cell.box[2] < bottom < cell.box[3] - cell.size for bottom in figures):
            continue  # beside rows: a note at the margin
        if groups and any(cell.box[2] < other.box[3] for other in groups[-1]):
            groups[-1].append(cell)
        else:
            groups.append([cell])
    words: list[Word] = []
    for group in groups:
        if len({round(run.foot) for run in group}) < 2:
            continue
        top, bottom = min(run.box[2] for run in group), max(run.box[3] for run in group)
        beside = [word.bottom for word in level if top < word.bottom < bottom + 0.5 * word.size]
        line = max(beside, default=bottom)
        for run in group:
            x0, x1 = (
                run.box[:2] if abs(run.angle) > 80 else (run.foot - run.size / 2, run.foot + run.size / 2)
            )
            words.append(
                Word(run.text, x0, x1, line - run.size, line, run.size, run.font, USUAL_SPACE * run.size)
            )
    return words


def _runs(chars: Iterable[Char]) -> list[_Run]:
    """Letters put together to lines along their direction."""
    placed = []
    for char in chars:
        a, b = char["matrix"][:2]
        ux, uy = a / hypot(a, b), -b / hypot(a, b)
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        wide, high = char["x1"] - char["x0"], char["bottom"] - char["top"]
        long = char["adv"] * hypot(a, b)  # the box of a letter aslant holds its length and its height
        size = (high - long * abs(uy)) / abs(ux) if abs(ux) > abs(uy) else (wide - long * abs(ux)) / abs(uy)
        angle = round(degrees(atan2(-uy, ux)))
        placed.append((angle, y * ux - x * uy, x * ux + y * uy, long, max(size, 1.0), char))
    lines: list[list[tuple[int, float, float, float, float, Char]]] = []
    for letter in sorted(placed, key=lambda letter: letter[:3]):
        last = lines[-1][-1] if lines else None
        if last and letter[0] == last[0] and letter[1] - last[1] < 0.3 * letter[4]:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    runs = []
    for line in lines:
        line.sort(key=lambda letter: letter[2])
        parts = [[line[0]]]
        for last, letter in pairwise(line):
            far = letter[2] - last[2] - (letter[3] + last[3]) / 2 > 1.5 * letter[4]
            parts.append([letter]) if far else parts[-1].append(letter)
        runs += [run for part in parts if (run := _run(part)).text]
    return runs


def _run(letters: Sequence[tuple[int, float, float, float, float, Char]]) -> _Run:
    text = letters[0][5]["text"]
    for last, letter in pairwise(letters):
        apart = letter[2] - last[2] - (letter[3] + last[3]) / 2 > BETWEEN_WORDS * letter[4]
        text += " " * apart + letter[5]["text"]
    angle, off, _, _, size, _ = letters[0]
    chars = [letter[5] for letter in letters]
    low = max(chars, key=lambda char: char["bottom"])
    return _Run(
        " ".join(text.split()),
        angle,
        size,
        (letters[0][2] - letters[0][3] / 2, letters[-1][2] + letters[-1][3] / 2),
        off,
        (
            min(char["x0"] for char in chars),
            max(char["x1"] for char in chars),
            min(char["top"] for char in chars),
            max(char["bottom"] for char in chars),
        ),
        (low["x0"] + low["x1"]) / 2,
        chars[0]["fontname"],
    )


def _cells(runs: Iterable[_Run]) -> list[_Run]:
    """Lines of one header put together: 'Not' beside 'Matched'."""
    cells: list[_Run] = []
    for run in sorted(runs, key=lambda run: (run.angle, run.off)):
        last = cells[-1] if cells else None
        if (
            last
            and last.angle == run.angle
            and run.off - last.off < NEXT_LINE * run.size
            and min(run.along[1], last.along[1]) > max(run.along[0], last.along[0])
        ):
            boxes = list(zip(last.box, run.box, strict=True))
            box = (min(boxes[0]), max(boxes[1]), min(boxes[2]), max(boxes[3]))
            cells[-1] = replace(run, text=f"{last.text} {run.text}", box=box, foot=(last.foot + run.foot) / 2)
        else:
            cells.append(run)
    return cells
