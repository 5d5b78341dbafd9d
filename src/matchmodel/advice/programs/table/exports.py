"""Headers and cells of tables that people make for themselves from a page of programs, read as our columns.

No export is in the repository, for its terms allow none. The names below follow what such pages call their
columns, and are tested on made-up files alone: a header that means nothing here is carried along, for wishes.
"""

import re
from collections.abc import Mapping

from ....tabular.cells import is_unknown

UNKNOWN = frozenset({"not provided", "not specified", "no data"})  # beside what every table calls unknown
NO_LIMITS = frozenset({"none", "no limit", "no minimum", "no cutoff", "no cut-off", "not required"})
VISAS, LOCATION = "visas", "location"  # columns that say more than one of ours, or one in other words
_LIKELY: Mapping[str, tuple[str, ...]] = {  # our column -> keys of likely headers, without 'percent'
    "program": (
        "residencyprogram", "programtitle", "nameofprogram", "residencyprogramname", "institution",
        "institutionname", "sponsoringinstitution", "hospital",
    ),
    "id": (
        "acgmeid", "acgmeprogramid", "acgmecode", "acgmenumber", "acgmeprogramcode", "programcode",
        "programnumber", "freidaid", "nrmpcode", "nrmpprogramcode",
    ),
    "specialty": ("specialtyname", "programspecialty", "specialtytrack"),
    "state": ("programstate", "stateprovince", "stateorprovince", "stateterritory"),
    "setting": ("programtype", "programsetting", "typeofprogram", "hospitaltype", "programdescription"),
    "img_share": (
        "img", "imgs", "imgresidents", "residentsimg", "residentswhoareimgs", "imgsinprogram", "ofimgs",
        "internationalmedicalgraduates", "currentresidentsimg",
    ),
    "invitation_rate_us_img": (
        "usimginvited", "usimgsinvited", "ofusimgsinvited", "invitedusimg", "usimginvitationrate",
        "usimginterviewrate", "usimginterviewed", "usimginterviewinvitations",
    ),
    "invitation_rate_non_us_img": (
        "nonusimginvited", "nonusimgsinvited", "ofnonusimgsinvited", "invitednonusimg",
        "nonusimginvitationrate", "nonusimginterviewrate", "nonusimginterviewed",
        "nonusimginterviewinvitations",
    ),
    "applicants_us_img": ("usimgapplicants", "usimgapplications", "usimgsapplied"),
    "applicants_non_us_img": ("nonusimgapplicants", "nonusimgapplications", "nonusimgsapplied"),
    "step2_cutoff": (
        "minimumstep2ckscore", "minimumstep2score", "minimumusmlestep2score", "minimumusmlestep2ckscore",
        "step2minimum", "step2ckminimum", "step2ckcutoff", "minstep2ck", "step2minimumscore",
    ),
    "attempts_accepted": ("maximumattempts", "attemptsallowed", "usmleattempts", "maxattempts"),
    "years_since_graduation_accepted": (
        "yearssincegraduation", "maximumyearssincegraduation", "graduationcutoff", "yogcutoff",
        "yearsaftergraduation", "timesincegraduation",
    ),
    "usce_asked_months": ("usceasked", "uscemonths", "uscerequiredmonths", "minimumuscemonths"),
    "sponsors_j1": ("j1", "j1visa", "j1sponsored", "sponsorsj1visa"),
    "sponsors_h1b": ("h1b", "h1bvisa", "h1bsponsored", "sponsorsh1bvisa"),
    "accepts_imgs": ("imgfriendly", "imgsaccepted", "acceptsimg", "takesimgs"),
    "signals": ("programsignals", "signaling", "participatesinsignaling", "acceptssignals"),
    VISAS: (
        "visas", "visastatus", "visastatusaccepted", "visasaccepted", "visatypes", "visasponsorship",
        "visassponsored", "acceptedvisas", "visatypesaccepted",
    ),
    LOCATION: ("location", "citystate", "citystatezip", "programlocation", "address"),
}  # fmt: skip
_BY_KEY = {key: name for name, keys in _LIKELY.items() for key in keys}
_PERCENT = re.compile(r"(percentage|percent|pct)(of)?")
_UNIT = re.compile(r"\s*(years?|yrs?|months?|mos?)\.?$", re.IGNORECASE)
_ZIP = re.compile(r"[\s,]*\d{5}(-\d{4})?$")


def likely(key: str) -> tuple[str | None, bool]:
    """Return which column a header of an export may mean, None where none, and whether it is in percent.

    Parameters
    ----------
    key
        Of the header, in which 'pct' stands for a percent sign.
    """
    bare = _PERCENT.sub("", key)
    return _BY_KEY.get(bare), bare != key


def unknown(cell: str) -> bool:
    """Return whether a cell says that something is not known."""
    return is_unknown(cell) or cell.casefold() in UNKNOWN


def bare_number(text: str) -> str:
    """Return the text of a number without its unit: '5 years' -> '5'."""
    return _UNIT.sub("", text)


def visas(cell: str) -> dict[str, bool]:
    """Return which visas a cell such as 'J-1, H-1B' says are sponsored; nothing where it is silent."""
    key = "".join(ch for ch in cell.casefold() if ch.isalnum())
    found = {"sponsors_j1": "j1" in key, "sponsors_h1b": "h1" in key}
    silent = not any(found.values()) and key not in ("no", "none", "novisas", "nosponsorship", "notsponsored")
    return {} if silent else found


def state(cell: str) -> str | None:
    """Return the state of a place such as 'Bronx, NY 10467'."""
    before, comma, last = _ZIP.sub("", cell).rpartition(",")
    return last.strip() or None if comma and before.strip() else None
