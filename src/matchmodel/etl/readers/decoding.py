"""From a file's bytes to its text; where two readings are possible, neither is taken."""

import re

# A whole UTF-8 sequence; in Windows-1252 it would be an accented capital followed by signs, such as 'â€“'.
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_SAVE = "UTF-8; save it anew as 'CSV UTF-8', or as .xlsx"
# What a file is by its first bytes, whatever its name says.
_OTHERS = (
    (
        b"PK\x03\x04",
        "is a workbook or another packed file by its content",
        "a text table, or a workbook whose name ends in .xlsx",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "is an old or a locked Office file",
        "a workbook saved as .xlsx without a password, or CSV",
    ),
    (b"%PDF", "is a PDF", "the table itself, as CSV, TSV, XLSX or text pasted out of the PDF"),
)


class Undecodable(ValueError):
    """Bytes that are no text, or more than one; says what is wrong and what was expected."""

    def __init__(self, fault: str, expected: str = _SAVE) -> None:
        self.fault, self.expected = fault, expected
        super().__init__(f"{fault} (expected {expected})")


def other_format(raw: bytes) -> tuple[str, str] | None:
    """Return (what it is, what was expected) of bytes that are no text table by their beginning."""
    return next(((fault, expected) for start, fault, expected in _OTHERS if raw.startswith(start)), None)


def decode(raw: bytes) -> str:
    """Decode a file's bytes.

    Parameters
    ----------
    raw
        UTF-8 with or without a byte-order mark, UTF-16 (Excel's 'Unicode text') or UTF-32 with one. Where
        UTF-8 fails, Windows-1252 or Latin-1, unless the file holds whole UTF-8 characters too, or zero bytes.

    Returns
    -------
    str
        The text, without byte-order mark.

    Raises
    ------
    Undecodable
        Where it is not certain what the characters are.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding).removeprefix("\ufeff")
            except UnicodeDecodeError:
                begun = f"begins as {encoding.removesuffix('-sig').upper()}"
                raise Undecodable(f"{begun} and does not go on so; it is cut off or damaged") from None
    if b"\x00" in raw:
        raise Undecodable("holds zero bytes: it is no text, or UTF-16 without its byte-order mark")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _UTF8.search(raw):
            line = 1 + raw.count(b"\n", 0, error.start)
            mixed = f"mixes UTF-8 with another encoding (first at line {line})"
            raise Undecodable(f"{mixed}, so its characters are not certain") from None
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
