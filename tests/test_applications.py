"""The applications chain: what it promises, over random applicants."""

import json
import math
import random
import time

import pytest

from matchmodel import Applicant, NotInModel, load_model
from matchmodel import chain_math as cm
from matchmodel.applications import answer_chain
from matchmodel.cli import main
from matchmodel.model import Model
from matchmodel.odds import expit, terms

MODEL = load_model()
CELLS = [(k, s) for k in MODEL.applicant_types for s in MODEL.specialties(k) if MODEL.has_chain(k, s)]
STEEP = 0.2  # log odds per ten points from which a specialty's slope is clearly positive


def some_applicant(seed, **more):
    rng = random.Random(seed)
    kind, specialty = rng.choice(CELLS)
    given = {
        "step2_ck": rng.choice([None, round(rng.uniform(205, 285))]),
        "yog": rng.choice([None, rng.randint(2005, 2026)]),
        "usce_months": rng.choice([None, rng.randint(0, 14)]),
        "step1_attempts": rng.choice([None, 1, 2]),
        "step2_attempts": rng.choice([None, 1, 2]),
    }
    if kind == "non-us-img":
        given["visa_needed"] = rng.choice([None, True, False])
    return Applicant(specialty, kind, **{**given, **more})


def point_state(applicant):
    filled = MODEL.cycle_of(applicant)
    cell = MODEL.cell(filled.applicant_type, filled.specialty)
    chain = MODEL.chain_cell(filled.applicant_type, filled.specialty)
    logs, _ = chain.log_factors(filled)
    found = terms(MODEL, cell, filled, filled.cycle)
    return chain, chain.states(logs, [expit(v) for v in (found.log_odds, *found.log_odds_draws)])


def test_every_cell_with_invitations_has_a_chain():
    assert len(CELLS) == 44


@pytest.mark.parametrize("seed", range(60))
def test_at_the_usual_number_it_is_the_logistic_model_in_every_draw(seed):
    applicant = some_applicant(seed)
    _, states = point_state(applicant)
    filled = MODEL.cycle_of(applicant)
    found = terms(MODEL, MODEL.cell(filled.applicant_type, filled.specialty), filled, filled.cycle)
    for state, log_odds in zip(states, (found.log_odds, *found.log_odds_draws), strict=True):
        ranked = state.match(state.mean_usual) / (1 - cm.none_invited(state.mean_usual, state.alpha))
        assert ranked == pytest.approx(expit(log_odds), abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_p_rises_with_applications_and_never_passes_one(seed):
    applicant = some_applicant(seed)
    listed = MODEL.chain_cell(applicant.applicant_type, applicant.specialty).listed
    last = (0.0, 0.0)
    for n in sorted({1, 2, 5, listed // 4 + 1, listed // 2 + 1, listed}):
        chain = MODEL.odds(applicant._replace(applications=n)).chain
        assert last[0] < chain.p_apply < 1 and last[1] < chain.p_any < 1
        assert chain.p_apply <= chain.p_any
        for name in ("p_apply", "p_any", "expected"):
            point, low, high = (getattr(chain, name + end) for end in ("", "_low", "_high"))
            assert low <= point <= high
        last = chain.p_apply, chain.p_any


@pytest.mark.parametrize("seed", range(40))
def test_required_applications(seed):
    applicant = some_applicant(seed)
    before = 0
    for target in (0.02, 0.1, 0.3, 0.5, 0.8, 0.97):
        chain = MODEL.odds(applicant._replace(target=target)).chain
        one, first = chain.random, chain.friendliest
        assert one.best == first.best and one.reachable == first.reachable == (one.best >= target)
        if not one.reachable:
            assert one.applications is None and one.fees_usd is None and one.high is None
            before = math.inf
            continue
        assert before <= one.applications <= chain.listed
        assert first.applications <= one.applications
        before = one.applications
        at = MODEL.odds(applicant._replace(applications=one.applications)).chain.p_apply
        assert at >= target
        if one.applications > 1:
            assert MODEL.odds(applicant._replace(applications=one.applications - 1)).chain.p_apply < target
        assert one.low <= one.applications
        assert one.high is None or one.applications <= one.high


@pytest.mark.parametrize("seed", range(40))
def test_a_better_profile_needs_fewer(seed):
    applicant = some_applicant(seed, step2_ck=230, target=0.3)
    cell = MODEL.cell(applicant.applicant_type, applicant.specialty)
    if cell.beta < STEEP:
        applicant = applicant._replace(specialty="Internal Medicine")

    def needed(a):
        n = MODEL.odds(a).chain.random.applications
        return math.inf if n is None else n

    by_score = [needed(applicant._replace(step2_ck=s)) for s in (225, 240, 255, 270)]
    assert by_score == sorted(by_score, reverse=True)
    if applicant.applicant_type == "non-us-img":
        assert needed(applicant._replace(visa_needed=False)) <= needed(applicant._replace(visa_needed=True))
    assert needed(Applicant(applicant.specialty, applicant.applicant_type, step2_ck=245, step2_failed=False, target=0.3)) <= needed(
        Applicant(applicant.specialty, applicant.applicant_type, step2_ck=245, step2_failed=True, target=0.3)
    )


def test_the_range_without_an_upper_bound_is_null_and_says_so(capsys):
    assert main(["predict", "--specialty", "IM", "--applicant-type", "non-us-img", "--step2", "228", "--target", "0.6"]) == 0
    text = capsys.readouterr().out
    assert "not reachable; every program of the 649 listed gives" in text
    assert "some draws never reach it" in text or "most draws never reach it" in text


def test_json_has_what_is_promised(capsys):
    words = ["predict", "--specialty", "IM", "--applicant-type", "non-us-img", "--step2", "250", "--applications", "120", "--target", "0.4", "--json"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    for key in ("p_apply", "p_apply_low", "p_apply_high", "p_any_invitation", "expected_invitations"):
        assert isinstance(found[key], float)
    for order in ("required_applications", "required_applications_friendliest"):
        assert {"target", "reachable", "applications", "low", "high", "fees_usd"} <= set(found[order])
        assert found[order]["target"] == 0.4 and found[order]["reachable"] is True
    n = found["required_applications"]["applications"]
    assert found["required_applications"]["fees_usd"] == 330 + 30 * (n - 30)
    assert [row["applications"] for row in found["by_applications"]] == [20, 40, 80, 120, 160, 200, 649]


def test_the_default_target_is_a_half_and_the_text_has_the_table(capsys):
    assert main(["predict", "--specialty", "Neurology", "--applicant-type", "us-img", "--step2", "240"]) == 0
    text = capsys.readouterr().out
    assert "Applications needed for a 50% chance of matching" in text
    assert "friendliest first" in text and "all 187" in text and "that of non-US IMGs, assumed" in text


def test_more_applications_than_programs_is_answered_for_all_with_a_warning():
    chain = MODEL.odds(Applicant("Neurology", "non-us-img", applications=400)).chain
    assert chain.applications == 187
    assert chain.warnings == ("400 applications, but the table lists 187 programs of Neurology: answered for all 187",)
    assert chain.next_gain is None


REFUSED = {
    "no chain": (None, "this model has no applications chain"),
    "no such specialty": ("Plastic Surgery (Integrated)", "no invitation table describes Plastic Surgery (Integrated)"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_plain_line(name, capsys, tmp_path):
    specialty, message = REFUSED[name]
    content = MODEL.content if specialty else {**MODEL.content, "chain": None}
    file = tmp_path / "model.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    words = ["predict", "--specialty", specialty or "IM", "--applicant-type", "non-us-img", "--model", str(file)]
    assert main([*words, "--applications", "50"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and message in captured.err and captured.err.count("\n") == 1
    assert main([*words, "--target", "0.5"]) == 2
    capsys.readouterr()
    assert main([*words, "--json"]) == 0  # not asked for, the odds are still given
    assert json.loads(capsys.readouterr().out)["required_applications"] is None


def test_a_model_without_a_chain_says_so_in_python():
    with pytest.raises(NotInModel, match="trained without program invitations"):
        Model({**MODEL.content, "chain": None}).odds(Applicant("IM", "non-us-img", target=0.5))


def test_what_is_not_known_is_said():
    notes = " ".join(MODEL.odds(Applicant("IM", "non-us-img", step2_ck=250, target=0.5)).chain.notes)
    for words in ("averages over non-US IMGs of one season", "may not fit you", "upper bound", "signals are not in the number", "every program that the table lists"):
        assert words in notes
    assert "no dollars" in " ".join(MODEL.odds(Applicant("OB/GYN", "non-us-img", target=0.1)).chain.notes)
    assert MODEL.odds(Applicant("OB/GYN", "non-us-img", target=0.1)).chain.random.fees_usd is None


def test_the_next_ten_cost_and_add():
    chain = MODEL.odds(Applicant("IM", "non-us-img", step2_ck=250, applications=100)).chain
    more = MODEL.odds(Applicant("IM", "non-us-img", step2_ck=250, applications=110)).chain
    assert chain.next_gain == pytest.approx(more.p_apply - chain.p_apply)
    assert chain.next_usd == 300
    one = MODEL.odds(Applicant("IM", "non-us-img", step2_ck=250, target=0.4)).chain.random
    assert one.usd_per_point == pytest.approx(one.next_usd / (100 * one.next_gain))


@pytest.mark.timing
def test_one_answer_with_its_ranges_is_quick_in_a_warm_process():
    """Under 40 ms without numpy; the best of several, since the machine may be busy."""
    applicant = Applicant("IM", "non-us-img", step2_ck=250, yog=2024, usce_months=4, visa_needed=True, step1_attempts=1, step2_attempts=1, applications=120, target=0.5)
    took = []
    for _ in range(7):
        started = time.perf_counter()
        MODEL.odds(applicant)
        took.append(time.perf_counter() - started)
    assert min(took) < 0.040


def test_answer_chain_is_what_odds_uses():
    applicant = MODEL.cycle_of(Applicant("IM", "non-us-img", step2_ck=250, target=0.5))
    cell = MODEL.cell("non-us-img", "Internal Medicine")
    direct = answer_chain(MODEL, cell, applicant, terms(MODEL, cell, applicant, applicant.cycle))
    assert direct == MODEL.odds(applicant).chain
