"""The same applicants asked of two models.

With the numbers of predict, overlaps, cycles, and who cannot be compared.
"""

from dataclasses import replace

import pytest

from matchmodel import Applicant, Model, Question
from matchmodel.compare.answers import AnswerChange, Asked, Side, compare_applicants, read_rows
from matchmodel.compare.reference import REFERENCE
from matchmodel.errors import RefusedInput

from .conftest import put, without

NEUROLOGY = ("types", "non-us-img", "cells", "Neurology")


def test_the_reference_applicants_differ():
    some = [one.applicant for one in REFERENCE.values()]
    assert len(set(some)) == len(REFERENCE) == 12
    assert {a.applicant_type for a in some} == {"non-us-img", "us-img"} and len(
        {a.specialty for a in some}
    ) >= 6
    assert not any(a.cycle or a.yog for a in some)


def test_nothing_moves_between_a_model_and_itself(fresh):
    compared, left_out = compare_applicants(fresh, fresh, REFERENCE)
    assert len(compared) == 12 and left_out == ()
    for a in compared:
        assert a.points == a.points_apply == a.points_width == a.largest == 0
        assert a.overlap and a.overlap_apply and a.old == a.new


def test_the_numbers_are_those_of_predict(fresh, no_neurology):
    compared, _ = compare_applicants(fresh, no_neurology, REFERENCE)
    assert [a.largest for a in compared] == sorted((a.largest for a in compared), reverse=True)
    assert compared[0].largest > 5
    for found in compared:
        chains = [m.cell(found.applicant_type, found.specialty).chain for m in (fresh, no_neurology)]
        assert found.applications == round(sum(c.usual.value for c in chains) / 2) and found.target == 0.5
        question = Question(applications=found.applications, target=0.5)
        answers = [m.odds(REFERENCE[found.name].applicant, question) for m in (fresh, no_neurology)]
        for side, answer in zip((found.old, found.new), answers, strict=True):
            for name in ("p_ranked", "p_apply"):
                ours = [getattr(side, name + end) for end in ("", "_low", "_high")]
                assert ours == pytest.approx(getattr(answer, name), abs=1e-12)
            needed = answer.required_applications
            assert (side.cycle, side.trust) == (answer.applicant.cycle, answer.trust.kind)
            assert (side.required_applications, side.required_applications_high) == (
                needed.applications,
                needed.high,
            )
        assert found.points == pytest.approx(
            100 * (answers[1].p_ranked.point - answers[0].p_ranked.point), abs=1e-9
        )
        assert found.points_apply == pytest.approx(
            100 * (answers[1].p_apply.point - answers[0].p_apply.point), abs=1e-9
        )


def test_swapping_flips_the_points(fresh, no_neurology):
    there, back = (
        compare_applicants(*pair, REFERENCE)[0] for pair in ((fresh, no_neurology), (no_neurology, fresh))
    )
    assert [replace(a, old=a.new, new=a.old) for a in there] == list(back)
    assert [(-a.points, -a.points_apply, a.overlap) for a in there] == [
        (a.points, a.points_apply, a.overlap) for a in back
    ]


def test_without_a_chain_in_one_there_is_no_chance_if_one_applies(fresh, record):
    bare = Model(without(record, ("types", "non-us-img", "cells", "Internal Medicine", "chain")))
    asked = {"own number": Asked(Applicant("IM", "non-us-img", 240), Question(applications=50, target=0.4))}
    for pair in ((fresh, bare), (bare, fresh)):
        (found,) = compare_applicants(*pair, asked)[0]
        assert found.points_apply is found.overlap_apply is found.applications is found.target is None
        assert found.old.p_apply is found.new.required_applications is None
        assert found.largest == abs(found.points)


def test_an_own_number_and_target_are_kept(fresh):
    asked = {"own": Asked(Applicant("IM", "non-us-img", 240), Question(applications=50, target=0.3))}
    (found,) = compare_applicants(fresh, fresh, asked)[0]
    assert (found.applications, found.target) == (50, 0.3)


OVERLAPS = {
    ((0.2, 0.4), (0.3, 0.5)): True, ((0.2, 0.4), (0.41, 0.5)): False, ((0.2, 0.4), (0.4, 0.5)): True,
    ((0.2, 0.6), (0.3, 0.4)): True, ((0.5, 0.6), (0.1, 0.2)): False,
}  # fmt: skip


@pytest.mark.parametrize("ranges", OVERLAPS)
def test_overlap(ranges):
    old, new = (Side(2027, "ok", sum(r) / 2, *r, sum(r) / 2, *r) for r in ranges)
    found = AnswerChange("made up", "Neurology", "us-img", 10, 0.5, old, new)
    assert found.overlap is found.overlap_apply is OVERLAPS[ranges]
    assert found.points_width == pytest.approx(
        100 * (ranges[1][1] - ranges[1][0] - ranges[0][1] + ranges[0][0])
    )


@pytest.fixture(scope="module")
def later(record):
    """The same tables, said to be of two years later.

    Only the default cycle and the years of drift differ.
    """
    new = put(record, ("newest_table",), lambda y: y + 2)
    for kind in record.types:
        new = put(new, ("types", kind, "year"), lambda y: y + 2)
    return Model(new)


def test_each_at_its_own_cycle_or_both_at_one(fresh, later):
    first = fresh.default_cycle
    yog = Asked(Applicant("IM", "non-us-img", 240, yog=first - 3))
    (own,) = compare_applicants(fresh, later, {"graduate": yog})[0]
    assert (own.old.cycle, own.new.cycle) == (first, first + 2)
    assert (
        own.new.p_ranked == pytest.approx(later.odds(yog.applicant).p_ranked.point) and own.points < 0
    )  # two years older
    (same,) = compare_applicants(fresh, later, {"graduate": yog}, cycle=first)[0]
    assert (same.old.cycle, same.new.cycle) == (first, first) and abs(same.points) < 0.05
    (kept,) = compare_applicants(
        fresh, later, {"graduate": Asked(yog.applicant.replace(cycle=first + 1))}, cycle=first
    )[0]
    assert kept.old.cycle == kept.new.cycle == first + 1


def withheld(record):
    return put(record, (*NEUROLOGY, "trust", "kind"), "withheld")


LEFT_OUT = {  # name: (NEW, its reason)
    "specialty": (lambda r: without(r, NEUROLOGY), "no specialty Neurology of non-us-img"),
    "type": (
        lambda r: without(r, NEUROLOGY[:2]),
        "unknown applicant type 'non-us-img'; this model knows us-img",
    ),
    "withheld": (withheld, "no number is given for Neurology of non-us-img"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_who_cannot_be_compared_is_listed(fresh, record, name):
    less, reason = LEFT_OUT[name]
    less = Model(less(record))
    asked = {kind: Asked(Applicant("Neurology", kind, 250)) for kind in ("non-us-img", "us-img")}
    compared, (one,) = compare_applicants(fresh, less, asked)
    assert [a.name for a in compared] == ["us-img"] and (one.name, one.old, one.new) == (
        "non-us-img",
        "",
        reason,
    )
    assert compare_applicants(less, fresh, asked)[1] == (replace(one, old=reason, new=""),)


TABLE = "specialty,applicant type,step2_ck,applications\nNeurology,non-us-img,250,40\nIM,us-img,,\n"


def test_a_table_needs_only_one_of_the_models(fresh, record, no_evidence, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(TABLE, encoding="utf-8")
    less = Model(without(record, NEUROLOGY))
    for pair in ((fresh, less), (less, fresh), (less, no_evidence)):
        rows = read_rows(path, *pair)
        found = [
            (name, a.applicant.specialty, a.applicant.step2_ck, a.question.applications)
            for name, a in rows.items()
        ]
        assert found == [
            ("applicant 1", "Neurology", 250, 40),
            ("applicant 2", "Internal Medicine", None, None),
        ]
        compared, left_out = compare_applicants(*pair, rows)
        assert [a.name for a in compared] == ["applicant 2"] and [a.name for a in left_out] == ["applicant 1"]
    with pytest.raises(RefusedInput, match="row 2: no odds for Neurology: no table shows it by score"):
        read_rows(path, less, less)


def test_many_are_answered_in_parts(fresh):
    steps, asked = (
        [],
        {f"{k}": Asked(Applicant("Dermatology", "non-us-img", 200 + k / 10)) for k in range(600)},
    )
    compared, _ = compare_applicants(fresh, fresh, asked, step=steps.append)
    assert len(compared) == 600 and sum(steps) == 1200 and len(steps) == 6
