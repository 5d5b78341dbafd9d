"""Words, the lines that they stand on, and a page of them; footnote marks set above the text left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean, median

SMALL = 0.86  # a word under this share of its neighbour's size, and set higher, is a footnote mark
SAME_LINE = 0.3  # words whose bottoms differ by less than this share of their size stand on one line
MANY = 3  # letters that stand apart, to be one word
BETWEEN_WORDS = 0.15  # a gap wider than this share of the size parts two words


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
        hyphen = (  # and what a hyphen or a slash joins to them: 'NON' and '-U.S.'
            last
            and last.font == word.font
            and word.text[0] in "-–/"
            and 0.6 * word.size < last.size < word.size
            and (last.text + word.text).isupper()
            and -0.1 < near < 0.05
        )
        if last and (symbol or capitals or hyphen):
            word = Word(
                last.text + word.text,
                last.x0,
                word.x1,
                min(last.top, word.top),
                max(last.bottom, word.bottom),
                min(last.size, word.size),
                last.font,
                last.space,
            )
            done.pop()
        done.append(word)
    return tuple(done)


def _together(words: Sequence[Word]) -> tuple[Word, ...]:
    """Put together letters that are set apart, 'M A T C H E D': three capitals or more, evenly spaced."""
    runs: list[list[Word]] = []
    for word in words:
        last = runs[-1][-1] if runs else None
        letters = last and all(
            len(w.text) < 3 and w.text.isalpha() and w.text.isupper() for w in (last, word)
        )
        if last and letters and last.size == word.size and word.x0 - last.x1 < word.size:
            runs[-1].append(word)
        else:
            runs.append([word])
    done: list[Word] = []
    for run in runs:
        gaps = [b.x0 - a.x1 for a, b in pairwise(run)]
        if len(run) < MANY or mean(len(word.text) for word in run) > 1.5:
            done += run
            continue
        for k, word in enumerate(run):
            if k and gaps[k - 1] < 1.5 * median(gaps):
                done[-1] = replace(done[-1], text=done[-1].text + word.text, x1=word.x1)
            else:
                done.append(replace(word, space=word.space + 2 * median(gaps)))
    return tuple(done)


def without_raised(words: Sequence[Word]) -> list[Word]:
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


def lines_of(words: Iterable[Word], page: int) -> list[Line]:
    """Return words as lines, from top to bottom."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.bottom):
        if groups:
            level, size = groups[-1][0].bottom, min(word.size, groups[-1][0].size)
            if word.bottom - level <= SAME_LINE * size:
                groups[-1].append(word)
                continue
        groups.append([word])
    return [Line(_together(_whole(group)), page) for group in groups]
