"""Report, model card and README say what evaluation.json says; the command writes them all."""

import re
from pathlib import Path

import pytest

from matchmodel import load_model
from matchmodel.cli import main
from matchmodel.evaluate.collect import worlds
from matchmodel.evaluate.model_card import model_card
from matchmodel.evaluate.pictures import draw_all
from matchmodel.evaluate.report import SECTIONS, report
from matchmodel.evaluate.results import PARTS, read_evaluation

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "reports"


def test_every_part_is_there_and_has_a_section(evaluation):
    assert set(evaluation) == set(PARTS) and set(SECTIONS) == set(PARTS) - {"model"}
    assert all(evaluation[name]["rows"] for name in SECTIONS)


def test_the_committed_report_is_that_of_the_committed_figures(evaluation):
    pictures = {p.name for p in REPORTS.glob("*.png")}
    assert (REPORTS / "evaluation.md").read_text(encoding="utf-8") == report(evaluation, pictures)
    shown = set(re.findall(r"\]\((\w+\.png)\)", report(evaluation, pictures)))
    assert shown == pictures and len(pictures) == 12


def test_the_committed_model_card_is_that_of_the_committed_figures_and_model(evaluation):
    assert (ROOT / "MODEL_CARD.md").read_text(encoding="utf-8") == model_card(evaluation, load_model(), "reports")


def test_the_card_follows_a_changed_figure(evaluation):
    changed = {**evaluation, "held_out": {**evaluation["held_out"], "rows": [{**r, "slope": 0.777} for r in evaluation["held_out"]["rows"]]}}
    card = model_card(changed, load_model(), "reports")
    assert card.count("0.777") == 3 and "0.777" not in model_card(evaluation, load_model(), "reports")


@pytest.mark.parametrize("missing", [p for p in PARTS if p != "model"])
def test_report_and_card_do_without_a_part(evaluation, missing):
    rest = {name: part for name, part in evaluation.items() if name != missing}
    assert report(rest) != report(evaluation)
    assert "Model card" in model_card(rest, load_model(), "")


def test_the_card_names_what_tripod_asks_for(evaluation):
    card = model_card(evaluation, load_model(), "reports")
    for heading in ("What it estimates", "Intended use", "Data (source", "Predictors", "Missing data", "Method", "How well it does", "Who it fails for", "Keeping it up"):
        assert f"\n## {heading}" in card
    for words in ("must **not**", "association", "US IMGs", "Assumed:", "Family Medicine", "consent"):
        assert words in card
    assert "nan" not in card and "None" not in card


def test_a_picture_is_drawn_only_where_there_are_figures(evaluation, tidy, tmp_path):
    drawn = draw_all({"model": evaluation["model"], "years": evaluation["years"]}, load_model(), tidy.select(role="training"), "non-us-img", tmp_path)
    assert {p.stem for p in drawn} == {"score", "likelihood_ratios", "evidence", "years"}


@pytest.mark.slow
def test_the_command_writes_everything_anew(tmp_path, capsys, evaluation):
    data, out = tmp_path / "tidy", tmp_path / "a folder"
    assert main(["etl", "--raw", str(ROOT / "data" / "raw"), "--out", str(data)]) == 0
    assert main(["evaluate", "--data", str(data), "--out", str(out), "--worlds", "0"]) == 0
    told = capsys.readouterr()
    assert "11 pictures" in told.out and "score bins of the 2007 report" in told.err
    found = read_evaluation(out)
    for name in set(PARTS) - {"model", "worlds"}:
        stored = [(k, v) for row in evaluation[name]["rows"] for k, v in sorted(row.items())]
        fresh = [(k, v) for row in found[name]["rows"] for k, v in sorted(row.items())]
        assert [k for k, _ in fresh] == [k for k, _ in stored]
        for (_, a), (key, b) in zip(fresh, stored, strict=True):
            assert a == (pytest.approx(b, rel=1e-3, abs=1e-4) if isinstance(b, float) else b), (name, key)
    assert sorted(p.name for p in out.iterdir() if p.suffix != ".png") == ["MODEL_CARD.md", "evaluation.json", "evaluation.md"]
    assert "(evaluation.json)" in (out / "MODEL_CARD.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_few_worlds_have_no_thirds_and_one_is_refused(evaluation, tidy, tmp_path, capsys):
    few = worlds(tidy.select(role="training"), range(2))
    assert few["by_effect_spread"] == [] and {s["worlds"] for s in few["summary"]} == {2}
    text = report({**evaluation, "worlds": few})
    assert "Made-up worlds" in text and "Nobody knows how alike" not in text and "Nobody knows how alike" in report(evaluation)
    assert main(["evaluate", "--out", str(tmp_path), "--worlds", "1"]) == 2 and "0 or for 2" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--worlds", "-1"], ["--worlds", "many"], ["--worlds", "2.5"]])
def test_a_wrong_number_of_worlds_is_refused(words, capsys, tmp_path):
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "--out", str(tmp_path), *words])
    assert stop.value.code == 2 and "worlds" in capsys.readouterr().err
