"""One page for an applicant: everything that stands on it, frozen.

Standard library only.
"""

from collections import namedtuple

from ..applications import DEFAULT_TARGET, TABLE, cost
from ..errors import MatchModelError, RefusedInput
from ..fees import fixed_fees
from ..wording import ASSOCIATION
from .calendar_of_cycle import CHECK, OTHER_SERVICE, calendar
from .cycles import timing
from .levers import ranked_notes, what_if
from .profile import Profile
from .red_flags import gaps, red_flags
from .score_needed import target as score_needed
from .split import portfolio
from .standing import RULE, standing

CURVE = 16  # points of a curve of the chance against applications
MOST_SPECIALTIES = 3  # on one page: a first and two backups, as portfolio takes

UNMEASURED = (
    "How programs read letters, interviews, personal statements, research, Step 3 or where you studied: no figure that the model could use.",
    "Which single programs would invite you: the invitation rates are averages over programs (the command 'programs' takes a table of your own).",
    "Whether a visa, an older graduation or a failed attempt closes a single program's door: programs say so themselves.",
    "What a change would cause: everything here compares applicants who differ, and they differ in more than is printed.",
)


class InSpecialty(namedtuple("InSpecialty", "answer standing usd curve flags score")):
    """One specialty on the page.

    Attributes
    ----------
    answer : matchmodel.answer.Answer
        With its chain, for the number of applications asked (the usual one) and the target, where there is one.
    standing : matchmodel.advice.standing.Standing
    usd : float or None
        Fees of that number of applications.
    curve : tuple of (int, float, float, float, float or None)
        Applications, chance, low, high, fees; empty without a chain.
    flags : tuple of matchmodel.advice.red_flags.Flag
    score : matchmodel.advice.score_needed.ScoreNeeded
        For the target, given at least one ranked program.
    """

    __slots__ = ()

    @property
    def name(self):
        """The specialty."""
        return self.answer.applicant.specialty

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers."""
        return {
            **self.answer.as_dict(),
            "standing": dict(self.standing._asdict()),
            "fees_of_applications_usd": self.usd,
            "curve": [dict(zip(("applications", "p_apply", "p_apply_low", "p_apply_high", "usd"), row)) for row in self.curve],
            "red_flags": [{**flag._asdict(), "grades": list(flag.grades)} for flag in self.flags],
            "target_score": self.score.as_dict(),
        }


class Plan(namedtuple("Plan", "model_name applicant target asked specialties levers timing portfolio left_out gaps calendar calendar_notes season fixed unmeasured warnings notes sources")):
    """The page of one applicant.

    Attributes
    ----------
    applicant : Applicant
        In the first specialty, cycle and years since graduation filled in.
    target : float
    asked : int or None
        Applications asked for, instead of each specialty's usual number.
    specialties : tuple of InSpecialty
        The first is the preferred one.
    levers : matchmodel.advice.levers.WhatIf
        In the first specialty.
    timing : matchmodel.advice.cycles.Timing or None
        In the first specialty.
    portfolio : matchmodel.advice.split.Portfolio or None
        Of the specialties whose applications a table describes, where there are two or three.
    left_out : tuple of str
        Which parts could not be answered, and why.
    gaps : tuple of str
    calendar : tuple of matchmodel.advice.calendar_of_cycle.Event
    warnings, notes, sources : tuple of str
    """

    __slots__ = ()

    @property
    def first(self):
        """The preferred specialty."""
        return self.specialties[0]

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers, as `--json` prints them."""
        a = self.applicant
        return {
            "model": self.model_name,
            "applicant_type": a.applicant_type,
            "cycle": a.cycle,
            "target": self.target,
            "applications_asked": self.asked,
            "range": 0.8,
            "rule_of_standing": RULE,
            "specialties": [one.as_dict() for one in self.specialties],
            "levers": self.levers.as_dict(),
            "timing": None if self.timing is None else self.timing.as_dict(),
            "portfolio": None if self.portfolio is None else self.portfolio.as_dict(),
            "left_out": list(self.left_out),
            "gaps": list(self.gaps),
            "calendar": [dict(event._asdict()) for event in self.calendar],
            "calendar_notes": list(self.calendar_notes),
            "fees": {"season": self.season, "fixed_usd": [{"what": what, "usd": usd} for what, usd in self.fixed]},
            "not_known": list(self.unmeasured),
            "sources": list(self.sources),
            "warnings": list(self.warnings),
            "notes": list(self.notes),
        }


def _curve(profile, asked):
    if profile.chain is None:
        return ()
    listed = profile.listed
    even = {max(1, round(listed * k / CURVE)) for k in (0.5, *range(1, CURVE + 1))}
    found = []
    for n in sorted(even | {k for k in TABLE if k < listed} | {min(asked, listed)}):
        chance = profile.chance(n)
        found.append((n, chance.point, chance.low, chance.high, cost(profile.schedule, n)))
    return tuple(found)


def _specialty(model, applicant, target):
    a, chained = applicant, model.has_chain(applicant.applicant_type, applicant.specialty)
    profile = Profile(model, a._replace(applications=None, target=None))
    usd = None
    if chained:
        n = min(profile.usual if a.applications is None else a.applications, profile.listed)
        a = a._replace(applications=n, target=target)
        usd = cost(profile.schedule, n)
    else:
        a = a._replace(applications=None, target=None)
    answer = model.odds(a)
    score = score_needed(model, a._replace(applications=None, target=None), target)
    return InSpecialty(answer, standing(answer), usd, _curve(profile, a.applications), red_flags(model, answer), score)


def _sources(model):
    return tuple(
        f"{source['title']} ({source['publisher']}, {source['year']}; grade {source['grade']}). {source['terms']}." for source in model.content["sources"]
    )


def _merged(texts):
    return tuple(dict.fromkeys(text for text in texts if text != ASSOCIATION))


def _several(model, names, applicant):
    from ..specialties import canonical_specialty

    made = []
    for name in names:
        one = canonical_specialty(name)
        if one in made:
            raise RefusedInput(f"{one} is given twice; give each specialty once")
        made.append(one)
    if not 1 <= len(made) <= MOST_SPECIALTIES:
        raise RefusedInput(f"{len(made)} specialties; a page holds 1 to {MOST_SPECIALTIES}")
    for one in made:
        model.cell(applicant.applicant_type, one)
    return made


def plan(model, applicant, backups=(), step2_taken=None, gain=0.0, usce_gain=0.0):
    """Return the page of an applicant.

    Parts that others answer are their results: `Model.odds`, `levers.what_if`, `cycles.timing`, `score_needed.target`,
    `split.portfolio`. A part that refuses (such as a next cycle too far away) is left out, with the reason.

    Parameters
    ----------
    model : Model
    applicant : Applicant
        In the preferred specialty; `applications` replaces each specialty's usual number, `target` is 0.5 where absent.
    backups : sequence of str
        Other specialties.
    step2_taken : bool, optional
        Whether the score is of an exam that is passed; where None, it is where a score is given.
    gain, usce_gain : float
        Points and months more that waiting a year adds, for the timing.

    Returns
    -------
    Plan

    Raises
    ------
    NotInModel, RefusedInput
    """
    names = _several(model, (applicant.specialty, *backups), applicant)
    target = DEFAULT_TARGET if applicant.target is None else applicant.target
    parts = tuple(_specialty(model, applicant._replace(specialty=name), target) for name in names)
    chained, left_out = parts[0].answer.chain is not None, []
    asked = applicant._replace(specialty=names[0], target=target if chained else None, applications=applicant.applications if chained else None)
    levers = what_if(model, asked, step2_taken)

    found = {"timing": None, "portfolio": None}
    taken = True if step2_taken is None else step2_taken
    calls = {"timing": lambda: timing(model, asked._replace(target=None), gain=gain, usce_gain=usce_gain, taken=taken)}
    split = [applicant._replace(specialty=part.name) for part in parts if part.answer.chain is not None]
    if len(split) > 1:
        calls["portfolio"] = lambda: portfolio(model, split, applicant.applications)
    for name, call in calls.items():
        try:
            found[name] = call()
        except MatchModelError as error:
            if name == "timing" and (gain or usce_gain):  # which were asked for
                raise
            left_out.append(f"{name}: {error}")
    for part in parts:
        if part.answer.chain is None:
            left_out.append(f"applications to {part.name}: no table describes them")

    a, fees = parts[0].answer.applicant, (model.content["chain"] or {}).get("fees") or {}
    warnings = [text for part in parts for text in (*part.answer.warnings, *(part.answer.chain.warnings if part.answer.chain is not None else ()))]
    told = [(part.name, (*ranked_notes(part.answer), *(part.answer.chain.notes if part.answer.chain is not None else ()))) for part in parts]
    common = [text for text in told[0][1] if all(text in texts for _, texts in told)]
    notes = [text if text in common or name in text else f"{name}: {text}" for name, texts in told for text in texts]
    return Plan(
        model_name=model.name, applicant=a, target=target, asked=applicant.applications, specialties=parts, levers=levers, timing=found["timing"], portfolio=found["portfolio"],
        left_out=tuple(left_out), gaps=gaps(model, a), calendar=calendar(a.cycle), calendar_notes=(CHECK, OTHER_SERVICE), season=fees.get("season"), fixed=tuple(fixed_fees(fees)),
        unmeasured=UNMEASURED, warnings=_merged(warnings), notes=(*_merged(notes), ASSOCIATION), sources=_sources(model),
    )  # fmt: skip
