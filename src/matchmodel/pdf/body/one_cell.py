"""Statistics that share a cell, 'Median (Q1–Q3)' and 'Mean (SD)', put into cells of their own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..page.words import Line, Word

_HEAD = re.compile(r"\b(?:median\s*[(\[]\s*(?:q1|iqr|25th)|mean\s*(?:[(\[]\s*sd|±))", re.IGNORECASE)
_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?|Q1|Q3|SD|25th|75th"
_PARTS = re.compile(rf"[(\[]?({_FIGURE})(?:[–-]({_FIGURE}))?[,;]?[)\]]?", re.IGNORECASE)
_BETWEEN = ("±", "to", "–", "-")


def apart(lines: Iterable[Line]) -> list[Line]:
    """Part the words of a table whose header has several statistics in one cell; leave other pages alone.

    Parameters
    ----------
    lines
        Of a page, from top to bottom.

    Returns
    -------
    list of Line
    """
    lines = list(lines)
    first = next((i for i, line in enumerate(lines) if _HEAD.search(line.text)), len(lines))
    parted = [replace(line, words=tuple(_words(line))) for line in lines[first:]]
    return [*lines[:first], *(line for line in parted if line.words)]


def _words(line: Line) -> Iterator[Word]:
    for word in line.words:
        text = re.sub("iqr", "Q1–Q3", word.text, flags=re.IGNORECASE) if word.text[0] in "([" else word.text
        found = _PARTS.fullmatch(text)
        if word.text in _BETWEEN and len(line.words) > 3:
            continue
        if found is None or (found[1] == text and not found[2]):
            yield word
            continue
        wide = (word.x1 - word.x0) / len(text)
        for i in (1, 2):
            if found[i]:
                a, b = found.span(i)
                yield replace(word, text=found[i], x0=word.x0 + a * wide, x1=word.x0 + b * wide)
