"""A comparison as text: at most 100 columns, no colour, the largest change first, the verdict last."""

from collections.abc import Iterator, Sequence
from statistics import median

from ..report.wording import percent, type_name, wrapped
from .answers import AnswerChange, NotCompared, Side
from .coefficients import GROUPS, Change
from .differences import TrustChange
from .given import given
from .result import DENOMINATOR, Comparison

LABEL, NAME = 45, 31  # columns of the first column in the two kinds of tables
SHOWN, UNJUDGED, MOST = (
    5,
    3,
    12,
)  # of a group: always (without a standard error fewer), up to these where over
APPLICANTS = 20  # rows of a table of applicants
CHAIN = (
    "Chance of matching if one applies, for so many applications to programs as IMGs choose them (the "
    "applicant's own number, else midway between the models' usual ones), and the applications that a "
    "target takes (none: no number reaches it)"
)


def figures(value: float) -> str:
    """Return a number in three figures, without an exponent: '-0.460', '97.4', '0.0234'."""
    if value == 0:
        return "0"
    size = abs(value)
    decimals = 1 if size >= 100 else 2 if size >= 10 else 3 if size >= 0.1 else 4
    return f"{value:.{decimals}f}"


def signed(value: float, decimals: int = 1) -> str:
    """Return a number with its sign; '0' is no change, '0.0' one that rounds to nothing."""
    text = f"{value:+.{decimals}f}"
    return "0" if value == 0 else text if float(text) else text[1:]


def _row(label: str, width: int, rest: str) -> Iterator[str]:
    """Yield a table's row; a label that is too long has a line of its own."""
    if len(label) > width:
        yield f"  {label}"
        label = ""
    yield f"  {label:<{width}}{rest}".rstrip()


def _with_error(value: float, se: float | None) -> str:
    return figures(value) + (f" ({figures(se)})" if se else "")


def _coefficient(comparison: Comparison, change: Change) -> Iterator[str]:
    size = "" if change.size is None else signed(change.size)
    moved = change.change
    shown = "0" if moved == 0 else f"{'+' if moved > 0 else ''}{figures(moved)}"
    values = f"{_with_error(change.old, change.old_se):>16}{_with_error(change.new, change.new_se):>16}"
    rest = f"{values}{shown:>8}{size:>7}{'  over' if comparison.is_over(change) else ''}"
    yield from _row(change.label, LABEL, rest)
    if change.old_basis != change.new_basis:
        yield f"    basis: {change.old_basis} -> {change.new_basis}"


def _group(comparison: Comparison, key: str, changes: Sequence[Change]) -> Iterator[str]:
    """Yield the lines of a group in which something moved."""
    group, moved = GROUPS[key], [c for c in changes if c.change or c.old_basis != c.new_basis]
    over = [c for c in moved if comparison.is_over(c)]
    errors = [c.new_se / c.old_se for c in changes if c.old_se and c.new_se and c.old_se != c.new_se]
    counted = f"{len(changes)} compared, {len(moved)} moved" + (f", {len(over)} over" if over else "")
    yield ""
    yield f"  {group.title}: {counted} ({group.unit})"
    least = SHOWN if moved and moved[0].size is not None else UNJUDGED
    shown = moved[: max(least, min(len(over), MOST))]
    for change in shown:
        yield from _coefficient(comparison, change)
    rest = len(moved) - len(shown)
    if rest:
        hidden = len(over) - sum(comparison.is_over(c) for c in shown)
        largest = abs(moved[len(shown)].size or 0.0)
        at_most = f", {largest:.1f} at the most" if largest >= 0.05 else ""
        yield f"  and {rest} more" + (f", {hidden} of them over the threshold" if hidden else at_most)
    if errors:
        times = figures(median(errors))
        yield f"  standard errors: {len(errors)} moved; NEW's are {times} times OLD's (median)"


def _coefficients(comparison: Comparison) -> Iterator[str]:
    groups: dict[str, list[Change]] = {}
    for change in comparison.coefficients:
        groups.setdefault(change.group, []).append(change)
    moved = [
        key for key, changes in groups.items() if any(c.moved for c in changes)
    ]  # the largest change first
    yield ""
    yield f"Coefficients ({len(comparison.coefficients)} compared), the largest change first"
    if moved:
        yield from _row("", LABEL, f"{'OLD (SE)':>16}{'NEW (SE)':>16}{'change':>8}{'in SE':>7}")
    for key in moved:
        yield from _group(comparison, key, groups[key])
    still = [
        f"{GROUPS[key].title} ({len(groups[key])})" for key in GROUPS if key in groups and key not in moved
    ]
    if still:
        yield ""
        yield wrapped(f"Unchanged: {'; '.join(still)}", "  ")
    if comparison.unjudged:
        titles = dict.fromkeys(GROUPS[c.group].title for c in comparison.unjudged)
        alone = "Without a standard error of their own, and so judged by the applicants alone: "
        yield wrapped(alone + "; ".join(titles), "  ")


def _trust(one: TrustChange) -> str:
    lost = " (NEW gives no number there)" if one.lost else ""
    return f"trust of {one.specialty}, {type_name(one.applicant_type, True)}: {one.old} -> {one.new}{lost}"


def _came_and_went(comparison: Comparison) -> Iterator[str]:
    gathered: dict[tuple[bool, str], list[str]] = {}
    for c in comparison.came_and_went:
        gathered.setdefault((c.came, c.what), []).append(c.name)
    lost = {(c.came, c.what) for c in comparison.came_and_went if c.lost}
    lines = [
        f"{'came' if came else 'went'}: {what} {', '.join(names)}".rstrip()
        + (" (NEW has no answer there)" if (came, what) in lost else "")
        for (came, what), names in gathered.items()
    ]
    lines += [_trust(one) for one in comparison.trust]
    lines += [
        f"same id, another entry: source {c.id} ({', '.join(c.parts)})" for c in comparison.other_entries
    ]
    yield ""
    yield "Came, went, trusted otherwise, or under another entry"
    for line in lines or ["nothing"]:
        yield wrapped(line, "  ")
    yield ""
    yield "Settings"
    for line in [f"{s.name}: {s.old} -> {s.new}" for s in comparison.settings] or [
        "the same, and the same schema"
    ]:
        yield wrapped(line, "  ")
    if comparison.others:
        counted = ", ".join(f"{what} ({count:,})" for what, count in comparison.others.items())
        yield wrapped(f"Other values that differ: {counted}", "  ")


def _asked(comparison: Comparison) -> str:
    who = "Made-up reference applicants" if comparison.made_up else "Applicants of the table"
    blank = "" if comparison.made_up else " where a row names no cycle"
    if comparison.cycle is not None:
        return f"{who}, for the {comparison.cycle} Match{blank}"
    old, new = comparison.old.default_cycle, comparison.new.default_cycle
    if old == new:
        return f"{who}, for the {old} Match{blank}"
    return f"{who}, each model at its own default cycle: OLD {old}, NEW {new} (--cycle asks both for one)"


def called(comparison: Comparison, a: AnswerChange | NotCompared) -> str:
    """Return how an applicant is called in a table."""
    return a.name if comparison.made_up else f"{a.name}: {a.specialty}, {type_name(a.applicant_type)}"


def _range(side: Side) -> str:
    return f"{percent(side.p_ranked)} ({100 * side.p_ranked_low:.1f} to {100 * side.p_ranked_high:.1f})"


def _applications(n: int | None) -> str:
    return "none" if n is None else f"{n}"


def _remarked(comparison: Comparison, overlap: bool, points: float) -> str:
    words = ", ".join(
        word for word, is_so in (("apart", not overlap), ("over", comparison.too_many(points))) if is_so
    )
    return f"  {words}" if words else ""


def _chains(comparison: Comparison) -> Iterator[str]:
    some = [a for a in comparison.applicants if a.applications is not None]
    if not some:
        return
    yield ""
    yield wrapped(CHAIN, "  ")
    yield from _row("", NAME, f"{'N':>6}{'OLD':>8}{'NEW':>8}{'points':>8}  {'target':>6}  takes OLD -> NEW")
    for a in some[:APPLICANTS]:
        needed = (
            f"{_applications(a.old.required_applications)} -> {_applications(a.new.required_applications)}"
        )
        old, new = (percent(given(side.p_apply, "chance for applications")) for side in (a.old, a.new))
        points, target = given(a.points_apply, "change"), given(a.target, "target")
        numbers = f"{a.applications:>6}{old:>8}{new:>8}{signed(points):>8}  {percent(target):>6}  {needed}"
        remark = _remarked(comparison, given(a.overlap_apply, "overlap"), points)
        yield from _row(called(comparison, a), NAME, numbers + remark)


def _applicants(comparison: Comparison) -> Iterator[str]:
    yield ""
    yield wrapped(_asked(comparison), "")
    if comparison.applicants:
        about = (
            "Chance of matching if at least one program is ranked, with 80% ranges; "
            "'apart' where these do not overlap"
        )
        yield wrapped(about, "  ")
        yield from _row("", NAME, f"{'OLD':>23}{'NEW':>23}{'points':>8}")
    for a in comparison.applicants[:APPLICANTS]:
        rest = f"{_range(a.old):>23}{_range(a.new):>23}{signed(a.points):>8}"
        yield from _row(called(comparison, a), NAME, rest + _remarked(comparison, a.overlap, a.points))
    if len(comparison.applicants) > APPLICANTS:
        yield f"  and {len(comparison.applicants) - APPLICANTS:,} more, which moved less (--json has all)"
    yield from _chains(comparison)
    if comparison.applicants:
        sides = [[getattr(a, which) for a in comparison.applicants] for which in ("old", "new")]
        means = [sum(100 * (s.p_ranked_high - s.p_ranked_low) for s in some) / len(some) for some in sides]
        yield ""
        widths = f"{means[0]:.1f} points in OLD, {means[1]:.1f} in NEW"
        text = f"Mean width of the 80% ranges of the first table: {widths}"
        yield wrapped(text, "  ")
    if comparison.left_out:
        yield ""
        yield f"  Not compared: {len(comparison.left_out):,}"
        for one in comparison.left_out[:APPLICANTS]:
            why = "; ".join(
                f"{name}: {reason}" for name, reason in (("OLD", one.old), ("NEW", one.new)) if reason
            )
            yield wrapped(f"{called(comparison, one)}: {why}", "    ")
        if len(comparison.left_out) > APPLICANTS:
            yield f"    and {len(comparison.left_out) - APPLICANTS:,} more (--json has all)"


def report_lines(comparison: Comparison) -> Iterator[str]:
    """Yield the lines that `matchmodel compare` prints."""
    old, new = comparison.old, comparison.new
    yield f"{old.name} (OLD) against {new.name} (NEW)"
    yield (
        f"  newest table {old.newest_table} and {new.newest_table}; {old.sources} and {new.sources} sources, "
        f"{comparison.shared_sources} of them the same in both"
    )
    if comparison.same:
        yield "  The two files say the same."
    yield wrapped(DENOMINATOR, "  ")
    yield from _came_and_went(comparison)
    yield from _coefficients(comparison)
    yield from _applicants(comparison)
    yield ""
    yield comparison.verdict
