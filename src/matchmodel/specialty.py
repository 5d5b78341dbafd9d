"""The one list of specialty names, their aliases, and the nearest ones to a misspelt name.

Standard library only: this module is on the path of ``predict``.
"""

from collections.abc import Iterable

from .errors import UnknownSpecialty, clipped
from .no_data import why_no_specialty

# canonical name -> other spellings met in reports; case, spaces, hyphens, '&' and a
# trailing '(Categorical)' are dealt with in `_key` and need no entry here.
SPECIALTIES: dict[str, tuple[str, ...]] = {
    "Anesthesiology": ("Anaesthesiology", "Anesthesia"),
    "Child Neurology": ("Neurology-Child", "Pediatric Neurology", "Child Neurology (Neurology)"),
    "Dermatology": (),
    "Diagnostic Radiology": ("Radiology-Diagnostic", "Radiology"),
    "Emergency Medicine": ("EM",),
    "Family Medicine": ("FM", "Family Practice"),
    "General Surgery": ("Surgery-General", "Surgery", "Surgery (Categorical)"),
    "Internal Medicine": ("IM", "Medicine (Categorical)", "Medicine-Categorical"),
    "Internal Medicine/Pediatrics": ("Medicine-Pediatrics", "Med-Peds", "Internal Medicine-Pediatrics"),
    "Interventional Radiology (Integrated)": ("Interventional Radiology", "Radiology-Interventional"),
    "Neurological Surgery": ("Neurosurgery", "Surgery-Neurological"),
    "Neurology": (),
    "Nuclear Medicine": (),
    "Obstetrics and Gynecology": ("Obstetrics-Gynecology", "Ob-Gyn", "OB/GYN", "Obstetrics Gynecology"),
    "Orthopaedic Surgery": ("Orthopedic Surgery", "Orthopaedics", "Orthopedics", "Surgery-Orthopaedic"),
    "Otolaryngology": ("ENT", "Otolaryngology-Head and Neck Surgery", "Otolaryngology (ENT)"),
    "Pathology": ("Pathology-Anatomic and Clinical", "Anatomic and Clinical Pathology"),
    "Pediatrics": ("Paediatrics", "Peds"),
    "Physical Medicine and Rehabilitation": (
        "Physical Medicine & Rehab", "Phys Medicine & Rehab", "PM&R", "PMR", "Physiatry",
    ),
    "Plastic Surgery (Integrated)": ("Plastic Surgery", "Integrated Plastic Surgery"),
    "Psychiatry": ("Psych",),
    "Public Health and Preventive Medicine": (
        "Preventive Medicine", "Public Health/Preventive Medicine", "Public Health / Prev Med",
    ),
    "Radiation Oncology": ("Radiation-Oncology",),
    "Thoracic Surgery (Integrated)": ("Thoracic Surgery", "Cardiothoracic Surgery"),
    "Transitional Year": ("Transitional (PGY-1 Only)", "Transitional"),
    "Urology": (),
    "Ophthalmology": (),
    "Vascular Surgery (Integrated)": ("Vascular Surgery",),
    # Tracks that Results and Data lists apart; never the categorical specialty.
    "Emergency Medicine/Anesthesiology": ("Emergency Med-Anesthesiology",),
    "Emergency Medicine/Family Medicine": ("Emergency Med-Family Med",),
    "Family Medicine/Preventive Medicine": ("Family Med-Preventive Med",),
    "Internal Medicine/Dermatology": ("Medicine-Dermatology",),
    "Internal Medicine/Emergency Medicine": ("Medicine-Emergency Med",),
    "Internal Medicine/Medical Genetics": ("Medicine-Medical Genetics",),
    "Internal Medicine/Preventive Medicine": ("Medicine-Preventive Med",),
    "Internal Medicine/Psychiatry": ("Medicine-Psychiatry",),
    "Internal Medicine (Preliminary)": ("Medicine-Preliminary (PGY-1 Only)", "Medicine-Preliminary"),
    "Internal Medicine (Primary Care)": ("Medicine-Primary",),
    "Neurodevelopmental Disabilities": (),
    "Obstetrics and Gynecology (Preliminary)": ("OB/GYN-Preliminary (PGY-1 Only)", "OB/GYN-Preliminary"),
    "Osteopathic Neuromusculoskeletal Medicine": ("Osteo Neuromusculoskeletal Med",),
    "Pediatrics/Anesthesiology": (),
    "Pediatrics/Emergency Medicine": ("Pediatrics-Emergency Med",),
    "Pediatrics/Medical Genetics": (),
    "Pediatrics/Physical Medicine and Rehabilitation": ("Pediatrics-PM & R",),
    "Pediatrics (Preliminary)": ("Pediatrics-Preliminary",),
    "Pediatrics (Primary Care)": ("Pediatrics-Primary",),
    "Pediatrics/Psychiatry/Child Psychiatry": ("Peds/Psych/Child Psych",),
    "Psychiatry/Family Medicine": (),
    "Psychiatry/Neurology": (),
    "General Surgery (Preliminary)": ("Surgery-Preliminary (PGY-1 Only)", "Surgery-Preliminary"),
}  # fmt: skip

# What people call a specialty when they ask. Reports do not print these, so tables are not read by them.
SPOKEN: dict[str, tuple[str, ...]] = {
    "Anesthesiology": ("Anaesthesia", "Anesth", "Anes"),
    "Child Neurology": ("Child Neuro", "Peds Neuro", "Pediatric Neuro"),
    "Dermatology": ("Derm", "Derma"),
    "Diagnostic Radiology": ("Rads", "Rad", "DR", "Radio", "Diagnostic Rads"),
    "Emergency Medicine": ("ER", "Emergency", "Emergency Med"),
    "Family Medicine": ("Family", "Fam Med", "Family Med", "FP", "General Practice"),
    "General Surgery": ("GS", "Gen Surg", "Gen Surgery", "General Surg", "Surg"),
    "Internal Medicine": ("Internal Med", "Internal", "Int Med", "Medicine", "Categorical Medicine"),
    "Internal Medicine/Pediatrics": ("IM-Peds", "Medpeds"),
    "Interventional Radiology (Integrated)": ("IR", "Interventional Rads"),
    "Neurological Surgery": ("Neurosurg", "NSGY"),
    "Neurology": ("Neuro",),
    "Obstetrics and Gynecology": (
        "OB", "OBG", "Obs Gyn", "Obs and Gynae", "Obstetrics", "Gynecology", "Gynaecology",
        "Obstetrics and Gynaecology",
    ),
    "Orthopaedic Surgery": ("Ortho",),
    "Otolaryngology": ("Ear Nose and Throat", "Oto"),
    "Pathology": ("Path", "AP/CP"),
    "Pediatrics": ("Pediatric", "Paeds", "Paediatric", "Pedia"),
    "Physical Medicine and Rehabilitation": (
        "Rehab", "Physical Medicine", "Phys Med and Rehab",
    ),
    "Plastic Surgery (Integrated)": ("Plastics",),
    "Radiation Oncology": ("Rad Onc",),
    "Thoracic Surgery (Integrated)": ("CT Surgery", "Cardiac Surgery", "Thoracic"),
    "Vascular Surgery (Integrated)": ("Vascular",),
    "Transitional Year": ("TY",),
    "Internal Medicine (Preliminary)": (
        "Prelim Medicine", "Medicine Prelim", "Prelim IM", "IM Prelim", "Preliminary Medicine",
        "Preliminary Internal Medicine", "Prelim Internal Medicine",
    ),
    "General Surgery (Preliminary)": (
        "Prelim Surgery", "Surgery Prelim", "Preliminary Surgery", "Preliminary General Surgery", "Prelim GS",
    ),
}  # fmt: skip


def _key(name: object) -> str:
    text = str(name).strip().casefold().replace("&", " and ")
    if text.endswith("(categorical)"):
        text = text[: -len("(categorical)")]
    return "".join(filter(str.isalnum, text))


_BY_KEY: dict[str, str] = {}
for _name, _aliases in SPECIALTIES.items():
    for _text in (_name, *_aliases):
        _BY_KEY.setdefault(_key(_text), _name)
_SPOKEN_KEYS = {_key(text): name for name, spoken in SPOKEN.items() for text in spoken}


def nearest_specialties(name: object, among: Iterable[str] | None = None, count: int = 3) -> list[str]:
    """Return the canonical names that look or sound nearest to `name`.

    Parameters
    ----------
    name
        What was typed.
    among
        Canonical names to choose from; all of them where absent.
    count
        How many at the most.

    Returns
    -------
    list
        Canonical names, nearest first; empty where nothing is near.
    """
    import difflib  # only a refusal needs it

    allowed = set(SPECIALTIES if among is None else among)
    keys = {key: full for key, full in _BY_KEY.items() if full in allowed}
    nearest: list[str] = []
    typed = _key(name)[:100]  # no name is longer, and comparing takes time
    near = difflib.get_close_matches(typed, keys, n=3 * count, cutoff=0.6)
    inside = [key for key in keys if len(typed) >= 4 and (typed in key or (len(key) >= 4 and key in typed))]
    heads = {key[: len(typed) + 1]: key for key in reversed(keys)}  # 'Famly' for the start of a name
    begun = [heads[head] for head in difflib.get_close_matches(typed, heads, n=count, cutoff=0.75)]
    for key in near + inside + begun:
        if keys[key] not in nearest:
            nearest.append(keys[key])
    return nearest[:count]


def _canonical(name: object) -> str | None:
    """Return a name that is canonical already, as nearly all are."""
    return name if isinstance(name, str) and name in SPECIALTIES else None


def known_specialty(name: object) -> str | None:
    """Return the canonical form of a name in any spelling; None for a name in no list."""
    return _canonical(name) or _BY_KEY.get(_key(name))


def canonical_specialty(name: object) -> str:
    """Bring a printed or typed specialty name to its canonical form.

    Parameters
    ----------
    name
        Any spelling: case, spaces, hyphens, '&' and '(Categorical)' do not matter.

    Returns
    -------
    str
        A key of `SPECIALTIES`.

    Raises
    ------
    UnknownSpecialty
        For a name in no list; the message gives the nearest ones.
    """
    canonical = known_specialty(name)
    if canonical is None:
        if name is None or not str(name).strip():
            raise UnknownSpecialty("the specialty is empty; give one such as 'Internal Medicine'")
        near = nearest_specialties(name)
        hint = (
            f"did you mean {near[0]}?" if near else "no name is near it; give one such as 'Internal Medicine'"
        )
        raise UnknownSpecialty(f"unknown specialty '{clipped(name)}'; {hint}")
    return canonical


def asked_specialty(name: object) -> str:
    """Return the canonical name of what somebody asks for: a report's spelling, or one that people use.

    Raises
    ------
    UnknownSpecialty
        For a name in no list, with the nearest one; for a fellowship, with the residency before it.
    """
    spoken = _canonical(name) or _SPOKEN_KEYS.get(_key(name))
    if spoken is not None:
        return spoken
    try:
        return canonical_specialty(name)
    except UnknownSpecialty:
        why = why_no_specialty(name)
        if why is None:
            raise
        raise UnknownSpecialty(why) from None


def short_name(specialty: str, most: int) -> str:
    """Return a name of a specialty of at most so many characters.

    Its own where it fits, else another spelling of it that is understood, else a clipped one.
    """
    if len(specialty) <= most:
        return specialty
    others = [name for name in SPECIALTIES.get(specialty, ()) if len(name) <= most]
    return next(
        (name for name in others if len(name) > 3), others[0] if others else specialty[: most - 2] + ".."
    )
