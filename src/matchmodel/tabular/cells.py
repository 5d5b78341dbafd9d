"""Cells as printed or typed: blanks, withheld and unknown ones, footnote marks, words matched loosely."""

import re
from functools import lru_cache
from typing import Self

Value = float | str | None  # a cell as read; None where it is blank or withheld
SUPERSCRIPTS = "\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u02e1-\u02e3\u1d2c-\u1d6a\u2070-\u209f"
_MARK = rf"[*†‡§¶#]+|[{SUPERSCRIPTS}]+|\[\s*\w{{1,2}}\s*\]|\(\s*[a-z]\s*\)"
MARKS = re.compile(rf"(?:[\s,]*(?:{_MARK}))+$")
_NAMEMARKS = re.compile(rf"(?:[\s,]*(?:{_MARK}|\(\s*\d\d?\s*\)))+$")
_UNDER = re.compile(r"[<≤]\s*=?\s*\d+", re.ASCII)
SUPPRESSED_WORDS = frozenset(
    {"", "-", "--", "‐", "‑", "‒", "–", "—", "―", "−", "na", "n/a", "n.a.", "suppressed"}
)
# Where a person has typed it; a report that writes 'suppressed' means another thing.
UNKNOWN_WORDS = SUPPRESSED_WORDS - {"suppressed"} | {
    "unknown", "not known", "not reported", "not available", "missing", "?", "null", "nan", "#n/a",
}  # fmt: skip
TOTAL_KEYS = frozenset(
    {
        "all",
        "total",
        "totals",
        "grandtotal",
        "overall",
        "allspecialties",
        "allspecialtiescombined",
        "totalallspecialties",
    }
)


class CellFault(ValueError):
    """A cell that cannot be read; `expected` replaces the column's own wording where given."""

    def __init__(self, fault: str, expected: str | None = None) -> None:
        self.fault = fault
        self.expected = expected
        super().__init__(fault)


class BadCell(str):
    """A cell that its file spoilt before it could be read, such as a date made of a bin.

    Its text is what is shown.
    """

    fault: str
    expected: str

    def __new__(cls, text: str, fault: str, expected: str) -> Self:
        cell = super().__new__(cls, text)
        cell.fault, cell.expected = fault, expected
        return cell


def tidy_text(text: str) -> str:
    """Return `text` without outer blanks, runs of blanks (no-break ones too) made one space."""
    return " ".join(text.replace("\ufeff", "").replace("\u200b", "").split())


def without_marks(text: str) -> str:
    """Return a printed name without the footnote marks at its end.

    Parameters
    ----------
    text
        Such as ``Pediatrics*``, ``Neurology [2]`` or ``Median¹``.

    Returns
    -------
    str
        The name alone.
    """
    return _NAMEMARKS.sub("", tidy_text(text))


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Return what two spellings of one header or coded word have in common; the one header key.

    Case, spaces, hyphens, underscores, dots and footnote marks do not count; ``%`` and
    ``Percent`` are ``pct``.
    """
    loose = without_marks(text).casefold().replace("%", "pct")
    loose = "".join(ch for ch in loose if ch.isalnum())
    return re.sub(r"(percent|percentage)$", "pct", loose)


def is_suppressed(text: str) -> bool:
    """Say whether a printed cell stands for a figure that the report withholds."""
    bare = MARKS.sub("", tidy_text(text)).casefold()
    return bare in SUPPRESSED_WORDS or _UNDER.fullmatch(bare) is not None


def is_unknown(text: str) -> bool:
    """Say whether a cell that a person typed says that something is not known."""
    return tidy_text(text).casefold() in UNKNOWN_WORDS


def is_total(text: str) -> bool:
    """Say whether a specialty cell names a total row, such as ``All Specialties``."""
    return key(text) in TOTAL_KEYS


def code_word(text: str, joiner: str = "_") -> str:
    """Return a coded word in lower case, its parts joined: ``Step 2 CK`` to ``step_2_ck``."""
    bare = without_marks(text).casefold().replace(".", "")
    return joiner.join(part for part in re.split(r"[\s_\-–/]+", bare) if part)
