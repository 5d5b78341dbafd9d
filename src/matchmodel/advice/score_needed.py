"""The Step 2 CK that a specialty takes for a chosen chance.

Standard library only.
"""

from collections import namedtuple
from math import ceil, inf

from ..answer import seen_range
from ..applicant import SCORE_HIGH, SCORE_LOW
from ..applications import DEFAULT_TARGET
from ..covariates import STEP2_CENTRE, STEP2_UNIT
from ..errors import NotInModel
from ..odds import RANGE, expit, logit, quantile, terms
from .glance import glance
from .lever_kinds import share_against, slope_draws, slope_notes
from .levers import ranked_notes
from .profile import Drawn, Figure, Profile

STEP = 20  # points between the scores at which the chain is asked in every draw
CLOSE = 1e-12  # of a chance: rounding errors

_FIELDS = "answer target applications score low high lowest top chance below basis slope_unclear slope_negative published own extrapolated warnings notes"


class ScoreNeeded(namedtuple("ScoreNeeded", _FIELDS)):
    """The Step 2 CK that a chance takes.

    Attributes
    ----------
    answer : matchmodel.answer.Answer
        Of `predict` with that score; with the highest one where no score does it.
    target : float
    applications : int or None
        None where the chance is that given at least one ranked program.
    score : int or None
        The lowest passing whole score that reaches the target; None where no score does.
    low, high : int or None
        80% range over the draws, whole scores: None where more than a tenth of the draws never reach the target below that end.
    lowest : int
        Today's passing mark, the lowest score that is looked at.
    top : Figure
        The chance with the highest possible score.
    chance : Figure
        The chance with `score`, or with the highest possible one where no score does it.
    below : float or None
        The point's chance with one point less; None where no score does it.
    basis : dict
        'slope', 'level' and 'applications': measured, evidence, assumed or None.
    slope_unclear : float
        Share of the draws whose slope of Step 2 CK is not positive.
    slope_negative : bool
        Whether the point's slope is not.
    published : dict
        {'matched' or 'not_matched': n, min, q1, median, q3, max}, of the type's own table; empty where none prints them.
    own : tuple of (float, Figure) or None
        The applicant's own score and the chance with it, where given.
    extrapolated : bool
    warnings, notes : tuple of str
    """

    __slots__ = ()

    @property
    def reachable(self):
        """Whether a score does it."""
        return self.score is not None

    @property
    def any_passing(self):
        """Whether the lowest passing score does it."""
        return self.score == self.lowest

    @property
    def own_score(self):
        """The applicant's own score, None where it was not given."""
        return None if self.own is None else self.own[0]

    @property
    def gap(self):
        """Points that the applicant's own score lacks, negative where it has more; None without one or where no score does it."""
        return None if self.own is None or self.score is None else self.score - self.own_score

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers, as `--json` prints them."""
        a = self.answer.applicant
        own = None if self.own is None else {"step2_ck": self.own_score, **self.own[1]._asdict(), "points_missing": self.gap}
        return {
            "model": self.answer.model_name, "specialty": a.specialty, "applicant_type": a.applicant_type, "cycle": a.cycle, "table_year": self.answer.table_year, "range": 0.8,
            "known": {name: value for name, value in self.answer.as_dict()["known"].items() if name != "step2_ck"},
            "target": self.target, "applications": self.applications, "reachable": self.reachable, "any_passing_score": self.any_passing,
            "step2_ck": self.score, "step2_ck_low": self.low, "step2_ck_high": self.high, "passing_mark": self.lowest, "chance": dict(self.chance._asdict()), "chance_one_point_less": self.below,
            "chance_at_top_of_scale": dict(self.top._asdict()), "basis": self.basis, "share_of_draws_slope_not_positive": self.slope_unclear, "published": self.published, "own": own,
            "extrapolated": self.extrapolated, "warnings": list(self.warnings), "notes": list(self.notes),
        }  # fmt: skip


def passing_mark(model):
    """Return the lowest score that passes today; the bottom of the scale where the model has no marks."""
    marks = model.content["exam"]["passing_marks"]
    return ceil(marks[-1]["mark"]) if marks else SCORE_LOW


def score_of(goal, at_centre, slope, lowest):
    """Return the lowest passing score at which log odds linear in the score reach a goal, inf where none on the scale does.

    u = (goal - rest)/slope, in tens of points from 240.

    Parameters
    ----------
    goal, at_centre, slope : float
        Log odds wanted; at 240; and per ten points.
    lowest : float
    """
    if at_centre + slope * (lowest - STEP2_CENTRE) / STEP2_UNIT >= goal:
        return float(lowest)
    if slope <= 0:
        return inf
    score = STEP2_CENTRE + STEP2_UNIT * (goal - at_centre) / slope
    return score if score <= SCORE_HIGH else inf


def crossing(goal, scores, values):
    """Return the lowest score at which values, linear between scores, reach a goal; inf where none does."""
    if values[0] >= goal:
        return float(scores[0])
    for a, b, x, y in zip(scores, scores[1:], values, values[1:]):
        if y >= goal:
            return a + (b - a) * (goal - x) / (y - x)
    return inf


def _settled(chance, target, guess, lowest):
    """Return the least whole score that reaches a target, by bisection around a guess; None where the highest does not.

    The score below it does not reach it, so that rounding cannot be one off.
    """
    if chance(lowest) >= target - CLOSE:
        return lowest
    if chance(SCORE_HIGH) < target - CLOSE:
        return None
    low, high = lowest, SCORE_HIGH
    for near in () if guess == inf else (ceil(guess - 1e-9) - 1, ceil(guess - 1e-9)):
        if low < near < high:
            low, high = (low, near) if chance(near) >= target - CLOSE else (near, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= target - CLOSE else (middle, high)
    return high


def _ends(draws, point):
    """Return the 80% range of scores as whole ones, rounded up; None where an end is not finite."""
    ordered, found = sorted(draws), []
    for q in RANGE:
        place = q * (len(ordered) - 1)
        found.append(None if ordered[min(int(place) + 1, len(ordered) - 1)] == inf else ceil(quantile(ordered, q) - 1e-9))
    low, high = found
    if point is None:
        return low, high
    return (point if low is None else min(low, point)), (None if high is None else max(high, point))


def _drawn_ranked(model, applicant):
    """Return score -> `Drawn` of the log odds given at least one ranked program, and the scores of each draw for a goal."""
    cell = model.cell(applicant.applicant_type, applicant.specialty)

    def log_odds(score):
        found = terms(model, cell, applicant._replace(step2_ck=score), applicant.cycle)
        return Drawn(found.log_odds, found.log_odds_draws)

    centre = log_odds(STEP2_CENTRE)
    slope = log_odds(STEP2_CENTRE + STEP2_UNIT).minus(centre)

    def needed(goal, lowest):
        return score_of(goal, centre.point, slope.point, lowest), [score_of(goal, y, s, lowest) for y, s in zip(centre.draws, slope.draws)]

    return log_odds, needed


def _drawn_applied(model, applicant, n):
    """The same counted from the application on: in every draw the logit of the chance is interpolated between scores `STEP` apart."""

    def log_odds(score):
        chance = Profile(model, applicant._replace(step2_ck=score)).chance(n)
        return Drawn(logit(chance.point), [logit(p) for p in chance.draws])

    def needed(goal, lowest):
        scores = [*range(lowest, SCORE_HIGH, STEP), SCORE_HIGH]
        at = [log_odds(score) for score in scores]
        drawn = [crossing(goal, scores, values) for values in zip(*(d.draws for d in at))]
        return crossing(goal, scores, [d.point for d in at]), drawn

    return log_odds, needed


def _published(model, cell):
    found = (model.content.get("advice") or {}).get("published", {}).get(cell.applicant_type, {}).get(cell.specialty, {}).get("step2_ck", {})
    return {cohort: dict(row) for cohort, row in found.items() if row.get("median") is not None}


def _figure(drawn):
    return Figure.of(Drawn(expit(drawn.point), [expit(v) for v in drawn.draws]))


def _warnings(answer, cell, score, high):
    """The answer's warnings, and what is to be said of the slope and of the range's upper end."""
    seen = seen_range(cell)
    yield from (text for text in answer.warnings if score is not None or "extrapolated" not in text)
    yield from slope_notes(cell)
    inside = seen is not None and score is not None and seen[0] <= score <= seen[1]
    if inside and (high is None or high > seen[1]):
        yield f"the upper end of the range lies beyond the {seen[0]:.0f} to {seen[1]:.0f} that the table of {cell.specialty} saw: that end is extrapolated"


def target(model, applicant, chance=None):
    """Return the Step 2 CK that a chance of matching takes.

    Given at least one ranked program (no applications): log odds are linear in the score, so u = (logit(chance) - rest)/slope, solved
    in the point and in every joint draw. With `applications`: counted from the application on, by bisection at the point; in every draw the
    logit of the chance is interpolated between scores `STEP` points apart. The point is rounded up to a whole score and checked:
    it reaches the chance, one point less does not (or does not pass).

    Parameters
    ----------
    model : matchmodel.model.Model
    applicant : matchmodel.applicant.Applicant
        A score of its own is set beside the answer. `applications` makes the chance that counted from the application on.
    chance : float, optional
        Instead of the applicant's `target`; 0.5 where neither is given.

    Returns
    -------
    ScoreNeeded

    Raises
    ------
    NotInModel
        With applications, where no table describes them.
    """
    a = model.cycle_of(applicant if chance is None else applicant._replace(target=chance))
    wanted, n, own, warnings = DEFAULT_TARGET if a.target is None else a.target, a.applications, a.step2_ck, []
    a = a._replace(applications=None, target=None, step2_ck=None)
    cell, chain = model.cell(a.applicant_type, a.specialty), None
    if n is not None:
        if not model.has_chain(a.applicant_type, a.specialty):
            raise NotInModel(f"no table describes applications to {a.specialty} here, so the chance cannot be counted from the application on; ask without --applications")
        chain = model.chain_cell(a.applicant_type, a.specialty)
        if n > chain.listed:
            warnings.append(f"{n} applications, but the table lists {chain.listed} programs of {a.specialty}: answered for all {chain.listed}")
        n = min(n, chain.listed)
    lowest, goal = passing_mark(model), logit(wanted)
    log_odds, needed = _drawn_ranked(model, a) if n is None else _drawn_applied(model, a, n)
    guess, drawn = needed(goal, lowest)

    def at(score):
        seen = glance(model, a._replace(step2_ck=score))
        return seen.ranked if n is None else seen.chance(n)

    score = _settled(at, wanted, guess, lowest)
    low, high = _ends(drawn, score)
    shown = SCORE_HIGH if score is None else score
    answer = model.odds(a._replace(step2_ck=shown))
    slopes, seen = slope_draws(cell), seen_range(cell)
    negative = cell.beta * (1.0 if cell.recalibration is None else cell.recalibration.slope) <= 0
    top = _figure(log_odds(SCORE_HIGH))
    return ScoreNeeded(
        answer, wanted, n, score, low, high, lowest, top, top if shown == SCORE_HIGH else _figure(log_odds(shown)), None if score is None or score == lowest else at(score - 1),
        {"slope": cell.content["beta"]["basis"], "level": cell.content["level"]["basis"], "applications": None if n is None else chain.content["mean_rate"]["basis"]},
        share_against(slopes), negative, _published(model, cell), None if own is None else (own, _figure(log_odds(own))),
        bool(seen is not None and not seen[0] <= shown <= seen[1]),
        (*_warnings(answer, cell, score, high), *warnings),
        ranked_notes(answer),
    )  # fmt: skip
