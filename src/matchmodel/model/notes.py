"""What an answer remarks on.

A remark is a code with fields (`records.Note`). `notes` finds those of an answer, the most important first;
`text` makes the sentence of one from the templates of `sentences`. Nothing reads a sentence.
"""

from collections.abc import Iterator
from math import exp
from typing import TYPE_CHECKING

from ..applicant import ATTEMPT_LIMIT, ATTEMPT_LIMIT_BEFORE, Applicant
from ..covariates import COVARIATES
from ..known import known
from ..report.wording import type_name
from .fees import OTHER_SERVICES, fixed_fees, schedule_of
from .records import Cell, Note, PassingMark, Scalar
from .sentences import TEMPLATES, Template, text

if TYPE_CHECKING:
    from .answer import Answer
    from .loaded import Model

__all__ = ["TEMPLATES", "WARNINGS", "Template", "notes", "passing_note", "text"]

FLAT_SLOPE = 0.15  # log odds per ten points; under it the notes say why Step 2 CK hardly tells
OLD_TABLE = 10  # years from which a table is warned of
SHRUNK = 0.005  # of the published rate, from which the notes say that the model's is another
UNSURE = 0.3  # relative half-width of the usual number's range from which the notes warn
CAPPED = 2  # attempts, beyond which more count as so many

WARNINGS = frozenset({
    "applications_above_listed", "attempt_limit", "grey", "left_out", "no_chain", "old_table",
    "passed_before", "score_extrapolated", "under_every_mark", "withheld",
})  # fmt: skip


def notes(model: "Model", answer: "Answer") -> tuple[Note, ...]:
    """Return the notes of an answer, warnings first, each kind with the most important first."""
    a = answer.applicant
    cell = model.cell(a.applicant_type, a.specialty)
    found = [*_left_out_note(model), *_trust_notes(answer)]
    if answer.withheld:
        return (*found, *_kind_notes(model, a))
    found += [
        *_score_notes(model, answer, cell),
        *_attempt_warnings(a),
        *_chain_warnings(model, answer, cell),
    ]
    found += [
        *_interview_notes(answer),
        *_kind_notes(model, a),
        *_applicant_notes(model, a),
        *_cell_notes(model, answer, cell),
    ]
    return (*found, Note("association"), *_chain_notes(model, answer, cell))


def _left_out_note(model: "Model") -> Iterator[Note]:
    left_out = model.record.left_out
    if left_out is not None:
        lost = "; ".join(text(note).rstrip(".") for note in left_out.lost)
        yield Note("left_out", {"why": left_out.why, "sources": len(left_out.sources), "lost": lost})


def _trust_notes(answer: "Answer") -> Iterator[Note]:
    if answer.trust.kind != "ok":
        a = answer.applicant
        yield Note(answer.trust.kind, {"specialty": a.specialty, "applicant_type": a.applicant_type})
        yield from answer.trust.reasons


def passing_note(score: float, marks: tuple[PassingMark, ...]) -> Note | None:
    """Return the note of a score under today's passing mark, None where there is none.

    Parameters
    ----------
    score
        Step 2 CK.
    marks
        Oldest first.
    """
    if not marks or score >= marks[-1].mark:
        return None
    fields: dict[str, Scalar] = {"score": score, "mark": marks[-1].mark, "since": marks[-1].start}
    older = [(mark, marks[k + 1].start) for k, mark in enumerate(marks[:-1]) if score >= mark.mark]
    if older:
        mark, until = older[-1]
        return Note("passed_before", fields | {"older": mark.mark, "until": until})
    return Note("under_every_mark", fields | {"older": marks[0].mark, "older_since": marks[0].start})


def _score_notes(model: "Model", answer: "Answer", cell: Cell) -> Iterator[Note]:
    score = answer.applicant.step2_ck
    if score is None:
        return
    passing = passing_note(score, model.record.passing_marks)
    if passing is not None:
        yield passing
    if answer.extrapolated:
        seen = known(cell.score_seen)
        yield Note(
            "score_extrapolated",
            {"score": score, "low": seen.low, "high": seen.high, "specialty": answer.applicant.specialty},
        )


_STEPS = (("Step 1", "step1_attempts"), ("Step 2 CK", "step2_attempts"))


def _attempt_warnings(a: Applicant) -> Iterator[Note]:
    for step, field in _STEPS:
        attempts = getattr(a, field)
        if attempts is not None and attempts > ATTEMPT_LIMIT:
            yield Note(
                "attempt_limit",
                {"step": step, "attempts": attempts, "limit": ATTEMPT_LIMIT, "before": ATTEMPT_LIMIT_BEFORE},
            )


def _chain_warnings(model: "Model", answer: "Answer", cell: Cell) -> Iterator[Note]:
    a, asked, year = answer.applicant, answer.question, answer.table_year
    cycle = known(a.cycle)
    if cycle - year > OLD_TABLE:
        yield Note("old_table", {"year": year, "years": cycle - year, "cycle": cycle})
    if cell.chain is None:
        yield Note("no_chain", {"specialty": a.specialty, "applicant_type": a.applicant_type})
    elif asked.applications is not None and asked.applications > known(answer.listed):
        yield Note(
            "applications_above_listed",
            {"applications": asked.applications, "listed": answer.listed, "specialty": a.specialty},
        )


def _interview_notes(answer: "Answer") -> Iterator[Note]:
    if answer.p_given_interviews is not None:
        yield Note("interviews")


def _kind_notes(model: "Model", a: Applicant) -> Iterator[Note]:
    kind = model.kind(a.applicant_type)
    of_type: dict[str, Scalar] = {"applicant_type": a.applicant_type}
    if kind.calibration is not None:
        one = kind.calibration
        yield Note("calibrated", of_type | {
            "n": one.n, "matched": one.matched, "slope": one.slope.value, "slope_se": one.slope.se,
            "intercept": one.intercept.value, "intercept_se": one.intercept.se,
        })  # fmt: skip
    if model.record.updated is not None:
        yield Note("updated", {"n": model.record.updated.n})
    if kind.stand_in is not None:
        yield kind.stand_in
    elif kind.derived_from is not None:
        others = type_name(kind.derived_from, True)
        yield Note("derived", of_type | {"others": others})
        if kind.score_shift is not None:
            points = kind.score_shift.value
            direction = "lower" if points < 0 else "higher"
            yield Note("score_shift", of_type | {
                "points": abs(points), "direction": direction, "others": others,
                "basis": kind.score_shift.basis,
            })  # fmt: skip
    yield Note("takes_part")
    anywhere = kind.anywhere
    yield Note("preferred_only", of_type | {
        "anywhere": None if anywhere is None else anywhere.rate,
        "anywhere_year": None if anywhere is None else anywhere.year,
        "preferred": kind.preferred_rate, "year": kind.year,
    })  # fmt: skip


def _applicant_notes(model: "Model", a: Applicant) -> Iterator[Note]:
    for step, field in _STEPS:
        attempts = getattr(a, field)
        if attempts is not None and attempts > CAPPED:
            yield Note("attempts_capped", {"step": step, "attempts": attempts})
    missing = [
        c.label for name, c in COVARIATES.items()
        if getattr(a, name) is not None and not model.has_effect(a.applicant_type, name)
        and not (a.applicant_type == "us-img" and name == "visa_needed")
    ]  # fmt: skip
    if missing:
        yield Note("no_figure", {"labels": ", ".join(missing), "applicant_type": a.applicant_type})


def _cell_notes(model: "Model", answer: "Answer", cell: Cell) -> Iterator[Note]:
    a = answer.applicant
    specialty: dict[str, Scalar] = {"specialty": a.specialty}
    if a.step2_ck is not None and not cell.own_slope:
        yield Note("no_own_slope", specialty)
    elif a.step2_ck is not None and cell.beta.value < FLAT_SLOPE:
        yield Note("flat_slope", specialty | {"beta": cell.beta.value})
    kind = model.kind(a.applicant_type)
    if cell.published is not None and kind.calibration is None:
        average = 1 / (1 + exp(-cell.level.value))
        if abs(average - cell.published.rate) > SHRUNK:
            yield Note("shrunk", specialty | {"published": cell.published.rate, "average": average})
    elif cell.published is None and kind.derived_from is None:
        yield Note("counts_suppressed", specialty)
    if a.cycle != answer.table_year:
        yield Note(
            "no_series" if kind.drift is None else "next_year", {"year": answer.table_year, "cycle": a.cycle}
        )


def _chain_notes(model: "Model", answer: "Answer", cell: Cell) -> Iterator[Note]:
    chain, a = cell.chain, answer.applicant
    if chain is None:
        return
    usual = chain.usual
    if usual.basis == "assumed" or usual.high - usual.low > 2 * UNSURE * usual.value:
        yield Note(
            "usual_unsure", {"value": usual.value, "low": usual.low, "high": usual.high, "basis": usual.basis}
        )
    yield Note("more_applications")
    yield Note("bounds")
    rates = chain.rates
    yield Note(
        "invitation_rates",
        {"applicant_type": a.applicant_type, "with_figures": rates.with_figures, "listed": rates.listed},
    )
    fees = model.record.fees
    if schedule_of(fees, a.specialty) is None:
        service = OTHER_SERVICES.get(a.specialty)
        yield (
            Note("no_fees")
            if service is None
            else Note("no_schedule", {"specialty": a.specialty, "service": service})
        )
    elif fees.fixed:
        fixed = fixed_fees(fees)
        what = ", ".join(f"{name} {usd:.0f}" for name, usd in fixed)
        yield Note("fixed_fees", {"season": fees.season, "usd": sum(usd for _, usd in fixed), "what": what})
