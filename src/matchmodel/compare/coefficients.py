"""Every coefficient of two model files side by side, and its change in standard errors.

    size = (new - old) / sqrt((se_old^2 + se_new^2)/2)

The denominator is the root mean square of the two standard errors: that of either model where they agree.
Three others were considered. The root of their sum is the error of a difference of independent estimates; but two
models share most of their sources, so their errors largely cancel in the difference, and it would be neither that error
nor a size that a person knows: a change as large as both standard errors would be shown as 0.7. OLD's alone gives
another size when OLD and NEW are swapped, and none where OLD had no error (a recalibration that is new). The smaller
one alarms whenever a table replaces a guess. So the size says how far the change goes beside what the models
themselves call uncertain. It is no test: no p-value belongs to it.

A level is of its table's year. Between tables k years apart the drift that both models put into the range of a later
year is counted: sqrt((se_old^2 + se_new^2)/2 + k*(sd_old^2 + sd_new^2)/2), sd the drift's yearly standard deviation.
"""

from collections import namedtuple
from dataclasses import dataclass
from math import isfinite, sqrt

from ..covariates import COVARIATES
from ..wording import TYPE_NAMES, type_name

Group = namedtuple("Group", "title unit follows")

GROUPS = {  # in the order of the model; `follows` says that others determine it
    "level": Group("Level", "log odds of the average applicant", False),
    "slope": Group("Step 2 CK slope", "log odds per ten points", False),
    "covariate": Group("Covariate effects", "log odds per unit of the covariate", False),
    "exchange": Group("Exchange rate", "log odds of matching per log interview rate", False),
    "derived": Group("Derived types", "log odds; points of Step 2 CK", False),
    "drift": Group("Drift", "yearly standard deviation of the level, log odds", False),
    "recalibration": Group("Recalibration", "log odds; 0 and 1 where there is none", False),
    "rank_curve": Group("Rank curve's b", "log odds per ln rank", False),
    "usual_applications": Group("Usual number of applications", "applications", False),
    "invitation_rate": Group("Mean invitation rate", "invitations per application", False),
    "interview_effect": Group("Effects on invitations", "log interview rate per unit", False),
    "dispersion": Group("Dispersion of invitations", "of the negative binomial", False),
    "level_240": Group("Level at Step 2 CK 240", "log odds; follows from others", True),
    "centring": Group("Centring of covariates", "log odds; follows from others", True),
}
MEAN = "mean over specialties"
UNCALIBRATED = {"intercept": 0.0, "slope": 1.0}

Coefficient = namedtuple("Coefficient", "value se basis drift year", defaults=(0.0, None))


@dataclass(frozen=True)
class Change:
    """One coefficient in OLD and in NEW.

    Attributes
    ----------
    group : str
        A key of GROUPS.
    name : str
        Specialty, covariate or what else it is of; '' where the group has only one.
    applicant_types : tuple of str
        Those that share it (a derived type has the slopes of the one it is derived from); () where it is of all.
    old, new : float
    old_se, new_se : float or None
        None where the file has no standard error of it.
    old_basis, new_basis : str
    drift : float
        Standard deviation of the drift between the years of the two tables; 0 for the same year.
    """

    group: str
    name: str
    applicant_types: tuple
    old: float
    new: float
    old_se: float | None
    new_se: float | None
    old_basis: str
    new_basis: str
    drift: float = 0.0

    def __post_init__(self):
        numbers = [v for v in (self.old, self.new, self.old_se, self.new_se, self.drift) if v is not None]
        if not all(isfinite(v) for v in numbers) or min(self.old_se or 0, self.new_se or 0, self.drift) < 0:
            raise ValueError(f"{self.group}, {self.label}: {numbers} are not a value and a standard error twice")

    @property
    def change(self):
        """NEW less OLD, in the group's unit."""
        return self.new - self.old

    @property
    def scale(self):
        """What the change is divided by; None where neither model has a standard error."""
        known = [se * se for se in (self.old_se, self.new_se) if se]
        return sqrt(sum(known) / len(known) + self.drift**2) if known else None

    @property
    def size(self):
        """The change in standard errors, with its sign; None where there is no standard error."""
        return None if self.scale is None else self.change / self.scale

    @property
    def moved(self):
        """Whether value, standard error or basis differ."""
        return bool(self.change) or self.old_se != self.new_se or self.old_basis != self.new_basis

    @property
    def label(self):
        """Whose coefficient it is, in words."""
        both = set(self.applicant_types) == set(TYPE_NAMES)
        kinds = "IMGs" if both else " and ".join(type_name(kind, True) for kind in self.applicant_types)
        return ", ".join(part for part in (self.name, kinds) if part) or GROUPS[self.group].title.casefold()

    @property
    def order(self):
        """Sorting by it puts the largest first, those without a standard error last."""
        return (self.size is None, -abs(self.change if self.size is None else self.size), self.label)

    def as_dict(self):
        """Return plain texts and numbers, as `--json` prints them."""
        return {
            "group": self.group, "name": self.name, "applicant_types": list(self.applicant_types), "old": self.old, "new": self.new, "old_se": self.old_se, "new_se": self.new_se,
            "old_basis": self.old_basis, "new_basis": self.new_basis, "drift": self.drift, "change": self.change, "scale": self.scale, "standard_errors": self.size,
        }


def _read(entry, **more):
    return Coefficient(entry["value"], entry.get("se"), entry.get("basis", ""), **more)


def _label(name):
    return "Step 2 CK" if name == "step2_ck" else COVARIATES[name].label if name in COVARIATES else name


def _of_type(kind, content):
    """Yield ((group, name, type), Coefficient) of one applicant type."""
    drift, year = content["drift"], content["year"]
    sd = 0.0 if drift is None else drift["sd_per_year"]
    if drift is not None:
        yield ("drift", "", kind), Coefficient(sd, None, drift.get("basis", ""))
    if content.get("mean_slope"):
        yield ("slope", MEAN, kind), _read(content["mean_slope"])
    for key, name in (("odds_ratio_mean", "log odds ratio"), ("score_shift", "score shift, points")):
        if content.get(key):
            yield ("derived", name, kind), _read(content[key])
    for specialty, cell in content["cells"].items():
        yield ("level", specialty, kind), _read(cell["level"], drift=sd, year=year)
        yield ("level_240", specialty, kind), _read(cell["alpha"], drift=sd, year=year)
        yield ("slope", specialty, kind), _read(cell["beta"])
        for name, value in cell["kappa"].items():
            yield ("centring", f"{specialty}: {_label(name)}", kind), Coefficient(value, None, content["reference"].get(name, {}).get("basis", ""))


def _of_chain(chain):
    """Yield ((group, name, type), Coefficient) of the applications chain."""
    yield ("dispersion", "", None), _read(chain["dispersion"])
    for name, entry in chain["effects"].items():
        yield ("interview_effect", _label(name), None), _read(entry)
    for kind, content in chain["types"].items():
        if content.get("rank_slope"):
            yield ("rank_curve", MEAN, kind), _read(content["rank_slope"])
        for specialty, part in content["specialties"].items():
            yield ("rank_curve", specialty, kind), _read(part["rank"]["b"])
            yield ("usual_applications", specialty, kind), _read(part["usual"])
            yield ("invitation_rate", specialty, kind), _read(part["mean_rate"])


def coefficients(content):
    """Return every coefficient of a model file.

    Parameters
    ----------
    content : dict
        The file, as read.

    Returns
    -------
    dict
        (group, name, applicant type or None) -> Coefficient
    """
    found = {}
    for name, entry in content["covariates"].items():
        found["covariate", _label(name), None] = _read(entry["delta"])
    if content.get("shared_effect"):
        found["covariate", "mean of the effects, per SD", None] = _read(content["shared_effect"])
    if content.get("exchange"):
        found["exchange", "", None] = _read(content["exchange"])
    for kind, part in content["types"].items():
        found.update(_of_type(kind, part))
    if content.get("chain"):
        found.update(_of_chain(content["chain"]))
    return found


def _recalibrations(old, new):
    """Yield ((group, name, type), OLD's, NEW's) of the types that either model recalibrates."""
    for kind in sorted(set(old["types"]) & set(new["types"])):
        pair = [content["types"][kind].get("recalibration") for content in (old, new)]
        if pair == [None, None]:
            continue
        for name, identity in UNCALIBRATED.items():
            both = [Coefficient(identity, None, "none") if one is None else Coefficient(one[name]["value"], one[name]["se"], one[name].get("basis", "")) for one in pair]
            yield ("recalibration", name, kind), *both


def _between(a, b):
    """Return the drift between the years of two levels."""
    if a.year is None or b.year is None or a.year == b.year:
        return 0.0
    return sqrt(abs(a.year - b.year) * (a.drift**2 + b.drift**2) / 2)


def coefficient_changes(old, new):
    """Return the changes of what both models have, the largest first.

    What several applicant types share to the last digit is one change.

    Parameters
    ----------
    old, new : dict
        Two model files, as read.

    Returns
    -------
    tuple of Change
    """
    before, after = coefficients(old), coefficients(new)
    pairs = [(key, before[key], after[key]) for key in before if key in after]
    merged = {}
    for (group, name, kind), a, b in (*pairs, *_recalibrations(old, new)):
        same = (group, name, a.value, a.se, b.value, b.se, _between(a, b))
        kinds, bases = merged.setdefault(same, ([], (a.basis, b.basis)))
        kinds.extend([] if kind is None else [kind])
    made = [Change(group, name, tuple(kinds), *_pair(values), *bases, drift) for (group, name, *values, drift), (kinds, bases) in merged.items()]
    return tuple(sorted(made, key=lambda c: c.order))


def _pair(values):
    old, old_se, new, new_se = values
    return old, new, old_se, new_se
