"""The page of an applicant as sections of plain blocks.

Each section is a function of the frozen `Plan`, so that the terminal, Markdown and HTML cannot disagree.
"""

from collections.abc import Iterator

from ...report.answer import value
from ...report.blocks import Block, Grid, Items, Page, Section, Text
from ...report.wording import ASSOCIATION, counted, factor, times, type_name
from ..calendar import CHECK, OTHER_SERVICE
from ..notes import text
from .first_page import FIRST
from .red_flags import Flag
from .result import Plan
from .section_change import levers, time, together
from .section_odds import applications, odds, scores

UNMEASURED = (
    "How programs read letters, interviews, personal statements, research, Step 3 or where you studied: no "
    "figure that the model could use.",
    "Which single programs would invite you: invitation rates are averages over programs.",
    "Whether a visa, an older graduation or a failed attempt closes a single program's door: programs say so "
    "themselves.",
    "What a change would cause: everything here compares applicants who differ, and in more than is printed.",
)
# Notes of an answer that the page tells; the others stand in the answer of `predict`.
NOTES = (
    "derived",
    "takes_part",
    "preferred_only",
    "interviews",
    "attempts_capped",
    "no_own_slope",
    "flat_slope",
    "no_figure",
    "usual_unknown",
    "usual_unsure",
    "next_year",
    "no_series",
    "no_fees",
    "no_schedule",
)
FLAGGED = (
    "Flagged: a failed attempt; more years since graduation than nine in ten of the reference population; no "
    "US clinical experience; a visa; a score under today's passing mark or under the lower quartile of those "
    "who matched. Which values are flagged is a choice; the factors are the model's."
)


def _about(plan: Plan) -> str:
    answer = plan.first.answer
    known = [type_name(answer.applicant.applicant_type)]
    known += [f"{ratio.label}: {value(ratio)}" for ratio in answer.likelihood_ratios]
    if answer.question.interviews is not None:
        known.append(f"{counted(answer.question.interviews, 'interview')} held")
    return f"{'; '.join(known)}. Model {answer.model_name}. In brackets are 80% ranges."


def _flag_row(plan: Plan, told: str, flags: dict[str, Flag]) -> tuple[str, ...]:
    cells = []
    for part in plan.specialties:
        flag = flags.get(part.name)
        ratio = None if flag is None else flag.ratio
        none = "" if flag is None else "no figure"
        cells.append(
            none if ratio is None else f"{factor(ratio.ratio)} ({times(ratio.low)} to {times(ratio.high)})"
        )
    bases = sorted({flag.ratio.basis for flag in flags.values() if flag.ratio is not None})
    return told.rstrip("."), *cells, ", ".join(bases)


def flags(plan: Plan) -> Section:
    """Red flags, and what the evidence says of each."""
    found: dict[str, dict[str, Flag]] = {}
    for part in plan.specialties:
        for flag in part.flags:
            found.setdefault(text(flag.why), {})[part.name] = flag
    blocks: list[Block] = []
    if found:
        head = ("flag", *(f"odds, {part.name}" for part in plan.specialties), "basis")
        rows = tuple(_flag_row(plan, told, each) for told, each in found.items())
        graded = sorted({grade for each in found.values() for flag in each.values() for grade in flag.grades})
        blocks += [
            Grid(head, rows, frozenset({0, len(head) - 1})),
            Text("The odds are against the average of those who rank the specialty."),
        ]
        if graded:
            blocks.append(Text(f"Evidence behind them (grades: A best, D least): {', '.join(graded)}."))
    else:
        blocks.append(Text("None of what is known here is flagged."))
    return Section("Red flags, and what the evidence says of them", (*blocks, Text(FLAGGED)), True)


def dates(plan: Plan) -> Section:
    """A calendar of the cycle."""
    rows = tuple((event.when, event.what) for event in plan.calendar)
    title = f"A calendar of the {plan.first.answer.applicant.cycle} cycle"
    return Section(
        title, (Grid(("when", "what"), rows, frozenset({0, 1})), Text(f"{CHECK} {OTHER_SERVICE}")), True
    )


def unknown(plan: Plan) -> Section:
    """What is not known."""
    left = tuple(map(text, plan.left_out))
    more = (Text("Left out of this page:"), Items(left)) if left else ()
    return Section("What is not known", (Items(UNMEASURED), *more), True)


def _noted(plan: Plan) -> Iterator[str]:
    for part in plan.specialties:
        for note in part.answer.notes:
            if note.code in NOTES and note not in part.answer.trust.reasons:
                yield text(note)
    if plan.portfolio is not None:
        yield from (
            text(note)
            for note in plan.portfolio.notes
            if note.code in ("who_prefer_it", "interviews_may_clash")
        )


def basis(plan: Plan) -> Section:
    """Notes, basis and sources."""
    notes = tuple(dict.fromkeys(_noted(plan)))
    sources = Text(f"Sources of the model: {'; '.join(plan.sources)}.")
    return Section("Notes and sources", (Items(notes), sources), True)


FOLDED = (odds, applications, levers, time, together, scores, flags, dates, unknown, basis)


def page(plan: Plan, details: bool = False) -> Page:
    """Return the page of a plan.

    Parameters
    ----------
    plan
    details
        Whether the details follow the first page; a screen shows them folded.
    """
    cycle = plan.first.answer.applicant.cycle
    title = f"Plan for the {cycle} Match: {', '.join(part.name for part in plan.specialties)}"
    made = (section(plan) for section in (*FIRST, *(FOLDED if details else ())))
    return Page(title, tuple(section for section in made if section is not None), _about(plan), ASSOCIATION)
