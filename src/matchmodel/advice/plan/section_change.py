"""The sections of a page on what could change: levers, the next cycle, several specialties."""

from ...report.blocks import Block, Items, Section, Text
from ...report.wording import percent
from ..notes import text
from ..portfolio.text import best, frontier, legend
from ..timing.text import best_choice, choices
from ..what_if.text import FEW_NOTES, READING, UNCLEAR, grids
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
LUCK = "Luck is taken as yours, the same in every specialty; which one you want is not in it."


def levers(plan: Plan) -> Section:
    """What would move it."""
    found = plan.levers.levers
    blocks: list[Block] = [Text("Nothing can be scored for what is known.")]
    if found:
        blocks = [
            Text(f"In {plan.first.name}. {READING} {UNCLEAR}"),
            *grids(plan.levers, found),
        ]
        blocks += [Text(text(note)) for note in plan.levers.notes if note.code in FEW_NOTES]
    unscored = tuple(text(note) for note in plan.levers.unscored if note.code in UNSCORED)
    return Section("What would move it", (*blocks, Items(unscored)) if unscored else tuple(blocks), True)


def time(plan: Plan) -> Section:
    """This cycle or the next."""
    title, t = "This cycle or the next", plan.timing
    if t is None or t.found is None:
        return Section(title, (Text("Not answered: see what was left out."),), True)
    gains = "nothing else about you is taken to change"
    if t.gain or t.usce_gain:
        gains = (
            f"gains while waiting as you said: {t.gain:g} points of Step 2 CK, {t.usce_gain:g} months of USCE"
        )
    blocks: list[Block] = [choices(t), Text(f"In {plan.first.name}; {gains}. {best_choice(t)}")]
    if t.found.both.repeat is not None:
        blocks.append(
            Text(
                f"With the lower odds that one study gives to people who apply again, both cycles come to "
                f"{percent(t.found.both.repeat)}: a pessimistic bound, selection mixed in."
            )
        )
    return Section(title, tuple(blocks), True)


def together(plan: Plan) -> Section | None:
    """Several specialties at once; None where there is no split."""
    split = plan.portfolio
    if split is None or split.chance is None:
        return None
    words = Text(f"{best(split)} {LUCK}"), Text(legend(split))
    return Section("Several specialties at once", (words[0], frontier(split), words[1]), True)
