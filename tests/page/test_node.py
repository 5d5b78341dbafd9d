"""The script against Python: the same answers to 1e-9, the same refusals, in Node."""

import json

import pytest

from matchmodel import Applicant, MatchModelError, Question
from matchmodel.advice.practice import of_practice
from matchmodel.advice.timing import timing
from matchmodel.model.file import plain

from .vectors import answered, asked, differences, questions

IM = {"specialty": "Internal Medicine", "applicant_type": "non-us-img"}
REFUSED = [
    *({"step2_ck": value} for value in (301, 0, -5, "abc", "1_0", "nan", "inf", "2e2x", "9" * 80, "24\n5")),
    *({"step1_attempts": value} for value in (0, 7, 1.5, "two", True)),
    *({"step2_attempts": value} for value in ("0", "1.5", [1])),
    *({"yog": value} for value in (1900, 2101, "2024.5", 2090, "year")),
    *({"usce_months": value} for value in (-1, 121, "many")),
    *({"visa_needed": value} for value in ("maybe", "citizen", "J2", 2)),
    *({"cycle": value} for value in (1900, 2200, 2060, 2000, "next", 2026.5)),
    *({"applications": value} for value in (0, 5001, 2.5, "lots")),
    *({"target": value} for value in (0, 1, 100, "0%", "100%", "%", "high", 150, -1)),
    *({"interviews": value} for value in (-1, 61, 0.5, "none")),
    *({"specialty": value} for value in (
        "", None, "Famly Medcine", "Internl", "zzzz", "cardiology", "Stroke fellowship", "prelim", "Urology",
        "Ophthalmology", "IM prelim", "Peds/Psych/Child Psych", "xx", "Pathlogy", "a" * 90, "gyn", "radiolgy",
    )),
    *({"applicant_type": value} for value in ("", None, "IMG", "martian", "US senior", 3, "__proto__")),
    {"applicant_type": "us-img", "visa_needed": "yes"},
    {"applicant_type": "us-img", "visa_needed": "green card"},
    {"yog": 2027, "cycle": 2026},
]  # fmt: skip
TAKEN = [
    *({"specialty": value} for value in (
        "IM", "peds", "OB/GYN", " family  medicine ", "PM&R", "Medicine (Categorical)",
    )),
    *({"visa_needed": value} for value in ("J-1", "h1b", "green card", "no", "0", "", "unknown")),
    *({"target": value} for value in ("60%", " 60 %", 0.6, 60, "0.6")),
    *({"applicant_type": value} for value in ("US citizen IMG", "Non-US-citizen IMG", "FMG")),
    {"step2_ck": " 245 "}, {"step2_ck": "+245"}, {"step2_ck": ""}, {"step2_ck": "2.45e2"},
]  # fmt: skip


@pytest.mark.parametrize("count", [60, pytest.param(2000, marks=pytest.mark.slow)])
def test_answers_are_python_s_to_1e_9(packed, node, count):
    asked_for = questions(packed, count)
    found = node(asked_for)
    wrong = [
        (question, different)
        for question, one in zip(asked_for, found, strict=True)
        if (different := differences(one, answered(packed, question)))
    ]
    assert not wrong, f"{len(wrong)} of {count}: {wrong[:2]}"


def test_every_specialty_and_type_is_answered_as_python_does(packed, node):
    asked_for = [
        {"specialty": name, "applicant_type": kind, "step2_ck": 240, "interviews": 2}
        for kind in packed.applicant_types
        for name in packed.specialties(kind)
    ]
    kinds = set()
    for question, one in zip(asked_for, node(asked_for), strict=True):
        assert differences(one, answered(packed, question)) == []
        kinds.add(one["trust"]["kind"])
    assert kinds == {"ok", "grey", "withheld"}


def test_refusals_are_python_s(packed, node):
    asked_for = [IM | one for one in (*REFUSED, *TAKEN)]
    for question, one in zip(asked_for, node(asked_for), strict=True):
        right = answered(packed, question)
        assert one.get("refused") == right.get("refused"), question
        assert differences(one, right) == []


def test_what_should_be_refused_is_and_what_should_not_is_not(packed):
    assert all("refused" in answered(packed, IM | one) for one in REFUSED)
    assert not any(
        "refused" in answered(packed, IM | one) for one in TAKEN if one != {"applicant_type": "FMG"}
    )


def test_a_model_file_is_answered_like_its_pack(shipped, node):
    """As `update` writes it, draws as text: the answers are those of the unpacked model."""
    asked_for = questions(shipped, 10, seed=3)
    for question, one in zip(asked_for, node(asked_for, file=plain(shipped.record)), strict=True):
        assert differences(one, answered(shipped, question)) == []


@pytest.mark.parametrize("damage", [{"kind": "other"}, {"schema": 2}])
def test_another_file_is_refused(node, shipped, damage):
    how = "(model, q) => new Model({...q}, model.words).answer({})"
    (found,) = node([{"kind": "matchmodel", "schema": 3} | damage], how)
    assert "matchmodel train" in found["refused"]


COMPARED = [
    IM | {"step2_ck": 250, "yog": 2024, "usce_months": 4, "visa_needed": "yes"},
    IM | {"step2_ck": 225, "cycle": 2026, "applications": 40},
    {"specialty": "Neurology", "applicant_type": "us-img", "yog": 2020},
    {"specialty": "Dermatology", "applicant_type": "non-us-img", "step2_ck": 260},
]


def assert_compared(one, found):
    """The two cycles and their difference are Python's."""
    pairs = [
        (one["now"], found.now.apply or found.now.ranked),
        (one["wait"], found.wait.apply or found.wait.ranked),
    ]
    for ours, theirs in (*pairs, (one["difference"], found.against_now.difference)):
        for end in ("point", "low", "high"):
            assert abs(ours[end] - getattr(theirs, end)) < 1e-9
    assert abs(one["better"] - found.against_now.share) < 1e-9


def test_this_year_and_the_next_are_those_of_timing(packed, node):
    for question, one in zip(COMPARED, node(COMPARED, "(model, q) => timing(model, q)"), strict=True):
        assert_compared(one, timing(packed, *asked(question)).found)


def test_a_practice_test_is_averaged_over_as_timing_does(packed, node):
    question = IM | {"yog": 2024, "visa_needed": "yes"}
    (one,) = node([question], "(model, q) => timing(model, q, practice(model, 'NBME', '245'))")
    assert_compared(one, timing(packed, *asked(question), scores=of_practice(packed, "NBME", 245)).found)


@pytest.mark.parametrize("score", ["80", "301", "abc"])
def test_a_practice_score_that_cannot_be_is_refused_as_in_python(packed, node, score):
    with pytest.raises(MatchModelError) as refused:
        of_practice(packed, "NBME", score)
    (one,) = node([{}], f"(model, q) => practice(model, 'NBME', {json.dumps(score)})")
    assert one["refused"] == str(refused.value)


def test_pictures_start_and_end_where_the_answer_says(packed, node):
    (found,) = node([COMPARED[0] | {"interviews": 4}], "(model, q) => pictures(model, q)")
    right = packed.odds(Applicant(**COMPARED[0]), Question(interviews=4)).to_dict()
    assert abs(found["byApplications"][-1]["point"] - right["chances_by_applications"][-1]["p_apply"]) < 1e-12
    assert (
        found["byInterviews"][0]["point"] == 0
        and abs(found["byInterviews"][4]["high"] - right["p_given_interviews_high"]) < 1e-9
    )
    assert [p["x"] for p in found["byInterviews"]] == list(range(16))


def test_side_by_side_says_of_each_specialty_what_its_answer_says(packed, node):
    (rows,) = node([COMPARED[0]], "(model, q) => sideBySide(model, q)")
    assert sorted(row["specialty"] for row in rows) == packed.specialties("non-us-img")
    for row in rows[::6]:
        right = answered(packed, COMPARED[0] | {"specialty": row["specialty"]})
        for name in ("apply", "ranked"):
            assert (row[name] or {"point": None})["point"] == pytest.approx(right["p_" + name], abs=1e-12)
