"""How every picture looks: colours, type sizes, the page, direct labels, and files whose bytes repeat."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from matplotlib.typing import ColorType
from numpy.typing import ArrayLike
from scipy.optimize import isotonic_regression

from ..errors import RefusedInput
from ..files import whole
from ..report.wording import decimals

# Okabe and Ito's colours for all kinds of colour vision (Color Universal Design, 2008), the green darkened so
# that the six used together differ in lightness too.
BLUE, ORANGE, GREEN, VERMILLION, PURPLE, SKY = (
    "#0072B2",
    "#E69F00",
    "#00543C",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
)
INK, GREY, PALE = "#1f2d3d", "#6b7785", "#c9d3dd"
SERIES = (BLUE, ORANGE, INK, VERMILLION, GREEN, PURPLE)
MARKERS = ("o", "s", "D", "^", "v", "p")
LEGIBLE = 0.18  # largest relative luminance of a text's colour on white: a contrast of 4.5 to 1

TITLE, HEADING, TEXT, SMALL = 11.0, 9.0, 8.0, 7.0  # points
WIDE = 7.5  # inches: a page's text width
LINE = 1.28  # height of a line of text, of its size
DPI = 150
HINTED = 1.055  # letters snapped to pixels run wider than their outlines
FORMATS = (".png", ".svg")
BETWEEN = (0.45, 0.35)  # inches between columns and rows of panels


def _signed_minus(text: str) -> str:
    return text.removesuffix(".0").replace("-", chr(0x2212))


def percent_tick(value: float, _: Any = None) -> str:
    """Return a proportion as an axis writes it: 0.25 -> '25%'."""
    return _signed_minus(decimals(100 * value, 1)) + "%"


def points_tick(value: float, _: Any = None) -> str:
    """Return percentage points with their sign, as an axis writes them: -2.0 -> '−2'."""
    return _signed_minus(decimals(value, 1, sign=True))


def luminance(colour: ColorType) -> float:
    """Return a colour's relative luminance, 0 (black) to 1 (white), after WCAG 2."""
    c = np.array(to_rgb(colour))
    return float(np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


def legible(colour: ColorType) -> str:
    """Return a colour darkened until a text in it can be read on white."""
    r, g, b = to_rgb(colour)
    while luminance((r, g, b)) > LEGIBLE:
        r, g, b = 0.95 * r, 0.95 * g, 0.95 * b
    return to_hex((r, g, b))


def text_width(text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Return the width of the longest line of a text, in inches."""
    font = FontProperties(size=size, weight=weight)
    widths = (
        TextToPath().get_text_width_height_descent(line, font, False)[0] for line in text.split("\n") if line
    )
    return HINTED * max(widths, default=0.0) / 72


def text_height(text: str, size: float = TEXT) -> float:
    """Return the height of a text's lines, in inches."""
    return (text.count("\n") + 1) * size * LINE / 72 if text else 0.0


def wrap(text: str, inches: float, size: float = TEXT, weight: str = "normal") -> str:
    """Return a text broken into lines no wider than so many inches (a longer word stands alone)."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and text_width(longer, size, weight) > inches:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return "\n".join(lines)


class Picture(Figure):
    """A figure that a notebook shows with the bytes that `save` writes, whatever backend is set."""

    def _repr_png_(self) -> bytes:
        return picture_bytes(self, "png")


def new_figure(
    height: float,
    rows: int = 1,
    columns: int = 1,
    title: str = "",
    caption: str = "",
    width: float = WIDE,
    left: float = 0.72,
    right: float = 0.2,
    below: float = 0.45,
    above: float = 0.0,
    between: tuple[float, float] = BETWEEN,
    **grid: Any,
) -> tuple[Figure, np.ndarray]:
    """Return a page with panels, a title on top and a caption below, as high as all of them need.

    Parameters
    ----------
    height
        Inches of the panels, with what is between them.
    rows, columns
        Of panels.
    title, caption
        Wrapped to the page.
    width
        Inches of the whole page.
    left, right, below, above
        Inches around the panels: for tick labels, direct labels, axis labels, panel titles.
    between
        Inches between columns and between rows.
    **grid
        sharex, sharey, width_ratios and height_ratios of `Figure.subplots`.

    Returns
    -------
    figure
    axes
        Shape (rows, columns).
    """
    margin = 0.12
    title = wrap(title, width - 2 * margin, TITLE, "bold")
    caption = wrap(caption, width - 2 * margin, SMALL)
    top = margin + text_height(title, TITLE) + (0.08 if title else 0) + above
    bottom = below + (text_height(caption, SMALL) + 0.06 if caption else 0) + margin
    whole = top + height + bottom
    figure = Picture(figsize=(width, whole), dpi=DPI, facecolor="white")
    inner = (width - left - right - between[0] * (columns - 1)) / columns
    tall = (height - between[1] * (rows - 1)) / rows
    axes = figure.subplots(
        rows, columns, squeeze=False, **{k: v for k, v in grid.items() if k.startswith("share")},
        gridspec_kw={
            "left": left / width, "right": 1 - right / width, "bottom": bottom / whole,
            "top": 1 - top / whole, "wspace": between[0] / inner, "hspace": between[1] / tall,
            **{k: v for k, v in grid.items() if k.endswith("ratios")},
        },
    )  # fmt: skip
    figure.text(
        margin / width,
        1 - margin / whole,
        title,
        fontsize=TITLE,
        weight="bold",
        color=INK,
        va="top",
        ha="left",
        linespacing=1.15,
    )
    figure.text(
        margin / width,
        margin / whole,
        caption,
        fontsize=SMALL,
        color=GREY,
        va="bottom",
        ha="left",
        linespacing=1.2,
    )
    for axis in axes.flat:
        plain(axis)
    return figure, axes


def plain(axis: Axes) -> None:
    """Give an axis its quiet look."""
    axis.spines[["top", "right"]].set_visible(False)
    for spine in axis.spines.values():
        spine.set(color=GREY, linewidth=0.7)
    axis.tick_params(labelsize=TEXT, color=GREY, labelcolor=INK, width=0.7, length=3)
    axis.xaxis.label.set(fontsize=TEXT, color=INK)
    axis.yaxis.label.set(fontsize=TEXT, color=INK)
    axis.set_axisbelow(True)


def heading(axis: Axes, text: str, note: str = "", x: float = 0.0, size: float = HEADING) -> None:
    """Put a bold heading over a panel, and a small line under it."""
    place: dict[str, Any] = {
        "xycoords": "axes fraction",
        "textcoords": "offset points",
        "va": "bottom",
        "ha": "left",
    }
    if note:
        axis.annotate(note, (x, 1), xytext=(0, 4), fontsize=SMALL, color=GREY, linespacing=1.15, **place)
    up = 4 + (text_height(note, SMALL) * 72 if note else 0)
    axis.annotate(text, (x, 1), xytext=(0, up), fontsize=size, weight="bold", color=INK, **place)


def size_of(axis: Axes) -> tuple[float, float]:
    """Return an axis's width and height in inches."""
    figure = axis.get_figure(root=True)
    assert figure is not None
    box, (width, height) = axis.get_position(), figure.get_size_inches()
    return box.width * width, box.height * height


def spread(wanted: ArrayLike, gaps: ArrayLike, low: float = -np.inf, high: float = np.inf) -> np.ndarray:
    """Move positions as little as possible until neighbours are far enough apart.

    Minimises the sum of squared moves subject to the order and the gaps: with the gaps
    subtracted it is an isotonic regression (Barlow, Bartholomew, Bremner and Brunk, 1972).

    Parameters
    ----------
    wanted
        Shape (k,).
    gaps
        Room that each label takes, one number or shape (k,); two neighbours are at least the mean of theirs
        apart.
    low, high
        Where labels' centres may lie; given up at the high end when they do not fit.
    """
    wanted = np.asarray(wanted, float)
    if not len(wanted):
        return wanted
    gaps = np.broadcast_to(np.asarray(gaps, float), wanted.shape)
    order = np.argsort(wanted, kind="stable")
    room = np.concatenate([[0.0], np.cumsum((gaps[order][1:] + gaps[order][:-1]) / 2)])
    placed = isotonic_regression(wanted[order] - room).x
    placed = np.maximum(np.minimum(placed, high - room[-1]), low) + room
    found = np.empty_like(wanted)
    found[order] = placed
    return found


def label_ends(
    axis: Axes, ends: Sequence[tuple[float, float, str, str]], size: float = TEXT, pad: float = 0.08
) -> list[Text]:
    """Write labels right of an axis, each at its line's end, moved apart where they would overlap.

    The axis's limits must be set before.

    Parameters
    ----------
    axis
    ends
        (x, y, text, colour), in data coordinates.
    size
    pad
        Inches between the axis and the labels.
    """
    width, height = size_of(axis)
    to_axes = axis.transData + axis.transAxes.inverted()
    at = to_axes.transform([(x, y) for x, y, *_ in ends]) if ends else np.empty((0, 2))
    gaps = [text_height(text, size) / height for *_, text, _ in ends]
    places = spread(at[:, 1], gaps, min(gaps, default=0) / 2, 1)
    made = []
    for (x0, y0), y1, (*_, text, colour) in zip(at, places, ends, strict=True):
        if abs(y1 - y0) * height > 0.06 or (1 - x0) * width > 0.05:
            leader = axis.plot(
                [x0, 1 + 0.6 * pad / width], [y0, y1], transform=axis.transAxes, label="_leader"
            )
            leader[0].set(color=colour, linewidth=0.6, linestyle=(0, (1, 1.5)), clip_on=False)
        made.append(
            axis.text(
                1 + pad / width, y1, text, transform=axis.transAxes, color=legible(colour), fontsize=size,
                va="center", ha="left", linespacing=1.15,
            )
        )  # fmt: skip
    return made


def key(
    axis: Axes,
    entries: Sequence[tuple[str, str, str]],
    up: float = 0.1,
    size: float = TEXT,
    start: float = 0.0,
) -> None:
    """Write what the markers mean, side by side over a panel: for dots that have no line end to label.

    Parameters
    ----------
    axis
    entries
        (text, colour, marker).
    up, start
        Inches over the panel, and to the right of its left side.
    size
    """
    width, height = size_of(axis)
    x, y = start, 1 + up / height
    for text, colour, marker in entries:
        axis.plot(
            (x + 0.05) / width,
            y,
            marker=marker,
            ms=5,
            color=colour,
            ls="",
            transform=axis.transAxes,
            clip_on=False,
            label="_key",
        )
        axis.text(
            (x + 0.14) / width,
            y,
            text,
            transform=axis.transAxes,
            fontsize=size,
            color=legible(colour),
            va="center",
            ha="left",
        )
        x += 0.14 + text_width(text, size) + 0.22


def picture_bytes(figure: Figure, kind: str) -> bytes:
    """Return a figure as the bytes of a PNG or SVG; the same figure always gives the same ones.

    Parameters
    ----------
    figure
    kind
        'png' or 'svg'.
    """
    nothing = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "matchmodel", "svg.fonttype": "path"}):
        figure.savefig(buffer, format=kind, dpi=DPI, metadata=nothing)
    return buffer.getvalue()


def save(figure: Figure, path: str | Path) -> Path:
    """Write a figure as PNG (150 dots an inch) or SVG, whole or not at all.

    Parameters
    ----------
    figure
    path
        Its ending says which.

    Raises
    ------
    RefusedInput
        For another ending.
    MatchModelError
        Where it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise RefusedInput(f"{path} is neither .png nor .svg; name the picture so, such as curve.png")
    made = picture_bytes(figure, path.suffix.lower()[1:])
    with whole(path) as beside:
        beside.write_bytes(made)
    return path
