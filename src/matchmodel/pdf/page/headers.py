"""Printed headers: which words name which column, one line of them or several, and what spans what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ...etl.readers.bins import parse_bin
from ...tabular.cells import key
from ..body.labels import cohort_of
from .tokens import TEXT, Token, chunks, is_bin, tokens_of
from .vocabulary import BIN_PREFIX, COUNTED, NAMES, STATISTICS, VOCABULARY, name_of
from .words import Line

if TYPE_CHECKING:
    from .columns import Column

# of a word that is no header's, and of one more phrase; a gap inside one costs its spaces
STRANGE, ANOTHER = 5.0, 1.5


@dataclass(frozen=True)
class Phrase:
    """Words of a header that say one thing.

    `name` is None where they name no column; `words` are its tokens on one line.
    """

    text: str
    x0: float
    x1: float
    name: str | None
    words: tuple[Token, ...] = ()

    def overlaps(self, other: Phrase) -> bool:
        """Say whether two phrases stand above one another."""
        return min(self.x1, other.x1) - max(self.x0, other.x0) > 0.15 * min(
            self.x1 - self.x0, other.x1 - other.x0
        )


def phrases(line: Line, layout: str, columns: Sequence[Column] = ()) -> list[Phrase]:
    """Part a line into the phrases of a header.

    Parameters
    ----------
    line
    layout
    columns
        Where figures stand below, if that is known.

    Returns
    -------
    list of Phrase
        From left to right; the longest known names win.
    """
    found: list[Phrase] = []
    for chunk in (part for wide in chunks(tokens_of(line)) for part in _by_columns(wide, columns)):
        parts = _parts(chunk, layout)
        if all(part.name for part in parts):
            found += parts
        else:
            # something unknown: what is one space apart belongs together, 'Number of', and the 2 of
            # 'Step 2 CK' is no bin
            for near in chunks(chunk, 1.35):
                parts = _parts(near, layout)
                sure = (
                    sum(part.name is not None and not part.name.startswith(BIN_PREFIX) for part in parts) > 1
                )
                found += parts if sure or all(part.name for part in parts) else [_phrase(near, layout)]
    return found


def _by_columns(chunk: list[Token], columns: Sequence[Column]) -> list[list[Token]]:
    """Part words that stand over different columns, more than a space apart."""
    known = _parts(chunk, "bins")
    if all(
        cohort_of(part.text) and all(b.x0 - a.x1 < 1.5 * b.space for a, b in pairwise(part.words))
        for part in known
    ):
        return [chunk]
    parts = [[chunk[0]]]
    for last, token in pairwise(chunk):
        if _over_others(last, token, columns):
            parts.append([token])
        else:
            parts[-1].append(token)
    return parts


def _over_others(last: Token, token: Token, columns: Sequence[Column]) -> bool:
    """Whether a word stands over another column than the one before it, and more than a space from it."""
    if not columns:
        return False
    first = min(columns, key=lambda column: column.distance(last))
    second = min(columns, key=lambda column: column.distance(token))
    over = first.distance(last) == second.distance(token) == 0
    return first is not second and token.x0 - last.x1 > (1.12 if over else 1.3) * token.space


def _parts(chunk: Sequence[Token], layout: str) -> list[Phrase]:
    """The known phrases of a chunk, parted at its widest gaps; what is unknown stays together."""
    best: list[tuple[float, list[tuple[int, int, bool]]]] = [(0.0, [])]
    for j in range(1, len(chunk) + 1):
        ways = [(best[j - 1][0] + STRANGE, [*best[j - 1][1], (j - 1, j, False)])]
        for i in range(max(0, j - 8), j):
            if name_of(" ".join(token.text for token in chunk[i:j]), layout):
                inner = sum((b.x0 - a.x1) / b.space for a, b in pairwise(chunk[i:j]))
                ways.append((best[i][0] + ANOTHER + inner, [*best[i][1], (i, j, True)]))
        best.append(min(ways))
    merged: list[tuple[int, int, bool]] = []
    for i, j, known in best[-1][1]:
        if merged and not known and not merged[-1][2]:
            merged[-1] = (merged[-1][0], j, False)
        else:
            merged.append((i, j, known))
    return [
        _phrase(chunk[i:j], layout) if known else replace(_phrase(chunk[i:j], layout), name=None)
        for i, j, known in merged
    ]


def _phrase(tokens: Sequence[Token], layout: str) -> Phrase:
    text = " ".join(token.text for token in tokens)
    return Phrase(text, tokens[0].x0, tokens[-1].x1, name_of(text, layout), tuple(tokens))


def header_like(line: Line) -> bool:
    """Say whether a line can be part of a header: most of its words are a header's, and it is no sentence."""
    tokens = tokens_of(line)
    words = [token for token in tokens if token.kind == TEXT]
    parts = chunks(tokens)
    if sum(token.value for token in tokens) >= 3 and _ascending(tokens):
        return True
    figures = sum(all(token.value for token in part) for part in parts)
    sentence = (
        len(parts) == 1
        and len(tokens) > 4
        and tokens[-1].text.endswith(".")
        and key(tokens[-1].text) not in VOCABULARY
    )
    if (
        not words
        or figures >= 2
        or (len(parts) == 1 and len({token.text for token in tokens}) > 9)
        or sentence
    ):
        return False
    told = sum(key(part) in VOCABULARY or not key(part) for token in words for part in token.text.split())
    if 5 * told < 3 * len(words):
        return False
    return any(
        phrase.name and not phrase.name.startswith(BIN_PREFIX)
        for layout in NAMES
        for phrase in phrases(line, layout)
    ) or key(line.text) in ("not", "didnot", "non", "did", "std", "all")


def may_head(line: Line) -> bool:
    """Say whether all words of a line are a header's, so that it can be the upper part of one."""
    return (
        all(key(part) in VOCABULARY for word in line.words for part in word.text.split())
        and len(line.words) < 30
    )


def _ascending(tokens: Sequence[Token]) -> bool:
    """Whether a line is the bins of a header: rising, and at least one of them open or a range."""
    values = [token for token in tokens if token.value]
    if not any(token.kind == "bin" for token in values) or not all(is_bin(token.text) for token in values):
        return False
    bins = [parse_bin(token.text) for token in values]
    half = len(bins) // 2
    if len(bins) % 2 == 0 and bins[:half] == bins[half:]:  # two cohorts side by side
        bins, values = bins[:half], values[:half]
    rising = all((a.low or -1) < (b.low or -1) for a, b in pairwise(bins))
    return rising and not any(a.kind == "bin" and b.kind != "bin" for a, b in pairwise(values))


def stack(
    lines: Sequence[Line], layout: str, columns: Sequence[Column] = ()
) -> tuple[list[Phrase], list[Phrase]]:
    """Put the lines of a header on top of one another.

    Parameters
    ----------
    lines
        From top to bottom.
    layout
    columns
        Where figures stand below, if that is known.

    Returns
    -------
    cells : list of Phrase
        One a column, from left to right.
    spans : list of Phrase
        What stands over several columns, or over a column that has a name of its own.
    """
    told = [phrases(line, layout, columns) for line in lines]
    told = [_split(told, i, layout) for i in range(len(told))]
    cells: list[Phrase] = []
    spans: list[Phrase] = []
    for number, line in enumerate(reversed(told)):
        in_turn = sum(bool(cohort_of(phrase.text)) for phrase in line) > 2
        for phrase in line:
            below = [cell for cell in cells if phrase.overlaps(cell)] if number else []
            if layout == "counts" and number and cohort_of(phrase.text) and _shared(cells):
                spans.append(phrase)
                continue
            over = next((span for span in spans if phrase.overlaps(span)), None)
            if over and _both(phrase, over, layout).name and phrase.name is None:
                spans[spans.index(over)] = _both(phrase, over, layout)
            elif (
                not below
                and number
                and layout != "counts"
                and ((cohort_of(phrase.text) and not in_turn) or _turned(phrase, cells))
            ):
                spans.append(phrase)
            elif not below:
                cells.append(phrase)
            elif len(below) == 1 and _stacks(phrase, below[0], layout):
                cells[cells.index(below[0])] = _stacked(phrase, below[0], layout)
            else:
                spans.append(phrase)
    return sorted(cells, key=lambda cell: cell.x0), sorted(spans, key=lambda span: span.x0)


def _split(told: list[list[Phrase]], i: int, layout: str) -> list[Phrase]:
    """Part phrases whose words stand under, or over, different ones; named ones only into names."""
    beside = [phrase for j in (i - 1, i + 1) if 0 <= j < len(told) for phrase in told[j]]
    found: list[Phrase] = []
    for phrase in told[i]:
        over = [
            {k for k, other in enumerate(beside) if min(other.x1, word.x1) > max(other.x0, word.x0)}
            for word in phrase.words
        ]
        parts = [[phrase.words[0]]]
        for k, word in enumerate(phrase.words[1:], start=1):
            gap = (word.x0 - phrase.words[k - 1].x1) / word.space
            both = gap > 1.08 and over[k - 1] and over[k] and not over[k - 1] & over[k]
            if both or (phrase.name is not None and gap > 1.4 and over[k - 1] != over[k]):
                parts.append([word])
            else:
                parts[-1].append(word)
        made = [_phrase(part, layout) for part in parts]
        sure = phrase.name is None or all(
            part.name or any(_both(part, other, layout).name for other in beside if part.overlaps(other))
            for part in made
        )
        found += made if sure and len(made) > 1 else [phrase]
    return found


def _shared(cells: Sequence[Phrase]) -> bool:
    """Whether 'n' and '%' come in turn below: then a cohort above stands over two columns."""
    return (
        sum(cell.name is None and key(cell.text) in COUNTED for cell in cells)
        == 2
        == sum(key(cell.text) in ("pct", "percentage") for cell in cells)
    )


def _turned(phrase: Phrase, cells: Sequence[Phrase]) -> bool:
    """Whether a statistic or a bin stands above cohorts that come in turn below it."""
    below = [cell for cell in cells if cell.name in ("Matched", "Not Matched")]
    return len(below) > 2 and (phrase.name in STATISTICS or (phrase.name or "").startswith(BIN_PREFIX))


def _both(upper: Phrase, lower: Phrase, layout: str) -> Phrase:
    text = f"{upper.text} {lower.text}"
    return Phrase(text, min(upper.x0, lower.x0), max(upper.x1, lower.x1), name_of(text, layout))


def _stacks(upper: Phrase, lower: Phrase, layout: str) -> bool:
    if layout != "counts" and cohort_of(upper.text) and lower.name:
        return False  # a cohort stands over its columns, be it over the first alone
    return _both(upper, lower, layout).name is not None or upper.name is None or lower.name is None


def _stacked(upper: Phrase, lower: Phrase, layout: str) -> Phrase:
    both = _both(upper, lower, layout)
    if both.name or (upper.name is None and lower.name is None):
        return both
    known = lower if lower.name else upper
    return replace(known, x0=lower.x0 if lower.name else both.x0, x1=lower.x1 if lower.name else both.x1)
