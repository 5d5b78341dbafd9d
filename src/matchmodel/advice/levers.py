"""What would move the odds, best first.

Standard library only.
"""

from collections import namedtuple
from math import exp

from ..answer import make
from ..applications import DEFAULT_TARGET
from ..fees import fixed_fees
from ..odds import terms
from ..wording import dollars, type_name
from .lever_kinds import Asked, next_year, number_levers, other_specialties, score_levers, usce_levers
from .profile import Profile

FIXED = "A passed exam cannot be retaken, and neither a failed attempt nor the need of a visa can be undone: no such lever is offered."
UNMEASURED = tuple((what, "no estimate that the model could use") for what in ("Step 3", "research", "letters of recommendation", "networking"))


class WhatIf(namedtuple("WhatIf", "answer before given target levers unscored warnings notes")):
    """The levers of one applicant, best first.

    Attributes
    ----------
    answer : matchmodel.answer.Answer
        Of `predict`, the chain left out.
    before : Side
        As things are.
    given : bool
        Whether the number of applications was given; else it is the specialty's usual one.
    target : float
    levers : tuple of Lever
    unscored : tuple of (str, str)
        What cannot be scored or pulled, and why.
    warnings, notes : tuple of str
    """

    __slots__ = ()

    def reach(self, lever):
        """Return how the target's reach changes: 'both', 'now', 'lost', 'neither', or '' without a chain on both sides."""
        a, b = self.before.needed, lever.after.needed
        if a is None or b is None:
            return ""
        return {(False, False): "both", (True, False): "now", (False, True): "lost", (True, True): "neither"}[a.applications is None, b.applications is None]

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers, as `--json` prints them."""
        a = self.answer.applicant
        levers = []
        for lever in self.levers:
            made = {**_plain(lever), "reach": self.reach(lever), "notes": list(lever.notes)}
            made.update({name + "_change": made.pop(name) for name in ("chance", "ranked", "needed", "usd")})
            levers.append(made)
        return {
            "model": self.answer.model_name, "specialty": a.specialty, "applicant_type": a.applicant_type, "cycle": a.cycle, "table_year": self.answer.table_year, "range": 0.8,
            "known": self.answer.as_dict()["known"], "applications_given": self.given, "target": self.target, "before": _plain(self.before), "levers": levers,
            "unscored": [{"what": what, "why": why} for what, why in self.unscored], "warnings": list(self.warnings), "notes": list(self.notes),
        }  # fmt: skip


def _plain(value):
    return {name: _plain(v) for name, v in value._asdict().items()} if hasattr(value, "_asdict") else value


def _signal(model):
    found = (model.content.get("advice") or {}).get("program_signal")
    if found is None:
        return ("program signals", "no figure in this model")
    return ("program signals", f"the evidence is crude: in {found['specialty'].lower()} the odds of an invitation were {exp(found['value']):.1f} times as high with one, but applicants signal where they fit")


def ranked_notes(answer):
    """Return the notes of an answer, where its chance is not the first figure that is shown."""
    return tuple(note.replace("The first figure is", "The chance given at least one ranked program is") for note in answer.notes)


def _notes(profile, given, levers):
    """What a reader needs to know of these levers; the answer's own notes follow."""
    yield FIXED
    kinds = {lever.kind for lever in levers}
    if profile.chain is not None:
        if not given:
            usual = profile.chain.content["usual"]
            yield f"The number of applications is the specialty's usual one ({usual['value']:.0f}, {usual['basis']}); --applications gives another."
        if "more_applications" in kinds:
            yield "The chance given a ranked program is the tables' own, at the usual number of applications: more of them, or friendlier ones, leave it the same here."
    if "specialty" in kinds:
        yield "Another specialty's chance is that of applicants who prefer it and apply to it as much; who they are differs by more than is known here. A wish is not in the numbers."
    if "usce_months" in kinds or "step2_ck" in kinds:
        yield "Gains of a score or of experience hold for those who differ in it, and quality is mixed in: take them as upper bounds."
    if profile.chain is not None and profile.schedule is None:
        yield f"The fees table has no schedule for {profile.applicant.specialty}: no dollars."
    elif profile.chain is not None:
        fees = profile.model.content["chain"]["fees"]
        fixed = sum(usd for _, usd in fixed_fees(fees))
        yield f"Dollars are application fees of the {fees['season']} season" + (f"; once a season there are also {dollars(fixed)}." if fixed else ".")


def what_if(model, applicant, step2_taken=None):
    """Return the levers of an applicant, best first.

    Each lever is one changed applicant or one changed set of applications; every change is taken draw by draw, so that
    what both sides share cancels. Levers are sorted by the change of P(match) counted from the application on
    (given at least one ranked program where no table describes applications).

    Parameters
    ----------
    model : matchmodel.model.Model
    applicant : matchmodel.applicant.Applicant
        With `applications` (the specialty's usual number where None) and `target` (0.5 where None).
    step2_taken : bool, optional
        Whether Step 2 CK has been taken; where None, it has if a score is given.

    Returns
    -------
    WhatIf
    """
    a = model.cycle_of(applicant)
    target, profile = a.target if a.target is not None else DEFAULT_TARGET, Profile(model, a, crossed=False)
    n, warnings = a.applications, []
    if profile.chain is not None:
        if n is not None and n > profile.listed:
            warnings.append(f"{n} applications, but the table lists {profile.listed} programs of {a.specialty}: answered for all {profile.listed}")
        n = min(profile.usual if n is None else n, profile.listed)
    elif n is not None or a.target is not None:
        warnings.append(f"no table describes applications to {a.specialty} of {type_name(a.applicant_type, True)}: the number of applications and the target are left out")
    before, shown = Asked(profile, n, target), Asked(Profile(model, a), n, target).side  # changes leave the crossed terms out on both sides: half the time
    answer = make(model, profile.cell, a, terms(model, profile.cell, a, a.cycle))

    def ask(**changes):
        return Asked(Profile(model, profile.applicant._replace(**changes), crossed=False), n, target)

    taken = ("assumed" if a.step2_ck is not None else "") if step2_taken is None else "said" if step2_taken else ""
    levers, unscored = [], []
    for some, left in (
        score_levers(ask, before, taken), usce_levers(ask, before), next_year(model, before, target, n), number_levers(before, target), other_specialties(model, before, target),
    ):  # fmt: skip
        levers += some
        unscored += left
    levers.sort(key=lambda lever: -(lever.ranked if lever.chance is None else lever.chance).point)
    return WhatIf(
        answer, shown, a.applications is not None, target, tuple(levers), (*unscored, _signal(model), *UNMEASURED),
        (*answer.warnings, *warnings), (*_notes(profile, a.applications is not None, levers), *ranked_notes(answer)),
    )  # fmt: skip
