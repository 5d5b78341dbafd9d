"""Notebook 3: an evaluation is shown part by part, and what cannot be read is said."""

from typing import Any

from notebook_helpers.explain import checks

from matchmodel.evaluate.report.text import SECTIONS
from matchmodel.model import Model
from matchmodel.report.markdown import section_lines

CELLS = {"rows": [{"specialty": "X", "applicants": 40.0, "matched": 8.0, "expected": 9.5, "by_others": None}]}
BAR = {"what": "w", "measured": 0.5, "low": None, "high": 1.0, "unit": "number", "holds": True}


def test_a_part_is_shown_as_the_report_has_it_with_its_pictures() -> None:
    evaluation: dict[str, Any] = {"bars": {"rows": [BAR]}}
    assert (
        checks.section(evaluation, "bars")
        == "\n".join(section_lines(SECTIONS["bars"][0](evaluation["bars"]))).rstrip()
    )
    years = {"rows": [], "coverage": []}
    shown = checks.section({"years": years}, "years")
    assert shown.startswith("## ") and shown.endswith("![The match rate a year ahead](../reports/years.png)")


def test_what_is_missing_or_old_is_said() -> None:
    assert "has no part 'worlds'; make it again" in checks.section({}, "worlds")
    assert "made by another version; make it again" in checks.section({"small_cells": CELLS}, "small_cells")


def test_the_evaluation_is_that_of_the_model(model: Model) -> None:
    about = {"name": model.name, "newest_table": model.newest_table, "hash": model.hash}
    assert checks.made_of({"model": about}, model).endswith(", the model loaded here.")
    assert "another one" in checks.made_of({"model": {**about, "hash": "0"}}, model)
