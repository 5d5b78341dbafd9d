"""README, CHANGELOG and docs show what the program prints, what the model file has and the evaluation found.

Where one of these fails after a training or an evaluation: `make figures`, and read what it changed.
"""

import re
import runpy
import shlex
from pathlib import Path

import pytest

from matchmodel.cli.main import main, parsers
from matchmodel.etl.layouts import printed_names

from ..worked import differs, output
from .figures import FIGURES, Sources
from .pages import (
    PAGES,
    ROOT,
    cells,
    filled,
    names,
    outputs,
    pattern,
    read,
    rows_below,
    sources,
    with_figures,
    with_records,
)
from .records import described
from .sentences import CHANGELOG, MODEL_FILE, PREDICT, README, SENTENCES
from .tables import TABLES, Table

SHOWN = [(page, words, shown) for page in PAGES for _, _, words, shown in outputs(read(page))]
ALL = [(page, template) for page in PAGES for template in SENTENCES[page]]
OTHERS = ("CONTRIBUTING.md", "SECURITY.md", "MODEL_CARD.md", "data/raw/README.md")
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))
LINKING = [ROOT / page for page in (README, CHANGELOG, *OTHERS)] + sorted((ROOT / "docs").rglob("*.md"))
MADE = ROOT / "docs" / "reference"  # pages that are made when the site is built, linked from docs alone


@pytest.fixture(scope="module")
def found() -> Sources:
    return sources()


@pytest.mark.parametrize(("page", "words", "shown"), SHOWN)
def test_a_command_prints_what_the_page_shows(page: str, words: list[str], shown: list[str]) -> None:
    assert differs(shown, output(words)) is None


def test_an_answer_is_shown_first_and_one_with_interviews_on_the_page_of_predict() -> None:
    asked = [words for page, words, _ in SHOWN if page in (README, PREDICT)]
    assert [page for page, _, _ in SHOWN][:2] == [README, PREDICT]
    assert [words[0] for words in asked] == ["predict", "predict"]
    assert asked[1] == [*asked[0], "--interviews", "3"]


@pytest.mark.parametrize(("page", "template"), ALL)
def test_the_figures_of_a_sentence_are_those_of_today(page: str, template: str, found: Sources) -> None:
    matches = list(pattern(template).finditer(read(page)))
    assert len(matches) == 1
    assert list(matches[0].groups()) == [FIGURES[name](found) for name in names(template)]


def test_every_figure_is_shown_somewhere() -> None:
    assert {name for _, template in ALL for name in names(template)} == set(FIGURES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.header)
def test_a_table_is_that_of_today_and_has_no_blank(table: Table, found: Sources) -> None:
    lines = read(table.page).split("\n")
    begin, end = rows_below(lines, table.header)
    assert lines[begin:end] == filled(table.rows(found), [cells(line) for line in lines[begin:end]])
    assert all(all(cells(line)) for line in lines[begin:end])


def test_every_record_of_the_model_file_is_described_field_by_field() -> None:
    text = read(MODEL_FILE)
    assert with_records(text) == text
    shown = re.findall(r"^\| `(\w+)` \| .+ \| (.*) \|$", text[: text.index("\n## Notes")], re.M)
    assert [name for name, _ in shown] == [name for _, rows in described() for name, _ in rows]
    assert all(what.strip() for _, what in shown)


def test_a_changed_figure_is_written_anew() -> None:
    page = next(page for page in PAGES if SENTENCES[page])
    text = with_figures(read(page), page, lambda name: "12.345")
    assert text.count("12.345") >= len(SENTENCES[page])
    with pytest.raises(LookupError, match="0 sentences like"):
        with_figures("nothing of it", page, lambda name: "12.345")


def test_make_run_asks_the_applicant_of_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = makefile.split("-m matchmodel predict", 1)[1].split("\n\n", 1)[0].replace("\\\n", " ")
    assert sorted(["predict", *shlex.split(words)]) == sorted(SHOWN[0][1])


@pytest.mark.parametrize("path", LINKING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_that_are_linked_are_there(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        there = (path.parent / target).resolve()
        made = there in (MADE / "commands.md", MADE / "layouts.md") and path.is_relative_to(ROOT / "docs")
        assert made or there.exists(), target


def commands() -> list[str]:
    """Return the commands of the command line."""
    return list(parsers()[1].choices)


def test_the_readme_has_every_command_in_its_table() -> None:
    lines = read(README).split("\n")
    begin, end = rows_below(lines, "| command | what |")
    told = [name for line in lines[begin:end] for name in re.findall(r"`([\w-]+)`", cells(line)[0])]
    assert sorted(told) == sorted(commands())


def test_every_command_has_its_page_and_its_place_on_the_site() -> None:
    nav = read("mkdocs.yml")
    pages = {path.stem for path in (*HOW_TO, *(ROOT / "docs" / "advice").glob("*.md"))}
    others = {"index", "your-own-applicants", "past-one-machine"}  # no page of one command
    assert pages - others == set(commands()) - {"etl"}  # which stands on the page of check
    for path in (ROOT / "docs").rglob("*.md"):
        assert f" {path.relative_to(ROOT / 'docs').as_posix()}\n" in nav, path


def test_the_reference_has_every_command_option_and_column() -> None:
    reference = runpy.run_path(str(ROOT / "docs" / "_site" / "reference.py"))
    page, layouts = reference["commands_page"](), reference["layouts_page"]()
    assert re.findall(r"^## `([\w-]+)`$", page, re.M) == commands()
    assert "`--without-consent`" in page and "`--backup S`" in page
    assert re.findall(r"^## `([\w-]+)`$", layouts, re.M) == printed_names()


def test_the_commands_of_readme_how_to_and_tutorial_take_the_options_they_are_given(
    capsys: pytest.CaptureFixture,
) -> None:
    """Every line of a page that starts with the program is understood, up to where it would do something."""
    pages = [ROOT / README, ROOT / "docs" / "retrain-2027.md", ROOT / "docs" / "trust.md", *HOW_TO]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    lines = re.findall(r"^    (?:\.venv/bin/)?matchmodel (.+)$", text.replace("\\\n", " "), re.M)
    assert len(lines) > 30
    for line in lines:
        words = shlex.split(line, comments=True)
        options = [word for word in words if word.startswith("--")]
        with pytest.raises(SystemExit) as stop:
            main([words[0], "--help"])
        assert stop.value.code == 0
        told = capsys.readouterr().out
        assert all(re.search(rf"{option}\b", told) for option in options), line
