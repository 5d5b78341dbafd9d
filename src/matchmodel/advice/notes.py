"""The sentences of the notes of all advice, by code; the fields stand in braces."""

from typing import Any

from ..model.records import Note, Scalar
from ..model.sentences import Template
from ..model.sentences import text as answer_text
from ..report.wording import counted, percent, type_name
from ..specialty import short_name
from .wordings import TEMPLATES as OF_PROGRAMS_AND_PLAN

BACKUP = 18  # characters of a backup's name among the levers


def _practice(f: dict[str, Any]) -> str:
    test = f["test"] if f["own_figures"] else f"a practice test without figures of its own ('{f['test']}')"
    bias = f["bias"]
    less = (
        f", less {bias:g} that it over-predicts"
        if bias > 0
        else f", {-bias:g} more, which it under-predicts"
        if bias
        else ""
    )
    return f"{f['score']:g} on {test}{less}; residual SD {f['sd']:g}"


def _applications_to(f: dict[str, Any]) -> str:
    return f"{f['to']} instead of {f['before']}" + (", which is all that are listed." if f["all"] else ".")


TEMPLATES: dict[str, Template] = {
    # warnings
    "slope_unclear": (
        "The slope of Step 2 CK in {specialty} is not clearly positive ({share:.0%} of the draws are at or "
        "below zero)."
    ),
    "score_beyond": (
        "{score:g} lies outside the {low:.0f} to {high:.0f} that the table of {specialty} saw: extrapolated."
    ),
    "range_beyond": (
        "The upper end of the range lies beyond the {low:.0f} to {high:.0f} that the table of "
        "{specialty} saw: that end is extrapolated."
    ),
    "scores_beyond": (
        "{share:.0%} of the Step 2 CK distribution lies outside the {low:.0f} to {high:.0f} that the "
        "table of {specialty} saw: "
        "extrapolated there."
    ),
    # what-if: names of levers
    "lever_score": "Step 2 CK +{points:g}, to {to:g}",
    "lever_usce": lambda f: f"USCE +{f['months']}, to {round(f['to'], 2):g} months",
    "lever_next_year": "next year, {cycle}",
    "lever_applications": lambda f: f"{f['more']} more application{'' if f['more'] == 1 else 's'}",
    "lever_interview": lambda f: f"one more interview, {f['to']}",
    "lever_backup": lambda f: f"{f['applications']} to {short_name(str(f['specialty']), BACKUP)} too",
    "lever_instead": lambda f: f"{short_name(str(f['specialty']), BACKUP)} instead",
    # what-if: what cannot be scored or pulled
    "exam_taken": "Step 2 CK: taken, and a passed exam cannot be retaken.",
    "exam_counts_as_taken": ("Step 2 CK counts as taken. If you only expect this score: --step2-taken no."),
    "no_score": (
        "Step 2 CK: no score to start from; give the expected one with --step2, and --step2-taken no."
    ),
    "top_of_scale": "Step 2 CK: {top} is the top of the scale.",
    "usce_no_figure": "US clinical experience: this model has no figure for it.",
    "usce_unknown": "US clinical experience: months unknown; give --usce.",
    "usce_enough": (
        "US clinical experience: {months:g} months; the evidence counts {cap:g} or more as {cap:g}."
    ),
    "years_no_figure": "Applying next year: this model has no figure for years since graduation.",
    "years_unknown": "Applying next year: years since graduation unknown; give --yog.",
    "no_next_cycle": "Applying next year: {why}.",
    "no_applications": "More applications: no table describes applications here.",
    "all_listed": "More applications: all {listed} programs listed are applied to.",
    "no_signal_figure": "Program signals: no figure in this model.",
    "signals_crude": (
        "Program signals: the evidence is crude. In {specialty} the odds of an invitation were "
        "{times:.1f} times as high with "
        "one, but applicants signal where they fit."
    ),
    "unmeasured": (
        "Step 3, research, letters of recommendation, networking: no estimate that the model could use."
    ),
    # what-if: of a lever
    "usce_capped": (
        "US clinical experience counts up to {cap:.0f} months; what is beyond them adds nothing here."
    ),
    "effect_unclear": "Its sign is not clear ({share:.0%} of the draws have the other one).",
    "next_year_moves": (
        "One more year since graduation and nothing else changed; the range holds how much a year moves "
        "the level."
    ),
    "next_year_no_series": (
        "One more year since graduation and nothing else changed; no series says how much a year "
        "moves the level, so the range leaves that out."
    ),
    "applications_to": _applications_to,
    "gains_are_upper_bounds": ("Gains of a score or of experience are upper bounds: quality is mixed in."),
    "backup_figures": "A backup's figures are of applicants who prefer it; you may fare worse there.",
    "ranked_stays": "More applications leave the chance as it is for those who rank at least one program.",
    "fixed_things": (
        "A passed exam cannot be retaken, and neither a failed attempt nor the need of a visa can be "
        "undone: no such lever is offered."
    ),
    # target
    "own_score_stays": (
        "A passed exam cannot be retaken: {score:g} stays. The score above is that of others, no goal for "
        "you."
    ),
    "of_those_with_it": (
        "It is the score of those whose chance that is, not a promise of what the score would do."
    ),
    # timing
    "score_of_mean": "the mean and SD that you gave",
    "score_unknown": "not given: the average of applicants",
    "score_taken": "the score of the exam, taken and passed",
    "score_expected": "the score that you expect, taken as sure",
    "score_of_practice": _practice,
    "averaged_over_scores": (
        "Chances are averaged over the Step 2 CK distribution, not taken at its mean. Ranges are of "
        "the model's own uncertainty: "
        "which score it will be is in the average, not in the range."
    ),
    "practice_tests": (
        "Practice tests: {source}, grade {grade}. They are volunteers' own reports; a normal error "
        "that is the same at every score is assumed."
    ),
    "years_not_compared": (
        "Years since graduation are unknown, so the year that waiting adds is not compared; give --yog."
    ),
    "drift_step": (
        "The level of {next} is that of {now} and one more year of drift (SD {sd:.2f} log odds "
        "common to all specialties, and "
        "one for each specialty), without trend: it widens the range of the comparison."
    ),
    "no_drift": (
        "No series of rates says how the level moves from {now} to {next}: the range of the comparison "
        "leaves that out."
    ),
    "luck_shared_cycles": (
        "Shared luck is assumed: an applicant's place among those with the same profile, in "
        "invitations, is the same in both "
        "cycles. Independent luck is the other end."
    ),
    "luck_after_interviews": lambda f: (
        f"{f['next']}: your luck, now {counted(f['interviews'], 'interview')}, is taken to stay (assumed); "
        f"else {percent(f['without'])}."
    ),
    "independent_without_chain": (
        "No table describes applications here: chances are of those who rank a program, in each "
        "cycle, and luck is taken as independent."
    ),
    "applied_before": (
        "People who applied before: {population}, log odds {log_odds:+.2f} (SE {se:.2f}, grade {grade}); "
        "{note}."
    ),
    # portfolio
    "luck_shared_specialties": (
        "Shared luck is assumed: an applicant's place among those with the same profile, in "
        "invitations, is the same in every "
        "specialty; nobody has measured how much of it is. Independent luck is the other end."
    ),
    "who_prefer_it": (
        "Each specialty's figures are of applicants who prefer it. Nobody has measured how those "
        "fare there for whom it is a "
        "backup; they may fare worse."
    ),
    "interviews_may_clash": (
        "Every invitation is taken as ranked; interviews of two specialties may clash. A match to a "
        "backup counts only where "
        "those before it failed."
    ),
    "order_is_bound": lambda f: (
        "Friendliest first is an upper bound, no plan: those programs may not fit you, and their "
        "rates are the least certain."
        if f["order"] == "friendliest"
        else "Programs at random are a lower bound, no plan."
    ),
    "usual_unsure_of": "The usual number of applications is unsure, and all that rests on it: {specialties}.",
    **OF_PROGRAMS_AND_PLAN,
}


def text(note: Note) -> str:
    """Return the sentence of a note of these questions, or of an answer."""
    template = TEMPLATES.get(note.code)
    if template is None:
        return answer_text(note)
    fields: dict[str, Scalar] = dict(note.fields)
    if "applicant_type" in fields:
        fields["people"] = type_name(str(fields["applicant_type"]), True)
    return template(fields) if callable(template) else template.format(**fields)
