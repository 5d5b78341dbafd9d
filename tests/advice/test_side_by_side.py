"""All specialties side by side: the chances of `predict`, the points of its applications, ranges near its own."""

import json
from math import log
from statistics import median

import pytest
from hypothesis import given, settings

from matchmodel import Applicant
from matchmodel.advice.side_by_side import SORTS, how_much, published_of, specialties
from matchmodel.advice.side_by_side_command import lines
from matchmodel.errors import NotInModel, RefusedInput
from matchmodel.model import Model
from matchmodel.specialties import canonical_specialty, short_name

from ..asking import MODEL, applicants, run

WHO = [  # what is known
    {"step2_ck": 250, "yog": 2024, "usce_months": 4, "visa_needed": True},
    {"step2_ck": 225, "yog": 2014, "step1_failed": True},
    {},
]


def of(kind, known):
    return Applicant("Internal Medicine", kind, **{k: v for k, v in known.items() if k != "visa_needed" or kind != "us-img"})


@settings(max_examples=12, deadline=None)
@given(applicants())
def test_the_chances_are_those_of_predict(applicant):
    side = specialties(MODEL, applicant)
    assert sorted(row.specialty for row in side.rows) == MODEL.specialties(applicant.applicant_type)
    for row in side.rows:
        answer = MODEL.odds(applicant._replace(specialty=row.specialty))
        assert (row.p_ranked, row.p_ranked_low, row.p_ranked_high, row.average) == (answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high, answer.average)
        assert row.extrapolated == answer.extrapolated


@settings(max_examples=5, deadline=None)
@given(applicants())
def test_the_points_of_applications_are_those_of_predict(applicant):
    for row in specialties(MODEL, applicant._replace(target=0.4)).rows:
        if row.usual is None:
            assert not MODEL.has_chain(applicant.applicant_type, row.specialty) and row.needed is None and row.usd is None
            continue
        chain = MODEL.odds(applicant._replace(specialty=row.specialty, applications=row.usual, target=0.4)).chain
        assert row.p_apply == pytest.approx(chain.p_apply, abs=1e-12)
        assert (row.needed, row.usd, row.listed) == (chain.random.applications, chain.random.fees_usd, chain.listed)
        assert row.best == pytest.approx(chain.random.best, abs=1e-12)
        assert row.p_apply_low <= row.p_apply <= row.p_apply_high
        if row.needed is not None:
            assert row.needed_low <= row.needed and (row.needed_high is None or row.needed <= row.needed_high)


@pytest.mark.parametrize("kind", ["non-us-img", "us-img"])
def test_the_ranges_are_nearly_those_of_predict(kind):
    """What the docstring of `chain_of` says: half of the ends of chances within 0.15 points, of required applications within 3%."""
    off, counts, open_ends = [], [], []
    for known in WHO:
        for row in specialties(MODEL, of(kind, known)).rows:
            if row.usual is None:
                continue
            chain = MODEL.odds(of(kind, known)._replace(specialty=row.specialty, applications=row.usual, target=0.5)).chain
            off += [abs(row.p_apply_low - chain.p_apply_low), abs(row.p_apply_high - chain.p_apply_high)]
            if chain.random.reachable:
                counts += [abs(log(a / b)) for a, b in ((row.needed_low, chain.random.low), (row.needed_high, chain.random.high)) if a is not None and b is not None]
                open_ends.append((row.needed_high is None) == (chain.random.high is None))
    assert median(off) < 0.0015 and sorted(off)[int(0.9 * len(off))] < 0.01 and max(off) < 0.1
    assert median(counts) < 0.03 and sorted(counts)[int(0.9 * len(counts))] < 0.1
    assert sum(open_ends) >= 0.95 * len(open_ends)


def test_applications_asked_for_and_the_friendliest_order():
    who = of("non-us-img", WHO[0])._replace(applications=120)
    random, first = specialties(MODEL, who), specialties(MODEL, who, order="friendliest")
    for row in random.rows:
        other = first.row(row.specialty)
        if row.usual is not None:
            assert row.applications == min(120, row.listed)
            assert other.p_apply >= row.p_apply - 1e-12 and (row.needed is None or other.needed <= row.needed)
            chain = MODEL.odds(who._replace(specialty=row.specialty, target=0.5)).chain
            assert row.p_apply == pytest.approx(chain.p_apply, abs=1e-12) and other.needed == chain.friendliest.applications
    im = random.row("Internal Medicine")
    chain = MODEL.odds(who._replace(target=0.5)).chain
    assert im.p_apply_low == pytest.approx(chain.p_apply_low, abs=0.005) and im.p_apply_high == pytest.approx(chain.p_apply_high, abs=0.005)


def test_sorted_as_asked():
    side = {sort: specialties(MODEL, of("non-us-img", WHO[0]), sort=sort).rows for sort in SORTS}
    assert [r.specialty for r in side["name"]] == MODEL.specialties("non-us-img")
    assert side["ranked"] == tuple(sorted(side["name"], key=lambda r: -r.p_ranked))
    apply = [r.p_apply for r in side["apply"]]
    known = [p for p in apply if p is not None]
    assert known == sorted(known, reverse=True) and None not in apply[: len(known)]
    needed = [r.needed for r in side["applications"]]
    reached = [n for n in needed if n is not None]
    assert reached == sorted(reached) and None not in needed[: len(reached)]
    assert all(r.usual is None for r in side["applications"][-2:])


@pytest.mark.parametrize(
    ("specialty", "kind", "word", "reasons"),
    [
        ("Internal Medicine", "non-us-img", "well", ()),
        ("Internal Medicine", "us-img", "partly", ("derived from another type",)),
        ("Child Neurology", "non-us-img", "partly", ("50 applicants",)),
        ("Child Neurology", "us-img", "little", ("50 applicants", "derived from another type")),
        ("Dermatology", "non-us-img", "little", ("30 applicants", "no slope of its own")),
    ],
)
def test_how_much_is_known(specialty, kind, word, reasons):
    assert how_much(MODEL, MODEL.cell(kind, specialty))[:2] == (word, reasons)


def test_suppressed_counts_are_little_known():
    cell = MODEL.cell("non-us-img", "Internal Medicine")
    content = {**MODEL.content, "types": {"non-us-img": {**MODEL.type("non-us-img"), "cells": {"Internal Medicine": {**cell.content, "published": None}}}}}
    other = Model(content)
    assert how_much(other, other.cell("non-us-img", "Internal Medicine")) == ("little", ("counts suppressed",), None)


def test_positions_are_as_published_and_borrowed_for_us_imgs():
    side = specialties(MODEL, of("us-img", {}))
    assert side.row("Internal Medicine").positions == int(MODEL.content["advice"]["published"]["non-us-img"]["Internal Medicine"]["positions"])
    assert any("table of non-US IMGs prints them" in note for note in side.notes)
    assert published_of(MODEL, "us-img")[1] == "non-us-img"


def test_a_model_without_chain_or_advice_still_answers():
    bare = Model({**MODEL.content, "chain": None, "advice": None})
    side = specialties(bare, of("non-us-img", WHO[0]))
    assert all(row.usual is None and row.positions is None and row.p_apply is None for row in side.rows)
    assert any("no published positions" in note for note in side.notes)
    assert all(len(line) <= 80 for part in lines(side) for line in part.split("\n"))


@settings(max_examples=15, deadline=None)
@given(applicants())
def test_it_fits_eighty_columns(applicant):
    for order in ("random", "friendliest"):
        text = "\n".join(lines(specialties(MODEL, applicant, order)))
        assert max(map(len, text.split("\n"))) <= 80
        assert "not what a change would cause" in " ".join(text.split())


def test_short_names_are_names_that_every_command_takes():
    for kind in MODEL.applicant_types:
        for name in MODEL.specialties(kind):
            assert len(short_name(name, 24)) <= 24 and canonical_specialty(short_name(name, 24)) == name


def test_json_is_the_result(capsys):
    words = ["specialties", "--applicant-type", "non-us-img", "--step2", 250, "--visa", "yes", "--sort", "apply", "--target", 0.4]
    status, out, _ = run(capsys, *words, "--json")
    assert status == 0
    result = specialties(MODEL, Applicant("IM", "non-us-img", 250, visa_needed=True, target=0.4), sort="apply")
    assert json.loads(out) == json.loads(json.dumps(result.as_dict()))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--applicant-type", "martian"], "unknown applicant type 'martian'"),
        (["--applicant-type", "us-img", "--visa", "yes"], "need no visa"),
        (["--applicant-type", "us-img", "--sort", "luck"], "invalid choice: 'luck'"),
        (["--applicant-type", "us-img", "--cycle", "2090"], "more than 10 years from the table"),
        (["--applicant-type", "us-img", "--target", "1"], "it is a chance between 0 and 1"),
        (["--applicant-type", "us-img", "--applications", "none"], "not a number"),
    ],
)
def test_it_refuses_in_one_line(words, said, capsys):
    status, out, err = run(capsys, "specialties", *words)
    assert (status, out, err.count("\n")) == (2, "", 1) and said in err


def test_the_function_refuses_too():
    with pytest.raises(RefusedInput, match="say one of ranked, apply, applications, name"):
        specialties(MODEL, of("us-img", {}), sort="luck")
    with pytest.raises(RefusedInput, match="random or friendliest"):
        specialties(MODEL, of("us-img", {}), order="alphabet")
    with pytest.raises(NotInModel, match="unknown applicant type"):
        specialties(MODEL, Applicant("IM", "martian"))
