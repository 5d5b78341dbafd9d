"""The levers: the same applicant with one thing changed, asked again, and what the change is, draw by draw.

Standard library only.
"""

from collections import namedtuple
from math import inf

from ..answer import seen_range
from ..applicant import SCORE_HIGH
from ..covariates import COVARIATES, USCE_CAP
from ..errors import RefusedInput
from ..fees import application_fees
from ..odds import RANGE, quantile
from .glance import glance
from .profile import FRIENDLIEST, RANDOM, Figure, Profile
from .season import Drifted, drift_after

# Choices of this page, not measurements.
SCORE_GAINS = (5, 10)  # points of Step 2 CK
USCE_GAIN = 3  # months
MORE = 40  # applications
OTHERS = 3  # other specialties shown, at the most
ENOUGH = 100  # applicants in a table from which another specialty is proposed; below, levels are drawn towards the mean
LEAST = 0.01  # by how much another specialty must be above the present one to be proposed
UNCLEAR = 0.1  # share of draws on the wrong side of zero from which a slope or effect is not called clear



class Side(namedtuple("Side", "applications order chance ranked needed usd")):
    """One applicant, asked: `applications` in an `order`, `Figure` of the chance from the application on and of P(match | ranked), `Needed`, its fees."""

    __slots__ = ()


class Lever(namedtuple("Lever", "kind name after chance ranked needed usd cost_usd basis notes")):
    """One lever.

    Attributes
    ----------
    kind : {'step2_ck', 'usce_months', 'next_year', 'more_applications', 'friendliest', 'specialty'}
    name : str
    after : Side
        The changed applicant.
    chance : Figure or None
        Change of P(match), counted from the application on; None without a chain.
    ranked : Figure
        Change of P(match | at least one ranked program).
    needed, usd : Figure or None
        Change of the applications needed for the target, and of their fees; None where either side is out of reach.
    cost_usd : float or None
        Fees of the applications after less those before; None where their number stays or no schedule is known.
    basis : dict
        'ranked' and 'applications': measured, evidence or assumed.
    notes : tuple of str
    """

    __slots__ = ()


def _figure(drawn):
    return None if drawn is None else Figure.of(drawn)


class Asked:
    """A profile asked once: what a `Side` is made of, with the draws.

    Parameters
    ----------
    profile : Profile
    applications : int or None
        None leaves applications out, as does a profile without a chain.
    target : float
    order : str
    like : Asked, optional
        Of the same profile and order with another number of applications, which needs as many for the target.
    """

    def __init__(self, profile, applications, target, order=RANDOM, like=None):
        self.profile, self.order, self.applications, self.ranked = profile, order, None, profile.ranked
        self.chance = self.needed = self.counts = self.schedule = None
        self._fees = {}
        if profile.chain is not None and applications is not None:
            self.schedule = profile.schedule
            self.applications = min(applications, profile.listed)
            self.chance = profile.chance(self.applications, order)
            self.needed, self.counts = profile.needed_drawn(target, order) if like is None else (like.needed, like.counts)

    def usd(self, count):
        """Return the fees of a count, None without a count or a schedule; kept, since two hundred draws share a few dozen counts."""
        if count is None or self.schedule is None:
            return None
        if count not in self._fees:
            self._fees[count] = inf if count == inf else application_fees(self.schedule, count)
        return self._fees[count]

    @property
    def side(self):
        """The `Side` of these answers."""
        needed = self.needed
        return Side(self.applications, self.order, _figure(self.chance), _figure(self.ranked), needed, None if needed is None else self.usd(needed.applications))


def change_of_needed(before, after, point):
    """Return the `Figure` of a change of required applications or of their fees.

    Parameters
    ----------
    before, after : list of float
        Of each draw, inf where the target is out of reach.
    point : float

    Returns
    -------
    Figure
        Over the draws in which at least one side is in reach: a draw in which only one is stands at that end of the range, without
        a number. Both ends are None where more than a tenth of all draws have neither.
    """
    moved = [(-inf if a == inf else inf) if inf in (a, b) else b - a for a, b in zip(before, after) if not a == b == inf]
    if len(moved) < (1 - UNCLEAR) * len(before):
        return Figure(point, None, None)
    ordered, last = sorted(moved), len(moved) - 1
    ends = []
    for q in RANGE:
        place = q * last
        around = ordered[int(place)], ordered[min(int(place) + 1, last)]
        ends.append(None if inf in around or -inf in around else round(quantile(ordered, q)))
    low, high = ends
    return Figure(point, None if low is None else min(low, point), None if high is None else max(high, point))


def _lever(kind, name, before, after, basis, notes=()):
    chance = None if None in (before.chance, after.chance) else after.chance.minus(before.chance)
    ranked = after.ranked.minus(before.ranked)
    needed = usd = cost = None
    if chance is not None:
        if None not in (before.needed.applications, after.needed.applications):
            needed = change_of_needed(before.counts, after.counts, after.needed.applications - before.needed.applications)
            a, b = before.usd(before.needed.applications), after.usd(after.needed.applications)
            if None not in (a, b):
                usd = change_of_needed([before.usd(n) for n in before.counts], [after.usd(n) for n in after.counts], b - a)
        if (after.applications, after.profile.applicant.specialty) != (before.applications, before.profile.applicant.specialty):
            a, b = before.usd(before.applications), after.usd(after.applications)
            cost = None if None in (a, b) else b - a
    return Lever(kind, name, after.side, _figure(chance), _figure(ranked), needed, usd, cost, basis, tuple(notes))


def slope_draws(cell):
    """Return the draws of a cell's slope of Step 2 CK, recalibrated where the model is."""
    draws = cell.draws("beta")
    return draws if cell.recalibration is None else [b * s for b, s in zip(draws, cell.recalibration.slope_draws)]


def share_against(draws, direction=1):
    """Return the share of draws that are zero or on the other side of it."""
    return sum(d * direction <= 0 for d in draws) / len(draws)


def slope_notes(cell):
    """Yield what is to be said of a slope that is not clearly positive."""
    share = share_against(slope_draws(cell))
    if share > UNCLEAR:
        yield f"the slope of Step 2 CK in {cell.specialty} is not clearly positive ({100 * share:.0f}% of the draws are at or below zero)"


def score_notes(cell, score):
    """Yield what is to be said of a score in a cell: its slope, and a score that its table did not see."""
    yield from slope_notes(cell)
    seen = seen_range(cell)
    if seen is not None and not seen[0] <= score <= seen[1]:
        yield f"{score:g} lies outside the {seen[0]:.0f} to {seen[1]:.0f} that the table of {cell.specialty} saw: extrapolated"


def _basis(profile, name):
    """Basis of a covariate's effect on matching, and on invitations."""
    ranked = profile.cell.content["beta"]["basis"] if name == "step2_ck" else profile.model.delta(name).basis
    effect = None if profile.chain is None else profile.chain.chain["effects"].get(name)
    return {"ranked": ranked, "applications": None if effect is None else effect["basis"]}


def score_levers(ask, before, taken):
    profile = before.profile
    score = profile.applicant.step2_ck
    if taken:
        said = "it counts as taken" if taken == "assumed" else "taken"
        more = "; where the score is an expected one, say --step2-taken no" if taken == "assumed" else ""
        return [], [("Step 2 CK", f"{said}, and a passed exam cannot be retaken{more}")]
    if score is None:
        return [], [("Step 2 CK", "no score to start from; give the expected one with --step2, and --step2-taken no")]
    if score >= SCORE_HIGH:
        return [], [("Step 2 CK", f"{SCORE_HIGH} is the top of the scale")]
    found = []
    for to in dict.fromkeys(min(score + gain, SCORE_HIGH) for gain in SCORE_GAINS):
        notes = [f"from an expected {score:g} to {to:g}"]
        notes += score_notes(profile.cell, to)
        found.append(_lever("step2_ck", f"Step 2 CK +{to - score:g}, to {to:g}", before, ask(step2_ck=to), _basis(profile, "step2_ck"), notes))
    return found, []


def usce_levers(ask, before):
    profile, what = before.profile, "US clinical experience"
    months = profile.applicant.usce_months
    if not profile.model.has_effect(profile.applicant.applicant_type, "usce_months"):
        return [], [(what, "this model has no figure for it")]
    if months is None:
        return [], [(what, "months unknown; give --usce")]
    if months >= USCE_CAP:
        return [], [(what, f"{months:g} months; the evidence counts {USCE_CAP:g} or more as {USCE_CAP:g}")]
    to = months + USCE_GAIN
    notes = [f"from {round(months, 2):g} to {round(to, 2):g} months"]
    if to > USCE_CAP:
        notes.append(f"counted as {USCE_CAP:g}, where the evidence stops")
    share = share_against(profile.model.delta("usce_months").draws, COVARIATES["usce_months"].direction)
    if share > UNCLEAR:
        notes.append(f"its effect is not clearly positive ({100 * share:.0f}% of the draws)")
    return [_lever("usce_months", f"USCE +{USCE_GAIN}, to {round(to, 2):g} months", before, ask(usce_months=to), _basis(profile, "usce_months"), notes)], []


def a_year_on(model, applicant):
    """Return the applicant's `Profile` a cycle later, one more year since graduation, its level one more step of the drift away (`drift_after`)."""
    changed = {} if applicant.yog is not None else {"years_since_graduation": applicant.years_since_graduation + 1}
    return Profile(Drifted(model, drift_after(model, applicant)), applicant._replace(cycle=applicant.cycle + 1, **changed), crossed=False)


def next_year(model, before, target, n):
    a, what = before.profile.applicant, "applying next year"
    if a.years_since_graduation is None or not model.has_effect(a.applicant_type, "years_since_graduation"):
        return [], [(what, "years since graduation unknown; give --yog" if a.years_since_graduation is None else "this model has no figure for years since graduation")]
    try:
        later = a_year_on(model, a)
    except RefusedInput as error:
        return [], [(what, str(error))]
    notes = [f"the same application in the {a.cycle + 1} Match, one more year since graduation and nothing else changed; the range holds how much a year moves the level"]
    if not model.drift_sd(a.applicant_type):
        notes[0] = notes[0].split(";")[0] + "; no series says how much a year moves the level, so the range leaves that out"
    share = share_against(model.delta("years_since_graduation").draws, COVARIATES["years_since_graduation"].direction)
    if share > UNCLEAR:
        notes.append(f"that years lower the odds is not clear ({100 * share:.0f}% of the draws)")
    return [_lever("next_year", f"next year, {a.cycle + 1}", before, Asked(later, n, target), _basis(before.profile, "years_since_graduation"), notes)], []


def number_levers(before, target):
    profile, n = before.profile, before.applications
    if profile.chain is None:
        return [], [("more applications, friendlier programs", "no table describes applications here")]
    basis = {"ranked": None, "applications": profile.chain.content["mean_rate"]["basis"]}
    found, unscored = [], []
    if n < profile.listed:
        to = min(n + MORE, profile.listed)
        note = f"{to} instead of {n}" + (", which is all that the table lists" if to == profile.listed else "") + "; an upper bound, since better applicants get more interviews"
        found.append(_lever("more_applications", f"{to - n} more applications", before, Asked(profile, to, target, like=before), basis, [note]))
        note = "the same number, to the programs that invite the largest share of applicants of this type: an optimistic bound, since they may not fit you and their rates are the least certain"
        found.append(_lever("friendliest", "friendliest first", before, Asked(profile, n, target, FRIENDLIEST), basis, [note]))
    else:
        unscored.append(("more applications, friendlier programs", f"all {n} programs that the table lists are applied to"))
    return found, unscored


def _applicants(model, cell):
    """Applicants behind a cell: of its own table, or of the type's that it is derived from; None where no table says."""
    kind = model.type(cell.applicant_type)["derived_from"] or cell.applicant_type
    content = model.type(kind)["cells"].get(cell.specialty)
    published = None if content is None else content["published"]
    return None if published is None else published["matched"] + published["not_matched"]


def other_specialties(model, before, target):
    a, chained = before.profile.applicant, before.profile.chain is not None
    here = before.chance.point if chained else before.ranked.point
    found = []
    for specialty in model.specialties(a.applicant_type):
        if specialty == a.specialty or (_applicants(model, model.cell(a.applicant_type, specialty)) or 0) < ENOUGH:
            continue
        seen = glance(model, a._replace(specialty=specialty))
        if not chained or seen.state is not None:
            found.append((seen.chance(before.applications) if chained else seen.ranked, specialty))
    best = [s for p, s in sorted(found, key=lambda f: (-f[0], f[1])) if p >= here + LEAST][:OTHERS]
    levers = []
    for specialty in best:
        after = Asked(Profile(model, a._replace(specialty=specialty), crossed=False), before.applications, target)
        basis = {"ranked": after.profile.cell.content["level"]["basis"], "applications": None if not chained else after.profile.chain.content["mean_rate"]["basis"]}
        few = f"all {after.applications} programs that the table lists there instead"
        notes = ["ranked there instead" if not chained else "all applications there instead" if after.applications == before.applications else few]
        if a.step2_ck is not None:
            notes += score_notes(after.profile.cell, a.step2_ck)
        levers.append(_lever("specialty", f"{specialty} instead", before, after, basis, notes))
    return levers, [] if best else [("another specialty", f"none with at least {ENOUGH} applicants in its table has a higher chance" + (f" with {before.applications} applications" if chained else ""))]
