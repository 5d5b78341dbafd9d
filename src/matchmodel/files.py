"""Files, written whole or not at all; and numbers as JSON has them.

Standard library only: this module is on the path of ``predict``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from numbers import Integral, Real
from pathlib import Path
from typing import Any

DIGITS = 6  # significant ones; beyond them lies what differs between machines


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a neighbour to write to, which takes the file's place when all went well and is removed if not.

    A link stays one: what it points to is replaced.
    """
    target = os.path.realpath(path)
    beside = Path(f"{target}.{os.getpid()}.tmp")
    try:
        yield beside
        os.replace(beside, target)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


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
