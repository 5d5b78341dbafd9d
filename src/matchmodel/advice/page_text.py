"""The page of an applicant as plain text of 80 columns, for a terminal. Standard library only."""

from ..wording import ASSOCIATION, WIDTH, table, wrapped
from .page_sections import Grid, Items, Picture, Text, known, sections, title


def _grid(block):
    """Yield a table where it fits, else a paragraph a row."""
    made = table(block.head, block.rows, left=block.left)
    if max(map(len, made)) <= WIDTH:
        yield from made
        return
    for row in block.rows:
        told = [f"{head} {cell}" if len(row) > 2 else cell for head, cell in zip(block.head[1:], row[1:]) if cell]
        yield wrapped(f"{row[0] or '...'}: {'; '.join(told)}", "  - ")


def _block(block):
    if isinstance(block, Text):
        yield wrapped(block.text, "  ")
    elif isinstance(block, Items):
        for item in block.items:
            yield wrapped(item, "  - ")
    elif isinstance(block, Grid):
        yield from _grid(block)
    else:
        assert isinstance(block, Picture)


def text_lines(plan):
    """Yield the lines of the page, without its figures, whose numbers stand in its tables.

    Parameters
    ----------
    plan : matchmodel.advice.page.Plan
    """
    yield wrapped(title(plan), "")
    yield wrapped("; ".join(f"{name}: {value}" for name, value in known(plan)) + f". Model {plan.model_name}.", "")
    yield wrapped(ASSOCIATION, "")
    for section in sections(plan):
        yield ""
        yield section.title
        for block in section.blocks:
            yield from _block(block)
    yield ""
    yield wrapped(ASSOCIATION, "")
