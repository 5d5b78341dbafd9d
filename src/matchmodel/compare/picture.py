"""A comparison drawn: coefficients in standard errors, and applicants with their ranges."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..known import known
from ..plots import style
from .answers import AnswerChange
from .coefficients import GROUPS, Change
from .report import called, signed
from .result import Comparison

MOST = 25  # rows of either panel
LEAST = 0.05  # standard errors; smaller changes are printed as 0.0
LABEL, NAME = 2.35, 1.75  # inches of the row names, left and right
ROW = 0.3
PAGE = 10.6
MINUS = chr(0x2212)


def drawn_coefficients(comparison: Comparison) -> tuple[list[Change], int]:
    """Return the changes that the left panel shows, and how many there are to show.

    The largest, those that follow from others only where they are over.
    """
    some = [
        c for c in comparison.coefficients
        if c.size and ((abs(c.size) >= LEAST and not GROUPS[c.group].follows) or comparison.is_over(c))
    ]  # fmt: skip
    return some[:MOST], len(some)


def _rows(axis: Axes, names: Sequence[str], inches: float) -> None:
    axis.set_yticks(range(len(names)), [style.wrap(name, inches) for name in names], linespacing=1.05)
    axis.tick_params(axis="y", length=0)
    for y in range(len(names) - 1):
        axis.axhline(y + 0.5, color=style.PALE, lw=0.5, zorder=0, label="_hairline")


def _nothing(axis: Axes, text: str) -> None:
    look: dict[str, Any] = {"fontsize": style.TEXT, "color": style.GREY, "ha": "center", "va": "center"}
    axis.text(
        0.5, 0.5, text, transform=axis.transAxes, label="nothing", bbox={"color": "white", "pad": 2}, **look
    )
    axis.set_yticks([])


def _number(axis: Axes, value: float, at: tuple[float, float], right: bool, over: bool) -> None:
    """Write a change beside its mark."""
    colour = style.VERMILLION if over else style.BLUE
    axis.annotate(
        signed(value).replace("-", MINUS), at, xytext=(5 if right else -5, 0), textcoords="offset points",
        ha="left" if right else "right", va="center", fontsize=style.SMALL,
        weight="bold" if over else "normal",
        color=style.legible(colour), label="direct",
    )  # fmt: skip


def _coefficients(axis: Axes, comparison: Comparison, changes: Sequence[Change], rows: int) -> None:
    limit = comparison.thresholds.standard_errors
    sizes = [known(c.size, f"standard error of {c.label}") for c in changes]
    largest = max([limit, *(abs(size) for size in sizes)])
    room = max((style.text_width(signed(size), style.SMALL, "bold") for size in sizes), default=0.0) + 0.12
    # so that the labels find room beside the dots
    reach = 1.05 * max(limit, largest / (1 - 2 * room / style.size_of(axis)[0])) or 1.0
    axis.axvspan(-limit, limit, color=style.PALE, alpha=0.45, lw=0, zorder=0, label="threshold")
    axis.axvline(0, color=style.GREY, lw=0.8)
    for y, (change, moved) in enumerate(zip(changes, sizes, strict=True)):
        over = comparison.is_over(change)
        colour, marker = (style.VERMILLION, "X") if over else (style.BLUE, "o")
        axis.plot([0, moved], [y, y], color=colour, lw=1.2, label="move")
        size = 6 if over else 4.5
        axis.plot(
            moved,
            y,
            marker=marker,
            ms=size,
            color=colour,
            mec="white",
            mew=0.4,
            ls="",
            label="coefficient",
        )
        _number(axis, moved, (moved, y), moved > 0, over)
    axis.set(xlim=(-reach, reach), ylim=(rows - 0.5, -0.5), xlabel="change in standard errors")
    if changes:
        _rows(axis, [f"{GROUPS[c.group].title}: {c.label}" for c in changes], LABEL)
    else:
        _nothing(axis, f"no coefficient moved by {LEAST:g} or more")


def _applicants(axis: Axes, comparison: Comparison, some: Sequence[AnswerChange], rows: int) -> None:
    limit = comparison.thresholds.points / 100
    for y, a in enumerate(some):
        over = comparison.too_many(a.points)
        colour = style.VERMILLION if over else style.BLUE
        zone = (a.old.p_ranked - limit, y - 0.42)
        axis.add_patch(
            Rectangle(zone, 2 * limit, 0.84, color=style.PALE, alpha=0.45, lw=0, zorder=0, label="threshold")
        )
        marks = ((a.old, -0.15, style.GREY, "o", "old"), (a.new, 0.15, colour, "X" if over else "o", "new"))
        for side, up, look, marker, label in marks:
            ends = [side.p_ranked_low, side.p_ranked_high]
            axis.plot(ends, [y + up] * 2, color=look, lw=1.6, alpha=0.75, label=f"{label} range")
            size = 6 if marker == "X" else 4.5
            axis.plot(
                side.p_ranked,
                y + up,
                marker=marker,
                ms=size,
                color=look,
                mec="white",
                mew=0.4,
                ls="",
                label=label,
            )
        _number(axis, a.points, (max(a.old.p_ranked_high, a.new.p_ranked_high), y), True, over)
    across = "chance of matching, if at least one program is ranked"
    axis.set(xlim=(-0.01, 1.12), ylim=(rows - 0.5, -0.5), xlabel=across)
    axis.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axis.xaxis.set_major_formatter(style.percent_tick)
    if some:
        _rows(axis, [called(comparison, a) for a in some], NAME)
    else:
        _nothing(axis, "no applicant could be compared")


def _cycle(comparison: Comparison) -> str:
    old, new = comparison.old.default_cycle, comparison.new.default_cycle
    if comparison.cycle is not None:
        return f"{comparison.cycle} Match"
    return f"{old} Match" if old == new else f"OLD: {old} Match, NEW: {new}"


def comparison_plot(comparison: Comparison) -> Figure:
    """Draw what changed between two models."""
    changes, count = drawn_coefficients(comparison)
    some = sorted(comparison.applicants, key=lambda a: -abs(a.points))[:MOST]
    applicants = "made-up applicants" if comparison.made_up else "applicants of the table"
    caption = (
        "Left: what both models have, the change over the root mean square of their standard errors; it "
        "tells size and is no test, since both share most of their sources. What follows from others is "
        f"drawn only where it is over the threshold. Right: points and 80% ranges of {applicants}, "
        "with the change "
        f"in percentage points. Shaded: within the threshold ({', '.join(comparison.thresholds.words)}); "
        "crosses: over it."
    )
    figure, axes = style.new_figure(
        max(ROW * max(len(changes), len(some)), 1.2), 1, 2,
        f"{comparison.old.name} (OLD) against {comparison.new.name} (NEW)", caption,
        width=PAGE, left=LABEL + 0.3, right=0.25, above=0.42, between=(NAME + 0.35, 0),
        width_ratios=(1, 1.15),
    )  # fmt: skip
    left, right = axes[0]
    _coefficients(left, comparison, changes, max(len(changes), 1))
    _applicants(right, comparison, some, max(len(some), 1))
    note = f"the {len(changes)} largest of {count} that" if count > len(changes) else f"{count}"
    style.heading(left, "Coefficients", f"{note} moved by {LEAST:g} or more")
    every = len(some) == len(comparison.applicants)
    title = (
        "Applicants"
        if every
        else f"Applicants, the {len(some)} of {len(comparison.applicants):,} that moved most"
    )
    style.heading(right, title, _cycle(comparison))
    marks = (("OLD", style.GREY, "o"), ("NEW", style.BLUE, "o"), ("NEW, over", style.VERMILLION, "X"))
    style.key(right, marks, start=style.size_of(right)[0] - 1.95)
    return figure
