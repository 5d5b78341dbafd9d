"""The same applicants asked of two models: with the numbers of predict, overlaps, cycles, and who cannot be compared."""

from dataclasses import replace

import pytest

from matchmodel import Applicant, Model
from matchmodel.compare.answers import AnswerChange, Side, compare_applicants, read_rows
from matchmodel.compare.reference import REFERENCE
from matchmodel.errors import RefusedInput

from .conftest import put, without


def test_the_reference_applicants_differ():
    some = list(REFERENCE.values())
    assert len(set(some)) == len(REFERENCE) == 12
    assert {a.applicant_type for a in some} == {"non-us-img", "us-img"} and len({a.specialty for a in some}) >= 6
    assert not any(a.cycle or a.yog for a in some)


def test_nothing_moves_between_a_model_and_itself(fresh):
    compared, left_out = compare_applicants(fresh, fresh, REFERENCE)
    assert len(compared) == 12 and left_out == ()
    assert all(a.points == a.points_apply == a.points_width == a.largest == 0 and a.overlap and a.overlap_apply and a.old == a.new for a in compared)


def test_the_numbers_are_those_of_predict(fresh, no_neurology):
    compared, _ = compare_applicants(fresh, no_neurology, REFERENCE)
    assert [a.largest for a in compared] == sorted((a.largest for a in compared), reverse=True) and compared[0].largest > 5
    for found in compared:
        usual = [m.chain_cell(found.applicant_type, found.specialty).content["usual"]["value"] for m in (fresh, no_neurology)]
        assert found.applications == round(sum(usual) / 2) and found.target == 0.5
        answers = [m.odds(REFERENCE[found.name]._replace(applications=found.applications, target=0.5)) for m in (fresh, no_neurology)]
        for side, answer in zip((found.old, found.new), answers, strict=True):
            for name in ("p_ranked", "p_ranked_low", "p_ranked_high"):
                assert getattr(side, name) == pytest.approx(getattr(answer, name), abs=1e-12)
            for name in ("p_apply", "p_apply_low", "p_apply_high"):
                assert getattr(side, name) == pytest.approx(getattr(answer.chain, name), abs=1e-9)
            random = answer.chain.random
            assert (side.required_applications, side.cycle) == (random.applications, answer.applicant.cycle)
            if random.applications is not None:
                assert (side.required_applications_low, side.required_applications_high) == (random.low, random.high)
        assert found.points == pytest.approx(100 * (answers[1].p_ranked - answers[0].p_ranked), abs=1e-9)
        assert found.points_apply == pytest.approx(100 * (answers[1].chain.p_apply - answers[0].chain.p_apply), abs=1e-6)


def test_swapping_flips_the_points(fresh, no_neurology):
    there, back = (compare_applicants(*pair, REFERENCE)[0] for pair in ((fresh, no_neurology), (no_neurology, fresh)))
    assert [replace(a, old=a.new, new=a.old) for a in there] == list(back)
    assert [(-a.points, -a.points_apply, a.overlap) for a in there] == [(a.points, a.points_apply, a.overlap) for a in back]


def test_without_a_chain_in_one_there_is_no_chance_at_application(fresh, no_evidence):
    asked = {"own number": Applicant("IM", "non-us-img", 240, applications=50, target=0.4)}
    for pair in ((fresh, no_evidence), (no_evidence, fresh)):
        (found,) = compare_applicants(*pair, asked)[0]
        assert found.points_apply is found.overlap_apply is found.applications is found.target is found.old.p_apply is found.new.required_applications is None
        assert found.largest == abs(found.points)


def test_an_own_number_and_target_are_kept(fresh):
    (found,) = compare_applicants(fresh, fresh, {"own": Applicant("IM", "non-us-img", 240, applications=50, target=0.3)})[0]
    assert (found.applications, found.target) == (50, 0.3)


OVERLAPS = {((0.2, 0.4), (0.3, 0.5)): True, ((0.2, 0.4), (0.41, 0.5)): False, ((0.2, 0.4), (0.4, 0.5)): True, ((0.2, 0.6), (0.3, 0.4)): True, ((0.5, 0.6), (0.1, 0.2)): False}


@pytest.mark.parametrize("ranges", OVERLAPS)
def test_overlap(ranges):
    old, new = (Side(2027, sum(r) / 2, *r, sum(r) / 2, *r) for r in ranges)
    found = AnswerChange("made up", "Neurology", "us-img", 10, 0.5, old, new)
    assert found.overlap is found.overlap_apply is OVERLAPS[ranges]
    assert found.points_width == pytest.approx(100 * (ranges[1][1] - ranges[1][0] - ranges[0][1] + ranges[0][0]))


@pytest.fixture
def later(content):
    """The same tables, said to be of two years later: only the default cycle and the years of drift differ."""
    new = put(content, "newest_table", lambda y: y + 2)
    for kind in content["types"]:
        new = put(new, f"types.{kind}.year", lambda y: y + 2)
    return Model(new)


def test_each_at_its_own_cycle_or_both_at_one(fresh, later):
    first = fresh.default_cycle
    yog = Applicant("IM", "non-us-img", 240, yog=first - 3)
    (own,) = compare_applicants(fresh, later, {"graduate": yog})[0]
    assert (own.old.cycle, own.new.cycle) == (first, first + 2)
    assert own.new.p_ranked == pytest.approx(later.odds(yog).p_ranked) and own.points < 0  # two years older
    (same,) = compare_applicants(fresh, later, {"graduate": yog}, cycle=first)[0]
    assert (same.old.cycle, same.new.cycle, same.points) == (first, first, 0)
    (kept,) = compare_applicants(fresh, later, {"graduate": yog._replace(cycle=first + 1)}, cycle=first)[0]
    assert kept.old.cycle == kept.new.cycle == first + 1


LEFT_OUT = {  # name: (what NEW lacks, its reason)
    "specialty": ("types.non-us-img.cells.Neurology", "no specialty Neurology of non-us-img"),
    "type": ("types.non-us-img", "unknown applicant type 'non-us-img'; this model knows us-img"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_who_cannot_be_compared_is_listed(fresh, content, name):
    path, reason = LEFT_OUT[name]
    less = Model(without(content, path))
    asked = {"one": Applicant("Neurology", "non-us-img", 250), "two": Applicant("Neurology", "us-img", 250)}
    compared, (one,) = compare_applicants(fresh, less, asked)
    assert [a.name for a in compared] == ["two"] and (one.name, one.old, one.new) == ("one", "", reason)
    assert compare_applicants(less, fresh, asked)[1] == (replace(one, old=reason, new=""),)


TABLE = "specialty,applicant type,step2_ck,applications\nNeurology,non-us-img,250,40\n\nIM,us-img,,\n"


def test_a_table_needs_only_one_of_the_models(fresh, content, no_evidence, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(TABLE, encoding="utf-8")
    less = Model(without(content, "types.non-us-img.cells.Neurology"))
    for pair in ((fresh, less), (less, fresh), (less, no_evidence)):
        rows = read_rows(path, *pair)
        assert [(name, a.specialty, a.step2_ck, a.applications) for name, a in rows.items()] == [("applicant 1", "Neurology", 250, 40), ("applicant 2", "Internal Medicine", None, None)]
        compared, left_out = compare_applicants(*pair, rows)
        assert [a.name for a in compared] == ["applicant 2"] and [a.name for a in left_out] == ["applicant 1"]
    with pytest.raises(RefusedInput, match="row 2: no table of non-us-img has the specialty Neurology"):
        read_rows(path, less, less)


def test_many_are_answered_in_parts(fresh):
    steps, asked = [], {f"{k}": Applicant("IM", "non-us-img", 200 + k / 10) for k in range(600)}
    compared, _ = compare_applicants(fresh, fresh, {**asked}, step=steps.append)
    assert len(compared) == 600 and sum(steps) == 1200 and len(steps) == 6
