"""Lists that cannot be made, and long ones."""

from dataclasses import replace

import pytest

from matchmodel import NotInModel, RefusedInput
from matchmodel.advice.programs.compute import programs
from matchmodel.advice.programs.table import ProgramTable

from ...asking import MODEL
from .made import one, table
from .test_programs import TABLE, WHO, asked, lines


def test_nothing_that_can_work_is_an_answer():
    made = programs(MODEL, WHO, table(one(0, accepts_imgs=False)), asked(3))
    assert made.chance is None and made.applications == 0 and len(made.dropped) == 1
    assert any("No program of the table can work" in line for line in lines(made))


REFUSED = {
    "neither": (
        {},
        "say how much: --applications with a number of programs, or --budget with dollars; one of the two",
    ),
    "both": ({"question": asked(3), "budget": 100}, "one of the two"),
    "little": ({"budget": 5}, r"pays for no application; the first costs \$11"),
    "negative": ({"budget": -5}, "it is in dollars, more than 0"),
    "endless": ({"budget": 1e308}, "at most 1,000,000"),
    "words": ({"budget": "much"}, "budget is 'much', not a number"),
    "signals": (
        {"question": asked(3), "signals": -1},
        "signals is -1; it is between 0 and 1000, or",
    ),
    "visa": ({"question": asked(3), "visa_type": "O-1"}, "visa type is 'O-1'"),
    "specialty": (
        {"question": asked(3), "specialties": ["Neurology"]},
        "the table has no program of Neurology; it has Internal Medicine, Pediatrics",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    how, said = REFUSED[name]
    with pytest.raises(RefusedInput, match=said):
        programs(MODEL, WHO, TABLE, **how)


def test_several_specialties_without_rates_cannot_be_compared():
    names = [s for s in MODEL.specialties("non-us-img") if MODEL.cell("non-us-img", s).chain is None][:2]
    with pytest.raises(NotInModel, match="cannot be compared; ask for one with --specialty"):
        programs(MODEL, WHO, table(*(one(k, name) for k, name in enumerate(names))), asked(1))
    with pytest.raises(NotInModel, match="are in no table of non-us-img"):
        programs(MODEL, WHO, ProgramTable("x.csv", (one(0, "Urology"),)), asked(1))


def test_dollars_without_a_schedule_are_refused():
    obgyn = table(one(0, "Obstetrics and Gynecology"))
    with pytest.raises(RefusedInput, match="no fees for Obstetrics and Gynecology"):
        programs(MODEL, WHO, obgyn, budget=100)
    assert programs(MODEL, WHO, obgyn, asked(1)).fees_usd is None


def test_long_names_and_long_lists_fit():
    name = "Made-up Program of an Uncommonly Long Name That Goes On"
    rows = [
        one(k, invitation_rate_non_us_img=0.01 + k / 1000, state="A State of a Long Name") for k in range(60)
    ]
    rows = [replace(row, program=f"{name} {k}") for k, row in enumerate(rows)]
    made = programs(MODEL, WHO, table(*rows), asked(60))
    short, long = lines(made), lines(made, True)
    assert max(map(len, short + long)) <= 80 and len(long) > len(short) + 30
    assert any("... and 35 more" in line for line in short)
