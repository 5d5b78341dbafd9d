"""Files that are read: regular ones of a bounded size. Standard library only, on the path of ``predict``.

A pipe would be waited for, a device has no end, and a file of a gigabyte would fill the memory.
"""

import errno
import json
import os
import stat
from codecs import BOM_UTF8
from typing import Any, NoReturn

from .errors import clipped

MOST_BYTES = 200_000_000  # of a table, a PDF or a model file
MOST_DOTS = 200  # of a line of TOML


def regular(path: str | os.PathLike[str]) -> int:
    """Return the size of a regular file, in bytes.

    Raises
    ------
    OSError
        Its `strerror` says what else it is.
    """
    try:
        found = os.stat(path)
    except ValueError:  # a null character
        raise OSError(errno.EINVAL, "its name is no file name") from None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    return found.st_size


def file_bytes(path: str | os.PathLike[str], most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a regular file.

    Parameters
    ----------
    path
    most
        Bytes; a larger file is not read.

    Raises
    ------
    OSError
        Its `strerror` says why nothing was read.
    """
    if regular(path) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes")
    with open(path, "rb") as file:
        return file.read(most)


def why(error: Exception) -> str:
    """Return what an error says, without the number and the file's name that the system's errors have."""
    return getattr(error, "strerror", None) or str(error)


def strict_json(raw: bytes) -> Any:
    """Return what JSON in UTF-8 says, where it can be said in one way only.

    Raises
    ------
    ValueError
        For what is no JSON; for NaN and infinities, a key that an object has twice, and nesting without end.
    """
    text = raw.removeprefix(BOM_UTF8).decode("utf-8")
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def strict_toml(text: str) -> dict[str, Any]:
    """Return what TOML says.

    Raises
    ------
    ValueError
        For what is no TOML, or is nested without end: each further part of a key takes longer than the last.
    """
    import tomllib  # which most of asking does without

    if any(line.partition("=")[0].count(".") > MOST_DOTS for line in text.split("\n")):
        raise ValueError(f"a line has more than {MOST_DOTS} dots")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        last = {key: place for place, (key, _) in enumerate(pairs)}
        twice = next(key for place, (key, _) in enumerate(pairs) if last[key] != place)
        raise ValueError(f"it has the key '{clipped(twice)}' twice")
    return made
