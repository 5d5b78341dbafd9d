"""Files, written whole or not at all; and numbers as JSON has them.

Standard library only: this module is on the path of ``predict``.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from .errors import MatchModelError, RefusedInput

DIGITS = 6  # significant ones; beyond them lies what differs between machines


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a neighbour to write to, which takes the file's place when all went well and is removed if not.

    A link stays one: what it points to is replaced. The neighbour is for nobody else to read; at the
    end it gets the mode of the file that it replaces, or a new file's usual one.
    """
    target = os.path.realpath(path)
    beside = Path(f"{target}.{os.urandom(4).hex()}.tmp")
    os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield beside
        os.chmod(beside, _mode(target))
        os.replace(beside, target)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _mode(path: str) -> int:
    """Mode of a file, or that of a new one."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def same_file(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Say whether two paths lead to one file, by whatever links."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def check_output(path: str | os.PathLike[str], kept: Mapping[str, str | os.PathLike[str]], kind: str) -> None:
    """Refuse to write over what is kept, or over what is no file.

    Parameters
    ----------
    path
        Where something is to be written.
    kept
        {what it is: file}.
    kind
        Of file to name instead, such as 'CSV file'.

    Raises
    ------
    RefusedInput
        Where the path leads to one of `kept`.
    MatchModelError
        Where it is a folder or a device.
    """
    for what, other in kept.items():
        if same_file(path, other):
            raise RefusedInput(f"{path} is {what}, which is kept; name another file")
    if os.path.exists(path) and not os.path.isfile(path):
        raise MatchModelError(f"{path} is not a regular file; name a {kind} to write")


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file whole or not at all, lines ending as they do in the text."""
    with whole(path) as beside, open(beside, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def plain(value: Any, digits: int = DIGITS) -> Any:
    """Return a value as JSON has it: numbers of so many significant digits, None for what is not finite."""
    if isinstance(value, dict):
        return {str(k): plain(v, digits) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v, digits) for v in value]
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        rounded = float(f"{float(value):.{digits}g}")
        return rounded if rounded - rounded == 0 else None
    return value
