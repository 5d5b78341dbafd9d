"""The sentences of notes, one table of templates from code and fields."""

from collections.abc import Callable
from typing import Any

from ..report.wording import ASSOCIATION, type_name
from .records import Note, Scalar

Template = str | Callable[[dict[str, Any]], str]


def _preferred(f: dict[str, Any]) -> str:
    said = "These are chances of matching in the preferred specialty, not of matching anywhere"
    if f["anywhere"] is None:
        return said + "."
    said += f" (any PGY-1 position, {f['people']}, {f['anywhere_year']}: {f['anywhere']:.1%}"
    if f["preferred"] is not None:
        said += f"; preferred specialty, all specialties, {f['year']}: {f['preferred']:.1%}"
    return said + ")."


def _calibrated(f: dict[str, Any]) -> str:
    line = " and ".join(
        f"{name} {f[name]:.2f} (SE {f[name + '_se']:.2f})"
        for name in ("slope", "intercept")
        if f[name + "_se"]
    )
    return (
        f"The odds were calibrated on {f['n']:,} {f['people']} of your own whose outcomes are known "
        f"({f['matched']:,} matched): {line or 'nothing moved'} on the log odds. The average and every "
        "factor include it. It holds for applicants like those."
    )


def _updated(f: dict[str, Any]) -> str:
    people = "applicants" if f["n"] is None else f"{f['n']:,} applicants"
    said = f"The model was updated with {people} of your own whose outcomes are known."
    return said + " It holds for applicants like those."


def _left_out(f: dict[str, Any]) -> str:
    why = "whose consent is asked for" if f["why"] == "consent" else "left out on request"
    lost = f"lost: {f['lost']}" if f["lost"] else "no answer is lost"
    several = "" if f["sources"] == 1 else "s"
    return f"This model was trained without {f['sources']} source{several} {why}; {lost}."


TEMPLATES: dict[str, Template] = {
    # warnings
    "withheld": (
        "No number is given for {specialty}, {people}: the figures behind it are too few or too unsure."
    ),
    "grey": "The numbers for {specialty}, {people}, are unsure.",
    "left_out": _left_out,
    "passed_before": (
        "Step 2 CK {score:g} is below today's passing mark of {mark} (since {since}): it passed only "
        "before {until} (mark {older})."
    ),
    "under_every_mark": (
        "Step 2 CK {score:g} is below today's passing mark of {mark} and every mark since {older_since}."
    ),
    "score_extrapolated": (
        "Step 2 CK {score:g} is outside the table's scores, {low:.0f} to {high:.0f}: extrapolated."
    ),
    "attempt_limit": (
        "{attempts} attempts at {step}: the limit is {limit} (since July 2021; before, {before})."
    ),
    "old_table": (
        "The table is of {year}, {years} years before the {cycle} Match: the level may be another by "
        "now. Ask for the cycle {year} to have its own year."
    ),
    "applications_above_listed": (
        "{applications} applications, but {listed} programs of {specialty} are listed: answered for "
        "all {listed}."
    ),
    "no_chain": (
        "For {specialty}, {people}, there are not enough figures on applications and interviews: no "
        "answer on those."
    ),
    # trust
    "few_applicants": "Applicants in the table: only {applicants:.0f}.",
    "few_of_either": "Of the applicants in the table {matched:.0f} matched and {not_matched:.0f} did not.",
    "level_unsure": "The average has a standard error of {sd:.2f} on the log odds.",
    "tables_disagree": (
        "Two tables differ by {log_odds:+.2f} log odds on the non-US IMGs that these numbers start from."
    ),
    # what the answer is
    "takes_part": (
        "The answer is for somebody who takes part: who registers for the Match, and certifies a list "
        "if invited."
    ),
    "preferred_only": _preferred,
    "calibrated": _calibrated,
    "updated": _updated,
    "stand_in": (
        "No table of {people} may be used. Independent applicants of {year} stand in for them (three "
        "quarters were IMGs). All of this is assumed."
    ),
    "derived": (
        "No table gives the outcomes of {people} by score. Their average comes from odds ratios "
        "against {others}; the slope is taken as the same."
    ),
    "score_shift": (
        "Scores of {people} are taken as {points:.0f} points {direction} than those of {others} ({basis})."
    ),
    "interviews": (
        "Interviews that you hold are taken as that many contiguous ranks in the specialty. Beyond 12 "
        "nothing is gained in the data. Who holds how many was not chosen by lot, so this too is an "
        "association."
    ),
    "attempts_capped": (
        "{attempts} attempts at {step} count as 2: data tell only whether it was ever failed."
    ),
    "fixed_by_method": "Calibration by {method} changes the slope alone: the intercept is 0.",
    "slope_fixed": "Calibration by {method} changes the average alone: the slope is 1.",
    "own_rows": "Your own applicants weigh {weight:.2f} in this number; the rest is as before ({before}).",
    "tied_to_own_rows": (
        "This number moved with others that your own applicants speak of; that weighs {weight:.2f}."
    ),
    "own_level": "By how much the level of your own {people} differs from that of the tables.",
    "level_of_cycle": "By how much the level of {people} in {cycle} differs from that of the table's year.",
    # the specialty
    "no_own_slope": (
        "{specialty} has no slope of its own on Step 2 CK: it is the mean over specialties, and the "
        "range is wider."
    ),
    "flat_slope": (
        "{specialty} is nearly flat in Step 2 CK among those who rank it ({beta:+.2f} log odds per ten "
        "points). Only applicants with an interview are in the table, and many with high scores rank "
        "it beside another specialty. The score may still help to get interviews."
    ),
    "shrunk": (
        "The published rate of {specialty} is {published:.1%}. The model takes {average:.1%}: small "
        "numbers are shrunk towards like specialties."
    ),
    "counts_suppressed": (
        "The table suppresses the counts of {specialty}: its average is that of like specialties."
    ),
    "next_year": "The {year} table answers for {cycle}: the same level, with a wider range.",
    "no_series": (
        "The table is of {year}. No series of rates says how much the level moves to {cycle}, so the "
        "range leaves that out."
    ),
    "no_figure": "This model has no figure for {labels} of {people}: left out of the answer.",
    "association": ASSOCIATION,
    # applications
    "more_applications": (
        "Better applicants get more interviews, so part of what more of them seem to give is the "
        "applicant. Program signals are not in the numbers, and every invitation is taken as ranked."
    ),
    "usual_unsure": (
        "The usual number of applications ({value:.0f}, {low:.0f} to {high:.0f}; {basis}) is unsure, "
        "and so is all that rests on it."
    ),
    "invitation_rates": (
        "Invitation rates are those of {people} in one season ({with_figures} of {listed} programs "
        "have figures; the others are taken to be alike). 'All' means every program listed."
    ),
    "bounds": (
        "Numbers are for programs as IMGs choose them. Programs at random and the most IMG-friendly "
        "first are bounds, no plans: the friendliest may not fit you, and their rates are the least "
        "certain."
    ),
    "no_schedule": (
        "{specialty} takes applications through {service}, whose fees this model does not have: no dollars."
    ),
    "no_fees": "This model has no table of fees: no dollars.",
    "fixed_fees": (
        "Fees are of the {season} season, for this specialty alone. Once a season there are also "
        "{usd:.0f} dollars: {what}."
    ),
    # of coefficients
    "own_estimate": (
        "Its own estimate is {value:+.3f} (SE {se:.3f}), of which {kept:.0%} is kept; the rest is that "
        "of like specialties."
    ),
    "no_own_estimate": "It has no estimate of its own: it is that of like specialties.",
    "older_years": "The newest year has a weight of {newest_weight:.0%}; older years have the rest.",
    "odds_ratio": (
        "A log odds ratio of {log_odds_ratio:+.2f} (SE {se:.2f}) between the applicant types is in it."
    ),
    "moved_level": (
        "The level of {year} was moved by {log_odds:+.2f} log odds (SE {se:.2f}) as the yearly rates moved."
    ),
    "moved_ratio": (
        "The yearly rates moved it by {log_odds:+.2f} (SE {se:.2f}); it varies by {spread:.2f} between "
        "specialties."
    ),
    "lambda": (
        "The profile's effect given the number of ranks is {mean:.2f} (SD {sd:.2f}) of that among all "
        "who rank."
    ),
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
