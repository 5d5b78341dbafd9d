"""What the sections of a page share: how a chance stands in a cell, and a picture where there is one."""

from ...model.engine import Range
from ...report.blocks import Block, Picture
from ...report.wording import percent

TWO = frozenset({0, 1})
BASES = "measured: a Match table; evidence: the register of other studies; assumed: nobody measured it."


def told(found: Range | None) -> str:
    """Return a chance and its range: '50.0% (44.0 to 56.0)'."""
    return (
        ""
        if found is None
        else f"{percent(found.point)} ({percent(found.low)[:-1]} to {percent(found.high)[:-1]})"
    )


def picture(svg: str | None, words: str) -> tuple[Block, ...]:
    return () if svg is None else (Picture(svg, words),)
