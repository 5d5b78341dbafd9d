"""Every coefficient of two model files side by side, and its change in standard errors.

    size = (new - old) / sqrt((se_old^2 + se_new^2)/2)

The denominator is the root mean square of the two standard errors: that of either model where they agree.
Three others were considered. The root of their sum is the error of a difference of independent estimates; but
two models share most of their sources, so their errors largely cancel in the difference, and it would be
neither that error nor a size that anybody knows: a change as large as both standard errors would be shown as
0.7. OLD's alone gives another size when OLD and NEW are swapped, and none where OLD had no error (a
calibration that is new). The smaller one alarms whenever a table replaces a guess. So the size says how far
the change goes beside what the models themselves call uncertain. It is no test: no p-value belongs to it.

A level is of its table's year. Between tables k years apart the drift that both models put into the range of
a later year is counted: sqrt((se_old^2 + se_new^2)/2 + k*(sd_old^2 + sd_new^2)/2), sd the drift per root
year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot, isfinite, sqrt
from typing import Any, NamedTuple

import numpy as np

from ..covariates import COVARIATES
from ..model.records import Coefficient, Drawn, Draws, ModelRecord, Usual
from ..report.wording import TYPE_NAMES, type_name
from .walk import Path, leaves


class Group(NamedTuple):
    """Coefficients of one kind; `follows` says that others determine them."""

    title: str
    unit: str
    follows: bool


GROUPS = {  # in the order of the model
    "level": Group("Level", "log odds of the average applicant", False),
    "slope": Group("Step 2 CK slope", "log odds per ten points", False),
    "covariate": Group("Covariate effects", "log odds per unit, mean over specialties", False),
    "own_covariate": Group("Covariate effects by specialty", "log odds per unit", False),
    "mean": Group("Means over specialties", "log odds", False),
    "derived": Group("Derived types", "log odds; points of Step 2 CK", False),
    "drift": Group("Drift", "SD of the level per root year, log odds", False),
    "calibration": Group("Calibration", "log odds; 0 and 1 where there is none", False),
    "updated": Group("Levels of other years", "log odds, from your own applicants", False),
    "usual_applications": Group("Usual number of applications", "applications", False),
    "invitation_rate": Group("Mean invitation rate", "invitations per application", False),
    "choice": Group("Choice of programs", "application-weighted over plain mean rate", False),
    "invitations": Group("Invitations at the mean profile", "ratio to what the rates say", False),
    "dispersion": Group("Dispersion of invitations", "of the negative binomial", False),
    "rank_curve": Group("Rank slope", "log odds per ln rank", False),
    "profile_rate": Group("Profile's effect on invitations", "log rate per log odds", False),
    "level_240": Group("Level at Step 2 CK 240", "log odds; follows from others", True),
    "centring": Group("Centring of covariates", "log odds; follows from others", True),
    "other": Group("Other numbers", "as the file has them", False),
}
UNCALIBRATED = {"intercept": 0.0, "slope": 1.0}
_OF_CELL = {"level": "level", "alpha": "level_240", "beta": "slope"}
_OF_CHAIN = {
    "choice": "choice", "usual": "usual_applications", "invitations": "invitations",
    "dispersion": "dispersion", "rank_slope": "rank_curve", "profile_rate": "profile_rate",
}  # fmt: skip
_MEANS = {
    "level_mean": "level", "level_slope": "level per unit of competition", "mean_slope": "Step 2 CK slope",
    "score_shift": "score shift, points", "odds_ratio": "log odds ratio",
}  # fmt: skip


class Key(NamedTuple):
    """Which coefficient: a key of GROUPS, whose it is in words, and the applicant type if it is one's."""

    group: str
    name: str
    kind: str | None


class Value(NamedTuple):
    """What one model has there; `drift` per root year and `year` for levels."""

    value: float
    se: float | None
    basis: str
    drift: float = 0.0
    year: int | None = None


@dataclass(frozen=True)
class Change:
    """One coefficient in OLD and in NEW.

    Attributes
    ----------
    group, name
        A key of GROUPS; specialty, covariate or what else it is of ('' where the group has only one).
    applicant_types
        Those that share it (a derived type has the slopes of the one it is derived from); () where it is of
        all.
    old, new, old_se, new_se, old_basis, new_basis
        A standard error is None where the file has none.
    drift
        Standard deviation of the drift between the years of the two tables; 0 for the same year.
    """

    group: str
    name: str
    applicant_types: tuple[str, ...]
    old: float
    new: float
    old_se: float | None
    new_se: float | None
    old_basis: str
    new_basis: str
    drift: float = 0.0

    def __post_init__(self) -> None:
        numbers = [v for v in (self.old, self.new, self.old_se, self.new_se, self.drift) if v is not None]
        if not all(isfinite(v) for v in numbers) or min(self.old_se or 0, self.new_se or 0, self.drift) < 0:
            raise ValueError(
                f"{self.group}, {self.label}: {numbers} are not a value and a standard error twice"
            )

    @property
    def change(self) -> float:
        """NEW less OLD, in the group's unit."""
        return self.new - self.old

    @property
    def scale(self) -> float | None:
        """What the change is divided by; None where neither model has a standard error."""
        known = [se * se for se in (self.old_se, self.new_se) if se]
        return sqrt(sum(known) / len(known) + self.drift**2) if known else None

    @property
    def size(self) -> float | None:
        """The change in standard errors, with its sign; None where there is no standard error."""
        return None if self.scale is None else self.change / self.scale

    @property
    def moved(self) -> bool:
        """Whether value, standard error or basis differ."""
        return bool(self.change) or self.old_se != self.new_se or self.old_basis != self.new_basis

    @property
    def label(self) -> str:
        """Whose coefficient it is, in words."""
        both = set(self.applicant_types) == set(TYPE_NAMES)
        kinds = "IMGs" if both else " and ".join(type_name(kind, True) for kind in self.applicant_types)
        return ", ".join(part for part in (self.name, kinds) if part) or GROUPS[self.group].title.casefold()

    @property
    def order(self) -> tuple[bool, float, str]:
        """Sorting by it puts the largest first, those without a standard error last."""
        return (self.size is None, -abs(self.change if self.size is None else self.size), self.label)

    def to_dict(self) -> dict[str, Any]:
        """Return plain texts and numbers, as `--json` prints them."""
        return {
            "group": self.group, "name": self.name, "applicant_types": list(self.applicant_types),
            "old": self.old, "new": self.new, "old_se": self.old_se, "new_se": self.new_se,
            "old_basis": self.old_basis, "new_basis": self.new_basis, "drift": self.drift,
            "change": self.change, "scale": self.scale, "standard_errors": self.size,
        }  # fmt: skip


def covariate_label(name: str) -> str:
    """Return a covariate as a sentence has it."""
    return COVARIATES[name].label if name in COVARIATES else name


def key_of(path: Path) -> Key:
    """Return which coefficient stands at a path of the records."""
    match path:
        case ("types", kind, "cells", specialty, "kappa", name):
            return Key("centring", f"{specialty}: {covariate_label(name)}", kind)
        case ("types", kind, "cells", specialty, "drift"):
            return Key("drift", specialty, kind)
        case ("types", kind, "cells", specialty, "chain", "rates", "mean"):
            return Key("invitation_rate", specialty, kind)
        case ("types", kind, "cells", specialty, "chain", part) if part in _OF_CHAIN:
            return Key(_OF_CHAIN[part], specialty, kind)
        case ("types", kind, "cells", specialty, part) if part in _OF_CELL:
            return Key(_OF_CELL[part], specialty, kind)
        case ("types", kind, "drift", _):
            return Key("drift", "", kind)
        case ("types", kind, "calibration", part):
            return Key("calibration", part, kind)
        case ("types", kind, "score_shift" | "odds_ratio" as part):
            return Key("derived", _MEANS[part], kind)
        case ("types", kind, part) if part in _MEANS:
            return Key("mean", _MEANS[part], kind)
        case ("effects", name, "mean"):
            return Key("covariate", covariate_label(name), None)
        case ("effects", name, "specialties", specialty):
            return Key("own_covariate", f"{covariate_label(name)}, {specialty}", None)
        case ("updated", "shifts", _):
            return Key("updated", "", None)
    return Key("other", ".".join(map(str, path)), None)


def is_coefficient(path: Path, leaf: Any) -> bool:
    """Whether what stands at a path is compared as a coefficient."""
    return isinstance(leaf, (Coefficient, Drawn, Usual, Draws)) or path[-1] == "sd_per_year"


def _value(path: Path, leaf: Any) -> Value:
    if isinstance(leaf, Usual):
        return Value(leaf.value, float(leaf.draws.array.std()), leaf.basis)
    if isinstance(leaf, Draws):  # of a specialty's own drift: its spread is the number
        return Value(float(np.sqrt(np.mean(leaf.array**2))), None, "")
    if isinstance(leaf, (Coefficient, Drawn)):
        return Value(leaf.value, leaf.se, leaf.basis)
    return Value(float(leaf), None, "")


def coefficients(record: ModelRecord) -> dict[Key, Value]:
    """Return every coefficient of a model."""
    values: dict[Key, Value] = {}
    for path, leaf in leaves(record):
        if not is_coefficient(path, leaf):
            continue
        key, value = key_of(path), _value(path, leaf)
        if key.group in ("level", "level_240") and key.kind is not None:
            drift = record.types[key.kind].drift
            sd = 0.0 if drift is None else hypot(drift.sd_per_year, drift.own_sd_per_year)
            value = value._replace(drift=sd, year=record.types[key.kind].year)
        if path[0] == "updated":
            note = leaf.notes[0].fields if leaf.notes else {}
            key = Key("updated", str(note.get("cycle", path[-1])), note.get("applicant_type"))
        elif path[:1] == ("types",) and path[2:3] == ("drift",) and path[-1] != "sd_per_year":
            continue  # the draws of what sd_per_year says
        values[key] = value
    return values


def _calibrations(old: ModelRecord, new: ModelRecord) -> Iterator[tuple[Key, Value, Value]]:
    """Yield (key, OLD's, NEW's) of the types that one of the models alone calibrates."""
    for kind in sorted(old.types.keys() & new.types.keys()):
        pair = [record.types[kind].calibration for record in (old, new)]
        if (pair[0] is None) == (pair[1] is None):
            continue
        for name, identity in UNCALIBRATED.items():
            both = []
            for one in pair:
                entry = None if one is None else getattr(one, name)
                both.append(
                    Value(identity, None, "none")
                    if entry is None
                    else Value(entry.value, entry.se, entry.basis)
                )
            yield Key("calibration", name, kind), both[0], both[1]


class Shared(NamedTuple):
    """What a change is the same by in several applicant types; `bases` where OLD's and NEW's differ."""

    group: str
    name: str
    old: float
    old_se: float | None
    new: float
    new_se: float | None
    bases: tuple[str, str] | None
    drift: float


def _between(a: Value, b: Value) -> float:
    """Return the drift between the years of two levels."""
    if a.year is None or b.year is None or a.year == b.year:
        return 0.0
    return sqrt(abs(a.year - b.year) * (a.drift**2 + b.drift**2) / 2)


def coefficient_changes(old: ModelRecord, new: ModelRecord) -> tuple[Change, ...]:
    """Return the changes of what both models have, the largest first.

    What several applicant types share to the last digit is one change.
    """
    before, after = coefficients(old), coefficients(new)
    pairs = [(key, before[key], after[key]) for key in before if key in after]
    merged: dict[Shared, tuple[list[str], Value, Value]] = {}
    for key, a, b in (*pairs, *_calibrations(old, new)):
        # types may have other bases for one number
        bases = None if a.basis == b.basis else (a.basis, b.basis)
        same = Shared(key.group, key.name, a.value, a.se, b.value, b.se, bases, _between(a, b))
        kinds, _, _ = merged.setdefault(same, ([], a, b))
        if key.kind is not None:
            kinds.append(key.kind)
    changes = [
        Change(of.group, of.name, tuple(kinds), a.value, b.value, a.se, b.se, a.basis, b.basis, of.drift)
        for of, (kinds, a, b) in merged.items()
    ]
    return tuple(sorted(changes, key=lambda c: c.order))
