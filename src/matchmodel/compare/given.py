"""Values that are None in other places, where they are asked for because they are there."""

from typing import TypeVar

T = TypeVar("T")


def given(value: T | None, what: str) -> T:
    """Return a value that is there.

    Parameters
    ----------
    value
        Not None.
    what
        What it is, in words.

    Raises
    ------
    ValueError
        Where it is None.
    """
    if value is None:
        raise ValueError(f"there is no {what}")
    return value
