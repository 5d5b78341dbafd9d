"""What an answer remarks on, and the sentences for it.

A remark is a code with fields (`records.Note`). `notes` finds those of an answer, the most important first; `text`
makes the sentence of one from the templates. Nothing reads a sentence.
"""

from collections.abc import Callable, Iterator
from math import exp
from typing import TYPE_CHECKING

from ..applicant import ATTEMPT_LIMIT, ATTEMPT_LIMIT_BEFORE, Applicant
from ..covariates import COVARIATES
from ..wording import ASSOCIATION, type_name
from .fees import OTHER_SERVICES, fixed_fees, schedule_of
from .records import Cell, Note, PassingMark, Scalar

if TYPE_CHECKING:
    from .answer import Answer
    from .loaded import Model

FLAT_SLOPE = 0.15  # log odds per ten points; under it the notes say why Step 2 CK hardly tells
OLD_TABLE = 10  # years from which a table is warned of
SHRUNK = 0.005  # of the published rate, from which the notes say that the model's is another
UNSURE = 0.3  # relative half-width of the usual number's range from which the notes warn
CAPPED = 2  # attempts, beyond which more count as so many

WARNINGS = frozenset({
    "applications_above_listed", "attempt_limit", "grey", "left_out", "no_chain", "old_table", "passed_before",
    "score_extrapolated", "under_every_mark", "withheld",
})  # fmt: skip

Template = str | Callable[[dict], str]


def _preferred(f: dict) -> str:
    said = "These are chances of matching in the preferred specialty, not of matching anywhere"
    if f["anywhere"] is None:
        return said + "."
    said += f" (any PGY-1 position, {f['people']}, {f['anywhere_year']}: {f['anywhere']:.1%}"
    if f["preferred"] is not None:
        said += f"; preferred specialty, all specialties, {f['year']}: {f['preferred']:.1%}"
    return said + ")."


def _calibrated(f: dict) -> str:
    line = " and ".join(
        f"{name} {f[name]:.2f} (SE {f[name + '_se']:.2f})"
        for name in ("slope", "intercept")
        if f[name + "_se"]
    )
    return (
        f"The odds were calibrated on {f['n']:,} {f['people']} of your own whose outcomes are known ({f['matched']:,} matched): "
        f"{line or 'nothing moved'} on the log odds. The average and every factor include it. It holds for applicants like those."
    )


def _updated(f: dict) -> str:
    people = "applicants" if f["n"] is None else f"{f['n']:,} applicants"
    return f"The model was updated with {people} of your own whose outcomes are known. It holds for applicants like those."


def _left_out(f: dict) -> str:
    why = "whose consent is asked for" if f["why"] == "consent" else "left out on request"
    lost = f"lost: {f['lost']}" if f["lost"] else "no answer is lost"
    return f"This model was trained without {f['sources']} source{'' if f['sources'] == 1 else 's'} {why}; {lost}."


TEMPLATES: dict[str, Template] = {
    # warnings
    "withheld": "No number is given for {specialty}, {people}: the figures behind it are too few or too unsure.",
    "grey": "The numbers for {specialty}, {people}, are unsure.",
    "left_out": _left_out,
    "passed_before": (
        "Step 2 CK {score:g} is under today's passing mark of {mark} (since {since}): it passed only before {until}, "
        "when the mark was {older}; taken later it is a fail."
    ),
    "under_every_mark": (
        "Step 2 CK {score:g} is under today's passing mark of {mark} (since {since}): it is under every mark known here "
        "(the oldest is {older}, since {older_since}), so it can have passed only before that."
    ),
    "score_extrapolated": (
        "Step 2 CK {score:g} lies outside the {low:.0f} to {high:.0f} that the table of {specialty} saw: the answer is extrapolated."
    ),
    "attempt_limit": "{attempts} attempts at {step}: the limit has been {limit} since July 2021 (it was {before} before).",
    "old_table": (
        "The table is of {year}, {years} years before the {cycle} Match: the level may be another by now. "
        "Ask for the cycle {year} to have its own year."
    ),
    "applications_above_listed": "{applications} applications, but {listed} programs of {specialty} are listed: answered for all {listed}.",
    "no_chain": "For {specialty}, {people}, there are not enough figures on applications and interviews: no answer on those.",
    # trust
    "few_applicants": "Only {applicants:.0f} applicants are in the table.",
    "few_of_either": "Of the applicants in the table {matched:.0f} matched and {not_matched:.0f} did not.",
    "level_unsure": "The average has a standard error of {sd:.2f} on the log odds.",
    "tables_disagree": "Two tables differ by {log_odds:+.2f} log odds on the non-US IMGs that these numbers start from.",
    # what the answer is
    "takes_part": "The answer is for somebody who takes part: who registers for the Match, and certifies a list if invited.",
    "preferred_only": _preferred,
    "calibrated": _calibrated,
    "updated": _updated,
    "stand_in": (
        "No table of {people} may be used. Independent applicants of {year} stand in for them (three quarters were IMGs). "
        "All of this is assumed."
    ),
    "derived": (
        "No table gives the outcomes of {people} by score. Their average comes from odds ratios against {others}; "
        "the slope is taken as the same."
    ),
    "score_shift": "Scores of {people} are taken as {points:.0f} points {direction} than those of {others} ({basis}).",
    "interviews": (
        "Interviews that you hold are taken as that many contiguous ranks in the specialty. Beyond 12 nothing is gained in "
        "the data. Who holds how many was not chosen by lot, so this too is an association."
    ),
    "attempts_capped": "{attempts} attempts at {step} count as two: the data tell only whether an exam was ever failed.",
    "own_rows": "Your own applicants weigh {weight:.2f} in this number; the rest is as before ({before}).",
    "tied_to_own_rows": "This number moved with others that your own applicants speak of; that weighs {weight:.2f}.",
    "level_of_cycle": "By how much the level of {people} in {cycle} differs from that of the table's year.",
    # the specialty
    "no_own_slope": "{specialty} has no slope of its own on Step 2 CK: it is the mean over specialties, and the range is wider.",
    "flat_slope": (
        "{specialty} is nearly flat in Step 2 CK among those who rank it ({beta:+.2f} log odds per ten points). Only applicants "
        "with an interview are in the table, and many with high scores rank it beside another specialty. The score may still "
        "help to get interviews."
    ),
    "shrunk": "The published rate of {specialty} is {published:.1%}. The model takes {average:.1%}: small numbers are shrunk towards like specialties.",
    "counts_suppressed": "The table suppresses the counts of {specialty}: its average is that of like specialties.",
    "next_year": "The table is of {year}. For the {cycle} Match the level is taken as the same, and the range is wider by how much levels move.",
    "no_series": "The table is of {year}. No series of rates says how much the level moves to {cycle}, so the range leaves that out.",
    "no_figure": "This model has no figure for {labels} of {people}: left out of the answer.",
    "association": ASSOCIATION,
    # applications
    "more_applications": (
        "Better applicants get more interviews, so part of what more of them seem to give is the applicant. Program signals are "
        "not in the numbers, and every invitation is taken as ranked."
    ),
    "usual_unsure": "The usual number of applications ({value:.0f}, {low:.0f} to {high:.0f}; {basis}) is unsure, and so is all that rests on it.",
    "invitation_rates": (
        "Invitation rates are those of {people} in one season ({with_figures} of {listed} programs have figures; the others are "
        "taken to be alike). 'All' means every program listed."
    ),
    "bounds": (
        "Numbers are for programs as IMGs choose them. Programs at random and the most IMG-friendly first are bounds, no plans: "
        "the friendliest may not fit you, and their rates are the least certain."
    ),
    "no_schedule": "{specialty} takes applications through {service}, whose fees this model does not have: no dollars.",
    "no_fees": "This model has no table of fees: no dollars.",
    "fixed_fees": "Fees are of the {season} season, for this specialty alone. Once a season there are also {usd:.0f} dollars: {what}.",
    # of coefficients
    "own_estimate": "Its own estimate is {value:+.3f} (SE {se:.3f}), of which {kept:.0%} is kept; the rest is that of like specialties.",
    "no_own_estimate": "It has no estimate of its own: it is that of like specialties.",
    "older_years": "The newest year has a weight of {newest_weight:.0%}; older years have the rest.",
    "odds_ratio": "A log odds ratio of {log_odds_ratio:+.2f} (SE {se:.2f}) between the applicant types is in it.",
    "moved_level": "The level of {year} was moved by {log_odds:+.2f} log odds (SE {se:.2f}) as the yearly rates moved.",
    "moved_ratio": "The yearly rates moved it by {log_odds:+.2f} (SE {se:.2f}); it varies by {spread:.2f} between specialties.",
    "lambda": "The profile's effect given the number of ranks is {mean:.2f} (SD {sd:.2f}) of that among all who rank.",
    "as_printed": "The mean over programs with figures is {mean:.2%}.",
    # of likelihood ratios, and of what was left out of training
    "against_reference": "Against applicants as in {source} ({basis}).",
    "lost_tables": "the tables of {people} (independent applicants of {year} stand in)",
    "lost_specialties": "{count} specialties ({names})",
    "lost_covariates": "what is known of {labels}",
    "lost_chain": "the chance if you apply",
    "lost_rates": "the yearly match rates after {until}",
    "lost_all_rates": "the yearly match rates",
}


def text(note: Note) -> str:
    """Return the sentence of a note; where no template fits, its code and fields as they stand."""
    fields: dict[str, Scalar] = dict(note.fields)
    if "applicant_type" in fields:
        fields["people"] = type_name(str(fields["applicant_type"]), True)
    try:
        template = TEMPLATES[note.code]
        return template(fields) if callable(template) else template.format(**fields)
    except (KeyError, TypeError, ValueError):
        said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in note.fields.items())
        return note.code.replace("_", " ").capitalize() + (f": {said}." if said else ".")


# --- which notes an answer has ----------------------------------------------------------------------------------------


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
        seen = cell.score_seen
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
    if a.cycle - year > OLD_TABLE:
        yield Note("old_table", {"year": year, "years": a.cycle - year, "cycle": a.cycle})
    if cell.chain is None:
        yield Note("no_chain", {"specialty": a.specialty, "applicant_type": a.applicant_type})
    elif asked.applications is not None and asked.applications > answer.listed:
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
                "points": abs(points), "direction": direction, "others": others, "basis": kind.score_shift.basis,
            })  # fmt: skip
    yield Note("takes_part")
    anywhere = kind.anywhere
    yield Note("preferred_only", of_type | {
        "anywhere": None if anywhere is None else anywhere.rate, "anywhere_year": None if anywhere is None else anywhere.year,
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
