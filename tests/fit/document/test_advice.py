"""What the model file keeps of the tables for advice."""

from dataclasses import replace
from math import isclose

import pytest
from scipy.special import logit

from matchmodel.fit.document.advice import advice_document


@pytest.fixture(scope="module")
def made(trained):
    return advice_document(trained)


def test_the_file_has_it(made, model):
    assert model.record.advice == made


def test_quartiles_and_positions_are_those_printed(made):
    """Internal medicine of the 2026 report, table 1 and the Step 2 CK table."""
    found = made["published"]["non-us-img"]["Internal Medicine"]
    assert (
        found["year"],
        found["positions"],
        found["step2_ck"]["matched"]["median"],
        found["step2_ck"]["not_matched"]["q1"],
    ) == (2026, 11632, 251, 233)
    assert set(made["published"]) == {
        "non-us-img"
    }  # US IMGs have no table; the 2007 report is for validation


def test_suppressed_figures_are_null(made):
    few = [
        s["step2_ck"]["matched"]["median"] for s in made["published"]["non-us-img"].values() if s["step2_ck"]
    ]
    assert None in few and all(v is None or 200 < v < 300 for v in few)


def test_practice_tests_and_signals(made):
    assert {t["test"]: (t["bias"], t["sd"]) for t in made["practice_tests"]} == {
        "NBME": (0, 5.9),
        "UWSA2": (3, 6.8),
        "Free 120": (0, 7.9),
        "unspecified": (0, 8),
    }
    assert made["signals"]["Internal Medicine"] | {"source": ""} == {
        "season": 2025,
        "gold": 3,
        "silver": 12,
        "total": 15,
        "source": "",
        "grade": "A",
    }
    assert made["signals"]["Neurology"]["gold"] is None and made["signals"]["Neurology"]["total"] == 8


def test_the_effect_of_a_signal_is_the_registers_and_not_far_from_that_of_the_two_printed_rates(made, tidy):
    signal, rows = made["program_signal"], tidy.table("effects").set_index("id")
    row = rows.loc[signal["source"]]
    assert (signal["value"], signal["se"]) == (row["estimate"], pytest.approx(row["se"] * 2**0.5))  # grade C
    assert signal["value"] == pytest.approx(logit(0.3663) - logit(0.0822), abs=0.15)  # programs mixed
    assert (
        signal["share_signalled"] == pytest.approx(17956 / (17956 + 98510))
        and signal["specialty"] == "Neurology"
    )


def test_the_ratios_by_share_of_img_residents_average_one(made):
    bands = made["img_share"]["non-us-img"]["bands"]
    counts = [5259, 8119, 10583, 11180, 5613]
    assert isclose(
        sum(b["ratio"] * n for b, n in zip(bands, counts, strict=True)) / sum(counts), 1, abs_tol=1e-9
    )
    assert [b["from"] for b in bands] == [0, 0.1, 0.25, 0.5, 0.75] and bands[-1]["to"] == 1
    assert [b["ratio"] for b in bands] == sorted(b["ratio"] for b in bands)


def test_without_its_tables_every_part_is_empty(training, trained):
    bare = training.select(
        exclude=(
            "practice-tests",
            "program-signals",
            "neurology-2026",
            "evidence-residency-explorer",
            "evidence-register",
        )
    )
    found = advice_document(replace(trained, tidy=bare))
    assert (
        found["practice_tests"],
        found["signals"],
        found["program_signal"],
        found["img_share"],
        found["previous_attempts"],
    ) == ([], {}, None, {}, [])
    assert found["published"]["non-us-img"]
