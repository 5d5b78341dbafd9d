"""A list of programs as a page of blocks."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence

from ...errors import clipped
from ...known import known
from ...model.engine import Range
from ...model.records import Note
from ...report.blocks import Block, Grid, Items, Page, Section, Text
from ...report.wording import (
    ASSOCIATION,
    WIDTH,
    counted,
    dollars,
    moved,
    one_in,
    percent,
    points,
    span,
    type_name,
)
from ...specialty import short_name
from ..limits import PROGRAMS_SHOWN
from ..notes import text
from .rates import Mark
from .result import Listed, Part, ProgramList

FEW = 3  # specialties of which each has its list; of more, --all shows the lists
NAME = 40  # characters of a dropped program's name
SHOWN = (
    "list_below_all", "rates_alone", "signals_without_effect", "preferences", "table_read",
    "columns_mapped",
)  # fmt: skip
NEXT = "Next: --all for the whole list, what was dropped and the notes; --out FILE.csv."
_MARKS: tuple[Mark, ...] = ("safer", "target", "reach")
_AGAINST = {
    "can_work": "at random, {} that can work",
    "all": "at random, all {} listed",
    "as_imgs_choose": "as IMGs choose (predict)",
}
_DROPPED = {  # why a program cannot work -> in a word or two
    "no_imgs": "no IMGs",
    "attempts_over": "attempts",
    "score_under_cutoff": "Step 2 CK",
    "years_over": "graduation",
    "usce_under": "USCE",
    "no_sponsorship": "visa",
    "not_wanted": "your filters",
}

_OWN = {  # what is not known of the applicant -> the option that says it
    "unknown_own_step1_attempts": "--step1-attempts",
    "unknown_own_step2_attempts": "--step2-attempts",
    "unknown_own_score": "--step2",
    "unknown_own_years": "--yog",
    "unknown_own_usce": "--usce",
    "unknown_own_visa": "--visa",
}


def _numbers(result: ProgramList, details: bool) -> Grid:
    """Return the chance of the list beside the same numbers of applications otherwise."""
    chance, answer = known(result.chance), result.answer
    rows: list[tuple[str, Range, Range | None]] = [("this list", chance, None)]
    if answer.p_given_interviews is not None:
        held = counted(known(answer.question.interviews), "interview")
        where = f" in {short_name(answer.applicant.specialty, 10)}" if len(result.parts) > 1 else ""
        rows.append((f"with the {held} you hold{where}", answer.p_given_interviews, None))
    sent = sum(p.spent for p in result.parts)
    if sent and not result.signals_counted:
        rows.append((f"with {counted(sent, 'signal')} sent there", known(result.with_signals), None))
    if sent and (details or result.signals_counted):
        rows.append(("without any signal", known(result.without_signals), None))
    if result.without_preferences is not None:
        rows.append(("without preferences", result.without_preferences, None))
    can = sum(p.can_work for p in result.parts if p.applications)
    shown = {"as_imgs_choose"} | ({"all"} if details else set())
    shown |= {"can_work"} if details and result.applications < can else set()
    rows += [
        (_AGAINST[one.against].format(f"{one.programs:,}"), one.chance, one.gain)
        for one in result.instead
        if one.against in shown
    ]

    def adds(gain: Range | None) -> str:
        return "" if gain is None else moved(gain) if details else points(gain.point)

    cells = tuple((what, percent(p.point), span(p), adds(gain)) for what, p, gain in rows)
    return Grid(("Programs", "chance", "80% range", "list adds"), cells)


def _first(result: ProgramList, details: bool) -> Iterator[Block]:
    if result.chance is None:
        if result.picks:
            n = counted(result.applications, "program")
            rated = any(one.rate is not None for one in result.picks)
            order = "with the highest rates" if rated else "first in your table: none has a rate"
            yield Text(f"{n}, {order}. No chance of matching can be given.")
        else:
            yield Text("No program of the table can work for you.")
        return
    unsure = result.answer.trust.kind == "grey"
    which = "this program" if result.applications == 1 else f"these {result.applications} programs"
    about = f"{'Unsure: about' if unsure else 'About'} {one_in(result.chance.point)}"
    yield Text(f"{about} applicants like you who apply to {which} match.")
    yield _numbers(result, details)
    mean, some = known(result.expected), known(result.p_any_invitation)
    fees = "" if result.fees_usd is None else f" Fees: {dollars(result.fees_usd)}."
    yield Text(
        f"Invitations expected: {mean.point:.1f} ({mean.low:.1f} to {mean.high:.1f}). "
        f"At least one: {percent(some.point)}.{fees}"
    )


def _signal(one: Listed) -> str:
    return "" if not one.signal else one.tier or "yes"


def _listing(picks: Sequence[Listed], shown: int) -> Grid:
    """Return the first programs of a list; a column of blanks goes, and a name is clipped where it must."""
    bare = all(one.chance is None for one in picks)  # no chain: the rates are all there is
    number = "your rate" if bare else "chance"
    head = ("", "program", "state", number, "80% range", "mark", "signal", "wish", "rate", "")
    rows = []
    for k, one in enumerate(picks[:shown], start=1):
        found = one.chance
        chance = ("unknown" if one.rate is None else percent(one.rate), "")
        if found is not None:
            chance = (percent(found.point), f"{percent(found.low)[:-1]} to {percent(found.high)}")
        wish = "" if one.weight == 1 else f"x{one.weight:g}"
        last = (one.mark or "", _signal(one), wish, one.basis or "", "?" if one.unknown else "")
        rows.append([str(k), one.program, one.state or "", *chance, *last])
    keep = [k for k in range(len(head)) if k < 2 or any(row[k] for row in rows)]
    width = {k: max(len(row[k]) for row in (head, *rows)) for k in keep}
    room = WIDTH - sum(2 + width[k] for k in keep if k != 1) - 2
    for k in (2, 5, 8):  # a name matters more than its state, its mark and what its rate rests on
        if k in keep and width[1] > room:
            keep.remove(k)
            room += 2 + width[k]
    for row in rows:
        row[1] = row[1] if len(row[1]) <= room else row[1][: room - 3] + "..."
    left = frozenset(keep.index(k) for k in (1, 2, 5, 6, 8, 9) if k in keep)
    return Grid(tuple(head[k] for k in keep), tuple(tuple(row[k] for k in keep) for row in rows), left)


def _part(result: ProgramList, part: Part, shown: int | None, details: bool) -> Section:
    mine = [one for one in result.picks if one.specialty == part.specialty]
    title = f"{part.specialty}: {part.applications} of {counted(part.can_work, 'program')}"
    if part.signals and part.has_chain:
        alike = "" if part.gold is None else ", gold and silver alike"
        title += f", {part.spent} of {counted(part.signals, 'signal')}{alike}"
    blocks: list[Block] = []
    if details and part.factor is not None:
        marks = Counter(one.mark for one in mine if one.mark is not None)
        f, average = part.factor, known(part.average_chance)
        blocks.append(Text(", ".join(f"{marks[name]} {name}" for name in _MARKS) + "."))
        blocks.append(
            Text(
                f"Your profile multiplies invitations by {f.point:.2f} ({f.low:.2f} to {f.high:.2f}). "
                f"A program at random: {percent(average.point)}."
            )
        )
    blocks.append(_listing(mine, len(mine) if shown is None else shown))
    if shown is not None and len(mine) > shown:
        blocks.append(Text(f"... and {len(mine) - shown} more"))
    return Section(title, tuple(blocks))


def _summary(parts: Sequence[Part]) -> Section:
    """Return a row for each of many specialties."""
    rows = tuple(
        (
            p.specialty,
            f"{p.applications} of {p.can_work}",
            f"{p.spent}" if p.signals else "",
            dollars(p.fees_usd),
            "" if p.chance is None else percent(p.chance.point),
        )
        for p in parts
    )
    head = ("Specialty", "programs", "signals", "fees", "chance there")
    return Section("", (Grid(head, rows),))


def _lists(result: ProgramList, details: bool) -> Iterator[Section]:
    used = [p for p in result.parts if p.applications]
    if len(used) > FEW:
        yield _summary(used)
    if details or len(used) <= FEW:
        shown = None if details else PROGRAMS_SHOWN // max(1, len(used))
        for part in used:
            yield _part(result, part, shown, details)


def _ask(result: ProgramList) -> Iterator[str]:
    """Yield what is unknown and may rule a program out: of the programs, and of the applicant."""
    counts = Counter(note.code for one in result.picks for note in one.unknown)  # codes without fields
    theirs = [f"{text(Note(code))} ({n})" for code, n in counts.most_common() if code not in _OWN]
    own = [_OWN[code] for code, _ in counts.most_common() if code in _OWN]
    if theirs:
        yield f"? Ask before you pay: {', '.join(theirs)}."
    if own:
        yield f"? Give {', '.join(own)}: some programs of the list have limits there."


def _left_out(result: ProgramList) -> Iterator[str]:
    if result.dropped:
        why = Counter(
            code for one in result.dropped for code in dict.fromkeys(note.code for note in one.reasons)
        )
        asked = ", ".join(f"{_DROPPED[code]} ({n})" for code, n in why.most_common())
        yield f"Left out, {len(result.dropped)}: {asked}."
    none = [p.specialty for p in result.parts if not p.applications and p.can_work and result.picks]
    if none:
        yield f"No program of {', '.join(none)}: they would add less than what is listed."


def _details(result: ProgramList, others: Sequence[Note]) -> Iterator[Section]:
    if result.dropped:
        items = tuple(
            f"{clipped(one.program, NAME)}: {'; '.join(map(text, one.reasons))}" for one in result.dropped
        )
        yield Section("Left out", (Items(items),))
    if others:
        yield Section("Notes", (Items(tuple(map(text, others))),))


def page(result: ProgramList, details: bool = False) -> Page:
    """Return the page that `matchmodel programs` prints.

    Parameters
    ----------
    result
    details
        Whether the whole list, all that was dropped and all notes are added.
    """
    a = result.answer.applicant
    title = (
        f"Programs for a {type_name(a.applicant_type)}, {a.cycle} Match (model {result.answer.model_name})"
    )
    total, can = sum(p.in_table for p in result.parts), sum(p.can_work for p in result.parts)
    names = [p.specialty for p in result.parts]
    of = " and ".join(names) if len(names) <= FEW else f"{len(names)} specialties"
    about = f"{os.path.basename(result.path)}: {counted(total, 'program')} of {of}, {can:,} can work for you"
    others = [note for note in result.notes if note not in result.warnings]
    told = [*map(text, result.warnings), *_ask(result), *_left_out(result)]
    told += [text(note) for note in others if note.code in SHOWN]
    last: tuple[Block, ...] = (Items(tuple(told)),) if told else ()
    last += (Text(ASSOCIATION),)
    more = _details(result, others) if details else ()
    sections = (
        Section("", tuple(_first(result, details))),
        *_lists(result, details),
        Section("", (*last, Text(NEXT)) if not details else last),
        *more,
    )
    return Page(title, tuple(s for s in sections if s.blocks), about)
