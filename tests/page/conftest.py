"""The page of the model that ships, Python on the packed model, and one browser for all tests of a module."""

import json
import shutil
import subprocess

import pytest

from matchmodel import Model, load_model
from matchmodel.page import build_page, engine, pack, packed_record
from matchmodel.page.words import words

from ..conftest import ROOT
from .browser import browser, chromium

ANSWERS = """
const told = require("fs").readFileSync(process.argv[2], "utf8");
const { file, words, questions, how } = JSON.parse(told);
const model = new Model(file, words);
const of = (q) => {
  try {
    return eval(how)(model, q);
  } catch (e) {
    if (e instanceof Refused) return { refused: e.message };
    throw e;
  }
};
process.stdout.write(JSON.stringify(questions.map(of)));
"""


@pytest.fixture(scope="session")
def shipped() -> Model:
    """The model that ships."""
    return load_model()


@pytest.fixture(scope="session")
def packed(shipped: Model) -> Model:
    """The same with the draws that the page works with."""
    return Model(packed_record(shipped.record))


@pytest.fixture(scope="session")
def node(shipped: Model, tmp_path_factory: pytest.TempPathFactory):
    """Ask the script in Node: questions, and what is asked of each, to answers or {'refused': sentence}."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("there is no node here to run the page's script in; Chromium runs it in test_chromium.py")
    folder = tmp_path_factory.mktemp("node")
    script, told = folder / "engine.js", folder / "told.json"
    script.write_text(engine() + ANSWERS, encoding="utf-8")
    content = {"file": pack(shipped.record), "words": words()}

    def ask(questions, how="(model, q) => model.answer(q)", **other):
        told.write_text(
            json.dumps({**content, **other, "questions": questions, "how": how}), encoding="utf-8"
        )
        done = subprocess.run([found, script, told], capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


@pytest.fixture(scope="session")
def html(shipped: Model) -> str:
    """The page."""
    evaluation = json.loads((ROOT / "reports" / "evaluation.json").read_text(encoding="utf-8"))
    return build_page(shipped, evaluation, "docs/index.html")


@pytest.fixture(scope="session")
def address(html: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the page is, as a file."""
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(html, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def tab():
    """A tab of Chromium without a window."""
    if chromium() is None:
        pytest.skip("there is no Chromium here: install the system's package chromium to test the page in it")
    with browser() as opened:
        yield opened
