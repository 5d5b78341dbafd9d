"""Coherence of all advice over random applicants: better is never worse, answers agree with `predict` and with one another, and everything that is printed can be read."""

import json
import math
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, RefusedInput
from matchmodel.advice import (
    cycles_command,
    levers_command,
    page_html,
    page_text,
    programs_command,
    score_needed_command,
    side_by_side_command,
    split_command,
)
from matchmodel.advice.cycles import timing
from matchmodel.advice.lever_kinds import UNCLEAR, a_year_on, share_against, slope_draws
from matchmodel.advice.levers import what_if
from matchmodel.advice.page import plan
from matchmodel.advice.practice import of_mean
from matchmodel.advice.program_list import programs
from matchmodel.advice.program_table import Program, ProgramTable
from matchmodel.advice.score_needed import target
from matchmodel.advice.side_by_side import specialties
from matchmodel.advice.split import portfolio
from matchmodel.model import Model
from matchmodel.odds import expit, range80, terms
from matchmodel.wording import ASSOCIATION, WIDTH

from ..asking import KINDS, MODEL, applicants, run
from ..worked import DOCS

CLOSE = 1e-9
CHAINED = {kind: [name for name in names if MODEL.has_chain(kind, name)] for kind, names in KINDS.items()}
UNREADABLE = re.compile(r"(?<![A-Za-z])(nan|NaN|inf|Infinity|null)(?![a-z])|\bNone\b(?! of )|\d[eE]-\d\d|(?<![\d.])-0(\.0+)?(?![\d.])")
few = settings(max_examples=25, deadline=None)
lists = st.lists


def chained(draw):
    """Any applicant in a specialty with a chain."""
    who = draw(applicants())
    return who._replace(specialty=draw(st.sampled_from(CHAINED[who.applicant_type])))


def printable(who):
    """The applicant with months to two decimals: 1e-9 months are nobody's."""
    return who._replace(usce_months=None if who.usce_months is None else round(who.usce_months, 2))


def made_up(draw, names):
    """A made-up table of programs, anything in it blank."""
    maybe = lambda values: st.none() | values
    row = st.fixed_dictionaries({
        "specialty": st.sampled_from(names), "invitation_rate_us_img": maybe(st.floats(0, 1)), "invitation_rate_non_us_img": maybe(st.floats(0, 0.2)), "img_share": maybe(st.floats(0, 1)),
        "step2_cutoff": maybe(st.sampled_from([200.0, 230.0, "none"])), "accepts_imgs": maybe(st.sampled_from([True, True, False])), "sponsors_j1": maybe(st.booleans()), "signals": maybe(st.booleans()),
    })  # fmt: skip
    rows = draw(lists(row, min_size=1, max_size=15))
    return ProgramTable("made-up.csv", tuple(Program(k + 2, program=f"Made-up {k}", **known) for k, known in enumerate(rows)), ())


def numbers(value):
    """Yield every number of a result's dict."""
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, float):
        yield value


def ranges(value):
    """Yield (point, low, high) of every figure of a result's dict."""
    if isinstance(value, dict):
        if {"point", "low", "high"} <= set(value):
            yield value["point"], value["low"], value["high"]
        for name, one in value.items():
            if name + "_low" in value and one is not None:
                yield one, value[name + "_low"], value[name + "_high"]
            yield from ranges(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from ranges(one)


def sound(result, lines):
    """Hold a result and its text against what every answer must be."""
    made = result.as_dict()
    json.dumps(made, allow_nan=False)
    for number in numbers(made):
        assert math.isfinite(number) and not (number == 0 and math.copysign(1, number) < 0)
    for point, low, high in ranges(made):
        assert (low is None or low <= point) and (high is None or point <= high)
    text = "\n".join(lines)
    assert ASSOCIATION in " ".join(text.split())
    for line in text.split("\n"):
        assert len(line) <= WIDTH and UNREADABLE.search(line) is None, line
    return made


@few
@given(st.data())
def test_what_can_be_asked_is_answered_soundly(data):
    """Every command, over every mix of unknowns: an answer that can be printed, or a refusal."""
    who = printable(data.draw(applicants()))
    asked = who._replace(applications=data.draw(st.none() | st.integers(1, 5000)), target=data.draw(st.none() | st.floats(0.01, 0.99)))
    taken = data.draw(st.sampled_from([None, True, False]))
    names = data.draw(lists(st.sampled_from(CHAINED[who.applicant_type]), min_size=2, max_size=3, unique=True))
    people = [who._replace(specialty=name) for name in names]
    scores = None if who.step2_ck is not None else data.draw(st.none() | st.builds(of_mean, st.floats(180, 290), st.sampled_from([0, 3, 20])))
    listed = made_up(data.draw, names)
    calls = (
        (lambda: what_if(MODEL, asked, taken), levers_command.lines),
        (lambda: target(MODEL, asked), score_needed_command.lines),
        (lambda: timing(MODEL, asked._replace(target=None), scores), cycles_command.lines),
        (lambda: programs(MODEL, who, listed, 5), programs_command.lines),
        (lambda: portfolio(MODEL, people, asked.applications), split_command.lines),
    )
    answered = 0
    for call, lines in calls:
        try:
            result = call()
        except RefusedInput as error:
            assert str(error) and "\n" not in str(error)
            continue
        sound(result, lines(result))
        answered += 1
    assert answered


@pytest.mark.parametrize("kind, specialty", [(kind, name) for kind, names in CHAINED.items() for name in names if len(name) > 26])
def test_long_names_fit_the_terminal(kind, specialty):
    """Models that were calibrated or updated have longer names, and specialties in a table are what they are."""
    named = Model({**MODEL.content, "name": MODEL.name + "-calibrated"})
    who = Applicant(specialty, kind, step2_ck=245, years_since_graduation=3, usce_months=3)
    listed = ProgramTable("made-up.csv", (Program(2, program="Made-up", specialty=specialty),), ())
    sound(what_if(named, who, False), levers_command.lines(what_if(named, who, False)))
    sound(target(named, who), score_needed_command.lines(target(named, who)))
    sound(timing(named, who), cycles_command.lines(timing(named, who)))
    sound(programs(named, who, listed, 1), programs_command.lines(programs(named, who, listed, 1)))
    split = portfolio(named, [who, who._replace(specialty="Internal Medicine")], 60)
    sound(split, split_command.lines(split))


@settings(max_examples=6, deadline=None)
@given(applicants(), st.sampled_from(["random", "friendliest"]))
def test_specialties_are_those_of_predict(who, order):
    found = specialties(MODEL, who, order)
    sound(found, side_by_side_command.lines(found))
    for row in found.rows:
        one = who._replace(specialty=row.specialty)
        answer = MODEL.odds(one if row.usual is None else one._replace(applications=row.applications, target=found.target))
        assert (row.p_ranked, row.p_ranked_low, row.p_ranked_high) == (answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high)
        if row.usual is not None:
            assert row.needed == (answer.chain.random if order == "random" else answer.chain.friendliest).applications
            if order == "random":
                assert row.p_apply == pytest.approx(answer.chain.p_apply, abs=CLOSE)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_better_lever_never_lowers_the_odds(data):
    who = chained(data.draw)
    try:
        found = what_if(MODEL, who, False)
    except RefusedInput:
        assume(False)
    shown = [lever.chance.point for lever in found.levers]
    assert shown == sorted(shown, reverse=True)
    clear = share_against(slope_draws(MODEL.cell(who.applicant_type, who.specialty))) <= UNCLEAR
    for lever in found.levers:
        if lever.kind in ("usce_months", "more_applications", "friendliest") or (lever.kind == "step2_ck" and clear):
            assert lever.chance.point >= -CLOSE and lever.ranked.point >= -CLOSE
            if lever.needed is not None:
                assert lever.needed.point <= 0  # what raises the chance lowers what is required
        if lever.kind in ("more_applications", "friendliest"):
            assert lever.chance.low >= -CLOSE  # in every draw
        if lever.kind == "specialty":
            assert lever.chance.point > 0


def drawn(model, applicant, applications):
    """P(match) at the point and in every draw, each through its own chain, as `Model.odds` does."""
    chain, found = model.chain_cell(applicant.applicant_type, applicant.specialty), terms(model, model.cell(applicant.applicant_type, applicant.specialty), applicant, applicant.cycle)
    states = chain.states(chain.log_factors(applicant)[0], [expit(v) for v in (found.log_odds, *found.log_odds_draws)])
    return [state.match(min(applications, chain.listed) * state.each) for state in states]


def test_ranges_of_changes_are_those_of_all_draws():
    """Over ordinary applicants nine ends in ten lie within a point of those of two hundred chains a side, and none is four points off."""
    off = []
    for kind, names in CHAINED.items():
        for k, specialty in enumerate(names):
            who = MODEL.cycle_of(Applicant(specialty, kind, step2_ck=225 + 7 * (k % 7), years_since_graduation=k % 9, usce_months=k % 7, step1_failed=k % 4 == 0))
            found = what_if(MODEL, who, False)
            n, later = found.before.applications, a_year_on(MODEL, who)
            after = {
                "step2_ck": (MODEL, who._replace(step2_ck=who.step2_ck + 5), n), "usce_months": (MODEL, who._replace(usce_months=who.usce_months + 3), n),
                "next_year": (later.model, later.applicant, n), "more_applications": (MODEL, who, n + 40),
            }  # fmt: skip
            before = drawn(MODEL, who, n)
            for lever in {lever.kind: lever for lever in reversed(found.levers) if not lever.name.startswith("Step 2 CK +10")}.values():
                if lever.kind not in after:
                    continue
                change = [b - a for a, b in zip(before, drawn(*after[lever.kind]))]
                low, high = range80(change[1:], change[0])
                assert lever.chance.point == pytest.approx(change[0], abs=CLOSE)
                off += [(abs(lever.chance.low - low), lever.kind, kind, specialty), (abs(lever.chance.high - high), lever.kind, kind, specialty)]
    for name in ("step2_ck", "usce_months", "next_year", "more_applications"):
        mine = sorted(one for one in off if one[1] == name)
        assert mine[int(0.9 * len(mine))][0] < 0.01 and mine[-1][0] < 0.04, (name, mine[int(0.9 * len(mine))], mine[-1])


def test_a_list_is_never_below_random_in_any_draw_where_rates_reach_one():
    """Programs whose rates are capped at 1 for a strong applicant are not alike: where the profile's factor is lower, the friendlier one invites more."""
    who = Applicant("Internal Medicine", "us-img", step2_ck=300, years_since_graduation=0, usce_months=12)
    rates = (*[0.06] * 10, *[0.12] * 10)  # the worse ones first in the table
    listed = ProgramTable("made-up.csv", tuple(Program(k + 2, program=f"Made-up {k}", specialty=who.specialty, invitation_rate_us_img=rate, signals=False) for k, rate in enumerate(rates)), ())
    found = programs(MODEL, who, listed, 3)
    assert {one.rate for one in found.picks} == {max(one.rate for one in (*found.picks, *found.others))}


@few
@given(st.data())
def test_the_target_score_reaches_and_one_point_less_does_not(data):
    who = chained(data.draw)._replace(applications=data.draw(st.none() | st.integers(1, 400)), step2_ck=None)
    found = target(MODEL, who, data.draw(st.floats(0.02, 0.98)))

    def chance(score):
        answer = MODEL.odds(who._replace(step2_ck=score))
        return answer.p_ranked if who.applications is None else answer.chain.p_apply

    if not found.reachable:
        assert chance(300) < found.target + CLOSE
        return
    assert chance(found.score) >= found.target - CLOSE
    assert found.any_passing or chance(found.score - 1) < found.target + CLOSE


@few
@given(st.data())
def test_timing_of_a_sure_score_is_predict_and_both_cycles_are_no_worse_than_either(data):
    who, score = chained(data.draw)._replace(step2_ck=None), data.draw(st.integers(180, 290))
    try:
        found = timing(MODEL, who, of_mean(score, 0))
    except RefusedInput:  # a next cycle that is too far away
        assume(False)
    answer = MODEL.odds(who._replace(step2_ck=score, applications=found.applications))
    assert found.now.ranked.point == pytest.approx(answer.p_ranked, abs=1e-12) and found.now.apply.point == pytest.approx(answer.chain.p_apply, abs=CLOSE)
    assert found.now.ranked.low == pytest.approx(answer.p_ranked_low, abs=CLOSE) and found.now.ranked.high == pytest.approx(answer.p_ranked_high, abs=CLOSE)
    assert found.both.point >= max(found.now.chance.point, found.both.second.point) - CLOSE and found.both.low >= max(found.now.chance.low, found.both.second.low) - CLOSE
    assert found.against_both.difference <= CLOSE  # without a gain a second try is as good as waiting


@few
@given(st.data())
def test_the_gain_that_tips_it_does_and_a_point_less_does_not(data):
    who, score = chained(data.draw)._replace(step2_ck=None), of_mean(data.draw(st.integers(200, 260)), 0)
    assume(share_against(slope_draws(MODEL.cell(who.applicant_type, who.specialty))) <= UNCLEAR)
    try:
        tip = timing(MODEL, who, score).tip_now
    except RefusedInput:
        assume(False)
    if tip is None:
        assert timing(MODEL, who, score, 300 - score.mean if score.mean > 200 else 100).against_now.difference <= CLOSE
        return
    assert timing(MODEL, who, score, tip).against_now.difference > 0
    assert tip == 0 or timing(MODEL, who, score, tip - 1).against_now.difference <= CLOSE


@few
@given(st.data())
def test_a_portfolio_is_never_below_its_best_single_specialty_and_rises_with_the_budget(data):
    who = data.draw(applicants())
    names = data.draw(lists(st.sampled_from(CHAINED[who.applicant_type]), min_size=2, max_size=3, unique=True))
    people = [who._replace(specialty=name) for name in names]
    wishes = data.draw(st.none() | lists(st.floats(0.1, 1), min_size=len(names), max_size=len(names)))
    budget, more = data.draw(st.integers(1, 250)), data.draw(st.integers(1, 60))
    found = portfolio(MODEL, people, budget, wishes=wishes)
    assert sum(found.split) <= budget
    for k, one in enumerate(people):
        alone = MODEL.odds(one._replace(applications=min(budget, found.parts[k].listed))).chain.p_apply
        assert found.value >= (1.0 if wishes is None else wishes[k]) * alone - CLOSE
        if found.corner == one.specialty:
            assert found.chance.point == pytest.approx(alone, abs=CLOSE)
    for other in found.others:
        assert other.value <= found.value + CLOSE
    assert portfolio(MODEL, people, budget + more, wishes=wishes).value >= found.value - CLOSE


@few
@given(st.data())
def test_a_list_of_programs_is_never_below_random_and_rises_with_the_budget(data):
    who = chained(data.draw)
    names = data.draw(lists(st.sampled_from(CHAINED[who.applicant_type]), min_size=1, max_size=2, unique=True))
    listed, n = made_up(data.draw, names), data.draw(st.integers(1, 12))
    found = programs(MODEL, who, listed, n)
    if found.chance is None:
        assert not found.picks
        return
    assert found.chance.point >= found.random_in_table.point - CLOSE and found.chance.point >= found.without_signals - CLOSE
    assert programs(MODEL, who, listed, n + 3).chance.point >= found.chance.point - CLOSE
    dropped = {one.row for one in found.dropped}
    assert not dropped & {one.row for one in (*found.picks, *found.others)} and len(dropped) + len(found.picks) + len(found.others) == len(listed.programs)


@settings(max_examples=5, deadline=None)
@given(st.data())
def test_a_plan_tells_what_the_single_commands_tell(data):
    who = printable(chained(data.draw))
    found = plan(MODEL, who, [name for name in data.draw(lists(st.sampled_from(KINDS[who.applicant_type]), max_size=2, unique=True)) if name != who.specialty])
    sound(found, page_text.text_lines(found))
    for part in found.specialties:
        one = who._replace(specialty=part.name)
        assert part.answer.p_ranked == MODEL.odds(one).p_ranked and part.score.score == target(MODEL, one, found.target).score
        if part.answer.chain is not None:
            answer = MODEL.odds(one._replace(applications=part.answer.chain.applications, target=found.target))
            assert part.answer.chain == answer.chain and part.standing.p == answer.p_ranked
            at = next(row for row in part.curve if row[0] == part.answer.chain.applications)
            assert at[1] == pytest.approx(answer.chain.p_apply, abs=CLOSE)
    first = found.first.answer.chain
    assert found.levers.before.chance.point == pytest.approx(first.p_apply, abs=CLOSE)
    if found.timing is not None:
        assert found.timing.now.apply.point == pytest.approx(first.p_apply, abs=CLOSE)
    if found.portfolio is not None:
        assert {part.specialty for part in found.portfolio.parts} == {part.name for part in found.specialties if part.answer.chain is not None}
    pages = re.sub(r"<style>.*?</style>", "", page_html.html(found), flags=re.DOTALL)
    assert "<script" not in pages and UNREADABLE.search(re.sub(r'fill="none"', "", pages)) is None


WHO = ["--applicant-type", "non-us-img", "--step2", "245", "--yog", "2022", "--usce", "3", "--visa", "yes"]
ASKED = {
    "what-if": ["--specialty", "IM"], "target": ["--specialty", "IM"], "timing": ["--specialty", "IM"], "portfolio": ["--specialty", "IM", "--backup", "FM"], "specialties": [],
    "plan": ["--specialty", "IM", "--out", "-"], "programs": ["--table", str(DOCS / "made-up-programs.csv"), "--specialty", "IM", "--applications", "10"],
}  # fmt: skip


@pytest.mark.parametrize("command", sorted(ASKED))
def test_the_command_line_prints_and_gives_json(capsys, command):
    status, out, err = run(capsys, command, *ASKED[command], *WHO)
    assert (status, err) == (0, "") and max(map(len, out.split("\n"))) <= WIDTH and ASSOCIATION in " ".join(out.split())
    status, out, err = run(capsys, command, *ASKED[command], *WHO, "--json")
    assert (status, err) == (0, "")
    json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} in the JSON of {command}"))
