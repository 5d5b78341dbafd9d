"""A comparison drawn: coefficients in standard errors on the left, applicants with their ranges on the right."""

from matplotlib.patches import Rectangle

from ..plots import style
from ..wording import type_name
from .coefficients import GROUPS
from .report import signed

MOST = 25  # rows of either panel
LEAST = 0.05  # standard errors; smaller changes are printed as 0.0
LABEL, NAME = 2.35, 1.75  # inches of the row names, left and right
ROW = 0.3
PAGE = 10.6


def drawn_coefficients(comparison):
    """Return the changes that the left panel shows, and how many there are to show: the largest, those that follow from others only where they are over."""
    some = [c for c in comparison.coefficients if c.size and (abs(c.size) >= LEAST and not GROUPS[c.group].follows or comparison.is_over(c))]
    return some[:MOST], len(some)


def _name(comparison, a):
    return a.name if comparison.made_up else f"{a.name}: {a.specialty}, {type_name(a.applicant_type)}"


def _rows(axis, names, inches):
    axis.set_yticks(range(len(names)), [style.wrap(name, inches) for name in names], linespacing=1.05)
    axis.tick_params(axis="y", length=0)
    for y in range(len(names) - 1):
        axis.axhline(y + 0.5, color=style.PALE, lw=0.5, zorder=0, label="_hairline")


def _nothing(axis, text):
    axis.text(0.5, 0.5, text, transform=axis.transAxes, fontsize=style.TEXT, color=style.GREY, ha="center", va="center", label="nothing", bbox={"color": "white", "pad": 2})
    axis.set_yticks([])


def _coefficients(axis, comparison, changes, rows):
    limit = comparison.thresholds.standard_errors
    largest = max([limit, *(abs(c.size) for c in changes)])
    room = max((style.text_width(signed(c.size), style.SMALL, "bold") for c in changes), default=0.0) + 0.12
    reach = 1.05 * max(limit, largest / (1 - 2 * room / style.size_of(axis)[0])) or 1.0  # so that the labels find room beside the dots
    axis.axvspan(-limit, limit, color=style.PALE, alpha=0.45, lw=0, zorder=0, label="threshold")
    axis.axvline(0, color=style.GREY, lw=0.8)
    for y, change in enumerate(changes):
        over = comparison.is_over(change)
        colour = style.VERMILLION if over else style.BLUE
        axis.plot([0, change.size], [y, y], color=colour, lw=1.2, label="move")
        axis.plot(change.size, y, marker="X" if over else "o", ms=6 if over else 4.5, color=colour, mec="white", mew=0.4, ls="", label="coefficient")
        right = change.size > 0
        axis.annotate(
            signed(change.size).replace("-", chr(0x2212)), (change.size, y), xytext=(5 if right else -5, 0), textcoords="offset points", ha="left" if right else "right", va="center",
            fontsize=style.SMALL, weight="bold" if over else "normal", color=style.legible(colour), label="direct",
        )
    axis.set(xlim=(-reach, reach), ylim=(rows - 0.5, -0.5), xlabel="change in standard errors")
    if changes:
        _rows(axis, [f"{GROUPS[c.group].title}: {c.label}" for c in changes], LABEL)
    else:
        _nothing(axis, f"no coefficient moved by {LEAST:g} or more")


def _applicants(axis, comparison, some, rows):
    for y, a in enumerate(some):
        limit = comparison.thresholds.points / 100
        over = comparison.too_many(a.points)
        colour = style.VERMILLION if over else style.BLUE
        axis.add_patch(Rectangle((a.old.p_ranked - limit, y - 0.42), 2 * limit, 0.84, color=style.PALE, alpha=0.45, lw=0, zorder=0, label="threshold"))
        for side, up, look, marker, label in ((a.old, -0.15, style.GREY, "o", "old"), (a.new, 0.15, colour, "X" if over else "o", "new")):
            axis.plot([side.p_ranked_low, side.p_ranked_high], [y + up] * 2, color=look, lw=1.6, alpha=0.75, label=f"{label} range")
            axis.plot(side.p_ranked, y + up, marker=marker, ms=6 if marker == "X" else 4.5, color=look, mec="white", mew=0.4, ls="", label=label)
        axis.annotate(
            signed(a.points).replace("-", chr(0x2212)), (max(a.old.p_ranked_high, a.new.p_ranked_high), y), xytext=(5, 0), textcoords="offset points", ha="left", va="center",
            fontsize=style.SMALL, weight="bold" if over else "normal", color=style.legible(colour), label="direct",
        )
    axis.set(xlim=(-0.01, 1.12), ylim=(rows - 0.5, -0.5), xlabel="chance of matching, given at least one ranked program")
    axis.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axis.xaxis.set_major_formatter(style.percent)
    if some:
        _rows(axis, [_name(comparison, a) for a in some], NAME)
    else:
        _nothing(axis, "no applicant could be compared")


def comparison_plot(comparison):
    """Draw what changed between two models.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    matplotlib.figure.Figure
    """
    (changes, count), some = drawn_coefficients(comparison), sorted(comparison.applicants, key=lambda a: -abs(a.points))[:MOST]
    limits = ", ".join(comparison.thresholds.words)
    who = "made-up applicants" if comparison.made_up else "applicants of the table"
    figure, axes = style.new_figure(
        max(ROW * max(len(changes), len(some)), 1.2), 1, 2, f"{comparison.old.name} (OLD) against {comparison.new.name} (NEW)",
        f"Left: what both models have, the change over the root mean square of their standard errors; it tells size and is no test, since both share most of their sources. Levels at Step 2 CK 240, which follow from others, are drawn only where they are over the threshold. "
        f"Right: points and 80% ranges of {who}, with the change in percentage points. Shaded: within the threshold ({limits}); crosses: over it.",
        width=PAGE, left=LABEL + 0.3, right=0.25, above=0.42, between=(NAME + 0.35, 0), width_ratios=(1, 1.15),
    )
    left, right = axes[0]
    _coefficients(left, comparison, changes, max(len(changes), 1))
    _applicants(right, comparison, some, max(len(some), 1))
    note = f"the {len(changes)} largest of {count} that" if count > len(changes) else f"{count}"
    style.heading(left, "Coefficients", f"{note} moved by {LEAST:g} or more")
    years = comparison.old.default_cycle, comparison.new.default_cycle
    cycle = f"{comparison.cycle} Match" if comparison.cycle is not None else f"{years[0]} Match" if years[0] == years[1] else f"OLD: {years[0]} Match, NEW: {years[1]}"
    style.heading(right, "Applicants" if len(some) == len(comparison.applicants) else f"Applicants, the {len(some)} of {len(comparison.applicants):,} that moved most", cycle)
    style.key(right, (("OLD", style.GREY, "o"), ("NEW", style.BLUE, "o"), ("NEW, over", style.VERMILLION, "X")), start=style.size_of(right)[0] - 1.95)
    return figure
