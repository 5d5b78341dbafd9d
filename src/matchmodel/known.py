"""What is there for certain, though its type says that it may be missing. Standard library only."""

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None) -> T:
    """Return a value that cannot be None here.

    Raises
    ------
    TypeError
        Where it is all the same: an error of the program, not of its input.
    """
    if value is None:
        raise TypeError("a value is missing that should be there")
    return value
