"""The same applicants asked of two models: what moved in percentage points, and whether the ranges overlap."""

from dataclasses import asdict, dataclass
from math import isfinite

from ..applications import DEFAULT_TARGET
from ..batch import read_applicants, score_applicants
from ..errors import NotInModel, RefusedInput
from ..specialties import canonical_specialty

AT_ONCE = 250  # applicants between two steps of the progress
_CHAIN = "p_apply p_apply_low p_apply_high required_applications required_applications_low required_applications_high".split()


@dataclass(frozen=True)
class Side:
    """What one model answers; None where it was not asked, and for required applications that nothing reaches.

    Attributes
    ----------
    cycle : int
    p_ranked, p_ranked_low, p_ranked_high : float
    p_apply, p_apply_low, p_apply_high : float or None
    required_applications, required_applications_low, required_applications_high : int or None
        With programs at random.
    """

    cycle: int
    p_ranked: float
    p_ranked_low: float
    p_ranked_high: float
    p_apply: float | None = None
    p_apply_low: float | None = None
    p_apply_high: float | None = None
    required_applications: int | None = None
    required_applications_low: int | None = None
    required_applications_high: int | None = None


def _overlap(a, b, name):
    return max(getattr(a, name + "_low"), getattr(b, name + "_low")) <= min(getattr(a, name + "_high"), getattr(b, name + "_high"))


@dataclass(frozen=True)
class AnswerChange:
    """One applicant in OLD and in NEW.

    Attributes
    ----------
    name : str
        Of the reference applicant, or the row of the table.
    specialty, applicant_type : str
    applications : int or None
        Of which p_apply is: the applicant's own, else midway between both models' usual numbers; None without two chains.
    target : float or None
        Of which the required applications are; None without two chains.
    old, new : Side
    """

    name: str
    specialty: str
    applicant_type: str
    applications: int | None
    target: float | None
    old: Side
    new: Side

    @property
    def points(self):
        """Change of p_ranked in percentage points."""
        return 100 * (self.new.p_ranked - self.old.p_ranked)

    @property
    def points_apply(self):
        """Change of p_apply in percentage points; None without two chains."""
        return None if self.applications is None else 100 * (self.new.p_apply - self.old.p_apply)

    @property
    def largest(self):
        """The larger of the two changes, without its sign."""
        return max(abs(self.points), abs(self.points_apply or 0.0))

    @property
    def points_width(self):
        """Change of the width of p_ranked's 80% range in percentage points."""
        return 100 * ((self.new.p_ranked_high - self.new.p_ranked_low) - (self.old.p_ranked_high - self.old.p_ranked_low))

    @property
    def overlap(self):
        """Whether the 80% ranges of p_ranked overlap."""
        return _overlap(self.old, self.new, "p_ranked")

    @property
    def overlap_apply(self):
        """Whether the 80% ranges of p_apply overlap; None without two chains."""
        return None if self.applications is None else _overlap(self.old, self.new, "p_apply")

    def as_dict(self):
        """Return plain texts and numbers, as `--json` prints them."""
        return {
            "name": self.name, "specialty": self.specialty, "applicant_type": self.applicant_type, "applications": self.applications, "target": self.target,
            "old": asdict(self.old), "new": asdict(self.new), "points": self.points, "points_apply": self.points_apply, "points_width": self.points_width,
            "overlap": self.overlap, "overlap_apply": self.overlap_apply,
        }


@dataclass(frozen=True)
class NotCompared:
    """An applicant that one of the models, or each of them, cannot answer.

    Attributes
    ----------
    name, specialty, applicant_type : str
    old, new : str
        Why the model does not answer; '' where it does.
    """

    name: str
    specialty: str
    applicant_type: str
    old: str
    new: str


class Either:
    """What `read_applicants` asks of a model, answered where either of two can: a row is refused only where both refuse it."""

    def __init__(self, old, new):
        self.models = (new, old)

    def _try(self, ask):
        try:
            return ask(self.models[0])
        except RefusedInput as error:
            first = error
        try:
            return ask(self.models[1])
        except RefusedInput:
            raise first from None

    def type(self, applicant_type):
        """Return what a model says of an applicant type."""
        return self._try(lambda model: model.type(applicant_type))

    def cycle_of(self, applicant):
        """Return the applicant with its cycle filled in."""
        return self._try(lambda model: model.cycle_of(applicant))

    def cell(self, applicant_type, specialty):
        """Return a model's cell."""
        return self._try(lambda model: model.cell(applicant_type, specialty))

    def chain_cell(self, applicant_type, specialty):
        """Refuse nothing: without a chain the comparison does without p_apply."""


def read_rows(path, old, new):
    """Return {'applicant 1': Applicant, ...} of a user's table, in its order."""
    applicants = read_applicants(path, Either(old, new))[2]
    return {f"applicant {k}": a for k, a in enumerate(applicants, start=1)}


def _refusal(model, applicant):
    """Return why a model cannot answer, '' where it can."""
    try:
        filled = model.cycle_of(applicant)
        model.cell(filled.applicant_type, filled.specialty)
    except RefusedInput as error:
        if isinstance(error, NotInModel) and applicant.applicant_type in model.applicant_types:  # the whole list of specialties is too long here
            return f"no specialty {applicant.specialty} of {applicant.applicant_type}"
        return str(error)
    return ""


def _asked(models, applicant):
    """Return the applicant as both models are asked, with applications and target where both have a chain."""
    if not all(model.has_chain(applicant.applicant_type, applicant.specialty) for model in models):
        return applicant._replace(applications=None, target=None)
    chains = [model.chain_cell(applicant.applicant_type, canonical_specialty(applicant.specialty)) for model in models]
    midway = max(1, min(round(sum(c.content["usual"]["value"] for c in chains) / 2), *(c.listed for c in chains)))
    return applicant._replace(applications=applicant.applications or midway, target=applicant.target or DEFAULT_TARGET)


def _whole(name, value):
    return int(value) if name.startswith("required") else float(value)


def _sides(model, applicants, step):
    """Return a Side of each applicant, with the numbers of `matchmodel score`."""
    made = []
    for start in range(0, len(applicants), AT_ONCE):
        some = applicants[start : start + AT_ONCE]
        found = score_applicants(model, some)
        for k, a in enumerate(some):
            chain = {name: None if name not in found or not isfinite(found[name][k]) else _whole(name, found[name][k]) for name in _CHAIN}
            made.append(Side(model.cycle_of(a).cycle, *(float(found["p_ranked" + end][k]) for end in ("", "_low", "_high")), **chain))
        step(len(some))
    return made


def compare_applicants(old, new, applicants, cycle=None, step=lambda n: None):
    """Ask two models about the same applicants.

    Parameters
    ----------
    old, new : Model
    applicants : dict of str to Applicant
    cycle : int, optional
        For who names none; each model's own default cycle where absent.
    step : callable, optional
        Told how many answers are done, two an applicant.

    Returns
    -------
    compared : tuple of AnswerChange
        The largest change first.
    left_out : tuple of NotCompared
    """
    asked, left_out = {}, []
    for name, applicant in applicants.items():
        if cycle is not None and applicant.cycle is None:
            applicant = applicant._replace(cycle=cycle)
        reasons = [_refusal(model, applicant) for model in (old, new)]
        if any(reasons):
            left_out.append(NotCompared(name, applicant.specialty, applicant.applicant_type, *reasons))
        else:
            asked[name] = _asked((old, new), applicant)
    sides = [_sides(model, list(asked.values()), step) for model in (old, new)]
    made = [AnswerChange(name, a.specialty, a.applicant_type, a.applications, a.target, *pair) for (name, a), *pair in zip(asked.items(), *sides, strict=True)]
    return tuple(sorted(made, key=lambda c: -c.largest)), tuple(left_out)
