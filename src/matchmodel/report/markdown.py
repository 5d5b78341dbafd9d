"""A page as Markdown."""

from ..errors import visible
from .blocks import Block, Code, Grid, Image, Items, Link, Page, Picture, Section, Strong, Text, Words, parts

_SPECIAL = "\\`*_[]|#~"
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": " ", "\n": " "}


def for_markdown(text: str) -> str:
    """Return text in which nothing is Markdown or HTML."""
    return "".join("\\" + c if c in _SPECIAL else _NAMED.get(c, c) for c in visible(text))


def _inline(words: Words) -> str:
    marks = {Strong: ("**", "**"), Code: ("<code>", "</code>")}
    pieces = []
    for part in parts(words):
        before, after = ("[", f"]({part})") if isinstance(part, Link) else marks.get(type(part), ("", ""))
        pieces.append(before + for_markdown(part) + after)
    return "".join(pieces)


def table(block: Grid) -> list[str]:
    """Return the lines of a table."""
    marks = (":--" if k in block.left else "--:" for k in range(len(block.head)))
    return [
        "| " + " | ".join(_inline(cell) or " " for cell in block.head) + " |",
        "|" + "|".join(marks) + "|",
        *("| " + " | ".join(map(_inline, row)) + " |" for row in block.rows),
    ]


def _block(block: Block) -> list[str]:
    if isinstance(block, Text):
        return [_inline(block.text)]
    if isinstance(block, Items):
        return [f"- {_inline(item)}" for item in block.items]
    if isinstance(block, Picture):
        return [f"(Figure in the HTML page: {for_markdown(block.words)})"]
    if isinstance(block, Image):
        return [f"![{for_markdown(block.words)}]({block.path})"]
    return table(block)


def section_lines(section: Section) -> list[str]:
    """Return the lines of a section, a blank one after each block."""
    lines = [f"## {for_markdown(section.title)}", ""] if section.title else []
    for block in section.blocks:
        lines += [*_block(block), ""]
    return lines


def markdown(page: Page, mark: str = "") -> str:
    """Return a page as Markdown.

    Parameters
    ----------
    page
    mark
        The first line, by which the file is known.
    """
    lines = [mark, ""] if mark else []
    lines += [f"# {for_markdown(page.title)}", ""]
    if page.about:
        lines += [_inline(page.about), ""]
    if page.rule:
        lines += [f"**{for_markdown(page.rule)}**", ""]
    for section in page.sections:
        lines += section_lines(section)
    return "\n".join([*lines, for_markdown(page.rule), ""] if page.rule else lines)
