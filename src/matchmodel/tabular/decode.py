"""From a file's bytes to its text; where two readings are possible, neither is taken."""

import codecs
import re
from collections.abc import Callable, Iterable

# A whole UTF-8 sequence; in Windows-1252 it would be an accented capital followed by signs, such as 'â€“'.
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # bytes that Windows-1252 has no character for
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
# Tables of other programs, by the end of their name in lower case.
_OTHER_SUFFIXES = (
    ".xls",
    ".xlsb",
    ".ods",
    ".numbers",
    ".pdf",
    ".doc",
    ".docx",
    ".html",
    ".htm",
    ".json",
    ".parquet",
)
_READ = "a table as .csv, .tsv, .xlsx, or .txt pasted out of the PDF"


class Unreadable(ValueError):
    """A file, or a line of one, that cannot be read; says what is wrong and what was expected.

    Attributes
    ----------
    fault, expected
        The rest of a sentence about the file: 'is a PDF', and what is read.
    line
        Where, None for the file as a whole.
    sheet
        The name of a sheet that is not there.
    """

    def __init__(
        self, fault: str, expected: str = _SAVE, line: int | None = None, sheet: str | None = None
    ) -> None:
        self.fault, self.expected, self.line, self.sheet = fault, expected, line, sheet
        super().__init__(f"{fault} (expected {expected})")


def other_format(raw: bytes, suffix: str = "") -> Unreadable | None:
    """Return what a file is that is no text table by its first bytes or by the end of its name."""
    for start, fault, expected in _OTHERS:
        if raw.startswith(start):
            return Unreadable(fault, expected)
    return Unreadable(f"is a {suffix} file, which is not read", _READ) if suffix in _OTHER_SUFFIXES else None


def decode(raw: bytes) -> str:
    """Decode a file's bytes, without byte-order mark; see `encoding`."""
    return raw.decode(encoding(lambda: [raw])).removeprefix("\ufeff")


def encoding(read: Callable[[], Iterable[bytes]]) -> str:
    """Return the encoding of a file, of which no more than a piece is held.

    Parameters
    ----------
    read
        Gives the file's bytes, piece by piece: UTF-8 with or without a byte-order mark, UTF-16 (Excel's
        'Unicode text') or UTF-32 with one. Where UTF-8 fails, Windows-1252 or Latin-1, unless the file holds
        whole UTF-8 characters too, or zero bytes.

    Raises
    ------
    Unreadable
        Where it is not certain what the characters are.
    """
    start = next(iter(read()), b"")
    for mark, name in _MARKS:
        if start.startswith(mark):
            if _first_wrong(read(), name) is not None:
                begun = f"begins as {name.removesuffix('-sig').upper()}"
                raise Unreadable(f"{begun} and does not go on so; it is cut off or damaged")
            return name
    zero, accented, windows, end = False, False, True, b""
    for piece in read():
        zero = zero or b"\x00" in piece
        if not (end + piece).isascii():
            accented = accented or _UTF8.search(end + piece) is not None
            windows = windows and not _NOT_WINDOWS.search(piece)
        end = piece[-3:]
    if zero:
        raise Unreadable("holds zero bytes: it is no text, or UTF-16 without its byte-order mark")
    wrong = _first_wrong(read(), "utf-8")
    if wrong is not None and accented:
        mixed = f"mixes UTF-8 with another encoding (first at line {wrong})"
        raise Unreadable(f"{mixed}, so its characters are not certain")
    return "utf-8" if wrong is None else "cp1252" if windows else "latin-1"


def _first_wrong(pieces: Iterable[bytes], name: str) -> int | None:
    """Return the line of the first bytes that are not of an encoding, None where all are."""
    decoder, lines = codecs.getincrementaldecoder(name)(), 1
    try:
        for piece in pieces:
            lines += decoder.decode(piece).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return lines + error.object.count(b"\n", 0, error.start)
    return None
