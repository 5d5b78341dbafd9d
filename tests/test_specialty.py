"""Names of specialties: one list, every spelling, and a hint for the misspelt."""

import time

import pytest

from matchmodel import UnknownSpecialty
from matchmodel.no_data import FELLOWSHIPS
from matchmodel.specialty import (
    SPECIALTIES,
    SPOKEN,
    asked_specialty,
    canonical_specialty,
    nearest_specialties,
)

SPELLINGS = {
    "IM": "Internal Medicine",
    "internal-medicine": "Internal Medicine",
    "INTERNAL  MEDICINE (Categorical)": "Internal Medicine",
    "Surgery": "General Surgery",
    "surgery-general": "General Surgery",
    "Ob/Gyn": "Obstetrics and Gynecology",
    "Obstetrics & Gynecology": "Obstetrics and Gynecology",
    "med-peds": "Internal Medicine/Pediatrics",
    "pm&r": "Physical Medicine and Rehabilitation",
    "Interventional Radiology": "Interventional Radiology (Integrated)",
    "orthopedics": "Orthopaedic Surgery",
    "Medicine-Preliminary (PGY-1 Only)": "Internal Medicine (Preliminary)",
}


@pytest.mark.parametrize("typed", SPELLINGS)
def test_spellings(typed):
    assert canonical_specialty(typed) == SPELLINGS[typed]


@pytest.mark.parametrize("name", SPECIALTIES)
def test_every_name_and_alias_leads_to_its_own(name):
    for text in (name, *SPECIALTIES[name]):
        assert {
            canonical_specialty(t) for t in (text, text.upper(), f" {text} ", text.replace(" ", "-"))
        } == {name}


ENDLESS = 9000 * "x"
REFUSED = {
    "Intrnal Medcine": "unknown specialty 'Intrnal Medcine'; did you mean Internal Medicine",
    "Famly": "unknown specialty 'Famly'; did you mean Family Medicine",
    "sugery": "unknown specialty 'sugery'; did you mean General Surgery",
    "neurologist": "unknown specialty 'neurologist'; did you mean ",
    "zzz": "unknown specialty 'zzz'; no name is near it; give one such as 'Internal Medicine'",
    "a\nb": "unknown specialty 'a\\nb'; no name is near it; give one such as 'Internal Medicine'",
    ENDLESS: (
        f"unknown specialty '{ENDLESS[:60]}...'; no name is near it; give one such as 'Internal Medicine'"
    ),
    "": "the specialty is empty; give one such as 'Internal Medicine'",
}


@pytest.mark.parametrize("typed", REFUSED, ids=lambda text: text[:12])
def test_refused_with_a_hint(typed):
    with pytest.raises(UnknownSpecialty) as caught:
        canonical_specialty(typed)
    assert str(caught.value).startswith(REFUSED[typed])


def test_nearest_of_those_allowed():
    assert nearest_specialties("Internal Medcine", among=["Pathology", "Internal Medicine"]) == [
        "Internal Medicine"
    ]
    assert len(nearest_specialties("medicine", count=2)) == 2


def test_a_megabyte_is_refused_at_once():
    started = time.perf_counter()
    with pytest.raises(UnknownSpecialty):
        canonical_specialty("medicine " * 100_000)
    assert time.perf_counter() - started < 2.0  # comparing it whole takes minutes


SAID = {  # as people write them
    "Internal med": "Internal Medicine",
    "family": "Family Medicine",
    "neuro": "Neurology",
    "ortho": "Orthopaedic Surgery",
    "GS": "General Surgery",
    "derm": "Dermatology",
    "rads": "Diagnostic Radiology",
    "path": "Pathology",
    "OB": "Obstetrics and Gynecology",
    "Anaesthesia": "Anesthesiology",
    "prelim medicine": "Internal Medicine (Preliminary)",
    "TY": "Transitional Year",
    "Otolaryngology (ENT)": "Otolaryngology",
    "Phys Medicine & Rehab": "Physical Medicine and Rehabilitation",
}


@pytest.mark.parametrize("typed", SAID)
def test_spoken(typed):
    assert asked_specialty(typed) == SAID[typed]


def test_every_spoken_name_leads_to_one_specialty_that_no_other_has():
    spoken = [(text, name) for name, texts in SPOKEN.items() for text in texts]
    assert all(asked_specialty(text.upper()) == name for text, name in spoken)
    printed = {t.casefold() for name, texts in SPECIALTIES.items() for t in (name, *texts)}
    assert not printed & {text.casefold() for text, _ in spoken}  # the one home of a spelling


@pytest.mark.parametrize("name", FELLOWSHIPS)
def test_a_fellowship_names_the_residency_before_it(name):
    with pytest.raises(UnknownSpecialty, match="is a fellowship, which comes after a residency in") as caught:
        asked_specialty(name)
    assert FELLOWSHIPS[name] in str(caught.value) and canonical_specialty(FELLOWSHIPS[name])


def test_prelim_alone_is_asked_back():
    with pytest.raises(UnknownSpecialty, match="preliminary medicine, preliminary surgery, or transitional"):
        asked_specialty("Prelim")
