"""Cells: bins to midpoints, what counts as complete, what the tables have seen, rounding."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from matchmodel.covariates import step2_u
from matchmodel.fit.tables.cells import Measured, bins_from_rows, measured_cells
from matchmodel.fit.tables.logistic import fit_slope
from matchmodel.fit.tables.reconstruct import Summary

from ..made import BLANK, HIGH, LOW, bins, quartiles, tidy

NAN = np.nan
FULL, OTHER = Summary(20, 233, 243, 253, 209, 279, 242, 14), Summary(30, 238, 248, 258)
SUPPRESSED = Summary(3, NAN, NAN, NAN)

# (low, high) of the bins -> midpoints, lowest and highest
BINS = {
    "scores, both ends open": (
        [(NAN, 180), (181, 190), (191, 200), (201, NAN)],
        [175.5, 185.5, 195.5, 205.5],
        (171, 210),
    ),
    "single values": ([(1, 1), (2, 2), (3, NAN)], [1, 2, 3], (1, 3)),
    "out of order": ([(201, NAN), (NAN, 190), (191, 200)], [185.5, 195.5, 205.5], (181, 210)),
    "only open ends": ([(NAN, 200), (201, NAN)], [195.5, 205.5], (191, 210)),
    "with an unknown row": ([(181, 190), (191, 200), (NAN, NAN)], [185.5, 195.5], (181, 200)),
}


@pytest.mark.parametrize("name", BINS)
def test_bins_become_midpoints(name):
    edges, mid, limits = BINS[name]
    rows = pd.DataFrame(
        {"low": [e[0] for e in edges], "high": [e[1] for e in edges], "matched": 3.0, "not_matched": 4.0}
    )
    made = bins_from_rows(rows)
    assert list(made.mid) == mid
    assert (made.low, made.high) == limits
    assert made.matched.sum() == 3 * len(mid) and made.not_matched.sum() == 4 * len(mid)


def test_counts_stay_with_their_bin_when_rows_are_out_of_order():
    rows = pd.DataFrame(
        {"low": [201.0, 191.0], "high": [210.0, 200.0], "matched": [9.0, 1.0], "not_matched": [2.0, 8.0]}
    )
    made = bins_from_rows(rows)
    assert list(made.matched) == [1, 9] and list(made.not_matched) == [8, 2]


COMPLETE = {
    "both": (FULL, OTHER, True),
    "one suppressed": (FULL, SUPPRESSED, False),
    "one absent": (None, FULL, False),
    "nobody": (None, None, False),
}


@pytest.mark.parametrize("name", COMPLETE)
def test_complete(name):
    matched, not_matched, expected = COMPLETE[name]
    assert Measured(matched, not_matched).complete is expected


def test_seen_are_the_printed_extremes_else_the_quartiles():
    assert Measured(FULL, OTHER).seen == (209, 279)
    assert Measured(OTHER, None).seen == (238, 258)
    assert Measured(SUPPRESSED, SUPPRESSED).seen is None


def test_only_known_cohorts_are_rebuilt():
    cohorts = Measured(SUPPRESSED, FULL).cohorts("iqr")
    assert list(cohorts) == ["not_matched"]
    assert cohorts["not_matched"][1].sum() == pytest.approx(20)


def test_rounding_moves_each_printed_figure_by_at_most_half_a_unit():
    rng = np.random.default_rng(0)
    moved = [Measured(FULL, OTHER).jittered(rng).matched for _ in range(400)]
    for name in ("q1", "median", "q3", "mean", "sd"):
        gaps = np.array([getattr(one, name) for one in moved]) - getattr(FULL, name)
        assert np.abs(gaps).max() <= 0.5
        assert gaps.std() == pytest.approx(1 / np.sqrt(12), abs=0.03)  # uniform
    assert all(one.minimum == FULL.minimum and one.n == FULL.n for one in moved)


def test_rounding_leaves_the_quartiles_of_whole_numbers_and_moves_tenths_by_half_of_one():
    """One cohort's mean and SD are whole by chance: the other's tenths say how the table prints."""
    table = Measured(Summary(5, 1, 1, 1, 1, 1, 1.0, 0.0), Summary(15, 1, 1, 1, 1, 4, 1.3, 0.8))
    moved = [table.jittered(rng, counts=True) for rng in map(np.random.default_rng, range(200))]
    assert all((one.not_matched.q1, one.not_matched.q3) == (1, 1) for one in moved)
    gaps = np.array([one.matched.mean - 1 for one in moved])
    assert 0.045 < np.abs(gaps).max() <= 0.05
    assert min(one.matched.sd for one in moved) == 0
    near = Measured(
        Summary(20, 233, 243, 253, 209, 279, 242 * (1 + 1e-10), 14),
        Summary(30, 238, 248, 258, 200, 290, 250, 13),
    )
    assert (
        max(abs(near.jittered(rng).matched.mean - 242) for rng in map(np.random.default_rng, range(20))) > 0.4
    )


def test_known_says_whether_any_cohort_is_there():
    assert Measured(FULL, SUPPRESSED).known and Measured(None, OTHER).known
    assert not Measured(SUPPRESSED, SUPPRESSED).known and not Measured().known


def test_rounding_leaves_bins_and_the_order_of_ties():
    table = measured_cells(
        tidy(bins=bins("Neurology", [(181, 190), (191, 200)], [1, 2], [2, 1])), "step2_ck"
    )["non-us-img", "Neurology"][0]
    assert table.jittered(np.random.default_rng(0)) is table
    tied = (
        Measured(Summary(9, 240, 240, 240), Summary(9, 240, 240, 240))
        .jittered(np.random.default_rng(0))
        .matched
    )
    assert tied.q1 <= tied.median <= tied.q3 and tied.q1 < tied.q3


def test_a_bin_with_a_suppressed_count_is_left_out_of_both_cohorts():
    rows = pd.DataFrame(
        {
            "low": [191.0, 201.0, 211.0],
            "high": [200.0, 210.0, 220.0],
            "matched": [6.0, 9.0, 30.0],
            "not_matched": [8.0, 7.0, NAN],
        }
    )
    made = bins_from_rows(rows)
    assert (list(made.mid), list(made.matched), list(made.not_matched)) == ([195.5, 205.5], [6, 9], [8, 7])


def test_suppressed_bin_counts_do_not_bend_the_slope():
    """Counts under five blank, as reports print them: over 60 worlds the slope of the full counts comes back.

    Zeros would make it 0.43 for 0.39.
    """
    rng = np.random.default_rng(0)
    edges = np.array([190.5, *np.arange(200.5, 271, 10), 290.5])
    gaps = {"left out": [], "as zeros": []}
    for _ in range(60):
        score = rng.normal(235, 14, 600)
        matched = rng.random(600) < expit(1.8 + 0.4 * step2_u(score))
        full = {
            "matched": np.histogram(score[matched], edges)[0] * 1.0,
            "not_matched": np.histogram(score[~matched], edges)[0] * 1.0,
        }
        rows = pd.DataFrame({"low": edges[:-1] + 0.5, "high": edges[1:] - 0.5, **full})
        blank = rows.assign(**{c: rows[c].where((rows[c] == 0) | (rows[c] >= 5)) for c in full})
        slope = [
            fit_slope(Measured(bins=bins_from_rows(one)), step2_u, rng).value
            for one in (rows, blank, blank.fillna(0))
        ]
        gaps["left out"].append(slope[1] - slope[0])
        gaps["as zeros"].append(slope[2] - slope[0])
    doubt = {name: np.std(values) / np.sqrt(60) for name, values in gaps.items()}
    assert abs(np.mean(gaps["left out"])) < 2.5 * doubt["left out"]
    assert np.mean(gaps["as zeros"]) > 4 * doubt["as zeros"]


def test_years_stand_newest_first_and_bins_before_quartiles():
    made = tidy(
        quartiles=[
            *quartiles("Neurology", HIGH, LOW, year=2024),
            *quartiles("Neurology", HIGH, BLANK, year=2026),
            *quartiles("Neurology", HIGH, LOW, year=2022),
            *quartiles("Neurology", HIGH, LOW, measure="step1", year=2030),
        ],
        bins=bins("Neurology", [(231, 240), (241, 250)], [1, 2], [2, 1], year=2024),
    )
    found = measured_cells(made, "step2_ck")["non-us-img", "Neurology"]
    assert [(one.year, one.bins is not None) for one in found] == [(2026, False), (2024, True), (2022, False)]


def test_bins_of_one_cohort_alone_do_not_hide_the_quartiles():
    made = tidy(
        quartiles=quartiles("Neurology", HIGH, LOW),
        bins=bins("Neurology", [(231, 240), (241, 250)], [1, 2], [None, None]),
    )
    assert measured_cells(made, "step2_ck")["non-us-img", "Neurology"][0].bins is None


def test_a_cohort_whose_n_is_suppressed_is_not_known():
    made = tidy(quartiles=quartiles("Neurology", (None, 210, 240, 251, 259), LOW))
    assert not measured_cells(made, "step2_ck")["non-us-img", "Neurology"][0].matched.known


def test_types_and_specialties_stay_apart(real):
    cells = measured_cells(real, "step2_ck")
    assert {kind for kind, _ in cells} == {"non-us-img"}
    assert cells["non-us-img", "Internal Medicine"][0].cell == "step2_ck non-us-img Internal Medicine"
    assert cells["non-us-img", "Internal Medicine"][0].matched == Summary(
        2649, 240, 251, 259, 209, 284, 249, 14
    )
