"""One question, one answer: every command's `answer` is that of `predict`; what is printed can be read."""

import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, Question, RefusedInput
from matchmodel.advice.plan import plan
from matchmodel.advice.portfolio import portfolio
from matchmodel.advice.practice import of_mean
from matchmodel.advice.programs import programs
from matchmodel.advice.programs.table import Program, ProgramTable
from matchmodel.advice.specialties import specialties
from matchmodel.advice.target import target
from matchmodel.advice.timing import timing
from matchmodel.advice.what_if import what_if
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import ASSOCIATION, WIDTH

from ..asking import KINDS, MODEL, applicants, run
from ..worked import DOCS

CHAINED = {kind: [name for name in names if MODEL.has_chain(kind, name)] for kind, names in KINDS.items()}
UNREADABLE = re.compile(
    r"(?<![A-Za-z])(nan|NaN|inf|Infinity|null)(?![a-z])|\bNone\b(?! of )|\d[eE]-\d\d"
    r"|(?<![\d.])-0(\.0+)?(?![\d.])"
)


def printable(who):
    """The applicant with months to two decimals: 1e-9 months are nobody's."""
    return who.replace(usce_months=None if who.usce_months is None else round(who.usce_months, 2))


def numbers(value):
    """Yield every number of a result's dict."""
    for one in (
        value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    ):
        yield from numbers(one)
    if isinstance(value, float):
        yield value


def ranges(value):
    """Yield (point, low, high) of every number with a range in a result's dict."""
    if isinstance(value, dict):
        if {"point", "low", "high"} <= set(value):
            yield value["point"], value["low"], value["high"]
        for name, one in value.items():
            if name + "_low" in value and one is not None:
                yield one, value[name + "_low"], value[name + "_high"]
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from ranges(one)


def sound(result, lines):
    """Hold a result and its text to what every answer must be."""
    made = result.to_dict()
    json.dumps(made, allow_nan=False)
    for number in numbers(made):
        assert math.isfinite(number)
    for point, low, high in ranges(made):
        assert (low is None or low <= point) and (high is None or point <= high)
    said = "\n".join(lines)
    assert (
        ASSOCIATION in " ".join(said.split())
        or made["answer"] is not None
        and made["answer"]["p_ranked"] is None
    )
    for line in said.split("\n"):
        assert len(line) <= WIDTH and UNREADABLE.search(line) is None, line
    return made


def page_lines(result, details=False):
    return terminal(result.page(details))


def one_program(specialty):
    return ProgramTable(
        "made-up.csv", (Program(2, program="Made-up", specialty=specialty, accepts_imgs=True),)
    )


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_what_can_be_asked_is_answered_soundly_and_as_predict_does(data):
    """Every command that is asked about one applicant, over every mix of unknowns: an answer or a refusal."""
    who = printable(data.draw(applicants()))
    question = Question(
        data.draw(st.none() | st.integers(1, 900)),
        data.draw(st.none() | st.floats(0.02, 0.98)),
        data.draw(st.none() | st.integers(0, 60)),
    )
    taken = data.draw(st.sampled_from([None, True, False]))
    other = data.draw(
        st.sampled_from([name for name in CHAINED[who.applicant_type] if name != who.specialty])
    )
    scores = (
        None
        if who.step2_ck is not None
        else data.draw(st.sampled_from([None, of_mean(238, 0), of_mean(238, 9)]))
    )
    listed, ten = one_program(who.specialty), question.replace(applications=10)
    calls = (
        (question, lambda: what_if(MODEL, who, question, taken)),
        (question, lambda: target(MODEL, who, question, taken)),
        (question, lambda: timing(MODEL, who, question, scores)),
        (question, lambda: portfolio(MODEL, who, [other], question)),
        (ten, lambda: programs(MODEL, who, listed, ten)),
    )
    for asked, call in calls:
        try:
            result = call()
        except RefusedInput as refused:
            assert str(refused) and "\n" not in str(refused)
            continue
        made = sound(result, page_lines(result))
        assert made["answer"] == MODEL.odds(who, asked).to_dict()


@pytest.mark.parametrize("kind", KINDS)
def test_specialties_and_plan_are_predict_too(kind):
    who, question = (
        Applicant("Internal Medicine", kind, step2_ck=243, yog=2021, usce_months=2),
        Question(interviews=4),
    )
    side = specialties(MODEL, who, question)
    sound(side, page_lines(side))
    for answer in side.to_dict()["answers"]:
        assert answer == MODEL.odds(who.replace(specialty=answer["specialty"]), question).to_dict()
    page = plan(MODEL, who, question)
    assert page.to_dict()["answer"] == MODEL.odds(who, question).to_dict()
    assert page.levers == what_if(MODEL, who, question)


@pytest.mark.parametrize("kind", KINDS)
def test_long_names_fit_the_terminal(kind):
    for specialty in (name for name in CHAINED[kind] if len(name) > 22):
        who = Applicant(specialty, kind, step2_ck=245, years_since_graduation=3, usce_months=3)
        for details in (False, True):
            levers = what_if(MODEL, who, Question(interviews=12), False)
            sound(levers, page_lines(levers, details))
            needed = target(MODEL, who, Question(interviews=12))
            sound(needed, page_lines(needed, details))
            cycles = timing(MODEL, who)
            sound(cycles, page_lines(cycles, details))
            split = portfolio(MODEL, who, ["Internal Medicine"], Question(applications=60))
            sound(split, page_lines(split, details))


WHO = ["--applicant-type", "non-us-img", "--step2", "245", "--yog", "2022", "--usce", "3", "--visa", "yes"]
ASKED = {
    "what-if": ["--specialty", "IM"],
    "target": ["--specialty", "IM"],
    "timing": ["--specialty", "IM"],
    "portfolio": ["--specialty", "IM", "--backup", "FM"],
    "specialties": [],
    "plan": ["--specialty", "IM", "--out", "-"],
    "programs": ["--table", str(DOCS / "made-up-programs.csv"), "--specialty", "IM", "--applications", "10"],
}


@pytest.mark.parametrize("command", sorted(ASKED))
@pytest.mark.parametrize("held", [(), ("--interviews", "3")])
def test_the_command_line_gives_the_same(capsys, command, held):
    status, out, err = run(capsys, command, *ASKED[command], *WHO, *held, "--json")
    assert (status, err) == (0, "")
    made = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} in the JSON of {command}"))
    number = ["--applications", "10"] if command == "programs" else []
    predicted = json.loads(run(capsys, "predict", "--specialty", "IM", *WHO, *held, *number, "--json")[1])
    if command == "specialties":
        assert predicted in made["answers"]
    else:
        assert made["answer"] == predicted
