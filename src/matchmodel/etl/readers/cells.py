"""Printed cells: numbers, suppressed cells, footnote marks, and words matched loosely.

Reports print ``3,392``, ``48.5%``, ``248*``, ``–`` and ``< 5``. Here is the one place that knows it.
"""

import re
from typing import Self

Value = float | str | None  # a cell as read; None where it is blank or withheld
SUPERSCRIPTS = "\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u02e1-\u02e3\u1d2c-\u1d6a\u2070-\u209f"
_MARK = rf"[*†‡§¶#]+|[{SUPERSCRIPTS}]+|\[\s*\w{{1,2}}\s*\]|\(\s*[a-z]\s*\)"
_MARKS = re.compile(rf"(?:[\s,]*(?:{_MARK}))+$")
_NAME_MARKS = re.compile(rf"(?:[\s,]*(?:{_MARK}|\(\s*\d\d?\s*\)))+$")
_NUMBER = re.compile(r"[-−–]?(?:\d+|\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+)?(?:\.\d*)?", re.ASCII)
_UNDER = re.compile(r"[<≤]\s*=?\s*\d+", re.ASCII)
SUPPRESSED_WORDS = frozenset(
    {"", "-", "--", "‐", "‑", "‒", "–", "—", "―", "−", "na", "n/a", "n.a.", "suppressed"}
)
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
    return _NAME_MARKS.sub("", tidy_text(text))


def key(text: str) -> str:
    """Return what two spellings of one header or coded word have in common.

    Case, spaces, hyphens, underscores, dots and footnote marks do not count; ``%`` and
    ``Percent`` are ``pct``.
    """
    loose = without_marks(text).casefold().replace("%", "pct")
    loose = "".join(ch for ch in loose if ch.isalnum())
    return re.sub(r"(percent|percentage)$", "pct", loose)


def is_suppressed(text: str) -> bool:
    """Say whether a printed cell stands for a figure that the report withholds."""
    bare = _MARKS.sub("", tidy_text(text)).casefold()
    return bare in SUPPRESSED_WORDS or _UNDER.fullmatch(bare) is not None


def parse_number(text: str) -> tuple[float | None, bool]:
    """Read a printed number.

    Parameters
    ----------
    text
        A cell as printed.

    Returns
    -------
    value
        None where the cell is suppressed.
    percent
        Whether a percent sign was printed.

    Raises
    ------
    CellFault
        Where it is neither a number nor a suppressed cell.
    """
    if is_suppressed(text):
        return None, False
    outer = text.replace("\ufeff", "").strip()
    bare = _MARKS.sub("", outer).strip()
    percent = bare.endswith("%")
    if percent:
        bare = bare[:-1].strip()
    elif bare.startswith("$"):
        bare = bare[1:].strip()
    if not any(ch.isdigit() for ch in bare) or not _NUMBER.fullmatch(bare):
        raise CellFault("is not a number")
    plain = re.sub(r"[,\u00a0\u202f\u2009]", "", bare).replace("−", "-").replace("–", "-")
    return float(plain), percent


def is_total(text: str) -> bool:
    """Say whether a specialty cell names a total row, such as ``All Specialties``."""
    return key(text) in TOTAL_KEYS


def code_word(text: str, joiner: str = "_") -> str:
    """Return a coded word in lower case, its parts joined: ``Step 2 CK`` to ``step_2_ck``."""
    bare = without_marks(text).casefold().replace(".", "")
    return joiner.join(part for part in re.split(r"[\s_\-–/]+", bare) if part)
