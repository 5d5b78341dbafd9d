"""What a list of programs remarks on: what was taken from where, and what it cannot know."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from ...errors import clipped
from ...model import Model
from ...model.notes import WARNINGS
from ...model.records import Note, Scalar
from ...tabular.cells import key
from .candidates import Candidates
from .rates import REACH, SAFER, Kind
from .result import ProgramList
from .signals import SignalEffect
from .table import ProgramTable

LONGEST = 40  # characters of a column's name


def notes_of(
    model: Model, made: ProgramList, groups: Sequence[Candidates], table: ProgramTable, wished: Set[str]
) -> ProgramList:
    """Return the list with its notes.

    Parameters
    ----------
    model
    made
        All but its notes.
    groups
        One per specialty.
    table
    wished
        Keys of the columns that wishes use.
    """
    warnings = _warned(model, made, groups)
    notes = [
        *warnings,
        *_size(made),
        *_rates(made, groups),
        *_signals(made, groups[0].effect),
    ]
    if made.chance is not None:
        kind = made.answer.applicant.applicant_type
        notes += [
            Note("program_marks", {"safer": SAFER, "reach": REACH, "applicant_type": kind}),
            Note("rates_unchecked"),
            Note("program_others"),
        ]
    notes += [
        Note("aside_" + one.why, {"programs": one.programs, "specialty": one.specialty}) for one in made.aside
    ]
    if made.preferences:
        notes.append(Note("preferences"))
    notes += [Note("table_read", {"said": line}) for line in table.said]
    if table.mapped:
        pairs = (f"{clipped(header, LONGEST)} as {column}" for header, column in table.mapped)
        notes.append(Note("columns_mapped", {"columns": ", ".join(pairs)}))
    unread = [clipped(header, LONGEST) for header in table.unread if key(header) not in wished]
    if unread:
        notes.append(Note("columns_unread", {"columns": ", ".join(unread)}))
    return replace(made, warnings=tuple(warnings), notes=(*notes, Note("association")))


def _warned(model: Model, made: ProgramList, groups: Sequence[Candidates]) -> list[Note]:
    """Return what is warned of in the odds of each specialty; the number of applications is the list's own
    here.
    """
    found: list[Note] = []
    for g in groups:
        answer = made.answer if g.specialty == made.answer.applicant.specialty else model.odds(g.applicant)
        for note in answer.notes:
            wanted = note.code in WARNINGS or note in answer.trust.reasons
            if wanted and note.code not in ("applications_above_listed", "no_chain") and note not in found:
                found.append(note)
    return found


def _size(made: ProgramList) -> Iterator[Note]:
    can = sum(p.can_work for p in made.parts)
    if made.asked is not None and made.asked > made.applications and made.picks:
        yield Note("list_all", {"asked": made.asked, "can_work": can})
    if made.budget is not None and made.fees_usd is not None and made.picks:
        yield Note("list_fees", {"fees": made.fees_usd, "budget": made.budget})
    if len([p for p in made.parts if p.applications]) > 1:
        yield Note("list_split", {"every": made.every_split})
    if made.chance is None:
        if made.picks:
            yield Note("rates_alone", {"specialty": made.parts[0].specialty})
    elif made.chance.point < made.other("all").chance.point:
        yield Note("list_below_all")


def _rates(made: ProgramList, groups: Sequence[Candidates]) -> Iterator[Note]:
    kinds = Counter(one.rate_from for one in (*made.picks, *made.others))
    if kinds["moved"]:
        ends = [
            f"{g.specialty} {100 * g.chain.rates.min():.2g}% to {100 * g.chain.rates.max():.2g}%"
            for g in groups
            if g.chain is not None
        ]
        yield Note("rates_moved", {"count": kinds["moved"], "ends": "; ".join(ends)})
    codes: dict[Kind, str] = {
        "given": "rates_given",
        "shrunk": "rates_shrunk",
        "img_share": "rates_by_share",
        "unknown": "rates_unknown",
    }
    for kind, code in codes.items():
        if kinds[kind]:
            yield Note(code, {"count": kinds[kind]})
    if kinds[None]:
        yield Note("rates_missing", {"count": kinds[None]})


def _signals(made: ProgramList, effect: SignalEffect | None) -> Iterator[Note]:
    if not any(p.signals or p.published_signals for p in made.parts):
        return
    if effect is None:
        yield Note("signals_without_effect")
        return
    yield Note(
        "signals_effect",
        {
            "log_odds": effect.log_odds,
            "se": effect.se,
            "specialty": effect.specialty,
            "share": effect.share,
        },
    )
    if not made.signals_counted:
        yield Note("signals_apart")
    if any(p.gold is not None and p.signals for p in made.parts):
        yield Note("signals_alike")
    for p in made.parts:
        counted: dict[str, Scalar] = {
            "specialty": p.specialty,
            "signals": p.signals,
            "published": p.published_signals,
        }
        if p.published_signals is None and p.signals:
            yield Note("signals_unpublished", counted)
        elif p.published_signals is not None and p.signals > p.published_signals:
            yield Note("signals_above_published", counted)
