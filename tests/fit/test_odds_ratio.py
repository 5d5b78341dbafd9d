"""Odds ratios against statsmodels' and scipy's 2x2 tables."""

import numpy as np
import pytest
from scipy.stats.contingency import odds_ratio as scipy_odds_ratio
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2

from matchmodel.fit.odds_ratio import score_shift, us_log_odds_ratios

from .made import tidy


def ranked(specialty, us_ranked, us_matched, non_ranked, non_matched, **more):
    return {"specialty": specialty, "us_img_ranked": us_ranked, "us_img_matched": us_matched,
            "non_us_img_ranked": non_ranked, "non_us_img_matched": non_matched, **more}  # fmt: skip


# matched and not, US then non-US: the counts of the 2025 report
CELLS = {"Internal Medicine": (1145, 954, 3573, 4057), "Neurology": (46, 89, 223, 404), "Anesthesiology": (47, 130, 84, 137)}


@pytest.mark.parametrize("specialty", CELLS)
def test_each_table_is_what_statsmodels_and_scipy_say(real, specialty):
    a, b, c, d = CELLS[specialty]
    found = us_log_odds_ratios(real.table("ranked_anywhere"), [specialty])
    other = Table2x2(np.array([[a, b], [c, d]]))
    assert found.values[0] == pytest.approx(other.log_oddsratio)
    assert found.ses[0] == pytest.approx(other.log_oddsratio_se)
    assert np.exp(found.values[0]) == pytest.approx(scipy_odds_ratio([[a, b], [c, d]], kind="sample").statistic)


@pytest.mark.parametrize(("us", "non_us"), [((9, 0), (27, 7)), ((12, 12), (30, 14)), ((5, 0), (6, 0))])
def test_a_zero_cell_takes_a_half_in_all_four(us, non_us):
    table = tidy(ranked_anywhere=[ranked("Neurology", *us, *non_us)]).table("ranked_anywhere")
    found = us_log_odds_ratios(table, ["Neurology"])
    cells = np.array([[us[1], us[0] - us[1]], [non_us[1], non_us[0] - non_us[1]]])
    other = Table2x2(cells + 0.5)
    assert found.values[0] == pytest.approx(other.log_oddsratio)
    assert found.ses[0] == pytest.approx(other.log_oddsratio_se)


def test_absent_suppressed_and_unranked_specialties_have_no_ratio():
    rows = [ranked("Neurology", 135, 46, 627, 223), ranked("Dermatology", 1, 0, 0, 0), ranked("Pathology", 30, None, 40, 10),
            ranked("Psychiatry", 329, 153, 409, 190, year=2024)]  # fmt: skip
    table = tidy(ranked_anywhere=rows).table("ranked_anywhere")
    found = us_log_odds_ratios(table, ["Neurology", "Dermatology", "Pathology", "Psychiatry", "Pediatrics"])
    assert np.isfinite(found.values).tolist() == [True, False, False, False, False]
    assert np.isinf(found.ses[1:]).all()


def test_the_pooled_ratio_lies_in_statsmodels_range_of_the_common_one_when_there_is_a_common_one():
    rng = np.random.default_rng(0)
    tables, rows = [], []
    names = ["Neurology", "Pathology", "Psychiatry", "Pediatrics", "Family Medicine", "Anesthesiology"]
    for name in names:
        p = rng.uniform(0.3, 0.6)
        us = 1 / (1 + (1 - p) / p / np.exp(0.24))
        a, c = rng.binomial(800, us), rng.binomial(2000, p)
        tables.append(np.array([[a, 800 - a], [c, 2000 - c]]))
        rows.append(ranked(name, 800, a, 2000, c))
    found = us_log_odds_ratios(tidy(ranked_anywhere=rows).table("ranked_anywhere"), names)
    mantel = StratifiedTable(tables)
    assert found.mean == pytest.approx(mantel.logodds_pooled, abs=0.5 * mantel.logodds_pooled_se)
    assert found.mean == pytest.approx(0.24, abs=3 * found.mean_se)


def test_us_imgs_do_better_where_the_design_says_and_no_better_where_it_says_so(real, trained):
    found = dict(zip(trained.fits["non-us-img"].specialties, trained.derived.ratios.values, strict=True))
    ses = dict(zip(trained.fits["non-us-img"].specialties, trained.derived.ratios.ses, strict=True))
    for better in ("Internal Medicine", "Family Medicine", "Emergency Medicine", "Pediatrics", "General Surgery"):
        assert found[better] > 1.96 * ses[better]
    for not_better in ("Neurology", "Psychiatry", "Anesthesiology"):
        assert found[not_better] < 1.96 * ses[not_better]


def invited(kind, quantile, score, statistic="median"):
    return {"applicant_type": kind, "quantile": quantile, "step2_ck": score, "statistic": statistic, "programs": 10, "specialty": "Neurology"}


def test_invited_us_imgs_have_medians_eleven_points_lower(real):
    shift, se = score_shift(real.table("invited_step2"))
    assert shift == 242 - 253
    gaps = np.array([235 - 250.5, 242 - 253, 244 - 259])
    assert se == pytest.approx(np.hypot(gaps.std(), 11 / 2))


@pytest.mark.parametrize("rows", [
    [invited("us-img", 0.5, 242)],
    [invited("us-img", 0.5, 242, "q1"), invited("non-us-img", 0.5, 250, "q1")],
    [invited("us-img", 0.25, 242), invited("non-us-img", 0.25, 250)],
])  # fmt: skip
def test_without_both_medians_there_is_no_shift(rows):
    assert score_shift(tidy(invited_step2=rows).table("invited_step2")) is None
