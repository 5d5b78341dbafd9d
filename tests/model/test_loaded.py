"""A loaded model: what it knows, and what it refuses in one line."""

import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from matchmodel import Applicant, NotInModel, Question, RefusedInput
from matchmodel.model import Model
from matchmodel.model.loaded import KEPT

from .synthetic import CHAINED, GREY, WITHHELD, model, record

MODEL = model()


def test_what_it_knows():
    assert (MODEL.name, MODEL.newest_table, MODEL.default_cycle) == ("synthetic", 2026, 2027)
    assert MODEL.applicant_types == ["non-us-img", "us-img"] and MODEL.specialties("us-img") == [
        GREY,
        CHAINED,
        WITHHELD,
    ]
    assert [MODEL.has_chain("us-img", s) for s in (CHAINED, "IM", GREY, WITHHELD)] == [
        True,
        True,
        False,
        False,
    ]
    assert not MODEL.has_chain("martian", CHAINED) and not MODEL.has_chain("us-img", "Urology")
    assert MODEL.withheld("us-img", "Plastic Surgery") and not MODEL.withheld("us-img", GREY)
    assert MODEL.has_effect("non-us-img", "visa_needed") and not MODEL.has_effect("us-img", "visa_needed")
    assert repr(MODEL) == "Model('synthetic')"
    assert MODEL.arrays("us-img", "IM") is MODEL.arrays("us-img", CHAINED)


def test_resolved_once():
    applicant = MODEL.resolve(Applicant("IM", "non-us-img", yog=2020))
    assert (applicant.cycle, applicant.years_since_graduation) == (2027, 7.0) and MODEL.resolve(
        applicant
    ) is applicant
    assert MODEL.resolve(Applicant("IM", "non-us-img", yog=2020, cycle=2024)).years_since_graduation == 4.0


def test_an_answer_is_worked_out_once():
    who, asked = Applicant(CHAINED, "non-us-img", 240), Question(target=0.4)
    again = model()
    assert again.odds(who) is again.odds(Applicant(CHAINED, "non-us-img", "240", visa_needed=None))
    assert again.odds(who, asked) is again.odds(who, asked) is not again.odds(who)
    first = again.odds(who)
    for score in range(200, 200 + KEPT):
        again.odds(who.replace(step2_ck=score))
    assert again.odds(who) == first and len(again._answers) <= KEPT


REFUSED = [
    (
        {"applicant_type": "martian"},
        NotInModel,
        "unknown applicant type 'martian'; this model knows non-us-img, us-img",
    ),
    (
        {"specialty": "Nuclear Medicine"},
        NotInModel,
        "no table has odds for Nuclear Medicine; matchmodel specialties lists those with odds",
    ),
    (
        {"specialty": "Urology"},
        NotInModel,
        "urology has its own match (AUA), whose tables by score this model lacks",
    ),
    (
        {"cycle": 2037},
        RefusedInput,
        "cycle 2037 is more than 10 years from the table of 2026; ask for a year near it, or retrain with a "
        "nearer table",
    ),
    ({"cycle": 2015}, RefusedInput, "cycle 2015 is more than 10 years from the table of 2026; "),
    (
        {"yog": 2028},
        RefusedInput,
        "year of graduation 2028 is after the cycle 2027; it is at the latest the year of the Match",
    ),
]


@pytest.mark.parametrize(("values", "error", "message"), REFUSED)
@pytest.mark.parametrize("way", ["resolve", "odds"])
def test_refused(values, error, message, way):
    with pytest.raises(error) as caught:
        getattr(MODEL, way)(Applicant(**{"specialty": "IM", "applicant_type": "non-us-img", **values}))
    assert str(caught.value).startswith(message) and len(str(caught.value).splitlines()) == 1


def test_a_type_with_an_old_table_is_answered_for_the_default_cycle():
    kinds = record().types
    old = Model(
        replace(record(), types=kinds | {"independent": replace(kinds["non-us-img"], year=2007, drift=None)})
    )
    assert old.resolve(Applicant("IM", "independent")).cycle == 2027
    own = old.people([old.resolve(Applicant("IM", "independent", cycle=2007))])
    later = old.people([old.resolve(Applicant("IM", "independent"))])
    assert np.ptp(own.base) < np.ptp(later.base)
    with pytest.raises(RefusedInput, match="more than 10 years from the table of 2007"):
        old.resolve(Applicant("IM", "independent", cycle=2024))


def test_people_know_what_is_given():
    people = MODEL.people(
        [
            MODEL.resolve(Applicant("IM", "non-us-img", **known))
            for known in ({"step2_ck": 250}, {"visa_needed": False}, {})
        ]
    )
    assert set(people.shifts) == {"step2_ck", "visa_needed"}
    assert (people.shifts["visa_needed"][[0, 2]] == 0).all() and (people.shifts["visa_needed"][1] != 0).all()


def test_a_pickled_model_keeps_nobody():
    asked = Applicant("IM", "non-us-img", step2_ck=251)
    answer = MODEL.odds(asked)
    again = pickle.loads(pickle.dumps(MODEL))
    assert not any(isinstance(kept, dict) and kept for kept in (again._answers, again._arrays))
    assert again.odds(asked) == answer


LIGHT = (
    "import sys, matchmodel; heavy = {'numpy', 'dataclasses', 'json'} & set(sys.modules); print(heavy); "
    "matchmodel.load_model; print('numpy' in sys.modules)"
)


def test_importing_is_light():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["set()", "True"]


def test_nothing_else_is_exported():
    import matchmodel

    assert {"Answer", "Applicant", "Model", "Question", "load_model"} <= set(dir(matchmodel))
    with pytest.raises(AttributeError, match="no attribute 'Modell'"):
        matchmodel.Modell  # noqa: B018
