"""An answer's numbers are the engine's, its JSON has its keys, and a withheld cell has no number."""

import json
from math import log

import numpy as np
import pytest
from hypothesis import given, settings

from matchmodel import Answer, Applicant, Question
from matchmodel.covariates import COVARIATES
from matchmodel.model import Model
from matchmodel.model.engine import ORDERS, one_range
from matchmodel.model.file import dumps, record_of

from ..strategies import applicants_of, questions
from .synthetic import CHAINED, GREY, USUAL, WITHHELD, model, record

MODEL = model()
FULL = {
    "step2_ck": 250,
    "step1_attempts": 1,
    "step2_attempts": 2,
    "yog": 2024,
    "usce_months": 4,
    "visa_needed": True,
}
WHO = Applicant(CHAINED, "non-us-img", **FULL)
ASKED = Question(applications=120, target=0.6, interviews=3)
ANSWER = MODEL.odds(WHO, ASKED)


def draws(applicant=WHO):
    return MODEL.people([MODEL.resolve(applicant)])


def test_numbers_are_the_engines():
    people = draws()
    mean = people.invitations(np.array([120]))
    assert ANSWER.p_ranked == one_range(people.p_ranked()[0])
    assert ANSWER.p_apply == one_range(people.p_apply(mean)[0])
    assert ANSWER.p_any_invitation == one_range(people.p_any(mean)[0])
    assert ANSWER.expected_invitations == one_range(mean[0])
    assert ANSWER.p_given_interviews == one_range(people.p_by_ranks()[0, :, 2])
    for order, name in zip(ORDERS, ("", "_random", "_friendliest"), strict=True):
        required = getattr(ANSWER, "required_applications" + name)
        needed = people.needed(np.array([0.6]))[order]
        assert (required.applications, required.low, required.high) == tuple(
            None if np.isinf(v[0]) else int(v[0]) for v in (needed.point, needed.low, needed.high)
        )
        assert required.target == 0.6 and required.reachable is (required.applications is not None)


def test_the_point_is_the_mean_and_the_range_the_quantiles():
    found = draws().p_ranked()[0]
    assert ANSWER.p_ranked.point == pytest.approx(found.mean(), abs=1e-15)
    wanted = np.quantile(found, (0.1, 0.9))
    assert (ANSWER.p_ranked.low, ANSWER.p_ranked.high) == pytest.approx(tuple(wanted), abs=0.015)


def test_chances_by_interviews():
    chances = ANSWER.chances_by_interviews
    assert (
        len(chances) == 15
        and len(set(chances[11:])) == 1
        and chances[2] == pytest.approx(ANSWER.p_given_interviews, abs=1e-14)
    )
    assert [c.point for c in chances[:12]] == sorted(c.point for c in chances[:12])
    for k in (0, 7, 60):
        found = MODEL.odds(WHO, Question(interviews=k)).p_given_interviews
        assert found == pytest.approx(chances[min(k, 15) - 1] if k else (0, 0, 0), abs=1e-14)


def test_chances_by_applications_are_answers():
    assert [at.applications for at in ANSWER.chances_by_applications] == [
        20,
        40,
        80,
        120,
        160,
        200,
        400,
    ] and ANSWER.listed == 400
    for at in ANSWER.chances_by_applications:
        alone = MODEL.odds(WHO, Question(applications=at.applications))
        assert alone.p_apply == pytest.approx(at.chance, abs=1e-14)
        assert alone.fees.applications_usd == at.fees_usd


def test_the_usual_number_stands_in():
    answer = MODEL.odds(WHO)
    assert answer.applications == round(answer.usual.value) and abs(answer.applications - USUAL) < 10
    assert answer.applications_basis == answer.usual.basis == "evidence" and answer.p_given_interviews is None
    assert answer.p_apply == MODEL.odds(WHO, Question(applications=answer.applications)).p_apply
    assert answer.required_applications.target == 0.5
    assert ANSWER.applications_basis == "given"


def test_more_than_listed_is_all():
    answer = MODEL.odds(WHO, Question(applications=5000))
    assert (
        answer.applications == 400 and answer.p_apply == MODEL.odds(WHO, Question(applications=400)).p_apply
    )
    assert "applications_above_listed" in {n.code for n in answer.warnings}


def test_fees():
    assert ANSWER.fees.applications_usd == 30 * 11 + 90 * 30 and dict(ANSWER.fees.fixed) == {
        "registration": 70,
        "transcript": 80,
    }
    required = MODEL.odds(WHO, Question(target=0.4)).required_applications
    assert required.fees_usd == 330 + 30 * (required.applications - 30)


def test_averages_are_those_of_nobody_known():
    nobody = MODEL.odds(Applicant(CHAINED, "non-us-img"), ASKED)
    assert ANSWER.average_ranked == nobody.average_ranked == nobody.p_ranked.point
    assert ANSWER.average_apply == nobody.average_apply == nobody.p_apply.point
    assert nobody.likelihood_ratios == ()


@settings(max_examples=60, deadline=None)
@given(applicants_of(MODEL), questions())
def test_identities(applicant, question):
    answer = MODEL.odds(applicant, question)
    assert answer == MODEL.odds(applicant, question)
    assert answer.question == question and answer.applicant == MODEL.resolve(applicant)
    assert json.loads(json.dumps(answer.to_dict(), allow_nan=False)) == answer.to_dict()
    if answer.withheld:
        return
    for found in (
        answer.p_ranked,
        answer.p_apply,
        answer.p_any_invitation,
        answer.p_given_interviews,
        *(answer.chances_by_interviews or ()),
    ):
        assert found is None or 0 <= found.low <= found.point <= found.high <= 1
    known = {n for n in ("step2_ck", *COVARIATES) if getattr(answer.applicant, n) is not None}
    known = {n for n in known if n == "step2_ck" or MODEL.has_effect(applicant.applicant_type, n)}
    assert {r.covariate for r in answer.likelihood_ratios} == known
    people = draws(applicant)
    mean = people.base.mean() + sum(log(r.ratio) for r in answer.likelihood_ratios)
    assert mean == pytest.approx(
        people.log_odds.mean(), abs=1e-9
    )  # log odds are additive in the mean over draws


UNKNOWN = {
    "step2_ck": {"step2_ck": None},
    "usce_months": {"usce_months": None},
    "visa_needed": {"visa_needed": None},
    "years_since_graduation": {"yog": None},
    "step1_failed": {"step1_attempts": None},
    "step2_failed": {"step2_attempts": None},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_leaving_out_drops_one_ratio(name):
    without = MODEL.odds(WHO.replace(**UNKNOWN[name]), ASKED)
    assert without.likelihood_ratios == tuple(r for r in ANSWER.likelihood_ratios if r.covariate != name)


# --- JSON ---------------------------------------------------------------------------------------------------

CHANCES = ("p_ranked", "p_apply", "p_any_invitation", "expected_invitations", "p_given_interviews")
KEYS = {
    "model", "specialty", "applicant_type", "cycle", "table_year", "known", "trust", "range", "odds",
    "one_in", "average_ranked", "average_apply", "published_rate", "odds_against_average", "interviews",
    "applications", "applications_basis", "usual_applications", "programs_listed", "likelihood_ratios",
    "required_applications", "required_applications_random", "required_applications_friendliest",
    "chances_by_interviews", "chances_by_applications", "fees", "extrapolated", "medians", "notes",
    *(name + end for name in CHANCES for end in ("", "_low", "_high")),
}  # fmt: skip


@pytest.mark.parametrize("specialty", [CHAINED, GREY, WITHHELD])
def test_every_answer_has_the_same_keys(specialty):
    found = MODEL.odds(Applicant(specialty, "us-img", step2_ck=240), ASKED).to_dict()
    assert set(found) == KEYS
    assert all(set(note) == {"code", "text"} for note in (*found["notes"], *found["trust"]["reasons"]))


def test_json_has_the_numbers():
    found = ANSWER.to_dict()
    for name in CHANCES:
        assert tuple(found[name + end] for end in ("", "_low", "_high")) == getattr(ANSWER, name)
    for name in ("applications", "applications_basis", "average_ranked", "average_apply", "published_rate"):
        assert found[name] == getattr(ANSWER, name)
    required = found["required_applications"]
    assert set(required) == {"target", "reachable", "applications", "low", "high", "fees_usd"}
    assert required["applications"] == ANSWER.required_applications.applications
    assert [row["interviews"] for row in found["chances_by_interviews"]] == list(range(1, 16))
    assert found["chances_by_interviews"][2]["p"] == pytest.approx(ANSWER.p_given_interviews.point, abs=1e-14)
    assert found["known"] == {
        **FULL,
        "years_since_graduation": 3.0,
        "step1_failed": False,
        "step2_failed": True,
    }
    assert {r["covariate"]: r["basis"] for r in found["likelihood_ratios"]}["step2_ck"] == "measured"


def test_a_withheld_cell_has_no_number():
    answer = MODEL.odds(Applicant(WITHHELD, "non-us-img", **FULL), ASKED)
    found = answer.to_dict()
    numbers = KEYS - {
        "model",
        "specialty",
        "applicant_type",
        "cycle",
        "table_year",
        "known",
        "trust",
        "range",
        "likelihood_ratios",
        "interviews",
        "extrapolated",
        "medians",
        "notes",
    }
    assert (
        {found[name] for name in numbers} == {None}
        and found["likelihood_ratios"] == []
        and found["extrapolated"] is False
    )
    assert found["trust"]["kind"] == "withheld" and [n["code"] for n in found["notes"]][:2] == [
        "withheld",
        "few_applicants",
    ]


def test_no_chain_no_numbers_on_applications():
    answer = MODEL.odds(Applicant(GREY, "non-us-img"), ASKED)
    assert answer.p_ranked is not None and answer.trust.kind == "grey"
    for name in (
        "p_apply",
        "p_any_invitation",
        "p_given_interviews",
        "applications",
        "required_applications",
        "chances_by_interviews",
        "average_apply",
    ):
        assert getattr(answer, name) is None
    assert {"grey", "no_chain"} <= {n.code for n in answer.warnings}


def test_answers_are_frozen():
    assert isinstance(ANSWER, Answer)
    for thing, name in (
        (ANSWER, "p_ranked"),
        (ANSWER, "more"),
        (ANSWER.likelihood_ratios[0], "ratio"),
        (ANSWER.required_applications, "low"),
    ):
        with pytest.raises((AttributeError, TypeError)):
            setattr(thing, name, 0)


def test_a_file_read_again_answers_the_same():
    again = Model(record_of(json.loads(dumps(record())), "x"))
    assert again.odds(WHO, ASKED) == ANSWER
