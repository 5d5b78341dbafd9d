"""Report and model card say what an evaluation says."""

import pytest

from matchmodel.evaluate.command import PARTS as MADE
from matchmodel.evaluate.report import model_card as card_writer
from matchmodel.evaluate.report import text as report_writer
from matchmodel.evaluate.report.card_texts import NEVER
from matchmodel.evaluate.report.pictures import draw_all
from matchmodel.evaluate.report.tables import in_unit, limits
from matchmodel.evaluate.report.text import SECTIONS
from matchmodel.evaluate.results import PARTS, records
from matchmodel.evaluate.simulation.recovery import Recovery, summary
from matchmodel.files import plain
from matchmodel.report.markdown import markdown

LATER = {"worlds"}  # made by trainings that no quick test does


def report(evaluation, pictures=()):
    return markdown(report_writer.report(evaluation, pictures))


def model_card(evaluation, model, reports):
    return markdown(card_writer.model_card(evaluation, model, reports))


@pytest.fixture(scope="module")
def whole(evaluation):
    """The evaluation with simulated data sets that are made up."""
    figures = {
        name: 0.9
        for name in Recovery.__dataclass_fields__
        if name not in ("setting", "seed", "applicant_type")
    }
    found = [
        Recovery(setting, k, "non-us-img", **figures) for setting in ("as taken", "broken") for k in range(3)
    ]
    worlds = {
        "rows": [vars(one) for one in found],
        "summary": records(summary(found)),
        "draws": 9,
        "asked": 99,
    }
    return evaluation | {"worlds": plain(worlds)}


def test_every_part_is_made_and_has_a_section(evaluation):
    assert set(PARTS) - set(evaluation) == LATER
    assert set(SECTIONS) == set(PARTS) - {"model"}
    assert set(MADE) <= set(PARTS) and all(evaluation[name]["rows"] for name in set(SECTIONS) - LATER)


def test_the_report_has_every_section_and_no_hole(whole):
    text = report(whole)
    assert text.count("\n## ") == len(SECTIONS)
    assert "nan" not in text and "None" not in text and NEVER in text
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.endswith("|")


@pytest.mark.parametrize("missing", [p for p in PARTS if p != "model"])
def test_report_and_card_do_without_a_part(whole, model, missing):
    rest = {name: part for name, part in whole.items() if name != missing}
    assert report(rest) != report(whole)
    assert "Model card" in model_card(rest, model, "")


def test_report_and_card_follow_a_changed_figure(whole, model):
    rows = [{**r, "slope": 0.777} for r in whole["held_out"]["rows"]]
    changed = {**whole, "held_out": {**whole["held_out"], "rows": rows}}
    for make in (report, lambda e: model_card(e, model, "reports")):
        assert make(changed).count("0.777") == 3 and "0.777" not in make(whole)


def test_another_training_is_said(whole):
    changed = {**whole, "model": {**whole["model"], "trained_again_same": False}}
    assert "another model" in report(changed) and "another model" not in report(whole)


def test_the_card_names_what_tripod_and_probast_ask_for(whole, model):
    card = model_card(whole, model, "reports")
    for heading in (
        "What it estimates", "Intended use", "Data (source", "When predictors are measured", "Predictors",
        "Missing data and non-response", "Method", "How well it does", "Risk of bias", "Who it fails for",
        "When to withdraw it", "Keeping it up",
    ):  # fmt: skip
        assert f"\n## {heading}" in card
    for words in (
        "must **not**",
        "association",
        "US IMGs",
        "Assumed:",
        "Family Medicine",
        "consent",
        "SOAP",
        "withheld",
    ):
        assert words in card
    for domain in ("participants", "predictors", "outcome", "analysis"):
        assert f"| {domain} |" in card
    assert card.count(NEVER) == 2 and "nan" not in card and "None" not in card


def test_checks_that_fail_are_on_the_card(whole, model):
    rows = [{**r, "inside": False} for r in whole["not_fitted"]["rows"]]
    failing = {**whole, "not_fitted": {**whole["not_fitted"], "rows": rows}}
    assert "that fail" in model_card(failing, model, "")
    passing = {**whole, "not_fitted": {**whole["not_fitted"], "rows": [{**r, "inside": True} for r in rows]}}
    assert "that fail" not in model_card(passing, model, "")


@pytest.mark.slow
def test_a_picture_is_drawn_only_where_there_are_figures(whole, model, training, tmp_path):
    drawn = draw_all(
        {"model": whole["model"], "years": whole["years"]}, model, training, "non-us-img", tmp_path
    )
    assert {p.stem for p in drawn} == {"score", "likelihood_ratios", "evidence", "applications", "years"}
    drawn = draw_all(whole, model, training, "non-us-img", tmp_path)
    assert len(drawn) == 13 and all(f"]({p.name})" in report(whole, {q.name for q in drawn}) for p in drawn)


WORDS = {  # (low, high, unit): text
    (0.95, 1.05, "number"): "0.950 to 1.050",
    (None, 0.005, "points"): "at most 0.50 points",
    (0.76, None, "percent"): "at least 76.0%",
}


@pytest.mark.parametrize("limit", WORDS)
def test_limits_in_words(limit):
    low, high, unit = limit
    assert limits({"low": low, "high": high, "unit": unit}) == WORDS[limit]


def test_a_bars_figure_has_its_unit():
    assert in_unit(12345, "count") == "12,345" and in_unit(0.0066, "points") == "0.66 points"
