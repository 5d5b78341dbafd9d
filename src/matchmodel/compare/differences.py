"""What came and went between two model files, and what else differs: sources, settings, and the rest by kind."""

from dataclasses import asdict, dataclass

from ..wording import type_name

HEADER = ("schema", "newest_table", "draw_count")
ELSEWHERE = ("kind", "name", "sources", "settings", *HEADER)  # told by themselves
LISTED_APART = ("types", "cells", "specialties", "covariates", "effects", "reference", "kappa")  # what they lack is told as come or gone
TOLD = ("chain", "drift", "exchange", "odds_ratio_mean", "recalibration", "score_shift", "shared_effect")  # likewise, where one model has none
KINDS = {  # key on a leaf's path -> what it is a part of, the first that fits
    "advice": "figures for advice", "reference": "reference populations", "published": "published counts", "fees": "fees", "exam": "passing marks", "rows": "rows of evidence",
    "unused": "list of what is unused", "anywhere": "rates of matching anywhere", "preferred_rate": "rates of matching to the preferred specialty", "chain": "applications chain, other parts",
}
NOT_COLLECTED = {"advice", "cross_validated", "draws", "log_rate", "norm", "norms", "own"}  # their numbers are no coefficients
ABSENT = object()


@dataclass(frozen=True)
class CameOrWent:
    """Something that only one of the models has.

    Attributes
    ----------
    what : str
        'applicant type', 'specialty', 'covariate', ...
    name : str
    came : bool
        Whether only NEW has it; else only OLD.
    answers : bool
        Whether its going leaves somebody without an answer, which no number of points can say. Not so a covariate: it
        drops out, and the applicants show what that does.
    """

    what: str
    name: str
    came: bool
    answers: bool

    @property
    def lost(self):
        """Whether OLD answered with it and NEW does not."""
        return self.answers and not self.came

    @property
    def words(self):
        """What it is and which way it went."""
        return f"{'came' if self.came else 'went'}: {self.what}{' ' if self.name else ''}{self.name}"


@dataclass(frozen=True)
class OtherContent:
    """A source under the same id whose files are others."""

    id: str
    old_sha256: str
    new_sha256: str


@dataclass(frozen=True)
class Setting:
    """A setting that differs; None where a model lacks it."""

    name: str
    old: object
    new: object


def _only(what, old, new, answers, say=str):
    made = [(name, False) for name in old if name not in new] + [(name, True) for name in new if name not in old]
    return [CameOrWent(what, say(name), came, answers) for name, came in made]


def _chain_types(content):
    return {} if not content.get("chain") else content["chain"]["types"]


def came_and_went(old, new):
    """Return what only one of two model files has, the larger things first; the parts of what is gone are not listed again.

    Parameters
    ----------
    old, new : dict

    Returns
    -------
    tuple of CameOrWent
    """
    kinds = [kind for kind in old["types"] if kind in new["types"]]
    found = _only("applicant type", old["types"], new["types"], True, lambda kind: type_name(kind, True))
    for kind in kinds:
        a, b, people = old["types"][kind], new["types"][kind], type_name(kind, True)
        found += _only(f"specialty of {people}", a["cells"], b["cells"], True)
    found += _only("covariate", old["covariates"], new["covariates"], False)
    for kind in kinds:
        a, b, people = old["types"][kind], new["types"][kind], type_name(kind, True)
        shared = [[name for name in one["reference"] if name in old["covariates"] and name in new["covariates"]] for one in (a, b)]
        found += _only(f"covariate of {people}", *shared, False)
        for key, what in (("drift", "drift"), ("recalibration", "recalibration"), ("score_shift", "score shift"), ("odds_ratio_mean", "log odds ratio")):
            found += _only(f"{what} of {people}", *([""] if one.get(key) else [] for one in (a, b)), False)
    for key, what in (("exchange", "exchange rate"), ("shared_effect", "mean of the effects")):
        found += _only(what, *([""] if one.get(key) else [] for one in (old, new)), False)
    chains = [_chain_types(one) for one in (old, new)]
    if not all(one.get("chain") for one in (old, new)):
        found += _only("applications chain", *([""] if one.get("chain") else [] for one in (old, new)), True)
    else:
        found += _only("applications chain of", *([k for k in chain if k in kinds] for chain in chains), True, lambda kind: type_name(kind, True))
        for kind in kinds:
            if all(kind in chain for chain in chains):
                apart = [[s for s in chain[kind]["specialties"] if s in old["types"][kind]["cells"] and s in new["types"][kind]["cells"]] for chain in chains]
                found += _only(f"applications chain of {type_name(kind, True)} in", *apart, True)
        found += _only("effect on invitations of", old["chain"]["effects"], new["chain"]["effects"], False)
    ids = [[source["id"] for source in one["sources"]] for one in (old, new)]
    return (*found, *_only("source", *ids, False))


def other_contents(old, new):
    """Return the sources that both models name and whose files differ."""
    before, after = ({source["id"]: source.get("sha256", "") for source in one["sources"]} for one in (old, new))
    return tuple(OtherContent(i, before[i], after[i]) for i in before if i in after and before[i] != after[i])


def shared_sources(old, new):
    """Return how many sources both models have with the same content."""
    before, after = ({(source["id"], source.get("sha256", "")) for source in one["sources"]} for one in (old, new))
    return len(before & after)


def _flat(content, path=()):
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _flat(value, (*path, key))
    else:
        yield ".".join(path), content


def settings_differences(old, new):
    """Return the settings that differ, with schema, year and number of draws."""
    before, after = (dict(_flat({**{key: one.get(key) for key in HEADER}, **one.get("settings", {})})) for one in (old, new))
    return tuple(Setting(name, before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name))


def _leaves(old, new, path=()):
    """Yield the path of every leaf that differs; what stands in only one model counts once."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            a, b = old.get(key, ABSENT), new.get(key, ABSENT)
            if not path and key in ELSEWHERE:
                continue
            if any(v is None or v is ABSENT for v in (a, b)) and (key in TOLD or path and path[-1] in LISTED_APART):
                continue
            yield from _leaves(a, b, (*path, key))
    elif old is not new and old != new:
        yield path


def _collected(path):
    """Whether `coefficients` has the leaf."""
    return not NOT_COLLECTED & set(path) and (path[-1] in ("value", "se", "sd_per_year") or "kappa" in path)


def _kind(path):
    """Return the kind of thing a leaf is, in words."""
    if "draws" in path or path[-1].endswith("draws"):
        return "draws"
    if path[-1] in ("note", "source", "basis", "about") and path[0] != "advice":
        return "notes, sources and bases"
    for key, words in KINDS.items():
        if key in path:
            return words
    if path[0] == "types":
        return "scores of populations" if path[-1].startswith("score_") or "score_seen" in path else f"applicant types, {path[-1]}"
    return path[0]


def other_differences(old, new):
    """Return how many values differ beside coefficients, sources and settings, as {kind in words: count}, the most first."""
    found = {}
    for path in _leaves(old, new):
        if not _collected(path):
            found[_kind(path)] = found.get(_kind(path), 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def as_dicts(things):
    """Return frozen things as plain dicts."""
    return [asdict(thing) for thing in things]
