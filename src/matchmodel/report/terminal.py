"""A page for a terminal of 80 columns."""

from collections.abc import Iterator

from .blocks import Block, Grid, Items, Page, Text, Words, parts
from .wording import WIDTH, table, wrapped

NARROWEST = 24  # columns, under which the words of a last column are not folded


def _said(words: Words) -> str:
    return "".join(parts(words))


def _folded(block: Grid, indent: str) -> list[str] | None:
    """Return a table whose last column of words is folded, None where that leaves it too narrow."""
    last = len(block.head) - 1
    others = table(
        block.head[:-1], [row[:-1] for row in block.rows], left=set(block.left - {last}), indent=indent
    )
    widest = max(map(len, others))
    if last not in block.left or not last or widest + 2 + NARROWEST > WIDTH:
        return None
    lines: list[str] = []
    for before, row in zip(others, (block.head, *block.rows), strict=True):
        first, *more = wrapped(row[-1], "", WIDTH - widest - 2).split("\n")
        lines.append(f"{before:<{widest}}  {first}".rstrip())
        lines += [" " * (widest + 2) + line for line in more]
    return lines


def grid_lines(block: Grid, indent: str = "  ") -> list[str]:
    """Return a table where it fits, folded in its last column or else a paragraph per row where not."""
    lines = table(block.head, block.rows, left=set(block.left), indent=indent)
    if max(map(len, lines)) <= WIDTH:
        return lines
    folded = _folded(block, indent)
    if folded is not None:
        return folded
    lines = []
    for row in block.rows:
        pairs = zip(block.head[1:], row[1:], strict=True)
        cells = [f"{head} {cell}".strip() if len(row) > 2 else cell for head, cell in pairs if cell]
        lines.append(wrapped(f"{row[0] or '...'}: {'; '.join(cells)}", indent + "- "))
    return lines


def _block_lines(block: Block, indent: str) -> list[str]:
    if isinstance(block, Text):
        return [wrapped(_said(block.text), indent)]
    if isinstance(block, Items):
        return [wrapped(_said(item), indent + "- ") for item in block.items]
    # The numbers of a picture stand in a table beside it.
    return grid_lines(block, indent) if isinstance(block, Grid) else []


def terminal(page: Page) -> Iterator[str]:
    """Yield the lines of a page, without its pictures; a paragraph is one text of several lines."""
    for words in (page.title, page.about, page.rule):
        if words:
            yield wrapped(_said(words), "")
    for section in page.sections:
        yield ""
        if section.title:
            yield wrapped(section.title, "")
        for block in section.blocks:
            yield from _block_lines(block, "  " if section.title else "")
    if page.rule:
        yield ""
        yield wrapped(page.rule, "")
