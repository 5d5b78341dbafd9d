"""What notebooks call: the project's folder found, and things shown."""

import base64
import io

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from notebook_helpers import show as notebook

from matchmodel.errors import MissingTables, RefusedInput

WRITTEN = {  # value -> as a table has it
    "a|b\nc": r"a\|b c",
    None: "",
    float("nan"): "",
    pd.NA: "",
    True: "True",
    2026: "2026",
    np.int64(12345): "12,345",
    0.12345: "0.123",
    -1.5: "\N{MINUS SIGN}1.5",
    np.float64(3.0): "3",
    1234.5: "1234",
    98765.4: "98,765",
    7e-05: "7e\N{MINUS SIGN}05",
}


@pytest.fixture
def displayed(monkeypatch):
    display = pytest.importorskip("IPython.display")
    found = []
    monkeypatch.setattr(display, "display", found.append)
    return found


@pytest.mark.parametrize("value", WRITTEN, ids=repr)
def test_written(value):
    assert notebook.written(value) == WRITTEN[value]


def test_a_table_is_markdown(displayed):
    frame = pd.DataFrame({"name": ["a", "b"], "rate": [0.25, None], "n": [3, 40_000]})
    notebook.table(frame, {"rate": ".0%"})
    assert displayed[0].data.split("\n") == [
        "| name | rate | n |",
        "| --- | --- | --- |",
        "| a | 25% | 3 |",
        "| b |  | 40,000 |",
    ]
    assert notebook.markdown(frame.set_index("name"), index=True) == notebook.markdown(frame)
    with pytest.raises(RefusedInput, match="no column 'share' to format; there are name, rate, n"):
        notebook.table(frame, {"share": ".0%"})


def test_the_project_is_found_from_below(tmp_path, monkeypatch):
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    assert notebook.project_root(tmp_path / "notebooks") == tmp_path
    monkeypatch.chdir(tmp_path / "data")
    assert notebook.project_root() == tmp_path
    with pytest.raises(MissingTables, match="run the notebooks inside the project"):
        notebook.project_root(tmp_path.parent)


def drawn(title=""):
    figure = Figure(figsize=(3, 2))
    axis = figure.subplots()
    axis.plot([0, 1], [0, 1])
    axis.set_title(title)
    return figure


def test_a_shown_picture_is_small_says_what_it_is_and_repeats(displayed):
    from PIL import Image

    notebook.show(drawn("A line"))
    notebook.show(drawn("A line"))
    notebook.show(drawn(), "Another line")
    first, second, third = displayed
    assert first.data == second.data and first.data[:4] == b"\x89PNG" and len(first.data) < 20_000
    assert (first.alt, third.alt, first.width) == ("A line", "Another line", 300)
    assert Image.open(io.BytesIO(first.data)).size == (450, 300) and base64.b64encode(first.data)
    with pytest.raises(RefusedInput, match="no title and no alt text"):
        notebook.show(drawn())


def test_say_is_markdown(displayed):
    notebook.say("**so**")
    assert displayed[0].data == "**so**"
