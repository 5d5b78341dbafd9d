"""Prose that stands beside a table, left out so that its words are taken for no cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import mean, median

from .words import Line, Word

LEAST = 4  # lines
GUTTER, STRETCHED, SPACE = 0.8, 1.2, 0.6  # least between prose and table, most inside prose, usual; in sizes


def beside_tables(lines: Sequence[Line]) -> set[Word]:
    """Return the words of prose that stands to the left or to the right of a table.

    Parameters
    ----------
    lines
        Of a page, from top to bottom.

    Returns
    -------
    set of Word
    """
    found: set[Word] = set()
    edges = Counter(
        round(word.x0)
        for line in lines
        for k, word in enumerate(line.words)
        if not k or word.x0 - line.words[k - 1].x1 > GUTTER * word.size
    )
    for edge in [edge for edge, count in edges.items() if count + edges[edge + 1] >= LEAST]:
        for block in _blocks(lines, edge - 0.6):
            sides = [[side for side in pair if side] for pair in zip(*block, strict=True)]
            for side, other in (sides, sides[::-1]):
                if _is_prose(side) and sum(_is_row(part) for part in other) >= LEAST - 1:
                    found |= {word for part in side for word in part}
    return found


def _blocks(lines: Sequence[Line], edge: float) -> list[list[tuple[Sequence[Word], Sequence[Word]]]]:
    """Runs of lines that an edge parts where no word stands, each as its left and its right words."""
    blocks: list[list[tuple[Sequence[Word], Sequence[Word]]]] = [[]]
    for line in lines:
        left = [word for word in line.words if word.x0 < edge]
        right = line.words[len(left) :]
        if left and left[-1].x1 > edge - GUTTER * line.size:
            blocks.append([])
        else:
            blocks[-1].append((left, right))
    return [block for block in blocks if len(block) >= LEAST]


def _is_prose(parts: Sequence[Sequence[Word]]) -> bool:
    """Whether words are sentences: most begin small, in lines of like width, without gaps, with a stop."""
    words = [word for part in parts for word in part]
    if len(parts) < LEAST or len(words) < 2 * len(parts):
        return False
    widths = [part[-1].x1 - part[0].x0 for part in parts]
    return (
        mean(word.text[0].islower() for word in words) > 0.5
        and median(widths) > 0.75 * max(widths)
        and any(word.text[0].islower() and word.text.endswith(".") for word in words)
        and 2 * sum(part[-1].text.endswith(".") for part in parts) < len(parts)
        and all(word.x0 - last.x1 <= STRETCHED * word.size for part in parts for last, word in pairwise(part))
        and not any(_begins_with_cell(part) for part in parts)
    )


def _begins_with_cell(part: Sequence[Word]) -> bool:
    """Whether a line begins with a figure that stands alone."""
    alone = len(part) == 1 or part[1].x0 - part[0].x1 > SPACE * part[0].size
    return part[0].text[0].isdigit() and alone


def _is_row(part: Sequence[Word]) -> bool:
    """Whether a line begins with a word and has a figure far from the word before it."""
    return part[0].text[0].isalpha() and any(
        word.x0 - last.x1 > word.size and word.text[0].isdigit() for last, word in pairwise(part)
    )
