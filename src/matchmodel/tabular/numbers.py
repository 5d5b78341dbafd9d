"""Numbers: as reports print them, and as people write them in tables.

Reports print ``3,392``, ``48.5%`` and ``248*``; people write ``3,5``, ``1 200`` and ``40 %`` too. Here is
the one place that knows it.
"""

import re
from math import isfinite

from ..errors import RefusedInput, clipped
from .cells import MARKS, CellFault, is_suppressed, tidy_text

_BLANKS = "\u00a0\u202f\u2009"
_PRINTED = re.compile(rf"[-−–]?(?:\d+|\d{{1,3}}(?:[,{_BLANKS}]\d{{3}})+)?(?:\.\d*)?", re.ASCII)
_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
_SPACED = re.compile(r"[-+]?\d{1,3}(?:[ '’]\d{3})+(?=[.,]|$)", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)  # 1,200 and 1.200: which of the two?
_ENGLISH = re.compile(r"[-+]?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})", re.ASCII)
_CONTINENTAL = re.compile(r"[-+]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+", re.ASCII)
_MINUS = str.maketrans("−–", "--")


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
    bare = MARKS.sub("", outer).strip()
    percent = bare.endswith("%")
    if percent:
        bare = bare[:-1].strip()
    elif bare.startswith("$"):
        bare = bare[1:].strip()
    if not any(ch.isdigit() for ch in bare) or not _PRINTED.fullmatch(bare):
        raise CellFault("is not a number")
    value = float(re.sub(rf"[,{_BLANKS}]", "", bare).translate(_MINUS))
    if not isfinite(value):  # hundreds of digits
        raise CellFault("is not a number")
    return value, percent


def plain_number(text: str, counted: bool = False) -> str:
    """Return a number that a person wrote as Python writes it; a text that is none stays as it is.

    Parameters
    ----------
    text
        Such as ``3,5``, ``1 200``, ``1.234,5``, ``0,4 %`` or ``unknown``.
    counted
        Whether it is a count that may be in the thousands: ``1,200`` is 1200 then.

    Raises
    ------
    RefusedInput
        Where it may be one number or another a thousand times as large.
    """
    bare = tidy_text(text).translate(_MINUS)
    sign = "%" if bare.endswith("%") else ""
    bare = bare.removesuffix("%").rstrip()
    if _SPACED.match(bare):
        bare = re.sub(r"[ '’]", "", bare)
    grouped = _GROUPED.fullmatch(bare)
    if grouped and (counted or grouped[1] == ","):
        if not (counted and grouped[1] == ","):
            whole = re.sub(r"[.,]", "", bare)
            raise RefusedInput(
                f"'{clipped(text)}' may mean {whole} or {float(bare.replace(',', '.')):g}; write one of these"
            )
        bare = bare.replace(",", "")
    elif _ENGLISH.fullmatch(bare):
        bare = bare.replace(",", "")
    elif _CONTINENTAL.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(bare):
        bare = bare.replace(",", ".")
    return bare + sign if _PLAIN.fullmatch(bare) else text


def number(text: str, counted: bool = False) -> float | None:
    """Return a number that a person wrote (`plain_number`), None where the text is no number."""
    bare = plain_number(text, counted)
    return float(bare) if _PLAIN.fullmatch(bare) else None
