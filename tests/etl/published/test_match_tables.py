"""The Match tables of data/raw, compared with facts known from elsewhere."""

import numpy as np

from matchmodel.specialty import SPECIALTIES


def test_2026_has_24_specialties_and_nine_measures(tidy):
    training = tidy.select(role="training")
    counts, quartiles = training.table("counts"), training.table("quartiles")
    assert counts["specialty"].nunique() == len(counts) == 24 and set(counts["specialty"]) <= set(SPECIALTIES)
    assert set(counts["applicant_type"]) == {"non-us-img"}
    assert len(quartiles) == 24 * 9 * 2
    # the report's own total of those who consented
    assert quartiles.loc[quartiles["measure"] == "step2_ck", "n"].sum() == 8943
    # suppressed cohorts stay: 9 of 48 a measure
    assert quartiles.groupby("measure")["median"].apply(lambda values: values.isna().sum()).eq(9).all()


def test_2026_rate_of_the_preferred_specialty(tidy):
    counts = tidy.select(role="training").table("counts")
    matched, not_matched = counts["matched"].sum(), counts["not_matched"].sum()
    assert round(100 * matched / (matched + not_matched), 1) == 49.0


def test_2026_internal_medicine(tidy):
    counts = tidy.select(role="training").table("counts").set_index("specialty")
    assert counts.loc["Internal Medicine", ["matched", "not_matched", "positions"]].tolist() == [
        3392,
        3600,
        11632,
    ]


def test_2007_bins_sum_to_the_counts_where_nothing_is_blank(tidy):
    old = tidy.select(role="validation")
    keys = ["applicant_type", "specialty"]
    counts = old.table("counts").set_index(keys)
    assert counts.groupby("applicant_type").size().to_dict() == {"independent": 6, "us-senior": 19}
    checked = 0
    for (kind, specialty, _), rows in old.table("bins").groupby([*keys, "measure"]):
        for cohort in ("matched", "not_matched"):
            if rows[cohort].notna().all():
                assert rows[cohort].sum() == counts.loc[(kind, specialty), cohort]
                checked += 1
    assert checked == 25 * 5 * 2 - 1


def test_2007_one_bin_is_blank(tidy):
    bins = tidy.table("bins")
    blank = bins[bins[["matched", "not_matched"]].isna().any(axis=1)]
    assert blank[["specialty", "applicant_type", "measure"]].values.tolist() == [
        ["Internal Medicine/Pediatrics", "us-senior", "step1"]
    ]


def test_2007_medians_lie_in_the_bin_that_holds_the_middle(tidy):
    """Two printings of the same applicants agree.

    The median's bin holds the 50% point of those with a known score.
    """
    old = tidy.select(role="validation")
    bins = old.table("bins")
    seen = 0
    for row in old.table("quartiles").itertuples():
        cell = bins[
            (bins["applicant_type"] == row.applicant_type)
            & (bins["specialty"] == row.specialty)
            & (bins["measure"] == row.measure)
        ]
        cell = cell[cell["bin"] != "unknown"]
        counts = cell[row.cohort].to_numpy()
        if np.isnan(counts).any():
            continue
        assert counts.sum() == row.n
        upto = counts[(cell["high"] < row.median).to_numpy()].sum()
        within = counts[(cell["low"].fillna(0) <= row.median).to_numpy()].sum()
        assert upto <= row.n / 2 + 1 and within >= row.n / 2 - 1, row
        seen += 1
    assert seen == 99  # all but the one with the blank bin


def test_rates_of_the_newest_year(tidy):
    rates = tidy.table("rates").set_index(["year", "applicant_type"])
    assert (
        rates.loc[(2026, "non-us-img"), "match_rate"] == 0.564
        and rates.loc[(1982, "us-img"), "match_rate"] == 0.568
    )
    assert rates.loc[(2007, "us-img"), "grade"] == "A" and rates.loc[(2026, "us-img"), "grade"] == "C"
    assert "Table 6" in rates.loc[(1982, "us-img"), "source"]


def test_ranked_anywhere_sums_as_its_notes_say(tidy):
    table = tidy.table("ranked_anywhere")
    assert len(table) == 47 and table[["us_img_matched", "non_us_img_matched"]].sum().tolist() == [
        3108 + 9,
        6653 + 3,
    ]


def test_matched_means_of_2013(tidy):
    means, rates = (
        tidy.table("means").set_index(["measure", "applicant_type", "specialty"]),
        tidy.table("rates").set_index(["year", "applicant_type"]),
    )
    assert len(means) == 48 and means.loc[
        ("step2_ck", "non-us-img", "Internal Medicine"), ["matched", "matched_mean"]
    ].tolist() == [1690, 236]
    for kind in ("us-img", "non-us-img"):
        assert (
            means.loc[("step1", kind), "matched"].sum() < rates.loc[(2013, kind), "matched_pgy1"]
        )  # any PGY-1 position
        known = means.loc[("step2_ck", kind)].dropna(subset="matched")
        assert (
            abs(
                np.average(known["matched_mean"], weights=known["matched"])
                - means.loc[("step2_ck", kind, "All"), "matched_mean"]
            )
            < 2
        )
