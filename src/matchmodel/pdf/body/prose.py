"""Prose beside a table: left out before the lines of both are read as one."""

import re
from collections.abc import Iterable, Sequence
from statistics import median

from ..page.tokens import chunks, tokens_of
from ..page.words import Line, Word
from .candidates import read_line
from .labels import cohort_of, specialty_of

WIDE, NEXT = 3.0, 1.7  # spaces inside a line of prose; line to line, in letters' sizes
_SENTENCE = re.compile(r"[a-z]{2,}[.,;:] [A-Za-z]")
_Run = tuple[int, tuple[Word, ...]]


def without_prose(lines: Iterable[Line]) -> list[Line]:
    """Leave out columns of prose that stand beside rows of figures.

    Parameters
    ----------
    lines
        Of a page, from top to bottom.

    Returns
    -------
    list of Line
    """
    lines = list(lines)
    gone: dict[int, set[Word]] = {}
    for block in _blocks(lines):
        if _is_prose([words for _, words in block]) and _beside_rows(block, lines):
            for i, words in block:
                gone.setdefault(i, set()).update(words)
    kept = [
        (line, tuple(word for word in line.words if word not in gone.get(i, ())))
        for i, line in enumerate(lines)
    ]
    return [line if words == line.words else Line(words, line.page) for line, words in kept if words]


def _blocks(lines: Sequence[Line]) -> list[list[_Run]]:
    """Lines of words that stand above one another, closely."""
    blocks: list[list[_Run]] = []
    for i, line in enumerate(lines):
        for words in _runs(line):
            for block in blocks:
                above = block[-1][1]
                if (
                    0 < words[0].bottom - above[0].bottom < NEXT * above[0].size
                    and abs(words[0].size - above[0].size) < 0.3
                    and min(words[-1].x1, above[-1].x1) > max(words[0].x0, above[0].x0)
                ):
                    block.append((i, words))
                    break
            else:
                blocks.append([(i, words)])
    return blocks


def _runs(line: Line) -> list[tuple[Word, ...]]:
    """A line's words, parted where the gap is wide."""
    parts = [(tokens[0].x0, tokens[-1].x1) for tokens in chunks(tokens_of(line), WIDE)]
    return [tuple(word for word in line.words if x0 <= word.x0 <= x1) for x0, x1 in parts]


def _is_prose(runs: Sequence[Sequence[Word]]) -> bool:
    """Whether lines are sentences: three or more, of small letters mostly, with a stop or a comma inside."""
    words = [word.text for run in runs for word in run]
    wide = max(run[-1].x1 for run in runs) - min(run[0].x0 for run in runs)
    texts = [" ".join(word.text for word in run) for run in runs]
    small = sum(text[0].islower() for text in words)
    return (
        len(runs) > 2
        and len(words) >= 2.5 * len(runs)
        and 2 * small > len(words)
        and median(run[-1].x1 - run[0].x0 for run in runs) > 0.6 * wide
        and not any(cohort_of(text) or specialty_of(text) for text in texts)
        and bool(_SENTENCE.search(" ".join(words)))
    )


def _beside_rows(block: Sequence[_Run], lines: Sequence[Line]) -> bool:
    """Whether rows of figures stand at its left or right."""
    x0, x1 = min(words[0].x0 for _, words in block), max(words[-1].x1 for _, words in block)
    sides = (
        part
        for i in range(block[0][0], block[-1][0] + 1)
        for part in (lines[i].between(0.0, x0), lines[i].between(x1, float("inf")))
        if part
    )
    return sum(len(read_line(side).figures) > 1 for side in sides) > 1
