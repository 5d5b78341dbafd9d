"""The claims table: read, refused when it is not sound, its numbers and its specialties."""

from pathlib import Path

import pytest
from notebook_helpers.guide.ask import KIND
from notebook_helpers.guide.claims import Claim, named, read_claims

from matchmodel.errors import RefusedInput
from matchmodel.model import Model

HEAD = "claim_id,topic,specialties,claim\n"
NUMBERS = {  # claim -> its numbers; those that name a Step are none
    "an IMG realistically needs a Step 2 CK above 250": (250,),
    "a Step 1 failure reduces chances even with a strong Step 2 CK": (),
    "a fail then pass needs a Step 2 CK 10 to 15 points above the minimum": (10, 15),
    "Step 3 before residency can help": (),
    "within 3.5 years": (3.5,),
}
REFUSED = {  # file -> what the message names
    "id,topic,specialties,claim\na,b,c,d\n": "it needs claim_id, topic, specialties, claim",
    "": "columns none",
    HEAD: "no rows",
    HEAD + "g01,t,all,one\ng01,t,all,two\n": "line 3 has the claim_id 'g01' again",
    HEAD + "g01,t,all,\n": "line 2 has no claim",
    HEAD + "g01,t,all,one, two\n": "line 2 has not 4 fields; put a text with a comma in quotes",
    HEAD + "g01,t,all\n": "line 2 has not 4 fields",
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers(text: str) -> None:
    assert Claim("g", "t", ("all",), text).numbers == NUMBERS[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_sound_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(text)
    with pytest.raises(RefusedInput, match=REFUSED[text].replace("(", r"\(")):
        read_claims(path)


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(HEAD + "g01,,all,one\ng01,t,,two\n")
    with pytest.raises(RefusedInput) as caught:
        read_claims(path)
    expected = [
        "line 2 has no topic",
        "line 3 has no specialties",
        "line 3 has the claim_id 'g01' again; give each claim its own",
    ]
    assert str(caught.value).splitlines() == expected


def test_the_sheet_of_the_notebook(claims: tuple[Claim, ...]) -> None:
    assert [c.claim_id for c in claims] == [f"g{k:02d}" for k in range(1, 15)]
    assert claims[0].specialties[1] == "Plastic Surgery" and claims[6].specialties == ("all",)


def test_specialties_are_found_under_other_names(model: Model, claims: tuple[Claim, ...]) -> None:
    first, second, third = (named(c, model, KIND) for c in claims[:3])
    assert "Plastic Surgery (Integrated)" in first.known and (first.missing, first.count, first.most) == (
        (),
        6,
        4,
    )
    assert second.known[-1] == "Internal Medicine" and second.kinds == ("academic",)
    assert third.known == ("Internal Medicine", "Family Medicine", "Pediatrics", "Psychiatry")
    assert third.kinds == ("community",)
    assert named(claims[5], model, KIND).known == third.known  # the broad specialties
    assert list(named(claims[6], model, KIND).known) == model.specialties(KIND)


def test_what_the_model_has_not_is_missing(model: Model) -> None:
    found = named(Claim("g", "t", ("Urology", "Wizardry", "Pediatrics"), "x"), model, KIND)
    assert (found.known, found.missing, found.most) == (("Pediatrics",), ("Urology", "Wizardry"), 2)
