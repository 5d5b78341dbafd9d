"""Columns that are made of others: texts of a table are read here, once, and nowhere after it."""

import re
from collections.abc import Callable, Mapping

from ..tabular.cells import CellFault, Value
from .kinds import read_specialty
from .words import IMG_SPELLINGS, adjusts_for_score

_BAND = re.compile(
    r"(?P<kind>us-img|non-us-img) at programs with "
    r"(?:under (?P<under>\d+)|(?P<low>\d+)-(?P<high>\d+)|(?P<over>\d+)) ?% (?:or more )?IMG residents",
    re.IGNORECASE,
)
_SIGNAL = re.compile(r"signal (?P<no>not )?sent\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\((?P<name>.*)\)$")
_OF_GROUPS = ("applicant_type", "img_share_low", "img_share_high", "signal_sent")
Row = Mapping[str, Value]


def _effects(row: Row) -> dict[str, Value]:
    return {"score_adjusted": adjusts_for_score(str(row.get("adjusted_for") or ""))}


def _groups(row: Row) -> dict[str, Value]:
    """Read 'non-us-img at programs with 10-25% IMG residents', 'signal sent' and 'signal not sent'."""
    text = str(row.get("group") or "")
    band, signal = _BAND.search(text), _SIGNAL.match(text)
    made: dict[str, Value] = dict.fromkeys(_OF_GROUPS)
    if band:
        made["applicant_type"] = IMG_SPELLINGS[band["kind"].casefold()]
        made["img_share_low"] = 0.0 if band["under"] else float(band["low"] or band["over"]) / 100
        made["img_share_high"] = float(band["under"] or band["high"] or 100) / 100
    if signal:
        made["signal_sent"] = "no" if signal["no"] else "yes"
    return made


def _fees(row: Row) -> dict[str, Value]:
    """What a fee is for, and whose: NRMP's steps count ranks, the others applications; the rest is paid once.

    'ResidencyCAS (emergency medicine)' is the service of that specialty alone.
    """
    service = str(row.get("service") or "")
    if row.get("from_program") is None:
        return {"charged_for": "once", "specialty": None}
    if service.startswith("NRMP"):
        return {"charged_for": "rank", "specialty": None}
    named = _BRACKETS.search(service)  # from the first bracket: a specialty may have some of its own
    return {"charged_for": "application", "specialty": read_specialty(named["name"]) if named else None}


_MAKERS: dict[str, Callable[[Row], dict[str, Value]]] = {
    "effects": _effects,
    "invitation_groups": _groups,
    "fees": _fees,
}


def derived(layout: str, row: Row) -> dict[str, Value]:
    """Return the columns that a layout makes of a row's others; an empty dict where it makes none.

    Raises
    ------
    CellFault
        Where a service names a specialty that is in no list.
    """
    return _MAKERS[layout](row) if layout in _MAKERS else {}


def sound(layout: str, row: Row) -> bool:
    """Say whether a tidy row's made columns are what its others say."""
    blank = {name: None if value == "" or value != value else value for name, value in row.items()}
    try:
        return all(blank.get(name) == value for name, value in derived(layout, blank).items())
    except CellFault:
        return False
