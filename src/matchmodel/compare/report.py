"""A comparison as text: at most 100 columns, no colour, the largest change first, the verdict last."""

from statistics import median

from ..wording import percent, type_name, wrapped
from .coefficients import GROUPS
from .result import DENOMINATOR

LABEL, NAME = 45, 31  # columns of the first column in the two kinds of tables
SHOWN, UNJUDGED, MOST = 5, 3, 12  # changes of a group: these always (without a standard error fewer), up to these where they are over the threshold
APPLICANTS = 20  # rows of a table of applicants


def figures(value):
    """Return a number in three figures, without an exponent: '-0.460', '97.4', '0.0234'."""
    if value == 0:
        return "0"
    size = abs(value)
    decimals = 1 if size >= 100 else 2 if size >= 10 else 3 if size >= 0.1 else 4
    return f"{value:.{decimals}f}"


def signed(value, decimals=1):
    """Return a number with its sign; '0' is no change, '0.0' one that rounds to nothing."""
    text = f"{value:+.{decimals}f}"
    return "0" if value == 0 else text if float(text) else text[1:]


def _row(label, width, rest):
    """Yield a table's row; a label that is too long has a line of its own."""
    if len(label) > width:
        yield f"  {label}"
        label = ""
    yield f"  {label:<{width}}{rest}".rstrip()


def _with_error(value, se):
    return figures(value) + (f" ({figures(se)})" if se else "")


def _coefficient(comparison, change):
    size = "" if change.size is None else signed(change.size)
    moved = change.change
    shown = "0" if moved == 0 else f"{'+' if moved > 0 else ''}{figures(moved)}"
    rest = f"{_with_error(change.old, change.old_se):>16}{_with_error(change.new, change.new_se):>16}{shown:>8}{size:>7}{'  over' if comparison.is_over(change) else ''}"
    yield from _row(change.label, LABEL, rest)
    if change.old_basis != change.new_basis:
        yield f"    basis: {change.old_basis} -> {change.new_basis}"


def _group(comparison, key, changes):
    """Yield the lines of a group in which something moved."""
    group, moved = GROUPS[key], [c for c in changes if c.change or c.old_basis != c.new_basis]
    over = [c for c in moved if comparison.is_over(c)]
    errors = [c.new_se / c.old_se for c in changes if c.old_se and c.new_se and c.old_se != c.new_se]
    counted = f"{len(changes)} compared, {len(moved)} moved" + (f", {len(over)} over" if over else "")
    yield ""
    yield f"  {group.title}: {counted} ({group.unit})"
    shown = moved[: max(SHOWN if moved and moved[0].size is not None else UNJUDGED, min(len(over), MOST))]
    for change in shown:
        yield from _coefficient(comparison, change)
    rest = len(moved) - len(shown)
    if rest:
        hidden = len(over) - sum(comparison.is_over(c) for c in shown)
        largest = abs(moved[len(shown)].size or 0.0)
        more = f", {hidden} of them over the threshold" if hidden else f", {largest:.1f} at the most" if largest >= 0.05 else ""
        yield f"  and {rest} more{more}"
    if errors:
        yield f"  standard errors: {len(errors)} moved; NEW's are {figures(median(errors))} times OLD's (median)"


def _coefficients(comparison):
    groups = {}
    for change in comparison.coefficients:
        groups.setdefault(change.group, []).append(change)
    moved = [key for key, changes in groups.items() if any(c.moved for c in changes)]  # in the order of their largest changes
    yield ""
    yield f"Coefficients ({len(comparison.coefficients)} compared), the largest change first"
    if moved:
        yield from _row("", LABEL, f"{'OLD (SE)':>16}{'NEW (SE)':>16}{'change':>8}{'in SE':>7}")
    for key in moved:
        yield from _group(comparison, key, groups[key])
    still = [GROUPS[key].title for key in GROUPS if key in groups and key not in moved]
    if still:
        yield ""
        yield wrapped(f"Unchanged: {'; '.join(f'{title} ({len(groups[key])})' for key, title in ((k, g.title) for k, g in GROUPS.items()) if title in still)}", "  ")
    if comparison.unjudged:
        titles = dict.fromkeys(GROUPS[c.group].title for c in comparison.unjudged)
        yield wrapped(f"Without a standard error of their own, and so judged by the applicants alone: {'; '.join(titles)}", "  ")


def _came_and_went(comparison):
    gathered = {}
    for c in comparison.came_and_went:
        gathered.setdefault((c.came, c.what), []).append(c.name)
    lost = {(c.came, c.what) for c in comparison.lost}
    lines = [f"{'came' if came else 'went'}: {what} {', '.join(names)}".rstrip() + (" (NEW has no answer there)" if (came, what) in lost else "") for (came, what), names in gathered.items()]
    lines += [f"same id, other content: source {c.id} (sha256 {c.old_sha256[:12] or 'unknown'} -> {c.new_sha256[:12] or 'unknown'})" for c in comparison.other_contents]
    yield ""
    yield "Came, went or under other content"
    for line in lines or ["nothing"]:
        yield wrapped(line, "  ")
    yield ""
    yield "Settings"
    for line in [f"{s.name}: {s.old} -> {s.new}" for s in comparison.settings] or ["the same, and the same schema"]:
        yield wrapped(line, "  ")
    if comparison.others:
        yield wrapped("Other values that differ: " + ", ".join(f"{what} ({count:,})" for what, count in comparison.others.items()), "  ")


def _asked(comparison):
    who = "Made-up reference applicants" if comparison.made_up else "Applicants of the table"
    if comparison.cycle is not None:
        return f"{who}, for the {comparison.cycle} Match where a row names no cycle" if not comparison.made_up else f"{who}, for the {comparison.cycle} Match"
    years = comparison.old.default_cycle, comparison.new.default_cycle
    if years[0] == years[1]:
        return f"{who}, for the {years[0]} Match" + ("" if comparison.made_up else " where a row names no cycle")
    return f"{who}, each model at its own default cycle: OLD {years[0]}, NEW {years[1]} (--cycle asks both for one)"


def _called(comparison, a):
    return a.name if comparison.made_up else f"{a.name}: {a.specialty}, {type_name(a.applicant_type)}"


def _range(side):
    return f"{percent(side.p_ranked)} ({100 * side.p_ranked_low:.1f} to {100 * side.p_ranked_high:.1f})"


def _applications(n):
    return "none" if n is None else f"{n}"


def _said(comparison, overlap, points):
    words = ", ".join(word for word, is_so in (("apart", not overlap), ("over", comparison.too_many(points))) if is_so)
    return f"  {words}" if words else ""


def _chains(comparison):
    some = [a for a in comparison.applicants if a.applications is not None]
    if not some:
        return
    yield ""
    yield wrapped("Chance of matching at application time, for so many applications to programs at random (the applicant's own number, else midway between the models' usual ones), and the applications that a target takes (none: no number reaches it)", "  ")
    yield from _row("", NAME, f"{'N':>6}{'OLD':>8}{'NEW':>8}{'points':>8}  {'target':>6}  takes OLD -> NEW")
    for a in some[:APPLICANTS]:
        needed = f"{_applications(a.old.required_applications)} -> {_applications(a.new.required_applications)}"
        yield from _row(_called(comparison, a), NAME, f"{a.applications:>6}{percent(a.old.p_apply):>8}{percent(a.new.p_apply):>8}{signed(a.points_apply):>8}  {percent(a.target):>6}  {needed}{_said(comparison, a.overlap_apply, a.points_apply)}")


def _applicants(comparison):
    yield ""
    yield wrapped(_asked(comparison), "")
    if comparison.applicants:
        yield wrapped("Chance of matching given at least one ranked program, with 80% ranges; 'apart' where these do not overlap", "  ")
        yield from _row("", NAME, f"{'OLD':>23}{'NEW':>23}{'points':>8}")
    for a in comparison.applicants[:APPLICANTS]:
        said = _said(comparison, a.overlap, a.points)
        yield from _row(_called(comparison, a), NAME, f"{_range(a.old):>23}{_range(a.new):>23}{signed(a.points):>8}{said}")
    if len(comparison.applicants) > APPLICANTS:
        yield f"  and {len(comparison.applicants) - APPLICANTS:,} more, which moved less (--json has all)"
    yield from _chains(comparison)
    widths = [[100 * (side.p_ranked_high - side.p_ranked_low) for side in pair] for pair in zip(*((a.old, a.new) for a in comparison.applicants), strict=True)]
    if widths:
        means = [sum(w) / len(w) for w in widths]
        yield ""
        yield wrapped(f"Mean width of the 80% ranges of the first table: {means[0]:.1f} points in OLD, {means[1]:.1f} in NEW", "  ")
    if comparison.left_out:
        yield ""
        yield f"  Not compared: {len(comparison.left_out):,}"
        for one in comparison.left_out[:APPLICANTS]:
            why = "; ".join(f"{name}: {reason}" for name, reason in (("OLD", one.old), ("NEW", one.new)) if reason)
            yield wrapped(f"{_called(comparison, one)}: {why}", "    ")
        if len(comparison.left_out) > APPLICANTS:
            yield f"    and {len(comparison.left_out) - APPLICANTS:,} more (--json has all)"


def report_lines(comparison):
    """Yield the lines that `matchmodel compare` prints.

    Parameters
    ----------
    comparison : Comparison
    """
    old, new = comparison.old, comparison.new
    yield f"{old.name} (OLD) against {new.name} (NEW)"
    yield f"  newest table {old.newest_table} and {new.newest_table}; {old.sources} and {new.sources} sources, {comparison.shared_sources} of them the same in both"
    if comparison.same:
        yield "  The two files say the same."
    yield wrapped(DENOMINATOR, "  ")
    yield from _came_and_went(comparison)
    yield from _coefficients(comparison)
    yield from _applicants(comparison)
    yield ""
    yield comparison.verdict
