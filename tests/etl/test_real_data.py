"""data/raw as it is kept: read whole, and held against facts known from elsewhere."""

from pathlib import Path

import numpy as np
import pytest

from matchmodel.etl import read_raw, run_etl
from matchmodel.etl.layouts import LAYOUTS
from matchmodel.specialties import SPECIALTIES

RAW = Path(__file__).parents[2] / "data" / "raw"
TABLES = sorted(set(LAYOUTS) - {"applicants"})


@pytest.fixture(scope="module")
def tidy():
    return read_raw(RAW)


def test_every_layout_but_persons_is_there(tidy):
    assert sorted(tidy.tables) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_known_source(tidy, name):
    assert set(tidy.table(name)["source_id"]) <= set(tidy.sources)


def test_every_source_says_what_it_is(tidy):
    for source in tidy.sources.values():
        assert source.title and source.publisher and source.via and source.terms and len(source.sha256) == 64


def test_only_2007_is_for_validation(tidy):
    assert set(tidy.select(role="validation").sources) == {"charting-outcomes-2007"}


def test_sources_that_ask_consent_say_so(tidy):
    for name in ("charting-outcomes-2026-non-us-img", "results-and-data-2025", "program-invitations-2024", "neurology-2026"):
        assert tidy.sources[name].consent, name


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
    assert counts.loc["Internal Medicine", ["matched", "not_matched", "positions"]].tolist() == [3392, 3600, 11632]


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
    """Two printings of the same applicants agree: the median's bin holds the 50% point of those with a known score."""
    old = tidy.select(role="validation")
    bins = old.table("bins")
    seen = 0
    for row in old.table("quartiles").itertuples():
        cell = bins[(bins["applicant_type"] == row.applicant_type) & (bins["specialty"] == row.specialty) & (bins["measure"] == row.measure)]
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
    assert rates.loc[(2026, "non-us-img"), "match_rate"] == 0.564 and rates.loc[(1982, "us-img"), "match_rate"] == 0.568
    assert rates.loc[(2007, "us-img"), "grade"] == "A" and rates.loc[(2026, "us-img"), "grade"] == "C"
    assert "Table 6" in rates.loc[(1982, "us-img"), "source"]


def test_ranked_anywhere_sums_as_its_notes_say(tidy):
    table = tidy.table("ranked_anywhere")
    assert len(table) == 47 and table[["us_img_matched", "non_us_img_matched"]].sum().tolist() == [3108 + 9, 6653 + 3]


def test_neurology_is_of_170_programs(tidy):
    groups = tidy.table("invitation_groups").set_index("group")
    assert groups.loc["non-us-img", ["invitation_rate", "applications", "programs"]].tolist() == [0.0465, 48895, 170]
    invited = tidy.table("invited_step2").set_index(["applicant_type", "statistic", "quantile"])["step2_ck"]
    assert set(tidy.table("invited_step2")["specialty"]) == {"Neurology"}
    assert round(invited["non-us-img", "p10", 0.9]) == 244 and round(invited["non-us-img", "p10", 0.1]) == 223


def test_population_and_effects(tidy):
    population = tidy.table("population").groupby("covariate")["count"].sum().to_dict()
    assert population["visa_needed"] == 135 and population["step1_failed"] == 116317 and population["step2_failed"] == 115294
    effects = tidy.table("effects").set_index("id")
    assert len(effects) == 18 and effects.loc["im-crowd-step2", ["estimate", "se"]].tolist() == [0.4005, 0.0786]
    assert not effects["source"].str.startswith("as ").any() and not effects["population"].str.startswith("as ").any()
    assert np.isnan(effects.loc["imgs-2022-visa", "estimate"])


def test_it_is_written_and_read_back(tmp_path, tidy):
    from matchmodel.etl import read_tidy

    run_etl(RAW, tmp_path)
    back = read_tidy(tmp_path)
    assert back.sources == tidy.sources
    for name, table in tidy.tables.items():
        assert back.table(name).equals(table), name


def test_nothing_names_a_machine():
    for path in RAW.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not any(f"/{folder}/" in text for folder in ("home", "Users", "root", "tmp")), path
