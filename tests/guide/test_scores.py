"""Rules on scores: each comes out the other way on made-up numbers where the opposite holds."""

import numpy as np
import pandas as pd
import pytest

from matchmodel.guide.result import CONTRADICTED, SUPPORTED, UNANSWERABLE
from matchmodel.guide.scores import matched_up_to, wilson

SIX = ["Dermatology", "Plastic Surgery (Integrated)", "Orthopaedic Surgery", "Otolaryngology", "Neurological Surgery", "Vascular Surgery (Integrated)"]
SECOND = ("Diagnostic Radiology", "Anesthesiology", "Emergency Medicine", "Internal Medicine")
BROAD = ("Internal Medicine", "Family Medicine", "Pediatrics", "Psychiatry")


def printed(tidy, changed, specialties, n, low, median, high):
    """Return the tables with made-up quartiles of those who matched."""
    rows = tidy.table("quartiles").copy()
    mine = (rows["measure"] == "step2_ck") & (rows["cohort"] == "matched") & rows["specialty"].isin(specialties) & (rows["applicant_type"] == "non-us-img")
    assert mine.sum() == len(specialties)
    for name, value in {"n": n, "q1": low, "median": median, "q3": high, "min": np.nan, "max": np.nan, "mean": np.nan, "sd": np.nan}.items():
        rows.loc[mine, name] = value
    return changed(quartiles=rows)


@pytest.mark.parametrize("quartiles, wanted", [((265, 270, 275), SUPPORTED), ((238, 245, 255), CONTRADICTED)])
def test_a_needed_score_flips(judge, model, tidy, changed, quartiles, wanted):
    found = judge("g01", model, printed(tidy, changed, SIX, 40, *quartiles))
    assert found.verdict == wanted and found.basis == "measured" and found.figures["specialties with printed scores of those who matched"] == 6
    if wanted == CONTRADICTED:
        assert found.figures["share of matched at or below 250"] == pytest.approx(0.6, abs=0.1)  # between the median of 245 and the Q3 of 255


def test_a_needed_score_stays_open_where_few_are_printed(judge, model, tidy, changed):
    assert judge("g01", model).verdict == UNANSWERABLE
    assert judge("g01", model, printed(tidy, changed, SIX[:2], 400, 238, 245, 255)).verdict == UNANSWERABLE  # three of six are not most
    assert judge("g01", model, printed(tidy, changed, SIX[:3], 400, 238, 245, 255)).verdict == CONTRADICTED


def test_a_needed_score_stays_open_where_one_in_ten_is_in_the_range(judge, model, tidy, changed):
    found = judge("g01", model, printed(tidy, changed, SIX, 5, 256, 263, 270))
    low, high = found.figures["share of matched at or below 250, low"], found.figures["share of matched at or below 250, high"]
    assert low < 0.10 < high and found.verdict == UNANSWERABLE and "stays open" in found.why


def test_the_share_is_read_off_the_printed_quartiles(tidy, changed):
    tables = printed(tidy, changed, SIX[:1], 40, 240, 250, 260)
    for score, share in ((240, 0.25), (250, 0.5), (260, 0.75)):
        assert matched_up_to(tables, SIX[0], score) == (40, pytest.approx(share, abs=0.02))
    assert matched_up_to(tidy, SIX[0], 250) is None  # suppressed


@pytest.mark.parametrize("count, n", [(3, 8), (0, 20), (50, 400)])
def test_wilson_inverts_the_score_test(count, n):
    """Its ends are where the score test of the share is exactly at the 90% point of the normal."""
    found, z = wilson(count, n), 1.2815515655446004
    for end in {found.low, found.high} - {0.0}:
        assert abs(count / n - end) == pytest.approx(z * (end * (1 - end) / n) ** 0.5, rel=1e-9)


@pytest.mark.parametrize("even, wanted", [(245, SUPPORTED), (225, CONTRADICTED), (270, CONTRADICTED)])
def test_a_score_to_aim_at_flips(judge, made, even, wanted):
    """The average is at `even`, in every draw but for a little."""
    model = made.cell(SECOND, 0.4 * (240 - even) / 10, 0.4, 0.0, 0.02).done()
    found = judge("g02", model)
    assert found.verdict == wanted and "academic" in found.why and "not answerable" in found.why
    assert found.figures["Internal Medicine, odds at 240 over the average"] == pytest.approx(np.exp(0.04 * (240 - even)))


def test_a_score_to_aim_at_takes_its_thresholds_from_the_claim(judge, made):
    model = made.cell(BROAD, 0.4 * (240 - 238) / 10, 0.4, 0.0, 0.02).done()
    assert judge("g03", model).verdict == SUPPORTED  # 235 to 245
    model = made.cell((*BROAD, *SECOND), 0.4 * (240 - 247) / 10, 0.4, 0.0, 0.02).done()
    assert (judge("g02", model).verdict, judge("g03", model).verdict) == (SUPPORTED, CONTRADICTED)


def test_a_score_to_aim_at_stays_open_without_slopes(judge, made):
    for name in SECOND[:2]:
        made.content["types"]["non-us-img"]["cells"][name]["own_slope"] = False
    assert "Only 2 of the 4" in judge("g02", made.done()).why and judge("g02", made.done()).verdict == UNANSWERABLE


def test_a_score_to_aim_at_stays_open_when_flat(judge, made):
    assert judge("g02", made.cell(SECOND, 0.0, 0.0, 0.0, 0.5).done()).verdict == UNANSWERABLE


def test_bins_are_read_as_they_are(changed):
    """Made-up bins: 30 of 40 at or below 250."""
    keys = {"source_id": "made", "year": 2026, "applicant_type": "non-us-img", "specialty": "Dermatology", "measure": "step2_ck", "page": ""}
    rows = [{**keys, "bin": f"{low}-{low + 9}", "low": low, "high": low + 9, "matched": m, "not_matched": 5} for low, m in ((231, 10), (241, 20), (251, 10))]
    assert matched_up_to(changed(bins=pd.DataFrame(rows)), "Dermatology", 250) == (40, 0.75)
