"""Statistics that share a cell, 'Median (Q1–Q3)' and 'Mean (SD)', put into cells of their own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..page.words import Line, Word

_F = r"(\d+(?:,\d{3})*(?:\.\d+)?)"
_FIGURE = re.compile(_F)
_PAIR = rf"{_F} ?(?:[–—,;-]|to) ?{_F}"
# the shape of a cell, what its header must say, and what stands in it, in order
_KINDS = (
    (re.compile(rf"{_F} ?[(\[] ?{_PAIR} ?[)\]]"), ("median|50th", "iqr|q1|25th|quartile"), (1, "Q1", "Q3")),
    (re.compile(rf"{_F} ?(?:\( ?{_F} ?\)|± ?{_F})"), ("mean|average", "sd|std|standard|±"), (1, "SD")),
    (re.compile(rf"(?!\d+,\d{{3}}$){_PAIR}"), ("iqr|interquartile|q1.*q3|25th.*75th",), ("Q1", "Q3")),
)  # fmt: skip
_HEAD = re.compile(
    r"[(\[]?(?:median|50th|iqr|q[13]|25th|75th|(?:inter)?quartiles?|inter|range|percentiles?|mean|average|sd|std"
    r"|standard|dev|deviation|±|to|and|[–—-])(?:[–—,.;-]*(?:q[13]|75th)?)*[)\]]?",
    re.IGNORECASE,
)
NEAR, HIGH = 1.6, 8.0  # a cell's next line, and how far up its header may reach, in letters' sizes


@dataclass
class _Cells:
    """Cells of one column that have one shape: its kind, from where to where, and (line, words, figures)."""

    kind: int
    x0: float
    x1: float
    found: list[tuple[int, tuple[Word, ...], tuple[str, ...]]]


def apart(lines: Iterable[Line]) -> list[Line]:
    """Part the words of columns whose header has several statistics in one cell; leave all others alone.

    Parameters
    ----------
    lines
        Of a page, from top to bottom.

    Returns
    -------
    list of Line
    """
    whole = _unwrapped(list(lines))
    words = [list(line.words) for line in whole]
    for column in _columns(whole):
        kind = _KINDS[column.kind]
        heads = (_head(column, whole, margin) for margin in (0.0, 1.0, 2.0))
        head = next((head for head in heads if _says(head, kind[1])), None)
        if not head:
            continue
        first = re.search(kind[1][0], _said(head), re.IGNORECASE)
        names = [first[0] if first and part == 1 else str(part) for part in kind[2]]
        for i, word in head:
            words[i] = [other for other in words[i] if other is not word]
        last = max(head, key=lambda at: at[0])
        words[last[0]] += _laid(names, column, last[1])
        for i, old, figures in column.found:
            words[i] = [word for word in words[i] if word not in old] + list(_laid(figures, column, old[0]))
    return [
        replace(line, words=tuple(sorted(some, key=lambda word: word.x0)))
        for line, some in zip(whole, words, strict=True)
        if some
    ]


def _said(head: Sequence[tuple[int, Word]]) -> str:
    return " ".join(word.text for _, word in head)


def _says(head: Sequence[tuple[int, Word]], parts: Sequence[str]) -> bool:
    return all(re.search(part, _said(head), re.IGNORECASE) for part in parts)


def _laid(texts: Sequence[str], column: _Cells, like: Word) -> Iterator[Word]:
    """Words side by side in a column, each in its part of it."""
    wide = (column.x1 - column.x0) / len(texts)
    for i, text in enumerate(texts):
        left = column.x0 + i * wide
        yield replace(
            like, text=text, x0=left + 0.1 * wide, x1=left + 0.9 * wide, space=min(like.space, 0.05 * wide)
        )


def _columns(lines: Sequence[Line]) -> list[_Cells]:
    """Where cells of one shape stand above one another."""
    found: list[_Cells] = []
    for i, line in enumerate(lines):
        for kind, words, figures in _shaped(line):
            x0, x1 = words[0].x0, words[-1].x1
            column = next((c for c in found if c.kind == kind and min(c.x1, x1) > max(c.x0, x0)), None)
            if column is None:
                column = _Cells(kind, x0, x1, [])
                found.append(column)
            column.x0, column.x1 = min(column.x0, x0), max(column.x1, x1)
            column.found.append((i, words, figures))
    return found


def _shaped(line: Line) -> Iterator[tuple[int, tuple[Word, ...], tuple[str, ...]]]:
    """The cells of a line that have one of the shapes."""
    for run in _runs(line):
        hit = next(
            ((k, m) for k, (shape, *_) in enumerate(_KINDS) if (m := shape.fullmatch(_text(run)))), None
        )
        if hit:
            yield hit[0], tuple(run), tuple(figure for figure in hit[1].groups() if figure)


def _head(column: _Cells, lines: Sequence[Line], margin: float) -> list[tuple[int, Word]]:
    """The words of the header right above a column and a margin, line by line up to where others begin."""
    first = column.found[0][0]
    size = lines[first].size
    found: list[tuple[int, Word]] = []
    for i in range(first - 1, -1, -1):
        line = lines[i]
        if lines[first].bottom - line.bottom > HIGH * size:
            break
        over = [
            w for w in line.words if w.x1 > column.x0 - margin * size and w.x0 < column.x1 + margin * size
        ]
        beside = [
            w
            for w in line.words
            if any(-2 * w.space < max(w.x0 - o.x1, o.x0 - w.x1) < 2 * w.space for o in over)
        ]
        near = [w for w in line.words if (w in over or w in beside) and _HEAD.fullmatch(w.text)]
        if over and not near and found:
            break
        found += [(i, word) for word in near]
    return found


def _unwrapped(lines: list[Line]) -> list[Line]:
    """Put '(235–255)' beside the '245' above it, on the line of most whole cells or in their middle."""
    bottoms = [line.bottom for line in lines]
    for i in range(len(lines)):
        for run in _runs(lines[i]):
            if not any(ch.isdigit() for ch in _text(run)):
                continue
            x0, x1 = run[0].x0, run[-1].x1
            above = [
                (j, upper)
                for j in range(max(0, i - 3), i)
                for upper in _runs(lines[j])
                if min(upper[-1].x1, x1) > max(upper[0].x0, x0)
                and upper[0].text[0].isdigit()
                and not _KINDS[0][0].fullmatch(_text(upper))
                and _on(_joined(upper, run))
                and bottoms[i] - bottoms[j] < NEAR * run[0].size
            ]
            if not above:
                continue
            j, upper = above[-1]
            middle = (bottoms[j] + bottoms[i]) / 2
            home = min(
                range(j, i + 1),
                key=lambda k: (-_wholes(lines[k]), round(abs(bottoms[k] - middle)), -len(lines[k].words)),
            )
            both = replace(
                upper[0],
                text=_joined(upper, run),
                x0=min(upper[0].x0, x0),
                x1=max(upper[-1].x1, x1),
                bottom=bottoms[home],
            )
            for k, old in ((j, upper), (i, run)):
                lines[k] = replace(lines[k], words=tuple(word for word in lines[k].words if word not in old))
            words = sorted([*lines[home].words, both], key=lambda word: word.x0)
            lines[home] = replace(lines[home], words=tuple(words))
    return [line for line in lines if line.words]


def _wholes(line: Line) -> int:
    """How many cells of figures a line has that are whole."""
    texts = [_text(run) for run in _runs(line)]
    return sum(bool(_FIGURE.fullmatch(text)) or _KINDS[0][0].fullmatch(text) is not None for text in texts)


def _joined(upper: Sequence[Word], lower: Sequence[Word]) -> str:
    return re.sub("– ", "–", f"{_text(upper)} {_text(lower)}")


def _on(text: str) -> bool:
    """Whether a text is a cell of one of the shapes, or the beginning of one."""
    return text[-1] in "–—-±" or any(shape.fullmatch(text) for shape, *_ in _KINDS)


def _text(run: Sequence[Word]) -> str:
    return " ".join(word.text for word in run)


def _runs(line: Line) -> list[list[Word]]:
    """Words of a line that stand no farther apart than in one cell."""
    parts: list[list[Word]] = []
    for word in line.words:
        if parts and word.x0 - parts[-1][-1].x1 < 1.5 * word.space:
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts
