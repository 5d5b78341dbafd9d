"""Whether columns are a layout's, and no other's."""

from collections.abc import Sequence

from ..page import columns as col
from ..page import headers
from ..page.columns import Column
from ..page.regions import NEEDED
from ..page.tokens import Token
from ..page.vocabulary import BIN_PREFIX, STATISTICS
from ..page.words import Line
from .rows import Item


def fits(columns: Sequence[Column], layout: str) -> bool:
    names = {column.name for column in columns}
    if layout == "bins" and sum((name or "").startswith(BIN_PREFIX) for name in names) >= 2:
        return True
    if layout == "bins" and "bin" not in names:
        return False
    if layout == "quartiles" and ("mean" in names or {"median", "iqr"} <= names):
        return not names & {"q1", "q3"} or names.issuperset(NEEDED[layout])
    return names.issuperset(NEEDED[layout])


def alone(
    zone: Sequence[Line],
    layout: str,
    columns: Sequence[Column],
    figures: Sequence[Sequence[Token]],
    items: Sequence[Item],
) -> bool:
    """Whether a table with the layout's headers is of no other layout: medians are no counts."""
    if layout == "quartiles":
        return True
    other = [phrase.name for part in headers.stack(zone, "quartiles", columns) for phrase in part]
    if any(name in STATISTICS and name != "n" for name in other):
        return False
    wide = [phrase for part in headers.stack(zone, "bins", columns) for phrase in part]
    if layout == "counts":
        bins = sum((phrase.name or "").startswith(BIN_PREFIX) for phrase in wide) > 1
        return not bins and not (columns and col.holds_bins(columns[0], figures))
    down = [item.bin for item in items if item.row and item.bin]
    return (
        not down or any(not bin_.isdigit() for bin_ in down) or any(phrase.name == "bin" for phrase in wide)
    )
