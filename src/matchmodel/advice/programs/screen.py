"""Which programs of a table cannot work for an applicant, and why; what is unknown on either side drops none.

Reasons, and what would have to be known to be sure, are `Note`s: a code and its fields.
"""

from collections.abc import Iterator
from typing import Literal, get_args

from ...applicant import Applicant
from ...errors import RefusedInput, clipped
from ...model.records import Note
from .table import NO_LIMIT, Limit, Program

VisaType = Literal["j1", "h1b", "either"]
VISA_TYPES: tuple[VisaType, ...] = get_args(VisaType)
_STEPS = (("Step 1", "step1"), ("Step 2 CK", "step2"))


def visa_type_name(text: object) -> VisaType:
    """Return the visa type as it is kept here: 'J-1' -> 'j1'.

    Raises
    ------
    RefusedInput
        For anything else than those three.
    """
    key = "".join(ch for ch in str(text).casefold() if ch.isalnum())
    for known in VISA_TYPES:
        if key == known:
            return known
    raise RefusedInput(f"visa type is '{clipped(text)}'; it is j1, h1b or either")


Held = tuple[tuple[Note, ...], tuple[Note, ...]]  # reasons against, and what is unknown
_NOTHING: Held = ((), ())


def _limit(asked: Limit, own: float | None, within: bool, reason: str, ours: str, theirs: str) -> Held:
    """Check the applicant's own figure against a limit.

    Parameters
    ----------
    asked, own
        None where unknown.
    within
        Whether the figure keeps the limit, where both are known.
    reason, ours, theirs
        The code of the reason, and of what is unknown: the applicant's figure, or the program's limit.
    """
    if asked == NO_LIMIT:
        return _NOTHING
    if asked is None:
        return _NOTHING if own is None else ((), (Note(theirs),))
    if own is None:
        return (), (Note(ours),)
    return _NOTHING if within else ((Note(reason, {"asked": asked, "own": own}),), ())


def _below(a: float | None, b: Limit) -> bool:
    return isinstance(b, (int, float)) and a is not None and a < b


def _above(a: float | None, b: Limit) -> bool:
    return isinstance(b, (int, float)) and a is not None and a > b


def _attempts(applicant: Applicant, program: Program) -> Iterator[Held]:
    accepted = program.attempts_accepted
    if accepted == NO_LIMIT:
        return
    for step, name in _STEPS:
        attempts, failed = getattr(applicant, name + "_attempts"), getattr(applicant, name + "_failed")
        least = attempts if attempts is not None else 2 if failed else 1
        if accepted is None:
            if least > 1:  # no program asks for more than a first pass
                yield (), (Note("unknown_attempts_accepted"),)
        elif _above(least, accepted):
            yield (Note("attempts_over", {"accepted": accepted, "step": step, "attempts": attempts}),), ()
        elif attempts is None and failed is not False:  # a fail may have been followed by another
            yield (), (Note(f"unknown_own_{name}_attempts"),)


def _visa(applicant: Applicant, program: Program, visa_type: VisaType) -> Held:
    if applicant.applicant_type == "us-img" or applicant.visa_needed is False:
        return _NOTHING
    wanted = ("j1", "h1b") if visa_type == "either" else (visa_type,)
    sponsors = [getattr(program, "sponsors_" + name) for name in wanted]
    if True in sponsors:
        return _NOTHING
    if None in sponsors:
        return (), (Note("unknown_sponsorship"),)
    if applicant.visa_needed is None:
        return (), (Note("unknown_own_visa"),)
    return (Note("no_sponsorship", {"visa_type": visa_type}),), ()


def _imgs(program: Program) -> Held:
    if program.accepts_imgs is False:
        return (Note("no_imgs"),), ()
    known = program.invitation_rate_us_img or program.invitation_rate_non_us_img or program.img_share
    return _NOTHING if program.accepts_imgs or known else ((), (Note("unknown_imgs"),))


def screen(applicant: Applicant, program: Program, visa_type: VisaType = "either") -> Held:
    """Check an applicant against a program's conditions.

    Parameters
    ----------
    applicant
        With years since graduation filled in.
    program
    visa_type
        Which visa would do.

    Returns
    -------
    reasons
        Why it cannot work; empty where it can.
    unknown
        What would have to be known to be sure.
    """
    a, p = applicant, program
    years, usce = a.years_since_graduation, a.usce_months
    held = [
        _imgs(p),
        *_attempts(a, p),
        _limit(
            p.step2_cutoff,
            a.step2_ck,
            not _below(a.step2_ck, p.step2_cutoff),
            "score_under_cutoff",
            "unknown_own_score",
            "unknown_cutoff",
        ),
        _limit(
            p.years_since_graduation_accepted,
            years,
            not _above(years, p.years_since_graduation_accepted),
            "years_over",
            "unknown_own_years",
            "unknown_years_accepted",
        ),
        _limit(
            p.usce_asked_months,
            usce,
            not _below(usce, p.usce_asked_months),
            "usce_under",
            "unknown_own_usce",
            "unknown_usce_asked",
        ),
        _visa(a, p, visa_type),
    ]
    reasons = tuple(note for found, _ in held for note in found)
    unknown: list[Note] = []
    for _, found in held:
        unknown += [note for note in found if note not in unknown]
    return reasons, tuple(unknown)
