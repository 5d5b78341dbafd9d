"""Claims that the tables have nothing on: that is looked for, and what is known beside it is computed."""

from collections.abc import Callable

import numpy as np
import pytest
from notebook_helpers.guide.absent import mentions
from notebook_helpers.guide.result import UNANSWERABLE
from scipy.integrate import quad
from scipy.stats import norm

from matchmodel.etl import Tidy
from matchmodel.model import Model

SPEAKS = {
    "g09": ("date", "2026-09-01"),
    "g10": ("rule", "strict cutoff"),
    "g12": ("region", "x"),
}  # an invented column


@pytest.mark.parametrize("claim_id", SPEAKS)
def test_no_table_speaks_of_it(judge: Callable, model: Model, everything: Tidy, claim_id: str) -> None:
    found = judge(claim_id, model)
    assert found.verdict == UNANSWERABLE and "it would take" in found.why
    assert f"None of the {len(everything.tables)} tables" in found.why
    assert found.figures["tables searched"] == len(everything.tables)


@pytest.mark.parametrize("claim_id", SPEAKS)
def test_a_table_that_speaks_of_it_is_noticed(
    judge: Callable, model: Model, everything: Tidy, changed: Callable, claim_id: str
) -> None:
    column, text = SPEAKS[claim_id]
    tables = changed(correlations=everything.table("correlations").assign(**{column: text}))
    found = judge(claim_id, model, tables)
    assert (
        found.verdict == UNANSWERABLE
        and "Now correlations speaks of it, and no rule reads that yet" in found.why
    )


def test_sources_and_notes_are_not_read(everything: Tidy, changed: Callable) -> None:
    noted = everything.table("correlations").assign(source="a Midwest community post", note="by region")
    assert mentions(changed(correlations=noted), "midwest|region") == []


@pytest.mark.parametrize("bias", [0.0, 3.0])
def test_how_often_a_target_is_reached(
    judge: Callable, model: Model, everything: Tidy, changed: Callable, bias: float
) -> None:
    """By integration over the errors; a test that says too much by `bias` makes it rarer."""
    tests = everything.table("practice_tests").assign(bias_points=bias)
    sd = tests.set_index("test").loc["NBME", "residual_sd_points"]
    figures = judge("g09", model, changed(practice_tests=tests)).figures
    for short in (5, 10):
        wanted = quad(lambda e: norm.pdf(e, -bias, sd), short, 200)[0]
        assert figures[f"NBME, reaches the target from {short} below"] == pytest.approx(wanted, rel=1e-6)


def test_programs_strictness_and_surveys_are_the_tables(
    judge: Callable, model: Model, everything: Tidy
) -> None:
    rows = everything.table("invited_step2").query("applicant_type == 'non-us-img' and statistic == 'p10'")
    at = rows.set_index("quantile")["step2_ck"]
    found = judge("g10", model)
    assert (found.figures["Neurology, lenient program"], found.figures["Neurology, strict program"]) == (
        at[0.1],
        at[0.9],
    )
    assert "community programs 45% (Internal Medicine, 2017)" in found.why
    assert "community programs 45%" in judge("g12", model).why


def test_step_three_is_shown_as_the_register_has_it(judge: Callable, model: Model, everything: Tidy) -> None:
    row = everything.table("effects").set_index("id").loc["im-crowd-step3"]
    found = judge("g13", model)
    assert found.verdict == UNANSWERABLE and "a range that holds no effect" in found.why
    ends = [found.figures[f"im-crowd-step3, invitations{end}"] for end in ("", ", low", ", high")]
    half = norm.ppf(0.9) * np.sqrt(2) * row["se"]  # grade C
    assert ends == pytest.approx(np.exp([row["estimate"], row["estimate"] - half, row["estimate"] + half]))


def test_without_the_tables_beside_it_they_are_left_out(
    judge: Callable, model: Model, everything: Tidy, changed: Callable
) -> None:
    empty = {name: everything.table(name).iloc[:0] for name in ("invited_step2", "practice_tests", "facts")}
    register = everything.table("effects").query("covariate != 'step3_passed'")
    bare = changed(**empty, effects=register)
    assert (
        "Known is" not in judge("g10", model, bare).why and "directors" not in judge("g10", model, bare).why
    )
    assert "reaches it" not in judge("g09", model, bare).why
    assert "No table has a word on Step 3." in judge("g13", model, bare).why
