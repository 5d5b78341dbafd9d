"""What is wrong with the raw sources, one line a problem."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault in one place of the raw sources.

    Attributes
    ----------
    file : str
        The file, relative to the raw folder (``<source-id>/<file>``), or the folder itself.
    row : int or None
        Line number in the file, the header being line 1; None for the file as a whole.
    column : str or None
        The column's header as printed, or the key of source.toml.
    value : str or None
        What stands there.
    expected : str
        What was expected.
    fault : str
        What is wrong with the value, as the rest of a sentence: ``is not a number``.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    expected: str
    fault: str = "is refused"

    def __str__(self):
        place = []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}" if self.row is not None else self.column)
        parts = [self.file] + ([", ".join(place)] if place else [])
        said = self.fault if self.value is None else f"{_quoted(self.value)} {self.fault}"
        parts.append(said + (f" (expected {self.expected})" if self.expected else ""))
        return " ".join(": ".join(parts).split())


def _quoted(value, most=60):
    text = str(value)
    return repr(text if len(text) <= most else text[: most - 1] + "…")
