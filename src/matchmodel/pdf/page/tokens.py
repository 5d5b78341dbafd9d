"""A line's words as tokens: numbers, suppressed cells, bins and text; what belongs together put together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ...etl.readers.bins import parse_bin
from ...tabular.cells import CellFault, is_suppressed
from ...tabular.numbers import parse_number
from .words import Line, Word

NUMBER, BLANK, BIN, TEXT = "number", "blank", "bin", "text"
CLOSE = 1.6  # words nearer than this many spaces belong to one phrase
THIN = 1.1  # a space inside a number: '3 392'
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+[*†‡§]*", re.ASCII)
_LETTERED = re.compile(r"([-−–]?[\d,]*\d(?:\.\d+)?)[a-z]", re.ASCII)
# '<= 180' bounds a bin, '< 5' withholds a count
_BOUND = re.compile(r"[<≤]\s*=?\s*(?:[2-9]\d|\d{3})", re.ASCII)
_NOTE = re.compile(r"\[\w{1,2}\]|\([a-z]\)")  # a mark set apart from its name
_ASIDE = re.compile(r"\(\s*([\d,.]+\s*%?)\s*\)", re.ASCII)


@dataclass(frozen=True)
class Token:
    """A word, or several that say one thing.

    Attributes
    ----------
    kind
        ``number``, ``blank`` (suppressed), ``bin`` or ``text``.
    text
        As printed.
    x0, x1, top, bottom
        Where it stands.
    size
        Of its letters.
    font
        Of its first word.
    """

    kind: str
    text: str
    x0: float
    x1: float
    size: float
    font: str = ""
    space: float = 2.5
    top: float = 0.0
    bottom: float = 0.0

    @property
    def value(self) -> bool:
        """Whether it can be a cell of figures."""
        return self.kind != TEXT

    @property
    def share(self) -> bool:
        """Whether it is a percentage or stands in brackets, beside a figure."""
        return self.kind == NUMBER and ("%" in self.text or self.text.startswith("("))


def kind_of(text: str) -> str:
    """Say what a word can be.

    Parameters
    ----------
    text
        As printed.

    Returns
    -------
    str
        ``number``, ``blank``, ``bin`` or ``text``.
    """
    if _NOTE.fullmatch(text):
        return TEXT
    if is_suppressed(text):
        return BIN if _BOUND.fullmatch(text) else BLANK
    if _LETTERED.fullmatch(text) or _ASIDE.fullmatch(text):
        return NUMBER
    try:
        parse_number(text)
        return NUMBER
    except CellFault:
        pass
    return BIN if is_bin(text) and any(ch.isdigit() for ch in text) else TEXT


@lru_cache(maxsize=20_000)
def is_bin(text: str) -> bool:
    """Say whether a text can be read as a bin."""
    try:
        parse_bin(text)
        return True
    except CellFault:
        return False


def clean(token: Token) -> tuple[str, str]:
    """Return a figure as the raw table has it.

    Parameters
    ----------
    token
        Of a column of figures.

    Returns
    -------
    text : str
        Without thousands separators and footnote marks; empty where suppressed.
    doubt : str
        Why a person should look at it; empty where there is no doubt.
    """
    if token.kind == BLANK:
        return "", ""
    text = " ".join(token.text.split())
    if token.kind == TEXT:
        return "", "is no figure: left blank"
    if figure := _ASIDE.fullmatch(text) or _LETTERED.fullmatch(text):
        return re.sub(r"[,\s]", "", figure[1]), "has brackets or a letter round its figure"
    try:
        parse_number(text)
    except CellFault:
        return (
            (re.sub(r"(?<=\d) (?=\d{3})", "", text), "was read as one number")
            if _SPACED.fullmatch(text)
            else (text, "is no number")
        )
    bare = re.sub(r"[^\d.%-]", "", text.replace("−", "-").replace("–", "-"))
    return bare, "is a percentage" if "%" in bare else ""


def tokens_of(line: Line) -> tuple[Token, ...]:
    """Return the tokens of a line.

    Parameters
    ----------
    line

    Returns
    -------
    tuple of Token
        From left to right.
    """
    found: list[Token] = []
    words, i = line.words, 0
    while i < len(words):
        most = i + 1
        while (
            most < len(words)
            and most < i + 4
            and (
                words[most].x0 - words[most - 1].x1 < CLOSE * words[most].space
                or words[most - 1].text.casefold() == "step"  # lines that are justified have wide spaces
            )
        ):
            most += 1
        for j in range(most, i, -1):
            text = " ".join(word.text for word in words[i:j])
            kind = kind_of(text) if j == i + 1 else _joined(text, words[i:j])
            if kind:
                break
        found.append(
            Token(
                kind,
                text,
                words[i].x0,
                words[j - 1].x1,
                max(word.size for word in words[i:j]),
                words[i].font,
                words[i].space,
                min(word.top for word in words[i:j]),
                max(word.bottom for word in words[i:j]),
            )
        )
        i = j
    return tuple(_dashes(found))


def _joined(text: str, words: Sequence[Word]) -> str:
    """The kind of several words that say one thing, or empty."""
    widest = max(b.x0 - a.x1 for a, b in pairwise(words))
    if _SPACED.fullmatch(text) and widest < THIN * words[0].space:
        return NUMBER
    if re.fullmatch(r"step [123]( ck)?", text, re.IGNORECASE):
        return TEXT
    if len(words) == 2 and words[0].text[0].isdigit() and re.fullmatch(r"%|[*†‡§]+", words[1].text):
        return NUMBER
    apart = any(a.text[-1].isdigit() and b.text[0].isdigit() for a, b in pairwise(words))
    if apart or not any(ch.isdigit() for ch in text) or words[0].text in ("-", "–") or not is_bin(text):
        return ""
    return kind_of(text) if is_suppressed(text) else BIN


def _dashes(tokens: Sequence[Token]) -> Iterator[Token]:
    """A dash between two words of a name is text, not a suppressed cell."""
    for i, token in enumerate(tokens):
        inside = (
            0 < i < len(tokens) - 1 and token.kind == BLANK and not any(ch.isdigit() for ch in token.text)
        )
        if inside and tokens[i - 1].kind == tokens[i + 1].kind == TEXT:
            near = max(token.x0 - tokens[i - 1].x1, tokens[i + 1].x0 - token.x1) < CLOSE * token.space
            token = replace(token, kind=TEXT) if near else token
        yield token


def chunks(tokens: Sequence[Token], widest: float = 2.1) -> list[list[Token]]:
    """Part tokens where the gap is wider than some spaces.

    Parameters
    ----------
    tokens
    widest
        How many.

    Returns
    -------
    list of list of Token
    """
    parts: list[list[Token]] = []
    for token in tokens:
        if parts and token.x0 - parts[-1][-1].x1 < widest * token.space:
            parts[-1].append(token)
        else:
            parts.append([token])
    return parts
