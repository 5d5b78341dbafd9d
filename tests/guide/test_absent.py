"""Claims that the tables have nothing on: that is looked for, and what is known beside it is computed."""

import pytest
from scipy.integrate import quad
from scipy.stats import norm

from matchmodel.guide.absent import mentions
from matchmodel.guide.result import UNANSWERABLE

SPEAKS = {  # claim -> a made-up column that would speak of it
    "g09": ("date", "2026-09-01"),
    "g10": ("rule", "strict cutoff"),
    "g12": ("region", "x"),
    "g13": ("exam", "Step 3"),
}


@pytest.mark.parametrize("claim_id", SPEAKS)
def test_no_table_speaks_of_it(judge, model, tidy, claim_id):
    found = judge(claim_id, model)
    assert found.verdict == UNANSWERABLE and f"None of the {len(tidy.tables)} tables" in found.why and "it would take" in found.why
    assert found.figures["tables searched"] == len(tidy.tables)


@pytest.mark.parametrize("claim_id", SPEAKS)
def test_a_table_that_speaks_of_it_is_noticed(judge, model, tidy, changed, claim_id):
    column, text = SPEAKS[claim_id]
    found = judge(claim_id, model, changed(correlations=tidy.table("correlations").assign(**{column: text})))
    assert found.verdict == UNANSWERABLE and "Now correlations speaks of it, and no rule reads that yet" in found.why


def test_sources_and_notes_are_not_read(tidy, changed):
    noted = tidy.table("correlations").assign(source="a Midwest community post", note="by region")
    assert mentions(changed(correlations=noted), "midwest|region") == []


@pytest.mark.parametrize("bias", [0.0, 3.0])
def test_how_often_a_target_is_reached(judge, model, tidy, changed, bias):
    """By integration of the normal density over the errors that are large enough; a test that says too much by `bias` (made up) makes it rarer."""
    tests = tidy.table("practice_tests").assign(bias_points=bias)
    figures, sd = judge("g09", model, changed(practice_tests=tests)).figures, tests.set_index("test").loc["NBME", "residual_sd_points"]
    for short in (5, 10):
        wanted = quad(lambda e: norm.pdf(e, -bias, sd), short, 200)[0]
        assert figures[f"NBME, reaches the target from {short} below"] == pytest.approx(wanted, rel=1e-6)


def test_programs_strictness_is_the_tables(judge, model, tidy):
    rows = tidy.table("invited_step2")
    rows = rows[(rows["applicant_type"] == "non-us-img") & (rows["statistic"] == "p10")].set_index("quantile")["step2_ck"]
    figures = judge("g10", model).figures
    assert (figures["Neurology, lenient program"], figures["Neurology, strict program"]) == (rows[0.1], rows[0.9])


def test_without_the_tables_beside_it_they_are_left_out(judge, model, tidy, changed):
    bare = changed(invited_step2=tidy.table("invited_step2").iloc[:0], practice_tests=tidy.table("practice_tests").iloc[:0])
    assert "Known is" not in judge("g10", model, bare).why
    assert "reaches it" not in judge("g09", model, bare).why
