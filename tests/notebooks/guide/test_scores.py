"""Rules on scores: each comes out the other way on invented numbers where the opposite holds."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from notebook_helpers.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE
from notebook_helpers.guide.scores import matched_up_to, wilson

from matchmodel.etl import Tidy
from matchmodel.model import Model

from .conftest import Made

SIX = [
    "Dermatology", "Plastic Surgery (Integrated)", "Orthopaedic Surgery", "Otolaryngology",
    "Neurological Surgery",
    "Vascular Surgery (Integrated)",
]  # fmt: skip
SECOND = ("Diagnostic Radiology", "Anesthesiology", "Emergency Medicine", "Internal Medicine")
BROAD = ("Internal Medicine", "Family Medicine", "Pediatrics", "Psychiatry")
PRINTED = "specialties with printed scores of those who matched"


def printed(everything: Tidy, changed: Callable, names: list[str], n: int, *quartiles: float) -> Tidy:
    """Return the tables with invented quartiles of those who matched."""
    rows = everything.table("quartiles").copy()
    mine = (
        (rows["measure"] == "step2_ck")
        & (rows["cohort"] == "matched")
        & (rows["applicant_type"] == "non-us-img")
    )
    mine &= rows["specialty"].isin(names)
    assert mine.sum() == len(names)
    blank = dict.fromkeys(("min", "max", "mean", "sd"), np.nan)
    for name, value in {"n": n, **dict(zip(("q1", "median", "q3"), quartiles, strict=True)), **blank}.items():
        rows.loc[mine, name] = value
    return changed(quartiles=rows)


@pytest.mark.parametrize("quartiles, wanted", [((265, 270, 275), SUPPORTED), ((238, 245, 255), CONTRADICTED)])
def test_a_needed_score_flips(
    judge: Callable, model: Model, everything: Tidy, changed: Callable, quartiles: tuple, wanted: str
) -> None:
    found = judge("g01", model, printed(everything, changed, SIX, 40, *quartiles))
    assert found.verdict == wanted and found.basis == "measured" and found.figures[PRINTED] == 6
    if wanted == CONTRADICTED:  # between the median of 245 and the third quartile of 255
        assert found.figures["share of matched at or below 250"] == pytest.approx(0.6, abs=0.1)


def test_a_needed_score_stays_open_where_few_are_printed(
    judge: Callable, model: Model, everything: Tidy, changed: Callable
) -> None:
    assert judge("g01", model).verdict == UNANSWERABLE
    assert (
        judge("g01", model, printed(everything, changed, SIX[:2], 400, 238, 245, 255)).verdict == UNANSWERABLE
    )
    assert (
        judge("g01", model, printed(everything, changed, SIX[:3], 400, 238, 245, 255)).verdict == CONTRADICTED
    )


def test_a_needed_score_stays_open_where_one_in_ten_is_in_the_range(
    judge: Callable, model: Model, everything: Tidy, changed: Callable
) -> None:
    found = judge("g01", model, printed(everything, changed, SIX, 5, 256, 263, 270))
    low, high = (found.figures[f"share of matched at or below 250, {end}"] for end in ("low", "high"))
    assert low < 0.10 < high and found.verdict == UNANSWERABLE and "stays open" in found.why


def test_the_share_is_read_off_the_printed_quartiles(everything: Tidy, changed: Callable) -> None:
    tables = printed(everything, changed, SIX[:1], 40, 240, 250, 260)
    for score, share in ((240, 0.25), (250, 0.5), (260, 0.75)):
        assert matched_up_to(tables, SIX[0], score) == (40, pytest.approx(share, abs=0.02))
    assert matched_up_to(everything, SIX[0], 250) is None  # suppressed


@pytest.mark.parametrize("count, n", [(3, 8), (0, 20), (50, 400)])
def test_wilson_inverts_the_score_test(count: int, n: int) -> None:
    """Its ends are where the score test of the share is exactly at the 90% point of the normal."""
    found, z = wilson(count, n), 1.2815515655446004
    for end in {found.low, found.high} - {0.0}:
        assert abs(count / n - end) == pytest.approx(z * (end * (1 - end) / n) ** 0.5, rel=1e-9)


@pytest.mark.parametrize("even, wanted", [(245, SUPPORTED), (225, CONTRADICTED), (270, CONTRADICTED)])
def test_a_score_to_aim_at_flips(judge: Callable, made: Made, even: int, wanted: str) -> None:
    """The average is at `even`, in every draw but for a little."""
    found = judge("g02", made.cell(SECOND, 0.4 * (240 - even) / 10, 0.4, 0.0, 0.02).done())
    assert found.verdict == wanted and "academic" in found.why and "not answerable" in found.why
    assert found.figures["Internal Medicine, odds at 240 over the average"] == pytest.approx(
        np.exp(0.04 * (240 - even)), rel=1e-4
    )


def test_a_score_to_aim_at_takes_its_thresholds_from_the_claim(judge: Callable, made: Made) -> None:
    model = made.cell(BROAD, 0.4 * (240 - 238) / 10, 0.4, 0.0, 0.02).done()
    assert judge("g03", model).verdict == SUPPORTED  # 235 to 245
    model = made.cell((*BROAD, *SECOND), 0.4 * (240 - 247) / 10, 0.4, 0.0, 0.02).done()
    assert (judge("g02", model).verdict, judge("g03", model).verdict) == (SUPPORTED, CONTRADICTED)


def test_a_score_to_aim_at_stays_open_without_slopes_or_when_flat(judge: Callable, made: Made) -> None:
    assert judge("g02", made.cell(SECOND, 0.0, 0.0, 0.0, 0.5).done()).verdict == UNANSWERABLE
    found = judge("g02", made.without(slopes=SECOND[:3]).done())
    assert found.verdict == UNANSWERABLE and "Only 1 of the 4" in found.why


def test_bins_are_read_as_they_are(changed: Callable) -> None:
    """Invented bins: 30 of 40 at or below 250."""
    keys = {"source_id": "made", "year": 2026, "applicant_type": "non-us-img", "specialty": "Dermatology"}
    keys |= {"measure": "step2_ck", "page": "", "not_matched": 5}
    rows = [
        {**keys, "bin": f"{low}-{low + 9}", "low": low, "high": low + 9, "matched": m}
        for low, m in ((231, 10), (241, 20), (251, 10))
    ]
    assert matched_up_to(changed(bins=pd.DataFrame(rows)), "Dermatology", 250) == (40, 0.75)
