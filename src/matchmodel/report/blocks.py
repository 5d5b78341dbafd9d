"""What a page is made of: sections of plain blocks, which the terminal, Markdown and HTML only have to write
out.
"""

from dataclasses import dataclass

from .wording import WIDTH, table, wrapped


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `left` are the columns that stand to the left."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure: an SVG element, and what it shows in words."""

    svg: str
    words: str


Block = Text | Items | Grid | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its blocks."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A title, a line on whom it is for, a rule that stands at the top and the end, and the sections."""

    title: str
    about: str
    rule: str
    sections: tuple[Section, ...]


# --- terminal -------------------------------------------------------------------------------------


def _grid_lines(block: Grid) -> list[str]:
    """Return a table where it fits, else one paragraph per row."""
    made = table(block.head, block.rows, left=set(block.left))
    if max(map(len, made)) <= WIDTH:
        return made
    told = []
    for row in block.rows:
        pairs = zip(block.head[1:], row[1:], strict=True)
        cells = [f"{head} {cell}".strip() if len(row) > 2 else cell for head, cell in pairs if cell]
        told.append(wrapped(f"{row[0] or '...'}: {'; '.join(cells)}", "  - "))
    return told


def terminal(page: Page) -> list[str]:
    """Return the lines of a page at 80 columns, without its pictures, whose numbers stand in its tables."""
    lines = [wrapped(page.title, ""), wrapped(page.about, ""), wrapped(page.rule, "")]
    for section in page.sections:
        lines += ["", section.title]
        for block in section.blocks:
            if isinstance(block, Text):
                lines.append(wrapped(block.text, "  "))
            elif isinstance(block, Items):
                lines += [wrapped(item, "  - ") for item in block.items]
            elif isinstance(block, Grid):
                lines += _grid_lines(block)
    return [*lines, "", wrapped(page.rule, "")]


# --- Markdown -------------------------------------------------------------------------------------

_SPECIAL = "\\`*_[]|#~"
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": " ", "\n": " "}


def for_markdown(text: str) -> str:
    """Return text in which nothing is Markdown or HTML."""
    return "".join("\\" + c if c in _SPECIAL else _NAMED.get(c, c) for c in text)


def _markdown_block(block: Block) -> list[str]:
    safe = for_markdown
    if isinstance(block, Text):
        return [safe(block.text)]
    if isinstance(block, Items):
        return [f"- {safe(item)}" for item in block.items]
    if isinstance(block, Picture):
        return [f"(Figure in the HTML page: {safe(block.words)})"]
    marks = (":--" if k in block.left else "--:" for k in range(len(block.head)))
    return [
        "| " + " | ".join(safe(cell) or " " for cell in block.head) + " |",
        "|" + "|".join(marks) + "|",
        *("| " + " | ".join(map(safe, row)) + " |" for row in block.rows),
    ]


def markdown(page: Page, mark: str) -> str:
    """Return a page as Markdown.

    Parameters
    ----------
    page
    mark
        The first line, by which the file is known.
    """
    safe = for_markdown
    lines = [mark, "", f"# {safe(page.title)}", "", safe(page.about), "", f"**{safe(page.rule)}**", ""]
    for section in page.sections:
        lines += [f"## {safe(section.title)}", ""]
        for block in section.blocks:
            lines += [*_markdown_block(block), ""]
    return "\n".join([*lines, safe(page.rule), ""])


# --- HTML -----------------------------------------------------------------------------------------

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
} @media screen and (max-width: 34rem) {
  thead { position: absolute; left: -100vw; }
  table, tbody, tr, td { display: block; }
  tr { padding: .4rem 0; border-bottom: 1px solid #c9c9c9; }
  td { border: 0; padding: .1rem 0; text-align: left; }
  td:first-child { font-weight: 600; }
  td:empty { display: none; }
  td:not(:first-child)::before { content: attr(data-head) ": "; color: #4a4a4a; }
}
@page { margin: 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.35; }
  h2, p:has(+ table), p:has(+ figure) { break-after: avoid; }
  tr, figure, li, .rule { break-inside: avoid; }
  thead { display: table-header-group; }
  figure svg { max-width: 10cm; }
}
"""


def for_html(text: str) -> str:
    """Return text that is safe in HTML and SVG, within attributes too."""
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(raw, safe)
    return text


def _html_grid(block: Grid) -> str:
    safe = for_html
    side = [' class="l"' if k in block.left else "" for k in range(len(block.head))]
    head = "".join(
        f'<th scope="col"{at}>{safe(cell)}</th>' for at, cell in zip(side, block.head, strict=True)
    )
    rows = []
    for row in block.rows:
        cells = zip(side, block.head, row, strict=True)
        rows.append(
            "".join(f'<td{at} data-head="{safe(name)}">{safe(cell)}</td>' for at, name, cell in cells)
        )
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"


def _html_block(block: Block) -> str:
    if isinstance(block, Text):
        return f"<p>{for_html(block.text)}</p>"
    if isinstance(block, Items):
        return "<ul>\n" + "".join(f"<li>{for_html(item)}</li>\n" for item in block.items) + "</ul>"
    if isinstance(block, Picture):
        return f"<figure>{block.svg}<figcaption>{for_html(block.words)}</figcaption></figure>"
    return _html_grid(block)


def html(page: Page, mark: str) -> str:
    """Return a page as one HTML file: no script, nothing from elsewhere, for telephones and paper."""
    safe = for_html
    sections = []
    for section in page.sections:
        inside = "\n".join(map(_html_block, section.blocks))
        sections.append(f"<section>\n<h2>{safe(section.title)}</h2>\n{inside}\n</section>")
    rule = f'<p class="rule">{safe(page.rule)}</p>'
    return "\n".join(
        (
            mark,
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{safe(page.title)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{safe(page.title)}</h1>",
            f"<p>{safe(page.about)}</p>",
            rule,
            *sections,
            rule,
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )
