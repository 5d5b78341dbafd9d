"""The pictures show the verdicts' own figures."""

import numpy as np
import pytest
from notebook_helpers.guide import Claim, Verdict, judge_claims, one
from notebook_helpers.guide.pictures import low_score_plot, ranges_plot, strictness_plot, triples, years_plot
from notebook_helpers.show import title_of

from matchmodel.applicant import Applicant
from matchmodel.etl import Tidy
from matchmodel.model import Model
from matchmodel.plots.style import picture_bytes
from matchmodel.question import Question

THRESHOLDS = {"g02": 1.0, "g03": 1.0, "g04": 0.1, "g06": 0.1, "g08": 1.0, "g14": 1.0}
Claims, Verdicts = tuple[Claim, ...], tuple[Verdict, ...]


@pytest.fixture(scope="module")
def verdicts(claims: Claims, model: Model, everything: Tidy) -> Verdicts:
    return judge_claims(claims, model, everything)


@pytest.mark.parametrize("claim_id", THRESHOLDS)
def test_dots_and_ranges_are_the_figures(verdicts: Verdicts, claim_id: str) -> None:
    verdict = one(verdicts, claim_id)
    axis = ranges_plot(verdict, THRESHOLDS[claim_id], "A title").axes[0]
    lines = {line.get_label(): line for line in axis.lines}
    assert len(triples(verdict)) >= 2
    for part, what, value, low, high in triples(verdict):
        assert tuple(lines[f"{part}, {what}"].get_xdata()) == (value,)
        assert any(
            tuple(line.get_xdata()) == (low, high) for line in axis.lines if line.get_label() == "_range"
        )
        assert axis.get_xlim()[0] <= low and high <= axis.get_xlim()[1]
    assert lines["threshold"].get_xdata()[0] == THRESHOLDS[claim_id]
    places = [line.get_ydata()[0] for line in axis.lines if ", " in line.get_label()]
    assert len(set(places)) == len(places)  # none on another


def test_the_applications_curve_marks_the_claims_number(claims: Claims, model: Model) -> None:
    axis = low_score_plot(one(claims, "g06"), model).axes[0]
    assert [line.get_xdata()[0] for line in axis.lines if line.get_label() == "claim"] == [100]
    line = next(line for line in axis.lines if line.get_label() == "Internal Medicine")
    n = int(line.get_xdata()[7])
    answer = model.odds(Applicant("Internal Medicine", "non-us-img", step2_ck=225), Question(applications=n))
    assert line.get_ydata()[7] == pytest.approx(answer.p_apply.point, abs=1e-9)


def test_the_years_curve_agrees_with_the_verdict(claims: Claims, model: Model, verdicts: Verdicts) -> None:
    axis = years_plot(one(claims, "g07"), model).axes[0]
    line = next(line for line in axis.lines if line.get_label() == "odds")
    assert np.interp(3, *line.get_data()) == pytest.approx(1.0)
    assert np.interp(10, *line.get_data()) == pytest.approx(
        one(verdicts, "g07").figures["odds at 10 years over 3"]
    )


def test_strictness_is_the_table(claims: Claims, everything: Tidy) -> None:
    figure = strictness_plot(one(claims, "g10"), everything)
    line = next(line for line in figure.axes[0].lines if line.get_label() == "programs")
    rows = everything.table("invited_step2").query("statistic == 'p10' and applicant_type == 'non-us-img'")
    assert sorted(line.get_ydata()) == sorted(rows[rows["specialty"] == "Neurology"]["step2_ck"])


def test_bytes_repeat_and_titles_are_found(verdicts: Verdicts) -> None:
    first, second = (ranges_plot(one(verdicts, "g14"), 1.0, "The odds after a failure") for _ in range(2))
    assert picture_bytes(first, "png") == picture_bytes(second, "png")
    assert title_of(first) == "The odds after a failure"
