"""The sentences of notes of programs, specialties and plan, by code; the fields stand in braces."""

from typing import Any

from ..model.sentences import Template
from ..report.wording import dollars, type_name

_VISAS = {
    "j1": "does not sponsor J-1",
    "h1b": "does not sponsor H-1B",
    "either": "sponsors neither J-1 nor H-1B",
}


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _attempts_over(f: dict[str, Any]) -> str:
    have = "at least 2 attempts" if f["attempts"] is None else f"{f['attempts']} attempts"
    return f"takes {_many(f['accepted'], 'attempt')} at {f['step']}, you have {have}"


def _moved(f: dict[str, Any]) -> str:
    lies, was = ("lies", "was") if f["count"] == 1 else ("lie", "were")
    return (
        f"{_many(f['count'], 'rate')} of your table {lies} outside those that the model believes "
        f"({f['ends']}) and {was} moved "
        "to the nearer end: extreme printed rates are small counts more often than not."
    )


def _aside(why: str) -> Template:
    return lambda f: f"{_many(f['programs'], 'program')} of {f['specialty']} left out: {why}."


def _flag_score_low(f: dict[str, Any]) -> str:
    whose = "" if f["whose"] is None else f" in the table of {type_name(str(f['whose']), True)}"
    return f"Step 2 CK {f['score']:g}: under {f['q1']:.0f}, the lower quartile of those who matched{whose}."


PROGRAMS: dict[str, Template] = {
    # why a program cannot work, and what would have to be known
    "no_imgs": "takes no IMGs",
    "attempts_over": _attempts_over,
    "score_under_cutoff": "reads Step 2 CK from {asked:g}, yours is {own:g}",
    "years_over": "takes up to {asked:g} years since graduation, you have {own:g}",
    "usce_under": "asks for {asked:g} months of USCE, you have {own:g}",
    "no_sponsorship": lambda f: _VISAS[f["visa_type"]],
    "unknown_imgs": "takes IMGs",
    "unknown_attempts_accepted": "attempts accepted",
    "unknown_own_step1_attempts": "your Step 1 attempts",
    "unknown_own_step2_attempts": "your Step 2 CK attempts",
    "unknown_cutoff": "Step 2 CK cutoff",
    "unknown_own_score": "your Step 2 CK",
    "unknown_years_accepted": "years accepted",
    "unknown_own_years": "your year of graduation",
    "unknown_usce_asked": "USCE asked",
    "unknown_own_usce": "your USCE",
    "unknown_sponsorship": "visa sponsorship",
    "unknown_own_visa": "your visa need",
    # the list
    "list_all": (
        "{asked} applications asked for, but {can_work} of the table's programs can work: all are "
        "on the list."
    ),
    "list_fees": lambda f: (
        f"The list costs {dollars(f['fees'])} of your {dollars(f['budget'])}. What is paid once a season "
        "(transcript, token, registration) comes on top."
    ),
    "list_split": lambda f: (
        "The split between specialties maximises the chance of matching to any of them ("
        + (
            "every split was tried"
            if f["every"]
            else "a search: no move of applications between two specialties improves it"
        )
        + "). Luck with invitations is taken as the applicant's, the same in every specialty (assumed)."
    ),
    "list_below_all": (
        "The list is below the same number at random of all programs: those of your table that can work "
        "invite fewer than the specialty's average does."
    ),
    "rates_alone": (
        "The model has no answer on invitations in {specialty}: programs stand in the order of your table's "
        "rates, and no chance of matching is given."
    ),
    # rates
    "rates_moved": _moved,
    "rates_given": lambda f: (
        f"{_many(f['count'], 'rate')} without the number of applicants behind it: taken as it is. The ranges "
        "hold the sampling error that it has where the average program's number applied."
    ),
    "rates_shrunk": lambda f: (
        f"{_many(f['count'], 'rate')} with the number of applicants behind it: shrunk towards the "
        "specialty's mean, the more the fewer those are (beta-binomial). Its sampling error is in the ranges."
    ),
    "rates_by_share": lambda f: (
        f"{_many(f['count'], 'program')} without a rate but with an IMG share: the specialty's mean times "
        "how neurology's rates go with that share (evidence, one specialty)."
    ),
    "rates_unknown": lambda f: (
        f"{_many(f['count'], 'program')} without a rate or a usable IMG share: taken as programs that IMGs "
        "choose, as predict does (assumed)."
    ),
    "rates_missing": lambda f: (
        f"{_many(f['count'], 'program')} without a rate: no chance is known, so they come last, in the "
        f"table's order."
    ),
    "rates_unchecked": (
        "A rate marked 'given' is your table's, unchecked, and of other applicants. Your profile moves every "
        "program's odds of an invitation alike. Every invitation is taken as ranked."
    ),
    "program_marks": (
        "safer: a rate at least {safer:g} times the mean of the specialty's programs for {people}; reach: at "
        "most {reach:g} times; target: between. These limits are a choice, and 'safer' is not safe."
    ),
    "program_others": (
        "At random: the same numbers of applications and signals, at random. As IMGs choose: what predict "
        "says of as many, with signals as applicants usually send them."
    ),
    # signals
    "signals_without_effect": "This model has no effect of a signal: the list spends none.",
    "signals_effect": lambda f: (
        f"A signal went with {f['log_odds']:.2f} (SE {f['se']:.2f}) higher log odds of an invitation in "
        f"{f['specialty'].lower()}, all applicant types, crude. Applicants signal where they fit, so a "
        f"signal itself does less. What it adds is drawn evenly between nothing and that figure, in every "
        f"specialty (assumed); the ranges hold it. A printed rate is taken as the mix of "
        f"{100 * f['share']:.0f}% signalled and the other applications."
    ),
    "signals_apart": (
        "Signals stand apart: the chances are those of applicants who send them as usual, as predict's are. "
        "--signals 15 counts 15 in every chance, --signals 0 none."
    ),
    "signals_alike": ("Gold and silver count alike: the model has one figure for both."),
    "signals_unpublished": (
        "The table of signals has no figure for {specialty}; your {signals} are taken as they are."
    ),
    "signals_above_published": (
        "The table of signals gives {specialty} {published} signals, you say {signals}."
    ),
    # the table
    "aside_not_asked": _aside("not asked for"),
    "aside_no_chain": _aside("the model has no invitation rates of it"),
    "aside_withheld": _aside("no number is given for it"),
    "aside_no_table": _aside("no table of your applicant type has it"),
    "table_read": "{said}.",
    "columns_mapped": "Columns taken for ours, please check: {columns}.",
    "columns_unread": "Columns not used: {columns}. --where and --prefer can use them.",
    # wishes
    "not_wanted": lambda f: (
        f"you want {f['wanted']}, " + ("it is blank" if f["has"] is None else f"it has {f['has']}")
    ),
    "preferences": (
        "A preference (wish x2) lets a program count as one with twice its chance. Its chance stays."
    ),
}

SPECIALTIES: dict[str, Template] = {
    "not_to_be_added": (
        "The chances are for applicants who prefer that specialty, whose experience and letters are in it. "
        "They must not be added up: matches in several depend on the same luck; portfolio takes account of "
        "it."
    ),
    "positions_of": (
        "Positions are all that a specialty offered, to applicants of every type, as the table of "
        "{people} prints them."
    ),
    "no_positions": "This model file has no published positions: train it again to have them.",
    "flat_slopes": (
        "Nearly flat in Step 2 CK among those who rank it: {specialties}. The score may still help to get "
        "interviews there."
    ),
    "no_own_slopes": (
        "Without a slope of its own on Step 2 CK (the mean over specialties, with a wider range): "
        "{specialties}."
    ),
    "extrapolated_in": "Extrapolated, since the table saw no such score: {specialties}.",
    "no_chains": "Too few figures on applications and interviews: {specialties}.",
    "usual_unsure_in": "The usual number of applications is unsure, and all that rests on it: {specialties}.",
    "no_fees_of": "No dollars, since applications go through another service than ERAS: {specialties}.",
}

PLAN: dict[str, Template] = {
    # red flags: the value, and why it is flagged
    "flag_failed": "{step} failed at least once: a failed attempt stays on the transcript.",
    "flag_years": (
        "{years:g} years since graduation: more than {late:g}, which nine in ten of the reference population "
        "do not pass."
    ),
    "flag_no_usce": "No US clinical experience.",
    "flag_visa": "A visa is needed: not every program sponsors one.",
    "flag_score_failed": "Step 2 CK {score:g}: under today's passing mark of {mark}.",
    "flag_score_low": _flag_score_low,
    # what the page leaves out
    "part_refused": "{part}: {why}.",
    "no_usual_numbers": (
        "Several specialties at once: nobody has counted how many applications are usual to {specialties}."
    ),
    "no_applications_to": "Applications to {specialty}: too few figures on applications and interviews.",
    "no_number_for": "{specialty}: no number is given; the figures behind it are too few or too unsure.",
}

TEMPLATES: dict[str, Template] = PROGRAMS | SPECIALTIES | PLAN
