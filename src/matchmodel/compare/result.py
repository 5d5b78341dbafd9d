"""The comparison of two models: the numbers once, and everything said of them derived."""

from dataclasses import asdict, dataclass
from math import isfinite

from ..errors import RefusedInput
from . import differences
from .answers import compare_applicants
from .coefficients import coefficient_changes
from .reference import REFERENCE

DEFAULT_POINTS, DEFAULT_STANDARD_ERRORS = 5.0, 3.0
SAME, CHANGED = 0, 1  # exit statuses
DENOMINATOR = (
    "A change in standard errors is the change over the root mean square of the two models' standard errors (for a level of another year with the drift of the years between). "
    "Both models share most of their sources, so it tells how large a change is; it is no test."
)


@dataclass(frozen=True)
class Thresholds:
    """What is too large a change: more than so many.

    Attributes
    ----------
    points : float
        Percentage points of an applicant's chance, p_ranked or p_apply.
    standard_errors : float
        Of a coefficient.
    """

    points: float = DEFAULT_POINTS
    standard_errors: float = DEFAULT_STANDARD_ERRORS

    def __post_init__(self):
        for name, option in (("points", "--threshold"), ("standard_errors", "--standard-errors")):
            value = getattr(self, name)
            if not isfinite(value) or value < 0:
                raise RefusedInput(f"{option} is {value:g}; it is a number from 0 on, such as {getattr(Thresholds, name):g}")


    @property
    def words(self):
        """Both in words: '3 standard errors', '5 points'."""
        return tuple(f"{value:g} {name}{'' if value == 1 else 's'}" for value, name in ((self.standard_errors, "standard error"), (self.points, "point")))


@dataclass(frozen=True)
class ModelFacts:
    """What is told of one of the two models."""

    name: str
    newest_table: int
    default_cycle: int
    schema: int
    draw_count: int
    sources: int


@dataclass(frozen=True)
class Comparison:
    """OLD and NEW, compared.

    Attributes
    ----------
    old, new : ModelFacts
    shared_sources : int
        Sources with the same content in both.
    came_and_went : tuple of CameOrWent
    other_contents : tuple of OtherContent
    settings : tuple of Setting
    others : dict of str to int
        How many values differ that are neither coefficients, sources nor settings, by kind.
    coefficients : tuple of Change
        What both have, the largest change first.
    applicants : tuple of AnswerChange
        The largest change first.
    left_out : tuple of NotCompared
    made_up : bool
        Whether the applicants are the made-up ones of the package.
    cycle : int or None
        The cycle asked of both; None where each was asked at its own.
    thresholds : Thresholds
    """

    old: ModelFacts
    new: ModelFacts
    shared_sources: int
    came_and_went: tuple
    other_contents: tuple
    settings: tuple
    others: dict
    coefficients: tuple
    applicants: tuple
    left_out: tuple
    made_up: bool
    cycle: int | None
    thresholds: Thresholds

    def is_over(self, change):
        """Whether a coefficient's or an applicant's change is over its threshold."""
        if hasattr(change, "size"):
            return change.size is not None and abs(change.size) > self.thresholds.standard_errors
        return self.too_many(change.largest)

    def too_many(self, points):
        """Whether a change of a chance in percentage points is over the threshold."""
        return abs(points) > self.thresholds.points

    @property
    def coefficients_over(self):
        """The coefficients over the threshold."""
        return tuple(c for c in self.coefficients if self.is_over(c))

    @property
    def applicants_over(self):
        """The applicants over the threshold."""
        return tuple(a for a in self.applicants if self.is_over(a))

    @property
    def lost(self):
        """What OLD answered and NEW cannot: larger than any number of points."""
        return tuple(c for c in self.came_and_went if c.lost)

    @property
    def unjudged(self):
        """The changed coefficients without a standard error; only what they do to applicants is judged."""
        return tuple(c for c in self.coefficients if c.size is None and c.change)

    @property
    def same(self):
        """Whether nothing differs at all, names apart."""
        return not (any(c.moved for c in self.coefficients) or self.came_and_went or self.other_contents or self.settings or self.others)

    @property
    def status(self):
        """Exit status: 1 where something is over its threshold or lost, else 0."""
        return CHANGED if self.coefficients_over or self.applicants_over or self.lost else SAME

    @property
    def verdict(self):
        """One plain line: whether anything is over the threshold."""
        limits = self.thresholds.words
        if self.status == SAME:
            return f"Nothing is over the threshold ({limits[0]} of a coefficient, {limits[1]} of an applicant)."
        counted = ((self.coefficients_over, "coefficient", f" ({limits[0]})"), (self.applicants_over, "applicant", f" ({limits[1]})"), (self.lost, "answer", " lost"))
        return "Over the threshold: " + ", ".join(f"{len(some)} {name}{'s' * (len(some) > 1)}{rest}" for some, name, rest in counted if some) + "."

    def as_dict(self):
        """Return plain texts, lists and numbers, as `--json` prints them."""
        return {
            "old": asdict(self.old), "new": asdict(self.new), "shared_sources": self.shared_sources, "denominator": DENOMINATOR, "same": self.same,
            "came_and_went": [{**asdict(c), "lost": c.lost} for c in self.came_and_went],
            "other_contents": differences.as_dicts(self.other_contents), "settings": differences.as_dicts(self.settings), "other_differences": self.others,
            "coefficients": [{**c.as_dict(), "over": self.is_over(c)} for c in self.coefficients],
            "cycle": self.cycle, "made_up_applicants": self.made_up,
            "applicants": [{**a.as_dict(), "over": self.is_over(a)} for a in self.applicants], "not_compared": differences.as_dicts(self.left_out),
            "thresholds": asdict(self.thresholds), "over": {"coefficients": len(self.coefficients_over), "applicants": len(self.applicants_over), "lost": len(self.lost)},
            "status": self.status, "verdict": self.verdict,
        }


def _facts(model):
    content = model.content
    return ModelFacts(model.name, model.newest_table, model.default_cycle, content["schema"], content["draw_count"], len(content["sources"]))


def compare_models(old, new, applicants=None, cycle=None, thresholds=None, step=lambda n: None):
    """Hold two models against each other.

    Parameters
    ----------
    old, new : Model
    applicants : dict of str to Applicant, optional
        The made-up reference applicants where absent.
    cycle : int, optional
        Each model's own default cycle where absent.
    thresholds : Thresholds, optional
    step : callable, optional
        Told how many answers are done, two an applicant.

    Returns
    -------
    Comparison
    """
    a, b = old.content, new.content
    compared, left_out = compare_applicants(old, new, REFERENCE if applicants is None else applicants, cycle, step)
    return Comparison(
        _facts(old), _facts(new), differences.shared_sources(a, b), differences.came_and_went(a, b), differences.other_contents(a, b), differences.settings_differences(a, b),
        differences.other_differences(a, b), coefficient_changes(a, b), compared, left_out, applicants is None, cycle, thresholds or Thresholds(),
    )
