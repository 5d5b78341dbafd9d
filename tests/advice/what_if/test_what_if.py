"""What-if: levers are `predict` asked twice, in every draw; better ones never lower the odds."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, Question, RefusedInput
from matchmodel.advice.common import people_a_year_on
from matchmodel.advice.luck import Shared, as_asked
from matchmodel.advice.notes import text
from matchmodel.advice.what_if import what_if
from matchmodel.advice.what_if.levers import change_of_needed
from matchmodel.model import Model
from matchmodel.model.engine import one_range
from matchmodel.report.blocks import Grid
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import ASSOCIATION, percent

from ...asking import KINDS, MODEL, applicants, run

WHO = {
    "specialty": "Internal Medicine",
    "applicant_type": "non-us-img",
    "step2_ck": 245,
    "yog": 2022,
    "usce_months": 3,
    "visa_needed": True,
}


def asked(taken=False, question=None, **changes):
    return what_if(MODEL, Applicant(**{**WHO, **changes}), question, taken)


def said(result, details=False):
    return "\n".join(terminal(result.page(details)))


def by_kind(result):
    return {lever.kind: lever for lever in result.levers}


def codes(notes):
    return {note.code for note in notes}


CHANGES = {  # lever -> what is changed
    "Step 2 CK +5, to 250": ({"step2_ck": 250}, 100),
    "Step 2 CK +10, to 255": ({"step2_ck": 255}, 100),
    "USCE +3, to 6 months": ({"usce_months": 6}, 100),
    "next year, 2028": ({"cycle": 2028}, 100),
    "40 more applications": ({}, 140),
}


def test_levers_are_predict_asked_twice():
    """Every side is what `predict` says of the changed applicant, and a change is the difference."""
    result, question = asked(question=Question(applications=100)), Question(applications=100)
    before = MODEL.odds(Applicant(**WHO), question)
    assert result.answer == before
    levers = {text(lever.name): lever for lever in result.levers}
    assert set(CHANGES) == set(levers)
    for name, (changed, n) in CHANGES.items():
        after, lever = MODEL.odds(Applicant(**{**WHO, **changed}), Question(applications=n)), levers[name]
        assert lever.after.chance == after.p_apply and lever.after.ranked == after.p_ranked
        assert lever.chance.point == pytest.approx(after.p_apply.point - before.p_apply.point, abs=1e-12)
        assert lever.ranked.point == pytest.approx(after.p_ranked.point - before.p_ranked.point, abs=1e-12)
        now, then = before.required_applications, after.required_applications
        assert lever.after.needed == then and lever.needed.point == then.applications - now.applications
        assert lever.usd.point == pytest.approx(then.fees_usd - now.fees_usd)
        assert lever.needed.low <= lever.needed.point <= lever.needed.high
    assert levers["40 more applications"].cost_usd == 40 * 30


@pytest.mark.parametrize("name", ["Step 2 CK +10, to 255", "USCE +3, to 6 months", "40 more applications"])
def test_ranges_of_changes_are_those_of_the_draws(name):
    """Far narrower than two ranges side by side, since what both sides share cancels."""
    changed, n = CHANGES[name]
    before, after = (MODEL.people([MODEL.resolve(Applicant(**{**WHO, **more}))]) for more in ({}, changed))
    draws = [p.p_apply(p.invitations(np.array([m])))[0] for p, m in ((before, 100), (after, n))]
    lever = next(one for one in asked(question=Question(applications=100)).levers if text(one.name) == name)
    assert lever.chance == one_range(draws[1] - draws[0])
    assert lever.chance.high - lever.chance.low < lever.after.chance.high - lever.after.chance.low


def test_next_year_holds_a_whole_step_of_the_drift():
    """Var(X') = t' sd^2 as for the later cycle alone, and Var(X' - X) = sd^2: a walk."""
    step = MODEL.arrays("non-us-img", "Internal Medicine").drift
    for cycle in (2020, 2024, 2025, 2026, 2027, 2029):
        at = [
            Applicant("Internal Medicine", "non-us-img", cycle=c, years_since_graduation=3)
            for c in (cycle, cycle + 1)
        ]
        now, walked, plain = MODEL.people(at[:1]), people_a_year_on(MODEL, at[1:]), MODEL.people(at[1:])
        assert (walked.base - now.base).std() == pytest.approx(step.std(), rel=0.1)
        still = MODEL.people([at[0].replace(cycle=2026)]).base
        assert (walked.base - still).std() == pytest.approx((plain.base - still).std(), rel=0.1, abs=1e-9)
        assert walked.p_ranked().mean() == pytest.approx(plain.p_ranked().mean(), abs=2e-3)


def test_the_exam_is_a_lever_only_where_it_is_not_taken():
    assert "step2_ck" not in by_kind(asked(taken=None)) and "exam_counts_as_taken" in codes(
        asked(taken=None).unscored
    )
    assert "step2_ck" not in by_kind(asked(taken=True)) and "exam_taken" in codes(asked(taken=True).unscored)
    assert "no_score" in codes(asked(step2_ck=None).unscored)
    assert "exam_taken" in codes(asked(taken=True, step2_ck=None).unscored)
    assert len([lever for lever in asked().levers if lever.kind == "step2_ck"]) == 2


@pytest.mark.parametrize(
    ("score", "names"),
    [(293, ["Step 2 CK +5, to 298", "Step 2 CK +7, to 300"]), (297, ["Step 2 CK +3, to 300"]), (300, [])],
)
def test_scores_stop_at_the_top_of_the_scale(score, names):
    result = asked(step2_ck=score)
    assert sorted(text(lever.name) for lever in result.levers if lever.kind == "step2_ck") == names
    assert ("top_of_scale" in codes(result.unscored)) == (not names)


def test_what_cannot_be_scored_is_said():
    unknown = asked(usce_months=None, yog=None)
    assert {"usce_unknown", "years_unknown", "unmeasured"} <= codes(unknown.unscored)
    assert "usce_enough" in codes(asked(usce_months=12).unscored)
    capped = by_kind(asked(usce_months=11))["usce_months"]
    both = [MODEL.odds(Applicant(**{**WHO, "usce_months": m})).p_ranked.point for m in (11, 12)]
    assert "usce_capped" in codes(capped.notes) and capped.ranked.point == pytest.approx(both[1] - both[0])
    last = next(note for note in asked(cycle=2036, yog=2030).unscored if note.code == "no_next_cycle")
    assert "10 years" in text(last)
    listed = MODEL.odds(Applicant(**WHO)).listed
    full = asked(question=Question(applications=listed))
    assert "more_applications" not in by_kind(full) and "all_listed" in codes(full.unscored)
    nearly = by_kind(asked(question=Question(applications=listed - 7)))["more_applications"]
    assert text(nearly.name) == "7 more applications" and nearly.after.applications == listed
    assert not any(lever.kind in ("specialty", "friendliest") for lever in unknown.levers)


def test_interviews_in_hand():
    """One more of them, and what the others do to the chance with them."""
    result = asked(question=Question(interviews=3))
    answer = MODEL.odds(Applicant(**WHO), Question(interviews=3))
    levers = by_kind(result)
    four = answer.chances_by_interviews[3].point - answer.p_given_interviews.point
    assert levers["one_more_interview"].held.point == pytest.approx(four, abs=1e-12)
    more = MODEL.odds(Applicant(**{**WHO, "usce_months": 6}), Question(interviews=3))
    assert levers["usce_months"].after.held == more.p_given_interviews
    gain = more.p_given_interviews.point - answer.p_given_interviews.point
    assert levers["usce_months"].held.point == pytest.approx(gain, abs=1e-12)
    assert levers["next_year"].held is None and levers["more_applications"].held.point == 0
    text_of = said(result)
    assert "with the 3 interviews you hold" in text_of and "one more interview, 4" in text_of
    assert text_of.index("With 3 interviews") < text_of.index("If you apply   ")


@settings(max_examples=30, deadline=None)
@given(applicants(), st.integers(1, 400), st.none() | st.integers(0, 20))
def test_a_better_lever_never_lowers_the_odds(applicant, n, held):
    """In the mean where the slope is clear; more applications and interviews in every draw."""
    assume(applicant.step2_ck is None or applicant.step2_ck >= 200)
    question = Question(applications=n, interviews=held)
    result = what_if(MODEL, applicant, question, False)
    assert result.answer == MODEL.odds(applicant, question)
    unclear = {note.code for lever in result.levers for note in lever.notes}
    gains = [lever.gain for lever in result.levers]
    assert gains == sorted(gains, reverse=True)
    for lever in result.levers:
        moved = [found for found in (lever.ranked, lever.chance, lever.held) if found is not None]
        assert all(found.low <= found.point <= found.high for found in moved)
        if lever.kind == "next_year":
            continue
        if lever.kind in ("more_applications", "one_more_interview"):
            assert min(found.low for found in moved) >= -1e-9
        elif not {"slope_unclear", "effect_unclear"} & unclear:
            assert min(found.point for found in moved) >= -1e-9
            assert lever.needed is None or lever.needed.point <= 0
            assert lever.reach != "lost"


@settings(max_examples=30, deadline=None)
@given(
    applicants(),
    st.none() | st.integers(1, 900),
    st.none() | st.floats(0.02, 0.98),
    st.sampled_from([None, True, False]),
)
def test_the_text_fits_and_says_its_part(applicant, n, target, taken):
    result = what_if(MODEL, applicant, Question(n, target), taken)
    for details in (False, True):
        shown = said(result, details).split("\n")
        assert max(map(len, shown)) <= 80 and (details or len(shown) < 30)
        assert result.answer.withheld or ASSOCIATION in " ".join(" ".join(shown).split())
    json.dumps(result.to_dict(), allow_nan=False)
    assert not result.answer.withheld or not result.levers
    for lever in result.levers:
        assert {basis for basis in lever.basis.values() if basis is not None} <= {
            "measured",
            "evidence",
            "assumed",
        }
        assert any(lever.basis.values())


def test_changes_of_needed_with_draws_out_of_reach():
    inf, many = np.inf, 20
    assert change_of_needed(np.full(many, 100.0), np.full(many, 80.0), -20) == (-20, -20, -20)
    some = np.array([inf] * 4 + [100.0] * 16)
    assert change_of_needed(some, np.full(many, 80.0), -20) == (-20, None, -20)  # a fifth come within reach
    assert change_of_needed(np.full(many, 100.0), some + 20, 20) == (20, 20, None)
    assert change_of_needed(some, some - 20, -20) == (-20, None, None)


def test_reach_is_told():
    """A target between what all programs listed give before and after ten points."""
    who = {**WHO, "step2_ck": 225, "yog": 2010}
    answers = [MODEL.odds(Applicant(**{**who, "step2_ck": score})) for score in (225, 235)]
    most = [answer.chances_by_applications[-1].chance.point for answer in answers]
    result = what_if(MODEL, Applicant(**who), Question(target=sum(most) / 2), False)
    assert result.answer.required_applications.applications is None
    lever = next(one for one in result.levers if text(one.name) == "Step 2 CK +10, to 235")
    assert lever.reach == "now" and lever.needed is None and "now within reach" in said(result, True)
    assert by_kind(result)["next_year"].reach == "neither" and "out of reach" in said(result, True)


def test_without_a_chain_it_answers_from_the_odds():
    who = Applicant("Dermatology", "non-us-img", 250, usce_months=1, yog=2022)
    result = what_if(MODEL, who, Question(applications=40, interviews=2), False)
    assert result.answer.p_apply is None
    assert all(lever.chance is None and lever.needed is None for lever in result.levers)
    assert {"step2_ck", "usce_months", "next_year"} == {lever.kind for lever in result.levers}
    bare = Model(replace(MODEL.record, advice={}))
    assert "no_signal_figure" in codes(what_if(bare, Applicant(**WHO)).unscored)


def test_a_withheld_cell_has_no_levers():
    result = what_if(MODEL, Applicant("Plastic Surgery", "us-img", 250, usce_months=1), None, False)
    assert result.answer.withheld and not result.levers and result.to_dict()["before"] is None
    shown = said(result)
    assert "No number is given for Plastic Surgery (Integrated), US IMGs" in shown and "%" not in shown


def test_a_grey_cell_is_marked_and_says_why():
    result = what_if(MODEL, Applicant("Dermatology", "non-us-img", 250, usce_months=1))
    shown = " ".join(said(result).split())
    assert "Unsure: about" in shown and "?" in shown and "5 matched and 25 did not" in shown


def test_a_backup_adds_its_usual_number_with_shared_luck():
    """The chance of either is that of the portfolio's engine; alone it changes nothing else."""
    result = what_if(MODEL, Applicant(**WHO), Question(applications=100), backups=["FM", "Neurology"])
    levers = {lever.name.fields["specialty"]: lever for lever in result.levers if lever.kind == "backup"}
    assert set(levers) == {"Family Medicine", "Neurology"}
    for name, lever in levers.items():
        other = MODEL.odds(Applicant(**{**WHO, "specialty": name}))
        people = [
            MODEL.people([MODEL.resolve(Applicant(**{**WHO, "specialty": s}))])
            for s in (WHO["specialty"], name)
        ]
        either = Shared(people, [as_asked(one) for one in people]).any((100, other.applications))[0]
        assert lever.after.chance == one_range(either) and lever.cost_usd == other.fees.applications_usd
        assert lever.chance == one_range(
            either - people[0].p_apply(people[0].invitations(np.array([100])))[0]
        )
        assert lever.chance.low > 0 and (lever.ranked, lever.held, lever.reach) == (None, None, None)
        alone = result.answer.p_apply.point + other.p_apply.point
        assert max(result.answer.p_apply.point, other.p_apply.point) < lever.after.chance.point < alone
    assert result.answer == MODEL.odds(Applicant(**WHO), Question(applications=100))
    assert not any(lever.kind == "backup" for lever in what_if(MODEL, Applicant(**WHO)).levers)


def test_a_backup_without_figures_on_applications_says_so_or_is_compared_as_ranked():
    plastics, skin = "Plastic Surgery (Integrated)", "Dermatology"
    result = what_if(MODEL, Applicant(**WHO), backups=[skin])
    assert "no_applications_to" in codes(result.unscored) and "Applications to Dermatology" in said(result)
    instead = what_if(MODEL, Applicant(**{**WHO, "specialty": skin}), backups=["IM", plastics])
    ranked = MODEL.odds(Applicant(**WHO)).p_ranked
    lever = next(one for one in instead.levers if one.name.fields.get("specialty") == "Internal Medicine")
    assert (
        lever.chance is None and lever.after.ranked == ranked and "Internal Medicine instead" in said(instead)
    )
    assert any("unsure" in line for line in said(instead).split("\n") if "Plastic Surgery instead" in line)
    withheld = what_if(MODEL, Applicant("IM", "us-img", 250), backups=[plastics])
    assert "no_number_for" in codes(withheld.unscored) and plastics in said(withheld)


@pytest.mark.parametrize(
    ("backups", "why"),
    [
        (["IM"], "given twice"),
        (["FM", "Family Medicine"], "given twice"),
        (KINDS["non-us-img"][:7], "give 1 to 6"),
    ],
)
def test_backups_are_named_once_and_few(backups, why):
    with pytest.raises(RefusedInput, match=why):
        what_if(MODEL, Applicant("Internal Medicine", "non-us-img"), backups=backups)


def test_the_table_holds_six_levers_the_named_backups_among_them():
    backups = ["Family Medicine", "Pediatrics", "Neurology"]
    result = what_if(MODEL, Applicant(**WHO), Question(interviews=3), False, backups)
    rows = [
        row
        for section in result.page().sections[1:]
        for block in section.blocks
        if isinstance(block, Grid)
        for row in block.rows
    ]
    assert len(result.levers) > 6 == len(rows)
    assert sum("too" in row[0] for row in rows) == 3 and rows[0][1].startswith("+")
    for row in rows:
        assert row[4].split(",")[0] in ("measured", "evidence", "assumed")


def test_a_range_that_holds_zero_is_unclear():
    for lever in asked().levers:
        line = next(line for line in said(asked(), True).split("\n") if line.startswith(text(lever.name)))
        assert ("unclear" in line) == (lever.change.low <= 0 <= lever.change.high)
        assert percent(lever.after.chance.point) in said(asked(), True)


WORDS = ["--specialty", "IM", "--applicant-type", "non-us-img", "--step2", "245", "--usce", "3"]


def test_the_command(capsys):
    status, out, _ = run(capsys, "what-if", *WORDS, "--step2-taken", "no", "--json")
    result = what_if(MODEL, Applicant("IM", "non-us-img", 245, usce_months=3), None, False)
    assert status == 0 and json.loads(out) == json.loads(json.dumps(result.to_dict()))
    assert json.loads(out)["answer"] == json.loads(run(capsys, "predict", *WORDS, "--json")[1])
    assert run(capsys, "what-if", *WORDS, "--step2-taken", "no")[1] == said(result) + "\n"
    status, out, err = run(capsys, "what-if", *WORDS, "--step2-taken", "perhaps")
    assert (status, out) == (2, "") and "--step2-taken is 'perhaps'; it is yes or no" in err
    assert run(capsys, "what-if", *WORDS, "--target", "1.2")[0] == 2


def test_nonsense_is_refused():
    with pytest.raises(RefusedInput, match="it is a chance, such as 60% or 0.6"):
        asked(question=Question(target=0))
    with pytest.raises(RefusedInput, match="after the cycle"):
        asked(yog=2030)


@settings(max_examples=30, deadline=None)
@given(applicants())
def test_nothing_is_offered_that_cannot_be_pulled(applicant):
    assume(applicant.step2_ck is not None)
    names = " ".join(text(lever.name) for lever in what_if(MODEL, applicant).levers).casefold()
    assert not any(word in names for word in ("step 2", "step 1", "visa", "attempt"))
