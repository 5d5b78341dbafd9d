"""What the sections of a page share: a picture where there is one."""

from ...report.blocks import Block, Picture

TWO = frozenset({0, 1})
BASES = "measured: a Match table; evidence: the register of other studies; assumed: nobody measured it."


def picture(svg: str | None, words: str) -> tuple[Block, ...]:
    return () if svg is None else (Picture(svg, words),)
