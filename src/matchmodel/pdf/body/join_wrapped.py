"""Cohorts and bins that a narrow column wraps, put back on one line: '16 or' over 'More'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from statistics import median

from ..page.tokens import CLOSE, TEXT, is_bin, kind_of, tokens_of
from ..page.words import Line, Word
from .labels import cohort_of

NEXT = 1.55  # line to line inside a cell, in letters' sizes
ALIGNED = 0.6
# figures this much above or below their words, in letters' sizes; the latter where all rows are set so
SET_OFF, ALL_OFF = 0.55, 0.9
_ENDS = (
    "match",
    "matched",
    "not match",
    "specialty",
    "preferred specialty",
    "to preferred specialty",
    "first-choice specialty",
    "choice specialty",
    "img matched",
)
_BEGINS = re.compile(
    r"(?:(?:non-?)?u\.?s\.?|imgs?|not?|did|non-?|matched|unmatched|match|not-?matched|applicants?)\b",
    re.IGNORECASE,
)
_TYPE = re.compile(r"(?:non-?)?\s*u\.?s\.?\b|imgs?\b", re.IGNORECASE)
_STRETCHED = re.compile(r"did not|imgs? (?:did|not)", re.IGNORECASE)
_OPEN = re.compile(
    r"\d+|\d+ (?:or|and)|\d+\s?[-–]|[<>≤≥]\s?=?|(?:more|less|fewer|greater) than|(?:less|fewer|more)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:(?:or|and)(?: \w+)?|more|less|fewer|lower|higher|above|below|over|greater|than(?: \d+)?)",
    re.IGNORECASE,
)


def level(lines: Iterable[Line]) -> list[Line]:
    """Put together lines that are one row set at two heights: its figures a little above or below its words.

    Parameters
    ----------
    lines
        Of a page, from top to bottom.

    Returns
    -------
    list of Line
    """
    lines = list(lines)
    figures = [i for i, line in enumerate(lines) if all(kind_of(word.text) != TEXT for word in line.words)]
    offs = [near[0] for i in figures if (near := _off(lines, i))]
    usual = median(offs or [0])
    alike = sum(abs(off - usual) < 0.1 for off in offs) >= max(2, 0.7 * len(figures))
    reach = ALL_OFF if alike else SET_OFF
    cohorts = [i for i, line in enumerate(lines) if cohort_of(line.text)]
    kept: list[Line | None] = [*lines]
    for i in [*figures, *cohorts]:
        line, near = kept[i], _off(kept, i)
        if line is None or near is None:
            continue
        off, j = near
        other = kept[j]
        if other is None or off >= reach or (i in cohorts and not _figures(other)):
            continue
        moved = [replace(word, bottom=line.bottom) for word in other.words]
        kept[j] = Line(tuple(sorted([*line.words, *moved], key=lambda word: word.x0)), line.page)
        kept[i] = None
    return [line for line in kept if line is not None]


def _off(lines: Sequence[Line | None], i: int) -> tuple[float, int] | None:
    """How far the nearest line with room for a line of figures is, and which it is.

    None right between two: these are a wrapped name's figures.
    """
    line = lines[i]
    if line is None:
        return None
    near = []
    for way in (range(i - 1, -1, -1), range(i + 1, len(lines))):
        j, other = next(((j, other) for j in way if (other := lines[j]) is not None), (i, line))
        off = abs(other.bottom - line.bottom) / line.size
        if j != i and off < 2 and not _cross(line, other):
            near.append((off, j))
    near.sort()
    return near[0] if near and (len(near) == 1 or near[1][0] - near[0][0] > 0.05) else None


def _cross(line: Line, other: Line) -> bool:
    """Whether words of two lines stand above one another."""
    return any(min(a.x1, b.x1) > max(a.x0, b.x0) - 0.3 * a.size for a in line.words for b in other.words)


def unwrap(lines: Iterable[Line]) -> list[Line]:
    """Put wrapped cohorts and bins together.

    Parameters
    ----------
    lines
        Of a page, from top to bottom.

    Returns
    -------
    list of Line
        Each wrapped cohort or bin as one word, on that line of its own that holds most figures.
    """
    lines = list(lines)
    parts = [[_Run(part, i) for part in _runs(line)] for i, line in enumerate(lines)]
    taken: set[int] = set()
    put: dict[int, list[list[_Run]]] = {}
    for i in range(len(lines)):
        found = [
            pieces
            for run in parts[i]
            if id(run) not in taken
            and (pieces := _down(run, parts, lines, _cohort) or _down(run, parts, lines, _bin))
        ]
        header = [pieces for pieces in found if _counts_applicants(pieces, lines)]
        for pieces in found:
            if (pieces in header and len(header) < 3) or (
                _TYPE.match(pieces[0].text) and not _beside(pieces, lines)
            ):
                continue
            taken |= {id(piece) for piece in pieces}
            home = max(
                range(i, pieces[-1].line + 1), key=lambda k: (_figures(lines[k]), len(lines[k].words), k)
            )
            put.setdefault(home, []).append(pieces)
    if not put:
        return lines
    gone = {
        (piece.line, word)
        for some in put.values()
        for pieces in some
        for piece in pieces
        for word in piece.words
    }
    done = []
    for i, line in enumerate(lines):
        words = [word for word in line.words if (i, word) not in gone] + [
            _one(pieces, line) for pieces in put.get(i, [])
        ]
        if words:
            done.append(Line(tuple(sorted(words, key=lambda word: word.x0)), line.page))
    return done


class _Run:
    """Words of one line with no wide gap among them."""

    def __init__(self, words: Sequence[Word], line: int) -> None:
        self.words, self.line = words, line
        self.text = " ".join(word.text for word in words)
        self.x0, self.x1 = words[0].x0, words[-1].x1
        self.y = words[0].top + words[0].size  # where it stood before lines were put together

    def under(self, other: _Run, size: float) -> bool:
        """Whether it is set as the next line of another: flush left, flush right or centred."""
        ends = (self.x0 - other.x0, self.x1 - other.x1, (self.x0 + self.x1 - other.x0 - other.x1) / 2)
        return min(map(abs, ends)) < ALIGNED * size and min(self.x1, other.x1) > max(self.x0, other.x0)


def _runs(line: Line) -> list[list[Word]]:
    """A line's runs of words: parted at wide gaps, round figures, and where a cohort may begin."""
    parts = [[line.words[0]]]
    for last, word in pairwise(line.words):
        wide = word.x0 - last.x1 > CLOSE * last.space
        apart = (
            word.x0 - last.x1 > 1.3 * last.space
            and (kind_of(word.text) != TEXT)
            and kind_of(last.text) != TEXT
        )
        begins = (
            _BEGINS.fullmatch(word.text)
            and word.text.casefold().startswith(("not", "did", "match", "unm"))
            and not _BEGINS.match(last.text)
        )
        again = word.text in (other.text for other in parts[-1])
        # in a line that is justified
        stretched = _STRETCHED.fullmatch(f"{last.text} {word.text}")
        if (wide and not stretched) or apart or begins or again:
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts


def _down(
    run: _Run, parts: Sequence[Sequence[_Run]], lines: Sequence[Line], sort: Callable[[str, str | None], bool]
) -> list[_Run] | None:
    """The pieces of a wrapped cohort or bin that begins with a run, or None."""
    pieces, whole, done = [run], run.text, None
    if not sort(whole, None):
        return None
    for j in range(run.line + 1, len(lines)):
        size = lines[pieces[-1].line].size
        if lines[j].bottom - lines[pieces[-1].line].bottom > 2 * NEXT * size:
            break
        found = next(
            (
                part
                for part in parts[j]
                if part.y - pieces[-1].y <= NEXT * size and part.under(run, size) and sort(whole, part.text)
            ),
            None,
        )
        if found is None:
            if any(min(part.x1, run.x1) > max(part.x0, run.x0) for part in parts[j]):
                break
            continue
        pieces.append(found)
        whole = f"{whole} {found.text}"
        if sort(whole, ""):
            done = len(pieces)
    return pieces[:done] if done else None


def _beside(pieces: Sequence[_Run], lines: Sequence[Line]) -> bool:
    """Whether figures stand beside a cohort's lines: it is a row's, and no header of a type over a cohort."""
    return any(_figures(line) for line in lines[pieces[0].line : pieces[-1].line + 1])


def _counts_applicants(pieces: Sequence[_Run], lines: Sequence[Line]) -> bool:
    """Whether 'Matched' over 'Applicants' is a header of two things, the cohort and its n."""
    return (
        bool(cohort_of(pieces[0].text))
        and pieces[1].text.casefold() == "applicants"
        and not _beside(pieces, lines)
    )


@lru_cache(maxsize=5_000)
def _figures(line: Line) -> int:
    return sum(token.value for token in tokens_of(line))


def _cohort(text: str, more: str | None) -> bool:
    """Whether a text may begin a cohort (more is None), is one (more is empty), or goes on with more."""
    if more == "":
        return bool(cohort_of(text))
    whole = text if more is None else f"{text} {more}"
    if more and any(kind_of(word) != TEXT for word in more.split()):
        return False
    return bool(_BEGINS.match(whole)) and (
        bool(cohort_of(whole)) or any(cohort_of(f"{whole} {end}") for end in _ENDS)
    )


def _bin(text: str, more: str | None) -> bool:
    """The same of a bin."""
    if more is None:
        return bool(_OPEN.fullmatch(text))
    if more == "":
        return is_bin(text) and not text.isdigit()
    if text[-1:] in "-–<>≤≥=":
        return more.isdigit()
    return bool(_TAIL.fullmatch(more)) and (
        bool(_OPEN.fullmatch(f"{text} {more}")) or is_bin(f"{text} {more}")
    )


def _one(pieces: Sequence[_Run], line: Line) -> Word:
    """One word for all pieces, at the height of the line that it is put on."""
    words = [word for piece in pieces for word in piece.words]
    text = ""
    for word in words:
        text += word.text if text[-1:] in "-–" and word.text[:1].isdigit() else f" {word.text}"
    near = line.words[0]
    return replace(
        words[0],
        text=text.strip(),
        x0=min(w.x0 for w in words),
        x1=max(w.x1 for w in words),
        top=near.top,
        bottom=line.bottom,
    )
