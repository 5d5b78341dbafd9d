"""The list: never below the same number at random, never with a dropped program, never lower for a larger budget, and the chain's own numbers."""

import csv
import json
from copy import copy
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant
from matchmodel.advice.profile import Profile
from matchmodel.advice.program_list import programs
from matchmodel.advice.program_table import Program, ProgramTable, read_programs
from matchmodel.advice.programs_command import lines
from matchmodel.errors import NotInModel, RefusedInput
from matchmodel.model import Model

from ..asking import MODEL, applicants, run
from ..worked import DOCS

MADE_UP = DOCS / "made-up-programs.csv"
TABLE = read_programs(MADE_UP)
WHO = Applicant("IM", "non-us-img", step2_ck=245, yog=2022, usce_months=3, visa_needed=True, step1_attempts=1, step2_attempts=1)
WORDS = "--applicant-type non-us-img --step2 245 --yog 2022 --usce 3 --visa yes".split()
maybe = lambda values: st.none() | values  # noqa: E731


def one(k, specialty="Internal Medicine", **known):
    return Program(k + 2, program=f"Made-up {k}", specialty=specialty, **known)


def table(*rows):
    return ProgramTable("made-up.csv", tuple(rows), ())


@st.composite
def tables(draw, specialty, most=12):
    """A made-up table of a specialty, anything in it blank."""
    known = st.fixed_dictionaries({
        "invitation_rate_us_img": maybe(st.floats(0, 1)), "invitation_rate_non_us_img": maybe(st.floats(0, 0.3)), "applicants_non_us_img": maybe(st.integers(1, 3000)), "img_share": maybe(st.floats(0, 1)),
        "step2_cutoff": maybe(st.floats(200, 260)), "attempts_accepted": maybe(st.integers(1, 4)), "years_since_graduation_accepted": maybe(st.floats(0, 20)), "sponsors_j1": maybe(st.booleans()),
        "accepts_imgs": maybe(st.booleans()), "signals": maybe(st.booleans()),
    })  # fmt: skip
    return [one(k, specialty, **row) for k, row in enumerate(draw(st.lists(known, min_size=1, max_size=most)))]


def without(**parts):
    """The model with parts of `advice` replaced."""
    content = copy(MODEL.content)
    content["advice"] = {**content["advice"], **parts}
    return Model(content)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_over_random_applicants_and_tables(data):
    who = data.draw(applicants())
    rows = data.draw(tables(who.specialty))
    n, signals = data.draw(st.integers(1, 12)), data.draw(maybe(st.integers(0, 6)))
    made = programs(MODEL, who, table(*rows), n, signals=signals)
    everything = [p.row for p in (*made.picks, *made.others, *made.dropped)]
    assert sorted(everything) == [r.row for r in rows] and all(d.reasons for d in made.dropped)
    assert made.applications == len(made.picks) == min(n, len(made.picks) + len(made.others))
    assert all(len(line) <= 80 and line.isprintable() for text in lines(made, True) for line in text.split("\n"))
    json.dumps(made.as_dict(), allow_nan=False)
    if made.chance is None:
        assert not made.picks or not MODEL.has_chain(who.applicant_type, who.specialty)
        return
    assert made.chance.point >= made.random_in_table.point - 1e-12 and made.gain_in_table.point == made.chance.point - made.random_in_table.point
    for figure in (made.chance, made.expected, made.p_any_invitation, made.random_in_table, made.random_everywhere):
        assert 0 <= figure.low <= figure.point <= figure.high
    assert made.without_signals <= made.chance.point + 1e-12 and sum(p.signal for p in made.picks) == made.parts[0].spent <= made.parts[0].signals
    assert sum(p.chance for p in made.picks) == pytest.approx(made.expected.point) and all(p.low <= p.chance <= p.high <= 1 for p in made.picks)
    longer = programs(MODEL, who, table(*rows), n + 1, signals=signals)
    assert longer.chance.point >= made.chance.point - 1e-12 and [p.row for p in longer.picks][: len(made.picks)] == [p.row for p in made.picks]


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_over_two_specialties(data):
    who = data.draw(applicants(specialty="Internal Medicine"))
    rows = data.draw(tables("Internal Medicine", 5)) + [p._replace(row=p.row + 100) for p in data.draw(tables("Family Medicine", 5))]
    if data.draw(st.booleans()):
        how = {"applications": data.draw(st.integers(1, 10))}
        more = {"applications": how["applications"] + 1}
    else:
        how = {"budget": data.draw(st.floats(11, 200))}
        more = {"budget": how["budget"] + 15}
    made = programs(MODEL, who, table(*rows), **how)
    if made.chance is None:
        return
    assert made.chance.point >= made.random_in_table.point - 1e-9 and made.fees_usd <= how.get("budget", 1e6)
    assert programs(MODEL, who, table(*rows), **more).chance.point >= made.chance.point - 1e-4  # the search reads a curve off a grid
    for name in ("Internal Medicine", "Family Medicine"):
        alone = programs(MODEL, who, table(*rows), specialties=[name], **how)
        assert alone.chance is None or made.chance.point >= alone.chance.point - 2e-4


def test_the_list_is_the_best_by_brute_force_over_subsets_and_signals():
    """By the chain itself: every subset of five and every two signals among it, of eight programs."""
    rows = [one(k, invitation_rate_non_us_img=r, accepts_imgs=True) for k, r in enumerate((0.01, 0.08, 0.03, 0.02, 0.12, 0.005, 0.04, 0.02))]
    made = programs(MODEL, WHO, table(*rows), 5, signals=2)
    worth = {p.row: p for p in (*made.picks, *made.others)}
    chain = Profile(MODEL, WHO).state
    best = 0.0
    for chosen in combinations(sorted(worth), 5):
        for sent in combinations(chosen, 2):
            best = max(best, chain.match(sum(worth[r].signalled if r in sent else worth[r].plain for r in chosen)))
    assert made.chance.point == pytest.approx(best, abs=1e-12)


def test_programs_at_the_mean_and_no_signals_are_the_answer_of_predict():
    """Where nothing is known of any program, a list is as good as random, and that is predict."""
    rows = [one(k) for k in range(30)]
    made = programs(without(program_signal=None), WHO, table(*rows), 25)
    answer = MODEL.odds(WHO._replace(applications=25))
    chain = answer.chain
    assert made.chance.point == pytest.approx(chain.p_apply, abs=1e-9)
    assert (made.chance.low, made.chance.high) == (pytest.approx(chain.p_apply_low, abs=0.01), pytest.approx(chain.p_apply_high, abs=0.01))
    assert made.expected.point == pytest.approx(chain.expected) and made.p_any_invitation.point == pytest.approx(chain.p_any, abs=1e-9)
    assert made.random_everywhere.point == made.random_as_predict == pytest.approx(chain.p_apply, abs=1e-9) and made.gain_in_table.point == pytest.approx(0, abs=1e-12)
    assert {p.kind for p in made.picks} == {"mean"} and {p.basis for p in made.picks} == {"assumed"}
    assert programs(MODEL, WHO, table(*rows), 25).random_as_predict == pytest.approx(chain.p_apply, abs=1e-9)


def test_two_specialties_with_one_empty_are_the_other_alone():
    rows = [p for p in TABLE.programs if p.specialty == "Internal Medicine"] + [one(200, "Pediatrics", accepts_imgs=False)]
    both, alone = programs(MODEL, WHO, table(*rows), 10), programs(MODEL, WHO, table(*rows), 10, specialties=["IM"])
    assert both.chance.point == alone.chance.point and both.picks == alone.picks and [p.applications for p in both.parts] == [10, 0]


def test_signals_come_from_the_table_of_signals_unless_they_are_said():
    signals = MODEL.content["advice"]["signals"]["Internal Medicine"]["total"]
    usual, none, two = (programs(MODEL, WHO, TABLE, 12, specialties=["IM"], signals=s) for s in (None, 0, 2))
    assert usual.parts[0].signals == signals and [sum(p.signal for p in made.picks) for made in (none, two)] == [0, 2]
    assert none.chance.point == none.without_signals == two.without_signals < two.chance.point < usual.chance.point
    assert not any(p.signal for p in usual.picks if p.row == next(r.row for r in TABLE.programs if r.signals is False))
    assert any("upper bound" in note and "gold from silver" in note for note in usual.notes)
    older = programs(without(program_signal=None), WHO, TABLE, 12, specialties=["IM"])
    assert sum(p.signal for p in older.picks) == 0 and any("no effect of a signal" in note for note in older.notes)
    bare = copy(MODEL.content)
    bare.pop("advice")
    assert programs(Model(bare), WHO, TABLE, 12).chance.point > 0


def test_without_a_chain_programs_stand_in_the_order_of_their_rates():
    (name,) = sorted(set(MODEL.specialties("non-us-img")) - {s for s in MODEL.specialties("non-us-img") if MODEL.has_chain("non-us-img", s)})[:1]
    rows = [one(k, name, invitation_rate_non_us_img=r) for k, r in enumerate((0.02, None, 0.3, 0.1))]
    made = programs(MODEL, WHO, table(*rows), 3)
    assert [p.row for p in made.picks] == [4, 5, 2] and made.chance is None and made.picks[0].rate == 0.3 and made.picks[0].mark is None
    assert programs(MODEL, WHO, table(*rows), 4).picks[-1].chance is None
    assert any("no invitation rates of this specialty" in note for note in made.notes)
    chainless = copy(MODEL.content)
    chainless["chain"] = None
    assert programs(Model(chainless), WHO, TABLE, 5, specialties=["IM"]).chance is None
    with pytest.raises(NotInModel, match="cannot be weighed against one another; ask for one"):
        programs(Model(chainless), WHO, TABLE, 5)
    mixed = programs(MODEL, WHO, table(*rows, one(9, accepts_imgs=True)), 3)
    assert [p.specialty for p in mixed.parts] == ["Internal Medicine"] and mixed.aside == ((name, 4, "the model has no invitation rates of it"),)


def test_nothing_that_can_work_is_an_answer(capsys, tmp_path):
    made = programs(MODEL, WHO, table(one(0, accepts_imgs=False)), 3)
    assert made.chance is None and made.applications == 0 and len(made.dropped) == 1
    assert any("No program of the table can work" in line for line in lines(made))


REFUSED = {
    "neither": ({}, "say how much: --applications with a number of programs, or --budget with dollars; one of the two"),
    "both": ({"applications": 3, "budget": 100}, "one of the two"),
    "little": ({"budget": 5}, r"pays for no application; the first costs \$11"),
    "negative": ({"budget": -5}, "it is in dollars, more than 0"),
    "words": ({"budget": "much"}, "budget is 'much', not a number"),
    "signals": ({"applications": 3, "signals": -1}, "signals is -1; it is between 0 and 1000"),
    "visa": ({"applications": 3, "visa_type": "O-1"}, "visa type is 'O-1'"),
    "specialty": ({"applications": 3, "specialties": ["Neurology"]}, "the table has no program of Neurology; it has Internal Medicine, Pediatrics"),
    "zero": ({"applications": 0}, "applications is 0; it is a whole number between 1 and"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    how, said = REFUSED[name]
    with pytest.raises(RefusedInput, match=said):
        programs(MODEL, WHO, TABLE, **how)


def test_dollars_without_a_schedule_are_refused():
    with pytest.raises(RefusedInput, match="no fees for Obstetrics and Gynecology"):
        programs(MODEL, WHO, table(one(0, "Obstetrics and Gynecology")), budget=100)
    assert programs(MODEL, WHO, table(one(0, "Obstetrics and Gynecology")), 1).fees_usd is None


COMMANDS = [
    (["--applicant-type", "non-us-img", "--applications", "3"], "give --table with your programs as CSV; --template FILE.csv writes an empty one"),
    (["--table", MADE_UP, "--applications", "3"], "say who: --applicant-type non-us-img or us-img"),
    (["--table", MADE_UP, *WORDS, "--applications", "3", "--target", "0.5"], "--target is for predict"),
    (["--table", MADE_UP, *WORDS, "--applications", "3", "--out", MADE_UP], "--out is your own table"),
    (["--table", MADE_UP, "--template", "new.csv"], "give one of them"),
    (["--table", "nowhere.csv", *WORDS, "--applications", "3"], "there is no table nowhere.csv"),
]


@pytest.mark.parametrize(("words", "said"), COMMANDS)
def test_the_command_refuses_in_one_line(capsys, words, said):
    status, out, error = run(capsys, "programs", *words)
    assert status == 2 and not out and said in error and error.count("\n") == 1


def test_json_is_the_result_and_the_file_has_every_program(capsys, tmp_path):
    out = tmp_path / "list.csv"
    status, said, _ = run(capsys, "programs", "--table", MADE_UP, *WORDS, "--budget", "150", "--visa-type", "J-1", "--json", "--out", out)
    who = Applicant("IM", "non-us-img", step2_ck=245, yog=2022, usce_months=3, visa_needed=True)
    made = programs(MODEL, who, TABLE, budget=150, visa_type="j1")
    assert status == 0 and json.loads(said) == json.loads(json.dumps(made.as_dict()))
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == 40 and [r["program"] for r in rows if r["status"] == "listed"] == [p.program for p in made.picks]
    assert all(r["reasons"] for r in rows if r["status"] == "dropped") and not any(r["reasons"] for r in rows if r["status"] != "dropped")


def test_long_names_and_long_lists_fit():
    rows = [one(k, invitation_rate_non_us_img=0.01 + k / 1000)._replace(program=f"Made-up Program of an Uncommonly Long Name That Goes On {k}", state="A State of a Long Name") for k in range(60)]
    short, long = ("\n".join(lines(programs(MODEL, WHO, table(*rows), 60), everything)).split("\n") for everything in (False, True))
    assert max(map(len, short + long)) <= 80 and any("and 35 more: --all shows them" in line for line in short) and len(long) > len(short) + 30
