"""A line of a table's body: its label on the left, its figures on the right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from ..page.tokens import BIN, BLANK, TEXT, Token, tokens_of
from ..page.words import Line
from .labels import Label, read_label

_NOTE = re.compile(r"^(?:[*†‡§¶]+\s*\S|\[\w{1,2}\]\s|notes?\b\s*[:.]|sources?\s*:)", re.IGNORECASE)
TITLE = re.compile(r"^(?:table|figure|chart|exhibit)\s+([A-Z]{0,3}-?\d[\w.-]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """A line read as a row.

    Attributes
    ----------
    line
        As it stands on the page.
    label
        What the words on the left say.
    text
        Those words.
    figures
        What stands to the right of them.
    odd
        Words among the figures.
    """

    line: Line
    label: Label
    text: tuple[Token, ...]
    figures: tuple[Token, ...]
    odd: tuple[Token, ...]

    @property
    def known(self) -> bool:
        """Whether its label was understood."""
        return self.label.known

    @property
    def numbers(self) -> tuple[Token, ...]:
        """The figures that are no suppressed cell."""
        return tuple(token for token in self.figures if token.kind != BLANK)

    @property
    def is_row(self) -> bool:
        """Whether it looks like a row of figures."""
        if self.odd and not (self.known and len(self.odd) <= len(self.figures)):
            return False
        return len(self.figures) >= 2 or (
            self.known and bool(self.figures or self.label.cohort or self.label.bin)
        )

    def upto(self, edge: float) -> Reading:
        """Return it with the words that begin right of an edge as words among the figures: 'NR' in a cell."""
        kept = tuple(token for token in self.text if token.x0 < edge)
        if not kept or len(kept) == len(self.text):
            return self
        return replace(self, label=read_label(_text(kept)), text=kept, odd=self.text[len(kept) :] + self.odd)

    def as_text(self) -> Reading:
        """Return it with all its words as a label: '1 Only)' of a wrapped 'Transitional (PGY-1 Only)'."""
        if self.known or not any(token.kind == TEXT for token in (*self.text, *self.odd)):
            return self
        return replace(
            self,
            label=read_label(self.line.text),
            text=(*self.text, *self.figures, *self.odd),
            figures=(),
            odd=(),
        )

    @property
    def is_sentence(self) -> bool:
        """Whether it is prose that ends here: five words or more and a full stop."""
        return (
            not self.is_row and not self.known and len(self.line.words) > 4 and self.line.text.endswith(".")
        )

    @property
    def is_note(self) -> bool:
        """Whether it begins a footnote: a mark and at least three words, or 'Note:'."""
        if not _NOTE.match(self.line.text) or (self.is_row and self.figures):
            return False
        words = len(self.text) + len(self.odd)
        return words > 3 or (
            words > 0 and not (self.label.cohort or self.label.bin) and self.line.text[0] not in "*†‡§¶#["
        )

    @property
    def title(self) -> str:
        """The number of the table, figure or chart that it is the title of, or an empty text."""
        found = TITLE.match(self.line.text)
        return found[1].casefold().rstrip(".:") if found else ""


@lru_cache(maxsize=20_000)
def read_line(line: Line) -> Reading:
    """Read a line as a row of a table.

    Parameters
    ----------
    line

    Returns
    -------
    Reading
    """
    tokens = list(tokens_of(line))
    leading = 0
    while (
        leading < len(tokens)
        and tokens[leading].kind == BLANK
        and not any(ch.isdigit() for ch in tokens[leading].text)
    ):
        leading += 1
    if (
        leading
        and leading < len(tokens)
        and tokens[leading].kind == TEXT
        and tokens[leading].x0 - tokens[leading - 1].x1 < 2 * tokens[leading].space
    ):
        tokens = tokens[leading:]  # a mark before a name
    last = max((i for i, token in enumerate(tokens) if token.kind == TEXT), default=-1)
    label = read_label(_text(tokens[: last + 1]))
    if label.known or last < 0:
        return Reading(line, label, tuple(tokens[: last + 1]), tuple(tokens[last + 1 :]), ())
    first = next((i for i, token in enumerate(tokens) if token.kind != TEXT), len(tokens))
    if first == 0 and tokens[0].kind != BIN and len(tokens) > 2:  # a row's number before its name
        after = next((i for i in range(1, len(tokens)) if tokens[i].kind != TEXT), len(tokens))
        if after > 1 and read_label(_text(tokens[1:after])).known:
            tokens, first = tokens[1:], after - 1
    label = read_label(_text(tokens[:first]))
    rest = tokens[first:]
    odd = tuple(token for token in rest if token.kind == TEXT)
    return Reading(
        line, label, tuple(tokens[:first]), tuple(token for token in rest if token.kind != TEXT), odd
    )


def _text(tokens: Iterable[Token]) -> str:
    return " ".join(token.text for token in tokens)
