"""PDFs that the tests print themselves. Every figure in them is made up."""

from dataclasses import dataclass, field

from reportlab.lib.pagesizes import landscape, letter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

UPRIGHT, ACROSS = letter, landscape(letter)
BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Courier": "Courier-Bold"}


@dataclass
class Style:
    """How a table is printed."""

    font: str = "Helvetica"
    size: float = 9
    leading: float = 1.15  # line to line in a wrapped cell
    row_gap: float = 5  # points between rows, beside the leading
    padding: float = 4
    align: str = "right"  # of figures
    head_align: str = "center"
    rules: str = "none"  # none, grid, levels (horizontal) or uprights
    middle: str = "top"  # where figures stand beside a wrapped name: top, middle, bottom
    bold_head: bool = True


@dataclass
class Grid:
    """A table to print: header rows of (text, first column, last column), and rows of cells.

    A text alone is a title over the block.
    """

    widths: list
    head: list
    rows: list
    texts: int = 1  # leading columns of words, set left
    style: Style = field(default_factory=Style)
    shade: bool = False


class Report:
    """A PDF, page by page."""

    def __init__(self, path, size=UPRIGHT):
        self.canvas, self.size, self.path = Canvas(str(path), pagesize=size), size, path
        self.font, self.points, self.saved = "Helvetica", 9, False

    def text(self, x, y, words, size=None, font=None, align="left"):
        """Words at x, y points below the top; `^a` sets what follows, up to a space, as a raised mark."""
        size, font = size or self.points, font or self.font
        y = self.size[1] - y
        plain, _, mark = words.partition("^")
        if not plain and " " in mark:  # a footnote: its mark, then its words
            self.text(x, self.size[1] - y, "^" + mark.split()[0], size, font)
            plain, mark, x = mark.partition(" ")[2], "", x + 0.6 * size
        small = 0.6 * size
        width = stringWidth(plain, font, size)
        x = x if align == "left" else x - width if align == "right" else x - width / 2
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, plain)
        if mark:
            self.canvas.setFont(font, small)
            self.canvas.drawString(x + width + 0.3, y + 0.38 * size, mark)
        return self

    def paragraph(self, x, y, lines, size=9, leading=11):
        """Lines of prose."""
        for i, line in enumerate(lines):
            self.text(x, y + i * leading, line, size)
        return y + len(lines) * leading

    def table(self, grid, x, y, head=True):
        """A table whose top left corner is x, y; returns where it ends."""
        s = grid.style
        edges = [x]
        for width in grid.widths:
            edges.append(edges[-1] + width)
        step, top, levels = s.size * s.leading, y, [y]
        if head:
            for line in grid.head:
                y += step + 1
                for text, first, last in line:
                    font = BOLD.get(s.font, s.font) if s.bold_head else s.font
                    self._in(
                        text,
                        edges[first],
                        edges[last + 1],
                        y,
                        "left" if first < grid.texts and first == last else s.head_align,
                        font,
                        s,
                    )
            y += s.row_gap / 2 + 1
            levels.append(y)
        for number, row in enumerate(grid.rows):
            if isinstance(row, str):
                y += step + s.row_gap / 2
                self._in(row, edges[0], edges[-1], y, "left", BOLD.get(s.font, s.font), s)
                y += s.row_gap / 2
                levels.append(y)
                continue
            lines = [cell.split("\n") for cell in row]
            deep = max(len(cell) for cell in lines)
            if grid.shade and number % 2:
                self.canvas.setFillGray(0.9)
                self.canvas.rect(
                    x,
                    self.size[1] - (y + deep * step + s.row_gap),
                    edges[-1] - x,
                    deep * step + s.row_gap,
                    stroke=0,
                    fill=1,
                )
                self.canvas.setFillGray(0)
            for column, cell in enumerate(lines):
                words = column < grid.texts
                start = (
                    {"top": 0, "middle": (deep - len(cell)) / 2, "bottom": deep - len(cell)}[s.middle]
                    if not words or len(cell) < deep
                    else 0
                )
                for i, text in enumerate(cell):
                    self._in(
                        text,
                        edges[column],
                        edges[column + 1],
                        y + s.row_gap / 2 + (start + i + 1) * step,
                        "left" if words else s.align,
                        s.font,
                        s,
                    )
            y += deep * step + s.row_gap
            levels.append(y)
        self._rules(s.rules, edges, levels, top)
        return y

    def _in(self, text, left, right, y, align, font, s):
        place = {"left": left + s.padding, "right": right - s.padding, "center": (left + right) / 2}[align]
        if text:
            self.text(place, y, text, s.size, font, align)

    def _rules(self, kind, edges, levels, top):
        high = self.size[1]
        lift = 3  # rules stand below the letters' descent
        if kind in ("grid", "uprights"):
            for x in edges:
                self.canvas.line(x, high - top - lift, x, high - levels[-1] - lift)
        if kind in ("grid", "levels"):
            for y in levels:
                self.canvas.line(edges[0], high - y - lift, edges[-1], high - y - lift)

    def turn(self):
        """Begin another page."""
        self.canvas.showPage()
        return self

    def save(self):
        """Write it, once."""
        if not self.saved:
            self.canvas.save()
            self.saved = True
        return self.path


def named(text, width, font="Helvetica", size=9):
    """A name wrapped to a width."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and stringWidth(longer, font, size) > width:
            lines, line = [*lines, line], word
        else:
            line = longer
    return "\n".join([*lines, line])


def leaves(names, first=1):
    """Header cells over one column each: (name, column, column)."""
    return [(name, i, i) for i, name in enumerate(names, start=first)]
