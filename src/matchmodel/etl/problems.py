"""What is wrong with the raw sources, one line per problem."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import clipped, visible

LONGEST = 100  # characters, of a column's header


@dataclass(frozen=True)
class Problem:
    """One fault in one place of the raw sources.

    Attributes
    ----------
    file
        The file, relative to the raw folder (``<source-id>/<file>``), or the folder itself.
    row
        Line number in the file, the header being line 1; None for the file as a whole.
    column
        The column's header as printed, or the key of source.toml.
    value
        What stands there.
    expected
        What was expected.
    fault
        What is wrong with the value, as the rest of a sentence: ``is not a number``.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    expected: str
    fault: str = "is refused"

    @classmethod
    def of_file(cls, file: str, expected: str, fault: str) -> Problem:
        """Return a problem of a file, or a folder, as a whole."""
        return cls(file, None, None, None, expected, fault)

    def __str__(self) -> str:
        place = []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            column = clipped(self.column, LONGEST)
            place.append(f"column {column}" if self.row is not None else column)
        parts = [self.file] + ([", ".join(place)] if place else [])
        fault = self.fault if self.value is None else f"{_quoted(self.value)} {self.fault}"
        parts.append(fault + (f" (expected {self.expected})" if self.expected else ""))
        return visible(" ".join(": ".join(parts).split()))


def _quoted(text: str, most: int = 60) -> str:
    return repr(text if len(text) <= most else text[: most - 1] + "…")
