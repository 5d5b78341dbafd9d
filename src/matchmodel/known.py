"""What is there for certain, though its type says that it may be missing. Standard library only."""

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None, what: str = "value that should be there") -> T:
    """Return a value that cannot be None here.

    Parameters
    ----------
    value
    what
        What it is, in words.

    Raises
    ------
    TypeError
        Where it is None all the same: an error of the program, not of its input.
    """
    if value is None:
        raise TypeError(f"there is no {what}")
    return value
