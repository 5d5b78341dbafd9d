"""The page of an applicant as one HTML file: no script, nothing from elsewhere, fit for paper. Standard library only."""

from ..wording import ASSOCIATION
from .page_figures import escaped
from .page_sections import Grid, Items, Picture, Text, known, sections, title

MARK = "<!doctype html><!-- matchmodel plan: written by the program, which replaces it when it is run again -->"
STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1.5rem; max-width: 47rem; color: #1a1a1a; background: #ffffff; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-top: .5rem; border-top: 2px solid #0b4f8a; }
p, ul { margin: .5rem 0; }
li { margin: .2rem 0; }
.known { color: #333333; }
.rule { padding: .5rem .75rem; border-left: 4px solid #b4460f; background: #f6f3ef; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: .9em; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid #c9c9c9; text-align: right; vertical-align: top; white-space: nowrap; }
th { white-space: normal; }
th { border-bottom: 2px solid #6b6b6b; }
.l { text-align: left; white-space: normal; }
figure { margin: 1rem 0; }
figure svg { width: 100%; height: auto; }
figcaption { color: #4a4a4a; font-size: .9em; }
@page { margin: 15mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, p:has(+ .scroll), p:has(+ figure) { break-after: avoid; }
  tr, figure, li, .rule { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
}
"""


def _grid(block):
    left = lambda k: ' class="l"' if k in block.left else ""
    head = "".join(f'<th scope="col"{left(k)}>{escaped(cell)}</th>' for k, cell in enumerate(block.head))
    body = "".join("<tr>" + "".join(f"<td{left(k)}>{escaped(cell)}</td>" for k, cell in enumerate(row)) + "</tr>\n" for row in block.rows)
    return f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>'


def _block(block):
    if isinstance(block, Text):
        return f"<p>{escaped(block.text)}</p>"
    if isinstance(block, Items):
        return "<ul>\n" + "".join(f"<li>{escaped(item)}</li>\n" for item in block.items) + "</ul>"
    if isinstance(block, Grid):
        return _grid(block)
    assert isinstance(block, Picture)
    return f"<figure>{block.svg}<figcaption>{escaped(block.words)}</figcaption></figure>"


def html(plan):
    """Return the page as HTML.

    Parameters
    ----------
    plan : matchmodel.advice.page.Plan
    """
    said = "; ".join(f"{name}: {value}" for name, value in known(plan))
    parts = [f"<section>\n<h2>{escaped(s.title)}</h2>\n" + "\n".join(_block(block) for block in s.blocks) + "\n</section>" for s in sections(plan)]
    name = escaped(title(plan))
    return "\n".join((
        MARK, '<html lang="en">', "<head>", '<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{name}</title>", f"<style>{STYLE}</style>",
        "</head>", "<body>", "<main>", f"<h1>{name}</h1>", f'<p class="known">{escaped(said)}. Model {escaped(plan.model_name)}.</p>', f'<p class="rule">{escaped(ASSOCIATION)}</p>',
        *parts, f'<p class="rule">{escaped(ASSOCIATION)}</p>', "</main>", "</body>", "</html>", "",
    ))  # fmt: skip
