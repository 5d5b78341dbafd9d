"""The splits of a budget as a page of blocks."""

from collections.abc import Iterator

from ...known import known
from ...model.records import Note
from ...report.answer import warned, withheld_page
from ...report.blocks import Block, Grid, Items, Page, Section, Text
from ...report.wording import ASSOCIATION, counted, dollars, percent, points, span, type_name
from ...specialty import short_name
from ..notes import text
from .result import Portfolio, Way

NAME = 24  # characters of a specialty in the tables
SHOWN = ("order_is_bound", "who_prefer_it")
WHOLE = "applications_above_listed"  # of the first specialty, while the number is of all together
ORDERED = {"random": ", programs at random", "friendliest": ", the friendliest programs first"}
SHARES = {1.0: "all", 0.75: "three quarters", 0.5: "half", 0.25: "a quarter", 0.0: "none"}
NEXT = "--wish 80% adds a row with that share; --details: ten more, luck, all notes."


def _budget(result: Portfolio) -> str:
    if result.budget_usd is not None:
        return f"{dollars(result.budget_usd)} of application fees"
    many = counted(known(result.applications), "application")
    if result.budget_given:
        return many
    assumed = [part.specialty for part in result.parts if part.usual_basis == "assumed"]
    doubt = f" (not counted but assumed: {', '.join(assumed)})" if assumed else ""
    return f"{many}, the usual numbers together{doubt}"


def _share(way: Way) -> str:
    if way.share is None:
        return "best"
    return SHARES.get(way.share, f"{100 * way.share:g}%")


def frontier(result: Portfolio) -> Grid:
    """Every share for the first specialty: a row each."""
    marks = (
        "best" * way.best + ", " * (way.best and way.wished) + "wish" * way.wished for way in result.ways
    )
    unsure = any(part.answer.trust.kind == "grey" for part in result.parts)
    rows = tuple(
        (
            _share(way),
            " + ".join(map(str, way.split)),
            percent(way.first.point) if way.split[0] else "",
            percent(way.chance.point),
            span(way.chance),
            dollars(way.fees_usd),
            f"<- {mark}" if mark else "",
        )
        for way, mark in zip(result.ways, marks, strict=True)
    )
    head = ("share", "programs", "first", "any" + "?" * unsure, "80% range", "fees", "")
    return Grid(head, rows, frozenset({0, 6}))


def best(result: Portfolio) -> str:
    """Return which split gives the best chance, and how sure that is."""
    split = ", ".join(f"{p.applications} to {p.specialty}" for p in result.parts if p.applications)
    if result.corner is not None:
        split = f"all to {result.corner}"
    said = f"The best chance of any match: {split}."
    near = result.unsure
    if near is None:
        return said
    by = f"{abs(100 * near.gain.point):.1f} points above {near.name}"
    return f"{said} Not sure: it is {by}, and {100 * near.sure:.0f}% of the model's draws agree."


def legend(result: Portfolio) -> str:
    """Return what the columns of `frontier` mean."""
    part = result.parts[0]
    first, most = part.specialty, max(way.split[0] for way in result.ways)
    full = f" {first} lists {part.listed} programs." if most == part.listed else ""
    unsure = " ?: unsure." if any(p.answer.trust.kind == "grey" for p in result.parts) else ""
    return (
        f"share: of the budget, for {first}. first: chance of a match there; any: in one of them, with its "
        f"range.{unsure}{full}"
    )


def _told(result: Portfolio) -> list[Note]:
    """Return the notes that are always told, warnings first."""
    told: list[Note] = []
    for answer in (part.answer for part in result.parts):
        apart = (WHOLE, *(note.code for note in answer.trust.reasons))
        told += [note for note in warned(answer) if note.code not in apart and note not in told]
    return told + [note for note in result.notes if note.code in SHOWN]


def _parts(result: Portfolio) -> Iterator[Block]:
    rows = []
    for p in result.parts:
        fees = "" if p.next_usd is None else f" for {dollars(p.next_usd)}"
        rows.append(
            (
                short_name(p.specialty, NAME),
                str(p.applications),
                "" if p.chance is None else percent(p.chance.point),
                percent(p.matched_here) if p.applications else "",
                "" if p.next_gain is None else points(p.next_gain) + fees,
            )
        )
    yield Grid(("In order of preference", "programs", "alone", "matched here", "ten more"), tuple(rows))
    yield Text(
        "alone: were it all. matched here: and to none before it. ten more: points that they would add."
    )
    if result.corner is None:
        yield Text(f"{percent(known(result.independent))} with independent luck between specialties.")


def _others(result: Portfolio) -> Iterator[Block]:
    rows = []
    for other in result.others:
        agree = f"{100 * other.sure:.0f}%" if other.sure < 0.995 else ">99%"
        name = other.name if other.specialty is None else f"all in {short_name(other.specialty, NAME)}"
        moved = f"{points(-other.gain.high)} to {points(-other.gain.low)}"
        rows.append((name, percent(other.chance.point), points(-other.gain.point), moved, agree))
    if rows:
        head = ("The same budget otherwise", "chance", "points", "80% range", "draws")
        yield Grid(head, tuple(rows))
        yield Text("draws: share of the model's draws in which the best split has the higher chance.")


def _details(result: Portfolio) -> Iterator[Section]:
    yield Section("The best split", (*_parts(result), *_others(result)))
    bases = sorted(
        {f"levels {p.level_basis}" for p in result.parts}
        | {f"slopes {p.slope_basis}" for p in result.parts}
        | {f"usual numbers {p.usual_basis}" for p in result.parts}
    )
    basis = f"Basis: {', '.join(bases)}; invitation rates and what else is known of you evidence; "
    told = _told(result)
    notes = [*result.notes, *result.answer.notes]
    others = [n for n in notes if n not in told and n.code not in ("association", WHOLE)]
    items = Items(tuple(dict.fromkeys(map(text, others))))
    yield Section("Notes", (Text(basis + "shared luck assumed."), items))


def page(result: Portfolio, details: bool = False) -> Page:
    """Return the page that `matchmodel portfolio` prints.

    Parameters
    ----------
    result
    details
        Whether the parts of the best split, other splits, the basis and all notes are added.
    """
    if result.chance is None:
        return withheld_page(result.answer)
    a = result.answer.applicant
    names = ", then ".join(part.specialty for part in result.parts)
    title = f"{names}: {type_name(a.applicant_type)}, {a.cycle} Match (model {result.answer.model_name})"
    first: list[Block] = [Text(f"Budget: {_budget(result)}{ORDERED.get(result.order, '')}.")]
    held = result.answer.p_given_interviews
    if held is not None:
        interviews = counted(known(result.answer.question.interviews), "interview")
        first.append(Text(f"With the {interviews} you hold in {a.specialty}: {percent(held.point)} there."))
    last: list[Block] = [Items(tuple(map(text, _told(result)))), Text(ASSOCIATION)]
    sections = [
        Section("", tuple(first)),
        Section("", (frontier(result),)),
        Section("", (Text(best(result)), Text(legend(result)))),
        Section("", tuple(last if details else [*last, Text(NEXT)])),
    ]
    return Page(title, (*sections, *(_details(result) if details else ())))
