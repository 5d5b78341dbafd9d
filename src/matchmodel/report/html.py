"""A page as one HTML file: no script, nothing from elsewhere, for telephones and paper."""

from itertools import groupby

from ..errors import visible
from .blocks import Block, Code, Grid, Image, Items, Link, Page, Section, Strong, Text, Words, parts

# On a narrow screen each row of a table is a block of its own, every cell after the name of its column.
STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1rem; max-width: 44rem; color: #1a1a1a; background: #ffffff;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .4rem;
padding-top: .4rem; border-top: 2px solid #0b4f8a; } p, ul { margin: .5rem 0; } ul { padding-left: 1.2rem; }
li { margin: .2rem 0; } .rule { padding: .5rem .75rem; border-left: 4px solid #b4460f; background: #f6f3ef; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .9em; font-variant-numeric:
tabular-nums; } th, td { padding: .25rem .5rem; border-bottom: 1px solid #c9c9c9; text-align: right;
vertical-align: top; } th { border-bottom: 2px solid #6b6b6b; } .l { text-align: left; } figure { margin: 1rem
0; } figure svg { width: 100%; max-width: 32rem; height: auto; } figcaption { color: #4a4a4a; font-size: .9em;
} details { margin: .8rem 0; border-top: 1px solid #c9c9c9; } summary { cursor: pointer; padding-top: .4rem; }
summary h2 { display: inline; border: 0; }
@media screen and (max-width: 34rem) {
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { padding: .4rem 0; border-bottom: 1px solid #c9c9c9; }
  td { border: 0; padding: .1rem 0; text-align: left; }
  td:first-child { font-weight: 600; }
  td:empty { display: none; }
  td:not(:first-child)::before { content: attr(data-head) ": "; color: #4a4a4a; }
}
@page { size: A4; margin: 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.3; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { list-style: none; break-after: avoid; }
  .folded { break-before: page; columns: 2; column-gap: 8mm; font-size: .94em; }
  .folded h2 { font-size: 1.1em; margin: 0; }
  .folded table { font-size: .84em; }
  .folded th, .folded td { padding: .1em .25em; }
  .folded td:first-child { min-width: 7em; }
  details { margin: 0 0 .6em; }
  h2, p:has(+ table), p:has(+ figure) { break-after: avoid; }
  tr, figure, li, .rule { break-inside: avoid; }
  thead { display: table-header-group; }
  figure svg { max-width: 8cm; }
}
"""


def for_html(text: str) -> str:
    """Return text that is safe in HTML and SVG, within attributes too."""
    text = visible(text)
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(raw, safe)
    return text


def _inline(words: Words) -> str:
    tags = {Strong: "strong", Code: "code"}
    pieces = []
    for part in parts(words):
        tag, text = tags.get(type(part)), for_html(part)
        if isinstance(part, Link):
            text = f'<a href="{text}">{text}</a>'
        pieces.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(pieces)


def _grid(block: Grid) -> str:
    side = [' class="l"' if k in block.left else "" for k in range(len(block.head))]
    head = "".join(
        f'<th scope="col"{at}>{_inline(cell)}</th>' for at, cell in zip(side, block.head, strict=True)
    )
    rows = []
    for row in block.rows:
        cells = zip(side, block.head, row, strict=True)
        rows.append(
            "".join(f'<td{at} data-head="{for_html(name)}">{_inline(cell)}</td>' for at, name, cell in cells)
        )
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"


def _block(block: Block) -> str:
    if isinstance(block, Text):
        return f"<p>{_inline(block.text)}</p>"
    if isinstance(block, Items):
        return "<ul>\n" + "".join(f"<li>{_inline(item)}</li>\n" for item in block.items) + "</ul>"
    if isinstance(block, Grid):
        return _grid(block)
    svg = f'<img src="{for_html(block.path)}" alt="">' if isinstance(block, Image) else block.svg
    return f"<figure>{svg}<figcaption>{for_html(block.words)}</figcaption></figure>"


def _section(section: Section) -> str:
    inside = "\n".join(map(_block, section.blocks))
    title = for_html(section.title)
    if section.folded:
        return f"<details>\n<summary><h2>{title}</h2></summary>\n{inside}\n</details>"
    heading = f"<h2>{title}</h2>\n" if title else ""
    return f"<section>\n{heading}{inside}\n</section>"


def body(page: Page) -> str:
    """Return a page without what a file needs around it, as a notebook shows it."""
    rule = f'<p class="rule">{for_html(page.rule)}</p>' if page.rule else ""
    about = f"<p>{_inline(page.about)}</p>" if page.about else ""
    whole = [f"<h1>{for_html(page.title)}</h1>", about, rule]
    for folded, sections in groupby(page.sections, lambda section: section.folded):
        inside = "\n".join(map(_section, sections))
        whole.append(f'<div class="folded">\n{inside}\n</div>' if folded else inside)
    return "\n".join(filter(None, (*whole, rule)))


def html(page: Page, mark: str = "<!doctype html>") -> str:
    """Return a page as one HTML file.

    Parameters
    ----------
    page
    mark
        The first line, by which the file is known.
    """
    return "\n".join(
        (
            mark,
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{for_html(page.title)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            body(page),
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )
