"""Files, written whole or not at all; and numbers as JSON has them.

Standard library only: this module is on the path of ``predict``.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from .errors import MatchModelError, RefusedInput, visible
from .inputs import why

if TYPE_CHECKING:
    from pathlib import Path

try:
    import fcntl
except ImportError:  # where there are no locks, nothing is swept away
    fcntl = None  # type: ignore[assignment]

DIGITS = 6  # significant ones; beyond them lies what differs between machines
_LEFT = re.compile(r"\.[0-9a-f]{8}\.tmp")


@contextmanager
def whole(path: str | os.PathLike[str], private: bool = False, new: bool = False) -> Iterator[Path]:
    """Give a place to write to, which takes the file's own when all went well and is gone if not.

    A link stays one: what it points to is replaced. The place is for nobody else to read; at the end it gets
    the mode of the file that it replaces, or a new file's usual one unless it is to stay private; where it is
    to be new, nothing is replaced. Where the
    system can, the place has no name until it is whole, so that a run that is killed leaves nothing;
    elsewhere it is a neighbour, and the next run removes what a killed one left.

    Raises
    ------
    FileExistsError
        Where it is to be new, and is there.
    MatchModelError
        Where it cannot be written.
    """
    from pathlib import Path  # which most of asking does without

    target = os.path.realpath(path)
    beside = f"{target}.{os.urandom(4).hex()}.tmp"
    try:
        with locked(os.path.dirname(target)):
            _sweep(target)
            file, place = _unnamed(target) or _named(beside)
            lock(file)  # while it is held, no other run takes the place for a dead one's
        try:
            yield Path(place)
            os.chmod(place, 0o600 if private else _mode(target))
            if file >= 0:
                os.fsync(file)  # while it has no name: to give it one and its place takes no time then
            if new or place != beside:
                # With a folder named it follows the link that a place in /proc is.
                os.link(place, target if new else beside, src_dir_fd=file)
            if not new:
                os.replace(beside, target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(beside)
            if file >= 0:
                os.close(file)
    except FileExistsError:
        raise
    except OSError as error:
        raise MatchModelError(f"{path} cannot be written: {why(error)}") from None


def _unnamed(target: str) -> tuple[int, str] | None:
    """Open a file without a name in the target's folder; it and its place in /proc, None where none is."""
    try:
        file = os.open(os.path.dirname(target), os.O_TMPFILE | os.O_RDWR, 0o600)
    except (AttributeError, OSError):  # another system, or a file system that cannot
        return None
    place = f"/proc/self/fd/{file}"
    if os.path.exists(place):
        return file, place
    os.close(file)
    return None


def _named(beside: str) -> tuple[int, str]:
    file = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    if fcntl is None:  # there, what is open cannot be renamed
        os.close(file)
        file = -1
    return file, beside


def _sweep(target: str) -> None:
    """Remove what runs that were killed left beside a file."""
    folder, name = os.path.split(target)
    for left in os.listdir(folder):
        if left.startswith(name + ".") and _LEFT.fullmatch(left[len(name) :]):
            path = os.path.join(folder, left)
            with suppress(OSError):
                file = os.open(path, os.O_RDWR)
                try:
                    if lock(file, wait=False):
                        os.unlink(path)
                finally:
                    os.close(file)


def lock(file: int, shared: bool = False, wait: bool = True) -> bool:
    """Lock an open file or folder until it is closed; False where it was not locked."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except OSError:  # somebody else's, or a file system without locks
        return False
    return True


@contextmanager
def locked(folder: str | os.PathLike[str], shared: bool = False) -> Iterator[None]:
    """Keep a folder to oneself, or from those who would, where the system can."""
    if fcntl is None:
        yield
        return
    file = os.open(folder, os.O_RDONLY)
    try:
        lock(file, shared)
        yield
    finally:
        os.close(file)


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


def write_text(path: str | os.PathLike[str], text: str, private: bool = False, new: bool = False) -> None:
    """Write a text file whole or not at all, lines ending as they do in the text (`whole`)."""
    with whole(path, private, new) as beside, open(beside, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def json_text(content: Any) -> str:
    """Return JSON to be shown; what a terminal would act on is escaped as JSON does it."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    if visible(text) == text:
        return text
    return "".join(ch if visible(ch) == ch else json.dumps(ch)[1:-1] for ch in text)


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
