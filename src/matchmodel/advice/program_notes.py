"""What a list of programs says of itself: what was taken from where, and what it cannot know.

Standard library only.
"""

from ..errors import clipped
from ..wording import ASSOCIATION, dollars, percent, type_name
from .program_rates import MEAN, REACH, SAFER, SHARE, SHRUNK, WITHIN


def _many(n, what):
    return f"{n} {what}{'' if n == 1 else 's'}"


def _rates(made, ends):
    kinds = [one.kind for one in (*made.picks, *made.others)]
    if WITHIN in kinds:
        between = "; ".join(f"{p.specialty} {100 * e[0]:.2g}% to {100 * e[1]:.2g}%" for p, e in zip(made.parts, ends) if e is not None)
        n = kinds.count(WITHIN)
        yield f"{_many(n, 'rate')} of your table {'lies' if n == 1 else 'lie'} outside those that the model believes ({between}) and {'was' if n == 1 else 'were'} moved to the nearer end: extreme printed rates are small counts more often than not."
    if SHRUNK in kinds:
        yield f"{_many(kinds.count(SHRUNK), 'rate')} with the number of applicants behind it: drawn towards the specialty's mean, the more the fewer those are (beta-binomial, with the spread of the specialty's rates)."
    if SHARE in kinds:
        yield f"{_many(kinds.count(SHARE), 'program')} without a rate but with an IMG share: the specialty's mean times how neurology's rates go with that share (evidence, one specialty)."
    if MEAN in kinds:
        yield f"{_many(kinds.count(MEAN), 'program')} without a rate or a usable IMG share: taken at the specialty's mean (assumed)."
    if None in kinds:
        yield f"{_many(kinds.count(None), 'program')} without a rate: no chance can be told, so they come last, in the table's order."


def _signals(made, effect):
    if not any(p.signals or p.published_signals for p in made.parts):
        return
    if effect is None:
        yield "This model has no effect of a signal: the list spends none."
        return
    yield (
        f"A signal goes with {effect.log_odds:.2f} (SE {effect.se:.2f}) higher log odds of an invitation in {effect.specialty.lower()}, all applicant types, crude: applicants signal where they fit, so "
        f"it is an upper bound, here taken for every specialty. A printed rate is taken as the mix of {100 * effect.share:.0f}% signalled and the other applications. No data tell gold from silver."
    )
    for p in made.parts:
        if p.published_signals is None and p.signals:
            yield f"The table of signals has no figure for {p.specialty}; your {p.signals} are taken as they are."
        elif p.published_signals is not None and p.signals > p.published_signals:
            yield f"The table of signals gives {p.specialty} {p.published_signals} signals, you say {p.signals}."


def _size(made, asked):
    can = sum(p.eligible for p in made.parts)
    if asked is not None and asked > made.applications and made.picks:
        yield f"{asked} applications asked for, but {can} of the table's programs can work: all are on the list."
    if made.budget is not None and made.fees_usd is not None and made.picks:
        yield f"The list costs {dollars(made.fees_usd)} of your {dollars(made.budget)}; what is paid once a season (transcript, token, registration) comes on top."
    if len([p for p in made.parts if p.applications]) > 1:
        tried = "every split was tried" if made.every_split else "a search: no move of applications between two specialties betters it"
        yield f"The split between specialties maximises the chance of matching to any of them ({tried}). How an applicant does in one is taken to go fully with how the same person does in another (assumed)."
    below = made.random_everywhere is not None and made.chance.point < made.random_everywhere.point
    if below:
        yield "The list is below the same number at random of all programs: those of your table that can work invite fewer than the specialty's average does."


def notes_of(made, asked, unread, effect, ends, underlying):
    """Return the notes of a list.

    Parameters
    ----------
    made : ProgramList
        All but its notes.
    asked : int or None
        Applications asked for.
    unread : sequence of str
        Columns of the table that mean nothing here.
    effect : SignalEffect or None
    ends : sequence of (float, float) or None
        The lowest and highest rate of each specialty.
    underlying : sequence of str
        What the odds themselves say of the specialties.

    Returns
    -------
    tuple of str
    """
    kind = type_name(made.applicant.applicant_type, True)
    found = list(_size(made, asked))
    if made.chance is None and made.picks:
        found.append("The model has no invitation rates of this specialty: programs stand in the order of your table's rates, as they are for the average applicant, and no chance of matching is told.")
    found += _rates(made, ends)
    found += _signals(made, effect)
    if made.chance is not None:
        found += [
            f"safer: a rate at least {SAFER:g} times the mean of the specialty's programs for {kind}; reach: at most {REACH:g} times; target: between. Chosen limits; 'safer' is not safe.",
            "A rate marked 'given' is your table's, unchecked. Rates and the effect of a signal are taken as they stand: the ranges hold the model's doubts (profile, level, spread of luck), not theirs. Every invitation is taken as ranked.",
            f"At random: the same numbers of applications and signals, at random. predict says {percent(made.random_as_predict)} for as many at random of all programs, signals sent as applicants usually do.",
        ]
    for name, n, why in made.aside:
        found.append(f"{_many(n, 'program')} of {name} left out: {why}.")
    if unread:
        found.append(f"Columns not read: {', '.join(clipped(header, 40) for header in unread)}.")
    return (*found, *underlying, ASSOCIATION)
