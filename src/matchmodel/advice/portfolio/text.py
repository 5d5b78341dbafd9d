"""The best split of a budget as a page of blocks."""

from collections.abc import Iterator
from dataclasses import replace

from ...known import known
from ...report.answer import withheld_page
from ...report.blocks import Grid, Page, Section, Text
from ...report.wording import counted, dollars, percent, points, span, type_name
from ...specialty import short_name
from ..common import endings
from .result import Portfolio

NAME = 24  # characters of a specialty in the tables
FEW_NOTES = ("order_is_bound", "luck_shared_specialties", "who_prefer_it")
ORDERED = {
    "choose": "as IMGs choose them",
    "random": "at random, a bound",
    "friendliest": "friendliest first, a bound",
}


def _headline(result: Portfolio) -> Iterator[str]:
    budget = f"{dollars(result.budget_usd)} of application fees"
    if result.budget_usd is None:
        budget = f"{result.applications} applications" + (
            "" if result.budget_given else ", the usual numbers together"
        )
    yield (f"Budget: {budget}; programs {ORDERED[result.order]}")
    wishes = " and these wishes" if result.weighted else ""
    if result.corner:
        yield (
            f"All {sum(result.split)} to {result.corner}: a backup does not help under this budget{wishes}."
        )
    else:
        yield (", ".join(f"{p.applications} to {p.specialty}" for p in result.parts if p.applications))
    chance = known(result.chance)
    yield (f"{percent(chance.point)} chance of matching at all (80% range {span(chance)})")
    other = result.unsure
    if other is not None:
        better = f"{abs(100 * other.gain.point):.1f} points better than {other.name}"
        yield (f"Not sure: it is {better}, and {100 * other.sure:.0f}% of the model's draws agree.")
    if not result.corner:
        yield (f"{percent(known(result.independent))} with independent luck between specialties")
    elif result.corner != result.parts[0].specialty and not result.weighted:
        hint = ",".join(["1", "0.6", "0.5"][: len(result.parts)])
        yield (
            f"Where a match to {result.parts[0].specialty} is worth more to you, say how much: --wish {hint}"
        )
    if result.weighted:
        wishes = ", ".join(f"{p.specialty} {p.wish:g}" for p in result.parts)
        yield (f"{result.value:.3f} of the wish ({wishes}), which is what the split maximises")
    if result.fees_usd is not None:
        yield f"Application fees: {dollars(result.fees_usd)}, fixed fees apart"
    held = result.answer.p_given_interviews
    if held is not None:
        what = (
            f"{counted(known(result.answer.question.interviews), 'interview')} in {result.parts[0].specialty}"
        )
        yield (f"{percent(held.point)} with the {what} that you hold")


def _parts(result: Portfolio) -> Section:
    rows = []
    for p in result.parts:
        more = (
            ""
            if p.next_gain is None
            else points(p.next_gain) + ("" if p.next_usd is None else f" for {dollars(p.next_usd)}")
        )
        alone = "" if p.chance is None else percent(p.chance.point)
        rows.append(
            (
                short_name(p.specialty, NAME),
                str(p.applications),
                alone,
                percent(p.matched_here) if p.applications else "",
                more,
            )
        )
    head = ("In order of preference", "programs", "alone", "matched here", "ten more")
    words = (
        "alone: were it all. matched here: and to none before it. ten more: what they would add, in points"
        + (" of the wish." if result.weighted else ".")
    )
    return Section("", (Grid(head, tuple(rows)), Text(words)))


def _others(result: Portfolio) -> Section:
    rows = []
    for other in result.others:
        agree = f"{100 * other.sure:.0f}%" if other.sure < 0.995 else ">99%"
        name = other.name if other.specialty is None else f"all in {short_name(other.specialty, NAME)}"
        moved = f"{points(-other.gain.high)} to {points(-other.gain.low)}"
        rows.append((name, percent(other.chance.point), points(-other.gain.point), moved, agree))
    head = ("The same budget otherwise", "chance", "points", "80% range", "draws")
    words = "draws: share of the model's draws in which the split above has the higher chance."
    return Section("", (Grid(head, tuple(rows)), Text(words)))


def page(result: Portfolio, details: bool = False) -> Page:
    """Return the page that `matchmodel portfolio` prints.

    Parameters
    ----------
    result
    details
        Whether the basis and all notes are added.
    """
    if result.chance is None:
        return withheld_page(result.answer)
    a = result.answer.applicant
    title = f"{len(result.parts)} specialties, {type_name(a.applicant_type)}, {a.cycle} Match"
    sections = [Section("", tuple(map(Text, _headline(result)))), _parts(result)]
    if result.others:
        sections.append(_others(result))
    if details:
        bases = sorted(
            {f"levels {p.level_basis}" for p in result.parts}
            | {f"slopes {p.slope_basis}" for p in result.parts}
            | {f"usual numbers {p.usual_basis}" for p in result.parts}
        )
        words = (
            f"Basis: {', '.join(bases)}; invitation rates and what else is known of you evidence; "
            "shared luck assumed."
        )
        sections.append(Section("", (Text(words),)))
    answer = result.answer  # whose applications are the whole budget
    notes = tuple(note for note in answer.notes if note.code != "applications_above_listed")
    ends = endings(replace(answer, notes=notes), result.notes, FEW_NOTES, details)
    return Page(f"{title} (model {answer.model_name})", (*sections, *ends))
