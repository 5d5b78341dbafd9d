"""A comparison as a page: the largest change first, the verdict last."""

from collections.abc import Iterator, Sequence
from statistics import median

from ..known import known
from ..model.engine import Range
from ..report.blocks import Block, Grid, Items, Page, Section, Text
from ..report.wording import decimals, percent, type_name, with_span
from .answers import AnswerChange, NotCompared, Side
from .coefficients import GROUPS, Change
from .differences import TrustChange
from .result import DENOMINATOR, Comparison

# Of a group: always (without a standard error fewer), up to these where over.
SHOWN, UNJUDGED, MOST = 5, 3, 12
APPLICANTS = 20  # rows of a table of applicants
RANKED = (
    "Chance of matching if at least one program is ranked, with 80% ranges. 'apart': these do not overlap; "
    "'over': the change is over the threshold; 'both': both."
)
APPLIED = (
    "Chance of matching for N applications to programs as IMGs choose them (the applicant's own number, else "
    "midway between the models' usual ones), and how many applications a target takes in OLD and in NEW "
    "(none: no number reaches it)"
)


def figures(value: float) -> str:
    """Return a number in three figures, without an exponent: '-0.460', '97.4', '0.0234'."""
    if value == 0:
        return "0"
    size = abs(value)
    digits = 1 if size >= 100 else 2 if size >= 10 else 3 if size >= 0.1 else 4
    return f"{value:.{digits}f}"


def signed(value: float) -> str:
    """Return a number with its sign; '0' is no change, '0.0' one that rounds to nothing."""
    return "0" if value == 0 else decimals(value, 1, sign=True)


def _with_error(value: float, se: float | None) -> str:
    return figures(value) + (f" ({figures(se)})" if se else "")


def _coefficient(comparison: Comparison, change: Change) -> tuple[str, ...]:
    return (
        change.label,
        _with_error(change.old, change.old_se),
        _with_error(change.new, change.new_se),
        ("+" if change.change > 0 else "") + figures(change.change),
        "" if change.size is None else signed(change.size),
        "over" if comparison.is_over(change) else "",
    )


def _group(comparison: Comparison, key: str, changes: Sequence[Change]) -> Section:
    """Return the section of a group in which something moved."""
    group, moved = GROUPS[key], [c for c in changes if c.change or c.old_basis != c.new_basis]
    over = [c for c in moved if comparison.is_over(c)]
    errors = [c.new_se / c.old_se for c in changes if c.old_se and c.new_se and c.old_se != c.new_se]
    counted = f"{len(changes)} compared, {len(moved)} moved" + (f", {len(over)} over" if over else "")
    least = SHOWN if moved and moved[0].size is not None else UNJUDGED
    many = max(least, min(len(over), MOST))
    shown, hidden = moved[:many], moved[many:]
    blocks: list[Block] = []
    if shown:
        rows = tuple(_coefficient(comparison, change) for change in shown)
        blocks.append(Grid(("", "OLD (SE)", "NEW (SE)", "change", "in SE", ""), rows, frozenset({0, 5})))
    remarks = [
        f"{c.label}, basis: {c.old_basis} -> {c.new_basis}" for c in shown if c.old_basis != c.new_basis
    ]
    if hidden:
        also, largest = sum(map(comparison.is_over, hidden)), abs(hidden[0].size or 0.0)
        at_most = f", {largest:.1f} at the most" if largest >= 0.05 else ""
        more = f", {also} of them over the threshold" if also else at_most
        remarks.append(f"and {len(hidden)} more{more}")
    if errors:
        times = figures(median(errors))
        remarks.append(f"standard errors: {len(errors)} moved; NEW's are {times} times OLD's (median)")
    blocks += [Text(remark) for remark in remarks]
    return Section(f"{group.title}: {counted} ({group.unit})", tuple(blocks))


def _coefficients(comparison: Comparison) -> Iterator[Section]:
    groups: dict[str, list[Change]] = {}
    for change in comparison.coefficients:  # the largest change first
        groups.setdefault(change.group, []).append(change)
    moved = [key for key, changes in groups.items() if any(c.moved for c in changes)]
    still = [
        f"{GROUPS[key].title} ({len(groups[key])})" for key in GROUPS if key in groups and key not in moved
    ]
    blocks = [Text(f"Unchanged: {'; '.join(still)}")] if still else []
    if comparison.unjudged:
        titles = dict.fromkeys(GROUPS[c.group].title for c in comparison.unjudged)
        alone = "Without a standard error of their own, and so judged by the applicants alone: "
        blocks.append(Text(alone + "; ".join(titles)))
    count = len(comparison.coefficients)
    yield Section(f"Coefficients ({count} compared), the largest change first", tuple(blocks))
    for key in moved:
        yield _group(comparison, key, groups[key])


def _trust(one: TrustChange) -> str:
    lost = " (NEW gives no number there)" if one.lost else ""
    return f"trust of {one.specialty}, {type_name(one.applicant_type, True)}: {one.old} -> {one.new}{lost}"


def _came_and_went(comparison: Comparison) -> Iterator[Section]:
    names: dict[tuple[bool, str], list[str]] = {}
    for c in comparison.came_and_went:
        names.setdefault((c.came, c.what), []).append(c.name)
    lost = {(c.came, c.what) for c in comparison.came_and_went if c.lost}
    lines = [
        f"{'came' if came else 'went'}: {what} {', '.join(some)}".rstrip()
        + (" (NEW has no answer there)" if (came, what) in lost else "")
        for (came, what), some in names.items()
    ]
    lines += [_trust(one) for one in comparison.trust]
    lines += [
        f"same id, another entry: source {c.id} ({', '.join(c.parts)})" for c in comparison.other_entries
    ]
    title = "Came, went, trusted otherwise, or under another entry"
    yield Section(title, (Items(tuple(lines)) if lines else Text("nothing"),))
    settings = [f"{s.name}: {s.old} -> {s.new}" for s in comparison.settings]
    settings = settings or ["the same, and the same schema"]
    if comparison.others:
        counted = ", ".join(f"{what} ({count:,})" for what, count in comparison.others.items())
        settings.append(f"other values that differ: {counted}")
    yield Section("Settings", tuple(map(Text, settings)))


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
    return with_span(Range(side.p_ranked, side.p_ranked_low, side.p_ranked_high))


def _marks(comparison: Comparison, overlap: bool, points: float) -> str:
    over = comparison.too_many(points)
    if overlap:
        return "over" if over else ""
    return "both" if over else "apart"


def _ranked(comparison: Comparison) -> Grid:
    rows = (
        (
            called(comparison, a), _range(a.old), _range(a.new), signed(a.points),
            _marks(comparison, a.overlap, a.points),
        )
        for a in comparison.applicants[:APPLICANTS]
    )  # fmt: skip
    return Grid(("", "OLD", "NEW", "points", ""), tuple(rows), frozenset({0, 4}))


def _applied(comparison: Comparison, some: Sequence[AnswerChange]) -> Grid:
    rows = []
    for a in some[:APPLICANTS]:
        chances = (percent(known(side.p_apply, "chance for applications")) for side in (a.old, a.new))
        points, target = known(a.points_apply, "change"), known(a.target, "target")
        takes = (side.required_applications for side in (a.old, a.new))
        rows.append((
            called(comparison, a), f"{a.applications}", *chances, signed(points), percent(target),
            *("none" if n is None else f"{n}" for n in takes),
            _marks(comparison, known(a.overlap_apply, "overlap"), points),
        ))  # fmt: skip
    return Grid(("", "N", "OLD", "NEW", "points", "target", "OLD", "NEW", ""), tuple(rows), frozenset({0, 8}))


def _applicants(comparison: Comparison) -> Iterator[Section]:
    every = comparison.applicants
    blocks: list[Block] = []
    if every:
        blocks += [Text(RANKED), _ranked(comparison)]
        if len(every) > APPLICANTS:
            more = len(every) - APPLICANTS
            blocks.append(Text(f"and {more:,} more, which moved less (--json has all)"))
        old, new = (
            sum(100 * (s.p_ranked_high - s.p_ranked_low) for s in sides) / len(every)
            for sides in ([a.old for a in every], [a.new for a in every])
        )
        blocks.append(Text(f"Mean width of these 80% ranges: {old:.1f} points in OLD, {new:.1f} in NEW"))
    yield Section(_asked(comparison), tuple(blocks))
    applied = [a for a in every if a.applications is not None]
    if applied:
        yield Section("If they apply", (Text(APPLIED), _applied(comparison, applied)))
    if comparison.left_out:
        reasons = []
        for one in comparison.left_out[:APPLICANTS]:
            why = (f"{name}: {reason}" for name, reason in (("OLD", one.old), ("NEW", one.new)) if reason)
            reasons.append(f"{called(comparison, one)}: {'; '.join(why)}")
        if len(comparison.left_out) > APPLICANTS:
            reasons.append(f"and {len(comparison.left_out) - APPLICANTS:,} more (--json has all)")
        yield Section(f"Not compared: {len(comparison.left_out):,}", (Items(tuple(reasons)),))


def page(comparison: Comparison, details: bool = False) -> Page:
    """Return the page that `matchmodel compare` prints; nothing is kept for the details."""
    old, new = comparison.old, comparison.new
    facts = (
        f"Newest table {old.newest_table} and {new.newest_table}; {old.sources} and {new.sources} sources, "
        f"{comparison.shared_sources} of them the same in both."
    )
    same = (Text("The two files say the same."),) if comparison.same else ()
    return Page(
        f"{old.name} (OLD) against {new.name} (NEW)",
        (
            Section("", (Text(facts), *same, Text(DENOMINATOR))),
            *_came_and_went(comparison),
            *_coefficients(comparison),
            *_applicants(comparison),
            Section("", (Text(comparison.verdict),)),
        ),
    )
