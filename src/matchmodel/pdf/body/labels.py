"""The words left of the figures: which specialty, which cohort, which bin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...etl.kinds import MEASURES, read_measure
from ...specialty import SPECIALTIES, known_specialty
from ...tabular.cells import CellFault, is_total, key, tidy_text, without_marks
from ..page.tokens import is_bin

MATCHED, NOT_MATCHED = "Matched", "Not Matched"
_REST = (
    r"(?:\s+(?:to|in|into)\s+(?:an?\s+|the\s+|their\s+)?(?:preferred|first[- ]choice|chosen)\s+specialty)?"
    r"(?:\s+(?:applicants?|group|cohort))?(?:\s*\(?n\s*=\s*[\d,]+\)?)?"
)
_WHO = (
    r"(?:(?:non-?\s?)?u\.?s\.?\s+(?:citizen\s+)?imgs?\s+)?(?:applicants?\s+)?(?:who\s+)?"  # 'U.S. IMGs who'
)
_NOT = re.compile(
    _WHO + r"(?:(?:did\s+)?not[- ]match(?:ed)?|unmatched|non-?\s?matched|no\s+match)" + _REST,
    re.IGNORECASE,
)
_YES = re.compile(_WHO + r"(?:did\s+match|match(?:ed)?)" + _REST, re.IGNORECASE)
_CONTINUED = re.compile(r"\s*[(\[,–-]?\s*\b(?:continued|cont\.?'?d?|contd)\.?\s*[)\]]?\s*$", re.IGNORECASE)
_HANGING = re.compile(r"(?:[/&(,–-]|\band|\bof)$", re.IGNORECASE)
_UNKNOWN = re.compile(r"(?:^|\s)(unknown|missing|not reported|no score)$", re.IGNORECASE)

_SPELLED = {spelling.casefold() for name, others in SPECIALTIES.items() for spelling in (name, *others)}


_BESIDE = re.compile(r"\b(?:means?|median|average|number of|usmle|scores?|total)\b|\(.*?\)", re.IGNORECASE)


@dataclass(frozen=True)
class Label:
    """What stands left of a row's figures.

    Attributes
    ----------
    name
        The specialty as printed, or a part of it where it is wrapped; empty where there is none.
    cohort
        ``Matched``, ``Not Matched`` or empty.
    bin
        A bin in words ('Unknown'), or empty.
    known
        Whether it was understood: a specialty of the list, a total, a cohort or a bin, and nothing else.
    """

    name: str
    cohort: str = ""
    bin: str = ""
    known: bool = False


def cohort_of(text: str) -> str:
    """Return ``Matched``, ``Not Matched`` or an empty text for what is neither."""
    bare = without_marks(text).strip(" :")
    if _NOT.fullmatch(bare):
        return NOT_MATCHED
    return MATCHED if _YES.fullmatch(bare) else ""


def cohort_in(title: str) -> str:
    """Return the one cohort that a title speaks of, or an empty text."""
    without = re.sub(
        r"\b(?:did\s+not\s+match|not[- ]matched|unmatched|non-?matched)\b", "", title, flags=re.IGNORECASE
    )
    negative = without != title
    positive = re.search(r"\b(?:matched|who match)\b", without, re.IGNORECASE) is not None
    return "" if negative == positive else NOT_MATCHED if negative else MATCHED


def plain_name(text: str) -> str:
    """Return a printed name without marks and without '(continued)'."""
    return _CONTINUED.sub("", without_marks(text)).strip()


@lru_cache(maxsize=20_000)
def specialty_of(text: str) -> str | None:
    """Return the canonical specialty of a printed name, ``All`` for a total, or None."""
    bare = plain_name(text)
    if not bare or _HANGING.search(bare) or bare[0] in "/&)-–":
        return None
    if is_total(bare):
        return "All"
    return known_specialty(bare)


def measure_of(text: str) -> str:
    """Return the measure that words name, as ``step2_ck`` of 'Mean Step 2 CK score', or an empty text."""
    bare = key(_BESIDE.sub(" ", text))
    for name, (printed, *_) in MEASURES.items():
        if bare in (key(name), key(_BESIDE.sub(" ", printed))):
            return name
    try:
        return read_measure(_BESIDE.sub(" ", text).strip())
    except CellFault:
        return ""


def read_label(text: str) -> Label:
    """Read the words left of a row's figures.

    Parameters
    ----------
    text
        As printed.

    Returns
    -------
    Label
    """
    words = tidy_text(text).split()
    if not words:
        return Label("")
    found = _UNKNOWN.search(tidy_text(text))
    if found:
        rest = tidy_text(text)[: found.start()]
        return Label(plain_name(rest), "", found[1], not rest or specialty_of(rest) is not None)
    for i in range(len(words)):  # the longest cohort at the end
        cohort, rest = cohort_of(" ".join(words[i:])), " ".join(words[:i])
        if cohort and not re.search(r"\bwho$", rest):
            known = not rest or specialty_of(rest) is not None or bool(measure_of(rest))
            return Label(plain_name(rest), cohort, "", known)
    for i in range(len(words) - 1, 0, -1):  # or at the start
        rest = " ".join(words[i:])
        if cohort_of(" ".join(words[:i])) and specialty_of(rest):
            return Label(plain_name(rest), cohort_of(" ".join(words[:i])), "", True)
    whole = " ".join(words)
    if is_bin(whole) and any(ch.isdigit() for ch in whole):
        return Label("", "", whole, True)
    return Label(plain_name(whole), "", "", specialty_of(whole) is not None)


def join_names(pieces: Sequence[str]) -> str:
    """Join the parts of a wrapped name.

    Parameters
    ----------
    pieces
        From top to bottom.

    Returns
    -------
    str
        One name: no space after a slash or a hyphen that ends a line, and a hyphen inside a word goes.
    """
    whole = ""
    for piece in filter(None, pieces):
        if whole.endswith("-") and piece[0].islower() and whole[-2:-1].islower():
            whole = whole[:-1] + piece
        elif whole.endswith(("/", "-")) or piece.startswith(("/", "-")):
            whole += piece
        else:
            whole = f"{whole} {piece}".strip()
    pieces = [piece for piece in pieces if piece]
    for i in range(1, len(pieces)):  # a narrow column may part a word: 'Radiology-Diagnosti' over 'c'
        glued = " ".join(pieces[:i]) + " ".join(pieces[i:])
        if plain_name(whole).casefold() not in _SPELLED and plain_name(glued).casefold() in _SPELLED:
            return glued
    return whole
