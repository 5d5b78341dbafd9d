"""A page for a terminal of 80 columns."""

from collections.abc import Iterator

from .blocks import Block, Grid, Items, Page, Text, Words, parts
from .wording import WIDTH, table, wrapped

NARROWEST = (18, 24)  # columns, under which the words of a first or a last column are not folded


def _inline(words: Words) -> str:
    return "".join(parts(words))


def _folded(block: Grid, indent: str, k: int) -> list[str] | None:
    """Return a table whose column `k` is folded, None where that leaves it too narrow."""
    rows = (block.head, *block.rows)
    others = [row[:k] + row[k + 1 :] for row in rows]
    room = WIDTH - 2 - max(map(len, table(others[0], others[1:], indent=indent)))
    if k not in block.left or not others[0] or room < NARROWEST[bool(k)]:
        return None
    lines = []
    for row in rows:
        first, *more = wrapped(row[k], "" if k else "  ", room).split("\n")
        lines.append((*row[:k], first.removeprefix("  "), *row[k + 1 :]))
        lines += [("",) * k + (text,) + ("",) * (len(row) - k - 1) for text in more]
    folded = table(lines[0], lines[1:], left=set(block.left), indent=indent)
    return folded if max(map(len, folded)) <= WIDTH else None  # a word may be wider than its column


def grid_lines(block: Grid, indent: str = "  ") -> list[str]:
    """Return a table where it fits; else its last or first column folded, or else a paragraph per row."""
    lines = table(block.head, block.rows, left=set(block.left), indent=indent)
    if max(map(len, lines)) <= WIDTH:
        return lines
    for k in (len(block.head) - 1, 0):
        folded = _folded(block, indent, k)
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
        return [wrapped(_inline(block.text), indent)]
    if isinstance(block, Items):
        return [wrapped(_inline(item), indent + "- ") for item in block.items]
    # The numbers of a picture stand in a table beside it.
    return grid_lines(block, indent) if isinstance(block, Grid) else []


def terminal(page: Page) -> Iterator[str]:
    """Yield the lines of a page, without its pictures; a paragraph is one text of several lines."""
    for words in (page.title, page.about, page.rule):
        if words:
            yield wrapped(_inline(words), "")
    for section in page.sections:
        yield ""
        if section.title:
            yield wrapped(section.title, "")
        for block in section.blocks:
            yield from _block_lines(block, "  " if section.title else "")
    if page.rule:
        yield ""
        yield wrapped(page.rule, "")
