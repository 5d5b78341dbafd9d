"""The page of an applicant as Markdown. Standard library only."""

from ..wording import ASSOCIATION
from .page_sections import Grid, Items, Picture, Text, known, sections, title

MARK = "<!-- matchmodel plan: written by the program, which replaces it when it is run again -->"
_SPECIAL = "\\`*_[]|#~"
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": " ", "\n": " "}


def escaped(text):
    """Return text in which nothing is Markdown or HTML."""
    return "".join("\\" + c if c in _SPECIAL else _NAMED.get(c, c) for c in text)


def _grid(block):
    head = [escaped(cell) or " " for cell in block.head]
    yield "| " + " | ".join(head) + " |"
    yield "|" + "|".join(":--" if k in block.left else "--:" for k in range(len(head))) + "|"
    for row in block.rows:
        yield "| " + " | ".join(escaped(cell) for cell in row) + " |"


def _block(block):
    if isinstance(block, Text):
        return [escaped(block.text)]
    if isinstance(block, Items):
        return [f"- {escaped(item)}" for item in block.items]
    if isinstance(block, Grid):
        return list(_grid(block))
    assert isinstance(block, Picture)
    return [f"(Figure in the HTML page: {escaped(block.words)})"]


def markdown(plan):
    """Return the page as Markdown; figures, whose numbers stand in its tables, are named.

    Parameters
    ----------
    plan : matchmodel.advice.page.Plan
    """
    lines = [MARK, "", f"# {escaped(title(plan))}", "", "; ".join(f"{escaped(name)}: {escaped(value)}" for name, value in known(plan)) + f". Model {escaped(plan.model_name)}.", "", f"**{ASSOCIATION}**", ""]
    for section in sections(plan):
        lines += [f"## {escaped(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    return "\n".join([*lines, f"{ASSOCIATION}", ""])
