"""What results show of themselves in Python: short, whole, and the same as elsewhere."""

from pathlib import Path

import pandas as pd
import pytest

import matchmodel
from matchmodel.report.html import body
from matchmodel.report.terminal import terminal

MODEL = matchmodel.load_model()
WHO = matchmodel.Applicant("Internal Medicine", "non-us-img", step2_ck=250, usce_months=3)
TABLE = Path(__file__).parents[1] / "docs" / "advice" / "made-up-programs.csv"
RESULTS = {
    "odds": lambda: MODEL.odds(WHO),
    "what_if": lambda: matchmodel.what_if(MODEL, WHO),
    "target": lambda: matchmodel.target(MODEL, WHO),
    "timing": lambda: matchmodel.timing(MODEL, WHO),
    "portfolio": lambda: matchmodel.portfolio(MODEL, WHO, ["Family Medicine"]),
    "programs": lambda: matchmodel.programs(MODEL, WHO, TABLE, matchmodel.Question(applications=10)),
    "specialties": lambda: matchmodel.specialties(MODEL, WHO),
    "plan": lambda: matchmodel.plan(MODEL, WHO),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_itself(name):
    """One line as its repr, its text as `str`, the same in a notebook; a row for each thing that it holds."""
    result = RESULTS[name]()
    text = str(result)
    assert repr(result) == f"<{type(result).__name__}: {result.page().title}>" and len(repr(result)) < 120
    assert " ".join(text.split()).startswith(result.page().title)
    assert result._repr_html_() == body(result.page())
    assert "<table>" in body(result.page(True))
    frame, values = result.to_frame(), result.to_dict()
    rows = values[result.ROWS] if isinstance(result.ROWS, str) else [values[row] for row in result.ROWS]
    assert isinstance(frame, pd.DataFrame) and len(frame) == len(rows) > 0
    assert set(rows[0]) <= {column.split(".")[0] for column in frame.columns} | {
        key for key, value in rows[0].items() if value == {}
    }


def test_a_text_is_that_of_the_command():
    assert str(RESULTS["odds"]()) == "\n".join(terminal(MODEL.odds(WHO).page()))


def test_all_names_are_found_from_the_top():
    for name in matchmodel.__all__:
        assert getattr(matchmodel, name) is not None and name in dir(matchmodel)
    with pytest.raises(AttributeError, match="no attribute 'oracle'"):
        matchmodel.oracle  # noqa: B018
