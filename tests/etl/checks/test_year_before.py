"""What moved since the year before: ranges against simulation, and what is listed."""

import numpy as np
import pytest
from scipy.stats import norm

from matchmodel.etl.checks.previous_year import against_earlier, logit_range, quartile_se, rate_range
from matchmodel.etl.pipeline import gather
from matchmodel.fit.drift import drift_per_year

from ..conftest import TOML

TYPE = 'applicant_type = "non-us-img"'
EARLIER = TOML.replace("2026", "2025")
HEADER = "Specialty,Matched,Not Matched\n"
RATES = (
    "Year,Applicant Type,Match Rate Pct\n2020,non-us-img,55\n2021,non-us-img,56\n2022,non-us-img,54\n"
    "2023,non-us-img,57\n2024,non-us-img,55\n2025,non-us-img,56\n"
)
STEP2 = (
    "Specialty,Cohort,n,Q1,Median,Q3\nNeurology,Matched,{n},{q1},245,255\n"
    "Neurology,Not Matched,{n},226,235,245\nUrology,Matched,3,,,\nUrology,Not Matched,,,,\n"
)


def compare(raw, source=None):
    return against_earlier(gather(raw.path), source)


def test_the_range_by_hand():
    low, high, outside = rate_range((300, 200), (310, 190), 0.1, 4)
    half = norm.ppf(0.9) * np.sqrt(0.01 * 4 + 1 / 300 + 1 / 200 + 1 / 310 + 1 / 190)
    assert np.log(low / (1 - low)) == pytest.approx(np.log(1.5) - half) and np.log(
        high / (1 - high)
    ) == pytest.approx(np.log(1.5) + half)
    assert not outside and rate_range((300, 200), (200, 300), 0.1, 4)[2]


def test_a_rate_moves_past_its_range_one_time_in_five():
    """Rates drawn with that drift, and cells with that sampling: 80% lie within, whatever gap and size."""
    random, drift = np.random.default_rng(1), 0.12
    for gap, n in ((1, 400), (3, 2000)):
        outside = []
        for _ in range(4000):
            start = random.normal(0, 0.5)
            rates = 1 / (1 + np.exp(-np.array([start, start + random.normal(0, drift * np.sqrt(gap))])))
            matched = random.binomial(n, rates)
            outside.append(
                rate_range((matched[0], n - matched[0]), (matched[1], n - matched[1]), drift, gap)[2]
            )
        assert np.mean(outside) == pytest.approx(0.2, abs=0.02)  # three standard errors of 4,000 draws


@pytest.mark.parametrize(
    "before, now", [((0, 10), (0, 12)), ((10, 0), (12, 0)), ((0, 10), (3, 9)), ((2, 0), (0, 2))]
)
def test_a_cell_of_nobody_has_a_range(before, now):
    low, high, _ = rate_range(before, now, 0.0, 1)
    assert 0 < low < high < 1
    assert rate_range((0, 500), (250, 250), 0.1, 1)[2]


def test_the_error_of_a_quartile_is_that_of_normal_samples():
    random, n = np.random.default_rng(2), 300
    draws = random.normal(240, 14, (4000, n))
    for point in (0.25, 0.5, 0.75):
        found = np.quantile(draws, point, axis=1).std()
        assert quartile_se(point, 2 * norm.ppf(0.75) * 14, n) == pytest.approx(found, rel=0.04)
    assert quartile_se(0.5, 2 * norm.ppf(0.75), 1) == pytest.approx(
        np.sqrt(np.pi / 2)
    )  # of a median, in every textbook


def test_specialties_that_came_and_went_and_a_rate_that_moved(raw):
    raw.alone("counts.csv", "counts", HEADER + "Neurology,600,400\nPediatrics,515,485\nUrology,3,4\n", TYPE)
    raw.add(
        "counts.csv",
        "counts",
        HEADER + "Neurology,500,500\nPediatrics,500,500\nDermatology,1,2\n",
        TYPE,
        source="before",
        toml=EARLIER,
    )
    raw.add("rates.csv", "rates", RATES, source="rates", toml=EARLIER)
    (found, *others) = compare(raw, "report")
    assert others == [] and (
        found.source_id,
        found.files,
        found.year,
        found.before_year,
        found.before_source,
    ) == ("report", "counts.csv", 2026, 2025, "before")
    assert (found.common, found.came, found.went, found.compared) == (
        ("Neurology", "Pediatrics"),
        ("Urology",),
        ("Dermatology",),
        2,
    )
    drift = drift_per_year(range(2020, 2026), [0.55, 0.56, 0.54, 0.57, 0.55, 0.56])
    low, high, _ = rate_range((500, 500), (600, 400), drift, 1)
    assert found.moves == (
        ("Neurology", "50.0% of 1,000", "60.0% of 1,000", f"{100 * low:.1f} to {100 * high:.1f}%"),
    )
    assert found.spread == "sampling and of the drift of 1 year"


def test_the_newest_earlier_year_is_taken_and_training_before_validation(raw):
    raw.alone("counts.csv", "counts", HEADER + "Neurology,600,400\n", TYPE)
    raw.add(
        "counts.csv",
        "counts",
        HEADER + "Neurology,1,999\n",
        TYPE,
        source="old",
        toml=TOML.replace("2026", "2020"),
    )
    raw.add("counts.csv", "counts", HEADER + "Neurology,590,410\n", TYPE, source="z-training", toml=EARLIER)
    raw.add(
        "counts.csv",
        "counts",
        HEADER + "Neurology,2,998\n",
        TYPE,
        source="a-validation",
        toml=EARLIER.replace("training", "validation"),
    )
    (found,) = compare(raw, "report")
    assert (found.before_source, found.before_year, found.moves) == ("z-training", 2025, ())
    assert found.spread == "sampling; no drift is known for this type"
    assert {(each.source_id, each.before_year) for each in compare(raw)} == {
        ("report", 2025),
        ("z-training", 2020),
        ("a-validation", 2020),
    }


def test_another_type_or_measure_is_another_table(raw):
    raw.alone("counts.csv", "counts", HEADER + "Neurology,600,400\n", TYPE).add(
        "a.csv", "quartiles", STEP2.format(n=100, q1=238), TYPE, 'measure = "step2_ck"'
    )
    raw.add(
        "counts.csv",
        "counts",
        HEADER + "Neurology,600,400\n",
        'applicant_type = "us-img"',
        source="before",
        toml=EARLIER,
    )
    raw.add(
        "a.csv",
        "quartiles",
        STEP2.format(n=100, q1=238),
        TYPE,
        'measure = "step1"',
        source="before",
        toml=EARLIER,
    )
    assert compare(raw) == []


@pytest.mark.parametrize(
    "q1, n, listed",
    [
        (238, 400, False),
        (236, 400, False),
        (235, 400, True),
        (241, 400, True),
        (235, 40, False),
        (230, 40, True),
    ],
)
def test_a_quartile_that_moved_further_than_rounding_and_sampling(raw, q1, n, listed):
    """IQR 17: the error of Q1's difference is 1.21 at 400 and 3.84 at 40.

    1 more for rounding, so 2.56 and 5.92 are within.
    """
    raw.alone("a.csv", "quartiles", STEP2.format(n=n, q1=q1), TYPE, 'measure = "step2_ck"')
    raw.add(
        "a.csv",
        "quartiles",
        STEP2.format(n=n, q1=238),
        TYPE,
        'measure = "step2_ck"',
        source="before",
        toml=EARLIER,
    )
    (found,) = compare(raw, "report")
    half = 1 + norm.ppf(0.9) * np.sqrt(2) * np.sqrt(0.25 * 0.75 / n) * (17 / 1.349) / norm.pdf(norm.ppf(0.25))
    assert (abs(q1 - 238) > half) == listed and found.compared == 6
    assert [move[:3] for move in found.moves] == (
        [("Neurology, matched, Q1", "238", f"{q1}")] if listed else []
    )


def test_a_wrong_rate_does_not_widen_its_own_range(raw):
    raw.alone("rates.csv", "rates", RATES + "2026,non-us-img,75\n")
    (found,) = compare(raw)
    low, high = logit_range(
        0.56, drift_per_year(range(2020, 2026), [0.55, 0.56, 0.54, 0.57, 0.55, 0.56]) ** 2
    )
    assert found.moves == (("match rate", "56.0%", "75.0%", f"{100 * low:.1f} to {100 * high:.1f}%"),)
    assert compare(raw.alone("rates.csv", "rates", RATES + "2026,non-us-img,57\n"))[0].moves == ()


def test_a_year_left_out_widens_the_range(raw):
    widths = []
    for year in (2026, 2029):
        (found,) = compare(raw.alone("rates.csv", "rates", RATES + f"{year},non-us-img,95\n"))
        low, high = (float(part.rstrip("%")) for part in found.moves[0].range.split(" to "))
        widths.append(high - low)
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.02) and found.spread.endswith("4 years")


def test_bins_and_ranked_anywhere_are_compared_by_specialty(raw):
    bins = "Specialty,Bin,Matched,Not Matched\n{},1,3,4\n"
    anywhere = (
        "Specialty,US IMG Ranked It,US IMG Matched,Non US IMG Ranked It,Non US IMG Matched\n{},5,3,7,4\n"
    )
    raw.alone("a.csv", "bins", bins.format("Neurology"), TYPE, 'measure = "step1"').add(
        "b.csv", "ranked-anywhere", anywhere.format("Neurology")
    )
    raw.add("a.csv", "bins", bins.format("Urology"), TYPE, 'measure = "step1"', source="before", toml=EARLIER)
    raw.add("b.csv", "ranked-anywhere", anywhere.format("Neurology"), source="before", toml=EARLIER)
    assert [(found.label, found.common, found.came, found.went,
        found.compared) for found in compare(raw)] == [
        ("bins of step1 (non-us-img)", (), ("Neurology",), ("Urology",), 0), ("ranked-anywhere", ("Neurology",
            ), (), (), 0),
    ]  # fmt: skip
