"""What everything that a person reads is made of: a page of sections of plain blocks.

A result is made into a page once; `terminal`, `markdown` and `html` only write it out.
"""

from ..frozen import frozen


class Strong(str):
    """Words that stand out, within a text or as a cell."""


class Code(str):
    """Words to be typed as they stand: a command, a file's name."""


class Link(str):
    """A file beside the page, or an address."""


Words = str | tuple[str, ...]  # one text, or its parts, of which some are `Strong`, `Code` or `Link`


def parts(words: Words) -> tuple[str, ...]:
    """Return the parts of a text."""
    return (words,) if isinstance(words, str) else words


@frozen
class Text:
    """A paragraph."""

    text: Words


@frozen
class Items:
    """A list."""

    items: tuple[Words, ...]


@frozen
class Grid:
    """A table; `left` are the columns that stand to the left."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int] = frozenset({0})


@frozen
class Picture:
    """A figure: an SVG element, and what it shows in words."""

    svg: str
    words: str


@frozen
class Image:
    """A picture in a file beside the page, and what it shows in words."""

    path: str
    words: str


Block = Text | Items | Grid | Picture | Image


@frozen
class Section:
    """A heading and its blocks; without a heading they stand at the edge.

    Attributes
    ----------
    title
    blocks
    folded
        Whether a screen shows the heading alone until it is opened. Paper and the terminal show all.
    """

    title: str
    blocks: tuple[Block, ...]
    folded: bool = False


@frozen
class Page:
    """A title, a line on whom it is for, a rule that stands at the top and the end, and the sections.

    What is empty is left out.
    """

    title: str
    sections: tuple[Section, ...]
    about: Words = ""
    rule: str = ""
