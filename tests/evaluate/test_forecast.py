"""The forecast: its intervals, its file, and how it is scored."""

import hashlib
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from matchmodel.errors import MissingTables, RefusedInput
from matchmodel.etl import Tidy
from matchmodel.etl.tidy import make_table
from matchmodel.evaluate import forecast_command
from matchmodel.evaluate.forecast import (
    ANY,
    LEVELS,
    Last,
    as_last_year,
    binomial_interval,
    drift_interval,
    evaluate_forecast,
    forecast,
    interval_score,
    read_forecast,
    text_of,
)
from matchmodel.report.wording import type_name
from tests.model.synthetic import model as synthetic_model

ROOT = Path(__file__).parents[2]
RATES = [
    ("non-us-img", 2024, 0.585, 10021),
    ("non-us-img", 2025, 0.58, 11465),
    ("non-us-img", 2026, 0.564, 11944),
]


def tables(counts=(), rates=RATES, ranked=()):
    return Tidy(
        {},
        {
            "counts": make_table(
                "counts",
                [
                    {
                        "source_id": "x",
                        "year": y,
                        "applicant_type": "non-us-img",
                        "specialty": s,
                        "matched": m,
                        "not_matched": f,
                    }
                    for y, s, m, f in counts
                ],
            ),
            "rates": make_table(
                "rates",
                [
                    {
                        "source_id": "x",
                        "year": y,
                        "applicant_type": k,
                        "match_rate": r,
                        "active_applicants": n,
                        "source": "x",
                        "grade": "B",
                    }
                    for k, y, r, n in rates
                ],
            ),
            "ranked_anywhere": make_table(
                "ranked_anywhere",
                [
                    {
                        "source_id": "x",
                        "year": 2025,
                        "specialty": s,
                        "us_img_ranked": n,
                        "us_img_matched": 1,
                        "non_us_img_ranked": n,
                        "non_us_img_matched": 1,
                    }
                    for s, n in ranked
                ],
            ),
        },
    )


@pytest.fixture(scope="module")
def model():
    return synthetic_model()


@pytest.fixture(scope="module")
def published(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("forecast") / "forecast.json"
    path.write_text(text_of(forecast(model, tables(), date(2026, 11, 1))), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("low", "high", "observed", "percent", "score"),
    [
        (0.4, 0.6, 0.5, 80, 0.2),  # inside: the width
        (0.4, 0.6, 0.4, 80, 0.2),
        (0.4, 0.6, 0.3, 80, 0.2 + 10 * 0.1),  # 2/a = 10
        (0.4, 0.6, 0.65, 95, 0.2 + 40 * 0.05),
        (0.4, 0.6, 0.65, 50, 0.2 + 4 * 0.05),
        (0.5, 0.5, 0.52, 80, 0.2),
    ],
)
def test_interval_score_is_the_closed_form(low, high, observed, percent, score):
    assert interval_score(low, high, observed, percent) == pytest.approx(score)


def test_the_true_interval_scores_best():
    """The expected score of a normal's central interval has a closed form, and no other width beats it."""
    observed = np.random.default_rng(1).standard_normal(200_000)
    z = norm.ppf(0.9)

    def mean(width):
        return np.mean([interval_score(-width, width, x, 80) for x in observed[:40_000]])

    closed = 2 * z + 2 * 10 * (norm.pdf(z) - z * 0.1)  # width + 2/a times the two tails' means
    assert mean(z) == pytest.approx(closed, rel=0.01)
    assert mean(z) < min(mean(0.8 * z), mean(1.25 * z))


@pytest.mark.parametrize("percent", LEVELS)
def test_one_draw_gives_the_binomials_own_quantiles(percent):
    ends = binom.ppf([0.5 - percent / 200, 0.5 + percent / 200], 250, 0.37) / 250
    assert binomial_interval(250, np.array([0.37]), percent) == pytest.approx(tuple(ends))
    assert as_last_year(Last(2026, 0.37, 250), percent) == pytest.approx(tuple(ends))
    assert as_last_year(Last(2026, 0.37, None), percent) == (0.37, 0.37)


def test_intervals_hold_draws_and_binomial_luck_together():
    rng = np.random.default_rng(2)
    chances = 1 / (1 + np.exp(-rng.normal(-0.4, 0.2, 800)))
    counts = rng.binomial(120, rng.choice(chances, 100_000))
    for percent in LEVELS:
        low, high = binomial_interval(120, chances, percent)
        inside = np.mean((counts >= low * 120 - 1e-9) & (counts <= high * 120 + 1e-9))
        assert percent / 100 <= inside + 0.005 and inside < percent / 100 + 0.09


def test_intervals_are_nested_and_hold_the_point(published):
    _, found = read_forecast(published)
    assert any(f.trust == "withheld" and not f.intervals and f.point is None for f in found) or all(
        f.intervals for f in found
    )
    for one in (f for f in found if f.intervals):
        ends = [one.intervals[q] for q in LEVELS]
        assert all(
            wide[0] <= narrow[0] <= narrow[1] <= wide[1] for narrow, wide in zip(ends, ends[1:], strict=False)
        )
        assert ends[1][0] <= one.point <= ends[1][1]


@pytest.mark.parametrize("years", [8, 40])
def test_intervals_of_a_walk_hold_as_often_as_they_say(years):
    """Simulated series with the luck of the draw in them: the next rate, forecast from the series alone."""
    from matchmodel.fit.drift import drift_per_year

    inside = {q: [] for q in LEVELS}
    for seed in range(600):
        rng = np.random.default_rng([5, seed])
        walk = 0.2 + np.cumsum(rng.normal(0, 0.10, years + 1))
        rates = rng.binomial(6000, 1 / (1 + np.exp(-walk))) / 6000
        sd = drift_per_year(np.arange(years), rates[:-1])
        for q in LEVELS:
            low, high = drift_interval(rates[-2], sd, q)
            inside[q].append(low <= rates[-1] <= high)
    for q in LEVELS:
        assert np.mean(inside[q]) == pytest.approx(q / 100, abs=0.05)


@pytest.mark.slow
def test_specialties_drift_by_two_walks_and_luck():
    """Level with its error, drift common and own, binomial luck: intervals hold as often as they say."""
    rng, draws = np.random.default_rng(6), 500
    hits = {q: 0 for q in LEVELS}
    for _ in range(500):
        level = rng.normal(0, 0.5)
        believed = level + 0.1 * rng.standard_normal() + 0.1 * rng.standard_normal(draws)
        chances = 1 / (
            1 + np.exp(-(believed + 0.1 * rng.standard_normal(draws) + 0.107 * rng.standard_normal(draws)))
        )
        rate = (
            rng.binomial(300, 1 / (1 + np.exp(-(level + np.hypot(0.1, 0.107) * rng.standard_normal())))) / 300
        )
        for q in LEVELS:
            low, high = binomial_interval(300, chances, q)
            hits[q] += low <= rate <= high
    for q in LEVELS:
        assert hits[q] / 500 == pytest.approx(q / 100, abs=0.055)


def test_the_file_says_what_made_it(model, published):
    head, found = read_forecast(published)
    assert head["model"] == {"name": model.name, "sha256": model.hash, "newest_table": model.newest_table}
    assert head["made"] == "2026-11-01" and head["report"] == model.newest_table + 1
    assert head["tables"] == {kind: model.kind(kind).year for kind in model.applicant_types}
    by = {(f.applicant_type, f.outcome): f for f in found}
    for s in model.specialties("non-us-img"):
        cell = model.cell("non-us-img", s)
        if cell.published is not None:
            assert by["non-us-img", s].applicants == round(
                cell.published.matched + cell.published.not_matched
            )
    if ("non-us-img", ANY) in by:
        assert by["non-us-img", ANY].last == Last(2026, 0.564, 11944)
    assert text_of(forecast(model, tables(), date(2026, 11, 1))) == published.read_text(encoding="utf-8")


def test_new_tables_score_it(model, published):
    _, found = read_forecast(published)
    one = next(f for f in found if f.intervals and f.last is not None and f.outcome != ANY)
    n = one.applicants
    year = model.newest_table + 1
    far = tables(counts=[(year, one.outcome, n, 0)])
    rows, summary = evaluate_forecast(published, far)
    assert (
        list(rows["percent"]) == list(LEVELS) and (rows["observed"] == 1).all() and not rows["inside"].any()
    )
    for _, row in rows.iterrows():
        assert row["score"] == pytest.approx(interval_score(row["low"], row["high"], 1.0, row["percent"]))
        assert (row["last_low"], row["last_high"]) == as_last_year(one.last, row["percent"])
    near = round(one.point * n)
    rows, summary = evaluate_forecast(published, tables(counts=[(year, one.outcome, near, n - near)]))
    assert (
        rows["inside"].all() and list(summary["inside"]) == [1, 1, 1] and list(summary["rates"]) == [1, 1, 1]
    )


def test_tables_that_are_not_there_yet_are_said_plainly(published):
    with pytest.raises(MissingTables, match="not there yet.*lay them out"):
        evaluate_forecast(published, tables(counts=[(2026, "Internal Medicine", 10, 10)]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "is not a forecast"),
        ('{"kind": "matchmodel"}', "is not a forecast"),
        ('{"kind": "matchmodel forecast", "format": 1, "report": 2027}', "is damaged"),
    ],
)
def test_what_is_no_forecast_is_refused(tmp_path, content, said):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(RefusedInput, match=said):
        read_forecast(path)
    with pytest.raises(RefusedInput, match="there is no forecast"):
        read_forecast(tmp_path / "none.json")


@pytest.fixture
def tables_on_disk(monkeypatch):
    monkeypatch.setattr(
        forecast_command, "read_tidy", lambda data: SimpleNamespace(select=lambda role: tables())
    )


def test_a_forecast_is_written_once(model, tmp_path, tables_on_disk):
    path = tmp_path / "reports" / "forecast-2027.json"
    said = forecast_command.run_forecast(model, tmp_path, path)
    assert str(path) in said
    before = path.read_bytes()
    assert (
        path.with_suffix(".sha256").read_text()
        == f"{hashlib.sha256(before).hexdigest()}  forecast-2027.json\n"
    )
    page = path.with_suffix(".md").read_text()
    assert (
        model.hash in page
        and "## non-US IMGs" in page
        and all(s in page for s in model.specialties("non-us-img"))
    )
    with pytest.raises(RefusedInput, match="already exists, and a forecast is never changed"):
        forecast_command.run_forecast(model, tmp_path, path)
    assert path.read_bytes() == before
    with pytest.raises(RefusedInput, match="is a .json file"):
        forecast_command.run_forecast(model, tmp_path, tmp_path / "x.md")


def test_the_scores_are_printed(published, monkeypatch, capsys):
    _, found = read_forecast(published)
    one = next(f for f in found if f.intervals and f.outcome != ANY)
    monkeypatch.setattr(
        forecast_command, "read_tidy", lambda data: tables(counts=[(2027, one.outcome, one.applicants, 0)])
    )
    forecast_command.run_evaluate_forecast(published, "x")
    said = capsys.readouterr().out
    assert (
        "non-US IMGs, specialties" in said
        and "last year" in said
        and f"outside 95%: {type_name(one.applicant_type, True)}, {one.outcome}: 100.0" in said
    )


def test_the_published_forecast_stays_as_it_was():
    path = ROOT / "reports" / "forecast-2027.json"
    pinned = path.with_suffix(".sha256")
    if not path.exists() and not pinned.exists():
        pytest.skip("no forecast is published yet")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == pinned.read_text().split()[0], (
        "a published forecast is never changed"
    )
    head, found = read_forecast(path)
    assert (
        head["report"] == 2027 and json.loads(path.read_text())["model"]["sha256"] == head["model"]["sha256"]
    )
    assert {f.applicant_type for f in found} == {"non-us-img", "us-img"}
    assert pd.Series([f.outcome for f in found]).eq(ANY).sum() == 2
