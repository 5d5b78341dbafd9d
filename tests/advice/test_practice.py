"""The score's distribution: its averages against closed forms and another library's integrals."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from matchmodel.advice.notes import text
from matchmodel.advice.practice import of_mean, of_practice, of_score
from matchmodel.errors import NotInModel, RefusedInput
from matchmodel.model import Model

from ..asking import MODEL, run

WHO = ["timing", "--specialty", "IM", "--applicant-type", "non-us-img"]


def average(scores, function):
    values, weights = scores.nodes()
    return float(weights @ function(values))


def test_moments_are_those_of_a_normal_distribution():
    for power, moment in ((0, 1), (1, 0), (2, 1), (3, 0), (4, 3), (6, 15)):
        assert average(of_mean(150, 10), lambda s, n=power: ((s - 150) / 10) ** n) == pytest.approx(
            moment, abs=1e-9
        )


def test_an_average_is_not_the_value_at_the_mean():
    """E e^(S/20) = e^(mean/20 + SD^2/800), and the logistic against scipy's quadrature."""
    scores = of_mean(230, 12)
    assert average(scores, lambda s: np.exp(s / 20)) == pytest.approx(np.exp(230 / 20 + 144 / 800), rel=1e-7)

    def chance(s):
        return 1 / (1 + np.exp(-(s - 245) / 15))

    exact = quad(lambda s: chance(s) * norm.pdf(s, 230, 12), 100, 360, points=[230], epsabs=1e-12)[0]
    assert average(scores, chance) == pytest.approx(exact, abs=1e-7) and abs(chance(230) - exact) > 0.02


@pytest.mark.parametrize(
    ("mean", "sd", "mark"),
    [
        (245, 8, 218),
        (225, 8, 218),
        (218, 5.9, 218),
        (200, 8, 218),
        (240, 20, 218),
        (150, 4, 218),
        (280, 8, 218),
    ],
)
def test_below_and_above_a_mark(mean, sd, mark):
    scores = of_mean(mean, sd)
    assert scores.under(mark) == pytest.approx(norm.cdf(mark - 0.5, mean, sd), abs=1e-12)

    def chance(s):
        return 1 / (1 + np.exp(-(s - 240) / 20))

    whole, ends = average(scores, chance), [max(mean, mark), 300]
    exact = quad(
        lambda s: chance(min(max(s, 1), 300)) * norm.pdf(s, mean, sd),
        mark - 0.5,
        mean + 15 * sd + 100,
        epsabs=1e-12,
        points=ends,
        limit=200,
    )[0]
    assert scores.above(chance, mark, whole) == pytest.approx(exact, abs=1e-4)


def test_a_sure_score_is_one_node():
    assert of_mean(245, 0).nodes()[0].tolist() == [245] and np.isnan(of_score(None).nodes()[0]).all()
    assert [of_mean(m, 0).under(218) for m in (217, 218)] == [1.0, 0.0] and of_score(None).under(218) is None
    assert (
        of_mean(217, 0).above(lambda s: s, 218, 0.4) == 0
        and of_mean(218, 0).above(lambda s: s, 218, 0.4) == 0.4
    )
    assert (
        of_mean(217.9999, 1e-9).under(218) == 0 and of_mean(217, 1e-9).under(218) == 1
    )  # no jump where the SD goes to 0


def test_a_gain_adds_to_the_mean_and_its_doubt_to_the_spread():
    made = of_mean(240, 6).gained(5, 8)
    assert (made.mean, made.sd) == (245, 10) and of_mean(240, 6).gained(0) == of_mean(240, 6)


def test_scores_beyond_the_scale_are_at_its_end():
    assert of_mean(295, 20).nodes()[0].max() == 300 and of_mean(5, 20).nodes()[0].min() == 1


NAMES = {  # as typed -> test
    "NBME": "NBME",
    "nbme": "NBME",
    "NBME form 14": "NBME",
    "UWSA2": "UWSA2",
    "uwsa 2": "UWSA2",
    "UWSA-2": "UWSA2",
    "UWSA": "UWSA2",
    "Free 120": "Free 120",
    "free120": "Free 120",
    "FREE": "Free 120",
    "UWSA1": "unspecified",
    "AMBOSS": "unspecified",
    "unspecified": "unspecified",
}
TESTS = MODEL.record.advice["practice_tests"]


@pytest.mark.parametrize(("typed", "test"), NAMES.items())
def test_a_practice_test_is_found_by_a_loose_name(typed, test):
    row = next(row for row in TESTS if row["test"] == test)
    made = of_practice(MODEL, typed, 245)
    assert (made.mean, made.sd, made.grade, made.source) == (
        245 - row["bias"],
        row["sd"],
        row["grade"],
        row["source"],
    )
    assert made.basis == "evidence" and not made.taken
    assert (test == "unspecified") == ("without figures of its own" in text(made.told))


def test_the_bias_is_taken_off():
    made = of_practice(MODEL, "UWSA2", "248")
    assert made.mean == 245 and "less 3 that it over-predicts" in text(made.told)


def without(**changes):
    return Model(replace(MODEL.record, advice={**MODEL.record.advice, **changes}))


ONE = without(practice_tests=TESTS[:1])
BARE = Model(replace(MODEL.record, advice={}))
REFUSED = {  # what is asked -> what the line says
    "a percentage": (
        lambda: of_practice(MODEL, "Free 120", 78),
        "may be a percentage of right answers; give the",
    ),
    "no number": (lambda: of_practice(MODEL, "NBME", "high"), "practice score is 'high', not a number; give"),
    "beyond the scale": (
        lambda: of_practice(MODEL, "NBME", 301),
        "practice score is 301; give the Step 2 CK",
    ),
    "nameless": (lambda: of_practice(MODEL, " ", 240), "practice test is ''; say one of NBME, UWSA2"),
    "mean": (lambda: of_mean(400, 8), "mean is 400; scores are on the 1 to 300 scale"),
    "no mean": (lambda: of_mean("", 8), "mean is blank; scores are on the 1 to 300 scale"),
    "negative SD": (lambda: of_mean(240, -1), "SD is -1; it is in points, between 0 and 50"),
    "no SD": (lambda: of_mean(240, "nan"), "SD is nan; it is in points"),
    "no tests": (
        lambda: of_practice(without(practice_tests=[]), "NBME", 240),
        "has no figures on practice tests",
    ),
    "nothing": (lambda: of_practice(BARE, "NBME", 240), "practice tests; give --mean and --sd"),
    "another test": (
        lambda: of_practice(ONE, "AMBOSS", 240),
        "practice test 'AMBOSS'; there are some on NBME",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_teach(name):
    ask, said = REFUSED[name]
    with pytest.raises(RefusedInput) as refused:
        ask()
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert isinstance(refused.value, NotInModel) == (name in ("no tests", "nothing", "another test"))


WORDS = {  # words -> what is refused
    ("--practice", "NBME"): "a practice test takes its name and its score",
    ("--mean", "245"): "a distribution takes both its ends",
    ("--mean", "245", "--sd", "8", "--step2", "250"): "Step 2 CK is told in several ways",
    (
        "--mean",
        "245",
        "--sd",
        "8",
        "--practice",
        "NBME:245",
    ): "Step 2 CK is told in several ways",
    ("--mean", "245", "--sd", "8", "--step2-taken", "no"): "--step2-taken is about the score of --step2",
    ("--step2", "250", "--target", "0.5"): "timing has no target",
}


@pytest.mark.parametrize("words", WORDS)
def test_the_command_refuses_in_one_line(capsys, words):
    status, out, err = run(capsys, *WHO, *words)
    assert (status, out) == (2, "") and WORDS[words] in err and err.count("\n") == 1


def test_scores_are_frozen():
    with pytest.raises(FrozenInstanceError):
        of_score(245).mean = 250
