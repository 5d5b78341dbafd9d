"""The committed report and card are those of the committed figures and model."""

import re

from matchmodel import load_model
from matchmodel.evaluate.report.model_card import model_card
from matchmodel.evaluate.report.text import report
from matchmodel.evaluate.results import PARTS
from matchmodel.report.markdown import markdown

from ..conftest import ROOT

REPORTS = ROOT / "reports"


def test_every_part_is_there(committed):
    assert list(committed) == list(PARTS)
    assert committed["model"]["trained_again_same"] and committed["model"]["hash"] == load_model().hash
    assert all(part["rows"] for name, part in committed.items() if name != "model")


def test_the_report_is_that_of_the_figures(committed):
    pictures = {p.name for p in REPORTS.glob("*.png")} - {"benchmarks.png"}  # which no evaluation draws
    text = markdown(report(committed, pictures))
    assert (REPORTS / "evaluation.md").read_text(encoding="utf-8") == text
    assert set(re.findall(r"\]\((\w+\.png)\)", text)) == pictures and len(pictures) == 13


def test_the_card_is_that_of_the_figures_and_the_model(committed):
    card = markdown(model_card(committed, load_model(), "reports"))
    assert (ROOT / "MODEL_CARD.md").read_text(encoding="utf-8") == card


def test_at_least_sixty_simulated_data_sets(committed):
    assert all(row["data_sets"] >= 60 for row in committed["worlds"]["summary"])
