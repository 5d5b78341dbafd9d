"""The sections of a page on what could change: levers, the next cycle, several specialties."""

from ...known import known
from ...report.blocks import Block, Grid, Items, Section, Text
from ...report.wording import counted, dollars, moved, percent, with_span
from ..notes import text
from ..timing.text import verdict
from ..what_if.result import Lever
from .cells import TWO, picture
from .figures import levers_figure
from .result import Plan

UNSCORED = (
    "exam_taken",
    "top_of_scale",
    "usce_enough",
    "usce_no_figure",
    "no_signal_figure",
    "signals_crude",
    "unmeasured",
)


def _reach(lever: Lever) -> str:
    after = lever.after.needed
    if lever.kind == "more_applications":
        return "" if lever.cost_usd is None else f"these cost {dollars(lever.cost_usd)}"
    if lever.reach is None or after is None:
        return ""
    if lever.reach in ("both", "now"):
        return f"{after.applications}" + (", now within reach" if lever.reach == "now" else "")
    return "no longer within reach" if lever.reach == "lost" else "out of reach"


def _held(lever: Lever) -> str:
    if lever.kind == "more_applications":
        return "same"
    return "" if lever.held is None else moved(lever.held)


def levers(plan: Plan) -> Section:
    """What would move it."""
    found, a = plan.levers.levers, plan.first.answer
    blocks: list[Block] = []
    if found:
        chained, held = a.p_apply is not None, a.p_given_interviews is not None
        head = (
            ["change"]
            + ["if you apply, points"] * chained
            + ["if you rank one, points"]
            + [f"with {counted(known(a.question.interviews), 'interview')}, points"] * held
        )
        head += [f"applications for {100 * plan.target:g}%"] * chained
        rows = []
        for lever in found:
            row = [text(lever.name)]
            row += ["" if lever.chance is None else moved(lever.chance)] * chained
            row.append(
                "same" if lever.kind in ("more_applications", "one_more_interview") else moved(lever.ranked)
            )
            row += [_held(lever)] * held
            rows.append((*row, *([_reach(lever)] * chained)))
        blocks += [
            Text(f"In {plan.first.name}, best first: the change in points, with its 80% range."),
            Grid(tuple(head), tuple(rows)),
            *picture(levers_figure(plan), "Change of the chance in points, with 80% ranges."),
        ]
        blocks += [Text(text(note)) for note in plan.levers.notes if note.code == "gains_are_upper_bounds"]
    else:
        blocks.append(Text("Nothing can be scored for what is known."))
    unscored = tuple(text(note) for note in plan.levers.unscored if note.code in UNSCORED)
    return Section(
        "What would move it", (*blocks, Text("Not scored:"), Items(unscored)) if unscored else tuple(blocks)
    )


def time(plan: Plan) -> Section:
    """This cycle or the next."""
    title, t = "This cycle or the next", plan.timing
    if t is None or t.found is None:
        return Section(title, (Text("Not answered: see what was left out."),))
    f = t.found
    both = f.both
    rows = (
        (f"apply for the {f.now.cycle} Match", with_span(f.now.chance), dollars(f.now.usd)),
        (f"wait for the {f.wait.cycle} Match", with_span(f.wait.chance), dollars(f.wait.usd)),
        (
            f"apply for {f.now.cycle}, and again for {f.wait.cycle} if need be",
            with_span(both.any),
            "" if both.usd_most is None else f"{dollars(both.usd_most)} at most",
        ),
    )
    counted = "if you rank at least one program"
    if t.applications is not None:
        counted = f"if you apply to {t.applications} programs in each cycle"
    gains = "nothing else about you is taken to change"
    if t.gain or t.usce_gain:
        gains = (
            f"gains while waiting as you said: {t.gain:g} points of Step 2 CK, {t.usce_gain:g} months of USCE"
        )
    blocks: list[Block] = [
        Grid(("choice", "chance of matching", "fees"), rows),
        Text(f"In {plan.first.name}, {counted}; {gains}. {verdict(f.against_now, 'applying now alone')}"),
    ]
    if both.repeat is not None:
        blocks.append(
            Text(
                f"With the lower odds that one study gives to people who apply again, both cycles come to "
                f"{percent(both.repeat)}: "
                "a pessimistic bound, selection mixed in."
            )
        )
    return Section(title, tuple(blocks))


def together(plan: Plan) -> Section | None:
    """Several specialties at once; None where there is no split."""
    split = plan.portfolio
    if split is None or split.chance is None:
        return None
    counts = {part.specialty: part.applications for part in split.parts}
    best = f"all to {split.corner}" if split.corner else _to(counts)
    names = list(counts)
    rows = [("the best split", best, with_span(split.chance), dollars(split.fees_usd))]
    for other in split.others:
        to = _to(dict(zip(names, other.split, strict=True)))
        rows.append((other.name, to, with_span(other.chance), dollars(other.fees_usd)))
    many = f"{split.applications} applications in all" + (
        "" if split.budget_given else ", the usual numbers together"
    )
    said = f"With {many}, programs as IMGs choose them, the highest chance of matching at all has {best}."
    near = split.unsure
    if near is not None:
        by = f"{abs(100 * near.gain.point):.1f} points better than {near.name}"
        said += f" Not sure: it is {by}, and {100 * near.sure:.0f}% of the model's draws agree."
    luck = "Which specialty you want is not in it, and a backup's figures are of those who prefer it."
    if not split.corner:
        alone = f"were it independent: {percent(known(split.independent))}"
        luck = f"Luck is taken as yours, the same in every specialty; {alone}. {luck}"
    head = ("way", "applications", "chance of matching at all", "fees")
    return Section("Several specialties at once", (Text(said), Grid(head, tuple(rows), TWO), Text(luck)))


def _to(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} to {name}" for name, n in counts.items() if n)
