"""Notebook 1: what is said of the raw tables, against the files themselves."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from notebook_helpers.explain import population, tables, years
from scipy.stats import norm, t

from matchmodel.etl import Tidy
from matchmodel.fit.drift import HALF_LIFE, PRIOR_CHANGES, drift_per_year

RATES = ("match-rates-1982-2008", "match-rates-2012-2026")
REPORT = "charting-outcomes-2026-non-us-img"
Figures = Callable[[str], list[float]]


@pytest.fixture(scope="module")
def rows(raw: Path) -> Callable[[str, str], list[dict]]:
    """(source, file) -> its rows as printed."""

    def read(source: str, file: str) -> list[dict]:
        with open(raw / source / file, encoding="utf-8-sig") as handle:
            return list(csv.DictReader(handle))

    return read


@pytest.fixture(scope="module")
def published(rows: Callable) -> dict[str, tuple[int, int]]:
    """Specialty -> (matched, not matched), straight from the file."""
    return {r["Specialty"]: (int(r["Matched"]), int(r["Not Matched"])) for r in rows(REPORT, "counts.csv")}


def test_every_source_is_listed_and_described(everything: Tidy, raw: Path) -> None:
    folders = {path.parent.name for path in raw.glob("*/source.toml")}
    assert set(tables.sources(everything)["source"]) == set(tables.terms(everything)["source"]) == folders
    readme = (raw / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in readme for name in folders)


def test_the_sources_sentence_counts_what_is_on_disk(everything: Tidy, raw: Path, figures: Figures) -> None:
    texts = [path.read_text(encoding="utf-8") for path in raw.glob("*/source.toml")]
    said = tables.sources_sentence(everything)
    assert figures(said)[:2] == [len(texts), sum("consent = false" not in t for t in texts)]
    assert "Never trained on: charting-outcomes-2007" in said


def test_grades_are_those_of_the_rows(everything: Tidy, rows: Callable) -> None:
    found = {r["Grade"] for r in rows(RATES[1], "rates.csv")}
    assert tables.grades(everything, everything.sources[RATES[1]]) == sorted(found)
    assert tables.grades(everything, everything.sources["charting-outcomes-2007"]) == ["A"]


def test_tidy_rows_are_those_of_the_tables(everything: Tidy) -> None:
    found = tables.tidy_tables(everything).set_index("table")["rows"]
    assert {name: f"{len(t):,}" for name, t in everything.tables.items()} == found.to_dict()


def test_columns_are_shown_as_they_are(tidy: Tidy) -> None:
    found = tables.shown(tidy, "population", "covariate", "applicant_type", "share", known="share")
    assert list(found) == ["covariate", "applicant type", "share"] and found["share"].notna().all()
    assert len(found) == tidy.table("population")["share"].notna().sum()


def test_the_headline_is_the_sum_of_the_counts(
    tidy: Tidy, published: dict, rows: Callable, figures: Figures
) -> None:
    matched, others = (sum(pair[k] for pair in published.values()) for k in (0, 1))
    total, im = matched + others, published["Internal Medicine"]
    newest = max(
        (r for r in rows(RATES[1], "rates.csv") if r["Applicant Type"] == "non-us-img"),
        key=lambda r: int(r["Year"]),
    )
    expected = [total, matched, round(matched / total, 3), im[0], sum(im), round(im[0] / sum(im), 3)]
    expected += [int(newest["Year"]), float(newest["Match Rate Pct"]) / 100]
    found = [v for v in figures(tables.headline(tidy)) if v not in (1.0, -1.0)]  # PGY-1
    assert found == pytest.approx(expected, abs=1e-9)


def test_wilson_intervals(tidy: Tidy, published: dict) -> None:
    """The interval's ends solve |p - r| = z sqrt(r (1 - r)/n)."""
    found, z = tables.counts(tidy), norm.ppf(0.9)
    for end in ("low", "high"):
        r = found[end]
        assert np.allclose(abs(found["rate"] - r), z * np.sqrt(r * (1 - r) / found["applicants"]), atol=1e-9)
    assert found["applicants"].sum() == sum(map(sum, published.values()))
    assert len(tables.rates_figure(tidy).axes[0].get_yticks()) == len(published)


def test_small_and_suppressed(tidy: Tidy, published: dict, rows: Callable, figures: Figures) -> None:
    small = [sum(pair) for pair in published.values() if sum(pair) < 100]
    said = figures(tables.small_sentence(tidy))
    assert said[:2] == [len(small), len(published)] and said[3] == sum(small)
    blank = {r["Specialty"] for r in rows(REPORT, "step2_ck.csv") if not r["Median"].strip()}
    assert len(tables.suppressed(tidy)) == len(blank) == figures(tables.suppressed_sentence(tidy))[0]


def test_those_who_consented(tidy: Tidy, published: dict, rows: Callable, figures: Figures) -> None:
    n = {"Matched": 0, "Not Matched": 0}
    for r in rows(REPORT, "step2_ck.csv"):
        n[r["Cohort"]] += int(r["n"])
    known, matched = sum(n.values()), sum(pair[0] for pair in published.values())
    total = sum(map(sum, published.values()))
    expected = [known, round(known / total, 2), round(n["Matched"] / known, 3), round(matched / total, 3)]
    assert figures(tables.consent_sentence(tidy)) == pytest.approx(expected)


def test_measures_of_a_specialty(tidy: Tidy, rows: Callable) -> None:
    found = tables.measures(tidy).set_index("measure")
    scores = rows(REPORT, "step2_ck.csv")
    a, b = (
        {r["Cohort"]: r for r in scores if r["Specialty"] == "Internal Medicine"}[c]
        for c in ("Matched", "Not Matched")
    )
    gap = (float(a["Mean"]) - float(b["Mean"])) / np.sqrt((float(a["SD"]) ** 2 + float(b["SD"]) ** 2) / 2)
    assert found.loc["Step 2 CK", "difference"] == pytest.approx(gap)
    assert found.loc["Step 2 CK", "matched"] == f"{a['Median']} ({a['Q1']} to {a['Q3']})"
    assert found.index[0] == "contiguous ranks"
    assert found["difference"].abs().nlargest(2).index.tolist() == ["contiguous ranks", "Step 2 CK"]


def test_no_match_table_describes_the_covariates(everything: Tidy, tidy: Tidy) -> None:
    covariates = {"years_since_graduation", "usce_months", "step1_attempts", "step2_attempts"}
    for name in ("quartiles", "bins"):
        assert not set(everything.table(name)["measure"]) & covariates
    said = tables.absent_sentence(tidy)
    labels = ("years since graduation", "visa needed", "Step 2 CK ever failed")
    assert all(label in said for label in labels) and "not for US IMGs" in said


def test_the_counted_population_is_the_file(tidy: Tidy, rows: Callable) -> None:
    table = rows("img-applicant-population", "reference_population.csv")
    for name in population.counted(tidy):
        found = population.spread(tidy, name)
        assert found["count"].sum() == sum(int(r["Count"]) for r in table if r["Covariate"] == name)
        assert found["share"].sum() == pytest.approx(1) and found["u"].is_monotonic_increasing
    assert population.counted(tidy) == ["years_since_graduation", "usce_months"]
    assert population.counted_figure(tidy).axes[0].patches
    assert "Assumed, since nobody published them: -0.15" in population.correlations_sentence(tidy)


def test_the_same_applicants_twice(everything: Tidy, rows: Callable) -> None:
    found = population.twice(everything)
    table = rows("charting-outcomes-2007", "independent_step2_ck_bins.csv")
    assert found["matched"].sum() == sum(
        int(r["Matched"]) for r in table if r["Specialty"] == "Anesthesiology"
    )
    assert found["bin"].iloc[0].startswith("<=") and found["bin"].iloc[-1] == "unknown"
    said = population.twice_sentence(everything)
    assert "no standard deviation" in said and "independent applicants in 6 specialties" in said
    assert "US seniors in 19 specialties" in said


@pytest.mark.parametrize("kind", years.KINDS)
def test_the_series(tidy: Tidy, rows: Callable, kind: str) -> None:
    printed = [r for source in RATES for r in rows(source, "rates.csv") if r["Applicant Type"] == kind]
    table = {int(r["Year"]): float(r["Match Rate Pct"]) / 100 for r in printed}
    assert years.series(tidy, kind).set_index("year")["match_rate"].to_dict() == pytest.approx(table)
    assert years.missing(tidy, kind) == [y for y in range(min(table), max(table) + 1) if y not in table]
    low, high = min(table, key=table.__getitem__), max(table, key=table.__getitem__)
    said = years.years_sentence(tidy, kind)
    assert (
        f"{table[low]:.1%} in {low} (the lowest)" in said
        and f"{table[high]:.1%} in {high} (the highest)" in said
    )
    assert len(years.years_figure(tidy).axes) == 1


def test_years_that_have_all_imgs_together_only(tidy: Tidy) -> None:
    said = years.together_sentence(tidy)
    assert said.startswith(
        "US and non-US IMGs are printed together only in 2015 and 2020; nothing at all is here for 2009"
    )


@pytest.mark.parametrize("kind", years.KINDS)
def test_the_drift_is_its_parts(tidy: Tidy, kind: str) -> None:
    """The used SD over that with the prior is Student's quantile over the normal's."""
    found, parts = years.changes(tidy, kind), years.drift_parts(tidy, kind)
    rate = years.series(tidy, kind)
    assert parts["used"] == drift_per_year(rate["year"], rate["match_rate"])
    widening = t.ppf(0.9, parts["count"]) / norm.ppf(0.9)
    assert parts["used"] / parts["with_prior"] == pytest.approx(widening, rel=1e-9)
    per_gap = (found["weight"] / found["gap"]).to_numpy()
    assert per_gap[:-1] / per_gap[1:] == pytest.approx(0.5 ** (np.diff(found["year"]) / HALF_LIFE))
    assert parts["count"] > PRIOR_CHANGES and len(years.drift_table(tidy)) == len(years.KINDS)
    assert "(to 1987)" in years.drift_sentence(tidy)
