"""Drawing for an applicant's page: inline SVG of points with ranges, and of curves, legible on a telephone.

Every figure has a title and a description that say the same in words. Colours differ in lightness too, and
lines in their dashes, so that a grey print tells them apart.
"""

from collections.abc import Callable, Iterable, Sequence
from math import floor, log10
from typing import Literal

from ..frozen import frozen
from .html import for_html

WIDTH = 380.0  # about that of a telephone, so that letters keep their size there
SIZE = 13.0  # of letters
INK, SOFT, RULE, GRID = "#1a1a1a", "#4a4a4a", "#8a8a8a", "#e2e2e2"
COLOURS = ("#0b4f8a", "#b4460f", "#2f7d4f")
DASHES = ("", "7 4", "2 3")
ROW = 42.0
EDGE = 10.0
Shape = Literal["dot", "square", "bar"]


def words(x: float, y: float, text: str, anchor: str = "start", fill: str = INK) -> str:
    """Return a text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{for_html(text)}</text>'


def line(
    x1: float, y1: float, x2: float, y2: float, colour: str = INK, width: float = 1.0, dash: str = ""
) -> str:
    """Return a line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def point(x: float, y: float, colour: str, shape: Shape) -> str:
    """Return a point; a square is hollow."""
    if shape == "square":
        return (
            f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="#ffffff" stroke="{colour}" '
            'stroke-width="2.5"/>'
        )
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{colour}"/>'


def figure(name: str, title: str, description: str, height: float, parts: Iterable[str]) -> str:
    """Return an SVG element; `name` is that of its title and description, unique on the page."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-labelledby="{name}-t {name}-d" font-size="{SIZE}" '
        'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif">'
        f'<title id="{name}-t">{for_html(title)}</title><desc id="{name}-d">{for_html(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


@frozen
class Row:
    """One row of a forest: a label, a number with its range, words on the right, a mark of its own."""

    label: str
    value: float
    low: float
    high: float
    told: str
    colour: str
    shape: Shape
    mark: float | None = None


@frozen
class Axis:
    """A scale: value -> 0 to 1, its ticks and their texts, and a value whose line is drawn."""

    place: Callable[[float], float]
    ticks: Sequence[tuple[float, str]]
    zero: float | None = None


def forest(
    name: str, title: str, rows: Sequence[Row], axis: Axis, legend: Sequence[tuple[Shape, str, str]] = ()
) -> str:
    """Return a figure of numbers with ranges; each label stands above its bar.

    Parameters
    ----------
    name, title, rows, axis
    legend
        Shape, colour, words.
    """
    left, right = EDGE + 6, WIDTH - EDGE - 12
    top = 8.0 + 20.0 * len(legend)
    bottom = top + ROW * len(rows) + 4

    def at(value: float) -> float:
        return left + (right - left) * min(max(axis.place(value), 0.0), 1.0)

    parts = []
    for k, (shape, colour, said) in enumerate(legend):
        y = 12.0 + 20.0 * k
        mark = (
            line(EDGE + 7, y - 7, EDGE + 7, y + 7, colour, 2.5)
            if shape == "bar"
            else point(EDGE + 7, y, colour, shape)
        )
        parts += [mark, words(EDGE + 20, y + 4, said, fill=SOFT)]
    for tick, said in axis.ticks:
        parts += [
            line(at(tick), top, at(tick), bottom, GRID),
            words(at(tick), bottom + 16, said, "middle", SOFT),
        ]
    if axis.zero is not None:
        parts.append(line(at(axis.zero), top, at(axis.zero), bottom, RULE, 1.5))
    for k, row in enumerate(rows):
        y = top + ROW * k + 30
        parts += [words(EDGE, y - 13, row.label), words(WIDTH - EDGE, y - 13, row.told, "end", SOFT)]
        parts.append(line(at(row.low), y, at(row.high), y, row.colour, 3))
        if row.mark is not None:
            parts.append(line(at(row.mark), y - 9, at(row.mark), y + 9, INK, 2.5))
        parts.append(point(at(row.value), y, row.colour, row.shape))
    description = ". ".join(f"{row.label}: {row.told}" for row in rows) + "."
    return figure(name, title, description, bottom + 24, parts)


def nice(most: float) -> list[float]:
    """Return ticks from 0 to at most a number, four to six of them."""
    rough = most / 4
    size = 10.0 ** floor(log10(rough))
    step = next(k * size for k in (1, 2, 2.5, 5, 10) if k * size >= rough)
    return [step * k for k in range(int(most / step + 1e-9) + 1)]


@frozen
class Curve:
    """One curve: its name, points (x, y, low, high), and the place of a dot on it."""

    name: str
    points: Sequence[tuple[float, float, float, float]]
    dot: tuple[float, float] | None


def curves(
    name: str, title: str, description: str, drawn: Sequence[Curve], target: float, x_name: str
) -> str:
    """Return a figure of chances against a number, each with its range, and a line at a target."""
    left, right = 44.0, WIDTH - EDGE
    top, height = 12.0 + 20.0 * len(drawn), 220.0
    bottom = top + height
    most = max(curve.points[-1][0] for curve in drawn)
    highest = min(1.0, max(target + 0.05, max(p[3] for curve in drawn for p in curve.points) + 0.03))

    def x(n: float) -> float:
        return left + (right - left) * n / most

    def y(p: float) -> float:
        return bottom - height * min(p, highest) / highest

    parts = []
    for k in range(0, int(10 * highest + 1e-9) + 1, 2 if highest > 0.5 else 1):
        parts += [
            line(left, y(k / 10), right, y(k / 10), GRID),
            words(left - 6, y(k / 10) + 4, f"{10 * k}%", "end", SOFT),
        ]
    for n in nice(most):
        parts += [
            line(x(n), bottom, x(n), bottom + 5, RULE),
            words(x(n), bottom + 19, f"{n:g}", "middle", SOFT),
        ]
    parts += [
        line(left, bottom, right, bottom, RULE),
        words((left + right) / 2, bottom + 38, x_name, "middle", SOFT),
    ]
    opacity = 0.18 if len(drawn) == 1 else 0.12
    for k, curve in enumerate(drawn):
        up = " ".join(f"{x(n):.1f},{y(high):.1f}" for n, _, _, high in curve.points)
        down = " ".join(f"{x(n):.1f},{y(low):.1f}" for n, _, low, _ in reversed(curve.points))
        parts.append(f'<polygon points="{up} {down}" fill="{COLOURS[k]}" fill-opacity="{opacity}"/>')
    for k, curve in enumerate(drawn):
        along = " ".join(f"{x(n):.1f},{y(p):.1f}" for n, p, _, _ in curve.points)
        dash = f' stroke-dasharray="{DASHES[k]}"' if DASHES[k] else ""
        parts.append(
            f'<polyline points="{along}" fill="none" stroke="{COLOURS[k]}" stroke-width="2.5"{dash}/>'
        )
        if curve.dot is not None:
            parts.append(point(x(curve.dot[0]), y(curve.dot[1]), COLOURS[k], "dot"))
        at = 12.0 + 20.0 * k
        parts += [
            line(EDGE, at, EDGE + 26, at, COLOURS[k], 2.5, DASHES[k]),
            words(EDGE + 32, at + 4, curve.name),
        ]
    parts += [line(left, y(target), right, y(target), INK, 1.2, "4 3")]
    parts.append(words(right, y(target) - 5, f"target {100 * target:g}%", "end"))
    return figure(name, title, description, bottom + 46, parts)
