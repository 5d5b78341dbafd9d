"""What came and went between two models, and what else differs: trust, sources, settings, the rest."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ..model.records import Coefficient, Drawn, Draws, ModelRecord, Usual
from ..report.wording import type_name
from .coefficients import covariate_label, is_coefficient
from .walk import Path, differing, only_in_one

HEADER = ("schema", "newest_table", "draw_count")
TRUST_KIND = ("trust", "kind")
TOLD_APART = ("kind", "name", "signed", "sources", "settings", *HEADER)
PARTS = {  # what a type or a cell may lack -> in words
    "drift": "drift", "calibration": "calibration", "score_shift": "score shift",
    "odds_ratio": "log odds ratio", "level_slope": "level per unit of competition",
    "stand_in": "stand-in table", "anywhere": "rate of matching anywhere",
    "preferred_rate": "rate of matching to the preferred specialty",
}  # fmt: skip
KINDS = (  # a name on a leaf's path -> what it is a part of, the first that fits
    ("advice", "figures for advice"), ("reference", "reference populations"),
    ("published", "published counts"), ("fees", "fees"), ("passing_marks", "passing marks"),
    ("rows", "rows of evidence"), ("prior", "priors of effects"), ("trust", "reasons for trust"),
    ("unused", "list of what is unused"), ("left_out", "what was left out of training"),
    ("anywhere", "rates of matching anywhere"),
    ("preferred_rate", "rates of matching to the preferred specialty"),
    ("chain", "applications chain, other parts"), ("updated", "what the update says of itself"),
    ("own_rows", "rows of your own that it learnt from"),
)  # fmt: skip


@dataclass(frozen=True)
class CameOrWent:
    """Something that only one of the models has.

    Attributes
    ----------
    what, name
        'applicant type', 'specialty of non-US IMGs', 'covariate', ...; which.
    came
        Whether only NEW has it; else only OLD.
    answers
        Whether its going leaves somebody without an answer, which no number of points can say. Not so a
        covariate: it drops out, and the applicants show what that does.
    """

    what: str
    name: str
    came: bool
    answers: bool

    @property
    def lost(self) -> bool:
        """Whether OLD answered with it and NEW does not."""
        return self.answers and not self.came

    @property
    def words(self) -> str:
        """What it is and which way it went."""
        return f"{'came' if self.came else 'went'}: {self.what}{' ' if self.name else ''}{self.name}"


@dataclass(frozen=True)
class TrustChange:
    """A specialty that is trusted in another way: 'ok', 'grey' or 'withheld'."""

    specialty: str
    applicant_type: str
    old: str
    new: str

    @property
    def lost(self) -> bool:
        """Whether OLD gave a number and NEW does not."""
        return self.new == "withheld"


@dataclass(frozen=True)
class OtherEntry:
    """A source under the same id that is described in another way: the parts that differ."""

    id: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """A setting that differs; None where a model lacks it."""

    name: str
    old: Any
    new: Any


def _named(path: Path, came: bool) -> CameOrWent | None:
    """Return what has come or gone at a path, None for what is counted elsewhere."""
    match path:
        case ("types", kind):
            return CameOrWent("applicant type", type_name(kind, True), came, True)
        case ("types", kind, "cells", specialty):
            return CameOrWent(f"specialty of {type_name(kind, True)}", specialty, came, True)
        case ("types", kind, "cells", specialty, "chain"):
            return CameOrWent(f"applications chain of {type_name(kind, True)} in", specialty, came, True)
        case ("types", kind, "cells", specialty, "chain", "usual"):
            return CameOrWent(
                f"usual number of applications of {type_name(kind, True)} in", specialty, came, False
            )
        case ("types", kind, "reference", name):
            return CameOrWent(f"covariate of {type_name(kind, True)}", covariate_label(name), came, False)
        case ("types", kind, part) if part in PARTS:
            return CameOrWent(f"{PARTS[part]} of {type_name(kind, True)}", "", came, False)
        case ("effects", name):
            return CameOrWent("covariate", covariate_label(name), came, False)
        case ("effects", name, "specialties", specialty):
            return CameOrWent(f"effect of {covariate_label(name)} in", specialty, came, False)
        case ("left_out",):
            return CameOrWent("what was left out of training on purpose", "", came, False)
        case ("updated",):
            return CameOrWent("update with your own applicants", "", came, False)
    return None


def came_and_went(old: ModelRecord, new: ModelRecord) -> tuple[CameOrWent, ...]:
    """Return what only one of two models has, answers first; parts of what is gone are not listed again."""
    paths = list(only_in_one(old, new))
    # an effect's specialties come and go with the specialties themselves, and its reference with the effect
    specialties = {path[3] for path, _ in paths if len(path) == 4 and path[2] == "cells"}
    effects = {path[1] for path, _ in paths if len(path) == 2 and path[0] == "effects"}
    changes = [
        one
        for path, came in paths
        if (one := _named(path, came)) is not None
        and not (len(path) == 4 and path[2] == "specialties" and path[3] in specialties)
        and not (len(path) == 4 and path[2] == "reference" and path[3] in effects)
    ]
    ids = [[source.id for source in record.sources] for record in (old, new)]
    changes += [CameOrWent("source", i, False, False) for i in ids[0] if i not in ids[1]]
    changes += [CameOrWent("source", i, True, False) for i in ids[1] if i not in ids[0]]
    return tuple(sorted(changes, key=lambda one: not one.answers))


def trust_changes(old: ModelRecord, new: ModelRecord) -> tuple[TrustChange, ...]:
    """Return the specialties of both models whose trust differs, those without a number any more first."""
    changes = []
    for kind in old.types.keys() & new.types.keys():
        a, b = old.types[kind].cells, new.types[kind].cells
        changes += [
            TrustChange(s, kind, a[s].trust.kind, b[s].trust.kind)
            for s in a if s in b and a[s].trust.kind != b[s].trust.kind
        ]  # fmt: skip
    return tuple(sorted(changes, key=lambda one: (not one.lost, one.applicant_type, one.specialty)))


def _sources(record: ModelRecord) -> dict[str, Any]:
    return {source.id: source for source in record.sources}


def other_entries(old: ModelRecord, new: ModelRecord) -> tuple[OtherEntry, ...]:
    """Return the sources that both models name and describe differently."""
    before, after = _sources(old), _sources(new)
    pairs = [(i, asdict(before[i]), asdict(after[i])) for i in before if i in after and before[i] != after[i]]
    return tuple(OtherEntry(i, tuple(name for name in a if a[name] != b[name])) for i, a, b in pairs)


def shared_sources(old: ModelRecord, new: ModelRecord) -> int:
    """Return how many sources both models have and describe alike."""
    before, after = _sources(old), _sources(new)
    return sum(i in after and after[i] == source for i, source in before.items())


def _flat(record: ModelRecord) -> dict[str, Any]:
    settings = asdict(record.settings)
    priors = settings.pop("priors")
    header = {name: getattr(record, name) for name in HEADER}
    return header | settings | {f"priors.{name}": value for name, value in priors.items()}


def settings_differences(old: ModelRecord, new: ModelRecord) -> tuple[Setting, ...]:
    """Return the settings that differ, with schema, year and number of draws."""
    before, after = _flat(old), _flat(new)
    names = dict.fromkeys((*before, *after))
    return tuple(Setting(n, before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n))


def _kind(path: Path) -> str:
    """Return the kind of thing a leaf is, in words."""
    for name, words in KINDS:
        if name in path:
            return words
    if path[0] == "types" and "cells" in path:
        return "scores of populations" if str(path[4]).startswith("score_") else f"cells, {path[4]}"
    return f"applicant types, {path[2]}" if path[0] == "types" else str(path[0])


def _others(path: Path, old: Any, new: Any) -> Iterator[str]:
    """Yield the kinds of what differs at a leaf beside a coefficient's value, standard error and basis."""
    if not is_coefficient(path, old):
        yield _kind(path)
    elif isinstance(old, Draws):
        yield "draws"
    elif isinstance(old, (Coefficient, Drawn, Usual)):
        if not isinstance(old, Coefficient) and old.draws != new.draws:
            yield "draws"
        parts = ("low", "high", "source") if isinstance(old, Usual) else ("source", "notes")
        if any(getattr(old, name) != getattr(new, name) for name in parts):
            yield "notes, sources and ranges of coefficients"


def other_differences(old: ModelRecord, new: ModelRecord) -> dict[str, int]:
    """Return how many values differ beside what is told by itself, by kind, the most first."""
    counts: dict[str, int] = {}
    counted = [
        (path, a, b)
        for path, a, b in differing(old, new)
        if path[0] not in TOLD_APART and path[-2:] != TRUST_KIND
    ]
    kinds = [kind for path, a, b in counted for kind in _others(path, a, b)]
    lacking = (path for path, _ in only_in_one(old, new) if path[0] not in TOLD_APART)
    kinds += [_kind(path) for path in lacking if _named(path, True) is None]
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def as_dicts(things: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return frozen things as plain dicts."""
    return [asdict(thing) for thing in things]
