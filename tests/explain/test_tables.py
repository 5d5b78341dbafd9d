import csv

import numpy as np
import pytest
from scipy.stats import norm

from matchmodel.explain import population, tables, years
from matchmodel.fit.drift import HALF_LIFE, drift_per_year

from .conftest import ROOT

RATES = ("match-rates-1982-2008", "match-rates-2012-2026")

RAW = ROOT / "data" / "raw"


def rows(source, file):
    with open(RAW / source / file, encoding="utf-8-sig") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def published():
    """Specialty -> (matched, not matched), straight from the file."""
    return {r["Specialty"]: (int(r["Matched"]), int(r["Not Matched"])) for r in rows("charting-outcomes-2026-non-us-img", "counts.csv")}


def test_every_source_is_listed_and_described(everything):
    folders = {path.parent.name for path in RAW.glob("*/source.toml")}
    assert set(tables.sources(everything)["source"]) == set(tables.terms(everything)["source"]) == folders
    described = tables.limits(RAW / "README.md")
    assert set(described["source"]) == folders
    assert described.notna().all(axis=None) and (described != "").all(axis=None)


def test_the_sources_sentence_counts_what_is_on_disk(everything, figures):
    texts = [path.read_text(encoding="utf-8") for path in RAW.glob("*/source.toml")]
    said = tables.sources_sentence(everything)
    assert figures(said)[:2] == [len(texts), sum("consent = false" not in t for t in texts)]
    assert "never trained on: charting-outcomes-2007." in said


def test_grades_are_those_of_the_rows(everything):
    found = {r["Grade"] for r in rows("match-rates-2012-2026", "rates.csv")}
    assert tables.grades(everything, everything.sources["match-rates-2012-2026"]) == sorted(found)
    assert tables.grades(everything, everything.sources["charting-outcomes-2007"]) == ["A"]


def test_tidy_rows_are_those_of_the_tables(everything):
    found = tables.tidy_tables(everything).set_index("table")["rows"]
    assert {name: f"{len(t):,}" for name, t in everything.tables.items()} == found.to_dict()


def test_the_headline_is_the_sum_of_the_counts(tidy, published, figures):
    matched, others = (sum(pair[k] for pair in published.values()) for k in (0, 1))
    total, rate, im = matched + others, matched / (matched + others), published["Internal Medicine"]
    newest = max((r for r in rows("match-rates-2012-2026", "rates.csv") if r["Applicant Type"] == "non-us-img"), key=lambda r: int(r["Year"]))
    expected = [total, matched, round(rate, 3), im[0], sum(im), round(im[0] / sum(im), 3)]
    found = [v for v in figures(tables.headline(tidy)) if v not in (1.0, -1.0)]  # PGY-1
    assert found == pytest.approx([*expected, int(newest["Year"]), float(newest["Match Rate Pct"]) / 100], abs=1e-9)


def test_wilson_intervals(tidy, published):
    """The interval's ends solve |p - r| = z sqrt(r (1 - r)/n)."""
    found = tables.counts(tidy)
    z = norm.ppf(0.9)
    for end in ("low", "high"):
        r = found[end]
        assert np.allclose(abs(found["rate"] - r), z * np.sqrt(r * (1 - r) / found["applicants"]), atol=1e-9)
    assert found["applicants"].sum() == sum(map(sum, published.values()))
    assert len(tables.rates_figure(tidy).axes[0].get_yticks()) == len(published)


def test_small_and_suppressed(tidy, published, figures):
    small = [sum(pair) for pair in published.values() if sum(pair) < 100]
    said = figures(tables.small_sentence(tidy))
    assert said[:2] == [len(small), len(published)] and said[3] == sum(small)
    quartiles = rows("charting-outcomes-2026-non-us-img", "step2_ck.csv")
    blank = {r["Specialty"] for r in quartiles if not r["Median"].strip()}
    assert len(tables.suppressed(tidy)) == len(blank) == figures(tables.suppressed_sentence(tidy))[0]
    assert {"Dermatology", "Otolaryngology"} <= set(tables.suppressed(tidy))


def test_those_who_consented(tidy, published, figures):
    n = {"Matched": 0, "Not Matched": 0}
    for r in rows("charting-outcomes-2026-non-us-img", "step2_ck.csv"):
        n[r["Cohort"]] += int(r["n"])
    known, matched = sum(n.values()), sum(pair[0] for pair in published.values())
    total = sum(map(sum, published.values()))
    assert figures(tables.consent_sentence(tidy)) == pytest.approx([known, round(known / total, 2), round(n["Matched"] / known, 3), round(matched / total, 3)])


def test_measures_of_a_specialty(tidy):
    found = tables.measures(tidy).set_index("measure")
    one = {r["Cohort"]: r for r in rows("charting-outcomes-2026-non-us-img", "step2_ck.csv") if r["Specialty"] == "Internal Medicine"}
    a, b = one["Matched"], one["Not Matched"]
    gap = (float(a["Mean"]) - float(b["Mean"])) / np.sqrt((float(a["SD"]) ** 2 + float(b["SD"]) ** 2) / 2)
    assert found.loc["Step 2 CK", "difference"] == pytest.approx(gap)
    assert found.loc["Step 2 CK", "matched"] == f"{a['Median']} ({a['Q1']} to {a['Q3']})"
    assert found.index[0] == "contiguous ranks"
    assert (found.loc[["contiguous ranks", "Step 2 CK"], "difference"] > found.drop(["contiguous ranks", "Step 2 CK"])["difference"].abs().max()).all()


def test_no_match_table_describes_the_covariates(everything, tidy):
    for name in ("quartiles", "bins"):
        assert not set(everything.table(name)["measure"]) & {"years_since_graduation", "usce_months", "step1_attempts", "step2_attempts"}
    said = tables.absent_sentence(tidy)
    assert all(label in said for label in ("years since graduation", "visa needed", "Step 2 CK ever failed")) and "not for US IMGs" in said


def test_the_reference_population_is_the_file(tidy, figures):
    table = rows("img-applicant-population", "reference_population.csv")
    for name in ("years_since_graduation", "usce_months", "visa_needed"):
        found = population.spread(tidy, name)
        assert found["count"].sum() == sum(int(r["Count"]) for r in table if r["Covariate"] == name)
        assert found["share"].sum() == pytest.approx(1) and found["u"].is_monotonic_increasing
    years_out = np.repeat(*np.array([(float(r["Value"]), int(r["Count"])) for r in table if r["Covariate"] == "years_since_graduation"]).T.astype(int))
    said = population.reference(tidy).set_index("covariate")["spread"]
    middle, low, high = (np.percentile(years_out, q, method="inverted_cdf") for q in (50, 25, 75))
    assert said["years since graduation"] == f"median {middle:g}, quartiles {low:g} and {high:g}"
    assert "assumed (-0.15)" in population.reference_sentence(tidy)
    assert population.reference_figure(tidy).axes[0].patches


def test_the_same_applicants_twice(everything):
    found = population.twice(everything)
    table = [r for r in rows("charting-outcomes-2007", "independent_step2_ck_bins.csv") if r["Specialty"] == "Anesthesiology"]
    assert found["matched"].sum() == sum(int(r["Matched"]) for r in table)
    assert found["bin"].iloc[0].startswith("<=") and found["bin"].iloc[-1] == "unknown"
    said = population.twice_sentence(everything)
    assert "no standard deviation" in said and "independent applicants in 6 specialties" in said and "US seniors in 19 specialties" in said


@pytest.mark.parametrize("kind", years.KINDS)
def test_the_series(tidy, kind):
    table = {int(r["Year"]): float(r["Match Rate Pct"]) / 100 for source in RATES for r in rows(source, "rates.csv") if r["Applicant Type"] == kind}
    found = years.series(tidy, kind).set_index("year")["match_rate"]
    assert found.to_dict() == pytest.approx(table)
    assert years.missing(tidy, kind) == [y for y in range(min(table), max(table) + 1) if y not in table]
    low, high = min(table, key=table.get), max(table, key=table.get)
    said = years.years_sentence(tidy, kind)
    assert f"{table[low]:.1%} in {low} (the lowest)" in said and f"{table[high]:.1%} in {high} (the highest)" in said
    assert len(years.years_figure(tidy).axes) == 1


def test_years_that_have_all_imgs_together_only(tidy):
    assert years.together_sentence(tidy).startswith("US and non-US IMGs are printed together only in 2015 and 2020; nothing at all is here for 2009 to 2011, 2014")


@pytest.mark.parametrize("kind", years.KINDS)
def test_the_drift_is_its_parts(tidy, kind):
    """The used SD over the weighted one is Student's quantile over the normal's; the weights halve every ten years."""
    from scipy.stats import t

    found, parts = years.changes(tidy, kind), years.drift_parts(tidy, kind)
    rate = years.series(tidy, kind)
    assert parts["used"] == drift_per_year(rate["year"], rate["match_rate"])
    assert parts["used"] / parts["weighted"] == pytest.approx(t.ppf(0.9, parts["count"]) / norm.ppf(0.9), rel=1e-9)
    per_gap = (found["weight"] / found["gap"]).to_numpy()
    assert per_gap[:-1] / per_gap[1:] == pytest.approx(0.5 ** (np.diff(found["year"]) / HALF_LIFE))
    assert found["weight"].sum() == pytest.approx(1)
    assert found["change"].sum() == pytest.approx(np.diff(np.log(rate["match_rate"] / (1 - rate["match_rate"])).iloc[[0, -1]])[0])


def test_what_the_drift_does_to_an_even_chance(tidy, figures):
    row = years.drift_table(tidy).set_index("applicants").loc["non-US IMGs"]
    sd = years.drift_parts(tidy, "non-us-img")["used"]
    low, high = figures(row["50% becomes after one year (80% range)"])
    assert low + high == pytest.approx(1) and np.log(high / (1 - high)) == pytest.approx(norm.ppf(0.9) * sd, abs=0.003)
    assert "(to 1987)" in years.drift_sentence(tidy)
