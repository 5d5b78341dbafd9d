"""What several questions of advice share: changes in every draw, the cycle after, how results are told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from ..applicant import Applicant
from ..errors import RefusedInput
from ..known import known
from ..model import Model
from ..model.answer import Answer
from ..model.engine import People, Range, one_range
from ..model.notes import WARNINGS
from ..model.records import Cell, Note
from ..report.blocks import Items, Section
from .notes import text

UNCLEAR = 0.1  # share of draws on the wrong side of zero from which a slope or an effect is not called clear
SURE = 0.9  # share of draws from which a comparison is called sure: its 80% range then holds no zero


class Change(NamedTuple):
    """A change of a count or of dollars; an end is None where too many draws have none."""

    point: float
    low: float | None
    high: float | None


def change(after: np.ndarray, before: np.ndarray) -> Range:
    """Return the change between two numbers, in every draw, shape (d,): what both share cancels."""
    return one_range(after - before)


def share_above(draws: np.ndarray) -> float:
    """Return the share of draws above zero, ties halved."""
    return float((draws > 0).mean() + 0.5 * (draws == 0).mean())


def chances_of(people: People, applications: int) -> np.ndarray:
    """Return P(apply) of so many applications, shape (n, d); P(match | ranked) where there is no chain."""
    if people.arrays.chain is None:
        return people.p_ranked()
    return people.p_apply(people.invitations(np.full(len(people.lp), applications)))


def next_cycle(model: Model, applicant: Applicant, **changes: Any) -> Applicant:
    """Return a resolved applicant a cycle on, with one more year since graduation where that is known.

    Raises
    ------
    RefusedInput
        Where that cycle cannot be answered.
    """
    moved: dict[str, Any] = {"cycle": known(applicant.cycle) + 1, **changes}
    if applicant.yog is None and applicant.years_since_graduation is not None:
        moved["years_since_graduation"] = applicant.years_since_graduation + 1
    try:
        return model.resolve(applicant.replace(**moved))
    except RefusedInput as refused:
        raise RefusedInput(f"the cycle after {applicant.cycle} cannot be answered: {refused}") from None


def people_a_year_on(model: Model, applicants: Sequence[Applicant]) -> People:
    """Return applicants whose level is that of the cycle before and one more independent step of the drift.

    The level is a random walk through the year of the table. The engine draws its place in any cycle as
    sqrt(t) z, t years away, with one z: right for each cycle, not for the step between two. Here, with a
    the lesser and c the greater of both distances, z' = sqrt(a/c) z + sqrt((c - a)/c) e (before the table's
    year the walk goes backwards, a Brownian bridge); e is the same set of draws begun a third of the way
    in, so that it is all but independent of z.
    """
    people, first = model.people(applicants), applicants[0]
    year, z = model.kind(first.applicant_type).year, people.arrays.drift
    cycle = known(first.cycle)
    then = abs(cycle - year)
    near, far = sorted((abs(cycle - 1 - year), then))
    walked = np.sqrt(near / far) * z + np.sqrt((far - near) / far) * np.roll(z, -(len(z) // 3))
    people.base = people.base + people.arrays.slope * np.sqrt(then) * (walked - z)
    return people


def centred(draws: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Return draws moved to the mean of others: a walk, to that of the engine's draws of the same cycle."""
    moved: np.ndarray = draws + (like.mean(axis=-1) - draws.mean(axis=-1))
    return moved


def slope_notes(model: Model, cell: Cell, specialty: str) -> Iterator[Note]:
    """Yield what is to be said of a slope of Step 2 CK that is not clearly positive."""
    share = float((cell.beta.draws.array <= 0).mean())
    if share > UNCLEAR:
        yield Note("slope_unclear", {"specialty": specialty, "share": share})


def seen_notes(cell: Cell, specialty: str, score: float) -> Iterator[Note]:
    """Yield what is to be said of a score that the table did not see."""
    seen = cell.score_seen
    if seen is not None and not seen.low <= score <= seen.high:
        yield Note(
            "score_beyond", {"score": score, "low": seen.low, "high": seen.high, "specialty": specialty}
        )


# --- telling ------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Return a value of a result as `--json` prints it: dicts, lists, texts and numbers."""
    if isinstance(value, Note):
        return {"code": value.code, "text": text(value)}
    if isinstance(value, (Range, Change)):
        return value._asdict()
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    return value


def plain_notes(notes: Iterable[Note]) -> list[dict[str, str]]:
    """Return notes as `--json` prints them."""
    return [{"code": note.code, "text": text(note)} for note in notes]


def warnings(answer: Answer) -> Iterator[str]:
    """Yield what an answer is warned of in the fewest lines; a doubt with its reasons."""
    for note in answer.notes:
        if note.code in ("grey", "withheld"):
            yield " ".join(map(text, (note, *answer.trust.reasons)))
        elif note.code in WARNINGS or note.code in ("calibrated", "updated", "stand_in"):
            yield text(note)


def endings(answer: Answer, notes: Sequence[Note], few: Sequence[str], details: bool) -> Iterator[Section]:
    """Yield the sections with which an answer ends: its warnings, then notes, where there are any.

    Parameters
    ----------
    answer
    notes
        Of the question itself.
    few
        Codes of the notes that are told unless details are asked for, in that order.
    details
        Whether all are, those of the answer too.
    """
    every = [
        *notes,
        *(n for n in answer.notes if n.code != "association" and n not in notes),
        Note("association"),
    ]
    warned = [n for n in every if n.code in WARNINGS or n.code in WARNED or n in answer.trust.reasons]
    others = [n for n in every if n not in warned]
    if not details:
        others = [n for code in (*few, "association") for n in others if n.code == code]
    for heading, told in (("Warnings", warned), ("Notes", others)):
        if told:
            yield Section(heading, (Items(tuple(map(text, told))),))


WARNED = frozenset({"slope_unclear", "score_beyond", "range_beyond", "scores_beyond"})
