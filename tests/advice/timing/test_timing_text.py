"""What timing says: the command, its words, and interviews held."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import nbinom

from matchmodel import Applicant, Question
from matchmodel.advice.luck import Shared, after_invitations, as_asked
from matchmodel.advice.practice import of_mean, of_practice
from matchmodel.advice.timing import timing
from matchmodel.advice.timing.text import verdict
from matchmodel.model.engine import one_range
from matchmodel.report.wording import percent

from ...asking import MODEL, run
from .test_timing import IM, WHO, a_year_on, text_of

WORDS = [
    "--specialty",
    "im",
    "--applicant-type",
    "non-us-img",
    "--yog",
    "2024",
    "--usce",
    "4",
    "--visa",
    "yes",
]
MORE = [
    "--practice",
    "uwsa 2:246",
    "--gain",
    "6",
    "--usce-gain",
    "3",
    "--applications",
    "100",
]


def test_the_command_is_the_function(capsys):
    status, out, err = run(capsys, "timing", *WORDS, *MORE, "--json")
    made = timing(MODEL, IM, Question(applications=100), of_practice(MODEL, "UWSA2", 246), 6, 3)
    assert (status, err) == (0, "") and json.loads(out) == json.loads(json.dumps(made.to_dict()))
    predicted = run(capsys, "predict", *WORDS, "--applications", "100", "--json")[1]
    assert json.loads(out)["answer"] == json.loads(predicted)
    assert run(capsys, "timing", *WORDS, *MORE) == (0, text_of(made) + "\n", "")


def said_by(*asked, details=False, **more):
    return " ".join(text_of(timing(*asked, **more), details).split())


def test_the_answer_in_words_agrees_with_its_figures():
    better = timing(MODEL, IM, None, of_mean(235, 8), gain=15)
    by = f"{100 * better.found.against_now.difference.point:.1f} points (sure: "
    assert f"With one try, waiting beats now by {by}" in " ".join(text_of(better).split())
    assert "without the gain" in " ".join(text_of(better, True).split())
    taken = timing(MODEL, IM.replace(step2_ck=245))
    by = f"{-100 * taken.found.against_both.difference.point:.1f} points (sure: "
    said = " ".join(text_of(taken).split())
    assert f"Best: now, and again in 2028 if you do not match. It beats waiting by {by}" in said
    assert "passing mark" not in said
    assert "No gain can tip it: a passed exam cannot be taken again." in said_by(
        MODEL, IM.replace(step2_ck=245), details=True
    )
    failing = said_by(MODEL, IM, None, of_mean(222, 8), gain=8)
    assert "With a fail counted as no match" in failing
    assert "under the passing mark, 218" in said_by(MODEL, IM, None, of_mean(222, 8), gain=8, details=True)


@pytest.mark.parametrize("held", [None, 0, 3, 12])
@pytest.mark.parametrize(("specialty", "kind", "known"), WHO)
def test_three_rows_and_a_sentence_in_under_twenty_lines(specialty, kind, known, held):
    who = Applicant(specialty, kind, **{"step2_ck": 245, "yog": 2020, "usce_months": 3} | known)
    made = timing(MODEL, who, Question(interviews=held))
    said = text_of(made).split("\n")
    assert len(said) < 20
    for name, chance in (("now", made.found.now.chance), ("wait", made.found.wait.chance)):
        assert any(line.startswith(f"{name}, 20") and percent(chance.point) in line for line in said)
    both = next(line for line in said if line.startswith("both: 2028 only if 2027 fails"))
    assert f"{100 * made.found.both.any.point:.1f}%" in both
    assert ("paid" in "\n".join(said)) == (held is not None)
    dates = "in late September 2026" if held is None else "in late February or early March 2027"
    assert any(dates in line for line in said)


@pytest.mark.parametrize("held", [0, 1, 4, 30])
def test_interviews_held_are_this_year_s_chance(held):
    who, question = IM.replace(step2_ck=245), Question(interviews=held)
    made, plain = timing(MODEL, who, question).found, timing(MODEL, who).found
    assert made.now.chance == made.now.held == MODEL.odds(who, question).p_given_interviews
    assert (made.now.apply, made.wait.apply) == (plain.now.apply, plain.wait.apply)
    expected = MODEL.odds(who).expected_invitations.point
    assert (made.wait.chance.point > plain.wait.chance.point) == (held > expected)
    either = 1 - (1 - made.now.chance.point) * (1 - made.both.second.point)
    assert made.both.any.point == pytest.approx(either, abs=5e-3)  # draws go together
    assert timing(MODEL, IM, question, of_mean(245, 0)).found.both.any == made.both.any


@pytest.mark.parametrize(("specialty", "kind", "known"), WHO)
def test_over_all_interviews_the_chances_are_those_of_who_applies(specialty, kind, known):
    """sum over k of P(K = k) P(match next year | k) is next year's P(apply); of both years likewise."""
    first = MODEL.resolve(Applicant(specialty, kind, step2_ck=245, **known))
    now, later = MODEL.people([first]), MODEL.people([a_year_on(first)])
    v, mean = now.chain.dispersion, as_asked(now)(80)[0]
    k = np.arange(400)[:, None]
    shares = nbinom.pmf(k, 1 / v, 1 / (1 + v * mean))
    after = np.stack([after_invitations(now, int(one), later, 80)[0] for one in k[:, 0]])
    here = np.stack([now.p_given(np.array([int(one)]))[0] for one in k[:, 0]])
    assert (shares * after).sum(axis=0) == pytest.approx(later.p_apply(as_asked(later)(80))[0], abs=1e-6)
    both = Shared([now, later], [as_asked(now), as_asked(later)]).any([80, 80])[0]
    either = (shares * (1 - (1 - here) * (1 - after))).sum(axis=0)
    assert one_range(either) == pytest.approx(one_range(both), abs=1e-5)


def test_what_is_equal_is_called_so():
    plain = IM.replace(yog=None, usce_months=None, visa_needed=None)
    same = timing(MODEL, plain).found.against_now
    level = replace(same, difference=same.difference._replace(point=0.0))
    assert level.better is None and "come to the same" in verdict(level, "applying now alone")
