"""Every specialty of an applicant type for one applicant, side by side."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from ...applicant import Applicant
from ...errors import RefusedInput, clipped
from ...known import known
from ...model import Model
from ...model.answer import Answer, make
from ...model.engine import ORDERS, Order
from ...model.records import Note
from ...question import DEFAULT_TARGET, Question
from ..limits import SORTS
from .result import Row, SideBySide

if TYPE_CHECKING:
    from ..limits import Sort

WHOSE = "non-us-img"  # whose table prints the positions of a specialty; they are open to all
# Notes that several specialties have, with fields of their own -> the one note that names them.
_MERGED = {
    "flat_slope": "flat_slopes",
    "no_own_slope": "no_own_slopes",
    "score_extrapolated": "extrapolated_in",
    "no_chain": "no_chains",
    "usual_unsure": "usual_unsure_in",
    "no_schedule": "no_fees_of",
}


def specialties(
    model: Model,
    applicant: Applicant,
    question: Question | None = None,
    order: Order = "choose",
    sort: "Sort" = "apply",
    whole: bool = True,
) -> SideBySide:
    """Return every specialty of an applicant's type: what `Model.odds` says of each, sorted.

    Parameters
    ----------
    model
    applicant
        The specialty is not looked at.
    question
        `applications` replaces each specialty's usual number; the target is 0.5 where absent.
    order
        In which order of programs the required applications are counted.
    sort
        By the chance if you apply or if you rank, by the applications required, or by name.
    whole
        Whether each row has all that `Model.odds` says, else only what its table shows.

    Raises
    ------
    NotInModel
        For a type that the model was not trained for.
    RefusedInput
        For another order or sort, or a cycle that cannot be answered.
    """
    if order not in ORDERS:
        raise RefusedInput(f"order is {clipped(order)}; say one of {', '.join(ORDERS)}")
    if sort not in SORTS:
        raise RefusedInput(f"sort is {clipped(sort)}; say one of {', '.join(SORTS)}")
    question = Question() if question is None else question
    kind = applicant.applicant_type
    printed, whose = published_of(model, kind)
    rows = []
    for name in model.specialties(kind):
        answer = make(
            model, model.resolve(applicant.replace(specialty=name)), question, None if whole else order
        )
        positions = printed.get(name, {}).get("positions")
        rows.append(
            Row(answer, None if positions is None else int(positions), _applicants(model, kind, name))
        )
    rows.sort(key=lambda row: (row.answer.withheld, *_key(row, order, sort), row.specialty.casefold()))
    return SideBySide(
        rows=tuple(rows),
        target=DEFAULT_TARGET if question.target is None else question.target,
        order=order,
        sort=sort,
        applications=question.applications,
        interviews=question.interviews,
        positions_year=next((one.get("year") for one in printed.values()), None),
        notes=tuple(_notes([row.answer for row in rows], kind, whose)),
    )


def published_of(model: Model, applicant_type: str) -> tuple[dict[str, Any], str | None]:
    """Return what the tables print of each specialty for a type, and whose it is; {} and None where the model
    has none.
    """
    printed = model.record.advice.get("published") or {}
    for kind in (applicant_type, WHOSE):
        if printed.get(kind):
            return printed[kind], kind
    return {}, None


def _applicants(model: Model, kind: str, specialty: str) -> int | None:
    """Return who ranked the specialty in the table behind its average: that of the type it is derived from,
    where it is.
    """
    source = model.kind(kind).derived_from or kind
    cell = model.kind(source).cells.get(specialty)
    counts = None if cell is None else cell.published
    return None if counts is None else int(counts.matched + counts.not_matched)


def _key(row: Row, order: Order, sort: "Sort") -> tuple[float, ...]:
    answer, one = row.answer, row.required(order)
    ranked = 0.0 if answer.p_ranked is None else -answer.p_ranked.point
    if sort == "name" or answer.withheld:
        return ()
    if sort == "ranked":
        return (ranked,)
    if sort == "apply":
        return (inf, ranked) if answer.p_apply is None else (-answer.p_apply.point,)
    if one is None:
        return inf, inf, ranked
    return (
        (one.applications, 0.0)
        if one.applications is not None
        else (inf, -known(answer.chances_by_applications)[-1].chance.point)
    )


def _notes(answers: Sequence[Answer], kind: str, whose: str | None) -> Iterator[Note]:
    """Yield what every answer remarks on, and what some do, with their names."""
    told = [answer for answer in answers if not answer.withheld]
    for note in told[0].notes if told else ():
        if note.code != "association" and all(note in other.notes for other in told):
            yield note
    yield Note("not_to_be_added")
    if whose is None:
        yield Note("no_positions")
    elif whose != kind:
        yield Note("positions_of", {"applicant_type": whose})
    for code, merged in _MERGED.items():
        names = [a.applicant.specialty for a in told if any(note.code == code for note in a.notes)]
        if names:
            yield Note(merged, {"specialties": ", ".join(sorted(names))})
    yield Note("association")
